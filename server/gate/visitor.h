/* visitor -- a connection from the moment it is accepted: the places it takes, and how long it may
 * take for its first request. It has its address's account until it has proved who it is. Its id is
 * what libwebsockets keeps as opaque user data. Thread: the loop. */
#pragma once

#include "gate/wire.h"

struct visitor {
    struct lws *wsi;
    struct account *address; /* NULL: it has proved who it is, or came to the metrics */
    bool is_at_metrics;      /* came in by that door; what it says of a host decides nothing */
    uint64_t since_ms;       /* it is connected, or its last request was answered */
    bool is_answered;        /* a request is being answered, or it is a session */
};

/* Doors' `enter`; `context` is the gate. */
void visitor_come(void *context, int fd, const struct sockaddr *from);
void visitor_come_to_metrics(void *context, int fd, const struct sockaddr *from);
/* NULL when it is gone. */
struct visitor *visitor_of(struct gate *gate, struct lws *wsi);
/* It is somebody now, and no longer one of its address's. */
void visitor_proved(struct gate *gate, struct visitor *visitor);
/* libwebsockets gives the connection up. */
void visitor_gone(struct gate *gate, struct lws *wsi);
/* A piece of unproved work. False: the address has had its share. */
bool visitor_pay(struct gate *gate, struct visitor *visitor);
/* Ends those that have not made their request after this long. */
void visitors_cut(struct gate *gate, uint64_t ms_max, enum gate_ending ending);
/* Forgets all, when libwebsockets is gone. */
void visitors_fini(struct gate *gate);
