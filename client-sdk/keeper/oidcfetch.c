/* oidcfetch -- see oidcfetch.h. */
#include "oidcfetch.h"

#include <curl/curl.h>
#include <string.h>

bool oidcfetch_init(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

void oidcfetch_fini(void)
{
    curl_global_cleanup();
}

static size_t on_body(char *at, size_t size, size_t count, void *context)
{
    struct buffer *out = context;
    buffer_append(out, at, size * count);
    /* Fewer than given ends the transfer. */
    return out->failed ? 0 : size * count;
}

static bool options_set(CURL *curl, const char *url, const char *ca_file, struct buffer *out)
{
    bool is_plain = strncmp(url, "http://", 7) == 0;
    return provider_url_is_safe(url) && curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, is_plain ? "http" : "https") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)OIDCFETCH_SECONDS_MAX) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOPROXY, "127.0.0.1,::1") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, out) == CURLE_OK &&
           (ca_file[0] == '\0' || curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file) == CURLE_OK);
}

static enum enrum_err perform(CURL *curl, struct buffer *out)
{
    long status = 0;
    if (curl_easy_perform(curl) != CURLE_OK ||
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK) {
        return ENRUM_PROVIDER_UNREACHABLE;
    }
    buffer_append(out, "", 1);
    if (status >= 400 && status < 500) {
        return ENRUM_CODE_REFUSED;
    }
    return status == 200 && !out->failed ? ENRUM_OK : ENRUM_PROVIDER_UNREACHABLE;
}

enum enrum_err oidcfetch_get(const char *url, const char *ca_file, struct buffer *out)
{
    CURL *curl = curl_easy_init();
    enum enrum_err err = ENRUM_PROVIDER_UNREACHABLE;
    if (curl != NULL && options_set(curl, url, ca_file, out)) {
        err = perform(curl, out);
    }
    curl_easy_cleanup(curl);
    return err == ENRUM_OK ? ENRUM_OK : ENRUM_PROVIDER_UNREACHABLE;
}

/* name=value, escaped (application/x-www-form-urlencoded). */
static void pair_append(CURL *curl, struct buffer *form, const char *name, const char *value)
{
    char *escaped = curl_easy_escape(curl, value, 0);
    if (escaped == NULL) {
        form->failed = true;
        return;
    }
    if (form->len > 0) {
        buffer_append(form, "&", 1);
    }
    buffer_append_slice(form, slice_of_text(name));
    buffer_append(form, "=", 1);
    buffer_append_slice(form, slice_of_text(escaped));
    explicit_bzero(escaped, strlen(escaped));
    curl_free(escaped);
}

/* RFC 6749 §2.3.1: both halves are form-encoded first. */
static bool client_set(CURL *curl, const struct provider *provider)
{
    char *id = curl_easy_escape(curl, provider->client_id, 0);
    char *secret = curl_easy_escape(curl, provider->client_secret, 0);
    bool good = id != NULL && secret != NULL &&
                curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_USERNAME, id) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_PASSWORD, secret) == CURLE_OK;
    if (secret != NULL) {
        explicit_bzero(secret, strlen(secret));
    }
    curl_free(id);
    curl_free(secret);
    return good;
}

enum enrum_err oidcfetch_redeem(const struct provider *provider, const struct oidcfetch_code *code,
                                struct buffer *out)
{
    struct buffer form;
    CURL *curl = curl_easy_init();
    enum enrum_err err = ENRUM_PROVIDER_UNREACHABLE;
    buffer_init(&form, 65536);
    if (curl != NULL && options_set(curl, code->endpoint, provider->ca_file, out) &&
        client_set(curl, provider)) {
        pair_append(curl, &form, "grant_type", "authorization_code");
        pair_append(curl, &form, "code", code->code);
        pair_append(curl, &form, "redirect_uri", code->redirect);
        pair_append(curl, &form, "code_verifier", code->verifier);
        if (!form.failed &&
            curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)form.len) == CURLE_OK &&
            curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form.at) == CURLE_OK) {
            err = perform(curl, out);
        }
    }
    curl_easy_cleanup(curl);
    buffer_wipe(&form);
    return err;
}
