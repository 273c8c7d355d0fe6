/* mail -- the mail server of the board's configuration, and the few sentences that are sent
 * through it. They are the same for everybody and say nothing of what the service is; nobody's
 * name, no link, and no host of ours stands in them. Pure: mailsend does the sending. */
#pragma once

#include "enrum.h"
#include "provider.h"

enum {
    MAIL_ADDRESS_MAX = 254, /* RFC 5321 §4.5.3.1.3, without the angle brackets */
    MAIL_NAME_MAX = 64,
    MAIL_BYTES_MAX = 4096,
    MAIL_CODE_DIGITS = 6,
};

struct mail_settings {
    bool is_on;
    char server[ENRUM_TEXT_MAX]; /* also the name that its certificate must have */
    unsigned port;
    bool is_implicit; /* TLS from the first byte (RFC 8314); else STARTTLS, which must succeed */
    char ca_file[PATH_BYTES]; /* empty: the system's */
    char user[ENRUM_TEXT_MAX], password_file[PATH_BYTES], password[ENRUM_TEXT_MAX];
    char from[MAIL_ADDRESS_MAX + 1], name[MAIL_NAME_MAX];
    uint64_t after_ms; /* something has waited unread for so long */
    uint64_t retry_ms; /* between the first two tries */
};

/* The member "notices" of the configuration; NULL: off. False: `why` says which key. */
bool mail_settings_of_json(const json_t *object, struct mail_settings *out, char why[WHY_BYTES]);
/* The password, from its file, which only its owner may read. `home`: where a relative path begins.
 * False: unreadable, open to others, or empty. */
bool mail_password_read(struct mail_settings *settings, const char *home);

/* One mailbox, in ASCII: nothing in it can end a line or begin another address. */
bool mail_address_is_good(struct slice address);
/* For its owner: the first letter and what is behind the @. */
void mail_address_mask(const char *address, char out[MAIL_ADDRESS_MAX + 8]);
/* What is behind the @. */
const char *mail_domain(const char *address);

/* RFC 5322. `code` NULL: something new waits; else the code that shows whose the address is. */
void mail_compose(const struct mail_settings *settings, const char *to, const char *code,
                  uint64_t wall_ms, struct buffer *out);
