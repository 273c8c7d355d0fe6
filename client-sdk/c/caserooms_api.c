/* caserooms_api -- a case's room for its employees alone, and the conversations that it names
 * (enrum.h). Who is in it is the keeper's word. */
#include "handle.h"
#include "reopening.h"
#include "settle.h"

/* One of this employee's. The case's record names it for good: not before the host has it, and not
 * by who is out of it. */
static enum enrum_err conversation_find(struct enrum *enrum, const struct id *id,
                                        struct roomcopy **out)
{
    struct roomcopy *party = NULL;
    enum enrum_err err = roomcopy_find_writable(enrum, id, &party);
    if (err != ENRUM_OK) {
        return err;
    }
    if (enrum->me.body.role != ROLE_STAFF ||
        (party->local.type != 0 && party->local.type != ROOM_TYPE_PARTY)) {
        return ENRUM_MAY_NOT;
    }
    if (party->is_unborn || party->is_denied || party->fold.seq == 0) {
        return ENRUM_ROOM_UNKNOWN;
    }
    if (party->fold.is_advice) {
        return ENRUM_MAY_NOT; /* nobody knows who it is: it is no case's */
    }
    *out = party;
    return ENRUM_OK;
}

/* The body of CASE_ROOM; the person is the first whom it is about, of zeros when nobody is in it
 * yet. */
static struct wire_body_case_room naming_of(const struct roomcopy *party)
{
    struct wire_body_case_room body = {.room = party->id};
    for (size_t i = 0; i < party->fold.member_count; i++) {
        if (party->fold.members[i].role == ROLE_CITIZEN) {
            body.person = party->fold.members[i].person;
            break;
        }
    }
    return body;
}

enum enrum_err enrum_staff_room_new(struct enrum *enrum, const struct id *party_id, struct id *room)
{
    struct roomcopy *party = NULL;
    struct buffer body, content;
    enum enrum_err err = conversation_find(enrum, party_id, &party);
    if (err != ENRUM_OK) {
        return err;
    }
    struct wire_body_case_room naming = naming_of(party);
    struct wire_content said = {.kind = KIND_CASE_ROOM,
                                .role = enrum->me.body.role,
                                .rule_version = 1,
                                .language = slice_of_text("")};
    buffer_init(&body, CONTENT_BYTES_MAX);
    buffer_init(&content, CONTENT_BYTES_MAX);
    err = layout_encode(&layout_body_case_room, &naming, &body);
    if (err == ENRUM_OK) {
        said.body = buffer_slice(&body);
        err = layout_encode(&layout_content, &said, &content);
    }
    if (err == ENRUM_OK) {
        struct opening_plan plan = {.type = ROOM_TYPE_STAFF,
                                    .title = party->local.title,
                                    .content = buffer_slice(&content)};
        err = opening_put(enrum, &plan, room);
    }
    buffer_wipe(&body);
    buffer_wipe(&content);
    return err;
}

/* -- Which conversations are the case's -- */

struct case_list {
    const struct enrum *enrum;
    size_t count;
    struct enrum_case_room rooms[CASE_ROOMS_MAX];
};

static struct enrum_case_room *listed(struct case_list *list, const struct id *room)
{
    for (size_t i = 0; i < list->count; i++) {
        if (id_equal(&list->rooms[i].room, room)) {
            return &list->rooms[i];
        }
    }
    if (list->count == CASE_ROOMS_MAX) {
        return NULL;
    }
    list->rooms[list->count] = (struct enrum_case_room){.room = *room};
    return &list->rooms[list->count++];
}

static void unlist(struct case_list *list, const struct id *room)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (!id_equal(&list->rooms[i].room, room)) {
            list->rooms[kept++] = list->rooms[i];
        }
    }
    list->count = kept;
}

/* Others' wish to have one in the case, and anybody's to have it out again, is nothing before the
 * keeper has said so. */
static void case_item(void *context, const struct enrum_item *item)
{
    struct case_list *list = context;
    struct wire_body_case_room body;
    struct wire_body_case_room_out out;
    bool is_keepers = item->author.body.role == ROLE_KEEPER;
    bool is_own = id_equal(&item->author.body.person, &list->enrum->me.body.person);
    if (!item->is_open || item->refused_ground != 0) {
        return;
    }
    if (item->content.kind == KIND_CASE_ROOM_OUT && is_keepers &&
        layout_decode(&layout_body_case_room_out, item->content.body, &out) == ENRUM_OK) {
        unlist(list, &out.room);
    }
    if (item->content.kind != KIND_CASE_ROOM || !(is_keepers || is_own) ||
        layout_decode(&layout_body_case_room, item->content.body, &body) != ENRUM_OK) {
        return;
    }
    struct enrum_case_room *room = listed(list, &body.room);
    if (room != NULL) {
        room->person = body.person;
        room->is_named = room->is_named || is_keepers;
    }
}

static enum enrum_err case_read(struct enrum *enrum, const struct id *staff_room,
                                struct case_list *out)
{
    *out = (struct case_list){.enrum = enrum};
    return enrum_walk(enrum, staff_room, 1, case_item, out);
}

enum enrum_err enrum_case_rooms(struct enrum *enrum, const struct id *staff_room,
                                void (*each)(void *context, const struct enrum_case_room *room),
                                void *context)
{
    struct case_list list;
    enum enrum_err err = case_read(enrum, staff_room, &list);
    for (size_t i = 0; err == ENRUM_OK && i < list.count; i++) {
        each(context, &list.rooms[i]);
    }
    return err;
}

enum enrum_err enrum_case_add(struct enrum *enrum, const struct id *staff_room,
                              const struct id *party_id, uint64_t *outbox)
{
    struct roomcopy *party = NULL, *room = NULL;
    struct case_list list;
    enum enrum_err err = conversation_find(enrum, party_id, &party);
    if (err == ENRUM_OK) {
        err = roomcopy_find_writable(enrum, staff_room, &room);
    }
    if (err == ENRUM_OK && room->local.type != ROOM_TYPE_STAFF) {
        err = ENRUM_MAY_NOT;
    }
    if (err == ENRUM_OK) {
        err = case_read(enrum, staff_room, &list);
    }
    if (err == ENRUM_OK && list.count == CASE_ROOMS_MAX) {
        err = ENRUM_OVERSIZED;
    }
    if (err != ENRUM_OK) {
        return err;
    }
    struct wire_body_case_room naming = naming_of(party);
    return enrum_send(enrum, staff_room, KIND_CASE_ROOM, &naming, NULL, outbox);
}

/* The keeper grants it to who is in another conversation of the case: so the last one stays. */
static enum enrum_err out_judge(struct enrum *enrum, const struct case_list *list,
                                const struct id *party)
{
    bool is_listed = false, stays = false;
    for (size_t i = 0; i < list->count; i++) {
        const struct roomcopy *other = NULL;
        if (id_equal(&list->rooms[i].room, party)) {
            is_listed = true;
        } else {
            other = roomcopy_find(enrum, &list->rooms[i].room);
        }
        stays = stays || (other != NULL && !other->is_denied);
    }
    return !is_listed ? ENRUM_ROOM_UNKNOWN : stays ? ENRUM_OK : ENRUM_MAY_NOT;
}

enum enrum_err enrum_case_take_out(struct enrum *enrum, const struct id *staff_room,
                                   const struct id *party, const char *why, uint64_t *outbox)
{
    struct roomcopy *room = NULL;
    struct case_list list;
    enum enrum_err err = roomcopy_find_writable(enrum, staff_room, &room);
    if (err == ENRUM_OK) {
        err = case_read(enrum, staff_room, &list);
    }
    if (err == ENRUM_OK) {
        err = out_judge(enrum, &list, party);
    }
    if (err != ENRUM_OK) {
        return err;
    }
    struct wire_body_case_room_out body = {
        .room = *party, .by = enrum->me.body.person, .text = slice_of_text(why)};
    return enrum_send(enrum, staff_room, KIND_CASE_ROOM_OUT, &body, NULL, outbox);
}
