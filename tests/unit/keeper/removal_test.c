/* removal_test -- who stays, who is given the next key, and what the logbook knows of both. */
#include "../../../client-sdk/keeper/removal.h"
#include "roster.h"

#include <stdlib.h>

static struct roster roster;
static struct registry registry;
static struct logbook *book;
static struct removal_plan *plan;

/* A party room: citizen with one device, worker and colleague, all granted. */
static int setup(void **state)
{
    (void)state;
    roster_init(&roster);
    registry_init(&registry);
    book = logbook_new(&roster.room);
    plan = malloc(sizeof *plan);
    assert_non_null(plan);
    struct wire_member members[] = {{roster.citizen.certificate.body.person, ROLE_CITIZEN},
                                    {roster.board, ROLE_KEEPER}};
    roster_generation(&roster, &roster.citizen, book, members, 2);
    struct roster_party *parties[] = {&roster.citizen, &roster.worker, &roster.colleague};
    for (size_t i = 0; i < 3; i++) {
        const struct certificate *certificate = &parties[i]->certificate;
        roster_bind(&roster, &registry, parties[i], "token", ROSTER_NOW_MS);
        if (i > 0) {
            roster_employ(&roster, &registry, &certificate->body.person, 1);
        }
    }
    roster.seq = book->seq;
    roster.hash = book->hash;
    for (size_t i = 0; i < 3; i++) {
        const struct certificate *certificate = &parties[i]->certificate;
        if (i > 0) {
            roster_member(&roster, &roster.keeper, book, MEMBER_ADD, SUBJECT_PERSON,
                          &certificate->body.person);
        }
        roster_grant(&roster, book, &certificate->device, 1, 1);
    }
    roster_grant(&roster, book, &roster.keeper.certificate.device, 1, 1);
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

static void make_plan(uint64_t subject_type, const struct id *subject, uint64_t now_ms)
{
    struct removal_question question = {
        .book = book,
        .registry = &registry,
        .board = roster.board,
        .keeper = {roster.keeper.certificate.device, roster.keeper.seal.public},
        .now_ms = now_ms,
        .subject_type = subject_type,
    };
    if (subject != NULL) {
        question.subject = *subject;
    }
    removal_plan(&question, plan);
}

static bool has_member(const struct roster_party *party)
{
    for (size_t i = 0; i < plan->member_count; i++) {
        if (id_equal(&plan->members[i].person, &party->certificate.body.person)) {
            return true;
        }
    }
    return false;
}

static size_t grants_of(const struct roster_party *party)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->grantee_count; i++) {
        count += id_equal(&plan->grantees[i].device, &party->certificate.device) &&
                 id_equal(&plan->grantees[i].seal_key, &party->seal.public);
    }
    return count;
}

static void who_is_taken_out_gets_no_key_and_the_rest_do(void **state)
{
    (void)state;
    make_plan(SUBJECT_PERSON, &roster.worker.certificate.body.person, ROSTER_NOW_MS);
    assert_int_equal(plan->member_count, 3);
    assert_false(has_member(&roster.worker));
    assert_true(has_member(&roster.citizen));
    assert_true(has_member(&roster.colleague));
    assert_true(has_member(&roster.keeper));
    assert_int_equal(plan->grantee_count, 3);
    assert_int_equal(grants_of(&roster.worker), 0);
    assert_int_equal(grants_of(&roster.citizen), 1);
    assert_int_equal(grants_of(&roster.colleague), 1);
    assert_int_equal(grants_of(&roster.keeper), 1);
}

static void a_device_goes_and_its_person_stays(void **state)
{
    (void)state;
    make_plan(SUBJECT_DEVICE, &roster.worker.certificate.device, ROSTER_NOW_MS);
    assert_true(has_member(&roster.worker));
    assert_int_equal(grants_of(&roster.worker), 0);
    assert_int_equal(plan->grantee_count, 3);
}

static void a_device_taken_out_before_is_not_granted_again(void **state)
{
    (void)state;
    roster_member(&roster, &roster.worker, book, MEMBER_REMOVE, SUBJECT_DEVICE,
                  &roster.citizen.certificate.device);
    make_plan(SUBJECT_PERSON, &roster.worker.certificate.body.person, ROSTER_NOW_MS);
    assert_true(has_member(&roster.citizen));
    assert_int_equal(grants_of(&roster.citizen), 0);
}

static void a_device_never_granted_gets_nothing_by_itself(void **state)
{
    (void)state;
    struct roster_party second;
    roster_device(&roster, &roster.worker, &second);
    roster_bind(&roster, &registry, &second, "token", ROSTER_NOW_MS);
    make_plan(SUBJECT_PERSON, &roster.colleague.certificate.body.person, ROSTER_NOW_MS);
    assert_int_equal(grants_of(&roster.worker), 1);
    assert_int_equal(grants_of(&second), 0);
}

static void expired_devices_fall_out(void **state)
{
    (void)state;
    make_plan(SUBJECT_PERSON, &roster.worker.certificate.body.person,
              roster.citizen.certificate.body.not_after);
    assert_true(has_member(&roster.citizen));
    assert_int_equal(plan->grantee_count, 1);
    assert_int_equal(grants_of(&roster.keeper), 1);
}

static void who_is_revoked_goes_whoever_was_asked_for(void **state)
{
    (void)state;
    roster_revoke(&roster, &registry, &roster.colleague.certificate.body.person);
    assert_true(removal_must_go(&registry, book,
                                logbook_member(book, &roster.colleague.certificate.body.person)));
    make_plan(0, NULL, ROSTER_NOW_MS);
    assert_false(has_member(&roster.colleague));
    assert_int_equal(grants_of(&roster.colleague), 0);
    assert_true(has_member(&roster.worker));
}

static void citizens_and_the_keeper_cannot_be_taken_out_by_staff(void **state)
{
    (void)state;
    const struct id *citizen = &roster.citizen.certificate.body.person;
    const struct id *worker = &roster.worker.certificate.body.person;
    const struct id nobody = roster_id(0xcc);
    assert_false(removal_may_go(book, &roster.board, SUBJECT_PERSON, citizen));
    assert_false(removal_may_go(book, &roster.board, SUBJECT_PERSON, &roster.board));
    assert_false(removal_may_go(book, &roster.board, SUBJECT_PERSON, &nobody));
    assert_true(removal_may_go(book, &roster.board, SUBJECT_PERSON, worker));
    assert_true(
        removal_may_go(book, &roster.board, SUBJECT_DEVICE, &roster.citizen.certificate.device));
    assert_false(removal_may_go(book, &roster.board, SUBJECT_DEVICE, &nobody));
    make_plan(0, NULL, ROSTER_NOW_MS);
    assert_true(has_member(&roster.keeper));
}

static void a_removal_signed_by_staff_asks_for_a_generation(void **state)
{
    (void)state;
    const struct id *colleague = &roster.colleague.certificate.body.person;
    assert_false(book->needs_generation);
    roster_member(&roster, &roster.worker, book, MEMBER_REMOVE, SUBJECT_PERSON, colleague);
    assert_true(book->needs_generation);
    assert_null(logbook_member(book, colleague));
    make_plan(0, NULL, ROSTER_NOW_MS);
    roster_generation(&roster, &roster.keeper, book, plan->members, plan->member_count);
    assert_false(book->needs_generation);
    assert_int_equal(book->generation, 2);
}

static void who_a_late_list_brings_back_must_go_again(void **state)
{
    (void)state;
    const struct id *colleague = &roster.colleague.certificate.body.person;
    make_plan(0, NULL, ROSTER_NOW_MS); /* made before the removal reached the log */
    roster_member(&roster, &roster.worker, book, MEMBER_REMOVE, SUBJECT_PERSON, colleague);
    roster_generation(&roster, &roster.keeper, book, plan->members, plan->member_count);
    assert_non_null(logbook_member(book, colleague));
    assert_true(removal_must_go(&registry, book, logbook_member(book, colleague)));
    make_plan(0, NULL, ROSTER_NOW_MS);
    assert_false(has_member(&roster.colleague));
}

static uint64_t grant_first(const struct id *device)
{
    return logbook_grant_first(book, device, &roster.citizen.certificate.body.person);
}

static void grants_join_and_gaps_are_granted_again(void **state)
{
    (void)state;
    const struct id *device = &roster.citizen.certificate.device;
    const struct id other = roster_id(0xdd);
    book->generation = 5;
    assert_int_equal(grant_first(device), 2);
    roster_grant(&roster, book, device, 2, 4);
    assert_int_equal(grant_first(device), 5);
    roster_grant(&roster, book, device, 5, 5);
    assert_int_equal(grant_first(device), 0);
    assert_int_equal(grant_first(&other), 1);
    roster_grant(&roster, book, &other, 4, 5);
    assert_int_equal(grant_first(&other), 1);
    roster_grant(&roster, book, &other, 1, 3);
    assert_int_equal(grant_first(&other), 0);
}

static void a_room_of_many_devices_fits_one_append(void **state)
{
    (void)state;
    struct roster_party device;
    for (size_t i = 0; i < 2 * ENTRIES_PER_APPEND_MAX; i++) {
        roster_device(&roster, &roster.citizen, &device);
        roster_bind(&roster, &registry, &device, "token", ROSTER_NOW_MS);
        roster.seq = book->seq;
        roster_grant(&roster, book, &device.certificate.device, 1, 1);
    }
    make_plan(SUBJECT_DEVICE, &roster.worker.certificate.device, ROSTER_NOW_MS);
    /* The generation before them; behind them those who go and who comes. */
    assert_int_equal(plan->grantee_count, ENTRIES_PER_APPEND_MAX - 24);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_is_taken_out_gets_no_key_and_the_rest_do),
        TEST(a_device_goes_and_its_person_stays),
        TEST(a_device_taken_out_before_is_not_granted_again),
        TEST(a_device_never_granted_gets_nothing_by_itself),
        TEST(expired_devices_fall_out),
        TEST(who_is_revoked_goes_whoever_was_asked_for),
        TEST(citizens_and_the_keeper_cannot_be_taken_out_by_staff),
        TEST(a_removal_signed_by_staff_asks_for_a_generation),
        TEST(who_a_late_list_brings_back_must_go_again),
        TEST(grants_join_and_gaps_are_granted_again),
        TEST(a_room_of_many_devices_fits_one_append),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
