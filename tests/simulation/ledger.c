/* ledger -- see ledger.h. */
#include "ledger.h"

#include "world.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Of those receipts that arrive the clients check each one; of those that do not, some are checked.
 */
enum { ROOMS_MAX = 64, CERTIFICATES_MAX = 64, RECEIPTS_CHECKED_OF = 4 };

struct author {
    struct id certificate, device, person;
};

static struct {
    struct id board, host_key;
    struct database *database;
    size_t room_count, author_count;
    struct ledger_room rooms[ROOMS_MAX];
    struct author authors[CERTIFICATES_MAX];
} ledger;

void ledger_begin(const struct id *board, const struct id *host_key)
{
    memset(&ledger, 0, sizeof ledger);
    ledger.board = *board;
    ledger.host_key = *host_key;
}

void ledger_end(void)
{
    for (size_t i = 0; i < ledger.room_count; i++) {
        free(ledger.rooms[i].entries);
    }
    ledger.room_count = 0;
}

/* -- Looking -- */

size_t ledger_count(void)
{
    return ledger.room_count;
}

const struct ledger_room *ledger_at(size_t index)
{
    return &ledger.rooms[index];
}

static struct ledger_room *room_find(const struct id *id)
{
    for (size_t i = 0; i < ledger.room_count; i++) {
        if (id_equal(&ledger.rooms[i].id, id)) {
            return &ledger.rooms[i];
        }
    }
    return NULL;
}

const struct ledger_room *ledger_room(const struct id *id)
{
    const struct ledger_room *room = room_find(id);
    if (room == NULL) {
        ledger_read();
        room = room_find(id);
    }
    return room;
}

const struct ledger_entry *ledger_entry(const struct id *id, uint64_t seq)
{
    const struct ledger_room *room = ledger_room(id);
    if (room != NULL && seq > room->count) {
        ledger_read();
    }
    return room != NULL && seq >= 1 && seq <= room->count ? &room->entries[seq - 1] : NULL;
}

bool ledger_is_removed(const struct ledger_room *room, const struct id *subject)
{
    for (size_t i = 0; i < room->removed_count; i++) {
        if (id_equal(&room->removed[i], subject)) {
            return true;
        }
    }
    return false;
}

bool ledger_is_member(const struct ledger_room *room, const struct id *person)
{
    for (size_t i = 0; i < room->member_count; i++) {
        if (id_equal(&room->members[i].person, person)) {
            return true;
        }
    }
    return false;
}

bool ledger_may_read(const struct id *id, const struct id *person, uint64_t generation)
{
    ledger_read(); /* they may have come back since */
    const struct ledger_room *room = room_find(id);
    for (size_t i = 0; room != NULL && i < room->person_count; i++) {
        const struct ledger_person *known = &room->persons[i];
        if (id_equal(&known->person, person)) {
            return known->is_in || generation < known->out;
        }
    }
    return false;
}

/* -- Authors -- */

static const struct author *author_find(const struct id *hash)
{
    for (size_t i = 0; i < ledger.author_count; i++) {
        if (id_equal(&ledger.authors[i].certificate, hash)) {
            return &ledger.authors[i];
        }
    }
    bool has_row = false;
    struct certificate certificate;
    sqlite3_stmt *statement = database_statement(ledger.database, STATEMENT_CERTIFICATE_GET);
    bind_id(statement, 1, hash);
    assert(ledger.author_count < CERTIFICATES_MAX);
    if (!database_row(ledger.database, statement, &has_row) || !has_row ||
        certificate_decode(column_slice(statement, 0), &certificate) != ENRUM_OK) {
        world_fail("author", "an entry's certificate is not kept");
        return NULL;
    }
    sqlite3_reset(statement);
    struct author *author = &ledger.authors[ledger.author_count++];
    *author = (struct author){*hash, certificate.device, certificate.body.person};
    return author;
}

/* -- Membership -- */

static void removed_add(struct ledger_room *room, const struct id *subject)
{
    if (!ledger_is_removed(room, subject)) {
        assert(room->removed_count < sizeof room->removed / sizeof room->removed[0]);
        room->removed[room->removed_count++] = *subject;
    }
}

static struct ledger_person *person_make(struct ledger_room *room, const struct id *id)
{
    for (size_t i = 0; i < room->person_count; i++) {
        if (id_equal(&room->persons[i].person, id)) {
            return &room->persons[i];
        }
    }
    assert(room->person_count < sizeof room->persons / sizeof room->persons[0]);
    room->persons[room->person_count] = (struct ledger_person){.person = *id};
    return &room->persons[room->person_count++];
}

static void member_add(struct ledger_room *room, const struct wire_member *member)
{
    person_make(room, &member->person)->is_in = true;
    if (!ledger_is_member(room, &member->person)) {
        assert(room->member_count < sizeof room->members / sizeof room->members[0]);
        room->members[room->member_count++] = (struct room_member){member->person, member->role};
    }
}

static void generation_take(struct ledger_room *room, const struct wire_open_generation *open)
{
    struct ledger_room before = *room;
    struct slice rest = open->members;
    struct wire_member member;
    room->member_count = 0;
    room->generation = open->number;
    while (rest.len > 0 && layout_next(&layout_member, &rest, &member) == ENRUM_OK) {
        member_add(room, &member);
    }
    for (size_t i = 0; i < before.member_count; i++) {
        if (!ledger_is_member(room, &before.members[i].person)) {
            struct ledger_person *gone = person_make(room, &before.members[i].person);
            gone->is_in = false;
            world.goings++;
            gone->out = open->number;
            removed_add(room, &gone->person);
        }
    }
}

static void membership_take(struct ledger_room *room, const struct entry *entry)
{
    if (entry->head.class == CLASS_GENERATION) {
        generation_take(room, &entry->open.generation);
    } else if (entry->head.class == CLASS_MEMBER) {
        const struct wire_open_member *open = &entry->open.member;
        struct wire_member member = {open->subject, open->role};
        if (open->operation == MEMBER_ADD) {
            member_add(room, &member);
            world.comings++;
        } else {
            removed_add(room, &open->subject);
        }
    }
}

/* -- Reading -- */

static uint64_t last_device_seq(const struct ledger_room *room, const struct id *device)
{
    for (uint64_t i = room->count; i > 0; i--) {
        if (id_equal(&room->entries[i - 1].device, device)) {
            return room->entries[i - 1].device_seq;
        }
    }
    return 0;
}

static void entry_add(struct ledger_room *room, const struct stored_entry *stored,
                      const struct ledger_entry *made)
{
    uint64_t last = last_device_seq(room, &made->device);
    if (made->device_seq != last + 1) {
        world_fail("order of a device",
                   "entry %" PRIu64 " has number %" PRIu64 " of its device behind %" PRIu64,
                   stored->seq, made->device_seq, last);
    }
    if (stored->received_at < room->received_at) {
        world_fail("time", "entry %" PRIu64 " was received before the one in front", stored->seq);
    }
    if (room->count == room->capacity) {
        room->capacity = room->capacity > 0 ? room->capacity * 2 : 64;
        room->entries = realloc(room->entries, room->capacity * sizeof *room->entries);
        assert(room->entries != NULL);
    }
    room->received_at = stored->received_at;
    room->entries[room->count++] = *made;
    membership_take(room, &stored->entry);
    world.entries++;
}

/* One row of the room's log, `previous` being the hash in front of it. */
static bool row_take(struct ledger_room *room, sqlite3_stmt *statement, uint64_t seq,
                     struct id *previous)
{
    struct stored_entry stored = {.seq = column_number(statement, 0),
                                  .received_at = column_number(statement, 1)};
    struct slice bytes = column_slice(statement, 5);
    struct sig sig;
    struct ledger_entry made = {0};
    if (stored.seq != seq || bytes.len != sizeof sig.bytes) {
        world_fail("gap", "number %" PRIu64 " stands where %" PRIu64 " should", stored.seq, seq);
        return false;
    }
    memcpy(sig.bytes, bytes.at, sizeof sig.bytes);
    if (entry_of_parts(column_slice(statement, 2), column_slice(statement, 3),
                       column_slice(statement, 4), &sig, column_slice(statement, 6),
                       &stored.entry) != ENRUM_OK) {
        world_fail("bytes", "entry %" PRIu64 " cannot be read", seq);
        return false;
    }
    entry_chain(&stored.entry, previous, seq, stored.received_at, &made.hash);
    *previous = made.hash;
    if (seq <= room->count) {
        if (!id_equal(&made.hash, &room->entries[seq - 1].hash)) {
            world_fail("never changed", "entry %" PRIu64 " is another than before", seq);
        }
        return true;
    }
    const struct author *author = author_find(&stored.entry.head.certificate);
    if (author == NULL) {
        return false;
    }
    made.device = author->device;
    made.person = author->person;
    made.class = stored.entry.head.class;
    made.generation = stored.entry.head.generation;
    made.device_seq = stored.entry.head.device_seq;
    entry_add(room, &stored, &made);
    return true;
}

static void room_read(struct ledger_room *room, uint64_t after, uint64_t head,
                      const struct id *head_hash)
{
    bool has_row = false;
    sqlite3_stmt *statement = database_statement(ledger.database, STATEMENT_ROOM_GET);
    bind_id(statement, 1, &room->id);
    bool good = database_row(ledger.database, statement, &has_row) && has_row;
    uint64_t ref = good ? column_number(statement, 0) : 0;
    sqlite3_reset(statement);
    statement = database_statement(ledger.database, STATEMENT_ENTRIES);
    bind_number(statement, 1, ref);
    bind_number(statement, 2, after);
    bind_number(statement, 3, 1 << 20);
    struct id previous = after > 0 ? room->entries[after - 1].hash : room->id;
    for (uint64_t seq = after + 1; good; seq++) {
        good = database_row(ledger.database, statement, &has_row) && has_row &&
               row_take(room, statement, seq, &previous);
    }
    sqlite3_reset(statement);
    if (room->count != head || !id_equal(&previous, head_hash)) {
        world_fail("chain", "the log ends at %" PRIu64 ", its head says %" PRIu64, room->count,
                   head);
    }
}

static void rooms_read(bool is_again)
{
    static const struct id first;
    struct wire_room_head heads[ROOMS_MAX];
    size_t count = 0;
    bool has_row = true;
    /* The keeper is in all rooms. */
    sqlite3_stmt *statement = database_statement(ledger.database, STATEMENT_ROOMS_OF);
    bind_id(statement, 1, &ledger.board);
    bind_id(statement, 2, &first);
    bind_number(statement, 3, ROOMS_MAX);
    while (database_row(ledger.database, statement, &has_row) && has_row) {
        bool good = column_id(statement, 0, &heads[count].room) &&
                    column_id(statement, 2, &heads[count].hash);
        assert(good);
        (void)good;
        heads[count++].seq = column_number(statement, 1);
    }
    sqlite3_reset(statement);
    if (is_again && count < ledger.room_count) {
        world_fail("never lost", "%zu rooms are left of %zu", count, ledger.room_count);
    }
    for (size_t i = 0; i < count && !world.has_failed; i++) {
        struct ledger_room *room = room_find(&heads[i].room);
        if (room == NULL) {
            assert(ledger.room_count < ROOMS_MAX);
            room = &ledger.rooms[ledger.room_count++];
            room->id = heads[i].room;
        }
        if (heads[i].seq < room->count) {
            world_fail("never lost", "a log of %" PRIu64 " entries has %" PRIu64, room->count,
                       heads[i].seq);
        } else if (is_again || heads[i].seq > room->count) {
            room_read(room, is_again ? 0 : room->count, heads[i].seq, &heads[i].hash);
        }
    }
}

void ledger_use(struct database *database, bool is_again)
{
    ledger.database = database;
    if (database != NULL && is_again) {
        rooms_read(true);
    }
}

void ledger_read(void)
{
    if (ledger.database != NULL) {
        rooms_read(false);
    }
}

/* -- What the host says -- */

static void ack_judge(struct slice frame)
{
    struct msg_ack ack;
    struct receipt_leaf leaf;
    struct receipt_proof proof;
    if (layout_decode(&message_ack, frame, &ack) != ENRUM_OK) {
        world_fail("acknowledged", "an acknowledgement cannot be read");
        return;
    }
    world.acks++;
    receipt_of_ack(&ack, &leaf, &proof);
    const struct ledger_entry *entry = ledger_entry(&ack.room, ack.seq);
    if (entry == NULL || !id_equal(&entry->hash, &ack.hash)) {
        world_fail("acknowledged", "number %" PRIu64 " is acknowledged and not on the disk",
                   ack.seq);
    } else if (ack.seq % RECEIPTS_CHECKED_OF == 0 &&
               !receipt_check(&ledger.host_key, &leaf, &proof)) {
        world_fail("receipt", "of number %" PRIu64 " does not hold", ack.seq);
    }
}

static void entries_judge(struct slice frame)
{
    struct msg_entries message;
    if (layout_decode(&message_entries, frame, &message) != ENRUM_OK) {
        world_fail("shown", "entries cannot be read");
        return;
    }
    const struct ledger_entry *entry = ledger_entry(&message.room, message.head_seq);
    if (entry == NULL || !id_equal(&entry->hash, &message.head_hash)) {
        world_fail("shown", "number %" PRIu64 " is shown and not on the disk", message.head_seq);
    }
}

void ledger_judge_message(struct slice frame)
{
    uint64_t type, request;
    if (frame_peek(frame, &type, &request) != ENRUM_OK) {
        world_fail("frame", "the host sends what has no type");
    } else if (type == MESSAGE_ACK) {
        ack_judge(frame);
    } else if (type == MESSAGE_ENTRIES) {
        entries_judge(frame);
    }
}
