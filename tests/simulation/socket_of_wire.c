/* socket_of_wire -- one simulated connection: stands in for client-sdk/c/socket.c. Waiting is the
 * actor's: socket_step only does what has arrived, and remembers how long it would have waited. */
#include "../../client-sdk/c/socket.h"
#include "actor.h"
#include "network.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct parcel_in {
    struct list link;
    enum arrival arrival;
    size_t len;
    uint8_t bytes[];
};

struct socket {
    struct socket_options options;
    struct actor *actor;
    uint64_t wire; /* 0: not connected, and not connecting */
    bool is_open;
    struct list in;
    unsigned wait_ms;
};

struct socket *socket_new(const struct socket_options *options)
{
    struct socket *socket = calloc(1, sizeof *socket);
    assert(socket != NULL);
    socket->options = *options;
    socket->actor = actor_current();
    socket->actor->socket = socket;
    list_init(&socket->in);
    return socket;
}

static void in_clear(struct socket *socket)
{
    LIST_EACH (link, &socket->in) {
        list_remove(link);
        free(LIST_ITEM(link, struct parcel_in, link));
    }
}

void socket_free(struct socket *socket)
{
    if (socket == NULL) {
        return;
    }
    wires_client_gone(socket->actor->index);
    socket->actor->socket = NULL;
    in_clear(socket);
    free(socket);
}

enum enrum_err socket_connect(struct socket *socket, const char *url)
{
    (void)url;
    if (socket->wire != 0) {
        return ENRUM_OUT_OF_STATE;
    }
    socket->wire = wire_open(socket->actor->index);
    return ENRUM_OK;
}

enum enrum_err socket_send(struct socket *socket, struct slice frame)
{
    if (!socket->is_open) {
        return ENRUM_NETWORK;
    }
    if (frame.len > FRAME_BYTES_MAX) {
        return ENRUM_OVERSIZED;
    }
    if (!actor_dies_now(socket->actor)) {
        wire_send(socket->wire, TO_HOST, frame);
    }
    return ENRUM_OK;
}

void socket_drop(struct socket *socket)
{
    if (socket->wire == 0) {
        return;
    }
    wire_close(socket->wire, TO_HOST);
    socket->wire = 0;
    socket->is_open = false;
    in_clear(socket);
}

void socket_arrival(struct socket *socket, uint64_t wire, enum arrival arrival, struct slice frame)
{
    if (socket->wire != wire) {
        return;
    }
    struct parcel_in *in = malloc(sizeof *in + frame.len);
    assert(in != NULL);
    list_init(&in->link);
    in->arrival = arrival;
    in->len = frame.len;
    memcpy(in->bytes, frame.at, frame.len);
    list_push_back(&socket->in, &in->link);
}

static void take(struct socket *socket, const struct parcel_in *in)
{
    const struct socket_options *options = &socket->options;
    if (in->arrival == ARRIVAL_OPEN) {
        socket->is_open = true;
        options->on_open(options->context);
    } else if (in->arrival == ARRIVAL_FRAME) {
        options->on_frame(options->context, slice_of(in->bytes, in->len));
    } else {
        socket->wire = 0;
        socket->is_open = false;
        options->on_lost(options->context, "the connection was lost");
    }
}

void socket_step(struct socket *socket, unsigned wait_ms)
{
    struct list *link;
    socket->wait_ms = wait_ms;
    while ((link = list_first(&socket->in)) != NULL) {
        struct parcel_in *in = LIST_ITEM(link, struct parcel_in, link);
        list_remove(link);
        socket->wait_ms = 0; /* having done something, it looks again at once */
        take(socket, in);
        free(in);
    }
}

uint64_t socket_wait(const struct socket *socket)
{
    return (uint64_t)socket->wait_ms * MS;
}

void socket_wake(struct socket *socket)
{
    (void)socket; /* nobody waits */
}
