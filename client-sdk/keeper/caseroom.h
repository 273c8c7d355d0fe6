/* caseroom -- a case's room for its employees alone. They name the conversations of the case; who
 * is in it follows from who is in those: no letter lets anybody in, or out. */
#pragma once

#include "keeper.h"

/* Names in a staff room a conversation that one of its employees has asked for, or that it is no
 * longer of the case; lets into it an employee who has come to one of its conversations, or out of
 * it one who is in none of them any more. True when an append was made. */
bool caseroom_follow(struct keeper *keeper, struct logbook *room);
/* A conversation has changed: the staff rooms that name it may have something to do. */
void caseroom_touch(struct keeper *keeper, const struct logbook *party);
