/* suite -- cipher suite 1: SHA-256, HKDF-SHA256, AES-256-GCM, Ed25519, X25519, and padding (Padmé).
 * The one place where the protocol meets libsodium and OpenSSL. Every hash, signature and derived
 * key takes a label. */
#pragma once

#include "base/secret.h"
#include "protocol/layout.h"

enum label {
#define LABEL(name, text, what) LABEL_##name,
#include "protocol/labels.def"
#undef LABEL
};

/* A label's text with its closing zero byte. */
struct slice label_slice(enum label label);

struct sign_pair {
    struct id public;
    uint8_t secret[64]; /* libsodium's form: seed and public key */
};

struct seal_pair {
    struct id public;
    struct secret32 secret;
};

/* Call once before anything else. False when the libraries do not start. */
bool suite_init(void);

void suite_random(void *out, size_t len);
void sign_pair_new(struct sign_pair *out);
void sign_pair_of_seed(const struct secret32 *seed, struct sign_pair *out);
void sign_pair_seed(const struct sign_pair *pair, struct secret32 *out);
void sign_pair_wipe(struct sign_pair *pair);
void seal_pair_new(struct seal_pair *out);
void seal_pair_of_secret(const struct secret32 *secret, struct seal_pair *out);
void seal_pair_wipe(struct seal_pair *pair);

/* SHA-256 over the label and the parts, joined. */
void suite_hash(enum label label, const struct slice *parts, size_t count, struct id *out);
/* SHA-256 over the parts alone, for trees and published formats that have their own prefix. */
void suite_hash_bare(const struct slice *parts, size_t count, struct id *out);
/* SHA-256 over bytes that come one by one. The first failure sticks until the end. */
struct digest {
    void *context; /* OpenSSL's */
    bool failed;
};
void digest_init(struct digest *digest);
void digest_add(struct digest *digest, struct slice bytes);
/* Errors: MEMORY. The digest is then as after digest_init. */
enum enrum_err digest_end(struct digest *digest, struct id *out);
void digest_fini(struct digest *digest);
/* HMAC-SHA256 under the key, over the label and the parts. */
void suite_mac(const struct secret32 *key, enum label label, const struct slice *parts,
               size_t count, struct id *out);
/* HKDF-SHA256 (RFC 5869), 32 bytes; info is the label. Errors: MEMORY. */
enum enrum_err suite_derive(const struct secret32 *key, const struct id *salt, enum label label,
                            struct secret32 *out);

/* Ed25519 over the label and the parts, joined. */
void suite_sign(const struct sign_pair *pair, enum label label, const struct slice *parts,
                size_t count, struct sig *out);
bool suite_verify(const struct id *public, enum label label, const struct slice *parts,
                  size_t count, const struct sig *sig);

enum { TAG_BYTES = 16, NONCE_BYTES = 12 };

/* AES-256-GCM. Appends ciphertext and tag. The key must be fresh for this nonce. Errors: OVERSIZED,
 * MEMORY. */
enum enrum_err suite_seal(const struct secret32 *key, const uint8_t nonce[NONCE_BYTES],
                          struct slice aad, struct slice plain, struct buffer *out);
/* Appends the plaintext, or nothing at all. Errors: OPEN_FAILED, OVERSIZED, MEMORY. */
enum enrum_err suite_open(const struct secret32 *key, const uint8_t nonce[NONCE_BYTES],
                          struct slice aad, struct slice sealed, struct buffer *out);

/* Length, content, zeros up to the Padmé size (PURBs, PETS 2019), at least PADDED_BYTES_MIN.
 * Errors: OVERSIZED. */
enum enrum_err suite_pad(struct slice content, struct buffer *out);
/* The content inside; borrowed. Errors: MALFORMED when length, size or zeros are not as suite_pad
 * makes them. */
enum enrum_err suite_unpad(struct slice padded, struct slice *out);
/* The Padmé size of a length of at least PADDED_BYTES_MIN. */
uint64_t suite_padme(uint64_t len);
/* Size of a padded content of len bytes. */
size_t suite_padded_bytes(size_t len);

/* HPKE (RFC 9180), base mode, single shot: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
 * Appends ciphertext and tag. Errors: MALFORMED for a public key of small order, OVERSIZED, MEMORY.
 */
enum enrum_err hpke_seal(const struct id *to, struct slice info, struct slice aad,
                         struct slice plain, struct id *enc, struct buffer *out);
/* The same with the ephemeral pair given: only for test vectors. */
enum enrum_err hpke_seal_with(const struct seal_pair *ephemeral, const struct id *to,
                              struct slice info, struct slice aad, struct slice plain,
                              struct buffer *out);
/* Errors: OPEN_FAILED, MALFORMED, OVERSIZED, MEMORY. */
enum enrum_err hpke_open(const struct seal_pair *pair, const struct id *enc, struct slice info,
                         struct slice aad, struct slice sealed, struct buffer *out);

/* Unpadded base64url (RFC 4648 §5) as a C string into out; out holds at least len * 4 / 3 + 2
 * bytes. */
void suite_base64url(struct slice bytes, char *out);
/* Decodes to exactly `len` bytes; false otherwise. */
bool suite_base64url_decode(const char *text, uint8_t *out, size_t len);

/* Eight bytes, big-endian. */
struct be64 {
    uint8_t bytes[8];
};
struct be64 be64_of(uint64_t number);
static inline struct slice be64_slice(const struct be64 *number)
{
    return (struct slice){number->bytes, sizeof number->bytes};
}
