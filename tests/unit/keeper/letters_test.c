/* letters_test -- under what a letter's answer is noted. */
#include "../../../client-sdk/keeper/letters.h"
#include "roster.h"

static struct roster roster;
static struct registry registry;

static int setup(void **state)
{
    (void)state;
    roster_init(&roster);
    registry_init(&registry);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    registry_fini(&registry);
    return 0;
}

static struct id key_of(uint8_t id, const struct roster_party *author)
{
    const struct letter letter = {.to.id = roster_id(id), .author = author->certificate};
    return letter_answer_key(&letter);
}

static void answer_is_noted_for_one_letter_of_one_device(void **state)
{
    (void)state;
    struct roster_party second;
    roster_device(&roster, &roster.worker, &second);
    const struct id first = key_of(1, &roster.worker), again = key_of(1, &roster.worker);
    const struct id others[] = {key_of(2, &roster.worker), key_of(1, &roster.colleague),
                                key_of(1, &second)};
    struct wire_body_letter_answered body = {first, ENRUM_NOT_STAFF};
    struct staged staged;
    roster_record(&roster, &roster.keeper, KIND_LETTER_ANSWERED, &body, &staged);
    staged.item.entry = &staged.entry;
    assert_true(registry_apply(&registry, &staged.item));
    staged_fini(&staged);
    assert_int_equal(registry_answer(&registry, &again)->code, ENRUM_NOT_STAFF);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_null(registry_answer(&registry, &others[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answer_is_noted_for_one_letter_of_one_device, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
