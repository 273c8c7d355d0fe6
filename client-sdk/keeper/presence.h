/* presence -- when this board has had a keeper connected: so a letter that the host says it has
 * kept is one that it had to keep. Pure. After a start it is read out of what the keeper has
 * written. All times are ms since 1970. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PRESENCE_GAP_MS = 60 * 1000 }; /* longer, and nobody was here */

/* Zero: nothing is known. */
struct presence {
    uint64_t since; /* connected since then; 0: not yet */
    uint64_t until; /* before that, letters were dealt with until then, at least */
    uint64_t last;  /* now they are, or were last */
    uint64_t seen;  /* connected last */
};

/* The keeper is connected. While it still reads and is not ready, it deals with no letter: those of
 * the night are still to come, also when the connection is lost meanwhile. */
void presence_step(struct presence *presence, uint64_t now_ms, bool is_ready);
/* A keeper of the board has written something, by its clock then: one that was ahead says nothing.
 */
void presence_learn(struct presence *presence, uint64_t time_ms, uint64_t now_ms);
/* Had the host to keep a letter, whose author's clock is off by no more than this? Nobody was here
 * when it was written; and it came when somebody was again: a host tells at once all that it has
 * kept, and could else make a gap of a minute, and bring a letter of that minute whenever it likes.
 */
bool presence_had_to_keep(const struct presence *presence, uint64_t time_ms, uint64_t came_ms,
                          uint64_t clock_ms);
