/* ask -- letters to the board's keepers, and their answers. A question goes to the newest keeper
 * first, and to the next when that one is away. */
#pragma once

#include "base/list.h"
#include "enrum.h"

enum ask_purpose { ASK_FOR_APPLICATION, ASK_FOR_LOGIN, ASK_FOR_KEYS };
enum { ASK_WAIT_MS = 30000 };

struct ask {
    struct list link;
    enum ask_purpose purpose;
    struct id id, room; /* room: of ASK_FOR_KEYS */
    uint64_t number, kind, deadline;
    bool is_durable, is_sent;
    bool is_once; /* a lost answer is asked for with the same letter; the keeper remembers its id */
    size_t keeper; /* index of the one asked */
    struct buffer body;
};

struct ask_keeper {
    struct certificate certificate;
};

struct asks {
    struct list list;
    uint64_t last_number;
    bool are_stale;     /* the last of them was away: there may be others by now */
    bool keepers_known; /* BOARD has been answered, on this connection or an earlier one */
    bool are_foreign;   /* the host has named, or spoken for, keepers that are not the board's */
    size_t keeper_count;
    struct ask_keeper keepers[KEEPERS_MAX];
};

/* The keepers that earlier connections told of. */
void asks_open(struct enrum *enrum);
void asks_fini(struct asks *asks);
/* Errors: KEEPER_AWAY (none known), MALFORMED, OVERSIZED, MEMORY. */
struct ask_question {
    enum ask_purpose purpose;
    uint64_t kind;
    const void *body;
    bool is_durable;
    const struct id *room;
};
enum enrum_err ask_put(struct enrum *enrum, const struct ask_question *question, uint64_t *number);
/* Is a keeper known that may answer? */
bool asks_has_keeper(const struct asks *asks);
void asks_step(struct enrum *enrum);
void asks_on_lost(struct enrum *enrum);
/* The answer to BOARD_GET: keepers in time and not revoked become the ones that are asked. */
void asks_on_board(struct enrum *enrum, struct slice frame);
void asks_on_letter_back(struct enrum *enrum, struct slice frame);
