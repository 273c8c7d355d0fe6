/* enrumd -- the host: orders, stores and delivers what it cannot read.
 *   enrumd init --host-key FILE     makes the host key and prints its public part
 *   enrumd --config FILE            runs until SIGTERM or SIGINT; SIGHUP reads the certificate
 * again
 *       --pages DIR                 and serves boards' pages, for trials
 * This file: the command line, the parts put together, the loop. */
#include "base/slog.h"
#include "gate/pages.h"
#include "metrics.h"
#include "sandbox/sandbox.h"

#include <ev.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
    VERIFY_THREADS = 2,
    READERS = 2,
    LETTER_MS_MAX = 300000,
    SETTLE_MS_MAX = 5000,
    GOODBYE_MS_MAX = 3000,
    DESCRIPTORS_BESIDE = 256,  /* files, and what libraries open */
    HELD_BYTES_MAX = 64 << 20, /* 16,384 appends of 4 kB; twice this lies in memory */
    EXIT_USAGE = 2,
};

/* While it leaves: it waits for what others do. */
#define LEAVE_STEP_S 0.05

static const char usage[] = "enrumd init --host-key FILE\n"
                            "enrumd --config FILE [--pages DIR]\n"
                            "enrumd --help | --version\n";

struct host {
    struct config config;
    struct pages *pages; /* NULL: none are served */
    struct switchboard board;
    struct ev_loop *loop;
    ev_io stored, verified, relayed;
    ev_timer tick;
    ev_signal terminate, interrupt, reload;
    uint64_t leaving_ms, ended_ms; /* monotonic; 0: not yet */
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

static bool is_settled(const struct host *host)
{
    struct journal_counts journal;
    struct store_health store;
    journal_counts(host->board.journal, &journal);
    store_health(host->board.store, &store);
    return host->board.verifying == 0 && journal.appends_pending == 0 && store.waiting == 0 &&
           host->board.outlet.backlog.count == 0;
}

static void on_relayed(struct ev_loop *loop, ev_io *watcher, int events)
{
    (void)loop, (void)events;
    calldesk_told(watcher->data);
}

/* Leaving: nobody comes in; what is under way is written and answered; all are told to go, and have
 * a moment to read it. The loop ends. */
static void leave_step(struct host *host)
{
    struct gate_holdings holdings;
    uint64_t now = clock_monotonic_ms(&host->board.clock);
    gate_holdings(host->board.gate, &holdings);
    if (host->ended_ms == 0 && (is_settled(host) || now - host->leaving_ms > SETTLE_MS_MAX)) {
        gate_end_all(host->board.gate);
        host->ended_ms = now;
    } else if (host->ended_ms != 0 &&
               (holdings.connections == 0 || now - host->ended_ms > GOODBYE_MS_MAX)) {
        ev_break(host->loop, EVBREAK_ALL);
    }
}

static void on_tick(struct ev_loop *loop, ev_timer *watcher, int events)
{
    struct host *host = watcher->data;
    (void)loop, (void)events;
    gate_tick(host->board.gate);
    outlet_retry(&host->board.outlet);
    calldesk_tick(&host->board.desk);
    switchboard_tick(&host->board);
    if (host->leaving_ms != 0) {
        leave_step(host);
    }
}

/* The second one does not wait. */
static void on_terminate(struct ev_loop *loop, ev_signal *watcher, int events)
{
    struct host *host = watcher->data;
    (void)events;
    if (host->leaving_ms != 0) {
        ev_break(loop, EVBREAK_ALL);
        return;
    }
    slog_bare(SLOG_INFO, "stopping");
    host->leaving_ms = clock_monotonic_ms(&host->board.clock);
    host->board.is_leaving = true;
    gate_leave(host->board.gate);
    leave_step(host);
    ev_timer_stop(loop, &host->tick);
    ev_timer_set(&host->tick, LEAVE_STEP_S, LEAVE_STEP_S);
    ev_timer_start(loop, &host->tick);
}

static void on_reload(struct ev_loop *loop, ev_signal *watcher, int events)
{
    struct host *host = watcher->data;
    (void)loop, (void)events;
    gate_certificate_read(host->board.gate);
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
                                    .waiting_max = host->config.limits.waiting,
                                    .letters_max = host->config.limits.letters,
                                    .unnamed_blobs_max = host->config.limits.unnamed_blobs,
                                    .fetched_bytes_max = HELD_BYTES_MAX};
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
    struct journal_limits limits = {.rooms_max = host->config.limits.rooms_in_memory,
                                    .waiting_max = host->config.limits.waiting,
                                    .held_bytes_max = HELD_BYTES_MAX,
                                    .follows_per_session = host->config.limits.follows_per_session};
    host->board.journal = journal_new(&limits);
    bool good = host->board.journal != NULL;
    for (size_t i = 0; good && i < host->config.board_count; i++) {
        good = store_revoked(host->board.store, &host->config.boards[i].id, on_revoked, host) ==
               ENRUM_OK;
    }
    return good;
}

static struct gate_options gate_options_of(const struct config *config)
{
    const struct config_limits *limits = &config->limits;
    bool has_tls = config->certificate[0] != '\0';
    return (struct gate_options){
        .address = config->listen.address,
        .port = config->listen.port,
        .certificate = has_tls ? config->certificate : NULL,
        .key = has_tls ? config->key : NULL,
        .metrics_address = config->metrics.address[0] != '\0' ? config->metrics.address : NULL,
        .metrics_port = config->metrics.port,
        .sessions_max = limits->sessions,
        .held_bytes_max = limits->held_bytes,
        .address_limits = {limits->address_unproved, limits->address_work_per_s,
                           limits->address_bytes_per_s},
        .person_limits = {limits->person_sessions, limits->person_frames_per_s,
                          limits->person_bytes_per_s},
        .request_ms_max = limits->request_s * 1000,
        .unproved_ms_max = limits->unproved_s * 1000,
        .silent_ms_max = limits->silent_s * 1000,
        .letter_ms_max = LETTER_MS_MAX,
        .session = {.outbox_bytes_max = limits->outbox_bytes,
                    .frames_per_s = limits->frames_per_s,
                    .bytes_per_s = limits->bytes_per_s},
        .frame = switchboard_frame,
        .closed = switchboard_closed,
        .oversized = switchboard_oversized,
        .health = metrics_health,
        .metrics = metrics_answer,
    };
}

static bool gate_start(struct host *host)
{
    struct gate_options options = gate_options_of(&host->config);
    options.loop = host->loop;
    options.clock = host->board.clock;
    options.context = &host->board;
    options.pages = host->pages;
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
    board->pool = verify_pool_new(VERIFY_THREADS, host->config.limits.waiting);
    if (board->pool == NULL || !gate_start(host)) {
        return false;
    }
    board->outlet = (struct outlet){
        .gate = board->gate, .store = board->store, .clock = board->clock};
    return calldesk_open(&board->desk, board);
}

static void watch(struct host *host)
{
    ev_io_init(&host->stored, on_stored, store_wake_fd(host->board.store), EV_READ);
    ev_io_init(&host->verified, on_verified, verify_wake_fd(host->board.pool), EV_READ);
    ev_timer_init(&host->tick, on_tick, 1., 1.);
    ev_signal_init(&host->terminate, on_terminate, SIGTERM);
    ev_signal_init(&host->interrupt, on_terminate, SIGINT);
    ev_signal_init(&host->reload, on_reload, SIGHUP);
    host->stored.data = host->verified.data = &host->board;
    host->tick.data = host->terminate.data = host->interrupt.data = host->reload.data = host;
    ev_io_start(host->loop, &host->stored);
    ev_io_start(host->loop, &host->verified);
    ev_io_init(&host->relayed, on_relayed, calldesk_wake_fd(&host->board.desk), EV_READ);
    host->relayed.data = &host->board.desk;
    if (host->relayed.fd >= 0) {
        ev_io_start(host->loop, &host->relayed);
    }
    ev_timer_start(host->loop, &host->tick);
    ev_signal_start(host->loop, &host->terminate);
    ev_signal_start(host->loop, &host->interrupt);
    ev_signal_start(host->loop, &host->reload);
}

static void unwatch(struct host *host)
{
    ev_io_stop(host->loop, &host->stored);
    ev_io_stop(host->loop, &host->verified);
    ev_io_stop(host->loop, &host->relayed);
    ev_timer_stop(host->loop, &host->tick);
    ev_signal_stop(host->loop, &host->terminate);
    ev_signal_stop(host->loop, &host->interrupt);
    ev_signal_stop(host->loop, &host->reload);
    /* libev has given them their defaults back: what waits is still to be written. */
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
}

/* What waits is written, and then everything goes. */
static void stop(struct host *host)
{
    struct switchboard *board = &host->board;
    calldesk_close(&board->desk);
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

/* A descriptor for each connection, as far as the system lets us. */
static void descriptors_allow(uint64_t wanted)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) {
        return;
    }
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted) {
        slog(SLOG_WARN, "few_descriptors", slog_u64("wanted", wanted),
             slog_u64("allowed", limit.rlim_cur));
    }
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
    descriptors_allow(host->config.limits.sessions + DESCRIPTORS_BESIDE);
    host->loop = ev_default_loop(EVFLAG_AUTO);
    bool good = start(host) && sandbox_enter(SANDBOX_HOST);
    if (good) {
        watch(host);
        slog(SLOG_INFO, "listening", slog_str("address", host->config.listen.address),
             slog_u64("port", gate_port(host->board.gate)),
             slog_u64("metrics_port", gate_metrics_port(host->board.gate)),
             slog_u64("boards", host->config.board_count));
        ev_run(host->loop, 0);
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
        puts("enrumd " ENRUM_VERSION);
        return EXIT_SUCCESS;
    }
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return EXIT_SUCCESS;
    }
    if (argc == 4 && strcmp(argv[1], "init") == 0 && strcmp(argv[2], "--host-key") == 0) {
        return init(argv[3]);
    }
    bool has_pages = argc == 5 && strcmp(argv[3], "--pages") == 0;
    if ((argc == 3 || has_pages) && strcmp(argv[1], "--config") == 0) {
        return run(argv[2], has_pages ? argv[4] : NULL);
    }
    fputs(usage, stderr);
    return EXIT_USAGE;
}
