/* outbox -- entries of this device on their way to the host: on this disk before enrum_send
 * returns, there once.
 *
 * A draft is sent as the same bytes until the host has it; the answer to a second sending is the
 * stored receipt. Only after a refusal that says the bytes can never be taken as they are (an
 * older generation, another history, another certificate, a number that was given up) is it
 * sealed anew, and not before the log has been read up to its end: a draft that stands there
 * already is sent. What opens a room is sealed anew when the certificate that it was sealed under
 * has been renewed since, as another room (reopening.h).
 *
 * A draft with a file is sealed when the host has the file's blobs (upload): until then it has no
 * number, and those with one go past it. */
#pragma once

#include "opening.h"
#include "upload.h"

struct draft {
    struct list link;
    struct local_draft row;
    bool is_in_flight, is_unkept; /* is_unkept: sealed anew, and not on disk yet */
    struct upload *upload;        /* NULL: it names no blobs */
    uint8_t *memory;              /* open, content and bytes of the row */
};

enum { OUTBOX_DRAFTS_MAX = 4096, IN_FLIGHT_MAX = 32, RESEALS_MAX = 8, RETRY_MS = 1000 };

struct outbox {
    struct list drafts;
    size_t count, blobs_in_flight;
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
/* Takes a row that is in the store already, and says what it is now: not sealed, with blobs. On
 * disk when it returns. Errors: OUTBOX_FULL, FILE_FAILED, MEMORY; it is then out of the store. */
enum enrum_err outbox_put_upload(struct enrum *enrum, struct local_draft *row);
/* The number of the next entry of this device in the room. */
uint64_t outbox_device_seq(const struct enrum *enrum, const struct roomcopy *room);
/* The draft is sealed as `row` says, and stands behind all that have a number. On disk when it
 * returns. Errors: FILE_FAILED, MEMORY. */
enum enrum_err outbox_number(struct enrum *enrum, struct roomcopy *room, struct draft *draft,
                             const struct local_draft *row);
/* Sends what may be sent; settles what was refused. */
void outbox_step(struct enrum *enrum);
void outbox_on_ready(struct enrum *enrum);
bool outbox_has(const struct enrum *enrum, const struct id *room);
