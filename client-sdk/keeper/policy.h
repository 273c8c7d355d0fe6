/* policy -- who may send the keeper which letter (letters.def).
 * Pure: the letter, the register and the time in; an error and the author's certificate out. What a
 * letter asks for is judged by the file that carries it out. */
#pragma once

#include "registry.h"

enum policy_from { POLICY_ANYBODY, POLICY_DEVICE, POLICY_STAFF, POLICY_KEEPER };

struct policy_view {
    struct id board;
    struct id keeper_sign_key; /* who signs devices' certificates */
    const struct registry *registry;
    uint64_t now_ms;
};

/* False for a kind that is not in the table. */
bool policy_from_find(uint64_t kind, enum policy_from *out);

/* For a letter of anybody, `author` stays untouched. A device's certificate must be signed by this
 * keeper's key, in its period, not revoked, and name the keys that sealed and signed the letter.
 * Errors: MAY_NOT (an answer instead of a question, or not for this role), MALFORMED (an unknown
 * kind, a board that is another), NOT_LOGGED_IN (no certificate), CERTIFICATE_*, SIGNATURE_WRONG,
 * DEVICE_OTHER, NOT_STAFF. */
enum enrum_err policy_judge(const struct policy_view *view, const struct wire_letter_inner *inner,
                            struct certificate *author);
