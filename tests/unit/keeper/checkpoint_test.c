/* checkpoint_test -- each ground of refusal, and when a checkpoint is due. */
#include "../../../client-sdk/keeper/checkpoint.h"
#include "roster.h"

static struct roster roster;
static struct logbook *book;
static const struct checkpoint_clock right_clock = {ROSTER_NOW_MS, ROSTER_NOW_MS - 1000};

static int setup(void **state)
{
    (void)state;
    roster_init(&roster);
    book = logbook_new(&roster.room);
    struct wire_member members[] = {{roster.citizen.certificate.body.person, ROLE_CITIZEN},
                                    {roster.board, ROLE_KEEPER}};
    roster_generation(&roster, &roster.citizen, book, members, 2);
    roster_grant(&roster, book, &roster.citizen.certificate.device, 1, 1);
    roster_member(&roster, &roster.keeper, book, MEMBER_ADD, SUBJECT_PERSON,
                  &roster.worker.certificate.body.person);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    logbook_free(book);
    return 0;
}

static void message(struct roster_party *author, uint64_t kind, struct staged *out)
{
    struct wire_body_text body = {.text = slice_of_text("Hej")};
    roster_record(&roster, author, kind, &body, out);
    out->item.entry = &out->entry;
}

static uint64_t judge(struct staged *staged, const struct checkpoint_clock *clock)
{
    staged->item.entry = &staged->entry;
    uint64_t ground = checkpoint_refuses(book, &staged->item, clock);
    staged_fini(staged);
    return ground;
}

static void what_is_right_is_recorded(void **state)
{
    (void)state;
    struct staged staged;
    message(&roster.citizen, KIND_MESSAGE, &staged);
    assert_int_equal(judge(&staged, &right_clock), 0);
    struct wire_body_room room = {.type = ROOM_TYPE_PARTY, .title = slice_of_text("Fråga")};
    roster.seq--;
    roster.hash = book->hash;
    roster.citizen.device_seq--;
    roster_record(&roster, &roster.citizen, KIND_ROOM, &room, &staged);
    assert_int_equal(judge(&staged, &right_clock), 0);
}

static void a_citizen_may_not_write_a_journal_note(void **state)
{
    (void)state;
    struct staged staged;
    message(&roster.citizen, KIND_NOTE, &staged);
    assert_int_equal(judge(&staged, &right_clock), GROUND_KIND_NOT_ALLOWED);
}

static void nobody_writes_in_a_capacity_that_is_not_theirs(void **state)
{
    (void)state;
    struct staged staged;
    message(&roster.citizen, KIND_MESSAGE, &staged);
    staged.item.content.role = ROLE_STAFF;
    assert_int_equal(judge(&staged, &right_clock), GROUND_KIND_NOT_ALLOWED);
}

static void a_citizen_cannot_make_the_room_something_else(void **state)
{
    (void)state;
    struct staged staged;
    struct wire_body_room room = {.type = ROOM_TYPE_UNIT, .title = slice_of_text("Kö")};
    roster_record(&roster, &roster.citizen, KIND_ROOM, &room, &staged);
    assert_int_equal(judge(&staged, &right_clock), GROUND_KIND_NOT_ALLOWED);
}

static void a_time_the_clock_denies_is_refused_on_both_sides(void **state)
{
    (void)state;
    const uint64_t skew = CLOCK_SKEW_MS_MAX;
    const struct {
        uint64_t received_at, ground;
    } rows[] = {
        {ROSTER_NOW_MS + skew, 0},
        {ROSTER_NOW_MS + skew + 1, GROUND_CLOCK},
        {right_clock.up_to_date_ms - skew, 0},
        {right_clock.up_to_date_ms - skew - 1, GROUND_CLOCK},
    };
    for (size_t i = 0; i < 4; i++) {
        struct staged staged;
        message(&roster.citizen, KIND_MESSAGE, &staged);
        staged.item.received_at = rows[i].received_at;
        assert_int_equal(judge(&staged, &right_clock), rows[i].ground);
        roster.seq = book->seq;
        roster.hash = book->hash;
        roster.citizen.device_seq = 1;
    }
}

static void a_keeper_that_was_away_refuses_nothing_for_being_old(void **state)
{
    (void)state;
    struct staged staged;
    const struct checkpoint_clock clock = {ROSTER_NOW_MS, 0};
    message(&roster.citizen, KIND_MESSAGE, &staged);
    staged.item.received_at = ROSTER_NOW_MS - 3000000;
    assert_int_equal(judge(&staged, &clock), 0);
}

static void outside_the_certificates_life_is_refused(void **state)
{
    (void)state;
    struct staged staged;
    const struct checkpoint_clock clock = {ROSTER_NOW_MS + 7200000, 0};
    message(&roster.citizen, KIND_MESSAGE, &staged);
    staged.item.received_at = roster.citizen.certificate.body.not_after;
    assert_int_equal(judge(&staged, &clock), GROUND_CLOCK);
}

static void who_is_no_member_is_refused(void **state)
{
    (void)state;
    struct staged staged;
    message(&roster.other, KIND_MESSAGE, &staged);
    assert_int_equal(judge(&staged, &right_clock), GROUND_NOT_A_MEMBER);
}

static void a_device_that_was_taken_out_is_refused(void **state)
{
    (void)state;
    struct staged staged;
    roster_member(&roster, &roster.keeper, book, MEMBER_REMOVE, SUBJECT_DEVICE,
                  &roster.citizen.certificate.device);
    message(&roster.citizen, KIND_MESSAGE, &staged);
    assert_int_equal(judge(&staged, &right_clock), GROUND_NOT_A_MEMBER);
}

static void a_gap_in_the_devices_numbers_is_refused(void **state)
{
    (void)state;
    struct staged staged;
    message(&roster.citizen, KIND_MESSAGE, &staged);
    staged.item.device_seq++;
    assert_int_equal(judge(&staged, &right_clock), GROUND_SEQUENCE);
}

static void another_history_is_refused(void **state)
{
    (void)state;
    struct staged staged;
    message(&roster.citizen, KIND_MESSAGE, &staged);
    staged.entry.head.seen_hash.bytes[0] ^= 1;
    assert_int_equal(judge(&staged, &right_clock), GROUND_SEEN_OTHER);
    roster.citizen.device_seq = 1;
    message(&roster.citizen, KIND_MESSAGE, &staged);
    staged.entry.head.seen_seq = 99;
    assert_int_equal(judge(&staged, &right_clock), GROUND_SEEN_OTHER);
}

static void what_does_not_open_is_refused_and_what_is_erased_is_not(void **state)
{
    (void)state;
    struct staged staged;
    message(&roster.citizen, KIND_MESSAGE, &staged);
    staged.item.is_open = false;
    staged.item.open_err = ENRUM_OPEN_FAILED;
    assert_int_equal(judge(&staged, &right_clock), GROUND_UNREADABLE);
    roster.seq = book->seq;
    roster.hash = book->hash;
    roster.citizen.device_seq = 1;
    message(&roster.citizen, KIND_MESSAGE, &staged);
    staged.item.is_open = false;
    staged.item.open_err = ENRUM_PAYLOAD_MISSING;
    assert_int_equal(judge(&staged, &right_clock), 0);
}

/* -- When, and what -- */

static void a_checkpoint_waits_for_quiet_but_not_for_long(void **state)
{
    (void)state;
    uint64_t next = UINT64_MAX;
    book->is_current = true;
    book->changed_at = book->dirty_since = 10000;
    assert_false(checkpoint_is_due(book, 10100, &next));
    assert_int_equal(next, 10200);
    assert_true(checkpoint_is_due(book, 10200, &next));
    book->changed_at = 10990; /* somebody goes on writing */
    assert_false(checkpoint_is_due(book, 10995, &next));
    assert_true(checkpoint_is_due(book, 11000, &next));
    book->has_checkpoint_under_way = true;
    assert_false(checkpoint_is_due(book, 99999, &next));
}

static void its_own_checkpoint_needs_none(void **state)
{
    (void)state;
    struct staged staged;
    uint64_t next = UINT64_MAX;
    book->is_current = true;
    roster_next(&roster, &roster.keeper, CLASS_CHECKPOINT, &staged);
    staged.entry.open.checkpoint.seq = book->seq;
    roster_apply(book, &staged);
    assert_false(checkpoint_is_due(book, UINT64_MAX, &next));
    assert_int_equal(next, UINT64_MAX);
}

static void the_plan_names_head_previous_and_refusals(void **state)
{
    (void)state;
    struct checkpoint_plan plan;
    struct wire_refusal refusal;
    struct buffer bytes;
    buffer_init(&bytes, CONTENT_BYTES_MAX);
    assert_true(logbook_refuse(book, 2, GROUND_CLOCK));
    assert_true(checkpoint_plan(book, 77, &bytes, &plan));
    assert_int_equal(plan.open.seq, book->seq);
    assert_true(id_equal(&plan.open.hash, &book->hash));
    assert_int_equal(plan.open.previous_seq, 0);
    assert_true(id_equal(&plan.open.previous_hash, &book->room));
    struct slice rest = plan.body.refused;
    assert_int_equal(layout_next(&layout_refusal, &rest, &refusal), ENRUM_OK);
    assert_int_equal(refusal.seq, 2);
    assert_int_equal(refusal.ground, GROUND_CLOCK);
    assert_int_equal(rest.len, 0);
    buffer_fini(&bytes);
}

static void more_refusals_than_fit_wait_for_the_next(void **state)
{
    (void)state;
    struct checkpoint_plan plan;
    struct buffer bytes;
    size_t count;
    for (uint64_t i = 0; i < REFUSALS_MAX + 10; i++) {
        struct staged staged;
        message(&roster.citizen, KIND_NOTE, &staged);
        roster_apply(book, &staged);
        assert_true(logbook_refuse(book, book->seq, GROUND_KIND_NOT_ALLOWED));
    }
    buffer_init(&bytes, CONTENT_BYTES_MAX);
    assert_true(checkpoint_plan(book, 77, &bytes, &plan));
    assert_int_equal(plan.open.seq, book->seq - 10);
    assert_true(id_equal(&plan.open.hash, logbook_hash(book, plan.open.seq)));
    assert_int_equal(layout_count(&layout_refusal, plan.body.refused, REFUSALS_MAX, &count),
                     ENRUM_OK);
    assert_int_equal(count, REFUSALS_MAX);
    buffer_fini(&bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_right_is_recorded),
        TEST(a_citizen_may_not_write_a_journal_note),
        TEST(nobody_writes_in_a_capacity_that_is_not_theirs),
        TEST(a_citizen_cannot_make_the_room_something_else),
        TEST(a_time_the_clock_denies_is_refused_on_both_sides),
        TEST(a_keeper_that_was_away_refuses_nothing_for_being_old),
        TEST(outside_the_certificates_life_is_refused),
        TEST(who_is_no_member_is_refused),
        TEST(a_device_that_was_taken_out_is_refused),
        TEST(a_gap_in_the_devices_numbers_is_refused),
        TEST(another_history_is_refused),
        TEST(what_does_not_open_is_refused_and_what_is_erased_is_not),
        TEST(a_checkpoint_waits_for_quiet_but_not_for_long),
        TEST(its_own_checkpoint_needs_none),
        TEST(the_plan_names_head_previous_and_refusals),
        TEST(more_refusals_than_fit_wait_for_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
