/* handcore -- see handcore.h. This file: the core's beginning and end, and what goes in. */
#include "handcore.h"

#include "base/check.h"
#include "base/slog.h"
#include "fixed.h"
#include "handstore.h"

#include <stdlib.h>

struct core core;

void core_edge(bool is_into_core)
{
    if (core.on_edge != NULL) {
        core.on_edge(is_into_core);
    }
}

/* -- People -- */

static void certify(struct core_person *person, size_t number, enum role role)
{
    const struct core_person *keeper = &core.persons[0];
    bool is_keeper = role == ROLE_KEEPER;
    struct wire_certificate body = {.board = core.board_id,
                                    .issuer = is_keeper ? core.board_id : keeper->me.hash,
                                    .person = core.board_id,
                                    .role = role,
                                    .level = 3,
                                    .not_before = fixed_wall_ms() - 1000,
                                    .not_after = fixed_wall_ms() + 86400000};
    sign_pair_new(&person->sign);
    body.sign_key = person->sign.public;
    memset(body.seal_key.bytes, (int)number + 1, ID_BYTES);
    if (!is_keeper) {
        memset(body.person.bytes, (int)number, ID_BYTES);
    }
    buffer_init(&person->certificate, CERTIFICATE_BYTES_MAX);
    CHECK(certificate_encode(is_keeper ? &core.root : &keeper->sign, &body, &person->certificate) ==
          ENRUM_OK);
    CHECK(certificate_decode(buffer_slice(&person->certificate), &person->me) == ENRUM_OK);
}

/* -- Beginning and end -- */

void core_begin(const struct journal_limits *limits)
{
    static const enum role roles[CORE_PERSONS_MAX] = {ROLE_KEEPER, ROLE_CITIZEN, ROLE_CITIZEN,
                                                      ROLE_STAFF,  ROLE_STAFF,   ROLE_KEEPER};
    CHECK(suite_init());
    fixed_begin();
    memset(&core, 0, sizeof core);
    sign_pair_new(&core.root);
    board_id(&core.root.public, &core.board_id);
    core.config = (struct config){.board_count = 1, .limits = {.outbox_bytes = 1 << 20}};
    sign_pair_new(&core.config.host);
    core.config.boards[0].id = core.board_id;
    core.config.boards[0].root_key = core.root.public;
    for (size_t i = 0; i < CORE_PERSONS_MAX; i++) {
        certify(&core.persons[i], i, roles[i]);
    }
    core.board.config = &core.config;
    core.board.clock = core.board.outlet.clock = clock_system();
    core.board.journal = journal_new(limits);
    CHECK(core.board.journal != NULL);
}

void core_end(void)
{
    for (size_t i = 0; i < CORE_SESSIONS_MAX; i++) {
        if (core.sessions[i].is_open) {
            core_disconnect(&core.sessions[i]);
        }
    }
    core_settle();
    outlet_fini(&core.board.outlet);
    journal_free(core.board.journal);
    for (size_t i = 0; i < core.room_count; i++) {
        struct core_room *room = &core.rooms[i];
        for (size_t j = 0; j < room->count; j++) {
            parcel_unref(room->entries[j].bytes);
        }
        room_snapshot_free(&room->stands);
        fold_fini(&room->fold);
    }
    for (size_t i = 0; i < CORE_PERSONS_MAX; i++) {
        buffer_fini(&core.persons[i].certificate);
    }
}

/* -- Sessions -- */

struct core_session *core_connect(size_t person)
{
    static const struct session_limits limits = {
        .outbox_bytes_max = 1 << 20, .frames_per_s = 1000, .bytes_per_s = 1 << 24};
    for (size_t i = 0; i < CORE_SESSIONS_MAX; i++) {
        struct core_session *session = &core.sessions[i];
        if (!session->is_open) {
            memset(session, 0, sizeof *session);
            memset(session->answers, CORE_UNASKED, sizeof session->answers);
            session->is_open = true;
            session->person = person;
            session_init(&session->session, ++core.last_session, &limits,
                         clock_monotonic_ms(&core.board.clock));
            return session;
        }
    }
    return NULL;
}

void core_disconnect(struct core_session *session)
{
    core_edge(true);
    switchboard_closed(&core.board, &session->session);
    core_edge(false);
    session_fini(&session->session);
    session->is_open = false;
}

static void ending_end(void)
{
    for (size_t i = 0; i < CORE_SESSIONS_MAX; i++) {
        if (core.sessions[i].is_open && core.sessions[i].is_ending) {
            core_disconnect(&core.sessions[i]);
        }
    }
}

void core_frame(struct core_session *session, struct slice frame)
{
    uint64_t type = 0, request = 0;
    bool is_whole = frame_peek(frame, &type, &request) == ENRUM_OK;
    if (is_whole && request > 0 && request < CORE_REQUESTS_MAX) {
        if (session->answers[request] != CORE_UNASKED) {
            return; /* the number of another request, which the test tells apart by it */
        }
        session->answers[request] = 0;
    }
    core_edge(true);
    switchboard_frame(&core.board, &session->session, frame);
    core_edge(false);
    session_check(&session->session);
    ending_end();
}

uint64_t core_request(struct core_session *session)
{
    return session->last_request + 1 < CORE_REQUESTS_MAX ? ++session->last_request : 0;
}

void core_message(struct core_session *session, const struct layout *layout, const void *message)
{
    struct buffer frame;
    buffer_init(&frame, FRAME_BYTES_MAX);
    if (layout_encode(layout, message, &frame) == ENRUM_OK) {
        core_frame(session, buffer_slice(&frame));
    }
    buffer_fini(&frame);
}

/* -- The pool: the linker gives it these two calls -- */

enum enrum_err __wrap_verify_put(struct verify_pool *pool, struct verify_job *job);
void __wrap_verify_take(struct verify_pool *pool, struct verify_job ***jobs, size_t *count);

enum enrum_err __wrap_verify_put(struct verify_pool *pool, struct verify_job *job)
{
    (void)pool;
    if (core.verified_count == CORE_JOBS_MAX) {
        return ENRUM_BUSY;
    }
    core.verified[core.verified_count++] = job;
    return ENRUM_OK;
}

void __wrap_verify_take(struct verify_pool *pool, struct verify_job ***jobs, size_t *count)
{
    (void)pool;
    for (size_t i = 0; i < core.verified_count; i++) {
        verify_run(core.verified[i]);
    }
    *jobs = core.verified;
    *count = core.verified_count;
    core.verified_count = 0;
}

void core_verify(void)
{
    core_edge(true);
    switchboard_verified(&core.board);
    core_edge(false);
    ending_end();
}

/* -- Until nothing waits -- */

static void all_answered(void)
{
    struct journal_counts counts;
    journal_counts(core.board.journal, &counts);
    CHECK(counts.appends_pending == 0);
    for (size_t i = 0; i < CORE_SESSIONS_MAX; i++) {
        const struct core_session *session = &core.sessions[i];
        for (size_t j = 0; session->is_open && !core.is_lenient && j < CORE_REQUESTS_MAX; j++) {
            CHECK(session->answers[j] == CORE_UNASKED || session->answers[j] == 1);
        }
    }
}

void core_settle(void)
{
    core.is_store_busy = false;
    do {
        core_verify();
        outlet_retry(&core.board.outlet);
    } while (core_answer(APPEND_DONE) || core.verified_count > 0 ||
             core.board.outlet.backlog.count > 0);
    all_answered();
}
