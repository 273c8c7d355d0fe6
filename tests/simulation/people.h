/* people -- what employees do about who is in a conversation, and about their case's own room; and
 * what must hold of it at the end. */
#pragma once

#include "actor.h"

void people_begin(void);
/* Something that an employee may want, of the rooms that it has. */
void people_act(struct actor *actor);
/* The keeper has read an entry of a staff room. */
void people_case_room(const struct enrum_item *item);
/* At the end: who is in a staff room are the employees of its conversations; what was asked for by
 * somebody who may is named; who reads from some entry on has read nothing older. */
void people_judge(void);
/* A room of one of these types that the actor has the key of. False: there is none. */
bool people_room(struct actor *actor, unsigned types, struct id *out);
