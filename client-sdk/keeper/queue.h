/* queue -- the units' queues: what waits (QUEUED), whose it is (TAKEN), and what another unit has
 * now (QUEUE_LEFT). */
#pragma once

#include "deed.h"
#include "letters.h"

void queue_take(struct keeper *keeper, struct letter *letter);
/* Would the letter, brought again by the host, bring somebody back into what they have given up?
 * What it has caused stands in the log. One that was refused stands nowhere: it is good as long as
 * nobody has left the conversation since it was written, as far as clocks can tell. */
bool queue_take_is_old(const struct logbook *party, const struct letter *letter);
/* In whose queue a party room stands: the unit that it was handed over to last; else that of the
 * employee who began it, as it was then, or the one a citizen turned to. NULL: there is none yet.
 */
const struct registry_unit *queue_unit(const struct keeper *keeper, const struct logbook *party);
/* Puts a party room in its unit's queue, notes there who has taken it, and takes it out of others.
 * True when an append was made. */
bool queue_note(struct keeper *keeper, struct logbook *party);
/* PROFILE of a member for somebody who reads from now on: without the personal number. */
bool queue_profile_again(struct keeper *keeper, const struct id *person, const struct id *cause,
                         struct writing *writing);
/* Does the room say who a member of it is now? */
bool queue_has_profile(const struct logbook *book, const struct registry_person *known);
/* PROFILE of a member, unless it stands there. False when there is nothing to say of them. */
bool queue_profile(struct keeper *keeper, const struct logbook *book, const struct id *person,
                   struct writing *writing);
