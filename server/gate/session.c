/* session -- see session.h. */
#include "gate/session.h"

#include "base/check.h"

#include <stdlib.h>

enum { OUTBOX_FIRST = 8 };

void session_init(struct session *session, uint64_t id, const struct session_limits *limits,
                  uint64_t now_ms)
{
    *session = (struct session){.id = id,
                                .state = SESSION_CONNECTED,
                                .opened_ms = now_ms,
                                .heard_ms = now_ms,
                                .frames = allowance_of(limits->frames_per_s, now_ms),
                                .bytes = allowance_of(limits->bytes_per_s, now_ms)};
}

void session_fini(struct session *session)
{
    struct parcel *parcel;
    while ((parcel = session_outbox_take(session)) != NULL) {
        parcel_unref(parcel);
    }
    free(session->outbox);
    for (size_t i = 0; i < session->proved_count; i++) {
        free(session->proved[i]);
    }
}

void session_check(const struct session *session)
{
    switch (session->state) {
    case SESSION_CONNECTED:
        CHECK(session->proved_count == 0 && id_is_zero(&session->server_nonce));
        break;
    case SESSION_GREETED:
        CHECK(session->proved_count == 0 && !id_is_zero(&session->server_nonce));
        break;
    case SESSION_READY:
        CHECK(session->proved_count > 0 && !id_is_zero(&session->server_nonce));
        break;
    }
}

/* The only way to another state. */
static void state_set(struct session *session, enum session_state next)
{
    CHECK((session->state == SESSION_CONNECTED && next == SESSION_GREETED) ||
          (session->state != SESSION_CONNECTED && next == SESSION_READY));
    session->state = next;
    session_check(session);
}

void session_greet(struct session *session, const struct id *client_nonce,
                   const struct id *server_nonce)
{
    session->client_nonce = *client_nonce;
    session->server_nonce = *server_nonce;
    state_set(session, SESSION_GREETED);
}

static size_t proved_place(const struct session *session, const struct id *board)
{
    size_t place = 0;
    while (place < session->proved_count && !id_equal(&session->proved[place]->body.board, board)) {
        place++;
    }
    return place;
}

enum enrum_err session_prove(struct session *session, const struct certificate *certificate)
{
    size_t place = proved_place(session, &certificate->body.board);
    if (place == BOARDS_PER_SESSION_MAX) {
        return ENRUM_TOO_MANY;
    }
    struct certificate *proved = malloc(sizeof *proved);
    if (proved == NULL) {
        return ENRUM_MEMORY;
    }
    *proved = *certificate;
    if (place == session->proved_count) {
        session->proved_count++;
    } else {
        free(session->proved[place]);
    }
    session->proved[place] = proved;
    state_set(session, SESSION_READY);
    return ENRUM_OK;
}

const struct certificate *session_proved(const struct session *session, const struct id *board)
{
    size_t place = proved_place(session, board);
    return place < session->proved_count ? session->proved[place] : NULL;
}

/* -- What waits to go out -- */

static bool outbox_grow(struct session *session)
{
    size_t capacity = session->outbox_capacity > 0 ? 2 * session->outbox_capacity : OUTBOX_FIRST;
    struct parcel **ring = capacity <= OUTBOX_PARCELS_MAX ? malloc(capacity * sizeof *ring) : NULL;
    if (ring == NULL) {
        return false;
    }
    for (size_t i = 0; i < session->outbox_count; i++) {
        ring[i] = session->outbox[(session->outbox_first + i) % session->outbox_capacity];
    }
    free(session->outbox);
    session->outbox = ring;
    session->outbox_first = 0;
    session->outbox_capacity = capacity;
    return true;
}

bool session_outbox_put(struct session *session, struct parcel *parcel, size_t bytes_max)
{
    size_t len = parcel_slice(parcel).len;
    if (len > bytes_max - session->outbox_bytes ||
        (session->outbox_count == session->outbox_capacity && !outbox_grow(session))) {
        return false;
    }
    size_t at = (session->outbox_first + session->outbox_count) % session->outbox_capacity;
    session->outbox[at] = parcel_ref(parcel);
    session->outbox_count++;
    session->outbox_bytes += len;
    return true;
}

size_t session_outbox_next(const struct session *session)
{
    return session->outbox_count > 0 ? parcel_slice(session->outbox[session->outbox_first]).len : 0;
}

struct parcel *session_outbox_take(struct session *session)
{
    if (session->outbox_count == 0) {
        return NULL;
    }
    struct parcel *parcel = session->outbox[session->outbox_first];
    session->outbox_first = (session->outbox_first + 1) % session->outbox_capacity;
    session->outbox_count--;
    session->outbox_bytes -= parcel_slice(parcel).len;
    if (session->outbox_count == 0) {
        /* An idle session holds no ring: most sessions are idle. */
        free(session->outbox);
        session->outbox = NULL;
        session->outbox_first = session->outbox_capacity = 0;
    }
    return parcel;
}
