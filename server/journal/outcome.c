/* outcome -- what becomes of an append or a question once the store has answered. See work.h. */
#include "journal/work.h"

#include "base/check.h"

#include <stdlib.h>

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
        CHECK(entry_next_bare(&rest, &stored.entry) == ENRUM_OK);
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

/* Whoever's certificate has ended gets nothing more. When it is renewed, the gap is seen by the
 * next entry's head. */
static void deliver(const struct pending *pending, uint64_t now_ms, struct effects *out)
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
        if (now_ms < follow->attendance->identity.not_after) {
            answer_parcel(out, follow->attendant->session, parcel);
        }
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

/* Who may no longer see the room follows it no more, and is told to look: who asks hears that there
 * is no such room. */
static void follows_prune(struct journal *journal, struct room *room, struct effects *out)
{
    struct msg_room_new message = {.board = room->key.board, .room = room->key.room};
    LIST_EACH (link, &room->follows) {
        struct follow *follow = LIST_ITEM(link, struct follow, by_room);
        if (!room_may_see(&room->now, &follow->attendance->identity)) {
            answer_send(out, follow->attendant->session, &message_room_new, &message);
            audience_unfollow(&journal->audience, follow);
        }
    }
}

static void revoke(struct journal *journal, const struct id *board, const struct id *subject,
                   struct effects *out)
{
    if (journal_revoked_add(journal, board, subject) != ENRUM_OK) {
        /* It stands in the log. Rather than let the revoked go on, the process stops: the next one
         * reads it there. */
        CHECK(journal->revoked.count >= journal->revoked.max);
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
        const struct attendance *attendance = attendance_find(attendant, board);
        bool is_subject = attendance != NULL && (id_equal(&attendance->identity.device, subject) ||
                                                 id_equal(&attendance->identity.person, subject));
        if (is_subject) {
            /* Unasked: what it would have been told at its next question. */
            answer_error(out, attendant->session, 0, ENRUM_CERTIFICATE_REVOKED);
        }
    }
}

static void revocations_learn(struct journal *journal, const struct pending *pending,
                              struct effects *out)
{
    struct slice rest = parcel_slice(pending->event->bytes);
    while (rest.len > 0) {
        struct entry entry;
        CHECK(entry_next_bare(&rest, &entry) == ENRUM_OK);
        if (entry.head.class == CLASS_MEMBER && entry.open.member.operation == MEMBER_REVOKE) {
            revoke(journal, &pending->room->key.board, &entry.open.member.subject, out);
        }
    }
}

static void append_done(struct journal *journal, struct pending *pending,
                        const struct receipt_proof *receipt, uint64_t now_ms, struct effects *out)
{
    struct room *room = pending->room;
    ack_send(pending, receipt, out);
    /* Whom this append removes does not get it: what is pruned first is not delivered to. */
    follows_prune(journal, room, out);
    deliver(pending, now_ms, out);
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
    case APPEND_CONFLICT_BLOB:
        return ENRUM_BLOB_MISSING;
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
        if (LIST_ITEM(link, struct pending, link)->type == PENDING_APPEND) {
            return true;
        }
    }
    return false;
}

/* What stands is known again: what has failed and can be judged again is, in order, and then what
 * waited. */
static void go_on(struct journal *journal, struct room *room, struct effects *out)
{
    room->state = ROOM_LOADED;
    while (!list_is_empty(&room->failed)) {
        struct pending *pending = LIST_ITEM(list_first(&room->failed), struct pending, link);
        struct event *event = pending->event;
        list_remove(&pending->link);
        pending->event = NULL;
        pending_free(pending);
        judge_event(journal, room, event, out);
    }
    judge_waiting(journal, room, out);
}

/* All that were on their way have failed. */
static void recover(struct journal *journal, struct room *room, struct effects *out)
{
    if (!room->is_unknown) {
        go_on(journal, room, out);
    } else if (list_is_empty(&room->failed) && list_is_empty(&room->waiting)) {
        room->state = ROOM_UNKNOWN;
    } else {
        room_load(room, out);
    }
}

/* The store could not be read: whoever waits for it is told so. */
static void give_up(struct journal *journal, struct room *room, enum enrum_err err,
                    struct effects *out)
{
    room->state = ROOM_UNKNOWN;
    while (!list_is_empty(&room->failed)) {
        struct pending *pending = LIST_ITEM(list_first(&room->failed), struct pending, link);
        list_remove(&pending->link);
        work_refuse(journal, pending->event, err, out);
        pending_free(pending);
    }
    while (!list_is_empty(&room->waiting)) {
        struct event *event = LIST_ITEM(list_first(&room->waiting), struct event, link);
        list_remove(&event->link);
        room->waiting_count--;
        work_refuse(journal, event, err, out);
        event_free(event);
    }
}

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
    room_snapshot_free(&room->now);
    room->now = *snapshot;
    if (!room->now.exists) {
        room->now.head_hash = key.room;
    }
    if (err == ENRUM_OK) {
        go_on(journal, room, out);
    } else {
        give_up(journal, room, err, out);
    }
    /* A room that could not be read is asked for again; one that is not there is not kept. */
    if (room_is_idle(room) && (err != ENRUM_OK || !room->now.exists)) {
        room_forget(journal, room);
    }
}

static void append_failed(struct journal *journal, struct pending *pending,
                          struct append_answer *answer, struct effects *out)
{
    struct room *room = pending->room;
    bool is_again = answer->outcome == APPEND_CONFLICT_HEAD &&
                    ++pending->event->retries <= RETRIES_MAX;
    room->state = ROOM_RECOVERING;
    room->is_unknown = answer->is_unknown;
    room_snapshot_free(&room->now);
    room->now = answer->snapshot;
    answer->snapshot = (struct room_snapshot){0};
    if (!room->now.exists) {
        room->now.head_hash = room->key.room;
    }
    if (is_again) {
        list_push_back(&room->failed, &pending->link);
    } else {
        work_refuse(journal, pending->event, outcome_error(answer->outcome), out);
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
    if (pending == NULL) {
        room_snapshot_free(&answer->snapshot);
        return;
    }
    struct room *room = pending->room;
    list_remove(&pending->link);
    if (answer->outcome == APPEND_DONE) {
        append_done(journal, pending, &answer->receipt, now_ms, out);
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
        work_refuse(journal, pending->event, why, out);
    }
    pending_free(pending);
}

void journal_blob_kept(struct journal *journal, uint64_t ticket, enum enrum_err err,
                       struct effects *out)
{
    struct pending *pending = table_remove_u64(&journal->tickets, ticket);
    if (pending == NULL) {
        return;
    }
    list_remove(&pending->link);
    if (err == ENRUM_OK) {
        answer_done(out, pending->event->session, pending->event->request);
    } else {
        work_refuse(journal, pending->event, err, out);
    }
    pending_free(pending);
}
