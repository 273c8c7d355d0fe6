/* inviting -- see inviting.h.
 *
 *   letter --[in the room: ACCESS and the member]--> [with a code: CODE in the register]-->
 * answered
 *
 * Whoever has been let in and got no code, since something failed between, is given another one. */
#include "inviting.h"

#include "granting.h"
#include "handing.h"

#include <string.h>

enum { NUMBER_DIGITS = 12 };
static const uint64_t CODE_LIFE_MS = UINT64_C(14) * 24 * 60 * 60 * 1000;

struct inviting {
    struct wire_letter_invite body;
    struct logbook *party;
    struct id person, asker, cause;
    bool is_again; /* another code for somebody who is in */
};

/* -- Judging -- */

static bool is_number(struct slice number)
{
    for (size_t i = 0; i < number.len; i++) {
        if (number.at[i] < '0' || number.at[i] > '9') {
            return false;
        }
    }
    return number.len == NUMBER_DIGITS;
}

/* Whom a conversation is about that an employee has begun: one person. Every other one has somebody
 * who began it. */
static bool may_be_party(const struct logbook *party)
{
    bool is_free = party->opener_role == ROLE_STAFF;
    for (size_t i = 0; i < party->access_count; i++) {
        const struct logbook_access *access = &party->accesses[i];
        is_free = is_free && (access->capacity != CAPACITY_PARTY ||
                              logbook_member(party, &access->person) == NULL);
    }
    return is_free;
}

/* Only for somebody who came with a code: a pseudonym of an e-ID is never reached by one. */
static enum enrum_err again_judge(const struct inviting *inviting)
{
    const struct logbook_access *access = logbook_access(inviting->party, &inviting->person);
    bool is_in = logbook_member(inviting->party, &inviting->person) != NULL;
    return is_in && access != NULL && access->has_code ? ENRUM_OK : ENRUM_MAY_NOT;
}

/* The pseudonym of somebody with a code is the letter's: sent again, it is the same. */
static void person_make(const struct keeper *keeper, const struct letter *letter,
                        struct inviting *inviting)
{
    char hex[65], identity[80] = "code ";
    struct slice number = inviting->body.number;
    if (number.len == 0) {
        id_hex(&letter->to.id, hex);
        memcpy(identity + strlen(identity), hex, sizeof hex);
        number = slice_of_text(identity);
    }
    person_id(&keeper->keys->board_secret, ROLE_CITIZEN, number, &inviting->person);
}

enum enrum_err inviting_terms_judge(const struct wire_letter_invite *body, uint64_t now_ms)
{
    bool is_interpreter = body->capacity == CAPACITY_INTERPRETER;
    if (body->capacity > CAPACITY_INTERPRETER ||
        (body->number.len > 0 && !is_number(body->number)) ||
        (body->until > 0 ? body->until <= now_ms : is_interpreter)) {
        return ENRUM_MALFORMED;
    }
    return is_interpreter && body->history == 1 ? ENRUM_MAY_NOT : ENRUM_OK;
}

static enum enrum_err inviting_judge(struct keeper *keeper, const struct letter *letter,
                                     struct inviting *inviting)
{
    const struct wire_letter_invite *body = &inviting->body;
    enum enrum_err err = handing_judge(inviting->party, &inviting->asker);
    if (err != ENRUM_OK) {
        return err;
    }
    /* Beside somebody whom nobody knows nobody is let in: who that is would tell who they are. */
    if (logbook_is_advice(inviting->party)) {
        return ENRUM_MAY_NOT;
    }
    err = inviting_terms_judge(body, keeper_wall(keeper));
    if (err != ENRUM_OK) {
        return err;
    }
    inviting->is_again = id_of_opt(body->person, &inviting->person);
    if (inviting->is_again) {
        return again_judge(inviting);
    }
    person_make(keeper, letter, inviting);
    if (logbook_member(inviting->party, &inviting->person) != NULL) {
        return ENRUM_PERSON_THERE;
    }
    if (body->capacity == CAPACITY_PARTY && !may_be_party(inviting->party)) {
        return ENRUM_MAY_NOT;
    }
    /* This very letter, brought again, brings nobody back. */
    return admitting_is_done(inviting->party, &inviting->person, &inviting->cause)
               ? ENRUM_LETTER_OLD
               : ENRUM_OK;
}

static enum enrum_err inviting_read(struct keeper *keeper, struct letter *letter,
                                    struct inviting *out)
{
    *out = (struct inviting){.asker = letter->author.body.person};
    enum enrum_err err = layout_decode(&layout_letter_invite, buffer_slice(&letter->body),
                                       &out->body);
    if (err != ENRUM_OK) {
        return err;
    }
    out->party = keeper_book(keeper, &out->body.room);
    out->cause = deed_cause("invite", &out->body.room, &letter->to.id, 0);
    return ENRUM_OK;
}

/* -- The code -- */

static void on_coded(struct keeper *keeper, struct deed *deed, enum enrum_err err, uint64_t seq)
{
    struct letter *letter = deed->letter;
    struct wire_letter_invite invite;
    struct wire_letter_invited body = {.until = keeper_wall(keeper) + CODE_LIFE_MS};
    char printed[CODE_PRINTED];
    /* This very letter has had its code: it is told once. */
    if (err == ENRUM_OK && seq == 0) {
        err = ENRUM_LETTER_OLD;
    }
    if (err == ENRUM_OK) {
        err = layout_decode(&layout_letter_invite, buffer_slice(&letter->body), &invite);
    }
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
        return;
    }
    code_print(&letter->code, printed);
    body.code = slice_of_text(printed);
    letter_answer(keeper, letter, LETTER_INVITED, &body);
    explicit_bzero(printed, sizeof printed);
}

/* One whose first group finds no other code. */
static void code_choose(const struct keeper *keeper, struct code *out)
{
    do {
        code_make(out);
    } while (registry_code(&keeper->registry, out->symbols) != NULL);
}

static enum enrum_err code_append(struct keeper *keeper, struct letter *letter,
                                  const struct inviting *inviting)
{
    struct id cause = deed_cause("code", &letter->to.id, NULL, 0);
    struct deed deed = {.room = keeper->register_room, .done = on_coded, .letter = letter};
    code_choose(keeper, &letter->code);
    struct wire_body_code body = {.operation = CODE_MADE,
                                  .room = inviting->party->room,
                                  .person = inviting->person,
                                  .place = slice_of(letter->code.symbols, CODE_PLACE),
                                  .name = inviting->body.name,
                                  .until = keeper_wall(keeper) + CODE_LIFE_MS};
    code_mac(&letter->code, &keeper->keys->board_secret, &body.mac);
    return deed_record(keeper, &deed, KIND_CODE, &body, &cause);
}

/* -- The room -- */

static void on_let_in(struct keeper *keeper, struct deed *deed, enum enrum_err err, uint64_t seq)
{
    struct letter *letter = deed->letter;
    struct inviting inviting;
    if (err != ENRUM_OK || inviting_read(keeper, letter, &inviting) != ENRUM_OK ||
        inviting.body.number.len > 0) {
        granting_answer(keeper, deed, err, seq);
        return;
    }
    person_make(keeper, letter, &inviting);
    err = code_append(keeper, letter, &inviting);
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
}

static enum enrum_err let_in(struct keeper *keeper, struct letter *letter,
                             const struct inviting *inviting)
{
    const struct logbook *party = inviting->party;
    const struct wire_letter_invite *body = &inviting->body;
    struct admitting admitting = {.person = inviting->person,
                                  .by = inviting->asker,
                                  .role = ROLE_CITIZEN,
                                  .capacity = body->capacity,
                                  .ground = GROUND_REQUEST,
                                  .first = body->history == 1 ? 1 : party->generation + 1,
                                  .until = body->until,
                                  .has_code = body->number.len == 0,
                                  .name = body->name,
                                  .text = body->text};
    struct deed deed = {.room = party->room, .done = on_let_in, .letter = letter};
    if (admitting.first > 1) {
        /* What was written before is under keys that the newcomer is never given. */
        struct granting_change change = {.entrant = &admitting};
        return granting_generation(keeper, party, &change, &inviting->cause, &deed);
    }
    struct writing *writing = writing_new();
    enum enrum_err err = ENRUM_MEMORY;
    if (writing != NULL) {
        admitting_write(keeper, party, &admitting, &inviting->cause, writing);
        err = deed_append(keeper, &deed, writing, NULL);
    }
    writing_free(writing);
    return err;
}

void inviting_invite(struct keeper *keeper, struct letter *letter)
{
    struct inviting inviting;
    enum enrum_err err = inviting_read(keeper, letter, &inviting);
    if (err == ENRUM_OK) {
        err = inviting_judge(keeper, letter, &inviting);
    }
    if (err == ENRUM_OK && granting_waits(keeper, inviting.party, letter)) {
        return;
    }
    if (err == ENRUM_OK) {
        err = inviting.is_again ? code_append(keeper, letter, &inviting)
                                : let_in(keeper, letter, &inviting);
    }
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
}
