/* rings -- who is rung in a call, and how that ended. A ring is of a person, on all devices that
 * follow the room. See calls.h. */
#include "state.h"

#include <string.h>

enum { CALL_RING_NONE = 0 }; /* beside those of calls.def: it is not rung yet */

enum ring_move {
    RING_RINGS,
    RING_IS_HERE,
    RING_IS_ELSEWHERE,
    RING_IS_DECLINED,
    RING_RANG_TOO_LONG,
    RING_IS_CANCELLED,
};

/* By ringmoves.def; false changes nothing. */
static bool ring_moves(struct ring *ring, enum ring_move event)
{
    static const struct {
        uint64_t from, to;
        enum ring_move event;
    } rows[] = {
#define RING_MOVE(from, event, to) {CALL_RING_##from, CALL_RING_##to, RING_##event},
#include "ringmoves.def"
#undef RING_MOVE
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].from == ring->state && rows[i].event == event) {
            ring->state = rows[i].to;
            return true;
        }
    }
    return false;
}

/* -- Telling devices -- */

struct tell {
    const struct call *call;
    struct orders *out;
    struct id caller;
    uint64_t state, except; /* except: a session that knows */
};

static void tell_one(void *argument, uint64_t session)
{
    const struct tell *tell = argument;
    struct msg_call_rings rings = {.board = tell->call->board,
                                   .room = tell->call->room,
                                   .call = tell->call->id,
                                   .state = tell->state,
                                   .caller = tell->caller};
    if (session != tell->except) {
        order_send(tell->out, session, &message_call_rings, &rings);
    }
}

/* person NULL: everybody who follows the room. */
static void tell(const struct calls *calls, struct tell *what, const struct id *person)
{
    const struct call_directory *directory = &calls->options.directory;
    directory->sessions_of(directory->context, &what->call->board, &what->call->room, person,
                           tell_one, what);
}

void rings_tell_of(struct calls *calls, struct call *call, uint64_t beginner, struct orders *out)
{
    const struct participant *first = LIST_ITEM(list_first(&call->participants), struct participant,
                                                link);
    struct tell what = {.call = call,
                        .out = out,
                        .caller = first->who.person,
                        .state = CALL_RING_GOES_ON,
                        .except = beginner};
    tell(calls, &what, NULL);
}

static struct ring *ring_find(struct call *call, const struct id *person)
{
    for (size_t i = 0; i < call->ring_count; i++) {
        if (id_equal(&call->rings[i].person, person)) {
            return &call->rings[i];
        }
    }
    return NULL;
}

static bool is_fresh(const struct ring *ring, struct moment now)
{
    return now.monotonic_ms - ring->at < CALL_RING_AGAIN_MS;
}

/* A ring that ended a while ago makes place for another: while it may not be repeated, it is not
 * forgotten. NULL: there is none. */
static struct ring *ring_place(struct call *call, const struct id *person, struct moment now)
{
    struct ring *ring = ring_find(call, person);
    if (ring != NULL) {
        return ring;
    }
    if (call->ring_count < CALL_PARTICIPANTS_MAX) {
        return &call->rings[call->ring_count++];
    }
    for (size_t i = 0; i < call->ring_count; i++) {
        if (call->rings[i].state != CALL_RING_RINGING && !is_fresh(&call->rings[i], now)) {
            return &call->rings[i];
        }
    }
    return NULL;
}

/* All devices of the person are told but the one that knows. An end that comes too late is none. */
static void ring_end(struct calls *calls, struct call *call, struct ring *ring, enum ring_move how,
                     uint64_t except, struct orders *out)
{
    if (ring == NULL || !ring_moves(ring, how)) {
        return;
    }
    struct tell what = {
        .call = call, .out = out, .caller = ring->caller, .state = ring->state, .except = except};
    call->has_changed = true;
    tell(calls, &what, &ring->person);
}

static bool is_in_with_a_device(const struct call *call, const struct id *person)
{
    PARTICIPANTS_EACH(who, call)
    {
        if (who->place == PLACE_IN && id_equal(&who->who.person, person)) {
            return true;
        }
    }
    return false;
}

static bool is_in_another(const struct calls *calls, const struct call *call,
                          const struct id *person)
{
    LIST_EACH (link, &calls->all) {
        const struct call *other = LIST_ITEM(link, struct call, link);
        if (other != call && id_equal(&other->board, &call->board) &&
            is_in_with_a_device(other, person)) {
            return true;
        }
    }
    return false;
}

static enum enrum_err ring_begin(struct calls *calls, struct call *call, const struct id *person,
                                 const struct id *caller, struct moment now, struct orders *out)
{
    const struct ring *last = ring_find(call, person);
    if (last != NULL && is_fresh(last, now)) {
        return ENRUM_TOO_FAST;
    }
    struct ring *ring = ring_place(call, person, now);
    if (ring == NULL) {
        return ENRUM_TOO_MANY;
    }
    *ring = (struct ring){.person = *person, .caller = *caller, .at = now.monotonic_ms};
    enum ring_move how = participant_of_person(call, person) != NULL ? RING_IS_HERE
                         : is_in_another(calls, call, person)        ? RING_IS_ELSEWHERE
                                                                     : RING_RINGS;
    CHECK(ring_moves(ring, how));
    call->has_changed = true;
    if (how == RING_RINGS) {
        struct tell what = {
            .call = call, .out = out, .caller = *caller, .state = CALL_RING_RINGING};
        tell(calls, &what, person);
    }
    return ENRUM_OK;
}

/* -- Events -- */

static bool may_ring(const struct call *call, const struct participant *who)
{
    return is_staff(who) || (who->is_member && call->lead == 0);
}

void calls_ring(struct calls *calls, const struct caller *who, const struct msg_call_ring *message,
                struct moment now, struct orders *out)
{
    struct call *call;
    const struct participant *here = call_present(calls, who, &message->call, &call, out);
    if (here == NULL) {
        return;
    }
    enum enrum_err err = may_ring(call, here) ? ENRUM_OK : ENRUM_MAY_NOT;
    for (size_t at = 0; err == ENRUM_OK && at < message->persons.len; at += ID_BYTES) {
        struct id person;
        memcpy(person.bytes, message->persons.at + at, ID_BYTES);
        if (message->cancel == 0) {
            err = ring_begin(calls, call, &person, &who->person, now, out);
        } else {
            ring_end(calls, call, ring_find(call, &person), RING_IS_CANCELLED, 0, out);
        }
    }
    call_answer(who, err, out);
    call_settle(calls, call, out);
}

void calls_refuse(struct calls *calls, const struct caller *who,
                  const struct msg_call_refuse *message, struct orders *out)
{
    struct call *call = call_find(calls, &who->board, &message->call);
    order_done(out, who->session, who->request);
    if (call != NULL) {
        ring_end(calls, call, ring_find(call, &who->person),
                 message->busy == 1 ? RING_IS_ELSEWHERE : RING_IS_DECLINED, who->session, out);
        call_settle(calls, call, out);
    }
}

void rings_answered(struct calls *calls, struct call *call, const struct id *person,
                    uint64_t session, struct orders *out)
{
    ring_end(calls, call, ring_find(call, person), RING_IS_HERE, session, out);
}

void rings_cancel(struct calls *calls, struct call *call, struct orders *out)
{
    struct tell what = {.call = call, .out = out, .state = CALL_RING_CANCELLED};
    tell(calls, &what, NULL);
}

void rings_tick(struct calls *calls, struct call *call, struct moment now, struct orders *out)
{
    for (size_t i = 0; i < call->ring_count; i++) {
        struct ring *ring = &call->rings[i];
        if (now.monotonic_ms - ring->at >= CALL_RING_MS) {
            ring_end(calls, call, ring, RING_RANG_TOO_LONG, 0, out);
        }
    }
}

void calls_keeper_followed(struct calls *calls, uint64_t session, const struct id *board,
                           const struct id *room, struct orders *out)
{
    struct call *call = call_of_room(calls, board, room);
    if (call != NULL) {
        show_keeper(call, session, out);
    }
}

void calls_followed(struct calls *calls, uint64_t session, const struct id *board,
                    const struct id *room, const struct id *person, struct orders *out)
{
    struct call *call = call_of_room(calls, board, room);
    if (call == NULL) {
        return;
    }
    const struct ring *ring = ring_find(call, person);
    bool rings = ring != NULL && ring->state == CALL_RING_RINGING;
    const struct participant *first = LIST_ITEM(list_first(&call->participants), struct participant,
                                                link);
    struct tell what = {.call = call,
                        .out = out,
                        .caller = rings ? ring->caller : first->who.person,
                        .state = rings ? CALL_RING_RINGING : CALL_RING_GOES_ON};
    tell_one(&what, session);
}
