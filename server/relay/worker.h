/* worker -- one thread of the relay, its socket, and the legs that are pinned to it.
 * Takes orders, tells events; datagrams go to the leg that they are for, media to routes.
 * Nothing but worker_order, worker_orders and worker_counts may be called while it runs. */
#pragma once

#include "relay/order.h"

enum {
    /* The kernel gives a datagram to one of several sockets of a port by its addresses, not by its
     * call: a second worker needs a way for datagrams between them, which does not exist. */
    WORKERS_MAX = 1,
    WORKER_UFRAG_DIGITS = 8, /* an id's lower half, hexadecimal: worker and slot */
};

struct worker;

/* Borrowed for as long as the worker lives. */
struct worker_setup {
    const struct relay_options *options;
    const struct dtls_identity *identity;
    struct mailbox *events;
    size_t orders_max;
    unsigned number;
};

/* Opens its socket. Where *port is 0, it is then the one that the kernel chose. NULL: no memory, or
 * errno says why. */
struct worker *worker_new(const struct worker_setup *setup, uint16_t *port);
bool worker_start(struct worker *worker);
/* Goodbye to all legs; waits for the thread. */
void worker_stop(struct worker *worker);
void worker_free(struct worker *worker);
/* False: too many wait. An order that ends something always has a place. */
bool worker_order(struct worker *worker, const struct order *order);
/* How many wait. */
size_t worker_orders(struct worker *worker);
const struct counts *worker_counts(const struct worker *worker);
