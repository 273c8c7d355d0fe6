/* switchboard -- see switchboard.h. */
#include "switchboard.h"

#include "base/check.h"
#include "base/slog.h"
#include "journal/answer.h"
#include "protocol/handshake.h"

#include <stdlib.h>

enum { MALFORMED_MAX = 8, CLOSE_PROTOCOL_ERROR = 1002, SWEEP_EVERY_MS = 60000 };

/* -- Answers -- */

static void send(struct switchboard *board, uint64_t session, const struct layout *layout,
                 const void *message)
{
    struct parcel *parcel = answer_encode(layout, message);
    if (parcel != NULL) {
        gate_send(board->gate, session, parcel);
        parcel_unref(parcel);
    }
}

static void refuse(struct switchboard *board, uint64_t session, uint64_t request,
                   enum enrum_err err)
{
    if ((size_t)err < sizeof board->refused / sizeof board->refused[0]) {
        board->refused[err]++;
    }
    slog(SLOG_INFO, "refused", slog_u64("session", session), slog_str("err", error_name(err)));
    struct msg_error error = {.request = request, .code = (uint64_t)err};
    send(board, session, &message_error, &error);
}

static void done(struct switchboard *board, uint64_t session, uint64_t request)
{
    struct msg_done message = {.request = request};
    send(board, session, &message_done, &message);
}

/* The answer comes later, or the refusal now. */
static void settle(struct switchboard *board, uint64_t session, uint64_t request,
                   enum enrum_err err)
{
    if (err != ENRUM_OK) {
        refuse(board, session, request, err);
    }
}

static uint64_t wall_ms(const struct switchboard *board)
{
    return clock_wall_ms(&board->clock);
}

/* -- Boards and keepers -- */

/* 0: none is here. */
static uint64_t keeper_find(const struct switchboard *board, const struct id *id)
{
    size_t at = config_board_find(board->config, id);
    return at < CONFIG_BOARDS_MAX ? courier_keeper(&board->courier, at) : 0;
}

/* -- Identities -- */

static struct identity identity_of(const struct certificate *certificate)
{
    return (struct identity){.board = certificate->body.board,
                             .person = certificate->body.person,
                             .device = certificate->device,
                             .certificate = certificate->hash,
                             .role = certificate->body.role,
                             .not_before = certificate->body.not_before,
                             .not_after = certificate->body.not_after};
}

/* Who the session is for this board, if its certificate still holds; refuses otherwise. */
static const struct certificate *who_is(struct switchboard *board, const struct session *session,
                                        uint64_t request, const struct id *id, struct identity *out)
{
    const struct certificate *proved = session_proved(session, id);
    enum enrum_err err = ENRUM_OUT_OF_STATE;
    if (proved != NULL) {
        err = certificate_in_time(proved, wall_ms(board));
    }
    if (err == ENRUM_OK && (journal_is_revoked(board->journal, id, &proved->device) ||
                            journal_is_revoked(board->journal, id, &proved->body.person))) {
        err = ENRUM_CERTIFICATE_REVOKED;
    }
    if (err != ENRUM_OK) {
        refuse(board, session->id, request, err);
        return NULL;
    }
    *out = identity_of(proved);
    return proved;
}

static bool is_keeper(struct switchboard *board, const struct session *session, uint64_t request,
                      const struct id *id)
{
    struct identity who;
    if (who_is(board, session, request, id, &who) == NULL) {
        return false;
    }
    if (who.role != ROLE_KEEPER) {
        refuse(board, session->id, request, ENRUM_MAY_NOT);
        return false;
    }
    return true;
}

/* -- Work for the pool -- */

static void verify_start(struct switchboard *board, const struct session *session, uint64_t request,
                         struct slice frame, const struct verify_job *like)
{
    struct verify_job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        refuse(board, session->id, request, ENRUM_MEMORY);
        return;
    }
    *job = *like;
    job->session = session->id;
    job->request = request;
    job->now_ms = wall_ms(board);
    job->frame = parcel_new(frame.at, frame.len);
    enum enrum_err err = job->frame != NULL ? verify_put(board->pool, job) : ENRUM_MEMORY;
    if (err != ENRUM_OK) {
        verify_job_free(job);
        refuse(board, session->id, request, err);
        return;
    }
    board->verifying++;
}

static void authored_verify(struct switchboard *board, const struct session *session,
                            uint64_t request, const struct id *id, struct slice frame,
                            enum verify_type type)
{
    struct verify_job job = {.type = type};
    const struct certificate *proved = who_is(board, session, request, id, &job.identity);
    if (proved != NULL) {
        job.sign_key = proved->body.sign_key;
        verify_start(board, session, request, frame, &job);
    }
}

/* -- Handlers: one for each message of a client -- */

#define HANDLER(name)                                                                              \
    static void on_##name(struct switchboard *board, struct session *session,                      \
                          const struct msg_##name *message, struct slice frame)

HANDLER(hello)
{
    (void)frame;
    bool speaks = false;
    for (size_t i = 0; i < message->versions.len; i++) {
        speaks = speaks || message->versions.at[i] == PROTOCOL_VERSION;
    }
    if (!speaks) {
        refuse(board, session->id, message->request, ENRUM_VERSION_UNSUPPORTED);
        return;
    }
    struct msg_challenge challenge = {.request = message->request,
                                      .version = PROTOCOL_VERSION,
                                      .host_key = board->config->host.public,
                                      .time = wall_ms(board)};
    suite_random(challenge.nonce.bytes, sizeof challenge.nonce.bytes);
    handshake_challenge_sign(&board->config->host, &message->nonce, &challenge);
    session_greet(session, &message->nonce, &challenge.nonce);
    send(board, session->id, &message_challenge, &challenge);
}

HANDLER(prove)
{
    size_t at = config_board_find(board->config, &message->board);
    if (at == CONFIG_BOARDS_MAX) {
        refuse(board, session->id, message->request, ENRUM_BOARD_UNKNOWN);
        return;
    }
    struct verify_job job = {.type = VERIFY_PROVE,
                             .client_nonce = session->client_nonce,
                             .server_nonce = session->server_nonce,
                             .host_key = board->config->host.public,
                             .root_key = board->config->boards[at].root_key,
                             .board = message->board};
    verify_start(board, session, message->request, frame, &job);
}

HANDLER(ping)
{
    (void)frame;
    struct msg_pong pong = {.request = message->request, .time = wall_ms(board)};
    send(board, session->id, &message_pong, &pong);
}

HANDLER(board_get)
{
    (void)frame;
    if (config_board_find(board->config, &message->board) == CONFIG_BOARDS_MAX) {
        refuse(board, session->id, message->request, ENRUM_BOARD_UNKNOWN);
        return;
    }
    settle(board, session->id, message->request,
           store_board_get(board->store, session->id, message->request, &message->board,
                           keeper_find(board, &message->board) != 0));
}

HANDLER(room_create)
{
    authored_verify(board, session, message->request, &message->board, frame, VERIFY_CREATE);
}

HANDLER(room_list)
{
    (void)frame;
    struct identity who;
    struct id after;
    if (who_is(board, session, message->request, &message->board, &who) == NULL) {
        return;
    }
    bool has_after = id_of_opt(message->after, &after);
    settle(board, session->id, message->request,
           store_room_list(board->store, session->id, message->request, &who.board, &who.person,
                           has_after ? &after : NULL));
}

HANDLER(follow)
{
    (void)frame;
    struct identity who;
    struct effects effects;
    if (who_is(board, session, message->request, &message->board, &who) != NULL) {
        effects_init(&effects);
        journal_follow(board->journal, session->id, message->request, &who, &message->room,
                       &effects);
        outlet_do(&board->outlet, &effects);
        calldesk_followed(&board->desk, session->id, &who, &message->room);
    }
}

HANDLER(unfollow)
{
    (void)frame;
    struct effects effects;
    effects_init(&effects);
    journal_unfollow(board->journal, session->id, message->request, &message->board, &message->room,
                     &effects);
    outlet_do(&board->outlet, &effects);
}

/* What the journal is asked in the name of a member. */
#define MEMBER_HANDLER(name)                                                                       \
    HANDLER(name)                                                                                  \
    {                                                                                              \
        (void)frame;                                                                               \
        struct identity who;                                                                       \
        struct effects effects;                                                                    \
        if (who_is(board, session, message->request, &message->board, &who) != NULL) {             \
            effects_init(&effects);                                                                \
            journal_##name(board->journal, session->id, message->request, &who, message,           \
                           &effects);                                                              \
            outlet_do(&board->outlet, &effects);                                                   \
        }                                                                                          \
    }
MEMBER_HANDLER(fetch)
MEMBER_HANDLER(blob_ask)
MEMBER_HANDLER(blob_get)

HANDLER(append)
{
    authored_verify(board, session, message->request, &message->board, frame, VERIFY_APPEND);
}

HANDLER(blob_put)
{
    authored_verify(board, session, message->request, &message->board, frame, VERIFY_BLOB);
}

HANDLER(transient_send)
{
    authored_verify(board, session, message->request, &message->board, frame, VERIFY_TRANSIENT);
}

/* A live letter to a keeper that is here; false when there is none. */
static bool letter_hand_over(struct switchboard *board, const struct session *session,
                             const struct msg_letter_send *message)
{
    uint64_t keeper = keeper_find(board, &message->board);
    if (keeper == 0) {
        return false;
    }
    struct msg_letter_in letter = {.board = message->board,
                                   .origin = courier_origin(&board->courier, session->id),
                                   .id = message->id,
                                   .durable = message->durable,
                                   .letter = message->letter};
    send(board, keeper, &message_letter_in, &letter);
    return true;
}

HANDLER(letter_send)
{
    (void)frame;
    struct identity who;
    if (config_board_find(board->config, &message->board) == CONFIG_BOARDS_MAX) {
        refuse(board, session->id, message->request, ENRUM_BOARD_UNKNOWN);
        return;
    }
    if (message->durable == 1) {
        if (who_is(board, session, message->request, &message->board, &who) == NULL) {
            return;
        }
        enum enrum_err err = store_letter_put(board->store, session->id, message->request,
                                              &message->board, &message->id, message->letter,
                                              wall_ms(board));
        settle(board, session->id, message->request, err);
        if (err == ENRUM_OK) {
            (void)letter_hand_over(board, session, message);
        }
        return;
    }
    if (!letter_hand_over(board, session, message)) {
        refuse(board, session->id, message->request, ENRUM_KEEPER_AWAY);
        return;
    }
    session->letter_ms = clock_monotonic_ms(&board->clock);
    done(board, session->id, message->request);
}

HANDLER(letter_answer)
{
    (void)frame;
    if (!is_keeper(board, session, message->request, &message->board)) {
        return;
    }
    uint64_t to = courier_origin_take(&board->courier, message->origin);
    struct session *receiver = to != 0 ? gate_session(board->gate, to) : NULL;
    if (receiver != NULL) {
        struct msg_letter_back letter = {.board = message->board, .letter = message->letter};
        receiver->letter_ms = 0;
        send(board, to, &message_letter_back, &letter);
    }
    done(board, session->id, message->request);
}

HANDLER(letter_done)
{
    (void)frame;
    if (is_keeper(board, session, message->request, &message->board)) {
        settle(board, session->id, message->request,
               store_letter_done(board->store, session->id, message->request, &message->board,
                                 &message->id));
    }
}

HANDLER(fetch_log_get)
{
    (void)frame;
    if (is_keeper(board, session, message->request, &message->board)) {
        settle(board, session->id, message->request,
               store_fetch_log(board->store, session->id, message->request, &message->board,
                               &message->room, message->after));
    }
}

/* -- Calls -- */

static void call_take(struct switchboard *board, const struct session *session, uint64_t type,
                      uint64_t request, const struct id *id, const void *message)
{
    struct identity who;
    struct slice certificate, issuer;
    if (who_is(board, session, request, id, &who) == NULL) {
        return;
    }
    if (!journal_papers(board->journal, session->id, id, &certificate, &issuer)) {
        refuse(board, session->id, request, ENRUM_MEMORY); /* when it came, there was none for it */
        return;
    }
    struct caller caller = {.session = session->id,
                            .request = request,
                            .board = who.board,
                            .person = who.person,
                            .device = who.device,
                            .certificate = who.certificate,
                            .role = who.role,
                            .certificate_bytes = certificate,
                            .issuer_bytes = issuer};
    if (!calldesk_take(&board->desk, &caller, type, message)) {
        refuse(board, session->id, request, ENRUM_CALLS_OFF);
    }
}

HANDLER(call_join)
{
    authored_verify(board, session, message->request, &message->board, frame, VERIFY_CALL_JOIN);
}

HANDLER(call_admit)
{
    authored_verify(board, session, message->request, &message->board, frame, VERIFY_CALL_ADMIT);
}

#define CALL_HANDLER(name, NAME)                                                                   \
    HANDLER(name)                                                                                  \
    {                                                                                              \
        (void)frame;                                                                               \
        call_take(board, session, MESSAGE_##NAME, message->request, &message->board, message);     \
    }
CALL_HANDLER(call_leave, CALL_LEAVE)
CALL_HANDLER(call_ring, CALL_RING)
CALL_HANDLER(call_refuse, CALL_REFUSE)
CALL_HANDLER(call_lead, CALL_LEAD)
CALL_HANDLER(call_send, CALL_SEND)
CALL_HANDLER(call_leg, CALL_LEG)

/* -- Frames -- */

union message {
#define MESSAGE(name, NAME, number, from, states, what) struct msg_##name name;
#define FIELD(layout, field, type, min, max, what)
#define MESSAGE_END(name)
#include "protocol/messages.def"
#undef MESSAGE
};

static void dispatch(struct switchboard *board, struct session *session, uint64_t type,
                     const union message *message, struct slice frame)
{
    switch (type) {
#define CASE(name, NAME)                                                                           \
    case MESSAGE_##NAME:                                                                           \
        on_##name(board, session, &message->name, frame);                                          \
        return;
        CASE(hello, HELLO)
        CASE(prove, PROVE)
        CASE(ping, PING)
        CASE(board_get, BOARD_GET)
        CASE(room_create, ROOM_CREATE)
        CASE(room_list, ROOM_LIST)
        CASE(follow, FOLLOW)
        CASE(unfollow, UNFOLLOW)
        CASE(fetch, FETCH)
        CASE(append, APPEND)
        CASE(blob_put, BLOB_PUT)
        CASE(blob_ask, BLOB_ASK)
        CASE(blob_get, BLOB_GET)
        CASE(transient_send, TRANSIENT_SEND)
        CASE(letter_send, LETTER_SEND)
        CASE(letter_answer, LETTER_ANSWER)
        CASE(letter_done, LETTER_DONE)
        CASE(fetch_log_get, FETCH_LOG_GET)
        CASE(call_join, CALL_JOIN)
        CASE(call_leave, CALL_LEAVE)
        CASE(call_ring, CALL_RING)
        CASE(call_refuse, CALL_REFUSE)
        CASE(call_admit, CALL_ADMIT)
        CASE(call_lead, CALL_LEAD)
        CASE(call_send, CALL_SEND)
        CASE(call_leg, CALL_LEG)
#undef CASE
    default:
        /* The table let through only what a client may send, and each of those has its case. */
        CHECK(false);
    }
}

static void malformed(struct switchboard *board, struct session *session, uint64_t request)
{
    refuse(board, session->id, request, ENRUM_MALFORMED);
    if (++session->malformed >= MALFORMED_MAX) {
        gate_end(board->gate, session->id, CLOSE_PROTOCOL_ERROR);
    }
}

void switchboard_frame(void *context, struct session *session, struct slice frame)
{
    struct switchboard *board = context;
    uint64_t type = 0, request = 0;
    union message message;
    if (frame_peek(frame, &type, &request) != ENRUM_OK) {
        malformed(board, session, 0);
        return;
    }
    if (board->is_leaving) {
        refuse(board, session->id, request, ENRUM_CLOSING);
        return;
    }
    const struct layout *layout = message_find(type);
    if (layout == NULL) {
        refuse(board, session->id, request, ENRUM_UNKNOWN_TYPE);
    } else if (message_from(layout) == FROM_SERVER ||
               (message_states(layout) & (unsigned)session->state) == 0) {
        refuse(board, session->id, request, ENRUM_OUT_OF_STATE);
    } else if (layout_decode(layout, frame, &message) != ENRUM_OK) {
        malformed(board, session, request);
    } else {
        dispatch(board, session, type, &message, frame);
    }
}

void switchboard_oversized(void *context, struct session *session)
{
    refuse(context, session->id, 0, ENRUM_OVERSIZED);
}

void switchboard_closed(void *context, struct session *session)
{
    struct switchboard *board = context;
    struct effects effects;
    effects_init(&effects);
    courier_leave(&board->courier, session->id);
    calldesk_session_gone(&board->desk, session->id);
    if (session->state == SESSION_READY) {
        journal_session_gone(board->journal, session->id, &effects);
    }
    outlet_do(&board->outlet, &effects);
}

/* -- What the pool has checked -- */

static void proved_finish(struct switchboard *board, struct session *session,
                          const struct verify_job *job)
{
    struct msg_prove prove;
    CHECK(layout_decode(&message_prove, parcel_slice(job->frame), &prove) == ENRUM_OK);
    const struct certificate *certificate = &job->certificate;
    enum enrum_err err = ENRUM_OK;
    if (journal_is_revoked(board->journal, &job->board, &certificate->device) ||
        journal_is_revoked(board->journal, &job->board, &certificate->body.person)) {
        err = ENRUM_CERTIFICATE_REVOKED;
    }
    if (err == ENRUM_OK) {
        err = store_certificate_keep(board->store, &job->board, prove.certificate, prove.issuer);
    }
    if (err == ENRUM_OK) {
        err = gate_prove(board->gate, session, certificate);
    }
    if (err != ENRUM_OK) {
        refuse(board, session->id, job->request, err);
        return;
    }
    struct identity who = identity_of(session_proved(session, &job->board));
    struct effects effects;
    effects_init(&effects);
    journal_session_ready(board->journal, session->id, &who, prove.certificate, prove.issuer,
                          &effects);
    outlet_do(&board->outlet, &effects);
    bool is_keeper_now = who.role == ROLE_KEEPER;
    if (is_keeper_now) {
        courier_enter(&board->courier, config_board_find(board->config, &who.board), session->id);
    }
    struct msg_ready ready = {.request = job->request,
                              .board = who.board,
                              .keeper_here = keeper_find(board, &who.board) != 0};
    send(board, session->id, &message_ready, &ready);
    slog(SLOG_INFO, "proved", slog_u64("session", session->id),
         slog_hex("board", who.board.bytes, 4), slog_str("role", role_name(who.role)));
    if (is_keeper_now) {
        (void)store_letter_list(board->store, session->id, &who.board);
    }
}

static void call_finish(struct switchboard *board, const struct session *session,
                        const struct verify_job *job)
{
    struct slice frame = parcel_slice(job->frame);
    struct msg_call_join join;
    struct msg_call_admit admit;
    if (job->type == VERIFY_CALL_JOIN) {
        CHECK(layout_decode(&message_call_join, frame, &join) == ENRUM_OK);
        call_take(board, session, MESSAGE_CALL_JOIN, job->request, &join.board, &join);
    } else {
        CHECK(layout_decode(&message_call_admit, frame, &admit) == ENRUM_OK);
        call_take(board, session, MESSAGE_CALL_ADMIT, job->request, &admit.board, &admit);
    }
}

static void authored_finish(struct switchboard *board, struct session *session,
                            const struct verify_job *job)
{
    struct slice frame = parcel_slice(job->frame);
    struct msg_append append;
    struct msg_room_create create;
    struct msg_transient_send transient;
    struct msg_blob_put blob;
    struct effects effects;
    effects_init(&effects);
    if (job->type == VERIFY_APPEND) {
        CHECK(layout_decode(&message_append, frame, &append) == ENRUM_OK);
        journal_append(board->journal, session->id, job->request, &job->identity, &append.room,
                       append.entries, wall_ms(board), &effects);
    } else if (job->type == VERIFY_CREATE) {
        CHECK(layout_decode(&message_room_create, frame, &create) == ENRUM_OK);
        journal_create(board->journal, session->id, job->request, &job->identity, &create.random,
                       create.entries, wall_ms(board), &effects);
    } else if (job->type == VERIFY_BLOB) {
        CHECK(layout_decode(&message_blob_put, frame, &blob) == ENRUM_OK);
        journal_blob_put(board->journal, session->id, job->request, &job->identity, &blob.room,
                         &job->blob, blob.bytes, &effects);
    } else {
        CHECK(layout_decode(&message_transient_send, frame, &transient) == ENRUM_OK);
        journal_transient(board->journal, session->id, job->request, &job->identity, &transient,
                          &effects);
    }
    outlet_do(&board->outlet, &effects);
}

void switchboard_verified(struct switchboard *board)
{
    struct verify_job **jobs = NULL;
    size_t count = 0;
    verify_take(board->pool, &jobs, &count);
    board->verifying -= count;
    for (size_t i = 0; i < count; i++) {
        struct verify_job *job = jobs[i];
        struct session *session = gate_session(board->gate, job->session);
        if (session != NULL && job->err != ENRUM_OK) {
            if (job->err == ENRUM_SIGNATURE_WRONG) {
                gate_fine(board->gate, session->id);
            }
            refuse(board, session->id, job->request, job->err);
        } else if (session != NULL && job->type == VERIFY_PROVE) {
            proved_finish(board, session, job);
        } else if (session != NULL &&
                   (job->type == VERIFY_CALL_JOIN || job->type == VERIFY_CALL_ADMIT)) {
            call_finish(board, session, job);
        } else if (session != NULL) {
            authored_finish(board, session, job);
        }
        verify_job_free(job);
    }
}

/* -- What the store has answered -- */

static void stored_one(struct switchboard *board, struct store_answer *answer,
                       struct effects *effects)
{
    switch (answer->type) {
    case STORE_APPENDED:
        journal_append_answered(board->journal, &answer->appended, wall_ms(board), effects);
        break;
    case STORE_FOUND:
        journal_found(board->journal, answer->found.ticket, answer->err, &answer->found.found,
                      effects);
        break;
    case STORE_ROOM:
        journal_room_loaded(board->journal, answer->err, &answer->room, wall_ms(board), effects);
        break;
    case STORE_BLOB_KEPT:
        journal_blob_kept(board->journal, answer->blob_kept, answer->err, effects);
        break;
    case STORE_MESSAGE:
        if (answer->message.message != NULL) {
            gate_send(board->gate, answer->message.session, answer->message.message);
            parcel_unref(answer->message.message);
        }
        break;
    }
}

void switchboard_stored(struct switchboard *board)
{
    struct store_answer *answers = NULL;
    size_t count = 0;
    store_take(board->store, &answers, &count);
    for (size_t i = 0; i < count; i++) {
        struct effects effects;
        effects_init(&effects);
        stored_one(board, &answers[i], &effects);
        outlet_do(&board->outlet, &effects);
    }
    outlet_retry(&board->outlet);
}

void switchboard_tick(struct switchboard *board)
{
    uint64_t now = clock_monotonic_ms(&board->clock);
    if (now - board->swept_ms >= SWEEP_EVERY_MS) {
        board->swept_ms = now;
        store_blobs_sweep(board->store, wall_ms(board));
    }
}
