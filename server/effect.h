/* effect -- carries out what the journal wants done. Jobs that the store has no place for wait
 * here, in order. Thread: the loop. */
#pragma once

#include "gate/gate.h"
#include "journal/journal.h"
#include "store/store.h"

struct backlog {
    struct effect *items;
    size_t first, count, capacity;
};

struct outlet {
    struct gate *gate;
    struct store *store;
    struct clock clock;
    struct backlog backlog;
};

void outlet_fini(struct outlet *outlet);
/* Does all of them, and leaves `effects` empty. */
void outlet_do(struct outlet *outlet, struct effects *effects);
/* Tries again what waits. */
void outlet_retry(struct outlet *outlet);
