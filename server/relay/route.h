/* route -- one stream's way from who sends it to those who hear it, and a worker's table of them.
 * For routes.c (who sends and hears), forward.c (packets) and reports.c (RTCP) alone. */
#pragma once

#include "relay/cache.h"
#include "relay/feedback.h"
#include "relay/gaps.h"
#include "relay/keyframes.h"
#include "relay/reception.h"
#include "relay/routes.h"

enum {
    ROUTES_HEARD_MAX = 64,   /* by one leg */
    ROUTE_RESENDS_MAX = 100, /* to one leg within a step: 5,000 packets a second */
    ROUTE_REPORT_US = 1000000,
    ROUTE_CLOCK_US = 200000, /* between two words of a sender's clock; it has about one a second */
    ROUTE_INDEX_START = 1 << 16, /* so that what is older than the first packet has an index, too */
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
    bool has_any;
    uint64_t highest; /* index of the newest packet */
    struct subscriber subscribers[RELAY_SUBSCRIBERS_MAX];
    size_t subscriber_count;
    struct gaps gaps;
    struct keyframes keyframes;
    struct reception reception;
    uint64_t reported_us, clock_us; /* its sender was told; its subscribers were, of its clock */
    struct cache cache;
    struct list by_routes;
};

/* What a leg sends, and what it hears. */
struct desk {
    struct route *sent[RELAY_STREAMS_PER_LEG_MAX];
    struct route *heard[ROUTES_HEARD_MAX];
    size_t heard_count;
    unsigned resends;         /* to it, within this step */
    struct feedback feedback; /* over all that it sends */
};

struct routes {
    struct packet_pool *packets;
    struct batch *batch;
    struct counts *counts;
    struct route *routes; /* by slot */
    struct desk *desks;   /* by the leg's slot */
    uint32_t routes_max;
    struct list live;
#ifdef ENRUM_RELAY_TAP
    int tap; /* what passes is written there, opened; -1: nowhere */
#endif
};

static inline void routes_count(struct routes *routes, enum counter which)
{
    counts_add(routes->counts, which, 1);
}

static inline struct desk *desk_of(struct routes *routes, const struct leg *leg)
{
    return &routes->desks[order_slot(leg->setup.id)];
}

/* NULL: it hears no stream of this outgoing SSRC. */
struct route *desk_heard(const struct desk *desk, uint32_t out_ssrc);
struct subscriber *route_subscriber(struct route *route, const struct leg *leg);
/* A number's index, near the newest one. */
uint64_t route_index(const struct route *route, uint16_t seq);

/* Counted, and told whether it was fine. */
bool forward_is_fine(struct routes *routes, enum srtp_verdict verdict);
/* Seals a kept or fresh packet for one leg that is open. */
bool forward_seal(struct routes *routes, struct leg *leg, const struct packet *packet);
/* Asks the stream's sender for what is due; called when something may be. */
void reports_ask_keyframe(struct routes *routes, struct route *route, uint64_t now_us);
