/* oidc -- see oidc.h. */
#include "oidc.h"

#include "base/clock.h"
#include "base/list.h"
#include "base/slog.h"
#include "oidcfetch.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_MS = 5 * 60 * 1000, KEYS_AGAIN_MS = 60 * 1000 };

/* What is kept of a provider. Its own lock, so that one slow provider stops only its own logins. */
struct oidc_documents {
    pthread_mutex_t mutex;
    char token_endpoint[ENRUM_TEXT_MAX], jwks_uri[ENRUM_TEXT_MAX];
    char *jwks;
    bool has_endpoints;
    uint64_t fetched_at, keys_asked_at; /* monotonic ms */
};

struct oidc_job {
    struct list link;
    struct oidc_question question;
};

struct oidc_done {
    struct list link;
    struct oidc_result result;
};

struct oidc {
    const struct settings *settings;
    struct clock clock;
    void (*wake)(void *context);
    void *context;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_closing;
    size_t waiting, thread_count;
    struct list jobs, done;
    pthread_t threads[OIDC_THREADS];
    struct oidc_documents documents[ENRUM_PROVIDERS_MAX];
};

/* -- Documents -- */

static bool url_take(const json_t *document, const char *key, char out[ENRUM_TEXT_MAX])
{
    const char *text = json_string_value(json_object_get(document, key));
    if (text == NULL || strlen(text) >= ENRUM_TEXT_MAX || !provider_url_is_safe(text)) {
        return false;
    }
    memcpy(out, text, strlen(text) + 1);
    return true;
}

/* OpenID Connect Discovery 1.0 §4: the document must name the issuer that it was asked of. */
static enum enrum_err discovery_fetch(const struct provider *provider, json_t **out)
{
    char url[ENRUM_TEXT_MAX + 64];
    struct buffer body;
    size_t len = strlen(provider->issuer);
    int plain = (int)(len > 0 && provider->issuer[len - 1] == '/' ? len - 1 : len);
    (void)snprintf(url, sizeof url, "%.*s/.well-known/openid-configuration", plain,
                   provider->issuer);
    buffer_init(&body, OIDCFETCH_BYTES_MAX);
    enum enrum_err err = oidcfetch_get(url, provider->ca_file, &body);
    json_t *document = err == ENRUM_OK
                           ? json_loads((const char *)body.at, JSON_REJECT_DUPLICATES, NULL)
                           : NULL;
    const char *issuer = json_string_value(json_object_get(document, "issuer"));
    buffer_fini(&body);
    if (issuer == NULL || strcmp(issuer, provider->issuer) != 0) {
        json_decref(document);
        return ENRUM_PROVIDER_UNREACHABLE;
    }
    *out = document;
    return ENRUM_OK;
}

enum enrum_err oidc_discover(const struct provider *provider, char endpoint[ENRUM_TEXT_MAX])
{
    json_t *document = NULL;
    enum enrum_err err = discovery_fetch(provider, &document);
    if (err == ENRUM_OK && !url_take(document, "authorization_endpoint", endpoint)) {
        err = ENRUM_PROVIDER_UNREACHABLE;
    }
    json_decref(document);
    return err;
}

static enum enrum_err endpoints_fetch(const struct provider *provider,
                                      struct oidc_documents *documents)
{
    json_t *document = NULL;
    enum enrum_err err = discovery_fetch(provider, &document);
    if (err == ENRUM_OK && (!url_take(document, "token_endpoint", documents->token_endpoint) ||
                            !url_take(document, "jwks_uri", documents->jwks_uri))) {
        err = ENRUM_PROVIDER_UNREACHABLE;
    }
    documents->has_endpoints = err == ENRUM_OK;
    json_decref(document);
    return err;
}

static enum enrum_err keys_fetch(const struct provider *provider, struct oidc_documents *documents,
                                 uint64_t now)
{
    struct buffer body;
    buffer_init(&body, OIDCFETCH_BYTES_MAX);
    documents->keys_asked_at = now;
    enum enrum_err err = oidcfetch_get(documents->jwks_uri, provider->ca_file, &body);
    char *jwks = err == ENRUM_OK ? strdup((const char *)body.at) : NULL;
    buffer_fini(&body);
    if (jwks == NULL) {
        return ENRUM_PROVIDER_UNREACHABLE;
    }
    free(documents->jwks);
    documents->jwks = jwks;
    return ENRUM_OK;
}

/* With the lock held. */
static enum enrum_err documents_refresh(const struct provider *provider,
                                        struct oidc_documents *documents, uint64_t now)
{
    bool is_fresh = documents->jwks != NULL && documents->has_endpoints &&
                    now - documents->fetched_at < DOCUMENT_MS;
    if (is_fresh) {
        return ENRUM_OK;
    }
    enum enrum_err err = endpoints_fetch(provider, documents);
    if (err == ENRUM_OK) {
        err = keys_fetch(provider, documents, now);
    }
    if (err == ENRUM_OK) {
        documents->fetched_at = now;
    }
    return err;
}

/* -- One login -- */

struct attempt {
    const struct oidc_question *question;
    struct oidc_documents *documents;
    uint64_t mono_ms, wall_ms;
    char token_endpoint[ENRUM_TEXT_MAX];
};

static enum enrum_err endpoint_find(struct attempt *attempt)
{
    struct oidc_documents *documents = attempt->documents;
    pthread_mutex_lock(&documents->mutex);
    enum enrum_err err = documents_refresh(attempt->question->provider, documents,
                                           attempt->mono_ms);
    if (err == ENRUM_OK) {
        memcpy(attempt->token_endpoint, documents->token_endpoint, sizeof attempt->token_endpoint);
    }
    pthread_mutex_unlock(&documents->mutex);
    return err;
}

static enum enrum_err code_redeem(const struct attempt *attempt, struct oidc_result *result)
{
    const struct oidc_question *question = attempt->question;
    struct oidcfetch_code code = {attempt->token_endpoint, question->code, question->verifier,
                                  question->redirect};
    struct buffer body;
    buffer_init(&body, OIDCFETCH_BYTES_MAX);
    enum enrum_err err = oidcfetch_redeem(question->provider, &code, &body);
    json_t *answer = err == ENRUM_OK ? json_loads((const char *)body.at, 0, NULL) : NULL;
    const char *token = json_string_value(json_object_get(answer, "id_token"));
    if (err == ENRUM_OK && (token == NULL || strlen(token) >= sizeof result->token)) {
        err = ENRUM_TOKEN_MALFORMED;
    }
    if (err == ENRUM_OK) {
        memcpy(result->token, token, strlen(token) + 1);
    }
    json_decref(answer);
    buffer_wipe(&body);
    return err;
}

static enum enrum_err token_check(const struct attempt *attempt, struct oidc_result *result)
{
    const struct oidc_question *question = attempt->question;
    struct oidc_documents *documents = attempt->documents;
    const struct token_expect expect = {
        .provider = question->provider,
        .role = provider_role(question->provider, question->role),
        .nonce = question->nonce,
        .now_ms = attempt->wall_ms,
    };
    bool is_key_unknown = false;
    pthread_mutex_lock(&documents->mutex);
    enum enrum_err err = oidctoken_check(result->token, documents->jwks, &expect, &result->claims,
                                         &is_key_unknown);
    /* The provider may have changed its keys since they were fetched. */
    if (is_key_unknown && attempt->mono_ms - documents->keys_asked_at >= KEYS_AGAIN_MS &&
        keys_fetch(question->provider, documents, attempt->mono_ms) == ENRUM_OK) {
        err = oidctoken_check(result->token, documents->jwks, &expect, &result->claims,
                              &is_key_unknown);
    }
    pthread_mutex_unlock(&documents->mutex);
    return err;
}

static enum enrum_err login_try(struct oidc *oidc, const struct oidc_question *question,
                                struct oidc_result *result)
{
    struct attempt attempt = {
        .question = question,
        .documents = &oidc->documents[question->provider - oidc->settings->providers],
        .mono_ms = clock_monotonic_ms(&oidc->clock),
    };
    if (provider_role(question->provider, question->role) == NULL) {
        return ENRUM_PROVIDER_UNKNOWN;
    }
    enum enrum_err err = endpoint_find(&attempt);
    if (err == ENRUM_OK) {
        err = code_redeem(&attempt, result);
    }
    attempt.wall_ms = clock_wall_ms(&oidc->clock);
    return err == ENRUM_OK ? token_check(&attempt, result) : err;
}

/* -- Threads -- */

static void job_free(struct oidc_job *job)
{
    explicit_bzero(job, sizeof *job);
    free(job);
}

/* NULL when it is time to end. */
static struct oidc_job *job_wait(struct oidc *oidc)
{
    struct oidc_job *job = NULL;
    pthread_mutex_lock(&oidc->mutex);
    while (!oidc->is_closing && list_is_empty(&oidc->jobs)) {
        pthread_cond_wait(&oidc->changed, &oidc->mutex);
    }
    if (!oidc->is_closing) {
        struct list *link = list_first(&oidc->jobs);
        list_remove(link);
        job = LIST_ITEM(link, struct oidc_job, link);
    }
    pthread_mutex_unlock(&oidc->mutex);
    return job;
}

static void *work(void *context)
{
    struct oidc *oidc = context;
    struct oidc_job *job;
    while ((job = job_wait(oidc)) != NULL) {
        struct oidc_done *done = calloc(1, sizeof *done);
        if (done != NULL) {
            list_init(&done->link);
            done->result.ticket = job->question.ticket;
            done->result.err = login_try(oidc, &job->question, &done->result);
        } else {
            slog_bare(SLOG_ERROR, "login_dropped");
        }
        job_free(job);
        pthread_mutex_lock(&oidc->mutex);
        oidc->waiting--;
        if (done != NULL) {
            list_push_back(&oidc->done, &done->link);
        }
        pthread_mutex_unlock(&oidc->mutex);
        oidc->wake(oidc->context);
    }
    return NULL;
}

struct oidc *oidc_new(const struct settings *settings, void (*wake)(void *context), void *context)
{
    struct oidc *oidc = calloc(1, sizeof *oidc);
    if (oidc == NULL) {
        return NULL;
    }
    oidc->settings = settings;
    oidc->clock = clock_system();
    oidc->wake = wake;
    oidc->context = context;
    list_init(&oidc->jobs);
    list_init(&oidc->done);
    pthread_mutex_init(&oidc->mutex, NULL);
    pthread_cond_init(&oidc->changed, NULL);
    for (size_t i = 0; i < ENRUM_PROVIDERS_MAX; i++) {
        pthread_mutex_init(&oidc->documents[i].mutex, NULL);
    }
    while (oidc->thread_count < OIDC_THREADS &&
           pthread_create(&oidc->threads[oidc->thread_count], NULL, work, oidc) == 0) {
        oidc->thread_count++;
    }
    if (oidc->thread_count == 0) {
        oidc_free(oidc);
        return NULL;
    }
    return oidc;
}

void oidc_free(struct oidc *oidc)
{
    if (oidc == NULL) {
        return;
    }
    pthread_mutex_lock(&oidc->mutex);
    oidc->is_closing = true;
    pthread_cond_broadcast(&oidc->changed);
    pthread_mutex_unlock(&oidc->mutex);
    for (size_t i = 0; i < oidc->thread_count; i++) {
        pthread_join(oidc->threads[i], NULL);
    }
    LIST_EACH (link, &oidc->jobs) {
        list_remove(link);
        job_free(LIST_ITEM(link, struct oidc_job, link));
    }
    for (struct oidc_result *result; (result = oidc_take(oidc)) != NULL;) {
        oidc_result_free(result);
    }
    for (size_t i = 0; i < ENRUM_PROVIDERS_MAX; i++) {
        free(oidc->documents[i].jwks);
        pthread_mutex_destroy(&oidc->documents[i].mutex);
    }
    pthread_cond_destroy(&oidc->changed);
    pthread_mutex_destroy(&oidc->mutex);
    free(oidc);
}

/* -- Questions and results -- */

enum enrum_err oidc_put(struct oidc *oidc, const struct oidc_question *question)
{
    struct oidc_job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        return ENRUM_MEMORY;
    }
    list_init(&job->link);
    job->question = *question;
    pthread_mutex_lock(&oidc->mutex);
    bool fits = oidc->waiting < OIDC_QUEUE_MAX;
    if (fits) {
        oidc->waiting++;
        list_push_back(&oidc->jobs, &job->link);
        pthread_cond_signal(&oidc->changed);
    }
    pthread_mutex_unlock(&oidc->mutex);
    if (!fits) {
        job_free(job);
    }
    return fits ? ENRUM_OK : ENRUM_BUSY;
}

struct oidc_result *oidc_take(struct oidc *oidc)
{
    pthread_mutex_lock(&oidc->mutex);
    struct list *link = list_first(&oidc->done);
    if (link != NULL) {
        list_remove(link);
    }
    pthread_mutex_unlock(&oidc->mutex);
    return link != NULL ? &LIST_ITEM(link, struct oidc_done, link)->result : NULL;
}

void oidc_result_free(struct oidc_result *result)
{
    struct oidc_done *done = LIST_ITEM(result, struct oidc_done, result);
    explicit_bzero(done, sizeof *done);
    free(done);
}
