/* http -- what the gate answers to plain HTTP: /healthz, and boards' pages where the host serves
 * them. Knows no sessions. Thread: the loop. */
#pragma once

#include "gate/wire.h"

/* What libwebsockets' callback gives back: 0, or -1 for the end of the connection. */
int http_request(struct gate *gate, struct lws *wsi, struct wire *wire, struct slice path);
/* A piece of the answer whenever the connection can take one: a slow reader holds one piece. */
int http_body(struct gate *gate, struct lws *wsi, struct wire *wire);
/* The connection ends, or becomes a session: its browser's place is free again. */
void browser_leave(struct gate *gate, struct lws *wsi);
