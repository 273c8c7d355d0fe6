/* oidcfetch -- one HTTP request to an e-ID provider, within limits: 10 s, 256 KiB, certificates
 * verified, no redirects, https (or http at a loopback address). Any thread. */
#pragma once

#include "provider.h"

enum { OIDCFETCH_BYTES_MAX = 256 * 1024, OIDCFETCH_SECONDS_MAX = 10 };

/* Before any thread; false when the library does not start. */
bool oidcfetch_init(void);
void oidcfetch_fini(void);

/* The body, with a zero byte behind it, into `out`. ca_file may be empty. Errors:
 * PROVIDER_UNREACHABLE (also for an answer other than 200). */
enum enrum_err oidcfetch_get(const char *url, const char *ca_file, struct buffer *out);

/* Redeems an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5) with client_secret_basic. Errors:
 * PROVIDER_UNREACHABLE, CODE_REFUSED (answers 400 to 499). */
struct oidcfetch_code {
    const char *endpoint, *code, *verifier, *redirect;
};
enum enrum_err oidcfetch_redeem(const struct provider *provider, const struct oidcfetch_code *code,
                                struct buffer *out);
