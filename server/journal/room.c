/* room -- see room.h. */
#include "journal/room.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

static void *array_copy(const void *from, size_t count, size_t more, size_t item_bytes)
{
    void *to = calloc(count + more + 1, item_bytes);
    if (to != NULL && count > 0) {
        memcpy(to, from, count * item_bytes);
    }
    return to;
}

bool room_snapshot_copy(const struct room_snapshot *from, size_t more, struct room_snapshot *to)
{
    struct room_snapshot copy = *from;
    copy.members = array_copy(from->members, from->member_count, more, sizeof *from->members);
    copy.devices = array_copy(from->devices, from->device_count, more, sizeof *from->devices);
    if (copy.members == NULL || copy.devices == NULL) {
        room_snapshot_free(&copy);
        return false;
    }
    *to = copy;
    return true;
}

const struct room_member *room_member_find(const struct room_snapshot *room,
                                           const struct id *person)
{
    for (size_t i = 0; i < room->member_count; i++) {
        if (id_equal(&room->members[i].person, person)) {
            return &room->members[i];
        }
    }
    return NULL;
}

const struct room_device *room_device_find(const struct room_snapshot *room,
                                           const struct id *device)
{
    for (size_t i = 0; i < room->device_count; i++) {
        if (id_equal(&room->devices[i].device, device)) {
            return &room->devices[i];
        }
    }
    return NULL;
}

bool room_may_see(const struct room_snapshot *room, const struct identity *who)
{
    const struct room_device *device = room_device_find(room, &who->device);
    return room->exists && room_member_find(room, &who->person) != NULL &&
           (device == NULL || !device->is_removed);
}

/* -- Judging one entry against the working copy -- */

struct judging {
    struct room_snapshot *room; /* the working copy */
    const struct room_append *append;
    const struct entry *entry;
    bool membership_changes;
};

static struct room_device *device_make(struct room_snapshot *room, const struct id *device)
{
    struct room_device *found = (struct room_device *)(uintptr_t)room_device_find(room, device);
    if (found == NULL) {
        found = &room->devices[room->device_count++];
        *found = (struct room_device){.device = *device};
    }
    return found;
}

static void member_drop(struct room_snapshot *room, const struct id *person)
{
    for (size_t i = 0; i < room->member_count; i++) {
        if (id_equal(&room->members[i].person, person)) {
            memmove(&room->members[i], &room->members[i + 1],
                    (room->member_count - i - 1) * sizeof *room->members);
            room->member_count--;
            return;
        }
    }
}

static enum enrum_err add_judge(struct judging *judging, const struct wire_open_member *open)
{
    struct room_snapshot *room = judging->room;
    if (judging->append->who->role != ROLE_KEEPER || open->subject_type != SUBJECT_PERSON ||
        id_equal(&open->subject, &room->board) || open->role == ROLE_KEEPER || open->role == 0 ||
        room->purpose != 0) {
        return ENRUM_MAY_NOT;
    }
    member_drop(room, &open->subject);
    if (room->member_count >= MEMBERS_MAX) {
        return ENRUM_OVERSIZED;
    }
    room->members[room->member_count++] = (struct room_member){.person = open->subject,
                                                               .role = open->role};
    return ENRUM_OK;
}

static enum enrum_err remove_judge(struct judging *judging, const struct wire_open_member *open)
{
    struct room_snapshot *room = judging->room;
    if (id_equal(&open->subject, &room->board)) {
        return ENRUM_MAY_NOT;
    }
    bool is_keeper = judging->append->who->role == ROLE_KEEPER;
    if (open->subject_type == SUBJECT_DEVICE) {
        if (!is_keeper) {
            return ENRUM_MAY_NOT; /* it could be the keeper's, and nothing would undo it */
        }
        if (room->device_count >= DEVICES_PER_ROOM_MAX) {
            return ENRUM_OVERSIZED;
        }
        device_make(room, &open->subject)->is_removed = true;
        return ENRUM_OK;
    }
    const struct room_member *subject = room_member_find(room, &open->subject);
    if (!is_keeper && subject != NULL && subject->role != ROLE_STAFF &&
        subject->role != ROLE_GUEST) {
        return ENRUM_MAY_NOT;
    }
    member_drop(room, &open->subject);
    return ENRUM_OK;
}

static enum enrum_err member_judge(struct judging *judging)
{
    const struct wire_open_member *open = &judging->entry->open.member;
    judging->membership_changes = true;
    switch (open->operation) {
    case MEMBER_ADD:
        return add_judge(judging, open);
    case MEMBER_REMOVE:
        return remove_judge(judging, open);
    case MEMBER_REVOKE:
        return judging->append->who->role == ROLE_KEEPER && judging->room->purpose == 1 &&
                       !id_equal(&open->subject, &judging->room->board)
                   ? ENRUM_OK
                   : ENRUM_MAY_NOT;
    default:
        return ENRUM_MALFORMED;
    }
}

/* The list of a generation into the room; MALFORMED when somebody stands twice or the keepers are
 * missing. */
static enum enrum_err members_take(struct room_snapshot *room, struct slice list)
{
    size_t count = 0;
    enum enrum_err err = layout_count(&layout_member, list, MEMBERS_MAX, &count);
    struct room_member *members = err == ENRUM_OK
                                      ? calloc(count + ENTRIES_PER_APPEND_MAX + 1, sizeof *members)
                                      : NULL;
    if (members == NULL) {
        return err == ENRUM_OK ? ENRUM_MEMORY : err;
    }
    free(room->members);
    room->members = members;
    room->member_count = 0;
    while (list.len > 0) {
        struct wire_member member;
        CHECK(layout_next(&layout_member, &list, &member) == ENRUM_OK);
        bool is_board = id_equal(&member.person, &room->board);
        if (room_member_find(room, &member.person) != NULL ||
            is_board != (member.role == ROLE_KEEPER)) {
            return ENRUM_MALFORMED;
        }
        members[room->member_count++] = (struct room_member){member.person, member.role};
    }
    return room_member_find(room, &room->board) != NULL ? ENRUM_OK : ENRUM_MALFORMED;
}

static enum enrum_err generation_judge(struct judging *judging)
{
    const struct wire_open_generation *open = &judging->entry->open.generation;
    const struct identity *who = judging->append->who;
    struct room_snapshot *room = judging->room;
    if (open->number > room->generation + 1) {
        return ENRUM_GENERATION_TOO_NEW;
    }
    if (open->number <= room->generation) {
        return ENRUM_GENERATION_TOO_OLD;
    }
    if (open->base_seq != room->head_seq || !id_equal(&open->base_hash, &room->head_hash)) {
        return ENRUM_BASE_WRONG;
    }
    bool is_first = room->generation == 0;
    if ((who->role != ROLE_KEEPER && (!is_first || open->purpose != 0)) ||
        (!is_first && open->purpose != room->purpose)) {
        return ENRUM_MAY_NOT;
    }
    judging->membership_changes = true;
    enum enrum_err err = members_take(room, open->members);
    if (err != ENRUM_OK) {
        return err;
    }
    const struct room_member *self = room_member_find(room, &who->person);
    if (who->role != ROLE_KEEPER &&
        (room->member_count != 2 || self == NULL || self->role != who->role)) {
        return ENRUM_MAY_NOT;
    }
    if (open->purpose == 1 && room->member_count != 1) {
        return ENRUM_MAY_NOT;
    }
    room->generation = open->number;
    room->purpose = open->purpose;
    return ENRUM_OK;
}

static enum enrum_err class_judge(struct judging *judging)
{
    const struct entry *entry = judging->entry;
    const struct room_snapshot *room = judging->room;
    switch ((enum entry_class)entry->head.class) {
    case CLASS_MEMBER:
        return member_judge(judging);
    case CLASS_GENERATION:
        return generation_judge(judging);
    case CLASS_GRANT:
        if (judging->append->who->role != ROLE_KEEPER && !judging->append->creates) {
            return ENRUM_MAY_NOT;
        }
        return entry->open.grant.first <= entry->open.grant.last &&
                       entry->open.grant.last <= room->generation
                   ? ENRUM_OK
                   : ENRUM_MALFORMED;
    case CLASS_CHECKPOINT:
        return entry->open.checkpoint.seq <= room->head_seq ? ENRUM_OK : ENRUM_SEEN_WRONG;
    case CLASS_READ:
        return entry->open.read.seq <= room->head_seq ? ENRUM_OK : ENRUM_SEEN_WRONG;
    case CLASS_ERASE:
        return entry->open.erase.seq <= room->head_seq ? ENRUM_OK : ENRUM_SEEN_WRONG;
    case CLASS_RECORD:
        return ENRUM_OK;
    }
    return ENRUM_MALFORMED;
}

static enum enrum_err entry_judge(struct judging *judging)
{
    const struct wire_head *head = &judging->entry->head;
    const struct identity *who = judging->append->who;
    struct room_snapshot *room = judging->room;
    bool is_generation = head->class == CLASS_GENERATION;
    if (!class_may_write(head->class, who->role) ||
        (judging->entry->cause.len > 0 && who->role != ROLE_KEEPER) ||
        (room->head_seq == 0 && !is_generation)) {
        return ENRUM_MAY_NOT;
    }
    const struct room_device *device = room_device_find(room, &who->device);
    if (head->device_seq != (device != NULL ? device->last_seq : 0) + 1) {
        return ENRUM_DEVICE_SEQ_GAP;
    }
    uint64_t expected = room->generation + (is_generation ? 1 : 0);
    if (head->generation != expected) {
        return head->generation < expected ? ENRUM_GENERATION_TOO_OLD : ENRUM_GENERATION_TOO_NEW;
    }
    if (head->seen_seq > room->head_seq) {
        return ENRUM_SEEN_WRONG;
    }
    return class_judge(judging);
}

/* -- Judging a whole append -- */

static enum enrum_err job_add(struct append_job *job, struct room_snapshot *room,
                              const struct entry *entry, struct slice bytes)
{
    struct append_entry *added = &job->entries[job->entry_count];
    added->bytes = parcel_new(bytes.at, bytes.len);
    if (added->bytes == NULL) {
        return ENRUM_MEMORY;
    }
    job->entry_count++;
    entry_chain(entry, &room->head_hash, room->head_seq + 1, job->received_at, &added->hash);
    entry_bytes_hash(entry, &added->bytes_hash);
    room->head_seq++;
    room->head_hash = added->hash;
    return ENRUM_OK;
}

static enum enrum_err entries_judge(const struct room_append *append, struct append_job *job)
{
    struct slice rest = append->entries;
    while (rest.len > 0) {
        struct entry entry;
        const uint8_t *begin = rest.at;
        enum enrum_err err = entry_next(&rest, &entry);
        struct judging judging = {.room = &job->after, .append = append, .entry = &entry};
        if (err == ENRUM_OK) {
            err = entry_judge(&judging);
        }
        if (err != ENRUM_OK) {
            return err;
        }
        job->membership_changes = job->membership_changes || judging.membership_changes;
        device_make(&job->after, &append->who->device)->last_seq = entry.head.device_seq;
        err = job_add(job, &job->after, &entry, slice_of(begin, (size_t)(rest.at - begin)));
        if (err != ENRUM_OK) {
            return err;
        }
    }
    return ENRUM_OK;
}

static struct append_job *job_new(const struct room_snapshot *room,
                                  const struct room_append *append, size_t count)
{
    struct append_job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        return NULL;
    }
    job->entries = calloc(count, sizeof *job->entries);
    if (job->entries == NULL || !room_snapshot_copy(room, count + 1, &job->after)) {
        append_job_free(job);
        return NULL;
    }
    job->board = room->board;
    job->room = room->room;
    job->creates_room = append->creates;
    job->base_seq = room->head_seq;
    job->base_hash = room->head_hash;
    job->received_at = append->now_ms > room->received_at ? append->now_ms : room->received_at;
    job->certificate = append->who->certificate;
    job->device = append->who->device;
    job->after.exists = true;
    job->after.received_at = job->received_at;
    return job;
}

/* First and last number, and the last entry's bytes; MALFORMED when they are not in order, one by
 * one. */
static enum enrum_err numbers_read(struct slice rest, uint64_t *first, struct slice *last,
                                   struct room_verdict *verdict)
{
    while (rest.len > 0) {
        struct entry entry;
        *last = rest;
        enum enrum_err err = entry_next_bare(&rest, &entry);
        if (err != ENRUM_OK) {
            return err;
        }
        if (++verdict->count > ENTRIES_PER_APPEND_MAX) {
            return ENRUM_OVERSIZED;
        }
        if (verdict->count == 1) {
            *first = entry.head.device_seq;
        } else if (entry.head.device_seq != verdict->last_device_seq + 1) {
            return ENRUM_DEVICE_SEQ_GAP;
        }
        verdict->last_device_seq = entry.head.device_seq;
    }
    return verdict->count > 0 ? ENRUM_OK : ENRUM_MALFORMED;
}

enum enrum_err room_judge(const struct room_snapshot *room, const struct room_append *append,
                          struct room_verdict *out)
{
    struct room_verdict verdict = {0};
    uint64_t first = 0;
    struct slice last = {NULL, 0};
    enum enrum_err err = numbers_read(append->entries, &first, &last, &verdict);
    if (err != ENRUM_OK) {
        return err;
    }
    const struct room_device *device = room_device_find(room, &append->who->device);
    if (device != NULL && first <= device->last_seq) {
        struct entry entry;
        CHECK(entry_decode(last, &entry) == ENRUM_OK);
        entry_bytes_hash(&entry, &verdict.last_bytes_hash);
        verdict.is_sent_again = true;
        *out = verdict;
        return ENRUM_SAME_ID_OTHER_BYTES;
    }
    if (device == NULL && room->device_count + 1 > DEVICES_PER_ROOM_MAX) {
        return ENRUM_TOO_MANY;
    }
    struct append_job *job = job_new(room, append, verdict.count);
    if (job == NULL) {
        return ENRUM_MEMORY;
    }
    job->first_device_seq = first;
    err = entries_judge(append, job);
    if (err != ENRUM_OK) {
        append_job_free(job);
        return err;
    }
    verdict.job = job;
    *out = verdict;
    return ENRUM_OK;
}
