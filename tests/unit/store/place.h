/* place -- a store of one board, and people who append to it: the stage of this folder's tests. A
 * line is one room as the one device that writes there believes it to be. */
#pragma once

#include "journal/event.h"
#include "store/store.h"

struct place {
    char folder[64];
    struct store_board board;
    struct sign_pair host, author;
    struct secret32 key;
    struct store *store;
    uint64_t ticket;
    struct store_answer answer; /* the last one taken */
};

struct line {
    struct id room, hash, device;
    uint64_t seq, device_seq;
};

struct wish {
    size_t count;
    const struct id *cause, *seen;
    struct slice blobs; /* of each entry */
    uint64_t erases;    /* 0, or the entry that is erased */
};

/* Keys and names, without a store. */
void place_init(struct place *place, const char *folder);
/* False: the store could not be opened. */
bool place_open(struct place *place);
void place_close(struct place *place);

/* An empty room. */
struct line line_of(uint8_t mark);
/* An append of `count` records behind what the line says; the line is then as if it had been done.
 */
struct append_job *job_make(struct place *place, struct line *line, const struct wish *wish);

typedef void each_answer(void *context, const struct store_answer *answer);

/* Takes what has been answered within some ms; how much. The last one is kept in place->answer. */
size_t take_some(struct place *place, int wait_ms, each_answer *each, void *context);
/* Takes the next answers until `count` have come. */
void take(struct place *place, size_t count, each_answer *each, void *context);
void answer_free(struct place *place);
