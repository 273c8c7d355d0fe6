/* oidctoken_test -- ID tokens with one fault each, and the right one. */
#include "../../../client-sdk/keeper/oidctoken.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <rhonabwy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOW = 1700000000 };

static struct provider provider;
static struct token_expect expect;
static jwk_t *signing, *signing_public, *stranger, *rsa, *rsa_public, *eddsa, *eddsa_public;
static char *jwks;

static void key_make(int type, unsigned bits, const char *kid, jwk_t **private, jwk_t **public)
{
    assert_int_equal(r_jwk_init(private), RHN_OK);
    assert_int_equal(r_jwk_init(public), RHN_OK);
    assert_int_equal(r_jwk_generate_key_pair(*private, *public, type, bits, kid), RHN_OK);
}

static int setup(void **state)
{
    (void)state;
    jwks_t *keys;
    jwk_t *stranger_public;
    assert_int_equal(r_global_init(), RHN_OK);
    key_make(R_KEY_TYPE_EC, 256, "signing", &signing, &signing_public);
    key_make(R_KEY_TYPE_EC, 256, "stranger", &stranger, &stranger_public);
    key_make(R_KEY_TYPE_RSA, 2048, "rsa", &rsa, &rsa_public);
    key_make(R_KEY_TYPE_EDDSA, 256, "ed", &eddsa, &eddsa_public);
    r_jwk_free(stranger_public);
    assert_int_equal(r_jwks_init(&keys), RHN_OK);
    r_jwks_append_jwk(keys, signing_public);
    r_jwks_append_jwk(keys, rsa_public);
    r_jwks_append_jwk(keys, eddsa_public);
    jwks = r_jwks_export_to_json_str(keys, 0);
    r_jwks_free(keys);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    jwk_t *all[] = {signing, signing_public, stranger, rsa, rsa_public, eddsa, eddsa_public};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        r_jwk_free(all[i]);
    }
    r_free(jwks);
    r_global_close();
    return 0;
}

static int each_setup(void **state)
{
    (void)state;
    provider = (struct provider){
        .issuer = "https://eid.example",
        .client_id = "board",
        .algorithm = "ES256",
        .name_claim = "name",
        .number_claim = "pnr",
        .level_count = 2,
        .levels = {{"urn:loa2", 2}, {"urn:loa3", 3}},
        .citizen = {.is_served = true, .identity_claim = "pnr", .min_level = 3},
    };
    expect = (struct token_expect){.provider = &provider,
                                   .role = &provider.citizen,
                                   .nonce = "the-nonce",
                                   .now_ms = (uint64_t)NOW * 1000};
    return 0;
}

static json_t *claims_right(void)
{
    return json_pack("{ss ss ss ss ss ss ss sI sI}", "iss", "https://eid.example", "aud", "board",
                     "sub", "x", "nonce", "the-nonce", "acr", "urn:loa3", "pnr", "199001152397",
                     "name", "Test Testsson", "iat", (json_int_t)NOW, "exp", (json_int_t)NOW + 300);
}

/* A token with these claims (taken) by this key. kid NULL: none. */
static char *sign_token(json_t *claims, jwa_alg alg, jwk_t *key, const char *kid)
{
    jws_t *jws;
    char *payload = json_dumps(claims, JSON_COMPACT);
    assert_int_equal(r_jws_init(&jws), RHN_OK);
    r_jws_set_alg(jws, alg);
    r_jws_set_payload(jws, (const unsigned char *)payload, strlen(payload));
    char *token = NULL;
    if (kid != NULL) {
        r_jws_set_header_str_value(jws, "kid", kid);
        token = r_jws_serialize(jws, key, 0);
    } else {
        jwk_t *nameless = r_jwk_copy(key);
        r_jwk_delete_property_str(nameless, "kid");
        token = r_jws_serialize(jws, nameless, 0);
        r_jwk_free(nameless);
    }
    assert_non_null(token);
    r_jws_free(jws);
    free(payload);
    json_decref(claims);
    return token;
}

static enum enrum_err check(const char *token, struct token_claims *out)
{
    struct token_claims scratch;
    bool is_key_unknown;
    return oidctoken_check(token, jwks, &expect, out != NULL ? out : &scratch, &is_key_unknown);
}

static enum enrum_err check_free(char *token)
{
    enum enrum_err err = check(token, NULL);
    r_free(token);
    return err;
}

static enum enrum_err check_claims(json_t *claims)
{
    return check_free(sign_token(claims, R_JWA_ALG_ES256, signing, "signing"));
}

/* The right claims with this one changed (value taken), or left out. */
static enum enrum_err check_changed(const char *key, json_t *value)
{
    json_t *claims = claims_right();
    if (value != NULL) {
        json_object_set_new(claims, key, value);
    } else {
        json_object_del(claims, key);
    }
    return check_claims(claims);
}

static void the_right_token_is_taken(void **state)
{
    (void)state;
    struct token_claims out;
    char *token = sign_token(claims_right(), R_JWA_ALG_ES256, signing, "signing");
    assert_int_equal(check(token, &out), ENRUM_OK);
    assert_string_equal(out.identity, "199001152397");
    assert_string_equal(out.number, "199001152397");
    assert_string_equal(out.name, "Test Testsson");
    assert_int_equal(out.level, 3);
    assert_non_null(strstr(out.key, "\"kid\":\"signing\""));
    assert_null(strstr(out.key, "\"d\"")); /* no private half */
    r_free(token);
}

static void a_failure_leaves_the_claims_untouched(void **state)
{
    (void)state;
    struct token_claims out, before;
    memset(&out, 0x5a, sizeof out);
    before = out;
    json_t *claims = claims_right();
    json_object_del(claims, "name");
    char *token = sign_token(claims, R_JWA_ALG_ES256, signing, "signing");
    assert_int_equal(check(token, &out), ENRUM_TOKEN_CLAIM_MISSING);
    assert_memory_equal(&out, &before, sizeof out);
    r_free(token);
}

static void each_claim_has_its_own_error(void **state)
{
    (void)state;
    assert_int_equal(check_changed("iss", json_string("https://other.example")),
                     ENRUM_TOKEN_ISSUER);
    assert_int_equal(check_changed("iss", NULL), ENRUM_TOKEN_ISSUER);
    assert_int_equal(check_changed("aud", json_string("somebody")), ENRUM_TOKEN_AUDIENCE);
    assert_int_equal(check_changed("aud", NULL), ENRUM_TOKEN_AUDIENCE);
    assert_int_equal(check_changed("azp", json_string("somebody")), ENRUM_TOKEN_AUDIENCE);
    assert_int_equal(check_changed("aud", json_pack("[ss]", "board", "other")),
                     ENRUM_TOKEN_AUDIENCE);
    assert_int_equal(check_changed("exp", json_integer(NOW - 60)), ENRUM_TOKEN_EXPIRED);
    assert_int_equal(check_changed("iat", json_integer(NOW + 61)), ENRUM_TOKEN_NOT_YET);
    assert_int_equal(check_changed("nbf", json_integer(NOW + 61)), ENRUM_TOKEN_NOT_YET);
    assert_int_equal(check_changed("nonce", json_string("another")), ENRUM_TOKEN_NONCE);
    assert_int_equal(check_changed("nonce", NULL), ENRUM_TOKEN_NONCE);
    assert_int_equal(check_changed("acr", json_string("urn:loa2")), ENRUM_LEVEL_TOO_LOW);
    assert_int_equal(check_changed("acr", json_string("urn:loa9")), ENRUM_LEVEL_TOO_LOW);
    assert_int_equal(check_changed("acr", NULL), ENRUM_LEVEL_TOO_LOW);
    assert_int_equal(check_changed("pnr", NULL), ENRUM_TOKEN_CLAIM_MISSING);
    assert_int_equal(check_changed("pnr", json_integer(7)), ENRUM_TOKEN_CLAIM_MISSING);
    assert_int_equal(check_changed("pnr", json_string("")), ENRUM_TOKEN_CLAIM_MISSING);
    assert_int_equal(check_changed("exp", NULL), ENRUM_TOKEN_MALFORMED);
    assert_int_equal(check_changed("iat", json_string("now")), ENRUM_TOKEN_MALFORMED);
    assert_int_equal(check_changed("exp", json_integer(-1)), ENRUM_TOKEN_MALFORMED);
}

static void what_is_at_the_edge_is_taken(void **state)
{
    (void)state;
    assert_int_equal(check_changed("exp", json_integer(NOW - 59)), ENRUM_OK);
    assert_int_equal(check_changed("iat", json_integer(NOW + 60)), ENRUM_OK);
    assert_int_equal(check_changed("aud", json_pack("[s]", "board")), ENRUM_OK);
    json_t *claims = claims_right();
    json_object_set_new(claims, "aud", json_pack("[ss]", "other", "board"));
    json_object_set_new(claims, "azp", json_string("board"));
    assert_int_equal(check_claims(claims), ENRUM_OK);
}

/* header.payload.signature with a header of its own. */
static char *assemble(const char *header, const char *signature)
{
    static char token[4096];
    char header64[256], claims64[2048];
    json_t *claims = claims_right();
    char *payload = json_dumps(claims, JSON_COMPACT);
    suite_base64url(slice_of_text(header), header64);
    suite_base64url(slice_of_text(payload), claims64);
    (void)snprintf(token, sizeof token, "%s.%s.%s", header64, claims64, signature);
    free(payload);
    json_decref(claims);
    return token;
}

static void only_the_pinned_algorithm_is_taken(void **state)
{
    (void)state;
    static const unsigned char secret[32] = "the public key as a secret .....";
    jwk_t *symmetric;
    assert_int_equal(r_jwk_init(&symmetric), RHN_OK);
    r_jwk_import_from_symmetric_key(symmetric, secret, sizeof secret);
    assert_int_equal(check_free(sign_token(claims_right(), R_JWA_ALG_HS256, symmetric, "signing")),
                     ENRUM_TOKEN_ALGORITHM);
    r_jwk_free(symmetric);
    assert_int_equal(check_free(sign_token(claims_right(), R_JWA_ALG_RS256, rsa, "rsa")),
                     ENRUM_TOKEN_ALGORITHM);
    assert_int_equal(check(assemble("{\"alg\":\"none\"}", ""), NULL), ENRUM_TOKEN_ALGORITHM);
    assert_int_equal(check(assemble("{\"alg\":\"None\",\"kid\":\"signing\"}", ""), NULL),
                     ENRUM_TOKEN_ALGORITHM);
    assert_int_equal(check(assemble("{\"alg\":\"ES256\",\"kid\":\"signing\"}", ""), NULL),
                     ENRUM_TOKEN_SIGNATURE);
}

static void each_algorithm_that_may_be_pinned_works(void **state)
{
    (void)state;
    memcpy(provider.algorithm, "RS256", 6);
    assert_int_equal(check_free(sign_token(claims_right(), R_JWA_ALG_RS256, rsa, "rsa")), ENRUM_OK);
    assert_int_equal(check_free(sign_token(claims_right(), R_JWA_ALG_ES256, signing, "signing")),
                     ENRUM_TOKEN_ALGORITHM);
    memcpy(provider.algorithm, "EdDSA", 6);
    assert_int_equal(check_free(sign_token(claims_right(), R_JWA_ALG_EDDSA, eddsa, "ed")),
                     ENRUM_OK);
}

static void a_wrong_signature_is_refused_wherever_it_is_wrong(void **state)
{
    (void)state;
    char *token = sign_token(claims_right(), R_JWA_ALG_ES256, signing, "signing");
    const char *payload = strchr(token, '.') + 1, *signature = strrchr(token, '.') + 1;
    size_t at[] = {(size_t)(payload - token) + 20, (size_t)(signature - token) + 5};
    for (size_t i = 0; i < 2; i++) {
        char *altered = strdup(token);
        altered[at[i]] = altered[at[i]] == 'A' ? 'B' : 'A';
        assert_int_not_equal(check(altered, NULL), ENRUM_OK);
        free(altered);
    }
    r_free(token);
    assert_int_equal(check_free(sign_token(claims_right(), R_JWA_ALG_ES256, stranger, "signing")),
                     ENRUM_TOKEN_SIGNATURE);
}

static void an_unknown_key_is_told_so_that_newer_ones_are_asked_for(void **state)
{
    (void)state;
    struct token_claims out;
    bool is_key_unknown = false;
    char *token = sign_token(claims_right(), R_JWA_ALG_ES256, stranger, "stranger");
    assert_int_equal(oidctoken_check(token, jwks, &expect, &out, &is_key_unknown),
                     ENRUM_TOKEN_SIGNATURE);
    assert_true(is_key_unknown);
    r_free(token);
    token = sign_token(claims_right(), R_JWA_ALG_ES256, stranger, "signing");
    assert_int_equal(oidctoken_check(token, jwks, &expect, &out, &is_key_unknown),
                     ENRUM_TOKEN_SIGNATURE);
    assert_false(is_key_unknown);
    r_free(token);
}

static void a_token_without_kid_needs_the_only_key_that_fits(void **state)
{
    (void)state;
    struct token_claims out;
    bool is_key_unknown;
    assert_int_equal(check_free(sign_token(claims_right(), R_JWA_ALG_ES256, signing, NULL)),
                     ENRUM_OK);
    char *token = sign_token(claims_right(), R_JWA_ALG_ES256, signing, NULL);
    json_t *two = json_loads(jwks, 0, NULL);
    json_t *list = json_object_get(two, "keys");
    json_array_append_new(list, json_deep_copy(json_array_get(list, 0)));
    char *text = json_dumps(two, 0);
    assert_int_equal(oidctoken_check(token, text, &expect, &out, &is_key_unknown),
                     ENRUM_TOKEN_SIGNATURE);
    free(text);
    json_decref(two);
    r_free(token);
}

static void keys_that_are_no_keys_open_nothing(void **state)
{
    (void)state;
    struct token_claims out;
    bool is_key_unknown;
    static const char *const sets[] = {"",
                                       "{}",
                                       "{\"keys\":[]}",
                                       "[]",
                                       "{\"keys\":[{}]}",
                                       "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"signing\"}]}"};
    char *token = sign_token(claims_right(), R_JWA_ALG_ES256, signing, "signing");
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        assert_int_equal(oidctoken_check(token, sets[i], &expect, &out, &is_key_unknown),
                         ENRUM_TOKEN_SIGNATURE);
    }
    r_free(token);
}

static void what_is_no_token_is_malformed(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        ".",
        "..",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        "e30.e30.e30",
        "bnVsbA.bnVsbA.x",
        "\xff.\xff.\xff",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(check(rows[i], NULL), ENRUM_TOKEN_MALFORMED);
    }
    assert_int_equal(check(assemble("{\"alg\":\"ES256\",\"crit\":[\"b64\"]}", "AA"), NULL),
                     ENRUM_TOKEN_MALFORMED);
    assert_int_equal(check(assemble("{\"alg\":\"none\",\"alg\":\"ES256\"}", "AA"), NULL),
                     ENRUM_TOKEN_MALFORMED);
}

static void a_token_that_is_cut_is_never_taken(void **state)
{
    (void)state;
    char *token = sign_token(claims_right(), R_JWA_ALG_ES256, signing, "signing");
    for (size_t len = strlen(token); len-- > 0;) {
        token[len] = '\0';
        assert_int_not_equal(check(token, NULL), ENRUM_OK);
    }
    r_free(token);
}

#define TEST(name) cmocka_unit_test_setup(name, each_setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_right_token_is_taken),
        TEST(a_failure_leaves_the_claims_untouched),
        TEST(each_claim_has_its_own_error),
        TEST(what_is_at_the_edge_is_taken),
        TEST(only_the_pinned_algorithm_is_taken),
        TEST(each_algorithm_that_may_be_pinned_works),
        TEST(a_wrong_signature_is_refused_wherever_it_is_wrong),
        TEST(an_unknown_key_is_told_so_that_newer_ones_are_asked_for),
        TEST(a_token_without_kid_needs_the_only_key_that_fits),
        TEST(keys_that_are_no_keys_open_nothing),
        TEST(what_is_no_token_is_malformed),
        TEST(a_token_that_is_cut_is_never_taken),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
