/* callorder -- what the calls want done: messages to be sent, and what the relay shall forward. In
 * order; the caller carries them out, and then owns nothing more of them. */
#pragma once

#include "base/parcel.h"
#include "protocol/layout.h"
#include "protocol/tables.h"

enum order_type {
    ORDER_SEND,         /* a message to a session */
    ORDER_KEEPERS,      /* a message to all sessions of the board's keepers */
    ORDER_LEG_OPEN,     /* the relay makes a leg, and CALL_LEG is answered with CALL_LEG_READY */
    ORDER_LEG_KEPT,     /* the leg is as it was: CALL_LEG is answered with CALL_LEG_READY */
    ORDER_LEG_CLOSE,    /* with its streams, and what it receives */
    ORDER_STREAM_OPEN,  /* the leg sends this */
    ORDER_STREAM_CLOSE, /* and no longer */
    ORDER_SUBSCRIBE,    /* the leg receives this stream of another leg */
};

/* One device's way of sending and receiving media. Numbers are never given twice. */
struct leg {
    uint64_t number, call; /* call: which legs are together (also a number) */
    char ufrag[257], pwd[257];
    struct id fingerprint; /* SHA-256 of the device's DTLS certificate */
    uint64_t transport_cc;
};

struct order {
    enum order_type type;
    uint64_t session, request; /* SEND, LEG_OPEN, LEG_KEPT */
    struct id board, call;     /* KEEPERS, LEG_OPEN, LEG_KEPT */
    uint64_t leg;              /* LEG_*, STREAM_*, SUBSCRIBE */
    union {
        struct parcel *message; /* SEND, KEEPERS: one reference */
        struct leg *opens;      /* LEG_OPEN: freed with the order */
        struct {
            struct wire_call_stream in; /* as the device sends it */
            uint64_t out_ssrc;          /* as all others get it; never used again in this call */
        } stream;
    };
};

struct orders {
    struct order *items;
    size_t count, capacity;
    bool failed; /* memory: a message is lost; the next state that is shown makes it good */
};

void orders_init(struct orders *orders);
/* Frees what is in it. */
void orders_fini(struct orders *orders);

/* On failure of memory frees what the order holds, and sets `failed`. */
void order_put(struct orders *orders, const struct order *order);
/* Session 0 is nobody. */
void order_send(struct orders *orders, uint64_t session, const struct layout *layout,
                const void *message);
void order_error(struct orders *orders, uint64_t session, uint64_t request, enum enrum_err err);
void order_done(struct orders *orders, uint64_t session, uint64_t request);
void order_keepers(struct orders *orders, const struct id *board, const struct layout *layout,
                   const void *message);
