/* forward -- the way of an RTP packet: opened, judged, rewritten once, sealed for each subscriber.
 *
 * One number of a stream goes out with one plaintext only, because the key and the nonce that a
 * subscriber's packet is sealed with come of nothing but the outgoing SSRC and that number. So a
 * late packet is taken only where there is a gap, and a gap is closed once: a publisher cannot have
 * two packets of one number forwarded, the one as itself and the other as its repetition (RTX). */
#include "base/check.h"
#include "relay/route.h"
#include "relay/rtp.h"

#include <string.h>
#include <unistd.h>

enum { INDEX_LEAP_MAX = 1 << 15 };

bool forward_is_fine(struct routes *routes, enum srtp_verdict verdict)
{
    static const enum counter counters[] = {
        [SRTP_MALFORMED] = COUNTER_MALFORMED, [SRTP_UNKNOWN] = COUNTER_UNANNOUNCED,
        [SRTP_FORGED] = COUNTER_FORGED,       [SRTP_REPLAYED] = COUNTER_REPLAYED,
        [SRTP_FAILED] = COUNTER_UNSEALED,
    };
    if (verdict != SRTP_FINE) {
        routes_count(routes, counters[verdict]);
    }
    return verdict == SRTP_FINE;
}

uint64_t route_index(const struct route *route, uint16_t seq)
{
    if (!route->has_any) {
        return ROUTE_INDEX_START + (uint64_t)seq;
    }
    int16_t ahead = (int16_t)(uint16_t)(seq - (uint16_t)route->highest);
    return (uint64_t)((int64_t)route->highest + ahead);
}

/* -- Out -- */

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

bool forward_seal(struct routes *routes, struct leg *leg, const struct packet *packet)
{
    uint8_t *room = batch_room(routes->batch);
    size_t len = packet->len;
    memcpy(room, packet->bytes + packet->start, len);
    if (!forward_is_fine(routes, srtp_pair_protect(&leg->srtp, room, &len))) {
        return false;
    }
    batch_add(routes->batch, leg_address(leg), len);
    return true;
}

/* What the relay can read of what passes, for the test that proves that it is nothing. */
static void tap(const struct routes *routes, const struct packet *packet)
{
#ifdef ENRUM_RELAY_TAP
    uint8_t record[2 + PACKET_BYTES_MAX] = {(uint8_t)(packet->len >> 8), (uint8_t)packet->len};
    memcpy(record + 2, packet->bytes + packet->start, packet->len);
    if (routes->tap >= 0) {
        CHECK(write(routes->tap, record, 2U + packet->len) == 2 + packet->len);
    }
#else
    (void)routes;
    (void)packet;
#endif
}

static void forward(struct routes *routes, struct route *route, struct packet *packet,
                    uint64_t index)
{
    uint64_t forwarded = 0;
    tap(routes, packet);
    for (size_t i = 0; i < route->subscriber_count; i++) {
        struct subscriber *subscriber = &route->subscribers[i];
        if (!subscriber->is_on || subscriber->leg->state != LEG_OPEN) {
            continue;
        }
        if (!index_take(subscriber, index)) {
            routes_count(routes, COUNTER_STALE);
        } else {
            forwarded += forward_seal(routes, subscriber->leg, packet);
        }
    }
    counts_add(routes->counts, COUNTER_FORWARDED, forwarded);
}

/* The last quarter of the buffers is for receiving alone. */
static void keep(struct routes *routes, struct route *route, struct packet *packet, uint64_t index,
                 uint64_t now_us)
{
    if (route->stream.kind != RELAY_VIDEO) {
        return;
    }
    if (routes->packets->used > routes->packets->count / 4 * 3) {
        routes_count(routes, COUNTER_STARVED);
        return;
    }
    cache_put(&route->cache, routes->packets, packet, index, now_us);
}

/* -- In -- */

static struct route *route_sent(struct routes *routes, const struct leg *leg, uint32_t ssrc)
{
    const struct desk *desk = desk_of(routes, leg);
    for (size_t at = 0; at < RELAY_STREAMS_PER_LEG_MAX; at++) {
        struct route *route = desk->sent[at];
        if (route != NULL &&
            (route->stream.ssrc == ssrc || (ssrc != 0 && route->stream.rtx_ssrc == ssrc))) {
            return route;
        }
    }
    return NULL;
}

/* Is it the first packet of its index? What lies between it and the newest one is a gap from now
 * on. */
static bool index_is_new(struct routes *routes, struct route *route, uint64_t index,
                         uint64_t now_us)
{
    if (!route->has_any) {
        route->has_any = true;
        route->highest = index;
        return true;
    }
    if (index <= route->highest) {
        bool is_gap = gaps_close(&route->gaps, index);
        routes_count(routes, is_gap ? COUNTER_REPAIRED : COUNTER_NEEDLESS);
        return is_gap;
    }
    gaps_open(&route->gaps, route->highest + 1, index, now_us);
    route->highest = index;
    return true;
}

static void start_set(struct packet *packet, size_t start)
{
    packet->start = (uint16_t)start;
    packet->len = (uint16_t)(packet->len - start);
}

static void on_original(struct routes *routes, struct route *route, struct packet *packet,
                        const struct rtp *rtp, uint64_t now_us)
{
    uint64_t index = route_index(route, rtp->seq);
    reception_packet(&route->reception, index, rtp->timestamp, route->stream.clock_rate, now_us);
    if (!index_is_new(routes, route, index, now_us)) {
        return;
    }
    start_set(packet, rtp_rewrite(packet->bytes, rtp, route->stream.out_ssrc));
    keep(routes, route, packet, index, now_us);
    forward(routes, route, packet, index);
}

/* Only what is lacking is taken out of its wrapping; padding alone, as probing sends it, never is.
 */
static void on_repeated(struct routes *routes, struct route *route, struct packet *packet,
                        const struct rtp *rtp, uint64_t now_us)
{
    size_t start;
    struct rtp inner;
    if (!route->has_any || !rtp_unwrap(packet->bytes, packet->len, rtp, route->stream.out_ssrc,
                                       route->stream.payload_type, &start)) {
        return;
    }
    start_set(packet, start);
    CHECK(rtp_read(slice_of(packet_at(packet), packet->len), &inner));
    uint64_t index = route_index(route, inner.seq);
    if (index > route->highest || !gaps_close(&route->gaps, index)) {
        routes_count(routes, COUNTER_NEEDLESS);
        return;
    }
    routes_count(routes, COUNTER_REPAIRED);
    keep(routes, route, packet, index, now_us);
    forward(routes, route, packet, index);
}

static void on_fine(struct routes *routes, struct leg *leg, struct packet *packet,
                    const struct rtp *rtp, uint64_t now_us)
{
    struct route *route = route_sent(routes, leg, rtp->ssrc);
    bool is_rtx = route != NULL && rtp->ssrc != route->stream.ssrc;
    uint16_t wide;
    if (route == NULL || rtp->payload_type != (is_rtx ? route->stream.rtx_payload_type
                                                      : route->stream.payload_type)) {
        routes_count(routes, COUNTER_UNANNOUNCED);
        return;
    }
    if (route->stream.feedback_extension != 0 &&
        rtp_extension_u16(rtp, route->stream.feedback_extension, &wide)) {
        feedback_packet(&desk_of(routes, leg)->feedback, wide, now_us);
    }
    if (is_rtx) {
        on_repeated(routes, route, packet, rtp, now_us);
    } else {
        on_original(routes, route, packet, rtp, now_us);
    }
}

void routes_on_rtp(struct routes *routes, struct leg *leg, struct packet *packet, uint64_t now_us)
{
    size_t len = packet->len;
    struct rtp rtp;
    if (!forward_is_fine(routes, srtp_pair_unprotect(&leg->srtp, packet->bytes, &len))) {
        return;
    }
    packet->len = (uint16_t)len;
    if (!rtp_read(slice_of(packet->bytes, len), &rtp)) {
        routes_count(routes, COUNTER_MALFORMED);
        return;
    }
    on_fine(routes, leg, packet, &rtp, now_us);
}
