/* websocket -- gate.h on libwebsockets 4.1: what it calls, and how it is set up.
 * libwebsockets' own timers are one sorted list and are kept out of it (no retry policy): gate_tick
 * does their work. Its listening is ours too, so that who is turned away costs nothing. */
#include "base/slog.h"
#include "gate/connection.h"
#include "gate/http.h"

#include <ev.h>
#include <stdlib.h>
#include <string.h>

enum {
    RX_BYTES = 256, /* of a message, given to us at once; each session has such a buffer */
    KEPT_S = 5,     /* for a browser's next request on the same connection */
    METRICS_PLACES = 16,
};

static struct gate *gate_of(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

/* -- Events -- */

static int turned_away(struct lws *wsi, enum gate_ending ending)
{
    gate_of(wsi)->counts.ended[ending]++;
    return -1;
}

/* Only "websocket" may be upgraded to, and not at the metrics' door. What the library does not know
 * at all it refuses by itself, with 403 and the end of the connection; `in` may then be gone
 * (CVE-2025-11677), hence the header is asked for again. */
static int upgrade_check(struct lws *wsi)
{
    const struct visitor *visitor = visitor_of(gate_of(wsi), wsi);
    char to[32] = "";
    return visitor != NULL && !visitor->is_at_metrics &&
                   lws_hdr_copy(wsi, to, sizeof to, WSI_TOKEN_UPGRADE) > 0 &&
                   strcasecmp(to, "websocket") == 0
               ? 0
               : turned_away(wsi, ENDING_UPGRADE_OTHER);
}

static int subprotocol_check(struct lws *wsi)
{
    const struct lws_protocols *protocol = lws_get_protocol(wsi);
    return protocol != NULL && strcmp(protocol->name, "enrum.1") == 0
               ? 0
               : turned_away(wsi, ENDING_SUBPROTOCOL);
}

static int on_session_event(struct lws *wsi, enum lws_callback_reasons reason, struct wire *wire,
                            void *in, size_t len)
{
    struct gate *gate = gate_of(wsi);
    struct connection *connection = connection_find(gate, wire->connection);
    if (reason == LWS_CALLBACK_CLOSED) {
        connection_close(gate, wire->connection);
        wire->connection = 0;
        return 0;
    }
    if (connection == NULL) {
        return -1;
    }
    return reason == LWS_CALLBACK_RECEIVE ? connection_receive(gate, connection, in, len)
                                          : connection_write(gate, connection);
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
        return connection_open(gate_of(wsi), wsi, wire);
    case LWS_CALLBACK_RECEIVE:
    case LWS_CALLBACK_SERVER_WRITEABLE:
    case LWS_CALLBACK_CLOSED:
        return on_session_event(wsi, reason, wire, in, len);
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
        visitor_gone(gate_of(wsi), wsi);
        return 0;
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS:
        return tls_dress(&gate_of(wsi)->tls, user) ? 0 : -1;
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
     .rx_buffer_size = RX_BYTES,
     /* Unsaid, the library cuts what is sent into pieces of rx_buffer_size, each a record, a system
      * call and a turn of the loop, and keeps a copy of the rest. It adds LWS_PRE + 4 to it. */
     .tx_packet_size = RECORD_BYTES - LWS_PRE - 4},
    {.name = NULL},
};

static const lws_retry_bo_t no_timers = {0};

static void on_log(int level, const char *line)
{
    slog(level == LLL_ERR ? SLOG_WARN : SLOG_DEBUG, "websockets", slog_str("line", line));
}

static bool context_make(struct gate *gate)
{
    bool has_tls = gate->options.certificate != NULL;
    void *loops[] = {gate->options.loop};
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .protocols = protocols,
        .options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_VALIDATE_UTF8 |
                   (has_tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
                                  LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX
                            : 0),
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
    lws_set_log_level(LLL_ERR | LLL_WARN, on_log);
    gate->context = lws_create_context(&info);
    gate->vhost = gate->context != NULL ? lws_get_vhost_by_name(gate->context, "enrum") : NULL;
    return gate->vhost != NULL;
}

static bool doors_open(struct gate *gate)
{
    const struct gate_options *options = &gate->options;
    gate->door.enter = visitor_come;
    gate->metrics_door.enter = visitor_come_to_metrics;
    gate->door.context = gate->metrics_door.context = gate;
    return door_open(&gate->door, options->loop, options->address, options->port) &&
           (options->metrics_address == NULL ||
            door_open(&gate->metrics_door, options->loop, options->metrics_address,
                      options->metrics_port));
}

static bool addresses_allowed(const struct gate_options *options)
{
    if (options->certificate == NULL && !address_is_loopback(options->address)) {
        slog(SLOG_ERROR, "tls_needed", slog_str("address", options->address));
        return false;
    }
    if (options->metrics_address != NULL && !address_is_loopback(options->metrics_address)) {
        slog(SLOG_ERROR, "metrics_not_loopback", slog_str("address", options->metrics_address));
        return false;
    }
    return true;
}

static bool gate_init(struct gate *gate, const struct gate_options *options)
{
    size_t most = options->sessions_max;
    gate->options = *options;
    gate->tls = (struct tls){.certificate = options->certificate, .key = options->key};
    accounts_init(&gate->addresses, &options->address_limits, most * 2);
    accounts_init(&gate->persons, &options->person_limits, most * 2);
    crypto_generichash_keygen(gate->salt);
    gate->out = malloc(LWS_PRE + FRAME_BYTES_MAX + 64);
    return gate->out != NULL &&
           pool_init(&gate->visitors, sizeof(struct visitor), (uint32_t)most + METRICS_PLACES) &&
           pool_init(&gate->connections, sizeof(struct connection), (uint32_t)most);
}

enum enrum_err gate_open(const struct gate_options *options, struct gate **out)
{
    if (!addresses_allowed(options)) {
        return ENRUM_CONFIG;
    }
    struct gate *gate = calloc(1, sizeof *gate);
    if (gate == NULL) {
        return ENRUM_MEMORY;
    }
    if (!gate_init(gate, options)) {
        gate_close(gate);
        return ENRUM_MEMORY;
    }
    if ((options->certificate != NULL && !tls_read(&gate->tls)) || !context_make(gate) ||
        !doors_open(gate)) {
        gate_close(gate);
        return ENRUM_CONFIG;
    }
    *out = gate;
    return ENRUM_OK;
}

/* -- Closing -- */

void gate_leave(struct gate *gate)
{
    uint32_t cursor = 0;
    uint64_t id = 0;
    struct connection *connection;
    door_close(&gate->door);
    door_close(&gate->metrics_door);
    while ((connection = pool_next(&gate->connections, &cursor, &id)) != NULL) {
        lws_rx_flow_control(connection->wsi, 0);
    }
}

void gate_end_all(struct gate *gate)
{
    uint32_t cursor = 0;
    uint64_t id = 0;
    struct connection *connection;
    while ((connection = pool_next(&gate->connections, &cursor, &id)) != NULL) {
        connection_end(gate, connection, ENDING_LEAVING, LWS_CLOSE_STATUS_GOINGAWAY);
    }
    visitors_cut(gate, 0, ENDING_LEAVING);
}

void gate_close(struct gate *gate)
{
    door_close(&gate->door);
    door_close(&gate->metrics_door);
    if (gate->context != NULL) {
        lws_context_destroy(gate->context);
    }
    uint32_t cursor = 0;
    uint64_t id = 0;
    while (pool_next(&gate->connections, &cursor, &id) != NULL) {
        connection_close(gate, id);
    }
    visitors_fini(gate);
    accounts_fini(&gate->addresses);
    accounts_fini(&gate->persons);
    pool_fini(&gate->visitors);
    pool_fini(&gate->connections);
    tls_fini(&gate->tls);
    free(gate->out);
    free(gate);
}

/* -- The rest of gate.h -- */

unsigned gate_port(const struct gate *gate)
{
    return gate->door.port;
}

unsigned gate_metrics_port(const struct gate *gate)
{
    return gate->metrics_door.port;
}

void gate_certificate_read(struct gate *gate)
{
    if (gate->options.certificate != NULL && tls_read(&gate->tls)) {
        slog_bare(SLOG_INFO, "certificate_read");
    }
}

struct session *gate_session(struct gate *gate, uint64_t session)
{
    struct connection *connection = connection_find(gate, session);
    return connection != NULL ? &connection->session : NULL;
}

enum enrum_err gate_prove(struct gate *gate, struct session *session,
                          const struct certificate *certificate)
{
    struct connection *connection = connection_find(gate, session->id);
    struct account *person = connection->person;
    if (person == NULL) {
        person = account_enter(&gate->persons, certificate->body.person.bytes, gate_now_ms(gate));
    }
    enum enrum_err err = person != NULL ? session_prove(session, certificate) : ENRUM_TOO_MANY;
    if (err != ENRUM_OK) {
        if (person != NULL && connection->person == NULL) {
            account_leave(&gate->persons, person);
        }
        return err;
    }
    struct visitor *visitor = visitor_of(gate, connection->wsi);
    if (visitor != NULL) {
        visitor_proved(gate, visitor);
    }
    connection->person = person;
    return ENRUM_OK;
}

void gate_send(struct gate *gate, uint64_t session, struct parcel *parcel)
{
    struct connection *connection = connection_find(gate, session);
    size_t len = parcel_slice(parcel).len;
    if (connection == NULL || connection->is_ending) {
        return;
    }
    bool is_first = connection->session.outbox_count == 0;
    if (!is_first && gate->held_bytes + len > gate->options.held_bytes_max) {
        connection_cut(gate, connection, ENDING_HELD);
        return;
    }
    if (!session_outbox_put(&connection->session, parcel, gate->options.session.outbox_bytes_max)) {
        /* What waits would take too long: it is cut, and the client comes back for it. */
        connection_cut(gate, connection, ENDING_OUTBOX);
        return;
    }
    gate->held_bytes += len;
    lws_callback_on_writable(connection->wsi);
}

void gate_end(struct gate *gate, uint64_t session, unsigned code)
{
    struct connection *connection = connection_find(gate, session);
    if (connection != NULL && !connection->is_ending) {
        connection->is_ending = true;
        connection->end_code = code;
        connection->ending_ms = gate_now_ms(gate);
        lws_callback_on_writable(connection->wsi);
    }
}

void gate_fine(struct gate *gate, uint64_t session)
{
    struct connection *connection = connection_find(gate, session);
    if (connection != NULL) {
        connection_fine(gate, connection);
    }
}

void gate_tick(struct gate *gate)
{
    uint64_t now = gate_now_ms(gate);
    gate->ticks++;
    connections_tick(gate);
    visitors_cut(gate, gate->options.request_ms_max, ENDING_SLOW_REQUEST);
    accounts_sweep(&gate->addresses, now);
    accounts_sweep(&gate->persons, now);
    door_retry(&gate->door);
    door_retry(&gate->metrics_door);
    /* In a loop of ours the library looks at its few timeouts (of HTTP, of handshakes) only when
     * something happens. */
    lws_cancel_service(gate->context);
}

void gate_counts(const struct gate *gate, struct gate_counts *out)
{
    *out = gate->counts;
}

void gate_holdings(const struct gate *gate, struct gate_holdings *out)
{
    uint32_t cursor = 0;
    uint64_t id = 0;
    const struct connection *connection;
    *out = (struct gate_holdings){.connections = gate->visitors.count,
                                  .unproved = gate->unproved,
                                  .addresses = gate->addresses.table.count,
                                  .persons = gate->persons.table.count,
                                  .held_bytes = gate->held_bytes};
    while ((connection = pool_next(&gate->connections, &cursor, &id)) != NULL) {
        enum session_state state = connection->session.state;
        out->sessions[state == SESSION_READY ? 2 : state == SESSION_GREETED ? 1 : 0]++;
        out->waiting += connection->is_waiting;
    }
}
