/* slog_test -- log lines. */
#include "base/slog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static char logged[8192];

/* What a log call wrote, without the time in front. */
static const char *line_of(int ends[2])
{
    ssize_t len = read(ends[0], logged, sizeof logged - 1);
    logged[len > 0 ? len : 0] = '\0';
    const char *rest = strstr(logged, " level=");
    return rest != NULL ? rest + 1 : logged;
}

static int open_pipe(void **state)
{
    static int ends[2];
    if (pipe2(ends, O_NONBLOCK) != 0) {
        return -1;
    }
    slog_set_fd(ends[1]);
    slog_set_level(SLOG_INFO);
    *state = ends;
    return 0;
}

static int close_pipe(void **state)
{
    int *ends = *state;
    slog_set_fd(STDERR_FILENO);
    return close(ends[0]) + close(ends[1]);
}

static void a_line_has_its_time_level_event_and_fields(void **state)
{
    const uint8_t id[] = {0xde, 0xad, 0x01};
    slog(SLOG_WARN, "listening", slog_str("address", "127.0.0.1"), slog_u64("port", UINT64_MAX),
         slog_i64("offset", INT64_MIN), slog_bool("tls", true), slog_hex("id", id, 3),
         slog_errno("error", ENOSPC));
    assert_string_equal(
        line_of(*state),
        "level=warn event=listening address=\"127.0.0.1\" port=18446744073709551615 "
        "offset=-9223372036854775808 tls=true id=dead01 error=ENOSPC\n");
    assert_int_equal(strlen("ts=2026-01-31T12:00:00.000Z "), strstr(logged, "level=") - logged);
    assert_memory_equal(logged, "ts=20", 5);
    slog_bare(SLOG_ERROR, "stopped");
    assert_string_equal(line_of(*state), "level=error event=stopped\n");
}

static void text_cannot_begin_a_line_or_leave_its_quotes(void **state)
{
    slog(SLOG_INFO, "e", slog_str("k", "a\" level=error\nts=\\ \x1b[2J\x7f"));
    assert_string_equal(line_of(*state),
                        "level=info event=e k=\"a\\\" level=error\\x0ats=\\\\ \\x1b[2J\\x7f\"\n");
}

static void valid_utf8_passes_and_the_rest_is_escaped(void **state)
{
    slog(SLOG_INFO, "e", slog_str("k", "Å€😀"));
    assert_string_equal(line_of(*state), "level=info event=e k=\"Å€😀\"\n");
    /* Cut short, overlong, a surrogate, beyond Unicode, C1 control, right-to-left override. */
    slog(SLOG_INFO, "e",
         slog_str("k", "\xe2\x82 \xc0\xaf \xed\xa0\x80 \xf5 \xc2\x9b \xe2\x80\xae"));
    assert_string_equal(line_of(*state), "level=info event=e k=\"\\xe2\\x82 \\xc0\\xaf "
                                         "\\xed\\xa0\\x80 \\xf5 \\xc2\\x9b "
                                         "\\xe2\\x80\\xae\"\n");
    slog(SLOG_INFO, "e", slog_text("k", slice_of("a\0b\xc3", 4)), slog_str("none", NULL));
    assert_string_equal(line_of(*state), "level=info event=e k=\"a\\x00b\\xc3\" none=\"\"\n");
}

static void long_values_and_long_lines_are_cut_and_say_so(void **state)
{
    char text[SLOG_VALUE_BYTES_MAX + 2];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    slog(SLOG_INFO, "e", slog_str("k", text));
    assert_non_null(strstr(line_of(*state), "aaa...\"\n"));
    memset(text, 1, sizeof text - 1);
    slog(SLOG_INFO, "e", slog_u64("n", 1), slog_str("k", text));
    assert_string_equal(line_of(*state), "level=info event=e n=1 cut=true\n");
}

static void lines_below_the_level_are_dropped(void **state)
{
    enum slog_level level = SLOG_ERROR;
    slog_bare(SLOG_DEBUG, "quiet");
    assert_string_equal(line_of(*state), "");
    assert_true(slog_level_find("debug", &level));
    assert_int_equal(level, SLOG_DEBUG);
    slog_set_level(level);
    slog_bare(SLOG_DEBUG, "loud");
    assert_string_equal(line_of(*state), "level=debug event=loud\n");
    assert_false(slog_level_find("loud", &level));
    assert_int_equal(level, SLOG_DEBUG);
}

static void logging_leaves_errno_alone(void **state)
{
    (void)state;
    slog_set_fd(-1);
    errno = EDOM;
    slog_bare(SLOG_INFO, "nowhere");
    assert_int_equal(errno, EDOM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_has_its_time_level_event_and_fields, open_pipe,
                                        close_pipe),
        cmocka_unit_test_setup_teardown(text_cannot_begin_a_line_or_leave_its_quotes, open_pipe,
                                        close_pipe),
        cmocka_unit_test_setup_teardown(valid_utf8_passes_and_the_rest_is_escaped, open_pipe,
                                        close_pipe),
        cmocka_unit_test_setup_teardown(long_values_and_long_lines_are_cut_and_say_so, open_pipe,
                                        close_pipe),
        cmocka_unit_test_setup_teardown(lines_below_the_level_are_dropped, open_pipe, close_pipe),
        cmocka_unit_test_setup_teardown(logging_leaves_errno_alone, open_pipe, close_pipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
