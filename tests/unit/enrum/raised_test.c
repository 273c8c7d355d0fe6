/* The local copy of an older libenrum is taken to the newest version: a keeper's is copied first, a
 * person's is not, and both go on with what they had. The step behind today's version is this
 * test's.
 */
#include "client-sdk/c/localsteps.h"
#include "clientstage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { TODAY = 2, NEWEST = 3 };

const struct schema_step *__real_localstore_steps(int *count);
const struct schema_step *__wrap_localstore_steps(int *count);

static int known;
static const char *second = "ALTER TABLE room ADD COLUMN note TEXT";

const struct schema_step *__wrap_localstore_steps(int *count)
{
    static struct schema_step steps[NEWEST];
    int real = 0;
    const struct schema_step *today = __real_localstore_steps(&real);
    assert_int_equal(real, TODAY);
    memcpy(steps, today, TODAY * sizeof *today);
    steps[TODAY] = (struct schema_step){.sql = second};
    *count = known;
    return steps;
}

static struct stage stage;
static char folder[256];
static char told[1024];

static void on_event(void *context, const struct enrum_event *event)
{
    size_t len = strlen(told);
    (void)context;
    if (event->type == ENRUM_EVENT_DATABASE) {
        (void)snprintf(told + len, sizeof told - len, "%s;", event->detail);
    }
}

static int setup(void **state)
{
    (void)state;
    stage_folder(folder);
    stage_init(&stage);
    told[0] = '\0';
    known = TODAY;
    second = "ALTER TABLE room ADD COLUMN note TEXT";
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    stage_fini(&stage);
    return 0;
}

/* Opened and closed by a program of this version. */
static enum enrum_err live(bool is_keeper, int version)
{
    struct enrum_keys keys = {.sign = stage.keeper.sign,
                              .seal = stage.keeper.seal,
                              .certificate = buffer_slice(&stage.keeper.certificate)};
    char home[300];
    struct enrum *enrum = NULL;
    (void)snprintf(home, sizeof home, "%s/home", folder);
    struct enrum_options options = {.home = home,
                                    .board = &stage.board,
                                    .keys = is_keeper ? &keys : NULL,
                                    .on_event = on_event};
    known = version;
    enum enrum_err err = enrum_open(&options, &enrum);
    enrum_close(enrum);
    return err;
}

static bool has_copy(void)
{
    char path[400];
    (void)snprintf(path, sizeof path, "%s/home/enrum.db.v2", folder);
    return access(path, F_OK) == 0;
}

static void a_keeper_s_database_is_copied_and_raised(void **state)
{
    (void)state;
    assert_int_equal(live(true, TODAY), ENRUM_OK);
    assert_string_equal(told, "");
    assert_int_equal(live(true, NEWEST), ENRUM_OK);
    assert_true(has_copy());
    assert_non_null(strstr(told, "copied: version 2, newest 3, copy /"));
    assert_non_null(strstr(told, "raised: version 2, newest 3;"));
    told[0] = '\0';
    assert_int_equal(live(true, NEWEST), ENRUM_OK);
    assert_string_equal(told, "");
}

static void a_person_s_is_raised_without_a_copy(void **state)
{
    (void)state;
    assert_int_equal(live(false, TODAY), ENRUM_OK);
    assert_int_equal(live(false, NEWEST), ENRUM_OK);
    assert_false(has_copy());
    assert_string_equal(told, "raised: version 2, newest 3;");
}

static void an_older_program_says_why_it_does_not_open_a_newer_one_s(void **state)
{
    (void)state;
    assert_int_equal(live(true, NEWEST), ENRUM_OK);
    assert_int_equal(live(true, TODAY), ENRUM_FILE_FAILED);
    assert_string_equal(told, "too_new: version 3, newest 2: made by a newer program;");
    assert_int_equal(live(true, NEWEST), ENRUM_OK);
}

static void a_step_that_fails_is_told_and_the_older_program_goes_on(void **state)
{
    (void)state;
    assert_int_equal(live(true, TODAY), ENRUM_OK);
    second = "DROP TABLE room; nonsense";
    assert_int_equal(live(true, NEWEST), ENRUM_FILE_FAILED);
    assert_non_null(strstr(told, "not_raised: version 2, newest 3: near \"nonsense\""));
    assert_int_equal(live(true, TODAY), ENRUM_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(a_keeper_s_database_is_copied_and_raised),
        TEST(a_person_s_is_raised_without_a_copy),
        TEST(an_older_program_says_why_it_does_not_open_a_newer_one_s),
        TEST(a_step_that_fails_is_told_and_the_older_program_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
