/* replay -- ids of letters dealt with in the last ten minutes: a letter counts once.
 * A letter's own time bounds how long its id must be remembered. */
#pragma once

#include "base/table.h"
#include "enrum.h"

enum {
    REPLAY_WINDOW_MS = 10 * 60 * 1000,
    REPLAY_CLOCK_MS = 5 * 60 * 1000, /* a letter's time may be off by this */
    REPLAY_LETTERS_MAX = 65536,
};

struct replay_letter;

struct replay {
    struct table by_id;
    struct replay_letter *oldest, *newest;
};

void replay_init(struct replay *replay);
void replay_fini(struct replay *replay);
/* Has a letter of that time just been written? */
bool replay_is_fresh(uint64_t letter_time_ms, uint64_t now_ms);
/* Takes note of a letter. Errors: LETTER_OLD (off by more than the clock allows, or seen before),
 * BUSY (more letters in ten minutes than are remembered). */
enum enrum_err replay_judge(struct replay *replay, const struct id *id, uint64_t letter_time_ms,
                            uint64_t now_ms);
