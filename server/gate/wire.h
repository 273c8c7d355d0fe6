/* wire -- the gate's inside, for the files of this folder: what all connections share, and what
 * libwebsockets keeps for us beside each of its own. */
#pragma once

#include "base/pool.h"
#include "base/table.h"
#include "gate/gate.h"

#include <libwebsockets.h>
#include <sodium.h>

struct gate {
    struct gate_options options;
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct pool connections;
    struct table visitors;
    uint8_t salt[crypto_shorthash_KEYBYTES];
    size_t browsers; /* connections that pages were asked on */
    uint8_t *out;    /* LWS_PRE bytes and a frame */
    struct gate_counts counts;
};

struct wire {
    uint64_t connection; /* 0: none (plain HTTP) */
    struct buffer body;  /* of an HTTP answer that is made for it */
    struct slice rest;   /* of an HTTP answer: what is still to go */
    bool is_last;        /* the connection ends behind it */
};
