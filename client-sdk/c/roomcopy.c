/* roomcopy -- see roomcopy.h. This file: the rooms themselves, what is kept of them, and what makes
 * one untrusted. Their traffic is in follow.c. */
#include "roomcopy.h"

#include "handle.h"
#include "reopening.h"

#include <stdlib.h>

enum { ROOMS_MAX = 1 << 20, REFUSALS_KEPT_MAX = 1 << 20 };

static void roomcopy_free(struct roomcopy *room)
{
    appends_free(room);
    fold_fini(&room->fold);
    keyring_fini(&room->keyring);
    free(room->unopened);
    free(room->refusals);
    free(room->receipts);
    free(room);
}

void rooms_fini(struct enrum *enrum)
{
    LIST_EACH (link, &enrum->rooms) {
        list_remove(link);
        roomcopy_free(LIST_ITEM(link, struct roomcopy, link));
    }
    table_fini(&enrum->rooms_by_id);
}

struct roomcopy *roomcopy_find(const struct enrum *enrum, const struct id *id)
{
    return table_find(&enrum->rooms_by_id, id);
}

struct roomcopy *roomcopy_new(const struct enrum *enrum, const struct id *id)
{
    struct roomcopy *room = calloc(1, sizeof *room);
    if (room == NULL) {
        return NULL;
    }
    list_init(&room->link);
    list_init(&room->appends);
    room->id = room->local.room = *id;
    fold_init(&room->fold, &enrum->board.id, id);
    keyring_init(&room->keyring, id);
    return room;
}

bool roomcopy_enter(struct enrum *enrum, struct roomcopy *room)
{
    if (table_insert(&enrum->rooms_by_id, &room->id, room) != TABLE_OK) {
        return false;
    }
    list_push_back(&enrum->rooms, &room->link);
    return true;
}

void roomcopy_forget(struct enrum *enrum, struct roomcopy *room)
{
    if (!list_is_empty(&room->link)) {
        list_remove(&room->link);
        (void)table_remove(&enrum->rooms_by_id, &room->id);
    }
    roomcopy_free(room);
}

struct roomcopy *roomcopy_make(struct enrum *enrum, const struct id *id)
{
    struct roomcopy *room = roomcopy_find(enrum, id);
    if (room != NULL) {
        return room;
    }
    room = roomcopy_new(enrum, id);
    if (room != NULL && !roomcopy_enter(enrum, room)) {
        roomcopy_forget(enrum, room);
        return NULL;
    }
    return room;
}

struct reading {
    struct enrum *enrum;
    bool failed;
};

static void each_local_room(void *context, const struct local_room *local)
{
    struct reading *reading = context;
    struct roomcopy *room = roomcopy_make(reading->enrum, &local->room);
    if (room == NULL) {
        reading->failed = true;
        return;
    }
    room->local = *local;
    room->trouble = (enum enrum_err)local->trouble;
}

enum enrum_err rooms_open(struct enrum *enrum)
{
    struct reading reading = {.enrum = enrum};
    list_init(&enrum->rooms);
    table_init(&enrum->rooms_by_id, ID_BYTES, ROOMS_MAX);
    enum enrum_err err = localstore_rooms(enrum->store, each_local_room, &reading);
    return err == ENRUM_OK && reading.failed ? ENRUM_MEMORY : err;
}

void roomcopy_save(struct enrum *enrum, struct roomcopy *room)
{
    if (localstore_room_put(enrum->store, &room->local) != ENRUM_OK) {
        enrum->is_store_bad = true;
    }
}

void roomcopy_fail(struct enrum *enrum, struct roomcopy *room, enum enrum_err err)
{
    if (room->trouble != ENRUM_OK) {
        return;
    }
    room->trouble = err;
    room->is_current = false;
    /* Only what the host or a member did to the log is remembered; a full disk may be better
     * tomorrow, and a certificate that was withheld may come. */
    room->is_author_unknown = room->is_author_unknown && err == ENRUM_ENTRY_FORGED;
    if (error_class(err) == ERROR_TRUST && !room->is_author_unknown) {
        room->local.trouble = (uint64_t)err;
        roomcopy_save(enrum, room);
    }
    struct msg_unfollow message = {.board = enrum->board.id, .room = room->id};
    struct question question = {.layout = &message_unfollow, .message = &message};
    if (room->is_following && enrum->contact.state == CONTACT_READY) {
        (void)contact_ask(enrum, &question);
    }
    room->is_following = false;
    handle_warn(enrum, &room->id, err, "the room is not followed further");
}

void roomcopy_on_ready(struct roomcopy *room)
{
    room->listed.seq = room->shown_seq = 0;
    room->seq_before = room->fold.seq;
    room->is_following = room->is_fetching = room->is_current = false;
    room->key_state = KEYS_UNASKED;
    room->key_pause_ms = 0;
    if (room->is_author_unknown) {
        room->trouble = ENRUM_OK;
        room->is_author_unknown = false;
    }
}

/* -- Heads, receipts -- */

static bool head_holds(const struct fold *fold, const struct local_head *head)
{
    const struct id *hash = fold_hash(fold, head->seq);
    return head->seq == 0 || hash == NULL || id_equal(hash, &head->hash);
}

void roomcopy_keeper_head(struct enrum *enrum, struct roomcopy *room, const struct local_head *head)
{
    if (head->seq > room->local.keeper_head.seq) {
        room->local.keeper_head = *head;
        roomcopy_save(enrum, room);
    }
    roomcopy_judge_heads(enrum, room);
}

void roomcopy_judge_heads(struct enrum *enrum, struct roomcopy *room)
{
    const struct fold *fold = &room->fold;
    if (!room->is_loaded || room->trouble != ENRUM_OK) {
        return;
    }
    if (!head_holds(fold, &room->listed) || !head_holds(fold, &room->local.keeper_head)) {
        roomcopy_fail(enrum, room, ENRUM_FORK);
    } else if (room->listed.seq > 0 && room->listed.seq < room->seq_before) {
        roomcopy_fail(enrum, room, ENRUM_ROLLBACK);
    } else if (room->is_current && room->local.keeper_head.seq > fold->seq) {
        roomcopy_fail(enrum, room, ENRUM_ROLLBACK);
    }
    for (size_t i = 0; room->is_current && i < room->receipt_count; i++) {
        if (room->receipts[i].is_old && room->receipts[i].seq > fold->seq) {
            roomcopy_fail(enrum, room, ENRUM_ROLLBACK);
        }
    }
}

static bool receipt_is_of(const struct enrum *enrum, const struct room_receipt *receipt,
                          const struct stored_entry *stored, const struct certificate *author)
{
    struct id sent;
    entry_bytes_hash(&stored->entry, &sent);
    return author != NULL && id_equal(&author->device, &enrum->device) &&
           stored->entry.head.device_seq == receipt->device_seq &&
           stored->received_at == receipt->received_at &&
           (!receipt->has_sent || id_equal(&sent, &receipt->sent));
}

struct holding {
    const struct enrum *enrum;
    const struct trust *trust;
    const struct room_receipt *receipt;
    bool is_good;
};

static bool each_receipted(void *context, uint64_t seq, const struct id *hash, struct slice bytes)
{
    (void)seq;
    struct holding *holding = context;
    struct stored_entry stored;
    if (stored_next(&bytes, &stored) != ENRUM_OK) {
        return false;
    }
    const struct trusted *author = trust_find(holding->trust, &stored.entry.head.certificate);
    holding->is_good = id_equal(hash, &holding->receipt->hash) &&
                       receipt_is_of(holding->enrum, holding->receipt, &stored,
                                     author != NULL ? &author->certificate : NULL);
    return false;
}

enum enrum_err roomcopy_receipt_judge(const struct enrum *enrum, const struct trust *trust,
                                      const struct id *room, const struct room_receipt *receipt)
{
    struct holding holding = {.enrum = enrum, .trust = trust, .receipt = receipt};
    enum enrum_err err = localstore_entries(enrum->store, room, receipt->seq, 1, each_receipted,
                                            &holding);
    return err != ENRUM_OK || holding.is_good ? err : ENRUM_RECEIPT_WRONG;
}

struct room_receipt roomcopy_receipt_of(const struct msg_ack *ack, uint64_t device_seq,
                                        struct slice sent)
{
    struct room_receipt receipt = {.seq = ack->seq,
                                   .device_seq = device_seq,
                                   .received_at = ack->received_at,
                                   .hash = ack->hash};
    struct entry entry;
    while (sent.len > 0 && entry_next(&sent, &entry) == ENRUM_OK) {
        entry_bytes_hash(&entry, &receipt.sent);
        receipt.has_sent = true;
    }
    return receipt;
}

void roomcopy_receipt_add(struct enrum *enrum, struct roomcopy *room,
                          const struct room_receipt *receipt)
{
    if (receipt->seq <= room->fold.seq) {
        /* What cannot be read now is judged when the room is verified. */
        if (roomcopy_receipt_judge(enrum, &enrum->trust, &room->id, receipt) ==
            ENRUM_RECEIPT_WRONG) {
            roomcopy_fail(enrum, room, ENRUM_RECEIPT_WRONG);
        }
        return;
    }
    if (room->receipt_count == room->receipt_capacity) {
        size_t capacity = room->receipt_capacity > 0 ? room->receipt_capacity * 2 : 8;
        struct room_receipt *moved = realloc(room->receipts, capacity * sizeof *moved);
        if (moved == NULL) {
            return; /* it lies on the disk, where enrum_verify finds it */
        }
        room->receipts = moved;
        room->receipt_capacity = capacity;
    }
    room->receipts[room->receipt_count++] = *receipt;
}

void roomcopy_on_fetch(struct roomcopy *room)
{
    for (size_t i = 0; i < room->receipt_count; i++) {
        room->receipts[i].is_old = true;
    }
    room->fetches++;
}

bool roomcopy_is_missing(const struct roomcopy *room, uint64_t now)
{
    for (size_t i = 0; i < room->receipt_count; i++) {
        const struct room_receipt *receipt = &room->receipts[i];
        if (!receipt->is_old && now - receipt->at >= RECEIPT_WAIT_MS) {
            return true;
        }
    }
    return false;
}

bool roomcopy_had_receipt(const struct roomcopy *room, uint64_t before)
{
    for (size_t i = 0; i < room->receipt_count; i++) {
        if (room->receipts[i].at < before) {
            return true;
        }
    }
    return false;
}

/* The newest entry against the receipts that speak of its number. */
static void receipts_meet(struct enrum *enrum, struct roomcopy *room,
                          const struct stored_entry *stored, const struct certificate *author)
{
    size_t i = 0;
    while (i < room->receipt_count) {
        const struct room_receipt receipt = room->receipts[i];
        if (receipt.seq != room->fold.seq) {
            i++;
            continue;
        }
        room->receipts[i] = room->receipts[--room->receipt_count];
        if (!id_equal(&receipt.hash, &room->fold.hash) ||
            !receipt_is_of(enrum, &receipt, stored, author)) {
            roomcopy_fail(enrum, room, ENRUM_RECEIPT_WRONG);
        }
    }
}

/* -- Keys -- */

static void grant_learn(struct enrum *enrum, struct roomcopy *room,
                        const struct wire_open_grant *grant)
{
    size_t added = 0;
    enum enrum_err err = keyring_grant(&room->keyring, &room->fold, grant, &enrum->seal, &added);
    if (err == ENRUM_COMMITMENT_WRONG || err == ENRUM_MEMORY) {
        roomcopy_fail(enrum, room, err);
    } else if (err != ENRUM_OK) {
        handle_warn(enrum, &room->id, ENRUM_OPEN_FAILED, "a grant to this device does not open");
    } else if (added > 0) {
        room->has_new_keys = true;
        room->key_state = KEYS_UNASKED;
        room->key_pause_ms = 0;
    }
}

static void keys_learn(struct enrum *enrum, struct roomcopy *room, const struct entry *entry)
{
    if (entry->head.class == CLASS_GRANT && id_equal(&entry->open.grant.device, &enrum->device)) {
        grant_learn(enrum, room, &entry->open.grant);
    } else if (entry->head.class == CLASS_GENERATION) {
        append_keys_learn(room);
        if (room->fold.generation_count >= room->pending_generation) {
            room->pending_generation = 0;
        }
    }
}

/* -- Entries -- */

enum enrum_err roomcopy_accept(struct enrum *enrum, struct roomcopy *room,
                               const struct stored_entry *stored, bool is_from_disk)
{
    const struct trusted *author = trust_find(&enrum->trust, &stored->entry.head.certificate);
    if (author != NULL &&
        trust_is_revoked(&enrum->trust, &author->certificate, stored->received_at)) {
        return ENRUM_ENTRY_FORGED;
    }
    room->is_author_unknown = author == NULL && !is_from_disk;
    enum enrum_err err = fold_next(&room->fold, stored,
                                   author != NULL ? &author->certificate : NULL, is_from_disk);
    if (err != ENRUM_OK) {
        return err;
    }
    keys_learn(enrum, room, &stored->entry);
    receipts_meet(enrum, room, stored, &author->certificate);
    return ENRUM_OK;
}

struct loading {
    struct enrum *enrum;
    struct roomcopy *room;
    enum enrum_err err;
};

static bool each_local_entry(void *context, uint64_t seq, const struct id *hash, struct slice bytes)
{
    struct loading *loading = context;
    struct stored_entry stored;
    enum enrum_err err = stored_next(&bytes, &stored);
    if (err == ENRUM_OK && stored.seq != seq) {
        err = ENRUM_CHAIN_BROKEN;
    }
    if (err == ENRUM_OK) {
        err = roomcopy_accept(loading->enrum, loading->room, &stored, true);
    }
    if (err == ENRUM_OK && !id_equal(&loading->room->fold.hash, hash)) {
        err = ENRUM_CHAIN_BROKEN;
    }
    loading->err = err;
    return err == ENRUM_OK;
}

/* One that came while the room was not loaded is here already. */
static bool receipt_is_held(const struct roomcopy *room, uint64_t seq)
{
    for (size_t i = 0; i < room->receipt_count; i++) {
        if (room->receipts[i].seq == seq) {
            return true;
        }
    }
    return false;
}

static void each_local_receipt(void *context, uint64_t seq, uint64_t device_seq, struct slice ack)
{
    struct loading *loading = context;
    struct msg_ack message;
    if (layout_decode(&message_ack, ack, &message) == ENRUM_OK && seq > loading->room->fold.seq &&
        !receipt_is_held(loading->room, seq)) {
        struct room_receipt receipt = roomcopy_receipt_of(&message, device_seq,
                                                          (struct slice){NULL, 0});
        roomcopy_receipt_add(loading->enrum, loading->room, &receipt);
    }
}

enum enrum_err roomcopy_load(struct enrum *enrum, struct roomcopy *room)
{
    if (room->is_loaded) {
        return ENRUM_OK;
    }
    struct loading loading = {.enrum = enrum, .room = room};
    enum enrum_err err = localstore_entries(enrum->store, &room->id, 1, INT64_MAX, each_local_entry,
                                            &loading);
    if (err == ENRUM_OK) {
        err = localstore_receipts(enrum->store, &room->id, each_local_receipt, &loading);
    }
    if (err != ENRUM_OK) {
        return err;
    }
    room->is_loaded = true;
    room->seq_before = room->fold.seq;
    if (loading.err != ENRUM_OK) {
        roomcopy_fail(enrum, room,
                      loading.err == ENRUM_MALFORMED ? ENRUM_CHAIN_BROKEN : loading.err);
    }
    roomcopy_judge_heads(enrum, room);
    return ENRUM_OK;
}

void rooms_unload(struct enrum *enrum)
{
    LIST_EACH (link, &enrum->rooms) {
        struct roomcopy *room = LIST_ITEM(link, struct roomcopy, link);
        if (room->fold.seq == 0) {
            continue;
        }
        fold_fini(&room->fold);
        fold_init(&room->fold, &enrum->board.id, &room->id);
        room->is_loaded = false;
        room->receipt_count = 0;
    }
}

/* -- Refusals -- */

uint64_t roomcopy_refused(const struct roomcopy *room, uint64_t seq)
{
    for (size_t i = 0; i < room->refusal_count; i++) {
        if (room->refusals[i].seq == seq) {
            return room->refusals[i].ground;
        }
    }
    return 0;
}

void roomcopy_refuse(struct roomcopy *room, uint64_t seq, uint64_t ground)
{
    if (roomcopy_refused(room, seq) != 0 || room->refusal_count >= REFUSALS_KEPT_MAX) {
        return;
    }
    if (room->refusal_count == room->refusal_capacity) {
        size_t capacity = room->refusal_capacity > 0 ? room->refusal_capacity * 2 : 8;
        struct room_refusal *moved = realloc(room->refusals, capacity * sizeof *moved);
        if (moved == NULL) {
            return;
        }
        room->refusals = moved;
        room->refusal_capacity = capacity;
    }
    room->refusals[room->refusal_count++] = (struct room_refusal){seq, ground};
}

enum enrum_err roomcopy_find_writable(struct enrum *enrum, const struct id *id,
                                      struct roomcopy **out)
{
    if (!is_logged_in(enrum)) {
        return ENRUM_NOT_LOGGED_IN;
    }
    if (is_keeper(enrum)) {
        return ENRUM_MAY_NOT;
    }
    struct roomcopy *room = NULL;
    enum enrum_err err = room_named(enrum, id, &room);
    if (err == ENRUM_OK) {
        err = roomcopy_load(enrum, room);
    }
    if (err == ENRUM_OK && room->trouble != ENRUM_OK) {
        err = room->trouble;
    }
    if (err == ENRUM_OK) {
        *out = room;
    }
    return err;
}
