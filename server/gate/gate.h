/* gate -- the edge to clients: TLS, WebSocket, HTTP, the sessions' outboxes, limits on connections.
 * The only place with libwebsockets, which runs as a guest in the loop that is given (libev). Gives
 * whole frames and takes parcels; what they mean is not known here. Thread: the loop. */
#pragma once

#include "base/clock.h"
#include "gate/session.h"

struct ev_loop;
struct gate;
struct pages;

struct gate_options {
    struct ev_loop *loop;
    const char *address;           /* numeric */
    unsigned port;                 /* 0: one that is free */
    const char *certificate, *key; /* files; NULL: no TLS, which only loopback addresses may have */
    struct clock clock;
    size_t sessions_max, sessions_per_address_max;
    unsigned unproved_ms_max, silent_ms_max, letter_ms_max;
    struct session_limits session;
    /* The session lives until `closed` returns. A frame is borrowed for the call. */
    void (*frame)(void *context, struct session *session, struct slice frame);
    void (*closed)(void *context, struct session *session);
    /* A message of more than FRAME_BYTES_MAX came: the session ends behind what is sent now. */
    void (*oversized)(void *context, struct session *session);
    /* The body for GET /healthz, and whether all is well. */
    bool (*health)(void *context, struct buffer *body);
    void *context;
    const struct pages *pages; /* NULL: none are served */
};

/* Errors: CONFIG (address, certificate; said in the log), MEMORY. */
enum enrum_err gate_open(const struct gate_options *options, struct gate **out);
/* Closes all sessions with 1001 and stops listening. */
void gate_close(struct gate *gate);
unsigned gate_port(const struct gate *gate);

/* NULL when it is gone. */
struct session *gate_session(struct gate *gate, uint64_t session);
/* Queues a reference. A session that does not read its outbox empty is closed. A stale session is
 * an ordinary "gone". */
void gate_send(struct gate *gate, uint64_t session, struct parcel *parcel);
/* Ends the session behind what is queued. code: RFC 6455 §7.4. */
void gate_end(struct gate *gate, uint64_t session, unsigned code);
/* Once a second: ends what is silent, or unproved, for too long. */
void gate_tick(struct gate *gate);

struct gate_counts {
    uint64_t sessions, accepted, refused, oversized, slow;
};
void gate_counts(const struct gate *gate, struct gate_counts *out);
