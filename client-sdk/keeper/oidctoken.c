/* oidctoken -- see oidctoken.h. */
#include "oidctoken.h"

#include <rhonabwy.h>
#include <stdlib.h>
#include <string.h>

/* -- Parts -- */

/* The JSON object in one base64url part; NULL when it is none. */
static json_t *part_parse(const char *text, size_t len)
{
    size_t size = len * 3 / 4;
    char *copy = malloc(len + 1);
    uint8_t *bytes = malloc(size + 1);
    json_t *object = NULL;
    if (copy != NULL && bytes != NULL && len > 0) {
        memcpy(copy, text, len);
        copy[len] = '\0';
        if (suite_base64url_decode(copy, bytes, size)) {
            object = json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, NULL);
        }
    }
    free(copy);
    free(bytes);
    if (object != NULL && !json_is_object(object)) {
        json_decref(object);
        object = NULL;
    }
    return object;
}

struct parts {
    json_t *header, *claims;
};

static bool parts_split(const char *token, struct parts *out)
{
    const char *first = strchr(token, '.');
    const char *second = first != NULL ? strchr(first + 1, '.') : NULL;
    if (second == NULL || strchr(second + 1, '.') != NULL || strlen(token) > TOKEN_BYTES_MAX) {
        return false;
    }
    out->header = part_parse(token, (size_t)(first - token));
    out->claims = part_parse(first + 1, (size_t)(second - first - 1));
    return out->header != NULL && out->claims != NULL;
}

static const char *text_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    const char *text = json_string_value(value);
    return text != NULL && strlen(text) == json_string_length(value) ? text : NULL;
}

static bool is_text(const json_t *object, const char *key, const char *expected)
{
    const char *text = text_of(object, key);
    return text != NULL && strcmp(text, expected) == 0;
}

/* -- Signature -- */

/* Is the key of the type and strength that the pinned algorithm asks for? */
static bool key_fits(jwk_t *key, const char *algorithm)
{
    unsigned bits = 0;
    const char *use = r_jwk_get_property_str(key, "use");
    const char *alg = r_jwk_get_property_str(key, "alg");
    int type = r_jwk_key_type(key, &bits, R_FLAG_IGNORE_REMOTE);
    if ((use != NULL && strcmp(use, "sig") != 0) || (alg != NULL && strcmp(alg, algorithm) != 0)) {
        return false;
    }
    if (strcmp(algorithm, "ES256") == 0) {
        return (type & R_KEY_TYPE_EC) != 0 && bits == 256;
    }
    if (strcmp(algorithm, "RS256") == 0) {
        return (type & R_KEY_TYPE_RSA) != 0 && bits >= 2048;
    }
    return (type & R_KEY_TYPE_EDDSA) != 0;
}

/* The key of the token's kid; without a kid, the only key that fits. The caller frees it. */
static jwk_t *key_find(jwks_t *keys, const char *kid, const char *algorithm)
{
    jwk_t *found = NULL;
    for (size_t i = 0; i < r_jwks_size(keys); i++) {
        jwk_t *key = r_jwks_get_at(keys, i);
        const char *its = r_jwk_get_property_str(key, "kid");
        bool is_named = kid == NULL || (its != NULL && strcmp(its, kid) == 0);
        if (!is_named || !key_fits(key, algorithm)) {
            r_jwk_free(key);
        } else if (found != NULL) {
            /* Two that fit: which one is meant is a guess. */
            r_jwk_free(key);
            r_jwk_free(found);
            return NULL;
        } else {
            found = key;
        }
    }
    return found;
}

static bool signature_holds(const char *token, jwk_t *key, const char *algorithm)
{
    jws_t *jws = NULL;
    bool good = r_jws_init(&jws) == RHN_OK &&
                r_jws_advanced_parse(jws, token, R_PARSE_NONE, R_FLAG_IGNORE_REMOTE) == RHN_OK &&
                r_jws_get_alg(jws) == r_str_to_jwa_alg(algorithm) &&
                r_jws_verify_signature(jws, key, R_FLAG_IGNORE_REMOTE) == RHN_OK;
    r_jws_free(jws);
    return good;
}

static enum enrum_err signature_judge(const char *token, const struct parts *parts,
                                      const char *jwks, const char *algorithm,
                                      struct token_claims *out, bool *is_key_unknown)
{
    jwks_t *keys = NULL;
    jwk_t *key = NULL;
    char *text = NULL;
    enum enrum_err err = ENRUM_TOKEN_SIGNATURE;
    if (r_jwks_init(&keys) == RHN_OK && r_jwks_import_from_json_str(keys, jwks) == RHN_OK) {
        key = key_find(keys, text_of(parts->header, "kid"), algorithm);
    }
    *is_key_unknown = key == NULL;
    if (key != NULL && signature_holds(token, key, algorithm)) {
        text = r_jwk_export_to_json_str(key, 0);
        size_t len = text != NULL ? strlen(text) : 0;
        if (text != NULL && len < sizeof out->key) {
            memcpy(out->key, text, len + 1);
            err = ENRUM_OK;
        }
    }
    r_free(text);
    r_jwk_free(key);
    r_jwks_free(keys);
    return err;
}

static enum enrum_err header_judge(const struct parts *parts, const char *algorithm)
{
    if (text_of(parts->header, "alg") == NULL) {
        return ENRUM_TOKEN_MALFORMED;
    }
    /* Nothing is understood that a critical header could ask for (RFC 7515 §4.1.11). */
    if (json_object_get(parts->header, "crit") != NULL) {
        return ENRUM_TOKEN_MALFORMED;
    }
    return is_text(parts->header, "alg", algorithm) ? ENRUM_OK : ENRUM_TOKEN_ALGORITHM;
}

/* -- Claims -- */

static bool audience_holds(const json_t *claims, const char *client)
{
    const json_t *audience = json_object_get(claims, "aud");
    bool has_azp = json_object_get(claims, "azp") != NULL;
    bool is_ours = is_text(claims, "aud", client);
    for (size_t i = 0; i < json_array_size(audience); i++) {
        const char *one = json_string_value(json_array_get(audience, i));
        is_ours = is_ours || (one != NULL && strcmp(one, client) == 0);
    }
    if (!is_ours || (has_azp && !is_text(claims, "azp", client))) {
        return false;
    }
    return json_array_size(audience) <= 1 || has_azp;
}

/* A time of the token in ms. False when it is no number, or no time. */
static bool time_of(const json_t *claims, const char *key, uint64_t *out)
{
    const json_t *value = json_object_get(claims, key);
    double seconds = json_number_value(value);
    if (!json_is_number(value) || !(seconds >= 0 && seconds < 1e11)) {
        return false;
    }
    *out = (uint64_t)(seconds * 1000);
    return true;
}

static enum enrum_err times_judge(const json_t *claims, uint64_t now_ms)
{
    uint64_t expires, issued, not_before = 0;
    bool has_not_before = json_object_get(claims, "nbf") != NULL;
    if (!time_of(claims, "exp", &expires) || !time_of(claims, "iat", &issued) ||
        (has_not_before && !time_of(claims, "nbf", &not_before))) {
        return ENRUM_TOKEN_MALFORMED;
    }
    if (now_ms >= expires + TOKEN_LEEWAY_MS) {
        return ENRUM_TOKEN_EXPIRED;
    }
    if (issued > now_ms + TOKEN_LEEWAY_MS || not_before > now_ms + TOKEN_LEEWAY_MS) {
        return ENRUM_TOKEN_NOT_YET;
    }
    return ENRUM_OK;
}

static bool claim_take(const json_t *claims, const char *key, bool is_needed, char *out,
                       size_t size)
{
    const char *text = text_of(claims, key);
    size_t len = text != NULL ? strlen(text) : 0;
    if (len == 0 || len >= size) {
        out[0] = '\0';
        return !is_needed;
    }
    memcpy(out, text, len + 1);
    return true;
}

static enum enrum_err claims_judge(const json_t *claims, const struct token_expect *expect,
                                   struct token_claims *out)
{
    const struct provider *provider = expect->provider;
    if (!is_text(claims, "iss", provider->issuer)) {
        return ENRUM_TOKEN_ISSUER;
    }
    if (!audience_holds(claims, provider->client_id)) {
        return ENRUM_TOKEN_AUDIENCE;
    }
    enum enrum_err err = times_judge(claims, expect->now_ms);
    if (err != ENRUM_OK) {
        return err;
    }
    if (!is_text(claims, "nonce", expect->nonce)) {
        return ENRUM_TOKEN_NONCE;
    }
    const char *acr = text_of(claims, "acr");
    out->level = acr != NULL ? provider_level_of(provider, acr) : 0;
    if (out->level < expect->role->min_level) {
        return ENRUM_LEVEL_TOO_LOW;
    }
    bool good = claim_take(claims, expect->role->identity_claim, true, out->identity,
                           sizeof out->identity) &&
                claim_take(claims, provider->name_claim, true, out->name, sizeof out->name) &&
                claim_take(claims, provider->number_claim, false, out->number, sizeof out->number);
    return good ? ENRUM_OK : ENRUM_TOKEN_CLAIM_MISSING;
}

enum enrum_err oidctoken_check(const char *token, const char *jwks,
                               const struct token_expect *expect, struct token_claims *out,
                               bool *is_key_unknown)
{
    struct parts parts = {0};
    struct token_claims claims = {0};
    const char *algorithm = expect->provider->algorithm;
    *is_key_unknown = false;
    enum enrum_err err = ENRUM_TOKEN_MALFORMED;
    if (parts_split(token, &parts)) {
        err = header_judge(&parts, algorithm);
    }
    if (err == ENRUM_OK) {
        err = signature_judge(token, &parts, jwks, algorithm, &claims, is_key_unknown);
    }
    if (err == ENRUM_OK) {
        err = claims_judge(parts.claims, expect, &claims);
    }
    if (err == ENRUM_OK) {
        *out = claims;
    }
    explicit_bzero(&claims, sizeof claims);
    json_decref(parts.header);
    json_decref(parts.claims);
    return err;
}
