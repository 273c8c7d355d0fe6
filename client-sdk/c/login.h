/* login -- how this device gets its first certificate: by OpenID Connect's code flow with PKCE (RFC
 * 7636, RFC 8252), with a printed code, or as somebody whom nobody knows. The keeper redeems what
 * there is to redeem.
 *
 *   IDLE --[enrum_login_begin]--> OPENED --[enrum_login_finish]--> WAITING --[letter sent]-->
 * ASKED --> IDLE, LOGGED_IN told
 *    '------[enrum_login_redeem, enrum_login_unknown]------------------^ */
#pragma once

#include "enrum.h"

enum login_state { LOGIN_IDLE, LOGIN_OPENED, LOGIN_WAITING, LOGIN_ASKED };
enum { KEEPER_WAIT_MS = 10000 }; /* for a keeper to be known; then the letter has its own time */

struct login {
    enum login_state state;
    uint64_t kind; /* of the letter that waits for a keeper, or is on its way */
    char verifier[48], csrf_state[48];
    struct id random;
    uint64_t role, deadline;
    char provider[64];
    char redirect[1024], code[CODE_BYTES_MAX + 1];
};

void login_fini(struct login *login);
/* Sends the letter once a keeper is known; times out. */
void login_step(struct enrum *enrum);
/* The keeper's answer to the login letter, or why there is none. */
void login_answered(struct enrum *enrum, enum enrum_err err, const struct wire_letter_inner *inner);
/* Takes a certificate from LOGGED_IN, after everything about it was checked. Errors: those of
 * trust_add, DEVICE_OTHER, MALFORMED. */
enum enrum_err login_install(struct enrum *enrum, const struct wire_letter_inner *inner);
