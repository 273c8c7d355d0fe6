/* contact -- see contact.h. */
#include "contact.h"

#include "follow.h"
#include "handle.h"
#include "keeper_api.h"
#include "whisper.h"

#include <stdlib.h>

void contact_init(struct contact *contact)
{
    *contact = (struct contact){.state = CONTACT_OFFLINE};
    backoff_init(&contact->backoff, BACKOFF_FIRST_MS, BACKOFF_MAX_MS);
    list_init(&contact->requests);
}

static void state_set(struct enrum *enrum, enum contact_state state)
{
    enrum->contact.state = state;
    enrum->contact.is_listed = false;
    enrum->contact.prove_at = enrum->contact.list_at = 0;
    enrum->contact.state_since = now_mono(enrum);
}

static void state_tell(struct enrum *enrum, enum enrum_state state, enum enrum_err err,
                       const char *detail)
{
    struct enrum_event event = {
        .type = ENRUM_EVENT_STATE, .state = state, .err = err, .detail = detail};
    handle_tell(enrum, &event);
}

/* -- Requests -- */

static void request_end(struct enrum *enrum, struct request *request, enum enrum_err err,
                        uint64_t type, struct slice frame)
{
    list_remove(&request->link);
    if (request->done != NULL) {
        request->done(enrum, request, err, type, frame);
    }
    free(request);
}

static void requests_end_all(struct enrum *enrum, enum enrum_err err)
{
    struct list *link;
    while ((link = list_first(&enrum->contact.requests)) != NULL) {
        request_end(enrum, LIST_ITEM(link, struct request, link), err, 0, (struct slice){NULL, 0});
    }
}

void contact_fini(struct enrum *enrum)
{
    LIST_EACH (link, &enrum->contact.requests) {
        list_remove(link);
        free(LIST_ITEM(link, struct request, link));
    }
}

/* Every message begins with its type and its request number. */
struct message_begin {
    uint64_t type, request;
};

enum enrum_err contact_ask(struct enrum *enrum, const struct question *question)
{
    struct buffer frame;
    struct request *request = calloc(1, sizeof *request);
    if (request == NULL) {
        return ENRUM_MEMORY;
    }
    list_init(&request->link);
    request->number = ++enrum->contact.last_number;
    request->deadline = now_mono(enrum) + ANSWER_WAIT_MS;
    request->subject = question->subject;
    request->done = question->done;
    if (question->room != NULL) {
        request->room = *question->room;
    }
    ((struct message_begin *)question->message)->request = request->number;
    buffer_init(&frame, FRAME_BYTES_MAX);
    enum enrum_err err = layout_encode(question->layout, question->message, &frame);
    if (err == ENRUM_OK) {
        err = socket_send(enrum->socket, buffer_slice(&frame));
    }
    buffer_wipe(&frame);
    if (err != ENRUM_OK) {
        free(request);
        return err;
    }
    list_push_back(&enrum->contact.requests, &request->link);
    return ENRUM_OK;
}

static struct request *request_find(const struct contact *contact, uint64_t number)
{
    LIST_EACH (link, &contact->requests) {
        struct request *request = LIST_ITEM(link, struct request, link);
        if (request->number == number) {
            return request;
        }
    }
    return NULL;
}

/* -- Losing -- */

static void lost(struct enrum *enrum, enum enrum_err err, const char *detail)
{
    state_set(enrum, CONTACT_OFFLINE);
    backoff_fail(&enrum->contact.backoff, now_mono(enrum));
    requests_end_all(enrum, ENRUM_NETWORK);
    rooms_on_lost(enrum);
    asks_on_lost(enrum);
    /* Also a first connection that fails is told: somebody waits to hear why. */
    state_tell(enrum, ENRUM_OFFLINE, err, detail);
}

void contact_drop(struct enrum *enrum, enum enrum_err err)
{
    if (enrum->contact.state == CONTACT_OFFLINE) {
        return;
    }
    socket_drop(enrum->socket);
    lost(enrum, err, "");
}

void contact_on_lost(void *context, const char *reason)
{
    struct enrum *enrum = context;
    if (enrum->contact.state != CONTACT_OFFLINE) {
        lost(enrum, ENRUM_NETWORK, reason);
    }
}

/* -- Hello -- */

static void on_board(struct enrum *enrum, struct request *request, enum enrum_err err,
                     uint64_t type, struct slice frame)
{
    (void)request;
    if (err == ENRUM_OK && type == MESSAGE_BOARD) {
        asks_on_board(enrum, frame);
    }
}

static void board_ask(struct enrum *enrum)
{
    struct msg_board_get message = {.board = enrum->board.id};
    struct question question = {
        .layout = &message_board_get, .message = &message, .done = on_board};
    enrum->contact.board_at = now_mono(enrum);
    (void)contact_ask(enrum, &question);
}

bool contact_is_passing(enum enrum_err err)
{
    enum error_class class = error_class(err);
    return class == ERROR_LIMIT || class == ERROR_OURS;
}

static void on_proved(struct enrum *enrum, struct request *request, enum enrum_err err,
                      uint64_t type, struct slice frame)
{
    struct msg_ready ready;
    if (err == ENRUM_OK && type == MESSAGE_READY &&
        layout_decode(&message_ready, frame, &ready) == ENRUM_OK) {
        state_set(enrum, CONTACT_READY);
        enrum->contact.is_proved = request->number == enrum->contact.prove_number;
        rooms_on_ready(enrum);
        outbox_on_ready(enrum);
    } else if (enrum->contact.state >= CONTACT_GREETED) {
        enrum->contact.prove_at = contact_is_passing(err) ? now_mono(enrum) + RETRY_MS : 0;
        state_tell(enrum, ENRUM_GREETED, err != ENRUM_OK ? err : ENRUM_MALFORMED, "");
    }
}

void contact_on_listed(struct enrum *enrum)
{
    if (enrum->contact.state == CONTACT_READY && !enrum->contact.is_listed) {
        enrum->contact.is_listed = true;
        backoff_reset(&enrum->contact.backoff);
        state_tell(enrum, ENRUM_READY, ENRUM_OK, "");
    }
}

void contact_prove(struct enrum *enrum)
{
    enrum->contact.prove_at = 0;
    if (enrum->contact.state < CONTACT_GREETED || !is_logged_in(enrum)) {
        return;
    }
    struct handshake_proof proof = {.client_nonce = enrum->contact.client_nonce,
                                    .server_nonce = enrum->contact.server_nonce,
                                    .board = enrum->board.id,
                                    .host_key = enrum->board.host_key,
                                    .certificate = enrum->me.hash};
    struct msg_prove message = {.board = enrum->board.id,
                                .certificate = buffer_slice(&enrum->certificate),
                                .issuer = buffer_slice(&enrum->issuer)};
    handshake_proof_sign(&enrum->sign, &proof, &message.sig);
    struct question question = {.layout = &message_prove, .message = &message, .done = on_proved};
    enum enrum_err err = contact_ask(enrum, &question);
    if (err != ENRUM_OK) {
        enrum->contact.lost_err = err; /* nobody would ask again */
    }
    enrum->contact.prove_number = enrum->contact.last_number;
    enrum->contact.is_proved = false;
}

static void on_challenge(struct enrum *enrum, struct request *request, enum enrum_err err,
                         uint64_t type, struct slice frame)
{
    (void)request;
    struct contact *contact = &enrum->contact;
    struct msg_challenge challenge;
    if (contact->state != CONTACT_HELLO_SENT) {
        return;
    }
    if (err != ENRUM_OK || type != MESSAGE_CHALLENGE ||
        layout_decode(&message_challenge, frame, &challenge) != ENRUM_OK) {
        contact->lost_err = err != ENRUM_OK ? err : ENRUM_MALFORMED;
        return;
    }
    if (challenge.version != PROTOCOL_VERSION) {
        contact->lost_err = ENRUM_VERSION_UNSUPPORTED;
        return;
    }
    if (!handshake_challenge_is_good(&enrum->board.host_key, &contact->client_nonce, &challenge)) {
        contact->lost_err = ENRUM_HOST_UNTRUSTED;
        handle_warn(enrum, NULL, ENRUM_HOST_UNTRUSTED, "the host has not shown the board's key");
        return;
    }
    contact->server_nonce = challenge.nonce;
    state_set(enrum, CONTACT_GREETED);
    if (!enrum->has_certificate) {
        backoff_reset(&contact->backoff);
    }
    board_ask(enrum);
    contact_prove(enrum);
    state_tell(enrum, ENRUM_GREETED, ENRUM_OK, "");
}

void contact_on_open(void *context)
{
    static const uint8_t versions[] = {PROTOCOL_VERSION};
    struct enrum *enrum = context;
    struct contact *contact = &enrum->contact;
    suite_random(contact->client_nonce.bytes, ID_BYTES);
    struct msg_hello message = {.versions = {versions, sizeof versions},
                                .nonce = contact->client_nonce,
                                .software = slice_of_text(enrum->software)};
    struct question question = {
        .layout = &message_hello, .message = &message, .done = on_challenge};
    contact->heard_at = contact->ping_at = now_mono(enrum);
    contact->is_proved = false;
    state_set(enrum, CONTACT_HELLO_SENT);
    if (contact_ask(enrum, &question) != ENRUM_OK) {
        contact->lost_err = ENRUM_NETWORK;
    }
}

/* -- Frames -- */

static void on_unasked(struct enrum *enrum, uint64_t type, struct slice frame)
{
    switch (type) {
    case MESSAGE_ENTRIES:
        rooms_on_entries(enrum, frame);
        break;
    case MESSAGE_ROOM_NEW:
        rooms_on_new(enrum, frame);
        break;
    case MESSAGE_TRANSIENT_IN:
        whisper_on_frame(enrum, frame);
        break;
    case MESSAGE_LETTER_IN:
        keeper_on_letter(enrum, frame);
        break;
    case MESSAGE_CALL:
        keeper_on_call(enrum, frame);
        break;
    case MESSAGE_LETTER_BACK:
        asks_on_letter_back(enrum, frame);
        break;
    default:
        /* A later version may say more than this one understands. */
        break;
    }
}

void contact_on_frame(void *context, struct slice frame)
{
    struct enrum *enrum = context;
    struct contact *contact = &enrum->contact;
    uint64_t type, number;
    if (contact->lost_err != ENRUM_OK) {
        return;
    }
    if (frame_peek(frame, &type, &number) != ENRUM_OK) {
        contact->lost_err = ENRUM_MALFORMED;
        return;
    }
    contact->heard_at = now_mono(enrum);
    if (number == 0) {
        if (contact->state >= CONTACT_GREETED) {
            on_unasked(enrum, type, frame);
        }
        return;
    }
    struct request *request = request_find(contact, number);
    if (request == NULL) {
        return;
    }
    enum enrum_err err = ENRUM_OK;
    if (type == MESSAGE_ERROR) {
        struct msg_error message;
        /* That the connection is lost is for this side to say: it is asked again without a
         * pause. */
        if (layout_decode(&message_error, frame, &message) != ENRUM_OK ||
            message.code == ENRUM_NETWORK) {
            contact->lost_err = ENRUM_MALFORMED;
            return;
        }
        err = (enum enrum_err)message.code;
    }
    request_end(enrum, request, err, type, frame);
}

/* -- Time -- */

static void connect_now(struct enrum *enrum)
{
    state_set(enrum, CONTACT_CONNECTING);
    enum enrum_err err = socket_connect(enrum->socket, enrum->board.host_url);
    if (err != ENRUM_OK && enrum->contact.state == CONTACT_CONNECTING) {
        lost(enrum, err, "");
    }
}

static void ping(struct enrum *enrum)
{
    struct msg_ping message = {0};
    struct question question = {.layout = &message_ping, .message = &message};
    enrum->contact.ping_at = now_mono(enrum);
    (void)contact_ask(enrum, &question);
}

static void requests_time_out(struct enrum *enrum, uint64_t now)
{
    LIST_EACH (link, &enrum->contact.requests) {
        struct request *request = LIST_ITEM(link, struct request, link);
        if (now >= request->deadline) {
            /* A host that leaves a request without an answer is not one to go on with; what was
             * asked is asked again. */
            enrum->contact.lost_err = ENRUM_TIMEOUT;
            return;
        }
    }
}

void contact_step(struct enrum *enrum)
{
    struct contact *contact = &enrum->contact;
    uint64_t now = now_mono(enrum);
    if (contact->lost_err != ENRUM_OK) {
        enum enrum_err err = contact->lost_err;
        contact->lost_err = ENRUM_OK;
        contact_drop(enrum, err);
        return;
    }
    if (contact->state == CONTACT_OFFLINE) {
        if (backoff_is_due(&contact->backoff, now)) {
            connect_now(enrum);
        }
        return;
    }
    if (contact->state == CONTACT_CONNECTING && now - contact->state_since >= CONNECT_WAIT_MS) {
        contact_drop(enrum, ENRUM_TIMEOUT);
        return;
    }
    if (contact->state >= CONTACT_GREETED && now - contact->ping_at >= PING_EVERY_MS) {
        ping(enrum);
    }
    if (contact->state >= CONTACT_GREETED && !asks_has_keeper(&enrum->asks) &&
        now - contact->board_at >= BOARD_EVERY_MS) {
        board_ask(enrum);
    }
    if (contact->prove_at != 0 && now >= contact->prove_at) {
        contact_prove(enrum);
    }
    requests_time_out(enrum, now);
}

uint64_t contact_due(const struct enrum *enrum)
{
    const struct contact *contact = &enrum->contact;
    if (contact->lost_err != ENRUM_OK) {
        return 0;
    }
    switch (contact->state) {
    case CONTACT_OFFLINE:
        return contact->backoff.next_at;
    case CONTACT_CONNECTING:
        return contact->state_since + CONNECT_WAIT_MS;
    case CONTACT_HELLO_SENT:
        return contact->state_since + ANSWER_WAIT_MS;
    case CONTACT_GREETED:
    case CONTACT_READY:
        return contact->ping_at + PING_EVERY_MS;
    }
    return 0;
}
