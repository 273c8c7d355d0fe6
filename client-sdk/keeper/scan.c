/* scan -- see scan.h.
 *
 *   waiting --> FETCHING --[it is whole]--> SCANNING --[clean]--> gone
 *      ^            |                          |   '--[found, cannot]--> NOTING --> gone
 *      '------------'---[the scanner is away]--'                                              */
#include "scan.h"

#include "base/slog.h"
#include "deed.h"
#include "scanner.h"

#include <stdlib.h>

enum { RETRY_SCAN_MS = 10 * 1000, SCANS_WAITING_MAX = 65536 };
static const uint64_t AGAIN_MS = UINT64_C(7) * 24 * 3600 * 1000;

/* One file. */
struct scan {
    struct list link;
    struct id room, hash;
    uint64_t seq, retry_at; /* retry_at: monotonic */
    struct clamd_result result;
};

enum scans_state { SCANS_IDLE, SCANS_FETCHING, SCANS_SCANNING, SCANS_NOTING };

struct scans {
    struct scanner *scanner; /* NULL: nothing is scanned */
    struct list waiting;
    size_t waiting_count;
    enum scans_state state;
    struct scan *now; /* NULL: IDLE */
    bool is_noted;    /* NOTING: the entry is on its way */
    uint64_t request; /* FETCHING */
    struct buffer file;
};

struct scans *scans_new(const char *address, void (*wake)(void *context), void *context)
{
    struct scans *scans = calloc(1, sizeof *scans);
    if (scans == NULL) {
        return NULL;
    }
    list_init(&scans->waiting);
    buffer_init(&scans->file, FILE_BYTES_MAX);
    if (address[0] != '\0') {
        scans->scanner = scanner_new(address, wake, context);
        if (scans->scanner == NULL) {
            scans_free(scans);
            return NULL;
        }
    }
    return scans;
}

void scans_free(struct scans *scans)
{
    if (scans == NULL) {
        return;
    }
    scanner_free(scans->scanner);
    LIST_EACH (link, &scans->waiting) {
        free(LIST_ITEM(link, struct scan, link));
    }
    free(scans->now);
    buffer_wipe(&scans->file);
    free(scans);
}

/* -- What is to be scanned -- */

bool scans_on_entry(struct keeper *keeper, const struct enrum_item *item)
{
    struct scans *scans = keeper->scans;
    if (scans->scanner == NULL || item->class != CLASS_RECORD || !item->is_open ||
        item->content.kind != KIND_FILE || item->received_at + AGAIN_MS < keeper_wall(keeper)) {
        return true;
    }
    if (scans->waiting_count == SCANS_WAITING_MAX) {
        slog(SLOG_WARN, "scan_skipped", slog_hex("room", item->room.bytes, 4),
             slog_u64("seq", item->seq));
        return true;
    }
    struct scan *scan = calloc(1, sizeof *scan);
    if (scan == NULL) {
        return false;
    }
    list_init(&scan->link);
    scan->room = item->room;
    scan->hash = item->hash;
    scan->seq = item->seq;
    list_push_back(&scans->waiting, &scan->link);
    scans->waiting_count++;
    return true;
}

static void scan_end(struct scans *scans)
{
    free(scans->now);
    scans->now = NULL;
    scans->is_noted = false;
    scans->state = SCANS_IDLE;
}

static void scan_again(struct keeper *keeper)
{
    struct scans *scans = keeper->scans;
    scans->now->retry_at = keeper_mono(keeper) + RETRY_SCAN_MS;
    list_push_back(&scans->waiting, &scans->now->link);
    scans->waiting_count++;
    scans->now = NULL;
    scans->state = SCANS_IDLE;
}

/* -- Fetching -- */

static bool on_bytes(void *context, struct slice bytes)
{
    struct scans *scans = context;
    buffer_append_slice(&scans->file, bytes);
    return !scans->file.failed;
}

static struct id cause_of(const struct scan *scan)
{
    return deed_cause("finding", &scan->room, &scan->hash, scan->seq);
}

static void file_fetch(struct keeper *keeper, const struct logbook *book)
{
    struct scans *scans = keeper->scans;
    struct enrum_sink sink = {on_bytes, scans};
    struct id cause = cause_of(scans->now);
    if (logbook_has_cause(book, &cause)) {
        scan_end(scans); /* an earlier keeper has warned of it */
        return;
    }
    buffer_wipe(&scans->file);
    buffer_init(&scans->file, FILE_BYTES_MAX);
    enum enrum_err err = enrum_fetch_file(keeper->enrum, &scans->now->room, scans->now->seq, &sink,
                                          &scans->request);
    if (err == ENRUM_OK) {
        scans->state = SCANS_FETCHING;
    } else if (err == ENRUM_MEMORY) {
        scan_again(keeper);
    } else {
        scan_end(scans);
    }
}

void scans_on_saved(struct keeper *keeper, const struct enrum_event *event)
{
    struct scans *scans = keeper->scans;
    if (scans == NULL || scans->state != SCANS_FETCHING || event->request != scans->request) {
        return;
    }
    if (event->err == ENRUM_OK) {
        scans->state = SCANS_SCANNING;
        scanner_put(scans->scanner, &scans->file);
        return;
    }
    buffer_wipe(&scans->file);
    buffer_init(&scans->file, FILE_BYTES_MAX);
    if (event->err == ENRUM_FILE_FAILED) {
        scan_again(keeper); /* memory was short */
        return;
    }
    /* What does not open for the keeper opens for nobody. */
    slog(SLOG_WARN, "scan", slog_hex("room", scans->now->room.bytes, 4),
         slog_u64("seq", scans->now->seq), slog_str("err", error_name(event->err)));
    scan_end(scans);
}

/* -- The result -- */

static void result_take(struct keeper *keeper)
{
    static const char *const names[] = {"clean", "found", "cannot", "away"};
    struct scans *scans = keeper->scans;
    struct scan *scan = scans->now;
    if (!scanner_take(scans->scanner, &scan->result)) {
        return;
    }
    slog(scan->result.verdict == CLAMD_CLEAN ? SLOG_INFO : SLOG_WARN, "scan",
         slog_hex("room", scan->room.bytes, 4), slog_u64("seq", scan->seq),
         slog_str("result", names[scan->result.verdict]), slog_str("name", scan->result.name));
    switch (scan->result.verdict) {
    case CLAMD_CLEAN:
        scan_end(scans);
        break;
    case CLAMD_AWAY:
        scan_again(keeper);
        break;
    case CLAMD_FOUND:
    case CLAMD_NOT:
        scans->state = SCANS_NOTING;
        break;
    }
}

static void on_noted(struct keeper *keeper, struct deed *deed, enum enrum_err err, uint64_t seq)
{
    (void)deed, (void)seq;
    struct scans *scans = keeper->scans;
    if (scans == NULL || scans->state != SCANS_NOTING) {
        return;
    }
    if (err == ENRUM_OK) {
        scan_end(scans);
    } else {
        scans->is_noted = false; /* tried again */
        scans->now->retry_at = keeper_mono(keeper) + RETRY_SCAN_MS;
    }
}

static void finding_append(struct keeper *keeper)
{
    struct scans *scans = keeper->scans;
    const struct scan *scan = scans->now;
    struct wire_body_finding body = {
        .seq = scan->seq,
        .hash = scan->hash,
        .result = scan->result.verdict == CLAMD_FOUND ? 1 : 2,
        .name = slice_of_text(scan->result.name),
        .scanner = slice_of_text(scan->result.scanner),
        .time = keeper_wall(keeper),
    };
    struct id cause = cause_of(scan);
    struct deed deed = {.room = scan->room, .done = on_noted};
    scans->is_noted = deed_record(keeper, &deed, KIND_FINDING, &body, &cause) == ENRUM_OK;
}

static void idle_step(struct keeper *keeper)
{
    struct scans *scans = keeper->scans;
    LIST_EACH (link, &scans->waiting) {
        struct scan *scan = LIST_ITEM(link, struct scan, link);
        const struct logbook *book = keeper_book(keeper, &scan->room);
        if (keeper_mono(keeper) < scan->retry_at || book == NULL || !book->is_current) {
            continue;
        }
        list_remove(link);
        scans->waiting_count--;
        scans->now = scan;
        file_fetch(keeper, book);
        return;
    }
}

void scans_step(struct keeper *keeper)
{
    struct scans *scans = keeper->scans;
    if (scans->scanner == NULL) {
        return;
    }
    switch (scans->state) {
    case SCANS_IDLE:
        idle_step(keeper);
        break;
    case SCANS_FETCHING:
        break;
    case SCANS_SCANNING:
        result_take(keeper);
        break;
    case SCANS_NOTING: {
        const struct logbook *book = keeper_book(keeper, &scans->now->room);
        bool is_due = !scans->is_noted && keeper_mono(keeper) >= scans->now->retry_at;
        if (book == NULL || book->is_untrusted) {
            scan_end(scans);
        } else if (is_due && book->is_current && book->busy == 0 && book->seq >= book->wait_seq) {
            finding_append(keeper);
        }
        break;
    }
    }
}
