/* What the server's core does when there is no memory: connecting, opening a room, writing,
 * following, fetching, leaving. Whatever was lost, the core goes on: somebody who comes later
 * opens, writes and reads, also in the same room. */
#include "../fuzz/corewrite.h"
#include "rungs.h"
#include "scarce.h"

#include "base/slog.h"

#include <string.h>

enum { KEEPER = 0, CITIZEN = 1, STAFF = 3 };

static struct id room, random_of_room;

static void begin(void)
{
    static const struct journal_limits limits = {
        .rooms_max = 8, .waiting_max = 16, .held_bytes_max = 1 << 20, .follows_per_session = 4};
    core_begin(&limits);
    core_room_name(CITIZEN, 0, &random_of_room, &room);
}

/* Only the core's own code asks in vain. */
static void on_edge(bool is_into_core)
{
    if (is_into_core) {
        scarce_resume();
    } else {
        scarce_pause();
    }
}

static void scarce_from_here(void)
{
    core.is_lenient = true;
    core.on_edge = on_edge;
}

static struct core_session *enter(size_t person)
{
    struct core_session *session = core_connect(person);
    core_hello(session);
    core_prove(session);
    core_verify();
    return session;
}

/* The pool and the store have memory: what is asked of them is not the core's. */
static void answers(void)
{
    core_verify();
    while (core_answer(APPEND_DONE)) {
        core_verify();
    }
}

static void record_write(struct core_session *session)
{
    struct wire_open_record open = {0};
    struct core_place place;
    core_place_of(session, &room, 0, &place);
    core_append(session, &room, &place, CLASS_RECORD, &open);
}

/* Everybody leaves; those who come afterwards find a core that works. */
static void others_come(void)
{
    (void)scarce_end();
    core_settle();
    core.on_edge = NULL;
    core.is_lenient = false;
    for (size_t i = 0; i < CORE_SESSIONS_MAX; i++) {
        if (core.sessions[i].is_open) {
            core_disconnect(&core.sessions[i]);
        }
    }
    struct core_session *citizen = enter(CITIZEN);
    struct core_room *stored = core_room_find(&room);
    if (stored == NULL || !stored->stands.exists) {
        core_create(citizen, 0);
        core_settle();
    }
    stored = core_room_find(&room);
    MUST(stored != NULL && stored->stands.exists);
    uint64_t before = stored->stands.head_seq, acks = core.acks;
    core_follow(citizen, &room);
    core_settle();
    record_write(citizen);
    core_settle();
    MUST(stored->stands.head_seq == before + 1 && core.acks == acks + 1);
    MUST(citizen->live[stored - core.rooms] == before + 1);
    core_fetch(citizen, &room, 0);
    core_settle();
    core_disconnect(citizen);
}

/* Whether everything came: what memory was short for is told to nobody, or refused. */
static bool all_came(const struct core_session *session)
{
    for (uint64_t i = 1; i <= session->last_request; i++) {
        if (session->answers[i] != 1) {
            return false;
        }
    }
    return session->is_open;
}

static enum enrum_err prove_run(void)
{
    scarce_pause();
    scarce_from_here();
    struct core_session *session = enter(CITIZEN);
    bool came = all_came(session) && session->session.state == SESSION_READY;
    others_come();
    return came ? ENRUM_OK : ENRUM_MEMORY;
}

static enum enrum_err create_run(void)
{
    scarce_pause();
    struct core_session *citizen = enter(CITIZEN);
    scarce_from_here();
    core_create(citizen, 0);
    answers();
    bool came = all_came(citizen) && core.acks == 1;
    others_come();
    return came ? ENRUM_OK : ENRUM_MEMORY;
}

static enum enrum_err talk_run(void)
{
    struct wire_open_member open = {
        .operation = MEMBER_ADD, .subject_type = SUBJECT_PERSON, .role = ROLE_STAFF};
    struct core_place place;
    scarce_pause();
    struct core_session *citizen = enter(CITIZEN), *keeper = enter(KEEPER), *staff = enter(STAFF);
    core_create(citizen, 0);
    answers();
    scarce_from_here();
    open.subject = core.persons[STAFF].me.body.person;
    core_place_of(keeper, &room, 0, &place);
    core_append(keeper, &room, &place, CLASS_MEMBER, &open);
    answers();
    core_follow(staff, &room);
    core_follow(citizen, &room);
    record_write(citizen);
    answers();
    core_whisper(citizen, &room);
    core_again(citizen);
    core_fetch(staff, &room, 0);
    answers();
    bool came = all_came(citizen) && all_came(keeper) && all_came(staff);
    others_come();
    return came ? ENRUM_OK : ENRUM_MEMORY;
}

static enum enrum_err blobs_run(void)
{
    scarce_pause();
    struct core_session *citizen = enter(CITIZEN), *staff = enter(STAFF);
    core_create(citizen, 0);
    answers();
    scarce_from_here();
    core_blobs(citizen, &room);
    core_blobs(staff, &room);
    answers();
    bool came = all_came(citizen) && all_came(staff);
    others_come();
    return came ? ENRUM_OK : ENRUM_MEMORY;
}

/* The first append fails in the store, and the one behind it is judged again. */
static enum enrum_err conflict_run(void)
{
    scarce_pause();
    struct core_session *citizen = enter(CITIZEN);
    core_create(citizen, 0);
    answers();
    struct wire_open_record open = {0};
    struct core_place place;
    core_place_of(citizen, &room, 0, &place);
    core_append(citizen, &room, &place, CLASS_RECORD, &open);
    place.device_seq++;
    core_append(citizen, &room, &place, CLASS_RECORD, &open);
    core_verify();
    scarce_from_here();
    (void)core_answer(APPEND_CONFLICT_HEAD);
    answers();
    bool came = all_came(citizen);
    others_come();
    return came ? ENRUM_OK : ENRUM_MEMORY;
}

static enum enrum_err leave_run(void)
{
    scarce_pause();
    struct core_session *citizen = enter(CITIZEN), *staff = enter(STAFF);
    core_create(citizen, 0);
    answers();
    core_follow(citizen, &room);
    scarce_from_here();
    record_write(citizen);
    core_verify();
    core_disconnect(citizen);
    core_disconnect(staff);
    answers();
    others_come();
    return ENRUM_OK;
}

/* A revocation that stands holds at once, or the process stops: the next one reads it. */
static enum enrum_err revoke_run(void)
{
    struct wire_open_member open = {.operation = MEMBER_REVOKE, .subject_type = SUBJECT_DEVICE};
    struct core_place place;
    struct id register_room, random;
    scarce_pause();
    struct core_session *keeper = enter(KEEPER);
    core_create(keeper, 0);
    answers();
    core_room_name(KEEPER, 0, &random, &register_room);
    scarce_from_here();
    open.subject = core.persons[STAFF].me.device;
    core_place_of(keeper, &register_room, 0, &place);
    core_append(keeper, &register_room, &place, CLASS_MEMBER, &open);
    answers();
    bool stands = core_room_find(&register_room)->stands.head_seq == place.seen_seq + 1;
    MUST(journal_is_revoked(core.board.journal, &core.board_id, &open.subject) == stands);
    bool came = all_came(keeper);
    others_come();
    return came ? ENRUM_OK : ENRUM_MEMORY;
}

int main(int argc, char **argv)
{
    static const struct scenario scenarios[] = {
        {"prove", begin, core_end, prove_run},   {"create", begin, core_end, create_run},
        {"talk", begin, core_end, talk_run},     {"conflict", begin, core_end, conflict_run},
        {"blobs", begin, core_end, blobs_run},   {"leave", begin, core_end, leave_run},
        {"revoke", begin, core_end, revoke_run},
    };
    scarce_install();
    slog_set_level(SLOG_ERROR);
    return rungs_climb(scenarios, sizeof scenarios / sizeof scenarios[0], argc, argv);
}
