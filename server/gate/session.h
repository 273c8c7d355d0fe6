/* session -- one client's connection: what it has said of itself, what it may send now, what waits
 * to go out to it.
 *
 *   CONNECTED --[HELLO answered]--> GREETED --[PROVE checked, for a board]--> READY --[PROVE, for
 * another board]--> READY CONNECTED: no nonces, no identity.   GREETED: both nonces are there.
 * READY: at least one identity is there.
 *
 * Knows no rooms and no sockets. Thread: the loop. */
#pragma once

#include "base/parcel.h"
#include "gate/allowance.h"
#include "protocol/certificate.h"

enum { BOARDS_PER_SESSION_MAX = 8, OUTBOX_PARCELS_MAX = 4096 };

enum session_state {
    SESSION_CONNECTED = STATE_CONNECTED,
    SESSION_GREETED = STATE_GREETED,
    SESSION_READY = STATE_READY,
};

struct session {
    uint64_t id;
    enum session_state state;
    struct id client_nonce, server_nonce;
    size_t proved_count;
    struct certificate *proved[BOARDS_PER_SESSION_MAX]; /* one for each board */
    uint64_t opened_ms, heard_ms,
        letter_ms; /* monotonic; letter_ms: a letter of it waits for an answer since; 0: none */
    unsigned malformed;
    struct allowance frames, bytes; /* what it may still send */
    size_t outbox_bytes, outbox_count, outbox_first, outbox_capacity;
    struct parcel **outbox; /* a ring that grows; NULL while nothing waits */
};

struct session_limits {
    size_t outbox_bytes_max;
    uint64_t frames_per_s, bytes_per_s;
};

void session_init(struct session *session, uint64_t id, const struct session_limits *limits,
                  uint64_t now_ms);
void session_fini(struct session *session);
/* Asserts what the comment above says of the state. */
void session_check(const struct session *session);

void session_greet(struct session *session, const struct id *client_nonce,
                   const struct id *server_nonce);
/* Proving a board again replaces its identity. Errors: TOO_MANY, MEMORY. */
enum enrum_err session_prove(struct session *session, const struct certificate *certificate);
/* NULL when this board is not proved. */
const struct certificate *session_proved(const struct session *session, const struct id *board);

/* Takes a reference of its own. False when the outbox is full. */
bool session_outbox_put(struct session *session, struct parcel *parcel, size_t bytes_max);
/* The length of the first that waits; 0: none does. */
size_t session_outbox_next(const struct session *session);
/* The first that waits, to be unreferenced by the caller; NULL: none. */
struct parcel *session_outbox_take(struct session *session);
