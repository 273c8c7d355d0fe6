/* granting -- who is given which room's keys, and who is taken out: appends of grants and of new
 * generations, on letters and by themselves (duty). */
#pragma once

#include "deed.h"
#include "letters.h"

void granting_grant(struct keeper *keeper, struct letter *letter);
void granting_remove(struct keeper *keeper, struct letter *letter);

/* Gives every live device of the room's citizens what it lacks. True when an append was made. */
bool granting_devices(struct keeper *keeper, struct logbook *book);
/* A new generation for those who stay, when somebody must go or has gone. True when an append was
 * made. */
bool granting_renew(struct keeper *keeper, struct logbook *book);
