/* host -- see host.h. */
#include "host.h"

#include "clocks.h"
#include "ledger.h"
#include "network.h"
#include "papers.h"
#include "turns.h"
#include "world.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* As server/main.c has them. */
enum {
    VERIFY_THREADS = 2,
    READERS = 2,
    UNPROVED_MS_MAX = 60000,
    SILENT_MS_MAX = 60000,
    LETTER_MS_MAX = 300000,
    HELD_BYTES_MAX = 1 << 20,
};

struct host host;

void host_begin(void)
{
    memset(&host, 0, sizeof host);
    host.config = (struct config){.limits = {.sessions = 100,
                                             .outbox_bytes = 1 << 20,
                                             .frames_per_s = 50,
                                             .bytes_per_s = 1 << 20,
                                             .rooms_in_memory = 1000,
                                             .waiting = chance_is(&world.play, 300) ? 4 : 1000,
                                             .follows_per_session = 1000,
                                             .letters = 1000,
                                             .unnamed_blobs = 200},
                                  .host = papers.host,
                                  .board_count = 1};
    host.config.boards[0].id = papers.board.id;
    host.config.boards[0].root_key = papers.board.root_key;
    (void)snprintf(host.config.data, sizeof host.config.data, "%s/host-0", world.folder);
    folder_make(host.config.data);
}

bool host_is_up(void)
{
    return host.is_up;
}

/* -- The loop -- */

static void on_stored(void *context)
{
    switchboard_stored(context);
}

static void on_verified(void *context)
{
    switchboard_verified(context);
}

static void on_tick(uint64_t subject, void *payload)
{
    (void)payload;
    if (host.is_up && host.incarnation == subject) {
        gate_tick(host.board.gate);
        outlet_retry(&host.board.outlet);
        switchboard_tick(&host.board);
        timeline_after(SECOND, &(struct happening){"tick", on_tick, subject, NULL});
    }
}

/* -- Starting -- */

static void on_revoked(void *context, const struct id *board, const struct id *subject)
{
    (void)context;
    enum enrum_err err = journal_revoked_add(host.board.journal, board, subject);
    assert(err == ENRUM_OK);
    (void)err;
}

static void store_start(void)
{
    struct store_board boards[] = {{papers.board.id}};
    struct store_options options = {.folder = host.config.data,
                                    .boards = boards,
                                    .board_count = 1,
                                    .host = &host.config.host,
                                    .readers = READERS,
                                    .waiting_max = host.config.limits.waiting,
                                    .letters_max = host.config.limits.letters,
                                    .unnamed_blobs_max = host.config.limits.unnamed_blobs,
                                    .fetched_bytes_max = HELD_BYTES_MAX};
    enum enrum_err err = store_open(&options, &host.board.store);
    assert(err == ENRUM_OK);
    struct journal_limits limits = {.rooms_max = host.config.limits.rooms_in_memory,
                                    .waiting_max = host.config.limits.waiting,
                                    .held_bytes_max = HELD_BYTES_MAX,
                                    .follows_per_session = host.config.limits.follows_per_session};
    host.board.journal = journal_new(&limits);
    assert(host.board.journal != NULL);
    err = store_revoked(host.board.store, &papers.board.id, on_revoked, NULL);
    assert(err == ENRUM_OK);
    (void)err;
}

static void gate_start(void)
{
    struct gate_options options = {
        .clock = host.board.clock,
        .sessions_max = host.config.limits.sessions,
        .unproved_ms_max = UNPROVED_MS_MAX,
        .silent_ms_max = SILENT_MS_MAX,
        .letter_ms_max = LETTER_MS_MAX,
        .session = {.outbox_bytes_max = host.config.limits.outbox_bytes,
                    .frames_per_s = host.config.limits.frames_per_s,
                    .bytes_per_s = host.config.limits.bytes_per_s},
        .frame = switchboard_frame,
        .closed = switchboard_closed,
        .oversized = switchboard_oversized,
        .context = &host.board,
    };
    enum enrum_err err = gate_open(&options, &host.board.gate);
    assert(err == ENRUM_OK);
    (void)err;
}

void host_start(void)
{
    struct switchboard *board = &host.board;
    clocks_be(CLOCKS_MAX - 1);
    clocks_set(CLOCKS_MAX - 1, (int64_t)chance_below(&world.play, 2000) - 1000);
    *board = (struct switchboard){.config = &host.config, .clock = clock_system()};
    store_start();
    board->pool = verify_pool_new(VERIFY_THREADS, host.config.limits.waiting);
    assert(board->pool != NULL);
    gate_start();
    board->outlet = (struct outlet){
        .gate = board->gate, .store = board->store, .clock = board->clock};
    turns_watch(store_wake_fd(board->store), on_stored, board);
    turns_watch(verify_wake_fd(board->pool), on_verified, board);
    bool good = database_open(&host.reader, host.config.data, &papers.board.id, true);
    assert(good);
    (void)good;
    host.is_up = true;
    host.incarnation++;
    trace("host up", host.incarnation, 0);
    timeline_after(SECOND, &(struct happening){"tick", on_tick, host.incarnation, NULL});
    ledger_use(&host.reader, true);
}

/* -- Stopping -- */

static void parts_stop(void)
{
    struct switchboard *board = &host.board;
    gate_close(board->gate);
    verify_pool_free(board->pool);
    outlet_retry(&board->outlet);
    store_close(board->store);
    outlet_fini(&board->outlet);
    journal_free(board->journal);
}

void host_stop(bool is_killed)
{
    char next[CONFIG_TEXT_MAX];
    trace(is_killed ? "host killed" : "host stopped", host.incarnation, 0);
    host.is_up = false;
    wires_host_gone();
    ledger_read();
    ledger_use(NULL, false);
    database_close(&host.reader);
    if (!is_killed) {
        parts_stop();
        return;
    }
    /* The disk as it is now is what the next process finds. What this one still writes while it is
     * taken apart goes to a disk that nobody sees again. */
    (void)snprintf(next, sizeof next, "%s/host-%u", world.folder, host.incarnation);
    folder_copy(host.config.data, next);
    parts_stop();
    folder_remove(host.config.data);
    memcpy(host.config.data, next, sizeof next);
}

void host_end(void)
{
    if (host.is_up) {
        host_stop(false);
    }
    turns_check_empty();
}
