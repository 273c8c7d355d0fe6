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
    if (known == NULL || registry_person_shown(known)[0] == '\0') {
        return false;
    }
    const struct registry_unit *unit = registry_unit(&keeper->registry, &known->unit);
    bool is_staff = known->is_employee;
    struct wire_body_profile body = {
        .person = known->person,
        .role = is_staff ? ROLE_STAFF : ROLE_CITIZEN,
        .name = slice_of_text(registry_person_shown(known)),
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

/* An employee of another unit is introduced anew, and one with another name. */
static struct id profile_cause(const struct logbook *book, const struct registry_person *known)
{
    return deed_cause("profile", &book->room, &known->person, registry_faces(known));
}

bool queue_has_profile(const struct logbook *book, const struct registry_person *known)
{
    struct id cause = profile_cause(book, known);
    return logbook_has_cause(book, &cause);
}

bool queue_profile(struct keeper *keeper, const struct logbook *book, const struct id *person,
                   struct writing *writing)
{
    const struct registry_person *known = registry_person(&keeper->registry, person);
    if (known == NULL) {
        return false;
    }
    struct id cause = profile_cause(book, known);
    return !logbook_has_cause(book, &cause) && profile_write(keeper, known, &cause, writing);
}

/* -- Queued and taken -- */

const struct registry_unit *queue_unit(const struct keeper *keeper, const struct logbook *party)
{
    const struct id *room = &party->unit;
    if (party->opener_role == ROLE_STAFF && party->moved_seq == 0) {
        const struct registry_person *employee = registry_person(&keeper->registry, &party->opener);
        const struct id *then = employee != NULL ? registry_unit_at(employee, party->opened_at)
                                                 : NULL;
        room = then != NULL ? then : room;
    }
    const struct registry_unit *unit = registry_unit(&keeper->registry, room);
    return unit != NULL ? unit : registry_unit_named(&keeper->registry, NULL);
}

static struct logbook *unit_book(const struct keeper *keeper, const struct logbook *party)
{
    const struct registry_unit *unit = queue_unit(keeper, party);
    return unit != NULL ? keeper_book(keeper, &unit->room) : NULL;
}

/* Then the party room is looked at again. */
static bool unit_waits(const struct keeper *keeper, const struct logbook *unit,
                       struct logbook *party)
{
    bool waits = unit->busy > 0 || unit->seq < unit->wait_seq;
    if (waits) {
        party->has_duties = true; /* when the unit's room is quiet */
        party->retry_at = keeper_mono(keeper) + 50;
    }
    return waits;
}

static bool standing_note(struct keeper *keeper, struct logbook *party)
{
    struct logbook *unit = unit_book(keeper, party);
    if (unit == NULL || !unit->is_current || !party->has_room_record ||
        unit_waits(keeper, unit, party)) {
        return false;
    }
    /* Whoever leaves a room begins a generation: its number tells one waiting from the next. */
    struct deed deed = {.room = unit->room};
    struct id cause = deed_cause("queued", &party->room, NULL, party->generation);
    const struct logbook_queued *queued = logbook_queued(unit, &party->room);
    const struct logbook_member *taker = logbook_handler(party);
    bool waits = queued == NULL || queued->has_left || (queued->is_taken && taker == NULL);
    if (waits && !logbook_has_cause(unit, &cause)) {
        struct wire_body_queued body = {.room = party->room,
                                        .received_at = party->opened_at,
                                        .title = slice_of_text(party->title)};
        /* Taken is noted when this stands there. */
        party->has_duties = true;
        uint64_t kind = logbook_is_advice(party) ? KIND_QUEUED_ADVICE : KIND_QUEUED;
        return deed_record(keeper, &deed, kind, &body, &cause) == ENRUM_OK;
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
    return deed_record(keeper, &deed, KIND_TAKEN, &body, &cause) == ENRUM_OK;
}

/* Of a conversation that has been handed over: the queue where it stood knows it no more. */
static bool leaving_note(struct keeper *keeper, struct logbook *party)
{
    const struct registry_unit *now = queue_unit(keeper, party);
    const struct logbook *there = unit_book(keeper, party);
    const struct logbook_queued *here = there != NULL ? logbook_queued(there, &party->room) : NULL;
    if (here == NULL || here->has_left) {
        return false; /* its own queue may be busy just now: it is never in no queue */
    }
    for (size_t i = 0; party->moved_seq > 0 && i < keeper->registry.unit_count; i++) {
        const struct registry_unit *unit = &keeper->registry.units[i];
        const struct logbook *book = unit != now ? keeper_book(keeper, &unit->room) : NULL;
        const struct logbook_queued *queued = book != NULL ? logbook_queued(book, &party->room)
                                                           : NULL;
        struct id cause = deed_cause("queue-left", &party->room, NULL, party->generation);
        if (queued == NULL || queued->has_left || logbook_has_cause(book, &cause) ||
            unit_waits(keeper, book, party)) {
            continue;
        }
        struct wire_body_queue_left body = {.room = party->room, .unit = now->room};
        struct deed deed = {.room = unit->room};
        if (deed_record(keeper, &deed, KIND_QUEUE_LEFT, &body, &cause) == ENRUM_OK) {
            return true;
        }
    }
    return false;
}

bool queue_note(struct keeper *keeper, struct logbook *party)
{
    /* Where it is now first. */
    bool is_made = standing_note(keeper, party) || leaving_note(keeper, party);
    /* What follows is noted when this stands there. */
    party->has_duties = party->has_duties || is_made;
    return is_made;
}

/* -- Taking -- */

static void on_taken(struct keeper *keeper, struct deed *deed, enum enrum_err err, uint64_t seq)
{
    if (err != ENRUM_OK) {
        letter_refuse(keeper, deed->letter, err);
    } else if (seq == 0) {
        /* The cause was there: this very letter. */
        deed->letter->is_under_way = false;
    } else {
        letter_answer_done(keeper, deed->letter, seq);
    }
}

static struct id take_cause(const struct logbook *party, const struct letter *letter)
{
    return deed_cause("take", &party->room, &letter->to.id, 0);
}

bool queue_take_is_old(const struct logbook *party, const struct letter *letter)
{
    struct id cause = take_cause(party, letter);
    return logbook_has_cause(party, &cause) ||
           (letter->is_durable && letter->time + REPLAY_CLOCK_MS < party->generation_at);
}

static enum enrum_err take_judge(const struct keeper *keeper, const struct logbook *party,
                                 const struct letter *letter,
                                 const struct registry_person *employee)
{
    if (party == NULL || !logbook_is_party(party)) {
        return ENRUM_ROOM_UNKNOWN;
    }
    const struct logbook *unit = unit_book(keeper, party);
    /* Employees of another unit are not told that the conversation exists. */
    if (unit == NULL || employee == NULL || !id_equal(&employee->unit, &unit->room)) {
        return ENRUM_ROOM_UNKNOWN;
    }
    const struct logbook_queued *queued = logbook_queued(unit, &party->room);
    if (queued == NULL || queued->is_taken || queued->has_left || logbook_handler(party) != NULL) {
        return ENRUM_NOT_QUEUED;
    }
    return queue_take_is_old(party, letter) ? ENRUM_LETTER_OLD : ENRUM_OK;
}

static enum enrum_err take_append(struct keeper *keeper, const struct logbook *party,
                                  struct letter *letter)
{
    const struct id *person = &letter->author.body.person;
    struct wire_open_member open = {.operation = MEMBER_ADD,
                                    .subject_type = SUBJECT_PERSON,
                                    .subject = *person,
                                    .role = ROLE_STAFF};
    struct id cause = take_cause(party, letter);
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
        struct id cause = take_cause(party, letter);
        if (logbook_has_cause(party, &cause)) {
            letter_answer_done(keeper, letter, party->seq); /* by this very letter */
        } else {
            letter_answer_so_already(keeper, letter, party->seq);
        }
        return;
    }
    if (party != NULL && (party->busy > 0 || party->seq < party->wait_seq)) {
        letter->is_under_way = false; /* another may be taking it just now */
        letter->retry_at = keeper_mono(keeper) + 50;
        return;
    }
    enum enrum_err err = take_judge(keeper, party, letter,
                                    registry_person(&keeper->registry, person));
    if (err == ENRUM_OK) {
        err = take_append(keeper, party, letter);
    }
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
}
