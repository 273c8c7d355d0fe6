/* vectors -- see vectors.h: receipts, the handshake, letters and transient frames. The last two are
 * put together here step by step as protocol/README.md says, for their own encoders take fresh
 * randomness; their decoders must open the result. */
#include "vectors.h"

#include <string.h>

#include "base/check.h"
#include "protocol/handshake.h"
#include "protocol/letter.h"
#include "protocol/receipt.h"
#include "protocol/transient.h"
#include "vectors_layout.h"

static void append(json_t *list, json_t *item)
{
    CHECK(item != NULL && json_array_append_new(list, item) == 0);
}

/* -- Receipts -- */

enum { TREES_MAX = 9 };

static struct receipt_leaf leaf_of(const struct vectors_cast *cast, size_t index)
{
    return (struct receipt_leaf){cast->room, index + 1, 100 * (index + 1),
                                 vectors_id_of_byte((uint8_t)(0xa0 + index)),
                                 VECTORS_BEGIN + index};
}

static json_t *ack_json(const struct vectors_cast *cast, const struct receipt_leaf *leaf,
                        const struct receipt_proof *proof)
{
    struct msg_ack ack = {.type = MESSAGE_ACK, .request = 7, .board = cast->board};
    struct id hash;
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    receipt_leaf_hash(leaf, &hash);
    receipt_to_ack(leaf, proof, &ack);
    CHECK(layout_encode(&message_ack, &ack, &bytes) == ENRUM_OK);
    json_t *json = json_pack("{so, so, so}", "value", vector_value_json("ACK", &ack), "leaf_hash",
                             vectors_id(&hash), "bytes", vectors_hex(buffer_slice(&bytes)));
    buffer_fini(&bytes);
    return json;
}

static json_t *tree_json(const struct vectors_cast *cast, size_t count)
{
    struct receipt_proof proofs[TREES_MAX];
    struct receipt_leaf leaves[TREES_MAX];
    struct id hashes[TREES_MAX];
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        leaves[i] = leaf_of(cast, i);
        receipt_leaf_hash(&leaves[i], &hashes[i]);
    }
    CHECK(receipt_sign(&cast->host, hashes, count, proofs));
    for (size_t i = 0; i < count; i++) {
        CHECK(receipt_check(&cast->host.public, &leaves[i], &proofs[i]));
        append(list, ack_json(cast, &leaves[i], &proofs[i]));
    }
    return list;
}

static void receipt_refused(json_t *list, const struct vectors_cast *cast,
                            const struct receipt_leaf *leaf, const struct receipt_proof *proof)
{
    CHECK(!receipt_check(&cast->host.public, leaf, proof));
    append(list, ack_json(cast, leaf, proof));
}

static json_t *receipts_refused(const struct vectors_cast *cast)
{
    struct receipt_proof proofs[5], proof;
    struct receipt_leaf leaf = leaf_of(cast, 3), other;
    struct id hashes[5];
    json_t *list = json_array();
    for (size_t i = 0; i < 5; i++) {
        other = leaf_of(cast, i);
        receipt_leaf_hash(&other, &hashes[i]);
    }
    CHECK(receipt_sign(&cast->host, hashes, 5, proofs));
    other = leaf;
    other.seq++;
    receipt_refused(list, cast, &other, &proofs[3]);
    other = leaf;
    other.received_at++;
    receipt_refused(list, cast, &other, &proofs[3]);
    proof = proofs[3];
    proof.leaf_index = 2;
    receipt_refused(list, cast, &leaf, &proof);
    proof.leaf_index = 5;
    receipt_refused(list, cast, &leaf, &proof);
    proof = proofs[3];
    proof.tree_size = 6;
    receipt_refused(list, cast, &leaf, &proof);
    proof = proofs[3];
    proof.path_count--;
    receipt_refused(list, cast, &leaf, &proof);
    proof = proofs[3];
    proof.path[proof.path_count++] = cast->room;
    receipt_refused(list, cast, &leaf, &proof);
    proof = proofs[3];
    proof.path[1].bytes[0] ^= 1;
    receipt_refused(list, cast, &leaf, &proof);
    proof = proofs[3];
    proof.sig.bytes[0] ^= 1;
    receipt_refused(list, cast, &leaf, &proof);
    return list;
}

json_t *vectors_receipts(void)
{
    struct vectors_cast cast;
    vectors_cast_init(&cast);
    json_t *trees = json_array();
    for (size_t count = 1; count <= TREES_MAX; count++) {
        append(trees, tree_json(&cast, count));
    }
    json_t *json = json_pack("{so, so, so}", "cast", vectors_cast_json(&cast), "trees", trees,
                             "refused", receipts_refused(&cast));
    vectors_cast_fini(&cast);
    return json;
}

/* -- Handshake -- */

json_t *vectors_handshake(void)
{
    struct vectors_cast cast;
    vectors_cast_init(&cast);
    struct id client_nonce = vectors_id_of_byte(0xc1), random = vectors_id_of_byte(0xc3);
    struct msg_challenge challenge = {.type = MESSAGE_CHALLENGE,
                                      .request = 1,
                                      .version = 1,
                                      .nonce = vectors_id_of_byte(0xc2),
                                      .host_key = cast.host.public,
                                      .time = UINT64_C(1234567890123)};
    struct handshake_proof proof = {client_nonce, challenge.nonce, cast.board, cast.host.public,
                                    cast.citizen.certificate.hash};
    struct sig sig;
    char nonce[44];
    handshake_challenge_sign(&cast.host, &client_nonce, &challenge);
    CHECK(handshake_challenge_is_good(&cast.host.public, &client_nonce, &challenge));
    handshake_proof_sign(&cast.citizen.sign, &proof, &sig);
    CHECK(handshake_proof_is_good(&cast.citizen.sign.public, &proof, &sig));
    handshake_login_nonce(&cast.board, &cast.citizen.sign.public, &cast.citizen.seal.public,
                          &random, nonce);
    json_t *json = json_pack("{so, so, so, so, so, ss}", "cast", vectors_cast_json(&cast),
                             "client_nonce", vectors_id(&client_nonce), "challenge",
                             vector_value_json("CHALLENGE", &challenge), "proof_sig",
                             vectors_hex(slice_of(sig.bytes, SIG_BYTES)), "random",
                             vectors_id(&random), "login_nonce", nonce);
    vectors_cast_fini(&cast);
    return json;
}

/* -- Letters -- */

static const char *body_name(enum letter_kind kind)
{
    switch (kind) {
#define LETTER(name, number, body, from, what)                                                     \
    case LETTER_##name:                                                                            \
        return #body;
#include "protocol/letters.def"
#undef LETTER
    }
    CHECK(false);
    return NULL;
}

/* plain = Pad([inner, sig]); letter = [1, 1, to, enc, sealed] (README §18). */
static void letter_make(const struct vectors_party *from, const struct vectors_party *to,
                        uint64_t suite, const struct wire_letter_inner *inner, struct buffer *out)
{
    struct seal_pair ephemeral = vectors_seal_pair(0x67);
    struct wire_letter letter = {
        .version = 1, .suite = suite, .to = to->certificate.device, .enc = ephemeral.public};
    struct wire_letter_signed value;
    struct buffer parts[4];
    for (int i = 0; i < 4; i++) {
        buffer_init(&parts[i], LETTER_BYTES_MAX);
    }
    CHECK(layout_encode(&layout_letter_inner, inner, &parts[0]) == ENRUM_OK);
    value.inner = buffer_slice(&parts[0]);
    struct slice signed_parts[] = {id_slice(&to->certificate.device), value.inner};
    suite_sign(&from->sign, LABEL_LETTER_SIGNATURE, signed_parts, 2, &value.sig);
    CHECK(layout_encode(&layout_letter_signed, &value, &parts[1]) == ENRUM_OK);
    CHECK(suite_pad(buffer_slice(&parts[1]), &parts[2]) == ENRUM_OK);
    buffer_reset(&parts[0]);
    buffer_append_slice(&parts[0], label_slice(LABEL_LETTER));
    buffer_append_slice(&parts[0], id_slice(&to->certificate.device));
    CHECK(hpke_seal_with(&ephemeral, &to->seal.public, buffer_slice(&parts[0]), slice_of(NULL, 0),
                         buffer_slice(&parts[2]), &parts[3]) == ENRUM_OK);
    letter.sealed = buffer_slice(&parts[3]);
    CHECK(layout_encode(&layout_letter, &letter, out) == ENRUM_OK);
    for (int i = 0; i < 4; i++) {
        buffer_fini(&parts[i]);
    }
}

static struct wire_letter_inner inner_of(const struct vectors_cast *cast,
                                         const struct vectors_party *from, enum letter_kind kind)
{
    return (struct wire_letter_inner){.id = vectors_id_of_byte(0xd1),
                                      .board = cast->board,
                                      .kind = kind,
                                      .time = VECTORS_BEGIN + 5,
                                      .sign_key = from->sign.public,
                                      .seal_key = from->seal.public};
}

static json_t *letter_json(const struct vectors_cast *cast, bool by_keeper, bool with_certificate,
                           enum letter_kind kind, const void *body)
{
    const struct vectors_party *from = by_keeper ? &cast->keeper : &cast->citizen;
    const struct vectors_party *to = by_keeper ? &cast->citizen : &cast->keeper;
    struct wire_letter_inner inner = inner_of(cast, from, kind), opened;
    struct secret32 ephemeral = vectors_secret(0x67);
    struct buffer encoded, bytes, plain;
    buffer_init(&encoded, LETTER_BYTES_MAX);
    buffer_init(&bytes, 2 * (size_t)LETTER_BYTES_MAX);
    buffer_init(&plain, LETTER_BYTES_MAX);
    CHECK(layout_encode(letter_layout(kind), body, &encoded) == ENRUM_OK);
    inner.body = buffer_slice(&encoded);
    if (with_certificate) {
        inner.certificate = buffer_slice(&from->bytes);
    }
    letter_make(from, to, SUITE_1, &inner, &bytes);
    CHECK(letter_decode(buffer_slice(&bytes), &to->sign, &to->seal, &plain, &opened) == ENRUM_OK);
    json_t *json = json_pack(
        "{ss, ss, ss, so, so, so, so}", "from", by_keeper ? "keeper" : "citizen", "to",
        by_keeper ? "citizen" : "keeper", "kind", letter_name(kind), "ephemeral",
        vectors_hex(slice_of(ephemeral.bytes, KEY_BYTES)), "inner",
        vector_value_json("letter_inner", &opened), "body",
        vector_value_json(body_name(kind), body), "bytes", vectors_hex(buffer_slice(&bytes)));
    buffer_fini(&encoded);
    buffer_fini(&bytes);
    buffer_fini(&plain);
    return json;
}

/* Who is in a conversation. */
static void people_letters(json_t *list, const struct vectors_cast *cast)
{
    struct wire_letter_person add = {cast->room, id_slice(&cast->staff.certificate.body.person),
                                     slice_of_text("Vi är två.")};
    struct wire_letter_person back = {cast->room, slice_of_text(""), slice_of_text("Fel enhet.")};
    struct wire_letter_device device = {cast->citizen.certificate.device};
    struct wire_letter_invite invite = {.room = cast->room,
                                        .capacity = CAPACITY_OMBUD,
                                        .number = slice_of_text("199001152397"),
                                        .name = slice_of_text("Test Ombudsson"),
                                        .history = 1,
                                        .until = UINT64_C(1800000000000),
                                        .text = slice_of_text("Fullmakt.")};
    struct wire_letter_redeem redeem = {slice_of_text("ABCD-EFGH-0123-4567"), DEVICE_TYPE_TABLET,
                                        DEVICE_BROWSER_SAFARI, 1};
    struct wire_letter_invited invited = {12, slice_of_text("ABCD-EFGH-0123-4567"),
                                          UINT64_C(1800000000000)};
    append(list, letter_json(cast, false, true, LETTER_ADD, &add));
    append(list, letter_json(cast, false, true, LETTER_HAND_OVER, &back));
    append(list, letter_json(cast, false, true, LETTER_LOG_OUT, &device));
    append(list, letter_json(cast, false, true, LETTER_INVITE, &invite));
    append(list, letter_json(cast, false, false, LETTER_REDEEM, &redeem));
    append(list, letter_json(cast, true, true, LETTER_INVITED, &invited));
}

/* About the board's units. */
static void units_letters(json_t *list, const struct vectors_cast *cast)
{
    struct wire_letter_units_ask ask = {.version = 1};
    struct wire_letter_move move = {cast->room, cast->board, slice_of_text("Fel enhet.")};
    struct wire_body_unit unit = {cast->room, slice_of_text("Mottagning")};
    struct buffer units;
    buffer_init(&units, LETTER_BYTES_MAX);
    CHECK(layout_encode(&layout_body_unit, &unit, &units) == ENRUM_OK);
    struct wire_letter_units answer = {buffer_slice(&units)};
    append(list, letter_json(cast, false, true, LETTER_UNITS_ASK, &ask));
    append(list, letter_json(cast, true, true, LETTER_UNITS, &answer));
    append(list, letter_json(cast, false, true, LETTER_MOVE, &move));
    buffer_fini(&units);
}

/* About one's own devices. */
static void devices_letters(json_t *list, const struct vectors_cast *cast)
{
    struct wire_letter_devices_ask ask = {.version = 1};
    struct wire_own_device device = {.device = cast->citizen.certificate.device,
                                     .device_type = DEVICE_TYPE_PHONE,
                                     .browser = DEVICE_BROWSER_CHROME,
                                     .level = 3,
                                     .logged_in_at = UINT64_C(1790000000000),
                                     .certified_at = UINT64_C(1790086400000)};
    struct buffer devices;
    buffer_init(&devices, LETTER_BYTES_MAX);
    CHECK(layout_encode(&layout_own_device, &device, &devices) == ENRUM_OK);
    struct wire_letter_devices answer = {buffer_slice(&devices)};
    append(list, letter_json(cast, false, true, LETTER_DEVICES_ASK, &ask));
    append(list, letter_json(cast, true, true, LETTER_DEVICES, &answer));
    buffer_fini(&devices);
}

/* Of somebody who is nobody, and about notices. */
static void small_letters_append(const struct vectors_cast *cast, json_t *list)
{
    struct wire_letter_advice advice = {.version = 1};
    struct wire_letter_notice_ask ask = {.version = 1};
    struct wire_letter_notice_set set = {slice_of_text("test.testsson@brev.example")};
    struct wire_letter_notice_code code = {slice_of_text("012345")};
    struct wire_letter_notice_state state = {1, slice_of_text("t…@brev.example")};
    append(list, letter_json(cast, false, false, LETTER_ADVICE, &advice));
    append(list, letter_json(cast, false, true, LETTER_NOTICE_ASK, &ask));
    append(list, letter_json(cast, false, true, LETTER_NOTICE_SET, &set));
    append(list, letter_json(cast, false, true, LETTER_NOTICE_CODE, &code));
    append(list, letter_json(cast, true, true, LETTER_NOTICE_STATE, &state));
}

static json_t *letters_make(const struct vectors_cast *cast)
{
    json_t *list = json_array();
    struct wire_room_head head = {cast->room, 8, cast->room, 1};
    struct wire_letter_login login = {slice_of_text("demo"),
                                      slice_of_text("code/1"),
                                      slice_of_text("verifier-verifier-verifier-verifier-verifier"),
                                      slice_of_text("http://127.0.0.1:8000/login"),
                                      vectors_id_of_byte(0xc3),
                                      ROLE_CITIZEN,
                                      DEVICE_TYPE_PHONE,
                                      DEVICE_BROWSER_CHROME,
                                      0};
    struct wire_letter_renew renew = {ROLE_CITIZEN};
    struct wire_letter_room room = {cast->room};
    struct wire_letter_remove remove = {cast->room, SUBJECT_PERSON,
                                        cast->staff.certificate.body.person, GROUND_HANDED_OVER};
    struct wire_letter_done done = {12};
    struct wire_letter_refused refused = {ENRUM_NOT_QUEUED, slice_of_text("")};
    struct wire_profile who = {.board = cast->board,
                               .issuer = cast->keeper.certificate.hash,
                               .person = cast->citizen.certificate.body.person,
                               .role = ROLE_CITIZEN,
                               .level = 3,
                               .name = slice_of_text("Test Testsson"),
                               .not_after = cast->citizen.certificate.body.not_after};
    struct buffer heads, profile;
    buffer_init(&heads, LETTER_BYTES_MAX);
    buffer_init(&profile, CERTIFICATE_BYTES_MAX);
    CHECK(layout_encode(&layout_room_head, &head, &heads) == ENRUM_OK);
    CHECK(profile_encode(&cast->keeper.sign, &who, &profile) == ENRUM_OK);
    struct wire_letter_logged_in logged_in = {
        buffer_slice(&cast->citizen.bytes), buffer_slice(&cast->keeper.bytes),
        slice_of_text("Test Testsson"), buffer_slice(&heads), buffer_slice(&profile)};
    append(list, letter_json(cast, false, false, LETTER_LOGIN, &login));
    append(list, letter_json(cast, false, true, LETTER_RENEW, &renew));
    append(list, letter_json(cast, false, true, LETTER_GRANT, &room));
    append(list, letter_json(cast, false, true, LETTER_TAKE, &room));
    append(list, letter_json(cast, false, true, LETTER_REMOVE, &remove));
    people_letters(list, cast);
    append(list, letter_json(cast, true, true, LETTER_LOGGED_IN, &logged_in));
    append(list, letter_json(cast, true, true, LETTER_DONE, &done));
    append(list, letter_json(cast, true, true, LETTER_REFUSED, &refused));
    small_letters_append(cast, list);
    units_letters(list, cast);
    devices_letters(list, cast);
    buffer_fini(&heads);
    buffer_fini(&profile);
    return list;
}

static void letter_refused(json_t *list, const char *what, const struct vectors_cast *cast,
                           struct slice bytes, enum enrum_err expected)
{
    struct wire_letter_inner inner;
    struct buffer plain;
    buffer_init(&plain, LETTER_BYTES_MAX);
    CHECK(letter_decode(bytes, &cast->keeper.sign, &cast->keeper.seal, &plain, &inner) == expected);
    append(list, json_pack("{ss, so, ss}", "what", what, "bytes", vectors_hex(bytes), "error",
                           error_name(expected)));
    buffer_wipe(&plain);
}

/* Each is a letter to the keeper. */
static json_t *letters_refused(const struct vectors_cast *cast)
{
    static const uint8_t body[] = {0x91, 0x02};
    struct wire_letter_inner inner = inner_of(cast, &cast->citizen, LETTER_RENEW);
    json_t *list = json_array();
    struct buffer bytes;
    inner.body = slice_of(body, sizeof body);
    buffer_init(&bytes, 2 * (size_t)LETTER_BYTES_MAX);
    letter_make(&cast->citizen, &cast->keeper, 2, &inner, &bytes);
    letter_refused(list, "suite 2", cast, buffer_slice(&bytes), ENRUM_SUITE_UNSUPPORTED);
    buffer_reset(&bytes);
    letter_make(&cast->citizen, &cast->staff, SUITE_1, &inner, &bytes);
    letter_refused(list, "to somebody else", cast, buffer_slice(&bytes), ENRUM_OPEN_FAILED);
    buffer_reset(&bytes);
    letter_make(&cast->staff, &cast->keeper, SUITE_1, &inner, &bytes);
    letter_refused(list, "signed by another", cast, buffer_slice(&bytes), ENRUM_SIGNATURE_WRONG);
    buffer_reset(&bytes);
    letter_make(&cast->citizen, &cast->keeper, SUITE_1, &inner, &bytes);
    letter_refused(list, "cut", cast, slice_of(bytes.at, bytes.len - 1), ENRUM_MALFORMED);
    bytes.at[bytes.len - 1] ^= 1;
    letter_refused(list, "tag is another", cast, buffer_slice(&bytes), ENRUM_OPEN_FAILED);
    buffer_fini(&bytes);
    return list;
}

json_t *vectors_letters(void)
{
    struct vectors_cast cast;
    vectors_cast_init(&cast);
    json_t *json = json_pack("{so, so, so}", "cast", vectors_cast_json(&cast), "letters",
                             letters_make(&cast), "refused", letters_refused(&cast));
    vectors_cast_fini(&cast);
    return json;
}

/* -- Transient frames -- */

/* README §17. */
static void transient_make(const struct vectors_cast *cast, const struct wire_transient_head *head,
                           const struct wire_transient_content *content, struct buffer *out)
{
    static const uint8_t nonce[NONCE_BYTES];
    struct secret32 key;
    struct wire_transient frame;
    struct buffer parts[4];
    for (int i = 0; i < 4; i++) {
        buffer_init(&parts[i], TRANSIENT_BYTES_MAX);
    }
    CHECK(layout_encode(&layout_transient_head, head, &parts[0]) == ENRUM_OK);
    CHECK(layout_encode(&layout_transient_content, content, &parts[1]) == ENRUM_OK);
    CHECK(suite_pad(buffer_slice(&parts[1]), &parts[2]) == ENRUM_OK);
    CHECK(suite_derive(&cast->room_key, &head->salt, LABEL_TRANSIENT_KEY, &key) == ENRUM_OK);
    CHECK(suite_seal(&key, nonce, buffer_slice(&parts[0]), buffer_slice(&parts[2]), &parts[3]) ==
          ENRUM_OK);
    frame.head = buffer_slice(&parts[0]);
    frame.sealed = buffer_slice(&parts[3]);
    struct slice signed_parts[] = {frame.head, frame.sealed};
    suite_sign(&cast->citizen.sign, LABEL_TRANSIENT, signed_parts, 2, &frame.sig);
    CHECK(layout_encode(&layout_transient, &frame, out) == ENRUM_OK);
    for (int i = 0; i < 4; i++) {
        buffer_fini(&parts[i]);
    }
}

static json_t *transient_json(const struct vectors_cast *cast, uint64_t kind, const char *text)
{
    struct wire_transient_head head = {1,
                                       1,
                                       cast->room,
                                       1,
                                       cast->citizen.certificate.hash,
                                       VECTORS_BEGIN + kind,
                                       vectors_id_of_byte((uint8_t)kind)};
    struct wire_transient_content content = {kind, slice_of_text(text)}, opened;
    struct transient_frame frame;
    struct buffer bytes, plain;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    buffer_init(&plain, FRAME_BYTES_MAX);
    transient_make(cast, &head, &content, &bytes);
    CHECK(transient_decode(buffer_slice(&bytes), &frame) == ENRUM_OK);
    CHECK(transient_signature_is_good(&frame, &cast->citizen.sign.public));
    CHECK(transient_open(&frame, &cast->room_key, &plain, &opened) == ENRUM_OK);
    json_t *json = json_pack("{so, so, so}", "head", vector_value_json("transient_head", &head),
                             "content", vector_value_json("transient_content", &content), "bytes",
                             vectors_hex(buffer_slice(&bytes)));
    buffer_fini(&bytes);
    buffer_wipe(&plain);
    return json;
}

json_t *vectors_transients(void)
{
    struct vectors_cast cast;
    vectors_cast_init(&cast);
    json_t *json = json_pack("{so, s[o, o]}", "cast", vectors_cast_json(&cast), "transients",
                             transient_json(&cast, 1, ""),
                             transient_json(&cast, 2, "Hej \xc3\xa5"));
    vectors_cast_fini(&cast);
    return json;
}
