/* removal -- who is in a room, and who holds its key, when somebody has been taken out.
 * Pure: room and register in, plan out; grants.c carries it out. */
#pragma once

#include "logbook.h"
#include "registry.h"

struct removal_grantee {
    struct id device, seal_key;
};

struct removal_plan {
    size_t member_count, grantee_count;
    struct wire_member members[MEMBERS_MAX];
    struct removal_grantee grantees[ENTRIES_PER_APPEND_MAX];
};

struct removal_question {
    const struct logbook *book;
    const struct registry *registry;
    struct id board;
    struct removal_grantee keeper; /* this keeper's own device */
    uint64_t now_ms;
    uint64_t subject_type; /* 0: nobody more than who is out already */
    struct id subject;
    const struct id *unit; /* employees of other units go; NULL: nobody for that */
};

/* May staff ask for this? Employees, guests, devices, and whom staff have let in, go; the board and
 * the citizen who opened the room stay. */
bool removal_may_go(const struct logbook *book, const struct id *board, uint64_t subject_type,
                    const struct id *subject);
/* Should this member be here no longer, whoever asks? (revoked; brought back by mistake; an
 * employee no more; in a unit's room, of another unit by now) */
bool removal_must_go(const struct registry *registry, const struct logbook *book,
                     const struct logbook_member *member);
/* Does the device hold the newest key, though its person or somebody has logged it out for good? */
bool removal_is_revoked(const struct registry *registry, const struct logbook *book,
                        const struct logbook_device *device);
/* Is somebody here whom the next generation must leave out, whoever asks? */
bool removal_is_due(const struct registry *registry, const struct logbook *book, uint64_t now_ms);
/* The members that stay, and the devices that are given the next generation at once: those that
 * were ever granted anything, are not taken out, belong to somebody who stays, and whose
 * certificate is in its period. Devices that do not fit in one append are granted when they ask. */
bool removal_plan_has(const struct removal_plan *plan, const struct id *person);
void removal_plan(const struct removal_question *question, struct removal_plan *out);
