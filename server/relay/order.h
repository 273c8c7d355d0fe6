/* order -- what the caller's thread wants of a worker, as it lies in the worker's mailbox.
 * Ids were given by the caller's side (relay.c); the worker keeps what they name in their slot. */
#pragma once

#include "relay/leg.h"

enum order_type {
    ORDER_LEG_OPEN,
    ORDER_LEG_CLOSE,
    ORDER_CALL_CLOSE,
    ORDER_PUBLISH,
    ORDER_UNPUBLISH,
    ORDER_SUBSCRIBE,
    ORDER_UNSUBSCRIBE,
};

struct order {
    enum order_type type;
    uint64_t call, leg, stream;
    union {
        struct leg_setup setup;     /* ORDER_LEG_OPEN */
        struct relay_stream wanted; /* ORDER_PUBLISH */
    };
};

/* An id of a leg or a stream: generation, worker, slot. */
enum { ORDER_SLOT_BITS = 24 };

/* Where an id's item lies in arrays of the worker. */
static inline uint32_t order_slot(uint64_t id)
{
    return (uint32_t)id & ((1U << ORDER_SLOT_BITS) - 1);
}

static inline unsigned order_worker(uint64_t id)
{
    return (unsigned)(id >> ORDER_SLOT_BITS) & 0xff;
}
