/* caseroom -- see caseroom.h.
 * One comes or goes at a time; the room is looked at again when that stands. */
#include "caseroom.h"

#include "granting.h"

/* NULL: the keeper has no such conversation. */
static struct logbook *conversation(const struct keeper *keeper, const struct logbook *room,
                                    size_t at)
{
    struct logbook *party = keeper_book(keeper, &room->case_rooms[at]);
    return party != NULL && logbook_is_party(party) ? party : NULL;
}

static bool is_employee(const struct logbook *book, const struct id *person)
{
    const struct logbook_member *member = logbook_member(book, person);
    return member != NULL && member->role == ROLE_STAFF && !member->is_unwanted;
}

/* Are they in any of the case's conversations? */
static bool belongs(const struct keeper *keeper, const struct logbook *room,
                    const struct id *person)
{
    for (size_t i = 0; i < room->case_room_count; i++) {
        const struct logbook *party = conversation(keeper, room, i);
        if (party != NULL && is_employee(party, person)) {
            return true;
        }
    }
    return false;
}

/* False while a conversation is not read to its end: it may say otherwise. */
static bool is_known(const struct keeper *keeper, const struct logbook *room)
{
    bool is_known = true;
    for (size_t i = 0; i < room->case_room_count; i++) {
        struct logbook *party = keeper_book(keeper, &room->case_rooms[i]);
        if (party != NULL) {
            is_known = logbook_case_note(party, &room->room) && party->is_current && is_known;
        }
    }
    return is_known;
}

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
    if (!is_known(keeper, room)) {
        return false;
    }
    for (size_t i = 0; i < room->member_count; i++) {
        const struct logbook_member *member = &room->members[i];
        if (member->role == ROLE_STAFF && !belongs(keeper, room, &member->person)) {
            return go(keeper, room, &member->person);
        }
    }
    for (size_t i = 0; i < room->case_room_count; i++) {
        const struct logbook *party = conversation(keeper, room, i);
        for (size_t at = 0; party != NULL && at < party->member_count; at++) {
            const struct id *person = &party->members[at].person;
            if (is_employee(party, person) && logbook_member(room, person) == NULL &&
                registry_is_staff(&keeper->registry, person) && come(keeper, room, person)) {
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
