/* visitor -- one address and the places it takes, keyed by a hash whose salt dies with the process.
 * Knows no connection. Thread: the loop. */
#pragma once

#include "gate/wire.h"

enum { ADDRESS_BYTES = 16 };

struct visitor {
    uint8_t key[ADDRESS_BYTES];
    size_t count;
};

/* Takes a place for this connection's address. NULL: it has no more, or there is no memory. */
struct visitor *visitor_enter(struct gate *gate, struct lws *wsi);
void visitor_leave(struct gate *gate, struct visitor *visitor);
