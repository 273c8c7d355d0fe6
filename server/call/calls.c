/* calls -- see calls.h: coming, going, letting in and putting out. */
#include "state.h"

#include <stdlib.h>
#include <string.h>

/* Of 4: it counts up from here, and never wraps. The first ones are the relay's. */
enum { SSRC_RANDOM_BYTES = 3, SSRC_FIRST = 16 };

struct call_name {
    struct id board, call;
};

struct calls *calls_new(const struct calls_options *options)
{
    struct calls *calls = calloc(1, sizeof *calls);
    if (calls != NULL) {
        calls->options = *options;
        table_init(&calls->by_id, sizeof(struct call_name), options->calls_max);
        list_init(&calls->all);
    }
    return calls;
}

/* -- Calls -- */

struct call *call_find(const struct calls *calls, const struct id *board, const struct id *id)
{
    struct call_name name = {*board, *id};
    return table_find(&calls->by_id, &name);
}

struct call *call_of_room(const struct calls *calls, const struct id *board, const struct id *room)
{
    LIST_EACH (link, &calls->all) {
        struct call *call = LIST_ITEM(link, struct call, link);
        if (id_equal(&call->board, board) && id_equal(&call->room, room)) {
            return call;
        }
    }
    return NULL;
}

static struct call *call_new(struct calls *calls, const struct id *board, const struct id *room,
                             const struct id *id, struct moment now)
{
    struct call_name name = {*board, *id};
    struct call *call = calloc(1, sizeof *call);
    if (call == NULL || table_insert(&calls->by_id, &name, call) != TABLE_OK) {
        free(call);
        return NULL;
    }
    list_init(&call->link);
    list_init(&call->participants);
    list_push_back(&calls->all, &call->link);
    call->number = ++calls->last_call;
    call->board = *board;
    call->room = *room;
    call->id = *id;
    call->began_ms = now.wall_ms;
    suite_random(&call->last_ssrc, SSRC_RANDOM_BYTES);
    call->last_ssrc += SSRC_FIRST;
    return call;
}

static void participant_remove(struct call *call, struct participant *who, enum call_number end,
                               struct orders *out)
{
    media_close(who, out);
    show_over(call, who, end, out);
    admissions_drop(call, &who->key, CALL_ADMITTED);
    list_remove(&who->link);
    call->participant_count--;
    call->has_changed = true;
    participant_free(who);
}

static void call_forget(struct calls *calls, struct call *call)
{
    struct call_name name = {call->board, call->id};
    CHECK(call->participant_count == 0);
    admissions_forget(call);
    (void)table_remove(&calls->by_id, &name);
    list_remove(&call->link);
    free(call);
}

void calls_free(struct calls *calls)
{
    if (calls == NULL) {
        return;
    }
    LIST_EACH (link, &calls->all) {
        struct call *call = LIST_ITEM(link, struct call, link);
        PARTICIPANTS_EACH(who, call)
        {
            list_remove(&who->link);
            participant_free(who);
        }
        call->participant_count = 0;
        call_forget(calls, call);
    }
    table_fini(&calls->by_id);
    free(calls);
}

static void call_end(struct calls *calls, struct call *call, enum call_number end,
                     struct orders *out)
{
    rings_cancel(calls, call, out);
    show_keepers_over(call, end, out);
    PARTICIPANTS_EACH(who, call)
    {
        participant_remove(call, who, end, out);
    }
    call_forget(calls, call);
}

/* The first member of staff in this place, in the order of coming; 0: none. */
static uint64_t staff_in(const struct call *call, enum place place)
{
    PARTICIPANTS_EACH(who, call)
    {
        if (is_staff(who) && who->place == place) {
            return who->number;
        }
    }
    return 0;
}

/* Whoever leads goes on; then staff who are here, then staff who are away. */
static void lead_choose(struct call *call)
{
    const struct participant *lead = participant_of_number(call, call->lead);
    if (lead != NULL && is_staff(lead) && lead->place == PLACE_IN) {
        return;
    }
    uint64_t next = staff_in(call, PLACE_IN);
    if (next == 0 && (lead == NULL || !is_staff(lead))) {
        next = staff_in(call, PLACE_IN_AWAY);
    }
    call->lead = next != 0 ? next : lead != NULL && is_staff(lead) ? lead->number : 0;
}

void call_settle(struct calls *calls, struct call *call, struct orders *out)
{
    bool is_in_use = call->participant_count > 0;
    if (is_anybody_in(call)) {
        call->was_held = true;
    } else if (call->was_held || !is_in_use) {
        call_end(calls, call, CALL_END_EMPTY, out);
        return;
    }
    if (call->has_changed) {
        call->has_changed = false;
        call->change++;
        lead_choose(call);
        show_all(call, out);
    }
}

/* -- Coming -- */

/* What a CALL_JOIN says, read. */
struct coming {
    struct id room, key;
    bool has_room;
};

static enum enrum_err coming_read(const struct caller *who, const struct msg_call_join *message,
                                  struct coming *out)
{
    struct wire_signed outer;
    struct wire_call_key body;
    out->has_room = id_of_opt(message->room, &out->room);
    if (layout_decode(&layout_signed, message->key, &outer) != ENRUM_OK ||
        layout_decode(&layout_call_key, outer.body, &body) != ENRUM_OK ||
        !id_equal(&body.call, &message->call)) {
        return ENRUM_MALFORMED;
    }
    if (body.suite != SUITE_1) {
        return ENRUM_SUITE_UNSUPPORTED;
    }
    if (!id_equal(&body.board, &who->board)) {
        return ENRUM_CERTIFICATE_OTHER_BOARD;
    }
    out->key = body.key;
    return id_equal(&body.certificate, &who->certificate) ? ENRUM_OK : ENRUM_DEVICE_OTHER;
}

static bool follows(const struct calls *calls, uint64_t session, const struct id *board,
                    const struct id *room)
{
    const struct call_directory *directory = &calls->options.directory;
    return directory->follows(directory->context, session, board, room);
}

/* Errors: ROOM_UNKNOWN, CALL_UNKNOWN, CALL_OTHER, CALL_FULL. */
static enum enrum_err call_for(struct calls *calls, const struct caller *who,
                               const struct msg_call_join *message, const struct coming *coming,
                               struct moment now, struct call **out)
{
    *out = call_find(calls, &who->board, &message->call);
    if (coming->has_room && !follows(calls, who->session, &who->board, &coming->room)) {
        return ENRUM_ROOM_UNKNOWN;
    }
    if (*out != NULL) {
        bool is_there = !coming->has_room || id_equal(&(*out)->room, &coming->room);
        return is_there ? ENRUM_OK : ENRUM_CALL_UNKNOWN;
    }
    if (!coming->has_room) {
        return ENRUM_CALL_UNKNOWN;
    }
    if (call_of_room(calls, &who->board, &coming->room) != NULL) {
        return ENRUM_CALL_OTHER;
    }
    *out = call_new(calls, &who->board, &coming->room, &message->call, now);
    return *out != NULL ? ENRUM_OK : ENRUM_CALL_FULL;
}

static size_t calls_of_person(const struct calls *calls, const struct caller *who)
{
    size_t count = 0;
    LIST_EACH (link, &calls->all) {
        const struct call *call = LIST_ITEM(link, struct call, link);
        count += id_equal(&call->board, &who->board) &&
                 participant_of_person(call, &who->person) != NULL;
    }
    return count;
}

static size_t places_of_person(const struct call *call, const struct id *person)
{
    size_t count = 0;
    PARTICIPANTS_EACH(who, call)
    {
        count += id_equal(&who->who.person, person);
    }
    return count;
}

static bool has_staff(const struct call *call)
{
    PARTICIPANTS_EACH(who, call)
    {
        if (is_staff(who)) {
            return true;
        }
    }
    return false;
}

/* While no staff is in it, one place is kept for who lets the others in. Errors: CALL_FULL,
 * TOO_MANY. */
static enum enrum_err place_for(const struct call *call, const struct caller *who,
                                bool is_staff_here)
{
    size_t kept = is_staff_here || has_staff(call) ? 0 : 1;
    if (call->participant_count + kept >= CALL_PARTICIPANTS_MAX) {
        return ENRUM_CALL_FULL;
    }
    return places_of_person(call, &who->person) >= CALL_PLACES_PER_PERSON_MAX ? ENRUM_TOO_MANY
                                                                              : ENRUM_OK;
}

/* Each coming is told to everybody: who comes and goes all the time would keep them from hearing
 * anything else. Whoever came last longest ago is forgotten first. */
static bool may_come(struct call *call, const struct caller *who, struct moment now)
{
    struct comer *comer = &call->comers[0];
    for (size_t i = 0; i < sizeof call->comers / sizeof call->comers[0]; i++) {
        struct comer *at = &call->comers[i];
        if (id_equal(&at->person, &who->person)) {
            return pace_take(&at->comings, 1, CALL_COMINGS_MAX, now);
        }
        comer = at->comings.at < comer->comings.at ? at : comer;
    }
    *comer = (struct comer){.person = who->person};
    return pace_take(&comer->comings, 1, CALL_COMINGS_MAX, now);
}

/* A device comes, and is in the call once: with a new key it is somebody new. */
static enum enrum_err enter(struct call *call, const struct caller *who,
                            const struct msg_call_join *message, const struct coming *coming,
                            struct moment now, struct orders *out)
{
    if (is_put_out(call, &coming->key)) {
        return ENRUM_MAY_NOT;
    }
    struct participant *before = participant_of_device(call, &who->device);
    bool is_staff_here = coming->has_room && who->role == ROLE_STAFF;
    enum enrum_err err = before == NULL ? place_for(call, who, is_staff_here) : ENRUM_OK;
    if (err != ENRUM_OK || !may_come(call, who, now)) {
        return err != ENRUM_OK ? err : ENRUM_TOO_FAST;
    }
    struct participant *enters = participant_new(who, message->key, &coming->key);
    if (enters == NULL) {
        return ENRUM_MEMORY;
    }
    if (before != NULL) {
        if (before->session == who->session) {
            before->session = 0; /* it knows */
        }
        enters->changes = before->changes;
        enters->sent = before->sent;
        participant_remove(call, before, CALL_END_LEFT, out);
    }
    enters->number = ++call->last_number;
    enters->since_ms = now.wall_ms;
    enters->is_member = coming->has_room;
    CHECK(moves(&enters->place, is_staff_here ? MOVE_COMES_AS_STAFF : MOVE_COMES));
    list_push_back(&call->participants, &enters->link);
    call->participant_count++;
    call->has_changed = true;
    return ENRUM_OK;
}

/* The one who had this key already; NULL: it is somebody new. */
static struct participant *before_of(const struct call *call, const struct caller *who,
                                     struct slice key)
{
    struct participant *before = participant_of_device(call, &who->device);
    return before != NULL && slice_equal(parcel_slice(before->key_bytes), key) ? before : NULL;
}

/* The same key once more: the device is where it was. A member follows the room before, or it would
 * be taken for one that no longer may. */
static enum enrum_err returns(const struct calls *calls, struct call *call,
                              struct participant *before, const struct caller *who,
                              struct orders *out)
{
    if (before->session == who->session) {
        return ENRUM_OK; /* said twice */
    }
    if (before->is_member && !follows(calls, who->session, &call->board, &call->room)) {
        return ENRUM_ROOM_UNKNOWN;
    }
    if (before->session != 0) {
        show_over(call, before, CALL_END_LEFT, out);
    }
    CHECK(moves(&before->place, MOVE_COMES_BACK));
    before->session = who->session;
    call->has_changed = true;
    return ENRUM_OK;
}

/* A connection may prove to be another device than it was: the former one has left. */
static void former_leaves(struct call *call, const struct caller *who, struct orders *out)
{
    PARTICIPANTS_EACH(former, call)
    {
        if (former->session == who->session && !id_equal(&former->who.device, &who->device)) {
            CHECK(moves(&former->place, MOVE_LEAVES));
            participant_remove(call, former, CALL_END_LEFT, out);
        }
    }
}

void calls_join(struct calls *calls, const struct caller *who, const struct msg_call_join *message,
                struct moment now, struct orders *out)
{
    struct coming coming;
    struct call *call = call_find(calls, &who->board, &message->call);
    struct participant *before = call != NULL ? before_of(call, who, message->key) : NULL;
    enum enrum_err err;
    if (before != NULL) {
        err = returns(calls, call, before, who, out);
    } else {
        err = coming_read(who, message, &coming);
        if (err == ENRUM_OK &&
            (call == NULL || participant_of_person(call, &who->person) == NULL) &&
            calls_of_person(calls, who) >= CALLS_PER_PERSON_MAX) {
            err = ENRUM_TOO_MANY;
        }
        err = err == ENRUM_OK ? call_for(calls, who, message, &coming, now, &call) : err;
        err = err == ENRUM_OK ? enter(call, who, message, &coming, now, out) : err;
    }
    if (err == ENRUM_OK) {
        former_leaves(call, who, out);
        rings_answered(calls, call, &who->person, who->session, out);
    } else {
        if (err == ENRUM_CALL_OTHER) {
            /* It follows the room, and may have missed or put away what it was told when it did:
             * it is told again, and can come. */
            calls_followed(calls, who->session, &who->board, &coming.room, &who->person, out);
        }
        order_error(out, who->session, who->request, err);
    }
    if (call != NULL) {
        bool is_new = err == ENRUM_OK && call->change == 0;
        call_settle(calls, call, out);
        /* With its new key a device is somebody new. If it was the last one who had been admitted,
         * the call is over. */
        call = call_find(calls, &who->board, &message->call);
        if (call == NULL && err == ENRUM_OK) {
            order_error(out, who->session, who->request, ENRUM_CALL_UNKNOWN);
        }
        if (call != NULL && is_new) {
            rings_tell_of(calls, call, who->session, out);
        }
        if (call != NULL && err == ENRUM_OK) {
            show_to(call, participant_of_caller(call, who), who->request, out);
        }
    }
}

/* -- Going -- */

struct participant *call_present(struct calls *calls, const struct caller *who, const struct id *id,
                                 struct call **call, struct orders *out)
{
    *call = call_find(calls, &who->board, id);
    struct participant *here = *call != NULL ? participant_of_caller(*call, who) : NULL;
    if (here == NULL) {
        order_error(out, who->session, who->request, ENRUM_CALL_UNKNOWN);
    }
    return here;
}

void calls_leave(struct calls *calls, const struct caller *who,
                 const struct msg_call_leave *message, struct orders *out)
{
    struct call *call = call_find(calls, &who->board, &message->call);
    struct participant *here = call != NULL ? participant_of_caller(call, who) : NULL;
    if (here != NULL && message->for_all == 1 && !is_staff(here)) {
        order_error(out, who->session, who->request, ENRUM_MAY_NOT);
        return;
    }
    order_done(out, who->session, who->request);
    if (here == NULL) {
        return;
    }
    if (message->for_all == 1) {
        call_end(calls, call, CALL_END_ENDED, out);
        return;
    }
    CHECK(moves(&here->place, MOVE_LEAVES));
    participant_remove(call, here, CALL_END_LEFT, out);
    call_settle(calls, call, out);
}

void calls_session_gone(struct calls *calls, uint64_t session, struct moment now,
                        struct orders *out)
{
    LIST_EACH (link, &calls->all) {
        struct call *call = LIST_ITEM(link, struct call, link);
        struct participant *who = participant_of_session(call, session);
        if (who != NULL) {
            CHECK(moves(&who->place, MOVE_IS_LOST));
            who->session = 0;
            who->away_at = now.monotonic_ms;
            call->has_changed = true;
            call_settle(calls, call, out);
        }
    }
}

static void absences_end(struct calls *calls, struct call *call, struct moment now,
                         struct orders *out)
{
    PARTICIPANTS_EACH(who, call)
    {
        bool is_away = who->session == 0;
        if (is_away && now.monotonic_ms - who->away_at >= CALL_AWAY_MS) {
            CHECK(moves(&who->place, MOVE_STAYS_AWAY));
            participant_remove(call, who, CALL_END_LOST, out);
        } else if (!is_away && who->is_member &&
                   !follows(calls, who->session, &call->board, &call->room)) {
            CHECK(moves(&who->place, MOVE_LEAVES));
            participant_remove(call, who, CALL_END_MEMBER, out);
        }
    }
}

void calls_tick(struct calls *calls, struct moment now, struct orders *out)
{
    LIST_EACH (link, &calls->all) {
        struct call *call = LIST_ITEM(link, struct call, link);
        rings_tick(calls, call, now, out);
        absences_end(calls, call, now, out);
        call_settle(calls, call, out);
    }
}

/* -- Staff -- */

static enum enrum_err statement_read(const struct call *call, const struct caller *who,
                                     struct slice bytes, struct wire_call_admission *out)
{
    struct wire_signed outer;
    if (layout_decode(&layout_signed, bytes, &outer) != ENRUM_OK ||
        layout_decode(&layout_call_admission, outer.body, out) != ENRUM_OK ||
        !id_equal(&out->call, &call->id) || !id_equal(&out->board, &call->board)) {
        return ENRUM_MALFORMED;
    }
    return id_equal(&out->by, &who->certificate) ? ENRUM_OK : ENRUM_DEVICE_OTHER;
}

static enum enrum_err judge(struct call *call, const struct participant *by, struct slice bytes,
                            struct orders *out)
{
    struct wire_call_admission body;
    if (!is_staff(by)) {
        return ENRUM_MAY_NOT;
    }
    enum enrum_err err = statement_read(call, &by->who, bytes, &body);
    if (err != ENRUM_OK) {
        return err;
    }
    struct participant *about = participant_of_key(call, &body.key);
    if (body.operation == CALL_ADMITTED &&
        (about == NULL || !id_equal(&about->who.certificate, &body.certificate))) {
        return ENRUM_CALL_GONE;
    }
    err = admission_keep(call, &body, bytes, by);
    if (err != ENRUM_OK) {
        return err;
    }
    call->has_changed = true;
    if (body.operation == CALL_ADMITTED) {
        CHECK(moves(&about->place, MOVE_IS_ADMITTED));
    } else if (about != NULL) {
        CHECK(moves(&about->place, MOVE_IS_PUT_OUT));
        participant_remove(call, about, CALL_END_PUT_OUT, out);
    }
    return ENRUM_OK;
}

void call_answer(const struct caller *who, enum enrum_err err, struct orders *out)
{
    if (err == ENRUM_OK) {
        order_done(out, who->session, who->request);
    } else {
        order_error(out, who->session, who->request, err);
    }
}

void calls_admit(struct calls *calls, const struct caller *who,
                 const struct msg_call_admit *message, struct orders *out)
{
    struct call *call;
    struct participant *here = call_present(calls, who, &message->call, &call, out);
    if (here != NULL) {
        call_answer(who, judge(call, here, message->statement, out), out);
        call_settle(calls, call, out);
    }
}

void calls_lead(struct calls *calls, const struct caller *who, const struct msg_call_lead *message,
                struct orders *out)
{
    struct call *call;
    const struct participant *here = call_present(calls, who, &message->call, &call, out);
    if (here == NULL) {
        return;
    }
    const struct participant *next = participant_of_number(call, message->number);
    enum enrum_err err = ENRUM_OK;
    if (here->number != call->lead) {
        err = ENRUM_MAY_NOT;
    } else if (next == NULL || !is_staff(next) || next->place != PLACE_IN) {
        err = ENRUM_CALL_GONE;
    } else {
        call->lead = next->number;
        call->has_changed = true;
    }
    call_answer(who, err, out);
    call_settle(calls, call, out);
}

/* -- Frames -- */

static bool may_send(const struct participant *from, const struct participant *to)
{
    return (is_in(from) && is_in(to)) || (is_staff(from) && !is_in(to)) ||
           (!is_in(from) && is_staff(to));
}

void calls_send(struct calls *calls, const struct caller *who, const struct msg_call_send *message,
                struct moment now, struct orders *out)
{
    struct call *call;
    struct participant *here = call_present(calls, who, &message->call, &call, out);
    if (here == NULL) {
        return;
    }
    const struct participant *to = participant_of_number(call, message->to);
    enum enrum_err err = ENRUM_OK;
    if (to == NULL || to->session == 0) {
        err = ENRUM_CALL_GONE;
    } else if (to == here || !may_send(here, to)) {
        err = ENRUM_MAY_NOT;
    } else if (!pace_take(&here->sent, message->frame.len,
                          is_in(here) ? CALL_SENT_BYTES_MAX : CALL_SENT_WAITING_BYTES_MAX, now)) {
        err = ENRUM_TOO_FAST;
    } else {
        struct msg_call_in in = {
            .board = call->board, .call = call->id, .from = here->number, .frame = message->frame};
        order_send(out, to->session, &message_call_in, &in);
    }
    call_answer(who, err, out);
}

void calls_count(const struct calls *calls, struct calls_counts *out)
{
    *out = (struct calls_counts){0};
    LIST_EACH (link, &calls->all) {
        const struct call *call = LIST_ITEM(link, struct call, link);
        out->calls++;
        PARTICIPANTS_EACH(who, call)
        {
            out->in += is_in(who);
            out->waiting += !is_in(who);
        }
        for (size_t i = 0; i < call->ring_count; i++) {
            out->ringing += call->rings[i].state == CALL_RING_RINGING;
        }
    }
}
