/* A name that somebody else gives a file does no harm here, and is what it looks like. */
#include "enrum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void becomes(const char *given, const char *expected)
{
    char name[ENRUM_TEXT_MAX];
    enrum_file_name(slice_of_text(given), name);
    assert_string_equal(name, expected);
}

static void ordinary_names_stay(void **state)
{
    (void)state;
    becomes("Beslut 2026-11-29.pdf", "Beslut 2026-11-29.pdf");
    becomes("Åsas läkarintyg (kopia).jpeg", "Åsas läkarintyg (kopia).jpeg");
    becomes("写真.png", "写真.png");
    becomes("a", "a");
}

static void a_name_is_no_path_no_option_and_not_hidden(void **state)
{
    (void)state;
    becomes("../../etc/passwd", "_.._etc_passwd");
    becomes("/etc/passwd", "_etc_passwd");
    becomes("C:\\x.exe", "C__x.exe");
    becomes(".bashrc", "bashrc");
    becomes("--force", "force");
    becomes("~root", "root");
    becomes("..", "fil");
    becomes("", "fil");
    becomes("  . ", "fil");
    becomes("slut. . ", "slut");
}

static void what_is_not_seen_or_turns_the_rest_round_goes(void **state)
{
    (void)state;
    becomes("bild\xe2\x80\xaegpj.exe", "bildgpj.exe"); /* U+202E: right to left */
    becomes("a\nb\x1b[31mc", "ab[31mc");
    becomes("x\xc2\x85y\xef\xbb\xbfz", "xyz"); /* U+0085, U+FEFF */
    becomes("\xe2\x80\x8b\x2e\x67it", "git");  /* U+200B hides the dot */
}

static void what_is_no_utf_8_becomes_a_stroke(void **state)
{
    (void)state;
    becomes("a\xff\xfe", "a__");
    becomes("\xc3", "_");
    becomes("x\xe2\x82", "x__");
    becomes("y\xf0\x9f\x98z", "y___z");
}

static void a_long_name_is_cut_at_a_character_and_keeps_its_ending(void **state)
{
    (void)state;
    char given[1200], name[ENRUM_TEXT_MAX];
    for (size_t i = 0; i < 300; i++) {
        memcpy(given + 2 * i, "å", 2);
    }
    memcpy(given + 600, ".pdf", 5);
    enrum_file_name(slice_of_text(given), name);
    assert_true(strlen(name) <= 200 && strlen(name) > 190);
    assert_string_equal(name + strlen(name) - 6, "å.pdf");
    memset(given, 'x', sizeof given - 1);
    given[1] = '.';
    enrum_file_name(slice_of(given, sizeof given - 1), name);
    assert_int_equal(strlen(name), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_names_stay),
        cmocka_unit_test(a_name_is_no_path_no_option_and_not_hidden),
        cmocka_unit_test(what_is_not_seen_or_turns_the_rest_round_goes),
        cmocka_unit_test(what_is_no_utf_8_becomes_a_stroke),
        cmocka_unit_test(a_long_name_is_cut_at_a_character_and_keeps_its_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
