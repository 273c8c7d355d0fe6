/* routes -- see routes.h. */
#include "relay/routes.h"

#include "base/check.h"
#include "relay/route.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

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
    list_init(&routes->live);
#ifdef ENRUM_RELAY_TAP
    routes->tap = options->tap != NULL ? open(options->tap, O_WRONLY | O_APPEND | O_CREAT, 0600)
                                       : -1;
#endif
    if (routes->routes == NULL || routes->desks == NULL) {
        routes_free(routes);
        return NULL;
    }
    return routes;
}

void routes_free(struct routes *routes)
{
    if (routes != NULL) {
#ifdef ENRUM_RELAY_TAP
        if (routes->tap >= 0) {
            close(routes->tap);
        }
#endif
        free(routes->routes);
        free(routes->desks);
        free(routes);
    }
}

/* -- Who sends and who hears -- */

static struct route *route_find(struct routes *routes, uint64_t id)
{
    CHECK(order_slot(id) < routes->routes_max);
    struct route *route = &routes->routes[order_slot(id)];
    return route->id == id ? route : NULL;
}

struct route *desk_heard(const struct desk *desk, uint32_t out_ssrc)
{
    for (size_t at = 0; at < desk->heard_count; at++) {
        if (desk->heard[at]->stream.out_ssrc == out_ssrc) {
            return desk->heard[at];
        }
    }
    return NULL;
}

static void desk_forget(struct desk *desk, const struct route *route)
{
    for (size_t at = 0; at < desk->heard_count; at++) {
        if (desk->heard[at] == route) {
            desk->heard[at] = desk->heard[--desk->heard_count];
            return;
        }
    }
}

/* The caller's side gives a leg no more streams than have a place here. */
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
    /* Who has announced too many is not heard under one more: its packets are counted. */
    (void)srtp_pair_hear(&leg->srtp, wanted->ssrc);
    if (wanted->rtx_ssrc != 0) {
        (void)srtp_pair_hear(&leg->srtp, wanted->rtx_ssrc);
    }
}

static void route_end(struct routes *routes, struct route *route)
{
    struct desk *desk = desk_of(routes, route->leg);
    for (size_t at = 0; at < RELAY_STREAMS_PER_LEG_MAX; at++) {
        desk->sent[at] = desk->sent[at] == route ? NULL : desk->sent[at];
    }
    for (size_t i = 0; i < route->subscriber_count; i++) {
        struct leg *hearer = route->subscribers[i].leg;
        desk_forget(desk_of(routes, hearer), route);
        srtp_pair_forget(&hearer->srtp, route->stream.out_ssrc);
    }
    srtp_pair_unhear(&route->leg->srtp, route->stream.ssrc);
    if (route->stream.rtx_ssrc != 0) {
        srtp_pair_unhear(&route->leg->srtp, route->stream.rtx_ssrc);
    }
    cache_empty(&route->cache, routes->packets);
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

struct subscriber *route_subscriber(struct route *route, const struct leg *leg)
{
    for (size_t i = 0; i < route->subscriber_count; i++) {
        if (route->subscribers[i].leg == leg) {
            return &route->subscribers[i];
        }
    }
    return NULL;
}

/* NULL: there is no place. */
static struct subscriber *subscriber_add(struct routes *routes, struct route *route,
                                         struct leg *leg)
{
    struct desk *desk = desk_of(routes, leg);
    if (route->subscriber_count == RELAY_SUBSCRIBERS_MAX || desk->heard_count == ROUTES_HEARD_MAX) {
        return NULL;
    }
    struct subscriber *subscriber = &route->subscribers[route->subscriber_count++];
    *subscriber = (struct subscriber){.leg = leg};
    desk->heard[desk->heard_count++] = route;
    return subscriber;
}

void routes_subscribe(struct routes *routes, struct leg *leg, uint64_t id)
{
    struct route *route = route_find(routes, id);
    if (route == NULL) {
        return;
    }
    struct subscriber *subscriber = route_subscriber(route, leg);
    if (subscriber == NULL) {
        subscriber = subscriber_add(routes, route, leg);
    }
    if (subscriber == NULL) {
        routes_count(routes, COUNTER_STARVED);
        return;
    }
    subscriber->is_on = true;
    /* One that is not open yet could not take it: it asks when it is. */
    if (leg->state == LEG_OPEN) {
        keyframes_want(&route->keyframes);
    }
}

void routes_unsubscribe(struct routes *routes, struct leg *leg, uint64_t id)
{
    struct route *route = route_find(routes, id);
    struct subscriber *subscriber = route != NULL ? route_subscriber(route, leg) : NULL;
    if (subscriber != NULL) {
        subscriber->is_on = false;
    }
}

void routes_on_open(struct routes *routes, struct leg *leg, uint64_t now_us)
{
    struct desk *desk = desk_of(routes, leg);
    for (size_t at = 0; at < desk->heard_count; at++) {
        keyframes_want(&desk->heard[at]->keyframes);
        reports_ask_keyframe(routes, desk->heard[at], now_us);
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
    for (size_t at = 0; at < desk->heard_count; at++) {
        struct route *route = desk->heard[at];
        struct subscriber *subscriber = route_subscriber(route, leg);
        CHECK(subscriber != NULL);
        *subscriber = route->subscribers[--route->subscriber_count];
    }
    *desk = (struct desk){.heard_count = 0};
}
