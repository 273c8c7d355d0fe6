/* settle -- what becomes of drafts that the host refused: tried later, sealed anew, or given
 * back to who wrote them. Nothing is decided while anything of the room is on its way, nor
 * before the log has been read to its end. */
#pragma once

#include "outbox.h"

/* The first refusal of a room: nothing more of it is sent until it is settled. */
void settle_begin(struct enrum *enrum, struct roomcopy *room, struct draft *draft,
                  enum enrum_err err);
void settle_step(struct enrum *enrum);
/* Would the same request be refused again, whatever comes? */
bool settle_is_final(enum enrum_err err);

/* -- Of outbox.c -- */
struct draft *draft_find(const struct enrum *enrum, uint64_t id);
/* A copy of the row, behind the others. NULL: no memory. */
struct draft *draft_new(struct outbox *outbox, const struct local_draft *row);
/* Room, number, first words and bytes of a draft that opens a room; the bytes are borrowed. */
void draft_of_opening(struct local_draft *row, const struct opening *opening);
/* The room's drafts give way to these, which are taken. */
void outbox_replace(struct outbox *outbox, const struct id *room, struct outbox *made);
/* Replaces what the draft holds. False: no memory; it is then as it was. */
bool draft_fill(struct draft *draft, const struct local_draft *row);
void draft_wipe(struct draft *draft);
/* Out of memory and disk. */
void draft_drop(struct enrum *enrum, struct draft *draft);
/* Seals the row's content for the room as it is now, into *bytes, which row->bytes then borrows.
 * Errors: KEY_MISSING, and those of entry_encode. */
enum enrum_err draft_seal(struct enrum *enrum, struct roomcopy *room, struct local_draft *row,
                          struct buffer *bytes);
/* One that cannot be in the log: tells NOT_SENT, and drops it. */
void draft_give_back(struct enrum *enrum, struct draft *draft, enum enrum_err err);
/* It is in the log: tells SENT, and drops it. */
void draft_sent(struct enrum *enrum, struct roomcopy *room, struct draft *draft, uint64_t seq);
