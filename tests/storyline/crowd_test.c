/* Storylines of calls that are crowded, or in which somebody is hasty, forgetful or means no good:
 * nobody else is locked in or out by it. */
#include "callcast.h"

#include "call/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A guest who knocks and is put out, again and again with new keys, fills no table that somebody
 * else needs. */
static void who_knocks_again_and_again_keeps_nobody_out(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    for (size_t i = 0; i < CALL_ADMISSIONS_MAX; i++) {
        scene_pass(scene, CALL_PACE_MS / CALL_COMINGS_MAX);
        scene_join(scene, cast.tolk);
        scene_statement(scene, cast.eva, cast.tolk, CALL_PUT_OUT);
        scene_forget(scene);
    }
    struct actor *ulla = scene_person(scene, "ulla", ROLE_CITIZEN);
    scene_join(scene, ulla);
    scene_forget(scene);
    scene_statement(scene, cast.eva, ulla, CALL_ADMITTED);
    scene_expect(scene, "eva <- DONE\n"
                        "eva <- CALL in: eva* anna ulla, 64 signed\n"
                        "anna <- CALL in: eva* anna ulla, 64 signed\n"
                        "ulla <- CALL in: eva* anna ulla, 64 signed\n");
    /* Whose statement says that she is in is in by it still. */
    scene_statement(scene, cast.eva, cast.tolk, CALL_PUT_OUT);
    scene_forget(scene);
    const struct call *call = call_find(scene->calls, &scene->board, &scene->call);
    size_t admitted = 0;
    for (size_t i = 0; i < call->admission_count; i++) {
        admitted += call->admissions[i].operation == CALL_ADMITTED;
    }
    assert_int_equal(admitted, 2);
    cast_end(&cast);
}

/* Eleven who wait for the first of the staff do not take her place. */
static void who_waits_does_not_take_the_place_of_staff(void **state)
{
    (void)state;
    static const char *names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin(&cast);
    scene_join(scene, cast.anna);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        scene_join(scene, scene_person(scene, names[i], ROLE_GUEST));
        scene_forget(scene);
    }
    scene_join(scene, cast.tolk);
    scene_expect(scene, "tolk <- CALL_FULL\n");
    scene_join(scene, cast.eva);
    assert_non_null(strstr(scene->trace, "eva <- CALL here in: anna?"));
    scene_forget(scene);
    /* She makes room for others as she likes. */
    scene_statement(scene, cast.eva, cast.anna, CALL_PUT_OUT);
    scene_forget(scene);
    scene_join(scene, cast.tolk);
    assert_non_null(strstr(scene->trace, "tolk <- CALL here waiting 11"));
    scene_forget(scene);
    cast_end(&cast);
}

/* Her connection is back, but she does not follow the room yet, or never will: nothing changes
 * before she does, and she is not taken for somebody who is no longer a member. */
static void who_comes_back_follows_the_room_first(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    scene_lose(scene, cast.anna);
    scene_forget(scene);
    cast.anna->follows = false;
    scene_return(scene, cast.anna);
    scene_expect(scene, "anna <- ROOM_UNKNOWN\n");
    scene_pass(scene, 1000);
    scene_expect(scene, "");
    cast.anna->follows = true;
    scene_return(scene, cast.anna);
    scene_expect(scene, "eva <- CALL in: eva* anna, 1 signed\n"
                        "anna <- CALL in: eva* anna, 1 signed\n"
                        "anna <- CALL here in: eva* anna, 1 signed\n");
    cast_end(&cast);
}

/* A message that comes twice is answered twice, and told to nobody else. */
static void what_comes_twice_or_late_changes_nothing(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    scene_again(scene, cast.anna);
    scene_expect(scene, "anna <- CALL here in: eva* anna, 1 signed\n");
    scene_leg(scene, cast.anna, "aaaa", "v");
    scene_forget(scene);
    scene_leg(scene, cast.anna, "aaaa", "v");
    scene_expect(scene, "relay: leg 1 stays\n");
    /* Late: she is put out, and then comes what she and others had sent before they knew. */
    scene_statement(scene, cast.eva, cast.anna, CALL_PUT_OUT);
    scene_forget(scene);
    scene_leg(scene, cast.anna, "bbbb", "v");
    scene_send(scene, cast.eva, cast.anna);
    scene_statement(scene, cast.eva, cast.anna, CALL_ADMITTED);
    scene_expect(scene, "anna <- CALL_UNKNOWN\n"
                        "eva <- CALL_GONE\n"
                        "eva <- CALL_GONE\n");
    cast_end(&cast);
}

/* Who says again and again that it sends something else is stopped, and who stays as it is, is
 * not. */
static void who_changes_its_streams_too_fast_is_stopped(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    for (int i = 0; i < CALL_LEG_CHANGES_MAX; i++) {
        scene_leg(scene, cast.anna, "aaaa", i % 2 == 0 ? "v" : "vc");
    }
    scene_forget(scene);
    scene_leg(scene, cast.anna, "aaaa", "v");
    scene_leg(scene, cast.anna, "bbbb", "vc");
    scene_expect(scene, "anna <- TOO_FAST\n"
                        "anna <- TOO_FAST\n");
    scene_leg(scene, cast.anna, "aaaa", "vc");
    scene_expect(scene, "relay: leg 1 stays\n");
    scene_pass(scene, CALL_PACE_MS);
    scene_leg(scene, cast.anna, "aaaa", "v");
    scene_expect(scene, "relay: leg 1 stays\n"
                        "relay: leg 1 no longer sends CAMERA\n"
                        "eva <- CALL in: eva* anna+V, 1 signed\n"
                        "anna <- CALL in: eva* anna+V, 1 signed\n");
    cast_end(&cast);
}

/* Whoever waits can fill neither what the others hear nor what waits to be sent to the staff. */
static void who_knocks_or_talks_without_end_is_slowed_down(void **state)
{
    (void)state;
    static const uint8_t frame[CALL_FRAME_BYTES_MAX];
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    for (int i = 0; i < CALL_COMINGS_MAX; i++) {
        scene_join(scene, cast.tolk);
        scene_forget(scene);
    }
    scene_join(scene, cast.anna);
    assert_non_null(strstr(scene->trace, "anna <- CALL here waiting"));
    scene_forget(scene);
    scene_join(scene, cast.tolk);
    scene_expect(scene, "tolk <- TOO_FAST\n");
    scene_pass(scene, CALL_PACE_MS);
    scene_join(scene, cast.tolk);
    scene_statement(scene, cast.eva, cast.anna, CALL_ADMITTED);
    scene_forget(scene);
    const size_t whole = CALL_SENT_WAITING_BYTES_MAX / sizeof frame;
    for (size_t i = 0; i < whole; i++) {
        scene_send_frame(scene, cast.tolk, cast.eva, slice_of(frame, sizeof frame));
        scene_expect(scene, "eva <- frame of 24\n"
                            "tolk <- DONE\n");
    }
    scene_send(scene, cast.tolk, cast.eva);
    scene_expect(scene, "tolk <- TOO_FAST\n");
    /* Who is in has much more to say: keys and pictures of text for eleven others. */
    for (size_t i = 0; i < 2 * whole; i++) {
        scene_send_frame(scene, cast.anna, cast.eva, slice_of(frame, sizeof frame));
        assert_non_null(strstr(scene->trace, "anna <- DONE\n"));
        scene_forget(scene);
    }
    scene_pass(scene, CALL_PACE_MS);
    scene_send(scene, cast.tolk, cast.eva);
    assert_non_null(strstr(scene->trace, "tolk <- DONE\n"));
    scene_forget(scene);
    cast_end(&cast);
}

/* A connection that proves to be another device is that one from then on: it has no say as the
 * first, is in the call once, and leaves nothing when it is lost. */
static void a_connection_is_one_device(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    struct actor *other = scene_person(scene, "other", ROLE_GUEST);
    scene_join(scene, cast.tolk);
    scene_forget(scene);
    other->caller.session = cast.tolk->caller.session;
    cast.tolk->caller.session = 99;
    scene_send(scene, other, cast.eva);
    scene_expect(scene, "other <- CALL_UNKNOWN\n");
    scene_join(scene, other);
    scene_expect(scene, "other <- CALL over LEFT\n"
                        "eva <- CALL in: eva* anna other?, 1 signed\n"
                        "anna <- CALL in: eva* anna other?, 1 signed\n"
                        "other <- CALL waiting 1: eva* other?\n"
                        "other <- CALL here waiting 1: eva* other?\n");
    scene_lose(scene, other);
    scene_expect(scene, "eva <- CALL in: eva* anna other?, 1 signed\n"
                        "anna <- CALL in: eva* anna other?, 1 signed\n");
    scene_pass(scene, CALL_AWAY_MS);
    scene_forget(scene);
    struct calls_counts counts;
    calls_count(scene->calls, &counts);
    assert_int_equal(counts.in, 2);
    assert_int_equal(counts.waiting, 0);
    cast_end(&cast);
}

/* Who was rung is left in peace for a while, however many others are rung meanwhile. */
static void nobody_is_rung_again_by_way_of_others(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin(&cast);
    scene_join(scene, cast.eva);
    scene_ring(scene, cast.eva, cast.anna, false);
    scene_ring(scene, cast.eva, cast.anna, true);
    scene_forget(scene);
    struct actor *others[CALL_PARTICIPANTS_MAX];
    for (size_t i = 0; i < CALL_PARTICIPANTS_MAX; i++) {
        others[i] = scene_person(scene, "other", ROLE_CITIZEN);
        scene_ring(scene, cast.eva, others[i], false);
        scene_ring(scene, cast.eva, others[i], true);
    }
    scene_forget(scene);
    scene_ring(scene, cast.eva, cast.anna, false);
    scene_expect(scene, "eva <- TOO_FAST\n");
    scene_pass(scene, CALL_RING_AGAIN_MS);
    scene_ring(scene, cast.eva, others[11], false);
    assert_non_null(strstr(scene->trace, "other <- RINGS RINGING by eva\n"));
    scene_forget(scene);
    cast_end(&cast);
}

static void one_person_takes_few_places(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene, 100);
    struct actor *anna = scene_person(&scene, "anna", ROLE_CITIZEN);
    struct actor *pad = scene_device(&scene, "pad", anna);
    for (int i = 0; i < CALLS_PER_PERSON_MAX; i++) {
        memset(scene.room.bytes, 0x71 + i, ID_BYTES);
        memset(scene.call.bytes, 0xd0 + i, ID_BYTES);
        scene_join(&scene, anna);
    }
    scene_forget(&scene);
    /* Another device of the same person comes to what there is, and to nothing new. */
    scene_join(&scene, pad);
    assert_non_null(strstr(scene.trace, "pad <- CALL here waiting 2: pad?"));
    scene_forget(&scene);
    memset(scene.room.bytes, 0x7f, ID_BYTES);
    memset(scene.call.bytes, 0xdf, ID_BYTES);
    scene_join(&scene, pad);
    scene_expect(&scene, "pad <- TOO_MANY\n");
    /* Nor do many devices of one person fill a call. */
    memset(scene.room.bytes, 0x71 + CALLS_PER_PERSON_MAX - 1, ID_BYTES);
    memset(scene.call.bytes, 0xd0 + CALLS_PER_PERSON_MAX - 1, ID_BYTES);
    scene_join(&scene, pad);
    scene_forget(&scene);
    for (int i = 2; i < CALL_PLACES_PER_PERSON_MAX; i++) {
        scene_join(&scene, scene_device(&scene, "more", anna));
        assert_null(strstr(scene.trace, "TOO_MANY"));
        scene_forget(&scene);
    }
    struct actor *last = scene_device(&scene, "last", anna);
    scene_join(&scene, last);
    scene_expect(&scene, "last <- TOO_MANY\n");
    /* One that comes with a new key takes no place more. */
    scene_join(&scene, pad);
    assert_non_null(strstr(scene.trace, "pad <- CALL here waiting"));
    scene_forget(&scene);
    scene_end(&scene);
}

static void a_call_holds_twelve(void **state)
{
    (void)state;
    static const char *names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
    struct scene scene;
    scene_begin(&scene, 1);
    struct actor *all[CALL_PARTICIPANTS_MAX];
    for (size_t i = 0; i < CALL_PARTICIPANTS_MAX; i++) {
        all[i] = scene_person(&scene, names[i], ROLE_STAFF);
        scene_join(&scene, all[i]);
        scene_forget(&scene);
    }
    struct actor *late = scene_person(&scene, "late", ROLE_STAFF);
    scene_join(&scene, late);
    scene_expect(&scene, "late <- CALL_FULL\n");
    /* All sign for all: there is place for 64 statements, and always for one that puts out. */
    for (size_t by = 0; by < CALL_PARTICIPANTS_MAX; by++) {
        for (size_t about = 0; about < CALL_PARTICIPANTS_MAX; about++) {
            scene_statement(&scene, all[by], all[about], CALL_ADMITTED);
            bool is_kept = by * CALL_PARTICIPANTS_MAX + about < CALL_ADMISSIONS_MAX;
            char first[32];
            (void)snprintf(first, sizeof first, "%s <- %s\n", all[by]->name,
                           is_kept ? "DONE" : "TOO_MANY");
            assert_memory_equal(scene.trace, first, strlen(first));
            scene_forget(&scene);
        }
    }
    scene_statement(&scene, all[0], all[1], CALL_PUT_OUT);
    assert_non_null(strstr(scene.trace, "a <- DONE\n"));
    assert_non_null(strstr(scene.trace, "b <- CALL over PUT_OUT\n"));
    scene_forget(&scene);
    scene_end(&scene);
}

static void what_a_program_that_keeps_the_rules_does_not_send_is_refused(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    struct actor *per = scene_person(scene, "per", ROLE_STAFF);
    struct msg_call_join join = {.board = scene->board,
                                 .room = id_slice(&scene->room),
                                 .call = scene->call,
                                 .key = slice_of("nonsense", 8)};
    scene_raw_join(scene, per, &join);
    scene_expect(scene, "per <- MALFORMED\n");
    /* Another device's key. */
    join.key = buffer_slice(&cast.anna->key_bytes);
    scene_raw_join(scene, per, &join);
    scene_expect(scene, "per <- DEVICE_OTHER\n");
    /* A key for another call. */
    scene_key(scene, per, &scene->room);
    join.key = buffer_slice(&per->key_bytes);
    scene_raw_join(scene, per, &join);
    scene_expect(scene, "per <- MALFORMED\n");
    /* Who does not follow the room is no member of it. */
    scene_key(scene, per, &scene->call);
    join.key = buffer_slice(&per->key_bytes);
    per->follows = false;
    scene_raw_join(scene, per, &join);
    scene_expect(scene, "per <- ROOM_UNKNOWN\n");
    /* Statements of who is not in, and about who is not there. */
    scene_statement(scene, per, cast.anna, CALL_PUT_OUT);
    scene_expect(scene, "per <- CALL_UNKNOWN\n");
    scene_statement(scene, cast.anna, cast.eva, CALL_PUT_OUT);
    scene_expect(scene, "anna <- MAY_NOT\n");
    scene_statement(scene, cast.eva, per, CALL_ADMITTED);
    scene_expect(scene, "eva <- CALL_GONE\n");
    struct msg_call_admit admit = {
        .board = scene->board, .call = scene->call, .statement = slice_of("nonsense", 8)};
    scene_raw_admit(scene, cast.eva, &admit);
    scene_expect(scene, "eva <- MALFORMED\n");
    scene_send(scene, cast.eva, cast.eva);
    scene_expect(scene, "eva <- MAY_NOT\n");
    cast_end(&cast);
}

static void one_call_in_a_room_and_so_many_in_all(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin_together(&cast);
    struct actor *per = scene_person(scene, "per", ROLE_STAFF);
    struct id first = scene->call;
    memset(scene->call.bytes, 0xcb, ID_BYTES);
    scene_join(scene, per);
    scene_expect(scene, "per <- RINGS GOES_ON by eva\n"
                        "per <- CALL_OTHER\n");
    for (int i = 0; i < 3; i++) {
        memset(scene->room.bytes, 0x71 + i, ID_BYTES);
        memset(scene->call.bytes, 0xd0 + i, ID_BYTES);
        scene_join(scene, per);
    }
    scene_forget(scene);
    struct actor *ulla = scene_person(scene, "ulla", ROLE_STAFF);
    memset(scene->room.bytes, 0x7f, ID_BYTES);
    memset(scene->call.bytes, 0xdf, ID_BYTES);
    scene_join(scene, ulla);
    scene_expect(scene, "ulla <- CALL_FULL\n");
    /* A room that the call is not in. */
    scene->call = first;
    scene_join(scene, per);
    scene_expect(scene, "per <- CALL_UNKNOWN\n");
    cast_end(&cast);
}

/* Whoever is in another call is busy, also when another device of theirs waits there. */
static void who_is_in_another_call_with_one_of_two_devices_is_busy(void **state)
{
    (void)state;
    struct cast cast;
    struct scene *scene = &cast.scene;
    cast_begin(&cast);
    struct actor *pad = scene_device(scene, "pad", cast.anna);
    struct id room = scene->room, call = scene->call;
    memset(scene->room.bytes, 0x71, ID_BYTES);
    memset(scene->call.bytes, 0xd0, ID_BYTES);
    scene_join(scene, cast.eva);
    scene_join(scene, cast.anna);
    scene_join(scene, pad);
    scene_statement(scene, cast.eva, pad, CALL_ADMITTED);
    scene_forget(scene);
    scene->room = room;
    scene->call = call;
    struct actor *per = scene_person(scene, "per", ROLE_STAFF);
    scene_join(scene, per);
    scene_forget(scene);
    scene_ring(scene, per, cast.anna, false);
    scene_expect(scene, "per <- DONE\n"
                        "per <- CALL in: per*, rung anna BUSY\n");
    cast_end(&cast);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_knocks_again_and_again_keeps_nobody_out),
        cmocka_unit_test(who_waits_does_not_take_the_place_of_staff),
        cmocka_unit_test(who_comes_back_follows_the_room_first),
        cmocka_unit_test(what_comes_twice_or_late_changes_nothing),
        cmocka_unit_test(who_changes_its_streams_too_fast_is_stopped),
        cmocka_unit_test(who_knocks_or_talks_without_end_is_slowed_down),
        cmocka_unit_test(a_connection_is_one_device),
        cmocka_unit_test(nobody_is_rung_again_by_way_of_others),
        cmocka_unit_test(one_person_takes_few_places),
        cmocka_unit_test(a_call_holds_twelve),
        cmocka_unit_test(what_a_program_that_keeps_the_rules_does_not_send_is_refused),
        cmocka_unit_test(one_call_in_a_room_and_so_many_in_all),
        cmocka_unit_test(who_is_in_another_call_with_one_of_two_devices_is_busy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
