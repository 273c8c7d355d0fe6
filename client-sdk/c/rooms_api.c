/* rooms_api -- what an application asks of rooms: to open, follow, write, walk them (enrum.h). */
#include "handle.h"
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
    struct roomcopy *room = roomcopy_find(enrum, room_id_of);
    if (room == NULL) {
        return ENRUM_ROOM_UNKNOWN;
    }
    room_describe(room, out);
    return ENRUM_OK;
}

enum enrum_err enrum_follow(struct enrum *enrum, const struct id *room_id_of)
{
    if (!is_logged_in(enrum)) {
        return ENRUM_NOT_LOGGED_IN;
    }
    struct roomcopy *room = roomcopy_make(enrum, room_id_of);
    if (room == NULL) {
        return ENRUM_MEMORY;
    }
    enum enrum_err err = roomcopy_load(enrum, room);
    if (err == ENRUM_OK) {
        room->is_followed = true;
        room->is_current_told = room->is_current_told && !room->is_denied;
        room->is_denied = false;
    }
    return err;
}

/* -- Opening a party room -- */

struct opening {
    struct enrum *enrum;
    struct id room;
    struct secret32 key;
    uint64_t device_seq;
    struct buffer entries;
};

static enum enrum_err opening_add(struct opening *opening, uint64_t class, const void *open,
                                  const struct wire_content *content)
{
    struct entry_draft draft = {
        .head = {.room = opening->room,
                 .class = class,
                 .generation = 1,
                 .certificate = opening->enrum->me.hash,
                 .device_seq = ++opening->device_seq,
                 .seen_seq = 0,
                 .seen_hash = opening->room,
                 .time = now_wall(opening->enrum)},
        .open = open,
        .content = content,
    };
    return entry_encode(&draft, &opening->key, &opening->enrum->sign, &opening->entries);
}

static enum enrum_err generation_add(struct opening *opening)
{
    const struct enrum *enrum = opening->enrum;
    const struct wire_member self = {enrum->me.body.person, ROLE_CITIZEN};
    const struct wire_member board = {enrum->board.id, ROLE_KEEPER};
    struct wire_open_generation open = {.number = 1, .base_hash = opening->room};
    struct buffer members;
    buffer_init(&members, OPEN_BYTES_MAX);
    enum enrum_err err = layout_encode(&layout_member, &self, &members);
    if (err == ENRUM_OK) {
        err = layout_encode(&layout_member, &board, &members);
    }
    if (err == ENRUM_OK) {
        open.members = buffer_slice(&members);
        grant_commitment(&opening->room, 1, &opening->key, &open.commitment);
        err = opening_add(opening, CLASS_GENERATION, &open, NULL);
    }
    buffer_fini(&members);
    return err;
}

static enum enrum_err grant_add(struct opening *opening, const struct id *device,
                                const struct id *seal_key)
{
    struct wire_open_grant grant;
    struct buffer wrapped;
    buffer_init(&wrapped, OPEN_BYTES_MAX);
    enum enrum_err err = grant_wrap(&opening->room, 1, &opening->key, 1, device, seal_key, &wrapped,
                                    &grant);
    if (err == ENRUM_OK) {
        err = opening_add(opening, CLASS_GRANT, &grant, NULL);
    }
    buffer_fini(&wrapped);
    return err;
}

static enum enrum_err title_add(struct opening *opening, const char *title)
{
    struct wire_body_room body = {.type = ROOM_TYPE_PARTY, .title = slice_of_text(title)};
    struct wire_open_record open = {0};
    struct buffer bytes;
    buffer_init(&bytes, CONTENT_BYTES_MAX);
    enum enrum_err err = layout_encode(&layout_body_room, &body, &bytes);
    if (err == ENRUM_OK) {
        struct wire_content content = {
            .kind = KIND_ROOM, .role = ROLE_CITIZEN, .body = buffer_slice(&bytes)};
        err = opening_add(opening, CLASS_RECORD, &open, &content);
    }
    buffer_wipe(&bytes);
    return err;
}

static enum enrum_err entries_make(struct opening *opening, const char *title)
{
    struct enrum *enrum = opening->enrum;
    enum enrum_err err = generation_add(opening);
    if (err == ENRUM_OK) {
        err = grant_add(opening, &enrum->device, &enrum->seal.public);
    }
    for (size_t i = 0; err == ENRUM_OK && i < enrum->asks.keeper_count; i++) {
        const struct certificate *keeper = &enrum->asks.keepers[i].certificate;
        err = grant_add(opening, &keeper->device, &keeper->body.seal_key);
    }
    return err == ENRUM_OK ? title_add(opening, title) : err;
}

static enum enrum_err room_open(struct opening *opening, const struct id *random, const char *title)
{
    struct enrum *enrum = opening->enrum;
    struct roomcopy *room = roomcopy_make(enrum, &opening->room);
    if (room == NULL) {
        return ENRUM_MEMORY;
    }
    room->is_loaded = true;
    room->is_unborn = true;
    room->pending_generation = 1;
    room->local.type = ROOM_TYPE_PARTY;
    (void)snprintf(room->local.title, sizeof room->local.title, "%s", title);
    enum enrum_err err = keyring_put(&room->keyring, 1, &opening->key);
    if (err == ENRUM_OK) {
        err = outbox_put_create(enrum, room, random, opening->device_seq,
                                buffer_slice(&opening->entries), NULL);
    }
    return err;
}

enum enrum_err enrum_room_new(struct enrum *enrum, const char *title, struct id *room_out)
{
    struct opening opening = {.enrum = enrum};
    struct id random;
    if (!is_logged_in(enrum)) {
        return ENRUM_NOT_LOGGED_IN;
    }
    if (enrum->me.body.role != ROLE_CITIZEN) {
        return ENRUM_MAY_NOT;
    }
    if (enrum->asks.keeper_count == 0) {
        return ENRUM_KEEPER_AWAY;
    }
    suite_random(random.bytes, ID_BYTES);
    room_id(&enrum->board.id, &enrum->me.hash, &random, &opening.room);
    secret_random(&opening.key);
    buffer_init(&opening.entries, FRAME_BYTES_MAX);
    enum enrum_err err = entries_make(&opening, title);
    if (err == ENRUM_OK) {
        err = room_open(&opening, &random, title);
    }
    secret_wipe(&opening.key);
    buffer_fini(&opening.entries);
    if (err == ENRUM_OK) {
        *room_out = opening.room;
    }
    return err;
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
    walk.room = roomcopy_find(enrum, room_id_of);
    if (walk.room == NULL) {
        return ENRUM_ROOM_UNKNOWN;
    }
    enum enrum_err err = roomcopy_load(enrum, walk.room);
    if (err != ENRUM_OK) {
        return err;
    }
    return localstore_entries(enrum->store, room_id_of, first > 0 ? first : 1, INT64_MAX,
                              each_entry, &walk);
}

enum enrum_err enrum_members(struct enrum *enrum, const struct id *room_id_of,
                             void (*each)(void *context, const struct enrum_member *member),
                             void *context)
{
    struct roomcopy *room = roomcopy_find(enrum, room_id_of);
    if (room == NULL || roomcopy_load(enrum, room) != ENRUM_OK) {
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

bool enrum_receipt_find(struct enrum *enrum, const struct id *room, uint64_t seq,
                        struct receipt_leaf *leaf, struct receipt_proof *proof)
{
    struct receipt_search search = {.seq = seq, .leaf = leaf, .proof = proof};
    return localstore_receipts(enrum->store, room, each_receipt, &search) == ENRUM_OK &&
           search.is_found;
}
