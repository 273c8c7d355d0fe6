/* ledger -- what is on the host's disk, read from its database by itself and never forgotten: what
 * everybody else says is judged by it. */
#pragma once

#include "journal/event.h"
#include "store/database.h"

struct ledger_entry {
    struct id hash, device, person;
    uint64_t class, device_seq, generation;
};

/* Somebody who is or was in a room. */
struct ledger_person {
    struct id person;
    bool is_in;
    uint64_t out; /* when not: the generation that left them out */
};

struct ledger_room {
    struct id id;
    uint64_t count, generation, received_at;
    size_t capacity;
    struct ledger_entry *entries; /* entries[0] is number 1 */
    size_t member_count, removed_count;
    struct room_member members[16];
    struct id removed[64]; /* persons and devices that were ever taken out */
    size_t person_count;
    struct ledger_person persons[16];
};

void ledger_begin(const struct id *board, const struct id *host_key);
void ledger_end(void);
/* From now on this database; NULL: none. With `is_again` all that is known is read again, and must
 * be there. */
void ledger_use(struct database *database, bool is_again);
/* Reads what has been committed since. */
void ledger_read(void);

size_t ledger_count(void);
const struct ledger_room *ledger_at(size_t index);
/* NULL when the disk has no such room. */
const struct ledger_room *ledger_room(const struct id *room);
/* NULL when the disk has no such entry. */
const struct ledger_entry *ledger_entry(const struct id *room, uint64_t seq);
bool ledger_is_removed(const struct ledger_room *room, const struct id *subject);
bool ledger_is_member(const struct ledger_room *room, const struct id *person);
/* May they have a key of this generation: are they in, or were they then? */
bool ledger_may_read(const struct id *room, const struct id *person, uint64_t generation);

/* A message that the host sends: what it acknowledges or shows must be on the disk. */
void ledger_judge_message(struct slice frame);
