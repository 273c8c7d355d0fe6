/* policy -- see policy.h. */
#include "policy.h"

bool policy_from_find(uint64_t kind, enum policy_from *out)
{
    switch (kind) {
#define LETTER(name, number, body, from, what)                                                     \
    case number:                                                                                   \
        *out = POLICY_##from;                                                                      \
        return true;
#include "protocol/letters.def"
#undef LETTER
    default:
        return false;
    }
}

static enum enrum_err certificate_judge(const struct policy_view *view,
                                        const struct wire_letter_inner *inner,
                                        struct certificate *out)
{
    if (inner->certificate.len == 0) {
        return ENRUM_NOT_LOGGED_IN;
    }
    enum enrum_err err = certificate_check(inner->certificate, &view->keeper_sign_key, out);
    if (err != ENRUM_OK) {
        return err;
    }
    if (!id_equal(&out->body.board, &view->board)) {
        return ENRUM_CERTIFICATE_OTHER_BOARD;
    }
    if (out->body.role == ROLE_KEEPER || id_equal(&out->body.person, &view->board)) {
        return ENRUM_CERTIFICATE_UNTRUSTED;
    }
    if (!id_equal(&out->body.sign_key, &inner->sign_key) ||
        !id_equal(&out->body.seal_key, &inner->seal_key)) {
        return ENRUM_DEVICE_OTHER;
    }
    if (registry_is_revoked(view->registry, &out->body.person) ||
        registry_is_revoked(view->registry, &out->device)) {
        return ENRUM_CERTIFICATE_REVOKED;
    }
    return certificate_in_time(out, view->now_ms);
}

enum enrum_err policy_judge(const struct policy_view *view, const struct wire_letter_inner *inner,
                            struct certificate *author)
{
    enum policy_from from;
    struct certificate certificate;
    if (!policy_from_find(inner->kind, &from) || !id_equal(&inner->board, &view->board)) {
        return ENRUM_MALFORMED;
    }
    if (from == POLICY_KEEPER) {
        return ENRUM_MAY_NOT;
    }
    if (from == POLICY_ANYBODY) {
        return ENRUM_OK;
    }
    enum enrum_err err = certificate_judge(view, inner, &certificate);
    if (err != ENRUM_OK) {
        return err;
    }
    if (from == POLICY_STAFF && certificate.body.role != ROLE_STAFF) {
        return ENRUM_MAY_NOT;
    }
    /* An employee who has left keeps the certificate for its hours, and nothing is done for them.
     */
    if (certificate.body.role == ROLE_STAFF &&
        !registry_is_staff(view->registry, &certificate.body.person)) {
        return ENRUM_NOT_STAFF;
    }
    *author = certificate;
    return ENRUM_OK;
}
