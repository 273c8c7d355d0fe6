/* duty -- see duty.h. */
#include "duty.h"

#include "caseroom.h"
#include "checkpoint.h"
#include "deed.h"
#include "granting.h"
#include "queue.h"

#include "base/slog.h"

static bool profiles_append(struct keeper *keeper, const struct logbook *book)
{
    struct writing *writing = writing_new();
    struct deed deed = {.room = book->room};
    bool is_made = false;
    for (size_t i = 0; writing != NULL && i < book->member_count; i++) {
        const struct logbook_member *member = &book->members[i];
        if (member->role != ROLE_KEEPER && writing->count < ENTRIES_PER_APPEND_MAX) {
            is_made = queue_profile(keeper, book, &member->person, writing) || is_made;
        }
    }
    is_made = is_made && deed_append(keeper, &deed, writing, NULL) == ENRUM_OK;
    writing_free(writing);
    return is_made;
}

static void party_work(struct keeper *keeper, struct logbook *book)
{
    bool is_made = granting_renew(keeper, book) || profiles_append(keeper, book) ||
                   granting_devices(keeper, book);
    if (!is_made) {
        (void)queue_note(keeper, book);
    }
    caseroom_touch(keeper, book);
}

static bool employee_add(struct keeper *keeper, const struct logbook *unit,
                         const struct registry_person *person)
{
    /* Whoever comes back to a unit comes once more. */
    struct id cause = deed_cause("unit-member", &unit->room, &person->person,
                                 registry_moves(person));
    if (!registry_is_staff(&keeper->registry, &person->person) ||
        !id_equal(&person->unit, &unit->room) || logbook_member(unit, &person->person) != NULL ||
        logbook_has_cause(unit, &cause)) {
        return false;
    }
    struct wire_open_member open = {.operation = MEMBER_ADD,
                                    .subject_type = SUBJECT_PERSON,
                                    .subject = person->person,
                                    .role = ROLE_STAFF};
    struct deed deed = {.room = unit->room};
    struct writing *writing = writing_new();
    bool is_made = false;
    if (writing != NULL) {
        writing_member(writing, &open, GROUND_REQUEST, slice_of_text(""), &cause);
        (void)queue_profile(keeper, unit, &person->person, writing);
        is_made = deed_append(keeper, &deed, writing, NULL) == ENRUM_OK;
    }
    writing_free(writing);
    return is_made;
}

static void unit_work(struct keeper *keeper, struct logbook *book)
{
    size_t cursor = 0;
    void *value;
    if (granting_renew(keeper, book) || profiles_append(keeper, book)) {
        return;
    }
    while (table_next(&keeper->registry.persons, &cursor, NULL, &value)) {
        if (employee_add(keeper, book, value)) {
            return; /* the next when this one stands */
        }
    }
}

static void room_work(struct keeper *keeper, struct logbook *book)
{
    book->has_duties = false;
    if (logbook_is_party(book)) {
        party_work(keeper, book);
    } else if (book->type == ROOM_TYPE_STAFF) {
        (void)(granting_renew(keeper, book) || profiles_append(keeper, book) ||
               caseroom_follow(keeper, book));
    } else if (registry_unit(&keeper->registry, &book->room) != NULL) {
        unit_work(keeper, book);
    }
}

/* Has the time of somebody whom staff have let in, and who is in still, run out? */
static bool is_over(const struct logbook *book, uint64_t wall_ms)
{
    for (size_t i = 0; i < book->access_count; i++) {
        const struct id *person = &book->accesses[i].person;
        if (logbook_member(book, person) != NULL && logbook_access_is_over(book, person, wall_ms)) {
            return true;
        }
    }
    return false;
}

static bool is_due(const struct logbook *book, uint64_t now, uint64_t wall_ms)
{
    return (book->has_duties || is_over(book, wall_ms)) && book->is_current && book->busy == 0 &&
           book->seq >= book->wait_seq && now >= book->retry_at;
}

void duty_step(struct keeper *keeper)
{
    size_t cursor = 0;
    void *value;
    uint64_t now = keeper_mono(keeper), wall_ms = keeper_wall(keeper);
    while (table_next(&keeper->logbooks, &cursor, NULL, &value)) {
        if (is_due(value, now, wall_ms)) {
            room_work(keeper, value);
        }
    }
}

/* -- Checkpoints -- */

static void on_checkpoint(struct keeper *keeper, struct deed *deed, enum enrum_err err,
                          uint64_t seq)
{
    (void)seq;
    struct logbook *book = keeper_book(keeper, &deed->room);
    if (book != NULL) {
        book->has_checkpoint_under_way = false;
        if (err == ENRUM_OK) {
            keeper->counts.checkpoints++;
        }
    }
}

static void checkpoint_append(struct keeper *keeper, struct logbook *book)
{
    struct checkpoint_plan plan;
    struct buffer bytes;
    struct deed deed = {.room = book->room, .done = on_checkpoint};
    struct writing *writing = writing_new();
    buffer_init(&bytes, CONTENT_BYTES_MAX);
    book->checkpoint_at = keeper_mono(keeper);
    if (writing != NULL && checkpoint_plan(book, keeper_wall(keeper), &bytes, &plan)) {
        /* The one before it makes it once: two cannot follow the same. */
        struct id cause = deed_cause("checkpoint", &book->room, &plan.open.previous_hash,
                                     plan.open.seq);
        writing_checkpoint(writing, &plan.open, &plan.body, &cause);
        book->has_checkpoint_under_way = deed_append(keeper, &deed, writing, NULL) == ENRUM_OK;
        slog(SLOG_DEBUG, "checkpoint", slog_hex("room", book->room.bytes, 4),
             slog_u64("seq", plan.open.seq), slog_bool("sent", book->has_checkpoint_under_way));
    }
    if (!book->has_checkpoint_under_way) {
        book->retry_at = keeper_mono(keeper) + CHECKPOINT_BUSY_MS;
    }
    writing_free(writing);
    buffer_fini(&bytes);
}

void duty_checkpoints(struct keeper *keeper, uint64_t *next_ms)
{
    size_t cursor = 0;
    void *value;
    uint64_t now = keeper_mono(keeper);
    while (table_next(&keeper->logbooks, &cursor, NULL, &value)) {
        struct logbook *book = value;
        /* A room may be waiting for the log to show our last append: it would not be covered. */
        if (book->seq >= book->wait_seq && checkpoint_is_due(book, now, next_ms)) {
            checkpoint_append(keeper, book);
        }
    }
}
