/* admitting -- the entries of a room that say who comes, and who goes: the record why, the member
 * entry, and what a newcomer must be told to read on. Nothing is judged or sent here. */
#pragma once

#include "deed.h"

/* Somebody who comes. */
struct admitting {
    struct id person, by;
    uint64_t role, capacity, ground;
    uint64_t first; /* generation: nothing before it is read */
    uint64_t until; /* 0: no end */
    bool has_code;
    struct slice name, text;
};

void admitting_write(struct keeper *keeper, const struct logbook *book,
                     const struct admitting *admitting, const struct id *cause,
                     struct writing *writing);
/* Has this cause let them in there before, also if they have gone since? */
bool admitting_is_done(const struct logbook *book, const struct id *person, const struct id *cause);

/* Somebody who goes, at whose asking: the board's, when it is a matter of course. */
struct leaving {
    struct id person, by;
    uint64_t ground;
    struct slice text;
};

void leaving_write(const struct logbook *book, const struct leaving *leaving,
                   const struct id *cause, struct writing *writing);
