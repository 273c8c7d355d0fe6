/* transient -- transient frames: sealed under a room key, signed, delivered, never logged. */
#pragma once

#include "protocol/certificate.h"

struct transient_frame {
    struct wire_transient_head head;
    struct slice head_bytes, sealed;
    struct sig sig;
};

/* Fills in head.version, suite and salt. Errors: MALFORMED, OVERSIZED, MEMORY. */
enum enrum_err transient_encode(const struct wire_transient_head *head,
                                const struct wire_transient_content *content,
                                const struct secret32 *room_key, const struct sign_pair *author,
                                struct buffer *out);
/* Errors: MALFORMED, SUITE_UNSUPPORTED. */
enum enrum_err transient_decode(struct slice bytes, struct transient_frame *out);
bool transient_signature_is_good(const struct transient_frame *frame, const struct id *sign_key);
/* The content borrows from `plain`, which the caller has initialised and will wipe.
 * Errors: OPEN_FAILED, MALFORMED, MEMORY. */
enum enrum_err transient_open(const struct transient_frame *frame, const struct secret32 *room_key,
                              struct buffer *plain, struct wire_transient_content *out);
