/* wire -- the gate's inside, for the files of this folder: what all connections share, and what
 * libwebsockets keeps for us beside each of its own. */
#pragma once

#include "base/pool.h"
#include "gate/account.h"
#include "gate/door.h"
#include "gate/gate.h"
#include "gate/tls.h"

#include <libwebsockets.h>
#include <sodium.h>

enum { RECORD_BYTES = 16384 }; /* TLS' largest */

struct gate {
    struct gate_options options;
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct door door, metrics_door;
    struct tls tls;
    struct pool visitors, connections;
    struct accounts addresses, persons;
    uint8_t salt[crypto_generichash_KEYBYTES];
    size_t unproved;   /* visitors that have proved nobody */
    size_t held_bytes; /* that waits for sessions, or of messages that are not whole yet */
    uint64_t ticks;
    uint8_t *out; /* LWS_PRE bytes and a frame */
    struct gate_counts counts;
};

struct wire {
    uint64_t connection; /* 0: none (plain HTTP) */
    struct buffer body;  /* of an HTTP answer that is made for it */
    struct slice rest;   /* of an HTTP answer: what is still to go */
    bool is_last;        /* the connection ends behind it */
};

static inline uint64_t gate_now_ms(const struct gate *gate)
{
    return clock_monotonic_ms(&gate->options.clock);
}
