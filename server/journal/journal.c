/* journal -- see journal.h. */
#include "journal/journal.h"

#include "base/check.h"
#include "journal/answer.h"
#include "journal/audience.h"
#include "journal/room.h"

#include <stdlib.h>
#include <string.h>

enum { RETRIES_MAX = 3, SESSIONS_MAX = 1 << 20, REVOKED_MAX = 1 << 20, TICKETS_MAX = 1 << 20 };

struct room_key {
    struct id board, room;
};

enum room_state {
    ROOM_LOADING,    /* the store has been asked; events wait */
    ROOM_LOADED,     /* `now` is the head with all appends on their way */
    ROOM_RECOVERING, /* an append failed: those behind it must fail too; events wait until they have
                      */
};

struct room {
    struct room_key key;
    enum room_state state;
    struct room_snapshot now;
    struct list waiting; /* struct event: in order of arrival */
    struct list pending; /* struct pending: with the store, in order */
    struct list failed;  /* struct pending: to be judged again, in order */
    struct list follows;
    size_t waiting_count;
};

enum event_type { EVENT_FOLLOW, EVENT_FETCH, EVENT_APPEND, EVENT_TRANSIENT };

/* Something a session wants of a room; kept while the room cannot answer. */
struct event {
    struct list link;
    enum event_type type;
    uint64_t session, request, now_ms, after, limit;
    struct identity identity;
    struct parcel *bytes;       /* entries, or the transient frame */
    struct parcel *certificate; /* the author's; NULL for FOLLOW and FETCH */
    struct parcel *issuer;      /* NULL: a keeper's */
    bool creates;
    unsigned retries;
};

/* An event that the store is working on. */
struct pending {
    struct list link;
    uint64_t ticket;
    struct event *event; /* owned */
    struct room *room;
    bool is_find;
    size_t count;
    uint64_t base_seq, received_at;
    struct id last_hash, last_bytes_hash;
    size_t added_count;
    struct id *added; /* persons that become members */
};

struct journal {
    struct journal_limits limits;
    struct table rooms;   /* room_key -> room */
    struct table tickets; /* ticket -> pending */
    struct table revoked; /* board and subject -> anything */
    struct audience audience;
    uint64_t last_ticket;
    struct journal_counts counts;
};

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

static void event_free(struct event *event)
{
    parcel_unref(event->bytes);
    parcel_unref(event->certificate);
    parcel_unref(event->issuer);
    free(event);
}

static void pending_free(struct pending *pending)
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

static void refuse(struct journal *journal, const struct event *event, enum enrum_err err,
                   struct effects *out)
{
    if ((size_t)err < sizeof journal->counts.refused / sizeof journal->counts.refused[0]) {
        journal->counts.refused[err]++;
    }
    answer_error(out, event->session, event->request, err);
}

/* -- Rooms in memory -- */

/* Nobody needs it: nothing waits, nothing is on its way, nobody follows. */
static bool room_is_idle(const struct room *room)
{
    return room->state == ROOM_LOADED && list_is_empty(&room->waiting) &&
           list_is_empty(&room->pending) && list_is_empty(&room->failed) &&
           list_is_empty(&room->follows);
}

static void room_forget(struct journal *journal, struct room *room)
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
    room = calloc(1, sizeof *room);
    if (room == NULL) {
        return NULL;
    }
    room->key = *key;
    room->state = ROOM_LOADING;
    list_init(&room->waiting);
    list_init(&room->pending);
    list_init(&room->failed);
    list_init(&room->follows);
    if (table_insert(&journal->rooms, key, room) != TABLE_OK) {
        free(room);
        return NULL;
    }
    struct effect effect = {.type = EFFECT_ROOM_LOAD, .room_load = {key->board, key->room}};
    effect_push(out, &effect);
    return room;
}

/* -- Revocation -- */

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

static bool is_revoked(const struct journal *journal, const struct identity *who)
{
    return journal_is_revoked(journal, &who->board, &who->device) ||
           journal_is_revoked(journal, &who->board, &who->person);
}

/* -- What happens in a room -- */

static void event_judge(struct journal *journal, struct room *room, struct event *event,
                        struct effects *out);

static uint64_t ticket_put(struct journal *journal, struct pending *pending)
{
    uint64_t ticket = ++journal->last_ticket;
    pending->ticket = ticket;
    return table_insert_u64(&journal->tickets, ticket, pending) == TABLE_OK ? ticket : 0;
}

static void follow_judge(struct journal *journal, struct room *room, struct event *event,
                         struct effects *out)
{
    if (!room_may_see(&room->now, &event->identity)) {
        refuse(journal, event, ENRUM_ROOM_UNKNOWN, out);
        return;
    }
    if (audience_find(&journal->audience, event->session) == NULL) {
        return; /* gone while the room was loading */
    }
    enum enrum_err err = audience_follow(&journal->audience, event->session, &room->follows,
                                         &room->key.board, &room->key.room,
                                         journal->limits.follows_per_session);
    if (err != ENRUM_OK) {
        refuse(journal, event, err, out);
    } else {
        answer_done(out, event->session, event->request);
    }
}

static void fetch_judge(struct journal *journal, struct room *room, const struct event *event,
                        struct effects *out)
{
    if (!room_may_see(&room->now, &event->identity)) {
        refuse(journal, event, ENRUM_ROOM_UNKNOWN, out);
        return;
    }
    struct effect effect = {.type = EFFECT_FETCH,
                            .fetch = {.session = event->session,
                                      .request = event->request,
                                      .after = event->after,
                                      .limit = event->limit,
                                      .board = room->key.board,
                                      .room = room->key.room,
                                      .device = event->identity.device}};
    effect_push(out, &effect);
}

static void transient_judge(struct journal *journal, struct room *room, const struct event *event,
                            struct effects *out)
{
    if (!room_may_see(&room->now, &event->identity)) {
        refuse(journal, event, ENRUM_ROOM_UNKNOWN, out);
        return;
    }
    struct msg_transient_in message = {.board = room->key.board,
                                       .room = room->key.room,
                                       .frame = parcel_slice(event->bytes),
                                       .certificate = parcel_slice(event->certificate)};
    struct parcel *parcel = answer_encode(&message_transient_in, &message);
    if (parcel == NULL) {
        refuse(journal, event, ENRUM_MEMORY, out);
        return;
    }
    LIST_EACH (link, &room->follows) {
        const struct follow *follow = LIST_ITEM(link, struct follow, by_room);
        if (follow->attendant->session != event->session) {
            answer_parcel(out, follow->attendant->session, parcel);
        }
    }
    parcel_unref(parcel);
    answer_done(out, event->session, event->request);
}

/* Persons of `after` that `before` does not have. */
static bool added_find(const struct room_snapshot *before, const struct room_snapshot *after,
                       struct pending *pending)
{
    pending->added = calloc(after->member_count + 1, sizeof *pending->added);
    if (pending->added == NULL) {
        return false;
    }
    for (size_t i = 0; i < after->member_count; i++) {
        if (room_member_find(before, &after->members[i].person) == NULL) {
            pending->added[pending->added_count++] = after->members[i].person;
        }
    }
    return true;
}

/* The event goes to the store as an append. Takes event and job. */
static void append_start(struct journal *journal, struct room *room, struct event *event,
                         const struct room_verdict *verdict, struct effects *out)
{
    struct append_job *job = verdict->job;
    struct pending *pending = calloc(1, sizeof *pending);
    struct room_snapshot next;
    bool good = pending != NULL && added_find(&room->now, &job->after, pending) &&
                room_snapshot_copy(&job->after, 0, &next);
    if (good && (job->ticket = ticket_put(journal, pending)) == 0) {
        room_snapshot_free(&next);
        good = false;
    }
    if (!good) {
        refuse(journal, event, ENRUM_MEMORY, out);
        event_free(event);
        append_job_free(job);
        if (pending != NULL) {
            pending_free(pending);
        }
        return;
    }
    list_init(&pending->link);
    pending->event = event;
    pending->room = room;
    pending->count = verdict->count;
    pending->base_seq = job->base_seq;
    pending->received_at = job->received_at;
    pending->last_hash = job->after.head_hash;
    room_snapshot_free(&room->now);
    room->now = next;
    list_push_back(&room->pending, &pending->link);
    struct effect effect = {.type = EFFECT_APPEND, .append = job};
    effect_push(out, &effect);
}

/* The number has been used: the store says by whom, behind all that is on its way. Takes the event.
 */
static void find_start(struct journal *journal, struct room *room, struct event *event,
                       const struct room_verdict *verdict, struct effects *out)
{
    struct pending *pending = calloc(1, sizeof *pending);
    uint64_t ticket = pending != NULL ? ticket_put(journal, pending) : 0;
    if (ticket == 0) {
        refuse(journal, event, ENRUM_MEMORY, out);
        event_free(event);
        free(pending);
        return;
    }
    list_init(&pending->link);
    pending->event = event;
    pending->room = room;
    pending->is_find = true;
    pending->count = verdict->count;
    pending->last_bytes_hash = verdict->last_bytes_hash;
    list_push_back(&room->pending, &pending->link);
    struct effect effect = {.type = EFFECT_FIND,
                            .find = {.ticket = ticket,
                                     .board = room->key.board,
                                     .room = room->key.room,
                                     .device = event->identity.device,
                                     .device_seq = verdict->last_device_seq}};
    effect_push(out, &effect);
}

/* Takes the event. */
static void append_judge(struct journal *journal, struct room *room, struct event *event,
                         struct effects *out)
{
    const struct identity *who = &event->identity;
    enum enrum_err err = ENRUM_OK;
    struct room_verdict verdict = {0};
    if (event->creates && !room->now.exists) {
        if (who->role != ROLE_KEEPER && who->role != ROLE_CITIZEN) {
            err = ENRUM_MAY_NOT;
        }
    } else if (!room_may_see(&room->now, who)) {
        err = event->creates ? ENRUM_ROOM_EXISTS : ENRUM_ROOM_UNKNOWN;
    }
    struct room_append append = {.who = who,
                                 .entries = parcel_slice(event->bytes),
                                 .now_ms = event->now_ms,
                                 .creates = event->creates};
    if (err == ENRUM_OK) {
        err = room_judge(&room->now, &append, &verdict);
    }
    if (verdict.is_sent_again) {
        find_start(journal, room, event, &verdict, out);
    } else if (err == ENRUM_OK && event->creates && room->now.exists) {
        append_job_free(verdict.job);
        refuse(journal, event, ENRUM_ROOM_EXISTS, out);
        event_free(event);
    } else if (err == ENRUM_OK) {
        append_start(journal, room, event, &verdict, out);
    } else {
        refuse(journal, event, err, out);
        event_free(event);
    }
}

/* Takes the event. */
static void event_judge(struct journal *journal, struct room *room, struct event *event,
                        struct effects *out)
{
    if (is_revoked(journal, &event->identity)) {
        refuse(journal, event, ENRUM_CERTIFICATE_REVOKED, out);
        event_free(event);
        return;
    }
    switch (event->type) {
    case EVENT_APPEND:
        append_judge(journal, room, event, out);
        return;
    case EVENT_FOLLOW:
        follow_judge(journal, room, event, out);
        break;
    case EVENT_FETCH:
        fetch_judge(journal, room, event, out);
        break;
    case EVENT_TRANSIENT:
        transient_judge(journal, room, event, out);
        break;
    }
    event_free(event);
}

static void waiting_judge(struct journal *journal, struct room *room, struct effects *out)
{
    while (room->state == ROOM_LOADED && !list_is_empty(&room->waiting)) {
        struct event *event = LIST_ITEM(list_first(&room->waiting), struct event, link);
        list_remove(&event->link);
        room->waiting_count--;
        event_judge(journal, room, event, out);
    }
}

static size_t pending_count(const struct room *room)
{
    size_t count = 0;
    LIST_EACH (link, &room->pending) {
        count++;
    }
    return count;
}

/* Judges the event now or keeps it until the room can. Takes the event (NULL: memory was short). */
static void event_put(struct journal *journal, const struct id *board, const struct id *room_name,
                      struct event *event, struct effects *out)
{
    struct room_key key = {*board, *room_name};
    struct room *room = room_make(journal, &key, out);
    if (room == NULL) {
        refuse(journal, event, ENRUM_BUSY, out);
        event_free(event);
        return;
    }
    bool is_full = room->waiting_count >= journal->limits.waiting_max ||
                   (event->type == EVENT_APPEND &&
                    pending_count(room) >= journal->limits.waiting_max);
    if (is_full) {
        refuse(journal, event, ENRUM_BUSY, out);
        event_free(event);
    } else if (room->state == ROOM_LOADED) {
        event_judge(journal, room, event, out);
    } else {
        list_push_back(&room->waiting, &event->link);
        room->waiting_count++;
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
        enum enrum_err err = entry_next(&rest, &entry);
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

/* -- What the store answers -- */

void journal_room_loaded(struct journal *journal, enum enrum_err err,
                         struct room_snapshot *snapshot, uint64_t now_ms, struct effects *out)
{
    struct room_key key = {snapshot->board, snapshot->room};
    struct room *room = table_find(&journal->rooms, &key);
    (void)now_ms;
    if (room == NULL || room->state != ROOM_LOADING) {
        room_snapshot_free(snapshot);
        return;
    }
    room->now = *snapshot;
    room->state = ROOM_LOADED;
    if (err == ENRUM_OK && !snapshot->exists) {
        room->now.head_hash = key.room;
    }
    if (err == ENRUM_OK) {
        waiting_judge(journal, room, out);
    }
    while (err != ENRUM_OK && !list_is_empty(&room->waiting)) {
        struct event *event = LIST_ITEM(list_first(&room->waiting), struct event, link);
        list_remove(&event->link);
        refuse(journal, event, err, out);
        event_free(event);
    }
    /* A room that could not be read is asked for again; one that is not there is not kept. */
    if (room_is_idle(room) && (err != ENRUM_OK || !room->now.exists)) {
        room_forget(journal, room);
    }
}

static void ack_send(const struct pending *pending, const struct receipt_proof *receipt,
                     struct effects *out)
{
    struct receipt_leaf leaf = {.room = pending->room->key.room,
                                .count = pending->count,
                                .seq = pending->base_seq + pending->count,
                                .hash = pending->last_hash,
                                .received_at = pending->received_at};
    struct msg_ack ack = {.request = pending->event->request, .board = pending->room->key.board};
    receipt_to_ack(&leaf, receipt, &ack);
    answer_send(out, pending->event->session, &message_ack, &ack);
}

/* The entries as they stand now, for a live ENTRIES. False: memory. */
static bool stored_make(const struct pending *pending, struct buffer *out)
{
    struct slice rest = parcel_slice(pending->event->bytes);
    for (uint64_t seq = pending->base_seq + 1; rest.len > 0; seq++) {
        struct stored_entry stored = {.seq = seq, .received_at = pending->received_at};
        CHECK(entry_next(&rest, &stored.entry) == ENRUM_OK);
        if (stored_encode(&stored, out) != ENRUM_OK) {
            return false;
        }
    }
    return true;
}

static struct parcel *entries_make(const struct pending *pending)
{
    struct buffer entries, certificates;
    buffer_init(&entries, FRAME_BYTES_MAX);
    buffer_init(&certificates, (size_t)4 * CERTIFICATE_BYTES_MAX);
    buffer_append_slice(&certificates, parcel_slice(pending->event->certificate));
    if (pending->event->issuer != NULL) {
        buffer_append_slice(&certificates, parcel_slice(pending->event->issuer));
    }
    struct parcel *parcel = NULL;
    if (stored_make(pending, &entries) && !certificates.failed) {
        struct msg_entries message = {.board = pending->room->key.board,
                                      .room = pending->room->key.room,
                                      .head_seq = pending->base_seq + pending->count,
                                      .head_hash = pending->last_hash,
                                      .certificates = buffer_slice(&certificates),
                                      .entries = buffer_slice(&entries)};
        parcel = answer_encode(&message_entries, &message);
    }
    buffer_fini(&entries);
    buffer_fini(&certificates);
    return parcel;
}

static void deliver(const struct pending *pending, struct effects *out)
{
    if (list_is_empty(&pending->room->follows)) {
        return;
    }
    struct parcel *parcel = entries_make(pending);
    if (parcel == NULL) {
        /* Followers see the gap by the next entry's head, and fetch. */
        return;
    }
    LIST_EACH (link, &pending->room->follows) {
        const struct follow *follow = LIST_ITEM(link, struct follow, by_room);
        answer_parcel(out, follow->attendant->session, parcel);
    }
    parcel_unref(parcel);
}

/* To the new members' sessions, except the one that made them members. */
static void room_new_tell(struct journal *journal, const struct pending *pending,
                          struct effects *out)
{
    struct msg_room_new message = {.board = pending->room->key.board,
                                   .room = pending->room->key.room};
    if (pending->added_count == 0) {
        return;
    }
    LIST_EACH (link, &journal->audience.attendants) {
        const struct attendant *attendant = LIST_ITEM(link, struct attendant, link);
        const struct attendance *attendance = attendance_find(attendant, &message.board);
        for (size_t i = 0; attendance != NULL && i < pending->added_count; i++) {
            if (attendant->session != pending->event->session &&
                id_equal(&attendance->identity.person, &pending->added[i])) {
                answer_send(out, attendant->session, &message_room_new, &message);
            }
        }
    }
}

/* Who may no longer see the room follows it no more. */
static void follows_prune(struct journal *journal, struct room *room)
{
    LIST_EACH (link, &room->follows) {
        struct follow *follow = LIST_ITEM(link, struct follow, by_room);
        if (!room_may_see(&room->now, &follow->attendance->identity)) {
            audience_unfollow(&journal->audience, follow);
        }
    }
}

static void revoke(struct journal *journal, const struct id *board, const struct id *subject,
                   struct effects *out)
{
    if (journal_revoked_add(journal, board, subject) != ENRUM_OK) {
        out->failed = true;
    }
    LIST_EACH (link, &journal->audience.attendants) {
        struct attendant *attendant = LIST_ITEM(link, struct attendant, link);
        LIST_EACH (followed, &attendant->follows) {
            struct follow *follow = LIST_ITEM(followed, struct follow, by_session);
            if (is_revoked(journal, &follow->attendance->identity)) {
                audience_unfollow(&journal->audience, follow);
            }
        }
    }
}

static void revocations_learn(struct journal *journal, const struct pending *pending,
                              struct effects *out)
{
    struct slice rest = parcel_slice(pending->event->bytes);
    while (rest.len > 0) {
        struct entry entry;
        CHECK(entry_next(&rest, &entry) == ENRUM_OK);
        if (entry.head.class == CLASS_MEMBER && entry.open.member.operation == MEMBER_REVOKE) {
            revoke(journal, &pending->room->key.board, &entry.open.member.subject, out);
        }
    }
}

static void append_done(struct journal *journal, struct pending *pending,
                        const struct receipt_proof *receipt, struct effects *out)
{
    struct room *room = pending->room;
    ack_send(pending, receipt, out);
    /* Whom this append removes does not get it: what is pruned first is not delivered to. */
    follows_prune(journal, room);
    deliver(pending, out);
    room_new_tell(journal, pending, out);
    if (room->now.purpose == 1) {
        revocations_learn(journal, pending, out);
    }
    pending_free(pending);
}

static enum enrum_err outcome_error(enum append_outcome outcome)
{
    switch (outcome) {
    case APPEND_CONFLICT_CAUSE:
        return ENRUM_CAUSE_TAKEN;
    case APPEND_CONFLICT_SEEN:
        return ENRUM_SEEN_WRONG;
    case APPEND_FAILED:
        return ENRUM_STORE_FAILED;
    case APPEND_CONFLICT_HEAD:
        return ENRUM_BUSY;
    case APPEND_DONE:
        break;
    }
    return ENRUM_OK;
}

static bool has_appends(const struct list *pendings)
{
    LIST_EACH (link, pendings) {
        if (!LIST_ITEM(link, struct pending, link)->is_find) {
            return true;
        }
    }
    return false;
}

/* All that were on their way have failed: what can be judged again is, in order, and then what
 * waited. */
static void recover(struct journal *journal, struct room *room, struct effects *out)
{
    room->state = ROOM_LOADED;
    while (!list_is_empty(&room->failed)) {
        struct pending *pending = LIST_ITEM(list_first(&room->failed), struct pending, link);
        struct event *event = pending->event;
        list_remove(&pending->link);
        pending->event = NULL;
        pending_free(pending);
        event_judge(journal, room, event, out);
    }
    waiting_judge(journal, room, out);
}

static void append_failed(struct journal *journal, struct pending *pending,
                          struct append_answer *answer, struct effects *out)
{
    struct room *room = pending->room;
    bool is_again = answer->outcome == APPEND_CONFLICT_HEAD &&
                    ++pending->event->retries <= RETRIES_MAX;
    room->state = ROOM_RECOVERING;
    room_snapshot_free(&room->now);
    room->now = answer->snapshot;
    answer->snapshot = (struct room_snapshot){0};
    if (!room->now.exists) {
        room->now.head_hash = room->key.room;
    }
    if (is_again) {
        list_push_back(&room->failed, &pending->link);
    } else {
        refuse(journal, pending->event, outcome_error(answer->outcome), out);
        pending_free(pending);
    }
    if (!has_appends(&room->pending)) {
        recover(journal, room, out);
    }
}

void journal_append_answered(struct journal *journal, struct append_answer *answer, uint64_t now_ms,
                             struct effects *out)
{
    struct pending *pending = table_remove_u64(&journal->tickets, answer->ticket);
    (void)now_ms;
    if (pending == NULL) {
        room_snapshot_free(&answer->snapshot);
        return;
    }
    struct room *room = pending->room;
    list_remove(&pending->link);
    if (answer->outcome == APPEND_DONE) {
        append_done(journal, pending, &answer->receipt, out);
    } else {
        append_failed(journal, pending, answer, out);
    }
    room_snapshot_free(&answer->snapshot);
    if (room_is_idle(room) && !room->now.exists) {
        room_forget(journal, room);
    }
}

void journal_found(struct journal *journal, uint64_t ticket, enum enrum_err err,
                   const struct found *found, struct effects *out)
{
    struct pending *pending = table_remove_u64(&journal->tickets, ticket);
    if (pending == NULL) {
        return;
    }
    list_remove(&pending->link);
    bool is_same = err == ENRUM_OK && found->exists &&
                   id_equal(&found->bytes_hash, &pending->last_bytes_hash) &&
                   found->leaf.count == pending->count;
    if (is_same) {
        struct msg_ack ack = {.request = pending->event->request,
                              .board = pending->room->key.board};
        receipt_to_ack(&found->leaf, &found->receipt, &ack);
        answer_send(out, pending->event->session, &message_ack, &ack);
    } else {
        enum enrum_err why = err == ENRUM_OK ? ENRUM_SAME_ID_OTHER_BYTES : err;
        if (why == ENRUM_SAME_ID_OTHER_BYTES && pending->event->creates) {
            why = ENRUM_ROOM_EXISTS;
        }
        refuse(journal, pending->event, why, out);
    }
    pending_free(pending);
}

void journal_counts(const struct journal *journal, struct journal_counts *out)
{
    *out = journal->counts;
    out->rooms = journal->rooms.count;
    out->follows = journal->audience.follows;
    out->appends_pending = journal->tickets.count;
}
