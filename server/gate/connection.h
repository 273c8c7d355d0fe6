/* connection -- one session with what libwebsockets and the gate keep for it: the message that is
 * not whole yet, who pays for it, how it ends. Thread: the loop. */
#pragma once

#include "gate/visitor.h"

struct connection {
    struct session session;
    struct lws *wsi;
    struct account *person; /* of the first board that it proved; NULL: of none yet */
    struct buffer in;
    uint64_t payload_bytes,
        beside_bytes; /* taken in: of messages, and beside them when looked at */
    struct allowance beside;
    bool is_ending, is_cut, is_waiting;
    unsigned end_code;
    uint64_t ending_ms; /* is_ending since */
};

/* NULL when it is gone. */
struct connection *connection_find(struct gate *gate, uint64_t id);
/* Ends it with the next tick, and nothing more comes or goes: the library's own way to do so later
 * waits for a loop that is idle, which a flood prevents. */
void connection_cut(struct gate *gate, struct connection *connection, enum gate_ending ending);
/* Ends it behind what waits for it. */
void connection_end(struct gate *gate, struct connection *connection, enum gate_ending ending,
                    unsigned code);
/* -1 and a counter when a session cannot be made: what libwebsockets' callback gives back. */
int connection_open(struct gate *gate, struct lws *wsi, struct wire *wire);
void connection_close(struct gate *gate, uint64_t id);
/* A piece of a message. */
int connection_receive(struct gate *gate, struct connection *connection, const void *bytes,
                       size_t len);
/* It pays for as many more messages as it may send in half a second. */
void connection_fine(struct gate *gate, struct connection *connection);
/* It can take more. */
int connection_write(struct gate *gate, struct connection *connection);
/* Once a second. */
void connections_tick(struct gate *gate);
