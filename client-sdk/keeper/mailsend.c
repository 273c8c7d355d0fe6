/* mailsend -- see mailsend.h. */
#include "mailsend.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

enum { REPLY_REFUSED = 550, REPLY_LAST = 599 };

static size_t on_read(char *out, size_t size, size_t count, void *context)
{
    struct slice *rest = context;
    size_t len = size * count < rest->len ? size * count : rest->len;
    memcpy(out, rest->at, len);
    *rest = (struct slice){rest->at + len, rest->len - len};
    return len;
}

/* The path is the name given in EHLO: without one it would be this machine's. */
static bool server_set(CURL *curl, const struct mail_settings *settings)
{
    char url[ENRUM_TEXT_MAX + MAIL_ADDRESS_MAX + 32];
    (void)snprintf(url, sizeof url, "%s://%s:%u/%s", settings->is_implicit ? "smtps" : "smtp",
                   settings->server, settings->port, mail_domain(settings->from));
    return curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           (settings->ca_file[0] == '\0' ||
            curl_easy_setopt(curl, CURLOPT_CAINFO, settings->ca_file) == CURLE_OK) &&
           (settings->user[0] == '\0' ||
            (curl_easy_setopt(curl, CURLOPT_USERNAME, settings->user) == CURLE_OK &&
             curl_easy_setopt(curl, CURLOPT_PASSWORD, settings->password) == CURLE_OK)) &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)MAILSEND_SECONDS_MAX) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOPROXY, "*") == CURLE_OK;
}

static bool envelope_set(CURL *curl, const struct mail_settings *settings,
                         const struct curl_slist *to, struct slice *message)
{
    char from[MAIL_ADDRESS_MAX + 3];
    (void)snprintf(from, sizeof from, "<%s>", settings->from);
    return to != NULL && curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_READDATA, message) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L) == CURLE_OK;
}

struct mailsend_result mailsend(const struct mail_settings *settings, const char *to,
                                struct slice message)
{
    char brackets[MAIL_ADDRESS_MAX + 3];
    struct mailsend_result result = {.why = "memory"};
    (void)snprintf(brackets, sizeof brackets, "<%s>", to);
    CURL *curl = curl_easy_init();
    struct curl_slist *list = curl_slist_append(NULL, brackets);
    if (curl != NULL && server_set(curl, settings) &&
        envelope_set(curl, settings, list, &message)) {
        long reply = 0;
        CURLcode code = curl_easy_perform(curl);
        (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
        result.is_sent = code == CURLE_OK;
        /* Of its sender or receiver; a login that is refused may be mended. */
        result.is_final = code == CURLE_SEND_ERROR && reply >= REPLY_REFUSED && reply <= REPLY_LAST;
        result.why = curl_easy_strerror(code);
    }
    curl_slist_free_all(list);
    curl_easy_cleanup(curl);
    return result;
}
