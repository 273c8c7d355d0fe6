/* metrics -- see metrics.h. */
#include "metrics.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

__attribute__((format(printf, 2, 3))) static void add(struct buffer *body, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n > 0) {
        buffer_append(body, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
    }
}

/* -- Measuring -- */

static uint64_t resident_bytes(void)
{
    unsigned long whole = 0, resident = 0;
    FILE *in = fopen("/proc/self/statm", "re");
    if (in == NULL) {
        return 0;
    }
    int got = fscanf(in, "%lu %lu", &whole, &resident);
    fclose(in);
    return got == 2 ? (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

static uint64_t descriptors(void)
{
    uint64_t count = 0;
    DIR *list = opendir("/proc/self/fd");
    const struct dirent *entry;
    while (list != NULL && (entry = readdir(list)) != NULL) {
        count += entry->d_name[0] != '.';
    }
    if (list != NULL) {
        closedir(list);
        count--; /* the one it was counted with */
    }
    return count;
}

static uint64_t keepers(const struct switchboard *board)
{
    uint64_t count = 0;
    for (size_t at = 0; at < board->config->board_count; at++) {
        count += courier_keeper(&board->courier, at) != 0;
    }
    return count;
}

void metrics_measure(const struct switchboard *board, struct measured *out)
{
    *out = (struct measured){.verifying = board->verifying,
                             .backlog = board->outlet.backlog.count,
                             .boards = board->config->board_count,
                             .keepers = keepers(board),
                             .resident_bytes = resident_bytes(),
                             .descriptors = descriptors()};
    gate_counts(board->gate, &out->gate);
    gate_holdings(board->gate, &out->holdings);
    store_health(board->store, &out->store);
    journal_counts(board->journal, &out->journal);
    calldesk_count(&board->desk, &out->calls, out->relay);
    for (unsigned err = 0; err < 256; err++) {
        out->refused[err] = board->refused[err] + out->journal.refused[err];
    }
}

/* -- OpenMetrics -- */

/* A family: its type, its unit if the name ends in one, and what it is. */
static void family(struct buffer *body, const char *name, const char *type, const char *what)
{
    static const char *const units[] = {"bytes", "seconds"};
    size_t len = strlen(name);
    add(body, "# TYPE %s %s\n", name, type);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t unit = strlen(units[i]);
        if (len > unit && name[len - unit - 1] == '_' && strcmp(name + len - unit, units[i]) == 0) {
            add(body, "# UNIT %s %s\n", name, units[i]);
        }
    }
    add(body, "# HELP %s %s\n", name, what);
}

static void enrum_sessions_rows(const struct measured *now, const char *start, struct buffer *body)
{
    static const char *const states[] = {"connected", "greeted", "ready"};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        add(body, "%s\"%s\"} %zu\n", start, states[i], now->holdings.sessions[i]);
    }
}

static void enrum_ended_rows(const struct measured *now, const char *start, struct buffer *body)
{
    static const char *const labels[] = {
#define ENDING(NAME, label, what) label,
#include "gate/endings.def"
#undef ENDING
    };
    for (size_t i = 0; i < ENDINGS; i++) {
        add(body, "%s\"%s\"} %" PRIu64 "\n", start, labels[i], now->gate.ended[i]);
    }
}

static void enrum_waits_rows(const struct measured *now, const char *start, struct buffer *body)
{
    static const char *const payers[PAYERS] = {"connection", "person", "address"};
    for (size_t i = 0; i < PAYERS; i++) {
        add(body, "%s\"%s\"} %" PRIu64 "\n", start, payers[i], now->gate.waited[i]);
    }
}

static void enrum_refused_rows(const struct measured *now, const char *start, struct buffer *body)
{
    static const struct {
        const char *name;
        unsigned number;
    } errors[] = {
#define ERROR(name, number, class, sentence, mening) {#name, number},
#include "protocol/errors.def"
#undef ERROR
    };
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        add(body, "%s\"%s\"} %" PRIu64 "\n", start, errors[i].name, now->refused[errors[i].number]);
    }
}

static void enrum_table_rows_rows(const struct measured *now, const char *start,
                                  struct buffer *body)
{
    add(body, "%s\"rooms\"} %" PRIu64 "\n", start, now->journal.rooms);
    add(body, "%s\"follows\"} %" PRIu64 "\n", start, now->journal.follows);
    add(body, "%s\"addresses\"} %zu\n", start, now->holdings.addresses);
    add(body, "%s\"persons\"} %zu\n", start, now->holdings.persons);
}

static void enrum_calls_rows(const struct measured *now, const char *start, struct buffer *body)
{
    add(body, "%s\"calls\"} %" PRIu64 "\n", start, now->calls.calls);
    add(body, "%s\"in\"} %" PRIu64 "\n", start, now->calls.in);
    add(body, "%s\"waiting\"} %" PRIu64 "\n", start, now->calls.waiting);
    add(body, "%s\"ringing\"} %" PRIu64 "\n", start, now->calls.ringing);
}

static void enrum_relay_rows(const struct measured *now, const char *start, struct buffer *body)
{
    static const char *const labels[COUNTERS] = {
#define COUNTER(NAME, label, what) #label,
#include "relay/counters.def"
#undef COUNTER
    };
    for (size_t i = 0; i < COUNTERS; i++) {
        add(body, "%s\"%s\"} %" PRIu64 "\n", start, labels[i], now->relay[i]);
    }
}

static void enrum_commit_seconds_rows(const struct measured *now, struct buffer *body)
{
    static const uint64_t steps[LATENCY_STEPS] = LATENCY_STEPS_MS;
    const struct latency_counts *latency = &now->store.latency;
    uint64_t count = 0;
    for (size_t i = 0; i < LATENCY_STEPS; i++) {
        count += latency->counts[i];
        add(body, "enrum_commit_seconds_bucket{le=\"%" PRIu64 ".%03" PRIu64 "\"} %" PRIu64 "\n",
            steps[i] / 1000, steps[i] % 1000, count);
    }
    count += latency->counts[LATENCY_STEPS];
    add(body, "enrum_commit_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n", count);
    add(body, "enrum_commit_seconds_sum %" PRIu64 ".%03" PRIu64 "\n", latency->sum_ms / 1000,
        latency->sum_ms % 1000);
    add(body, "enrum_commit_seconds_count %" PRIu64 "\n", count);
}

void metrics_write(const struct measured *measured, struct buffer *body)
{
#define COUNT(name, from, what)                                                                    \
    family(body, #name, "counter", what);                                                          \
    add(body, #name "_total %" PRIu64 "\n", (uint64_t)measured->from);
#define GAUGE(name, from, what)                                                                    \
    family(body, #name, "gauge", what);                                                            \
    add(body, #name " %" PRIu64 "\n", (uint64_t)measured->from);
#define COUNTS(name, label, what)                                                                  \
    family(body, #name, "counter", what);                                                          \
    name##_rows(measured, #name "_total{" #label "=", body);
#define GAUGES(name, label, what)                                                                  \
    family(body, #name, "gauge", what);                                                            \
    name##_rows(measured, #name "{" #label "=", body);
#define STEPS(name, what)                                                                          \
    family(body, #name, "histogram", what);                                                        \
    name##_rows(measured, body);
#include "metrics.def"
#undef COUNT
#undef GAUGE
#undef COUNTS
#undef GAUGES
#undef STEPS
    add(body, "# EOF\n");
}

void metrics_answer(void *context, struct buffer *body)
{
    struct measured measured;
    metrics_measure(context, &measured);
    metrics_write(&measured, body);
}

/* -- Health -- */

static void refused_add(const struct measured *now, struct buffer *body)
{
    const char *between = "";
    add(body, ",\"refused\":{");
    for (unsigned err = 1; err < 256; err++) {
        if (now->refused[err] > 0) {
            add(body, "%s\"%s\":%" PRIu64, between, error_name((enum enrum_err)err),
                now->refused[err]);
            between = ",";
        }
    }
    add(body, "}");
}

static void health_counts(const struct switchboard *board, struct buffer *body)
{
    struct measured now;
    metrics_measure(board, &now);
    add(body, ",\"sessions\":%zu,\"accepted\":%" PRIu64,
        now.holdings.sessions[0] + now.holdings.sessions[1] + now.holdings.sessions[2],
        now.gate.opened);
    add(body, ",\"oversized\":%" PRIu64 ",\"slow\":%" PRIu64, now.gate.ended[ENDING_OVERSIZED],
        now.gate.ended[ENDING_OUTBOX]);
    add(body, ",\"rooms_in_memory\":%" PRIu64 ",\"follows\":%" PRIu64, now.journal.rooms,
        now.journal.follows);
    add(body, ",\"appends_pending\":%" PRIu64 ",\"commits\":%" PRIu64 ",\"appends\":%" PRIu64,
        now.journal.appends_pending, now.store.commits, now.store.appends);
    refused_add(&now, body);
}

bool metrics_health(void *context, struct buffer *body)
{
    struct switchboard *board = context;
    struct store_health store;
    store_health(board->store, &store);
    add(body, "{\"status\":\"%s\"", store.is_failing ? "store failing" : "ok");
    if (store.is_failing) {
        add(body, ",\"why\":\"%s\"", store.why);
    }
    if (board->config->metrics.address[0] == '\0') {
        health_counts(board, body);
    }
    add(body, "}\n");
    return !store.is_failing;
}
