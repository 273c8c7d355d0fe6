/* granting -- see granting.h. */
#include "granting.h"

#include "base/slog.h"
#include "removal.h"

#include <stdlib.h>

/* Those who go in one append and are named there, beside the grants; the others are named in
 * appends behind it, a record and a member entry each. */
enum { LEAVERS_MAX = 4, LEAVERS_BEHIND_MAX = ENTRIES_PER_APPEND_MAX / 2, BASE_RETRY_MS = 50 };

/* -- Grants -- */

/* Adds a grant of what the device lacks. False when it lacks nothing, or nothing can be given. */
static bool grant_write(struct keeper *keeper, const struct logbook *book,
                        const struct certificate *certificate, struct writing *writing)
{
    struct secret32 keys[GENERATIONS_PER_GRANT_MAX];
    const struct id *device = &certificate->device;
    uint64_t first = logbook_grant_first(book, device, &certificate->body.person);
    if (first == 0) {
        return false;
    }
    uint64_t last = book->generation;
    if (last - first >= GENERATIONS_PER_GRANT_MAX) {
        last = first + GENERATIONS_PER_GRANT_MAX - 1; /* the rest with the next */
    }
    size_t count = (size_t)(last - first + 1);
    bool good = enrum_room_keys(keeper->enrum, &book->room, first, last, keys) == ENRUM_OK;
    if (good) {
        struct id cause = deed_cause("grant", &book->room, device, first << 32 | last);
        struct writing_grant grant = {.room = &book->room,
                                      .device = device,
                                      .seal_key = &certificate->body.seal_key,
                                      .first = first,
                                      .keys = keys,
                                      .key_count = count};
        writing_grant(writing, &grant, &cause);
        keeper->counts.grants++;
    }
    for (size_t i = 0; i < count; i++) {
        secret_wipe(&keys[i]);
    }
    return good;
}

void granting_answer(struct keeper *keeper, struct deed *deed, enum enrum_err err, uint64_t seq)
{
    if (err == ENRUM_OK) {
        letter_answer_done(keeper, deed->letter, seq);
    } else if (err == ENRUM_BASE_WRONG) {
        deed->letter->is_under_way = false; /* somebody wrote meanwhile: planned anew */
        deed->letter->retry_at = keeper_mono(keeper) + BASE_RETRY_MS;
    } else {
        letter_refuse(keeper, deed->letter, err);
    }
}

/* May the author of the letter have the keys of this room? */
static enum enrum_err grant_judge(const struct logbook *book, const struct certificate *author,
                                  uint64_t now_ms)
{
    if (book == NULL) {
        return ENRUM_ROOM_UNKNOWN;
    }
    const struct logbook_member *member = logbook_member(book, &author->body.person);
    const struct logbook_device *device = logbook_device(book, &author->device);
    if (member == NULL || member->role != author->body.role ||
        (device != NULL && device->is_removed) ||
        logbook_access_is_over(book, &author->body.person, now_ms)) {
        return ENRUM_ROOM_UNKNOWN;
    }
    /* An interpreter or another guest has no history. */
    return member->role == ROLE_GUEST ? ENRUM_MAY_NOT : ENRUM_OK;
}

void granting_grant(struct keeper *keeper, struct letter *letter)
{
    struct wire_letter_room body;
    if (layout_decode(&layout_letter_room, buffer_slice(&letter->body), &body) != ENRUM_OK) {
        letter_refuse(keeper, letter, ENRUM_MALFORMED);
        return;
    }
    const struct logbook *book = keeper_book(keeper, &body.room);
    const struct certificate *author = &letter->author;
    enum enrum_err err = grant_judge(book, author, keeper_wall(keeper));
    if (err == ENRUM_OK && logbook_grant_first(book, &author->device, &author->body.person) == 0) {
        letter_answer_done(keeper, letter, book->seq);
        return;
    }
    struct writing *writing = writing_new();
    if (err == ENRUM_OK && writing == NULL) {
        err = ENRUM_MEMORY;
    }
    if (err == ENRUM_OK && !grant_write(keeper, book, author, writing)) {
        err = ENRUM_KEY_MISSING;
    }
    if (err == ENRUM_OK) {
        struct deed deed = {.room = book->room, .done = granting_answer, .letter = letter};
        err = deed_append(keeper, &deed, writing, NULL);
    }
    writing_free(writing);
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
}

/* -- A citizen's devices -- */

static bool device_write(struct keeper *keeper, const struct logbook *book,
                         const struct registry_device *device, struct writing *writing)
{
    const struct certificate *certificate = &device->certificate;
    const struct logbook_device *known = logbook_device(book, &certificate->device);
    bool is_new = known == NULL || (known->granted == 0 && known->last_seq == 0);
    if ((known != NULL && known->is_removed) || certificate->body.role != ROLE_CITIZEN ||
        !registry_device_is_live(&keeper->registry, device, keeper_wall(keeper)) ||
        !grant_write(keeper, book, certificate, writing)) {
        return false;
    }
    struct id cause = deed_cause("device", &book->room, &certificate->device, 0);
    if (is_new && !logbook_has_cause(book, &cause)) {
        struct wire_body_device body = {.person = certificate->body.person,
                                        .device = certificate->device,
                                        .level = certificate->body.level,
                                        .at = device->logged_in_at};
        writing_record(writing, KIND_DEVICE, &body, &cause);
    }
    return true;
}

/* One append for each device: a cause that is taken stops only that device's. */
static bool person_grant(struct keeper *keeper, struct logbook *book,
                         const struct registry_person *person)
{
    bool is_made = false;
    LIST_EACH (link, &person->devices) {
        struct writing *writing = writing_new();
        if (writing != NULL &&
            device_write(keeper, book, LIST_ITEM(link, struct registry_device, of_person),
                         writing)) {
            struct deed deed = {.room = book->room};
            is_made = deed_append(keeper, &deed, writing, NULL) == ENRUM_OK || is_made;
        }
        writing_free(writing);
    }
    return is_made;
}

bool granting_devices(struct keeper *keeper, struct logbook *book)
{
    bool is_made = false;
    for (size_t i = 0; i < book->member_count; i++) {
        const struct registry_person *person = registry_person(&keeper->registry,
                                                               &book->members[i].person);
        if (book->members[i].role == ROLE_CITIZEN && person != NULL) {
            is_made = person_grant(keeper, book, person) || is_made;
        }
    }
    return is_made;
}

/* -- Taking out -- */

static void removal_write(const struct logbook *book, const struct removal_plan *plan,
                          const struct secret32 *key, const struct id *cause,
                          struct writing *writing)
{
    uint64_t number = book->generation + 1;
    struct wire_open_generation open = {.purpose = book->purpose, .number = number};
    grant_commitment(&book->room, number, key, &open.commitment);
    writing_generation(writing, &open, plan->members, plan->member_count, cause);
    for (size_t i = 0; i < plan->grantee_count; i++) {
        const struct removal_grantee *grantee = &plan->grantees[i];
        struct id grant_cause = deed_cause("grant-next", cause, &grantee->device, number);
        struct writing_grant grant = {.room = &book->room,
                                      .device = &grantee->device,
                                      .seal_key = &grantee->seal_key,
                                      .first = number,
                                      .keys = key,
                                      .key_count = 1};
        writing_grant(writing, &grant, &grant_cause);
    }
}

/* Says of who is not in the plan that they are out: the list alone names only who stays. First of
 * those whom the change is for. */
static void leavers_write(const struct keeper *keeper, const struct logbook *book,
                          const struct granting_change *change, const struct removal_plan *plan,
                          const struct id *cause, struct writing *writing)
{
    for (size_t i = 0, named = 0; i < 2 * book->member_count && named < LEAVERS_MAX; i++) {
        const struct id *person = &book->members[i % book->member_count].person;
        bool is_subject = change->unit != NULL || (change->subject_type == SUBJECT_PERSON &&
                                                   id_equal(person, &change->subject));
        if (removal_plan_has(plan, person) || is_subject != (i < book->member_count)) {
            continue;
        }
        struct leaving leaving = {.person = *person,
                                  .by = is_subject ? change->by : keeper->board,
                                  .ground = is_subject ? change->ground : GROUND_LEFT,
                                  .text = is_subject && change->unit == NULL ? change->text
                                                                             : slice_of_text("")};
        leaving_write(book, &leaving, cause, writing);
        named++;
    }
}

/* The same of those for whom the append of the newest generation had no place. */
static bool leavers_tell(struct keeper *keeper, const struct logbook *book)
{
    bool is_moved = book->moved_seq > book->generation_seq;
    struct id cause = deed_cause("leavers", &book->room, NULL, book->generation);
    struct deed deed = {.room = book->room};
    struct writing *writing = book->untold_count > 0 ? writing_new() : NULL;
    bool is_made = false;
    if (writing != NULL) {
        for (size_t i = 0; i < book->untold_count && i < LEAVERS_BEHIND_MAX; i++) {
            struct leaving leaving = {.person = book->untold[i],
                                      .by = is_moved ? book->moved_by : keeper->board,
                                      .ground = is_moved ? GROUND_HANDED_OVER : GROUND_LEFT,
                                      .text = slice_of_text("")};
            leaving_write(book, &leaving, &cause, writing);
        }
        is_made = deed_append(keeper, &deed, writing, NULL) == ENRUM_OK;
    }
    writing_free(writing);
    return is_made;
}

static void device_leave(const struct id *device, uint64_t ground, const struct id *cause,
                         struct writing *writing)
{
    struct wire_open_member open = {
        .operation = MEMBER_REMOVE, .subject_type = SUBJECT_DEVICE, .subject = *device};
    struct id device_cause = deed_cause("remove-device", cause, device, 0);
    writing_member(writing, &open, ground, slice_of_text(""), &device_cause);
}

static void devices_leave(const struct keeper *keeper, const struct logbook *book,
                          const struct granting_change *change, const struct id *cause,
                          struct writing *writing)
{
    if (change->subject_type == SUBJECT_DEVICE) {
        device_leave(&change->subject, change->ground, cause, writing);
    }
    for (size_t i = 0, named = 0; i < book->device_count && named < LEAVERS_MAX; i++) {
        const struct logbook_device *device = &book->devices[i];
        if (removal_is_revoked(&keeper->registry, book, device) &&
            !id_equal(&device->device, &change->subject)) {
            device_leave(&device->device, GROUND_LOST, cause, writing);
            named++;
        }
    }
}

/* Says where the conversation is, and why: once for all who go. */
static void moved_write(const struct granting_change *change, const struct id *cause,
                        struct writing *writing)
{
    struct wire_body_moved body = {.unit = change->unit->room,
                                   .name = slice_of_text(change->unit->name),
                                   .by = change->by,
                                   .text = change->text};
    struct id moved_cause = deed_cause("moved", cause, &change->unit->room, 0);
    writing_record(writing, KIND_MOVED, &body, &moved_cause);
}

enum enrum_err granting_generation(struct keeper *keeper, const struct logbook *book,
                                   const struct granting_change *change, const struct id *cause,
                                   const struct deed *deed)
{
    struct removal_question question = {
        .book = book,
        .registry = &keeper->registry,
        .board = keeper->board,
        .keeper = {keeper->certificate.device, keeper->certificate.body.seal_key},
        .now_ms = keeper_wall(keeper),
        .subject_type = change->subject_type,
        .subject = change->subject,
        .unit = change->unit != NULL ? &change->unit->room : NULL,
    };
    struct removal_plan *plan = malloc(sizeof *plan);
    struct writing *writing = writing_new();
    struct secret32 key;
    enum enrum_err err = ENRUM_MEMORY;
    secret_random(&key);
    if (plan != NULL && writing != NULL) {
        removal_plan(&question, plan);
        removal_write(book, plan, &key, cause, writing);
        if (change->unit != NULL) {
            moved_write(change, cause, writing);
        }
        leavers_write(keeper, book, change, plan, cause, writing);
        devices_leave(keeper, book, change, cause, writing);
        if (change->entrant != NULL) {
            admitting_write(keeper, book, change->entrant, cause, writing);
        }
        err = deed_append(keeper, deed, writing, &key);
    }
    secret_wipe(&key);
    writing_free(writing);
    free(plan);
    if (err == ENRUM_OK) {
        keeper->counts.removals++;
        slog(SLOG_INFO, "generation_started", slog_hex("room", book->room.bytes, 4),
             slog_u64("number", book->generation + 1));
    }
    return err;
}

bool granting_renew(struct keeper *keeper, struct logbook *book)
{
    if (!removal_is_due(&keeper->registry, book, keeper_wall(keeper))) {
        return leavers_tell(keeper, book);
    }
    struct granting_change change = {0};
    struct deed deed = {.room = book->room};
    /* Each generation ends one state of the membership: its number makes the cause. */
    struct id cause = deed_cause("renew", &book->room, NULL, book->generation + 1);
    return granting_generation(keeper, book, &change, &cause, &deed) == ENRUM_OK;
}

bool granting_waits(struct keeper *keeper, const struct logbook *book, struct letter *letter)
{
    if (book->busy == 0 && book->seq >= book->wait_seq) {
        return false;
    }
    letter->is_under_way = false;
    letter->retry_at = keeper_mono(keeper) + 50;
    return true;
}

static enum enrum_err remove_judge(const struct keeper *keeper, const struct logbook *book,
                                   const struct letter *letter,
                                   const struct wire_letter_remove *body)
{
    if (book == NULL) {
        return ENRUM_ROOM_UNKNOWN;
    }
    const struct logbook_member *asker = logbook_member(book, &letter->author.body.person);
    if (asker == NULL || asker->role != ROLE_STAFF || book->type == ROOM_TYPE_STAFF) {
        return ENRUM_ROOM_UNKNOWN;
    }
    if (id_equal(&body->subject, &keeper->certificate.device)) {
        return ENRUM_MAY_NOT;
    }
    return removal_may_go(book, &keeper->board, body->subject_type, &body->subject) ? ENRUM_OK
                                                                                    : ENRUM_MAY_NOT;
}

/* Is what the letter asks for the case already? */
static bool is_out(const struct logbook *book, const struct wire_letter_remove *body)
{
    const struct logbook_device *device = logbook_device(book, &body->subject);
    return body->subject_type == SUBJECT_DEVICE ? device != NULL && device->is_removed
                                                : logbook_member(book, &body->subject) == NULL;
}

void granting_remove(struct keeper *keeper, struct letter *letter)
{
    struct wire_letter_remove body;
    if (layout_decode(&layout_letter_remove, buffer_slice(&letter->body), &body) != ENRUM_OK) {
        letter_refuse(keeper, letter, ENRUM_MALFORMED);
        return;
    }
    const struct logbook *book = keeper_book(keeper, &body.room);
    struct id cause = deed_cause("remove", &body.room, &letter->to.id, 0);
    if (book != NULL && logbook_has_cause(book, &cause)) {
        letter_answer_done(keeper, letter, book->seq); /* this very letter, sent again */
        return;
    }
    if (book != NULL && is_out(book, &body) &&
        logbook_member(book, &letter->author.body.person) != NULL) {
        letter_answer_so_already(keeper, letter, book->seq);
        return;
    }
    enum enrum_err err = remove_judge(keeper, book, letter, &body);
    if (err == ENRUM_OK && granting_waits(keeper, book, letter)) {
        return;
    }
    if (err == ENRUM_OK) {
        struct granting_change change = {.subject_type = body.subject_type,
                                         .ground = body.ground,
                                         .subject = body.subject,
                                         .by = letter->author.body.person};
        struct deed deed = {.room = book->room, .done = granting_answer, .letter = letter};
        err = granting_generation(keeper, book, &change, &cause, &deed);
    }
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
}
