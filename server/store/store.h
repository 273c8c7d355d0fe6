/* store -- the boards' database files: the only place with SQL.
 * One SQLite file per board (WAL, synchronous=FULL). One writer thread for all boards with group
 * commit: what arrives while a commit runs goes into the next, and one receipt signature covers
 * each commit's batch. Reader threads have connections of their own. Answers come back through one
 * mailbox that the loop watches (store_wake_fd, store_take). What it answers as done is on disk.
 * Nothing is edited or deleted but letters that a keeper has dealt with, blobs that no entry came
 * to name, and what a keeper erases. */
#pragma once

#include "base/clock.h"
#include "journal/event.h"
#include "store/latency.h"

struct store;

struct store_board {
    struct id board;
};

struct store_options {
    const char *folder; /* exists; holds BOARDHEX.db per board */
    const struct store_board *boards;
    size_t board_count;
    const struct sign_pair *host; /* signs receipts */
    size_t readers;               /* threads */
    size_t waiting_max;           /* jobs in the mailbox: beyond it puts fail with BUSY */
    size_t letters_max;           /* undealt letters per board: MAILBOX_FULL */
    size_t unnamed_blobs_max;     /* of one person, that no entry names yet: BLOBS_FULL */
    size_t fetched_bytes_max;     /* of answers that wait for their row in the fetch log: BUSY */
};

/* Opens or makes the files, checks their schema version, starts the threads. Errors: STORE_FAILED
 * (said in the log). */
enum enrum_err store_open(const struct store_options *options, struct store **out);
/* Writes what waits, commits, stops the threads, closes the files. */
void store_close(struct store *store);

/* -- Jobs: any of them may fail at once with BUSY, and then nothing is taken. -- */

/* Takes the job on success. Answer: STORE_APPENDED. Besides the entries the writer checks, in the
 * transaction: the room's head is the base (CONFLICT_HEAD), no cause id of the room is there
 * already (CONFLICT_CAUSE), each seen_seq has the hash that the entry says (CONFLICT_SEEN), each
 * blob is there and no other entry's (CONFLICT_BLOB), and that a created room did not exist
 * (CONFLICT_HEAD). Jobs of one room are done in order; a conflict
 * of one makes those behind it conflict too. */
enum enrum_err store_append(struct store *store, struct append_job *job);
/* Answer: STORE_FOUND, behind all appends put before. */
enum enrum_err store_find(struct store *store, uint64_t ticket, const struct id *board,
                          const struct id *room, const struct id *device, uint64_t device_seq);
/* Answer: STORE_ROOM, behind all appends put before. */
enum enrum_err store_room_load(struct store *store, const struct id *board, const struct id *room);
/* Answer: STORE_MESSAGE, an ENTRIES message for the session; the fetch is logged (device, first,
 * last, time) before it. */
enum enrum_err store_fetch(struct store *store, uint64_t session, uint64_t request,
                           const struct id *board, const struct id *room, const struct id *device,
                           uint64_t after, uint64_t limit, uint64_t now_ms);
/* Answer: STORE_MESSAGE, a ROOMS message. */
enum enrum_err store_room_list(struct store *store, uint64_t session, uint64_t request,
                               const struct id *board, const struct id *person,
                               const struct id *after);
/* Answer: STORE_MESSAGE, a FETCH_LOG message. */
enum enrum_err store_fetch_log(struct store *store, uint64_t session, uint64_t request,
                               const struct id *board, const struct id *room, uint64_t after);
/* Keeps a certificate and (unless empty) its issuer's; a known one costs nothing. Done before later
 * appends of the session, since the writer is one. Answer: none. */
enum enrum_err store_certificate_keep(struct store *store, const struct id *board,
                                      struct slice certificate, struct slice issuer);
/* Answer: STORE_MESSAGE: BOARD with all keepers' certificates, newest first; keeper_here as given.
 */
enum enrum_err store_board_get(struct store *store, uint64_t session, uint64_t request,
                               const struct id *board, bool keeper_here);
/* Answer: STORE_MESSAGE DONE after the commit, or ERROR MAILBOX_FULL. An id that is there already
 * is DONE. */
enum enrum_err store_letter_put(struct store *store, uint64_t session, uint64_t request,
                                const struct id *board, const struct id *id, struct slice letter,
                                uint64_t now_ms);
/* Answer: STORE_MESSAGE DONE after the commit. */
enum enrum_err store_letter_done(struct store *store, uint64_t session, uint64_t request,
                                 const struct id *board, const struct id *id);
/* Answer: one STORE_MESSAGE LETTER_IN (origin 0, durable 1) for each letter that waits, in order of
 * arrival. */
enum enrum_err store_letter_list(struct store *store, uint64_t session, const struct id *board);

/* References the bytes. Answer: STORE_BLOB_KEPT, after the commit; err is BLOBS_FULL, ROOM_UNKNOWN
 * or STORE_FAILED. A blob that the room has already is kept once. */
enum enrum_err store_blob_put(struct store *store, uint64_t ticket, const struct id *board,
                              const struct id *room, const struct id *person, const struct id *blob,
                              struct parcel *bytes, uint64_t now_ms);
/* References the ids. Answer: STORE_MESSAGE, a BLOBS message. */
enum enrum_err store_blob_ask(struct store *store, uint64_t session, uint64_t request,
                              const struct id *board, const struct id *room, struct parcel *blobs);
/* Answer: STORE_MESSAGE: BLOB, logged before it as the fetch of the entry that names it, once an
 * hour; or ERROR BLOB_UNKNOWN. */
enum enrum_err store_blob_get(struct store *store, uint64_t session, uint64_t request,
                              const struct id *board, const struct id *room,
                              const struct id *device, const struct id *blob, uint64_t now_ms);
/* Removes blobs, some at a time, that no entry has named within a day. Answer: none. */
void store_blobs_sweep(struct store *store, uint64_t now_ms);

/* Persons and devices revoked for a board, at start: calls back for each, on the calling thread.
 * Errors: STORE_FAILED. */
enum enrum_err store_revoked(struct store *store, const struct id *board,
                             void (*each)(void *context, const struct id *board,
                                          const struct id *subject),
                             void *context);

/* -- Answers -- */

enum store_answer_type { STORE_APPENDED, STORE_FOUND, STORE_ROOM, STORE_MESSAGE, STORE_BLOB_KEPT };

struct store_answer {
    enum store_answer_type type;
    enum enrum_err err; /* FOUND, ROOM, BLOB_KEPT */
    union {
        struct append_answer appended;
        struct {
            uint64_t ticket;
            struct found found;
        } found;
        struct room_snapshot room;
        struct {
            uint64_t session;
            struct parcel *message;
        } message;
        uint64_t blob_kept; /* the ticket */
    };
};

/* What nobody wants. */
void store_answer_free(struct store_answer *answer);
int store_wake_fd(const struct store *store);
/* Everything that has been answered. The array is the store's until the next call; what the answers
 * hold is the caller's. */
void store_take(struct store *store, struct store_answer **answers, size_t *count);

struct store_health {
    bool is_failing; /* a board's last commit or checkpoint failed, and none has worked since */
    const char *why; /* static; empty unless failing */
    uint64_t commits, appends, blobs, waiting;
    struct latency_counts latency; /* of commits */
};
void store_health(struct store *store, struct store_health *out);
