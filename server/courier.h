/* courier -- who keeps which board, and where the answer to a letter goes. Knows sessions by their
 * number, no bytes. Thread: the loop. */
#pragma once

#include "config.h"

enum { KEEPER_SESSIONS_MAX = 8, ORIGINS_MAX = 4096 };

/* Where an answer to a letter goes. A number is never given twice. */
struct origin {
    uint64_t number, session;
};

struct courier {
    uint64_t keepers[CONFIG_BOARDS_MAX][KEEPER_SESSIONS_MAX]; /* by board; 0: none */
    struct origin origins[ORIGINS_MAX];
    uint64_t last_origin;
};

/* A session is a keeper of the board at this place of the configuration. */
void courier_enter(struct courier *courier, size_t board, uint64_t session);
void courier_leave(struct courier *courier, uint64_t session);
/* The keeper that letters go to; 0: none is here. */
uint64_t courier_keeper(const struct courier *courier, size_t board);

/* All of them; returns how many. */
size_t courier_keepers(const struct courier *courier, size_t board,
                       uint64_t out[KEEPER_SESSIONS_MAX]);

/* A number for the answer to this session's letter. */
uint64_t courier_origin(struct courier *courier, uint64_t session);
/* The session that waits for this answer: good for one answer; 0 when it is long gone. */
uint64_t courier_origin_take(struct courier *courier, uint64_t number);
