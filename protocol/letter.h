/* letter -- the mailbox frame: a signed question or answer, sealed between one device and one
 * keeper. */
#pragma once

#include "protocol/certificate.h"

/* Who writes: `certificate` may be empty before the first login. */
struct letter_author {
    const struct sign_pair *sign;
    const struct seal_pair *seal;
    struct slice certificate;
};

/* Seals and signs a letter of this kind to the device with these keys, and appends it. `body` is
 * the struct of the kind's layout in letters.def. Errors: MALFORMED, OVERSIZED, MEMORY. */
enum enrum_err letter_encode(const struct letter_author *author, const struct id *board,
                             const struct id *id, uint64_t kind, uint64_t time_ms, const void *body,
                             const struct id *to_sign_key, const struct id *to_seal_key,
                             struct buffer *out);

/* Device id of the receiver, before it is opened. Errors: MALFORMED. */
enum enrum_err letter_to(struct slice bytes, struct id *device);

/* Opens a letter to this device and checks that the key it names signed it. Who holds that key, the
 * caller checks. `inner` borrows from `plain`, which the caller has initialised and will wipe.
 * Errors: MALFORMED, SUITE_UNSUPPORTED, OPEN_FAILED, SIGNATURE_WRONG, MEMORY. */
enum enrum_err letter_decode(struct slice bytes, const struct sign_pair *sign,
                             const struct seal_pair *seal, struct buffer *plain,
                             struct wire_letter_inner *inner);

/* The layout of a letter's body; NULL for an unknown kind. */
const struct layout *letter_layout(uint64_t kind);
const char *letter_name(uint64_t kind);
