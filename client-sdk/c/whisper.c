/* whisper -- see whisper.h. */
#include "whisper.h"

#include "handle.h"
#include "reopening.h"

enum enrum_err enrum_transient(struct enrum *enrum, const struct id *room_id_of,
                               const struct wire_transient_content *content)
{
    struct roomcopy *room = NULL;
    enum enrum_err err = room_named(enrum, room_id_of, &room);
    if (err != ENRUM_OK || !room->is_loaded) {
        return err != ENRUM_OK ? err : ENRUM_ROOM_UNKNOWN;
    }
    if (enrum->contact.state != CONTACT_READY) {
        return ENRUM_NETWORK;
    }
    const struct secret32 *key = keyring_find(&room->keyring, room->fold.generation_count);
    if (key == NULL) {
        return ENRUM_KEY_MISSING;
    }
    struct wire_transient_head head = {.room = room->id,
                                       .generation = room->fold.generation_count,
                                       .certificate = enrum->me.hash,
                                       .time = now_wall(enrum)};
    struct buffer frame;
    buffer_init(&frame, TRANSIENT_BYTES_MAX);
    err = transient_encode(&head, content, key, &enrum->sign, &frame);
    if (err == ENRUM_OK) {
        struct msg_transient_send message = {
            .board = enrum->board.id, .room = room->id, .frame = buffer_slice(&frame)};
        struct question question = {.layout = &message_transient_send, .message = &message};
        err = contact_ask(enrum, &question);
    }
    buffer_fini(&frame);
    return err;
}

static bool author_holds(const struct enrum *enrum, const struct roomcopy *room,
                         const struct transient_frame *frame, const struct certificate *author)
{
    return id_equal(&author->hash, &frame->head.certificate) &&
           id_equal(&frame->head.room, &room->id) &&
           fold_member_find(&room->fold, &author->body.person) != NULL &&
           certificate_in_time(author, now_wall(enrum)) == ENRUM_OK &&
           transient_signature_is_good(frame, &author->body.sign_key);
}

void whisper_on_frame(struct enrum *enrum, struct slice bytes)
{
    struct msg_transient_in message;
    struct transient_frame frame;
    if (layout_decode(&message_transient_in, bytes, &message) != ENRUM_OK ||
        transient_decode(message.frame, &frame) != ENRUM_OK ||
        /* As with an entry: what is known from here on is in the store too, where later entries of
         * this author need it. */
        trust_add_all(&enrum->trust, message.certificate, handle_keep_certificate, enrum) !=
            ENRUM_OK) {
        return;
    }
    const struct trusted *author = trust_find(&enrum->trust, &frame.head.certificate);
    struct roomcopy *room = roomcopy_find(enrum, &message.room);
    const struct secret32 *key = room != NULL ? keyring_find(&room->keyring, frame.head.generation)
                                              : NULL;
    if (key == NULL || author == NULL || !author_holds(enrum, room, &frame, &author->certificate)) {
        return;
    }
    struct buffer plain;
    struct wire_transient_content content;
    buffer_init(&plain, TRANSIENT_BYTES_MAX);
    if (transient_open(&frame, key, &plain, &content) == ENRUM_OK) {
        struct enrum_item item = {
            .room = room->id, .time = frame.head.time, .author = author->certificate};
        struct enrum_event event = {
            .type = ENRUM_EVENT_TRANSIENT, .room = room->id, .item = &item, .transient = &content};
        handle_tell(enrum, &event);
    }
    buffer_wipe(&plain);
}
