/* media -- which leg sends what, and to whom it goes: everybody who is admitted receives all that
 * the others send. See calls.h. */
#include "state.h"

#include <stdlib.h>
#include <string.h>

static bool is_same(const struct wire_call_stream *a, const struct wire_call_stream *b)
{
    return a->use == b->use && a->ssrc == b->ssrc && a->rtx_ssrc == b->rtx_ssrc &&
           a->payload_type == b->payload_type && a->rtx_payload_type == b->rtx_payload_type;
}

static bool is_sent(const struct participant *who, const struct wire_call_stream *stream)
{
    for (size_t i = 0; i < who->stream_count; i++) {
        if (is_same(&who->streams[i].in, stream)) {
            return true;
        }
    }
    return false;
}

static void stream_order(enum order_type type, uint64_t leg, const struct stream *stream,
                         struct orders *out)
{
    struct order order = {.type = type, .leg = leg};
    order.stream.in = stream->in;
    order.stream.out_ssrc = stream->out_ssrc;
    order_put(out, &order);
}

/* Streams that are declared: at most three, of different SSRCs and uses. */
struct declared {
    struct wire_call_stream streams[CALL_STREAMS_MAX];
    size_t count;
};

static bool is_clash(const struct wire_call_stream *a, const struct wire_call_stream *b)
{
    return a->use == b->use || a->ssrc == b->ssrc || a->ssrc == b->rtx_ssrc ||
           (a->rtx_ssrc != 0 && (a->rtx_ssrc == b->ssrc || a->rtx_ssrc == b->rtx_ssrc));
}

static bool declared_read(struct slice rest, struct declared *out)
{
    out->count = 0;
    while (rest.len > 0) {
        struct wire_call_stream stream;
        if (out->count == CALL_STREAMS_MAX ||
            layout_next(&layout_call_stream, &rest, &stream) != ENRUM_OK ||
            stream.ssrc == stream.rtx_ssrc) {
            return false;
        }
        for (size_t i = 0; i < out->count; i++) {
            if (is_clash(&stream, &out->streams[i])) {
                return false;
            }
        }
        out->streams[out->count++] = stream;
    }
    return true;
}

static bool is_declared(const struct declared *declared, const struct stream *stream)
{
    for (size_t i = 0; i < declared->count; i++) {
        if (is_same(&declared->streams[i], &stream->in)) {
            return true;
        }
    }
    return false;
}

/* What is no longer declared is closed; what is new is opened, and all the others receive it. */
static void streams_take(struct call *call, struct participant *who,
                         const struct declared *declared, struct orders *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < who->stream_count; i++) {
        if (is_declared(declared, &who->streams[i])) {
            who->streams[kept++] = who->streams[i];
        } else {
            stream_order(ORDER_STREAM_CLOSE, who->leg, &who->streams[i], out);
        }
    }
    who->stream_count = kept;
    for (size_t i = 0; i < declared->count; i++) {
        if (!is_sent(who, &declared->streams[i])) {
            struct stream *stream = &who->streams[who->stream_count++];
            *stream = (struct stream){declared->streams[i], ++call->last_ssrc};
            stream_order(ORDER_STREAM_OPEN, who->leg, stream, out);
            PARTICIPANTS_EACH(other, call)
            {
                if (other != who && other->leg != 0) {
                    stream_order(ORDER_SUBSCRIBE, other->leg, stream, out);
                }
            }
        }
    }
}

static bool leg_open(struct calls *calls, struct call *call, struct participant *who,
                     const struct msg_call_leg *message, struct orders *out)
{
    struct leg *leg = calloc(1, sizeof *leg);
    if (leg == NULL) {
        return false;
    }
    media_close(who, out);
    who->leg = leg->number = ++calls->last_leg;
    leg->call = call->number;
    leg->fingerprint = message->fingerprint;
    leg->transport_cc = message->transport_cc;
    memcpy(leg->ufrag, message->ufrag.at, message->ufrag.len);
    memcpy(leg->pwd, message->pwd.at, message->pwd.len);
    memcpy(who->ufrag, leg->ufrag, sizeof who->ufrag);
    struct order order = {.type = ORDER_LEG_OPEN,
                          .session = who->session,
                          .request = message->request,
                          .board = call->board,
                          .call = call->id,
                          .leg = leg->number,
                          .opens = leg};
    order_put(out, &order);
    PARTICIPANTS_EACH(other, call)
    {
        for (size_t i = 0; other != who && i < other->stream_count; i++) {
            stream_order(ORDER_SUBSCRIBE, who->leg, &other->streams[i], out);
        }
    }
    return true;
}

static bool is_as_declared(const struct participant *who, const struct declared *declared)
{
    for (size_t i = 0; i < declared->count; i++) {
        if (!is_sent(who, &declared->streams[i])) {
            return false;
        }
    }
    return declared->count == who->stream_count;
}

void calls_leg(struct calls *calls, const struct caller *who, const struct msg_call_leg *message,
               struct moment now, struct orders *out)
{
    struct call *call;
    struct declared declared;
    struct participant *here = call_present(calls, who, &message->call, &call, out);
    if (here == NULL) {
        return;
    }
    bool is_kept = here->leg != 0 && strlen(here->ufrag) == message->ufrag.len &&
                   memcmp(here->ufrag, message->ufrag.at, message->ufrag.len) == 0;
    bool is_whole = declared_read(message->streams, &declared);
    bool is_change = !is_kept || !is_whole || !is_as_declared(here, &declared);
    enum enrum_err err = ENRUM_OK;
    if (!is_in(here)) {
        err = ENRUM_MAY_NOT;
    } else if (!is_whole) {
        err = ENRUM_MALFORMED;
    } else if (is_change && !pace_take(&here->changes, 1, CALL_LEG_CHANGES_MAX, now)) {
        err = ENRUM_TOO_FAST; /* each is many orders to the relay, and a message to everybody */
    } else if (is_kept) {
        struct order order = {.type = ORDER_LEG_KEPT,
                              .session = who->session,
                              .request = who->request,
                              .board = call->board,
                              .call = call->id,
                              .leg = here->leg};
        order_put(out, &order);
    } else if (!leg_open(calls, call, here, message, out)) {
        err = ENRUM_MEMORY;
    }
    if (err != ENRUM_OK) {
        order_error(out, who->session, who->request, err);
        return;
    }
    if (is_change) {
        streams_take(call, here, &declared, out);
        call->has_changed = true;
    }
    call_settle(calls, call, out);
}

void media_close(struct participant *who, struct orders *out)
{
    if (who->leg != 0) {
        struct order order = {.type = ORDER_LEG_CLOSE, .leg = who->leg};
        order_put(out, &order);
        who->leg = 0;
        who->stream_count = 0;
    }
}
