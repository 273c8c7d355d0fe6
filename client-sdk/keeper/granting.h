/* granting -- who is given which room's keys, and who is taken out: appends of grants and of new
 * generations, on letters and by themselves (duty). */
#pragma once

#include "admitting.h"
#include "letters.h"

/* What a new generation is begun for. Zero: to leave out who must not be here anyway. */
struct granting_change {
    uint64_t subject_type, ground;
    struct id subject, by;           /* who goes, at whose asking */
    struct slice text;               /* why, in own words */
    const struct admitting *entrant; /* who comes in the same append; NULL: nobody */
    /* The conversation goes to this unit, and employees of others go; NULL: it stays. */
    const struct registry_unit *unit;
};
/* Errors: those of deed_append. */
enum enrum_err granting_generation(struct keeper *keeper, const struct logbook *book,
                                   const struct granting_change *change, const struct id *cause,
                                   const struct deed *deed);
/* Answers the deed's letter with what has become of it. */
void granting_answer(struct keeper *keeper, struct deed *deed, enum enrum_err err, uint64_t seq);
/* Something is under way that may change who is here: the letter waits. */
bool granting_waits(struct keeper *keeper, const struct logbook *book, struct letter *letter);

void granting_grant(struct keeper *keeper, struct letter *letter);
void granting_remove(struct keeper *keeper, struct letter *letter);

/* Gives every live device of the room's citizens what it lacks. True when an append was made. */
bool granting_devices(struct keeper *keeper, struct logbook *book);
/* A new generation for those who stay, when somebody must go or has gone; else says of who went
 * with the newest one, and is not named yet, that they did. True when an append was made. */
bool granting_renew(struct keeper *keeper, struct logbook *book);
