/* reports -- the reports about a stream: those of its subscribers are answered here, those to its
 * sender are made here, and only what a sender says of its clock goes through. */
#include "base/check.h"
#include "relay/route.h"
#include "relay/rtcp.h"

enum { NACK_BITS = 16 };

/* -- To a leg -- */

static void report_send(struct routes *routes, struct leg *leg, const uint8_t *report, size_t len)
{
    if (len == 0 || leg->state != LEG_OPEN) {
        return;
    }
    uint8_t *room = batch_room(routes->batch);
    CHECK(len + SRTP_OVERHEAD_BYTES_MAX <= BATCH_BYTES_MAX);
    memcpy(room, report, len);
    if (forward_is_fine(routes, srtp_pair_protect_rtcp(&leg->srtp, room, &len))) {
        batch_add(routes->batch, leg_address(leg), len);
        routes_count(routes, COUNTER_REPORTS_OUT);
    }
}

void reports_ask_keyframe(struct routes *routes, struct route *route, uint64_t now_us)
{
    uint8_t report[RTCP_WRITTEN_BYTES_MAX];
    if (route->stream.kind == RELAY_VIDEO && route->leg->state == LEG_OPEN &&
        keyframes_due(&route->keyframes, now_us)) {
        routes_count(routes, COUNTER_KEYFRAMES_OUT);
        report_send(routes, route->leg, report,
                    rtcp_pli(report, RELAY_OWN_SSRC, route->stream.ssrc));
    }
}

static void gaps_ask(struct routes *routes, struct route *route, uint64_t now_us)
{
    uint16_t seqs[RTCP_NACKS_MAX];
    uint8_t report[RTCP_WRITTEN_BYTES_MAX];
    size_t n = gaps_due(&route->gaps, now_us, seqs, RTCP_NACKS_MAX);
    if (n > 0 && route->stream.kind == RELAY_VIDEO) {
        counts_add(routes->counts, COUNTER_NACKS_OUT, n);
        report_send(routes, route->leg, report,
                    rtcp_nack(report, RELAY_OWN_SSRC, route->stream.ssrc, seqs, n));
    }
}

static void reception_tell(struct routes *routes, struct route *route, uint64_t now_us)
{
    struct reception_block block;
    uint8_t report[RTCP_WRITTEN_BYTES_MAX];
    if (now_us - route->reported_us >= ROUTE_REPORT_US &&
        reception_block(&route->reception, now_us, &block)) {
        route->reported_us = now_us;
        report_send(routes, route->leg, report,
                    rtcp_receiver_report(report, RELAY_OWN_SSRC, route->stream.ssrc, &block));
    }
}

static void arrivals_tell(struct routes *routes, struct route *route, uint64_t now_us)
{
    struct feedback *feedback = &desk_of(routes, route->leg)->feedback;
    uint8_t report[FEEDBACK_BYTES_MAX];
    if (feedback_is_due(feedback, now_us)) {
        report_send(routes, route->leg, report,
                    feedback_write(feedback, RELAY_OWN_SSRC, route->stream.ssrc, now_us, report));
    }
}

void routes_step(struct routes *routes, uint64_t now_us)
{
    LIST_EACH (link, &routes->live) {
        struct route *route = LIST_ITEM(link, struct route, by_routes);
        for (size_t i = 0; i < route->subscriber_count; i++) {
            desk_of(routes, route->subscribers[i].leg)->resends = 0;
        }
        cache_age(&route->cache, routes->packets, now_us);
        gaps_ask(routes, route, now_us);
        reports_ask_keyframe(routes, route, now_us);
        reception_tell(routes, route, now_us);
        arrivals_tell(routes, route, now_us);
    }
}

/* -- From a leg -- */

/* The same plaintext under the same number: the same bytes as the first time. */
static void resend(struct routes *routes, struct route *route, struct subscriber *subscriber,
                   uint16_t seq)
{
    struct desk *desk = desk_of(routes, subscriber->leg);
    uint64_t index = route_index(route, seq);
    routes_count(routes, COUNTER_NACKS_IN);
    if (!route->has_any || !subscriber->has_heard || index < subscriber->first ||
        index > subscriber->last || desk->resends == ROUTE_RESENDS_MAX) {
        return;
    }
    const struct packet *packet = cache_find(&route->cache, index);
    if (packet != NULL && forward_seal(routes, subscriber->leg, packet)) {
        desk->resends++;
        routes_count(routes, COUNTER_RESENT);
    }
}

static void on_nack(struct routes *routes, struct route *route, struct leg *leg,
                    struct slice elements)
{
    struct subscriber *subscriber = route_subscriber(route, leg);
    uint16_t seq, following;
    while (subscriber->is_on && rtcp_nack_next(&elements, &seq, &following)) {
        resend(routes, route, subscriber, seq);
        for (unsigned bit = 0; bit < NACK_BITS; bit++) {
            if ((following >> bit & 1) != 0) {
                resend(routes, route, subscriber, (uint16_t)(seq + bit + 1));
            }
        }
    }
}

static void on_keyframe_wish(struct routes *routes, struct route *route, uint64_t now_us)
{
    routes_count(routes, COUNTER_KEYFRAMES_IN);
    keyframes_want(&route->keyframes);
    reports_ask_keyframe(routes, route, now_us);
}

static void on_fir(struct routes *routes, const struct desk *desk, struct slice elements,
                   uint64_t now_us)
{
    uint32_t ssrc;
    while (rtcp_fir_next(&elements, &ssrc)) {
        struct route *route = desk_heard(desk, ssrc);
        if (route != NULL) {
            on_keyframe_wish(routes, route, now_us);
        }
    }
}

/* Feedback is about a stream that the leg hears; what is about another one is nothing to it. */
static void on_feedback(struct routes *routes, struct leg *leg, const struct rtcp *rtcp,
                        uint64_t now_us)
{
    const struct desk *desk = desk_of(routes, leg);
    uint32_t ssrc;
    struct slice rest;
    if (!rtcp_subject(rtcp, &ssrc, &rest)) {
        routes_count(routes, COUNTER_MALFORMED);
        return;
    }
    struct route *route = desk_heard(desk, ssrc);
    bool is_nack = rtcp->type == RTCP_RTPFB && rtcp->count == RTCP_RTPFB_NACK;
    bool is_pli = rtcp->type == RTCP_PSFB && rtcp->count == RTCP_PSFB_PLI;
    if (is_nack && route != NULL) {
        on_nack(routes, route, leg, rest);
    } else if (is_pli && route != NULL) {
        on_keyframe_wish(routes, route, now_us);
    } else if (rtcp->type == RTCP_PSFB && rtcp->count == RTCP_PSFB_FIR) {
        on_fir(routes, desk, rest, now_us);
    } else if (!(rtcp->type == RTCP_RTPFB && rtcp->count == RTCP_RTPFB_WIDE) &&
               !(rtcp->type == RTCP_PSFB && rtcp->count == RTCP_PSFB_REMB)) {
        routes_count(routes, COUNTER_REPORTS_UNKNOWN);
    }
}

/* The clocks of audio and video are put together by it (lip sync). */
static void on_sender_report(struct routes *routes, struct leg *leg, const struct rtcp *rtcp,
                             uint64_t now_us)
{
    const struct desk *desk = desk_of(routes, leg);
    uint8_t report[RTCP_WRITTEN_BYTES_MAX];
    uint32_t middle;
    for (size_t at = 0; at < RELAY_STREAMS_PER_LEG_MAX; at++) {
        struct route *route = desk->sent[at];
        if (route == NULL || route->stream.ssrc != rtcp->ssrc || !rtcp_ntp_middle(rtcp, &middle)) {
            continue;
        }
        reception_sender_report(&route->reception, middle, now_us);
        if (now_us - route->clock_us < ROUTE_CLOCK_US) {
            continue;
        }
        route->clock_us = now_us;
        size_t len = rtcp_sender_report(report, rtcp, route->stream.out_ssrc);
        for (size_t i = 0; i < route->subscriber_count; i++) {
            if (route->subscribers[i].is_on && route->subscribers[i].has_heard) {
                report_send(routes, route->subscribers[i].leg, report, len);
            }
        }
    }
}

static void on_report(struct routes *routes, struct leg *leg, const struct rtcp *rtcp,
                      uint64_t now_us)
{
    switch (rtcp->type) {
    case RTCP_SENDER_REPORT:
        on_sender_report(routes, leg, rtcp, now_us);
        break;
    case RTCP_RTPFB:
    case RTCP_PSFB:
        on_feedback(routes, leg, rtcp, now_us);
        break;
    case RTCP_RECEIVER_REPORT:
    case RTCP_SOURCES:
    case RTCP_BYE:
    case RTCP_EXTENDED_REPORT:
        break; /* each is for one hop alone, and the relay is one end of it */
    default:
        routes_count(routes, COUNTER_REPORTS_UNKNOWN);
        break;
    }
}

void routes_on_rtcp(struct routes *routes, struct leg *leg, struct packet *packet, uint64_t now_us)
{
    size_t len = packet->len;
    struct rtcp rtcp;
    if (!forward_is_fine(routes, srtp_pair_unprotect_rtcp(&leg->srtp, packet->bytes, &len))) {
        return;
    }
    struct slice rest = slice_of(packet->bytes, len);
    while (rtcp_next(&rest, &rtcp)) {
        routes_count(routes, COUNTER_REPORTS_IN);
        on_report(routes, leg, &rtcp, now_us);
    }
    if (rest.len > 0) {
        routes_count(routes, COUNTER_MALFORMED);
    }
}
