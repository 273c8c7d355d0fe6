/* people -- see people.h. */
#include "people.h"

#include "ledger.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { NAMINGS_MAX = 256, STAFF_ROOMS_MAX = 3, TYPE_PARTY = 1 << ROOM_TYPE_PARTY };

/* A CASE_ROOM entry. */
struct naming {
    struct id room, party, author;
    uint64_t seq;
    bool is_keepers;
};

static struct naming namings[NAMINGS_MAX];
static size_t naming_count;

void people_begin(void)
{
    naming_count = 0;
}

/* -- Looking -- */

struct rooms {
    unsigned types;
    size_t count;
    struct id rooms[VIEWS_MAX];
};

static void each_room(void *context, const struct enrum_room *room)
{
    struct rooms *rooms = context;
    if (table_bit(rooms->types, room->type) && room->has_key && rooms->count < VIEWS_MAX) {
        rooms->rooms[rooms->count++] = room->room;
    }
}

bool people_room(struct actor *actor, unsigned types, struct id *out)
{
    struct rooms rooms = {.types = types};
    enrum_rooms(actor->enrum, each_room, &rooms);
    if (rooms.count > 0) {
        *out = rooms.rooms[chance_below(&world.play, rooms.count)];
    }
    return rooms.count > 0;
}

/* Anybody, in this role; NULL: the chosen one is in another. */
static const struct actor *somebody(uint64_t role)
{
    const struct actor *actor = &actors[chance_below(&world.play, actor_count)];
    return actor->role == role ? actor : NULL;
}

/* -- Coming and going -- */

static void ask(struct actor *actor, uint64_t kind, const void *body, bool is_durable)
{
    uint64_t request;
    enum enrum_err err = enrum_ask(actor->enrum, kind, body, is_durable, &request);
    trace("asks", actor->index, kind << 32 | (uint64_t)err);
}

/* By personal number, from now on or with what was written before. */
static void invite(struct actor *actor, const struct id *room)
{
    const struct actor *citizen = somebody(ROLE_CITIZEN);
    if (citizen == NULL) {
        return;
    }
    bool is_party = chance_is(&world.play, 600);
    struct wire_letter_invite body = {.room = *room,
                                      .capacity = is_party ? CAPACITY_PARTY : CAPACITY_GUARDIAN,
                                      .person = slice_of_text(""),
                                      .number = slice_of_text(citizen->identity),
                                      .name = slice_of_text("Test Testsson"),
                                      .history = chance_is(&world.play, 400),
                                      .text = slice_of_text("Test")};
    ask(actor, LETTER_INVITE, &body, false);
}

static void person_ask(struct actor *actor, uint64_t kind, const struct id *room)
{
    const struct actor *colleague = somebody(ROLE_STAFF);
    bool has_colleague = colleague != NULL && !id_is_zero(&colleague->person);
    struct wire_letter_person body = {.room = *room,
                                      .person = has_colleague ? id_slice(&colleague->person)
                                                              : slice_of_text(""),
                                      .text = slice_of_text("Test")};
    if (kind != LETTER_ADD || has_colleague) {
        ask(actor, kind, &body, chance_is(&world.play, 500));
    }
}

static void end_access(struct actor *actor, const struct id *room)
{
    const struct actor *citizen = somebody(ROLE_CITIZEN);
    if (citizen == NULL || id_is_zero(&citizen->person)) {
        return;
    }
    struct wire_letter_remove body = {.room = *room,
                                      .subject_type = SUBJECT_PERSON,
                                      .subject = citizen->person,
                                      .ground = GROUND_LEFT};
    ask(actor, LETTER_REMOVE, &body, chance_is(&world.play, 500));
}

/* -- The case's room -- */

static size_t staff_rooms_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < naming_count; i++) {
        size_t before = 0;
        while (!id_equal(&namings[before].room, &namings[i].room)) {
            before++;
        }
        count += before == i;
    }
    return count;
}

static void staff_room(struct actor *actor, const struct id *party)
{
    struct id room;
    if (staff_rooms_count() < STAFF_ROOMS_MAX &&
        enrum_staff_room_new(actor->enrum, party, &room) == ENRUM_OK) {
        (void)enrum_follow(actor->enrum, &room);
        trace("staff room", actor->index, 0);
    }
}

static void case_add(struct actor *actor, const struct id *party)
{
    struct id room;
    uint64_t outbox;
    if (people_room(actor, 1U << ROOM_TYPE_STAFF, &room)) {
        enum enrum_err err = enrum_case_add(actor->enrum, &room, party, &outbox);
        trace("case add", actor->index, (uint64_t)err);
    }
}

static void deed(struct actor *actor)
{
    struct id room;
    uint64_t what = chance_below(&world.play, 100);
    if (!people_room(actor, TYPE_PARTY, &room)) {
        return;
    }
    if (what < 30) {
        invite(actor, &room);
    } else if (what < 45) {
        person_ask(actor, LETTER_ADD, &room);
    } else if (what < 60) {
        person_ask(actor, LETTER_HAND_OVER, &room);
    } else if (what < 70) {
        end_access(actor, &room);
    } else if (what < 85) {
        staff_room(actor, &room);
    } else {
        case_add(actor, &room);
    }
}

void people_act(struct actor *actor)
{
    for (uint64_t i = chance_between(&world.play, 1, 4); i > 0; i--) {
        deed(actor);
    }
}

/* -- What must hold -- */

void people_case_room(const struct enrum_item *item)
{
    struct wire_body_case_room body;
    if (layout_decode(&layout_body_case_room, item->content.body, &body) != ENRUM_OK) {
        world_fail("staff room", "number %" PRIu64 " names nothing", item->seq);
        return;
    }
    for (size_t i = 0; i < naming_count; i++) {
        if (id_equal(&namings[i].room, &item->room) && namings[i].seq == item->seq) {
            return; /* read in an earlier life */
        }
    }
    assert(naming_count < NAMINGS_MAX);
    world.named += item->author.body.role == ROLE_KEEPER;
    namings[naming_count++] = (struct naming){.room = item->room,
                                              .party = body.room,
                                              .author = item->author.body.person,
                                              .seq = item->seq,
                                              .is_keepers = item->author.body.role == ROLE_KEEPER};
}

static bool is_named(const struct id *room, const struct id *party)
{
    for (size_t i = 0; i < naming_count; i++) {
        if (namings[i].is_keepers && id_equal(&namings[i].room, room) &&
            id_equal(&namings[i].party, party)) {
            return true;
        }
    }
    return false;
}

static bool is_employee(const struct id *room, const struct id *person)
{
    const struct ledger_room *book = ledger_room(room);
    for (size_t i = 0; book != NULL && i < book->member_count; i++) {
        if (book->members[i].role == ROLE_STAFF && id_equal(&book->members[i].person, person)) {
            return true;
        }
    }
    return false;
}

static bool has_citizen(const struct id *room)
{
    const struct ledger_room *book = ledger_room(room);
    for (size_t i = 0; book != NULL && i < book->member_count; i++) {
        if (book->members[i].role == ROLE_CITIZEN) {
            return true;
        }
    }
    return false;
}

/* Are they in any of the room's conversations? */
static bool belongs(const struct id *room, const struct id *person)
{
    for (size_t i = 0; i < naming_count; i++) {
        if (namings[i].is_keepers && id_equal(&namings[i].room, room) &&
            is_employee(&namings[i].party, person)) {
            return true;
        }
    }
    return false;
}

static void naming_judge(const struct naming *naming)
{
    for (size_t i = 0; i < actor_count; i++) {
        const struct actor *actor = &actors[i];
        bool is_in = is_employee(&naming->room, &actor->person);
        if (naming->is_keepers && actor->role == ROLE_STAFF &&
            is_in != belongs(&naming->room, &actor->person)) {
            world_fail("staff room", "actor %zu is %sin it and %sin its conversations", i,
                       is_in ? "" : "not ", is_in ? "not " : "");
        }
    }
    if (!naming->is_keepers && is_employee(&naming->room, &naming->author) &&
        is_employee(&naming->party, &naming->author) && has_citizen(&naming->party) &&
        !is_named(&naming->room, &naming->party)) {
        world_fail("staff room", "what number %" PRIu64 " asks for is not done", naming->seq);
    }
}

void people_judge(void)
{
    for (size_t i = 0; i < naming_count; i++) {
        naming_judge(&namings[i]);
    }
    for (size_t i = 0; i < actor_count; i++) {
        for (size_t at = 0; at < actors[i].view_count; at++) {
            const struct view *view = &actors[i].views[at];
            if (view->first_least > view->opened_least) {
                world_fail("from now on",
                           "actor %zu reads from generation %" PRIu64 " and has opened %" PRIu64, i,
                           view->first_least, view->opened_least);
            }
        }
    }
}
