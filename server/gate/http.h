/* http -- what the gate answers to plain HTTP: /healthz, boards' pages where the host serves them,
 * and on a port of their own the metrics. Knows no sessions. Thread: the loop. */
#pragma once

#include "gate/wire.h"

/* What libwebsockets' callback gives back: 0, or -1 for the end of the connection. */
int http_request(struct gate *gate, struct lws *wsi, struct wire *wire, struct slice path);
/* A piece of the answer whenever the connection can take one: a slow reader holds one piece. */
int http_body(struct gate *gate, struct lws *wsi, struct wire *wire);
