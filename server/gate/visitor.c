/* visitor -- see visitor.h. */
#include "gate/visitor.h"

#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

/* An address as its account is named: a hash whose key dies with the process. Of IPv6 the network,
 * since everybody has as many addresses in it as they like. */
static void address_key(const struct gate *gate, const struct sockaddr *from,
                        uint8_t key[ACCOUNT_KEY_BYTES])
{
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    uint8_t text[8] = {0};
    if (from->sa_family == AF_INET) {
        memcpy(&four, from, sizeof four);
        memcpy(text, &four.sin_addr, 4);
    } else if (from->sa_family == AF_INET6) {
        memcpy(&six, from, sizeof six);
        bool is_four = IN6_IS_ADDR_V4MAPPED(&six.sin6_addr);
        memcpy(text, six.sin6_addr.s6_addr + (is_four ? 12 : 0), is_four ? 4 : 8);
    }
    (void)crypto_generichash(key, ACCOUNT_KEY_BYTES, text, sizeof text, gate->salt,
                             sizeof gate->salt);
}

/* OK: `*address` has a place taken. */
static enum gate_ending come_check(struct gate *gate, const struct sockaddr *from,
                                   struct account **address)
{
    uint8_t key[ACCOUNT_KEY_BYTES];
    size_t most = gate->options.sessions_max;
    if (gate->visitors.count >= most) {
        return ENDING_HOST_PLACES;
    }
    /* So that a crowd of nobody leaves room for those who come back after a pause of the network.
     */
    if (gate->unproved >= (most + 1) / 2) {
        return ENDING_UNPROVED_PLACES;
    }
    address_key(gate, from, key);
    *address = account_enter(&gate->addresses, key, gate_now_ms(gate));
    if (*address == NULL) {
        return ENDING_ADDRESS_PLACES;
    }
    if (!account_is_open(*address, gate_now_ms(gate))) {
        account_leave(&gate->addresses, *address);
        return ENDING_ADDRESS_WORK;
    }
    return ENDINGS;
}

static void visitor_remove(struct gate *gate, uint64_t id)
{
    struct visitor *visitor = pool_find(&gate->visitors, id);
    if (visitor != NULL) {
        visitor_proved(gate, visitor);
        pool_remove(&gate->visitors, id);
    }
}

/* Hands the descriptor to libwebsockets, which closes it in any case. */
static void visitor_adopt(struct gate *gate, int fd, struct account *address)
{
    bool is_at_metrics = address == NULL;
    uint64_t id = 0;
    struct visitor *visitor = pool_add(&gate->visitors, &id);
    if (visitor == NULL) {
        if (!is_at_metrics) {
            account_leave(&gate->addresses, address);
        }
        close(fd);
        return;
    }
    visitor->address = address;
    visitor->since_ms = gate_now_ms(gate);
    visitor->is_at_metrics = is_at_metrics;
    gate->unproved += !is_at_metrics;
    lws_adopt_desc_t how = {.vh = gate->vhost,
                            .type = LWS_ADOPT_HTTP | LWS_ADOPT_SOCKET |
                                    (is_at_metrics ? 0 : LWS_ADOPT_ALLOW_SSL),
                            .fd = {.sockfd = fd},
                            .opaque = (void *)(uintptr_t)id};
    struct lws *wsi = lws_adopt_descriptor_vhost_via_info(&how);
    if (wsi == NULL) {
        visitor_remove(gate, id);
        return;
    }
    visitor->wsi = wsi;
}

void visitor_come(void *context, int fd, const struct sockaddr *from)
{
    struct gate *gate = context;
    struct account *address = NULL;
    enum gate_ending ending = come_check(gate, from, &address);
    if (ending != ENDINGS) {
        gate->counts.ended[ending]++;
        close(fd);
        return;
    }
    account_pay(address, 1, 0, gate_now_ms(gate));
    visitor_adopt(gate, fd, address);
}

void visitor_come_to_metrics(void *context, int fd, const struct sockaddr *from)
{
    struct gate *gate = context;
    (void)from; /* only loopback can come */
    visitor_adopt(gate, fd, NULL);
}

static uint64_t visitor_id(struct lws *wsi)
{
    return (uint64_t)(uintptr_t)lws_get_opaque_user_data(wsi);
}

struct visitor *visitor_of(struct gate *gate, struct lws *wsi)
{
    return visitor_id(wsi) != 0 ? pool_find(&gate->visitors, visitor_id(wsi)) : NULL;
}

void visitor_proved(struct gate *gate, struct visitor *visitor)
{
    if (visitor->address != NULL) {
        account_leave(&gate->addresses, visitor->address);
        visitor->address = NULL;
        gate->unproved--;
    }
}

void visitor_gone(struct gate *gate, struct lws *wsi)
{
    if (visitor_id(wsi) != 0) {
        visitor_remove(gate, visitor_id(wsi));
    }
}

bool visitor_pay(struct gate *gate, struct visitor *visitor)
{
    if (visitor->address == NULL) {
        return true;
    }
    account_pay(visitor->address, 1, 0, gate_now_ms(gate));
    if (account_is_open(visitor->address, gate_now_ms(gate))) {
        return true;
    }
    gate->counts.ended[ENDING_ADDRESS_WORK]++;
    return false;
}

void visitors_cut(struct gate *gate, uint64_t ms_max, enum gate_ending ending)
{
    uint32_t cursor = 0;
    uint64_t id = 0, now = gate_now_ms(gate);
    struct visitor *visitor;
    while ((visitor = pool_next(&gate->visitors, &cursor, &id)) != NULL) {
        if (!visitor->is_answered && now - visitor->since_ms >= ms_max) {
            gate->counts.ended[ending]++;
            lws_set_timeout(visitor->wsi, PENDING_TIMEOUT_CLOSE_ACK, LWS_TO_KILL_SYNC);
        }
    }
}

void visitors_fini(struct gate *gate)
{
    uint32_t cursor = 0;
    uint64_t id = 0;
    struct visitor *visitor;
    while ((visitor = pool_next(&gate->visitors, &cursor, &id)) != NULL) {
        visitor_remove(gate, id);
    }
}
