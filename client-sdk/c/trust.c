/* trust -- see trust.h. */
#include "trust.h"

#include <stdlib.h>

enum { TRUSTED_MAX = 1 << 20 };

void trust_init(struct trust *trust, const struct enrum_board *board)
{
    *trust = (struct trust){.board = board};
    table_init(&trust->by_hash, ID_BYTES, TRUSTED_MAX);
}

void trust_fini(struct trust *trust)
{
    table_free_values(&trust->by_hash);
}

const struct trusted *trust_find(const struct trust *trust, const struct id *hash)
{
    return table_find(&trust->by_hash, hash);
}

/* Under any of the roots, newest first: what an old root signed in its time stands. */
static enum enrum_err check_under_roots(const struct enrum_board *board, struct slice bytes,
                                        struct slice issuer, struct certificate *out)
{
    enum enrum_err err = ENRUM_CERTIFICATE_UNTRUSTED;
    for (size_t i = board->root_count; i > 0; i--) {
        err = chain_check(&board->id, &board->roots[i - 1], bytes, issuer, out);
        if (err == ENRUM_OK) {
            return err;
        }
    }
    return err;
}

static enum enrum_err remember(struct trust *trust, const struct certificate *certificate,
                               struct slice bytes, struct slice issuer, const struct trusted **out)
{
    struct trusted *trusted = calloc(1, sizeof *trusted);
    if (trusted == NULL) {
        return ENRUM_MEMORY;
    }
    trusted->certificate = *certificate;
    trusted->len = bytes.len;
    memcpy(trusted->bytes, bytes.at, bytes.len);
    trusted->issuer_len = issuer.len;
    if (issuer.len > 0) {
        memcpy(trusted->issuer, issuer.at, issuer.len);
    }
    if (table_insert(&trust->by_hash, &certificate->hash, trusted) != TABLE_OK) {
        free(trusted);
        return ENRUM_MEMORY;
    }
    if (out != NULL) {
        *out = trusted;
    }
    return ENRUM_OK;
}

enum enrum_err trust_add(struct trust *trust, struct slice bytes, const struct trusted **out)
{
    struct certificate certificate;
    struct slice issuer = {NULL, 0};
    if (bytes.len > CERTIFICATE_BYTES_MAX) {
        return ENRUM_MALFORMED;
    }
    enum enrum_err err = certificate_decode(bytes, &certificate);
    if (err != ENRUM_OK) {
        return err;
    }
    const struct trusted *known = trust_find(trust, &certificate.hash);
    if (known != NULL) {
        if (out != NULL) {
            *out = known;
        }
        return ENRUM_OK;
    }
    if (!id_equal(&certificate.body.issuer, &trust->board->id)) {
        const struct trusted *keeper = trust_find(trust, &certificate.body.issuer);
        if (keeper == NULL) {
            return ENRUM_KEEPER_UNTRUSTED;
        }
        issuer = (struct slice){keeper->bytes, keeper->len};
    }
    err = check_under_roots(trust->board, bytes, issuer, &certificate);
    return err != ENRUM_OK ? err : remember(trust, &certificate, bytes, issuer, out);
}

bool trust_next(struct slice *rest, struct slice *bytes)
{
    struct wire_signed value;
    struct slice before = *rest;
    if (rest->len == 0 || layout_next(&layout_signed, rest, &value) != ENRUM_OK) {
        return false;
    }
    *bytes = (struct slice){before.at, before.len - rest->len};
    return true;
}

enum enrum_err trust_add_all(struct trust *trust, struct slice seq,
                             void (*added)(void *context, const struct trusted *trusted),
                             void *context)
{
    struct slice bytes;
    bool is_short = false;
    /* A device's certificate may stand before its keeper's: the first pass finds the keepers. */
    for (int pass = 0; pass < 2; pass++) {
        struct slice rest = seq;
        while (trust_next(&rest, &bytes)) {
            const struct trusted *trusted = NULL;
            size_t before = trust->by_hash.count;
            enum enrum_err err = trust_add(trust, bytes, &trusted);
            is_short = is_short || err == ENRUM_MEMORY;
            if (err == ENRUM_OK && trust->by_hash.count > before) {
                added(context, trusted);
            }
        }
    }
    return is_short ? ENRUM_MEMORY : ENRUM_OK;
}

void trust_revoke(struct trust *trust, struct slice bytes)
{
    struct slice body;
    struct wire_revocation revocation;
    bool good = false;
    for (size_t i = 0; !good && i < trust->board->root_count; i++) {
        good = signed_decode(bytes, &trust->board->roots[i], LABEL_REVOCATION, &body) == ENRUM_OK;
    }
    if (!good || layout_decode(&layout_revocation, body, &revocation) != ENRUM_OK ||
        !id_equal(&revocation.board, &trust->board->id)) {
        return;
    }
    for (size_t i = 0; i < trust->revocation_count; i++) {
        if (id_equal(&trust->revocations[i].device, &revocation.device)) {
            return;
        }
    }
    if (trust->revocation_count < KEEPERS_MAX) {
        trust->revocations[trust->revocation_count++] = (struct trust_revocation){revocation.device,
                                                                                  revocation.at};
    }
}

static bool device_is_revoked(const struct trust *trust, const struct id *device, uint64_t at_ms)
{
    for (size_t i = 0; i < trust->revocation_count; i++) {
        if (id_equal(&trust->revocations[i].device, device) && at_ms > trust->revocations[i].at) {
            return true;
        }
    }
    return false;
}

bool trust_is_revoked(const struct trust *trust, const struct certificate *certificate,
                      uint64_t at_ms)
{
    if (device_is_revoked(trust, &certificate->device, at_ms)) {
        return true;
    }
    const struct trusted *issuer = trust_find(trust, &certificate->body.issuer);
    return issuer != NULL &&
           device_is_revoked(trust, &issuer->certificate.device, certificate->body.not_before);
}
