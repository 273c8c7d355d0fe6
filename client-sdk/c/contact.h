/* contact -- one connection's conversation with the host: hello, proof, requests by number, pings.
 *
 *   OFFLINE --[due]--> CONNECTING --[socket open, HELLO]--> HELLO_SENT --[good CHALLENGE]-->
 * GREETED --[PROVE, READY]--> READY
 *      '<---- lost, silent, or a host that is not the board's; the next try when the back-off says
 * so ----' GREETED: the host has shown the key that the board names. READY: and this device's
 * certificate is accepted. */
#pragma once

#include "backoff.h"
#include "base/list.h"
#include "enrum.h"

enum contact_state {
    CONTACT_OFFLINE,
    CONTACT_CONNECTING,
    CONTACT_HELLO_SENT,
    CONTACT_GREETED,
    CONTACT_READY,
};

enum {
    PING_EVERY_MS = 10000,
    ANSWER_WAIT_MS = 20000,
    CONNECT_WAIT_MS = 20000,
    BOARD_EVERY_MS = 2000, /* while no keeper is known that answers */
    BACKOFF_FIRST_MS = 250,
    BACKOFF_MAX_MS = 30000,
};

/* A question that waits for its answer. `done` is called once: with OK and the answering frame,
 * with the code of an ERROR, or with NETWORK when the connection is lost. */
struct request {
    struct list link;
    uint64_t number, deadline;
    struct id room;
    uint64_t subject; /* what the asker likes */
    void (*done)(struct enrum *enrum, struct request *request, enum enrum_err err, uint64_t type,
                 struct slice frame);
};

struct contact {
    enum contact_state state;
    struct backoff backoff;
    struct list requests;
    uint64_t last_number, state_since, heard_at, ping_at, board_at;
    uint64_t prove_at, list_at; /* to be asked again, since the host was busy; 0: no need */
    struct id client_nonce, server_nonce;
    uint64_t prove_number;   /* of the newest PROVE */
    bool is_proved;          /* the host has accepted the certificate that this device has now */
    bool is_listed;          /* READY, and the list of rooms has come: told as READY */
    enum enrum_err lost_err; /* why the connection is about to be dropped */
};

void contact_init(struct contact *contact);
/* Tells every waiting request NETWORK, and nothing else. */
void contact_fini(struct enrum *enrum);
/* Connects, pings, times out. */
void contact_step(struct enrum *enrum);
/* When contact_step has something to do next (monotonic ms). */
uint64_t contact_due(const struct enrum *enrum);
/* Ends the connection; the next try is after the back-off. */
void contact_drop(struct enrum *enrum, enum enrum_err err);
/* Should a request that was refused so be made again, a little later? */
bool contact_is_passing(enum enrum_err err);
/* The list of rooms has come: the application is told READY, once for each proof. */
void contact_on_listed(struct enrum *enrum);
/* Proves this device again, with a new certificate. */
void contact_prove(struct enrum *enrum);

/* Sends a message of this layout; its request number is filled in. `done` may be NULL for a
 * message without an answer that matters. Errors: those of socket_send and layout_encode; `done`
 * is then not called. */
struct question {
    const struct layout *layout;
    void *message;
    const struct id *room; /* may be NULL */
    uint64_t subject;
    void (*done)(struct enrum *enrum, struct request *request, enum enrum_err err, uint64_t type,
                 struct slice frame);
};
enum enrum_err contact_ask(struct enrum *enrum, const struct question *question);

/* What the socket tells. */
void contact_on_open(void *context);
void contact_on_frame(void *context, struct slice frame);
void contact_on_lost(void *context, const char *reason);
