/* run -- the keeper as a program: opens its home, works until it is told to end. */
#pragma once

#include "enrum.h"

struct run_options {
    const char *home, *passphrase_file, *ca_file;
};

/* Returns when SIGTERM or SIGINT has come. Errors (said in the log): FILE_FAILED, CONFIG,
 * CERTIFICATE_*, those of enrum_open. */
enum enrum_err run_keeper(const struct run_options *options);
