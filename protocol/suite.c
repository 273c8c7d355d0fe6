/* suite -- see suite.h. */
#include "protocol/suite.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>

#include "base/check.h"
#include "protocol/hkdf.h"

bool suite_init(void)
{
    if (sodium_init() < 0) {
        return false;
    }
    return hkdf_init();
}

struct slice label_slice(enum label label)
{
    switch (label) {
#define LABEL(name, text, what)                                                                    \
    case LABEL_##name:                                                                             \
        return (struct slice){(const uint8_t *)(text), sizeof(text)};
#include "protocol/labels.def"
#undef LABEL
    }
    CHECK(false);
    return (struct slice){NULL, 0};
}

void suite_random(void *out, size_t len)
{
    randombytes_buf(out, len);
}

void sign_pair_new(struct sign_pair *out)
{
    crypto_sign_keypair(out->public.bytes, out->secret);
}

void sign_pair_of_seed(const struct secret32 *seed, struct sign_pair *out)
{
    crypto_sign_seed_keypair(out->public.bytes, out->secret, seed->bytes);
}

void sign_pair_seed(const struct sign_pair *pair, struct secret32 *out)
{
    crypto_sign_ed25519_sk_to_seed(out->bytes, pair->secret);
}

void sign_pair_wipe(struct sign_pair *pair)
{
    sodium_memzero(pair, sizeof *pair);
}

void seal_pair_new(struct seal_pair *out)
{
    randombytes_buf(out->secret.bytes, sizeof out->secret.bytes);
    crypto_scalarmult_base(out->public.bytes, out->secret.bytes);
}

void seal_pair_of_secret(const struct secret32 *secret, struct seal_pair *out)
{
    out->secret = *secret;
    crypto_scalarmult_base(out->public.bytes, out->secret.bytes);
}

void seal_pair_wipe(struct seal_pair *pair)
{
    sodium_memzero(pair, sizeof *pair);
}

static void hash_parts(crypto_hash_sha256_state *state, const struct slice *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        crypto_hash_sha256_update(state, parts[i].at, parts[i].len);
    }
}

void suite_hash(enum label label, const struct slice *parts, size_t count, struct id *out)
{
    struct slice text = label_slice(label);
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    hash_parts(&state, &text, 1);
    hash_parts(&state, parts, count);
    crypto_hash_sha256_final(&state, out->bytes);
}

void suite_hash_bare(const struct slice *parts, size_t count, struct id *out)
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    hash_parts(&state, parts, count);
    crypto_hash_sha256_final(&state, out->bytes);
}

void digest_init(struct digest *digest)
{
    digest->context = EVP_MD_CTX_new();
    digest->failed = digest->context == NULL ||
                     EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) != 1;
}

void digest_add(struct digest *digest, struct slice bytes)
{
    digest->failed = digest->failed ||
                     (bytes.len > 0 && EVP_DigestUpdate(digest->context, bytes.at, bytes.len) != 1);
}

enum enrum_err digest_end(struct digest *digest, struct id *out)
{
    bool good = !digest->failed && EVP_DigestFinal_ex(digest->context, out->bytes, NULL) == 1;
    digest_fini(digest);
    digest_init(digest);
    return good ? ENRUM_OK : ENRUM_MEMORY;
}

void digest_fini(struct digest *digest)
{
    EVP_MD_CTX_free(digest->context);
    digest->context = NULL;
}

void suite_mac(const struct secret32 *key, enum label label, const struct slice *parts,
               size_t count, struct id *out)
{
    struct slice text = label_slice(label);
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key->bytes, sizeof key->bytes);
    crypto_auth_hmacsha256_update(&state, text.at, text.len);
    for (size_t i = 0; i < count; i++) {
        crypto_auth_hmacsha256_update(&state, parts[i].at, parts[i].len);
    }
    crypto_auth_hmacsha256_final(&state, out->bytes);
    sodium_memzero(&state, sizeof state);
}

enum enrum_err suite_derive(const struct secret32 *key, const struct id *salt, enum label label,
                            struct secret32 *out)
{
    return hkdf_run(HKDF_BOTH, (struct slice){key->bytes, KEY_BYTES}, id_slice(salt),
                    label_slice(label), out->bytes, sizeof out->bytes);
}

/* -- Signatures -- */

/* What is signed, in one piece. Only a letter or a transient frame is more than a few bytes and
 * asks for memory; without it the process stops: neither a signature nor a verdict may be made up.
 */
struct joined {
    uint8_t few[1024];
    struct buffer many;
    struct slice bytes;
};

static void join(struct joined *joined, enum label label, const struct slice *parts, size_t count)
{
    struct slice text = label_slice(label);
    size_t len = text.len, at = text.len;
    for (size_t i = 0; i < count; i++) {
        len += parts[i].len;
    }
    buffer_init(&joined->many, FRAME_BYTES_MAX);
    uint8_t *to = len <= sizeof joined->few ? joined->few : buffer_extend(&joined->many, len);
    CHECK(to != NULL);
    memcpy(to, text.at, text.len);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > 0) {
            memcpy(to + at, parts[i].at, parts[i].len);
        }
        at += parts[i].len;
    }
    joined->bytes = (struct slice){to, len};
}

/* A letter is signed before it is sealed: what was joined may be a plaintext. */
static void joined_wipe(struct joined *joined)
{
    sodium_memzero(joined->few, sizeof joined->few);
    buffer_wipe(&joined->many);
}

void suite_sign(const struct sign_pair *pair, enum label label, const struct slice *parts,
                size_t count, struct sig *out)
{
    struct joined joined;
    join(&joined, label, parts, count);
    crypto_sign_detached(out->bytes, NULL, joined.bytes.at, joined.bytes.len, pair->secret);
    joined_wipe(&joined);
}

bool suite_verify(const struct id *public, enum label label, const struct slice *parts,
                  size_t count, const struct sig *sig)
{
    struct joined joined;
    join(&joined, label, parts, count);
    int bad = crypto_sign_verify_detached(sig->bytes, joined.bytes.at, joined.bytes.len,
                                          public->bytes);
    joined_wipe(&joined);
    return bad == 0;
}

/* -- AES-256-GCM -- */

#ifdef ENRUM_SEALING_OFF
/* Only for the positive control of the leak search: what is sealed stays readable, so that the
 * search must find it. */
enum enrum_err suite_seal(const struct secret32 *key, const uint8_t nonce[NONCE_BYTES],
                          struct slice aad, struct slice plain, struct buffer *out)
{
    static const uint8_t tag[TAG_BYTES];
    (void)key, (void)nonce, (void)aad;
    buffer_append(out, plain.at, plain.len);
    buffer_append(out, tag, sizeof tag);
    return out->failed ? buffer_error(out) : ENRUM_OK;
}

enum enrum_err suite_open(const struct secret32 *key, const uint8_t nonce[NONCE_BYTES],
                          struct slice aad, struct slice sealed, struct buffer *out)
{
    (void)key, (void)nonce, (void)aad;
    if (sealed.len < TAG_BYTES) {
        return ENRUM_OPEN_FAILED;
    }
    buffer_append(out, sealed.at, sealed.len - TAG_BYTES);
    return out->failed ? buffer_error(out) : ENRUM_OK;
}
#else
/* Lengths go to OpenSSL as int: everything here is at most FRAME_BYTES_MAX. */
static bool seal_into(EVP_CIPHER_CTX *context, const struct secret32 *key, const uint8_t *nonce,
                      struct slice aad, struct slice plain, uint8_t *out)
{
    int len = 0, last = 0;
    return EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, key->bytes, nonce) == 1 &&
           EVP_EncryptUpdate(context, NULL, &len, aad.at, (int)aad.len) == 1 &&
           (plain.len == 0 ||
            EVP_EncryptUpdate(context, out, &len, plain.at, (int)plain.len) == 1) &&
           EVP_EncryptFinal_ex(context, out + plain.len, &last) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, out + plain.len) == 1;
}

enum enrum_err suite_seal(const struct secret32 *key, const uint8_t nonce[NONCE_BYTES],
                          struct slice aad, struct slice plain, struct buffer *out)
{
    CHECK(aad.len <= FRAME_BYTES_MAX && plain.len <= FRAME_BYTES_MAX);
    uint8_t *room = buffer_extend(out, plain.len + TAG_BYTES);
    if (room == NULL) {
        return buffer_error(out);
    }
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool good = context != NULL && seal_into(context, key, nonce, aad, plain, room);
    EVP_CIPHER_CTX_free(context);
    if (!good) {
        buffer_truncate(out, out->len - plain.len - TAG_BYTES);
    }
    return good ? ENRUM_OK : ENRUM_MEMORY;
}

/* Only the last step judges the tag; what fails before it has had no memory. */
static enum enrum_err open_into(EVP_CIPHER_CTX *context, const struct secret32 *key,
                                const uint8_t *nonce, struct slice aad, struct slice cipher,
                                uint8_t *tag, uint8_t *out)
{
    int len = 0, last = 0;
    bool good = EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key->bytes, nonce) == 1 &&
                EVP_DecryptUpdate(context, NULL, &len, aad.at, (int)aad.len) == 1 &&
                (cipher.len == 0 ||
                 EVP_DecryptUpdate(context, out, &len, cipher.at, (int)cipher.len) == 1) &&
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, tag) == 1;
    if (!good) {
        return ENRUM_MEMORY;
    }
    return EVP_DecryptFinal_ex(context, out + cipher.len, &last) == 1 ? ENRUM_OK
                                                                      : ENRUM_OPEN_FAILED;
}

enum enrum_err suite_open(const struct secret32 *key, const uint8_t nonce[NONCE_BYTES],
                          struct slice aad, struct slice sealed, struct buffer *out)
{
    if (sealed.len < TAG_BYTES || sealed.len > FRAME_BYTES_MAX || aad.len > FRAME_BYTES_MAX) {
        return ENRUM_OPEN_FAILED;
    }
    struct slice cipher = {sealed.at, sealed.len - TAG_BYTES};
    uint8_t tag[TAG_BYTES];
    memcpy(tag, sealed.at + cipher.len, sizeof tag);
    /* One byte more, so that an empty plaintext has a place too. */
    uint8_t *room = buffer_extend(out, cipher.len + 1);
    if (room == NULL) {
        return buffer_error(out);
    }
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    enum enrum_err err = context != NULL ? open_into(context, key, nonce, aad, cipher, tag, room)
                                         : ENRUM_MEMORY;
    EVP_CIPHER_CTX_free(context);
    if (err != ENRUM_OK) {
        /* Unauthenticated plaintext leaves no trace. */
        sodium_memzero(room, cipher.len + 1);
    }
    buffer_truncate(out, out->len - 1 - (err == ENRUM_OK ? 0 : cipher.len));
    return err;
}
#endif

/* -- Padding -- */

static unsigned bits_of(uint64_t number)
{
    unsigned bits = 0;
    for (; number > 0; number >>= 1) {
        bits++;
    }
    return bits;
}

/* Of a length of E+1 bits, the lowest E - bits(E) bits become zero, rounding up. */
uint64_t suite_padme(uint64_t len)
{
    unsigned e = bits_of(len) - 1, s = bits_of(e);
    uint64_t mask = ((uint64_t)1 << (e - s)) - 1;
    return (len + mask) & ~mask;
}

size_t suite_padded_bytes(size_t len)
{
    size_t with_length = len + 4;
    return with_length <= PADDED_BYTES_MIN ? (size_t)PADDED_BYTES_MIN
                                           : (size_t)suite_padme(with_length);
}

enum enrum_err suite_pad(struct slice content, struct buffer *out)
{
    if (content.len > FRAME_BYTES_MAX) {
        return ENRUM_OVERSIZED;
    }
    size_t size = suite_padded_bytes(content.len);
    uint8_t *room = buffer_extend(out, size);
    if (room == NULL) {
        return buffer_error(out);
    }
    memset(room, 0, size);
    struct be64 len = be64_of(content.len);
    memcpy(room, len.bytes + 4, 4);
    if (content.len > 0) {
        memcpy(room + 4, content.at, content.len);
    }
    return ENRUM_OK;
}

enum enrum_err suite_unpad(struct slice padded, struct slice *out)
{
    if (padded.len < PADDED_BYTES_MIN || padded.len > 2 * (size_t)FRAME_BYTES_MAX) {
        return ENRUM_MALFORMED;
    }
    size_t len = 0;
    for (int i = 0; i < 4; i++) {
        len = len << 8 | padded.at[i];
    }
    if (len > padded.len - 4 || suite_padded_bytes(len) != padded.len ||
        !sodium_is_zero(padded.at + 4 + len, padded.len - 4 - len)) {
        return ENRUM_MALFORMED;
    }
    *out = (struct slice){padded.at + 4, len};
    return ENRUM_OK;
}

/* -- Text forms -- */

void suite_base64url(struct slice bytes, char *out)
{
    size_t room = sodium_base64_ENCODED_LEN(bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_bin2base64(out, room, bytes.at, bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool suite_base64url_decode(const char *text, uint8_t *out, size_t len)
{
    size_t got = 0;
    return sodium_base642bin(out, len, text, strlen(text), NULL, &got, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           got == len;
}

struct be64 be64_of(uint64_t number)
{
    struct be64 out;
    for (int i = 7; i >= 0; i--) {
        out.bytes[i] = (uint8_t)number;
        number >>= 8;
    }
    return out;
}
