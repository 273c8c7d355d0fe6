/* actor -- see actor.h. */
#include "actor.h"

#include "../../client-sdk/c/handle.h"
#include "../../client-sdk/keeper/letters.h"
#include "../../client-sdk/keeper/staff.h"
#include "clocks.h"
#include "ledger.h"
#include "network.h"
#include "papers.h"
#include "people.h"
#include "texts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A step each 200 ms at least: what an application's loop would do. */
enum { STEP_MS = 200, HASTE_MAX = 1000 };

struct actor actors[ACTORS_MAX];
size_t actor_count;
static struct actor *current;

struct actor *actor_current(void)
{
    return current;
}

void actor_new(uint64_t role, const char *identity)
{
    assert(actor_count < ACTORS_MAX);
    struct actor *actor = &actors[actor_count];
    memset(actor, 0, sizeof *actor);
    actor->index = actor_count++;
    actor->role = role;
    (void)snprintf(actor->identity, sizeof actor->identity, "%s", identity);
    (void)snprintf(actor->home, sizeof actor->home, "%s/actor-%zu", world.folder, actor->index);
    clocks_set(actor->index, (int64_t)chance_below(&world.play, 3000) - 1500);
}

struct view *actor_view(struct actor *actor, const struct id *room)
{
    for (size_t i = 0; i < actor->view_count; i++) {
        if (id_equal(&actor->views[i].room, room)) {
            return &actor->views[i];
        }
    }
    assert(actor->view_count < VIEWS_MAX);
    struct view *view = &actor->views[actor->view_count++];
    *view = (struct view){.room = *room, .opened_least = UINT64_MAX};
    return view;
}

/* -- What it is told -- */

static void unopened_note(struct view *view, const struct enrum_item *item)
{
    size_t i = 0;
    while (i < view->unopened_count && view->unopened[i] != item->seq) {
        i++;
    }
    if (item->open_err != ENRUM_OK && i == view->unopened_count) {
        assert(i < sizeof view->unopened / sizeof view->unopened[0]);
        view->unopened[view->unopened_count++] = item->seq;
    } else if (item->open_err == ENRUM_OK && i < view->unopened_count) {
        view->unopened[i] = view->unopened[--view->unopened_count];
    }
}

/* A place that no other file of this life has. */
static void save_path(const struct actor *actor, uint64_t seq, const struct id *room,
                      char out[PATH_MAX_BYTES])
{
    (void)snprintf(out, PATH_MAX_BYTES, "%s/saved-%zu-%u-%" PRIu64 "-%02x%02x%02x%02x",
                   world.folder, actor->index, actor->lives, seq, room->bytes[0], room->bytes[1],
                   room->bytes[2], room->bytes[3]);
}

static void file_take(struct actor *actor, const struct enrum_item *item)
{
    struct wire_body_file body;
    char path[PATH_MAX_BYTES];
    uint64_t request;
    if (layout_decode(&layout_body_file, item->content.body, &body) != ENRUM_OK) {
        world_fail("files", "number %" PRIu64 " is no file", item->seq);
        return;
    }
    text_seen(&item->room, item->seq, body.text);
    if (actor->role != ROLE_KEEPER) {
        save_path(actor, item->seq, &item->room, path);
        enum enrum_err err = enrum_save_file(actor->enrum, &item->room, item->seq, path, &request);
        if (err != ENRUM_OK) {
            world_fail("files", "actor %zu cannot save: %s", actor->index, error_name(err));
        }
    }
}

/* Whoever was taken out in the meantime gets nothing more. */
static void on_saved(struct actor *actor, const struct enrum_event *event)
{
    char path[PATH_MAX_BYTES];
    save_path(actor, event->seq, &event->room, path);
    if (event->err == ENRUM_OK) {
        text_file_judge(path, &event->room, event->seq);
        (void)unlink(path);
    } else if (event->err != ENRUM_ROOM_UNKNOWN) {
        world_fail("files", "actor %zu has not got a file: %s", actor->index,
                   error_name(event->err));
    }
}

/* The keeper's word from when on this actor's person may read. */
static void access_take(struct actor *actor, const struct enrum_item *item)
{
    enum { LET_IN = 1 };
    struct wire_body_access access;
    struct view *view = actor_view(actor, &item->room);
    if (layout_decode(&layout_body_access, item->content.body, &access) == ENRUM_OK &&
        access.operation == LET_IN && id_equal(&access.person, &actor->person)) {
        bool is_least = view->first_least == 0 || access.first < view->first_least;
        view->first = access.first;
        view->first_least = is_least ? access.first : view->first_least;
    }
}

static void content_take(struct actor *actor, const struct enrum_item *item)
{
    struct wire_body_text text;
    struct wire_body_queued queued;
    if (!item->is_open) {
        return;
    }
    if (item->content.kind == KIND_MESSAGE &&
        layout_decode(&layout_body_text, item->content.body, &text) == ENRUM_OK) {
        text_seen(&item->room, item->seq, text.text);
    } else if (item->content.kind == KIND_FILE) {
        file_take(actor, item);
    } else if (item->content.kind == KIND_ACCESS) {
        access_take(actor, item);
    } else if (item->content.kind == KIND_CASE_ROOM && actor->role == ROLE_KEEPER) {
        people_case_room(item);
    } else if (item->content.kind == KIND_QUEUED && actor->queued_count < QUEUE_MAX &&
               layout_decode(&layout_body_queued, item->content.body, &queued) == ENRUM_OK) {
        actor->queued[actor->queued_count++] = queued.room;
    }
}

/* A view is a prefix of the log on the disk: each entry once, in order, the same. */
static void on_entry(struct actor *actor, const struct enrum_item *item)
{
    struct view *view = actor_view(actor, &item->room);
    const struct ledger_entry *entry = ledger_entry(&item->room, item->seq);
    if (item->seq > view->told + 1) {
        world_fail("prefix", "actor %zu is told number %" PRIu64 " behind %" PRIu64, actor->index,
                   item->seq, view->told);
    }
    if (entry == NULL || !id_equal(&entry->hash, &item->hash)) {
        world_fail("prefix", "actor %zu is told number %" PRIu64 ", which the disk has not",
                   actor->index, item->seq);
    }
    if (item->seq <= view->told && item->open_err != ENRUM_OK) {
        world_fail("prefix", "actor %zu is told number %" PRIu64 " twice for nothing", actor->index,
                   item->seq);
    }
    if (item->is_open && actor->role != ROLE_KEEPER &&
        !ledger_may_read(&item->room, &actor->person, item->generation)) {
        world_fail("who went reads nothing", "actor %zu opens number %" PRIu64, actor->index,
                   item->seq);
    }
    if (item->is_open && item->generation < view->opened_least) {
        view->opened_least = item->generation;
    }
    view->told = item->seq > view->told ? item->seq : view->told;
    unopened_note(view, item);
    content_take(actor, item);
}

static void on_logged_in(struct actor *actor, enum enrum_err err)
{
    actor->is_logging_in = false;
    actor->login_at = timeline_now() + (err == ENRUM_OK ? 0 : 2 * SECOND);
}

static void judge(struct actor *actor, const struct enrum_event *event)
{
    trace("told", actor->index, (uint64_t)event->type << 32 | (uint64_t)event->err);
    if (event->type == ENRUM_EVENT_WARNING) {
        const struct ledger_room *room = ledger_room(&event->room);
        world_fail("nobody cheats", "actor %zu is warned: %s (%s), at %" PRIu64 " of %" PRIu64,
                   actor->index, error_name(event->err), event->detail,
                   actor_view(actor, &event->room)->told, room != NULL ? room->count : 0);
    } else if (event->type == ENRUM_EVENT_ENTRY) {
        on_entry(actor, event->item);
    } else if (event->type == ENRUM_EVENT_STATE) {
        actor->state = event->state;
    }
}

static void on_keeper_event(void *context, const struct enrum_event *event)
{
    struct actor *actor = context;
    if (!actor->is_dead) {
        judge(actor, event);
    }
    keeper_on_event(actor->keeper, event);
}

static uint64_t told_of(size_t index, const struct id *room)
{
    return actor_view(&actors[index], room)->told;
}

static void on_client_event(void *context, const struct enrum_event *event)
{
    struct actor *actor = context;
    if (actor->is_dead) {
        return;
    }
    struct text_writer writer = {actor->index, actor->device, actor->person, told_of};
    judge(actor, event);
    if (event->type == ENRUM_EVENT_ROOM) {
        (void)enrum_follow(actor->enrum, &event->room);
    } else if (event->type == ENRUM_EVENT_SENT) {
        text_sent(&writer, event->outbox, event->seq);
    } else if (event->type == ENRUM_EVENT_NOT_SENT) {
        text_not_sent(&writer, event->outbox, event->err);
    } else if (event->type == ENRUM_EVENT_MOVED) {
        texts_moved(actor->index, &event->room, &event->moved_to);
    } else if (event->type == ENRUM_EVENT_LOGGED_IN) {
        on_logged_in(actor, event->err);
    } else if (event->type == ENRUM_EVENT_SAVED) {
        on_saved(actor, event);
    }
}

/* -- Life -- */

static void keeper_open(struct actor *actor, struct enrum_options *options)
{
    struct enrum_keys keys = {
        .sign = papers.keys.sign,
        .seal = papers.keys.seal,
        .certificate = {papers.keys.certificate, papers.keys.certificate_len}};
    actor->keeper = calloc(1, sizeof *actor->keeper);
    assert(actor->keeper != NULL);
    enum enrum_err err = keeper_init(actor->keeper, &papers.settings, &papers.keys, &papers.board);
    assert(err == ENRUM_OK);
    options->keys = &keys;
    options->on_event = on_keeper_event;
    err = enrum_open(options, &actor->enrum);
    assert(err == ENRUM_OK);
    (void)err;
    CHECK(keeper_begin(actor->keeper, actor->enrum));
}

void actor_open(struct actor *actor)
{
    struct enrum_options options = {.home = actor->home,
                                    .board = &papers.board,
                                    .software = "simulation",
                                    .on_event = on_client_event,
                                    .context = actor};
    current = actor;
    clocks_be(actor->index);
    actor->view_count = actor->queued_count = actor->hasty = actor->doom = 0;
    actor->is_dead = actor->is_logging_in = false;
    actor->login_at = 0;
    if (actor->role == ROLE_KEEPER) {
        keeper_open(actor, &options);
    } else {
        enum enrum_err err = enrum_open(&options, &actor->enrum);
        assert(err == ENRUM_OK);
        (void)err;
    }
    struct enrum_self self;
    enrum_self(actor->enrum, &self);
    actor->device = self.device;
    actor->person = self.person;
    actor->lives++;
    trace("opened", actor->index, actor->lives);
    actor_step_at(actor, timeline_now());
}

static void parts_close(struct actor *actor)
{
    if (actor->keeper != NULL) {
        keeper_rest(actor->keeper);
    }
    enrum_close(actor->enrum);
    if (actor->keeper != NULL) {
        keeper_fini(actor->keeper);
        free(actor->keeper);
    }
    actor->keeper = NULL;
    actor->enrum = NULL;
}

static void next_home(const struct actor *actor, char out[PATH_MAX_BYTES])
{
    (void)snprintf(out, PATH_MAX_BYTES, "%s/actor-%zu-%u", world.folder, actor->index,
                   actor->lives);
}

/* The disk is as it is now, whatever the process does before it is gone. */
static void die(struct actor *actor)
{
    char next[PATH_MAX_BYTES];
    next_home(actor, next);
    folder_copy(actor->home, next);
    actor->is_dead = true;
    trace("dies", actor->index, actor->lives);
}

void actor_close(struct actor *actor, bool is_killed)
{
    char next[PATH_MAX_BYTES];
    if (is_killed && !actor->is_dead) {
        die(actor);
    }
    actor->step_at = 0;
    parts_close(actor);
    if (is_killed) {
        next_home(actor, next);
        folder_remove(actor->home);
        memcpy(actor->home, next, sizeof next);
        world.kills++;
    }
}

bool actor_dies_now(struct actor *actor)
{
    if (!actor->is_dead && actor->doom > 0 && --actor->doom == 0) {
        /* This frame may still have gone out. */
        bool is_sent = chance_is(&world.play, 500);
        die(actor);
        return !is_sent;
    }
    return actor->is_dead;
}

static void on_back(uint64_t subject, void *payload)
{
    (void)payload;
    if (actors[subject].enrum == NULL) {
        actor_open(&actors[subject]);
    }
}

void actor_restart(struct actor *actor, bool is_killed, uint64_t away)
{
    actor_close(actor, is_killed);
    timeline_after(away, &(struct happening){"back", on_back, actor->index, NULL});
}

/* -- Logging in -- */

static void login(struct actor *actor)
{
    char url[4096], state[64] = "";
    enum enrum_err err = enrum_login_begin(actor->enrum, NULL, actor->role,
                                           "http://127.0.0.1:7/callback", url, sizeof url);
    const char *at = err == ENRUM_OK ? strstr(url, "&state=") : NULL;
    assert(at != NULL);
    memcpy(state, at + 7, 43);
    err = enrum_login_finish(actor->enrum, actor->identity, state);
    assert(err == ENRUM_OK);
    actor->is_logging_in = true;
}

static void self_look(struct actor *actor)
{
    struct enrum_self self;
    enrum_self(actor->enrum, &self);
    actor->person = self.person;
    if (!self.is_logged_in && !actor->is_logging_in && timeline_now() >= actor->login_at &&
        enrum_state(actor->enrum) != ENRUM_OFFLINE) {
        login(actor);
    }
}

/* -- Steps -- */

/* The owner of the keeper employs who is to be staff, and says so again until it stands. */
static void staff_employ(struct keeper *keeper)
{
    for (size_t i = 0; i < actor_count && keeper->is_ready && keeper_is_idle(keeper); i++) {
        struct staff_order order = {.verb = STAFF_ADD, .name = "Test Testsson", .title = "Test"};
        if (actors[i].role != ROLE_STAFF) {
            continue;
        }
        memcpy(order.identity, actors[i].identity, sizeof actors[i].identity);
        person_id(&keeper->keys->board_secret, ROLE_STAFF, slice_of_text(order.identity),
                  &actors[i].person);
        if (!registry_is_staff(&keeper->registry, &actors[i].person)) {
            struct id person;
            (void)staff_begin(keeper, &order, &person);
        }
    }
}

static void step(struct actor *actor)
{
    current = actor;
    clocks_be(actor->index);
    if (actor->keeper != NULL) {
        staff_employ(actor->keeper);
        keeper_step(actor->keeper, STEP_MS);
    } else {
        enrum_step(actor->enrum, STEP_MS);
        self_look(actor);
    }
}

static void on_step(uint64_t subject, void *payload)
{
    struct actor *actor = &actors[subject];
    (void)payload;
    if (actor->step_at != timeline_now() || actor->enrum == NULL) {
        return; /* it has been called for another time since */
    }
    actor->step_at = 0;
    step(actor);
    if (actor->is_dead) {
        texts_unhear();
        actor_restart(actor, true, chance_between(&world.play, MS, 8 * SECOND));
        return;
    }
    texts_hear();
    uint64_t wait = socket_wait(actor->socket);
    actor->hasty = wait == 0 ? actor->hasty + 1 : 0;
    if (actor->hasty > HASTE_MAX) {
        world_fail("haste", "actor %zu waits for nothing", actor->index);
    }
    actor_step_at(actor, timeline_now() + (wait > 0 ? wait : 50));
}

void actor_step_at(struct actor *actor, uint64_t at)
{
    if (actor->enrum != NULL && (actor->step_at == 0 || at < actor->step_at)) {
        actor->step_at = at;
        timeline_at(at, &(struct happening){"step", on_step, actor->index, NULL});
    }
}

void actor_arrival(size_t index, uint64_t wire, enum arrival arrival, struct slice frame)
{
    struct actor *actor = &actors[index];
    if (actor->socket != NULL) {
        actor->hasty = 0;
        socket_arrival(actor->socket, wire, arrival, frame);
        actor_step_at(actor, timeline_now() + chance_below(&world.net, 200));
    }
}

/* -- Is it done? -- */

/* What it cannot open, and should. */
static uint64_t unopened_count(const struct view *view)
{
    uint64_t count = 0;
    for (size_t i = 0; i < view->unopened_count; i++) {
        const struct ledger_entry *entry = ledger_entry(&view->room, view->unopened[i]);
        count += entry == NULL || entry->generation >= view->first;
    }
    return count;
}

static bool room_is_done(struct actor *actor, const struct ledger_room *room, char why[160])
{
    if (!ledger_is_member(room, &actor->person) || ledger_is_removed(room, &actor->device)) {
        return true;
    }
    const struct view *view = actor_view(actor, &room->id);
    if (view->told == room->count && unopened_count(view) == 0) {
        return true;
    }
    (void)snprintf(why, 160,
                   "actor %zu has %" PRIu64 " of %" PRIu64 " entries of a room, %" PRIu64
                   " of them unopened",
                   actor->index, view->told, room->count, unopened_count(view));
    return false;
}

static size_t count(const struct list *list)
{
    size_t n = 0;
    LIST_EACH (link, list) {
        n++;
    }
    return n;
}

static bool keeper_is_done(const struct keeper *keeper, char why[160])
{
    (void)snprintf(why, 160, "the keeper is %sready, has %zu deeds, %zu logins, %zu letters",
                   keeper->is_ready ? "" : "not ", count(&keeper->deeds), count(&keeper->signins),
                   count(&keeper->letters));
    return keeper->is_ready && keeper_is_idle(keeper) && list_is_empty(&keeper->letters);
}

bool actor_is_done(struct actor *actor, char why[160])
{
    (void)snprintf(why, 160, "actor %zu does not run", actor->index);
    if (actor->enrum == NULL) {
        return false;
    }
    (void)snprintf(why, 160, "actor %zu is in state %d", actor->index,
                   (int)enrum_state(actor->enrum));
    if (enrum_state(actor->enrum) != ENRUM_READY) {
        return false;
    }
    if (actor->keeper != NULL && !keeper_is_done(actor->keeper, why)) {
        return false;
    }
    (void)snprintf(why, 160, "actor %zu has %zu drafts in its outbox", actor->index,
                   enrum_outbox_count(actor->enrum));
    if (enrum_outbox_count(actor->enrum) > 0) {
        return false;
    }
    (void)snprintf(why, 160, "actor %zu waits for files", actor->index);
    if (!list_is_empty(&actor->enrum->downloads)) {
        return false;
    }
    for (size_t i = 0; i < ledger_count(); i++) {
        if (!room_is_done(actor, ledger_at(i), why)) {
            return false;
        }
    }
    return true;
}
