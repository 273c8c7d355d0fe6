/* judge -- what happens in a room: each event is answered at once, or goes to the store. See
 * work.h. */
#include "journal/work.h"

#include <stdlib.h>

static uint64_t ticket_put(struct journal *journal, struct pending *pending)
{
    uint64_t ticket = ++journal->last_ticket;
    pending->ticket = ticket;
    return table_insert_u64(&journal->tickets, ticket, pending) == TABLE_OK ? ticket : 0;
}

static void follow_judge(struct journal *journal, struct room *room, struct event *event,
                         struct effects *out)
{
    if (audience_find(&journal->audience, event->session) == NULL) {
        return; /* gone while the room was loading */
    }
    enum enrum_err err = audience_follow(&journal->audience, event->session, &room->follows,
                                         &room->key.board, &room->key.room,
                                         journal->limits.follows_per_session);
    if (err != ENRUM_OK) {
        work_refuse(journal, event, err, out);
    } else {
        answer_done(out, event->session, event->request);
    }
}

static void fetch_judge(const struct room *room, const struct event *event, struct effects *out)
{
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
    struct msg_transient_in message = {.board = room->key.board,
                                       .room = room->key.room,
                                       .frame = parcel_slice(event->bytes),
                                       .certificate = parcel_slice(event->certificate)};
    struct parcel *parcel = answer_encode(&message_transient_in, &message);
    if (parcel == NULL) {
        work_refuse(journal, event, ENRUM_MEMORY, out);
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

static void blob_ask_judge(const struct room *room, struct event *event, struct effects *out)
{
    struct effect effect = {.type = EFFECT_BLOB_ASK,
                            .blob_ask = {.session = event->session,
                                         .request = event->request,
                                         .board = room->key.board,
                                         .room = room->key.room,
                                         .blobs = parcel_ref(event->bytes)}};
    effect_push(out, &effect);
}

static void blob_get_judge(const struct room *room, const struct event *event, struct effects *out)
{
    struct effect effect = {.type = EFFECT_BLOB_GET,
                            .blob_get = {.session = event->session,
                                         .request = event->request,
                                         .board = room->key.board,
                                         .room = room->key.room,
                                         .device = event->identity.device,
                                         .blob = event->blob}};
    effect_push(out, &effect);
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
    bool good = pending != NULL && effect_reserve(out) &&
                added_find(&room->now, &job->after, pending) &&
                room_snapshot_copy(&job->after, 0, &next);
    if (good && (job->ticket = ticket_put(journal, pending)) == 0) {
        room_snapshot_free(&next);
        good = false;
    }
    if (!good) {
        work_refuse(journal, event, ENRUM_MEMORY, out);
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
    bool good = pending != NULL && effect_reserve(out);
    uint64_t ticket = good ? ticket_put(journal, pending) : 0;
    if (ticket == 0) {
        work_refuse(journal, event, ENRUM_MEMORY, out);
        event_free(event);
        free(pending);
        return;
    }
    list_init(&pending->link);
    pending->event = event;
    pending->room = room;
    pending->type = PENDING_FIND;
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
static void blob_put_judge(struct journal *journal, struct room *room, struct event *event,
                           struct effects *out)
{
    bool may_put = class_may_write(CLASS_RECORD, event->identity.role);
    enum enrum_err err = may_put ? ENRUM_OK : ENRUM_MAY_NOT;
    struct pending *pending = err == ENRUM_OK ? calloc(1, sizeof *pending) : NULL;
    uint64_t ticket = pending != NULL && effect_reserve(out) ? ticket_put(journal, pending) : 0;
    if (ticket == 0) {
        work_refuse(journal, event, err != ENRUM_OK ? err : ENRUM_MEMORY, out);
        event_free(event);
        free(pending);
        return;
    }
    list_init(&pending->link);
    pending->event = event;
    pending->room = room;
    pending->type = PENDING_BLOB;
    list_push_back(&room->pending, &pending->link);
    struct effect effect = {.type = EFFECT_BLOB_PUT,
                            .blob_put = {.ticket = ticket,
                                         .board = room->key.board,
                                         .room = room->key.room,
                                         .person = event->identity.person,
                                         .blob = event->blob,
                                         .bytes = parcel_ref(event->bytes)}};
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
        if (who->role == ROLE_GUEST) {
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
        work_refuse(journal, event, ENRUM_ROOM_EXISTS, out);
        event_free(event);
    } else if (err == ENRUM_OK) {
        append_start(journal, room, event, &verdict, out);
    } else {
        work_refuse(journal, event, err, out);
        event_free(event);
    }
}

/* Takes the event. */
void judge_event(struct journal *journal, struct room *room, struct event *event,
                 struct effects *out)
{
    if (is_revoked(journal, &event->identity)) {
        work_refuse(journal, event, ENRUM_CERTIFICATE_REVOKED, out);
        event_free(event);
        return;
    }
    /* An append may create the room; it looks for itself. */
    if (event->type != EVENT_APPEND && !room_may_see(&room->now, &event->identity)) {
        work_refuse(journal, event, ENRUM_ROOM_UNKNOWN, out);
        event_free(event);
        return;
    }
    switch (event->type) {
    case EVENT_APPEND:
        append_judge(journal, room, event, out);
        return;
    case EVENT_BLOB_PUT:
        blob_put_judge(journal, room, event, out);
        return;
    case EVENT_FOLLOW:
        follow_judge(journal, room, event, out);
        break;
    case EVENT_FETCH:
        fetch_judge(room, event, out);
        break;
    case EVENT_TRANSIENT:
        transient_judge(journal, room, event, out);
        break;
    case EVENT_BLOB_ASK:
        blob_ask_judge(room, event, out);
        break;
    case EVENT_BLOB_GET:
        blob_get_judge(room, event, out);
        break;
    }
    event_free(event);
}

void judge_waiting(struct journal *journal, struct room *room, struct effects *out)
{
    while (room->state == ROOM_LOADED && !list_is_empty(&room->waiting)) {
        struct event *event = LIST_ITEM(list_first(&room->waiting), struct event, link);
        list_remove(&event->link);
        room->waiting_count--;
        judge_event(journal, room, event, out);
    }
}
