/* hpke -- HPKE (RFC 9180) of suite 1: see suite.h. Base mode, single shot. */
#include "protocol/hkdf.h"

#include <sodium.h>
#include <string.h>

enum { KEM_ID = 0x0020, KDF_ID = 0x0001, AEAD_ID = 0x0002 };

static const uint8_t kem_suite[] = {'K', 'E', 'M', 0, KEM_ID};
static const uint8_t hpke_suite[] = {'H', 'P', 'K', 'E', 0, KEM_ID, 0, KDF_ID, 0, AEAD_ID};

enum { HPKE_INFO_MAX = 512 };

/* A labelled input: "HPKE-v1", suite id, label, content. */
static void hpke_label(struct buffer *out, struct slice suite, const char *label, struct slice in)
{
    buffer_append(out, "HPKE-v1", 7);
    buffer_append(out, suite.at, suite.len);
    buffer_append(out, label, strlen(label));
    buffer_append(out, in.at, in.len);
}

/* LabeledExtract, §4. An empty salt is HashLen zeros (RFC 5869 §2.2). */
static enum enrum_err hpke_extract(struct slice suite, struct slice salt, const char *label,
                                   struct slice key, uint8_t out[32])
{
    static const uint8_t zeros[32];
    struct buffer labelled;
    buffer_init(&labelled, HPKE_INFO_MAX + 64);
    hpke_label(&labelled, suite, label, key);
    if (salt.len == 0) {
        salt = (struct slice){zeros, sizeof zeros};
    }
    enum enrum_err err = buffer_error(&labelled);
    if (!labelled.failed) {
        err = hkdf_run(HKDF_EXTRACT, (struct slice){labelled.at, labelled.len}, salt,
                       (struct slice){NULL, 0}, out, 32);
        sodium_memzero(labelled.at, labelled.len);
    }
    buffer_fini(&labelled);
    return err;
}

/* LabeledExpand, §4. */
static enum enrum_err hpke_expand(struct slice suite, const uint8_t key[32], const char *label,
                                  struct slice info, uint8_t *out, size_t len)
{
    uint8_t length[2] = {0, (uint8_t)len};
    struct buffer labelled;
    buffer_init(&labelled, HPKE_INFO_MAX + 64);
    buffer_append(&labelled, length, sizeof length);
    hpke_label(&labelled, suite, label, info);
    enum enrum_err err = buffer_error(&labelled);
    if (!labelled.failed) {
        err = hkdf_run(HKDF_EXPAND, (struct slice){key, 32}, (struct slice){NULL, 0},
                       (struct slice){labelled.at, labelled.len}, out, len);
    }
    buffer_fini(&labelled);
    return err;
}

/* The shared secret of DHKEM, §4.1. MALFORMED when the result is all zeros: a public key of small
 * order. */
static enum enrum_err hpke_shared(const struct secret32 *mine, const struct id *theirs,
                                  const struct id *enc, const struct id *to, uint8_t out[32])
{
    uint8_t dh[32], context[64], prk[32];
    if (crypto_scalarmult(dh, mine->bytes, theirs->bytes) != 0) {
        return ENRUM_MALFORMED;
    }
    memcpy(context, enc->bytes, 32);
    memcpy(context + 32, to->bytes, 32);
    struct slice suite = {kem_suite, sizeof kem_suite};
    enum enrum_err err = hpke_extract(suite, (struct slice){NULL, 0}, "eae_prk",
                                      (struct slice){dh, 32}, prk);
    if (err == ENRUM_OK) {
        err = hpke_expand(suite, prk, "shared_secret", (struct slice){context, 64}, out, 32);
    }
    sodium_memzero(dh, sizeof dh);
    sodium_memzero(prk, sizeof prk);
    return err;
}

/* KeySchedule in base mode, §5.1: key and base nonce of the first (and only) message. */
static enum enrum_err hpke_schedule(const uint8_t shared[32], struct slice info,
                                    struct secret32 *key, uint8_t nonce[NONCE_BYTES])
{
    struct slice suite = {hpke_suite, sizeof hpke_suite}, none = {NULL, 0};
    uint8_t context[1 + 32 + 32] = {0}, secret[32];
    enum enrum_err err = hpke_extract(suite, none, "psk_id_hash", none, context + 1);
    if (err == ENRUM_OK) {
        err = hpke_extract(suite, none, "info_hash", info, context + 33);
    }
    if (err == ENRUM_OK) {
        err = hpke_extract(suite, (struct slice){shared, 32}, "secret", none, secret);
    }
    struct slice schedule = {context, sizeof context};
    if (err == ENRUM_OK) {
        err = hpke_expand(suite, secret, "key", schedule, key->bytes, 32);
    }
    if (err == ENRUM_OK) {
        err = hpke_expand(suite, secret, "base_nonce", schedule, nonce, NONCE_BYTES);
    }
    sodium_memzero(secret, sizeof secret);
    return err;
}

/* Either way: derives key and nonce for what `mine` and `theirs` share. */
static enum enrum_err hpke_keys(const struct secret32 *mine, const struct id *theirs,
                                const struct id *enc, const struct id *to, struct slice info,
                                struct secret32 *key, uint8_t nonce[NONCE_BYTES])
{
    uint8_t shared[32];
    enum enrum_err err = hpke_shared(mine, theirs, enc, to, shared);
    if (err == ENRUM_OK) {
        err = hpke_schedule(shared, info, key, nonce);
    }
    sodium_memzero(shared, sizeof shared);
    return err;
}

enum enrum_err hpke_seal_with(const struct seal_pair *ephemeral, const struct id *to,
                              struct slice info, struct slice aad, struct slice plain,
                              struct buffer *out)
{
    struct secret32 key;
    uint8_t nonce[NONCE_BYTES];
    enum enrum_err err = hpke_keys(&ephemeral->secret, to, &ephemeral->public, to, info, &key,
                                   nonce);
    if (err == ENRUM_OK) {
        err = suite_seal(&key, nonce, aad, plain, out);
    }
    secret_wipe(&key);
    return err;
}

enum enrum_err hpke_seal(const struct id *to, struct slice info, struct slice aad,
                         struct slice plain, struct id *enc, struct buffer *out)
{
    struct seal_pair ephemeral;
    seal_pair_new(&ephemeral);
    enum enrum_err err = hpke_seal_with(&ephemeral, to, info, aad, plain, out);
    if (err == ENRUM_OK) {
        *enc = ephemeral.public;
    }
    seal_pair_wipe(&ephemeral);
    return err;
}

enum enrum_err hpke_open(const struct seal_pair *pair, const struct id *enc, struct slice info,
                         struct slice aad, struct slice sealed, struct buffer *out)
{
    struct secret32 key;
    uint8_t nonce[NONCE_BYTES];
    enum enrum_err err = hpke_keys(&pair->secret, enc, enc, &pair->public, info, &key, nonce);
    if (err == ENRUM_OK) {
        err = suite_open(&key, nonce, aad, sealed, out);
    }
    secret_wipe(&key);
    return err;
}
