/* admitting -- see admitting.h. */
#include "admitting.h"

#include "queue.h"

/* Whoever reads from a later generation on has read neither what the room is nor who is in it. */
static void newcomer_tell(struct keeper *keeper, const struct logbook *book, const struct id *cause,
                          struct writing *writing)
{
    struct wire_body_room room = {.type = book->type, .title = slice_of_text(book->title)};
    struct id room_cause = deed_cause("room-again", cause, NULL, 0);
    writing_record(writing, KIND_ROOM, &room, &room_cause);
    for (size_t i = 0; i < book->member_count; i++) {
        if (book->members[i].role != ROLE_KEEPER && writing->count + 4 < ENTRIES_PER_APPEND_MAX) {
            (void)queue_profile_again(keeper, &book->members[i].person, cause, writing);
        }
    }
}

void admitting_write(struct keeper *keeper, const struct logbook *book,
                     const struct admitting *admitting, const struct id *cause,
                     struct writing *writing)
{
    struct wire_body_access body = {.operation = ACCESS_GIVEN,
                                    .person = admitting->person,
                                    .capacity = admitting->capacity,
                                    .name = admitting->name,
                                    .has_code = admitting->has_code,
                                    .by = admitting->by,
                                    .first = admitting->first,
                                    .until = admitting->until,
                                    .text = admitting->text};
    struct wire_open_member open = {.operation = MEMBER_ADD,
                                    .subject_type = SUBJECT_PERSON,
                                    .subject = admitting->person,
                                    .role = admitting->role};
    struct id access_cause = deed_cause("access", cause, &admitting->person, 1);
    struct id member_cause = deed_cause("admit", cause, &admitting->person, 0);
    if (admitting->first > 1) {
        newcomer_tell(keeper, book, cause, writing);
    }
    writing_record(writing, KIND_ACCESS, &body, &access_cause);
    writing_member(writing, &open, admitting->ground, admitting->text, &member_cause);
    (void)queue_profile(keeper, book, &admitting->person, writing);
}

bool admitting_is_done(const struct logbook *book, const struct id *person, const struct id *cause)
{
    struct id member_cause = deed_cause("admit", cause, person, 0);
    return logbook_has_cause(book, &member_cause);
}

void leaving_write(const struct logbook *book, const struct leaving *leaving,
                   const struct id *cause, struct writing *writing)
{
    const struct logbook_access *access = logbook_access(book, &leaving->person);
    const struct logbook_member *handler = logbook_handler(book);
    bool has_it = handler != NULL && id_equal(&handler->person, &leaving->person);
    struct wire_body_access body = {
        .operation = ACCESS_ENDED,
        .person = leaving->person,
        .capacity = access != NULL ? access->capacity
                    : has_it       ? CAPACITY_HANDLER
                                   : CAPACITY_COLLEAGUE,
        .name = slice_of_text(access != NULL ? access->name : ""),
        .has_code = access != NULL && access->has_code,
        .by = leaving->by,
        .text = leaving->text,
    };
    struct wire_open_member open = {
        .operation = MEMBER_REMOVE, .subject_type = SUBJECT_PERSON, .subject = leaving->person};
    struct id access_cause = deed_cause("access", cause, &leaving->person, 2);
    struct id member_cause = deed_cause("leave", cause, &leaving->person, 0);
    /* A unit's room has members, and nobody is let into it. */
    if (book->type != ROOM_TYPE_UNIT) {
        writing_record(writing, KIND_ACCESS, &body, &access_cause);
    }
    writing_member(writing, &open, leaving->ground, leaving->text, &member_cause);
}
