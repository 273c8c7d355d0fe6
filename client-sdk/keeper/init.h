/* init -- makes a board: root, keeper's keys and certificate, secret, board.json, configuration;
 * and renews the keeper's certificate. Runs by itself, never beside a running keeper. */
#pragma once

#include "settings.h"

struct init_options {
    const char *home, *root_file, *passphrase_file, *name, *host_url, *host_key;
    const char *board_json, *telephone, *colours;
    const char *advice;  /* persons who are nobody, in a minute; NULL: none */
    const char *notices; /* a file: the configuration's member; NULL: none */
    size_t provider_count, unit_count;
    const char *providers[ENRUM_PROVIDERS_MAX]; /* files */
    const char *units[SETTINGS_UNITS_MAX];
};

/* Says on standard error what went wrong. Never overwrites: CONFIG when the home or the root file
 * is there already. Errors: CONFIG, FILE_FAILED, PROVIDER_UNREACHABLE, USAGE, MEMORY. */
enum enrum_err init_board(const struct init_options *options);
/* Another two years for the same keys. Errors: FILE_FAILED, CERTIFICATE_OTHER_BOARD.
 */
enum enrum_err init_renew(const char *home, const char *root_file, const char *passphrase_file);
