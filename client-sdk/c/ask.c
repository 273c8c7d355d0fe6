/* ask -- see ask.h. */
#include "ask.h"

#include "handle.h"

#include <stdlib.h>

static void ask_free(struct ask *ask)
{
    list_remove(&ask->link);
    buffer_wipe(&ask->body);
    free(ask);
}

void asks_fini(struct asks *asks)
{
    LIST_EACH (link, &asks->list) {
        ask_free(LIST_ITEM(link, struct ask, link));
    }
}

static struct ask *ask_find(const struct asks *asks, uint64_t number)
{
    LIST_EACH (link, &asks->list) {
        struct ask *ask = LIST_ITEM(link, struct ask, link);
        if (ask->number == number) {
            return ask;
        }
    }
    return NULL;
}

/* -- Endings -- */

static void keys_answered(struct enrum *enrum, const struct id *id, enum enrum_err err)
{
    struct roomcopy *room = roomcopy_find(enrum, id);
    if (room != NULL && err == ENRUM_ROOM_UNKNOWN) {
        /* The keeper says that we were taken out; the host tells nobody who does not ask. */
        room->is_following = room->is_current = false;
    }
    /* Done: the grant is on its way in the log, and is waited for until the deadline. */
    if (room == NULL || room->key_state == KEYS_UNASKED || err == ENRUM_OK) {
        return;
    }
    uint64_t pause_ms = KEY_ASK_AGAIN_MS;
    if (err == ENRUM_KEEPER_AWAY) {
        /* It may be back in a moment. */
        uint64_t next_ms = room->key_pause_ms == 0 ? KEY_AWAY_MS : 2 * room->key_pause_ms;
        pause_ms = room->key_pause_ms = next_ms < KEY_ASK_AGAIN_MS ? next_ms : KEY_ASK_AGAIN_MS;
    }
    room->key_state = KEYS_GIVEN_UP;
    room->key_deadline = now_mono(enrum) + pause_ms;
}

union answer {
    struct wire_letter_done done;
    struct wire_letter_invited invited;
    struct wire_letter_notice_state notice;
    struct wire_letter_devices devices;
    struct wire_letter_units units;
    struct wire_letter_refused refused;
};

/* What an answer says; LOGGED_IN to a renewal is taken in. The event borrows *answer. */
static enum enrum_err answer_judge(struct enrum *enrum, const struct wire_letter_inner *inner,
                                   union answer *answer, struct enrum_event *event)
{
    const struct layout *layout = letter_layout(inner->kind);
    if (inner->kind == LETTER_LOGGED_IN) {
        return login_install(enrum, inner);
    }
    if ((inner->kind != LETTER_DONE && inner->kind != LETTER_INVITED &&
         inner->kind != LETTER_NOTICE_STATE && inner->kind != LETTER_DEVICES &&
         inner->kind != LETTER_UNITS && inner->kind != LETTER_REFUSED) ||
        layout_decode(layout, inner->body, answer) != ENRUM_OK) {
        return ENRUM_MALFORMED;
    }
    if (inner->kind == LETTER_REFUSED) {
        return (enum enrum_err)answer->refused.code;
    }
    if (inner->kind == LETTER_DONE) {
        event->seq = answer->done.seq;
    } else if (inner->kind == LETTER_INVITED) {
        event->seq = answer->invited.seq;
        event->invited = &answer->invited;
    } else if (inner->kind == LETTER_DEVICES) {
        event->devices = &answer->devices;
    } else if (inner->kind == LETTER_UNITS) {
        event->units = answer->units.units;
    } else {
        event->notice = &answer->notice;
    }
    return ENRUM_OK;
}

static void ask_end(struct enrum *enrum, struct ask *ask, enum enrum_err err,
                    const struct wire_letter_inner *inner)
{
    struct enrum_event event = {.type = ENRUM_EVENT_ANSWER, .request = ask->number};
    enum ask_purpose purpose = ask->purpose;
    struct id room = ask->room;
    ask_free(ask);
    if (purpose == ASK_FOR_LOGIN) {
        login_answered(enrum, err, inner);
        return;
    }
    union answer answer;
    event.err = inner != NULL ? answer_judge(enrum, inner, &answer, &event) : err;
    if (purpose == ASK_FOR_KEYS) {
        keys_answered(enrum, &room, event.err);
    } else {
        event.room = room;
        handle_tell(enrum, &event);
    }
}

/* -- Sending -- */

static void on_sent(struct enrum *enrum, struct request *request, enum enrum_err err, uint64_t type,
                    struct slice frame)
{
    (void)type, (void)frame;
    struct ask *ask = ask_find(&enrum->asks, request->subject);
    if (ask == NULL || err == ENRUM_OK) {
        return; /* handed over; the answer comes by itself */
    }
    if (err == ENRUM_NETWORK) {
        ask->is_sent = false; /* the same letter again: its id is remembered by who has had it */
        return;
    }
    if (err == ENRUM_KEEPER_AWAY && ask->keeper + 1 < enrum->asks.keeper_count) {
        ask->keeper++;
        ask->is_sent = false;
        return;
    }
    enrum->asks.are_stale = enrum->asks.are_stale || err == ENRUM_KEEPER_AWAY;
    ask_end(enrum, ask, err, NULL);
}

static enum enrum_err letter_make(struct enrum *enrum, struct ask *ask, struct buffer *letter)
{
    const struct certificate *keeper = &enrum->asks.keepers[ask->keeper].certificate;
    _Alignas(max_align_t) uint8_t body[256];
    struct letter_author author = {.sign = &enrum->sign, .seal = &enrum->seal};
    if (enrum->has_certificate && ask->purpose != ASK_FOR_LOGIN) {
        author.certificate = buffer_slice(&enrum->certificate);
    }
    const struct layout *layout = letter_layout(ask->kind);
    enum enrum_err err = layout_decode(layout, buffer_slice(&ask->body), body);
    if (err == ENRUM_OK) {
        err = letter_encode(&author, &enrum->board.id, &ask->id, ask->kind, now_wall(enrum), body,
                            &keeper->body.sign_key, &keeper->body.seal_key, letter);
    }
    return err;
}

static void ask_send(struct enrum *enrum, struct ask *ask)
{
    struct buffer letter;
    buffer_init(&letter, LETTER_BYTES_MAX);
    enum enrum_err err = letter_make(enrum, ask, &letter);
    if (err == ENRUM_OK) {
        struct msg_letter_send message = {.board = enrum->board.id,
                                          .id = ask->id,
                                          .durable = ask->is_durable,
                                          .letter = buffer_slice(&letter)};
        struct question question = {.layout = &message_letter_send,
                                    .message = &message,
                                    .subject = ask->number,
                                    .done = on_sent};
        err = contact_ask(enrum, &question);
        ask->is_sent = err == ENRUM_OK;
    }
    buffer_fini(&letter);
    if (err != ENRUM_OK && err != ENRUM_NETWORK && err != ENRUM_OUTBOX_FULL) {
        ask_end(enrum, ask, err, NULL);
    }
}

enum enrum_err ask_put(struct enrum *enrum, const struct ask_question *question, uint64_t *number)
{
    struct asks *asks = &enrum->asks;
    const struct layout *layout = letter_layout(question->kind);
    if (layout == NULL) {
        return ENRUM_MALFORMED;
    }
    if (asks->keepers_known && asks->keeper_count == 0) {
        return ENRUM_KEEPER_AWAY;
    }
    struct ask *ask = calloc(1, sizeof *ask);
    if (ask == NULL) {
        return ENRUM_MEMORY;
    }
    list_init(&ask->link);
    buffer_init(&ask->body, LETTER_BYTES_MAX);
    enum enrum_err err = layout_encode(layout, question->body, &ask->body);
    if (err != ENRUM_OK) {
        ask_free(ask);
        return err;
    }
    suite_random(ask->id.bytes, ID_BYTES);
    ask->purpose = question->purpose;
    ask->kind = question->kind;
    ask->is_durable = question->is_durable;
    ask->is_once = question->kind == LETTER_LOGIN || question->kind == LETTER_INVITE;
    ask->room = question->room != NULL ? *question->room : (struct id){{0}};
    ask->number = ++asks->last_number;
    ask->deadline = question->is_durable ? UINT64_MAX : now_mono(enrum) + ASK_WAIT_MS;
    list_push_back(&asks->list, &ask->link);
    *number = ask->number;
    return ENRUM_OK;
}

static void keeper_remember(struct asks *asks, const struct certificate *keeper)
{
    size_t at = 0;
    while (at < asks->keeper_count &&
           asks->keepers[at].certificate.body.not_before >= keeper->body.not_before) {
        at++;
    }
    if (asks->keeper_count == KEEPERS_MAX) {
        return;
    }
    memmove(&asks->keepers[at + 1], &asks->keepers[at],
            (asks->keeper_count - at) * sizeof asks->keepers[0]);
    asks->keepers[at].certificate = *keeper;
    asks->keeper_count++;
}

void asks_open(struct enrum *enrum)
{
    size_t cursor = 0;
    void *value;
    list_init(&enrum->asks.list);
    while (table_next(&enrum->trust.by_hash, &cursor, NULL, &value)) {
        const struct trusted *trusted = value;
        if (trusted->certificate.body.role == ROLE_KEEPER &&
            certificate_in_time(&trusted->certificate, now_wall(enrum)) == ENRUM_OK) {
            keeper_remember(&enrum->asks, &trusted->certificate);
        }
    }
}

bool asks_has_keeper(const struct asks *asks)
{
    return asks->keeper_count > 0 && !asks->are_stale;
}

void asks_step(struct enrum *enrum)
{
    enum contact_state state = enrum->contact.state;
    LIST_EACH (link, &enrum->asks.list) {
        struct ask *ask = LIST_ITEM(link, struct ask, link);
        bool may_send = ask->purpose == ASK_FOR_LOGIN ? state >= CONTACT_GREETED
                                                      : state == CONTACT_READY;
        if (now_mono(enrum) >= ask->deadline) {
            ask_end(enrum, ask, ENRUM_TIMEOUT, NULL);
        } else if (!ask->is_sent && may_send && enrum->asks.keeper_count > 0) {
            ask_send(enrum, ask);
        }
    }
}

void asks_on_lost(struct enrum *enrum)
{
    LIST_EACH (link, &enrum->asks.list) {
        struct ask *ask = LIST_ITEM(link, struct ask, link);
        /* An answer goes to the connection that asked: asked again. Not so what is good once: sent
         * again as the same letter, it is answered quickly either way. */
        ask->is_sent = false;
        ask->keeper = 0;
        if (!ask->is_durable && !ask->is_once) {
            suite_random(ask->id.bytes, ID_BYTES);
        }
    }
}

/* -- Keepers -- */

/* Whoever passes others off as the board's keepers gets nothing more in this handle's life, also
 * when it names the true ones next. */
static void are_foreign_tell(struct enrum *enrum, const char *detail)
{
    enrum->asks.are_foreign = true;
    handle_warn(enrum, NULL, ENRUM_KEEPER_UNTRUSTED, detail);
}

void asks_on_board(struct enrum *enrum, struct slice frame)
{
    struct asks *asks = &enrum->asks;
    struct msg_board board;
    struct slice bytes;
    if (layout_decode(&message_board, frame, &board) != ENRUM_OK ||
        !id_equal(&board.board, &enrum->board.id)) {
        return;
    }
    for (struct slice rest = board.revocations; trust_next(&rest, &bytes);) {
        trust_revoke(&enrum->trust, bytes);
    }
    if (trust_add_all(&enrum->trust, board.keepers, handle_keep_certificate, enrum) != ENRUM_OK) {
        return; /* asked for again while no keeper is known */
    }
    asks->keeper_count = 0;
    asks->are_stale = false;
    asks->keepers_known = true;
    bool is_any_of_board = board.keepers.len == 0;
    for (struct slice rest = board.keepers;
         trust_next(&rest, &bytes) && asks->keeper_count < KEEPERS_MAX;) {
        const struct trusted *keeper = NULL;
        uint64_t now = now_wall(enrum);
        bool is_keeper = trust_add(&enrum->trust, bytes, &keeper) == ENRUM_OK &&
                         keeper->certificate.body.role == ROLE_KEEPER;
        is_any_of_board = is_any_of_board || is_keeper;
        if (is_keeper && certificate_in_time(&keeper->certificate, now) == ENRUM_OK &&
            !trust_is_revoked(&enrum->trust, &keeper->certificate, now)) {
            asks->keepers[asks->keeper_count++].certificate = keeper->certificate;
        }
    }
    if (!is_any_of_board) {
        are_foreign_tell(enrum, "the host names keepers of its own");
    }
}

/* -- Answers -- */

static bool is_of_keeper(const struct enrum *enrum, const struct wire_letter_inner *inner)
{
    for (size_t i = 0; i < enrum->asks.keeper_count; i++) {
        const struct certificate *keeper = &enrum->asks.keepers[i].certificate;
        if (id_equal(&keeper->body.sign_key, &inner->sign_key)) {
            return true;
        }
    }
    return false;
}

void asks_on_letter_back(struct enrum *enrum, struct slice frame)
{
    struct msg_letter_back message;
    struct wire_letter_inner inner;
    struct buffer plain;
    if (layout_decode(&message_letter_back, frame, &message) != ENRUM_OK) {
        return;
    }
    buffer_init(&plain, LETTER_BYTES_MAX);
    enum enrum_err err = letter_decode(message.letter, &enrum->sign, &enrum->seal, &plain, &inner);
    if (err == ENRUM_MEMORY) {
        enrum->contact.lost_err = err; /* what was asked is asked again */
        buffer_wipe(&plain);
        return;
    }
    if (err != ENRUM_OK || !id_equal(&inner.board, &enrum->board.id) ||
        !is_of_keeper(enrum, &inner)) {
        are_foreign_tell(enrum, "a letter that no keeper has signed");
        buffer_wipe(&plain);
        return;
    }
    LIST_EACH (link, &enrum->asks.list) {
        struct ask *ask = LIST_ITEM(link, struct ask, link);
        if (id_equal(&ask->id, &inner.id)) {
            ask_end(enrum, ask, ENRUM_OK, &inner);
            break;
        }
    }
    buffer_wipe(&plain);
}

/* What an application may ask. */
struct askable {
    uint64_t kind;
    bool is_of_room; /* its body begins with the room */
    bool may_wait;   /* brought by the host later, it does what it would have done at once */
};

static const struct askable *askable_find(uint64_t kind)
{
    static const struct askable askables[] = {
        {LETTER_RENEW, false, true},        {LETTER_GRANT, true, true},
        {LETTER_TAKE, true, true},          {LETTER_REMOVE, true, true},
        {LETTER_ADD, true, true},           {LETTER_HAND_OVER, true, true},
        {LETTER_INVITE, true, false},       {LETTER_LOG_OUT, false, true},
        {LETTER_NOTICE_ASK, false, false},  {LETTER_NOTICE_SET, false, false},
        {LETTER_NOTICE_CODE, false, false}, {LETTER_DEVICES_ASK, false, false},
        {LETTER_MOVE, true, false},         {LETTER_UNITS_ASK, false, false},
    };
    for (size_t i = 0; i < sizeof askables / sizeof askables[0]; i++) {
        if (askables[i].kind == kind) {
            return &askables[i];
        }
    }
    return NULL;
}

enum enrum_err enrum_ask(struct enrum *enrum, uint64_t kind, const void *body, bool durable,
                         uint64_t *request)
{
    const struct askable *askable = askable_find(kind);
    if (askable == NULL || (durable && !askable->may_wait)) {
        return ENRUM_MALFORMED;
    }
    if (!is_logged_in(enrum)) {
        return ENRUM_NOT_LOGGED_IN;
    }
    struct ask_question question = {.purpose = ASK_FOR_APPLICATION,
                                    .kind = kind,
                                    .body = body,
                                    .is_durable = durable,
                                    .room = askable->is_of_room ? body : NULL};
    return ask_put(enrum, &question, request);
}
