/* gate_of_wire -- see gate_of_wire.h. */
#include "gate_of_wire.h"

#include "base/list.h"
#include "ledger.h"
#include "network.h"
#include "world.h"

#include <assert.h>
#include <stdlib.h>

struct connection {
    struct list link;
    struct session session;
    uint64_t wire;
    bool is_ending, is_slow, is_draining;
};

struct gate {
    struct gate_options options;
    struct list connections;
    struct gate_counts counts;
};

static struct gate *gate_open_now; /* the one that the network reaches */
static uint64_t last_session;      /* never given twice, also not by the next process */

void gate_begin(void)
{
    last_session = 0;
}

static uint64_t gate_ms(const struct gate *gate)
{
    return clock_monotonic_ms(&gate->options.clock);
}

static struct connection *connection_find(const struct gate *gate, uint64_t id)
{
    LIST_EACH (link, &gate->connections) {
        struct connection *connection = LIST_ITEM(link, struct connection, link);
        if (connection->session.id == id) {
            return connection;
        }
    }
    return NULL;
}

static void connection_free(struct connection *connection)
{
    list_remove(&connection->link);
    session_fini(&connection->session);
    free(connection);
}

static void connection_end(struct gate *gate, struct connection *connection)
{
    gate->options.closed(gate->options.context, &connection->session);
    connection_free(connection);
}

enum enrum_err gate_open(const struct gate_options *options, struct gate **out)
{
    struct gate *gate = calloc(1, sizeof *gate);
    assert(gate != NULL);
    gate->options = *options;
    list_init(&gate->connections);
    gate_open_now = *out = gate;
    return ENRUM_OK;
}

void gate_close(struct gate *gate)
{
    LIST_EACH (link, &gate->connections) {
        connection_free(LIST_ITEM(link, struct connection, link));
    }
    gate_open_now = NULL;
    free(gate);
}

unsigned gate_port(const struct gate *gate)
{
    return gate->options.port;
}

/* -- In -- */

uint64_t gate_accept(uint64_t wire)
{
    struct gate *gate = gate_open_now;
    struct connection *connection = calloc(1, sizeof *connection);
    assert(connection != NULL);
    list_init(&connection->link);
    session_init(&connection->session, ++last_session, &gate->options.session, gate_ms(gate));
    connection->wire = wire;
    list_push_back(&gate->connections, &connection->link);
    gate->counts.opened++;
    return connection->session.id;
}

void gate_receive(uint64_t session, struct slice frame)
{
    struct gate *gate = gate_open_now;
    struct connection *connection = connection_find(gate, session);
    if (connection == NULL || connection->is_ending) {
        return;
    }
    connection->session.heard_ms = gate_ms(gate);
    gate->options.frame(gate->options.context, &connection->session, frame);
    session_check(&connection->session);
}

void gate_lost(uint64_t session)
{
    struct connection *connection = connection_find(gate_open_now, session);
    if (connection != NULL) {
        connection_end(gate_open_now, connection);
    }
}

/* -- Out -- */

static void on_drain(uint64_t subject, void *payload)
{
    struct gate *gate = gate_open_now;
    struct connection *connection = gate != NULL ? connection_find(gate, subject) : NULL;
    struct parcel *parcel;
    uint64_t until;
    (void)payload;
    if (connection == NULL) {
        return;
    }
    if (wire_is_stalled(connection->wire, &until) && !connection->is_slow) {
        timeline_at(until, &(struct happening){"drain", on_drain, subject, NULL});
        return;
    }
    connection->is_draining = false;
    while (!connection->is_slow && (parcel = session_outbox_take(&connection->session)) != NULL) {
        wire_send(connection->wire, TO_CLIENT, parcel_slice(parcel));
        parcel_unref(parcel);
    }
    if (connection->is_ending) {
        wire_close(connection->wire, TO_CLIENT);
        connection_end(gate, connection);
    }
}

static void drain(struct connection *connection)
{
    if (!connection->is_draining) {
        connection->is_draining = true;
        timeline_after(chance_between(&world.net, 1, 300),
                       &(struct happening){"drain", on_drain, connection->session.id, NULL});
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
    (void)gate;
    return session_prove(session, certificate);
}

void gate_send(struct gate *gate, uint64_t session, struct parcel *parcel)
{
    struct connection *connection = connection_find(gate, session);
    ledger_judge_message(parcel_slice(parcel));
    if (connection == NULL || connection->is_ending) {
        return;
    }
    if (!session_outbox_put(&connection->session, parcel, gate->options.session.outbox_bytes_max)) {
        gate->counts.ended[ENDING_OUTBOX]++;
        trace("slow", session, 0);
        connection->is_ending = connection->is_slow = true;
        connection->is_draining = false;
    }
    drain(connection);
}

void gate_fine(struct gate *gate, uint64_t session)
{
    (void)gate, (void)session; /* nobody is slowed down here */
}

void gate_end(struct gate *gate, uint64_t session, unsigned code)
{
    struct connection *connection = connection_find(gate, session);
    (void)code;
    if (connection != NULL && !connection->is_ending) {
        connection->is_ending = true;
        drain(connection);
    }
}

static bool is_overdue(const struct gate *gate, const struct session *session, uint64_t now)
{
    const struct gate_options *options = &gate->options;
    bool waits = session->letter_ms != 0 && now - session->letter_ms < options->letter_ms_max;
    return now - session->heard_ms > options->silent_ms_max ||
           (session->state != SESSION_READY && !waits &&
            now - session->opened_ms > options->unproved_ms_max);
}

void gate_tick(struct gate *gate)
{
    LIST_EACH (link, &gate->connections) {
        struct connection *connection = LIST_ITEM(link, struct connection, link);
        if (is_overdue(gate, &connection->session, gate_ms(gate))) {
            gate_end(gate, connection->session.id, 1008);
        }
    }
}

void gate_counts(const struct gate *gate, struct gate_counts *out)
{
    *out = gate->counts;
}

void gate_holdings(const struct gate *gate, struct gate_holdings *out)
{
    *out = (struct gate_holdings){0};
    LIST_EACH (link, &gate->connections) {
        out->connections++;
    }
}
