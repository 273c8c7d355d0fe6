/* cast -- made-up parties with fixed keys: a board, its host, its keeper, a citizen, somebody of
 * the staff. The same in every run. */
#pragma once

#include "protocol/entry.h"

enum { CAST_BEGIN = 1000000, CAST_END = 9000000 };

struct cast_party {
    struct sign_pair sign;
    struct seal_pair seal;
    uint8_t bytes[CERTIFICATE_BYTES_MAX];
    struct slice certificate; /* into bytes */
    struct certificate checked;
};

struct cast {
    struct sign_pair root, host;
    struct id board, room;
    struct secret32 room_key;
    struct cast_party keeper, citizen, staff;
};

/* Wipes nothing: these keys are no secret. */
void cast_init(struct cast *cast);
/* A key pair that is this byte and no other. */
void cast_sign_pair(uint8_t byte, struct sign_pair *out);
void cast_seal_pair(uint8_t byte, struct seal_pair *out);
/* A body for this party, to change before it is signed. */
struct wire_certificate cast_body(const struct cast *cast, const struct cast_party *party,
                                  enum role role);

/* A message entry of the citizen, number `device_seq`, in the cast's room. */
struct wire_head cast_head(const struct cast *cast, enum entry_class class, uint64_t device_seq);
void cast_message(const struct cast *cast, const char *text, uint64_t device_seq,
                  struct buffer *out);
