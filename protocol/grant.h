/* grant -- room keys: their commitment, and their way to one device. */
#pragma once

#include "protocol/entry.h"

/* Binds a generation's key, so that one ciphertext cannot open to two texts for two readers. */
void grant_commitment(const struct id *room, uint64_t generation, const struct secret32 *room_key,
                      struct id *out);

/* Wraps the keys of generations first ... first + count - 1 to a device. out->wrapped borrows from
 * `bytes`; out->cause is left empty. Errors: OVERSIZED, MALFORMED (a public key of small order),
 * MEMORY. */
enum enrum_err grant_wrap(const struct id *room, uint64_t first, const struct secret32 *keys,
                          size_t count, const struct id *device, const struct id *seal_key,
                          struct buffer *bytes, struct wire_open_grant *out);

/* Unwraps a grant to this device into keys[0 ... last - first]; `keys` has room for
 * GENERATIONS_PER_GRANT_MAX. Whether the keys are the committed ones the caller checks. Errors:
 * OPEN_FAILED, MALFORMED, MEMORY. */
enum enrum_err grant_unwrap(const struct id *room, const struct wire_open_grant *grant,
                            const struct seal_pair *pair, struct secret32 *keys, size_t *count);

/* The cause id of a keeper's entry: what it does (one of the verbs below) and about what. */
void cause_id(const char *verb, const struct slice *parts, size_t count, struct id *out);
