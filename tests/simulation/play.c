/* play -- see play.h. */
#include "play.h"

#include "../../client-sdk/c/handle.h"
#include "actor.h"
#include "gate_of_wire.h"
#include "host.h"
#include "journal/work.h"
#include "ledger.h"
#include "network.h"
#include "papers.h"
#include "people.h"
#include "texts.h"
#include "world.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    BEGIN = 20 * SECOND,     /* the board is founded and people log in, mostly undisturbed */
    TALK = 30 * SECOND,      /* talk and trouble */
    MEET_MAX = 180 * SECOND, /* so soon must all be together again */
    QUIET = 75 * SECOND,     /* longer than the host's patience with silent sessions */
    ROOMS_MAX = 9,           /* on the host's disk, when somebody opens another */
};

/* -- People -- */

/* Where people write. */
static bool room_choose(struct actor *actor, struct id *out)
{
    return people_room(actor, 1U << ROOM_TYPE_PARTY | 1U << ROOM_TYPE_STAFF, out);
}

static void room_new(struct actor *actor)
{
    struct id room;
    if (ledger_count() < ROOMS_MAX &&
        enrum_room_new(actor->enrum, "Ett samtal", &room) == ENRUM_OK) {
        (void)enrum_follow(actor->enrum, &room);
        trace("room new", actor->index, 0);
    }
}

static void talk(struct actor *actor, const struct id *room)
{
    char words[32];
    uint64_t outbox, count = chance_is(&world.play, 80) ? chance_between(&world.play, 5, 30) : 1;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t number = text_words(words);
        enum enrum_err err = enrum_send_text(actor->enrum, room, words, &outbox);
        trace("writes", actor->index, number << 16 | (uint64_t)err);
        if (err == ENRUM_OK) {
            text_put(actor->index, room, outbox, false);
        } else if (err != ENRUM_KEY_MISSING && err != ENRUM_NOT_LOGGED_IN &&
                   err != ENRUM_ROOM_UNKNOWN) {
            world_fail("writing", "actor %zu cannot write: %s", actor->index, error_name(err));
        }
    }
}

/* The file is gone as soon as it was taken. */
static void file_send(struct actor *actor, const struct id *room)
{
    char words[32], path[PATH_MAX_BYTES];
    uint64_t outbox, number = text_words(words);
    (void)snprintf(path, sizeof path, "%s/sent", world.folder);
    text_file_write(path, number);
    struct enrum_file file = {.path = path, .name = "bilaga.bin", .text = words};
    enum enrum_err err = enrum_send_file(actor->enrum, room, &file, &outbox);
    (void)unlink(path);
    trace("sends a file", actor->index, number << 16 | (uint64_t)err);
    if (err == ENRUM_OK) {
        text_put(actor->index, room, outbox, true);
    } else if (err != ENRUM_KEY_MISSING && err != ENRUM_NOT_LOGGED_IN &&
               err != ENRUM_ROOM_UNKNOWN) {
        world_fail("writing", "actor %zu cannot send a file: %s", actor->index, error_name(err));
    }
}

static void whisper(struct actor *actor, const struct id *room)
{
    struct wire_transient_content content = {0};
    (void)enrum_transient(actor->enrum, room, &content);
}

static void renew(struct actor *actor)
{
    struct wire_letter_renew body = {.role = actor->role};
    uint64_t request;
    (void)enrum_ask(actor->enrum, LETTER_RENEW, &body, chance_is(&world.play, 300), &request);
}

/* What was sent under the old certificate, and taken without its writer having heard so, is what a
 * new one meets after a crash. */
static void renew_and_die(struct actor *actor, const struct id *room)
{
    renew(actor);
    talk(actor, room);
    if (chance_is(&world.play, 300)) {
        actor->doom = (unsigned)chance_between(&world.play, 2, 8);
    }
}

static void take(struct actor *actor)
{
    uint64_t request;
    if (actor->queued_count > 0) {
        struct wire_letter_room body = {
            actor->queued[chance_below(&world.play, actor->queued_count)]};
        (void)enrum_ask(actor->enrum, LETTER_TAKE, &body, chance_is(&world.play, 500), &request);
    }
}

/* A device, or a member of the staff, for good or until it takes the room again. */
static void take_out(struct actor *actor, const struct id *room)
{
    const struct actor *who = &actors[chance_below(&world.play, actor_count)];
    bool is_device = who->role == ROLE_CITIZEN;
    uint64_t request;
    struct wire_letter_remove body = {.room = *room,
                                      .subject_type = is_device ? SUBJECT_DEVICE : SUBJECT_PERSON,
                                      .subject = is_device ? who->device : who->person,
                                      .ground = GROUND_REQUEST};
    if (who->role != ROLE_KEEPER) {
        (void)enrum_ask(actor->enrum, LETTER_REMOVE, &body, chance_is(&world.play, 500), &request);
    }
}

static void act(struct actor *actor)
{
    struct id room;
    bool has_room = room_choose(actor, &room);
    uint64_t what = chance_below(&world.play, 1000);
    if (actor->role == ROLE_CITIZEN && (!has_room || what < 40)) {
        room_new(actor);
    } else if (actor->role == ROLE_STAFF && what < (has_room ? 30 : 400)) {
        room_new(actor);
    } else if (actor->role == ROLE_STAFF && (!has_room || what < 130)) {
        take(actor);
    } else if (actor->role == ROLE_STAFF && chance_is(&world.play, world.bustle)) {
        people_act(actor);
    } else if (what < 170 && !has_room) {
        renew(actor);
    } else if (what < 170) {
        renew_and_die(actor, &room);
    } else if (what < 200 && actor->role == ROLE_STAFF) {
        take_out(actor, &room);
    } else if (what < 270) {
        (void)enrum_mark_read(actor->enrum, &room);
    } else if (what < 300) {
        whisper(actor, &room);
    } else if (what < 380) {
        file_send(actor, &room);
    } else {
        talk(actor, &room);
    }
}

static void on_act(uint64_t subject, void *payload)
{
    struct actor *actor = &actors[subject];
    (void)payload;
    if (world.is_healed) {
        return;
    }
    if (actor->enrum != NULL) {
        act(actor);
        actor_step_at(actor, timeline_now() + 10);
    }
    timeline_after(chance_between(&world.play, 50 * MS, 4 * SECOND),
                   &(struct happening){"act", on_act, subject, NULL});
}

/* -- Trouble -- */

static void host_away(bool is_killed, uint64_t away);

static void on_host_back(uint64_t subject, void *payload)
{
    (void)subject, (void)payload;
    if (!host_is_up()) {
        host_start();
    }
}

static void host_away(bool is_killed, uint64_t away)
{
    if (host_is_up()) {
        host_stop(is_killed);
        world.restarts++;
        timeline_after(away, &(struct happening){"host back", on_host_back, 0, NULL});
    }
}

static void kill(struct actor *actor)
{
    if (actor->enrum == NULL) {
        return;
    }
    if (chance_is(&world.play, 600)) {
        actor->doom = (unsigned)chance_between(&world.play, 1, 12);
    } else {
        actor_restart(actor, chance_is(&world.play, 700), chance_below(&world.play, 10 * SECOND));
    }
}

static void trouble(void)
{
    struct actor *actor = &actors[chance_below(&world.play, actor_count)];
    uint64_t what = chance_below(&world.play, 100);
    trace("trouble", actor->index, what);
    world.faults++;
    if (what < 35) {
        wires_cut(actor->index);
    } else if (what < 50) {
        wires_part(actor->index, chance_between(&world.play, SECOND, 40 * SECOND));
    } else if (what < 58) {
        wires_mute(actor->index, chance_is(&world.play, 500) ? TO_HOST : TO_CLIENT);
    } else if (what < 66) {
        wires_stall(actor->index, chance_between(&world.play, SECOND, 20 * SECOND));
    } else if (what < 84) {
        kill(actor);
    } else {
        host_away(chance_is(&world.play, 800), chance_between(&world.play, MS, 6 * SECOND));
    }
}

static void on_trouble(uint64_t subject, void *payload)
{
    (void)payload;
    if (world.is_healed) {
        return;
    }
    trouble();
    timeline_after(chance_between(&world.play, 10 * MS, subject),
                   &(struct happening){"trouble", on_trouble, subject, NULL});
}

/* -- Together again -- */

static bool all_done(char why[160])
{
    (void)snprintf(why, 160, "the host does not run");
    ledger_read();
    if (!host_is_up()) {
        return false;
    }
    for (size_t i = 0; i < actor_count; i++) {
        if (!actor_is_done(&actors[i], why)) {
            return false;
        }
    }
    return true;
}

static void run_until(uint64_t until)
{
    while (!world.has_failed && timeline_step(until)) {
    }
}

static void meet(void)
{
    char why[160] = "";
    uint64_t until = timeline_now() + MEET_MAX;
    world.is_healed = true;
    wires_heal();
    trace("healed", 0, 0);
    for (size_t i = 0; i < actor_count; i++) {
        actors[i].doom = 0;
    }
    do {
        run_until(timeline_now() + SECOND);
    } while (!world.has_failed && !all_done(why) && timeline_now() < until);
    if (!world.has_failed && !all_done(why)) {
        world_fail("together again", "not in %d s: %s", MEET_MAX / SECOND, why);
    }
}

/* -- What is left in the server -- */

static void room_quiet_judge(const struct room *room)
{
    if (room->state != ROOM_LOADED || !list_is_empty(&room->waiting) ||
        !list_is_empty(&room->pending) || !list_is_empty(&room->failed) ||
        room->waiting_count != 0 || !room->now.exists) {
        world_fail("nothing is left", "a room waits for something that does not come");
    }
}

/* `sessions` and `follows` are those of living clients. */
static void server_judge(uint64_t sessions, uint64_t follows)
{
    struct gate_holdings gate;
    struct journal_counts journal;
    gate_holdings(host.board.gate, &gate);
    journal_counts(host.board.journal, &journal);
    if (gate.connections != sessions || journal.follows != follows) {
        world_fail("nothing is left",
                   "%" PRIu64 " sessions of %" PRIu64 ", %" PRIu64 " follows of %" PRIu64,
                   gate.connections, sessions, journal.follows, follows);
    }
    if (journal.appends_pending != 0 || host.board.outlet.backlog.count != 0 ||
        journal.rooms > ledger_count()) {
        world_fail("nothing is left", "%" PRIu64 " appends, %zu effects, %" PRIu64 " rooms of %zu",
                   journal.appends_pending, host.board.outlet.backlog.count, journal.rooms,
                   ledger_count());
    }
    size_t cursor = 0;
    void *value;
    while (table_next(&host.board.journal->rooms, &cursor, NULL, &value)) {
        room_quiet_judge(value);
    }
    if (sessions == 0 && courier_keeper(&host.board.courier, 0) != 0) {
        world_fail("nothing is left", "a keeper that is gone");
    }
}

/* Who was taken out is not told so: it learns it by its next question. */
static bool is_followed(const struct actor *actor, const struct roomcopy *copy)
{
    const struct ledger_room *room = ledger_room(&copy->id);
    return copy->is_following && room != NULL && ledger_is_member(room, &actor->person) &&
           !ledger_is_removed(room, &actor->device);
}

static uint64_t follows_count(void)
{
    uint64_t count = 0;
    for (size_t i = 0; i < actor_count; i++) {
        LIST_EACH (link, &actors[i].enrum->rooms) {
            count += is_followed(&actors[i], LIST_ITEM(link, struct roomcopy, link));
        }
    }
    return count;
}

/* -- What each device holds -- */

static void copies_judge(void)
{
    struct actor *actor = &actors[chance_below(&world.play, actor_count)];
    for (size_t i = 0; i < ledger_count(); i++) {
        struct enrum_report report;
        const struct ledger_room *room = ledger_at(i);
        enum enrum_err err = enrum_verify(actor->enrum, &room->id, &report);
        if (err == ENRUM_OK && report.err != ENRUM_OK) {
            world_fail("verified", "actor %zu, number %" PRIu64 ": %s", actor->index, report.seq,
                       error_name(report.err));
        }
    }
}

static void end_judge(void)
{
    char why[160];
    run_until(timeline_now() + QUIET);
    if (!world.has_failed && !all_done(why)) {
        world_fail("together again", "and not any more: %s", why);
    }
    if (world.has_failed) {
        return;
    }
    texts_judge();
    people_judge();
    server_judge(actor_count, follows_count());
    copies_judge();
    /* The log of the whole life is read once more, as a new process finds it. */
    ledger_use(&host.reader, true);
    for (size_t i = 0; i < actor_count && !world.has_failed; i++) {
        actor_close(&actors[i], false);
    }
    run_until(timeline_now() + QUIET);
    if (!world.has_failed) {
        server_judge(0, 0);
    }
}

/* -- A run -- */

static void cast(void)
{
    char identity[32];
    uint64_t citizens = chance_between(&world.play, 1, 2),
             staff = chance_between(&world.play, 1, 2);
    actor_new(ROLE_KEEPER, "keeper");
    for (uint64_t i = 0; i < citizens; i++) {
        /* Their personal number, by which they can be let in. */
        (void)snprintf(identity, sizeof identity, "1990010100%02" PRIu64, i);
        uint64_t devices = chance_is(&world.play, 300) ? 2 : 1;
        for (uint64_t j = 0; j < devices; j++) {
            actor_new(ROLE_CITIZEN, identity);
        }
    }
    for (uint64_t i = 0; i < staff; i++) {
        (void)snprintf(identity, sizeof identity, "staff-%" PRIu64, i);
        actor_new(ROLE_STAFF, identity);
    }
}

static void world_begin(uint64_t seed, const char *folder)
{
    memset(&world, 0, sizeof world);
    memset(actors, 0, sizeof actors);
    actor_count = 0;
    world.seed = seed;
    (void)snprintf(world.folder, sizeof world.folder, "%s", folder);
    chance_init(&world.net, seed, 1);
    chance_init(&world.play, seed, 2);
    chance_bytes_seed(seed);
    static const uint64_t paces[] = {8 * MS, 60 * MS, 250 * MS};
    world.pace = paces[chance_below(&world.play, sizeof paces / sizeof paces[0])];
    static const unsigned bustles[] = {100, 500, 800};
    world.bustle = bustles[chance_below(&world.play, sizeof bustles / sizeof bustles[0])];
    wires_begin();
    gate_begin();
    texts_begin();
    people_begin();
    papers_begin();
    ledger_begin(&papers.board.id, &papers.host.public);
}

static void world_end(void)
{
    for (size_t i = 0; i < actor_count; i++) {
        if (actors[i].enrum != NULL) {
            actor_close(&actors[i], false);
        }
    }
    host_end();
    timeline_end();
    texts_end();
    ledger_end();
}

void play_run(uint64_t seed, const char *folder, bool is_told)
{
    timeline_begin(is_told);
    world_begin(seed, folder);
    host_begin();
    host_start();
    cast();
    for (size_t i = 0; i < actor_count; i++) {
        actor_open(&actors[i]);
        if (actors[i].role == ROLE_KEEPER) {
            continue;
        }
        timeline_at(chance_between(&world.play, 3 * SECOND, 8 * SECOND),
                    &(struct happening){"act", on_act, i, NULL});
    }
    /* Some runs know trouble from their first moment. */
    uint64_t from = chance_is(&world.play, 250) ? 0 : BEGIN / 2;
    uint64_t every = chance_between(&world.play, SECOND, 8 * SECOND);
    timeline_at(from, &(struct happening){"trouble", on_trouble, every, NULL});
    run_until(BEGIN / 2 + TALK);
    if (!world.has_failed) {
        meet();
    }
    if (!world.has_failed) {
        end_judge();
    }
    world_end();
}
