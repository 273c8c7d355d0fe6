/* scene -- see scene.h. */
#include "scene.h"

#include "base/check.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

__attribute__((format(printf, 2, 3))) static void tell(struct scene *scene, const char *format, ...)
{
    size_t at = strlen(scene->trace);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(scene->trace + at, sizeof scene->trace - at, format, args);
    va_end(args);
}

void scene_expect(struct scene *scene, const char *expected)
{
    assert_string_equal(scene->trace, expected);
    scene_forget(scene);
}

void scene_forget(struct scene *scene)
{
    scene->trace[0] = '\0';
}

/* -- Names -- */

static const char *number_name(const char *table, uint64_t number)
{
    static const struct {
        const char *table, *name;
        uint64_t number;
    } rows[] = {
#define CALL_NUMBER(table, name, number, what) {#table, #name, number},
#include "protocol/calls.def"
#undef CALL_NUMBER
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].table, table) == 0 && rows[i].number == number) {
            return rows[i].name;
        }
    }
    return "?";
}

static const char *name_of(const struct scene *scene, uint64_t session)
{
    for (size_t i = 0; i < scene->count; i++) {
        if (scene->people[i].caller.session == session) {
            return scene->people[i].name;
        }
    }
    return "nobody";
}

static const struct actor *actor_of_person(const struct scene *scene, const struct id *person)
{
    for (size_t i = 0; i < scene->count; i++) {
        if (id_equal(&scene->people[i].caller.person, person)) {
            return &scene->people[i];
        }
    }
    return NULL;
}

/* By its call key: one person may have several devices. */
static struct actor *actor_of_key(struct scene *scene, struct slice key_bytes)
{
    for (size_t i = 0; i < scene->count; i++) {
        if (slice_equal(buffer_slice(&scene->people[i].key_bytes), key_bytes)) {
            return &scene->people[i];
        }
    }
    return NULL;
}

/* -- Orders -- */

static void participants_tell(struct scene *scene, const struct msg_call *message)
{
    struct slice rest = message->participants;
    struct wire_call_participant item;
    while (rest.len > 0) {
        assert_int_equal(layout_next(&layout_call_participant, &rest, &item), ENRUM_OK);
        const struct actor *actor = actor_of_key(scene, item.key);
        assert_non_null(actor);
        scene->numbers[actor - scene->people] = item.number;
        tell(scene, " %s%s%s", actor->name, item.number == message->lead ? "*" : "",
             item.state == CALL_STATE_WAITING ? "?"
             : item.state == CALL_STATE_AWAY  ? "~"
                                              : "");
        struct slice streams = item.streams;
        struct wire_call_stream stream;
        while (streams.len > 0) {
            assert_int_equal(layout_next(&layout_call_stream, &streams, &stream), ENRUM_OK);
            tell(scene, "+%c", number_name("USE", stream.use)[0]);
        }
    }
}

static void call_tell(struct scene *scene, const struct msg_call *message)
{
    struct slice rest = message->rung;
    struct wire_call_rung rung;
    size_t admissions = 0;
    if (message->state == CALL_STATE_OVER) {
        tell(scene, " over %s", number_name("END", message->end));
        return;
    }
    tell(scene, message->state == CALL_STATE_WAITING ? " waiting" : " in");
    if (message->position > 0) {
        tell(scene, " %" PRIu64, message->position);
    }
    tell(scene, ":");
    participants_tell(scene, message);
    while (rest.len > 0) {
        assert_int_equal(layout_next(&layout_call_rung, &rest, &rung), ENRUM_OK);
        tell(scene, ", rung %s %s", actor_of_person(scene, &rung.person)->name,
             number_name("RING", rung.state));
    }
    assert_int_equal(layout_count(&layout_signed, message->admissions, 99, &admissions), ENRUM_OK);
    if (admissions > 0) {
        tell(scene, ", %zu signed", admissions);
    }
}

static void message_tell(struct scene *scene, const char *name, struct slice frame)
{
    uint64_t type = 0, request = 0;
    union {
        struct msg_error error;
        struct msg_call call;
        struct msg_call_in in;
        struct msg_call_rings rings;
    } message;
    assert_int_equal(frame_peek(frame, &type, &request), ENRUM_OK);
    assert_int_equal(layout_decode(message_find(type), frame, &message), ENRUM_OK);
    if (type == MESSAGE_ERROR) {
        tell(scene, "%s <- %s", name, error_name((enum enrum_err)message.error.code));
    } else if (type == MESSAGE_CALL) {
        tell(scene, "%s <- CALL%s", name, request != 0 ? " here" : "");
        call_tell(scene, &message.call);
    } else if (type == MESSAGE_CALL_IN) {
        tell(scene, "%s <- frame of %" PRIu64, name, message.in.from);
    } else if (type == MESSAGE_CALL_RINGS) {
        const struct actor *caller = actor_of_person(scene, &message.rings.caller);
        tell(scene, "%s <- RINGS %s by %s", name, number_name("RING", message.rings.state),
             caller != NULL ? caller->name : "nobody");
    } else {
        tell(scene, "%s <- %s", name, message_name(type));
    }
    tell(scene, "\n");
}

static void order_tell(struct scene *scene, const struct order *order)
{
    const struct wire_call_stream *in = &order->stream.in;
    switch (order->type) {
    case ORDER_SEND:
        message_tell(scene, name_of(scene, order->session), parcel_slice(order->message));
        return;
    case ORDER_KEEPERS:
        if (scene->tells_keepers) {
            message_tell(scene, "keeper", parcel_slice(order->message));
        }
        return;
    case ORDER_LEG_OPEN:
        tell(scene, "relay: leg %" PRIu64 " of call %" PRIu64 " opens for %s\n", order->leg,
             order->opens->call, name_of(scene, order->session));
        return;
    case ORDER_LEG_KEPT:
        tell(scene, "relay: leg %" PRIu64 " stays\n", order->leg);
        return;
    case ORDER_LEG_CLOSE:
        tell(scene, "relay: leg %" PRIu64 " closes\n", order->leg);
        return;
    case ORDER_STREAM_OPEN:
        tell(scene, "relay: leg %" PRIu64 " sends %s\n", order->leg, number_name("USE", in->use));
        return;
    case ORDER_STREAM_CLOSE:
        tell(scene, "relay: leg %" PRIu64 " no longer sends %s\n", order->leg,
             number_name("USE", in->use));
        return;
    case ORDER_SUBSCRIBE:
        tell(scene, "relay: leg %" PRIu64 " gets %s\n", order->leg, number_name("USE", in->use));
        return;
    }
}

static void take(struct scene *scene, struct orders *orders)
{
    assert_false(orders->failed);
    for (size_t i = 0; i < orders->count; i++) {
        order_tell(scene, &orders->items[i]);
    }
    orders_fini(orders);
}

/* -- The directory -- */

static bool directory_follows(void *context, uint64_t session, const struct id *board,
                              const struct id *room)
{
    const struct scene *scene = context;
    for (size_t i = 0; i < scene->count; i++) {
        if (scene->people[i].caller.session == session) {
            return scene->people[i].follows && id_equal(board, &scene->board) &&
                   id_equal(room, &scene->room);
        }
    }
    return false;
}

static void directory_sessions(void *context, const struct id *board, const struct id *room,
                               const struct id *person,
                               void (*each)(void *argument, uint64_t session), void *argument)
{
    const struct scene *scene = context;
    assert_true(id_equal(board, &scene->board) && id_equal(room, &scene->room));
    for (size_t i = 0; i < scene->count; i++) {
        const struct actor *who = &scene->people[i];
        if (who->follows && who->caller.session != 0 &&
            (person == NULL || id_equal(&who->caller.person, person))) {
            each(argument, who->caller.session);
        }
    }
}

/* -- Beginning and end -- */

void scene_begin(struct scene *scene, size_t calls_max)
{
    assert_true(suite_init());
    *scene = (struct scene){.now = {.monotonic_ms = 1000, .wall_ms = 1000000}};
    memset(scene->board.bytes, 0xb0, ID_BYTES);
    memset(scene->room.bytes, 0x70, ID_BYTES);
    memset(scene->call.bytes, 0xca, ID_BYTES);
    struct calls_options options = {.calls_max = calls_max,
                                    .directory = {.context = scene,
                                                  .follows = directory_follows,
                                                  .sessions_of = directory_sessions}};
    scene->calls = calls_new(&options);
    assert_non_null(scene->calls);
}

void scene_end(struct scene *scene)
{
    assert_string_equal(scene->trace, "");
    calls_free(scene->calls);
    for (size_t i = 0; i < scene->count; i++) {
        buffer_fini(&scene->people[i].certificate);
        buffer_fini(&scene->people[i].key_bytes);
    }
}

/* -- People -- */

static struct actor *actor_new(struct scene *scene, const char *name, enum role role,
                               const struct id *person)
{
    assert_true(scene->count < SCENE_PEOPLE_MAX);
    struct actor *who = &scene->people[scene->count++];
    struct certificate certificate;
    *who = (struct actor){.name = name, .follows = role != ROLE_GUEST};
    sign_pair_new(&who->sign);
    struct wire_certificate body = {.board = scene->board,
                                    .role = role,
                                    .person = *person,
                                    .sign_key = who->sign.public,
                                    .not_after = 1000000000};
    buffer_init(&who->certificate, CERTIFICATE_BYTES_MAX);
    buffer_init(&who->key_bytes, CERTIFICATE_BYTES_MAX);
    assert_int_equal(certificate_encode(&who->sign, &body, &who->certificate), ENRUM_OK);
    assert_int_equal(certificate_decode(buffer_slice(&who->certificate), &certificate), ENRUM_OK);
    who->caller = (struct caller){.session = scene->count,
                                  .board = scene->board,
                                  .person = *person,
                                  .device = certificate.device,
                                  .certificate = certificate.hash,
                                  .role = role,
                                  .certificate_bytes = buffer_slice(&who->certificate)};
    return who;
}

struct actor *scene_person(struct scene *scene, const char *name, enum role role)
{
    struct id person;
    memset(person.bytes, (int)scene->count + 1, ID_BYTES);
    return actor_new(scene, name, role, &person);
}

struct actor *scene_device(struct scene *scene, const char *name, const struct actor *of)
{
    return actor_new(scene, name, (enum role)of->caller.role, &of->caller.person);
}

/* -- Events -- */

static const struct caller *asks(struct scene *scene, struct actor *who)
{
    who->caller.request = ++scene->request;
    return &who->caller;
}

void scene_key(struct scene *scene, struct actor *who, const struct id *call)
{
    struct buffer body;
    suite_random(who->key.bytes, ID_BYTES);
    struct wire_call_key key = {.version = 1,
                                .suite = SUITE_1,
                                .board = scene->board,
                                .call = *call,
                                .certificate = who->caller.certificate,
                                .key = who->key,
                                .time = scene->now.wall_ms};
    buffer_init(&body, CERTIFICATE_BYTES_MAX);
    buffer_reset(&who->key_bytes);
    assert_int_equal(layout_encode(&layout_call_key, &key, &body), ENRUM_OK);
    assert_int_equal(
        signed_encode(&who->sign, LABEL_CALL_KEY, buffer_slice(&body), &who->key_bytes), ENRUM_OK);
    buffer_fini(&body);
}

void scene_raw_join(struct scene *scene, struct actor *who, const struct msg_call_join *message)
{
    struct orders orders;
    orders_init(&orders);
    calls_join(scene->calls, asks(scene, who), message, scene->now, &orders);
    take(scene, &orders);
}

static void join(struct scene *scene, struct actor *who)
{
    struct msg_call_join message = {
        .board = scene->board, .call = scene->call, .key = buffer_slice(&who->key_bytes)};
    if (who->follows) {
        message.room = id_slice(&scene->room);
    }
    scene_raw_join(scene, who, &message);
}

void scene_join(struct scene *scene, struct actor *who)
{
    scene_key(scene, who, &scene->call);
    join(scene, who);
}

void scene_return(struct scene *scene, struct actor *who)
{
    who->caller.session += 100;
    join(scene, who);
}

void scene_again(struct scene *scene, struct actor *who)
{
    join(scene, who);
}

void scene_lose(struct scene *scene, struct actor *who)
{
    struct orders orders;
    orders_init(&orders);
    calls_session_gone(scene->calls, who->caller.session, scene->now, &orders);
    take(scene, &orders);
}

void scene_leave(struct scene *scene, struct actor *who, bool for_all)
{
    struct orders orders;
    struct msg_call_leave message = {
        .board = scene->board, .call = scene->call, .for_all = for_all};
    orders_init(&orders);
    calls_leave(scene->calls, asks(scene, who), &message, &orders);
    take(scene, &orders);
}

void scene_ring(struct scene *scene, struct actor *who, const struct actor *whom, bool cancel)
{
    struct orders orders;
    struct msg_call_ring message = {.board = scene->board,
                                    .call = scene->call,
                                    .persons = id_slice(&whom->caller.person),
                                    .cancel = cancel};
    orders_init(&orders);
    calls_ring(scene->calls, asks(scene, who), &message, scene->now, &orders);
    take(scene, &orders);
}

void scene_refuse(struct scene *scene, struct actor *who, bool busy)
{
    struct orders orders;
    struct msg_call_refuse message = {.board = scene->board, .call = scene->call, .busy = busy};
    orders_init(&orders);
    calls_refuse(scene->calls, asks(scene, who), &message, &orders);
    take(scene, &orders);
}

void scene_raw_admit(struct scene *scene, struct actor *who, const struct msg_call_admit *message)
{
    struct orders orders;
    orders_init(&orders);
    calls_admit(scene->calls, asks(scene, who), message, &orders);
    take(scene, &orders);
}

void scene_statement(struct scene *scene, struct actor *by, const struct actor *about,
                     enum call_admission_operation operation)
{
    struct buffer body, statement;
    struct wire_call_admission value = {.version = 1,
                                        .board = scene->board,
                                        .call = scene->call,
                                        .operation = operation,
                                        .certificate = about->caller.certificate,
                                        .key = about->key,
                                        .by = by->caller.certificate,
                                        .time = scene->now.wall_ms};
    buffer_init(&body, CERTIFICATE_BYTES_MAX);
    buffer_init(&statement, CERTIFICATE_BYTES_MAX);
    assert_int_equal(layout_encode(&layout_call_admission, &value, &body), ENRUM_OK);
    assert_int_equal(
        signed_encode(&by->sign, LABEL_CALL_ADMISSION, buffer_slice(&body), &statement), ENRUM_OK);
    struct msg_call_admit message = {
        .board = scene->board, .call = scene->call, .statement = buffer_slice(&statement)};
    scene_raw_admit(scene, by, &message);
    buffer_fini(&body);
    buffer_fini(&statement);
}

void scene_lead(struct scene *scene, struct actor *who, const struct actor *next)
{
    struct orders orders;
    struct msg_call_lead message = {
        .board = scene->board, .call = scene->call, .number = scene->numbers[next - scene->people]};
    orders_init(&orders);
    calls_lead(scene->calls, asks(scene, who), &message, &orders);
    take(scene, &orders);
}

void scene_send(struct scene *scene, struct actor *from, const struct actor *to)
{
    scene_send_frame(scene, from, to, slice_of("x", 1));
}

void scene_send_frame(struct scene *scene, struct actor *from, const struct actor *to,
                      struct slice frame)
{
    struct orders orders;
    struct msg_call_send message = {.board = scene->board,
                                    .call = scene->call,
                                    .to = scene->numbers[to - scene->people],
                                    .frame = frame};
    orders_init(&orders);
    calls_send(scene->calls, asks(scene, from), &message, scene->now, &orders);
    take(scene, &orders);
}

void scene_leg(struct scene *scene, struct actor *who, const char *ufrag, const char *uses)
{
    struct orders orders;
    struct buffer streams;
    buffer_init(&streams, CERTIFICATE_BYTES_MAX);
    for (const char *use = uses; *use != '\0'; use++) {
        uint64_t number = (uint64_t)(strchr("vcs", *use) - "vcs") + 1;
        struct wire_call_stream stream = {
            .use = number, .ssrc = 1000 * number, .payload_type = 95 + number};
        assert_int_equal(layout_encode(&layout_call_stream, &stream, &streams), ENRUM_OK);
    }
    struct msg_call_leg message = {.board = scene->board,
                                   .call = scene->call,
                                   .ufrag = slice_of_text(ufrag),
                                   .pwd = slice_of_text("0123456789012345678901"),
                                   .streams = buffer_slice(&streams)};
    orders_init(&orders);
    calls_leg(scene->calls, asks(scene, who), &message, scene->now, &orders);
    take(scene, &orders);
    buffer_fini(&streams);
}

void scene_follow(struct scene *scene, struct actor *who)
{
    struct orders orders;
    orders_init(&orders);
    who->follows = true;
    calls_followed(scene->calls, who->caller.session, &scene->board, &scene->room,
                   &who->caller.person, &orders);
    take(scene, &orders);
}

void scene_pass(struct scene *scene, uint64_t ms)
{
    struct orders orders;
    orders_init(&orders);
    scene->now.monotonic_ms += ms;
    scene->now.wall_ms += ms;
    calls_tick(scene->calls, scene->now, &orders);
    take(scene, &orders);
}
