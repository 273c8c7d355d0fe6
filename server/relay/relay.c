/* relay -- see relay.h. The caller's side: who has which id, and orders on their way to the
 * workers. A worker's slots are given and taken back here; its mailbox keeps the order of what is
 * said, so that a slot's next owner is opened after its last one was closed. */
#include "relay/relay.h"

#include "base/check.h"
#include "base/pool.h"
#include "relay/worker.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    /* A few seconds' worth, while a worker shakes hands with all who come back at once. */
    ORDERS_MAX = 16384,
    CALLS_MAX = 65536,
    RANDOM_UFRAG_CHARS = 10,
    PASSWORD_CHARS = 24, /* 144 bits; RFC 8839 wants 128 at least */
};

/* What the caller's side knows of a call, a leg, a stream. */
struct call_seat {
    unsigned worker;
    uint32_t legs;
    uint32_t last_out_ssrc;
};

struct leg_seat {
    uint64_t call;
    uint32_t streams;
};

struct stream_seat {
    uint64_t leg;
};

/* One worker, with the slots that the caller's side gives of it. */
struct crew {
    struct worker *worker;
    struct pool legs, streams;
};

struct relay {
    struct relay_options options;
    struct dtls_identity identity;
    struct crew *crews;
    struct pool calls;
    bool is_running;
};

struct relay_options relay_options_usual(void)
{
    return (struct relay_options){
        .address = "127.0.0.1",
        .workers = 1,
        .legs_max = 4096,
        .streams_max = 8192,
        .packets_max = 65536,
        .absent_ms = 30000,
        .consent_ms = 30000,
    };
}

/* -- Its own life -- */

static bool crew_init(struct crew *crew, struct relay *relay, unsigned number,
                      struct mailbox *events)
{
    const struct worker_setup setup = {.options = &relay->options,
                                       .identity = &relay->identity,
                                       .events = events,
                                       .orders_max = ORDERS_MAX,
                                       .number = number};
    if (!pool_init(&crew->legs, sizeof(struct leg_seat), relay->options.legs_max) ||
        !pool_init(&crew->streams, sizeof(struct stream_seat), relay->options.streams_max)) {
        return false;
    }
    crew->worker = worker_new(&setup, &relay->options.port);
    return crew->worker != NULL;
}

static void crew_fini(struct crew *crew)
{
    worker_free(crew->worker);
    if (crew->legs.items != NULL) {
        pool_fini(&crew->legs);
    }
    if (crew->streams.items != NULL) {
        pool_fini(&crew->streams);
    }
}

struct relay *relay_new(const struct relay_options *options, struct mailbox *events)
{
    CHECK(options->workers > 0 && options->workers <= WORKERS_MAX);
    /* A quarter of the buffers is never kept: receiving goes on however much is. */
    CHECK(options->packets_max >= 4 * BATCH_IN);
    struct relay *relay = calloc(1, sizeof *relay);
    if (relay == NULL) {
        return NULL;
    }
    relay->options = *options;
    relay->crews = calloc(options->workers, sizeof *relay->crews);
    bool good = relay->crews != NULL && srtp_library_init() &&
                dtls_identity_init(&relay->identity) &&
                pool_init(&relay->calls, sizeof(struct call_seat), CALLS_MAX);
    for (unsigned i = 0; good && i < options->workers; i++) {
        good = crew_init(&relay->crews[i], relay, i, events);
    }
    if (!good) {
        int why = errno;
        relay_free(relay);
        errno = why;
        return NULL;
    }
    return relay;
}

bool relay_start(struct relay *relay)
{
    relay->is_running = true;
    for (unsigned i = 0; i < relay->options.workers; i++) {
        if (!worker_start(relay->crews[i].worker)) {
            relay_stop(relay);
            return false;
        }
    }
    return true;
}

void relay_stop(struct relay *relay)
{
    for (unsigned i = 0; relay->is_running && i < relay->options.workers; i++) {
        worker_stop(relay->crews[i].worker);
    }
    relay->is_running = false;
}

void relay_free(struct relay *relay)
{
    if (relay == NULL) {
        return;
    }
    relay_stop(relay);
    for (unsigned i = 0; relay->crews != NULL && i < relay->options.workers; i++) {
        crew_fini(&relay->crews[i]);
    }
    if (relay->calls.items != NULL) {
        pool_fini(&relay->calls);
    }
    dtls_identity_fini(&relay->identity);
    free(relay->crews);
    free(relay);
    srtp_library_fini();
}

const uint8_t *relay_fingerprint(const struct relay *relay)
{
    return relay->identity.fingerprint;
}

uint16_t relay_port(const struct relay *relay)
{
    return relay->options.port;
}

void relay_counts(const struct relay *relay, uint64_t out[COUNTERS])
{
    for (unsigned which = 0; which < COUNTERS; which++) {
        out[which] = 0;
        for (unsigned i = 0; i < relay->options.workers; i++) {
            out[which] += counts_get(worker_counts(relay->crews[i].worker), (enum counter)which);
        }
    }
}

/* -- Ids: those of legs and streams name their worker, too -- */

/* A worker's pools give ids of their own, of which 2^24 slots are more than enough: the eight bits
 * above them are the worker's number. */
static uint64_t id_outer(uint64_t inner, unsigned worker)
{
    CHECK((uint32_t)inner >> ORDER_SLOT_BITS == 0);
    return inner | (uint64_t)worker << ORDER_SLOT_BITS;
}

static uint64_t id_inner(uint64_t id)
{
    return id & ~((uint64_t)0xff << ORDER_SLOT_BITS);
}

static struct crew *crew_of(struct relay *relay, uint64_t id)
{
    unsigned number = order_worker(id);
    return number < relay->options.workers ? &relay->crews[number] : NULL;
}

static struct leg_seat *leg_find(struct relay *relay, uint64_t leg)
{
    struct crew *crew = crew_of(relay, leg);
    return crew != NULL ? pool_find(&crew->legs, id_inner(leg)) : NULL;
}

static struct stream_seat *stream_find(struct relay *relay, uint64_t stream)
{
    struct crew *crew = crew_of(relay, stream);
    return crew != NULL ? pool_find(&crew->streams, id_inner(stream)) : NULL;
}

/* -- Orders -- */

static bool order_put(struct crew *crew, const struct order *order)
{
    return worker_order(crew->worker, order);
}

bool relay_has_place(const struct relay *relay)
{
    for (unsigned i = 0; i < relay->options.workers; i++) {
        if (worker_orders(relay->crews[i].worker) >= ORDERS_MAX / 2) {
            return false;
        }
    }
    return true;
}

/* The one with the fewest legs. */
static unsigned worker_choose(const struct relay *relay)
{
    unsigned best = 0;
    for (unsigned i = 1; i < relay->options.workers; i++) {
        if (relay->crews[i].legs.count < relay->crews[best].legs.count) {
            best = i;
        }
    }
    return best;
}

bool relay_call_open(struct relay *relay, uint64_t *call)
{
    struct call_seat *seat = pool_add(&relay->calls, call);
    if (seat == NULL) {
        return false;
    }
    seat->worker = worker_choose(relay);
    seat->last_out_ssrc = RELAY_OWN_SSRC;
    return true;
}

static void stream_forget(struct crew *crew, uint64_t inner)
{
    const struct stream_seat *seat = pool_find(&crew->streams, inner);
    struct leg_seat *leg = pool_find(&crew->legs, id_inner(seat->leg));
    if (leg != NULL) {
        leg->streams--;
    }
    pool_remove(&crew->streams, inner);
}

static void leg_forget(struct relay *relay, struct crew *crew, uint64_t inner)
{
    const struct leg_seat *leg = pool_find(&crew->legs, inner);
    struct call_seat *call = pool_find(&relay->calls, leg->call);
    uint64_t id;
    struct stream_seat *seat;
    for (uint32_t cursor = 0; (seat = pool_next(&crew->streams, &cursor, &id)) != NULL;) {
        if (id_inner(seat->leg) == inner) {
            stream_forget(crew, id);
        }
    }
    call->legs--;
    pool_remove(&crew->legs, inner);
}

bool relay_call_close(struct relay *relay, uint64_t call)
{
    const struct call_seat *seat = pool_find(&relay->calls, call);
    const struct order order = {.type = ORDER_CALL_CLOSE, .call = call};
    if (seat == NULL || (seat->legs > 0 && !order_put(&relay->crews[seat->worker], &order))) {
        return false;
    }
    struct crew *crew = &relay->crews[seat->worker];
    uint64_t id;
    struct leg_seat *leg;
    for (uint32_t cursor = 0; (leg = pool_next(&crew->legs, &cursor, &id)) != NULL;) {
        if (leg->call == call) {
            leg_forget(relay, crew, id);
        }
    }
    pool_remove(&relay->calls, call);
    return true;
}

/* ICE's characters (RFC 8839): letters, digits, '+' and '/'. */
static void random_text(char *out, size_t count)
{
    static const char chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t bytes[RELAY_LOCAL_TEXT_BYTES];
    CHECK(count < sizeof bytes);
    randombytes_buf(bytes, count);
    for (size_t i = 0; i < count; i++) {
        out[i] = chars[bytes[i] % 64];
    }
    out[count] = '\0';
    sodium_memzero(bytes, sizeof bytes);
}

/* A check finds its leg by the first eight digits, and is judged by all of it. */
static void texts_make(uint64_t id, struct leg_setup *setup)
{
    int n = snprintf(setup->ufrag, sizeof setup->ufrag, "%08x", (unsigned)(uint32_t)id);
    CHECK(n == WORKER_UFRAG_DIGITS);
    random_text(setup->ufrag + n, RANDOM_UFRAG_CHARS);
    random_text(setup->password, PASSWORD_CHARS);
}

bool relay_leg_open(struct relay *relay, uint64_t call, const struct relay_offer *offer,
                    struct relay_answer *answer)
{
    struct call_seat *seat = pool_find(&relay->calls, call);
    uint64_t inner;
    size_t ufrag_len = strlen(offer->ufrag);
    if (seat == NULL || ufrag_len == 0 || ufrag_len > RELAY_UFRAG_BYTES_MAX) {
        return false;
    }
    struct crew *crew = &relay->crews[seat->worker];
    struct leg_seat *leg = pool_add(&crew->legs, &inner);
    if (leg == NULL) {
        return false;
    }
    leg->call = call;
    struct order order = {.type = ORDER_LEG_OPEN};
    order.setup.id = id_outer(inner, seat->worker);
    order.setup.call = call;
    texts_make(order.setup.id, &order.setup);
    memcpy(order.setup.remote_ufrag, offer->ufrag, ufrag_len + 1);
    memcpy(order.setup.fingerprint, offer->fingerprint, RELAY_FINGERPRINT_BYTES);
    bool good = order_put(crew, &order);
    if (good) {
        seat->legs++;
        answer->leg = order.setup.id;
        memcpy(answer->ufrag, order.setup.ufrag, sizeof answer->ufrag);
        memcpy(answer->password, order.setup.password, sizeof answer->password);
    } else {
        pool_remove(&crew->legs, inner);
    }
    sodium_memzero(&order, sizeof order);
    return good;
}

bool relay_leg_close(struct relay *relay, uint64_t leg)
{
    const struct order order = {.type = ORDER_LEG_CLOSE, .leg = leg};
    if (leg_find(relay, leg) == NULL || !order_put(crew_of(relay, leg), &order)) {
        return false;
    }
    leg_forget(relay, crew_of(relay, leg), id_inner(leg));
    return true;
}

bool relay_publish(struct relay *relay, uint64_t leg, const struct relay_stream *wanted,
                   uint64_t *stream)
{
    struct leg_seat *seat = leg_find(relay, leg);
    uint64_t inner;
    struct call_seat *call = seat != NULL ? pool_find(&relay->calls, seat->call) : NULL;
    if (call == NULL || seat->streams == RELAY_STREAMS_PER_LEG_MAX ||
        wanted->out_ssrc <= call->last_out_ssrc) {
        return false;
    }
    struct crew *crew = crew_of(relay, leg);
    struct stream_seat *made = pool_add(&crew->streams, &inner);
    if (made == NULL) {
        return false;
    }
    struct order order = {.type = ORDER_PUBLISH, .leg = leg, .wanted = *wanted};
    order.stream = id_outer(inner, (unsigned)(crew - relay->crews));
    if (!order_put(crew, &order)) {
        pool_remove(&crew->streams, inner);
        return false;
    }
    made->leg = leg;
    seat->streams++;
    call->last_out_ssrc = wanted->out_ssrc;
    *stream = order.stream;
    return true;
}

bool relay_unpublish(struct relay *relay, uint64_t stream)
{
    const struct order order = {.type = ORDER_UNPUBLISH, .stream = stream};
    if (stream_find(relay, stream) == NULL || !order_put(crew_of(relay, stream), &order)) {
        return false;
    }
    stream_forget(crew_of(relay, stream), id_inner(stream));
    return true;
}

static bool subscription_order(struct relay *relay, enum order_type type, uint64_t leg,
                               uint64_t stream)
{
    const struct leg_seat *listener = leg_find(relay, leg);
    const struct stream_seat *source = stream_find(relay, stream);
    const struct leg_seat *speaker = source != NULL ? leg_find(relay, source->leg) : NULL;
    const struct order order = {.type = type, .leg = leg, .stream = stream};
    return listener != NULL && speaker != NULL && listener != speaker &&
           listener->call == speaker->call && order_put(crew_of(relay, leg), &order);
}

bool relay_subscribe(struct relay *relay, uint64_t leg, uint64_t stream)
{
    return subscription_order(relay, ORDER_SUBSCRIBE, leg, stream);
}

bool relay_unsubscribe(struct relay *relay, uint64_t leg, uint64_t stream)
{
    return subscription_order(relay, ORDER_UNSUBSCRIBE, leg, stream);
}
