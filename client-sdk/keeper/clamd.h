/* clamd -- asks ClamAV's daemon, on this machine, what it says of a file: INSTREAM, as clamd(8) has
 * it. Holds its thread up: scanner calls it on its own. */
#pragma once

#include "enrum.h"

enum { CLAMD_ADDRESS_MAX = 108, CLAMD_SECONDS_MAX = 120 };

/* An absolute path of a socket, or a port of 127.0.0.1: what is scanned never leaves the machine.
 */
bool clamd_address_is_good(const char *address);

enum clamd_verdict {
    CLAMD_CLEAN,
    CLAMD_FOUND, /* name: what */
    CLAMD_NOT,   /* it cannot scan this one; name: why */
    CLAMD_AWAY,  /* no answer: another time */
};

struct clamd_result {
    enum clamd_verdict verdict;
    char name[NAME_BYTES_MAX + 1], scanner[NAME_BYTES_MAX + 1];
};

void clamd_scan(const char *address, struct slice file, struct clamd_result *out);
/* What an answer to INSTREAM means; exposed for tests. Leaves `scanner` as it is. */
void clamd_answer_read(const char *answer, struct clamd_result *out);
