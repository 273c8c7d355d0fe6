/* reopening -- see reopening.h. */
#include "reopening.h"

#include "handle.h"
#include "settle.h"

#include <stdio.h>

/* -- Where a room went -- */

enum { MOVES_MAX = 256, NOTE_BYTES = sizeof "moved " + 2 * ID_BYTES };

/* What the disk calls the note of it. */
static void note_name(const struct id *id, char out[NOTE_BYTES])
{
    char hex[2 * ID_BYTES + 1];
    id_hex(id, hex);
    (void)snprintf(out, NOTE_BYTES, "moved %s", hex);
}

static enum enrum_err note_put(struct enrum *enrum, const struct id *id, const struct id *moved_to)
{
    char name[NOTE_BYTES];
    note_name(id, name);
    return localstore_meta_put(enrum->store, name, id_slice(moved_to));
}

/* Errors: ROOM_UNKNOWN: there is none. */
static enum enrum_err note_follow(const struct enrum *enrum, struct id *id)
{
    char name[NOTE_BYTES];
    struct buffer bytes;
    note_name(id, name);
    buffer_init(&bytes, ID_BYTES);
    enum enrum_err err = localstore_meta_get(enrum->store, name, &bytes);
    if (err == ENRUM_OK) {
        err = id_of_opt(buffer_slice(&bytes), id) ? ENRUM_OK : ENRUM_ROOM_UNKNOWN;
    }
    buffer_fini(&bytes);
    return err;
}

enum enrum_err room_named(const struct enrum *enrum, const struct id *id, struct roomcopy **out)
{
    struct id name = *id;
    struct roomcopy *room = roomcopy_find(enrum, &name);
    enum enrum_err err = ENRUM_OK;
    /* It may have been opened anew more than once. */
    for (int i = 0; room == NULL && err == ENRUM_OK; i++) {
        err = i < MOVES_MAX ? note_follow(enrum, &name) : ENRUM_ROOM_UNKNOWN;
        room = roomcopy_find(enrum, &name);
    }
    if (err == ENRUM_OK) {
        *out = room;
    }
    return err;
}

/* -- Opening anew -- */

/* One draft, for the new room. */
static enum enrum_err draft_remake(struct enrum *enrum, struct roomcopy *room,
                                   const struct opening *opening, const struct draft *draft,
                                   struct outbox *made)
{
    struct local_draft row = draft->row;
    struct buffer bytes;
    enum enrum_err err = ENRUM_OK;
    buffer_init(&bytes, ENTRY_BYTES_MAX);
    if (row.is_create) {
        draft_of_opening(&row, opening);
        room->local.sent_seq = row.device_seq;
    } else if (row.device_seq == 0) {
        row.room = room->id; /* its file is on its way: it has no number here or there */
    } else {
        row.room = room->id;
        row.device_seq = ++room->local.sent_seq;
        err = draft_seal(enrum, room, &row, &bytes);
    }
    if (err == ENRUM_OK && draft_new(made, &row) == NULL) {
        err = ENRUM_MEMORY;
    }
    buffer_fini(&bytes);
    return err;
}

/* All of the room's, in order: the first one opens it. */
static enum enrum_err drafts_remake(struct enrum *enrum, const struct roomcopy *old,
                                    struct roomcopy *room, const struct opening *opening,
                                    struct outbox *made)
{
    enum enrum_err err = ENRUM_OK;
    LIST_EACH (link, &enrum->outbox.drafts) {
        const struct draft *draft = LIST_ITEM(link, struct draft, link);
        if (err == ENRUM_OK && id_equal(&draft->row.room, &old->id)) {
            err = draft_remake(enrum, room, opening, draft, made);
        }
    }
    return err;
}

static enum enrum_err rows_put(struct enrum *enrum, const struct roomcopy *old,
                               const struct roomcopy *room, const struct outbox *made)
{
    enum enrum_err err = localstore_room_put(enrum->store, &room->local);
    LIST_EACH (link, &made->drafts) {
        if (err == ENRUM_OK) {
            err = localstore_draft_put(enrum->store, &LIST_ITEM(link, struct draft, link)->row);
        }
    }
    if (err == ENRUM_OK) {
        err = localstore_room_remove(enrum->store, &old->id);
    }
    return err == ENRUM_OK ? note_put(enrum, &old->id, &room->id) : err;
}

/* In one transaction of its own: what others have gathered stands, whatever becomes of this. */
static enum enrum_err keep(struct enrum *enrum, const struct roomcopy *old,
                           const struct roomcopy *room, const struct outbox *made)
{
    enum enrum_err err = localstore_commit(enrum->store);
    if (err == ENRUM_OK) {
        err = rows_put(enrum, old, room, made);
        if (err == ENRUM_OK) {
            err = localstore_commit(enrum->store);
        } else {
            localstore_undo(enrum->store);
        }
    }
    enrum->is_store_bad = enrum->is_store_bad || err != ENRUM_OK;
    return err;
}

/* Empty: nothing. */
static struct slice first_said(const struct enrum *enrum, const struct roomcopy *old)
{
    LIST_EACH (link, &enrum->outbox.drafts) {
        const struct draft *draft = LIST_ITEM(link, struct draft, link);
        if (draft->row.is_create && id_equal(&draft->row.room, &old->id)) {
            return draft->row.content;
        }
    }
    return (struct slice){NULL, 0};
}

enum enrum_err reopen(struct enrum *enrum, struct roomcopy *old)
{
    struct opening_plan plan = {
        .type = old->local.type, .title = old->local.title, .content = first_said(enrum, old)};
    struct opening opening;
    struct outbox made = {0};
    enum enrum_err err = opening_make(enrum, &plan, &opening);
    if (err != ENRUM_OK) {
        return err;
    }
    list_init(&made.drafts);
    struct roomcopy *room = opening_bear(enrum, &opening);
    err = room != NULL ? drafts_remake(enrum, old, room, &opening, &made) : ENRUM_MEMORY;
    if (err == ENRUM_OK && !roomcopy_enter(enrum, room)) {
        err = ENRUM_MEMORY;
    }
    if (err == ENRUM_OK) {
        err = keep(enrum, old, room, &made);
    }
    if (err == ENRUM_OK) {
        struct enrum_event event = {
            .type = ENRUM_EVENT_MOVED, .room = old->id, .moved_to = room->id};
        room->is_followed = old->is_followed;
        outbox_replace(&enrum->outbox, &old->id, &made);
        roomcopy_forget(enrum, old);
        handle_tell(enrum, &event);
    } else if (room != NULL) {
        roomcopy_forget(enrum, room);
    }
    outbox_fini(&made);
    opening_fini(&opening);
    return err;
}
