/* Storylines of the pure calls: what happens goes in, and the text of what comes out is the
 * assertion. */
#include "callcast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void staff_ring_a_citizen_who_waits_is_admitted_and_both_leave(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin(&cast);
    scene_join(scene, cast.eva);
    scene_expect(scene, "eva <- CALL in: eva*\n"
                        "anna <- RINGS GOES_ON by eva\n"
                        "eva <- CALL here in: eva*\n");
    scene_ring(scene, cast.eva, cast.anna, false);
    scene_expect(scene, "anna <- RINGS RINGING by eva\n"
                        "eva <- DONE\n"
                        "eva <- CALL in: eva*, rung anna RINGING\n");
    scene_join(scene, cast.anna);
    scene_expect(scene, "eva <- CALL in: eva* anna?, rung anna ANSWERED\n"
                        "anna <- CALL waiting 1: eva* anna?\n"
                        "anna <- CALL here waiting 1: eva* anna?\n");
    scene_statement(scene, cast.eva, cast.anna, CALL_ADMITTED);
    scene_expect(scene, "eva <- DONE\n"
                        "eva <- CALL in: eva* anna, rung anna ANSWERED, 1 signed\n"
                        "anna <- CALL in: eva* anna, rung anna ANSWERED, 1 signed\n");
    scene_leave(scene, cast.anna, false);
    scene_expect(scene, "anna <- DONE\n"
                        "anna <- CALL over LEFT\n"
                        "eva <- CALL in: eva*, rung anna ANSWERED\n");
    scene_leave(scene, cast.eva, false);
    scene_expect(scene, "eva <- DONE\n"
                        "eva <- CALL over LEFT\n"
                        "eva <- RINGS CANCELLED by nobody\n"
                        "anna <- RINGS CANCELLED by nobody\n");
    scene_leave(scene, cast.eva, false);
    scene_expect(scene, "eva <- DONE\n");
    cast_end(&cast);
}

static void who_answers_on_one_device_silences_the_other(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin(&cast);
    struct actor *pad = scene_device(scene, "pad", cast.anna);
    scene_join(scene, cast.eva);
    scene_ring(scene, cast.eva, cast.anna, false);
    scene_forget(scene);
    scene_join(scene, pad);
    scene_expect(scene, "anna <- RINGS ANSWERED by eva\n"
                        "eva <- CALL in: eva* pad?, rung anna ANSWERED\n"
                        "pad <- CALL waiting 1: eva* pad?\n"
                        "pad <- CALL here waiting 1: eva* pad?\n");
    /* The other device may come, too: it is another participant. */
    scene_join(scene, cast.anna);
    scene_expect(scene, "eva <- CALL in: eva* pad? anna?, rung anna ANSWERED\n"
                        "pad <- CALL waiting 1: eva* pad?\n"
                        "anna <- CALL waiting 2: eva* anna?\n"
                        "anna <- CALL here waiting 2: eva* anna?\n");
    cast_end(&cast);
}

static void a_ring_is_declined_or_busy_or_missed_or_cancelled(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin(&cast);
    struct actor *pad = scene_device(scene, "pad", cast.anna);
    scene_join(scene, cast.eva);
    scene_ring(scene, cast.eva, cast.anna, false);
    scene_forget(scene);
    scene_refuse(scene, pad, false);
    scene_expect(scene, "pad <- DONE\n"
                        "anna <- RINGS DECLINED by eva\n"
                        "eva <- CALL in: eva*, rung anna DECLINED\n");
    scene_refuse(scene, cast.anna, false);
    scene_expect(scene, "anna <- DONE\n");
    scene_ring(scene, cast.eva, cast.anna, false);
    scene_expect(scene, "eva <- TOO_FAST\n");
    scene_pass(scene, CALL_RING_AGAIN_MS);
    scene_ring(scene, cast.eva, cast.anna, false);
    scene_forget(scene);
    scene_refuse(scene, cast.anna, true);
    scene_expect(scene, "anna <- DONE\n"
                        "pad <- RINGS BUSY by eva\n"
                        "eva <- CALL in: eva*, rung anna BUSY\n");
    scene_pass(scene, CALL_RING_AGAIN_MS);
    scene_ring(scene, cast.eva, cast.anna, false);
    scene_forget(scene);
    scene_pass(scene, CALL_RING_MS - 1);
    scene_expect(scene, "");
    scene_pass(scene, 1);
    scene_expect(scene, "anna <- RINGS MISSED by eva\n"
                        "pad <- RINGS MISSED by eva\n"
                        "eva <- CALL in: eva*, rung anna MISSED\n");
    scene_ring(scene, cast.eva, cast.anna, false);
    scene_forget(scene);
    scene_ring(scene, cast.eva, cast.anna, true);
    scene_expect(scene, "anna <- RINGS CANCELLED by eva\n"
                        "pad <- RINGS CANCELLED by eva\n"
                        "eva <- DONE\n"
                        "eva <- CALL in: eva*, rung anna CANCELLED\n");
    cast_end(&cast);
}

static void a_citizen_rings_and_the_first_staff_who_comes_lets_in(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin(&cast);
    scene_join(scene, cast.anna);
    scene_expect(scene, "anna <- CALL waiting 1: anna?\n"
                        "eva <- RINGS GOES_ON by anna\n"
                        "anna <- CALL here waiting 1: anna?\n");
    scene_ring(scene, cast.anna, cast.eva, false);
    scene_expect(scene, "eva <- RINGS RINGING by anna\n"
                        "anna <- DONE\n"
                        "anna <- CALL waiting 1: anna?\n");
    scene_join(scene, cast.eva);
    scene_expect(scene, "anna <- CALL waiting 1: anna? eva*\n"
                        "eva <- CALL in: anna? eva*, rung eva ANSWERED\n"
                        "eva <- CALL here in: anna? eva*, rung eva ANSWERED\n");
    /* Now there is staff: who waits rings nobody. */
    scene_ring(scene, cast.anna, cast.eva, false);
    scene_expect(scene, "anna <- MAY_NOT\n");
    cast_end(&cast);
}

static void a_device_that_connects_while_it_rings_is_told(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin(&cast);
    cast.anna->follows = false;
    scene_join(scene, cast.eva);
    scene_ring(scene, cast.eva, cast.anna, false);
    scene_expect(scene, "eva <- CALL in: eva*\n"
                        "eva <- CALL here in: eva*\n"
                        "eva <- DONE\n"
                        "eva <- CALL in: eva*, rung anna RINGING\n");
    scene_follow(scene, cast.anna);
    scene_expect(scene, "anna <- RINGS RINGING by eva\n");
    scene_pass(scene, CALL_RING_MS);
    scene_forget(scene);
    scene_follow(scene, cast.anna);
    scene_expect(scene, "anna <- RINGS GOES_ON by eva\n");
    cast_end(&cast);
}

static void who_is_lost_comes_back_without_knocking(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    scene_lose(scene, cast.anna);
    scene_expect(scene, "eva <- CALL in: eva* anna~, 1 signed\n");
    scene_pass(scene, CALL_AWAY_MS - 1);
    scene_return(scene, cast.anna);
    scene_expect(scene, "eva <- CALL in: eva* anna, 1 signed\n"
                        "anna <- CALL in: eva* anna, 1 signed\n"
                        "anna <- CALL here in: eva* anna, 1 signed\n");
    scene_lose(scene, cast.anna);
    scene_forget(scene);
    scene_pass(scene, CALL_AWAY_MS);
    scene_expect(scene, "eva <- CALL in: eva*\n");
    /* Too late: this is knocking again. */
    scene_return(scene, cast.anna);
    scene_expect(scene, "eva <- CALL in: eva* anna?\n"
                        "anna <- CALL waiting 1: eva* anna?\n"
                        "anna <- CALL here waiting 1: eva* anna?\n");
    cast_end(&cast);
}

/* The old connection is not known to be lost yet when the new one comes. */
static void who_comes_again_on_another_connection_is_there_once(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    scene_return(scene, cast.anna);
    scene_expect(scene, "nobody <- CALL over LEFT\n"
                        "eva <- CALL in: eva* anna, 1 signed\n"
                        "anna <- CALL in: eva* anna, 1 signed\n"
                        "anna <- CALL here in: eva* anna, 1 signed\n");
    /* A page loaded anew has a new key: it must be let in again, and what it had is closed. */
    scene_join(scene, cast.anna);
    scene_expect(scene, "eva <- CALL in: eva* anna?\n"
                        "anna <- CALL waiting 1: eva* anna?\n"
                        "anna <- CALL here waiting 1: eva* anna?\n");
    cast_end(&cast);
}

static void a_lost_moderator_locks_nobody_in_or_out(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    struct actor *per = scene_person(scene, "per", ROLE_STAFF);
    scene_join(scene, cast.tolk);
    scene_lose(scene, cast.eva);
    scene_forget(scene);
    /* Nobody can be let in now; who is in goes on. */
    scene_statement(scene, cast.anna, cast.tolk, CALL_ADMITTED);
    scene_expect(scene, "anna <- MAY_NOT\n");
    scene_send(scene, cast.anna, cast.eva);
    scene_expect(scene, "anna <- CALL_GONE\n");
    /* Other staff come: they lead. */
    scene_join(scene, per);
    scene_expect(scene, "anna <- CALL in: eva~ anna tolk? per*, 1 signed\n"
                        "tolk <- CALL waiting 1: eva~ tolk? per*\n"
                        "per <- CALL in: eva~ anna tolk? per*, 1 signed\n"
                        "per <- CALL here in: eva~ anna tolk? per*, 1 signed\n");
    scene_statement(scene, per, cast.tolk, CALL_ADMITTED);
    scene_forget(scene);
    scene_return(scene, cast.eva);
    scene_forget(scene);
    scene_lead(scene, per, cast.eva);
    scene_expect(scene, "per <- DONE\n"
                        "eva <- CALL in: eva* anna tolk per, 2 signed\n"
                        "anna <- CALL in: eva* anna tolk per, 2 signed\n"
                        "tolk <- CALL in: eva* anna tolk per, 2 signed\n"
                        "per <- CALL in: eva* anna tolk per, 2 signed\n");
    scene_lead(scene, per, per);
    scene_expect(scene, "per <- MAY_NOT\n");
    scene_lead(scene, cast.eva, cast.anna);
    scene_expect(scene, "eva <- CALL_GONE\n");
    cast_end(&cast);
}

static void who_is_put_out_comes_in_only_by_a_new_key_and_a_new_statement(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    scene_statement(scene, cast.eva, cast.anna, CALL_PUT_OUT);
    scene_expect(scene, "anna <- CALL over PUT_OUT\n"
                        "eva <- DONE\n"
                        "eva <- CALL in: eva*, 1 signed\n");
    scene_return(scene, cast.anna);
    scene_expect(scene, "anna <- MAY_NOT\n");
    scene_join(scene, cast.anna);
    scene_expect(scene, "eva <- CALL in: eva* anna?, 1 signed\n"
                        "anna <- CALL waiting 1: eva* anna?\n"
                        "anna <- CALL here waiting 1: eva* anna?\n");
    scene_statement(scene, cast.eva, cast.anna, CALL_ADMITTED);
    scene_expect(scene, "eva <- DONE\n"
                        "eva <- CALL in: eva* anna, 2 signed\n"
                        "anna <- CALL in: eva* anna, 2 signed\n");
    cast_end(&cast);
}

static void a_guest_knows_the_call_only_and_is_let_in_by_staff(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin(&cast);
    scene_join(scene, cast.tolk);
    scene_expect(scene, "tolk <- CALL_UNKNOWN\n");
    scene_join(scene, cast.eva);
    scene_forget(scene);
    scene_join(scene, cast.tolk);
    scene_expect(scene, "eva <- CALL in: eva* tolk?\n"
                        "tolk <- CALL waiting 1: eva* tolk?\n"
                        "tolk <- CALL here waiting 1: eva* tolk?\n");
    /* Staff and who waits can talk; who waits sends to nobody else, and gets no media. */
    scene_send(scene, cast.eva, cast.tolk);
    scene_send(scene, cast.tolk, cast.eva);
    scene_expect(scene, "tolk <- frame of 1\n"
                        "eva <- DONE\n"
                        "eva <- frame of 2\n"
                        "tolk <- DONE\n");
    scene_leg(scene, cast.tolk, "tttt", "v");
    scene_expect(scene, "tolk <- MAY_NOT\n");
    scene_join(scene, cast.anna);
    scene_forget(scene);
    scene_send(scene, cast.anna, cast.tolk);
    scene_expect(scene, "anna <- MAY_NOT\n");
    cast_end(&cast);
}

static void media_goes_to_everybody_who_is_in_and_to_nobody_else(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    scene_leg(scene, cast.eva, "eeee", "v");
    scene_expect(scene, "relay: leg 1 of call 1 opens for eva\n"
                        "relay: leg 1 sends VOICE\n"
                        "eva <- CALL in: eva*+V anna, 1 signed\n"
                        "anna <- CALL in: eva*+V anna, 1 signed\n");
    scene_leg(scene, cast.anna, "aaaa", "vc");
    scene_expect(scene, "relay: leg 2 of call 1 opens for anna\n"
                        "relay: leg 2 gets VOICE\n"
                        "relay: leg 2 sends VOICE\n"
                        "relay: leg 1 gets VOICE\n"
                        "relay: leg 2 sends CAMERA\n"
                        "relay: leg 1 gets CAMERA\n"
                        "eva <- CALL in: eva*+V anna+V+C, 1 signed\n"
                        "anna <- CALL in: eva*+V anna+V+C, 1 signed\n");
    /* A screen more, on the same connection. */
    scene_leg(scene, cast.eva, "eeee", "vs");
    scene_expect(scene, "relay: leg 1 stays\n"
                        "relay: leg 1 sends SCREEN\n"
                        "relay: leg 2 gets SCREEN\n"
                        "eva <- CALL in: eva*+V+S anna+V+C, 1 signed\n"
                        "anna <- CALL in: eva*+V+S anna+V+C, 1 signed\n");
    scene_leg(scene, cast.eva, "eeee", "v");
    scene_expect(scene, "relay: leg 1 stays\n"
                        "relay: leg 1 no longer sends SCREEN\n"
                        "eva <- CALL in: eva*+V anna+V+C, 1 signed\n"
                        "anna <- CALL in: eva*+V anna+V+C, 1 signed\n");
    /* The connection is made anew. */
    scene_leg(scene, cast.anna, "bbbb", "v");
    scene_expect(scene, "relay: leg 2 closes\n"
                        "relay: leg 3 of call 1 opens for anna\n"
                        "relay: leg 3 gets VOICE\n"
                        "relay: leg 3 sends VOICE\n"
                        "relay: leg 1 gets VOICE\n"
                        "eva <- CALL in: eva*+V anna+V, 1 signed\n"
                        "anna <- CALL in: eva*+V anna+V, 1 signed\n");
    /* Media goes on while the signalling is away, and ends when the person is put out. */
    scene_lose(scene, cast.anna);
    scene_expect(scene, "eva <- CALL in: eva*+V anna~+V, 1 signed\n");
    scene_statement(scene, cast.eva, cast.anna, CALL_PUT_OUT);
    scene_expect(scene, "relay: leg 3 closes\n"
                        "eva <- DONE\n"
                        "eva <- CALL in: eva*+V, 1 signed\n");
    scene_leg(scene, cast.eva, "eeee", "vv");
    scene_expect(scene, "eva <- MALFORMED\n");
    cast_end(&cast);
}

static void staff_end_the_call_for_all_and_the_keeper_sees_who_was_there(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    scene->tells_keepers = true;
    scene_leave(scene, cast.anna, true);
    scene_expect(scene, "anna <- MAY_NOT\n");
    scene_leave(scene, cast.eva, true);
    scene_expect(scene, "eva <- DONE\n"
                        "eva <- RINGS CANCELLED by nobody\n"
                        "anna <- RINGS CANCELLED by nobody\n"
                        "keeper <- CALL over ENDED\n"
                        "eva <- CALL over ENDED\n"
                        "anna <- CALL over ENDED\n");
    cast_end(&cast);
}

static void a_call_without_staff_goes_on_and_ends_with_the_last_who_was_in(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    scene_join(scene, cast.tolk);
    scene_leave(scene, cast.eva, false);
    scene_forget(scene);
    scene_pass(scene, 1000);
    scene_expect(scene, "");
    scene_leave(scene, cast.anna, false);
    scene_expect(scene, "anna <- DONE\n"
                        "anna <- CALL over LEFT\n"
                        "eva <- RINGS CANCELLED by nobody\n"
                        "anna <- RINGS CANCELLED by nobody\n"
                        "tolk <- CALL over EMPTY\n");
    cast_end(&cast);
}

static void who_is_no_longer_a_member_is_out_at_the_next_tick(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    cast.anna->follows = false;
    scene_pass(scene, 1000);
    scene_expect(scene, "anna <- CALL over MEMBER\n"
                        "eva <- CALL in: eva*\n");
    cast_end(&cast);
}

static void the_last_one_loads_the_page_anew_and_begins_another(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    scene_leave(scene, cast.eva, false);
    scene_forget(scene);
    /* Nobody who was admitted is in it any more: it is over. */
    scene_join(scene, cast.anna);
    scene_expect(scene, "eva <- RINGS CANCELLED by nobody\n"
                        "anna <- RINGS CANCELLED by nobody\n"
                        "anna <- CALL over EMPTY\n"
                        "anna <- CALL_UNKNOWN\n");
    scene_join(scene, cast.anna);
    scene_expect(scene, "anna <- CALL waiting 1: anna?\n"
                        "eva <- RINGS GOES_ON by anna\n"
                        "anna <- CALL here waiting 1: anna?\n");
    cast_end(&cast);
}

/* Both begin a call in the room at the same moment: the later one is told, and comes to the other.
 */
static void glare_is_one_call(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin(&cast);
    struct id first = scene->call;
    scene_join(scene, cast.anna);
    scene_forget(scene);
    memset(scene->call.bytes, 0xcb, ID_BYTES);
    scene_join(scene, cast.eva);
    scene_expect(scene, "eva <- RINGS GOES_ON by anna\n"
                        "eva <- CALL_OTHER\n");
    scene->call = first;
    scene_join(scene, cast.eva);
    scene_expect(scene, "anna <- CALL waiting 1: anna? eva*\n"
                        "eva <- CALL in: anna? eva*\n"
                        "eva <- CALL here in: anna? eva*\n");
    /* Both ring each other: each is here already. */
    scene_ring(scene, cast.eva, cast.anna, false);
    scene_expect(scene, "eva <- DONE\n"
                        "anna <- CALL waiting 1: anna? eva*\n"
                        "eva <- CALL in: anna? eva*, rung anna ANSWERED\n");
    cast_end(&cast);
}

/* It rang for nothing. Who would begin another call is told of the one that goes on: who follows
 * the room, and nobody else. */
static void who_missed_a_call_can_come_to_it(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin(&cast);
    struct id first = scene->call;
    scene_join(scene, cast.eva);
    scene_ring(scene, cast.eva, cast.anna, false);
    scene_pass(scene, CALL_RING_MS);
    scene_forget(scene);
    memset(scene->call.bytes, 0xcb, ID_BYTES);
    scene_join(scene, cast.tolk);
    scene_expect(scene, "tolk <- CALL_UNKNOWN\n");
    scene_key(scene, cast.anna, &scene->call);
    struct msg_call_join message = {.board = scene->board,
                                    .room = id_slice(&scene->room),
                                    .call = scene->call,
                                    .key = buffer_slice(&cast.anna->key_bytes)};
    cast.anna->follows = false;
    scene_raw_join(scene, cast.anna, &message);
    scene_expect(scene, "anna <- ROOM_UNKNOWN\n");
    cast.anna->follows = true;
    scene_raw_join(scene, cast.anna, &message);
    scene_expect(scene, "anna <- RINGS GOES_ON by eva\n"
                        "anna <- CALL_OTHER\n");
    scene->call = first;
    scene_join(scene, cast.anna);
    scene_expect(scene, "eva <- CALL in: eva* anna?, rung anna MISSED\n"
                        "anna <- CALL waiting 1: eva* anna?\n"
                        "anna <- CALL here waiting 1: eva* anna?\n");
    cast_end(&cast);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(staff_ring_a_citizen_who_waits_is_admitted_and_both_leave),
        cmocka_unit_test(who_answers_on_one_device_silences_the_other),
        cmocka_unit_test(a_ring_is_declined_or_busy_or_missed_or_cancelled),
        cmocka_unit_test(a_citizen_rings_and_the_first_staff_who_comes_lets_in),
        cmocka_unit_test(a_device_that_connects_while_it_rings_is_told),
        cmocka_unit_test(who_is_lost_comes_back_without_knocking),
        cmocka_unit_test(who_comes_again_on_another_connection_is_there_once),
        cmocka_unit_test(a_lost_moderator_locks_nobody_in_or_out),
        cmocka_unit_test(who_is_put_out_comes_in_only_by_a_new_key_and_a_new_statement),
        cmocka_unit_test(a_guest_knows_the_call_only_and_is_let_in_by_staff),
        cmocka_unit_test(media_goes_to_everybody_who_is_in_and_to_nobody_else),
        cmocka_unit_test(staff_end_the_call_for_all_and_the_keeper_sees_who_was_there),
        cmocka_unit_test(a_call_without_staff_goes_on_and_ends_with_the_last_who_was_in),
        cmocka_unit_test(the_last_one_loads_the_page_anew_and_begins_another),
        cmocka_unit_test(who_is_no_longer_a_member_is_out_at_the_next_tick),
        cmocka_unit_test(glare_is_one_call),
        cmocka_unit_test(who_missed_a_call_can_come_to_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
