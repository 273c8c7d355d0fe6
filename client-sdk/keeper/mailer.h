/* mailer -- sends mails on a thread of its own, so that a slow mail server holds nobody up. One try
 * each: who asks decides about another. */
#pragma once

#include "mail.h"

struct mailer;

enum { MAILER_QUEUE_MAX = 256 };

struct mail_job {
    uint64_t ticket;
    char to[MAIL_ADDRESS_MAX + 1];
    char code[MAIL_CODE_DIGITS + 1]; /* empty: something new waits */
};

struct mail_result {
    uint64_t ticket;
    bool is_sent, is_final;
    const char *why;
};

/* The settings must outlive it. `wake` is called on its thread when a result waits. NULL: no memory
 * or thread. */
struct mailer *mailer_new(const struct mail_settings *settings, void (*wake)(void *context),
                          void *context);
/* Waits for the mail under way, at most MAILSEND_SECONDS_MAX. */
void mailer_free(struct mailer *mailer);
/* Copies the job. Errors: BUSY, MEMORY. */
enum enrum_err mailer_put(struct mailer *mailer, const struct mail_job *job);
/* False when none waits. */
bool mailer_take(struct mailer *mailer, struct mail_result *out);
