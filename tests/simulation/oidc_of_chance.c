/* oidc_of_chance -- the e-ID: stands in for client-sdk/keeper/oidc.c. The code is the identity;
 * everybody's proof is good, and takes a while. */
#include "../../client-sdk/keeper/oidc.h"
#include "world.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct login {
    struct list link;
    uint64_t ready_at;
    struct oidc_result result;
};

struct oidc {
    struct list logins;
};

struct oidc *oidc_new(const struct settings *settings, void (*wake)(void *context), void *context)
{
    struct oidc *oidc = calloc(1, sizeof *oidc);
    /* The keeper looks five times a second without being woken. */
    (void)settings, (void)wake, (void)context;
    assert(oidc != NULL);
    list_init(&oidc->logins);
    return oidc;
}

void oidc_free(struct oidc *oidc)
{
    struct oidc_result *result;
    if (oidc == NULL) {
        return;
    }
    LIST_EACH (link, &oidc->logins) {
        LIST_ITEM(link, struct login, link)->ready_at = 0;
    }
    while ((result = oidc_take(oidc)) != NULL) {
        oidc_result_free(result);
    }
    free(oidc);
}

enum enrum_err oidc_put(struct oidc *oidc, const struct oidc_question *question)
{
    struct login *login = calloc(1, sizeof *login);
    assert(login != NULL);
    list_init(&login->link);
    login->ready_at = timeline_now() + chance_between(&world.net, MS, 300 * MS);
    login->result.ticket = question->ticket;
    struct token_claims *claims = &login->result.claims;
    (void)snprintf(claims->identity, sizeof claims->identity, "%.128s", question->code);
    (void)snprintf(claims->name, sizeof claims->name, "Test Testsson %.16s", question->code);
    (void)snprintf(claims->number, sizeof claims->number, "%.31s", question->code);
    claims->level = 3;
    (void)snprintf(login->result.token, sizeof login->result.token, "token");
    list_push_back(&oidc->logins, &login->link);
    return ENRUM_OK;
}

struct oidc_result *oidc_take(struct oidc *oidc)
{
    LIST_EACH (link, &oidc->logins) {
        struct login *login = LIST_ITEM(link, struct login, link);
        if (login->ready_at <= timeline_now()) {
            struct oidc_result *result = malloc(sizeof *result);
            assert(result != NULL);
            *result = login->result;
            list_remove(&login->link);
            free(login);
            return result;
        }
    }
    return NULL;
}

void oidc_result_free(struct oidc_result *result)
{
    free(result);
}
