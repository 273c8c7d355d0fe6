/* callorder -- see callorder.h. */
#include "callorder.h"

#include "base/check.h"

#include <stdlib.h>

void orders_init(struct orders *orders)
{
    *orders = (struct orders){0};
}

static void order_fini(struct order *order)
{
    if (order->type == ORDER_SEND || order->type == ORDER_KEEPERS) {
        parcel_unref(order->message);
    } else if (order->type == ORDER_LEG_OPEN) {
        free(order->opens);
    }
}

void orders_fini(struct orders *orders)
{
    for (size_t i = 0; i < orders->count; i++) {
        order_fini(&orders->items[i]);
    }
    free(orders->items);
    *orders = (struct orders){0};
}

static bool has_place(struct orders *orders)
{
    if (orders->count == orders->capacity) {
        size_t capacity = orders->capacity > 0 ? orders->capacity * 2 : 16;
        struct order *items = realloc(orders->items, capacity * sizeof *items);
        if (items == NULL) {
            return false;
        }
        orders->items = items;
        orders->capacity = capacity;
    }
    return true;
}

void order_put(struct orders *orders, const struct order *order)
{
    struct order own = *order;
    if (has_place(orders)) {
        orders->items[orders->count++] = own;
    } else {
        orders->failed = true;
        order_fini(&own);
    }
}

static struct parcel *encode(const struct layout *layout, const void *message)
{
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    enum enrum_err err = layout_encode(layout, message, &bytes);
    CHECK(err != ENRUM_MALFORMED);
    struct parcel *parcel = err == ENRUM_OK ? parcel_new(bytes.at, bytes.len) : NULL;
    buffer_fini(&bytes);
    return parcel;
}

static void message_put(struct orders *orders, struct order *order, const struct layout *layout,
                        const void *message)
{
    order->message = encode(layout, message);
    if (order->message == NULL) {
        orders->failed = true;
    } else {
        order_put(orders, order);
    }
}

void order_send(struct orders *orders, uint64_t session, const struct layout *layout,
                const void *message)
{
    struct order order = {.type = ORDER_SEND, .session = session};
    if (session != 0) {
        message_put(orders, &order, layout, message);
    }
}

void order_keepers(struct orders *orders, const struct id *board, const struct layout *layout,
                   const void *message)
{
    struct order order = {.type = ORDER_KEEPERS, .board = *board};
    message_put(orders, &order, layout, message);
}

void order_error(struct orders *orders, uint64_t session, uint64_t request, enum enrum_err err)
{
    struct msg_error error = {.request = request, .code = (uint64_t)err};
    order_send(orders, session, &message_error, &error);
}

void order_done(struct orders *orders, uint64_t session, uint64_t request)
{
    struct msg_done done = {.request = request};
    order_send(orders, session, &message_done, &done);
}
