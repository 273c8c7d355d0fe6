/* worker -- see worker.h. */
#include "relay/worker.h"

#include "base/check.h"
#include "base/clock.h"
#include "relay/routes.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    TICK_MS = 20,
    BATCHES_PER_TURN = 16, /* then orders and time are looked at again */
    WAITING_MAX = 4,
};

struct worker {
    struct worker_setup setup;
    int fd, epoll;
    pthread_t thread;
    bool is_started;
    struct mailbox orders;
    struct leg *legs; /* by slot; one whose id is 0 is free */
    struct list open; /* of them, those that are in use */
    struct table tuples;
    struct packet_pool packets;
    struct batch batch;
    struct routes *routes;
    struct counts counts;
    struct leg_limits limits;
    uint64_t now_us, next_tick_ms;
};

static uint64_t now_ms(const struct worker *worker)
{
    return worker->now_us / 1000;
}

static void count(struct worker *worker, enum counter which)
{
    counts_add(&worker->counts, which, 1);
}

/* -- What is told -- */

/* When the caller has no place for it, the next tick tries again. */
static void leg_tell(struct worker *worker, struct leg *leg)
{
    const struct relay_event event = {
        .type = leg->state == LEG_OPEN ? RELAY_CONNECTED : RELAY_LOST,
        .reason = leg->reason,
        .call = leg->setup.call,
        .leg = leg->setup.id,
    };
    leg->is_untold = leg->is_untold && !mailbox_put(worker->setup.events, &event);
}

/* After anything that may have changed a leg's state, which was `before`. */
static void leg_follow(struct worker *worker, struct leg *leg, enum leg_state before)
{
    if (leg->state == before) {
        return;
    }
    if (leg->state == LEG_OPEN) {
        count(worker, COUNTER_CONNECTED);
        routes_on_open(worker->routes, leg, worker->now_us);
    } else if (leg->state == LEG_LOST) {
        count(worker, COUNTER_LOST);
        routes_leave(worker->routes, leg);
    }
    leg_tell(worker, leg);
}

/* -- Orders -- */

static struct leg *leg_find(struct worker *worker, uint64_t id)
{
    uint32_t slot = order_slot(id);
    CHECK(slot < worker->setup.options->legs_max);
    struct leg *leg = &worker->legs[slot];
    return leg->setup.id == id ? leg : NULL;
}

static void order_leg_open(struct worker *worker, const struct leg_setup *setup)
{
    struct leg *leg = &worker->legs[order_slot(setup->id)];
    CHECK(leg->setup.id == 0);
    bool good = leg_open(leg, setup, worker->setup.identity, &worker->batch, &worker->tuples,
                         now_ms(worker));
    list_push_back(&worker->open, &leg->by_worker);
    if (!good) {
        leg_lose(leg, RELAY_MEMORY, now_ms(worker));
        leg_follow(worker, leg, LEG_NEW);
    }
}

static void leg_end(struct worker *worker, struct leg *leg)
{
    if (leg->state != LEG_LOST) {
        routes_leave(worker->routes, leg);
    }
    list_remove(&leg->by_worker);
    leg_close(leg);
}

static void order_call_close(struct worker *worker, uint64_t call)
{
    LIST_EACH (link, &worker->open) {
        struct leg *leg = LIST_ITEM(link, struct leg, by_worker);
        if (leg->setup.call == call) {
            leg_end(worker, leg);
        }
    }
}

/* A leg that is lost has no streams and gets none. */
static void order_do(struct worker *worker, struct order *order)
{
    struct leg *leg = order->leg != 0 ? leg_find(worker, order->leg) : NULL;
    bool is_live = leg != NULL && leg->state != LEG_LOST;
    switch (order->type) {
    case ORDER_LEG_OPEN:
        order_leg_open(worker, &order->setup);
        break;
    case ORDER_LEG_CLOSE:
        if (leg != NULL) {
            leg_end(worker, leg);
        }
        break;
    case ORDER_CALL_CLOSE:
        order_call_close(worker, order->call);
        break;
    case ORDER_PUBLISH:
        if (is_live) {
            routes_publish(worker->routes, leg, order->stream, &order->wanted);
        }
        break;
    case ORDER_UNPUBLISH:
        routes_unpublish(worker->routes, order->stream);
        break;
    case ORDER_SUBSCRIBE:
        if (is_live) {
            routes_subscribe(worker->routes, leg, order->stream);
        }
        break;
    case ORDER_UNSUBSCRIBE:
        if (is_live) {
            routes_unsubscribe(worker->routes, leg, order->stream);
        }
        break;
    }
}

/* False: there will be no more. */
static bool orders_do(struct worker *worker)
{
    void *items = NULL;
    size_t n = 0;
    if (!mailbox_take_all(&worker->orders, 0, &items, &n)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        order_do(worker, (struct order *)items + i);
    }
    return true;
}

/* -- Checks -- */

static bool hex_read(struct slice text, uint32_t *out)
{
    *out = 0;
    if (text.len < WORKER_UFRAG_DIGITS) {
        return false;
    }
    for (size_t i = 0; i < WORKER_UFRAG_DIGITS; i++) {
        uint8_t c = text.at[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
        *out = *out << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return true;
}

static struct leg *leg_asked(struct worker *worker, const struct stun_request *request)
{
    uint32_t place;
    if (!hex_read(request->local, &place) || order_worker(place) != worker->setup.number ||
        order_slot(place) >= worker->setup.options->legs_max) {
        return NULL;
    }
    struct leg *leg = &worker->legs[order_slot(place)];
    return leg->setup.id != 0 && leg_is_asked(leg, request) ? leg : NULL;
}

static void check_answer(struct worker *worker, struct leg *leg, const struct stun_request *request,
                         const struct tuple *from)
{
    struct slice password = slice_of_text(leg->setup.password);
    uint8_t *room = batch_room(&worker->batch);
    if (request->unknown_count > 0) {
        batch_add(&worker->batch, from,
                  stun_error(request, STUN_UNKNOWN_ATTRIBUTE, password, room));
        return;
    }
    if (request->is_controlled) {
        batch_add(&worker->batch, from, stun_error(request, STUN_ROLE_CONFLICT, password, room));
        return;
    }
    enum leg_state before = leg->state;
    struct stun_address mapped = {.is_ipv6 = from->family == AF_INET6, .port = from->port};
    memcpy(mapped.ip, from->ip, sizeof mapped.ip);
    if (!leg_on_check(leg, from, request->has_use_candidate, now_ms(worker))) {
        count(worker, COUNTER_CHECKS_TAKEN);
        return;
    }
    count(worker, COUNTER_CHECKS);
    batch_add(&worker->batch, from, stun_success(request, &mapped, password, room));
    leg_follow(worker, leg, before);
}

/* Who cannot prove that it knows the password gets no answer, whatever is wrong. */
static void on_stun(struct worker *worker, struct slice datagram, const struct tuple *from)
{
    struct stun_request request;
    if (!stun_parse(datagram, &request)) {
        count(worker, COUNTER_CHECKS_MALFORMED);
        return;
    }
    struct leg *leg = leg_asked(worker, &request);
    if (leg == NULL) {
        count(worker, COUNTER_CHECKS_UNKNOWN);
    } else if (!stun_is_authentic(&request, slice_of_text(leg->setup.password))) {
        count(worker, COUNTER_CHECKS_FORGED);
    } else {
        check_answer(worker, leg, &request, from);
    }
}

/* -- Datagrams -- */

/* RFC 7983, and RFC 5761 for the line between RTP and RTCP. */
enum protocol { PROTOCOL_STUN, PROTOCOL_DTLS, PROTOCOL_RTP, PROTOCOL_RTCP, PROTOCOL_NONE };

static enum protocol protocol_of(struct slice datagram)
{
    if (stun_is_stun(datagram)) {
        return PROTOCOL_STUN;
    }
    if (datagram.len < 2) {
        return PROTOCOL_NONE;
    }
    if (datagram.at[0] >= 20 && datagram.at[0] <= 63) {
        return PROTOCOL_DTLS;
    }
    if (datagram.at[0] >= 128 && datagram.at[0] <= 191) {
        return datagram.at[1] >= 192 && datagram.at[1] <= 223 ? PROTOCOL_RTCP : PROTOCOL_RTP;
    }
    return PROTOCOL_NONE;
}

static void on_dtls(struct worker *worker, struct leg *leg, struct slice datagram)
{
    enum leg_state before = leg->state;
    leg_on_dtls(leg, datagram, now_ms(worker));
    leg_follow(worker, leg, before);
}

/* From an address that a leg has proved to be its own. */
static void on_known(struct worker *worker, struct leg *leg, enum protocol protocol,
                     struct packet *packet)
{
    struct slice datagram = slice_of(packet_at(packet), packet->len);
    if (protocol == PROTOCOL_DTLS) {
        on_dtls(worker, leg, datagram);
    } else if (leg->state != LEG_OPEN) {
        count(worker, COUNTER_EARLY);
    } else if (protocol == PROTOCOL_RTP) {
        routes_on_rtp(worker->routes, leg, packet, worker->now_us);
    } else {
        routes_on_rtcp(worker->routes, leg, packet, worker->now_us);
    }
}

static void on_datagram(struct worker *worker, struct packet *packet, const struct tuple *from)
{
    struct slice datagram = slice_of(packet_at(packet), packet->len);
    enum protocol protocol = protocol_of(datagram);
    if (protocol == PROTOCOL_NONE) {
        count(worker, COUNTER_NOISE);
        return;
    }
    if (protocol == PROTOCOL_STUN) {
        on_stun(worker, datagram, from);
        return;
    }
    struct leg *leg = table_find(&worker->tuples, from);
    if (leg == NULL) {
        count(worker, COUNTER_STRAY);
        return;
    }
    on_known(worker, leg, protocol, packet);
}

static void datagrams_take(struct worker *worker)
{
    size_t n = BATCH_IN;
    for (unsigned turn = 0; turn < BATCHES_PER_TURN && n == BATCH_IN; turn++) {
        n = batch_receive(&worker->batch);
        counts_add(&worker->counts, COUNTER_RECEIVED, n);
        for (size_t i = 0; i < n; i++) {
            struct packet *packet;
            struct tuple from;
            if (!batch_datagram(&worker->batch, i, &packet, &from)) {
                count(worker, COUNTER_NOISE);
                continue;
            }
            on_datagram(worker, packet, &from);
            if (packet->references > 1) {
                /* It was kept: the batch gets another one next time. */
                packet_unref(&worker->packets, batch_take(&worker->batch, i));
            }
        }
    }
}

/* -- Time -- */

static void tick(struct worker *worker)
{
    LIST_EACH (link, &worker->open) {
        struct leg *leg = LIST_ITEM(link, struct leg, by_worker);
        enum leg_state before = leg->state;
        leg_step(leg, &worker->limits, now_ms(worker));
        leg_follow(worker, leg, before);
        if (leg->is_untold) {
            leg_tell(worker, leg);
        }
    }
    routes_step(worker->routes, worker->now_us);
    worker->next_tick_ms = now_ms(worker) + TICK_MS;
}

static void sent_count(struct worker *worker)
{
    counts_add(&worker->counts, COUNTER_SENT, worker->batch.sent);
    counts_add(&worker->counts, COUNTER_UNSENT, worker->batch.unsent);
    worker->batch.sent = 0;
    worker->batch.unsent = 0;
}

/* Without legs nothing is due. */
static int wait_ms(const struct worker *worker)
{
    uint64_t now = clock_monotonic_us() / 1000;
    if (list_is_empty(&worker->open)) {
        return -1;
    }
    return worker->next_tick_ms > now ? (int)(worker->next_tick_ms - now) : 0;
}

/* Orders come first: a device may send as soon as it is told of its leg. False: the end. */
static bool turn(struct worker *worker)
{
    struct epoll_event waiting[WAITING_MAX];
    int n = epoll_wait(worker->epoll, waiting, WAITING_MAX, wait_ms(worker));
    bool has_datagrams = false, goes_on = true;
    worker->now_us = clock_monotonic_us();
    for (int i = 0; i < n; i++) {
        if (waiting[i].data.fd == worker->fd) {
            has_datagrams = true;
        } else {
            goes_on = orders_do(worker);
        }
    }
    if (has_datagrams && goes_on) {
        datagrams_take(worker);
    }
    if (!list_is_empty(&worker->open) && now_ms(worker) >= worker->next_tick_ms) {
        tick(worker);
    }
    batch_flush(&worker->batch);
    sent_count(worker);
    return goes_on;
}

static void *run(void *context)
{
    struct worker *worker = context;
    while (turn(worker)) {
    }
    for (struct list *link; (link = list_first(&worker->open)) != NULL;) {
        leg_end(worker, LIST_ITEM(link, struct leg, by_worker));
    }
    batch_flush(&worker->batch);
    return NULL;
}

/* -- Its own life -- */

static bool watch(struct worker *worker, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(worker->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool sockets_open(struct worker *worker, uint16_t *port)
{
    worker->fd = batch_socket(worker->setup.options->address, port);
    worker->epoll = worker->fd >= 0 ? epoll_create1(EPOLL_CLOEXEC) : -1;
    return worker->epoll >= 0 && watch(worker, worker->fd) &&
           watch(worker, mailbox_wake_fd(&worker->orders));
}

static bool memory_take(struct worker *worker)
{
    const struct relay_options *options = worker->setup.options;
    worker->legs = calloc(options->legs_max, sizeof *worker->legs);
    if (worker->legs == NULL || !packet_pool_init(&worker->packets, options->packets_max)) {
        return false;
    }
    worker->routes = routes_new(options, &worker->packets, &worker->batch, &worker->counts);
    return worker->routes != NULL;
}

/* Orders that begin something stop at orders_max. One that ends something names a leg or a stream
 * that nothing has ended before: one that the worker knows, or one that waits to be begun. */
static size_t orders_places(const struct worker_setup *setup)
{
    return 2 * setup->orders_max + setup->options->legs_max + setup->options->streams_max;
}

struct worker *worker_new(const struct worker_setup *setup, uint16_t *port)
{
    struct worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL) {
        return NULL;
    }
    worker->setup = *setup;
    worker->fd = -1;
    worker->epoll = -1;
    worker->limits = (struct leg_limits){setup->options->absent_ms, setup->options->consent_ms};
    list_init(&worker->open);
    table_init(&worker->tuples, sizeof(struct tuple),
               (size_t)setup->options->legs_max * LEG_TUPLES_MAX);
    if (!mailbox_init(&worker->orders, sizeof(struct order), orders_places(setup), true)) {
        free(worker);
        return NULL;
    }
    if (!memory_take(worker) || !sockets_open(worker, port)) {
        int why = errno;
        worker_free(worker);
        errno = why;
        return NULL;
    }
    batch_init(&worker->batch, worker->fd, &worker->packets);
    return worker;
}

bool worker_start(struct worker *worker)
{
    worker->is_started = pthread_create(&worker->thread, NULL, run, worker) == 0;
    return worker->is_started;
}

void worker_stop(struct worker *worker)
{
    mailbox_close(&worker->orders);
    if (worker->is_started) {
        CHECK(pthread_join(worker->thread, NULL) == 0);
        worker->is_started = false;
    }
}

void worker_free(struct worker *worker)
{
    if (worker == NULL) {
        return;
    }
    worker_stop(worker);
    routes_free(worker->routes);
    batch_fini(&worker->batch);
    packet_pool_fini(&worker->packets);
    table_fini(&worker->tuples);
    free(worker->legs);
    mailbox_fini(&worker->orders);
    if (worker->fd >= 0) {
        close(worker->fd);
    }
    if (worker->epoll >= 0) {
        close(worker->epoll);
    }
    free(worker);
}

static bool is_end(enum order_type type)
{
    return type == ORDER_LEG_CLOSE || type == ORDER_CALL_CLOSE || type == ORDER_UNPUBLISH;
}

bool worker_order(struct worker *worker, const struct order *order)
{
    bool has_place = is_end(order->type) ||
                     mailbox_count(&worker->orders) < worker->setup.orders_max;
    return has_place && mailbox_put(&worker->orders, order);
}

size_t worker_orders(struct worker *worker)
{
    return mailbox_count(&worker->orders);
}

const struct counts *worker_counts(const struct worker *worker)
{
    return &worker->counts;
}
