/* letter -- see letter.h. */
#include "protocol/letter.h"

#include <string.h>

const struct layout *letter_layout(uint64_t kind)
{
    switch (kind) {
#define LETTER(name, number, body, from, what)                                                     \
    case number:                                                                                   \
        return &layout_##body;
#include "protocol/letters.def"
#undef LETTER
    }
    return NULL;
}

const char *letter_name(uint64_t kind)
{
    switch (kind) {
#define LETTER(name, number, body, from, what)                                                     \
    case number:                                                                                   \
        return #name;
#include "protocol/letters.def"
#undef LETTER
    }
    return "UNKNOWN";
}

/* HPKE info: label and receiver. */
struct letter_info {
    uint8_t bytes[64];
    size_t len;
};

static struct slice info_make(struct letter_info *info, const struct id *to)
{
    struct slice label = label_slice(LABEL_LETTER);
    memcpy(info->bytes, label.at, label.len);
    memcpy(info->bytes + label.len, to->bytes, ID_BYTES);
    info->len = label.len + ID_BYTES;
    return (struct slice){info->bytes, info->len};
}

/* Encoded letter_signed, padded. */
static enum enrum_err plain_make(const struct letter_author *author, const struct id *to,
                                 const struct wire_letter_inner *inner, struct buffer *padded)
{
    struct buffer bytes, whole;
    buffer_init(&bytes, LETTER_BYTES_MAX);
    buffer_init(&whole, LETTER_BYTES_MAX);
    struct wire_letter_signed value;
    enum enrum_err err = layout_encode(&layout_letter_inner, inner, &bytes);
    if (err == ENRUM_OK) {
        value.inner = (struct slice){bytes.at, bytes.len};
        struct slice parts[] = {id_slice(to), value.inner};
        suite_sign(author->sign, LABEL_LETTER_SIGNATURE, parts, 2, &value.sig);
        err = layout_encode(&layout_letter_signed, &value, &whole);
    }
    if (err == ENRUM_OK) {
        err = suite_pad((struct slice){whole.at, whole.len}, padded);
    }
    buffer_wipe(&bytes);
    buffer_wipe(&whole);
    return err;
}

static enum enrum_err letter_seal(const struct letter_author *author,
                                  const struct wire_letter_inner *inner, const struct id *to,
                                  const struct id *to_seal_key, struct buffer *out)
{
    struct buffer padded, sealed;
    struct letter_info info;
    struct wire_letter letter = {.version = PROTOCOL_VERSION, .suite = SUITE_1, .to = *to};
    buffer_init(&padded, LETTER_BYTES_MAX);
    buffer_init(&sealed, LETTER_BYTES_MAX);
    enum enrum_err err = plain_make(author, to, inner, &padded);
    if (err == ENRUM_OK) {
        err = hpke_seal(to_seal_key, info_make(&info, to), (struct slice){NULL, 0},
                        (struct slice){padded.at, padded.len}, &letter.enc, &sealed);
    }
    if (err == ENRUM_OK) {
        letter.sealed = (struct slice){sealed.at, sealed.len};
        err = layout_encode(&layout_letter, &letter, out);
    }
    buffer_wipe(&padded);
    buffer_fini(&sealed);
    return err;
}

enum enrum_err letter_encode(const struct letter_author *author, const struct id *board,
                             const struct id *id, uint64_t kind, uint64_t time_ms, const void *body,
                             const struct id *to_sign_key, const struct id *to_seal_key,
                             struct buffer *out)
{
    const struct layout *layout = letter_layout(kind);
    struct buffer bytes;
    struct id to;
    buffer_init(&bytes, LETTER_BYTES_MAX);
    device_id(to_sign_key, to_seal_key, &to);
    enum enrum_err err = layout == NULL ? ENRUM_MALFORMED : layout_encode(layout, body, &bytes);
    if (err == ENRUM_OK) {
        struct wire_letter_inner inner = {
            .id = *id,
            .board = *board,
            .kind = kind,
            .time = time_ms,
            .sign_key = author->sign->public,
            .seal_key = author->seal->public,
            .certificate = author->certificate,
            .body = {bytes.at, bytes.len},
        };
        err = letter_seal(author, &inner, &to, to_seal_key, out);
    }
    buffer_wipe(&bytes);
    return err;
}

enum enrum_err letter_to(struct slice bytes, struct id *device)
{
    struct wire_letter letter;
    enum enrum_err err = layout_decode(&layout_letter, bytes, &letter);
    if (err == ENRUM_OK) {
        *device = letter.to;
    }
    return err;
}

static enum enrum_err plain_decode(struct slice padded, const struct id *to,
                                   struct wire_letter_inner *out)
{
    struct slice whole;
    struct wire_letter_signed value;
    struct wire_letter_inner inner;
    enum enrum_err err = suite_unpad(padded, &whole);
    if (err == ENRUM_OK) {
        err = layout_decode(&layout_letter_signed, whole, &value);
    }
    if (err == ENRUM_OK) {
        err = layout_decode(&layout_letter_inner, value.inner, &inner);
    }
    if (err != ENRUM_OK) {
        return err;
    }
    struct slice parts[] = {id_slice(to), value.inner};
    if (!suite_verify(&inner.sign_key, LABEL_LETTER_SIGNATURE, parts, 2, &value.sig)) {
        return ENRUM_SIGNATURE_WRONG;
    }
    *out = inner;
    return ENRUM_OK;
}

enum enrum_err letter_decode(struct slice bytes, const struct sign_pair *sign,
                             const struct seal_pair *seal, struct buffer *plain,
                             struct wire_letter_inner *inner)
{
    struct wire_letter letter;
    struct letter_info info;
    struct id me;
    enum enrum_err err = layout_decode(&layout_letter, bytes, &letter);
    if (err != ENRUM_OK) {
        return err;
    }
    if (letter.suite != SUITE_1) {
        return ENRUM_SUITE_UNSUPPORTED;
    }
    device_id(&sign->public, &seal->public, &me);
    if (!id_equal(&me, &letter.to)) {
        return ENRUM_OPEN_FAILED;
    }
    size_t before = plain->len;
    err = hpke_open(seal, &letter.enc, info_make(&info, &me), (struct slice){NULL, 0},
                    letter.sealed, plain);
    if (err != ENRUM_OK) {
        return err;
    }
    return plain_decode((struct slice){plain->at + before, plain->len - before}, &me, inner);
}
