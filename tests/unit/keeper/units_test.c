/* units_test -- whose a conversation is, in which unit an employee was when, and who goes when a
 * conversation goes to another unit, or an employee does. */
#include "../../../client-sdk/keeper/queue.h"
#include "../../../client-sdk/keeper/removal.h"
#include "roster.h"

#include <stdlib.h>

static struct roster roster;
static struct keeper keeper;
static struct logbook *book;
static struct id first, second;

static const struct id *person_of(const struct roster_party *party)
{
    return &party->certificate.body.person;
}

static void registry_say(uint64_t kind, const void *body)
{
    struct staged staged;
    roster_record(&roster, &roster.keeper, kind, body, &staged);
    staged.item.entry = &staged.entry;
    assert_true(registry_apply(&keeper.registry, &staged.item));
    staged_fini(&staged);
}

/* Two units, an employee in each, and a conversation that nobody has opened yet. */
static int setup(void **state)
{
    (void)state;
    roster_init(&roster);
    keeper = (struct keeper){0};
    registry_init(&keeper.registry);
    first = roster_id(0x71);
    second = roster_id(0x72);
    struct wire_body_unit units[] = {{first, slice_of_text("Mottagning")},
                                     {second, slice_of_text("Familj")}};
    registry_say(KIND_UNIT, &units[0]);
    registry_say(KIND_UNIT, &units[1]);
    roster_employ_in(&roster, &keeper.registry, person_of(&roster.worker), &first, 1000);
    roster_employ_in(&roster, &keeper.registry, person_of(&roster.colleague), &second, 1000);
    roster.seq = 0;
    book = logbook_new(&roster.room);
    assert_non_null(book);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    logbook_free(book);
    registry_fini(&keeper.registry);
    return 0;
}

static void open_by(struct roster_party *opener, const struct id *unit, uint64_t at_ms)
{
    struct wire_member members[] = {{*person_of(opener), opener->certificate.body.role},
                                    {*person_of(&roster.worker), ROLE_STAFF},
                                    {*person_of(&roster.colleague), ROLE_STAFF},
                                    {roster.board, ROLE_KEEPER}};
    struct wire_body_room body = {.type = ROOM_TYPE_PARTY,
                                  .title = slice_of_text("Skolan"),
                                  .unit = unit != NULL ? id_slice(unit) : slice_of_text("")};
    struct staged staged;
    bool is_staff = opener->certificate.body.role == ROLE_STAFF;
    roster_generation(&roster, opener, book, is_staff ? &members[1] : members, is_staff ? 3 : 4);
    book->opened_at = at_ms;
    roster_record(&roster, opener, KIND_ROOM, &body, &staged);
    roster_apply(book, &staged);
}

static void moved_say(struct roster_party *author, const struct id *unit)
{
    struct wire_body_moved body = {*unit, slice_of_text("En enhet"), *person_of(&roster.worker),
                                   slice_of_text("Fel enhet.")};
    struct staged staged;
    roster_record(&roster, author, KIND_MOVED, &body, &staged);
    roster_apply(book, &staged);
}

static const struct id *unit_here(void)
{
    return &queue_unit(&keeper, book)->room;
}

static void a_citizen_names_a_unit_or_turns_to_the_first(void **state)
{
    (void)state;
    open_by(&roster.citizen, &second, 2000);
    assert_true(id_equal(unit_here(), &second));
    book->unit = (struct id){0};
    assert_true(id_equal(unit_here(), &first));
    book->unit = roster_id(0x99);
    assert_true(id_equal(unit_here(), &first));
}

static void what_an_employee_begins_stays_with_the_unit_they_were_in(void **state)
{
    (void)state;
    open_by(&roster.worker, NULL, 2000);
    assert_true(id_equal(unit_here(), &first));
    roster_employ_in(&roster, &keeper.registry, person_of(&roster.worker), &second, 3000);
    assert_true(id_equal(unit_here(), &first));
    book->opened_at = 3000;
    assert_true(id_equal(unit_here(), &second));
}

static void the_newest_handing_over_counts_in_whatever_order_it_is_read(void **state)
{
    (void)state;
    open_by(&roster.worker, NULL, 2000);
    moved_say(&roster.keeper, &second);
    assert_true(id_equal(unit_here(), &second));
    moved_say(&roster.keeper, &first);
    assert_true(id_equal(unit_here(), &first));
    struct wire_body_moved body = {second, slice_of_text("Familj"), *person_of(&roster.worker),
                                   slice_of_text("Fel enhet.")};
    struct staged late;
    roster_record(&roster, &roster.keeper, KIND_MOVED, &body, &late);
    late.item.seq = book->moved_seq - 1;
    roster_apply(book, &late);
    assert_true(id_equal(unit_here(), &first));
}

static void nobody_but_the_keeper_hands_over(void **state)
{
    (void)state;
    open_by(&roster.citizen, NULL, 2000);
    moved_say(&roster.citizen, &second);
    moved_say(&roster.worker, &second);
    assert_true(id_equal(unit_here(), &first));
    assert_int_equal(book->moved_seq, 0);
}

static void a_conversation_that_has_left_a_queue_waits_there_again_when_it_comes_back(void **state)
{
    (void)state;
    const struct id room = roster_id(0x55);
    struct wire_body_queued queued = {.room = room, .title = slice_of_text("Skolan")};
    struct wire_body_queue_left left = {room, second};
    struct staged staged;
    roster_record(&roster, &roster.keeper, KIND_QUEUED, &queued, &staged);
    roster_apply(book, &staged);
    assert_false(logbook_queued(book, &room)->has_left);
    roster_record(&roster, &roster.keeper, KIND_QUEUE_LEFT, &left, &staged);
    roster_apply(book, &staged);
    assert_true(logbook_queued(book, &room)->has_left);
    roster_record(&roster, &roster.keeper, KIND_QUEUED, &queued, &staged);
    roster_apply(book, &staged);
    assert_false(logbook_queued(book, &room)->has_left);
}

/* Nothing is written: there is no host here to write it to. */
static void a_conversation_leaves_no_queue_while_the_room_of_its_own_is_busy(void **state)
{
    (void)state;
    struct logbook *units[] = {logbook_new(&first), logbook_new(&second)};
    struct wire_body_queued queued = {.room = roster.room, .title = slice_of_text("Skolan")};
    struct staged staged;
    table_init(&keeper.logbooks, ID_BYTES, 2);
    keeper.clock = clock_system();
    for (size_t i = 0; i < 2; i++) {
        assert_non_null(units[i]);
        units[i]->is_current = true;
        assert_int_equal(table_insert(&keeper.logbooks, units[i]->room.bytes, units[i]), TABLE_OK);
    }
    open_by(&roster.citizen, NULL, 2000);
    moved_say(&roster.keeper, &second);
    roster_record(&roster, &roster.keeper, KIND_QUEUED, &queued, &staged);
    roster_apply(units[0], &staged);
    units[1]->busy = 1;
    assert_false(queue_note(&keeper, book));
    assert_true(book->has_duties);
    units[1]->busy = 0;
    units[1]->is_current = false;
    assert_false(queue_note(&keeper, book));
    assert_false(logbook_queued(units[0], &roster.room)->has_left);
    assert_int_equal(units[0]->busy, 0);
    logbook_free(units[0]);
    logbook_free(units[1]);
    table_fini(&keeper.logbooks);
}

static void employees_of_other_units_go_with_a_conversation_and_citizens_stay(void **state)
{
    (void)state;
    struct removal_plan *plan = malloc(sizeof *plan);
    assert_non_null(plan);
    open_by(&roster.citizen, NULL, 2000);
    struct removal_question question = {.book = book,
                                        .registry = &keeper.registry,
                                        .board = roster.board,
                                        .now_ms = ROSTER_NOW_MS,
                                        .unit = &second};
    removal_plan(&question, plan);
    assert_true(removal_plan_has(plan, person_of(&roster.citizen)));
    assert_true(removal_plan_has(plan, &roster.board));
    assert_true(removal_plan_has(plan, person_of(&roster.colleague)));
    assert_false(removal_plan_has(plan, person_of(&roster.worker)));
    free(plan);
}

static void an_employee_of_another_unit_must_leave_a_units_room_and_no_other(void **state)
{
    (void)state;
    const struct id *worker = person_of(&roster.worker);
    open_by(&roster.citizen, NULL, 2000);
    roster_employ_in(&roster, &keeper.registry, worker, &second, 3000);
    assert_false(removal_must_go(&keeper.registry, book, logbook_member(book, worker)));
    book->type = ROOM_TYPE_UNIT;
    book->room = first;
    assert_true(removal_must_go(&keeper.registry, book, logbook_member(book, worker)));
    assert_true(removal_is_due(&keeper.registry, book, ROSTER_NOW_MS));
    book->room = second;
    assert_false(removal_must_go(&keeper.registry, book, logbook_member(book, worker)));
}

static void each_stay_in_a_unit_is_counted_once(void **state)
{
    (void)state;
    const struct id *worker = person_of(&roster.worker);
    const struct registry_person *person = registry_person(&keeper.registry, worker);
    assert_int_equal(registry_moves(person), 0);
    roster_employ_in(&roster, &keeper.registry, worker, &first, 2000);
    assert_int_equal(registry_moves(person), 0);
    roster_employ_in(&roster, &keeper.registry, worker, &second, 3000);
    roster_employ_in(&roster, &keeper.registry, worker, &first, 4000);
    assert_int_equal(registry_moves(person), 2);
    assert_true(id_equal(registry_unit_at(person, 0), &first));
    assert_true(id_equal(registry_unit_at(person, 2999), &first));
    assert_true(id_equal(registry_unit_at(person, 3000), &second));
    assert_true(id_equal(registry_unit_at(person, 4000), &first));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_citizen_names_a_unit_or_turns_to_the_first),
        TEST(what_an_employee_begins_stays_with_the_unit_they_were_in),
        TEST(the_newest_handing_over_counts_in_whatever_order_it_is_read),
        TEST(nobody_but_the_keeper_hands_over),
        TEST(a_conversation_that_has_left_a_queue_waits_there_again_when_it_comes_back),
        TEST(a_conversation_leaves_no_queue_while_the_room_of_its_own_is_busy),
        TEST(employees_of_other_units_go_with_a_conversation_and_citizens_stay),
        TEST(an_employee_of_another_unit_must_leave_a_units_room_and_no_other),
        TEST(each_stay_in_a_unit_is_counted_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
