/* connection -- see connection.h. What a session sends is paid for from its own allowances, and
 * from those of its person or, while it has proved nobody, of its address. Whoever has used one up
 * is not read from until it has filled again: nothing is lost, and nothing piles up here. */
#include "gate/connection.h"

#include "base/slog.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

enum {
    /* A session that has proved nobody sends a proof or a letter, nothing larger. */
    UNPROVED_MESSAGE_BYTES_MAX = LETTER_BYTES_MAX + 2048,
    /* Beside its payload a frame has up to 14 bytes of WebSocket's and 37 of TLS's. */
    BESIDE_BYTES_PER_FRAME = 64,
    KERNEL_BYTES = 262144,
    WS_HEAD_BYTES_MAX = 10,
    LOOKS = 2, /* seconds in which each session's traffic is looked at once */
    ENDING_MS_MAX = 10000,
    CLOSE_POLICY = 1008,
    CLOSE_TOO_LARGE = 1009,
    CLOSE_TRY_AGAIN = 1013,
};

struct connection *connection_find(struct gate *gate, uint64_t id)
{
    return id != 0 ? pool_find(&gate->connections, id) : NULL;
}

int connection_open(struct gate *gate, struct lws *wsi, struct wire *wire)
{
    struct visitor *visitor = visitor_of(gate, wsi);
    uint64_t id = 0, now = gate_now_ms(gate);
    struct connection *connection = visitor != NULL && visitor_pay(gate, visitor)
                                        ? pool_add(&gate->connections, &id)
                                        : NULL;
    if (connection == NULL) {
        return -1;
    }
    visitor->is_answered = true;
    session_init(&connection->session, id, &gate->options.session, now);
    buffer_init(&connection->in, FRAME_BYTES_MAX);
    connection->wsi = wsi;
    connection->beside = allowance_of(gate->options.session.frames_per_s * BESIDE_BYTES_PER_FRAME,
                                      now);
    wire->connection = id;
    /* Else the kernel would keep megabytes for each session that does not read. */
    int bytes = KERNEL_BYTES;
    (void)setsockopt(lws_get_socket_fd(wsi), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    gate->counts.opened++;
    slog(SLOG_DEBUG, "session_open", slog_u64("session", id));
    return 0;
}

void connection_close(struct gate *gate, uint64_t id)
{
    struct connection *connection = connection_find(gate, id);
    if (connection == NULL) {
        return;
    }
    slog(SLOG_DEBUG, "session_closed", slog_u64("session", id));
    gate->options.closed(gate->options.context, &connection->session);
    gate->held_bytes -= connection->session.outbox_bytes + connection->in.capacity;
    if (connection->person != NULL) {
        account_leave(&gate->persons, connection->person);
    }
    session_fini(&connection->session);
    buffer_fini(&connection->in);
    pool_remove(&gate->connections, id);
}

/* -- Ends -- */

void connection_cut(struct gate *gate, struct connection *connection, enum gate_ending ending)
{
    if (!connection->is_ending) {
        gate->counts.ended[ending]++;
    }
    connection->is_ending = connection->is_cut = true;
    lws_rx_flow_control(connection->wsi, 0);
}

void connection_end(struct gate *gate, struct connection *connection, enum gate_ending ending,
                    unsigned code)
{
    if (!connection->is_ending) {
        gate->counts.ended[ending]++;
        gate_end(gate, connection->session.id, code);
    }
}

/* -- In -- */

static struct account *address_of(struct gate *gate, const struct connection *connection)
{
    const struct visitor *visitor = visitor_of(gate, connection->wsi);
    return visitor != NULL ? visitor->address : NULL;
}

/* PAYERS: nobody has a debt. */
static enum gate_payer debtor(struct gate *gate, struct connection *connection)
{
    uint64_t now = gate_now_ms(gate);
    struct account *address = address_of(gate, connection);
    if (!allowance_is_open(&connection->session.frames, now) ||
        !allowance_is_open(&connection->session.bytes, now)) {
        return PAYER_CONNECTION;
    }
    if (connection->person != NULL && !account_is_open(connection->person, now)) {
        return PAYER_PERSON;
    }
    return address != NULL && !account_is_open(address, now) ? PAYER_ADDRESS : PAYERS;
}

static void wait_if_indebted(struct gate *gate, struct connection *connection)
{
    enum gate_payer payer = debtor(gate, connection);
    if (payer != PAYERS && !connection->is_waiting) {
        gate->counts.waited[payer]++;
        connection->is_waiting = true;
        lws_rx_flow_control(connection->wsi, 0);
    }
}

static void pay(struct gate *gate, struct connection *connection, double frames, double bytes)
{
    uint64_t now = gate_now_ms(gate);
    struct account *address = address_of(gate, connection);
    allowance_take(&connection->session.frames, frames, now);
    allowance_take(&connection->session.bytes, bytes, now);
    if (connection->person != NULL) {
        account_pay(connection->person, frames, bytes, now);
    }
    if (address != NULL) {
        account_pay(address, frames, bytes, now);
    }
}

static void oversized(struct gate *gate, struct connection *connection)
{
    gate->options.oversized(gate->options.context, &connection->session);
    connection_end(gate, connection, ENDING_OVERSIZED, CLOSE_TOO_LARGE);
}

/* False: the connection ends. Nothing is kept of a message that says it will be too large. */
static bool piece_keep(struct gate *gate, struct connection *connection, const void *bytes,
                       size_t len)
{
    size_t most = connection->session.state == SESSION_READY ? FRAME_BYTES_MAX
                                                             : UNPROVED_MESSAGE_BYTES_MAX;
    size_t here = connection->in.len + len, held = connection->in.capacity;
    if (here > most || lws_remaining_packet_payload(connection->wsi) > most - here) {
        oversized(gate, connection);
        return false;
    }
    buffer_append(&connection->in, bytes, len);
    gate->held_bytes += connection->in.capacity - held;
    if (connection->in.failed || gate->held_bytes > gate->options.held_bytes_max) {
        connection_end(gate, connection, ENDING_HELD, CLOSE_TRY_AGAIN);
        return false;
    }
    return true;
}

static void message_whole(struct gate *gate, struct connection *connection)
{
    size_t len = connection->in.len, held = connection->in.capacity;
    /* A text message is no frame: it is given as an empty one, which nobody can read. */
    struct slice frame = lws_frame_is_binary(connection->wsi) ? buffer_slice(&connection->in)
                                                              : slice_of("", 0);
    connection->session.heard_ms = gate_now_ms(gate);
    gate->counts.in_frames++;
    gate->counts.in_bytes += len;
    gate->options.frame(gate->options.context, &connection->session, frame);
    buffer_fini(&connection->in); /* most sessions are silent most of the time */
    gate->held_bytes -= held;
    pay(gate, connection, 1, (double)len);
    wait_if_indebted(gate, connection);
}

int connection_receive(struct gate *gate, struct connection *connection, const void *bytes,
                       size_t len)
{
    connection->payload_bytes += len;
    if (connection->is_ending || !piece_keep(gate, connection, bytes, len)) {
        return 0;
    }
    if (lws_is_final_fragment(connection->wsi) &&
        lws_remaining_packet_payload(connection->wsi) == 0) {
        message_whole(gate, connection);
    }
    return 0;
}

void connection_fine(struct gate *gate, struct connection *connection)
{
    pay(gate, connection, (double)gate->options.session.frames_per_s / 2, 0);
    wait_if_indebted(gate, connection);
}

/* -- Out -- */

/* RFC 6455 section 5.2: the head of a whole binary message from a server. Gives its length. */
static size_t head_write(uint8_t *at, size_t len)
{
    size_t bytes = len < 126 ? 0 : len < 65536 ? 2 : 8;
    at[0] = 0x82;
    at[1] = (uint8_t)(bytes == 0 ? len : bytes == 2 ? 126 : 127);
    for (size_t i = 0; i < bytes; i++) {
        at[2 + i] = (uint8_t)(len >> (8 * (bytes - 1 - i)));
    }
    return 2 + bytes;
}

/* What waits, in order: at least one message, and more as long as they go into one TLS record. The
 * library writes one message at a time, each a record and a system call; so the heads are ours. */
static size_t batch_take(struct gate *gate, struct session *session)
{
    uint8_t *out = gate->out + LWS_PRE;
    size_t len = 0;
    struct parcel *parcel;
    while ((len == 0 || len + WS_HEAD_BYTES_MAX + session_outbox_next(session) <= RECORD_BYTES) &&
           (parcel = session_outbox_take(session)) != NULL) {
        struct slice bytes = parcel_slice(parcel);
        len += head_write(out + len, bytes.len);
        memcpy(out + len, bytes.at, bytes.len);
        len += bytes.len;
        gate->held_bytes -= bytes.len;
        gate->counts.out_frames++;
        gate->counts.out_bytes += bytes.len;
        parcel_unref(parcel);
    }
    return len;
}

int connection_write(struct gate *gate, struct connection *connection)
{
    if (connection->is_cut) {
        return 0;
    }
    size_t len = batch_take(gate, &connection->session);
    if (len == 0) {
        if (connection->is_ending) {
            lws_close_reason(connection->wsi, (enum lws_close_status)connection->end_code, NULL, 0);
            return -1;
        }
        return 0;
    }
    /* As HTTP: the bytes go as they are. */
    if (lws_write(connection->wsi, gate->out + LWS_PRE, len, LWS_WRITE_HTTP) < (int)len) {
        return -1;
    }
    if (connection->session.outbox_count > 0 || connection->is_ending) {
        lws_callback_on_writable(connection->wsi);
    }
    return 0;
}

/* -- Once a second -- */

static bool is_unproved_too_long(const struct gate *gate, const struct session *session,
                                 uint64_t now)
{
    const struct gate_options *options = &gate->options;
    bool waits = session->letter_ms != 0 && now - session->letter_ms < options->letter_ms_max;
    return session->state != SESSION_READY && !waits &&
           now - session->opened_ms > options->unproved_ms_max;
}

/* libwebsockets answers control frames by itself and says nothing of them, nor of frames without
 * payload: the kernel knows how much has come. */
static bool is_mostly_overhead(struct connection *connection, uint64_t now)
{
    struct tcp_info info = {0};
    socklen_t len = sizeof info;
    int fd = lws_get_socket_fd(connection->wsi), unread = 0;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 ||
        ioctl(fd, FIONREAD, &unread) != 0) {
        return false;
    }
    uint64_t taken = (uint64_t)info.tcpi_bytes_received - (uint64_t)unread;
    uint64_t beside = taken > connection->payload_bytes ? taken - connection->payload_bytes : 0;
    if (beside > connection->beside_bytes) {
        allowance_take(&connection->beside, (double)(beside - connection->beside_bytes), now);
        connection->beside_bytes = beside;
    }
    return !allowance_is_open(&connection->beside, now);
}

static void connection_tick(struct gate *gate, struct connection *connection, uint64_t now)
{
    const struct session *session = &connection->session;
    if (connection->is_ending) {
        /* It need not read what waits for it, nor that it is to go. */
        if (connection->is_cut || now - connection->ending_ms > ENDING_MS_MAX) {
            lws_set_timeout(connection->wsi, PENDING_TIMEOUT_CLOSE_ACK, LWS_TO_KILL_SYNC);
        }
        return;
    }
    if (connection->is_waiting && debtor(gate, connection) == PAYERS) {
        connection->is_waiting = false;
        /* Its silence was ours. */
        connection->session.heard_ms = now;
        lws_rx_flow_control(connection->wsi, 1);
    }
    if (is_unproved_too_long(gate, session, now)) {
        connection_end(gate, connection, ENDING_UNPROVED, CLOSE_POLICY);
    } else if (!connection->is_waiting && now - session->heard_ms > gate->options.silent_ms_max) {
        connection_end(gate, connection, ENDING_SILENT, CLOSE_POLICY);
    } else if ((session->id + gate->ticks) % LOOKS == 0 && is_mostly_overhead(connection, now)) {
        connection_cut(gate, connection, ENDING_OVERHEAD);
    }
}

void connections_tick(struct gate *gate)
{
    uint32_t cursor = 0;
    uint64_t id = 0, now = gate_now_ms(gate);
    struct connection *connection;
    while ((connection = pool_next(&gate->connections, &cursor, &id)) != NULL) {
        connection_tick(gate, connection, now);
    }
}
