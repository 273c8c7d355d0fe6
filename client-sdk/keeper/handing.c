/* handing -- see handing.h. */
#include "handing.h"

#include "granting.h"
#include "queue.h"

enum enrum_err handing_judge(const struct logbook *party, const struct id *asker)
{
    const struct logbook_member *member = party != NULL ? logbook_member(party, asker) : NULL;
    if (member == NULL || member->role != ROLE_STAFF || !logbook_is_party(party)) {
        return ENRUM_ROOM_UNKNOWN;
    }
    return ENRUM_OK;
}

/* An employee of the conversation's unit, wherever the asker is now, and somebody else. */
static enum enrum_err colleague_judge(const struct keeper *keeper, const struct logbook *party,
                                      const struct id *asker, const struct id *colleague)
{
    const struct registry_unit *unit = queue_unit(keeper, party);
    const struct registry_person *other = registry_person(&keeper->registry, colleague);
    if (unit == NULL || other == NULL || !registry_is_staff(&keeper->registry, colleague) ||
        !id_equal(&unit->room, &other->unit)) {
        return ENRUM_NOT_STAFF;
    }
    return id_equal(asker, colleague) ? ENRUM_MAY_NOT : ENRUM_OK;
}

/* What the letter asks, and of which room. */
struct handing {
    struct wire_letter_person body;
    struct logbook *party;
    struct id asker, colleague, cause;
    bool has_colleague;
};

/* False when the letter has been answered, or waits. */
static bool handing_begin(struct keeper *keeper, struct letter *letter, const char *verb,
                          struct handing *out)
{
    out->asker = letter->author.body.person;
    if (layout_decode(&layout_letter_person, buffer_slice(&letter->body), &out->body) != ENRUM_OK) {
        letter_refuse(keeper, letter, ENRUM_MALFORMED);
        return false;
    }
    out->has_colleague = id_of_opt(out->body.person, &out->colleague);
    out->party = keeper_book(keeper, &out->body.room);
    out->cause = deed_cause(verb, &out->body.room, &letter->to.id, 0);
    if (out->party != NULL && logbook_has_cause(out->party, &out->cause)) {
        letter_answer_done(keeper, letter, out->party->seq); /* this very letter, sent again */
        return false;
    }
    enum enrum_err err = handing_judge(out->party, &out->asker);
    if (err == ENRUM_OK && granting_waits(keeper, out->party, letter)) {
        return false;
    }
    if (err == ENRUM_OK && out->has_colleague) {
        err = colleague_judge(keeper, out->party, &out->asker, &out->colleague);
    }
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
    return err == ENRUM_OK;
}

static struct admitting admitting_of(const struct handing *handing, uint64_t capacity,
                                     uint64_t ground)
{
    return (struct admitting){.person = handing->colleague,
                              .by = handing->asker,
                              .role = ROLE_STAFF,
                              .capacity = capacity,
                              .ground = ground,
                              .first = 1,
                              .name = slice_of_text(""),
                              .text = handing->body.text};
}

void handing_add(struct keeper *keeper, struct letter *letter)
{
    struct handing handing;
    if (!handing_begin(keeper, letter, "add", &handing)) {
        return;
    }
    if (!handing.has_colleague) {
        letter_refuse(keeper, letter, ENRUM_MALFORMED);
        return;
    }
    /* This very letter, brought again, brings nobody back. */
    if (admitting_is_done(handing.party, &handing.colleague, &handing.cause)) {
        letter_answer_done(keeper, letter, handing.party->seq);
        return;
    }
    if (logbook_member(handing.party, &handing.colleague) != NULL) {
        letter_answer_so_already(keeper, letter, handing.party->seq);
        return;
    }
    struct admitting admitting = admitting_of(&handing, CAPACITY_COLLEAGUE, GROUND_REQUEST);
    struct deed deed = {.room = handing.party->room, .done = granting_answer, .letter = letter};
    struct writing *writing = writing_new();
    enum enrum_err err = ENRUM_MEMORY;
    if (writing != NULL) {
        admitting_write(keeper, handing.party, &admitting, &handing.cause, writing);
        err = deed_append(keeper, &deed, writing, NULL);
    }
    writing_free(writing);
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
}

void handing_over(struct keeper *keeper, struct letter *letter)
{
    struct handing handing;
    if (!handing_begin(keeper, letter, "hand-over", &handing)) {
        return;
    }
    if (handing.body.text.len == 0) {
        letter_refuse(keeper, letter, ENRUM_MALFORMED); /* the journal says why */
        return;
    }
    struct admitting admitting = admitting_of(&handing, CAPACITY_HANDLER, GROUND_HANDED_OVER);
    struct granting_change change = {.subject_type = SUBJECT_PERSON,
                                     .ground = GROUND_HANDED_OVER,
                                     .subject = handing.asker,
                                     .by = handing.asker,
                                     .text = handing.body.text,
                                     .entrant = handing.has_colleague ? &admitting : NULL};
    struct deed deed = {.room = handing.party->room, .done = granting_answer, .letter = letter};
    enum enrum_err err = granting_generation(keeper, handing.party, &change, &handing.cause, &deed);
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
}
