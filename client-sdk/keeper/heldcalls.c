/* heldcalls -- see heldcalls.h. */
#include "heldcalls.h"

#include <stdlib.h>

/* Of call_admission. */
enum { ADMITTED = 1 };

void heldcalls_init(struct heldcalls *held, uint64_t grace_ms)
{
    table_init(&held->by_id, ID_BYTES, HELD_CALLS_MAX);
    held->grace_ms = grace_ms;
}

void heldcalls_fini(struct heldcalls *held)
{
    table_free_values(&held->by_id);
}

static struct held_call *call_make(struct heldcalls *held, const struct msg_call *message,
                                   const struct id *room)
{
    struct held_call *call = table_find(&held->by_id, message->call.bytes);
    if (call == NULL && message->state != CALL_STATE_OVER) {
        call = calloc(1, sizeof *call);
        if (call == NULL || table_insert(&held->by_id, message->call.bytes, call) != TABLE_OK) {
            free(call);
            return NULL;
        }
        call->call = message->call;
        call->room = *room;
        call->began = message->began;
    }
    return call != NULL && id_equal(&call->room, room) ? call : NULL;
}

/* -- Who was in it -- */

static bool is_staff_of(const struct logbook *book, const struct certificate *certificate)
{
    const struct logbook_member *member = logbook_member(book, &certificate->body.person);
    return certificate->body.role == ROLE_STAFF && member != NULL && member->role == ROLE_STAFF;
}

static bool is_admission_of(const struct held_knows *knows, struct slice bytes,
                            const struct wire_call_key *key)
{
    struct wire_signed outer;
    struct wire_call_admission body;
    struct certificate by;
    struct slice inner;
    return layout_decode(&layout_signed, bytes, &outer) == ENRUM_OK &&
           layout_decode(&layout_call_admission, outer.body, &body) == ENRUM_OK &&
           body.operation == ADMITTED && id_equal(&body.call, &key->call) &&
           id_equal(&body.key, &key->key) && id_equal(&body.certificate, &key->certificate) &&
           knows->certificate(knows->context, &body.by, &by) && is_staff_of(knows->book, &by) &&
           signed_decode(bytes, &by.body.sign_key, LABEL_CALL_ADMISSION, &inner) == ENRUM_OK;
}

/* Have staff of the room signed that this key is in? */
static bool is_let_in(const struct held_knows *knows, struct slice admissions,
                      const struct wire_call_key *key)
{
    struct wire_signed skipped;
    while (admissions.len > 0) {
        struct slice before = admissions;
        if (layout_next(&layout_signed, &admissions, &skipped) != ENRUM_OK) {
            return false;
        }
        if (is_admission_of(knows, slice_of(before.at, before.len - admissions.len), key)) {
            return true;
        }
    }
    return false;
}

static bool participant_holds(const struct held_knows *knows, const struct msg_call *message,
                              const struct wire_call_participant *shown, struct certificate *out)
{
    struct wire_signed outer;
    struct wire_call_key key;
    struct slice inner;
    if (layout_decode(&layout_signed, shown->key, &outer) != ENRUM_OK ||
        layout_decode(&layout_call_key, outer.body, &key) != ENRUM_OK ||
        !knows->certificate(knows->context, &key.certificate, out) ||
        signed_decode(shown->key, &out->body.sign_key, LABEL_CALL_KEY, &inner) != ENRUM_OK ||
        !id_equal(&key.call, &message->call) || !id_equal(&out->body.person, &shown->person)) {
        return false;
    }
    return is_staff_of(knows->book, out) || is_let_in(knows, message->admissions, &key);
}

static void person_note(struct held_call *call, const struct certificate *certificate)
{
    for (size_t i = 0; i < call->people_count; i++) {
        if (id_equal(&call->people[i].person, &certificate->body.person)) {
            return;
        }
    }
    if (call->people_count < HELD_PEOPLE_MAX) {
        call->people[call->people_count++] = (struct held_person){
            certificate->body.person, certificate->body.role, certificate->body.level};
    }
}

static void people_note(struct held_call *call, const struct msg_call *message,
                        const struct held_knows *knows)
{
    struct slice rest = message->participants;
    struct wire_call_participant shown;
    struct certificate certificate;
    while (rest.len > 0 && layout_next(&layout_call_participant, &rest, &shown) == ENRUM_OK) {
        if (shown.state != CALL_STATE_WAITING &&
            participant_holds(knows, message, &shown, &certificate)) {
            person_note(call, &certificate);
        }
    }
}

/* -- Events -- */

void heldcalls_show(struct heldcalls *held, const struct msg_call *message,
                    const struct held_knows *knows)
{
    struct held_call *call = call_make(held, message, &knows->book->room);
    if (call == NULL || call->is_under_way) {
        return;
    }
    people_note(call, message, knows);
    call->heard = knows->wall_ms;
    call->is_over = message->state == CALL_STATE_OVER;
    call->ended = call->is_over ? knows->wall_ms : 0;
    call->due = call->is_over ? knows->mono_ms + held->grace_ms : UINT64_MAX;
}

void heldcalls_lost(struct heldcalls *held, uint64_t wall_ms)
{
    size_t cursor = 0;
    void *value;
    while (table_next(&held->by_id, &cursor, NULL, &value)) {
        struct held_call *call = value;
        if (call->ended == 0) {
            call->heard = wall_ms;
        }
        if (!call->is_over) {
            call->due = UINT64_MAX; /* nothing can be shown now */
        }
    }
}

void heldcalls_connected(struct heldcalls *held, uint64_t mono_ms)
{
    size_t cursor = 0;
    void *value;
    while (table_next(&held->by_id, &cursor, NULL, &value)) {
        struct held_call *call = value;
        if (!call->is_over) {
            call->ended = call->heard;
            /* Whoever was in it has so long to come back to it. */
            call->due = mono_ms + CALL_AWAY_MS + held->grace_ms;
        }
    }
}

void heldcalls_done(struct heldcalls *held, const struct id *id)
{
    struct held_call *call = table_find(&held->by_id, id->bytes);
    if (call != NULL && call->is_under_way) {
        call->has_entry = true;
    } else {
        free(table_remove(&held->by_id, id->bytes));
    }
}

void heldcalls_written(struct heldcalls *held, struct held_call *call, bool is_good,
                       uint64_t mono_ms)
{
    call->is_under_way = false;
    if (is_good || call->has_entry) {
        heldcalls_done(held, &call->call);
    } else {
        call->due = mono_ms + held->grace_ms;
    }
}

struct held_call *heldcalls_due(struct heldcalls *held, uint64_t mono_ms)
{
    size_t cursor = 0;
    void *value;
    while (table_next(&held->by_id, &cursor, NULL, &value)) {
        struct held_call *call = value;
        if (call->is_under_way || call->due > mono_ms) {
            continue;
        }
        if (call->people_count >= 2) {
            return call;
        }
        heldcalls_done(held, &call->call);
        cursor = 0; /* the table has moved */
    }
    return NULL;
}
