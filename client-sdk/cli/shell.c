/* shell -- see shell.h. */
#include "shell.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *say(const struct shell *shell, const char *english, const char *swedish)
{
    return shell->is_swedish ? swedish : english;
}

uint64_t now_ms(void)
{
    struct clock clock = clock_system();
    return clock_wall_ms(&clock);
}

static uint64_t mono_ms(void)
{
    struct clock clock = clock_system();
    return clock_monotonic_ms(&clock);
}

enum exit_code shell_fail(const struct shell *shell, enum enrum_err err)
{
    if (err == ENRUM_OK) {
        return EXIT_GOOD;
    }
    fprintf(stderr, "enrum: %s (%s)\n", error_sentence(err, shell->is_swedish), error_name(err));
    if (error_class(err) == ERROR_TRUST) {
        return EXIT_TRUST;
    }
    if (err == ENRUM_USAGE) {
        return EXIT_USAGE;
    }
    bool is_away = err == ENRUM_NETWORK || err == ENRUM_TIMEOUT || err == ENRUM_KEEPER_AWAY ||
                   err == ENRUM_CLOSING || err == ENRUM_PROVIDER_UNREACHABLE;
    return is_away ? EXIT_AWAY : EXIT_REFUSED;
}

/* -- Learning from entries -- */

static void text_copy(char *out, size_t size, struct slice text)
{
    (void)snprintf(out, size, "%.*s", (int)text.len, text.len > 0 ? (const char *)text.at : "");
}

const char *shell_name_find(const struct shell *shell, const struct id *person)
{
    for (size_t i = shell->name_count; i > 0; i--) {
        if (id_equal(&shell->names[i - 1].person, person)) {
            return shell->names[i - 1].name;
        }
    }
    return NULL;
}

/* Of what several rooms say of somebody the newest counts: who has an alias now may have had none
 * where they are no more. */
static struct shell_name *name_to_learn(struct shell *shell, const struct id *person, uint64_t at)
{
    for (size_t i = 0; i < shell->name_count; i++) {
        if (id_equal(&shell->names[i].person, person)) {
            return shell->names[i].at <= at ? &shell->names[i] : NULL;
        }
    }
    return shell->name_count < NAMES_MAX ? &shell->names[shell->name_count++] : NULL;
}

static void learn_profile(struct shell *shell, const struct enrum_item *item)
{
    struct wire_body_profile body;
    if (layout_decode(&layout_body_profile, item->content.body, &body) != ENRUM_OK) {
        return;
    }
    struct shell_name *name = name_to_learn(shell, &body.person, item->received_at);
    if (name != NULL) {
        name->person = body.person;
        name->role = body.role;
        name->at = item->received_at;
        text_copy(name->name, sizeof name->name, body.name);
    }
}

/* What staff have stated of somebody who has not logged in yet. */
static void learn_access(struct shell *shell, const struct enrum_item *item)
{
    struct wire_body_access body;
    if (shell->name_count < NAMES_MAX &&
        layout_decode(&layout_body_access, item->content.body, &body) == ENRUM_OK &&
        body.name.len > 0 && shell_name_find(shell, &body.person) == NULL) {
        struct shell_name *name = &shell->names[shell->name_count++];
        name->person = body.person;
        name->role = ROLE_CITIZEN;
        text_copy(name->name, sizeof name->name, body.name);
    }
}

static void learn_queued(struct shell *shell, const struct enrum_item *item)
{
    struct wire_body_queued body;
    if (shell->queue_count < QUEUE_MAX &&
        layout_decode(&layout_body_queued, item->content.body, &body) == ENRUM_OK) {
        struct shell_queued *queued = &shell->queue[shell->queue_count++];
        *queued = (struct shell_queued){.room = body.room,
                                        .unit = item->room,
                                        .received_at = body.received_at,
                                        .is_advice = item->content.kind == KIND_QUEUED_ADVICE};
        text_copy(queued->title, sizeof queued->title, body.title);
    }
}

static void learn_taken(struct shell *shell, const struct enrum_item *item)
{
    struct wire_body_taken body;
    if (layout_decode(&layout_body_taken, item->content.body, &body) != ENRUM_OK) {
        return;
    }
    for (size_t i = 0; i < shell->queue_count; i++) {
        if (id_equal(&shell->queue[i].room, &body.room)) {
            shell->queue[i].is_taken = true;
        }
    }
}

/* It is another unit's now. */
static void learn_left(struct shell *shell, const struct enrum_item *item)
{
    struct wire_body_queue_left body;
    size_t kept = 0;
    if (layout_decode(&layout_body_queue_left, item->content.body, &body) != ENRUM_OK) {
        return;
    }
    for (size_t i = 0; i < shell->queue_count; i++) {
        const struct shell_queued *row = &shell->queue[i];
        if (!id_equal(&row->room, &body.room) || !id_equal(&row->unit, &item->room)) {
            shell->queue[kept++] = shell->queue[i];
        }
    }
    shell->queue_count = kept;
}

/* Names and queue are the keeper's word; what others write of that kind is refused, and not
 * believed here either. */
static void on_entry(struct shell *shell, const struct enrum_item *item)
{
    if (item->is_open && item->author.body.role == ROLE_KEEPER) {
        if (item->content.kind == KIND_PROFILE) {
            learn_profile(shell, item);
        } else if (item->content.kind == KIND_ACCESS) {
            learn_access(shell, item);
        } else if (item->content.kind == KIND_QUEUED || item->content.kind == KIND_QUEUED_ADVICE) {
            learn_queued(shell, item);
        } else if (item->content.kind == KIND_TAKEN) {
            learn_taken(shell, item);
        } else if (item->content.kind == KIND_QUEUE_LEFT) {
            learn_left(shell, item);
        }
    }
    if (shell->on_item != NULL) {
        shell->on_item(shell, item);
    }
}

/* -- Events -- */

static void on_warning(struct shell *shell, const struct enrum_event *event)
{
    char hex[65];
    id_hex(&event->room, hex);
    if (shell->trust_err == ENRUM_OK && error_class(event->err) == ERROR_TRUST &&
        event->err != ENRUM_OPEN_FAILED) {
        shell->trust_err = event->err;
        shell->trust_room = event->room;
    }
    fprintf(stderr, "%s: %s (%s)%s%s\n", say(shell, "WARNING", "VARNING"),
            error_sentence(event->err, shell->is_swedish), error_name(event->err),
            id_is_zero(&event->room) ? "" : " ", id_is_zero(&event->room) ? "" : hex);
}

/* On a terminal, in its place; a line of its own at the end. */
static void on_progress(struct shell *shell, const struct enrum_event *event)
{
    shell->moved++;
    if (isatty(STDERR_FILENO)) {
        uint64_t total = event->total > 0 ? event->total : 1;
        fprintf(stderr, "\r%3llu %%  %llu / %llu kB%s",
                (unsigned long long)(event->done * 100 / total),
                (unsigned long long)(event->done + 999) / 1000,
                (unsigned long long)(event->total + 999) / 1000,
                event->done == event->total ? "\n" : "");
    }
}

static void on_moved(const struct shell *shell, const struct enrum_event *event)
{
    char room[65], moved_to[65];
    id_hex(&event->room, room);
    id_hex(&event->moved_to, moved_to);
    fprintf(stderr, "%s %s %s %s\n", say(shell, "the conversation", "samtalet"), room,
            say(shell, "has become", "har blivit"), moved_to);
}

static void on_answer(struct shell *shell, const struct enrum_event *event)
{
    shell->answered_request = event->request;
    shell->answer_err = event->err;
    if (event->invited != NULL) {
        text_copy(shell->answer_code, sizeof shell->answer_code, event->invited->code);
        shell->answer_until = event->invited->until;
    }
    buffer_reset(&shell->answer_units);
    buffer_append_slice(&shell->answer_units, event->units);
    if (event->notice != NULL) {
        shell->notice_state = event->notice->state;
        text_copy(shell->notice_address, sizeof shell->notice_address, event->notice->address);
    }
    if (event->devices != NULL) {
        const struct slice *devices = &event->devices->devices;
        buffer_reset(&shell->devices);
        buffer_append(&shell->devices, devices->at, devices->len);
    }
}

static void on_event(void *context, const struct enrum_event *event)
{
    struct shell *shell = context;
    switch (event->type) {
    case ENRUM_EVENT_STATE:
        shell->state = event->state;
        shell->state_err = event->err;
        break;
    case ENRUM_EVENT_LOGGED_IN:
        shell->is_login_told = true;
        shell->login_err = event->err;
        break;
    case ENRUM_EVENT_ENTRY:
        on_entry(shell, event->item);
        break;
    case ENRUM_EVENT_SENT:
        shell->sent++;
        if (shell->prints_sent) {
            printf("%llu\n", (unsigned long long)event->seq);
            fflush(stdout);
        }
        break;
    case ENRUM_EVENT_NOT_SENT:
        shell->not_sent_err = event->err;
        break;
    case ENRUM_EVENT_UP_TO_DATE:
        shell->up_to_date++;
        shell->up_to_date_err = event->err;
        break;
    case ENRUM_EVENT_ANSWER:
        on_answer(shell, event);
        break;
    case ENRUM_EVENT_WARNING:
        on_warning(shell, event);
        break;
    case ENRUM_EVENT_DATABASE:
        if (event->err != ENRUM_OK) {
            fprintf(stderr, "enrum: enrum.db: %s\n", event->detail);
        }
        break;
    case ENRUM_EVENT_MOVED:
        on_moved(shell, event);
        break;
    case ENRUM_EVENT_PROGRESS:
        on_progress(shell, event);
        break;
    case ENRUM_EVENT_SAVED:
        shell->is_saved = true;
        shell->saved_err = event->err;
        break;
    case ENRUM_EVENT_ROOM:
    case ENRUM_EVENT_LETTER:
    case ENRUM_EVENT_APPENDED:
    case ENRUM_EVENT_TRANSIENT:
    case ENRUM_EVENT_CALL:
        break;
    }
}

/* -- Opening -- */

enum enrum_err shell_open(struct shell *shell)
{
    struct enrum_board *board = NULL;
    enum enrum_err err = ENRUM_OK;
    buffer_init(&shell->devices, LETTER_BYTES_MAX);
    buffer_init(&shell->answer_units, LETTER_BYTES_MAX);
    shell->names = calloc(NAMES_MAX, sizeof *shell->names);
    shell->queue = calloc(QUEUE_MAX, sizeof *shell->queue);
    if (shell->names == NULL || shell->queue == NULL) {
        return ENRUM_MEMORY;
    }
    if (shell->board_path != NULL) {
        board = calloc(1, sizeof *board);
        err = board == NULL ? ENRUM_MEMORY : enrum_board_read(shell->board_path, board);
    }
    if (err == ENRUM_OK) {
        struct enrum_options options = {.home = shell->home,
                                        .board = board,
                                        .ca_file = shell->ca_file,
                                        .software = "enrum 0.1",
                                        .on_event = on_event,
                                        .context = shell};
        err = enrum_open(&options, &shell->enrum);
    }
    free(board);
    return err;
}

void shell_close(struct shell *shell)
{
    enrum_close(shell->enrum);
    shell->enrum = NULL;
    explicit_bzero(shell->answer_code, sizeof shell->answer_code);
    buffer_fini(&shell->devices);
    buffer_fini(&shell->answer_units);
    free(shell->names);
    free(shell->queue);
    shell->names = NULL;
    shell->queue = NULL;
}

/* -- Waiting -- */

enum enrum_err shell_wait(struct shell *shell, bool (*is_done)(const struct shell *shell),
                          uint64_t timeout_ms)
{
    uint64_t deadline = mono_ms() + timeout_ms;
    while (!is_done(shell)) {
        if (mono_ms() >= deadline) {
            return ENRUM_TIMEOUT;
        }
        enrum_step(shell->enrum, 100);
    }
    return ENRUM_OK;
}

/* -- Until all is sent -- */

static bool is_all_sent(const struct shell *shell)
{
    return shell->not_sent_err != ENRUM_OK || shell->trust_err != ENRUM_OK ||
           enrum_outbox_count(shell->enrum) == 0;
}

enum enrum_err shell_wait_sent(struct shell *shell)
{
    enum enrum_err err = ENRUM_OK;
    uint64_t sent_before;
    do { /* the time is for each answer, not for all of a long input or a large file */
        sent_before = shell->sent + shell->moved;
        err = shell_wait(shell, is_all_sent, shell->timeout_ms);
    } while (err == ENRUM_TIMEOUT && shell->sent + shell->moved > sent_before);
    if (shell->not_sent_err != ENRUM_OK) {
        return shell->not_sent_err;
    }
    return shell->trust_err != ENRUM_OK ? shell->trust_err : err;
}

/* -- Asking the keeper -- */

static uint64_t waited_request;

static bool is_answered(const struct shell *shell)
{
    return shell->answered_request == waited_request;
}

enum enrum_err shell_ask(struct shell *shell, uint64_t kind, const void *body)
{
    enum enrum_err err = enrum_ask(shell->enrum, kind, body, false, &waited_request);
    if (err == ENRUM_OK) {
        err = shell_wait(shell, is_answered, shell->timeout_ms);
    }
    return err == ENRUM_OK ? shell->answer_err : err;
}

/* -- Until something is there -- */

/* An answer that trying again does not change. */
static bool is_final(const struct shell *shell)
{
    enum enrum_err err = shell->state_err;
    return err != ENRUM_OK && error_class(err) != ERROR_GONE && error_class(err) != ERROR_LIMIT;
}

static bool is_ready_or_refused(const struct shell *shell)
{
    return shell->state == ENRUM_READY || is_final(shell);
}

enum enrum_err shell_ready(struct shell *shell)
{
    struct enrum_self self;
    enrum_self(shell->enrum, &self);
    if (!self.is_logged_in) {
        return self.role == 0 ? ENRUM_NOT_LOGGED_IN : ENRUM_CERTIFICATE_EXPIRED;
    }
    enum enrum_err err = shell_wait(shell, is_ready_or_refused, shell->timeout_ms);
    if (err == ENRUM_OK && shell->state != ENRUM_READY) {
        err = shell->state_err;
    }
    return err == ENRUM_TIMEOUT && shell->state == ENRUM_OFFLINE ? ENRUM_NETWORK : err;
}

static size_t wanted_up_to_date;

static bool is_followed_or_broken(const struct shell *shell)
{
    return shell->up_to_date >= wanted_up_to_date || shell->trust_err != ENRUM_OK;
}

enum enrum_err shell_follow(struct shell *shell, const struct id *room)
{
    struct enrum_room found;
    wanted_up_to_date = shell->up_to_date + 1;
    enum enrum_err err = enrum_follow(shell->enrum, room);
    if (err == ENRUM_OK && enrum_room_find(shell->enrum, room, &found) == ENRUM_OK &&
        found.trouble != ENRUM_OK) {
        return found.trouble; /* known: nothing more will come */
    }
    if (err == ENRUM_OK) {
        err = shell_wait(shell, is_followed_or_broken, shell->timeout_ms);
    }
    if (enrum_room_find(shell->enrum, room, &found) == ENRUM_OK && found.trouble != ENRUM_OK) {
        return found.trouble;
    }
    return err == ENRUM_OK ? shell->up_to_date_err : err;
}

static const struct id *wanted_key;

static bool has_key_or_none_comes(const struct shell *shell)
{
    struct enrum_room found;
    enum enrum_err err = enrum_room_find(shell->enrum, wanted_key, &found);
    return err != ENRUM_OK || found.has_key || found.trouble != ENRUM_OK ||
           shell->up_to_date_err != ENRUM_OK || shell->trust_err != ENRUM_OK;
}

enum enrum_err shell_follow_to_write(struct shell *shell, const struct id *room)
{
    enum enrum_err err = shell_follow(shell, room);
    wanted_key = room;
    /* What is read is told after some seconds, key or none; who writes can do nothing without. */
    if (err == ENRUM_OK) {
        (void)shell_wait(shell, has_key_or_none_comes, shell->timeout_ms);
    }
    return err;
}

struct listing {
    size_t count;
    struct id rooms[LISTED_MAX];
};

static void each_room(void *context, const struct enrum_room *room)
{
    struct listing *listing = context;
    if (listing->count < LISTED_MAX && room->trouble == ENRUM_OK) {
        listing->rooms[listing->count++] = room->room;
    }
}

enum enrum_err shell_follow_all(struct shell *shell)
{
    struct listing *listing = calloc(1, sizeof *listing);
    enum enrum_err err = ENRUM_OK;
    if (listing == NULL) {
        return ENRUM_MEMORY;
    }
    enrum_rooms(shell->enrum, each_room, listing);
    wanted_up_to_date = shell->up_to_date + listing->count;
    for (size_t i = 0; err == ENRUM_OK && i < listing->count; i++) {
        err = enrum_follow(shell->enrum, &listing->rooms[i]);
    }
    free(listing);
    return err == ENRUM_OK ? shell_wait(shell, is_followed_or_broken, shell->timeout_ms) : err;
}

/* -- Rooms by name -- */

enum { PREFIX_MIN = 8 };

struct search {
    const char *prefix;
    size_t found;
    struct id room;
};

static void search_try(struct search *search, const struct id *room)
{
    char hex[65];
    id_hex(room, hex);
    if (strncmp(hex, search->prefix, strlen(search->prefix)) == 0 &&
        (search->found == 0 || !id_equal(room, &search->room))) {
        search->found++;
        search->room = *room;
    }
}

static void each_candidate(void *context, const struct enrum_room *room)
{
    search_try(context, &room->room);
}

enum enrum_err shell_room(struct shell *shell, const char *text, struct id *out)
{
    struct search search = {.prefix = text};
    if (id_of_hex(text, out)) {
        return ENRUM_OK;
    }
    if (strlen(text) < PREFIX_MIN || strspn(text, "0123456789abcdef") != strlen(text)) {
        return ENRUM_USAGE;
    }
    enrum_rooms(shell->enrum, each_candidate, &search);
    for (size_t i = 0; i < shell->queue_count; i++) {
        search_try(&search, &shell->queue[i].room);
    }
    if (search.found != 1) {
        return search.found == 0 ? ENRUM_ROOM_UNKNOWN : ENRUM_USAGE;
    }
    *out = search.room;
    return ENRUM_OK;
}

enum enrum_err shell_bring(struct shell *shell, const char *text, struct id *out)
{
    enum enrum_err err = shell_ready(shell);
    if (err == ENRUM_OK) {
        err = shell_room(shell, text, out);
    }
    return err == ENRUM_OK ? shell_follow(shell, out) : err;
}
