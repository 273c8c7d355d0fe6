/* tls -- see tls.h. */
#include "gate/tls.h"

#include "base/slog.h"

#include <openssl/err.h>

/* TLS 1.2 with forward secrecy and AEAD only; 1.3 has nothing else. The server's order counts, and
 * a device without AES in hardware says so by asking for ChaCha20 first. */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"
#define CIPHERS_13 "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"
#define GROUPS "X25519:P-256:P-384"

static const char *openssl_reason(void)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason != NULL ? reason : "";
}

bool tls_read(struct tls *tls)
{
    ERR_clear_error();
    SSL_CTX *fresh = SSL_CTX_new(TLS_server_method());
    const char *wrong = NULL;
    if (fresh == NULL || SSL_CTX_use_certificate_chain_file(fresh, tls->certificate) != 1) {
        wrong = tls->certificate;
    } else if (SSL_CTX_use_PrivateKey_file(fresh, tls->key, SSL_FILETYPE_PEM) != 1 ||
               SSL_CTX_check_private_key(fresh) != 1) {
        wrong = tls->key;
    }
    if (wrong != NULL) {
        slog(SLOG_ERROR, "certificate_refused", slog_str("file", wrong),
             slog_str("reason", openssl_reason()), slog_bool("old_stays", tls->held != NULL));
        ERR_clear_error();
        SSL_CTX_free(fresh);
        return false;
    }
    SSL_CTX_free(tls->held);
    tls->held = fresh;
    return true;
}

/* At each handshake, behind the client's first message. */
static int on_certificate(SSL *ssl, void *context)
{
    const struct tls *tls = context;
    STACK_OF(X509) *chain = NULL;
    SSL_certs_clear(ssl);
    return SSL_CTX_get0_chain_certs(tls->held, &chain) == 1 &&
           SSL_use_cert_and_key(ssl, SSL_CTX_get0_certificate(tls->held),
                                SSL_CTX_get0_privatekey(tls->held), chain, 1) == 1;
}

bool tls_dress(struct tls *tls, SSL_CTX *context)
{
    SSL_CTX_set_cert_cb(context, on_certificate, tls);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_PRIORITIZE_CHACHA);
    /* No session is taken up again: a ticket's key would open what was said under it. Measured, a
     * whole handshake costs a fifth more than a resumed one. */
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return SSL_CTX_set_num_tickets(context, 0) == 1 &&
           SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, CIPHERS) == 1 &&
           SSL_CTX_set_ciphersuites(context, CIPHERS_13) == 1 &&
           SSL_CTX_set1_groups_list(context, GROUPS) == 1;
}

void tls_fini(struct tls *tls)
{
    SSL_CTX_free(tls->held);
    tls->held = NULL;
}
