/* network -- see network.h. */
#include "network.h"

#include "actor.h"
#include "gate_of_wire.h"
#include "host.h"
#include "protocol/layout.h"
#include "world.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { WIRES_MAX = 128 };

struct wire {
    uint64_t id; /* 0: free */
    size_t actor;
    uint64_t session; /* 0: the host does not know it */
    bool has_client;
    bool is_cut[2]; /* what is under way there is lost, and what comes */
    uint64_t last[2];
    uint64_t delay_min, delay_max, stalled_until;
};

struct frame {
    size_t len;
    uint8_t bytes[];
};

static struct wire wires[WIRES_MAX];
static uint64_t last_wire, parted_until[ACTORS_MAX];

void wires_begin(void)
{
    memset(wires, 0, sizeof wires);
    memset(parted_until, 0, sizeof parted_until);
    last_wire = 0;
}

static struct wire *wire_find(uint64_t id)
{
    for (size_t i = 0; i < WIRES_MAX; i++) {
        if (wires[i].id == id) {
            return &wires[i];
        }
    }
    return NULL;
}

static void forget_if_over(struct wire *wire)
{
    if (!wire->has_client && wire->session == 0) {
        wire->id = 0;
    }
}

/* -- Frames -- */

/* When what is sent now arrives: behind what was sent before. */
static uint64_t arrival(struct wire *wire, enum wire_way way)
{
    uint64_t at = timeline_now() + chance_between(&world.net, wire->delay_min, wire->delay_max);
    if (!world.is_healed && chance_is(&world.net, 5)) {
        at += chance_between(&world.net, 200 * MS, 4 * SECOND);
    }
    at = at > wire->last[way] ? at : wire->last[way] + 1;
    wire->last[way] = at;
    return at;
}

/* In words: its type, and the code of an error; in the hash: all of it. */
static void frame_trace(const char *what, const struct wire *wire, const struct frame *frame)
{
    struct slice bytes = slice_of(frame->bytes, frame->len);
    struct msg_error error = {0};
    uint64_t type = 0, request = 0;
    (void)frame_peek(bytes, &type, &request);
    if (type == MESSAGE_ERROR) {
        (void)layout_decode(&message_error, bytes, &error);
    }
    trace_bytes(frame->bytes, frame->len);
    trace(what, wire->actor, type << 32 | error.code << 16 | (request & 0xffff));
}

static void on_frame(uint64_t subject, void *payload)
{
    enum wire_way way = subject & 1;
    struct wire *wire = wire_find(subject >> 1);
    const struct frame *frame = payload;
    if (wire == NULL || wire->is_cut[way]) {
        return;
    }
    if (way == TO_HOST && wire->session != 0) {
        frame_trace("to host", wire, frame);
        gate_receive(wire->session, slice_of(frame->bytes, frame->len));
    } else if (way == TO_CLIENT && wire->has_client) {
        frame_trace("to client", wire, frame);
        actor_arrival(wire->actor, wire->id, ARRIVAL_FRAME, slice_of(frame->bytes, frame->len));
    }
}

void wire_send(uint64_t id, enum wire_way way, struct slice bytes)
{
    struct wire *wire = wire_find(id);
    if (wire == NULL || wire->is_cut[way]) {
        return;
    }
    struct frame *frame = malloc(sizeof *frame + bytes.len);
    assert(frame != NULL);
    frame->len = bytes.len;
    memcpy(frame->bytes, bytes.at, bytes.len);
    timeline_at(arrival(wire, way), &(struct happening){"frame", on_frame, id << 1 | way, frame});
}

/* -- Ends -- */

static void host_told(struct wire *wire)
{
    uint64_t session = wire->session;
    wire->session = 0;
    if (session != 0) {
        trace("host lost", wire->actor, 0);
        gate_lost(session);
    }
}

static void client_told(struct wire *wire)
{
    if (wire->has_client) {
        wire->has_client = false;
        trace("client lost", wire->actor, 0);
        actor_arrival(wire->actor, wire->id, ARRIVAL_LOST, slice_of("", 0));
    }
}

static void on_end(uint64_t subject, void *payload)
{
    struct wire *wire = wire_find(subject >> 1);
    (void)payload;
    if (wire == NULL) {
        return;
    }
    if ((subject & 1) == TO_HOST) {
        host_told(wire);
    } else {
        client_told(wire);
    }
    forget_if_over(wire);
}

static void end_at(const struct wire *wire, enum wire_way way, uint64_t at)
{
    timeline_at(at, &(struct happening){"end", on_end, wire->id << 1 | way, NULL});
}

void wire_close(uint64_t id, enum wire_way way)
{
    struct wire *wire = wire_find(id);
    if (wire == NULL) {
        return;
    }
    if (way == TO_HOST) {
        wire->has_client = false;
    } else {
        wire->session = 0;
    }
    if (!wire->is_cut[way]) {
        end_at(wire, way, arrival(wire, way));
    }
    forget_if_over(wire);
}

/* -- Connecting -- */

static bool is_parted(size_t actor)
{
    return timeline_now() < parted_until[actor];
}

static void on_open(uint64_t subject, void *payload)
{
    struct wire *wire = wire_find(subject);
    (void)payload;
    if (wire != NULL && wire->has_client && !wire->is_cut[TO_CLIENT]) {
        actor_arrival(wire->actor, wire->id, ARRIVAL_OPEN, slice_of("", 0));
    }
}

static void on_knock(uint64_t subject, void *payload)
{
    struct wire *wire = wire_find(subject);
    (void)payload;
    if (wire == NULL || wire->is_cut[TO_HOST] || is_parted(wire->actor)) {
        return; /* the client waits, and gives up by itself */
    }
    if (!host_is_up()) {
        end_at(wire, TO_CLIENT, arrival(wire, TO_CLIENT));
        return;
    }
    wire->session = gate_accept(wire->id);
    trace("accepted", wire->actor, wire->session);
    timeline_at(arrival(wire, TO_CLIENT), &(struct happening){"open", on_open, wire->id, NULL});
}

uint64_t wire_open(size_t actor)
{
    size_t i = 0;
    while (i < WIRES_MAX && wires[i].id != 0) {
        i++;
    }
    assert(i < WIRES_MAX);
    uint64_t slow = chance_is(&world.net, 200) ? 300 * MS : 20 * MS;
    struct wire *wire = &wires[i];
    *wire = (struct wire){.id = ++last_wire,
                          .actor = actor,
                          .has_client = true,
                          .delay_min = chance_between(&world.net, 200, 5 * MS),
                          .delay_max = chance_between(&world.net, 6 * MS, slow)};
    if (is_parted(actor) && chance_is(&world.net, 500)) {
        end_at(wire, TO_CLIENT, arrival(wire, TO_CLIENT)); /* "no route": told at once */
    } else {
        timeline_at(arrival(wire, TO_HOST), &(struct happening){"knock", on_knock, wire->id, NULL});
    }
    return wire->id;
}

/* -- Processes that are gone -- */

void wires_host_gone(void)
{
    for (size_t i = 0; i < WIRES_MAX; i++) {
        struct wire *wire = &wires[i];
        if (wire->id == 0) {
            continue;
        }
        wire->session = 0;
        wire->is_cut[TO_HOST] = true;
        /* A machine that goes takes its last words with it; a process leaves them to the kernel. */
        wire->is_cut[TO_CLIENT] = wire->is_cut[TO_CLIENT] || chance_is(&world.net, 300);
        if (!wire->is_cut[TO_CLIENT]) {
            end_at(wire, TO_CLIENT, arrival(wire, TO_CLIENT));
        }
        forget_if_over(wire);
    }
}

void wires_client_gone(size_t actor)
{
    for (size_t i = 0; i < WIRES_MAX; i++) {
        if (wires[i].id != 0 && wires[i].actor == actor && wires[i].has_client) {
            wires[i].is_cut[TO_HOST] = wires[i].is_cut[TO_HOST] || chance_is(&world.net, 200);
            wire_close(wires[i].id, TO_HOST);
        }
    }
}

/* -- Faults -- */

/* An end learns of a cut soon, late, or by its own patience only. */
static void learn(const struct wire *wire, enum wire_way way)
{
    uint64_t which = chance_below(&world.net, 3);
    if (which < 2) {
        end_at(wire, way,
               timeline_now() + chance_below(&world.net, which == 0 ? 100 * MS : 30 * SECOND));
    }
}

void wires_cut(size_t actor)
{
    for (size_t i = 0; i < WIRES_MAX; i++) {
        struct wire *wire = &wires[i];
        if (wire->id != 0 && wire->actor == actor && !wire->is_cut[TO_CLIENT]) {
            wire->is_cut[TO_HOST] = wire->is_cut[TO_CLIENT] = true;
            learn(wire, TO_HOST);
            learn(wire, TO_CLIENT);
        }
    }
}

void wires_mute(size_t actor, enum wire_way way)
{
    for (size_t i = 0; i < WIRES_MAX; i++) {
        if (wires[i].id != 0 && wires[i].actor == actor) {
            wires[i].is_cut[way] = true;
        }
    }
}

void wires_stall(size_t actor, uint64_t duration)
{
    for (size_t i = 0; i < WIRES_MAX; i++) {
        if (wires[i].id != 0 && wires[i].actor == actor) {
            wires[i].stalled_until = timeline_now() + duration;
        }
    }
}

void wires_part(size_t actor, uint64_t duration)
{
    parted_until[actor] = timeline_now() + duration;
    wires_cut(actor);
}

void wires_heal(void)
{
    memset(parted_until, 0, sizeof parted_until);
    for (size_t i = 0; i < WIRES_MAX; i++) {
        wires[i].stalled_until = 0;
    }
}

bool wire_is_stalled(uint64_t id, uint64_t *until)
{
    const struct wire *wire = wire_find(id);
    bool is_stalled = wire != NULL && wire->stalled_until > timeline_now();
    if (is_stalled) {
        *until = wire->stalled_until;
    }
    return is_stalled;
}
