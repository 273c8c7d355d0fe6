/* provider -- see provider.h. */
#include "provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool complain(char why[WHY_BYTES], const char *key, const char *what)
{
    (void)snprintf(why, WHY_BYTES, "%s: %s", key, what);
    return false;
}

bool provider_keys_known(const json_t *object, const char *const *known, char why[WHY_BYTES])
{
    const char *key;
    json_t *value;
    if (!json_is_object(object)) {
        return complain(why, "configuration", "is not an object");
    }
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        size_t i = 0;
        while (known[i] != NULL && strcmp(known[i], key) != 0) {
            i++;
        }
        if (known[i] == NULL) {
            return complain(why, key, "is not a known key");
        }
    }
    return true;
}

static bool text_take(const json_t *object, const char *key, bool is_needed, char *out, size_t size,
                      char why[WHY_BYTES])
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL) {
        out[0] = '\0';
        return is_needed ? complain(why, key, "is missing") : true;
    }
    size_t len = json_string_length(value);
    if (!json_is_string(value) || len >= size || strlen(json_string_value(value)) != len) {
        return complain(why, key, "is no text, or too long");
    }
    if (is_needed && len == 0) {
        return complain(why, key, "is empty");
    }
    memcpy(out, json_string_value(value), len + 1);
    return true;
}

/* -- Addresses -- */

/* Behind "http://": the host of a loopback address; *rest is what follows the port. */
static bool loopback_split(const char *url, const char **host_end, const char **rest)
{
    static const char scheme[] = "http://";
    if (strncmp(url, scheme, sizeof scheme - 1) != 0) {
        return false;
    }
    const char *host = url + sizeof scheme - 1, *end;
    if (strncmp(host, "[::1]", 5) == 0) {
        end = host + 5;
    } else {
        unsigned a, b, c, d;
        int used = 0;
        if (sscanf(host, "%3u.%3u.%3u.%3u%n", &a, &b, &c, &d, &used) != 4 || a != 127 || b > 255 ||
            c > 255 || d > 255) {
            return false;
        }
        end = host + used;
    }
    *host_end = end;
    if (*end == ':') {
        end++;
        end += strspn(end, "0123456789");
    }
    *rest = end;
    return *end == '\0' || *end == '/';
}

bool provider_url_is_safe(const char *url)
{
    const char *host_end, *rest;
    if (strncmp(url, "https://", 8) == 0) {
        return url[8] != '\0' && url[8] != '/';
    }
    return loopback_split(url, &host_end, &rest);
}

/* http at a name under localhost, which programs look for on this machine (RFC 6761 section 6.3): a
 * trial's pages. It is matched as it stands, port and all. */
static bool is_local_name(const char *url)
{
    static const char scheme[] = "http://", parent[] = ".localhost";
    if (strncmp(url, scheme, sizeof scheme - 1) != 0) {
        return false;
    }
    const char *host = url + sizeof scheme - 1;
    size_t len = strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-.");
    const char *end = host + len;
    size_t parent_len = sizeof parent - 1;
    if (len <= parent_len || memcmp(end - parent_len, parent, parent_len) != 0) {
        return false;
    }
    end += *end == ':' ? 1 + strspn(end + 1, "0123456789") : 0;
    return *end == '\0' || *end == '/';
}

static bool redirect_matches(const char *known, const char *asked)
{
    const char *known_host, *known_rest, *asked_host, *asked_rest;
    if (strcmp(known, asked) == 0) {
        return true;
    }
    if (!loopback_split(known, &known_host, &known_rest) ||
        !loopback_split(asked, &asked_host, &asked_rest)) {
        return false;
    }
    size_t len = (size_t)(known_host - known);
    return len == (size_t)(asked_host - asked) && strncmp(known, asked, len) == 0 &&
           strcmp(known_rest, asked_rest) == 0;
}

bool provider_may_redirect(const struct provider *provider, const char *address)
{
    for (size_t i = 0; i < provider->redirect_count; i++) {
        if (redirect_matches(provider->redirects[i], address)) {
            return true;
        }
    }
    return false;
}

/* -- Reading -- */

static bool redirects_take(const json_t *object, struct provider *out, char why[WHY_BYTES])
{
    const json_t *list = json_object_get(object, "redirect_uris");
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count == 0 || count > PROVIDER_REDIRECTS_MAX) {
        return complain(why, "redirect_uris", "is not a list of 1 to 16 addresses");
    }
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text == NULL || strlen(text) >= ENRUM_TEXT_MAX ||
            !(provider_url_is_safe(text) || is_local_name(text))) {
            return complain(why, "redirect_uris", "has an address that is neither https nor local");
        }
        memcpy(out->redirects[i], text, strlen(text) + 1);
    }
    out->redirect_count = count;
    return true;
}

static bool levels_take(const json_t *object, struct provider *out, char why[WHY_BYTES])
{
    json_t *levels = json_object_get(object, "levels"), *value;
    const char *acr;
    size_t count = json_object_size(levels);
    if (!json_is_object(levels) || count == 0 || count > PROVIDER_LEVELS_MAX) {
        return complain(why, "levels", "is not an object of 1 to 16 levels");
    }
    json_object_foreach(levels, acr, value)
    {
        json_int_t level = json_integer_value(value);
        if (!json_is_integer(value) || level < 1 || level > 4 || strlen(acr) >= ENRUM_TEXT_MAX) {
            return complain(why, "levels", "has a level that is not 1 to 4");
        }
        struct provider_level *row = &out->levels[out->level_count++];
        memcpy(row->acr, acr, strlen(acr) + 1);
        row->level = (unsigned)level;
    }
    return true;
}

static bool role_take(const json_t *object, const char *name, struct provider_role *out,
                      char why[WHY_BYTES])
{
    const json_t *min = json_object_get(json_object_get(object, "min_level"), name);
    json_int_t level = json_integer_value(min);
    out->is_served = true;
    if (!json_is_integer(min) || level < 1 || level > 4) {
        return complain(why, "min_level", "is not 1 to 4 for each role that is served");
    }
    out->min_level = (unsigned)level;
    return text_take(json_object_get(object, "identity_claim"), name, true, out->identity_claim,
                     sizeof out->identity_claim, why);
}

/* The row of provider_role for a role's name; NULL: there is no such role to log in for. */
static struct provider_role *role_named(struct provider *provider, const char *name)
{
    const struct {
        const char *name;
        struct provider_role *role;
    } rows[] = {
        {"citizen", &provider->citizen}, {"staff", &provider->staff}, {"guest", &provider->guest}};
    for (size_t i = 0; name != NULL && i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return rows[i].role;
        }
    }
    return NULL;
}

static bool roles_take(const json_t *object, struct provider *out, char why[WHY_BYTES])
{
    static const char *const names[] = {"citizen", "staff", "guest", NULL};
    const json_t *roles = json_object_get(object, "roles");
    if (!json_is_array(roles) || json_array_size(roles) == 0 ||
        !provider_keys_known(json_object_get(object, "min_level"), names, why) ||
        !provider_keys_known(json_object_get(object, "identity_claim"), names, why)) {
        return complain(why, "roles", "they, min_level and identity_claim name something else");
    }
    for (size_t i = 0; i < json_array_size(roles); i++) {
        const char *name = json_string_value(json_array_get(roles, i));
        struct provider_role *role = role_named(out, name);
        if (role == NULL) {
            return complain(why, "roles", "names something else than a role");
        }
        if (!role_take(object, name, role, why)) {
            return false;
        }
    }
    return true;
}

static bool texts_take(const json_t *object, struct provider *out, char why[WHY_BYTES])
{
    const struct {
        const char *key;
        char *out;
        size_t size;
        bool is_needed;
    } rows[] = {
        {"id", out->id, sizeof out->id, true},
        {"name", out->name, sizeof out->name, true},
        {"issuer", out->issuer, sizeof out->issuer, true},
        {"client_id", out->client_id, sizeof out->client_id, true},
        {"client_secret", out->client_secret, sizeof out->client_secret, true},
        {"scope", out->scope, sizeof out->scope, true},
        {"acr_values", out->acr_values, sizeof out->acr_values, false},
        {"id_token_signed_response_alg", out->algorithm, sizeof out->algorithm, true},
        {"authorization_endpoint", out->authorization_endpoint, sizeof out->authorization_endpoint,
         false},
        {"name_claim", out->name_claim, sizeof out->name_claim, true},
        {"number_claim", out->number_claim, sizeof out->number_claim, false},
        {"ca_file", out->ca_file, sizeof out->ca_file, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!text_take(object, rows[i].key, rows[i].is_needed, rows[i].out, rows[i].size, why)) {
            return false;
        }
    }
    return true;
}

static bool values_judge(const struct provider *provider, char why[WHY_BYTES])
{
    const char *alg = provider->algorithm, *endpoint = provider->authorization_endpoint;
    if (strcmp(alg, "ES256") != 0 && strcmp(alg, "RS256") != 0 && strcmp(alg, "EdDSA") != 0) {
        return complain(why, "id_token_signed_response_alg", "is not ES256, RS256 or EdDSA");
    }
    if (!provider_url_is_safe(provider->issuer)) {
        return complain(why, "issuer", "is neither https nor http at a loopback address");
    }
    if (endpoint[0] != '\0' && !provider_url_is_safe(endpoint)) {
        return complain(why, "authorization_endpoint", "is neither https nor local");
    }
    return true;
}

enum enrum_err provider_of_json(const json_t *object, struct provider *out, char why[WHY_BYTES])
{
    static const char *const known[] = {"id",
                                        "name",
                                        "issuer",
                                        "client_id",
                                        "client_secret",
                                        "redirect_uris",
                                        "scope",
                                        "acr_values",
                                        "id_token_signed_response_alg",
                                        "identity_claim",
                                        "name_claim",
                                        "number_claim",
                                        "levels",
                                        "min_level",
                                        "roles",
                                        "ca_file",
                                        "authorization_endpoint",
                                        NULL};
    struct provider *provider = calloc(1, sizeof *provider);
    if (provider == NULL) {
        return ENRUM_MEMORY;
    }
    bool good = provider_keys_known(object, known, why) && texts_take(object, provider, why) &&
                redirects_take(object, provider, why) && levels_take(object, provider, why) &&
                roles_take(object, provider, why) && values_judge(provider, why);
    if (good) {
        *out = *provider;
    }
    explicit_bzero(provider, sizeof *provider);
    free(provider);
    return good ? ENRUM_OK : ENRUM_CONFIG;
}

/* -- Asking -- */

const struct provider_role *provider_role(const struct provider *provider, uint64_t role)
{
    const struct provider_role *found = NULL;
    if (role == ROLE_CITIZEN) {
        found = &provider->citizen;
    } else if (role == ROLE_STAFF) {
        found = &provider->staff;
    } else if (role == ROLE_GUEST) {
        found = &provider->guest;
    }
    return found != NULL && found->is_served ? found : NULL;
}

unsigned provider_level_of(const struct provider *provider, const char *acr)
{
    for (size_t i = 0; i < provider->level_count; i++) {
        if (strcmp(provider->levels[i].acr, acr) == 0) {
            return provider->levels[i].level;
        }
    }
    return 0;
}

void provider_publish(const struct provider *provider, const char *endpoint,
                      struct enrum_provider *out)
{
    *out = (struct enrum_provider){0};
    memcpy(out->id, provider->id, sizeof out->id);
    memcpy(out->name, provider->name, sizeof out->name);
    memcpy(out->issuer, provider->issuer, sizeof out->issuer);
    memcpy(out->client_id, provider->client_id, sizeof out->client_id);
    memcpy(out->scope, provider->scope, sizeof out->scope);
    memcpy(out->acr_values, provider->acr_values, sizeof out->acr_values);
    (void)snprintf(out->authorization_endpoint, sizeof out->authorization_endpoint, "%s", endpoint);
    out->roles = (provider->citizen.is_served ? ROLE_BIT(CITIZEN) : 0) |
                 (provider->staff.is_served ? ROLE_BIT(STAFF) : 0) |
                 (provider->guest.is_served ? ROLE_BIT(GUEST) : 0);
}
