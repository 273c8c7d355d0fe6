/* patchbay -- see patchbay.h. */
#include "patchbay.h"

#include <stdlib.h>
#include <string.h>

enum { OPUS_CLOCK_HZ = 48000, VIDEO_CLOCK_HZ = 90000 }; /* RFC 7587, RFC 7741 */

struct patched_call {
    uint64_t number, relay_call;
    struct list legs;
};

struct patched_stream {
    uint64_t out_ssrc, relay_stream; /* relay_stream valid when out_ssrc is not 0 */
};

struct patched_leg {
    struct list link;
    struct patched_call *call;
    uint64_t number, transport_cc;
    struct relay_answer answer;
    struct patched_stream streams[CALL_STREAMS_MAX];
};

void patchbay_init(struct patchbay *bay, struct relay *relay, size_t legs_max)
{
    bay->relay = relay;
    table_init(&bay->calls, sizeof(uint64_t), legs_max);
    table_init(&bay->legs, sizeof(uint64_t), legs_max);
}

/* A call without legs is none to the relay. */
static void call_drop_empty(struct patchbay *bay, struct patched_call *call)
{
    if (list_is_empty(&call->legs)) {
        (void)relay_call_close(bay->relay, call->relay_call);
        (void)table_remove_u64(&bay->calls, call->number);
        free(call);
    }
}

static void leg_drop(struct patchbay *bay, struct patched_leg *leg)
{
    (void)relay_leg_close(bay->relay, leg->answer.leg);
    (void)table_remove_u64(&bay->legs, leg->number);
    list_remove(&leg->link);
    call_drop_empty(bay, leg->call);
    free(leg);
}

void patchbay_fini(struct patchbay *bay)
{
    for (;;) {
        size_t cursor = 0;
        void *leg;
        if (!table_next(&bay->legs, &cursor, NULL, &leg)) {
            break;
        }
        leg_drop(bay, leg);
    }
    table_fini(&bay->calls);
    table_fini(&bay->legs);
}

/* NULL: the relay has no place for it. */
static struct patched_call *call_of(struct patchbay *bay, uint64_t number)
{
    struct patched_call *call = table_find_u64(&bay->calls, number);
    if (call != NULL) {
        return call;
    }
    call = calloc(1, sizeof *call);
    if (call == NULL || !relay_call_open(bay->relay, &call->relay_call)) {
        free(call);
        return NULL;
    }
    call->number = number;
    list_init(&call->legs);
    if (table_insert_u64(&bay->calls, number, call) != TABLE_OK) {
        (void)relay_call_close(bay->relay, call->relay_call);
        free(call);
        return NULL;
    }
    return call;
}

static struct patched_leg *leg_new(struct patchbay *bay, struct patched_call *call,
                                   const struct leg *opens)
{
    struct relay_offer offer = {.ufrag = opens->ufrag};
    struct patched_leg *leg = calloc(1, sizeof *leg);
    memcpy(offer.fingerprint, opens->fingerprint.bytes, sizeof offer.fingerprint);
    if (leg == NULL || table_insert_u64(&bay->legs, opens->number, leg) != TABLE_OK) {
        free(leg);
        return NULL;
    }
    if (!relay_leg_open(bay->relay, call->relay_call, &offer, &leg->answer)) {
        (void)table_remove_u64(&bay->legs, opens->number);
        free(leg);
        return NULL;
    }
    leg->call = call;
    leg->number = opens->number;
    leg->transport_cc = opens->transport_cc;
    list_init(&leg->link);
    list_push_back(&call->legs, &leg->link);
    return leg;
}

static struct patched_leg *leg_open(struct patchbay *bay, const struct leg *opens)
{
    struct patched_call *call = call_of(bay, opens->call);
    struct patched_leg *leg = call != NULL ? leg_new(bay, call, opens) : NULL;
    if (call != NULL && leg == NULL) {
        call_drop_empty(bay, call);
    }
    return leg;
}

/* A free place when out_ssrc is 0. */
static struct patched_stream *stream_find(struct patched_leg *leg, uint64_t out_ssrc)
{
    for (size_t i = 0; i < CALL_STREAMS_MAX; i++) {
        if (leg->streams[i].out_ssrc == out_ssrc) {
            return &leg->streams[i];
        }
    }
    return NULL;
}

static void stream_open(struct patchbay *bay, struct patched_leg *leg, const struct order *order)
{
    const struct wire_call_stream *in = &order->stream.in;
    bool is_voice = in->use == CALL_USE_VOICE;
    struct relay_stream wanted = {
        .kind = is_voice ? RELAY_AUDIO : RELAY_VIDEO,
        .ssrc = (uint32_t)in->ssrc,
        .rtx_ssrc = (uint32_t)in->rtx_ssrc,
        .payload_type = (uint8_t)in->payload_type,
        .rtx_payload_type = (uint8_t)in->rtx_payload_type,
        .feedback_extension = (uint8_t)leg->transport_cc,
        .clock_rate = is_voice ? OPUS_CLOCK_HZ : VIDEO_CLOCK_HZ,
        .out_ssrc = (uint32_t)order->stream.out_ssrc,
    };
    struct patched_stream *stream = stream_find(leg, 0);
    if (stream != NULL &&
        relay_publish(bay->relay, leg->answer.leg, &wanted, &stream->relay_stream)) {
        stream->out_ssrc = order->stream.out_ssrc;
    }
}

static void subscribe(struct patchbay *bay, struct patched_leg *leg, uint64_t out_ssrc)
{
    LIST_EACH (link, &leg->call->legs) {
        struct patched_leg *other = LIST_ITEM(link, struct patched_leg, link);
        const struct patched_stream *stream = stream_find(other, out_ssrc);
        if (stream != NULL) {
            (void)relay_subscribe(bay->relay, leg->answer.leg, stream->relay_stream);
        }
    }
}

enum enrum_err patchbay_do(struct patchbay *bay, const struct order *order,
                           struct relay_answer *answer)
{
    struct patched_leg *leg = order->type == ORDER_LEG_OPEN
                                  ? leg_open(bay, order->opens)
                                  : table_find_u64(&bay->legs, order->leg);
    if (leg == NULL) {
        return ENRUM_RELAY_FULL; /* or was full when it was to be opened */
    }
    struct patched_stream *stream;
    switch (order->type) {
    case ORDER_LEG_OPEN:
    case ORDER_LEG_KEPT:
        *answer = leg->answer;
        break;
    case ORDER_LEG_CLOSE:
        leg_drop(bay, leg);
        break;
    case ORDER_STREAM_OPEN:
        stream_open(bay, leg, order);
        break;
    case ORDER_STREAM_CLOSE:
        stream = stream_find(leg, order->stream.out_ssrc);
        if (stream != NULL) {
            (void)relay_unpublish(bay->relay, stream->relay_stream);
            stream->out_ssrc = 0;
        }
        break;
    case ORDER_SUBSCRIBE:
        subscribe(bay, leg, order->stream.out_ssrc);
        break;
    case ORDER_SEND:
    case ORDER_KEEPERS:
        break;
    }
    return ENRUM_OK;
}
