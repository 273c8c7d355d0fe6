/* socket -- one WebSocket connection to the host: whole binary frames out and in. The only file
 * with libwebsockets. Plain ws:// goes to loopback addresses only; wss:// checks chain and host
 * name, always. Knows nothing of what a frame says. Thread: the one that calls socket_step, but
 * for socket_wake. */
#pragma once

#include "base/slice.h"
#include "protocol/tables.h"

struct socket;

struct socket_options {
    bool has_tls;        /* wss:// is wanted: loads the certificates to trust */
    const char *ca_file; /* NULL: the system's */
    void (*on_open)(void *context);
    void (*on_frame)(void *context, struct slice frame);
    /* Lost, or never made; the reason is for developers. Not told for socket_drop. */
    void (*on_lost)(void *context, const char *reason);
    void *context;
};

/* NULL: no memory. */
struct socket *socket_new(const struct socket_options *options);
void socket_free(struct socket *socket);
/* Begins to connect. Errors: CONFIG (an address that may not be used), NETWORK, OUT_OF_STATE
 * (connected already). */
enum enrum_err socket_connect(struct socket *socket, const char *url);
/* Queues a frame. Errors: NETWORK (not connected), OVERSIZED, MEMORY, OUTBOX_FULL (the host does
 * not read). */
enum enrum_err socket_send(struct socket *socket, struct slice frame);
/* Closes at once; what waits to be written is gone. May be called from a callback. */
void socket_drop(struct socket *socket);
/* Waits up to wait_ms for something to do, and does it. */
void socket_step(struct socket *socket, unsigned wait_ms);
/* From any thread: makes a waiting step return. */
void socket_wake(struct socket *socket);
