/* oidctoken -- is this ID token what the board demands? Pure: token, keys, expectations and time
 * in; claims or an error out. Asks nobody (OpenID Connect Core 1.0 §3.1.3.7; RFC 7515, 7519). */
#pragma once

#include "provider.h"
#include "registry.h"

struct token_expect {
    const struct provider *provider; /* issuer, client, algorithm, claims, levels */
    const struct provider_role *role;
    const char *nonce;
    uint64_t now_ms;
};

struct token_claims {
    char identity[NAME_BYTES_MAX + 1], name[NAME_BYTES_MAX + 1], number[NUMBER_BYTES_MAX + 1];
    uint64_t level;
    char key[CODE_BYTES_MAX + 1]; /* the JWK that checked it */
};

enum { TOKEN_LEEWAY_MS = 60000 };

/* `jwks` is the provider's key set (JSON text). *is_key_unknown is set when no key of the set has
 * the token's kid: newer keys may be worth asking for. Errors, in the order of the checks:
 * TOKEN_MALFORMED, TOKEN_ALGORITHM, TOKEN_SIGNATURE, TOKEN_ISSUER, TOKEN_AUDIENCE, TOKEN_EXPIRED,
 * TOKEN_NOT_YET, TOKEN_NONCE, LEVEL_TOO_LOW, TOKEN_CLAIM_MISSING; MEMORY. */
enum enrum_err oidctoken_check(const char *token, const char *jwks,
                               const struct token_expect *expect, struct token_claims *out,
                               bool *is_key_unknown);
