/* suite_test -- cipher suite 1 against published vectors, other implementations and tampering. */
#include "cast.h"
#include "sample.h"

#include <sodium.h>
#include <string.h>

static struct slice of_hex(const char *hex, uint8_t *out)
{
    size_t len = 0;
    assert_int_equal(sodium_hex2bin(out, strlen(hex), hex, strlen(hex), NULL, &len, NULL), 0);
    return (struct slice){out, len};
}

static void hmac(struct slice key, struct slice data, uint8_t out[32])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.at, key.len);
    crypto_auth_hmacsha256_update(&state, data.at, data.len);
    crypto_auth_hmacsha256_final(&state, out);
}

/* RFC 5869, written down a second time; at most 64 bytes. */
static void hkdf(struct slice key, struct slice salt, struct slice info, uint8_t *out, size_t len)
{
    uint8_t prk[32], block[32 + 64 + 1], t[32];
    size_t have = 0, before = 0;
    hmac(salt, key, prk);
    for (uint8_t i = 1; have < len; i++) {
        memcpy(block, t, before);
        memcpy(block + before, info.at, info.len);
        block[before + info.len] = i;
        hmac((struct slice){prk, 32}, (struct slice){block, before + info.len + 1}, t);
        size_t part = len - have < 32 ? len - have : 32;
        memcpy(out + have, t, part);
        have += part;
        before = 32;
    }
}

static void derived_keys_are_those_of_rfc_5869(void **state)
{
    (void)state;
    uint8_t ikm[64], salt[64], info[64], want[64], got[64];
    struct slice expected = of_hex(
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        "34007208d5b887185865",
        want);
    hkdf(of_hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", ikm),
         of_hex("000102030405060708090a0b0c", salt), of_hex("f0f1f2f3f4f5f6f7f8f9", info), got, 42);
    assert_memory_equal(got, expected.at, 42); /* test case 1: the second writing is right */
    struct secret32 key, out;
    struct id salt_id;
    memset(key.bytes, 0x0b, 32);
    memset(salt_id.bytes, 0x0c, 32);
    hkdf((struct slice){key.bytes, 32}, id_slice(&salt_id),
         slice_of("enrum/1 entry key", sizeof "enrum/1 entry key"), got, 32);
    assert_int_equal(suite_derive(&key, &salt_id, LABEL_ENTRY_KEY, &out), ENRUM_OK);
    assert_memory_equal(out.bytes, got, 32);
    assert_int_equal(suite_derive(&key, &salt_id, LABEL_TRANSIENT_KEY, &out), ENRUM_OK);
    assert_memory_not_equal(out.bytes, got, 32);
}

static void bare_hash_is_sha_256(void **state)
{
    (void)state;
    uint8_t want[32];
    struct id out;
    struct slice parts[] = {slice_of("a", 1), slice_of("", 0), slice_of("bc", 2)};
    suite_hash_bare(parts, 3, &out);
    of_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", want);
    assert_memory_equal(out.bytes, want, 32);
}

static void labelled_hash_and_mac_feed_the_label_and_a_zero_byte_first(void **state)
{
    (void)state;
    struct slice part = slice_of("x", 1);
    static const char joined[] = "enrum/1 board\0x";
    uint8_t want[32];
    struct id out;
    suite_hash(LABEL_BOARD, &part, 1, &out);
    crypto_hash_sha256(want, (const uint8_t *)joined, sizeof joined - 1);
    assert_memory_equal(out.bytes, want, 32);
    struct secret32 key = {{7}};
    static const char person[] = "enrum/1 person\0x";
    suite_mac(&key, LABEL_PERSON, &part, 1, &out);
    hmac((struct slice){key.bytes, 32}, slice_of(person, sizeof person - 1), want);
    assert_memory_equal(out.bytes, want, 32);
}

static void signing_keys_are_those_of_rfc_8032(void **state)
{
    (void)state;
    uint8_t want[32];
    struct secret32 seed, back;
    struct sign_pair pair;
    of_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", seed.bytes);
    of_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", want);
    sign_pair_of_seed(&seed, &pair);
    assert_memory_equal(pair.public.bytes, want, 32);
    sign_pair_seed(&pair, &back);
    assert_true(secret_equal(&seed, &back));
    sign_pair_wipe(&pair);
    assert_true(id_is_zero(&pair.public));
}

static void a_signature_is_ed25519_over_label_and_parts(void **state)
{
    (void)state;
    struct sign_pair pair;
    struct sig sig;
    static const char joined[] = "enrum/1 receipt\0one two";
    struct slice parts[] = {slice_of("one", 3), slice_of(" two", 4)};
    cast_sign_pair(9, &pair);
    suite_sign(&pair, LABEL_RECEIPT, parts, 2, &sig);
    assert_int_equal(crypto_sign_verify_detached(sig.bytes, (const uint8_t *)joined,
                                                 sizeof joined - 1, pair.public.bytes),
                     0);
    assert_true(suite_verify(&pair.public, LABEL_RECEIPT, parts, 2, &sig));
}

static void a_signature_is_good_for_no_other_label_key_bytes_or_signature(void **state)
{
    (void)state;
    struct sign_pair pair, other;
    struct sig sig;
    struct slice part = slice_of("words", 5), longer = slice_of("words!", 6);
    cast_sign_pair(9, &pair);
    cast_sign_pair(8, &other);
    suite_sign(&pair, LABEL_RECEIPT, &part, 1, &sig);
    assert_false(suite_verify(&pair.public, LABEL_CHALLENGE, &part, 1, &sig));
    assert_false(suite_verify(&other.public, LABEL_RECEIPT, &part, 1, &sig));
    assert_false(suite_verify(&pair.public, LABEL_RECEIPT, &longer, 1, &sig));
    for (size_t bit = 0; bit < sizeof sig.bytes * 8; bit++) {
        struct sig bad = sig;
        bad.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(suite_verify(&pair.public, LABEL_RECEIPT, &part, 1, &bad));
    }
    struct id zero = {{0}};
    struct sig zeros = {{0}};
    assert_false(suite_verify(&zero, LABEL_RECEIPT, &part, 1, &zeros));
}

static void check_gcm(const char *key_hex, const char *nonce_hex, const char *aad_hex,
                      const char *plain_hex, const char *sealed_hex)
{
    uint8_t key_bytes[32], nonce[12], aad[64], plain[128], sealed[128];
    struct secret32 key;
    of_hex(key_hex, key_bytes);
    memcpy(key.bytes, key_bytes, 32);
    of_hex(nonce_hex, nonce);
    struct slice a = of_hex(aad_hex, aad), p = of_hex(plain_hex, plain),
                 s = of_hex(sealed_hex, sealed);
    struct buffer out;
    buffer_init(&out, 256);
    assert_int_equal(suite_seal(&key, nonce, a, p, &out), ENRUM_OK);
    assert_true(slice_equal(buffer_slice(&out), s));
    buffer_reset(&out);
    assert_int_equal(suite_open(&key, nonce, a, s, &out), ENRUM_OK);
    assert_true(slice_equal(buffer_slice(&out), p));
    buffer_fini(&out);
}

static void sealing_is_that_of_the_gcm_specification(void **state)
{
    (void)state;
    static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
    check_gcm(zeros, "000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b");
    check_gcm(zeros, "000000000000000000000000", "", "00000000000000000000000000000000",
              "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
    check_gcm("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
              "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
              "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
              "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
              "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
              "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
              "76fc6ece0f4e1768cddf8853bb2d551b");
}

static void altered_sealed_bytes_leave_no_plaintext(void **state)
{
    (void)state;
    struct secret32 key = {{1}}, other = {{2}};
    uint8_t nonce[NONCE_BYTES] = {0};
    struct slice aad = slice_of("head", 4);
    struct buffer sealed, plain;
    buffer_init(&sealed, 256);
    buffer_init(&plain, 256);
    buffer_append(&plain, "kept", 4);
    assert_int_equal(suite_seal(&key, nonce, aad, slice_of("words", 5), &sealed), ENRUM_OK);
    for (size_t bit = 0; bit < sealed.len * 8; bit++) {
        sealed.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(suite_open(&key, nonce, aad, buffer_slice(&sealed), &plain),
                         ENRUM_OPEN_FAILED);
        sealed.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t len = 0; len < sealed.len; len++) {
        assert_int_equal(suite_open(&key, nonce, aad, slice_of(sealed.at, len), &plain),
                         ENRUM_OPEN_FAILED);
    }
    assert_int_equal(suite_open(&other, nonce, aad, buffer_slice(&sealed), &plain),
                     ENRUM_OPEN_FAILED);
    assert_int_equal(suite_open(&key, nonce, slice_of("Head", 4), buffer_slice(&sealed), &plain),
                     ENRUM_OPEN_FAILED);
    assert_true(slice_equal(buffer_slice(&plain), slice_of("kept", 4)));
    buffer_fini(&sealed);
    buffer_fini(&plain);
}

/* -- Padding -- */

static void padded_sizes_are_padme_sizes_over_a_floor(void **state)
{
    (void)state;
    for (size_t len = 0; len <= PADDED_BYTES_MIN - 4; len++) {
        assert_int_equal(suite_padded_bytes(len), PADDED_BYTES_MIN);
    }
    /* Worked by hand: L = length + 4, E = floor(log2 L), S = bits of E; the last E - S bits go. */
    assert_int_equal(suite_padded_bytes(253), 272);     /* 257: E 8, S 4: to a multiple of 16 */
    assert_int_equal(suite_padded_bytes(508), 512);     /* 512: E 9, S 4: exact */
    assert_int_equal(suite_padded_bytes(509), 544);     /* 513: E 9, S 4: multiple of 32 */
    assert_int_equal(suite_padded_bytes(1020), 1024);   /* 1024: E 10, S 4: exact */
    assert_int_equal(suite_padded_bytes(1021), 1088);   /* 1025: E 10, S 4: multiple of 64 */
    assert_int_equal(suite_padded_bytes(65536), 67584); /* 65540: E 16, S 5: multiple of 2048 */
}

static void every_length_comes_out_of_its_padding_and_overhead_is_at_most_an_eighth(void **state)
{
    (void)state;
    static uint8_t words[5000];
    memset(words, 'w', sizeof words);
    for (size_t len = 0; len <= sizeof words; len += len < 1200 ? 1 : 97) {
        struct buffer padded;
        struct slice out;
        buffer_init(&padded, 8192);
        assert_int_equal(suite_pad(slice_of(words, len), &padded), ENRUM_OK);
        assert_int_equal(padded.len, suite_padded_bytes(len));
        assert_true(padded.len == PADDED_BYTES_MIN || (padded.len - len - 4) * 8 <= len + 4);
        assert_int_equal(suite_unpad(buffer_slice(&padded), &out), ENRUM_OK);
        assert_true(slice_equal(out, slice_of(words, len)));
        buffer_fini(&padded);
    }
}

static void padding_with_other_zeros_length_or_size_is_refused(void **state)
{
    (void)state;
    struct buffer padded;
    struct slice out;
    buffer_init(&padded, 4096);
    assert_int_equal(suite_pad(slice_of("hello", 5), &padded), ENRUM_OK);
    for (size_t at = 9; at < padded.len; at++) {
        padded.at[at] = 1;
        assert_int_equal(suite_unpad(buffer_slice(&padded), &out), ENRUM_MALFORMED);
        padded.at[at] = 0;
    }
    for (unsigned value = 0; value < 256; value++) {
        for (size_t at = 0; at < 3; at++) {
            padded.at[at] = (uint8_t)value;
            assert_int_equal(suite_unpad(buffer_slice(&padded), &out),
                             value == 0 ? ENRUM_OK : ENRUM_MALFORMED);
            padded.at[at] = 0;
        }
    }
    padded.at[3] = 4; /* the last letter would be a padding byte that is not zero */
    assert_int_equal(suite_unpad(buffer_slice(&padded), &out), ENRUM_MALFORMED);
    padded.at[3] = 253; /* one more than fits */
    assert_int_equal(suite_unpad(buffer_slice(&padded), &out), ENRUM_MALFORMED);
    padded.at[3] = 5;
    assert_int_equal(suite_unpad(slice_of(padded.at, padded.len - 1), &out), ENRUM_MALFORMED);
    memset(buffer_extend(&padded, 16), 0, 16); /* a Padmé size, but not of this length */
    assert_int_equal(suite_unpad(buffer_slice(&padded), &out), ENRUM_MALFORMED);
    assert_int_equal(suite_unpad(slice_of(padded.at, 0), &out), ENRUM_MALFORMED);
    buffer_fini(&padded);
}

/* -- HPKE -- */

struct hpke_case {
    struct seal_pair to;
    struct id enc;
    struct buffer sealed;
};

static void hpke_case_init(struct hpke_case *made)
{
    cast_seal_pair(0x22, &made->to);
    buffer_init(&made->sealed, 256);
    assert_int_equal(hpke_seal(&made->to.public, slice_of("info", 4), slice_of("aad", 3),
                               slice_of("words", 5), &made->enc, &made->sealed),
                     ENRUM_OK);
}

static enum enrum_err hpke_try(const struct hpke_case *made, const char *info, const char *aad)
{
    struct buffer plain;
    buffer_init(&plain, 256);
    enum enrum_err err = hpke_open(&made->to, &made->enc, slice_of_text(info), slice_of_text(aad),
                                   buffer_slice(&made->sealed), &plain);
    assert_true(err == ENRUM_OK ? slice_equal(buffer_slice(&plain), slice_of("words", 5))
                                : plain.len == 0);
    buffer_fini(&plain);
    return err;
}

static void hpke_makes_the_bytes_that_hpke_core_makes(void **state)
{
    (void)state;
    /* Made with @hpke/core 1.9.0: ephemeral key 11..11, receiver's key 22..22. */
    uint8_t want[64];
    struct slice expected = of_hex(
        "ef4a64f0ee0e0d64db31c152b73d6756f7829b384a80c50c4f9426f69e26e660"
        "1d1f8efb850f29c935ce72cd16",
        want);
    struct seal_pair ephemeral, to;
    struct buffer out;
    cast_seal_pair(0x11, &ephemeral);
    cast_seal_pair(0x22, &to);
    buffer_init(&out, 256);
    assert_int_equal(hpke_seal_with(&ephemeral, &to.public, slice_of_text("enrum info"),
                                    slice_of_text("Count-0"),
                                    slice_of_text("Beauty is truth, truth beauty"), &out),
                     ENRUM_OK);
    assert_true(slice_equal(buffer_slice(&out), expected));
    buffer_fini(&out);
}

static void hpke_opens_only_with_every_part_as_it_was(void **state)
{
    (void)state;
    struct hpke_case made;
    hpke_case_init(&made);
    assert_int_equal(hpke_try(&made, "info", "aad"), ENRUM_OK);
    assert_int_equal(hpke_try(&made, "Info", "aad"), ENRUM_OPEN_FAILED);
    assert_int_equal(hpke_try(&made, "info", "aae"), ENRUM_OPEN_FAILED);
    for (size_t bit = 0; bit < made.sealed.len * 8; bit++) {
        made.sealed.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(hpke_try(&made, "info", "aad"), ENRUM_OPEN_FAILED);
        made.sealed.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t bit = 0; bit < (size_t)ID_BYTES * 8; bit++) {
        made.enc.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(hpke_try(&made, "info", "aad"), ENRUM_OK);
        made.enc.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    cast_seal_pair(0x23, &made.to);
    assert_int_equal(hpke_try(&made, "info", "aad"), ENRUM_OPEN_FAILED);
    buffer_fini(&made.sealed);
}

static void public_keys_of_small_order_are_refused(void **state)
{
    (void)state;
    static const char *const small[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};
    struct hpke_case made;
    hpke_case_init(&made);
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
        struct buffer out;
        struct id to, enc;
        buffer_init(&out, 256);
        of_hex(small[i], to.bytes);
        assert_int_equal(
            hpke_seal(&to, slice_of("", 0), slice_of("", 0), slice_of("w", 1), &enc, &out),
            ENRUM_MALFORMED);
        assert_int_equal(out.len, 0);
        made.enc = to;
        assert_int_equal(hpke_try(&made, "info", "aad"), ENRUM_MALFORMED);
        buffer_fini(&out);
    }
    buffer_fini(&made.sealed);
}

static void base64url_comes_back_only_at_its_own_length(void **state)
{
    (void)state;
    struct id id, back;
    char text[48];
    memset(id.bytes, 0xfb, ID_BYTES);
    suite_base64url(id_slice(&id), text);
    assert_int_equal(strlen(text), 43);
    assert_null(strpbrk(text, "+/="));
    assert_true(suite_base64url_decode(text, back.bytes, ID_BYTES));
    assert_true(id_equal(&id, &back));
    assert_false(suite_base64url_decode(text, back.bytes, ID_BYTES - 1));
    text[42] = '\0';
    assert_false(suite_base64url_decode(text, back.bytes, ID_BYTES));
    assert_false(suite_base64url_decode("not base64!", back.bytes, ID_BYTES));
}

static int start(void **state)
{
    (void)state;
    return suite_init() ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derived_keys_are_those_of_rfc_5869),
        cmocka_unit_test(bare_hash_is_sha_256),
        cmocka_unit_test(labelled_hash_and_mac_feed_the_label_and_a_zero_byte_first),
        cmocka_unit_test(signing_keys_are_those_of_rfc_8032),
        cmocka_unit_test(a_signature_is_ed25519_over_label_and_parts),
        cmocka_unit_test(a_signature_is_good_for_no_other_label_key_bytes_or_signature),
        cmocka_unit_test(sealing_is_that_of_the_gcm_specification),
        cmocka_unit_test(altered_sealed_bytes_leave_no_plaintext),
        cmocka_unit_test(padded_sizes_are_padme_sizes_over_a_floor),
        cmocka_unit_test(every_length_comes_out_of_its_padding_and_overhead_is_at_most_an_eighth),
        cmocka_unit_test(padding_with_other_zeros_length_or_size_is_refused),
        cmocka_unit_test(hpke_makes_the_bytes_that_hpke_core_makes),
        cmocka_unit_test(hpke_opens_only_with_every_part_as_it_was),
        cmocka_unit_test(public_keys_of_small_order_are_refused),
        cmocka_unit_test(base64url_comes_back_only_at_its_own_length),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
