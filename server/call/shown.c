/* shown -- a call as each of those in it may see it: the whole state, as one message. */
#include "state.h"

#include <string.h>

/* The parts of a CALL that are lists. */
struct parts {
    struct buffer participants, rung, admissions, certificates;
};

static void parts_init(struct parts *parts)
{
    buffer_init(&parts->participants, CALL_STATE_BYTES_MAX);
    buffer_init(&parts->rung, CALL_STATE_BYTES_MAX);
    buffer_init(&parts->admissions, CALL_STATE_BYTES_MAX);
    buffer_init(&parts->certificates, CALL_STATE_BYTES_MAX);
}

static void parts_fini(struct parts *parts)
{
    buffer_fini(&parts->participants);
    buffer_fini(&parts->rung);
    buffer_fini(&parts->admissions);
    buffer_fini(&parts->certificates);
}

static uint64_t state_of(const struct participant *who)
{
    return who->place == PLACE_IN        ? CALL_STATE_IN
           : who->place == PLACE_IN_AWAY ? CALL_STATE_AWAY
                                         : CALL_STATE_WAITING;
}

/* Each certificate once. */
static void certificate_put(struct parts *parts, const struct parcel *certificate)
{
    struct slice all = buffer_slice(&parts->certificates);
    struct slice bytes = parcel_slice(certificate);
    for (size_t at = 0; at + bytes.len <= all.len; at++) {
        if (memcmp(all.at + at, bytes.at, bytes.len) == 0) {
            return;
        }
    }
    buffer_append_slice(&parts->certificates, bytes);
}

static void papers_put(struct parts *parts, const struct papers *papers)
{
    certificate_put(parts, papers->certificate);
    if (papers->issuer != NULL) {
        certificate_put(parts, papers->issuer);
    }
}

static void participant_put(struct parts *parts, const struct participant *who)
{
    struct buffer streams;
    buffer_init(&streams, CERTIFICATE_BYTES_MAX);
    for (size_t i = 0; i < who->stream_count; i++) {
        struct wire_call_stream stream = {.use = who->streams[i].in.use,
                                          .ssrc = who->streams[i].out_ssrc,
                                          .payload_type = who->streams[i].in.payload_type};
        (void)layout_encode(&layout_call_stream, &stream, &streams);
    }
    struct wire_call_participant item = {.number = who->number,
                                         .state = state_of(who),
                                         .person = who->who.person,
                                         .role = who->who.role,
                                         .is_member = who->is_member,
                                         .key = parcel_slice(who->key_bytes),
                                         .since = who->since_ms,
                                         .streams = buffer_slice(&streams)};
    (void)layout_encode(&layout_call_participant, &item, &parts->participants);
    papers_put(parts, &who->papers);
    buffer_fini(&streams);
}

/* To one who waits: itself and the staff who can let it in. To everybody else: all. */
static void parts_fill(struct parts *parts, const struct call *call,
                       const struct participant *waiting)
{
    PARTICIPANTS_EACH(who, call)
    {
        if (waiting == NULL || who == waiting || is_staff(who)) {
            participant_put(parts, who);
        }
    }
    for (size_t i = 0; waiting == NULL && i < call->ring_count; i++) {
        struct wire_call_rung rung = {.person = call->rings[i].person,
                                      .state = call->rings[i].state};
        (void)layout_encode(&layout_call_rung, &rung, &parts->rung);
    }
    for (size_t i = 0; waiting == NULL && i < call->admission_count; i++) {
        buffer_append_slice(&parts->admissions, parcel_slice(call->admissions[i].bytes));
        papers_put(parts, &call->admissions[i].papers);
    }
}

static uint64_t position_of(const struct call *call, const struct participant *waiting)
{
    uint64_t position = 0;
    PARTICIPANTS_EACH(who, call)
    {
        position += !is_in(who);
        if (who == waiting) {
            return is_in(who) ? 0 : position;
        }
    }
    return 0;
}

/* What is the same for all. */
static struct msg_call shown(const struct call *call, const struct parts *parts)
{
    return (struct msg_call){.board = call->board,
                             .call = call->id,
                             .change = call->change,
                             .lead = call->lead,
                             .began = call->began_ms,
                             .participants = buffer_slice(&parts->participants),
                             .rung = buffer_slice(&parts->rung),
                             .admissions = buffer_slice(&parts->admissions),
                             .certificates = buffer_slice(&parts->certificates)};
}

static bool is_whole(const struct parts *parts)
{
    return !parts->participants.failed && !parts->rung.failed && !parts->admissions.failed &&
           !parts->certificates.failed;
}

static void show(const struct call *call, const struct parts *parts, const struct participant *who,
                 uint64_t request, struct orders *out)
{
    struct msg_call message = shown(call, parts);
    message.request = request;
    message.room = who->is_member ? id_slice(&call->room) : (struct slice){0};
    message.state = state_of(who);
    message.you = who->number;
    message.position = position_of(call, who);
    if (is_whole(parts)) {
        order_send(out, who->session, &message_call, &message);
    } else {
        out->failed = true;
    }
}

void show_to(const struct call *call, const struct participant *who, uint64_t request,
             struct orders *out)
{
    struct parts parts;
    parts_init(&parts);
    parts_fill(&parts, call, is_in(who) ? NULL : who);
    show(call, &parts, who, request, out);
    parts_fini(&parts);
}

static void show_keepers(const struct call *call, const struct parts *parts, uint64_t state,
                         uint64_t end, struct orders *out)
{
    struct msg_call message = shown(call, parts);
    message.room = id_slice(&call->room);
    message.state = state;
    message.end = end;
    if (is_whole(parts)) {
        order_keepers(out, &call->board, &message_call, &message);
    } else {
        out->failed = true;
    }
}

void show_all(const struct call *call, struct orders *out)
{
    struct parts whole;
    parts_init(&whole);
    parts_fill(&whole, call, NULL);
    PARTICIPANTS_EACH(who, call)
    {
        if (is_in(who)) {
            show(call, &whole, who, 0, out);
        } else {
            show_to(call, who, 0, out);
        }
    }
    show_keepers(call, &whole, CALL_STATE_IN, 0, out);
    parts_fini(&whole);
}

void show_keeper(const struct call *call, uint64_t session, struct orders *out)
{
    struct parts whole;
    parts_init(&whole);
    parts_fill(&whole, call, NULL);
    struct msg_call message = shown(call, &whole);
    message.room = id_slice(&call->room);
    message.state = CALL_STATE_IN;
    if (is_whole(&whole)) {
        order_send(out, session, &message_call, &message);
    } else {
        out->failed = true;
    }
    parts_fini(&whole);
}

void show_keepers_over(const struct call *call, enum call_number end, struct orders *out)
{
    struct parts whole;
    parts_init(&whole);
    parts_fill(&whole, call, NULL);
    show_keepers(call, &whole, CALL_STATE_OVER, end, out);
    parts_fini(&whole);
}

void show_over(const struct call *call, const struct participant *who, enum call_number end,
               struct orders *out)
{
    struct msg_call message = {.board = call->board,
                               .room = who->is_member ? id_slice(&call->room) : (struct slice){0},
                               .call = call->id,
                               .change = call->change + 1,
                               .state = CALL_STATE_OVER,
                               .began = call->began_ms,
                               .end = end};
    order_send(out, who->session, &message_call, &message);
}
