/* handgate -- what goes out of handcore: stands in for server/gate/websocket.c, and judges each
 * message. See handcore.h. */
#include "base/check.h"
#include "handstore.h"

static struct core_session *session_find(uint64_t id)
{
    for (size_t i = 0; i < CORE_SESSIONS_MAX; i++) {
        if (core.sessions[i].is_open && core.sessions[i].session.id == id) {
            return &core.sessions[i];
        }
    }
    return NULL;
}

struct session *gate_session(struct gate *gate, uint64_t id)
{
    struct core_session *session = session_find(id);
    (void)gate;
    return session != NULL && !session->is_ending ? &session->session : NULL;
}

void gate_fine(struct gate *gate, uint64_t id)
{
    (void)gate, (void)id; /* nobody is slowed down here */
}

void gate_end(struct gate *gate, uint64_t id, unsigned code)
{
    struct core_session *session = session_find(id);
    (void)gate, (void)code;
    if (session != NULL) {
        session->is_ending = true;
    }
}

enum enrum_err gate_prove(struct gate *gate, struct session *session,
                          const struct certificate *certificate)
{
    (void)gate;
    return session_prove(session, certificate);
}

void gate_counts(const struct gate *gate, struct gate_counts *out)
{
    (void)gate;
    *out = (struct gate_counts){0};
}

void gate_holdings(const struct gate *gate, struct gate_holdings *out)
{
    (void)gate;
    *out = (struct gate_holdings){0};
}

/* -- Judging -- */

static void ack_judge(struct core_session *session, struct slice frame)
{
    struct msg_ack ack;
    struct receipt_leaf leaf;
    struct receipt_proof proof;
    (void)session;
    CHECK(layout_decode(&message_ack, frame, &ack) == ENRUM_OK);
    const struct core_room *room = core_room_find(&ack.room);
    CHECK(room != NULL && ack.seq <= room->count && ack.count <= ack.seq);
    CHECK(id_equal(&room->entries[ack.seq - 1].hash, &ack.hash));
    CHECK(room->received_at[ack.seq - 1] == ack.received_at);
    receipt_of_ack(&ack, &leaf, &proof);
    CHECK(receipt_check(&core.config.host.public, &leaf, &proof));
    core.acks++;
}

static void entries_judge(struct core_session *session, struct slice frame)
{
    struct msg_entries message;
    struct stored_entry stored;
    CHECK(layout_decode(&message_entries, frame, &message) == ENRUM_OK);
    struct core_room *room = core_room_find(&message.room);
    CHECK(room != NULL && message.head_seq <= room->count);
    uint64_t *live = &session->live[room - core.rooms];
    while (message.entries.len > 0) {
        CHECK(stored_next(&message.entries, &stored) == ENRUM_OK);
        CHECK(stored.seq <= room->count && stored.received_at == room->received_at[stored.seq - 1]);
        if (message.request == 0) {
            CHECK(stored.seq > *live);
            *live = stored.seq;
        }
    }
}

static void request_judge(struct core_session *session, uint64_t request)
{
    if (request > 0 && request < CORE_REQUESTS_MAX) {
        CHECK(session->answers[request] == 0);
        session->answers[request]++;
    }
}

union told {
#define MESSAGE(name, NAME, number, from, states, what) struct msg_##name name;
#define FIELD(layout, field, type, min, max, what)
#define MESSAGE_END(name)
#include "protocol/messages.def"
#undef MESSAGE
#undef FIELD
#undef MESSAGE_END
};

void handgate_judge(struct core_session *session, struct slice frame)
{
    uint64_t type = 0, request = 0;
    union told told;
    CHECK(frame_peek(frame, &type, &request) == ENRUM_OK);
    const struct layout *layout = message_find(type);
    CHECK(layout != NULL && message_from(layout) == FROM_SERVER);
    CHECK(layout_decode(layout, frame, &told) == ENRUM_OK);
    request_judge(session, request);
    if (type == MESSAGE_ACK) {
        ack_judge(session, frame);
    } else if (type == MESSAGE_ENTRIES) {
        entries_judge(session, frame);
    }
}

void gate_send(struct gate *gate, uint64_t id, struct parcel *parcel)
{
    struct core_session *session = session_find(id);
    (void)gate;
    if (session == NULL || session->is_ending) {
        return;
    }
    handgate_judge(session, parcel_slice(parcel));
    if (!session_outbox_put(&session->session, parcel, core.config.limits.outbox_bytes)) {
        session->is_ending = true;
        return;
    }
    /* Half of them are read at once; the rest waits until the session ends. */
    if (session->session.outbox_count > 8) {
        parcel_unref(session_outbox_take(&session->session));
    }
}
