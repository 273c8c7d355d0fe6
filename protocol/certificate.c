/* certificate -- see certificate.h. */
#include "protocol/certificate.h"

void board_id(const struct id *root_key, struct id *out)
{
    struct slice part = id_slice(root_key);
    suite_hash(LABEL_BOARD, &part, 1, out);
}

void device_id(const struct id *sign_key, const struct id *seal_key, struct id *out)
{
    struct slice parts[] = {id_slice(sign_key), id_slice(seal_key)};
    suite_hash(LABEL_DEVICE, parts, 2, out);
}

void person_id(const struct secret32 *board_secret, enum role role, struct slice identity,
               struct id *out)
{
    uint8_t capacity = (uint8_t)role;
    struct slice parts[] = {{&capacity, 1}, identity};
    suite_mac(board_secret, LABEL_PERSON, parts, 2, out);
}

enum enrum_err signed_encode(const struct sign_pair *issuer, enum label label, struct slice body,
                             struct buffer *out)
{
    struct wire_signed value = {.body = body};
    suite_sign(issuer, label, &body, 1, &value.sig);
    return layout_encode(&layout_signed, &value, out);
}

enum enrum_err signed_decode(struct slice bytes, const struct id *issuer_key, enum label label,
                             struct slice *body)
{
    struct wire_signed value;
    enum enrum_err err = layout_decode(&layout_signed, bytes, &value);
    if (err != ENRUM_OK) {
        return err;
    }
    if (!suite_verify(issuer_key, label, &value.body, 1, &value.sig)) {
        return ENRUM_SIGNATURE_WRONG;
    }
    *body = value.body;
    return ENRUM_OK;
}

enum enrum_err certificate_encode(const struct sign_pair *issuer,
                                  const struct wire_certificate *body, struct buffer *out)
{
    struct wire_certificate full = *body;
    struct buffer bytes;
    full.version = PROTOCOL_VERSION;
    full.suite = SUITE_1;
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    enum enrum_err err = layout_encode(&layout_certificate, &full, &bytes);
    if (err == ENRUM_OK) {
        err = signed_encode(issuer, LABEL_CERTIFICATE, (struct slice){bytes.at, bytes.len}, out);
    }
    buffer_fini(&bytes);
    return err;
}

enum enrum_err profile_encode(const struct sign_pair *keeper, const struct wire_profile *body,
                              struct buffer *out)
{
    struct wire_profile full = *body;
    struct buffer bytes, whole;
    full.version = PROTOCOL_VERSION;
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    buffer_init(&whole, CERTIFICATE_BYTES_MAX);
    enum enrum_err err = layout_encode(&layout_profile, &full, &bytes);
    if (err == ENRUM_OK) {
        err = signed_encode(keeper, LABEL_PROFILE, buffer_slice(&bytes), &whole);
    }
    if (err == ENRUM_OK) {
        buffer_append_slice(out, buffer_slice(&whole));
        err = out->failed ? ENRUM_OVERSIZED : ENRUM_OK;
    }
    buffer_fini(&bytes);
    buffer_fini(&whole);
    return err;
}

static enum enrum_err body_decode(struct slice bytes, struct slice body, struct certificate *out)
{
    struct certificate certificate;
    enum enrum_err err = layout_decode(&layout_certificate, body, &certificate.body);
    if (err != ENRUM_OK) {
        return err;
    }
    if (certificate.body.suite != SUITE_1) {
        return ENRUM_SUITE_UNSUPPORTED;
    }
    suite_hash(LABEL_CERTIFICATE, &bytes, 1, &certificate.hash);
    device_id(&certificate.body.sign_key, &certificate.body.seal_key, &certificate.device);
    *out = certificate;
    return ENRUM_OK;
}

enum enrum_err certificate_decode(struct slice bytes, struct certificate *out)
{
    struct wire_signed value;
    enum enrum_err err = layout_decode(&layout_signed, bytes, &value);
    return err != ENRUM_OK ? err : body_decode(bytes, value.body, out);
}

enum enrum_err certificate_check(struct slice bytes, const struct id *issuer_key,
                                 struct certificate *out)
{
    struct slice body;
    enum enrum_err err = signed_decode(bytes, issuer_key, LABEL_CERTIFICATE, &body);
    return err != ENRUM_OK ? err : body_decode(bytes, body, out);
}

enum enrum_err certificate_in_time(const struct certificate *certificate, uint64_t at_ms)
{
    if (at_ms < certificate->body.not_before) {
        return ENRUM_CERTIFICATE_NOT_YET;
    }
    return at_ms < certificate->body.not_after ? ENRUM_OK : ENRUM_CERTIFICATE_EXPIRED;
}

enum enrum_err chain_check_keeper(const struct id *board, const struct id *root_key,
                                  struct slice keeper, struct certificate *out)
{
    struct certificate certificate;
    enum enrum_err err = certificate_decode(keeper, &certificate);
    if (err == ENRUM_OK && !id_equal(&certificate.body.board, board)) {
        return ENRUM_CERTIFICATE_OTHER_BOARD;
    }
    if (err == ENRUM_OK) {
        err = certificate_check(keeper, root_key, &certificate);
    }
    if (err != ENRUM_OK) {
        return err;
    }
    if (!id_equal(&certificate.body.issuer, board) || !id_equal(&certificate.body.person, board) ||
        certificate.body.role != ROLE_KEEPER) {
        return ENRUM_CERTIFICATE_UNTRUSTED;
    }
    *out = certificate;
    return ENRUM_OK;
}

enum enrum_err chain_check(const struct id *board, const struct id *root_key, struct slice device,
                           struct slice issuer, struct certificate *out)
{
    if (issuer.len == 0) {
        return chain_check_keeper(board, root_key, device, out);
    }
    struct certificate keeper, certificate;
    enum enrum_err err = certificate_decode(device, &certificate);
    if (err == ENRUM_OK && !id_equal(&certificate.body.board, board)) {
        return ENRUM_CERTIFICATE_OTHER_BOARD;
    }
    if (err == ENRUM_OK) {
        err = chain_check_keeper(board, root_key, issuer, &keeper);
    }
    if (err == ENRUM_OK) {
        err = certificate_check(device, &keeper.body.sign_key, &certificate);
    }
    if (err != ENRUM_OK) {
        return err;
    }
    if (!id_equal(&certificate.body.issuer, &keeper.hash) || certificate.body.role == ROLE_KEEPER ||
        id_equal(&certificate.body.person, board) ||
        certificate_in_time(&keeper, certificate.body.not_before) != ENRUM_OK ||
        certificate.body.not_after > keeper.body.not_after) {
        return ENRUM_CERTIFICATE_UNTRUSTED;
    }
    *out = certificate;
    return ENRUM_OK;
}
