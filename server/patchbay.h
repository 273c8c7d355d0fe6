/* patchbay -- which leg of a call is which of the relay's: carries out what the calls order, and
 * remembers the relay's names. Thread: the loop. */
#pragma once

#include "base/list.h"
#include "base/table.h"
#include "call/callorder.h"
#include "relay/relay.h"

struct patchbay {
    struct relay *relay;
    struct table calls, legs; /* by our numbers */
};

/* `relay` must outlive it. */
void patchbay_init(struct patchbay *bay, struct relay *relay, size_t legs_max);
void patchbay_fini(struct patchbay *bay);

/* Any order but SEND and KEEPERS. For LEG_OPEN and LEG_KEPT, *answer is what the device is told.
 * Errors: RELAY_FULL. */
enum enrum_err patchbay_do(struct patchbay *bay, const struct order *order,
                           struct relay_answer *answer);
