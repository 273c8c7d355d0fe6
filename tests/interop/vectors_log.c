/* vectors -- see vectors.h: certificates and chains, the log of a room, grants. */
#include "vectors.h"

#include <string.h>

#include "base/check.h"
#include "protocol/grant.h"
#include "vectors_layout.h"

static void append(json_t *list, json_t *item)
{
    CHECK(item != NULL && json_array_append_new(list, item) == 0);
}

static void set(json_t *object, const char *member, json_t *value)
{
    CHECK(value != NULL && json_object_set_new(object, member, value) == 0);
}

/* -- Certificates -- */

static void chain_add(json_t *list, const char *what, const struct vectors_cast *cast,
                      struct slice device, struct slice issuer, enum enrum_err expected)
{
    struct certificate certificate;
    CHECK(chain_check(&cast->board, &cast->root.public, device, issuer, &certificate) == expected);
    json_t *json = json_pack("{ss, so, so}", "what", what, "device", vectors_hex(device), "issuer",
                             vectors_hex(issuer));
    if (expected == ENRUM_OK) {
        set(json, "value", vector_value_json("certificate", &certificate.body));
        set(json, "hash", vectors_id(&certificate.hash));
        set(json, "device_id", vectors_id(&certificate.device));
    } else {
        set(json, "error", json_string(error_name(expected)));
    }
    append(list, json);
}

/* A device's certificate of this body under the keeper, as it is: no rule is looked at. */
static void body_add(json_t *list, const char *what, const struct vectors_cast *cast,
                     const struct wire_certificate *body, enum enrum_err expected)
{
    struct buffer encoded, bytes;
    buffer_init(&encoded, CERTIFICATE_BYTES_MAX);
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    CHECK(layout_encode(&layout_certificate, body, &encoded) == ENRUM_OK);
    CHECK(signed_encode(&cast->keeper.sign, LABEL_CERTIFICATE, buffer_slice(&encoded), &bytes) ==
          ENRUM_OK);
    chain_add(list, what, cast, buffer_slice(&bytes), buffer_slice(&cast->keeper.bytes), expected);
    buffer_fini(&encoded);
    buffer_fini(&bytes);
}

static void bodies_add(json_t *list, const struct vectors_cast *cast)
{
    const struct wire_certificate good = cast->citizen.certificate.body;
    struct wire_certificate body = good;
    body.suite = 2;
    body_add(list, "suite 2", cast, &body, ENRUM_SUITE_UNSUPPORTED);
    body = good;
    body.board = vectors_id_of_byte(9);
    body_add(list, "another board", cast, &body, ENRUM_CERTIFICATE_OTHER_BOARD);
    body = good;
    body.issuer = vectors_id_of_byte(9);
    body_add(list, "another issuer", cast, &body, ENRUM_CERTIFICATE_UNTRUSTED);
    body = good;
    body.role = ROLE_KEEPER;
    body_add(list, "a keeper makes a keeper", cast, &body, ENRUM_CERTIFICATE_UNTRUSTED);
    body = good;
    body.person = cast->board;
    body_add(list, "a device that is the board", cast, &body, ENRUM_CERTIFICATE_UNTRUSTED);
    body = good;
    body.not_before = VECTORS_BEGIN - 1;
    body_add(list, "begins before its keeper", cast, &body, ENRUM_CERTIFICATE_UNTRUSTED);
    body = good;
    body.not_after = VECTORS_END + 1;
    body_add(list, "ends after its keeper", cast, &body, ENRUM_CERTIFICATE_UNTRUSTED);
}

static void chains_add(json_t *list, const struct vectors_cast *cast)
{
    struct slice keeper = buffer_slice(&cast->keeper.bytes), none = {NULL, 0};
    struct slice citizen = buffer_slice(&cast->citizen.bytes);
    uint8_t changed[CERTIFICATE_BYTES_MAX];
    chain_add(list, "keeper", cast, keeper, none, ENRUM_OK);
    chain_add(list, "citizen", cast, citizen, keeper, ENRUM_OK);
    chain_add(list, "staff", cast, buffer_slice(&cast->staff.bytes), keeper, ENRUM_OK);
    chain_add(list, "citizen under the root", cast, citizen, none, ENRUM_SIGNATURE_WRONG);
    chain_add(list, "citizen under a citizen", cast, citizen, citizen, ENRUM_SIGNATURE_WRONG);
    memcpy(changed, citizen.at, citizen.len);
    changed[citizen.len - 1] ^= 1;
    chain_add(list, "signature is another", cast, slice_of(changed, citizen.len), keeper,
              ENRUM_SIGNATURE_WRONG);
    for (size_t len = 0; len < citizen.len; len += 19) {
        chain_add(list, "cut", cast, slice_of(citizen.at, len), keeper, ENRUM_MALFORMED);
    }
    bodies_add(list, cast);
}

static json_t *signed_json(const struct vectors_cast *cast, const char *layout, const char *name,
                           enum label label, const struct layout *encoder, const void *value)
{
    struct buffer body, bytes;
    buffer_init(&body, CERTIFICATE_BYTES_MAX);
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    CHECK(layout_encode(encoder, value, &body) == ENRUM_OK);
    CHECK(signed_encode(&cast->root, label, buffer_slice(&body), &bytes) == ENRUM_OK);
    json_t *json = json_pack("{ss, ss, so, so}", "layout", layout, "label", name, "value",
                             vector_value_json(layout, value), "bytes",
                             vectors_hex(buffer_slice(&bytes)));
    buffer_fini(&body);
    buffer_fini(&bytes);
    return json;
}

static json_t *persons_json(void)
{
    static const char identity[] = "19121212-1212";
    struct secret32 secret = vectors_secret(0x77);
    json_t *list = json_array();
    for (int role = ROLE_KEEPER; role <= ROLE_GUEST; role++) {
        struct id person;
        person_id(&secret, (enum role)role, slice_of_text(identity), &person);
        append(list,
               json_pack("{so, so, so, so}", "secret",
                         vectors_hex(slice_of(secret.bytes, KEY_BYTES)), "role",
                         vectors_number((uint64_t)role), "identity",
                         vectors_hex(slice_of_text(identity)), "person", vectors_id(&person)));
    }
    return list;
}

static json_t *times_json(const struct vectors_cast *cast)
{
    static const uint64_t times[] = {0,           VECTORS_BEGIN - 1, VECTORS_BEGIN, VECTORS_END - 1,
                                     VECTORS_END, UINT_ANY};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        enum enrum_err err = certificate_in_time(&cast->citizen.certificate, times[i]);
        append(list,
               json_pack("{so, ss}", "at", vectors_number(times[i]), "error", error_name(err)));
    }
    return list;
}

json_t *vectors_certificates(void)
{
    struct vectors_cast cast;
    vectors_cast_init(&cast);
    json_t *chains = json_array(), *others = json_array();
    chains_add(chains, &cast);
    struct wire_revocation revocation = {1, cast.board, cast.keeper.certificate.device, 5000000,
                                         GROUND_LOST};
    struct wire_successor successor = {1, cast.board, cast.root.public, vectors_sign_pair(3).public,
                                       6000000};
    append(others, signed_json(&cast, "revocation", "REVOCATION", LABEL_REVOCATION,
                               &layout_revocation, &revocation));
    append(others, signed_json(&cast, "successor", "SUCCESSOR", LABEL_SUCCESSOR, &layout_successor,
                               &successor));
    json_t *json = json_pack("{so, so, so, so, so}", "cast", vectors_cast_json(&cast), "chains",
                             chains, "signed", others, "persons", persons_json(), "times",
                             times_json(&cast));
    vectors_cast_fini(&cast);
    return json;
}

/* -- Grants -- */

/* As grant_wrap, with the ephemeral pair given. */
static void grant_make(const struct vectors_cast *cast, const struct seal_pair *ephemeral,
                       uint64_t first, size_t count, struct buffer *wrapped,
                       struct wire_open_grant *out)
{
    struct buffer info, aad, plain;
    struct be64 from = be64_of(first), to = be64_of(first + count - 1);
    buffer_init(&info, 256);
    buffer_init(&aad, 16);
    buffer_init(&plain, OPEN_BYTES_MAX);
    buffer_append_slice(&info, label_slice(LABEL_GRANT));
    buffer_append_slice(&info, id_slice(&cast->room));
    buffer_append_slice(&info, id_slice(&cast->citizen.certificate.device));
    buffer_append_slice(&aad, be64_slice(&from));
    buffer_append_slice(&aad, be64_slice(&to));
    for (size_t i = 0; i < count; i++) {
        struct secret32 key = vectors_secret((uint8_t)(0x55 + i));
        buffer_append(&plain, key.bytes, KEY_BYTES);
    }
    CHECK(hpke_seal_with(ephemeral, &cast->citizen.seal.public, buffer_slice(&info),
                         buffer_slice(&aad), buffer_slice(&plain), wrapped) == ENRUM_OK);
    *out = (struct wire_open_grant){.device = cast->citizen.certificate.device,
                                    .first = first,
                                    .last = first + count - 1,
                                    .enc = ephemeral->public,
                                    .wrapped = buffer_slice(wrapped)};
    buffer_fini(&info);
    buffer_fini(&aad);
    buffer_fini(&plain);
}

static json_t *keys_json(size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        struct secret32 key = vectors_secret((uint8_t)(0x55 + i));
        append(list, vectors_hex(slice_of(key.bytes, KEY_BYTES)));
    }
    return list;
}

static json_t *grant_json(const struct vectors_cast *cast, uint64_t first, size_t count)
{
    struct seal_pair ephemeral = vectors_seal_pair(0x63);
    struct secret32 secret = vectors_secret(0x63), keys[GENERATIONS_PER_GRANT_MAX];
    struct wire_open_grant grant;
    struct buffer wrapped;
    size_t opened = 0;
    buffer_init(&wrapped, OPEN_BYTES_MAX);
    grant_make(cast, &ephemeral, first, count, &wrapped, &grant);
    CHECK(grant_unwrap(&cast->room, &grant, &cast->citizen.seal, keys, &opened) == ENRUM_OK);
    CHECK(opened == count);
    json_t *commitments = json_array();
    for (size_t i = 0; i < count; i++) {
        struct id commitment;
        grant_commitment(&cast->room, first + i, &keys[i], &commitment);
        append(commitments, vectors_id(&commitment));
    }
    json_t *json = json_pack("{so, so, so, so}", "ephemeral",
                             vectors_hex(slice_of(secret.bytes, KEY_BYTES)), "keys",
                             keys_json(count), "commitments", commitments, "value",
                             vector_value_json("open_grant", &grant));
    buffer_fini(&wrapped);
    return json;
}

static void bad_grant(json_t *list, const char *what, const struct vectors_cast *cast,
                      const struct wire_open_grant *grant, enum enrum_err expected)
{
    struct secret32 keys[GENERATIONS_PER_GRANT_MAX];
    size_t count = 0;
    CHECK(grant_unwrap(&cast->room, grant, &cast->citizen.seal, keys, &count) == expected);
    append(list, json_pack("{ss, so, ss}", "what", what, "value",
                           vector_value_json("open_grant", grant), "error", error_name(expected)));
}

static json_t *bad_grants(const struct vectors_cast *cast)
{
    struct seal_pair ephemeral = vectors_seal_pair(0x63);
    struct wire_open_grant good, grant;
    struct buffer wrapped;
    json_t *list = json_array();
    buffer_init(&wrapped, OPEN_BYTES_MAX);
    grant_make(cast, &ephemeral, 1, 2, &wrapped, &good);
    grant = good;
    grant.last = 3;
    bad_grant(list, "a key too few", cast, &grant, ENRUM_MALFORMED);
    grant.last = 1;
    bad_grant(list, "a key too many", cast, &grant, ENRUM_MALFORMED);
    grant.first = 2;
    bad_grant(list, "last before first", cast, &grant, ENRUM_MALFORMED);
    grant = good;
    grant.last = UINT_ANY;
    bad_grant(list, "more generations than one grant may have", cast, &grant, ENRUM_MALFORMED);
    grant = good;
    grant.first = 2;
    grant.last = 3;
    bad_grant(list, "other generations", cast, &grant, ENRUM_OPEN_FAILED);
    grant = good;
    grant.device = cast->staff.certificate.device;
    bad_grant(list, "another device", cast, &grant, ENRUM_OPEN_FAILED);
    grant = good;
    memset(grant.enc.bytes, 0, ID_BYTES);
    bad_grant(list, "encapsulated key of small order", cast, &grant, ENRUM_MALFORMED);
    buffer_fini(&wrapped);
    return list;
}

static json_t *causes_json(const struct vectors_cast *cast)
{
    struct be64 first = be64_of(1), last = be64_of(300);
    struct slice queued[] = {id_slice(&cast->room)};
    struct slice granted[] = {id_slice(&cast->room), id_slice(&cast->citizen.certificate.device),
                              be64_slice(&first), be64_slice(&last)};
    struct id cause;
    json_t *list = json_array();
    cause_id("queued", queued, 1, &cause);
    append(list, json_pack("{ss, s[o], so}", "verb", "queued", "parts", vectors_hex(queued[0]),
                           "cause", vectors_id(&cause)));
    cause_id("grant", granted, 4, &cause);
    append(list,
           json_pack("{ss, s[o, o, o, o], so}", "verb", "grant", "parts", vectors_hex(granted[0]),
                     vectors_hex(granted[1]), vectors_hex(granted[2]), vectors_hex(granted[3]),
                     "cause", vectors_id(&cause)));
    cause_id("lease", NULL, 0, &cause);
    append(list, json_pack("{ss, s[], so}", "verb", "lease", "parts", "cause", vectors_id(&cause)));
    return list;
}

json_t *vectors_grants(void)
{
    struct vectors_cast cast;
    vectors_cast_init(&cast);
    json_t *list = json_array();
    append(list, grant_json(&cast, 1, 1));
    append(list, grant_json(&cast, 1, 3));
    append(list, grant_json(&cast, 250, 16));
    json_t *json = json_pack("{so, so, so, so}", "cast", vectors_cast_json(&cast), "grants", list,
                             "refused", bad_grants(&cast), "causes", causes_json(&cast));
    vectors_cast_fini(&cast);
    return json;
}
