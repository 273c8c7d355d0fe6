/* mailsend -- one mail to the board's mail server: SMTP by libcurl, never without TLS and never to
 * a server whose certificate is not good. Holds its thread up: mailer calls it on its own. */
#pragma once

#include "mail.h"

enum { MAILSEND_SECONDS_MAX = 20 };

struct mailsend_result {
    bool is_sent;
    bool is_final;   /* the server will never take it: no other try */
    const char *why; /* for the log: says nothing of whom it was for */
};

/* `message` as mail_compose makes it. */
struct mailsend_result mailsend(const struct mail_settings *settings, const char *to,
                                struct slice message);
