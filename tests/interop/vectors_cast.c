/* vectors -- see vectors.h: the made-up board and its people. */
#include "vectors.h"

#include <string.h>

#include "base/check.h"

struct secret32 vectors_secret(uint8_t byte)
{
    struct secret32 secret;
    memset(secret.bytes, byte, sizeof secret.bytes);
    return secret;
}

struct id vectors_id_of_byte(uint8_t byte)
{
    struct id id;
    memset(id.bytes, byte, sizeof id.bytes);
    return id;
}

struct sign_pair vectors_sign_pair(uint8_t byte)
{
    struct secret32 seed = vectors_secret(byte);
    struct sign_pair pair;
    sign_pair_of_seed(&seed, &pair);
    return pair;
}

struct seal_pair vectors_seal_pair(uint8_t byte)
{
    struct secret32 secret = vectors_secret(byte);
    struct seal_pair pair;
    seal_pair_of_secret(&secret, &pair);
    return pair;
}

static void party_init(struct vectors_cast *cast, struct vectors_party *party, uint8_t byte,
                       enum role role)
{
    bool is_keeper = role == ROLE_KEEPER;
    party->sign_seed = vectors_secret(byte);
    party->seal_secret = vectors_secret((uint8_t)(byte + 1));
    sign_pair_of_seed(&party->sign_seed, &party->sign);
    seal_pair_of_secret(&party->seal_secret, &party->seal);
    struct wire_certificate body = {
        .board = cast->board,
        .issuer = is_keeper ? cast->board : cast->keeper.certificate.hash,
        .sign_key = party->sign.public,
        .seal_key = party->seal.public,
        .person = is_keeper ? cast->board : vectors_id_of_byte((uint8_t)role),
        .role = role,
        .level = is_keeper ? 4 : 3,
        .not_before = VECTORS_BEGIN,
        .not_after = VECTORS_END,
    };
    buffer_init(&party->bytes, CERTIFICATE_BYTES_MAX);
    CHECK(certificate_encode(is_keeper ? &cast->root : &cast->keeper.sign, &body, &party->bytes) ==
          ENRUM_OK);
    CHECK(certificate_decode(buffer_slice(&party->bytes), &party->certificate) == ENRUM_OK);
}

void vectors_cast_init(struct vectors_cast *cast)
{
    memset(cast, 0, sizeof *cast);
    cast->root = vectors_sign_pair(0x01);
    cast->host = vectors_sign_pair(0x02);
    cast->random = vectors_id_of_byte(0x44);
    cast->room_key = vectors_secret(0x55);
    board_id(&cast->root.public, &cast->board);
    party_init(cast, &cast->keeper, 0x10, ROLE_KEEPER);
    party_init(cast, &cast->citizen, 0x20, ROLE_CITIZEN);
    party_init(cast, &cast->staff, 0x30, ROLE_STAFF);
    room_id(&cast->board, &cast->citizen.certificate.hash, &cast->random, &cast->room);
}

void vectors_cast_fini(struct vectors_cast *cast)
{
    buffer_fini(&cast->keeper.bytes);
    buffer_fini(&cast->citizen.bytes);
    buffer_fini(&cast->staff.bytes);
}

static json_t *party_json(const struct vectors_party *party)
{
    return json_pack("{so, so, so, so, so, so, so}", "sign_seed",
                     vectors_hex(slice_of(party->sign_seed.bytes, KEY_BYTES)), "seal_secret",
                     vectors_hex(slice_of(party->seal_secret.bytes, KEY_BYTES)), "sign_key",
                     vectors_id(&party->sign.public), "seal_key", vectors_id(&party->seal.public),
                     "certificate", vectors_hex(buffer_slice(&party->bytes)), "hash",
                     vectors_id(&party->certificate.hash), "device",
                     vectors_id(&party->certificate.device));
}

json_t *vectors_cast_json(const struct vectors_cast *cast)
{
    struct secret32 root, host;
    sign_pair_seed(&cast->root, &root);
    sign_pair_seed(&cast->host, &host);
    return json_pack(
        "{so, so, so, so, so, so, so, so, so, so, so}", "root_seed",
        vectors_hex(slice_of(root.bytes, KEY_BYTES)), "root_key", vectors_id(&cast->root.public),
        "host_seed", vectors_hex(slice_of(host.bytes, KEY_BYTES)), "host_key",
        vectors_id(&cast->host.public), "board", vectors_id(&cast->board), "room",
        vectors_id(&cast->room), "random", vectors_id(&cast->random), "room_key",
        vectors_hex(slice_of(cast->room_key.bytes, KEY_BYTES)), "keeper", party_json(&cast->keeper),
        "citizen", party_json(&cast->citizen), "staff", party_json(&cast->staff));
}
