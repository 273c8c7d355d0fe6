/* gate -- the edge to clients: TLS, WebSocket, HTTP, the sessions' outboxes, limits on connections.
 * The only place with libwebsockets, which runs as a guest in the loop that is given (libev). Gives
 * whole frames and takes parcels; what they mean is not known here. Thread: the loop. */
#pragma once

#include "base/clock.h"
#include "gate/account.h"
#include "gate/session.h"

struct ev_loop;
struct gate;
struct pages;

struct gate_options {
    struct ev_loop *loop;
    const char *address;           /* numeric */
    unsigned port;                 /* 0: one that is free */
    const char *certificate, *key; /* files; NULL: no TLS, which only loopback addresses may have */
    const char *metrics_address;   /* loopback; NULL: no metrics */
    unsigned metrics_port;
    struct clock clock;
    size_t sessions_max, held_bytes_max;
    struct account_limits address_limits, person_limits;
    uint64_t request_ms_max, unproved_ms_max, silent_ms_max, letter_ms_max;
    struct session_limits session;
    /* The session lives until `closed` returns. A frame is borrowed for the call. */
    void (*frame)(void *context, struct session *session, struct slice frame);
    void (*closed)(void *context, struct session *session);
    /* A message over the limit came: the session ends behind what is sent now. */
    void (*oversized)(void *context, struct session *session);
    /* The body for GET /healthz, and whether all is well. */
    bool (*health)(void *context, struct buffer *body);
    void (*metrics)(void *context, struct buffer *body);
    void *context;
    const struct pages *pages; /* NULL: none are served */
};

/* Errors: CONFIG (address, certificate; said in the log), MEMORY. */
enum enrum_err gate_open(const struct gate_options *options, struct gate **out);
/* Listens no more, and takes no more frames from those who are here. */
void gate_leave(struct gate *gate);
/* Ends all sessions with 1001, behind what waits for them, and who has not asked for anything. */
void gate_end_all(struct gate *gate);
/* Drops whoever is still here. */
void gate_close(struct gate *gate);
unsigned gate_port(const struct gate *gate);
/* 0: there are no metrics. */
unsigned gate_metrics_port(const struct gate *gate);
/* New connections get the certificate that the files hold now; a wrong one changes nothing and is
 * said in the log. */
void gate_certificate_read(struct gate *gate);

/* NULL when it is gone. */
struct session *gate_session(struct gate *gate, uint64_t session);
/* session_prove, and the session no longer counts for its address, but for this person. Errors:
 * TOO_MANY (boards, or sessions of the person), MEMORY. */
enum enrum_err gate_prove(struct gate *gate, struct session *session,
                          const struct certificate *certificate);
/* Queues a reference. A session that does not read its outbox empty is closed. A stale session is
 * an ordinary "gone". */
void gate_send(struct gate *gate, uint64_t session, struct parcel *parcel);
/* Ends the session behind what is queued. code: RFC 6455 §7.4. */
void gate_end(struct gate *gate, uint64_t session, unsigned code);
/* A signature of the session's was wrong, which no honest client sends: finding out cost up to 64
 * checks, and it pays with half a second's worth of its messages. */
void gate_fine(struct gate *gate, uint64_t session);
/* Once a second: ends what is silent, or unproved, for too long; lets those go on that had to wait.
 */
void gate_tick(struct gate *gate);

/* Why the gate ends a connection. */
enum gate_ending {
#define ENDING(NAME, label, what) ENDING_##NAME,
#include "gate/endings.def"
#undef ENDING
    ENDINGS
};
/* Who had used up an allowance when a session had to wait. */
enum gate_payer { PAYER_CONNECTION, PAYER_PERSON, PAYER_ADDRESS, PAYERS };

struct gate_counts {
    uint64_t opened;              /* sessions */
    uint64_t in_frames, in_bytes; /* whole messages */
    uint64_t out_frames, out_bytes;
    uint64_t ended[ENDINGS], waited[PAYERS];
};
void gate_counts(const struct gate *gate, struct gate_counts *out);

/* What is held now. Walks all sessions. */
struct gate_holdings {
    size_t connections, unproved, addresses, persons;
    size_t sessions[3]; /* by enum session_state: connected, greeted, ready */
    size_t waiting;     /* sessions that wait for an allowance */
    size_t held_bytes;  /* as gate.held_bytes */
};
void gate_holdings(const struct gate *gate, struct gate_holdings *out);
