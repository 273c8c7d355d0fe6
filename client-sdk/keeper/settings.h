/* settings -- a keeper's configuration (config.json in its home): units, lifetimes, providers.
 * Every key is checked, and an unknown one refused: a misspelt limit must not be a missing one. */
#pragma once

#include "clamd.h"
#include "mail.h"
#include "provider.h"

enum { SETTINGS_UNITS_MAX = 16 };

/* How long things last for one role. */
struct settings_life {
    uint64_t certificate_ms; /* a certificate */
    uint64_t session_ms;     /* renewals of it, since the last login with the e-ID */
};

/* Advice to people who do not log in. */
struct settings_advice {
    bool is_on;
    uint64_t per_minute; /* new persons, on the whole board */
    struct settings_life life;
};

struct settings {
    size_t unit_count, provider_count;
    char units[SETTINGS_UNITS_MAX][ENRUM_TEXT_MAX];
    struct settings_life citizen, staff, guest;
    uint64_t call_entry_ms; /* a client has so long to write a call's entry; then the keeper does */
    struct mail_settings mail;
    struct settings_advice advice;
    char clamd[CLAMD_ADDRESS_MAX]; /* empty: files are not scanned */
    struct provider providers[ENRUM_PROVIDERS_MAX];
};

/* On failure `why` says what is wrong. Errors: FILE_FAILED, CONFIG, MEMORY. */
enum enrum_err settings_read(const char *path, struct settings *out, char why[WHY_BYTES]);
enum enrum_err settings_of_json(const json_t *file, struct settings *out, char why[WHY_BYTES]);
/* The client secrets among it. */
void settings_wipe(struct settings *settings);
/* NULL when there is none of this id. */
const struct provider *settings_provider(const struct settings *settings, struct slice id);
/* Of a login of this level: 0 is somebody whom nobody knows. */
const struct settings_life *settings_life(const struct settings *settings, uint64_t role,
                                          uint64_t level);
