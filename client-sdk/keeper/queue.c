/* queue -- see queue.h. */
#include "queue.h"

#include "base/slog.h"

#include <string.h>

/* -- Profiles -- */

/* Without the personal number: everybody in the room opens this, and a number leads to an address.
 */
static bool profile_write(struct keeper *keeper, const struct registry_person *known,
                          const struct id *cause, struct writing *writing)
{
    if (known == NULL || known->name[0] == '\0') {
        return false;
    }
    const struct registry_unit *unit = registry_unit(&keeper->registry, &known->unit);
    bool is_staff = known->is_employee;
    struct wire_body_profile body = {
        .person = known->person,
        .role = is_staff ? ROLE_STAFF : ROLE_CITIZEN,
        .name = slice_of_text(known->name),
        .title = slice_of_text(is_staff ? known->title : ""),
        .unit = slice_of_text(is_staff && unit != NULL ? unit->name : ""),
        .number = slice_of_text(""),
        .level = known->level,
    };
    writing_record(writing, KIND_PROFILE, &body, cause);
    return true;
}

bool queue_profile_again(struct keeper *keeper, const struct id *person, const struct id *cause,
                         struct writing *writing)
{
    struct id again = deed_cause("profile-again", cause, person, 0);
    return profile_write(keeper, registry_person(&keeper->registry, person), &again, writing);
}

bool queue_profile(struct keeper *keeper, const struct logbook *book, const struct id *person,
                   struct writing *writing)
{
    const struct registry_person *known = registry_person(&keeper->registry, person);
    struct id cause = deed_cause("profile", &book->room, person, 0);
    return known != NULL && !logbook_has_cause(book, &cause) &&
           profile_write(keeper, known, &cause, writing);
}

/* -- Queued and taken -- */

/* That of the employee who began it, or whom a citizen turned to. */
static struct logbook *unit_book(const struct keeper *keeper, const struct logbook *party)
{
    const struct registry_person *employee = party->opener_role == ROLE_STAFF
                                                 ? registry_person(&keeper->registry,
                                                                   &party->opener)
                                                 : NULL;
    const struct registry_unit *unit = registry_unit(
        &keeper->registry, employee != NULL ? &employee->unit : &party->unit);
    if (unit == NULL) {
        unit = registry_unit_named(&keeper->registry, NULL);
    }
    return unit != NULL ? keeper_book(keeper, &unit->room) : NULL;
}

bool queue_note(struct keeper *keeper, struct logbook *party)
{
    struct logbook *unit = unit_book(keeper, party);
    if (unit == NULL || !unit->is_current || !party->has_room_record) {
        return false;
    }
    if (unit->busy > 0 || unit->seq < unit->wait_seq) {
        party->has_duties = true; /* when the unit's room is quiet */
        party->retry_at = keeper_mono(keeper) + 50;
        return false;
    }
    /* Whoever leaves a room begins a generation: its number tells one waiting from the next. */
    struct id cause = deed_cause("queued", &party->room, NULL, party->generation);
    const struct logbook_queued *queued = logbook_queued(unit, &party->room);
    const struct logbook_member *taker = logbook_handler(party);
    bool waits = queued == NULL || (queued->is_taken && taker == NULL);
    if (waits && !logbook_has_cause(unit, &cause)) {
        struct wire_body_queued body = {.room = party->room,
                                        .received_at = party->opened_at,
                                        .title = slice_of_text(party->title)};
        /* Taken is noted when this stands there. */
        party->has_duties = true;
        uint64_t kind = logbook_is_advice(party) ? KIND_QUEUED_ADVICE : KIND_QUEUED;
        return deed_record(keeper, &unit->room, kind, &body, &cause);
    }
    if (queued == NULL || taker == NULL ||
        (queued->is_taken && id_equal(&queued->taker, &taker->person))) {
        return false;
    }
    cause = deed_cause("taken", &party->room, &taker->person, party->generation);
    if (logbook_has_cause(unit, &cause)) {
        return false;
    }
    struct wire_body_taken body = {.room = party->room, .person = taker->person};
    return deed_record(keeper, &unit->room, KIND_TAKEN, &body, &cause);
}

/* -- Taking -- */

static void on_taken(struct keeper *keeper, struct deed *deed, enum enrum_err err, uint64_t seq)
{
    if (err != ENRUM_OK) {
        letter_refuse(keeper, deed->letter, err);
    } else if (seq == 0) {
        /* The cause was there: somebody was quicker, or this very letter. */
        deed->letter->is_under_way = false;
    } else {
        letter_answer_done(keeper, deed->letter, seq);
    }
}

static enum enrum_err take_judge(const struct keeper *keeper, const struct logbook *party,
                                 const struct registry_person *employee)
{
    if (party == NULL || !logbook_is_party(party)) {
        return ENRUM_ROOM_UNKNOWN;
    }
    const struct logbook *unit = unit_book(keeper, party);
    /* Colleagues of another unit are not told that the conversation exists. */
    if (unit == NULL || employee == NULL || !id_equal(&employee->unit, &unit->room)) {
        return ENRUM_ROOM_UNKNOWN;
    }
    struct id cause = deed_cause("take", &party->room, NULL, party->generation);
    const struct logbook_queued *queued = logbook_queued(unit, &party->room);
    if (queued == NULL || queued->is_taken || logbook_has_cause(party, &cause)) {
        return ENRUM_NOT_QUEUED;
    }
    return ENRUM_OK;
}

static enum enrum_err take_append(struct keeper *keeper, const struct logbook *party,
                                  struct letter *letter)
{
    const struct id *person = &letter->author.body.person;
    struct wire_open_member open = {.operation = MEMBER_ADD,
                                    .subject_type = SUBJECT_PERSON,
                                    .subject = *person,
                                    .role = ROLE_STAFF};
    struct id cause = deed_cause("take", &party->room, NULL, party->generation);
    struct deed deed = {.room = party->room, .done = on_taken, .letter = letter};
    struct writing *writing = writing_new();
    enum enrum_err err = ENRUM_MEMORY;
    if (writing != NULL) {
        writing_member(writing, &open, GROUND_REQUEST, slice_of_text(""), &cause);
        (void)queue_profile(keeper, party, person, writing);
        err = deed_append(keeper, &deed, writing, NULL);
    }
    writing_free(writing);
    return err;
}

void queue_take(struct keeper *keeper, struct letter *letter)
{
    struct wire_letter_room body;
    const struct id *person = &letter->author.body.person;
    if (layout_decode(&layout_letter_room, buffer_slice(&letter->body), &body) != ENRUM_OK) {
        letter_refuse(keeper, letter, ENRUM_MALFORMED);
        return;
    }
    const struct logbook *party = keeper_book(keeper, &body.room);
    const struct logbook_member *member = party != NULL ? logbook_member(party, person) : NULL;
    if (member != NULL && member->role == ROLE_STAFF) {
        letter_answer_done(keeper, letter, party->seq); /* theirs already */
        return;
    }
    if (party != NULL && (party->busy > 0 || party->seq < party->wait_seq)) {
        letter->is_under_way = false; /* another may be taking it just now */
        letter->retry_at = keeper_mono(keeper) + 50;
        return;
    }
    enum enrum_err err = take_judge(keeper, party, registry_person(&keeper->registry, person));
    if (err == ENRUM_OK) {
        err = take_append(keeper, party, letter);
    }
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
}
