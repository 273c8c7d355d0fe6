/* caseroom -- a case's room for its employees alone. Who is in it follows from who is in the case's
 * conversations: nobody is let into it, and nobody leaves it, in any other way. */
#pragma once

#include "keeper.h"

/* Lets into a staff room an employee who has come to one of its conversations, or out of it one who
 * is in none of them any more. True when an append was made. */
bool caseroom_follow(struct keeper *keeper, struct logbook *room);
/* A conversation has changed: the staff rooms that name it may have something to do. */
void caseroom_touch(struct keeper *keeper, const struct logbook *party);
