/* journal -- see journal.h. */
#include "journal/work.h"

#include <stdlib.h>

enum { SESSIONS_MAX = 1 << 20, REVOKED_MAX = 1 << 20, TICKETS_MAX = 1 << 20 };

struct journal *journal_new(const struct journal_limits *limits)
{
    struct journal *journal = calloc(1, sizeof *journal);
    if (journal != NULL) {
        journal->limits = *limits;
        table_init(&journal->rooms, sizeof(struct room_key), limits->rooms_max);
        table_init(&journal->tickets, sizeof(uint64_t), TICKETS_MAX);
        table_init(&journal->revoked, sizeof(struct room_key), REVOKED_MAX);
        audience_init(&journal->audience, SESSIONS_MAX);
    }
    return journal;
}

void event_free(struct event *event)
{
    if (event->held != NULL) {
        *event->held -= parcel_slice(event->bytes).len;
    }
    parcel_unref(event->bytes);
    parcel_unref(event->certificate);
    parcel_unref(event->issuer);
    free(event);
}

void pending_free(struct pending *pending)
{
    if (pending->event != NULL) {
        event_free(pending->event);
    }
    free(pending->added);
    free(pending);
}

static void pendings_free(struct list *list)
{
    LIST_EACH (link, list) {
        list_remove(link);
        pending_free(LIST_ITEM(link, struct pending, link));
    }
}

static void room_free(struct room *room)
{
    LIST_EACH (link, &room->waiting) {
        list_remove(link);
        event_free(LIST_ITEM(link, struct event, link));
    }
    pendings_free(&room->pending);
    pendings_free(&room->failed);
    room_snapshot_free(&room->now);
    free(room);
}

void journal_free(struct journal *journal)
{
    size_t cursor = 0;
    void *value = NULL;
    audience_fini(&journal->audience);
    while (table_next(&journal->rooms, &cursor, NULL, &value)) {
        room_free(value);
    }
    table_fini(&journal->rooms);
    table_fini(&journal->tickets);
    table_fini(&journal->revoked);
    free(journal);
}

/* -- Answers that are counted -- */

void work_refuse(struct journal *journal, const struct event *event, enum enrum_err err,
                 struct effects *out)
{
    if ((size_t)err < sizeof journal->counts.refused / sizeof journal->counts.refused[0]) {
        journal->counts.refused[err]++;
    }
    answer_error(out, event->session, event->request, err);
}

/* -- Rooms in memory -- */

bool room_is_idle(const struct room *room)
{
    return (room->state == ROOM_LOADED || room->state == ROOM_UNKNOWN) &&
           list_is_empty(&room->waiting) && list_is_empty(&room->pending) &&
           list_is_empty(&room->failed) && list_is_empty(&room->follows);
}

void room_load(struct room *room, struct effects *out)
{
    struct effect effect = {.type = EFFECT_ROOM_LOAD,
                            .room_load = {room->key.board, room->key.room}};
    room->state = ROOM_LOADING;
    effect_push(out, &effect);
}

void room_forget(struct journal *journal, struct room *room)
{
    (void)table_remove(&journal->rooms, &room->key);
    room_free(room);
}

/* When the memory's rooms are all taken: those that nobody needs go. */
static void rooms_forget_idle(struct journal *journal)
{
    struct room *idle[64];
    size_t count = 0, cursor = 0;
    void *value = NULL;
    while (count < sizeof idle / sizeof idle[0] &&
           table_next(&journal->rooms, &cursor, NULL, &value)) {
        if (room_is_idle(value)) {
            idle[count++] = value;
        }
    }
    for (size_t i = 0; i < count; i++) {
        room_forget(journal, idle[i]);
    }
}

static struct room *room_make(struct journal *journal, const struct room_key *key,
                              struct effects *out)
{
    struct room *room = table_find(&journal->rooms, key);
    if (room != NULL) {
        return room;
    }
    if (journal->rooms.count >= journal->limits.rooms_max) {
        rooms_forget_idle(journal);
    }
    /* Without the answer to the load it would be LOADING for good. */
    room = effect_reserve(out) ? calloc(1, sizeof *room) : NULL;
    if (room == NULL) {
        return NULL;
    }
    room->key = *key;
    list_init(&room->waiting);
    list_init(&room->pending);
    list_init(&room->failed);
    list_init(&room->follows);
    if (table_insert(&journal->rooms, key, room) != TABLE_OK) {
        free(room);
        return NULL;
    }
    room_load(room, out);
    return room;
}

/* -- Revocation -- */

bool journal_follows(const struct journal *journal, uint64_t session, const struct id *board,
                     const struct id *room)
{
    const struct attendant *attendant = audience_find(&journal->audience, session);
    return attendant != NULL && audience_follow_find(attendant, board, room) != NULL;
}

void journal_sessions_of(const struct journal *journal, const struct id *board,
                         const struct id *room, const struct id *person,
                         void (*each)(void *argument, uint64_t session), void *argument)
{
    struct room_key key = {*board, *room};
    const struct room *found = table_find(&journal->rooms, &key);
    if (found == NULL) {
        return;
    }
    LIST_EACH (link, &found->follows) {
        const struct follow *follow = LIST_ITEM(link, struct follow, by_room);
        if (person == NULL || id_equal(&follow->attendance->identity.person, person)) {
            each(argument, follow->attendant->session);
        }
    }
}

bool journal_is_revoked(const struct journal *journal, const struct id *board,
                        const struct id *subject)
{
    struct room_key key = {*board, *subject};
    return table_find(&journal->revoked, &key) != NULL;
}

enum enrum_err journal_revoked_add(struct journal *journal, const struct id *board,
                                   const struct id *subject)
{
    struct room_key key = {*board, *subject};
    return table_insert(&journal->revoked, &key, journal) == TABLE_FULL ? ENRUM_MEMORY : ENRUM_OK;
}

bool is_revoked(const struct journal *journal, const struct identity *who)
{
    return journal_is_revoked(journal, &who->board, &who->device) ||
           journal_is_revoked(journal, &who->board, &who->person);
}

static size_t pending_count(const struct room *room)
{
    size_t count = 0;
    LIST_EACH (link, &room->pending) {
        count++;
    }
    return count;
}

static bool is_for_the_disk(const struct event *event)
{
    return event->type == EVENT_APPEND || event->type == EVENT_BLOB_PUT;
}

/* A disk that stands still must not become a full memory. */
static bool is_full(const struct journal *journal, const struct room *room,
                    const struct event *event)
{
    if (!is_for_the_disk(event)) {
        return room->waiting_count >= journal->limits.waiting_max;
    }
    return room->waiting_count >= journal->limits.waiting_max ||
           pending_count(room) >= journal->limits.waiting_max ||
           journal->held_bytes + parcel_slice(event->bytes).len > journal->limits.held_bytes_max;
}

/* Judges the event now or keeps it until the room can. Takes the event (NULL: memory was short). */
static void event_put(struct journal *journal, const struct id *board, const struct id *room_name,
                      struct event *event, struct effects *out)
{
    struct room_key key = {*board, *room_name};
    struct room *room = room_make(journal, &key, out);
    if (room == NULL) {
        work_refuse(journal, event, ENRUM_BUSY, out);
        event_free(event);
        return;
    }
    if (is_full(journal, room, event)) {
        work_refuse(journal, event, ENRUM_BUSY, out);
        event_free(event);
        return;
    }
    if (is_for_the_disk(event)) {
        event->held = &journal->held_bytes;
        journal->held_bytes += parcel_slice(event->bytes).len;
    }
    if (room->state == ROOM_LOADED) {
        judge_event(journal, room, event, out);
    } else {
        list_push_back(&room->waiting, &event->link);
        room->waiting_count++;
        if (room->state == ROOM_UNKNOWN) {
            room_load(room, out);
        }
    }
}

static struct event *event_new(enum event_type type, uint64_t session, uint64_t request,
                               const struct identity *identity)
{
    struct event *event = calloc(1, sizeof *event);
    if (event != NULL) {
        list_init(&event->link);
        event->type = type;
        event->session = session;
        event->request = request;
        event->identity = *identity;
    }
    return event;
}

/* -- What sessions ask -- */

void journal_follow(struct journal *journal, uint64_t session, uint64_t request,
                    const struct identity *identity, const struct id *room, struct effects *out)
{
    struct event *event = event_new(EVENT_FOLLOW, session, request, identity);
    if (event == NULL) {
        answer_error(out, session, request, ENRUM_MEMORY);
        return;
    }
    event_put(journal, &identity->board, room, event, out);
}

void journal_unfollow(struct journal *journal, uint64_t session, uint64_t request,
                      const struct id *board, const struct id *room, struct effects *out)
{
    const struct attendant *attendant = audience_find(&journal->audience, session);
    struct follow *follow = attendant != NULL ? audience_follow_find(attendant, board, room) : NULL;
    if (follow != NULL) {
        audience_unfollow(&journal->audience, follow);
    }
    answer_done(out, session, request);
}

void journal_fetch(struct journal *journal, uint64_t session, uint64_t request,
                   const struct identity *identity, const struct msg_fetch *fetch,
                   struct effects *out)
{
    struct event *event = event_new(EVENT_FETCH, session, request, identity);
    if (event == NULL) {
        answer_error(out, session, request, ENRUM_MEMORY);
        return;
    }
    event->after = fetch->after;
    event->limit = fetch->limit;
    event_put(journal, &identity->board, &fetch->room, event, out);
}

/* An event that carries bytes and needs its author's certificates later. NULL: memory, or the
 * session is not known. */
static struct event *authored_new(struct journal *journal, enum event_type type, uint64_t session,
                                  uint64_t request, const struct identity *identity,
                                  struct slice bytes)
{
    const struct attendant *attendant = audience_find(&journal->audience, session);
    const struct attendance *attendance = attendant != NULL
                                              ? attendance_find(attendant, &identity->board)
                                              : NULL;
    struct event *event = attendance != NULL ? event_new(type, session, request, identity) : NULL;
    if (event == NULL) {
        return NULL;
    }
    event->bytes = parcel_new(bytes.at, bytes.len);
    event->certificate = parcel_ref(attendance->certificate);
    event->issuer = attendance->issuer != NULL ? parcel_ref(attendance->issuer) : NULL;
    if (event->bytes == NULL) {
        event_free(event);
        return NULL;
    }
    return event;
}

void journal_append(struct journal *journal, uint64_t session, uint64_t request,
                    const struct identity *identity, const struct id *room, struct slice entries,
                    uint64_t now_ms, struct effects *out)
{
    struct event *event = authored_new(journal, EVENT_APPEND, session, request, identity, entries);
    if (event == NULL) {
        answer_error(out, session, request, ENRUM_MEMORY);
        return;
    }
    event->now_ms = now_ms;
    event_put(journal, &identity->board, room, event, out);
}

static enum enrum_err heads_check(struct slice rest, const struct id *room)
{
    while (rest.len > 0) {
        struct entry entry;
        enum enrum_err err = entry_next_bare(&rest, &entry);
        if (err != ENRUM_OK) {
            return err;
        }
        if (!id_equal(&entry.head.room, room)) {
            return ENRUM_ROOM_UNKNOWN;
        }
    }
    return ENRUM_OK;
}

void journal_create(struct journal *journal, uint64_t session, uint64_t request,
                    const struct identity *identity, const struct id *random, struct slice entries,
                    uint64_t now_ms, struct effects *out)
{
    struct id room;
    room_id(&identity->board, &identity->certificate, random, &room);
    enum enrum_err err = heads_check(entries, &room);
    struct event *event = err == ENRUM_OK ? authored_new(journal, EVENT_APPEND, session, request,
                                                         identity, entries)
                                          : NULL;
    if (event == NULL) {
        answer_error(out, session, request, err != ENRUM_OK ? err : ENRUM_MEMORY);
        return;
    }
    event->now_ms = now_ms;
    event->creates = true;
    event_put(journal, &identity->board, &room, event, out);
}

void journal_transient(struct journal *journal, uint64_t session, uint64_t request,
                       const struct identity *identity, const struct msg_transient_send *message,
                       struct effects *out)
{
    struct event *event = authored_new(journal, EVENT_TRANSIENT, session, request, identity,
                                       message->frame);
    if (event == NULL) {
        answer_error(out, session, request, ENRUM_MEMORY);
        return;
    }
    event_put(journal, &identity->board, &message->room, event, out);
}

/* The same for what needs no certificates. Takes no bytes that are not there. */
static void blob_event_put(struct journal *journal, struct event *event, const struct id *room,
                           struct slice bytes, struct effects *out)
{
    event->bytes = bytes.len > 0 ? parcel_new(bytes.at, bytes.len) : NULL;
    if (bytes.len > 0 && event->bytes == NULL) {
        work_refuse(journal, event, ENRUM_MEMORY, out);
        event_free(event);
        return;
    }
    const struct id board = event->identity.board;
    event_put(journal, &board, room, event, out);
}

void journal_blob_put(struct journal *journal, uint64_t session, uint64_t request,
                      const struct identity *identity, const struct id *room, const struct id *blob,
                      struct slice bytes, struct effects *out)
{
    struct event *event = event_new(EVENT_BLOB_PUT, session, request, identity);
    if (event == NULL) {
        answer_error(out, session, request, ENRUM_MEMORY);
        return;
    }
    event->blob = *blob;
    blob_event_put(journal, event, room, bytes, out);
}

void journal_blob_ask(struct journal *journal, uint64_t session, uint64_t request,
                      const struct identity *identity, const struct msg_blob_ask *message,
                      struct effects *out)
{
    struct event *event = event_new(EVENT_BLOB_ASK, session, request, identity);
    if (event == NULL) {
        answer_error(out, session, request, ENRUM_MEMORY);
        return;
    }
    blob_event_put(journal, event, &message->room, message->blobs, out);
}

void journal_blob_get(struct journal *journal, uint64_t session, uint64_t request,
                      const struct identity *identity, const struct msg_blob_get *message,
                      struct effects *out)
{
    struct event *event = event_new(EVENT_BLOB_GET, session, request, identity);
    if (event == NULL) {
        answer_error(out, session, request, ENRUM_MEMORY);
        return;
    }
    event->blob = message->blob;
    blob_event_put(journal, event, &message->room, slice_of("", 0), out);
}

bool journal_papers(const struct journal *journal, uint64_t session, const struct id *board,
                    struct slice *certificate, struct slice *issuer)
{
    const struct attendant *attendant = audience_find(&journal->audience, session);
    const struct attendance *attendance = attendant != NULL ? attendance_find(attendant, board)
                                                            : NULL;
    if (attendance == NULL) {
        return false;
    }
    *certificate = parcel_slice(attendance->certificate);
    *issuer = attendance->issuer != NULL ? parcel_slice(attendance->issuer) : slice_of(NULL, 0);
    return true;
}

void journal_session_ready(struct journal *journal, uint64_t session,
                           const struct identity *identity, struct slice certificate,
                           struct slice issuer, struct effects *out)
{
    if (!audience_join(&journal->audience, session, identity, certificate, issuer)) {
        out->failed = true;
    }
}

void journal_session_gone(struct journal *journal, uint64_t session, struct effects *out)
{
    (void)out;
    audience_leave(&journal->audience, session);
    size_t cursor = 0;
    void *value = NULL;
    /* Session ids are never used twice, but an answer to nobody need not be made. */
    while (table_next(&journal->tickets, &cursor, NULL, &value)) {
        struct pending *pending = value;
        if (pending->event->session == session) {
            pending->event->session = 0;
        }
    }
}

void journal_counts(const struct journal *journal, struct journal_counts *out)
{
    *out = journal->counts;
    out->rooms = journal->rooms.count;
    out->follows = journal->audience.follows;
    out->appends_pending = journal->tickets.count;
}
