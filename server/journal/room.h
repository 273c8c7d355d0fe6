/* room -- the rules of one room: may this device append these entries to what stands?
 * Works on a snapshot, knows no sessions, sends nothing. A refused append changes nothing. */
#pragma once

#include "journal/event.h"

/* Deep copy, with space for `more` further members and devices. False: no memory. */
bool room_snapshot_copy(const struct room_snapshot *from, size_t more, struct room_snapshot *to);

const struct room_member *room_member_find(const struct room_snapshot *room,
                                           const struct id *person);
const struct room_device *room_device_find(const struct room_snapshot *room,
                                           const struct id *device);
/* A member, not through a removed device. */
bool room_may_see(const struct room_snapshot *room, const struct identity *who);

struct room_append {
    const struct identity *who;
    struct slice entries;
    uint64_t now_ms;
    bool creates; /* the room is being opened: `room` does not exist */
};

/* Judges all entries of an append, in order, as if those before had been appended. On OK *job is
 * made; its ticket is the caller's to fill in. *revoked says whether an entry revokes in the whole
 * board. Errors: those of the specification's checks; *sent_again with device_seq of the last
 * entry, when the first number has been used before (the error is then SAME_ID_OTHER_BYTES until
 * the store has said otherwise); MEMORY. */
struct room_verdict {
    struct append_job *job;
    bool is_sent_again;
    uint64_t last_device_seq;
    size_t count;
    struct id last_bytes_hash;
};
enum enrum_err room_judge(const struct room_snapshot *room, const struct room_append *append,
                          struct room_verdict *out);
