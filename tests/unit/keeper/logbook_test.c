/* logbook_test -- who went with a generation and is named nowhere yet; and what employees ask of a
 * case, which nobody keeps from being heard. */
#include "../../../client-sdk/keeper/logbook.h"
#include "roster.h"

#include <string.h>

enum { CROWD = 12 };

static struct roster roster;
static struct logbook *book;

static const struct id *person_of(const struct roster_party *party)
{
    return &party->certificate.body.person;
}

static int setup(void **state)
{
    (void)state;
    roster_init(&roster);
    book = logbook_new(&roster.room);
    assert_non_null(book);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    logbook_free(book);
    return 0;
}

/* -- Who went -- */

/* The citizen, the board, and so many employees. */
static void generation_of(struct roster_party *author, size_t employees)
{
    struct wire_member members[2 + CROWD] = {{*person_of(&roster.citizen), ROLE_CITIZEN},
                                             {roster.board, ROLE_KEEPER}};
    for (size_t i = 0; i < employees; i++) {
        members[2 + i] = (struct wire_member){roster_id((uint8_t)(0x40 + i)), ROLE_STAFF};
    }
    roster_generation(&roster, author, book, members, 2 + employees);
}

static void remove_one(uint8_t employee)
{
    const struct id person = roster_id(employee);
    roster_member(&roster, &roster.keeper, book, MEMBER_REMOVE, SUBJECT_PERSON, &person);
}

static void everybody_who_goes_with_a_generation_is_to_be_named(void **state)
{
    (void)state;
    generation_of(&roster.citizen, CROWD);
    assert_int_equal(book->untold_count, 0);
    generation_of(&roster.keeper, 2);
    assert_int_equal(book->generation_seq, book->seq);
    assert_int_equal(book->untold_count, CROWD - 2);
    for (uint8_t i = 2; i < 6; i++) {
        remove_one(0x40 + i);
    }
    assert_int_equal(book->untold_count, CROWD - 6);
    assert_false(book->needs_generation);
    for (uint8_t i = 6; i < CROWD; i++) {
        remove_one(0x40 + i);
    }
    assert_int_equal(book->untold_count, 0);
}

static void whoever_has_been_named_before_or_is_back_is_not_to_be_named(void **state)
{
    (void)state;
    generation_of(&roster.citizen, 4);
    remove_one(0x43);
    generation_of(&roster.keeper, 1);
    assert_int_equal(book->untold_count, 2);
    const struct id back = roster_id(0x41);
    roster_member(&roster, &roster.keeper, book, MEMBER_ADD, SUBJECT_PERSON, &back);
    assert_int_equal(book->untold_count, 1);
    generation_of(&roster.keeper, 3);
    assert_int_equal(book->untold_count, 0);
}

/* -- What employees ask -- */

static void case_say(struct roster_party *author, uint64_t kind, uint8_t room)
{
    struct wire_body_case_room in = {.room = roster_id(room), .person = *person_of(author)};
    struct wire_body_case_room_out out = {
        .room = roster_id(room), .by = *person_of(author), .text = slice_of_text("Fel.")};
    struct staged staged;
    roster_record(&roster, author, kind,
                  kind == KIND_CASE_ROOM ? (const void *)&in : (const void *)&out, &staged);
    roster_apply(book, &staged);
}

static bool is_asked(const struct roster_party *author, uint8_t room, bool is_out)
{
    const struct id id = roster_id(room);
    for (size_t i = 0; i < book->case_request_count; i++) {
        const struct logbook_case_request *request = &book->case_requests[i];
        if (id_equal(&request->room, &id) && id_equal(&request->author, person_of(author)) &&
            request->is_out == is_out) {
            return true;
        }
    }
    return false;
}

static void what_can_never_be_answered_keeps_nothing_else_out(void **state)
{
    (void)state;
    struct wire_member members[] = {{*person_of(&roster.worker), ROLE_STAFF},
                                    {*person_of(&roster.colleague), ROLE_STAFF},
                                    {roster.board, ROLE_KEEPER}};
    struct wire_body_room body = {
        .type = ROOM_TYPE_STAFF, .title = slice_of_text(""), .unit = slice_of_text("")};
    struct staged staged;
    roster_generation(&roster, &roster.worker, book, members, 3);
    roster_record(&roster, &roster.worker, KIND_ROOM, &body, &staged);
    roster_apply(book, &staged);
    case_say(&roster.keeper, KIND_CASE_ROOM, 1);
    for (uint8_t i = 0; i < CASE_ROOMS_MAX + 8; i++) {
        case_say(&roster.worker, KIND_CASE_ROOM, 0x80 + i);
    }
    assert_int_equal(book->case_request_count, CASE_ROOMS_MAX);
    assert_true(is_asked(&roster.worker, 0x80 + CASE_ROOMS_MAX + 7, false));
    assert_false(is_asked(&roster.worker, 0x80 + 7, false));
    assert_true(is_asked(&roster.worker, 0x80 + 8, false));
    case_say(&roster.worker, KIND_CASE_ROOM_OUT, 1);
    case_say(&roster.colleague, KIND_CASE_ROOM_OUT, 1);
    case_say(&roster.colleague, KIND_CASE_ROOM, 0x70);
    assert_true(is_asked(&roster.worker, 1, true));
    assert_true(is_asked(&roster.colleague, 1, true));
    assert_true(is_asked(&roster.colleague, 0x70, false));
    /* Answered, both are done with; what is asked of others is asked still. */
    case_say(&roster.keeper, KIND_CASE_ROOM_OUT, 1);
    assert_false(is_asked(&roster.worker, 1, true));
    assert_false(is_asked(&roster.colleague, 1, true));
    assert_int_equal(book->case_request_count, CASE_ROOMS_MAX + 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everybody_who_goes_with_a_generation_is_to_be_named),
        TEST(whoever_has_been_named_before_or_is_back_is_not_to_be_named),
        TEST(what_can_never_be_answered_keeps_nothing_else_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
