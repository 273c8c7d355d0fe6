/* noticebook -- who wants notices, who has been in when, and what waits unread for whom: the fold
 * of all rooms' logs, and of the register's. Pure: no clock, no I/O. */
#pragma once

#include "logbook.h"
#include "mail.h"

enum { NOTICEBOOK_MAX = 1 << 20 };

/* Somebody's notices, on or off. */
struct wish {
    struct id person;
    char address[MAIL_ADDRESS_MAX + 1]; /* empty: off */
    uint64_t since;                     /* on since then: the host's clock, ms since 1970 */
    uint64_t notified_at;               /* of the newest notice; 0: none */
    bool is_under_way;                  /* the keeper's: a notice is being noted */
};

/* Something that people wrote and somebody has not opened. */
struct unread {
    struct id room, person;
    uint64_t newest_seq, newest_at; /* what came last */
    uint64_t since;                 /* waits since then */
};

struct noticebook {
    struct table wishes; /* by person */
    struct table unread; /* by room and person */
    struct table been;   /* by person: when they last wrote or read anything */
};

void noticebook_init(struct noticebook *book);
void noticebook_fini(struct noticebook *book);
/* An entry that `room` has applied. False when memory is short. */
bool noticebook_apply(struct noticebook *book, const struct logbook *room,
                      const struct enrum_item *item);

/* NULL: they have never asked for any. */
struct wish *noticebook_wish(const struct noticebook *book, const struct id *person);
/* Have they written or read anything behind this moment? */
bool noticebook_has_been(const struct noticebook *book, const struct id *person, uint64_t at);
/* Whom a notice is due for, as something has waited since `before` or longer: one that is not under
 * way, and none since they were in last. NULL: nobody. */
struct wish *noticebook_due(const struct noticebook *book, uint64_t before,
                            const struct unread **what);
/* It waits for them no longer. `what` is of noticebook_due, and gone. */
void noticebook_forget(struct noticebook *book, const struct unread *what);
