/* provider -- one e-ID provider of the board's configuration, and what it may be used for.
 * Read from JSON with every key checked; asks nobody anything (oidc does). */
#pragma once

#include "enrum.h"

#include <jansson.h>

enum {
    PROVIDER_LEVELS_MAX = 16,
    PROVIDER_REDIRECTS_MAX = 16,
    PROVIDER_ID_MAX = 64,
    WHY_BYTES = 256,
    PATH_BYTES = 1024,
};

struct provider_level {
    char acr[ENRUM_TEXT_MAX];
    unsigned level;
};

struct provider_role {
    bool is_served;
    char identity_claim[ENRUM_TEXT_MAX];
    unsigned min_level;
};

struct provider {
    char id[PROVIDER_ID_MAX], name[ENRUM_TEXT_MAX], issuer[ENRUM_TEXT_MAX];
    char client_id[ENRUM_TEXT_MAX], client_secret[ENRUM_TEXT_MAX];
    char scope[ENRUM_TEXT_MAX], acr_values[ENRUM_TEXT_MAX * 2];
    char algorithm[8];                           /* pinned: ES256, RS256 or EdDSA */
    char authorization_endpoint[ENRUM_TEXT_MAX]; /* empty: only the discovery's */
    char name_claim[ENRUM_TEXT_MAX], number_claim[ENRUM_TEXT_MAX];
    char ca_file[PATH_BYTES]; /* empty: the system's */
    size_t redirect_count, level_count;
    char redirects[PROVIDER_REDIRECTS_MAX][ENRUM_TEXT_MAX];
    struct provider_level levels[PROVIDER_LEVELS_MAX];
    struct provider_role citizen, staff, guest;
};

/* Reads one provider. On failure `why` says which key, and `out` is untouched. Errors: CONFIG,
 * MEMORY. */
enum enrum_err provider_of_json(const json_t *object, struct provider *out, char why[WHY_BYTES]);

/* The part for people who log in. `endpoint` is the authorization endpoint. */
void provider_publish(const struct provider *provider, const char *endpoint,
                      struct enrum_provider *out);
/* NULL when it does not serve the role. */
const struct provider_role *provider_role(const struct provider *provider, uint64_t role);
/* Exactly a listed address; one on plain http at a loopback address may have any port (RFC 8252
 * §7.3). */
bool provider_may_redirect(const struct provider *provider, const char *address);
/* Level of assurance of an acr value; 0 when it is not listed. */
unsigned provider_level_of(const struct provider *provider, const char *acr);
/* https anywhere; http only at 127.0.0.0/8 or [::1]. */
bool provider_url_is_safe(const char *url);

/* Shared by whoever reads configuration: refuses keys that are not listed (the list ends with
 * NULL). */
bool provider_keys_known(const json_t *object, const char *const *known, char why[WHY_BYTES]);
