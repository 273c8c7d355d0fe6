/* outbox -- entries of this device on their way to the host: on this disk before enrum_send
 * returns, there once.
 *
 * A draft is sent as the same bytes until the host has it; the answer to a second sending is the
 * stored receipt. Only after a refusal that says the bytes can never be taken as they are (an
 * older generation, another history, another certificate, a number that was given up) is it
 * sealed anew, and not before the log has been read up to its end: a draft that stands there
 * already is sent. What opens a room is sealed anew when the certificate that it was sealed under
 * has been renewed since, as another room (reopening.h). */
#pragma once

#include "opening.h"

struct draft {
    struct list link;
    struct local_draft row;
    bool is_in_flight, is_unkept; /* is_unkept: sealed anew, and not on disk yet */
    uint8_t *memory;              /* open, content and bytes of the row */
};

enum { OUTBOX_DRAFTS_MAX = 4096, IN_FLIGHT_MAX = 32, RESEALS_MAX = 8, RETRY_MS = 1000 };

struct outbox {
    struct list drafts;
    size_t count;
    uint64_t steps;
};

/* Errors: FILE_FAILED, MEMORY. */
enum enrum_err outbox_open(struct enrum *enrum);
void outbox_fini(struct outbox *outbox);
/* Seals an entry and puts it in; on disk when it returns. content may be NULL.
 * Errors: as enrum_send. */
enum enrum_err outbox_put(struct enrum *enrum, struct roomcopy *room, uint64_t class,
                          const void *open, const struct wire_content *content, uint64_t *id);
/* Puts in the entries that open a room. Errors: OUTBOX_FULL, FILE_FAILED, MEMORY. */
enum enrum_err outbox_put_create(struct enrum *enrum, struct roomcopy *room,
                                 const struct opening *opening, uint64_t *id);
/* Sends what may be sent; settles what was refused. */
void outbox_step(struct enrum *enrum);
void outbox_on_ready(struct enrum *enrum);
bool outbox_has(const struct enrum *enrum, const struct id *room);
