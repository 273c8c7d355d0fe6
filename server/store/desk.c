/* desk -- see desk.h. */
#include "store/desk.h"

#include "base/clock.h"
#include "base/slog.h"

#include <stdlib.h>

enum { PAUSE_MS_FIRST = 250, PAUSE_MS_MAX = 8000, CALM_MS = 60000, KEPT_MAX = 4096 };

static uint64_t now_ms(void)
{
    const struct clock clock = clock_system();
    return clock_monotonic_ms(&clock);
}

bool desk_open(struct desk *desk, const char *folder, const struct id *board)
{
    *desk = (struct desk){.pause_ms = PAUSE_MS_FIRST};
    return database_open(&desk->database, folder, board, false);
}

void desk_close(struct desk *desk)
{
    database_close(&desk->database);
    desk_kept_free(desk);
}

bool desk_try(struct desk *desk, const char *folder)
{
    if (desk->state != DESK_FAILING) {
        return true;
    }
    if (now_ms() < desk->try_ms) {
        return false;
    }
    const struct id board = desk->database.board;
    if (!database_open(&desk->database, folder, &board, false)) {
        desk_fail(desk);
        return false;
    }
    desk->state = DESK_TRIED;
    return true;
}

void desk_fail(struct desk *desk)
{
    if (desk->database.trouble.code == 0) {
        /* SQLite was content, and what it gave was not what had been written. */
        (void)database_told(&desk->database, "row", SQLITE_CORRUPT);
    }
    database_close(&desk->database);
    if (desk->state == DESK_OPEN) {
        desk->failed_ms = now_ms();
        desk->refused = 0;
        /* One that fails again and again is tried, and told of, more and more seldom. */
        desk->pause_ms = desk->failed_ms - desk->good_ms > CALM_MS ? PAUSE_MS_FIRST
                                                                   : desk->pause_ms;
    }
    desk->state = DESK_FAILING;
    desk->try_ms = now_ms() + desk->pause_ms;
    desk->pause_ms = desk->pause_ms * 2 < PAUSE_MS_MAX ? desk->pause_ms * 2 : PAUSE_MS_MAX;
    desk->code = desk->database.trouble.code;
    desk->is_failing = true;
}

void desk_good(struct desk *desk)
{
    if (desk->state == DESK_TRIED) {
        slog(SLOG_INFO, "store_recovered", slog_hex("board", desk->database.board.bytes, 8),
             slog_u64("after_ms", now_ms() - desk->failed_ms), slog_u64("refused", desk->refused));
        database_trouble_end(&desk->database);
        desk->good_ms = now_ms();
    }
    desk->state = DESK_OPEN;
    desk->is_failing = false;
}

/* -- Certificates -- */

static bool is_kept(const struct desk *desk, const struct job *job)
{
    for (size_t i = 0; i < desk->kept_count; i++) {
        if (slice_equal(parcel_slice(desk->kept[i]->bytes), parcel_slice(job->bytes))) {
            return true;
        }
    }
    return false;
}

void desk_keep(struct desk *desk, struct job *job)
{
    struct job **grown = is_kept(desk, job)
                             ? NULL
                             : realloc(desk->kept, (desk->kept_count + 1) * sizeof *desk->kept);
    if (grown == NULL) {
        job_free(job);
        return;
    }
    desk->kept = grown;
    desk->kept[desk->kept_count++] = job;
    /* Those on their way are kept as well; who comes now must come again. */
    desk->is_full = desk->kept_count >= KEPT_MAX;
}

void desk_kept_free(struct desk *desk)
{
    for (size_t i = 0; i < desk->kept_count; i++) {
        job_free(desk->kept[i]);
    }
    free(desk->kept);
    desk->kept = NULL;
    desk->kept_count = 0;
    desk->is_full = false;
}
