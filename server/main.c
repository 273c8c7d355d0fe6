/* enrumd -- the host: orders, stores and delivers what it cannot read.
 *   enrumd init --host-key FILE     makes the host key and prints its public part
 *   enrumd --config FILE            runs until SIGTERM or SIGINT
 *       --pages DIR                 and serves boards' pages, for trials
 * This file: the command line, the parts put together, the loop. */
#include "base/slog.h"
#include "gate/pages.h"
#include "switchboard.h"

#include <ev.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENRUMD_VERSION "0.1"

enum {
    VERIFY_THREADS = 2,
    READERS = 2,
    UNPROVED_MS_MAX = 60000,
    SILENT_MS_MAX = 60000,
    LETTER_MS_MAX = 300000,
    EXIT_USAGE = 2,
};

struct host {
    struct config config;
    struct pages *pages; /* NULL: none are served */
    struct switchboard board;
    struct ev_loop *loop;
    ev_io stored, verified;
    ev_timer tick;
    ev_signal terminate, interrupt;
};

/* -- What the loop calls -- */

static void on_stored(struct ev_loop *loop, ev_io *watcher, int events)
{
    (void)loop, (void)events;
    switchboard_stored(watcher->data);
}

static void on_verified(struct ev_loop *loop, ev_io *watcher, int events)
{
    (void)loop, (void)events;
    switchboard_verified(watcher->data);
}

static void on_tick(struct ev_loop *loop, ev_timer *watcher, int events)
{
    struct host *host = watcher->data;
    (void)loop, (void)events;
    gate_tick(host->board.gate);
    outlet_retry(&host->board.outlet);
}

static void on_signal(struct ev_loop *loop, ev_signal *watcher, int events)
{
    (void)watcher, (void)events;
    ev_break(loop, EVBREAK_ALL);
}

/* -- Putting together -- */

static bool store_start(struct host *host)
{
    struct store_board boards[CONFIG_BOARDS_MAX];
    for (size_t i = 0; i < host->config.board_count; i++) {
        boards[i].board = host->config.boards[i].id;
    }
    struct store_options options = {.folder = host->config.data,
                                    .boards = boards,
                                    .board_count = host->config.board_count,
                                    .host = &host->config.host,
                                    .readers = READERS,
                                    .waiting_max = host->config.waiting_max,
                                    .letters_max = host->config.letters_max};
    return store_open(&options, &host->board.store) == ENRUM_OK;
}

static void on_revoked(void *context, const struct id *board, const struct id *subject)
{
    struct host *host = context;
    if (journal_revoked_add(host->board.journal, board, subject) != ENRUM_OK) {
        /* To start without knowing who is revoked would let them in. */
        abort();
    }
}

static bool journal_start(struct host *host)
{
    struct journal_limits limits = {.rooms_max = host->config.rooms_max,
                                    .waiting_max = host->config.waiting_max,
                                    .follows_per_session = host->config.follows_per_session};
    host->board.journal = journal_new(&limits);
    bool good = host->board.journal != NULL;
    for (size_t i = 0; good && i < host->config.board_count; i++) {
        good = store_revoked(host->board.store, &host->config.boards[i].id, on_revoked, host) ==
               ENRUM_OK;
    }
    return good;
}

static bool gate_start(struct host *host)
{
    const struct config *config = &host->config;
    bool has_tls = config->certificate[0] != '\0';
    struct gate_options options = {
        .loop = host->loop,
        .address = config->address,
        .port = config->port,
        .certificate = has_tls ? config->certificate : NULL,
        .key = has_tls ? config->key : NULL,
        .clock = host->board.clock,
        .sessions_max = config->sessions_max,
        .sessions_per_address_max = config->sessions_per_address_max,
        .unproved_ms_max = UNPROVED_MS_MAX,
        .silent_ms_max = SILENT_MS_MAX,
        .letter_ms_max = LETTER_MS_MAX,
        .session = {.outbox_bytes_max = config->outbox_bytes_max,
                    .frames_per_s = (unsigned)config->frames_per_s,
                    .bytes_per_s = (unsigned)config->bytes_per_s},
        .frame = switchboard_frame,
        .closed = switchboard_closed,
        .oversized = switchboard_oversized,
        .health = switchboard_health,
        .context = &host->board,
        .pages = host->pages,
    };
    return gate_open(&options, &host->board.gate) == ENRUM_OK;
}

static bool start(struct host *host)
{
    struct switchboard *board = &host->board;
    board->config = &host->config;
    board->clock = clock_system();
    if (!store_start(host) || !journal_start(host)) {
        return false;
    }
    board->pool = verify_pool_new(VERIFY_THREADS, host->config.waiting_max);
    if (board->pool == NULL || !gate_start(host)) {
        return false;
    }
    board->outlet = (struct outlet){
        .gate = board->gate, .store = board->store, .clock = board->clock};
    return true;
}

static void watch(struct host *host)
{
    ev_io_init(&host->stored, on_stored, store_wake_fd(host->board.store), EV_READ);
    ev_io_init(&host->verified, on_verified, verify_wake_fd(host->board.pool), EV_READ);
    ev_timer_init(&host->tick, on_tick, 1., 1.);
    ev_signal_init(&host->terminate, on_signal, SIGTERM);
    ev_signal_init(&host->interrupt, on_signal, SIGINT);
    host->stored.data = host->verified.data = &host->board;
    host->tick.data = host;
    ev_io_start(host->loop, &host->stored);
    ev_io_start(host->loop, &host->verified);
    ev_timer_start(host->loop, &host->tick);
    ev_signal_start(host->loop, &host->terminate);
    ev_signal_start(host->loop, &host->interrupt);
}

static void unwatch(struct host *host)
{
    ev_io_stop(host->loop, &host->stored);
    ev_io_stop(host->loop, &host->verified);
    ev_timer_stop(host->loop, &host->tick);
    ev_signal_stop(host->loop, &host->terminate);
    ev_signal_stop(host->loop, &host->interrupt);
}

/* Nobody is let in any more, what waits is written, and then everything goes. */
static void stop(struct host *host)
{
    struct switchboard *board = &host->board;
    if (board->gate != NULL) {
        gate_close(board->gate);
    }
    if (board->pool != NULL) {
        verify_pool_free(board->pool);
    }
    if (board->store != NULL) {
        outlet_retry(&board->outlet);
        store_close(board->store);
    }
    outlet_fini(&board->outlet);
    if (board->journal != NULL) {
        journal_free(board->journal);
    }
    if (host->pages != NULL) {
        pages_free(host->pages);
    }
    config_wipe(&host->config);
}

/* `pages` comes before what the file says; NULL: the file decides. */
static bool configure(struct host *host, const char *path, const char *pages, char *problem,
                      size_t problem_bytes)
{
    if (!config_read(path, &host->config, problem, problem_bytes)) {
        return false;
    }
    if (pages == NULL && host->config.pages[0] != '\0') {
        pages = host->config.pages;
    }
    if (pages == NULL) {
        return true;
    }
    if (!pages_read(pages, &host->pages, problem, problem_bytes)) {
        config_wipe(&host->config);
        return false;
    }
    slog(SLOG_WARN, "pages", slog_str("pages", pages),
         slog_str("warning", "not private from the host"));
    return true;
}

static int run(const char *config_path, const char *pages)
{
    char problem[1024] = "";
    struct host *host = calloc(1, sizeof *host);
    if (host == NULL || !configure(host, config_path, pages, problem, sizeof problem)) {
        fprintf(stderr, "enrumd: %s\n", problem);
        free(host);
        return EXIT_FAILURE;
    }
    signal(SIGPIPE, SIG_IGN);
    host->loop = ev_default_loop(EVFLAG_AUTO);
    bool good = start(host);
    if (good) {
        watch(host);
        slog(SLOG_INFO, "listening", slog_str("address", host->config.address),
             slog_u64("port", gate_port(host->board.gate)),
             slog_u64("boards", host->config.board_count));
        ev_run(host->loop, 0);
        slog_bare(SLOG_INFO, "stopping");
        unwatch(host);
    }
    stop(host);
    free(host);
    slog(SLOG_INFO, "stopped", slog_bool("good", good));
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int init(const char *path)
{
    char public[44], problem[512] = "";
    if (!config_host_key_make(path, public, problem, sizeof problem)) {
        fprintf(stderr, "enrumd: %s\n", problem);
        return EXIT_FAILURE;
    }
    printf("%s\n", public);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    if (!suite_init()) {
        fputs("enrumd: the cryptographic libraries do not start\n", stderr);
        return EXIT_FAILURE;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("enrumd " ENRUMD_VERSION);
        return EXIT_SUCCESS;
    }
    if (argc == 4 && strcmp(argv[1], "init") == 0 && strcmp(argv[2], "--host-key") == 0) {
        return init(argv[3]);
    }
    bool has_pages = argc == 5 && strcmp(argv[3], "--pages") == 0;
    if ((argc == 3 || has_pages) && strcmp(argv[1], "--config") == 0) {
        return run(argv[2], has_pages ? argv[4] : NULL);
    }
    fputs("usage: enrumd --config FILE [--pages DIR] | enrumd init --host-key FILE | "
          "enrumd --version\n",
          stderr);
    return EXIT_USAGE;
}
