/* settings_test -- the configuration: every key is checked, an unknown one refused. */
#include "../../../client-sdk/keeper/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static const char right[] =
    "{\"version\":1,\"units\":[\"Mottagning\"],\"certificate_hours\":{\"citizen\":720,\"staff\":12}"
    ","
    "\"providers\":[{\"id\":\"demo\",\"name\":\"e-ID\",\"issuer\":\"https://eid.example\","
    "\"client_id\":\"board\",\"client_secret\":\"s3cret\","
    "\"redirect_uris\":[\"http://127.0.0.1/callback\",\"https://pages.example/back\"],"
    "\"scope\":\"openid\",\"acr_values\":\"\",\"id_token_signed_response_alg\":\"ES256\","
    "\"identity_claim\":{\"citizen\":\"pnr\",\"staff\":\"sub\"},\"name_claim\":\"name\","
    "\"number_claim\":\"pnr\",\"levels\":{\"urn:loa3\":3,\"urn:loa4\":4},"
    "\"min_level\":{\"citizen\":3,\"staff\":3},\"roles\":[\"citizen\",\"staff\"]}]}";

static struct settings settings;

/* Reads the right configuration with one change. value NULL: without the key. */
static enum enrum_err read_changed(const char *key, const char *value, bool is_provider,
                                   char why[WHY_BYTES])
{
    json_t *file = json_loads(right, 0, NULL);
    json_t *object = is_provider ? json_array_get(json_object_get(file, "providers"), 0) : file;
    assert_non_null(object);
    if (value == NULL) {
        assert_int_equal(json_object_del(object, key), 0);
    } else {
        json_t *parsed = json_loads(value, JSON_DECODE_ANY, NULL);
        assert_non_null(parsed);
        assert_int_equal(json_object_set_new(object, key, parsed), 0);
    }
    enum enrum_err err = settings_of_json(file, &settings, why);
    json_decref(file);
    return err;
}

static void the_right_one_is_read(void **state)
{
    (void)state;
    char why[WHY_BYTES] = "";
    json_t *file = json_loads(right, 0, NULL);
    assert_int_equal(settings_of_json(file, &settings, why), ENRUM_OK);
    json_decref(file);
    assert_int_equal(settings.unit_count, 1);
    assert_string_equal(settings.units[0], "Mottagning");
    assert_int_equal(settings.citizen.certificate_ms, UINT64_C(720) * 3600000);
    assert_int_equal(settings.staff.session_ms, UINT64_C(24) * 3600000);
    assert_int_equal(settings_life(&settings, ROLE_GUEST, 3)->certificate_ms,
                     UINT64_C(12) * 3600000);
    const struct provider *provider = settings_provider(&settings, slice_of_text("demo"));
    assert_non_null(provider);
    assert_null(settings_provider(&settings, slice_of_text("other")));
    assert_int_equal(provider_level_of(provider, "urn:loa4"), 4);
    assert_int_equal(provider_level_of(provider, "urn:loa1"), 0);
    assert_string_equal(provider_role(provider, ROLE_STAFF)->identity_claim, "sub");
    assert_null(provider_role(provider, ROLE_KEEPER));
    assert_null(provider_role(provider, ROLE_GUEST));
}

static void each_wrong_value_is_refused_and_named(void **state)
{
    (void)state;
    const struct {
        const char *key, *value;
        bool is_provider;
    } rows[] = {
        {"version", "2", false},
        {"version", NULL, false},
        {"units", "[]", false},
        {"units", "[\"\"]", false},
        {"units", "[\"A\",\"A\"]", false},
        {"units", "\"A\"", false},
        {"certificate_hours", "{\"citizen\":0}", false},
        {"certificate_hours", "{\"citizen\":0.0009}", false},
        {"certificate_hours", "{\"citizen\":17568.5}", false},
        {"certificate_hours", "{\"citizen\":-1}", false},
        {"certificate_hours", "{\"auditor\":1}", false},
        {"session_hours", "{\"staff\":\"many\"}", false},
        {"advice", "{}", false},
        {"advice", "{\"per_minute\":0}", false},
        {"advice", "{\"per_minute\":1001}", false},
        {"advice", "{\"per_minute\":1,\"free\":1}", false},
        {"notices", "{\"server\":\"\"}", false},
        {"clamd", "\"clamd.example:3310\"", false},
        {"providers", "[]", false},
        {"providers", NULL, false},
        {"unit", "\"misspelt\"", false},
        {"id", NULL, true},
        {"id", "\"\"", true},
        {"issuer", "\"http://eid.example\"", true},
        {"issuer", "\"http://127.0.0.1.evil.example\"", true},
        {"issuer", "\"ftp://127.0.0.1\"", true},
        {"client_secret", NULL, true},
        {"client_secret", "7", true},
        {"redirect_uris", "[]", true},
        {"redirect_uris", "[\"http://pages.example/back\"]", true},
        {"redirect_uris", "[\"http://samtal.bjuv.localhost.example/\"]", true},
        {"redirect_uris", "[\"http://a@samtal.bjuv.localhost/\"]", true},
        {"redirect_uris", "[\"http://samtal.bjuv.localhost:80@pages.example/\"]", true},
        {"redirect_uris", "[\"http://.localhost/\"]", true},
        {"id_token_signed_response_alg", "\"none\"", true},
        {"id_token_signed_response_alg", "\"HS256\"", true},
        {"id_token_signed_response_alg", "\"ES512\"", true},
        {"levels", "{}", true},
        {"levels", "{\"urn:loa3\":5}", true},
        {"levels", "{\"urn:loa3\":\"3\"}", true},
        {"min_level", "{\"citizen\":3}", true},
        {"min_level", "{\"citizen\":0,\"staff\":3}", true},
        {"min_level", "{\"citizen\":3,\"staff\":3,\"auditor\":1}", true},
        {"identity_claim", "{\"citizen\":\"pnr\"}", true},
        {"identity_claim", "\"sub\"", true},
        {"roles", "[]", true},
        {"roles", "[\"keeper\"]", true},
        {"name_claim", NULL, true},
        {"authorization_endpoint", "\"http://eid.example/auth\"", true},
        {"verify", "false", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char why[WHY_BYTES] = "";
        assert_int_equal(read_changed(rows[i].key, rows[i].value, rows[i].is_provider, why),
                         ENRUM_CONFIG);
        assert_true(why[0] != '\0');
        assert_null(strstr(why, "s3cret"));
    }
}

static void hours_may_be_fractions(void **state)
{
    (void)state;
    char why[WHY_BYTES];
    assert_int_equal(read_changed("certificate_hours", "{\"citizen\":0.5}", false, why), ENRUM_OK);
    assert_int_equal(settings.citizen.certificate_ms, UINT64_C(1800) * 1000);
    assert_int_equal(settings.staff.certificate_ms, UINT64_C(12) * 3600000);
    assert_int_equal(read_changed("session_hours", "{\"staff\":0.001}", false, why), ENRUM_OK);
    assert_int_equal(settings.staff.session_ms, 3600);
    assert_int_equal(read_changed("session_hours", "{\"staff\":17568}", false, why), ENRUM_OK);
}

static void a_provider_may_be_on_a_loopback_address_without_tls(void **state)
{
    (void)state;
    char why[WHY_BYTES];
    assert_int_equal(read_changed("issuer", "\"http://127.0.0.1:7100\"", true, why), ENRUM_OK);
    assert_int_equal(read_changed("issuer", "\"http://[::1]:7100\"", true, why), ENRUM_OK);
}

static void two_providers_need_two_ids(void **state)
{
    (void)state;
    char why[WHY_BYTES] = "";
    json_t *file = json_loads(right, 0, NULL);
    json_t *list = json_object_get(file, "providers");
    json_array_append_new(list, json_deep_copy(json_array_get(list, 0)));
    assert_int_equal(settings_of_json(file, &settings, why), ENRUM_CONFIG);
    json_object_set_new(json_array_get(list, 1), "id", json_string("second"));
    assert_int_equal(settings_of_json(file, &settings, why), ENRUM_OK);
    json_decref(file);
}

static void a_redirect_is_a_listed_one_or_a_loopback_one_at_any_port(void **state)
{
    (void)state;
    char why[WHY_BYTES];
    assert_int_equal(read_changed("acr_values", "\"urn:loa3\"", true, why), ENRUM_OK);
    const struct provider *provider = &settings.providers[0];
    static const struct {
        const char *address;
        bool may;
    } rows[] = {
        {"http://127.0.0.1/callback", true},
        {"http://127.0.0.1:49152/callback", true},
        {"https://pages.example/back", true},
        {"https://pages.example:8443/back", false},
        {"https://pages.example/back/more", false},
        {"http://127.0.0.1:49152/other", false},
        {"http://127.0.0.2:49152/callback", false},
        {"http://127.0.0.1:49152@evil.example/callback", false},
        {"http://127.0.0.1.evil.example/callback", false},
        {"http://localhost:49152/callback", false},
        {"https://127.0.0.1:49152/callback", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(provider_may_redirect(provider, rows[i].address), rows[i].may);
    }
}

static void a_file_that_is_missing_or_broken_is_told_apart(void **state)
{
    (void)state;
    char why[WHY_BYTES] = "";
    assert_int_equal(settings_read("/nonexistent/config.json", &settings, why), ENRUM_FILE_FAILED);
    assert_int_equal(settings_read("/dev/null", &settings, why), ENRUM_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_one_is_read),
        cmocka_unit_test(each_wrong_value_is_refused_and_named),
        cmocka_unit_test(hours_may_be_fractions),
        cmocka_unit_test(a_provider_may_be_on_a_loopback_address_without_tls),
        cmocka_unit_test(two_providers_need_two_ids),
        cmocka_unit_test(a_redirect_is_a_listed_one_or_a_loopback_one_at_any_port),
        cmocka_unit_test(a_file_that_is_missing_or_broken_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
