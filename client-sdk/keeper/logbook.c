/* logbook -- see logbook.h. */
#include "logbook.h"

#include "caselog.h"
#include "growth.h"

#include <stdlib.h>
#include <string.h>

enum { CAUSES_MAX = 1 << 24 };

static char cause_mark;

struct logbook *logbook_new(const struct id *room)
{
    struct logbook *book = calloc(1, sizeof *book);
    if (book != NULL) {
        book->room = *room;
        book->hash = *room;
        book->checkpoint_hash = *room;
        table_init(&book->causes, ID_BYTES, CAUSES_MAX);
    }
    return book;
}

void logbook_free(struct logbook *book)
{
    table_fini(&book->causes);
    free(book->members);
    free(book->devices);
    free(book->queued);
    free(book->accesses);
    free(book->case_rooms);
    free(book->case_requests);
    free(book->cases);
    free(book->untold);
    free(book->refusals);
    free(book->hashes);
    free(book);
}

/* -- Finding -- */

struct logbook_member *logbook_member(const struct logbook *book, const struct id *person)
{
    for (size_t i = 0; i < book->member_count; i++) {
        if (id_equal(&book->members[i].person, person)) {
            return &book->members[i];
        }
    }
    return NULL;
}

struct logbook_device *logbook_device(const struct logbook *book, const struct id *device)
{
    for (size_t i = 0; i < book->device_count; i++) {
        if (id_equal(&book->devices[i].device, device)) {
            return &book->devices[i];
        }
    }
    return NULL;
}

struct logbook_queued *logbook_queued(const struct logbook *book, const struct id *room)
{
    for (size_t i = 0; i < book->queued_count; i++) {
        if (id_equal(&book->queued[i].room, room)) {
            return &book->queued[i];
        }
    }
    return NULL;
}

bool logbook_has_cause(const struct logbook *book, const struct id *cause)
{
    return table_find(&book->causes, cause->bytes) != NULL;
}

struct logbook_access *logbook_access(const struct logbook *book, const struct id *person)
{
    for (size_t i = 0; i < book->access_count; i++) {
        if (id_equal(&book->accesses[i].person, person)) {
            return &book->accesses[i];
        }
    }
    return NULL;
}

bool logbook_access_is_over(const struct logbook *book, const struct id *person, uint64_t now_ms)
{
    const struct logbook_access *access = logbook_access(book, person);
    return access != NULL && access->until > 0 && now_ms >= access->until;
}

const struct logbook_member *logbook_handler(const struct logbook *book)
{
    const struct logbook_member *first = NULL;
    for (size_t i = 0; i < book->member_count; i++) {
        const struct logbook_member *member = &book->members[i];
        if (member->role == ROLE_STAFF && id_equal(&member->person, &book->handler)) {
            return member;
        }
        if (member->role == ROLE_STAFF && first == NULL) {
            first = member;
        }
    }
    return first;
}

uint64_t logbook_grant_first(const struct logbook *book, const struct id *device,
                             const struct id *person)
{
    const struct logbook_device *found = logbook_device(book, device);
    const struct logbook_access *access = logbook_access(book, person);
    uint64_t from = access != NULL && access->first > 0 ? access->first : 1;
    if (found == NULL || found->granted == 0 || found->granted_first > from || found->is_hearsay) {
        return book->generation >= from ? from : 0;
    }
    /* Whoever was out meanwhile, and reads from now on, is not given what was written then. */
    uint64_t next = found->granted + 1 > from ? found->granted + 1 : from;
    return next <= book->generation ? next : 0;
}

const struct id *logbook_hash(const struct logbook *book, uint64_t seq)
{
    if (seq == 0) {
        return &book->room;
    }
    return seq <= book->seq ? &book->hashes[seq - 1] : NULL;
}

bool logbook_is_party(const struct logbook *book)
{
    return book->type == ROOM_TYPE_PARTY;
}

bool logbook_is_advice(const struct logbook *book)
{
    return book->opener_role == ROLE_CITIZEN && book->opener_level == 0;
}

/* -- Members and devices -- */

/* One id more, unless it is there. */
static bool id_list_add(struct id **list, size_t *count, size_t *capacity, const struct id *id)
{
    void *items = *list;
    for (size_t i = 0; i < *count; i++) {
        if (id_equal(&(*list)[i], id)) {
            return true;
        }
    }
    if (!grow(&items, capacity, *count + 1, sizeof **list)) {
        return false;
    }
    *list = items;
    (*list)[(*count)++] = *id;
    return true;
}

static void id_list_remove(struct id *list, size_t *count, const struct id *id)
{
    for (size_t i = 0; i < *count; i++) {
        if (id_equal(&list[i], id)) {
            memmove(&list[i], &list[i + 1], (*count - i - 1) * sizeof *list);
            (*count)--;
            return;
        }
    }
}

static struct logbook_member *member_make(struct logbook *book, const struct id *person)
{
    struct logbook_member *member = logbook_member(book, person);
    void *items = book->members;
    if (member == NULL) {
        if (!grow(&items, &book->member_capacity, book->member_count + 1, sizeof *member)) {
            return NULL;
        }
        book->members = items;
        member = &book->members[book->member_count++];
        *member = (struct logbook_member){.person = *person};
    }
    return member;
}

static struct logbook_device *device_make(struct logbook *book, const struct id *device)
{
    struct logbook_device *found = logbook_device(book, device);
    void *items = book->devices;
    if (found == NULL) {
        if (!grow(&items, &book->device_capacity, book->device_count + 1, sizeof *found)) {
            return NULL;
        }
        book->devices = items;
        found = &book->devices[book->device_count++];
        *found = (struct logbook_device){.device = *device};
    }
    return found;
}

static bool member_apply(struct logbook *book, const struct enrum_item *item)
{
    const struct wire_open_member *open = &item->entry->open.member;
    id_list_remove(book->untold, &book->untold_count, &open->subject);
    if (open->operation == MEMBER_ADD) {
        struct logbook_member *member = member_make(book, &open->subject);
        if (member == NULL) {
            return false;
        }
        member->role = open->role;
        member->is_unwanted = false;
        return true;
    }
    if (open->operation != MEMBER_REMOVE) {
        return true;
    }
    if (open->subject_type == SUBJECT_DEVICE) {
        struct logbook_device *device = device_make(book, &open->subject);
        if (device == NULL) {
            return false;
        }
        /* Behind a new generation of ours in the same append, it holds no newest key. */
        book->needs_generation = book->needs_generation ||
                                 (!device->is_removed && device->granted == book->generation);
        device->is_removed = true;
        return true;
    }
    struct logbook_member *member = logbook_member(book, &open->subject);
    if (member != NULL) {
        *member = book->members[--book->member_count];
        book->needs_generation = true;
    }
    return true;
}

static bool is_among(const struct logbook_member *members, size_t count, const struct id *person)
{
    for (size_t i = 0; i < count; i++) {
        if (id_equal(&members[i].person, person)) {
            return true;
        }
    }
    return false;
}

/* A list names only who stays. False when memory is short. */
static bool untold_note(struct logbook *book, const struct logbook_member *before, size_t count,
                        const struct logbook_member *now, size_t now_count)
{
    for (size_t i = 0; i < now_count; i++) {
        id_list_remove(book->untold, &book->untold_count, &now[i].person);
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_among(now, now_count, &before[i].person) &&
            !id_list_add(&book->untold, &book->untold_count, &book->untold_capacity,
                         &before[i].person)) {
            return false;
        }
    }
    return true;
}

static bool generation_apply(struct logbook *book, const struct enrum_item *item)
{
    const struct wire_open_generation *open = &item->entry->open.generation;
    struct logbook_member before[MEMBERS_MAX], now[MEMBERS_MAX];
    size_t count = book->member_count < MEMBERS_MAX ? book->member_count : MEMBERS_MAX, added = 0;
    struct wire_member member;
    struct slice rest = open->members;
    if (count > 0) {
        memcpy(before, book->members, count * sizeof before[0]);
    }
    while (rest.len > 0 && added < MEMBERS_MAX &&
           layout_next(&layout_member, &rest, &member) == ENRUM_OK) {
        bool was_there = false;
        now[added] = (struct logbook_member){.person = member.person, .role = member.role};
        for (size_t i = 0; i < count; i++) {
            if (id_equal(&before[i].person, &member.person)) {
                now[added] = before[i];
                was_there = true;
            }
        }
        now[added].is_unwanted = now[added].is_unwanted || (book->seq > 1 && !was_there);
        added++;
    }
    void *items = book->members;
    if (!untold_note(book, before, count, now, added) ||
        !grow(&items, &book->member_capacity, added, sizeof now[0])) {
        return false;
    }
    book->members = items;
    if (added > 0) {
        memcpy(book->members, now, added * sizeof now[0]);
    }
    book->member_count = added;
    book->generation = open->number;
    book->purpose = open->purpose;
    book->needs_generation = false;
    return true;
}

/* Who opens a room may have granted garbage to another device: that one may hold the key, and gets
 * it from a keeper all the same. */
static bool is_hearsay(const struct logbook_device *device, const struct enrum_item *item)
{
    const struct wire_open_grant *open = &item->entry->open.grant;
    if (item->author.body.role == ROLE_KEEPER) {
        return device->is_hearsay && open->first > 1;
    }
    return (device->granted == 0 || device->is_hearsay) &&
           !id_equal(&item->author.device, &open->device);
}

static bool grant_apply(struct logbook *book, const struct enrum_item *item)
{
    const struct wire_open_grant *open = &item->entry->open.grant;
    struct logbook_device *device = device_make(book, &open->device);
    if (device == NULL) {
        return false;
    }
    device->is_hearsay = is_hearsay(device, item);
    bool joins = device->granted > 0 && open->first <= device->granted + 1 &&
                 open->last + 1 >= device->granted_first;
    if (!joins) {
        /* Two periods with a gap between them: the newer one counts, the older is granted again. */
        if (open->last > device->granted) {
            device->granted_first = open->first;
            device->granted = open->last;
        }
        return true;
    }
    device->granted_first = open->first < device->granted_first ? open->first
                                                                : device->granted_first;
    device->granted = open->last > device->granted ? open->last : device->granted;
    return true;
}

/* -- Checkpoints -- */

bool logbook_refuse(struct logbook *book, uint64_t seq, uint64_t ground)
{
    void *items = book->refusals;
    if (!grow(&items, &book->refusal_capacity, book->refusal_count + 1, sizeof book->refusals[0])) {
        return false;
    }
    book->refusals = items;
    book->refusals[book->refusal_count++] = (struct logbook_refusal){seq, ground};
    return true;
}

static void checkpoint_apply(struct logbook *book, const struct enrum_item *item)
{
    size_t kept = 0;
    book->checkpoint_seq = item->seq;
    book->checkpoint_hash = item->hash;
    if (item->entry->open.checkpoint.seq > book->covered_seq) {
        book->covered_seq = item->entry->open.checkpoint.seq;
    }
    for (size_t i = 0; i < book->refusal_count; i++) {
        if (book->refusals[i].seq > book->covered_seq) {
            book->refusals[kept++] = book->refusals[i];
        }
    }
    book->refusal_count = kept;
}

/* -- What contents say -- */

static void room_learn(struct logbook *book, const struct enrum_item *item)
{
    struct wire_body_room body;
    if (book->has_room_record ||
        layout_decode(&layout_body_room, item->content.body, &body) != ENRUM_OK ||
        !room_type_may_open(body.type, item->author.body.role) ||
        !id_equal(&item->author.body.person, &book->opener)) {
        return;
    }
    book->has_room_record = true;
    book->type = body.type;
    if (body.title.len > 0) {
        memcpy(book->title, body.title.at, body.title.len);
    }
    book->title[body.title.len] = '\0';
    if (book->moved_seq == 0) {
        (void)id_of_opt(body.unit, &book->unit);
    }
}

bool logbook_case_note(struct logbook *book, const struct id *room)
{
    return id_list_add(&book->cases, &book->case_count, &book->case_capacity, room);
}

static bool queued_learn(struct logbook *book, const struct enrum_item *item)
{
    struct wire_body_queued body;
    void *items = book->queued;
    if (layout_decode(&layout_body_queued, item->content.body, &body) != ENRUM_OK) {
        return true;
    }
    struct logbook_queued *known = logbook_queued(book, &body.room);
    if (known != NULL) {
        known->is_taken = known->has_left = false; /* it waits again */
        return true;
    }
    if (!grow(&items, &book->queued_capacity, book->queued_count + 1, sizeof book->queued[0])) {
        return false;
    }
    book->queued = items;
    book->queued[book->queued_count++] = (struct logbook_queued){.room = body.room};
    return true;
}

static void taken_learn(struct logbook *book, const struct enrum_item *item)
{
    struct wire_body_taken body;
    if (layout_decode(&layout_body_taken, item->content.body, &body) != ENRUM_OK) {
        return;
    }
    struct logbook_queued *queued = logbook_queued(book, &body.room);
    if (queued != NULL) {
        queued->is_taken = true;
        queued->taker = body.person;
    }
}

static void queue_left_learn(struct logbook *book, const struct enrum_item *item)
{
    struct wire_body_queue_left body;
    if (layout_decode(&layout_body_queue_left, item->content.body, &body) != ENRUM_OK) {
        return;
    }
    struct logbook_queued *queued = logbook_queued(book, &body.room);
    if (queued != NULL) {
        queued->has_left = true;
    }
}

/* The newest word counts, in whatever order they can be read. */
static void moved_learn(struct logbook *book, const struct enrum_item *item)
{
    struct wire_body_moved body;
    if (item->seq > book->moved_seq &&
        layout_decode(&layout_body_moved, item->content.body, &body) == ENRUM_OK) {
        book->moved_seq = item->seq;
        book->moved_by = body.by;
        book->unit = body.unit;
    }
}

/* The newest word on each person counts. */
static bool access_learn(struct logbook *book, const struct enrum_item *item)
{
    struct wire_body_access body;
    void *items = book->accesses;
    if (layout_decode(&layout_body_access, item->content.body, &body) != ENRUM_OK) {
        return true;
    }
    struct logbook_access *access = logbook_access(book, &body.person);
    if (body.operation == ACCESS_ENDED) {
        /* Who comes again as a colleague has it not. */
        if (id_equal(&book->handler, &body.person)) {
            book->handler = (struct id){0};
        }
        if (access != NULL) {
            *access = book->accesses[--book->access_count];
        }
        return true;
    }
    if (access == NULL) {
        if (!grow(&items, &book->access_capacity, book->access_count + 1, sizeof *access)) {
            return false;
        }
        book->accesses = items;
        access = &book->accesses[book->access_count++];
    }
    *access = (struct logbook_access){.person = body.person,
                                      .capacity = body.capacity,
                                      .first = body.first,
                                      .until = body.until,
                                      .has_code = body.has_code == 1};
    if (body.name.len > 0) {
        memcpy(access->name, body.name.at, body.name.len);
    }
    if (body.capacity == CAPACITY_HANDLER) {
        book->handler = body.person;
    }
    return true;
}

static bool content_learn(struct logbook *book, const struct enrum_item *item)
{
    bool is_keepers = item->author.body.role == ROLE_KEEPER;
    if (!item->is_open || item->class != CLASS_RECORD) {
        return true;
    }
    if (item->content.kind == KIND_ROOM) {
        room_learn(book, item);
    } else if (item->content.kind == KIND_CASE_ROOM || item->content.kind == KIND_CASE_ROOM_OUT) {
        return caselog_learn(book, item);
    } else if (is_keepers &&
               (item->content.kind == KIND_QUEUED || item->content.kind == KIND_QUEUED_ADVICE)) {
        return queued_learn(book, item);
    } else if (item->content.kind == KIND_TAKEN && is_keepers) {
        taken_learn(book, item);
    } else if (item->content.kind == KIND_ACCESS && is_keepers) {
        return access_learn(book, item);
    } else if (item->content.kind == KIND_QUEUE_LEFT && is_keepers) {
        queue_left_learn(book, item);
    } else if (item->content.kind == KIND_MOVED && is_keepers) {
        moved_learn(book, item);
    }
    return true;
}

/* -- Applying -- */

static bool place_apply(struct logbook *book, const struct enrum_item *item)
{
    void *hashes = book->hashes;
    struct logbook_device *author = device_make(book, &item->author.device);
    if (author == NULL || !grow(&hashes, &book->hash_capacity, item->seq, sizeof *book->hashes)) {
        return false;
    }
    book->hashes = hashes;
    book->hashes[item->seq - 1] = item->hash;
    author->last_seq = item->device_seq;
    if (item->seq == 1) {
        book->opener = item->author.body.person;
        book->opener_role = item->author.body.role;
        book->opener_level = item->author.body.level;
        book->opened_at = item->received_at;
        if (book->opener_role == ROLE_CITIZEN) {
            book->type = ROOM_TYPE_PARTY;
        }
    }
    book->seq = item->seq;
    book->hash = item->hash;
    book->received_at = item->received_at;
    if (item->entry->cause.len == ID_BYTES && item->author.body.role == ROLE_KEEPER) {
        return table_insert(&book->causes, item->entry->cause.at, &cause_mark) != TABLE_FULL;
    }
    return true;
}

static bool class_apply(struct logbook *book, const struct enrum_item *item)
{
    switch ((enum entry_class)item->class) {
    case CLASS_MEMBER:
        return member_apply(book, item);
    case CLASS_GENERATION:
        book->generation_seq = item->seq;
        book->generation_at = item->received_at;
        return generation_apply(book, item);
    case CLASS_GRANT:
        return grant_apply(book, item);
    case CLASS_CHECKPOINT:
        checkpoint_apply(book, item);
        return true;
    case CLASS_RECORD:
    case CLASS_READ:
    case CLASS_ERASE:
        return true;
    }
    return true;
}

bool logbook_apply(struct logbook *book, const struct enrum_item *item)
{
    if (item->seq <= book->seq) {
        return content_learn(book, item);
    }
    if (!place_apply(book, item) || !class_apply(book, item)) {
        return false;
    }
    if (item->class != CLASS_CHECKPOINT) {
        book->uncovered = item->seq;
    }
    return content_learn(book, item);
}
