/* vectors -- see vectors.h: labels, hashes, derived keys, signatures, padding, HPKE, base64url. */
#include "vectors.h"

#include <sodium.h>
#include <string.h>

#include "base/check.h"

static void append(json_t *list, json_t *item)
{
    CHECK(item != NULL && json_array_append_new(list, item) == 0);
}

static const struct slice sample_parts[] = {
    {(const uint8_t *)"one", 3}, {(const uint8_t *)"", 0}, {(const uint8_t *)"three", 5}};
enum { SAMPLE_PARTS = sizeof sample_parts / sizeof sample_parts[0] };

static json_t *parts_json(void)
{
    json_t *list = json_array();
    for (size_t i = 0; i < SAMPLE_PARTS; i++) {
        append(list, vectors_hex(sample_parts[i]));
    }
    return list;
}

/* -- Hashes -- */

static json_t *label_json(enum label label, const char *name)
{
    struct secret32 key = vectors_secret(0x71), derived;
    struct id salt = vectors_id_of_byte(0x72), hash, mac;
    static const uint8_t nonce[NONCE_BYTES];
    struct buffer sealed;
    buffer_init(&sealed, 256);
    suite_hash(label, sample_parts, SAMPLE_PARTS, &hash);
    suite_mac(&key, label, sample_parts, SAMPLE_PARTS, &mac);
    CHECK(suite_derive(&key, &salt, label, &derived) == ENRUM_OK);
    CHECK(suite_seal(&derived, nonce, sample_parts[0], sample_parts[2], &sealed) == ENRUM_OK);
    json_t *json = json_pack("{ss, so, so, so, so, so, so, so, so}", "name", name, "bytes",
                             vectors_hex(label_slice(label)), "parts", parts_json(), "hash",
                             vectors_id(&hash), "key", vectors_hex(slice_of(key.bytes, KEY_BYTES)),
                             "mac", vectors_id(&mac), "salt", vectors_id(&salt), "derived",
                             vectors_hex(slice_of(derived.bytes, KEY_BYTES)), "sealed",
                             vectors_hex(buffer_slice(&sealed)));
    buffer_fini(&sealed);
    return json;
}

static json_t *labels_make(void)
{
    json_t *list = json_array();
#define LABEL(name, text, what) append(list, label_json(LABEL_##name, #name));
#include "protocol/labels.def"
#undef LABEL
    return list;
}

/* -- Signatures -- */

static json_t *signature_json(const struct id *key, const struct sig *sig)
{
    return json_pack("{so, ss, so, so}", "sign_key", vectors_id(key), "label", "CERTIFICATE",
                     "parts", parts_json(), "sig", vectors_hex(slice_of(sig->bytes, SIG_BYTES)));
}

static json_t *signatures_make(void)
{
    json_t *list = json_array();
    for (uint8_t byte = 1; byte <= 8; byte++) {
        struct sign_pair pair = vectors_sign_pair(byte);
        struct secret32 seed = vectors_secret(byte);
        struct sig sig;
        suite_sign(&pair, LABEL_CERTIFICATE, sample_parts, SAMPLE_PARTS, &sig);
        json_t *json = signature_json(&pair.public, &sig);
        CHECK(json_object_set_new(json, "seed", vectors_hex(slice_of(seed.bytes, KEY_BYTES))) == 0);
        append(list, json);
    }
    return list;
}

static void bad_signature(json_t *list, const char *what, const struct id *key,
                          const struct sig *sig)
{
    CHECK(!suite_verify(key, LABEL_CERTIFICATE, sample_parts, SAMPLE_PARTS, sig));
    json_t *json = signature_json(key, sig);
    CHECK(json_object_set_new(json, "what", json_string(what)) == 0);
    append(list, json);
}

/* S + L: the same signature for who does not look whether S is reduced. */
static struct sig not_reduced(const struct sig *sig)
{
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                      0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                      0,    0,    0,    0,    0,    0,    0,    0,
                                      0,    0,    0,    0,    0,    0,    0,    0x10};
    struct sig out = *sig;
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)sig->bytes[32 + i] + order[i];
        out.bytes[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    return out;
}

/* Keys of small order with R = the neutral element and S = 0: without the check, many such
 * signatures are good for any text. */
static void small_orders_add(json_t *list)
{
    static const uint8_t keys[][32] = {
        {0},
        {1},
        {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
         0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
         0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
        {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
         0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
         0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
    };
    struct sig sig = {.bytes = {1}};
    struct id key;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        memcpy(key.bytes, keys[i], sizeof key.bytes);
        bad_signature(list, "key of small order", &key, &sig);
        key.bytes[31] |= 0x80;
        bad_signature(list, "key of small order, the other sign", &key, &sig);
    }
    /* p - 1, p, p + 1, then 2^255 - 1: least significant byte first. */
    static const uint8_t last[] = {0xec, 0xed, 0xee, 0xff};
    for (size_t i = 0; i < sizeof last; i++) {
        memset(key.bytes, 0xff, sizeof key.bytes);
        key.bytes[0] = last[i];
        key.bytes[31] = 0x7f;
        bad_signature(list, "key of small order or not reduced", &key, &sig);
    }
}

/* With the neutral element as key, R = S * B is a signature of any text: only the look at the key
 * refuses it. `first` 0x01 is its encoding, 0xee (p + 1) a longer one. */
static void forged_for_neutral_key(json_t *list, uint8_t first, uint8_t middle, uint8_t last)
{
    struct id key;
    struct sig sig;
    memset(key.bytes, middle, sizeof key.bytes);
    key.bytes[0] = first;
    key.bytes[31] = last;
    memset(sig.bytes, 0, sizeof sig.bytes);
    sig.bytes[32] = 9;
    CHECK(crypto_scalarmult_ed25519_base_noclamp(sig.bytes, sig.bytes + 32) == 0);
    bad_signature(list, "any text under the neutral element as key", &key, &sig);
}

/* Whoever has the key can sign with R = the neutral element and S = H(R, key, text) * a: only the
 * look at R refuses it. */
static void forged_with_neutral_r(json_t *list, const struct sign_pair *pair)
{
    struct slice label = label_slice(LABEL_CERTIFICATE);
    struct sig sig = {.bytes = {1}};
    uint8_t hash[64], wide[64] = {0}, a[32];
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    crypto_hash_sha512_update(&state, sig.bytes, 32);
    crypto_hash_sha512_update(&state, pair->public.bytes, 32);
    crypto_hash_sha512_update(&state, label.at, label.len);
    for (size_t i = 0; i < SAMPLE_PARTS; i++) {
        crypto_hash_sha512_update(&state, sample_parts[i].at, sample_parts[i].len);
    }
    crypto_hash_sha512_final(&state, hash);
    crypto_core_ed25519_scalar_reduce(hash, hash);
    CHECK(crypto_sign_ed25519_sk_to_curve25519(wide, pair->secret) == 0);
    crypto_core_ed25519_scalar_reduce(a, wide);
    crypto_core_ed25519_scalar_mul(sig.bytes + 32, hash, a);
    bad_signature(list, "R is the neutral element", &pair->public, &sig);
}

static json_t *bad_signatures_make(void)
{
    json_t *list = json_array();
    struct sign_pair pair = vectors_sign_pair(1), other = vectors_sign_pair(2);
    struct sig sig, bad;
    suite_sign(&pair, LABEL_CERTIFICATE, sample_parts, SAMPLE_PARTS, &sig);
    bad_signature(list, "another's key", &other.public, &sig);
    bad = not_reduced(&sig);
    bad_signature(list, "S is not reduced", &pair.public, &bad);
    bad = sig;
    bad.bytes[0] ^= 1;
    bad_signature(list, "R is another", &pair.public, &bad);
    bad = sig;
    bad.bytes[40] ^= 1;
    bad_signature(list, "S is another", &pair.public, &bad);
    memset(bad.bytes, 0, sizeof bad.bytes);
    bad_signature(list, "zeros", &pair.public, &bad);
    suite_sign(&pair, LABEL_REVOCATION, sample_parts, SAMPLE_PARTS, &bad);
    bad_signature(list, "under another label", &pair.public, &bad);
    small_orders_add(list);
    forged_for_neutral_key(list, 0x01, 0, 0);
    forged_for_neutral_key(list, 0xee, 0xff, 0x7f);
    forged_with_neutral_r(list, &pair);
    return list;
}

/* -- Padding -- */

static json_t *pads_make(void)
{
    static const size_t lengths[] = {0,   1,    251,  252,   253,   256,   257,
                                     300, 511,  512,  513,   995,   996,   997,
                                     998, 4091, 4092, 10000, 65536, 81920, 262144};
    static uint8_t content[FRAME_BYTES_MAX];
    json_t *list = json_array();
    memset(content, 'e', sizeof content);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct buffer padded;
        struct id hash;
        buffer_init(&padded, 2 * (size_t)FRAME_BYTES_MAX);
        CHECK(suite_pad(slice_of(content, lengths[i]), &padded) == ENRUM_OK);
        struct slice part = buffer_slice(&padded);
        suite_hash_bare(&part, 1, &hash);
        append(list, json_pack("{so, so, so}", "length", vectors_number(lengths[i]), "size",
                               vectors_number(padded.len), "sha256", vectors_id(&hash)));
        buffer_fini(&padded);
    }
    return list;
}

static void bad_pad(json_t *list, const char *what, struct slice padded)
{
    struct slice out;
    CHECK(suite_unpad(padded, &out) == ENRUM_MALFORMED);
    append(list, json_pack("{ss, so, ss}", "what", what, "bytes", vectors_hex(padded), "error",
                           "MALFORMED"));
}

static json_t *bad_pads_make(void)
{
    json_t *list = json_array();
    uint8_t bytes[320] = {0};
    bad_pad(list, "nothing", slice_of(bytes, 0));
    bad_pad(list, "too short", slice_of(bytes, 255));
    bad_pad(list, "too long for nothing", slice_of(bytes, 257));
    bytes[255] = 1;
    bad_pad(list, "last byte is not zero", slice_of(bytes, 256));
    bytes[255] = 0;
    bytes[4] = 1;
    bad_pad(list, "byte behind the content is not zero", slice_of(bytes, 256));
    bytes[3] = 253;
    bad_pad(list, "length is more than there is", slice_of(bytes, 256));
    bytes[0] = 0xff;
    bad_pad(list, "length is four thousand million", slice_of(bytes, 256));
    bytes[0] = 0;
    bytes[3] = 200;
    bad_pad(list, "a larger size than needed", slice_of(bytes, 272));
    return list;
}

/* -- HPKE -- */

static json_t *hpke_json(uint8_t ephemeral_byte, uint8_t to_byte, size_t len)
{
    static uint8_t plain[2048];
    struct secret32 ephemeral = vectors_secret(ephemeral_byte), to = vectors_secret(to_byte);
    struct seal_pair from = vectors_seal_pair(ephemeral_byte), pair = vectors_seal_pair(to_byte);
    struct buffer sealed;
    buffer_init(&sealed, 4096);
    memset(plain, 'e', sizeof plain);
    CHECK(hpke_seal_with(&from, &pair.public, sample_parts[0], sample_parts[len % 2 == 0 ? 1 : 2],
                         slice_of(plain, len), &sealed) == ENRUM_OK);
    json_t *json = json_pack("{so, so, so, so, so, so, so, so}", "ephemeral",
                             vectors_hex(slice_of(ephemeral.bytes, KEY_BYTES)), "secret",
                             vectors_hex(slice_of(to.bytes, KEY_BYTES)), "to",
                             vectors_id(&pair.public), "info", vectors_hex(sample_parts[0]), "aad",
                             vectors_hex(sample_parts[len % 2 == 0 ? 1 : 2]), "plain",
                             vectors_hex(slice_of(plain, len)), "enc", vectors_id(&from.public),
                             "sealed", vectors_hex(buffer_slice(&sealed)));
    buffer_fini(&sealed);
    return json;
}

/* From the test vectors published with RFC 9180 (CFRG, test-vectors.json): mode 0, KEM 0x0020, KDF
 * 0x0001, AEAD 0x0002, the first encryption. */
static json_t *hpke_published(void)
{
    return json_pack("{ss, ss, ss, ss, ss, ss, ss, ss}", "ephemeral",
                     "179d4b53b6365c45b600c4163b61d95cbc2f4d9e36f1695558dce265ab8bab11", "secret",
                     "497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d", "to",
                     "430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c", "info",
                     "4f6465206f6e2061204772656369616e2055726e", "aad", "436f756e742d30", "plain",
                     "4265617574792069732074727574682c20747275746820626561757479", "enc",
                     "6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256", "sealed",
                     "e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a92"
                     "5cdad859d5b7a");
}

static json_t *hpke_bad(const char *what, json_t *json, const char *member, size_t digit,
                        const char *error)
{
    char text[8192];
    const char *old = json_string_value(json_object_get(json, member));
    CHECK(strlen(old) < sizeof text && digit < strlen(old));
    memcpy(text, old, strlen(old) + 1);
    text[digit] = text[digit] == '0' ? '8' : '0';
    CHECK(json_object_set_new(json, member, json_string(text)) == 0);
    CHECK(json_object_set_new(json, "what", json_string(what)) == 0);
    CHECK(json_object_set_new(json, "error", json_string(error)) == 0);
    return json;
}

static json_t *hpke_small_order(const char *enc)
{
    json_t *json = hpke_json(0x61, 0x62, 40);
    CHECK(json_object_set_new(json, "enc", json_string(enc)) == 0);
    CHECK(json_object_set_new(json, "what", json_string("key of small order")) == 0);
    CHECK(json_object_set_new(json, "error", json_string("MALFORMED")) == 0);
    return json;
}

static json_t *hpke_refused(void)
{
    json_t *list = json_array();
    append(list, hpke_bad("ciphertext is another", hpke_json(0x61, 0x62, 40), "sealed", 3,
                          "OPEN_FAILED"));
    append(list,
           hpke_bad("tag is another", hpke_json(0x61, 0x62, 40), "sealed", 100, "OPEN_FAILED"));
    append(list, hpke_bad("info is another", hpke_json(0x61, 0x62, 40), "info", 1, "OPEN_FAILED"));
    append(list, hpke_bad("additional data is another", hpke_json(0x61, 0x62, 41), "aad", 1,
                          "OPEN_FAILED"));
    append(list, hpke_bad("encapsulated key is another", hpke_json(0x61, 0x62, 40), "enc", 5,
                          "OPEN_FAILED"));
    append(list, hpke_bad("encapsulated key with its unused bit", hpke_json(0x63, 0x62, 40), "enc",
                          62, "OPEN_FAILED"));
    append(list,
           hpke_small_order("0000000000000000000000000000000000000000000000000000000000000000"));
    append(list,
           hpke_small_order("0100000000000000000000000000000000000000000000000000000000000000"));
    append(list,
           hpke_small_order("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"));
    append(list,
           hpke_small_order("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"));
    append(list,
           hpke_small_order("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"));
    return list;
}

/* -- Text forms -- */

static json_t *base64url_make(void)
{
    json_t *list = json_array();
    for (size_t len = 0; len <= 34; len++) {
        char text[64];
        struct id id = vectors_id_of_byte(0xfb);
        uint8_t bytes[34];
        memset(bytes, 0xfb, sizeof bytes);
        memcpy(bytes, id.bytes, 3);
        for (size_t i = 0; i < len; i++) {
            bytes[i] = (uint8_t)(0xff - 3 * i);
        }
        suite_base64url(slice_of(bytes, len), text);
        append(list,
               json_pack("{so, ss}", "bytes", vectors_hex(slice_of(bytes, len)), "text", text));
    }
    return list;
}

/* Each would be two bytes, or is none at all. */
static json_t *base64url_refused(void)
{
    static const char *const texts[] = {"",    "_",   "__",   "__8=",  "__9",
                                        "__-", "//8", "_ _8", "__8\n", "__8A"};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        uint8_t bytes[2];
        CHECK(!suite_base64url_decode(texts[i], bytes, sizeof bytes));
        append(list, json_string(texts[i]));
    }
    return list;
}

json_t *vectors_suite(void)
{
    json_t *hpke = json_array();
    append(hpke, hpke_json(0x61, 0x62, 0));
    append(hpke, hpke_json(0x61, 0x62, 1));
    append(hpke, hpke_json(0x63, 0x64, 32));
    append(hpke, hpke_json(0x65, 0x66, 2000));
    return json_pack("{so, so, so, so, so, so, so, so, so, so}", "labels", labels_make(),
                     "signatures", signatures_make(), "signatures_refused", bad_signatures_make(),
                     "pads", pads_make(), "pads_refused", bad_pads_make(), "hpke", hpke,
                     "hpke_published", hpke_published(), "hpke_refused", hpke_refused(),
                     "base64url", base64url_make(), "base64url_refused", base64url_refused());
}
