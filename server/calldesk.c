/* calldesk -- see calldesk.h. */
#include "calldesk.h"

#include "base/check.h"
#include "base/slog.h"
#include "switchboard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 8192 };

/* -- Orders -- */

static void keepers_tell(struct calldesk *desk, const struct order *order)
{
    struct switchboard *board = desk->board;
    uint64_t keepers[KEEPER_SESSIONS_MAX];
    size_t at = config_board_find(board->config, &order->board);
    size_t count = at < CONFIG_BOARDS_MAX ? courier_keepers(&board->courier, at, keepers) : 0;
    for (size_t i = 0; i < count; i++) {
        gate_send(board->gate, keepers[i], order->message);
    }
}

static struct slice text_slice(const char *text)
{
    return slice_of(text, strlen(text));
}

static void leg_answer(struct calldesk *desk, const struct order *order, enum enrum_err err,
                       const struct relay_answer *answer)
{
    const struct config *config = desk->board->config;
    struct orders answers;
    orders_init(&answers);
    if (err != ENRUM_OK) {
        order_error(&answers, order->session, order->request, err);
    } else {
        struct msg_call_leg_ready ready = {
            .request = order->request,
            .board = order->board,
            .call = order->call,
            .ufrag = text_slice(answer->ufrag),
            .pwd = text_slice(answer->password),
            .fingerprint = id_of(relay_fingerprint(desk->relay)),
            .addresses = text_slice(config->relay_addresses),
            .port = relay_port(desk->relay),
        };
        order_send(&answers, order->session, &message_call_leg_ready, &ready);
    }
    for (size_t i = 0; i < answers.count; i++) {
        gate_send(desk->board->gate, order->session, answers.items[i].message);
    }
    orders_fini(&answers);
}

static void order_do(struct calldesk *desk, const struct order *order)
{
    struct relay_answer answer;
    if (order->type == ORDER_SEND) {
        gate_send(desk->board->gate, order->session, order->message);
    } else if (order->type == ORDER_KEEPERS) {
        keepers_tell(desk, order);
    } else {
        enum enrum_err err = patchbay_do(&desk->bay, order, &answer);
        if (order->type == ORDER_LEG_OPEN || order->type == ORDER_LEG_KEPT) {
            leg_answer(desk, order, err, &answer);
        }
    }
}

static void orders_do(struct calldesk *desk, struct orders *orders)
{
    for (size_t i = 0; i < orders->count; i++) {
        order_do(desk, &orders->items[i]);
    }
    if (orders->failed) {
        slog_bare(SLOG_ERROR, "orders_lost");
    }
    orders_fini(orders);
}

/* -- Opening -- */

static bool follows(void *context, uint64_t session, const struct id *board, const struct id *room)
{
    const struct calldesk *desk = context;
    return journal_follows(desk->board->journal, session, board, room);
}

static void sessions_of(void *context, const struct id *board, const struct id *room,
                        const struct id *person, void (*each)(void *argument, uint64_t session),
                        void *argument)
{
    const struct calldesk *desk = context;
    journal_sessions_of(desk->board->journal, board, room, person, each, argument);
}

static bool relay_begin(struct calldesk *desk, const struct config *config)
{
    struct relay_options options = relay_options_usual();
    options.address = config->relay.address;
    options.port = (uint16_t)config->relay.port;
    if (!mailbox_init(&desk->events, sizeof(struct relay_event), EVENTS_MAX, true)) {
        return false;
    }
    desk->relay = relay_new(&options, &desk->events);
    if (desk->relay == NULL) {
        slog(SLOG_ERROR, "relay_failed", slog_str("address", options.address),
             slog_u64("port", options.port), slog_errno("error", errno));
        return false;
    }
    return relay_start(desk->relay);
}

bool calldesk_open(struct calldesk *desk, struct switchboard *board)
{
    const struct config *config = board->config;
    desk->board = board;
    if (config->relay.address[0] == '\0') {
        return true;
    }
    struct calls_options options = {
        .calls_max = config->limits.calls,
        .directory = {.context = desk, .follows = follows, .sessions_of = sessions_of}};
    if (!relay_begin(desk, config)) {
        return false;
    }
    patchbay_init(&desk->bay, desk->relay, config->limits.calls * CALL_PARTICIPANTS_MAX);
    desk->calls = calls_new(&options);
    return desk->calls != NULL;
}

void calldesk_close(struct calldesk *desk)
{
    calls_free(desk->calls);
    desk->calls = NULL;
    if (desk->relay != NULL) {
        relay_stop(desk->relay);
        patchbay_fini(&desk->bay);
        relay_free(desk->relay);
        mailbox_fini(&desk->events);
    }
}

/* -- Events -- */

static struct moment now_of(const struct calldesk *desk)
{
    return (struct moment){.monotonic_ms = clock_monotonic_ms(&desk->board->clock),
                           .wall_ms = clock_wall_ms(&desk->board->clock)};
}

int calldesk_wake_fd(const struct calldesk *desk)
{
    return desk->calls != NULL ? mailbox_wake_fd(&desk->events) : -1;
}

static const char *reason_name(enum relay_reason reason)
{
    static const char *const names[] = {
#define REASON(NAME, label, what) #label,
#include "relay/reasons.def"
#undef REASON
    };
    return names[reason];
}

/* A leg that is lost stays in the call: its device sees it, too, and asks for another one. */
void calldesk_told(struct calldesk *desk)
{
    void *items = NULL;
    size_t count = 0;
    (void)mailbox_take_all(&desk->events, 0, &items, &count);
    const struct relay_event *events = items;
    for (size_t i = 0; i < count; i++) {
        slog(SLOG_INFO, events[i].type == RELAY_CONNECTED ? "leg_connected" : "leg_lost",
             slog_str("reason", reason_name(events[i].reason)));
    }
}

void calldesk_tick(struct calldesk *desk)
{
    struct orders orders;
    if (desk->calls != NULL) {
        orders_init(&orders);
        calls_tick(desk->calls, now_of(desk), &orders);
        orders_do(desk, &orders);
    }
}

void calldesk_session_gone(struct calldesk *desk, uint64_t session)
{
    struct orders orders;
    if (desk->calls != NULL) {
        orders_init(&orders);
        calls_session_gone(desk->calls, session, now_of(desk), &orders);
        orders_do(desk, &orders);
    }
}

void calldesk_followed(struct calldesk *desk, uint64_t session, const struct identity *who,
                       const struct id *room)
{
    struct orders orders;
    if (desk->calls != NULL && follows(desk, session, &who->board, room)) {
        orders_init(&orders);
        if (who->role == ROLE_KEEPER) {
            calls_keeper_followed(desk->calls, session, &who->board, room, &orders);
        } else {
            calls_followed(desk->calls, session, &who->board, room, &who->person, &orders);
        }
        orders_do(desk, &orders);
    }
}

static void take(struct calls *calls, const struct caller *who, uint64_t type, const void *message,
                 struct moment now, struct orders *out)
{
    switch (type) {
    case MESSAGE_CALL_JOIN:
        calls_join(calls, who, message, now, out);
        return;
    case MESSAGE_CALL_LEAVE:
        calls_leave(calls, who, message, out);
        return;
    case MESSAGE_CALL_RING:
        calls_ring(calls, who, message, now, out);
        return;
    case MESSAGE_CALL_REFUSE:
        calls_refuse(calls, who, message, out);
        return;
    case MESSAGE_CALL_ADMIT:
        calls_admit(calls, who, message, out);
        return;
    case MESSAGE_CALL_LEAD:
        calls_lead(calls, who, message, out);
        return;
    case MESSAGE_CALL_SEND:
        calls_send(calls, who, message, now, out);
        return;
    case MESSAGE_CALL_LEG:
        calls_leg(calls, who, message, now, out);
        return;
    default:
        CHECK(false);
    }
}

bool calldesk_take(struct calldesk *desk, const struct caller *who, uint64_t type,
                   const void *message)
{
    struct orders orders;
    if (desk->calls == NULL) {
        return false;
    }
    orders_init(&orders);
    if (type == MESSAGE_CALL_LEG && !relay_has_place(desk->relay)) {
        /* Half of what it orders would be lost, and someone would hear somebody no more. */
        order_error(&orders, who->session, who->request, ENRUM_RELAY_FULL);
    } else {
        take(desk->calls, who, type, message, now_of(desk), &orders);
    }
    orders_do(desk, &orders);
    return true;
}

void calldesk_count(const struct calldesk *desk, struct calls_counts *calls,
                    uint64_t relay[COUNTERS])
{
    *calls = (struct calls_counts){0};
    memset(relay, 0, COUNTERS * sizeof relay[0]);
    if (desk->calls != NULL) {
        calls_count(desk->calls, calls);
        relay_counts(desk->relay, relay);
    }
}
