/* calls_fuzz -- any sequence of what happens in calls, by several devices of several people in
 * three rooms. Behind each event: whoever is in was let in or is staff of the room, each leg that
 * was opened is closed once and belongs to one who is in, nobody is told anything who is not
 * connected, and when all are gone nothing is left. Four bytes are one event: what, who, about
 * whom, how. */
#include "base/check.h"
#include "base/parcel.h"
#include "call/state.h"
#include "protocol/layout.h"

#include <stdlib.h>
#include <string.h>

enum {
    DEVICES = 10,
    ROOMS = 3,
    CALL_IDS = 2,
    KEYS = 4,
    CALLS_MAX = 4,
    LEGS_MAX = 4096,
    EVENTS = 12
};

/* Devices 0-2: two people of staff, one with two devices; 3-7: four citizens, one with two; then
 * guests. */
static const struct {
    uint8_t person;
    uint64_t role;
} cast[DEVICES] = {{1, ROLE_STAFF},   {1, ROLE_STAFF},   {2, ROLE_STAFF},   {3, ROLE_CITIZEN},
                   {3, ROLE_CITIZEN}, {4, ROLE_CITIZEN}, {5, ROLE_CITIZEN}, {6, ROLE_CITIZEN},
                   {7, ROLE_GUEST},   {8, ROLE_GUEST}};

struct world {
    struct calls *calls;
    uint64_t sessions[DEVICES], last_session; /* 0: not connected */
    uint8_t follows[DEVICES];                 /* a bit for each room */
    uint8_t legs[LEGS_MAX];                   /* 1: open, 2: has been closed */
    size_t open_legs;
    struct moment now;
};

static struct id id_named(uint8_t kind, uint8_t number)
{
    struct id id = {0};
    id.bytes[0] = kind;
    id.bytes[1] = number;
    return id;
}

static const struct id board = {{1}};

static struct id key_of(size_t device, unsigned version)
{
    struct id key = id_named('k', (uint8_t)device);
    key.bytes[2] = (uint8_t)version;
    return key;
}

/* -- What the journal would know -- */

static size_t device_of(const struct world *world, uint64_t session)
{
    size_t device = 0;
    while (device < DEVICES && world->sessions[device] != session) {
        device++;
    }
    return device;
}

static bool follows(void *context, uint64_t session, const struct id *of_board,
                    const struct id *room)
{
    const struct world *world = context;
    size_t device = device_of(world, session);
    return device < DEVICES && id_equal(of_board, &board) && room->bytes[0] == 'r' &&
           room->bytes[1] < ROOMS && (world->follows[device] >> room->bytes[1] & 1) != 0;
}

static void sessions_of(void *context, const struct id *of_board, const struct id *room,
                        const struct id *person, void (*each)(void *argument, uint64_t session),
                        void *argument)
{
    const struct world *world = context;
    for (size_t i = 0; i < DEVICES; i++) {
        bool is_it = person == NULL || person->bytes[1] == cast[i].person;
        if (is_it && world->sessions[i] != 0 &&
            follows(context, world->sessions[i], of_board, room)) {
            each(argument, world->sessions[i]);
        }
    }
}

/* -- What must hold -- */

static void order_check(struct world *world, const struct order *order)
{
    switch (order->type) {
    case ORDER_SEND:
        CHECK(order->session == 0 || device_of(world, order->session) < DEVICES);
        break;
    case ORDER_LEG_OPEN:
        CHECK(order->leg < LEGS_MAX && world->legs[order->leg] == 0);
        world->legs[order->leg] = 1;
        world->open_legs++;
        break;
    case ORDER_LEG_CLOSE:
        CHECK(order->leg < LEGS_MAX && world->legs[order->leg] == 1);
        world->legs[order->leg] = 2;
        world->open_legs--;
        break;
    case ORDER_LEG_KEPT:
    case ORDER_STREAM_OPEN:
    case ORDER_STREAM_CLOSE:
    case ORDER_SUBSCRIBE:
        CHECK(order->leg < LEGS_MAX && world->legs[order->leg] == 1);
        break;
    case ORDER_KEEPERS:
        break;
    }
}

static bool is_admitted(const struct call *call, const struct participant *who)
{
    bool is_in = false;
    for (size_t i = 0; i < call->admission_count; i++) {
        const struct admission *admission = &call->admissions[i];
        if (id_equal(&admission->key, &who->key)) {
            CHECK(admission->operation == 1); /* who is put out is not there */
            is_in = true;
        }
    }
    return is_in;
}

static size_t call_check(const struct world *world, const struct call *call)
{
    size_t count = 0, legs = 0;
    PARTICIPANTS_EACH(who, call)
    {
        count++;
        bool is_in_place = who->place == PLACE_IN || who->place == PLACE_IN_AWAY;
        bool is_away = who->place == PLACE_IN_AWAY || who->place == PLACE_WAITING_AWAY;
        CHECK(who->place != PLACE_NOWHERE && is_away == (who->session == 0));
        CHECK(who->session == 0 || device_of(world, who->session) < DEVICES);
        CHECK(!is_in_place || is_admitted(call, who) ||
              (who->is_member && who->who.role == ROLE_STAFF));
        CHECK(who->session == 0 || participant_of_session(call, who->session) == who);
        CHECK(who->leg == 0 || (is_in_place && world->legs[who->leg] == 1));
        legs += who->leg != 0;
    }
    CHECK(count == call->participant_count && count > 0 && count <= CALL_PARTICIPANTS_MAX);
    if (call->lead != 0) {
        const struct participant *lead = participant_of_number(call, call->lead);
        CHECK(lead != NULL && is_staff(lead));
    }
    return legs;
}

static void settle(struct world *world, struct orders *orders)
{
    CHECK(!orders->failed);
    for (size_t i = 0; i < orders->count; i++) {
        order_check(world, &orders->items[i]);
    }
    orders_fini(orders);
    size_t legs = 0, calls = 0;
    LIST_EACH (link, &world->calls->all) {
        legs += call_check(world, LIST_ITEM(link, struct call, link));
        calls++;
    }
    struct calls_counts counts;
    calls_count(world->calls, &counts);
    CHECK(legs == world->open_legs && calls == counts.calls && calls <= CALLS_MAX);
}

/* -- Messages -- */

static void sign(const struct layout *layout, const void *body, struct buffer *out)
{
    struct buffer bytes;
    struct wire_signed outer = {0};
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    CHECK(layout_encode(layout, body, &bytes) == ENRUM_OK);
    outer.body = buffer_slice(&bytes); /* who calls this has checked signatures */
    CHECK(layout_encode(&layout_signed, &outer, out) == ENRUM_OK);
    buffer_fini(&bytes);
}

static void join(struct world *world, const struct caller *who, uint8_t room, uint8_t how,
                 struct orders *orders)
{
    size_t device = device_of(world, who->session);
    struct buffer bytes;
    struct wire_call_key key = {.version = 1,
                                .suite = SUITE_1,
                                .board = board,
                                .call = id_named('c', (uint8_t)(room * CALL_IDS + how % CALL_IDS)),
                                .certificate = who->certificate,
                                .key = key_of(device, how / CALL_IDS % KEYS)};
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    sign(&layout_call_key, &key, &bytes);
    struct id room_id = id_named('r', room);
    bool is_guest = who->role == ROLE_GUEST || how >= 128;
    struct msg_call_join message = {.request = 1,
                                    .board = board,
                                    .room = is_guest ? (struct slice){0} : id_slice(&room_id),
                                    .call = key.call,
                                    .key = buffer_slice(&bytes)};
    calls_join(world->calls, who, &message, world->now, orders);
    buffer_fini(&bytes);
}

static void admit(struct world *world, const struct caller *who, const struct id *call,
                  uint8_t about, uint8_t how, struct orders *orders)
{
    struct buffer bytes;
    struct wire_call_admission body = {.version = 1,
                                       .board = board,
                                       .call = *call,
                                       .operation = 1 + how % 2,
                                       .certificate = id_named('h', about),
                                       .key = key_of(about, how / 2 % KEYS),
                                       .by = who->certificate,
                                       .time = how};
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    sign(&layout_call_admission, &body, &bytes);
    struct msg_call_admit message = {
        .request = 1, .board = board, .call = *call, .statement = buffer_slice(&bytes)};
    calls_admit(world->calls, who, &message, orders);
    buffer_fini(&bytes);
}

static void leg(struct world *world, const struct caller *who, const struct id *call, uint8_t how,
                struct orders *orders)
{
    static const uint8_t fragments[] = "aaaabbbb";
    static const uint8_t password[] = "0123456789abcdefghijkl";
    struct buffer streams;
    buffer_init(&streams, CERTIFICATE_BYTES_MAX);
    for (uint8_t use = 1; use <= CALL_STREAMS_MAX; use++) {
        struct wire_call_stream stream = {
            .use = use, .ssrc = UINT32_C(1) + use + (how >> 4 & 3U) * 8U, .payload_type = 100};
        if ((how >> use & 1) != 0) {
            CHECK(layout_encode(&layout_call_stream, &stream, &streams) == ENRUM_OK);
        }
    }
    struct msg_call_leg message = {.request = 1,
                                   .board = board,
                                   .call = *call,
                                   .ufrag = slice_of(&fragments[how & 1 ? 4 : 0], 4),
                                   .pwd = slice_of(password, sizeof password - 1),
                                   .streams = buffer_slice(&streams)};
    calls_leg(world->calls, who, &message, world->now, orders);
    buffer_fini(&streams);
}

/* -- Events -- */

static void connection(struct world *world, size_t device, size_t about, uint8_t how,
                       struct orders *orders)
{
    if (world->sessions[device] == 0 && world->sessions[about] != 0 && how >= 240) {
        /* The connection of another one proves to be this device. */
        world->sessions[device] = world->sessions[about];
        world->follows[device] = 0;
        world->sessions[about] = 0;
        world->follows[about] = 0;
        return;
    }
    if (world->sessions[device] != 0) {
        uint64_t session = world->sessions[device];
        world->sessions[device] = 0;
        world->follows[device] = 0;
        calls_session_gone(world->calls, session, world->now, orders);
        return;
    }
    world->sessions[device] = ++world->last_session;
    for (uint8_t room = 0; room < ROOMS && cast[device].role != ROLE_GUEST; room++) {
        if ((how >> room & 1) != 0) {
            struct id id = id_named('r', room), person = id_named('p', cast[device].person);
            world->follows[device] |= (uint8_t)(1U << room);
            calls_followed(world->calls, world->sessions[device], &board, &id, &person, orders);
        }
    }
}

static void event(struct world *world, const uint8_t data[4])
{
    struct orders orders;
    size_t device = data[1] % DEVICES;
    uint8_t about = data[2] % DEVICES, how = data[3];
    struct caller who = {.session = world->sessions[device],
                         .request = 1,
                         .board = board,
                         .person = id_named('p', cast[device].person),
                         .device = id_named('d', (uint8_t)device),
                         .certificate = id_named('h', (uint8_t)device),
                         .role = cast[device].role,
                         .certificate_bytes = slice_of((const uint8_t *)"c", 1)};
    struct id call = id_named('c', data[2] % (ROOMS * CALL_IDS));
    orders_init(&orders);
    unsigned what = data[0] % EVENTS;
    if (what == 0) {
        connection(world, device, about, how, &orders);
    } else if (what == 1) {
        uint64_t ms = UINT64_C(500) << how % 8;
        world->now.monotonic_ms += ms;
        world->now.wall_ms += ms;
        calls_tick(world->calls, world->now, &orders);
    } else if (what == 2) {
        world->follows[device] &= (uint8_t) ~(1U << how % ROOMS); /* taken out of the room */
    } else if (who.session != 0) {
        struct id call_in = id_named('c', (uint8_t)(how % (ROOMS * CALL_IDS)));
        struct msg_call_leave leave = {
            .request = 1, .board = board, .call = call, .for_all = how & 1};
        struct id person = id_named('p', cast[about].person);
        struct msg_call_ring ring = {.request = 1,
                                     .board = board,
                                     .call = call_in,
                                     .persons = id_slice(&person),
                                     .cancel = how >> 7};
        struct msg_call_refuse refuse = {
            .request = 1, .board = board, .call = call, .busy = how & 1};
        struct msg_call_lead lead = {
            .request = 1, .board = board, .call = call, .number = 1 + how % 16};
        struct msg_call_send send = {.request = 1,
                                     .board = board,
                                     .call = call,
                                     .to = 1 + how % 16,
                                     .frame = slice_of((const uint8_t *)"f", 1)};
        switch (what) {
        case 3:
        case 4:
            join(world, &who, data[2] % ROOMS, how, &orders);
            break;
        case 5:
            calls_leave(world->calls, &who, &leave, &orders);
            break;
        case 6:
            calls_ring(world->calls, &who, &ring, world->now, &orders);
            break;
        case 7:
            calls_refuse(world->calls, &who, &refuse, &orders);
            break;
        case 8:
            admit(world, &who, &call_in, about, (uint8_t)(how / (ROOMS * CALL_IDS)), &orders);
            break;
        case 9:
            calls_lead(world->calls, &who, &lead, &orders);
            break;
        case 10:
            calls_send(world->calls, &who, &send, world->now, &orders);
            break;
        default:
            leg(world, &who, &call, how, &orders);
            break;
        }
    }
    settle(world, &orders);
}

/* All connections are lost, and nobody comes back in time. */
static void all_go(struct world *world)
{
    for (size_t i = 0; i < DEVICES; i++) {
        if (world->sessions[i] != 0) {
            uint8_t lost[4] = {0, (uint8_t)i, 0, 0};
            event(world, lost);
        }
    }
    uint8_t later[4] = {1, 0, 0, 7};
    for (int i = 0; i < 4; i++) {
        event(world, later);
    }
    struct calls_counts counts;
    calls_count(world->calls, &counts);
    CHECK(counts.calls == 0 && counts.in == 0 && counts.waiting == 0 && world->open_legs == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world *world = calloc(1, sizeof *world);
    CHECK(world != NULL);
    world->now = (struct moment){1000, 1000000};
    struct calls_options options = {
        .calls_max = CALLS_MAX,
        .directory = {.context = world, .follows = follows, .sessions_of = sessions_of}};
    world->calls = calls_new(&options);
    CHECK(world->calls != NULL);
    /* Two legs at most for each event. */
    for (size_t i = 0; i + 4 <= size && i < (size_t)LEGS_MAX; i += 4) {
        event(world, data + i);
    }
    all_go(world);
    calls_free(world->calls);
    free(world);
    return 0;
}
