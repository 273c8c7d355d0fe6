/* websocket -- gate.h on libwebsockets 4.1: sessions, and the events of all connections.
 * libwebsockets' own timers are one sorted list and are kept out of it (no retry policy): gate_tick
 * does their work. */
#include "base/slog.h"
#include "gate/http.h"
#include "gate/visitor.h"

#include <arpa/inet.h>
#include <ev.h>
#include <stdlib.h>
#include <string.h>

enum {
    RX_BYTES = 16384,
    KEPT_S = 5, /* for a browser's next request on the same connection */
};

struct connection {
    struct session session;
    struct lws *wsi;
    struct visitor *visitor;
    struct buffer in;
    bool is_ending, is_oversized;
    unsigned end_code;
};

static struct gate *gate_of(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

static uint64_t now_ms(const struct gate *gate)
{
    return clock_monotonic_ms(&gate->options.clock);
}

/* -- Connections -- */

static struct connection *connection_find(struct gate *gate, uint64_t id)
{
    return id != 0 ? pool_find(&gate->connections, id) : NULL;
}

static int connection_open(struct gate *gate, struct lws *wsi, struct wire *wire)
{
    struct visitor *visitor = visitor_enter(gate, wsi);
    uint64_t id = 0;
    struct connection *connection = visitor != NULL ? pool_add(&gate->connections, &id) : NULL;
    if (connection == NULL) {
        if (visitor != NULL) {
            visitor_leave(gate, visitor);
        }
        gate->counts.refused++;
        return -1;
    }
    session_init(&connection->session, id, &gate->options.session, now_ms(gate));
    buffer_init(&connection->in, FRAME_BYTES_MAX);
    connection->wsi = wsi;
    connection->visitor = visitor;
    wire->connection = id;
    gate->counts.accepted++;
    slog(SLOG_DEBUG, "session_open", slog_u64("session", id), slog_hex("from", visitor->key, 8));
    return 0;
}

static void connection_close(struct gate *gate, struct wire *wire)
{
    struct connection *connection = connection_find(gate, wire->connection);
    if (connection == NULL) {
        return;
    }
    slog(SLOG_DEBUG, "session_closed", slog_u64("session", wire->connection));
    gate->options.closed(gate->options.context, &connection->session);
    session_fini(&connection->session);
    buffer_fini(&connection->in);
    visitor_leave(gate, connection->visitor);
    pool_remove(&gate->connections, wire->connection);
    wire->connection = 0;
}

/* -- In -- */

static void oversized(struct gate *gate, struct connection *connection)
{
    connection->is_oversized = true;
    gate->counts.oversized++;
    gate->options.oversized(gate->options.context, &connection->session);
    gate_end(gate, connection->session.id, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE);
}

/* libwebsockets gives a message in pieces. */
static int receive(struct gate *gate, struct wire *wire, const void *bytes, size_t len)
{
    struct connection *connection = connection_find(gate, wire->connection);
    if (connection == NULL || connection->is_ending) {
        return 0;
    }
    connection->session.heard_ms = now_ms(gate);
    buffer_append(&connection->in, bytes, len);
    if (connection->in.failed) {
        oversized(gate, connection);
        return 0;
    }
    struct lws *wsi = connection->wsi;
    if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) > 0) {
        return 0;
    }
    /* A text message is no frame: it is given as an empty one, which nobody can read. */
    struct slice frame = lws_frame_is_binary(wsi) ? buffer_slice(&connection->in) : slice_of("", 0);
    gate->options.frame(gate->options.context, &connection->session, frame);
    buffer_reset(&connection->in);
    if (connection->in.capacity > RX_BYTES) {
        buffer_fini(&connection->in);
    }
    return 0;
}

/* -- Out -- */

static int send_one(struct gate *gate, struct connection *connection)
{
    struct parcel *parcel = session_outbox_take(&connection->session);
    if (parcel == NULL) {
        if (connection->is_ending) {
            lws_close_reason(connection->wsi, (enum lws_close_status)connection->end_code, NULL, 0);
            return -1;
        }
        return 0;
    }
    struct slice bytes = parcel_slice(parcel);
    memcpy(gate->out + LWS_PRE, bytes.at, bytes.len);
    parcel_unref(parcel);
    if (lws_write(connection->wsi, gate->out + LWS_PRE, bytes.len, LWS_WRITE_BINARY) <
        (int)bytes.len) {
        return -1;
    }
    if (connection->session.outbox_count > 0 || connection->is_ending) {
        lws_callback_on_writable(connection->wsi);
    }
    return 0;
}

struct session *gate_session(struct gate *gate, uint64_t session)
{
    struct connection *connection = connection_find(gate, session);
    return connection != NULL ? &connection->session : NULL;
}

void gate_send(struct gate *gate, uint64_t session, struct parcel *parcel)
{
    struct connection *connection = connection_find(gate, session);
    if (connection == NULL || connection->is_ending) {
        return;
    }
    if (!session_outbox_put(&connection->session, parcel, gate->options.session.outbox_bytes_max)) {
        gate->counts.slow++;
        slog(SLOG_INFO, "session_slow", slog_u64("session", session));
        /* What waits would take too long: it is cut, and the client comes back for it. */
        lws_set_timeout(connection->wsi, PENDING_TIMEOUT_CLOSE_ACK, LWS_TO_KILL_ASYNC);
        connection->is_ending = true;
        return;
    }
    lws_callback_on_writable(connection->wsi);
}

void gate_end(struct gate *gate, uint64_t session, unsigned code)
{
    struct connection *connection = connection_find(gate, session);
    if (connection != NULL && !connection->is_ending) {
        connection->is_ending = true;
        connection->end_code = code;
        lws_callback_on_writable(connection->wsi);
    }
}

/* -- Events -- */

/* Only "websocket" may be upgraded to: other upgrades are refused before the library looks further.
 */
static int upgrade_check(struct lws *wsi)
{
    char to[32] = "";
    return lws_hdr_copy(wsi, to, sizeof to, WSI_TOKEN_UPGRADE) > 0 &&
                   strcasecmp(to, "websocket") == 0
               ? 0
               : -1;
}

static int subprotocol_check(struct lws *wsi)
{
    const struct lws_protocols *protocol = lws_get_protocol(wsi);
    return protocol != NULL && strcmp(protocol->name, "enrum.1") == 0 ? 0 : -1;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
    struct wire *wire = user;
    switch ((int)reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return upgrade_check(wsi);
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return subprotocol_check(wsi);
    case LWS_CALLBACK_ESTABLISHED:
        browser_leave(gate_of(wsi), wsi);
        return connection_open(gate_of(wsi), wsi, wire);
    case LWS_CALLBACK_RECEIVE:
        return receive(gate_of(wsi), wire, in, len);
    case LWS_CALLBACK_SERVER_WRITEABLE: {
        struct connection *connection = connection_find(gate_of(wsi), wire->connection);
        return connection != NULL ? send_one(gate_of(wsi), connection) : -1;
    }
    case LWS_CALLBACK_CLOSED:
        connection_close(gate_of(wsi), wire);
        return 0;
    case LWS_CALLBACK_HTTP:
        return http_request(gate_of(wsi), wsi, wire, slice_of(in, len));
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return http_body(gate_of(wsi), wsi, wire);
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
    case LWS_CALLBACK_CLOSED_HTTP:
        if (wire != NULL) {
            buffer_fini(&wire->body);
        }
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        browser_leave(gate_of(wsi), wsi);
        return 0;
    default:
        return 0;
    }
}

/* -- Opening -- */

static const struct lws_protocols protocols[] = {
    {.name = "http", .callback = on_event, .per_session_data_size = sizeof(struct wire)},
    {.name = "enrum.1",
     .callback = on_event,
     .per_session_data_size = sizeof(struct wire),
     .rx_buffer_size = RX_BYTES},
    {.name = NULL},
};

static const lws_retry_bo_t no_timers = {0};

static bool is_loopback(const char *address)
{
    struct in_addr four;
    struct in6_addr six;
    if (inet_pton(AF_INET, address, &four) == 1) {
        return ntohl(four.s_addr) >> 24 == 127;
    }
    return inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static void on_log(int level, const char *line)
{
    slog(level == LLL_ERR ? SLOG_WARN : SLOG_DEBUG, "websockets", slog_str("line", line));
}

static bool context_make(struct gate *gate)
{
    const struct gate_options *options = &gate->options;
    void *loops[] = {options->loop};
    struct lws_context_creation_info info = {
        .port = options->port == 0 ? 0 : (int)options->port,
        .iface = options->address,
        .protocols = protocols,
        .options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_VALIDATE_UTF8 |
                   LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND,
        .foreign_loops = loops,
        .user = gate,
        .gid = -1,
        .uid = -1,
        .retry_and_idle_policy = &no_timers,
        .alpn = "http/1.1",
        .vhost_name = "enrum",
        .timeout_secs = 20,
        .keepalive_timeout = KEPT_S,
    };
    if (options->certificate != NULL) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.ssl_cert_filepath = options->certificate;
        info.ssl_private_key_filepath = options->key;
        /* TLS 1.2 with forward secrecy and AEAD only; 1.3 has its own list. */
        info.ssl_cipher_list = "ECDHE+AESGCM:ECDHE+CHACHA20";
        info.ssl_options_set = (long)(SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 |
                                      SSL_OP_NO_RENEGOTIATION);
    }
    lws_set_log_level(LLL_ERR | LLL_WARN, on_log);
    gate->context = lws_create_context(&info);
    gate->vhost = gate->context != NULL ? lws_get_vhost_by_name(gate->context, "enrum") : NULL;
    return gate->vhost != NULL;
}

enum enrum_err gate_open(const struct gate_options *options, struct gate **out)
{
    if (options->certificate == NULL && !is_loopback(options->address)) {
        slog(SLOG_ERROR, "tls_needed", slog_str("address", options->address));
        return ENRUM_CONFIG;
    }
    struct gate *gate = calloc(1, sizeof *gate);
    uint8_t *room = malloc(LWS_PRE + FRAME_BYTES_MAX + 64);
    if (gate == NULL || room == NULL ||
        !pool_init(&gate->connections, sizeof(struct connection),
                   (uint32_t)options->sessions_max)) {
        free(gate);
        free(room);
        return ENRUM_MEMORY;
    }
    gate->options = *options;
    gate->out = room;
    table_init(&gate->visitors, ADDRESS_BYTES, options->sessions_max);
    crypto_shorthash_keygen(gate->salt);
    if (!context_make(gate)) {
        slog(SLOG_ERROR, "listen_failed", slog_str("address", options->address),
             slog_u64("port", options->port));
        gate_close(gate);
        return ENRUM_CONFIG;
    }
    *out = gate;
    return ENRUM_OK;
}

void gate_close(struct gate *gate)
{
    if (gate->context != NULL) {
        lws_context_destroy(gate->context);
    }
    uint32_t cursor = 0;
    uint64_t id = 0;
    struct connection *connection;
    while ((connection = pool_next(&gate->connections, &cursor, &id)) != NULL) {
        session_fini(&connection->session);
        buffer_fini(&connection->in);
        visitor_leave(gate, connection->visitor);
        pool_remove(&gate->connections, id);
    }
    table_fini(&gate->visitors);
    pool_fini(&gate->connections);
    free(gate->out);
    free(gate);
}

unsigned gate_port(const struct gate *gate)
{
    return (unsigned)lws_get_vhost_listen_port(gate->vhost);
}

static bool is_overdue(const struct gate *gate, const struct session *session, uint64_t now)
{
    const struct gate_options *options = &gate->options;
    if (now - session->heard_ms > options->silent_ms_max) {
        return true;
    }
    if (session->state == SESSION_READY) {
        return false;
    }
    bool waits = session->letter_ms != 0 && now - session->letter_ms < options->letter_ms_max;
    return !waits && now - session->opened_ms > options->unproved_ms_max;
}

void gate_tick(struct gate *gate)
{
    uint32_t cursor = 0;
    uint64_t id = 0, now = now_ms(gate);
    struct connection *connection;
    /* In a loop of ours the library looks at its few timeouts (of HTTP, of handshakes) only when
     * something happens. */
    lws_cancel_service(gate->context);
    while ((connection = pool_next(&gate->connections, &cursor, &id)) != NULL) {
        if (is_overdue(gate, &connection->session, now)) {
            gate_end(gate, id, LWS_CLOSE_STATUS_POLICY_VIOLATION);
        }
    }
}

void gate_counts(const struct gate *gate, struct gate_counts *out)
{
    *out = gate->counts;
    out->sessions = gate->connections.count;
}
