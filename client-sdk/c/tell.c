/* tell -- see tell.h. */
#include "tell.h"

#include "handle.h"
#include "protocol/file.h"

#include <stdio.h>
#include <stdlib.h>

enum { TOLD_PER_STEP = 256, BODY_BYTES_MAX = 1024 };

/* -- Items -- */

static bool blobs_hold(uint64_t kind, const void *body, struct slice blobs)
{
    return kind == KIND_FILE ? file_body_holds(body, blobs) : blobs.len == 0;
}

static enum enrum_err content_open(const struct roomcopy *room, const struct entry *entry,
                                   struct buffer *plain, struct wire_content *out)
{
    _Alignas(max_align_t) uint8_t body[BODY_BYTES_MAX];
    struct wire_content content;
    if (entry->is_erased) {
        return ENRUM_PAYLOAD_MISSING;
    }
    const struct secret32 *key = keyring_find(&room->keyring, entry->head.generation);
    if (key == NULL) {
        return ENRUM_KEY_MISSING;
    }
    enum enrum_err err = entry_open(entry, key, plain, &content);
    if (err != ENRUM_OK) {
        return err;
    }
    const struct layout *layout = kind_layout(content.kind);
    if (layout == NULL || layout_decode(layout, content.body, body) != ENRUM_OK) {
        return ENRUM_MALFORMED;
    }
    /* What the host keeps for the entry is what the entry says. */
    if (entry->head.class == CLASS_RECORD &&
        !blobs_hold(content.kind, body, entry->open.record.blobs)) {
        return ENRUM_MALFORMED;
    }
    *out = content;
    return ENRUM_OK;
}

bool tell_item(struct enrum *enrum, struct roomcopy *room, const struct stored_entry *stored,
               const struct id *hash, struct buffer *plain, struct enrum_item *out)
{
    const struct entry *entry = &stored->entry;
    const struct trusted *author = trust_find(&enrum->trust, &entry->head.certificate);
    if (author == NULL) {
        return false;
    }
    *out = (struct enrum_item){
        .room = room->id,
        .hash = *hash,
        .seq = stored->seq,
        .received_at = stored->received_at,
        .time = entry->head.time,
        .class = entry->head.class,
        .generation = entry->head.generation,
        .device_seq = entry->head.device_seq,
        .author = author->certificate,
        .entry = entry,
        .recorded_seq = room->fold.covered_seq,
    };
    if (class_has_content(entry->head.class)) {
        out->open_err = content_open(room, entry, plain, &out->content);
        out->is_open = out->open_err == ENRUM_OK;
    }
    return true;
}

/* -- Learning from what is opened -- */

/* A keeper says to newcomers what others have opened, too. */
static bool room_said_by(const struct wire_body_room *body, uint64_t role)
{
    return role == ROLE_KEEPER ? kind_may_write(KIND_ROOM, role, body->type)
                               : room_type_may_open(body->type, role);
}

static void learn_room(struct enrum *enrum, struct roomcopy *room, const struct enrum_item *item)
{
    struct wire_body_room body;
    bool is_word = item->class == CLASS_RECORD &&
                   (item->author.body.role == ROLE_KEEPER ||
                    id_equal(&item->author.body.person, &room->fold.opener_person));
    if (!is_word) {
        return;
    }
    room->said_seq = room->said_seq != 0 ? room->said_seq : item->seq;
    /* The room is what its opener says, not what a later writer would have it be. */
    if (room->local.type != 0 ||
        layout_decode(&layout_body_room, item->content.body, &body) != ENRUM_OK ||
        !room_said_by(&body, item->author.body.role)) {
        return;
    }
    room->local.type = body.type;
    (void)snprintf(room->local.title, sizeof room->local.title, "%.*s", (int)body.title.len,
                   body.title.len > 0 ? (const char *)body.title.at : "");
    roomcopy_save(enrum, room);
}

static void learn_refusals(struct roomcopy *room, const struct enrum_item *item)
{
    struct wire_body_refusals body;
    struct wire_refusal refusal;
    if (layout_decode(&layout_body_refusals, item->content.body, &body) != ENRUM_OK) {
        return;
    }
    while (body.refused.len > 0 &&
           layout_next(&layout_refusal, &body.refused, &refusal) == ENRUM_OK) {
        roomcopy_refuse(room, refusal.seq, refusal.ground);
    }
}

/* As the keeper judges it in its next checkpoint. What a room is is not known in the beginning. */
static bool content_holds(const struct roomcopy *room, const struct enrum_item *item)
{
    uint64_t role = item->author.body.role, kind = item->content.kind;
    bool is_known = room->local.type != 0;
    if (item->content.role != role || !kind_fits_class(kind, item->class) ||
        (is_known && !kind_may_write(kind, role, room->local.type))) {
        return false;
    }
    return kind != KIND_ROOM || role == ROLE_KEEPER ||
           (room->said_seq == item->seq && room->local.type != 0);
}

static void learn(struct enrum *enrum, struct roomcopy *room, struct enrum_item *item)
{
    if (!item->is_open) {
        return;
    }
    if (item->content.kind == KIND_ROOM) {
        learn_room(enrum, room, item);
    } else if (item->class == CLASS_CHECKPOINT && item->content.kind == KIND_REFUSALS) {
        learn_refusals(room, item);
    }
    /* Every reader judges the content itself; the next checkpoint will say the same. */
    if (!content_holds(room, item)) {
        roomcopy_refuse(room, item->seq, GROUND_KIND_NOT_ALLOWED);
    }
}

/* -- Unopened -- */

static void unopened_add(struct roomcopy *room, uint64_t seq)
{
    if (room->unopened_count == room->unopened_capacity) {
        size_t capacity = room->unopened_capacity > 0 ? room->unopened_capacity * 2 : 8;
        uint64_t *moved = realloc(room->unopened, capacity * sizeof *moved);
        if (moved == NULL) {
            return;
        }
        room->unopened = moved;
        room->unopened_capacity = capacity;
    }
    room->unopened[room->unopened_count++] = seq;
}

/* -- Telling -- */

struct telling {
    struct enrum *enrum;
    struct roomcopy *room;
    size_t told;
    bool is_held, is_again; /* again: entries that were told unopened */
};

/* May an entry whose key is missing be told so, or might the key still come? */
static bool is_held_back(const struct roomcopy *room)
{
    return room->trouble == ENRUM_OK && !room->is_denied &&
           (!room->is_current || room->key_state == KEYS_ASKED);
}

static bool tell_stored(struct telling *telling, const struct stored_entry *stored,
                        const struct id *hash)
{
    struct enrum *enrum = telling->enrum;
    struct roomcopy *room = telling->room;
    struct enrum_item item;
    struct buffer plain;
    buffer_init(&plain, ENTRY_BYTES_MAX);
    bool good = tell_item(enrum, room, stored, hash, &plain, &item);
    bool has_key = !good || item.open_err != ENRUM_KEY_MISSING;
    if (!has_key && (telling->is_again || is_held_back(room))) {
        telling->is_held = true;
    } else if (good) {
        if (!telling->is_again) {
            room->told_seq = stored->seq;
        }
        learn(enrum, room, &item);
        item.refused_ground = roomcopy_refused(room, item.seq);
        if (!has_key) {
            unopened_add(room, stored->seq);
        } else if (item.open_err == ENRUM_OPEN_FAILED) {
            handle_warn(enrum, &room->id, ENRUM_OPEN_FAILED, "an entry does not open");
        }
        struct enrum_event event = {
            .type = ENRUM_EVENT_ENTRY, .room = room->id, .item = &item, .seq = item.seq};
        handle_tell(enrum, &event);
        telling->told++;
    }
    buffer_wipe(&plain);
    return good && !telling->is_held;
}

static bool each_entry(void *context, uint64_t seq, const struct id *hash, struct slice bytes)
{
    struct telling *telling = context;
    struct stored_entry stored;
    if (stored_next(&bytes, &stored) != ENRUM_OK || stored.seq != seq ||
        !tell_stored(telling, &stored, hash)) {
        return false;
    }
    return telling->told < TOLD_PER_STEP;
}

/* What was told unopened, and opens now. */
static void tell_again(struct enrum *enrum, struct roomcopy *room)
{
    size_t kept = 0;
    room->has_new_keys = false;
    for (size_t i = 0; i < room->unopened_count; i++) {
        struct telling telling = {.enrum = enrum, .room = room, .is_again = true};
        uint64_t seq = room->unopened[i];
        (void)localstore_entries(enrum->store, &room->id, seq, 1, each_entry, &telling);
        if (telling.told == 0) {
            room->unopened[kept++] = seq;
        }
    }
    room->unopened_count = kept;
}

/* Keys: asked for when the room is all here and some are missing. A keeper is granted its own. */
static void keys_step(struct enrum *enrum, struct roomcopy *room)
{
    uint64_t now = now_mono(enrum);
    bool is_missing = !keyring_is_whole(&room->keyring, room->fold.generation_count);
    if (!room->is_current || !is_missing || is_keeper(enrum)) {
        return;
    }
    if (room->key_state == KEYS_ASKED && now >= room->key_deadline) {
        room->key_state = KEYS_GIVEN_UP;
        room->key_deadline = now + KEY_ASK_AGAIN_MS;
    }
    bool is_due = room->key_state == KEYS_UNASKED ||
                  (room->key_state == KEYS_GIVEN_UP && now >= room->key_deadline);
    if (!is_due) {
        return;
    }
    struct wire_letter_room body = {.room = room->id};
    struct ask_question question = {
        .purpose = ASK_FOR_KEYS, .kind = LETTER_GRANT, .body = &body, .room = &room->id};
    uint64_t number;
    bool is_asked = ask_put(enrum, &question, &number) == ENRUM_OK;
    /* A second asking holds nothing back: what could not be opened has been told. */
    bool is_first = room->key_state == KEYS_UNASKED;
    room->key_state = is_asked && is_first ? KEYS_ASKED : KEYS_GIVEN_UP;
    room->key_deadline = now + (is_asked && is_first ? KEY_WAIT_MS : KEY_ASK_AGAIN_MS);
}

static bool tell_room(struct enrum *enrum, struct roomcopy *room)
{
    keys_step(enrum, room);
    struct telling telling = {.enrum = enrum, .room = room};
    if (room->told_seq < room->fold.seq) {
        (void)localstore_entries(enrum->store, &room->id, room->told_seq + 1, TOLD_PER_STEP,
                                 each_entry, &telling);
    }
    if (room->has_new_keys && room->unopened_count > 0) {
        tell_again(enrum, room);
    }
    if (room->is_current && room->key_state != KEYS_ASKED && room->told_seq == room->fold.seq &&
        !room->is_current_told) {
        room->is_current_told = true;
        struct enrum_event event = {
            .type = ENRUM_EVENT_UP_TO_DATE, .room = room->id, .seq = room->fold.seq};
        handle_tell(enrum, &event);
    }
    return !telling.is_held && telling.told > 0 && room->told_seq < room->fold.seq;
}

bool tell_step(struct enrum *enrum)
{
    bool has_more = false;
    LIST_EACH (link, &enrum->rooms) {
        struct roomcopy *room = LIST_ITEM(link, struct roomcopy, link);
        if (room->is_followed && room->is_loaded) {
            has_more = tell_room(enrum, room) || has_more;
        }
    }
    return has_more;
}
