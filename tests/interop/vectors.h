/* vectors -- the shared test vectors (tests/vectors/NOUN.json), made anew from fixed seeds.
 * Everything deterministic of the protocol is written down once, by C, and read by every language.
 * A vector file is an object of named lists; bytes are lower-case hexadecimal digits. */
#pragma once

#include <jansson.h>

#include "protocol/entry.h"

struct vectors_noun {
    const char *name;
    json_t *(*make)(void);
};

/* One per file, closed by a row without a name. */
extern const struct vectors_noun vectors_nouns[];

json_t *vectors_layouts(void);
json_t *vectors_refused(void);
json_t *vectors_suite(void);
json_t *vectors_certificates(void);
json_t *vectors_entries(void);
json_t *vectors_grants(void);
json_t *vectors_receipts(void);
json_t *vectors_handshake(void);
json_t *vectors_letters(void);
json_t *vectors_transients(void);
json_t *vectors_files(void);

/* Writes the files of all nouns into this folder. False when one cannot be written. */
bool vectors_write(const char *folder);

/* -- JSON -- */

json_t *vectors_hex(struct slice bytes);
json_t *vectors_id(const struct id *id);
json_t *vectors_number(uint64_t number);
/* The bytes of a member that holds hexadecimal digits, into *out, which the caller has initialised.
 * A vector that is not as it must be stops the program. */
struct slice vectors_bytes(const json_t *object, const char *member, struct buffer *out);
struct id vectors_id_of(const json_t *object, const char *member);
uint64_t vectors_number_of(const json_t *object, const char *member);

/* -- Made-up parties: the same in every run -- */

enum { VECTORS_BEGIN = 1000000, VECTORS_END = 9000000 };

struct vectors_party {
    struct secret32 sign_seed, seal_secret;
    struct sign_pair sign;
    struct seal_pair seal;
    struct buffer bytes; /* the certificate */
    struct certificate certificate;
};

struct vectors_cast {
    struct sign_pair root, host;
    struct id board, room, random;
    struct secret32 room_key;
    struct vectors_party keeper, citizen, staff;
};

void vectors_cast_init(struct vectors_cast *cast);
void vectors_cast_fini(struct vectors_cast *cast);
/* A pair whose seed or private key is this byte and no other. */
struct sign_pair vectors_sign_pair(uint8_t byte);
struct seal_pair vectors_seal_pair(uint8_t byte);
struct secret32 vectors_secret(uint8_t byte);
struct id vectors_id_of_byte(uint8_t byte);
/* The cast as JSON: seeds, keys, ids. */
json_t *vectors_cast_json(const struct vectors_cast *cast);
