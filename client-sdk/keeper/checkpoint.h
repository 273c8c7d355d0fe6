/* checkpoint -- what the keeper refuses to record, and when it records.
 * Pure: the entry, what was known before it, and the keeper's clock come in; a ground goes out. */
#pragma once

#include "logbook.h"

struct checkpoint_clock {
    uint64_t now_ms;        /* the keeper's, when the entry came */
    uint64_t up_to_date_ms; /* when the keeper last knew that it had everything; 0: not since it
                               started */
};

/* Why the next checkpoint refuses this entry; 0: it does not. `before` is the room as it was in
 * front of the entry. */
uint64_t checkpoint_refuses(const struct logbook *before, const struct enrum_item *item,
                            const struct checkpoint_clock *clock);

enum { CHECKPOINT_QUIET_MS = 200, CHECKPOINT_BUSY_MS = 1000 };
/* Is a checkpoint due, at this monotonic time? When not, *next_ms is when to ask again (or
 * untouched). */
bool checkpoint_is_due(const struct logbook *book, uint64_t mono_ms, uint64_t *next_ms);

struct checkpoint_plan {
    struct wire_open_checkpoint open; /* cause is filled in by who appends */
    struct wire_body_refusals body;   /* borrows from the buffer */
};
/* Covers the log up to its head, or as far as REFUSALS_MAX refusals go. `bytes` is initialised.
 * False when memory is short. */
bool checkpoint_plan(const struct logbook *book, uint64_t now_ms, struct buffer *bytes,
                     struct checkpoint_plan *out);
