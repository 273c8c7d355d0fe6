/* opening -- see opening.h. */
#include "opening.h"

#include "handle.h"

#include <stdio.h>

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
    const struct wire_member self = {enrum->me.body.person, enrum->me.body.role};
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

static enum enrum_err record_add(struct opening *opening, const struct wire_content *content)
{
    struct wire_open_record open = {0};
    return opening_add(opening, CLASS_RECORD, &open, content);
}

static enum enrum_err title_add(struct opening *opening)
{
    struct wire_body_room body = {.type = opening->plan.type,
                                  .title = slice_of_text(opening->plan.title)};
    struct buffer bytes;
    buffer_init(&bytes, CONTENT_BYTES_MAX);
    enum enrum_err err = layout_encode(&layout_body_room, &body, &bytes);
    if (err == ENRUM_OK) {
        struct wire_content content = {
            .kind = KIND_ROOM, .role = opening->enrum->me.body.role, .body = buffer_slice(&bytes)};
        err = record_add(opening, &content);
    }
    buffer_wipe(&bytes);
    return err;
}

static enum enrum_err first_said_add(struct opening *opening)
{
    struct wire_content content;
    enum enrum_err err = layout_decode(&layout_content, opening->plan.content, &content);
    return err == ENRUM_OK ? record_add(opening, &content) : err;
}

static enum enrum_err entries_make(struct opening *opening)
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
    if (err == ENRUM_OK) {
        err = title_add(opening);
    }
    return err == ENRUM_OK && opening->plan.content.len > 0 ? first_said_add(opening) : err;
}

enum enrum_err opening_make(struct enrum *enrum, const struct opening_plan *plan,
                            struct opening *out)
{
    if (enrum->asks.keeper_count == 0) {
        return ENRUM_KEEPER_AWAY;
    }
    *out = (struct opening){.enrum = enrum, .plan = *plan};
    suite_random(out->random.bytes, ID_BYTES);
    room_id(&enrum->board.id, &enrum->me.hash, &out->random, &out->room);
    secret_random(&out->key);
    buffer_init(&out->entries, FRAME_BYTES_MAX);
    enum enrum_err err = entries_make(out);
    if (err != ENRUM_OK) {
        opening_fini(out);
    }
    return err;
}

void opening_fini(struct opening *opening)
{
    secret_wipe(&opening->key);
    buffer_fini(&opening->entries);
}

struct roomcopy *opening_bear(struct enrum *enrum, const struct opening *opening)
{
    struct roomcopy *room = roomcopy_new(enrum, &opening->room);
    if (room == NULL) {
        return NULL;
    }
    if (keyring_put(&room->keyring, 1, &opening->key) != ENRUM_OK) {
        roomcopy_forget(enrum, room);
        return NULL;
    }
    room->is_loaded = true;
    room->is_unborn = true;
    room->pending_generation = 1;
    room->local.type = opening->plan.type;
    (void)snprintf(room->local.title, sizeof room->local.title, "%s", opening->plan.title);
    return room;
}

enum enrum_err opening_put(struct enrum *enrum, const struct opening_plan *plan,
                           struct id *room_out)
{
    struct opening opening;
    if (!is_logged_in(enrum)) {
        return ENRUM_NOT_LOGGED_IN;
    }
    /* A keeper's rooms are opened by enrum_room_create_with, with what it decides. */
    if (is_keeper(enrum) || !room_type_may_open(plan->type, enrum->me.body.role)) {
        return ENRUM_MAY_NOT;
    }
    enum enrum_err err = opening_make(enrum, plan, &opening);
    if (err != ENRUM_OK) {
        return err;
    }
    struct roomcopy *room = opening_bear(enrum, &opening);
    err = room != NULL && roomcopy_enter(enrum, room)
              ? outbox_put_create(enrum, room, &opening, NULL)
              : ENRUM_MEMORY;
    if (err == ENRUM_OK) {
        *room_out = opening.room;
    } else if (room != NULL) {
        (void)localstore_room_remove(enrum->store, &room->id);
        roomcopy_forget(enrum, room);
    }
    opening_fini(&opening);
    return err;
}
