/* cast -- see cast.h. */
#include "cast.h"

#include <string.h>

#include "base/check.h"

void cast_sign_pair(uint8_t byte, struct sign_pair *out)
{
    struct secret32 seed;
    memset(seed.bytes, byte, sizeof seed.bytes);
    sign_pair_of_seed(&seed, out);
}

void cast_seal_pair(uint8_t byte, struct seal_pair *out)
{
    struct secret32 secret;
    memset(secret.bytes, byte, sizeof secret.bytes);
    seal_pair_of_secret(&secret, out);
}

struct wire_certificate cast_body(const struct cast *cast, const struct cast_party *party,
                                  enum role role)
{
    struct wire_certificate body = {
        .board = cast->board,
        .issuer = role == ROLE_KEEPER ? cast->board : cast->keeper.checked.hash,
        .sign_key = party->sign.public,
        .seal_key = party->seal.public,
        .person = cast->board,
        .role = role,
        .level = role == ROLE_KEEPER ? 4 : 3,
        .not_before = CAST_BEGIN,
        .not_after = CAST_END,
    };
    if (role != ROLE_KEEPER) {
        memset(body.person.bytes, (int)role, ID_BYTES);
    }
    return body;
}

static void party_init(struct cast *cast, struct cast_party *party, uint8_t byte, enum role role)
{
    const struct sign_pair *issuer = role == ROLE_KEEPER ? &cast->root : &cast->keeper.sign;
    struct buffer out;
    cast_sign_pair(byte, &party->sign);
    cast_seal_pair((uint8_t)(byte + 1), &party->seal);
    struct wire_certificate body = cast_body(cast, party, role);
    buffer_init(&out, CERTIFICATE_BYTES_MAX);
    CHECK(certificate_encode(issuer, &body, &out) == ENRUM_OK);
    memcpy(party->bytes, out.at, out.len);
    party->certificate = (struct slice){party->bytes, out.len};
    buffer_fini(&out);
    CHECK(certificate_decode(party->certificate, &party->checked) == ENRUM_OK);
}

void cast_init(struct cast *cast)
{
    CHECK(suite_init());
    memset(cast, 0, sizeof *cast);
    cast_sign_pair(0x01, &cast->root);
    cast_sign_pair(0x02, &cast->host);
    board_id(&cast->root.public, &cast->board);
    party_init(cast, &cast->keeper, 0x10, ROLE_KEEPER);
    party_init(cast, &cast->citizen, 0x20, ROLE_CITIZEN);
    party_init(cast, &cast->staff, 0x30, ROLE_STAFF);
    struct id random;
    memset(random.bytes, 0x44, ID_BYTES);
    room_id(&cast->board, &cast->citizen.checked.hash, &random, &cast->room);
    memset(cast->room_key.bytes, 0x55, sizeof cast->room_key.bytes);
}

struct wire_head cast_head(const struct cast *cast, enum entry_class class, uint64_t device_seq)
{
    return (struct wire_head){
        .room = cast->room,
        .class = class,
        .generation = 1,
        .certificate = cast->citizen.checked.hash,
        .device_seq = device_seq,
        .seen_seq = 0,
        .seen_hash = cast->room,
        .time = CAST_BEGIN + device_seq,
    };
}

void cast_message(const struct cast *cast, const char *text, uint64_t device_seq,
                  struct buffer *out)
{
    struct wire_body_text said = {.text = slice_of_text(text)};
    struct wire_open_record open = {0};
    struct buffer body;
    struct id salt;
    buffer_init(&body, CONTENT_BYTES_MAX);
    CHECK(layout_encode(&layout_body_text, &said, &body) == ENRUM_OK);
    struct wire_content content = {
        .kind = KIND_MESSAGE,
        .role = ROLE_CITIZEN,
        .rule_version = 1,
        .language = slice_of_text("sv"),
        .body = buffer_slice(&body),
    };
    struct entry_draft draft = {cast_head(cast, CLASS_RECORD, device_seq), &open, &content};
    memset(salt.bytes, (int)device_seq, ID_BYTES);
    CHECK(entry_encode_with(&draft, &salt, &cast->room_key, &cast->citizen.sign, out) == ENRUM_OK);
    buffer_fini(&body);
}
