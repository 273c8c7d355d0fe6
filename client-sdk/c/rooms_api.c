/* rooms_api -- what an application asks of rooms: to open, follow, write, walk them (enrum.h). */
#include "handle.h"
#include "reopening.h"
#include "tell.h"

#include <stdio.h>

/* -- Looking -- */

static void room_describe(const struct roomcopy *room, struct enrum_room *out)
{
    *out = (struct enrum_room){
        .room = room->id,
        .type = room->local.type,
        .head_seq = room->fold.seq > room->listed.seq ? room->fold.seq : room->listed.seq,
        .recorded_seq = room->fold.covered_seq,
        .generation = room->fold.generation_count,
        .is_followed = room->is_followed,
        .has_key = keyring_find(&room->keyring, room->fold.generation_count > 0
                                                    ? room->fold.generation_count
                                                    : room->pending_generation) != NULL,
        .is_untrusted = error_class(room->trouble) == ERROR_TRUST,
        .trouble = room->trouble,
    };
    memcpy(out->title, room->local.title, sizeof out->title);
}

void enrum_rooms(struct enrum *enrum, void (*each)(void *context, const struct enrum_room *room),
                 void *context)
{
    LIST_EACH (link, &enrum->rooms) {
        struct enrum_room out;
        room_describe(LIST_ITEM(link, struct roomcopy, link), &out);
        each(context, &out);
    }
}

enum enrum_err enrum_room_find(struct enrum *enrum, const struct id *room_id_of,
                               struct enrum_room *out)
{
    struct roomcopy *room = NULL;
    enum enrum_err err = room_named(enrum, room_id_of, &room);
    if (err == ENRUM_OK) {
        room_describe(room, out);
    }
    return err;
}

enum enrum_err enrum_follow(struct enrum *enrum, const struct id *room_id_of)
{
    if (!is_logged_in(enrum)) {
        return ENRUM_NOT_LOGGED_IN;
    }
    struct roomcopy *room = NULL;
    enum enrum_err err = room_named(enrum, room_id_of, &room);
    if (err == ENRUM_ROOM_UNKNOWN) {
        room = roomcopy_make(enrum, room_id_of);
        err = room != NULL ? ENRUM_OK : ENRUM_MEMORY;
    }
    if (err == ENRUM_OK) {
        err = roomcopy_load(enrum, room);
    }
    if (err == ENRUM_OK) {
        room->is_followed = true;
        room->is_current_told = room->is_current_told && !room->is_denied;
        room->is_denied = false;
    }
    return err;
}

/* -- Opening a party room -- */

enum enrum_err enrum_room_new(struct enrum *enrum, const char *title, struct id *room_out)
{
    struct opening_plan plan = {.type = ROOM_TYPE_PARTY, .title = title};
    return opening_put(enrum, &plan, room_out);
}

/* -- Writing -- */

enum enrum_err enrum_send(struct enrum *enrum, const struct id *room_id_of, uint64_t kind,
                          const void *body, const char *language, uint64_t *outbox)
{
    struct roomcopy *room = NULL;
    struct wire_open_record open = {0};
    struct buffer bytes;
    const struct layout *layout = kind_layout(kind);
    enum enrum_err err = roomcopy_find_writable(enrum, room_id_of, &room);
    if (err != ENRUM_OK) {
        return err;
    }
    if (layout == NULL || kind == KIND_FILE) {
        return ENRUM_MALFORMED;
    }
    buffer_init(&bytes, CONTENT_BYTES_MAX);
    err = layout_encode(layout, body, &bytes);
    if (err == ENRUM_OK) {
        struct wire_content content = {.kind = kind,
                                       .role = enrum->me.body.role,
                                       .rule_version = 1,
                                       .language = slice_of_text(language != NULL ? language : ""),
                                       .body = buffer_slice(&bytes)};
        err = outbox_put(enrum, room, CLASS_RECORD, &open, &content, outbox);
    }
    buffer_wipe(&bytes);
    return err;
}

enum enrum_err enrum_send_text(struct enrum *enrum, const struct id *room, const char *text,
                               uint64_t *outbox)
{
    struct wire_body_text body = {.text = slice_of_text(text)};
    if (body.text.len > TEXT_BYTES_MAX) {
        return ENRUM_OVERSIZED;
    }
    return enrum_send(enrum, room, KIND_MESSAGE, &body, "", outbox);
}

size_t enrum_outbox_count(struct enrum *enrum)
{
    return enrum->outbox.count;
}

enum enrum_err enrum_mark_read(struct enrum *enrum, const struct id *room_id_of)
{
    struct roomcopy *room = NULL;
    enum enrum_err err = roomcopy_find_writable(enrum, room_id_of, &room);
    if (err != ENRUM_OK) {
        return err;
    }
    if (room->fold.seq == 0) {
        return ENRUM_ROOM_UNKNOWN;
    }
    struct wire_open_read open = {.seq = room->fold.seq, .hash = room->fold.hash};
    return outbox_put(enrum, room, CLASS_READ, &open, NULL, NULL);
}

/* -- Walking -- */

struct walk {
    struct enrum *enrum;
    struct roomcopy *room;
    void (*each)(void *context, const struct enrum_item *item);
    void *context;
};

static bool each_entry(void *context, uint64_t seq, const struct id *hash, struct slice bytes)
{
    struct walk *walk = context;
    struct stored_entry stored;
    struct enrum_item item;
    struct buffer plain;
    if (stored_next(&bytes, &stored) != ENRUM_OK || stored.seq != seq) {
        return false;
    }
    buffer_init(&plain, ENTRY_BYTES_MAX);
    bool good = tell_item(walk->enrum, walk->room, &stored, hash, &plain, &item);
    if (good) {
        item.refused_ground = roomcopy_refused(walk->room, seq);
        walk->each(walk->context, &item);
    }
    buffer_wipe(&plain);
    return good;
}

enum enrum_err enrum_walk(struct enrum *enrum, const struct id *room_id_of, uint64_t first,
                          void (*each)(void *context, const struct enrum_item *item), void *context)
{
    struct walk walk = {.enrum = enrum, .each = each, .context = context};
    enum enrum_err err = room_named(enrum, room_id_of, &walk.room);
    if (err == ENRUM_OK) {
        err = roomcopy_load(enrum, walk.room);
    }
    if (err != ENRUM_OK) {
        return err;
    }
    return localstore_entries(enrum->store, &walk.room->id, first > 0 ? first : 1, INT64_MAX,
                              each_entry, &walk);
}

enum enrum_err enrum_members(struct enrum *enrum, const struct id *room_id_of,
                             void (*each)(void *context, const struct enrum_member *member),
                             void *context)
{
    struct roomcopy *room = NULL;
    if (room_named(enrum, room_id_of, &room) != ENRUM_OK ||
        roomcopy_load(enrum, room) != ENRUM_OK) {
        return ENRUM_ROOM_UNKNOWN;
    }
    for (size_t i = 0; i < room->fold.member_count; i++) {
        struct enrum_member member = {room->fold.members[i].person, room->fold.members[i].role};
        each(context, &member);
    }
    return ENRUM_OK;
}

/* -- Receipts -- */

struct receipt_search {
    uint64_t seq;
    bool is_found;
    struct receipt_leaf *leaf;
    struct receipt_proof *proof;
};

static void each_receipt(void *context, uint64_t seq, uint64_t device_seq, struct slice frame)
{
    (void)device_seq;
    struct receipt_search *search = context;
    struct msg_ack ack;
    if (seq == search->seq && layout_decode(&message_ack, frame, &ack) == ENRUM_OK) {
        receipt_of_ack(&ack, search->leaf, search->proof);
        search->is_found = true;
    }
}

bool enrum_receipt_find(struct enrum *enrum, const struct id *room_id_of, uint64_t seq,
                        struct receipt_leaf *leaf, struct receipt_proof *proof)
{
    struct receipt_search search = {.seq = seq, .leaf = leaf, .proof = proof};
    struct roomcopy *room = NULL;
    return room_named(enrum, room_id_of, &room) == ENRUM_OK &&
           localstore_receipts(enrum->store, &room->id, each_receipt, &search) == ENRUM_OK &&
           search.is_found;
}
