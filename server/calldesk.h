/* calldesk -- calls at the switchboard: says to the pure calls who asks, and carries out what they
 * order. Without a relay there are no calls here. Thread: the loop. */
#pragma once

#include "call/calls.h"
#include "journal/event.h"
#include "patchbay.h"

struct switchboard;

struct calldesk {
    struct switchboard *board;
    struct calls *calls; /* NULL: none are carried */
    struct relay *relay;
    struct mailbox events; /* struct relay_event */
    struct patchbay bay;
};

/* With the configuration's relay, if it has one. False: it cannot be had. */
bool calldesk_open(struct calldesk *desk, struct switchboard *board);
void calldesk_close(struct calldesk *desk);
/* A descriptor to watch; -1 when no calls are carried. */
int calldesk_wake_fd(const struct calldesk *desk);
/* What the relay tells. */
void calldesk_told(struct calldesk *desk);
void calldesk_tick(struct calldesk *desk);
void calldesk_session_gone(struct calldesk *desk, uint64_t session);
/* A session has asked to follow this room, and may do so now. */
void calldesk_followed(struct calldesk *desk, uint64_t session, const struct identity *who,
                       const struct id *room);

/* A CALL_ message of a client, whose signature is checked. False: no calls are carried here, and
 * nothing is answered. */
bool calldesk_take(struct calldesk *desk, const struct caller *who, uint64_t type,
                   const void *message);

/* Zeros when no calls are carried. */
void calldesk_count(const struct calldesk *desk, struct calls_counts *calls,
                    uint64_t relay[COUNTERS]);
