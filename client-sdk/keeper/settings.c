/* settings -- see settings.h. */
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t HOUR_MS = UINT64_C(3600) * 1000;
static const double HOURS_MIN = 0.001, HOURS_MAX = 24 * 366 * 2;

static bool complain(char why[WHY_BYTES], const char *text)
{
    (void)snprintf(why, WHY_BYTES, "%s", text);
    return false;
}

static bool units_take(const json_t *file, struct settings *out, char why[WHY_BYTES])
{
    const json_t *units = json_object_get(file, "units");
    size_t count = json_array_size(units);
    if (!json_is_array(units) || count == 0 || count > SETTINGS_UNITS_MAX) {
        return complain(why, "units: is not a list of 1 to 16 names");
    }
    for (size_t i = 0; i < count; i++) {
        const char *name = json_string_value(json_array_get(units, i));
        if (name == NULL || name[0] == '\0' || strlen(name) >= sizeof out->units[i]) {
            return complain(why, "units: a name is empty, or too long");
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(out->units[j], name) == 0) {
                return complain(why, "units: a name stands twice");
            }
        }
        memcpy(out->units[i], name, strlen(name) + 1);
    }
    out->unit_count = count;
    return true;
}

static bool hours_take(const json_t *object, const char *role, uint64_t standard, uint64_t *out)
{
    const json_t *value = json_object_get(object, role);
    double hours = json_number_value(value);
    *out = standard * HOUR_MS;
    if (value == NULL) {
        return true;
    }
    if (!json_is_number(value) || hours < HOURS_MIN || hours > HOURS_MAX) {
        return false;
    }
    *out = (uint64_t)(hours * (double)HOUR_MS);
    return true;
}

static bool lives_take(const json_t *file, struct settings *out, char why[WHY_BYTES])
{
    static const char *const roles[] = {"citizen", "staff", "guest", NULL};
    const json_t *certificate = json_object_get(file, "certificate_hours");
    const json_t *session = json_object_get(file, "session_hours");
    if ((certificate != NULL && !provider_keys_known(certificate, roles, why)) ||
        (session != NULL && !provider_keys_known(session, roles, why))) {
        return false;
    }
    bool good = hours_take(certificate, "citizen", 24 * 30, &out->citizen.certificate_ms) &&
                hours_take(certificate, "staff", 12, &out->staff.certificate_ms) &&
                hours_take(certificate, "guest", 12, &out->guest.certificate_ms) &&
                hours_take(session, "citizen", 24 * 365, &out->citizen.session_ms) &&
                hours_take(session, "staff", 24, &out->staff.session_ms) &&
                hours_take(session, "guest", 12, &out->guest.session_ms);
    return good ? true
                : complain(why, "certificate_hours, session_hours: not 0.001 to 17568 hours");
}

static bool call_entry_take(const json_t *file, struct settings *out, char why[WHY_BYTES])
{
    const json_t *value = json_object_get(file, "call_entry_seconds");
    json_int_t seconds = value == NULL ? 30 : json_integer_value(value);
    if ((value != NULL && !json_is_integer(value)) || seconds < 1 || seconds > 3600) {
        return complain(why, "call_entry_seconds: is not 1 to 3600");
    }
    out->call_entry_ms = (uint64_t)seconds * 1000;
    return true;
}

static bool advice_take(const json_t *file, struct settings *out, char why[WHY_BYTES])
{
    static const char *const known[] = {"per_minute", NULL};
    const json_t *object = json_object_get(file, "advice");
    const json_t *value = json_object_get(object, "per_minute");
    /* A day of silence and it is over; a month, whatever is said. */
    out->advice.life = (struct settings_life){24 * HOUR_MS, 24 * 30 * HOUR_MS};
    if (object == NULL) {
        return true;
    }
    if (!provider_keys_known(object, known, why)) {
        return false;
    }
    if (!json_is_integer(value) || json_integer_value(value) < 1 ||
        json_integer_value(value) > 1000) {
        return complain(why, "advice: per_minute is not 1 to 1000");
    }
    out->advice.per_minute = (uint64_t)json_integer_value(value);
    out->advice.is_on = true;
    return true;
}

static bool clamd_take(const json_t *file, struct settings *out, char why[WHY_BYTES])
{
    const json_t *value = json_object_get(file, "clamd");
    const char *address = json_string_value(value);
    if (value == NULL) {
        return true;
    }
    if (address == NULL || !clamd_address_is_good(address)) {
        return complain(why, "clamd: is neither the path of a socket nor 127.0.0.1:PORT");
    }
    memcpy(out->clamd, address, strlen(address) + 1);
    return true;
}

static bool providers_take(const json_t *file, struct settings *out, char why[WHY_BYTES])
{
    const json_t *list = json_object_get(file, "providers");
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count == 0 || count > ENRUM_PROVIDERS_MAX) {
        return complain(why, "providers: is not a list of 1 to 8 providers");
    }
    for (size_t i = 0; i < count; i++) {
        struct provider *provider = &out->providers[i];
        if (provider_of_json(json_array_get(list, i), provider, why) != ENRUM_OK) {
            return false;
        }
        if (settings_provider(out, slice_of_text(provider->id)) != NULL) {
            return complain(why, "providers: an id stands twice");
        }
        out->provider_count++;
    }
    return true;
}

enum enrum_err settings_of_json(const json_t *file, struct settings *out, char why[WHY_BYTES])
{
    static const char *const known[] = {"version",
                                        "units",
                                        "certificate_hours",
                                        "session_hours",
                                        "providers",
                                        "call_entry_seconds",
                                        "notices",
                                        "advice",
                                        "clamd",
                                        NULL};
    struct settings *settings = calloc(1, sizeof *settings);
    if (settings == NULL) {
        return ENRUM_MEMORY;
    }
    bool good = provider_keys_known(file, known, why);
    if (good && json_integer_value(json_object_get(file, "version")) != 1) {
        good = complain(why, "version: is not 1");
    }
    good = good && units_take(file, settings, why) && lives_take(file, settings, why) &&
           call_entry_take(file, settings, why) && advice_take(file, settings, why) &&
           clamd_take(file, settings, why) &&
           mail_settings_of_json(json_object_get(file, "notices"), &settings->mail, why) &&
           providers_take(file, settings, why);
    if (good) {
        *out = *settings;
    }
    settings_wipe(settings);
    free(settings);
    return good ? ENRUM_OK : ENRUM_CONFIG;
}

enum enrum_err settings_read(const char *path, struct settings *out, char why[WHY_BYTES])
{
    json_error_t problem;
    json_t *file = json_load_file(path, JSON_REJECT_DUPLICATES, &problem);
    if (file == NULL) {
        (void)snprintf(why, WHY_BYTES, "line %d: %.200s", problem.line, problem.text);
        return json_error_code(&problem) == json_error_cannot_open_file ? ENRUM_FILE_FAILED
                                                                        : ENRUM_CONFIG;
    }
    enum enrum_err err = settings_of_json(file, out, why);
    json_decref(file);
    return err;
}

void settings_wipe(struct settings *settings)
{
    explicit_bzero(settings, sizeof *settings);
}

const struct provider *settings_provider(const struct settings *settings, struct slice id)
{
    for (size_t i = 0; i < settings->provider_count; i++) {
        if (slice_equal(slice_of_text(settings->providers[i].id), id)) {
            return &settings->providers[i];
        }
    }
    return NULL;
}

const struct settings_life *settings_life(const struct settings *settings, uint64_t role,
                                          uint64_t level)
{
    if (level == 0) {
        return &settings->advice.life;
    }
    switch (role) {
    case ROLE_STAFF:
        return &settings->staff;
    case ROLE_GUEST:
        return &settings->guest;
    default:
        return &settings->citizen;
    }
}
