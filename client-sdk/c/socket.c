/* socket -- see socket.h. */
#include "socket.h"

#include "base/buffer.h"
#include "base/list.h"

#include <arpa/inet.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { QUEUED_BYTES_MAX = 8 << 20, URL_BYTES_MAX = 512, RX_BYTES = 16384 };

struct frame_out {
    struct list link;
    size_t len;
    uint8_t bytes[]; /* LWS_PRE bytes for the library, then the frame */
};

struct socket {
    struct socket_options options;
    struct lws_context *context;
    struct lws *wsi;    /* NULL: not connected, and not connecting */
    bool is_connecting; /* within socket_connect, which says itself what failed */
    bool is_open, must_close;
    struct list queue;
    size_t queued_bytes;
    struct buffer frame; /* being received */
    bool is_text;
    lws_sorted_usec_list_t timer;
};

/* -- What the library tells -- */

static void queue_clear(struct socket *socket)
{
    LIST_EACH (link, &socket->queue) {
        list_remove(link);
        free(LIST_ITEM(link, struct frame_out, link));
    }
    socket->queued_bytes = 0;
}

static void on_lost(struct socket *socket, const char *reason)
{
    bool is_wanted = socket->wsi != NULL && !socket->must_close;
    socket->wsi = NULL;
    socket->is_open = socket->must_close = false;
    queue_clear(socket);
    buffer_wipe(&socket->frame);
    buffer_init(&socket->frame, FRAME_BYTES_MAX);
    if (is_wanted) {
        socket->options.on_lost(socket->options.context, reason);
    }
}

/* 0, or -1 to close. */
static int on_received(struct socket *socket, struct lws *wsi, const void *bytes, size_t len)
{
    if (lws_is_first_fragment(wsi)) {
        buffer_reset(&socket->frame);
        socket->is_text = lws_frame_is_binary(wsi) == 0;
    }
    buffer_append(&socket->frame, bytes, len);
    if (socket->frame.failed || socket->is_text) {
        return -1;
    }
    if (lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0) {
        socket->options.on_frame(socket->options.context, buffer_slice(&socket->frame));
    }
    return socket->must_close ? -1 : 0;
}

static int on_writable(struct socket *socket, struct lws *wsi)
{
    struct list *link = list_first(&socket->queue);
    if (link == NULL) {
        return 0;
    }
    struct frame_out *out = LIST_ITEM(link, struct frame_out, link);
    int written = lws_write(wsi, out->bytes + LWS_PRE, out->len, LWS_WRITE_BINARY);
    bool good = written >= 0 && (size_t)written >= out->len;
    socket->queued_bytes -= out->len;
    list_remove(link);
    free(out);
    if (good && !list_is_empty(&socket->queue)) {
        lws_callback_on_writable(wsi);
    }
    return good ? 0 : -1;
}

/* The library ends a connection in ways of its own for each stage: the last word is that its memory
 * goes. */
static bool is_end(enum lws_callback_reasons reason)
{
    return reason == LWS_CALLBACK_CLIENT_CLOSED || reason == LWS_CALLBACK_CLOSED_CLIENT_HTTP ||
           reason == LWS_CALLBACK_WSI_DESTROY;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
    (void)user;
    struct socket *socket = lws_context_user(lws_get_context(wsi));
    if (socket == NULL || wsi != socket->wsi || socket->is_connecting) {
        /* A connection that was dropped, on its way out; or the context's own business. */
        return reason == LWS_CALLBACK_CLIENT_RECEIVE || reason == LWS_CALLBACK_CLIENT_WRITEABLE ||
                       reason == LWS_CALLBACK_CLIENT_ESTABLISHED
                   ? -1
                   : 0;
    }
    int result = 0;
    if (reason == LWS_CALLBACK_CLIENT_ESTABLISHED) {
        socket->is_open = true;
        socket->options.on_open(socket->options.context);
    } else if (reason == LWS_CALLBACK_CLIENT_RECEIVE) {
        result = on_received(socket, wsi, in, len);
    } else if (reason == LWS_CALLBACK_CLIENT_WRITEABLE) {
        result = on_writable(socket, wsi);
    } else if (reason == LWS_CALLBACK_CLIENT_CONNECTION_ERROR) {
        on_lost(socket, in != NULL ? (const char *)in : "the connection could not be made");
        return 0;
    } else if (is_end(reason)) {
        on_lost(socket, "the connection was lost");
        return 0;
    }
    return socket->must_close ? -1 : result;
}

static const struct lws_protocols protocols[] = {
    {"enrum.1", on_event, 0, RX_BYTES, 0, NULL, 0},
    {NULL, NULL, 0, 0, 0, NULL, 0},
};

/* -- Making -- */

/* No pings of the library's own: contact pings, and says what silence means. */
static const lws_retry_bo_t no_retry;

struct socket *socket_new(const struct socket_options *options)
{
    struct socket *socket = calloc(1, sizeof *socket);
    if (socket == NULL) {
        return NULL;
    }
    socket->options = *options;
    list_init(&socket->queue);
    buffer_init(&socket->frame, FRAME_BYTES_MAX);
    lws_set_log_level(0, NULL);
    static const char system_ca[] = "/etc/ssl/certs/ca-certificates.crt";
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = protocols,
        .gid = -1,
        .uid = -1,
        .options = options->has_tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0,
        .user = socket,
        .retry_and_idle_policy = &no_retry,
        .client_ssl_ca_filepath = options->ca_file,
    };
    if (options->ca_file == NULL && access(system_ca, R_OK) == 0) {
        info.client_ssl_ca_filepath = system_ca;
    }
    socket->context = lws_create_context(&info);
    if (socket->context == NULL) {
        free(socket);
        return NULL;
    }
    return socket;
}

void socket_free(struct socket *socket)
{
    if (socket == NULL) {
        return;
    }
    socket->wsi = NULL;
    lws_sul_cancel(&socket->timer);
    lws_context_destroy(socket->context);
    queue_clear(socket);
    buffer_wipe(&socket->frame);
    free(socket);
}

/* -- Connecting -- */

/* "localhost" is taken for the address it stands for, so that no resolver can say otherwise. */
static bool is_loopback(const char *host)
{
    struct in_addr four;
    struct in6_addr six;
    if (inet_pton(AF_INET, host, &four) == 1) {
        return (ntohl(four.s_addr) >> 24) == 127;
    }
    return inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

enum enrum_err socket_connect(struct socket *socket, const char *url)
{
    char text[URL_BYTES_MAX], path[URL_BYTES_MAX + 1];
    const char *scheme, *host, *rest;
    int port;
    if (socket->wsi != NULL) {
        return ENRUM_OUT_OF_STATE;
    }
    if (strlen(url) >= sizeof text) {
        return ENRUM_CONFIG;
    }
    memcpy(text, url, strlen(url) + 1);
    if (lws_parse_uri(text, &scheme, &host, &port, &rest) != 0) {
        return ENRUM_CONFIG;
    }
    (void)snprintf(path, sizeof path, "/%s", rest);
    bool is_secure = strcmp(scheme, "wss") == 0;
    const char *address = strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
    if (is_secure != socket->options.has_tls ||
        (!is_secure && (strcmp(scheme, "ws") != 0 || !is_loopback(address)))) {
        return ENRUM_CONFIG;
    }
    struct lws_client_connect_info info = {
        .context = socket->context,
        .address = address,
        .port = port,
        .path = path,
        .host = host,
        .protocol = "enrum.1",
        .local_protocol_name = "enrum.1",
        .ssl_connection = is_secure ? LCCSCF_USE_SSL : 0,
        .retry_and_idle_policy = &no_retry,
        .pwsi = &socket->wsi,
    };
    socket->must_close = false;
    socket->is_connecting = true;
    struct lws *wsi = lws_client_connect_via_info(&info);
    socket->is_connecting = false;
    if (wsi == NULL) {
        socket->wsi = NULL;
    }
    return wsi != NULL ? ENRUM_OK : ENRUM_NETWORK;
}

enum enrum_err socket_send(struct socket *socket, struct slice frame)
{
    if (!socket->is_open || socket->must_close) {
        return ENRUM_NETWORK;
    }
    if (frame.len > FRAME_BYTES_MAX) {
        return ENRUM_OVERSIZED;
    }
    if (socket->queued_bytes + frame.len > QUEUED_BYTES_MAX) {
        return ENRUM_OUTBOX_FULL;
    }
    struct frame_out *out = malloc(sizeof *out + LWS_PRE + frame.len);
    if (out == NULL) {
        return ENRUM_MEMORY;
    }
    list_init(&out->link);
    out->len = frame.len;
    memcpy(out->bytes + LWS_PRE, frame.at, frame.len);
    list_push_back(&socket->queue, &out->link);
    socket->queued_bytes += frame.len;
    lws_callback_on_writable(socket->wsi);
    return ENRUM_OK;
}

void socket_drop(struct socket *socket)
{
    if (socket->wsi == NULL) {
        return;
    }
    /* The library may be in the middle of this connection: it is told, and asks to be closed
     * itself. */
    struct lws *wsi = socket->wsi;
    socket->must_close = true;
    socket->wsi = NULL;
    socket->is_open = false;
    queue_clear(socket);
    lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
}

static void on_timer(lws_sorted_usec_list_t *timer)
{
    (void)timer; /* having waited is all */
}

void socket_step(struct socket *socket, unsigned wait_ms)
{
    if (wait_ms == 0) {
        (void)lws_service(socket->context, -1);
        return;
    }
    lws_sul_schedule(socket->context, 0, &socket->timer, on_timer,
                     (lws_usec_t)wait_ms * LWS_US_PER_MS);
    (void)lws_service(socket->context, 0);
    lws_sul_cancel(&socket->timer);
}

void socket_wake(struct socket *socket)
{
    lws_cancel_service(socket->context);
}
