/* queue -- the units' queues: what waits (QUEUED), and whose it is (TAKEN). */
#pragma once

#include "deed.h"
#include "letters.h"

void queue_take(struct keeper *keeper, struct letter *letter);
/* Would the letter, brought again by the host, bring somebody back into what they have given up?
 * What it has caused stands in the log. One that was refused stands nowhere: it is good as long as
 * nobody has left the conversation since it was written, as far as clocks can tell. */
bool queue_take_is_old(const struct logbook *party, const struct letter *letter);
/* Puts a party room in its unit's queue, and notes there who has taken it. True when an append was
 * made. */
bool queue_note(struct keeper *keeper, struct logbook *party);
/* PROFILE of a member for somebody who reads from now on: without the personal number. */
bool queue_profile_again(struct keeper *keeper, const struct id *person, const struct id *cause,
                         struct writing *writing);
/* PROFILE of a member, unless it stands there. False when there is nothing to say of them. */
bool queue_profile(struct keeper *keeper, const struct logbook *book, const struct id *person,
                   struct writing *writing);
