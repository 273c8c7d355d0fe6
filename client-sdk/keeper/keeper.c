/* keeper -- see keeper.h. */
#include "keeper.h"

#include "base/slog.h"
#include "callentry.h"
#include "checkpoint.h"
#include "control.h"
#include "deed.h"
#include "duty.h"
#include "founding.h"
#include "letters.h"
#include "notice.h"
#include "scan.h"
#include "signin.h"

#include <stdlib.h>

enum {
    WAIT_MIN_MS = 2,
    /* Rooms are compared with what the host says of them this often. */
    LEVEL_EVERY_MS = 2000,
    /* After a connection is made, so long until the list of rooms has surely come. */
    LEVEL_AFTER_MS = 30000,
};

/* -- Life -- */

enum enrum_err keeper_init(struct keeper *keeper, const struct settings *settings,
                           const struct keeper_keys *keys, const struct enrum_board *board)
{
    *keeper = (struct keeper){.settings = settings, .keys = keys, .board = board->id};
    keeper->clock = clock_system();
    list_init(&keeper->deeds);
    list_init(&keeper->letters);
    list_init(&keeper->signins);
    table_init(&keeper->logbooks, ID_BYTES, KEEPER_ROOMS_MAX);
    registry_init(&keeper->registry);
    replay_init(&keeper->replay);
    heldcalls_init(&keeper->held, settings->call_entry_ms);
    struct slice bytes = {keys->certificate, keys->certificate_len};
    enum enrum_err err = chain_check_keeper(&board->id, &board->root_key, bytes,
                                            &keeper->certificate);
    if (err == ENRUM_OK) {
        err = certificate_in_time(&keeper->certificate, keeper_wall(keeper));
    }
    if (err == ENRUM_OK) {
        founding_probe(keeper);
    }
    return err;
}

static void wake(void *context)
{
    struct keeper *keeper = context;
    enrum_wake(keeper->enrum);
}

bool keeper_begin(struct keeper *keeper, struct enrum *enrum)
{
    keeper->enrum = enrum;
    keeper->oidc = oidc_new(keeper->settings, wake, keeper);
    keeper->notices = notices_new(&keeper->settings->mail, wake, keeper);
    keeper->scans = scans_new(keeper->settings->clamd, wake, keeper);
    return keeper->oidc != NULL && keeper->notices != NULL && keeper->scans != NULL;
}

void keeper_rest(struct keeper *keeper)
{
    oidc_free(keeper->oidc);
    keeper->oidc = NULL;
    notices_rest(keeper->notices);
    scans_free(keeper->scans);
    keeper->scans = NULL;
}

void keeper_fini(struct keeper *keeper)
{
    size_t cursor = 0;
    void *value;
    keeper_rest(keeper);
    notices_free(keeper->notices);
    deeds_free(keeper);
    signins_free(keeper);
    letters_free(keeper);
    while (table_next(&keeper->logbooks, &cursor, NULL, &value)) {
        logbook_free(value);
    }
    table_fini(&keeper->logbooks);
    registry_fini(&keeper->registry);
    replay_fini(&keeper->replay);
    heldcalls_fini(&keeper->held);
}

/* -- Rooms -- */

struct logbook *keeper_book(const struct keeper *keeper, const struct id *room)
{
    return table_find(&keeper->logbooks, room->bytes);
}

static struct logbook *book_make(struct keeper *keeper, const struct id *room)
{
    struct logbook *book = keeper_book(keeper, room);
    if (book == NULL) {
        book = logbook_new(room);
        if (book != NULL && table_insert(&keeper->logbooks, room->bytes, book) != TABLE_OK) {
            logbook_free(book);
            book = NULL;
        }
    }
    return book;
}

void keeper_touch(struct keeper *keeper, const struct id *subject, const struct id *unit)
{
    size_t cursor = 0;
    void *value;
    while (table_next(&keeper->logbooks, &cursor, NULL, &value)) {
        struct logbook *book = value;
        if (logbook_member(book, subject) != NULL || logbook_device(book, subject) != NULL ||
            id_equal(&book->room, unit)) {
            book->has_duties = true;
        }
    }
}

/* -- Entries -- */

/* What the register says anew changes what is to be done elsewhere. */
static void register_touch(struct keeper *keeper, const struct enrum_item *item)
{
    static const struct id none;
    struct wire_body_binding binding;
    struct wire_body_employee employee;
    struct wire_body_alias alias;
    if (item->class == CLASS_MEMBER) {
        keeper_touch(keeper, &item->entry->open.member.subject, &none);
    } else if (item->is_open && item->content.kind == KIND_BINDING &&
               layout_decode(&layout_body_binding, item->content.body, &binding) == ENRUM_OK) {
        keeper_touch(keeper, &binding.person, &none);
    } else if (item->is_open && item->content.kind == KIND_EMPLOYEE &&
               layout_decode(&layout_body_employee, item->content.body, &employee) == ENRUM_OK) {
        keeper_touch(keeper, &employee.person, &employee.unit);
    } else if (item->is_open && item->content.kind == KIND_ALIAS &&
               layout_decode(&layout_body_alias, item->content.body, &alias) == ENRUM_OK) {
        keeper_touch(keeper, &alias.person, &none);
    } else if (item->is_open && item->content.kind == KIND_UNIT) {
        size_t cursor = 0;
        void *value;
        while (table_next(&keeper->logbooks, &cursor, NULL, &value)) {
            ((struct logbook *)value)->has_duties = true;
        }
    }
}

static bool entry_judge(struct keeper *keeper, struct logbook *book, const struct enrum_item *item)
{
    struct checkpoint_clock clock = {keeper_wall(keeper), keeper->up_to_date_ms};
    uint64_t ground = checkpoint_refuses(book, item, &clock);
    if (ground == 0) {
        return true;
    }
    keeper->counts.refusals++;
    slog(SLOG_WARN, "entry_refused", slog_hex("room", book->room.bytes, 4),
         slog_u64("seq", item->seq), slog_str("ground", ground_name(ground)));
    return logbook_refuse(book, item->seq, ground);
}

static void on_entry(struct keeper *keeper, const struct enrum_item *item)
{
    struct logbook *book = book_make(keeper, &item->room);
    bool good = book != NULL;
    bool is_new = good && item->seq > book->seq;
    if (is_new) {
        good = entry_judge(keeper, book, item);
    }
    bool was_clean = good && book->uncovered <= book->covered_seq;
    good = good && logbook_apply(book, item);
    if (item->author.body.role == ROLE_KEEPER) {
        presence_learn(&keeper->presence, item->time, keeper_wall(keeper));
    }
    if (good && book->purpose == 1) {
        if (id_is_zero(&keeper->register_room)) {
            keeper->register_room = book->room;
            keeper->found_retry_at = 0;
        }
        good = registry_apply(&keeper->registry, item);
        register_touch(keeper, item);
    }
    good = good &&
           (!is_new || (notices_on_entry(keeper, book, item) && scans_on_entry(keeper, item)));
    if (!good) {
        /* A state with a hole would grant or refuse wrongly: read it all again. */
        slog_bare(SLOG_ERROR, "out_of_memory");
        abort();
    }
    uint64_t now = keeper_mono(keeper);
    if (was_clean && book->uncovered > book->covered_seq) {
        book->dirty_since = now;
    }
    callentry_on_entry(keeper, item);
    if (item->class != CLASS_CHECKPOINT && item->class != CLASS_READ) {
        book->has_duties = true;
    }
    book->changed_at = now;
}

static void on_up_to_date(struct keeper *keeper, const struct enrum_event *event)
{
    struct logbook *book = keeper_book(keeper, &event->room);
    if (event->err == ENRUM_OK && book != NULL) {
        book->is_current = true;
        book->has_duties = true;
    } else if (id_equal(&event->room, &keeper->probe)) {
        keeper->is_probed = true;
        keeper->found_retry_at = 0;
    } else if (event->err == ENRUM_OK && event->seq > 0) {
        slog(SLOG_WARN, "room_without_entries", slog_hex("room", event->room.bytes, 4));
    }
}

static void on_state(struct keeper *keeper, const struct enrum_event *event)
{
    static const char *const names[] = {"offline", "greeted", "ready"};
    bool was_ready = keeper->connected_at != 0;
    keeper->connected_at = event->state == ENRUM_READY ? keeper_mono(keeper) : 0;
    if (event->state == ENRUM_READY) {
        heldcalls_connected(&keeper->held, keeper->connected_at);
    } else if (was_ready) {
        heldcalls_lost(&keeper->held, keeper_wall(keeper));
    }
    slog(event->err == ENRUM_OK ? SLOG_INFO : SLOG_WARN, "connection",
         slog_str("state", names[event->state]), slog_str("err", error_name(event->err)),
         slog_str("detail", event->detail));
}

static void on_room(struct keeper *keeper, const struct id *room)
{
    if (book_make(keeper, room) == NULL || enrum_follow(keeper->enrum, room) != ENRUM_OK) {
        slog(SLOG_ERROR, "room_not_followed", slog_hex("room", room->bytes, 4));
    }
}

/* Nothing more is done in a room that is followed no further. In one that is, something does not
 * open: it is refused, and the log goes on, or anybody in it could keep the rest from being
 * recorded. */
static void on_warning(struct keeper *keeper, const struct enrum_event *event)
{
    struct logbook *book = keeper_book(keeper, &event->room);
    struct enrum_room room;
    bool goes_on = enrum_room_find(keeper->enrum, &event->room, &room) == ENRUM_OK &&
                   room.trouble == ENRUM_OK;
    if (book != NULL && !goes_on) {
        book->is_untrusted = true;
        book->is_current = false;
    }
    slog(SLOG_ERROR, goes_on ? "unopened" : "untrusted", slog_str("err", error_name(event->err)),
         slog_hex("room", event->room.bytes, 4), slog_str("detail", event->detail));
}

void keeper_on_event(void *context, const struct enrum_event *event)
{
    struct keeper *keeper = context;
    switch (event->type) {
    case ENRUM_EVENT_STATE:
        on_state(keeper, event);
        break;
    case ENRUM_EVENT_ROOM:
        on_room(keeper, &event->room);
        break;
    case ENRUM_EVENT_ENTRY:
        on_entry(keeper, event->item);
        break;
    case ENRUM_EVENT_UP_TO_DATE:
        on_up_to_date(keeper, event);
        break;
    case ENRUM_EVENT_CALL:
        callentry_on_shown(keeper, event->call);
        break;
    case ENRUM_EVENT_LETTER:
        letters_on_letter(keeper, event->letter);
        break;
    case ENRUM_EVENT_APPENDED:
        deed_on_appended(keeper, event);
        break;
    case ENRUM_EVENT_WARNING:
        on_warning(keeper, event);
        break;
    case ENRUM_EVENT_DATABASE:
        slog(event->err == ENRUM_OK ? SLOG_INFO : SLOG_ERROR, "schema",
             slog_str("detail", event->detail));
        break;
    case ENRUM_EVENT_LOGGED_IN:
    case ENRUM_EVENT_SENT:
    case ENRUM_EVENT_NOT_SENT:
    case ENRUM_EVENT_ANSWER:
    case ENRUM_EVENT_TRANSIENT:
    case ENRUM_EVENT_MOVED:
    case ENRUM_EVENT_PROGRESS:
        break;
    case ENRUM_EVENT_SAVED:
        scans_on_saved(keeper, event);
        break;
    }
}

/* -- Time -- */

struct level {
    const struct keeper *keeper;
    bool holds;
};

static void each_room(void *context, const struct enrum_room *room)
{
    struct level *level = context;
    const struct logbook *book = keeper_book(level->keeper, &room->room);
    if (book != NULL && room->head_seq > book->seq && !room->is_untrusted) {
        level->holds = false;
    }
}

/* Up to date: connected for a while, and no room is behind what the host says of it. What the host
 * had accepted when it last spoke has come by then, since a connection keeps its order. */
static void up_to_date_note(struct keeper *keeper)
{
    uint64_t now = keeper_mono(keeper), silence = enrum_silence_ms(keeper->enrum);
    struct level level = {keeper, true};
    if (!keeper->is_ready || keeper->connected_at == 0 ||
        now - keeper->connected_at < LEVEL_AFTER_MS ||
        now - keeper->level_checked_at < LEVEL_EVERY_MS || silence > LEVEL_AFTER_MS) {
        return;
    }
    keeper->level_checked_at = now;
    enrum_rooms(keeper->enrum, each_room, &level);
    if (level.holds) {
        keeper->up_to_date_ms = keeper_wall(keeper) - silence;
    }
}

void keeper_step(struct keeper *keeper, unsigned wait_ms)
{
    uint64_t now = keeper_mono(keeper), next = now + wait_ms;
    if (keeper->connected_at != 0) {
        presence_step(&keeper->presence, keeper_wall(keeper), keeper->is_ready);
    }
    founding_step(keeper);
    signin_step(keeper);
    letters_step(keeper);
    if (keeper->is_ready) {
        duty_step(keeper);
        callentry_step(keeper);
        notices_step(keeper);
        scans_step(keeper);
        duty_checkpoints(keeper, &next);
    }
    if (keeper->control != NULL) {
        control_step(keeper->control, keeper);
    }
    now = keeper_mono(keeper);
    uint64_t wait = next > now ? next - now : 0;
    if (wait < WAIT_MIN_MS) {
        wait = WAIT_MIN_MS;
    }
    if (!list_is_empty(&keeper->letters) && wait > 20) {
        wait = 20;
    }
    enrum_step(keeper->enrum, (unsigned)wait);
    up_to_date_note(keeper);
}

bool keeper_is_idle(const struct keeper *keeper)
{
    return list_is_empty(&keeper->deeds) && list_is_empty(&keeper->signins);
}
