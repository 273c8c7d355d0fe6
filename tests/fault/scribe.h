/* scribe -- writes into a real store, keeps every promise that it was given, and looks afterwards
 * whether they were kept: by asking the store, and by reading the tables. It knows nothing of how
 * the disk is made to fail. */
#pragma once

#include "server/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { SCRIBE_ROOMS = 3, SCRIBE_ENTRIES_MAX = 3, SCRIBE_WAITING_MAX = 64 };

enum sent_state {
    SENT_WAITING,  /* no answer yet; after the store has gone: none will come */
    SENT_PROMISED, /* a receipt was handed out, and is good */
    SENT_REFUSED,
};

/* An append that was given to the store. */
struct sent {
    enum sent_state state;
    enum append_outcome outcome; /* REFUSED */
    size_t room;
    uint64_t first_device_seq, count;
    struct receipt_leaf leaf; /* what a receipt must say */
    struct id bytes_hash;     /* of the last entry */
    struct parcel *entries[SCRIBE_ENTRIES_MAX];
};

/* A room as it will be when all that is on its way is done. */
struct scribe_room {
    struct id room, device, hash;
    uint64_t seq, device_seq, received_at;
    size_t waiting;
    bool is_unknown; /* something was refused: the store must be asked */
};

struct scribe {
    char folder[64];
    uint64_t seed;
    struct store_board board;
    struct sign_pair host, author;
    struct secret32 key;
    struct store *store; /* NULL: closed */
    struct scribe_room rooms[SCRIBE_ROOMS];
    struct sent *sents;
    size_t sent_count, sent_capacity, waiting; /* waiting: answers of any kind */
    uint64_t letters_sent, letters_promised;   /* bit n: letter n */
    uint64_t blobs_sent, blobs_promised;       /* the same */
    uint64_t errors;                           /* messages that were ERROR */
    uint64_t lies; /* receipts for a sending again that are good and say something else */
};

void scribe_init(struct scribe *scribe, uint64_t seed);
void scribe_fini(struct scribe *scribe);
uint64_t scribe_choose(struct scribe *scribe, uint64_t limit);

/* Opens the store, and learns the rooms from it. False: the disk did not let it. */
bool scribe_open(struct scribe *scribe);
void scribe_close(struct scribe *scribe);

/* One append of `count` entries. BUSY: the store took nothing. */
enum enrum_err scribe_append(struct scribe *scribe, size_t room, size_t count);
size_t scribe_promised(const struct scribe *scribe);
void scribe_letter(struct scribe *scribe);
/* A blob of several pages, for an entry that is to come. */
void scribe_blob(struct scribe *scribe, size_t room);
/* Blob `number` of the scribe's. Borrowed until the next call. */
struct slice scribe_blob_bytes(uint64_t number);
/* Somebody fetches a room, which the store logs. */
void scribe_fetch(struct scribe *scribe, size_t room);
/* Takes answers until none is waited for, or `most` were taken. */
void scribe_take(struct scribe *scribe, size_t most);
/* As scribe_take, of those that are there already. How many were. */
size_t scribe_take_ready(struct scribe *scribe);
/* Asks for rooms that something was refused in. */
void scribe_relearn(struct scribe *scribe);
/* Whatever was sent and never answered, or failed at the disk, is sent again, as a client does:
 * what the store has is promised now, the rest is given up. */
void scribe_send_again(struct scribe *scribe);

/* What stands, against what was promised. */
struct verdict {
    size_t promises, entries;
    size_t lost;   /* promised and not there, or not with the same bytes, number and hash */
    size_t unkept; /* promised, and the store's answer to a sending again is another receipt */
    size_t broken; /* gaps, chains that do not hold, heads that are not the last entry */
    bool is_whole; /* PRAGMA integrity_check */
};
/* Asks again for the newest promises and some of the older: how many of the answers are not the
 * same receipt. */
size_t scribe_unkept(struct scribe *scribe);
/* With the store open. */
struct verdict scribe_judge(struct scribe *scribe);
