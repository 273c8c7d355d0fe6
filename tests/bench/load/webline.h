/* webline -- a WebSocket client (RFC 6455) on a line: the upgrade, and frames by hand.
 * Masks with zeros: the server unmasks all the same, and the client's share of the processor stays
 * small. Takes no fragments; none of the servers here sends any. */
#pragma once

#include "line.h"

struct webline {
    struct line line;
    const char *path, *subprotocol;
    bool is_up;
    void (*up)(struct webline *web);
    void (*message)(struct webline *web, struct slice message);
    void (*lost)(struct webline *web, const char *why);
    void *context;
};

void webline_open(struct webline *web, struct loop *loop, uint16_t port, size_t number);
/* Appends a whole client frame, to be sent now or later as it is. */
void webline_frame(struct slice message, bool is_text, struct buffer *out);
void webline_send(struct webline *web, struct slice message, bool is_text);
