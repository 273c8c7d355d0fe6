/* A case's room for its employees, as an employee's device opens it; what may be asked of a keeper;
 * and logins without an e-ID. */
#include "clienttold.h"

#include <limits.h>

struct named {
    size_t count;
    struct enrum_case_room last;
};

static void each_named(void *context, const struct enrum_case_room *case_room)
{
    struct named *named = context;
    named->count++;
    named->last = *case_room;
}

static void assert_names_the_conversation(struct told *told, const struct id *staff_room)
{
    struct named named = {0};
    assert_int_equal(enrum_case_rooms(told->enrum, staff_room, each_named, &named), ENRUM_OK);
    assert_int_equal(named.count, 1);
    assert_true(id_equal(&named.last.room, &room));
    assert_true(id_equal(&named.last.person, &stage.citizen.me.body.person));
    assert_false(named.last.is_named);
}

static void staff_in_a_conversation(struct told *told)
{
    host.grants_on_letter = true;
    client_staff_with_room(told);
    assert_int_equal(enrum_follow(told->enrum, &room), ENRUM_OK);
    UNTIL(told, told->up_to_date == 1);
}

static void staff_room_names_its_conversation_in_the_same_append(void **state)
{
    (void)state;
    struct told told;
    struct id staff_room;
    struct enrum_room found;
    staff_in_a_conversation(&told);
    assert_int_equal(enrum_staff_room_new(told.enrum, &room, &staff_room), ENRUM_OK);
    assert_int_equal(enrum_outbox_count(told.enrum), 1);
    UNTIL(&told, told.sent == 1);
    assert_int_equal(enrum_follow(told.enrum, &staff_room), ENRUM_OK);
    UNTIL(&told, told.up_to_date == 2);
    assert_int_equal(enrum_room_find(told.enrum, &staff_room, &found), ENRUM_OK);
    assert_int_equal(found.type, ROOM_TYPE_STAFF);
    assert_string_equal(found.title, "Ett samtal");
    assert_names_the_conversation(&told, &staff_room);
    enrum_close(told.enrum);
}

static void staff_room_that_is_opened_anew_still_is_one_and_names_its_conversation(void **state)
{
    (void)state;
    struct told told;
    struct id staff_room;
    struct enrum_room found;
    staff_in_a_conversation(&told);
    host.refuse_appends = ENRUM_BUSY;
    host.refuse_count = UINT_MAX;
    assert_int_equal(enrum_staff_room_new(told.enrum, &room, &staff_room), ENRUM_OK);
    UNTIL(&told, host.appends_seen > 0);
    client_reopen(&told);
    UNTIL(&told, enrum_state(told.enrum) == ENRUM_READY);
    host.certificate_ms = 86400000 / 2;
    client_login_as(&told, "good-code", ROLE_STAFF);
    host.refuse_count = 0;
    UNTIL(&told, told.sent == 1);
    assert_int_equal(told.moves, 1);
    assert_int_equal(enrum_follow(told.enrum, &staff_room), ENRUM_OK);
    UNTIL(&told, told.up_to_date == 1);
    assert_int_equal(enrum_room_find(told.enrum, &staff_room, &found), ENRUM_OK);
    assert_true(id_equal(&found.room, &told.moved_to));
    assert_int_equal(found.type, ROOM_TYPE_STAFF);
    assert_names_the_conversation(&told, &staff_room);
    enrum_close(told.enrum);
}

static void staff_room_is_for_a_conversation_that_the_host_has_and_for_employees(void **state)
{
    (void)state;
    struct told told;
    struct id staff_room, other;
    staff_in_a_conversation(&told);
    suite_random(other.bytes, ID_BYTES);
    assert_int_equal(enrum_staff_room_new(told.enrum, &other, &staff_room), ENRUM_ROOM_UNKNOWN);
    host.refuse_appends = ENRUM_BUSY;
    host.refuse_count = UINT_MAX;
    assert_int_equal(enrum_room_new(told.enrum, "Nyss", &other), ENRUM_OK);
    assert_int_equal(enrum_staff_room_new(told.enrum, &other, &staff_room), ENRUM_ROOM_UNKNOWN);
    host.refuse_count = 0;
    UNTIL(&told, told.sent == 1);
    assert_int_equal(enrum_staff_room_new(told.enrum, &room, &staff_room), ENRUM_OK);
    UNTIL(&told, told.sent == 2);
    assert_int_equal(enrum_follow(told.enrum, &staff_room), ENRUM_OK);
    UNTIL(&told, told.up_to_date == 2);
    /* No room for a room of the employees, and no case but in one of these. */
    uint64_t outbox;
    assert_int_equal(enrum_staff_room_new(told.enrum, &staff_room, &other), ENRUM_MAY_NOT);
    assert_int_equal(enrum_case_add(told.enrum, &room, &room, &outbox), ENRUM_MAY_NOT);
    assert_int_equal(enrum_case_add(told.enrum, &staff_room, &staff_room, &outbox), ENRUM_MAY_NOT);
    assert_int_equal(enrum_case_add(told.enrum, &staff_room, &room, &outbox), ENRUM_OK);
    UNTIL(&told, told.sent == 3);
    assert_names_the_conversation(&told, &staff_room);
    enrum_close(told.enrum);
}

static void conversation_with_somebody_unknown_is_of_no_case(void **state)
{
    (void)state;
    struct told told;
    struct id staff_room;
    stage_certify_unknown(&stage);
    staff_in_a_conversation(&told);
    assert_int_equal(enrum_staff_room_new(told.enrum, &room, &staff_room), ENRUM_MAY_NOT);
    assert_int_equal(enrum_outbox_count(told.enrum), 0);
    enrum_close(told.enrum);
}

static void citizen_opens_no_staff_room(void **state)
{
    (void)state;
    struct told told;
    struct id staff_room;
    client_with_room(&told);
    assert_int_equal(enrum_staff_room_new(told.enrum, &room, &staff_room), ENRUM_MAY_NOT);
    assert_int_equal(enrum_outbox_count(told.enrum), 0);
    enrum_close(told.enrum);
}

static void invitation_is_never_kept_by_the_host(void **state)
{
    (void)state;
    struct told told;
    uint64_t request;
    struct wire_letter_invite invite = {.room = room,
                                        .capacity = CAPACITY_PARTY,
                                        .person = slice_of_text(""),
                                        .number = slice_of_text(""),
                                        .name = slice_of_text("Test Testsson"),
                                        .text = slice_of_text("")};
    struct wire_letter_person over = {
        .room = room, .person = slice_of_text(""), .text = slice_of_text("Semester")};
    staff_in_a_conversation(&told);
    assert_int_equal(enrum_ask(told.enrum, LETTER_INVITE, &invite, true, &request),
                     ENRUM_MALFORMED);
    assert_int_equal(enrum_ask(told.enrum, LETTER_INVITE, &invite, false, &request), ENRUM_OK);
    assert_int_equal(enrum_ask(told.enrum, LETTER_HAND_OVER, &over, true, &request), ENRUM_OK);
    assert_int_equal(enrum_ask(told.enrum, LETTER_LOGIN, &over, false, &request), ENRUM_MALFORMED);
    enrum_close(told.enrum);
}

static void login_without_an_eid_is_for_who_has_none_yet_and_where_it_is_offered(void **state)
{
    (void)state;
    struct told told;
    client_new(&told);
    assert_int_equal(enrum_login_unknown(told.enrum), ENRUM_MAY_NOT);
    assert_int_equal(enrum_login_redeem(told.enrum, ""), ENRUM_CODE_WRONG);
    assert_int_equal(enrum_login_redeem(told.enrum, "ABCD-EFGH-JKMN-PQRS"), ENRUM_OK);
    assert_int_equal(enrum_login_redeem(told.enrum, "ABCD-EFGH-JKMN-PQRS"), ENRUM_OUT_OF_STATE);
    enrum_close(told.enrum);
    client_with_room(&told);
    assert_int_equal(enrum_login_redeem(told.enrum, "ABCD-EFGH-JKMN-PQRS"), ENRUM_OUT_OF_STATE);
    enrum_close(told.enrum);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, told_setup, told_teardown)
    const struct CMUnitTest tests[] = {
        TEST(staff_room_names_its_conversation_in_the_same_append),
        TEST(staff_room_that_is_opened_anew_still_is_one_and_names_its_conversation),
        TEST(staff_room_is_for_a_conversation_that_the_host_has_and_for_employees),
        TEST(conversation_with_somebody_unknown_is_of_no_case),
        TEST(citizen_opens_no_staff_room),
        TEST(invitation_is_never_kept_by_the_host),
        TEST(login_without_an_eid_is_for_who_has_none_yet_and_where_it_is_offered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
