/* callback -- where the browser comes back to after a login at the e-ID: one small HTTP answer
 * on a loopback address (RFC 8252 §7.3). */
#pragma once

#include "protocol/tables.h"

#include <stdbool.h>
#include <stddef.h>

struct callback {
    int fd;
    unsigned port;
};

struct callback_answer {
    char code[CODE_BYTES_MAX + 1], state[256], error[128];
};

/* Listens on 127.0.0.1, on a port that is free. */
bool callback_open(struct callback *callback);
void callback_close(struct callback *callback);
/* Looks whether somebody has come to /callback with an answer; never waits for long. The browser
 * is shown a page. */
bool callback_poll(struct callback *callback, bool is_swedish, struct callback_answer *out);
