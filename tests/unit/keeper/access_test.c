/* access_test -- whom staff have let in: what they may read, until when, who has a conversation,
 * and devices that are logged out. */
#include "../../../client-sdk/keeper/inviting.h"
#include "../../../client-sdk/keeper/removal.h"
#include "roster.h"

#include <stdlib.h>

static struct roster roster;
static struct registry registry;
static struct logbook *book;
static struct removal_plan *plan;

static const struct id *person_of(const struct roster_party *party)
{
    return &party->certificate.body.person;
}

static void access_say(struct roster_party *author, const struct wire_body_access *body)
{
    struct staged staged;
    roster_record(&roster, author, KIND_ACCESS, body, &staged);
    roster_apply(book, &staged);
}

static struct wire_body_access given(const struct roster_party *party, uint64_t capacity)
{
    return (struct wire_body_access){.operation = ACCESS_GIVEN,
                                     .person = *person_of(party),
                                     .capacity = capacity,
                                     .name = slice_of_text("Test Ombudsson"),
                                     .by = *person_of(&roster.worker),
                                     .first = 1,
                                     .text = slice_of_text("")};
}

/* A party room of a citizen; worker, colleague and another citizen are in it too. */
static int setup(void **state)
{
    (void)state;
    roster_init(&roster);
    registry_init(&registry);
    book = logbook_new(&roster.room);
    plan = malloc(sizeof *plan);
    assert_non_null(plan);
    struct wire_member members[] = {{*person_of(&roster.citizen), ROLE_CITIZEN},
                                    {roster.board, ROLE_KEEPER},
                                    {*person_of(&roster.worker), ROLE_STAFF},
                                    {*person_of(&roster.colleague), ROLE_STAFF},
                                    {*person_of(&roster.other), ROLE_CITIZEN}};
    roster_generation(&roster, &roster.citizen, book, members, 5);
    struct roster_party *parties[] = {&roster.citizen, &roster.worker, &roster.colleague,
                                      &roster.other};
    for (size_t i = 0; i < 4; i++) {
        roster_bind(&roster, &registry, parties[i], "token", ROSTER_NOW_MS);
        roster_employ(&roster, &registry, person_of(parties[i]), i == 1 || i == 2 ? 1 : 2);
    }
    roster.seq = book->seq;
    roster.hash = book->hash;
    for (size_t i = 0; i < 4; i++) {
        roster_grant(&roster, book, &parties[i]->certificate.device, 1, 1);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(plan);
    logbook_free(book);
    registry_fini(&registry);
    return 0;
}

static void plan_make(uint64_t now_ms)
{
    struct removal_question question = {
        .book = book,
        .registry = &registry,
        .board = roster.board,
        .keeper = {roster.keeper.certificate.device, roster.keeper.seal.public},
        .now_ms = now_ms,
    };
    removal_plan(&question, plan);
}

static void the_first_employee_has_it_until_it_is_handed_over(void **state)
{
    (void)state;
    assert_true(id_equal(&logbook_handler(book)->person, person_of(&roster.worker)));
    struct wire_body_access body = given(&roster.colleague, CAPACITY_COLLEAGUE);
    access_say(&roster.keeper, &body);
    assert_true(id_equal(&logbook_handler(book)->person, person_of(&roster.worker)));
    body.capacity = CAPACITY_HANDLER;
    access_say(&roster.keeper, &body);
    assert_true(id_equal(&logbook_handler(book)->person, person_of(&roster.colleague)));
    roster_member(&roster, &roster.keeper, book, MEMBER_REMOVE, SUBJECT_PERSON,
                  person_of(&roster.colleague));
    assert_true(id_equal(&logbook_handler(book)->person, person_of(&roster.worker)));
}

static void who_has_left_it_and_comes_again_as_a_colleague_has_it_not(void **state)
{
    (void)state;
    struct wire_body_access body = given(&roster.colleague, CAPACITY_HANDLER);
    access_say(&roster.keeper, &body);
    body.operation = ACCESS_ENDED;
    access_say(&roster.keeper, &body);
    body.operation = ACCESS_GIVEN;
    body.capacity = CAPACITY_COLLEAGUE;
    access_say(&roster.keeper, &body);
    assert_true(id_equal(&logbook_handler(book)->person, person_of(&roster.worker)));
}

static void only_the_keepers_word_lets_somebody_in(void **state)
{
    (void)state;
    struct wire_body_access body = given(&roster.other, CAPACITY_OMBUD);
    access_say(&roster.worker, &body);
    assert_null(logbook_access(book, person_of(&roster.other)));
    access_say(&roster.keeper, &body);
    assert_string_equal(logbook_access(book, person_of(&roster.other))->name, "Test Ombudsson");
    body.operation = ACCESS_ENDED;
    access_say(&roster.keeper, &body);
    assert_null(logbook_access(book, person_of(&roster.other)));
}

static void who_was_let_in_may_go_and_who_opened_the_room_stays(void **state)
{
    (void)state;
    assert_false(removal_may_go(book, &roster.board, SUBJECT_PERSON, person_of(&roster.other)));
    struct wire_body_access body = given(&roster.other, CAPACITY_OMBUD);
    access_say(&roster.keeper, &body);
    assert_true(removal_may_go(book, &roster.board, SUBJECT_PERSON, person_of(&roster.other)));
    body.person = *person_of(&roster.citizen);
    access_say(&roster.keeper, &body);
    assert_false(removal_may_go(book, &roster.board, SUBJECT_PERSON, person_of(&roster.citizen)));
}

static void nobody_is_given_keys_from_before_they_came(void **state)
{
    (void)state;
    const struct id device = roster_id(0xdd);
    struct wire_body_access body = given(&roster.other, CAPACITY_SUPPORT);
    body.first = 3;
    access_say(&roster.keeper, &body);
    assert_int_equal(logbook_grant_first(book, &device, person_of(&roster.other)), 0);
    book->generation = 4;
    assert_int_equal(logbook_grant_first(book, &device, person_of(&roster.other)), 3);
    assert_int_equal(logbook_grant_first(book, &device, person_of(&roster.citizen)), 1);
    roster_grant(&roster, book, &device, 3, 3);
    assert_int_equal(logbook_grant_first(book, &device, person_of(&roster.other)), 4);
    roster_grant(&roster, book, &device, 4, 4);
    assert_int_equal(logbook_grant_first(book, &device, person_of(&roster.other)), 0);
    /* Let in again, to everything. */
    body.first = 1;
    access_say(&roster.keeper, &body);
    assert_int_equal(logbook_grant_first(book, &device, person_of(&roster.other)), 1);
}

static void who_is_let_in_again_is_not_given_what_was_written_meanwhile(void **state)
{
    (void)state;
    const struct id *device = &roster.other.certificate.device;
    struct wire_body_access body = given(&roster.other, CAPACITY_OMBUD);
    access_say(&roster.keeper, &body);
    body.operation = ACCESS_ENDED;
    access_say(&roster.keeper, &body);
    /* The device holds the first; two generations were begun without it, and a third with it. */
    body.operation = ACCESS_GIVEN;
    body.first = 4;
    access_say(&roster.keeper, &body);
    book->generation = 3;
    assert_int_equal(logbook_grant_first(book, device, person_of(&roster.other)), 0);
    book->generation = 4;
    assert_int_equal(logbook_grant_first(book, device, person_of(&roster.other)), 4);
    roster_grant(&roster, book, device, 4, 4);
    assert_int_equal(logbook_grant_first(book, device, person_of(&roster.other)), 0);
}

static void an_access_ends_when_its_time_is_over(void **state)
{
    (void)state;
    struct wire_body_access body = given(&roster.other, CAPACITY_TRUSTEE);
    body.until = ROSTER_NOW_MS + 1000;
    access_say(&roster.keeper, &body);
    assert_false(removal_is_due(&registry, book, ROSTER_NOW_MS + 999));
    plan_make(ROSTER_NOW_MS + 999);
    assert_true(removal_plan_has(plan, person_of(&roster.other)));
    assert_true(removal_is_due(&registry, book, ROSTER_NOW_MS + 1000));
    plan_make(ROSTER_NOW_MS + 1000);
    assert_false(removal_plan_has(plan, person_of(&roster.other)));
    assert_true(removal_plan_has(plan, person_of(&roster.citizen)));
}

static void an_interpreter_comes_with_an_end_and_without_history(void **state)
{
    (void)state;
    struct wire_letter_invite body = {.capacity = CAPACITY_INTERPRETER,
                                      .number = slice_of_text("199001152397"),
                                      .name = slice_of_text("Test Tolksson"),
                                      .until = ROSTER_NOW_MS + 1};
    assert_int_equal(inviting_terms_judge(&body, ROSTER_NOW_MS), ENRUM_OK);
    assert_int_equal(inviting_terms_judge(&body, ROSTER_NOW_MS + 1), ENRUM_MALFORMED);
    body.history = 1;
    assert_int_equal(inviting_terms_judge(&body, ROSTER_NOW_MS), ENRUM_MAY_NOT);
    body.until = 0;
    assert_int_equal(inviting_terms_judge(&body, ROSTER_NOW_MS), ENRUM_MALFORMED);
    body.history = 0;
    assert_int_equal(inviting_terms_judge(&body, ROSTER_NOW_MS), ENRUM_MALFORMED);
    /* Everybody else may have both otherwise. */
    for (body.capacity = CAPACITY_GUARDIAN; body.capacity <= CAPACITY_PARTY; body.capacity++) {
        for (body.history = 0; body.history <= 1; body.history++) {
            assert_int_equal(inviting_terms_judge(&body, ROSTER_NOW_MS), ENRUM_OK);
        }
    }
    body = (struct wire_letter_invite){.capacity = CAPACITY_INTERPRETER + 1, .until = UINT64_MAX};
    assert_int_equal(inviting_terms_judge(&body, ROSTER_NOW_MS), ENRUM_MALFORMED);
}

static void a_device_that_is_logged_out_gets_no_more_keys(void **state)
{
    (void)state;
    const struct logbook_device *device = logbook_device(book, &roster.citizen.certificate.device);
    assert_false(removal_is_due(&registry, book, ROSTER_NOW_MS));
    roster_revoke(&roster, &registry, &roster.citizen.certificate.device);
    assert_true(removal_is_revoked(&registry, book, device));
    assert_true(removal_is_due(&registry, book, ROSTER_NOW_MS));
    plan_make(ROSTER_NOW_MS);
    /* The person stays, and the device is not among those that are given the next key. */
    assert_true(removal_plan_has(plan, person_of(&roster.citizen)));
    for (size_t i = 0; i < plan->grantee_count; i++) {
        assert_false(id_equal(&plan->grantees[i].device, &roster.citizen.certificate.device));
    }
    roster_generation(&roster, &roster.keeper, book, plan->members, plan->member_count);
    device = logbook_device(book, &roster.citizen.certificate.device);
    assert_false(removal_is_revoked(&registry, book, device));
    assert_false(removal_is_due(&registry, book, ROSTER_NOW_MS));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_employee_has_it_until_it_is_handed_over),
        TEST(who_has_left_it_and_comes_again_as_a_colleague_has_it_not),
        TEST(only_the_keepers_word_lets_somebody_in),
        TEST(who_was_let_in_may_go_and_who_opened_the_room_stays),
        TEST(nobody_is_given_keys_from_before_they_came),
        TEST(who_is_let_in_again_is_not_given_what_was_written_meanwhile),
        TEST(an_access_ends_when_its_time_is_over),
        TEST(an_interpreter_comes_with_an_end_and_without_history),
        TEST(a_device_that_is_logged_out_gets_no_more_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
