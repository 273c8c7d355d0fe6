/* dtls -- the handshake of one leg: DTLS 1.2, the relay as server, and the keys that come of it.
 * Datagrams in, datagrams out by a function of the caller. Knows no sockets and no SRTP.
 * Thread: the worker that owns the leg.
 *
 * There is no cookie exchange: OpenSSL's refuses a ClientHello in several datagrams, as browsers
 * send it. The cookie is the authentic binding request that the caller must have seen from an
 * address before it passes on a datagram from there.
 *
 *   SHAKING --[finished, the certificate is the announced one]--> OPEN --[close_notify]--> CLOSED
 *      |-----[finished, it is another one]---> REFUSED
 *      '-----[anything fails]----------------> FAILED
 *   SHAKING: no keys. OPEN: keys can be taken. The rest are final: no keys, nothing is sent. */
#pragma once

#include "base/slice.h"
#include "relay/srtp.h"

#include <openssl/types.h>

enum { DTLS_FINGERPRINT_BYTES = 32, DTLS_DATAGRAM_BYTES_MAX = 1200 };

/* The relay's certificate, made anew at each start: only its fingerprint, which travels through the
 * signalling, says whose it is. */
struct dtls_identity {
    SSL_CTX *context;
    struct bio_method_st *way_out;
    uint8_t fingerprint[DTLS_FINGERPRINT_BYTES]; /* SHA-256 of the certificate */
};

enum dtls_state { DTLS_SHAKING, DTLS_OPEN, DTLS_REFUSED, DTLS_FAILED, DTLS_CLOSED };

typedef void dtls_send(void *context, struct slice datagram);

/* Must not move once opened. */
struct dtls {
    SSL *ssl;
    BIO *in; /* the SSL's */
    enum dtls_state state;
    uint8_t fingerprint[DTLS_FINGERPRINT_BYTES]; /* announced by the other side */
    uint64_t due_ms;                             /* of a resend; 0: nothing waits */
    dtls_send *send;
    void *context;
};

/* False: no memory. May be shared by all workers. */
bool dtls_identity_init(struct dtls_identity *identity);
void dtls_identity_fini(struct dtls_identity *identity);

/* False: no memory. */
bool dtls_open(struct dtls *dtls, const struct dtls_identity *identity,
               const uint8_t fingerprint[DTLS_FINGERPRINT_BYTES], dtls_send *send, void *context);
/* Says goodbye if there is somebody who would understand it. May be called twice. */
void dtls_close(struct dtls *dtls);
void dtls_take(struct dtls *dtls, struct slice datagram, uint64_t now_ms);
/* At due_ms or later. */
void dtls_step(struct dtls *dtls, uint64_t now_ms);
/* In DTLS_OPEN. False: the other side chose no SRTP profile, or OpenSSL fails. */
bool dtls_keys(struct dtls *dtls, struct srtp_keys *keys);
