/* caseroom -- see caseroom.h.
 * One comes or goes at a time; the room is looked at again when that stands. */
#include "caseroom.h"

#include "caselog.h"
#include "granting.h"

enum { UNKNOWN_RETRY_MS = 5000 };

/* NULL: the keeper has no such conversation, or believes nothing of it any more. */
static struct logbook *conversation(const struct keeper *keeper, const struct id *room)
{
    struct logbook *party = keeper_book(keeper, room);
    return party != NULL && logbook_is_party(party) && !party->is_untrusted ? party : NULL;
}

static bool is_employee(const struct logbook *book, const struct id *person)
{
    const struct logbook_member *member = logbook_member(book, person);
    return member != NULL && member->role == ROLE_STAFF && !member->is_unwanted;
}

/* The conversation at this place of the case's. NULL: not of the case any more, or as above. */
static struct logbook *case_conversation(const struct keeper *keeper, const struct logbook *room,
                                         size_t place)
{
    const struct logbook_case_room *named = &room->case_rooms[place];
    return named->is_out ? NULL : conversation(keeper, &named->room);
}

/* Are they in any of the case's conversations, other than this one? NULL: in any of all. */
static bool belongs(const struct keeper *keeper, const struct logbook *room,
                    const struct id *person, const struct id *other)
{
    for (size_t i = 0; i < room->case_room_count; i++) {
        const struct logbook *party = case_conversation(keeper, room, i);
        if (party != NULL && is_employee(party, person) &&
            (other == NULL || !id_equal(&party->room, other))) {
            return true;
        }
    }
    return false;
}

/* False while a conversation is not read to its end: it may say otherwise. */
static bool is_known(const struct keeper *keeper, const struct logbook *room)
{
    bool is_known = caselog_size(room) > 0;
    for (size_t i = 0; i < room->case_room_count; i++) {
        const struct logbook_case_room *named = &room->case_rooms[i];
        struct logbook *party = keeper_book(keeper, &named->room);
        is_known = is_known &&
                   (named->is_out || (party != NULL && logbook_case_note(party, &room->room) &&
                                      (party->is_current || party->is_untrusted)));
    }
    return is_known;
}

/* -- Which conversations are the case's -- */

/* NULL: nobody whom it is about is in it. */
static const struct logbook_member *citizen_of(const struct logbook *party)
{
    for (size_t i = 0; i < party->member_count; i++) {
        if (party->members[i].role == ROLE_CITIZEN) {
            return &party->members[i];
        }
    }
    return NULL;
}

static bool name(struct keeper *keeper, const struct logbook *room,
                 const struct logbook_case_request *request, const struct id *person)
{
    struct wire_body_case_room body = {.room = request->room, .person = *person};
    struct deed deed = {.room = room->room};
    struct id cause = deed_cause("case-room", &room->room, &request->room, request->seq);
    return !logbook_has_cause(room, &cause) &&
           deed_record(keeper, &deed, KIND_CASE_ROOM, &body, &cause) == ENRUM_OK;
}

static bool take_out(struct keeper *keeper, const struct logbook *room,
                     const struct logbook_case_request *request)
{
    struct wire_body_case_room_out body = {
        .room = request->room, .by = request->author, .text = slice_of_text(request->why)};
    struct deed deed = {.room = room->room};
    struct id cause = deed_cause("case-room-out", &room->room, &request->room, request->seq);
    return !logbook_has_cause(room, &cause) &&
           deed_record(keeper, &deed, KIND_CASE_ROOM_OUT, &body, &cause) == ENRUM_OK;
}

static void wait_for(struct keeper *keeper, struct logbook *room)
{
    room->has_duties = true; /* it may be on its way */
    room->retry_at = keeper_mono(keeper) + UNKNOWN_RETRY_MS;
}

/* An employee may name the conversations that they are in themself, and that somebody whom they are
 * about is in: else one could read the notes of others, or stay by a conversation with nobody. One
 * with somebody whom nobody knows is no case's. */
static bool naming_grant(struct keeper *keeper, struct logbook *room,
                         const struct logbook_case_request *request)
{
    struct logbook *party = conversation(keeper, &request->room);
    if (caselog_size(room) == CASE_ROOMS_MAX) {
        return false;
    }
    if (party == NULL) {
        wait_for(keeper, room);
        return false;
    }
    const struct logbook_member *citizen = citizen_of(party);
    return logbook_case_note(party, &room->room) && party->is_current && citizen != NULL &&
           !logbook_is_advice(party) && is_employee(party, &request->author) &&
           name(keeper, room, request, &citizen->person);
}

/* An employee may take out any but that by which alone they are in the case: so whoever is left
 * has agreed, and a case keeps a conversation, without which nobody but the board would read its
 * notes. What may not be is answered, too: it would be done when another conversation comes. */
static bool taking_out_judge(struct keeper *keeper, struct logbook *room,
                             const struct logbook_case_request *request)
{
    const struct logbook *party = keeper_book(keeper, &request->room);
    if (!is_known(keeper, room)) {
        wait_for(keeper, room);
        return false;
    }
    if (is_employee(room, &request->author) &&
        belongs(keeper, room, &request->author, &request->room)) {
        return take_out(keeper, room, request);
    }
    const struct logbook_member *citizen = citizen_of(party);
    return name(keeper, room, request, citizen != NULL ? &citizen->person : &keeper->board);
}

static bool requests_grant(struct keeper *keeper, struct logbook *room)
{
    for (size_t i = 0; i < room->case_request_count; i++) {
        const struct logbook_case_request *request = &room->case_requests[i];
        if (request->is_out ? taking_out_judge(keeper, room, request)
                            : naming_grant(keeper, room, request)) {
            return true;
        }
    }
    return false;
}

/* -- Who is in it -- */

static bool come(struct keeper *keeper, const struct logbook *room, const struct id *person)
{
    struct admitting admitting = {.person = *person,
                                  .by = keeper->board,
                                  .role = ROLE_STAFF,
                                  .capacity = CAPACITY_COLLEAGUE,
                                  .ground = GROUND_REQUEST,
                                  .first = 1,
                                  .name = slice_of_text(""),
                                  .text = slice_of_text("")};
    /* Whoever goes begins a generation: its number tells one coming from the next. */
    struct id cause = deed_cause("case-come", &room->room, person, room->generation);
    struct deed deed = {.room = room->room};
    struct writing *writing = writing_new();
    bool is_made = false;
    if (writing != NULL && !admitting_is_done(room, person, &cause)) {
        admitting_write(keeper, room, &admitting, &cause, writing);
        is_made = deed_append(keeper, &deed, writing, NULL) == ENRUM_OK;
    }
    writing_free(writing);
    return is_made;
}

static bool go(struct keeper *keeper, const struct logbook *room, const struct id *person)
{
    struct granting_change change = {.subject_type = SUBJECT_PERSON,
                                     .ground = GROUND_LEFT,
                                     .subject = *person,
                                     .by = keeper->board,
                                     .text = slice_of_text("")};
    struct id cause = deed_cause("case-go", &room->room, person, room->generation + 1);
    struct deed deed = {.room = room->room};
    return granting_generation(keeper, room, &change, &cause, &deed) == ENRUM_OK;
}

bool caseroom_follow(struct keeper *keeper, struct logbook *room)
{
    if (requests_grant(keeper, room)) {
        return true;
    }
    if (!is_known(keeper, room)) {
        return false;
    }
    for (size_t i = 0; i < room->member_count; i++) {
        const struct logbook_member *member = &room->members[i];
        if (member->role == ROLE_STAFF && !belongs(keeper, room, &member->person, NULL)) {
            return go(keeper, room, &member->person);
        }
    }
    for (size_t i = 0; i < room->case_room_count; i++) {
        const struct logbook *party = case_conversation(keeper, room, i);
        for (size_t at = 0; party != NULL && at < party->member_count; at++) {
            const struct id *person = &party->members[at].person;
            if (is_employee(party, person) && logbook_member(room, person) == NULL &&
                room->member_count < MEMBERS_MAX && registry_is_staff(&keeper->registry, person) &&
                come(keeper, room, person)) {
                return true;
            }
        }
    }
    return false;
}

void caseroom_touch(struct keeper *keeper, const struct logbook *party)
{
    for (size_t i = 0; i < party->case_count; i++) {
        struct logbook *room = keeper_book(keeper, &party->cases[i]);
        if (room != NULL) {
            room->has_duties = true;
        }
    }
}
