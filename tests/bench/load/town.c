/* town -- see town.h. */
#include "town.h"

#include "line.h"
#include "protocol/grant.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Certificates of the town are in time for two centuries: a filled server can be met again. */
static const uint64_t town_from_ms = 0, town_to_ms = UINT64_C(7258118400000);

static void must(bool holds, const char *what)
{
    if (!holds) {
        give_up("the town has no %s", what);
    }
}

static void seed_of(const char *what, uint64_t number, struct secret32 *out)
{
    struct be64 bytes = be64_of(number);
    struct slice parts[] = {slice_of_text("town of the benchmarks"), slice_of_text(what),
                            be64_slice(&bytes)};
    struct id hash;
    suite_hash_bare(parts, 3, &hash);
    memcpy(out->bytes, hash.bytes, SECRET_BYTES);
}

static void pairs_of(const char *what, uint64_t number, struct sign_pair *sign,
                     struct seal_pair *seal)
{
    char text[64];
    struct secret32 seed;
    seed_of(what, number, &seed);
    sign_pair_of_seed(&seed, sign);
    snprintf(text, sizeof text, "%s, sealing", what);
    seed_of(text, number, &seed);
    seal_pair_of_secret(&seed, seal);
}

static void person_of(uint64_t number, struct id *out)
{
    struct secret32 seed;
    seed_of("person", number, &seed);
    *out = id_of(seed.bytes);
}

void town_init(struct town *town)
{
    struct secret32 seed;
    must(suite_init(), "libraries");
    seed_of("root", 0, &seed);
    sign_pair_of_seed(&seed, &town->root);
    pairs_of("keeper", 0, &town->keeper_sign, &town->keeper_seal);
    board_id(&town->root.public, &town->board);
    buffer_init(&town->keeper, CERTIFICATE_BYTES_MAX);
    struct wire_certificate body = {.board = town->board,
                                    .issuer = town->board,
                                    .sign_key = town->keeper_sign.public,
                                    .seal_key = town->keeper_seal.public,
                                    .person = town->board,
                                    .role = ROLE_KEEPER,
                                    .level = 4,
                                    .not_before = town_from_ms,
                                    .not_after = town_to_ms};
    must(certificate_encode(&town->root, &body, &town->keeper) == ENRUM_OK &&
             certificate_decode(buffer_slice(&town->keeper), &town->keeper_certificate) == ENRUM_OK,
         "keeper's certificate");
}

void town_fini(struct town *town)
{
    buffer_fini(&town->keeper);
}

void town_write_board(const struct town *town, const char *host_key, const char *path)
{
    char board[64], root[64];
    suite_base64url(id_slice(&town->board), board);
    suite_base64url(id_slice(&town->root.public), root);
    FILE *file = fopen(path, "w");
    must(file != NULL, "place for its board.json");
    int len = fprintf(file,
                      "{\"version\":1,\"name\":\"Testnämnden\",\"board\":\"%s\",\"root\":\"%s\","
                      "\"host\":{\"url\":\"wss://127.0.0.1:1\",\"key\":\"%s\"}}\n",
                      board, root, host_key);
    must(fclose(file) == 0 && len > 0, "whole board.json");
}

void resident_init(struct resident *resident, const struct town *town, uint64_t number)
{
    pairs_of("resident", number, &resident->sign, &resident->seal);
    buffer_init(&resident->bytes, CERTIFICATE_BYTES_MAX);
    struct wire_certificate body = {.board = town->board,
                                    .issuer = town->keeper_certificate.hash,
                                    .sign_key = resident->sign.public,
                                    .seal_key = resident->seal.public,
                                    .role = ROLE_CITIZEN,
                                    .level = 3,
                                    .not_before = town_from_ms,
                                    .not_after = town_to_ms};
    person_of(number, &body.person);
    must(certificate_encode(&town->keeper_sign, &body, &resident->bytes) == ENRUM_OK &&
             certificate_decode(buffer_slice(&resident->bytes), &resident->certificate) == ENRUM_OK,
         "resident's certificate");
}

void resident_keeper(struct resident *resident, const struct town *town)
{
    *resident = (struct resident){.sign = town->keeper_sign,
                                  .seal = town->keeper_seal,
                                  .certificate = town->keeper_certificate};
    buffer_init(&resident->bytes, CERTIFICATE_BYTES_MAX);
    buffer_append_slice(&resident->bytes, buffer_slice(&town->keeper));
}

void resident_fini(struct resident *resident)
{
    sign_pair_wipe(&resident->sign);
    seal_pair_wipe(&resident->seal);
    buffer_fini(&resident->bytes);
}

static uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void town_room_init(struct town_room *room, const struct town *town)
{
    suite_random(room->random.bytes, ID_BYTES);
    secret_random(&room->key);
    room_id(&town->board, &town->keeper_certificate.hash, &room->random, &room->room);
}

void town_room_open(const struct town_room *room, const struct town *town, size_t members,
                    uint64_t (*member_of)(const void *context, size_t i), const void *context,
                    struct buffer *out)
{
    struct buffer list;
    buffer_init(&list, OPEN_BYTES_MAX);
    for (size_t i = 0; i <= members; i++) {
        struct wire_member member = {town->board, ROLE_KEEPER};
        if (i < members) {
            person_of(member_of(context, i), &member.person);
            member.role = ROLE_CITIZEN;
        }
        must(layout_encode(&layout_member, &member, &list) == ENRUM_OK, "member");
    }
    struct wire_open_generation open = {
        .number = 1, .base_hash = room->room, .members = buffer_slice(&list)};
    grant_commitment(&room->room, 1, &room->key, &open.commitment);
    struct entry_draft draft = {.head = {.room = room->room,
                                         .class = CLASS_GENERATION,
                                         .generation = 1,
                                         .certificate = town->keeper_certificate.hash,
                                         .device_seq = 1,
                                         .seen_hash = room->room,
                                         .time = clock_ms()},
                                .open = &open};
    must(entry_encode(&draft, NULL, &town->keeper_sign, out) == ENRUM_OK, "opening entry");
    buffer_fini(&list);
}

void town_room_entry(const struct town_room *room, const struct resident *author,
                     uint64_t device_seq, struct slice text, struct buffer *out)
{
    uint8_t bytes[2048];
    struct buffer body = {.at = bytes, .capacity = sizeof bytes, .max = sizeof bytes};
    struct wire_body_text words = {.text = text};
    struct wire_open_record open = {0};
    must(layout_encode(&layout_body_text, &words, &body) == ENRUM_OK, "text");
    struct wire_content content = {.kind = KIND_MESSAGE,
                                   .role = ROLE_CITIZEN,
                                   .language = slice_of_text("sv"),
                                   .body = buffer_slice(&body)};
    struct entry_draft draft = {.head = {.room = room->room,
                                         .class = CLASS_RECORD,
                                         .generation = 1,
                                         .certificate = author->certificate.hash,
                                         .device_seq = device_seq,
                                         .seen_seq = 1,
                                         .seen_hash = room->opening,
                                         .time = clock_ms()},
                                .open = &open,
                                .content = &content};
    must(entry_encode(&draft, &room->key, &author->sign, out) == ENRUM_OK, "entry");
}
