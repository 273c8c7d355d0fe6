/* tls -- the host's certificate, read again while connections stay, and what of TLS is spoken.
 * Knows no connections: OpenSSL asks it for the certificate at each handshake. Thread: the loop. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>

struct tls {
    const char *certificate, *key; /* files; borrowed */
    SSL_CTX *held;                 /* speaks with nobody: holds a certificate, its chain and key */
};

/* Reads both files. False: they do not fit, said in the log, and what was held stays. */
bool tls_read(struct tls *tls);
/* Makes this context speak TLS as we do, with what `tls` holds at each handshake; `tls` does not
 * move and outlives it. */
bool tls_dress(struct tls *tls, SSL_CTX *context);
void tls_fini(struct tls *tls);
