/* transient -- see transient.h. */
#include "protocol/transient.h"

static const uint8_t zero_nonce[NONCE_BYTES];

static enum enrum_err frame_seal(struct slice head, const struct id *salt,
                                 const struct wire_transient_content *content,
                                 const struct secret32 *room_key, struct buffer *out)
{
    struct secret32 key;
    struct buffer plain, padded;
    buffer_init(&plain, TRANSIENT_BYTES_MAX);
    buffer_init(&padded, TRANSIENT_BYTES_MAX);
    enum enrum_err err = layout_encode(&layout_transient_content, content, &plain);
    if (err == ENRUM_OK) {
        err = suite_pad((struct slice){plain.at, plain.len}, &padded);
    }
    if (err == ENRUM_OK) {
        err = suite_derive(room_key, salt, LABEL_TRANSIENT_KEY, &key);
    }
    if (err == ENRUM_OK) {
        err = suite_seal(&key, zero_nonce, head, (struct slice){padded.at, padded.len}, out);
        secret_wipe(&key);
    }
    buffer_wipe(&plain);
    buffer_wipe(&padded);
    return err;
}

enum enrum_err transient_encode(const struct wire_transient_head *head,
                                const struct wire_transient_content *content,
                                const struct secret32 *room_key, const struct sign_pair *author,
                                struct buffer *out)
{
    struct wire_transient_head full = *head;
    struct buffer head_bytes, sealed;
    full.version = PROTOCOL_VERSION;
    full.suite = SUITE_1;
    suite_random(full.salt.bytes, sizeof full.salt.bytes);
    buffer_init(&head_bytes, HEAD_BYTES_MAX);
    buffer_init(&sealed, TRANSIENT_BYTES_MAX);
    struct wire_transient frame;
    enum enrum_err err = layout_encode(&layout_transient_head, &full, &head_bytes);
    if (err == ENRUM_OK) {
        frame.head = (struct slice){head_bytes.at, head_bytes.len};
        err = frame_seal(frame.head, &full.salt, content, room_key, &sealed);
    }
    if (err == ENRUM_OK) {
        frame.sealed = (struct slice){sealed.at, sealed.len};
        struct slice parts[] = {frame.head, frame.sealed};
        suite_sign(author, LABEL_TRANSIENT, parts, 2, &frame.sig);
        err = layout_encode(&layout_transient, &frame, out);
    }
    buffer_fini(&head_bytes);
    buffer_fini(&sealed);
    return err;
}

enum enrum_err transient_decode(struct slice bytes, struct transient_frame *out)
{
    struct wire_transient wire;
    struct transient_frame frame;
    enum enrum_err err = layout_decode(&layout_transient, bytes, &wire);
    if (err == ENRUM_OK) {
        err = layout_decode(&layout_transient_head, wire.head, &frame.head);
    }
    if (err != ENRUM_OK) {
        return err;
    }
    if (frame.head.suite != SUITE_1) {
        return ENRUM_SUITE_UNSUPPORTED;
    }
    frame.head_bytes = wire.head;
    frame.sealed = wire.sealed;
    frame.sig = wire.sig;
    *out = frame;
    return ENRUM_OK;
}

bool transient_signature_is_good(const struct transient_frame *frame, const struct id *sign_key)
{
    struct slice parts[] = {frame->head_bytes, frame->sealed};
    return suite_verify(sign_key, LABEL_TRANSIENT, parts, 2, &frame->sig);
}

enum enrum_err transient_open(const struct transient_frame *frame, const struct secret32 *room_key,
                              struct buffer *plain, struct wire_transient_content *out)
{
    struct secret32 key;
    struct slice padded;
    size_t before = plain->len;
    enum enrum_err err = suite_derive(room_key, &frame->head.salt, LABEL_TRANSIENT_KEY, &key);
    if (err != ENRUM_OK) {
        return err;
    }
    err = suite_open(&key, zero_nonce, frame->head_bytes, frame->sealed, plain);
    secret_wipe(&key);
    if (err == ENRUM_OK) {
        err = suite_unpad((struct slice){plain->at + before, plain->len - before}, &padded);
    }
    return err != ENRUM_OK ? err : layout_decode(&layout_transient_content, padded, out);
}
