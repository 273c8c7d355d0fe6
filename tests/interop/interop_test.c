/* interop_test -- C and TypeScript hold the same bytes.
 *     interop_test                       the vectors, from tests/vectors
 *     interop_test --make FOLDER         writes the vectors
 * With ENRUM_MADE_BY_TS=FILE, what TypeScript sealed and signed (made_by_ts.ts) is opened too. */
#include "vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/grant.h"
#include "protocol/handshake.h"
#include "protocol/letter.h"
#include "protocol/receipt.h"
#include "protocol/transient.h"
#include "vectors_layout.h"

static json_t *load(const char *path)
{
    json_error_t error;
    json_t *json = json_load_file(path, 0, &error);
    if (json == NULL) {
        fail_msg("%s: %s", path, error.text);
    }
    return json;
}

static json_t *load_noun(const char *noun)
{
    char path[256];
    (void)snprintf(path, sizeof path, "tests/vectors/%s.json", noun);
    return load(path);
}

static void c_makes_the_bytes_of_every_vector_anew(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct vectors_noun *noun = vectors_nouns; noun->name != NULL; noun++, count++) {
        json_t *stored = load_noun(noun->name), *made = noun->make();
        if (!json_equal(stored, made)) {
            fail_msg("tests/vectors/%s.json is not what C makes", noun->name);
        }
        json_decref(stored);
        json_decref(made);
    }
    assert_int_equal(count, 11);
}

static void refused_bytes_are_refused_and_their_neighbours_decode(void **state)
{
    (void)state;
    static struct vector_value value;
    static const char *const lists[] = {"refused", "accepted"};
    json_t *json = load_noun("refused");
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    for (int i = 0; i < 2; i++) {
        size_t index;
        json_t *item;
        assert_true(json_array_size(json_object_get(json, lists[i])) > 20);
        json_array_foreach(json_object_get(json, lists[i]), index, item)
        {
            const char *layout = json_string_value(json_object_get(item, "layout"));
            enum enrum_err err = layout_decode(vector_layout_find(layout)->layout,
                                               vectors_bytes(item, "bytes", &bytes), value.bytes);
            assert_int_equal(err, i == 0 ? ENRUM_MALFORMED : ENRUM_OK);
        }
    }
    buffer_fini(&bytes);
    json_decref(json);
}

static void no_layout_decodes_when_it_is_cut(void **state)
{
    (void)state;
    static struct vector_value value;
    json_t *json = load_noun("layouts"), *item;
    size_t index;
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    json_array_foreach(json_object_get(json, "values"), index, item)
    {
        const char *name = json_string_value(json_object_get(item, "layout"));
        const struct layout *layout = vector_layout_find(name)->layout;
        struct slice good = vectors_bytes(item, "bytes", &bytes);
        assert_int_equal(layout_decode(layout, good, value.bytes), ENRUM_OK);
        for (size_t len = 0; len < good.len; len++) {
            struct slice cut = slice_of(good.at, len);
            assert_int_equal(layout_decode(layout, cut, value.bytes), ENRUM_MALFORMED);
        }
    }
    assert_true(index > 200);
    buffer_fini(&bytes);
    json_decref(json);
}

static void open_and_compare(const json_t *item, struct buffer *out)
{
    struct buffer info, aad, plain, sealed;
    struct seal_pair pair;
    struct secret32 secret;
    struct id enc = vectors_id_of(item, "enc"), key = vectors_id_of(item, "secret");
    buffer_init(&info, FRAME_BYTES_MAX);
    buffer_init(&aad, FRAME_BYTES_MAX);
    buffer_init(&plain, FRAME_BYTES_MAX);
    buffer_init(&sealed, FRAME_BYTES_MAX);
    memcpy(secret.bytes, key.bytes, KEY_BYTES);
    seal_pair_of_secret(&secret, &pair);
    buffer_reset(out);
    enum enrum_err err = hpke_open(&pair, &enc, vectors_bytes(item, "info", &info),
                                   vectors_bytes(item, "aad", &aad),
                                   vectors_bytes(item, "sealed", &sealed), out);
    const json_t *error = json_object_get(item, "error");
    assert_string_equal(error_name(err), error == NULL ? "OK" : json_string_value(error));
    if (err == ENRUM_OK) {
        assert_true(slice_equal(buffer_slice(out), vectors_bytes(item, "plain", &plain)));
    }
    buffer_fini(&info);
    buffer_fini(&aad);
    buffer_fini(&plain);
    buffer_fini(&sealed);
}

static void hpke_opens_what_is_right_and_nothing_else(void **state)
{
    (void)state;
    static const char *const lists[] = {"hpke", "hpke_refused"};
    json_t *json = load_noun("suite"), *item;
    struct buffer plain;
    size_t index;
    buffer_init(&plain, FRAME_BYTES_MAX);
    for (int i = 0; i < 2; i++) {
        json_array_foreach(json_object_get(json, lists[i]), index, item)
        {
            open_and_compare(item, &plain);
        }
    }
    buffer_fini(&plain);
    json_decref(json);
}

static void hpke_is_that_of_the_published_vector(void **state)
{
    (void)state;
    json_t *json = load_noun("suite"), *item = json_object_get(json, "hpke_published");
    struct id key = vectors_id_of(item, "ephemeral"), to = vectors_id_of(item, "to");
    struct id enc = vectors_id_of(item, "enc");
    struct secret32 secret;
    struct seal_pair ephemeral;
    struct buffer parts[4], sealed;
    static const char *const names[] = {"info", "aad", "plain", "sealed"};
    memcpy(secret.bytes, key.bytes, KEY_BYTES);
    seal_pair_of_secret(&secret, &ephemeral);
    assert_true(id_equal(&ephemeral.public, &enc));
    for (int i = 0; i < 4; i++) {
        buffer_init(&parts[i], 1024);
        (void)vectors_bytes(item, names[i], &parts[i]);
    }
    buffer_init(&sealed, 1024);
    assert_int_equal(hpke_seal_with(&ephemeral, &to, buffer_slice(&parts[0]),
                                    buffer_slice(&parts[1]), buffer_slice(&parts[2]), &sealed),
                     ENRUM_OK);
    assert_true(slice_equal(buffer_slice(&sealed), buffer_slice(&parts[3])));
    open_and_compare(item, &sealed);
    for (int i = 0; i < 4; i++) {
        buffer_fini(&parts[i]);
    }
    buffer_fini(&sealed);
    json_decref(json);
}

/* -- What TypeScript made -- */

struct made {
    json_t *json;
    struct vectors_cast cast;
};

/* Null when the runner has given no file: then the tests of this group say that they were skipped.
 */
static const char *made_path(void)
{
    return getenv("ENRUM_MADE_BY_TS");
}

static int made_load(void **state)
{
    static struct made made;
    vectors_cast_init(&made.cast);
    made.json = made_path() == NULL ? NULL : load(made_path());
    *state = &made;
    return 0;
}

static int made_unload(void **state)
{
    struct made *made = *state;
    json_decref(made->json);
    vectors_cast_fini(&made->cast);
    return 0;
}

static json_t *made_list(const struct made *made, const char *name)
{
    if (made->json == NULL) {
        skip();
    }
    json_t *list = json_object_get(made->json, name);
    assert_true(json_array_size(list) > 0);
    return list;
}

static void entries_made_by_typescript_verify_and_open(void **state)
{
    struct made *made = *state;
    json_t *item, *list = made_list(made, "entries");
    size_t index;
    struct buffer bytes, plain, body;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    buffer_init(&plain, FRAME_BYTES_MAX);
    buffer_init(&body, FRAME_BYTES_MAX);
    json_array_foreach(list, index, item)
    {
        struct entry entry;
        struct wire_content content;
        bool has_content = json_object_get(item, "body") != NULL;
        assert_int_equal(entry_decode(vectors_bytes(item, "bytes", &bytes), &entry), ENRUM_OK);
        assert_string_equal(class_name(entry.head.class),
                            json_string_value(json_object_get(item, "class")));
        assert_true(entry_signature_is_good(&entry, &made->cast.citizen.sign.public));
        buffer_reset(&plain);
        enum enrum_err err = entry_open(&entry, &made->cast.room_key, &plain, &content);
        assert_int_equal(err, has_content ? ENRUM_OK : ENRUM_PAYLOAD_MISSING);
        if (has_content) {
            assert_true(slice_equal(content.body, vectors_bytes(item, "body", &body)));
        }
    }
    buffer_fini(&bytes);
    buffer_fini(&plain);
    buffer_fini(&body);
}

static void grants_made_by_typescript_open(void **state)
{
    struct made *made = *state;
    json_t *item, *list = made_list(made, "grants");
    size_t index;
    struct buffer bytes, expected;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    buffer_init(&expected, FRAME_BYTES_MAX);
    json_array_foreach(list, index, item)
    {
        static struct secret32 keys[GENERATIONS_PER_GRANT_MAX];
        struct wire_open_grant grant;
        size_t count = 0;
        assert_int_equal(
            layout_decode(&layout_open_grant, vectors_bytes(item, "bytes", &bytes), &grant),
            ENRUM_OK);
        assert_int_equal(
            grant_unwrap(&made->cast.room, &grant, &made->cast.citizen.seal, keys, &count),
            ENRUM_OK);
        struct slice joined = vectors_bytes(item, "keys", &expected);
        assert_true(slice_equal(slice_of(keys, count * sizeof keys[0]), joined));
    }
    buffer_fini(&bytes);
    buffer_fini(&expected);
}

static void letters_made_by_typescript_open(void **state)
{
    struct made *made = *state;
    json_t *item, *list = made_list(made, "letters");
    size_t index;
    struct buffer bytes, plain, body;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    buffer_init(&plain, FRAME_BYTES_MAX);
    buffer_init(&body, FRAME_BYTES_MAX);
    json_array_foreach(list, index, item)
    {
        struct wire_letter_inner inner;
        buffer_reset(&plain);
        assert_int_equal(letter_decode(vectors_bytes(item, "bytes", &bytes),
                                       &made->cast.keeper.sign, &made->cast.keeper.seal, &plain,
                                       &inner),
                         ENRUM_OK);
        assert_true(id_equal(&inner.sign_key, &made->cast.citizen.sign.public));
        assert_true(id_equal(&inner.board, &made->cast.board));
        assert_string_equal(letter_name(inner.kind),
                            json_string_value(json_object_get(item, "kind")));
        assert_true(slice_equal(inner.body, vectors_bytes(item, "body", &body)));
    }
    buffer_fini(&bytes);
    buffer_fini(&plain);
    buffer_fini(&body);
}

static void transients_made_by_typescript_open(void **state)
{
    struct made *made = *state;
    json_t *item, *list = made_list(made, "transients");
    size_t index;
    struct buffer bytes, plain, body;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    buffer_init(&plain, FRAME_BYTES_MAX);
    buffer_init(&body, FRAME_BYTES_MAX);
    json_array_foreach(list, index, item)
    {
        struct transient_frame frame;
        struct wire_transient_content content;
        buffer_reset(&plain);
        assert_int_equal(transient_decode(vectors_bytes(item, "bytes", &bytes), &frame), ENRUM_OK);
        assert_true(transient_signature_is_good(&frame, &made->cast.citizen.sign.public));
        assert_int_equal(transient_open(&frame, &made->cast.room_key, &plain, &content), ENRUM_OK);
        assert_true(slice_equal(content.body, vectors_bytes(item, "body", &body)));
    }
    buffer_fini(&bytes);
    buffer_fini(&plain);
    buffer_fini(&body);
}

static void hpke_made_by_typescript_opens(void **state)
{
    struct made *made = *state;
    json_t *item, *list = made_list(made, "hpke");
    size_t index;
    struct buffer plain;
    buffer_init(&plain, FRAME_BYTES_MAX);
    json_array_foreach(list, index, item)
    {
        open_and_compare(item, &plain);
    }
    buffer_fini(&plain);
}

/* Keys that TypeScript made a moment ago. */
static void certificates_made_by_typescript_lead_to_their_root(void **state)
{
    struct made *made = *state;
    json_t *item, *list = made_list(made, "certificates");
    size_t index;
    struct buffer device, issuer;
    buffer_init(&device, FRAME_BYTES_MAX);
    buffer_init(&issuer, FRAME_BYTES_MAX);
    json_array_foreach(list, index, item)
    {
        struct id root = vectors_id_of(item, "root_key"), board, hash = vectors_id_of(item, "hash");
        struct certificate certificate;
        board_id(&root, &board);
        assert_int_equal(chain_check(&board, &root, vectors_bytes(item, "device", &device),
                                     vectors_bytes(item, "issuer", &issuer), &certificate),
                         ENRUM_OK);
        assert_true(id_equal(&certificate.hash, &hash));
    }
    buffer_fini(&device);
    buffer_fini(&issuer);
}

static void proof_and_receipts_made_by_typescript_are_good(void **state)
{
    struct made *made = *state;
    json_t *item, *list = made_list(made, "receipts");
    size_t index;
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    json_array_foreach(list, index, item)
    {
        struct msg_ack ack;
        struct receipt_leaf leaf;
        struct receipt_proof proof;
        assert_int_equal(layout_decode(&message_ack, vectors_bytes(item, "bytes", &bytes), &ack),
                         ENRUM_OK);
        receipt_of_ack(&ack, &leaf, &proof);
        assert_true(receipt_check(&made->cast.host.public, &leaf, &proof));
        leaf.seq++;
        assert_false(receipt_check(&made->cast.host.public, &leaf, &proof));
    }
    json_t *json = json_object_get(made->json, "proof");
    struct handshake_proof proof = {vectors_id_of(json, "client_nonce"),
                                    vectors_id_of(json, "server_nonce"), made->cast.board,
                                    made->cast.host.public, made->cast.citizen.certificate.hash};
    struct sig sig;
    struct slice sig_bytes = vectors_bytes(json, "sig", &bytes);
    assert_int_equal(sig_bytes.len, SIG_BYTES);
    memcpy(sig.bytes, sig_bytes.at, SIG_BYTES);
    assert_true(handshake_proof_is_good(&made->cast.citizen.sign.public, &proof, &sig));
    buffer_fini(&bytes);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest vectors[] = {
        cmocka_unit_test(c_makes_the_bytes_of_every_vector_anew),
        cmocka_unit_test(refused_bytes_are_refused_and_their_neighbours_decode),
        cmocka_unit_test(no_layout_decodes_when_it_is_cut),
        cmocka_unit_test(hpke_opens_what_is_right_and_nothing_else),
        cmocka_unit_test(hpke_is_that_of_the_published_vector),
    };
    static const struct CMUnitTest made_by_ts[] = {
        cmocka_unit_test(entries_made_by_typescript_verify_and_open),
        cmocka_unit_test(grants_made_by_typescript_open),
        cmocka_unit_test(letters_made_by_typescript_open),
        cmocka_unit_test(transients_made_by_typescript_open),
        cmocka_unit_test(hpke_made_by_typescript_opens),
        cmocka_unit_test(certificates_made_by_typescript_lead_to_their_root),
        cmocka_unit_test(proof_and_receipts_made_by_typescript_are_good),
    };
    if (!suite_init()) {
        return 1;
    }
    if (argc == 3 && strcmp(argv[1], "--make") == 0) {
        return vectors_write(argv[2]) ? 0 : 1;
    }
    int failed = cmocka_run_group_tests_name("vectors", vectors, NULL, NULL);
    return failed +
           cmocka_run_group_tests_name("made by TypeScript", made_by_ts, made_load, made_unload);
}
