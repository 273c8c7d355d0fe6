/* letters_test -- which letters are too old, and under what an answer is noted. */
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

struct age_row {
    uint64_t kind;
    bool is_durable, is_late;
    uint64_t age_ms;
    enum enrum_err first, again;
};

static void letter_is_young_and_new_as_its_kind_asks(void **state)
{
    (void)state;
    const uint64_t day = 24 * 60 * 60 * 1000;
    const struct age_row ages[] = {
        /* Its id is remembered. */
        {LETTER_LOGIN, false, false, 0, ENRUM_OK, ENRUM_LETTER_OLD},
        {LETTER_INVITE, false, false, 0, ENRUM_OK, ENRUM_LETTER_OLD},
        {LETTER_LOGIN, false, false, day, ENRUM_LETTER_OLD, ENRUM_LETTER_OLD},
        /* The log answers the second one. */
        {LETTER_REMOVE, false, false, 0, ENRUM_OK, ENRUM_OK},
        {LETTER_REMOVE, false, false, day, ENRUM_LETTER_OLD, ENRUM_LETTER_OLD},
        {LETTER_REMOVE, true, false, 0, ENRUM_OK, ENRUM_OK},
        {LETTER_REMOVE, true, true, day, ENRUM_OK, ENRUM_OK},
        {LETTER_MOVE, false, false, day, ENRUM_LETTER_OLD, ENRUM_LETTER_OLD},
        /* May be done again: also when it comes again, or was kept. */
        {LETTER_GRANT, false, false, 0, ENRUM_OK, ENRUM_OK},
        {LETTER_RENEW, false, false, 0, ENRUM_OK, ENRUM_OK},
        {LETTER_LOG_OUT, false, false, 0, ENRUM_OK, ENRUM_OK},
        {LETTER_LOG_OUT, false, false, day, ENRUM_LETTER_OLD, ENRUM_LETTER_OLD},
        {LETTER_LOG_OUT, true, false, day, ENRUM_OK, ENRUM_OK},
        {LETTER_GRANT, true, false, day, ENRUM_OK, ENRUM_OK},
        /* There is no such question. */
        {LETTER_LOGGED_IN, false, false, 0, ENRUM_OK, ENRUM_LETTER_OLD},
    };
    for (size_t i = 0; i < sizeof ages / sizeof ages[0]; i++) {
        struct clock_manual hands = {.wall_ms = ROSTER_NOW_MS};
        struct keeper keeper = {.clock = clock_of_manual(&hands)};
        struct letter letter = {.to.id = roster_id(1),
                                .kind = ages[i].kind,
                                .is_durable = ages[i].is_durable,
                                .time = ROSTER_NOW_MS - ages[i].age_ms};
        replay_init(&keeper.replay);
        assert_int_equal(letter_age_judge(&keeper, &letter), ages[i].first);
        assert_int_equal(letter.is_late, ages[i].is_late);
        assert_int_equal(letter_age_judge(&keeper, &letter), ages[i].again);
        replay_fini(&keeper.replay);
    }
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
        cmocka_unit_test(letter_is_young_and_new_as_its_kind_asks),
        cmocka_unit_test_setup_teardown(answer_is_noted_for_one_letter_of_one_device, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
