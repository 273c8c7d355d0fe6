/* follow -- see follow.h. */
#include "follow.h"

#include "handle.h"

/* More than anybody but a keeper ever is in. */
enum { PERSON_ROOMS_MAX = 1 << 13 };

/* -- The list of rooms -- */

void roomcopy_tell_known(struct enrum *enrum, struct roomcopy *room)
{
    if (!room->is_known_told) {
        room->is_known_told = true;
        struct enrum_event event = {.type = ENRUM_EVENT_ROOM, .room = room->id};
        handle_tell(enrum, &event);
    }
}

/* A room that the host names. NULL: the connection is given up, since a host that makes up rooms
 * is not listened to, and when memory was short none must be left out. */
static struct roomcopy *named(struct enrum *enrum, const struct id *id)
{
    if (!is_keeper(enrum) && enrum->rooms_by_id.count >= PERSON_ROOMS_MAX &&
        roomcopy_find(enrum, id) == NULL) {
        enrum->contact.lost_err = ENRUM_MALFORMED;
        return NULL;
    }
    struct roomcopy *room = roomcopy_make(enrum, id);
    if (room == NULL) {
        enrum->contact.lost_err = ENRUM_MEMORY;
    }
    return room;
}

static void on_listed(struct enrum *enrum, const struct wire_room_head *head)
{
    struct roomcopy *room = named(enrum, &head->room);
    if (room == NULL) {
        return;
    }
    room->listed = (struct local_head){head->seq, head->hash};
    room->is_denied = room->is_unborn = false;
    roomcopy_judge_heads(enrum, room);
    roomcopy_tell_known(enrum, room);
}

/* Has somebody else opened it? Whom staff have let in may have gone. */
static bool is_others(const struct enrum *enrum, const struct roomcopy *room)
{
    return enrum->me.body.role == ROLE_CITIZEN && room->fold.seq > 0 &&
           !id_equal(&room->fold.opener_person, &enrum->me.body.person);
}

/* A person who is a citizen is never taken out of their own rooms, nor a keeper out of its board's:
 * one that was there (entries of it, a head that the keeper has told, a receipt from before this
 * connection) and that the host lists no longer, it hides. */
static void hidden_find(struct enrum *enrum)
{
    uint64_t role = enrum->me.body.role;
    if (role != ROLE_CITIZEN && role != ROLE_KEEPER) {
        return;
    }
    LIST_EACH (link, &enrum->rooms) {
        struct roomcopy *room = LIST_ITEM(link, struct roomcopy, link);
        if (room->listed.seq > 0 || roomcopy_load(enrum, room) != ENRUM_OK ||
            is_others(enrum, room)) {
            continue;
        }
        if (room->local.keeper_head.seq > 0 || room->seq_before > 0 ||
            roomcopy_had_receipt(room, enrum->contact.state_since)) {
            roomcopy_fail(enrum, room, ENRUM_ROLLBACK);
        }
    }
}

static void list_ask(struct enrum *enrum, struct slice after);

static void on_list(struct enrum *enrum, struct request *request, enum enrum_err err, uint64_t type,
                    struct slice frame)
{
    struct msg_rooms rooms;
    struct wire_room_head head = {0};
    if (err == ENRUM_NETWORK) {
        return;
    }
    if (err != ENRUM_OK || type != MESSAGE_ROOMS ||
        layout_decode(&message_rooms, frame, &rooms) != ENRUM_OK) {
        if (contact_is_passing(err)) {
            enrum->contact.list_at = now_mono(enrum) + RETRY_MS;
        } else { /* without the list nobody can tell what is hidden */
            enrum->contact.lost_err = err != ENRUM_OK ? err : ENRUM_MALFORMED;
        }
        return;
    }
    struct slice rest = rooms.rooms;
    while (rest.len > 0 && enrum->contact.lost_err == ENRUM_OK &&
           layout_next(&layout_room_head, &rest, &head) == ENRUM_OK) {
        on_listed(enrum, &head);
    }
    if (enrum->contact.lost_err != ENRUM_OK) {
        return;
    }
    if (rooms.more == 1) {
        /* It comes to an end: its rooms stand in order. */
        if (memcmp(head.room.bytes, request->room.bytes, ID_BYTES) <= 0) {
            enrum->contact.lost_err = ENRUM_MALFORMED;
            return;
        }
        list_ask(enrum, id_slice(&head.room));
    } else {
        hidden_find(enrum);
        contact_on_listed(enrum);
    }
}

static void list_ask(struct enrum *enrum, struct slice after)
{
    enrum->contact.list_at = 0;
    struct msg_room_list message = {.board = enrum->board.id, .after = after};
    struct id last = {{0}};
    if (after.len == ID_BYTES) {
        memcpy(last.bytes, after.at, ID_BYTES);
    }
    struct question question = {
        .layout = &message_room_list, .message = &message, .room = &last, .done = on_list};
    enum enrum_err err = contact_ask(enrum, &question);
    if (err != ENRUM_OK) {
        enrum->contact.lost_err = err; /* nobody would ask again */
    }
}

void rooms_on_ready(struct enrum *enrum)
{
    LIST_EACH (link, &enrum->rooms) {
        roomcopy_on_ready(LIST_ITEM(link, struct roomcopy, link));
    }
    list_ask(enrum, (struct slice){NULL, 0});
}

void rooms_on_lost(struct enrum *enrum)
{
    LIST_EACH (link, &enrum->rooms) {
        struct roomcopy *room = LIST_ITEM(link, struct roomcopy, link);
        room->is_following = room->is_fetching = room->is_current = false;
    }
}

void rooms_on_new(struct enrum *enrum, struct slice frame)
{
    struct msg_room_new message;
    if (layout_decode(&message_room_new, frame, &message) != ENRUM_OK ||
        !id_equal(&message.board, &enrum->board.id)) {
        return;
    }
    struct roomcopy *room = named(enrum, &message.room);
    if (room != NULL) {
        /* Whoever was taken out and is let in again is not followed for any more: asked anew. */
        room->is_denied = room->is_following = room->is_current = false;
        room->is_unborn = false;
        roomcopy_tell_known(enrum, room);
    }
}

/* -- Entries -- */

/* An entry that is here already: the same one? */
static bool is_same(const struct fold *fold, const struct stored_entry *stored)
{
    struct id hash;
    entry_chain(&stored->entry, fold_hash(fold, stored->seq - 1), stored->seq, stored->received_at,
                &hash);
    return id_equal(&hash, fold_hash(fold, stored->seq));
}

static enum enrum_err keep(struct enrum *enrum, struct roomcopy *room, struct slice bytes)
{
    enum enrum_err err = localstore_entry_put(enrum->store, &room->id, room->fold.seq,
                                              &room->fold.hash, bytes);
    if (err != ENRUM_OK) {
        enrum->is_store_bad = true;
    }
    return err;
}

/* OK also for a gap in live entries: what is missing is fetched. */
static enum enrum_err take_entries(struct enrum *enrum, struct roomcopy *room, struct slice rest,
                                   bool is_live)
{
    while (rest.len > 0) {
        struct stored_entry stored;
        struct slice before = rest;
        if (stored_next(&rest, &stored) != ENRUM_OK) {
            return ENRUM_CHAIN_BROKEN;
        }
        if (stored.seq <= room->fold.seq) {
            if (!is_same(&room->fold, &stored)) {
                return ENRUM_FORK;
            }
            continue;
        }
        if (stored.seq > room->fold.seq + 1 && is_live) {
            room->is_current = false;
            return ENRUM_OK;
        }
        enum enrum_err err = roomcopy_accept(enrum, room, &stored, false);
        if (err == ENRUM_OK) {
            err = keep(enrum, room, (struct slice){before.at, before.len - rest.len});
        }
        if (err != ENRUM_OK || room->trouble != ENRUM_OK) {
            return err;
        }
        roomcopy_judge_heads(enrum, room);
    }
    return ENRUM_OK;
}

/* False: memory was short, and nothing is known of the message. */
static bool take_message(struct enrum *enrum, struct roomcopy *room,
                         const struct msg_entries *message, bool is_live)
{
    if (trust_add_all(&enrum->trust, message->certificates, handle_keep_certificate, enrum) !=
        ENRUM_OK) {
        /* Without its author's certificate an entry looks forged: fetched again. */
        enrum->contact.lost_err = ENRUM_MEMORY;
        return false;
    }
    enum enrum_err err = take_entries(enrum, room, message->entries, is_live);
    if (err == ENRUM_OK && message->head_seq <= room->fold.seq &&
        !id_equal(fold_hash(&room->fold, message->head_seq), &message->head_hash)) {
        err = message->head_seq == room->fold.seq && message->entries.len > 0 ? ENRUM_CHAIN_BROKEN
                                                                              : ENRUM_FORK;
    }
    if (err == ENRUM_OK && message->head_seq < room->seq_before) {
        err = ENRUM_ROLLBACK;
    }
    if (err != ENRUM_OK) {
        roomcopy_fail(enrum, room, err);
    }
    return true;
}

static bool message_read(const struct enrum *enrum, struct slice frame, struct msg_entries *message)
{
    return layout_decode(&message_entries, frame, message) == ENRUM_OK &&
           id_equal(&message->board, &enrum->board.id);
}

void rooms_on_entries(struct enrum *enrum, struct slice frame)
{
    struct msg_entries message;
    if (!message_read(enrum, frame, &message)) {
        return;
    }
    struct roomcopy *room = roomcopy_find(enrum, &message.room);
    if (room != NULL && room->is_loaded && room->trouble == ENRUM_OK) {
        room->shown_seq = message.head_seq > room->shown_seq ? message.head_seq : room->shown_seq;
        (void)take_message(enrum, room, &message, true);
        if (room->fold.missing_count > 0) {
            /* What is emptied must have been erased by the end of the log: it is asked for. */
            room->is_wanted = true;
            room->is_current = false;
        }
    }
}

/* -- Follow and fetch -- */

/* A device may have been taken out, which it cannot read any more, or the host lies: the person is
 * told, and nothing is sent. Nobody takes out a keeper. */
static void denied(struct enrum *enrum, struct roomcopy *room)
{
    room->is_denied = true;
    room->is_wanted = false;
    if (enrum->me.body.role == ROLE_KEEPER && room->fold.seq > 0) {
        roomcopy_fail(enrum, room, ENRUM_ROLLBACK);
    }
    if (room->trouble == ENRUM_OK && room->is_followed && !room->is_current_told) {
        room->is_current_told = true;
        struct enrum_event event = {
            .type = ENRUM_EVENT_UP_TO_DATE, .room = room->id, .err = ENRUM_ROOM_UNKNOWN};
        handle_tell(enrum, &event);
    }
}

static void on_fetched(struct enrum *enrum, struct request *request, enum enrum_err err,
                       uint64_t type, struct slice frame)
{
    struct msg_entries message;
    struct roomcopy *room = roomcopy_find(enrum, &request->room);
    if (room == NULL || request->subject != room->fetches) {
        return;
    }
    room->is_fetching = false;
    if (err == ENRUM_ROOM_UNKNOWN) {
        denied(enrum, room);
        return;
    }
    if (err != ENRUM_OK || type != MESSAGE_ENTRIES || !message_read(enrum, frame, &message) ||
        room->trouble != ENRUM_OK) {
        room->retry_at = now_mono(enrum) + RETRY_MS;
        return;
    }
    if (!id_equal(&message.room, &room->id)) {
        /* It shows another room's log where this one's was asked for. */
        roomcopy_fail(enrum, room, ENRUM_CHAIN_BROKEN);
        return;
    }
    uint64_t before = room->fold.seq;
    if (!take_message(enrum, room, &message, false) || room->trouble != ENRUM_OK) {
        return;
    }
    if (room->fold.seq < message.head_seq) {
        if (room->fold.seq == before) {
            /* It names a head, and gives nothing towards it. */
            roomcopy_fail(enrum, room, ENRUM_CHAIN_BROKEN);
        }
        return;
    }
    if (message.head_seq < room->shown_before) {
        roomcopy_fail(enrum, room, ENRUM_ROLLBACK);
        return;
    }
    if (!room->is_following || room->fold.seq < room->shown_seq) {
        /* Let in anew, or more came live while this answer was made: there is more to fetch. */
        return;
    }
    room->is_current = true;
    room->is_wanted = false;
    if (room->fold.missing_count > 0) {
        roomcopy_fail(enrum, room, ENRUM_PAYLOAD_MISSING);
    }
    roomcopy_judge_heads(enrum, room);
}

static void fetch(struct enrum *enrum, struct roomcopy *room)
{
    struct msg_fetch message = {.board = enrum->board.id,
                                .room = room->id,
                                .after = room->fold.seq,
                                .limit = ENTRIES_PER_FETCH_MAX};
    roomcopy_on_fetch(room);
    struct question question = {.layout = &message_fetch,
                                .message = &message,
                                .room = &room->id,
                                .subject = room->fetches,
                                .done = on_fetched};
    room->shown_before = room->shown_seq;
    room->is_fetching = contact_ask(enrum, &question) == ENRUM_OK;
}

static void on_followed(struct enrum *enrum, struct request *request, enum enrum_err err,
                        uint64_t type, struct slice frame)
{
    (void)type, (void)frame;
    struct roomcopy *room = roomcopy_find(enrum, &request->room);
    if (room == NULL) {
        return;
    }
    room->is_fetching = false;
    if (err == ENRUM_ROOM_UNKNOWN) {
        denied(enrum, room);
    } else if (err == ENRUM_OK) {
        room->is_following = true;
    } else {
        room->retry_at = now_mono(enrum) + RETRY_MS;
    }
}

static void follow(struct enrum *enrum, struct roomcopy *room)
{
    struct msg_follow message = {.board = enrum->board.id, .room = room->id};
    struct question question = {
        .layout = &message_follow, .message = &message, .room = &room->id, .done = on_followed};
    room->is_fetching = contact_ask(enrum, &question) == ENRUM_OK;
}

/* The socket's queue is bounded: a keeper with thousands of rooms asks for some at a time. */
enum { UNDER_WAY_MAX = 64 };

void rooms_step(struct enrum *enrum)
{
    size_t under_way = 0;
    if (enrum->contact.state != CONTACT_READY) {
        return;
    }
    if (enrum->contact.list_at != 0 && now_mono(enrum) >= enrum->contact.list_at) {
        list_ask(enrum, (struct slice){NULL, 0});
    }
    LIST_EACH (link, &enrum->rooms) {
        struct roomcopy *room = LIST_ITEM(link, struct roomcopy, link);
        under_way += room->is_fetching;
        if (roomcopy_is_missing(room, now_mono(enrum))) {
            room->is_wanted = true;
            room->is_current = false;
        }
        bool is_due = (room->is_followed || room->is_wanted) && !room->is_current &&
                      !room->is_fetching && !room->is_denied && room->trouble == ENRUM_OK &&
                      !room->is_unborn && now_mono(enrum) >= room->retry_at;
        if (!is_due || under_way >= UNDER_WAY_MAX || roomcopy_load(enrum, room) != ENRUM_OK) {
            continue;
        }
        if (room->is_following) {
            fetch(enrum, room);
        } else {
            follow(enrum, room);
        }
        under_way += room->is_fetching;
    }
}
