/* keeper_api -- see keeper_api.h and the keepers' part of enrum.h: letters in, answers out.
 * (Appends: appendjob.c.) */
#include "keeper_api.h"

#include "handle.h"

static void letter_done(struct enrum *enrum, const struct id *id)
{
    struct msg_letter_done message = {.board = enrum->board.id, .id = *id};
    struct question question = {.layout = &message_letter_done, .message = &message};
    (void)contact_ask(enrum, &question);
}

void keeper_on_letter(struct enrum *enrum, struct slice frame)
{
    struct msg_letter_in message;
    struct enrum_letter letter;
    struct buffer plain;
    if (!is_keeper(enrum) || layout_decode(&message_letter_in, frame, &message) != ENRUM_OK ||
        !id_equal(&message.board, &enrum->board.id)) {
        return;
    }
    buffer_init(&plain, LETTER_BYTES_MAX);
    letter = (struct enrum_letter){
        .origin = message.origin, .id = message.id, .is_durable = message.durable == 1};
    if (letter_decode(message.letter, &enrum->sign, &enrum->seal, &plain, &letter.inner) ==
            ENRUM_OK &&
        id_equal(&letter.inner.board, &enrum->board.id)) {
        struct enrum_event event = {.type = ENRUM_EVENT_LETTER, .letter = &letter};
        handle_tell(enrum, &event);
    } else if (letter.is_durable) {
        /* Nobody can ever read it: it would wait in the mailbox for good. */
        letter_done(enrum, &message.id);
    }
    buffer_wipe(&plain);
}

void keeper_on_call(struct enrum *enrum, struct slice frame)
{
    struct msg_call message;
    if (!is_keeper(enrum) || layout_decode(&message_call, frame, &message) != ENRUM_OK ||
        !id_equal(&message.board, &enrum->board.id)) {
        return;
    }
    if (trust_add_all(&enrum->trust, message.certificates, handle_keep_certificate, enrum) ==
        ENRUM_OK) {
        struct enrum_event event = {.type = ENRUM_EVENT_CALL, .call = &message};
        handle_tell(enrum, &event);
    }
}

bool enrum_certificate(const struct enrum *enrum, const struct id *hash, struct certificate *out)
{
    const struct trusted *trusted = trust_find(&enrum->trust, hash);
    if (trusted != NULL) {
        *out = trusted->certificate;
    }
    return trusted != NULL;
}

void enrum_letter_origin(const struct enrum_letter *letter, struct enrum_origin *out)
{
    *out = (struct enrum_origin){.origin = letter->origin,
                                 .id = letter->inner.id,
                                 .sign_key = letter->inner.sign_key,
                                 .seal_key = letter->inner.seal_key};
}

enum enrum_err enrum_origin_answer(struct enrum *enrum, const struct enrum_origin *to,
                                   uint64_t kind, const void *body)
{
    struct buffer letter;
    struct letter_author author = {.sign = &enrum->sign,
                                   .seal = &enrum->seal,
                                   .certificate = buffer_slice(&enrum->certificate)};
    if (!is_keeper(enrum)) {
        return ENRUM_MAY_NOT;
    }
    if (to->origin == 0) {
        return ENRUM_OK; /* nobody waits for it any more */
    }
    buffer_init(&letter, LETTER_BYTES_MAX);
    enum enrum_err err = letter_encode(&author, &enrum->board.id, &to->id, kind, now_wall(enrum),
                                       body, &to->sign_key, &to->seal_key, &letter);
    if (err == ENRUM_OK) {
        struct msg_letter_answer message = {
            .board = enrum->board.id, .origin = to->origin, .letter = buffer_slice(&letter)};
        struct question question = {.layout = &message_letter_answer, .message = &message};
        err = contact_ask(enrum, &question);
    }
    buffer_fini(&letter);
    return err;
}

enum enrum_err enrum_letter_answer(struct enrum *enrum, const struct enrum_letter *letter,
                                   uint64_t kind, const void *body)
{
    struct enrum_origin to;
    enrum_letter_origin(letter, &to);
    return enrum_origin_answer(enrum, &to, kind, body);
}

enum enrum_err enrum_letter_done(struct enrum *enrum, const struct id *id)
{
    if (!is_keeper(enrum)) {
        return ENRUM_MAY_NOT;
    }
    if (enrum->contact.state != CONTACT_READY) {
        return ENRUM_NETWORK; /* it comes again with the next connection */
    }
    letter_done(enrum, id);
    return ENRUM_OK;
}
