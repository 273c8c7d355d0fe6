/* units -- see units.h. */
#include "units.h"

#include "granting.h"
#include "handing.h"
#include "queue.h"

/* -- Which there are -- */

void units_tell(struct keeper *keeper, struct letter *letter)
{
    struct wire_letter_units_ask body;
    struct buffer units;
    if (layout_decode(&layout_letter_units_ask, buffer_slice(&letter->body), &body) != ENRUM_OK) {
        letter_refuse(keeper, letter, ENRUM_MALFORMED);
        return;
    }
    buffer_init(&units, LETTER_BYTES_MAX - 4096);
    for (size_t i = 0; i < keeper->settings->unit_count; i++) {
        const struct registry_unit *unit = registry_unit_named(&keeper->registry,
                                                               keeper->settings->units[i]);
        if (unit != NULL) {
            struct wire_body_unit row = {.room = unit->room, .name = slice_of_text(unit->name)};
            (void)layout_encode(&layout_body_unit, &row, &units);
        }
    }
    struct wire_letter_units answer = {.units = buffer_slice(&units)};
    if (units.failed) {
        letter_refuse(keeper, letter, ENRUM_MEMORY);
    } else {
        letter_answer(keeper, letter, LETTER_UNITS, &answer);
    }
    buffer_fini(&units);
}

/* -- A conversation that goes to another one -- */

/* NULL: there is none, or it takes no conversations any more. */
static const struct registry_unit *unit_open(const struct keeper *keeper, const struct id *room)
{
    const struct registry_unit *unit = registry_unit(&keeper->registry, room);
    for (size_t i = 0; unit != NULL && i < keeper->settings->unit_count; i++) {
        if (registry_unit_named(&keeper->registry, keeper->settings->units[i]) == unit) {
            return unit;
        }
    }
    return NULL;
}

static enum enrum_err move_judge(const struct keeper *keeper, const struct logbook *party,
                                 const struct id *asker, const struct registry_unit *unit)
{
    enum enrum_err err = handing_judge(party, asker);
    if (err != ENRUM_OK) {
        return err;
    }
    if (unit == NULL) {
        return ENRUM_UNIT_UNKNOWN;
    }
    /* To its own unit's queue it is given back. */
    return queue_unit(keeper, party) == unit ? ENRUM_MAY_NOT : ENRUM_OK;
}

/* Have they handed it over to the unit whose it is? */
static bool is_moved_by(const struct logbook *party, const struct id *person)
{
    return party->moved_seq > 0 && id_equal(&party->moved_by, person);
}

void units_move(struct keeper *keeper, struct letter *letter)
{
    struct wire_letter_move body;
    const struct id *asker = &letter->author.body.person;
    if (layout_decode(&layout_letter_move, buffer_slice(&letter->body), &body) != ENRUM_OK) {
        letter_refuse(keeper, letter, ENRUM_MALFORMED);
        return;
    }
    const struct logbook *party = keeper_book(keeper, &body.room);
    const struct registry_unit *unit = unit_open(keeper, &body.unit);
    struct id cause = deed_cause("move", &body.room, &letter->to.id, 0);
    if (party != NULL && logbook_has_cause(party, &cause)) {
        letter_answer_done(keeper, letter, party->seq); /* this very letter, sent again */
        return;
    }
    enum enrum_err err = move_judge(keeper, party, asker, unit);
    if (err == ENRUM_MAY_NOT && is_moved_by(party, asker)) {
        /* Who is of that unit is in it still, and has not heard the answer to another letter. */
        letter_answer_so_already(keeper, letter, party->seq);
        return;
    }
    if (err == ENRUM_OK && body.text.len == 0) {
        err = ENRUM_MALFORMED; /* the journal says why */
    }
    if (err == ENRUM_OK && granting_waits(keeper, party, letter)) {
        return;
    }
    if (err == ENRUM_OK) {
        struct granting_change change = {
            .ground = GROUND_HANDED_OVER, .by = *asker, .text = body.text, .unit = unit};
        struct deed deed = {.room = party->room, .done = granting_answer, .letter = letter};
        err = granting_generation(keeper, party, &change, &cause, &deed);
    }
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
}
