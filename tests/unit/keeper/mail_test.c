/* mail_test -- addresses, what a mail is made of, and what clamd's answers mean. */
#include "../../../client-sdk/keeper/advice.h"
#include "../../../client-sdk/keeper/clamd.h"
#include "../../../client-sdk/keeper/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void an_address_is_one_mailbox_and_ends_no_line(void **state)
{
    (void)state;
    static const char *const good[] = {"a@b.se", "test.testsson+brev@brev.example",
                                       "o'hara@a-b.example"};
    static const char *const bad[] = {"",
                                      "a",
                                      "@b.se",
                                      "a@",
                                      "a b@c.se",
                                      "a@b.se\r\nBcc: x@y.se",
                                      "a@b.se,c@d.se",
                                      "<a@b.se>",
                                      "\"a b\"@c.se",
                                      "a@b@c.se",
                                      "a@.se",
                                      "a@-b.se",
                                      "a@b.se.",
                                      "-a@b.se",
                                      "\xc3\xa5@b.se",
                                      "a@[127.0.0.1]"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(mail_address_is_good(slice_of_text(good[i])));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(mail_address_is_good(slice_of_text(bad[i])));
    }
    char longest[MAIL_ADDRESS_MAX + 2];
    memset(longest, 'b', sizeof longest);
    memcpy(longest, "a@", 2);
    longest[MAIL_ADDRESS_MAX] = '\0';
    assert_true(mail_address_is_good(slice_of_text(longest)));
    longest[MAIL_ADDRESS_MAX] = 'b';
    longest[MAIL_ADDRESS_MAX + 1] = '\0';
    assert_false(mail_address_is_good(slice_of_text(longest)));
    struct slice zero = {(const uint8_t *)"a\0@b.se", 7};
    assert_false(mail_address_is_good(zero));
}

static void a_mail_says_nothing_but_its_sentence(void **state)
{
    (void)state;
    struct mail_settings settings = {.from = "no-reply@example.org", .name = "Meddelande"};
    struct buffer out;
    buffer_init(&out, MAIL_BYTES_MAX);
    mail_compose(&settings, "test@example.net", NULL, UINT64_C(1700000000000), &out);
    buffer_append(&out, "", 1);
    assert_false(out.failed);
    char *text = (char *)out.at;
    static const char date[] = "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n";
    assert_memory_equal(text, date, sizeof date - 1);
    char *id = strstr(text, "Message-ID: <");
    assert_non_null(id);
    char *end = strstr(id, "@example.org>\r\n");
    assert_non_null(end);
    assert_int_equal(end - id, 13 + 43);
    assert_non_null(strstr(text, "\r\n\r\nDu har ett nytt meddelande i din e-tj=C3=A4nst.\r\n"));
    char host[256] = "";
    assert_int_equal(gethostname(host, sizeof host - 1), 0);
    assert_null(strstr(text, host));
    buffer_fini(&out);
}

static void the_configuration_of_mail_is_checked(void **state)
{
    (void)state;
    static const char right[] = "{\"server\":\"mail.example\",\"from\":\"a@b.se\"}";
    const struct {
        const char *key, *value;
    } wrong[] = {{"server", "\"\""},
                 {"server", "\"a/b\""},
                 {"server", "\"a b\""},
                 {"from", "\"nobody\""},
                 {"tls", "\"none\""},
                 {"port", "0"},
                 {"port", "65536"},
                 {"user", "\"u\""},
                 {"name", "\"A <b@c.se>\""},
                 {"name", "\"\""},
                 {"after_seconds", "0"},
                 {"plain", "true"},
                 {"retry_seconds", "\"one\""},
                 {"password_file", "\"p\""}};
    struct mail_settings settings;
    char why[WHY_BYTES];
    json_t *file = json_loads(right, 0, NULL);
    assert_true(mail_settings_of_json(file, &settings, why));
    assert_true(settings.is_on);
    assert_int_equal(settings.port, 587);
    assert_int_equal(settings.after_ms, 600000);
    json_decref(file);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        file = json_loads(right, 0, NULL);
        json_object_set_new(file, wrong[i].key, json_loads(wrong[i].value, JSON_DECODE_ANY, NULL));
        assert_false(mail_settings_of_json(file, &settings, why));
        assert_false(settings.is_on);
        json_decref(file);
    }
    assert_true(mail_settings_of_json(NULL, &settings, why));
    assert_false(settings.is_on);
}

static void a_password_is_read_from_a_file_of_its_owner_alone(void **state)
{
    (void)state;
    char folder[] = "/tmp/enrum-mail-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/password", folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "secret\n", 7), 7);
    close(fd);
    struct mail_settings settings = {.password_file = "password"};
    assert_true(mail_password_read(&settings, folder));
    assert_string_equal(settings.password, "secret");
    assert_int_equal(chmod(path, 0640), 0);
    assert_false(mail_password_read(&settings, folder));
    assert_string_equal(settings.password, "");
    assert_int_equal(unlink(path), 0);
    assert_false(mail_password_read(&settings, folder));
    assert_int_equal(rmdir(folder), 0);
}

static void what_clamd_answers_is_understood(void **state)
{
    (void)state;
    const struct {
        const char *answer;
        enum clamd_verdict verdict;
        const char *name;
    } rows[] = {
        {"stream: OK", CLAMD_CLEAN, ""},
        {"stream: Win.Test.EICAR_HDB-1 FOUND", CLAMD_FOUND, "Win.Test.EICAR_HDB-1"},
        {"INSTREAM size limit exceeded. ERROR", CLAMD_NOT, "INSTREAM size limit exceeded. ERROR"},
        {"stream: a\nb FOUND", CLAMD_FOUND, "a?b"},
        {"OK", CLAMD_NOT, "OK"},
        {" FOUND", CLAMD_NOT, " FOUND"},
        {"", CLAMD_AWAY, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct clamd_result result = {.verdict = CLAMD_AWAY};
        clamd_answer_read(rows[i].answer, &result);
        assert_int_equal(result.verdict, rows[i].verdict);
        assert_string_equal(result.name, rows[i].name);
    }
}

static void files_are_scanned_on_this_machine_alone(void **state)
{
    (void)state;
    assert_true(clamd_address_is_good("/run/clamav/clamd.ctl"));
    assert_true(clamd_address_is_good("127.0.0.1:3310"));
    static const char *const bad[] = {"",
                                      "10.0.0.1:3310",
                                      "clamd.example:3310",
                                      "127.0.0.1",
                                      "127.0.0.1:65536",
                                      "127.0.0.1:0",
                                      "127.0.0.1:+1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(clamd_address_is_good(bad[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_one_mailbox_and_ends_no_line),
        cmocka_unit_test(a_mail_says_nothing_but_its_sentence),
        cmocka_unit_test(the_configuration_of_mail_is_checked),
        cmocka_unit_test(a_password_is_read_from_a_file_of_its_owner_alone),
        cmocka_unit_test(what_clamd_answers_is_understood),
        cmocka_unit_test(files_are_scanned_on_this_machine_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
