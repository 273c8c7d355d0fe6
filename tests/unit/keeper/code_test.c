/* code_test -- printed codes: as people type them, and as the register keeps them. */
#include "../../../client-sdk/keeper/code.h"
#include "roster.h"

#include <string.h>

static struct roster roster;
static struct registry registry;
static struct secret32 secret;

static int setup(void **state)
{
    (void)state;
    roster_init(&roster);
    registry_init(&registry);
    secret_random(&secret);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    registry_fini(&registry);
    return 0;
}

static void a_code_is_read_as_people_type_it(void **state)
{
    (void)state;
    struct code code, read;
    char printed[CODE_PRINTED];
    for (size_t i = 0; i < 100; i++) {
        code_make(&code);
        code_print(&code, printed);
        assert_int_equal(strlen(printed), 19);
        assert_true(code_read(slice_of_text(printed), &read));
        assert_string_equal(read.symbols, code.symbols);
    }
    const char *const good[] = {"ABCD-EFGH-0123-4567", "abcdefgh01234567", " abcd efgh o1i3 4567 ",
                                "AbCd--EfGh-0L23 4567"};
    const char *const symbols[] = {"ABCDEFGH01234567", "ABCDEFGH01234567", "ABCDEFGH01134567",
                                   "ABCDEFGH01234567"};
    for (size_t i = 0; i < 4; i++) {
        assert_true(code_read(slice_of_text(good[i]), &read));
        assert_string_equal(read.symbols, symbols[i]);
    }
}

static void what_is_no_code_changes_nothing(void **state)
{
    (void)state;
    const char *const bad[] = {"",
                               "ABCD-EFGH-0123-456",
                               "ABCD-EFGH-0123-45678",
                               "ABCD-EFGH-0123-456U",
                               "ABCD-EFGH-0123-456!",
                               "ABCD EFGH å123 4567"};
    struct code read = {"unchanged"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(code_read(slice_of_text(bad[i]), &read));
    }
    assert_false(code_read(slice_of("ABCDEFGH0123456\0", 16), &read));
    assert_string_equal(read.symbols, "unchanged");
}

static struct id mac_of(const char *text, const struct secret32 *key)
{
    struct code code;
    struct id mac;
    assert_true(code_read(slice_of_text(text), &code));
    code_mac(&code, key, &mac);
    return mac;
}

static void a_mac_is_of_the_whole_code_and_the_boards_secret(void **state)
{
    (void)state;
    struct secret32 another;
    secret_random(&another);
    struct id mac = mac_of("ABCD-EFGH-0123-4567", &secret);
    struct id same = mac_of("abcd efgh 0123 4567", &secret);
    struct id other_code = mac_of("ABCD-EFGH-0123-4568", &secret);
    struct id other_board = mac_of("ABCD-EFGH-0123-4567", &another);
    assert_true(id_equal(&mac, &same));
    assert_false(id_equal(&mac, &other_code));
    assert_false(id_equal(&mac, &other_board));
}

static void code_say(uint64_t operation, const char *text)
{
    struct staged staged;
    struct wire_body_code body = {.operation = operation,
                                  .room = roster.room,
                                  .person = roster.citizen.certificate.body.person,
                                  .place = slice_of(text, CODE_PLACE),
                                  .mac = mac_of(text, &secret),
                                  .name = slice_of_text("Test Ombudsson"),
                                  .until = ROSTER_NOW_MS};
    roster_record(&roster, &roster.keeper, KIND_CODE, &body, &staged);
    staged.item.entry = &staged.entry;
    assert_true(registry_apply(&registry, &staged.item));
    staged_fini(&staged);
}

static void of_one_person_the_newest_code_is_good(void **state)
{
    (void)state;
    code_say(CODE_MADE, "ABCD-EFGH-0123-4567");
    assert_false(registry_code(&registry, "ABCD")->is_void);
    code_say(CODE_MADE, "WXYZ-EFGH-0123-4567");
    assert_true(registry_code(&registry, "ABCD")->is_void);
    assert_false(registry_code(&registry, "WXYZ")->is_void);
    code_say(CODE_VOID, "WXYZ-EFGH-0123-4567");
    assert_true(registry_code(&registry, "WXYZ")->is_void);
    assert_null(registry_code(&registry, "0000"));
}

static void bind_by(const char *provider, struct slice token)
{
    struct staged staged;
    const struct roster_party *party = &roster.citizen;
    struct wire_body_binding body = {.person = party->certificate.body.person,
                                     .device = party->certificate.device,
                                     .certificate = {party->bytes, party->len},
                                     .role = ROLE_CITIZEN,
                                     .level = 1,
                                     .name = slice_of_text("Test Ombudsson"),
                                     .number = slice_of_text(""),
                                     .provider = slice_of_text(provider),
                                     .token = token,
                                     .provider_key = slice_of_text("")};
    roster_record(&roster, &roster.keeper, KIND_BINDING, &body, &staged);
    staged.item.entry = &staged.entry;
    assert_true(registry_apply(&registry, &staged.item));
    staged_fini(&staged);
}

static void a_code_is_spent_by_the_binding_that_names_it(void **state)
{
    (void)state;
    struct id mac = mac_of("ABCD-EFGH-0123-4567", &secret);
    struct id other = mac_of("ABCD-EFGH-0123-4568", &secret);
    code_say(CODE_MADE, "ABCD-EFGH-0123-4567");
    bind_by("demo", id_slice(&mac));
    bind_by(REGISTRY_BY_CODE, id_slice(&other));
    bind_by(REGISTRY_BY_CODE, slice_of_text(""));
    assert_false(registry_code(&registry, "ABCD")->is_spent);
    bind_by(REGISTRY_BY_CODE, id_slice(&mac));
    assert_true(registry_code(&registry, "ABCD")->is_spent);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_code_is_read_as_people_type_it),
        TEST(what_is_no_code_changes_nothing),
        TEST(a_mac_is_of_the_whole_code_and_the_boards_secret),
        TEST(of_one_person_the_newest_code_is_good),
        TEST(a_code_is_spent_by_the_binding_that_names_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
