/* hkdf -- HKDF-SHA256 (RFC 5869) by OpenSSL, whole and in its two steps. Inside protocol/ only. */
#pragma once

#include "protocol/suite.h"

enum hkdf_step { HKDF_BOTH, HKDF_EXTRACT, HKDF_EXPAND };

/* Once, before the first. False: OpenSSL has none. */
bool hkdf_init(void);
/* Salt is of EXTRACT and BOTH, info of EXPAND and BOTH; the other is not looked at. Errors:
 * MEMORY. */
enum enrum_err hkdf_run(enum hkdf_step step, struct slice key, struct slice salt, struct slice info,
                        uint8_t *out, size_t len);
