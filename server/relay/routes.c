/* routes -- see routes.h. */
#include "relay/routes.h"

#include "base/check.h"
#include "relay/rtp.h"

#include <stdlib.h>
#include <string.h>

enum {
    INDEX_START = 1 << 16, /* so that what is older than the first packet has an index, too */
    INDEX_LEAP_MAX = 1 << 15,
};

/* A leg that hears a stream, or did: what was sent to it under the outgoing SSRC must be known for
 * as long as its keys live.
 *
 * libsrtp guesses a packet's index from its number and the last index, and is right only while each
 * packet lies less than half a round of numbers ahead of it. One that lies further would take an
 * index that another packet has had, under the same key: it is not sent. */
struct subscriber {
    struct leg *leg;
    bool is_on, has_heard;
    uint64_t first, last; /* index of the first packet, and the highest one, that was sent to it */
};

struct route {
    uint64_t id; /* 0: free */
    struct leg *leg;
    struct relay_stream stream;
    uint64_t highest; /* index of the newest packet; 0: none has come */
    struct subscriber subscribers[RELAY_SUBSCRIBERS_MAX];
    size_t subscriber_count;
    struct list by_routes;
};

/* What a leg sends. */
struct desk {
    struct route *sent[RELAY_STREAMS_PER_LEG_MAX];
};

struct routes {
    struct packet_pool *packets;
    struct batch *batch;
    struct counts *counts;
    struct route *routes; /* by slot */
    struct desk *desks;   /* by the leg's slot */
    uint32_t routes_max;
    struct list live;
};

struct routes *routes_new(const struct relay_options *options, struct packet_pool *packets,
                          struct batch *batch, struct counts *counts)
{
    struct routes *routes = calloc(1, sizeof *routes);
    if (routes == NULL) {
        return NULL;
    }
    *routes = (struct routes){.packets = packets,
                              .batch = batch,
                              .counts = counts,
                              .routes = calloc(options->streams_max, sizeof *routes->routes),
                              .desks = calloc(options->legs_max, sizeof *routes->desks),
                              .routes_max = options->streams_max};
    if (routes->routes == NULL || routes->desks == NULL) {
        routes_free(routes);
        return NULL;
    }
    list_init(&routes->live);
    return routes;
}

void routes_free(struct routes *routes)
{
    if (routes != NULL) {
        free(routes->routes);
        free(routes->desks);
        free(routes);
    }
}

static void count(struct routes *routes, enum counter which)
{
    counts_add(routes->counts, which, 1);
}

/* -- Who sends and who hears -- */

static struct route *route_find(struct routes *routes, uint64_t id)
{
    CHECK(order_slot(id) < routes->routes_max);
    struct route *route = &routes->routes[order_slot(id)];
    return route->id == id ? route : NULL;
}

static struct desk *desk_of(struct routes *routes, const struct leg *leg)
{
    return &routes->desks[order_slot(leg->setup.id)];
}

void routes_publish(struct routes *routes, struct leg *leg, uint64_t id,
                    const struct relay_stream *wanted)
{
    struct route *route = &routes->routes[order_slot(id)];
    struct desk *desk = desk_of(routes, leg);
    size_t at = 0;
    CHECK(route->id == 0);
    while (at < RELAY_STREAMS_PER_LEG_MAX && desk->sent[at] != NULL) {
        at++;
    }
    CHECK(at < RELAY_STREAMS_PER_LEG_MAX);
    *route = (struct route){.id = id, .leg = leg, .stream = *wanted};
    list_init(&route->by_routes);
    list_push_back(&routes->live, &route->by_routes);
    desk->sent[at] = route;
    bool good = srtp_pair_hear(&leg->srtp, wanted->ssrc) &&
                (wanted->rtx_ssrc == 0 || srtp_pair_hear(&leg->srtp, wanted->rtx_ssrc));
    CHECK(good); /* the limits are made for each other */
}

static void route_end(struct routes *routes, struct route *route)
{
    struct desk *desk = desk_of(routes, route->leg);
    for (size_t at = 0; at < RELAY_STREAMS_PER_LEG_MAX; at++) {
        desk->sent[at] = desk->sent[at] == route ? NULL : desk->sent[at];
    }
    srtp_pair_unhear(&route->leg->srtp, route->stream.ssrc);
    if (route->stream.rtx_ssrc != 0) {
        srtp_pair_unhear(&route->leg->srtp, route->stream.rtx_ssrc);
    }
    list_remove(&route->by_routes);
    route->id = 0;
}

void routes_unpublish(struct routes *routes, uint64_t id)
{
    struct route *route = route_find(routes, id);
    if (route != NULL) {
        route_end(routes, route);
    }
}

static struct subscriber *subscriber_find(struct route *route, const struct leg *leg)
{
    for (size_t i = 0; i < route->subscriber_count; i++) {
        if (route->subscribers[i].leg == leg) {
            return &route->subscribers[i];
        }
    }
    return NULL;
}

void routes_subscribe(struct routes *routes, struct leg *leg, uint64_t id)
{
    struct route *route = route_find(routes, id);
    if (route == NULL) {
        return;
    }
    struct subscriber *subscriber = subscriber_find(route, leg);
    if (subscriber == NULL && route->subscriber_count < RELAY_SUBSCRIBERS_MAX) {
        subscriber = &route->subscribers[route->subscriber_count++];
        *subscriber = (struct subscriber){.leg = leg};
    }
    if (subscriber != NULL) {
        subscriber->is_on = true;
    }
}

void routes_unsubscribe(struct routes *routes, struct leg *leg, uint64_t id)
{
    struct route *route = route_find(routes, id);
    struct subscriber *subscriber = route != NULL ? subscriber_find(route, leg) : NULL;
    if (subscriber != NULL) {
        subscriber->is_on = false;
    }
}

void routes_leave(struct routes *routes, const struct leg *leg)
{
    struct desk *desk = desk_of(routes, leg);
    for (size_t at = 0; at < RELAY_STREAMS_PER_LEG_MAX; at++) {
        if (desk->sent[at] != NULL) {
            route_end(routes, desk->sent[at]);
        }
    }
    LIST_EACH (link, &routes->live) {
        struct route *route = LIST_ITEM(link, struct route, by_routes);
        struct subscriber *subscriber = subscriber_find(route, leg);
        if (subscriber != NULL) {
            *subscriber = route->subscribers[--route->subscriber_count];
        }
    }
}

/* -- The way of a packet -- */

static bool is_fine(struct routes *routes, enum srtp_verdict verdict)
{
    static const enum counter counters[] = {
        [SRTP_MALFORMED] = COUNTER_MALFORMED, [SRTP_UNKNOWN] = COUNTER_UNANNOUNCED,
        [SRTP_FORGED] = COUNTER_FORGED,       [SRTP_REPLAYED] = COUNTER_REPLAYED,
        [SRTP_FAILED] = COUNTER_UNSEALED,
    };
    if (verdict != SRTP_FINE) {
        count(routes, counters[verdict]);
    }
    return verdict == SRTP_FINE;
}

/* The packet's own, near the newest: libsrtp has taken it, so that it is not further away. */
static uint64_t index_of(const struct route *route, uint16_t seq)
{
    if (route->highest == 0) {
        return INDEX_START + (uint64_t)seq;
    }
    int16_t ahead = (int16_t)(uint16_t)(seq - (uint16_t)route->highest);
    return (uint64_t)((int64_t)route->highest + ahead);
}

/* May this index go out under the subscriber's key? It then counts as sent. */
static bool index_take(struct subscriber *subscriber, uint64_t index)
{
    if (!subscriber->has_heard) {
        subscriber->has_heard = true;
        subscriber->first = index;
        subscriber->last = index;
        return true;
    }
    if (index < subscriber->first || index >= subscriber->last + INDEX_LEAP_MAX) {
        return false;
    }
    subscriber->last = index > subscriber->last ? index : subscriber->last;
    return true;
}

/* The plaintext is the packet's for every subscriber, and for every resend. */
static bool seal_for(struct routes *routes, struct leg *leg, const struct packet *packet)
{
    uint8_t *room = batch_room(routes->batch);
    size_t len = packet->len;
    memcpy(room, packet->bytes + packet->start, len);
    if (!is_fine(routes, srtp_pair_protect(&leg->srtp, room, &len))) {
        return false;
    }
    batch_add(routes->batch, leg_address(leg), len);
    return true;
}

static void forward(struct routes *routes, struct route *route, const struct packet *packet,
                    uint64_t index)
{
    uint64_t forwarded = 0;
    for (size_t i = 0; i < route->subscriber_count; i++) {
        struct subscriber *subscriber = &route->subscribers[i];
        if (!subscriber->is_on || subscriber->leg->state != LEG_OPEN) {
            continue;
        }
        if (!index_take(subscriber, index)) {
            count(routes, COUNTER_STALE);
        } else {
            forwarded += seal_for(routes, subscriber->leg, packet);
        }
    }
    counts_add(routes->counts, COUNTER_FORWARDED, forwarded);
}

static struct route *route_sent(struct routes *routes, const struct leg *leg, uint32_t ssrc,
                                bool *is_rtx)
{
    const struct desk *desk = desk_of(routes, leg);
    for (size_t at = 0; at < RELAY_STREAMS_PER_LEG_MAX; at++) {
        struct route *route = desk->sent[at];
        if (route != NULL && (route->stream.ssrc == ssrc ||
                              (route->stream.rtx_ssrc == ssrc && route->stream.rtx_ssrc != 0))) {
            *is_rtx = route->stream.ssrc != ssrc;
            return route;
        }
    }
    return NULL;
}

static void on_media(struct routes *routes, struct route *route, struct packet *packet,
                     const struct rtp *rtp)
{
    uint64_t index = index_of(route, rtp->seq);
    size_t start = rtp_rewrite(packet->bytes, rtp, route->stream.out_ssrc);
    packet->start = (uint16_t)start;
    packet->len = (uint16_t)(packet->len - start);
    route->highest = index > route->highest ? index : route->highest;
    forward(routes, route, packet, index);
}

void routes_on_rtp(struct routes *routes, struct leg *leg, struct packet *packet, uint64_t now_us)
{
    size_t len = packet->len;
    struct rtp rtp;
    bool is_rtx = false;
    (void)now_us;
    if (!is_fine(routes, srtp_pair_unprotect(&leg->srtp, packet->bytes, &len))) {
        return;
    }
    packet->len = (uint16_t)len;
    if (!rtp_read(slice_of(packet->bytes, len), &rtp)) {
        count(routes, COUNTER_MALFORMED);
        return;
    }
    struct route *route = route_sent(routes, leg, rtp.ssrc, &is_rtx);
    if (route == NULL || is_rtx || rtp.payload_type != route->stream.payload_type) {
        count(routes, COUNTER_UNANNOUNCED);
        return;
    }
    on_media(routes, route, packet, &rtp);
}

void routes_on_rtcp(struct routes *routes, struct leg *leg, struct packet *packet, uint64_t now_us)
{
    size_t len = packet->len;
    (void)now_us;
    if (is_fine(routes, srtp_pair_unprotect_rtcp(&leg->srtp, packet->bytes, &len))) {
        count(routes, COUNTER_REPORTS_IN);
    }
}

void routes_on_open(struct routes *routes, struct leg *leg, uint64_t now_us)
{
    (void)routes;
    (void)leg;
    (void)now_us;
}

void routes_step(struct routes *routes, uint64_t now_us)
{
    (void)routes;
    (void)now_us;
}
