/* check_test -- assertions that stay on. */
#include "base/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs a check in a child whose standard error is a pipe: its exit status, and what it said. */
static int status_of_check(int truth, char said[256])
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        CHECK(truth);
        _exit(0);
    }
    close(ends[1]);
    ssize_t len = read(ends[0], said, 255);
    close(ends[0]);
    said[len > 0 ? len : 0] = '\0';
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void a_check_that_holds_says_nothing(void **state)
{
    (void)state;
    char said[256];
    int status = status_of_check(1, said);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_string_equal(said, "");
}

static void a_check_that_fails_names_its_place_and_aborts(void **state)
{
    (void)state;
    char said[256];
    int status = status_of_check(0, said);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_ptr_equal(strstr(said, "check failed at tests/unit/base/check_test.c:"), said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_check_that_holds_says_nothing),
        cmocka_unit_test(a_check_that_fails_names_its_place_and_aborts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
