/* oidc -- logins at the e-ID providers: redeems codes and checks ID tokens on four threads of its
 * own, so that a slow provider holds nobody else up. Knows nothing of rooms, letters and
 * certificates. Provider documents are kept for five minutes; an unknown kid asks for newer keys at
 * most once a minute. */
#pragma once

#include "oidctoken.h"
#include "settings.h"

enum { OIDC_THREADS = 4, OIDC_QUEUE_MAX = 32 };

struct oidc;

/* The settings must outlive it. `wake` is called on the threads when a result waits. NULL: no
 * memory or threads. */
struct oidc *oidc_new(const struct settings *settings, void (*wake)(void *context), void *context);
/* Waits for the threads: at most the limits of the requests under way. */
void oidc_free(struct oidc *oidc);

struct oidc_question {
    uint64_t ticket;
    const struct provider *provider; /* of the settings */
    uint64_t role;
    char code[CODE_BYTES_MAX + 1], verifier[129], redirect[CODE_BYTES_MAX + 1], nonce[44];
};
/* Copies the question. Errors: BUSY, MEMORY. */
enum enrum_err oidc_put(struct oidc *oidc, const struct oidc_question *question);

struct oidc_result {
    uint64_t ticket;
    enum enrum_err err;
    struct token_claims claims;
    char token[TOKEN_BYTES_MAX + 1];
};
/* NULL when none waits. The caller wipes and frees it with oidc_result_free. */
struct oidc_result *oidc_take(struct oidc *oidc);
void oidc_result_free(struct oidc_result *result);

/* Where people are sent to log in, from the provider's discovery document. Errors:
 * PROVIDER_UNREACHABLE. */
enum enrum_err oidc_discover(const struct provider *provider, char endpoint[ENRUM_TEXT_MAX]);
