/* dtls -- see dtls.h. */
#include "relay/dtls.h"

#include "base/check.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <sys/time.h>

/* 1.2 with forward secrecy and AEAD only; OpenSSL 3.0 has no DTLS 1.3. */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"
#define GROUPS "X25519:P-256"
/* GCM first: it is the cheaper one by far, and what both browsers take. */
#define PROFILES "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"

static const char EXPORT_LABEL[] = "EXTRACTOR-dtls_srtp"; /* RFC 5764, 4.2 */

enum {
    KEY_BYTES = 16,
    SALT_BYTES_GCM = 12,
    SALT_BYTES_CM = 14,
    SERIAL_BYTES = 16,
    DAY_SECONDS = 24 * 60 * 60,
    VALID_DAYS = 3650, /* nobody looks: the fingerprint alone counts */
    UDP_OVERHEAD_BYTES = 28,
};

/* -- The way out: one write is one datagram -- */

static int way_out_write(BIO *bio, const char *bytes, int len)
{
    struct dtls *dtls = BIO_get_data(bio);
    if (len <= 0) {
        return 0;
    }
    dtls->send(dtls->context, slice_of(bytes, (size_t)len));
    return len;
}

static long way_out_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
        return DTLS_DATAGRAM_BYTES_MAX;
    case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD:
        return UDP_OVERHEAD_BYTES;
    default:
        return 0;
    }
}

static int way_out_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

static BIO_METHOD *way_out_new(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams");
    if (method != NULL) {
        BIO_meth_set_write(method, way_out_write);
        BIO_meth_set_ctrl(method, way_out_control);
        BIO_meth_set_create(method, way_out_create);
    }
    return method;
}

/* -- The certificate -- */

static bool name_set(X509 *certificate)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"relay", -1,
                                      -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1;
}

static bool serial_set(X509 *certificate)
{
    uint8_t bytes[SERIAL_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool good = number != NULL &&
                BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return good;
}

static bool certificate_fill(X509 *certificate, EVP_PKEY *key)
{
    return X509_set_version(certificate, X509_VERSION_3) == 1 && serial_set(certificate) &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY_SECONDS) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), (long)VALID_DAYS * DAY_SECONDS) !=
               NULL &&
           X509_set_pubkey(certificate, key) == 1 && name_set(certificate) &&
           X509_sign(certificate, key, EVP_sha256()) != 0;
}

static bool certificate_use(SSL_CTX *context, uint8_t fingerprint[DTLS_FINGERPRINT_BYTES])
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    bool good = key != NULL && certificate != NULL && certificate_fill(certificate, key) &&
                X509_digest(certificate, EVP_sha256(), fingerprint, NULL) == 1 &&
                SSL_CTX_use_certificate(context, certificate) == 1 &&
                SSL_CTX_use_PrivateKey(context, key) == 1;
    X509_free(certificate);
    EVP_PKEY_free(key);
    return good;
}

/* Nobody has signed a device's certificate: it is judged when the handshake has ended, by its
 * fingerprint. */
static int certificate_take(int is_fine, X509_STORE_CTX *store)
{
    (void)is_fine;
    (void)store;
    return 1;
}

static bool context_dress(SSL_CTX *context)
{
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_NO_TICKET | SSL_OP_NO_QUERY_MTU |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE);
    (void)SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       certificate_take);
    return SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, CIPHERS) == 1 &&
           SSL_CTX_set1_groups_list(context, GROUPS) == 1 &&
           SSL_CTX_set_tlsext_use_srtp(context, PROFILES) == 0; /* its 0 is success */
}

bool dtls_identity_init(struct dtls_identity *identity)
{
    struct dtls_identity made = {.context = SSL_CTX_new(DTLS_server_method()),
                                 .way_out = way_out_new()};
    if (made.context == NULL || made.way_out == NULL || !context_dress(made.context) ||
        !certificate_use(made.context, made.fingerprint)) {
        dtls_identity_fini(&made);
        ERR_clear_error();
        return false;
    }
    *identity = made;
    return true;
}

void dtls_identity_fini(struct dtls_identity *identity)
{
    SSL_CTX_free(identity->context);
    BIO_meth_free(identity->way_out);
    *identity = (struct dtls_identity){0};
}

/* -- One leg's handshake -- */

bool dtls_open(struct dtls *dtls, const struct dtls_identity *identity,
               const uint8_t fingerprint[DTLS_FINGERPRINT_BYTES], dtls_send *send, void *context)
{
    SSL *ssl = SSL_new(identity->context);
    BIO *in = BIO_new(BIO_s_mem());
    BIO *out = BIO_new(identity->way_out);
    if (ssl == NULL || in == NULL || out == NULL) {
        SSL_free(ssl);
        BIO_free(in);
        BIO_free(out);
        ERR_clear_error();
        return false;
    }
    /* Empty is "later", not the end. */
    BIO_set_mem_eof_return(in, -1);
    BIO_set_data(out, dtls);
    SSL_set_bio(ssl, in, out);
    SSL_set_accept_state(ssl);
    SSL_set_mtu(ssl, DTLS_DATAGRAM_BYTES_MAX);
    DTLS_set_link_mtu(ssl, DTLS_DATAGRAM_BYTES_MAX + UDP_OVERHEAD_BYTES);
    *dtls = (struct dtls){.ssl = ssl, .in = in, .send = send, .context = context};
    memcpy(dtls->fingerprint, fingerprint, DTLS_FINGERPRINT_BYTES);
    return true;
}

void dtls_close(struct dtls *dtls)
{
    if (dtls->ssl != NULL && dtls->state == DTLS_OPEN) {
        ERR_clear_error();
        (void)SSL_shutdown(dtls->ssl);
    }
    SSL_free(dtls->ssl);
    *dtls = (struct dtls){.state = DTLS_CLOSED};
}

static void due_set(struct dtls *dtls, uint64_t now_ms)
{
    struct timeval left;
    dtls->due_ms = 0;
    if (dtls->state == DTLS_SHAKING && DTLSv1_get_timeout(dtls->ssl, &left) == 1) {
        /* A millisecond more, so that OpenSSL's clock agrees that it is time. */
        dtls->due_ms = now_ms + (uint64_t)left.tv_sec * 1000 + (uint64_t)left.tv_usec / 1000 + 1;
    }
}

static bool is_announced(const struct dtls *dtls)
{
    uint8_t fingerprint[DTLS_FINGERPRINT_BYTES];
    X509 *certificate = SSL_get0_peer_certificate(dtls->ssl);
    return certificate != NULL && X509_digest(certificate, EVP_sha256(), fingerprint, NULL) == 1 &&
           sodium_memcmp(fingerprint, dtls->fingerprint, DTLS_FINGERPRINT_BYTES) == 0;
}

static bool is_later(const struct dtls *dtls, int result)
{
    int why = SSL_get_error(dtls->ssl, result);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
}

static void shake(struct dtls *dtls)
{
    int result = SSL_do_handshake(dtls->ssl);
    if (result == 1) {
        dtls->state = is_announced(dtls) ? DTLS_OPEN : DTLS_REFUSED;
    } else if (!is_later(dtls, result)) {
        dtls->state = DTLS_FAILED;
    }
}

/* Nothing is said over DTLS: what comes is a repeated end of the handshake, or a goodbye. */
static void listen_on(struct dtls *dtls)
{
    uint8_t dropped[256];
    int result;
    do {
        result = SSL_read(dtls->ssl, dropped, sizeof dropped);
    } while (result > 0);
    if (SSL_get_error(dtls->ssl, result) == SSL_ERROR_ZERO_RETURN) {
        dtls->state = DTLS_CLOSED;
    }
}

void dtls_take(struct dtls *dtls, struct slice datagram, uint64_t now_ms)
{
    if (dtls->state != DTLS_SHAKING && dtls->state != DTLS_OPEN) {
        return;
    }
    ERR_clear_error();
    /* What OpenSSL left of the last datagram must not join this one. */
    (void)BIO_reset(dtls->in);
    if (BIO_write(dtls->in, datagram.at, (int)datagram.len) != (int)datagram.len) {
        return; /* no memory: as if it had been lost on the way */
    }
    if (dtls->state == DTLS_SHAKING) {
        shake(dtls);
    } else {
        listen_on(dtls);
    }
    due_set(dtls, now_ms);
}

void dtls_step(struct dtls *dtls, uint64_t now_ms)
{
    if (dtls->state != DTLS_SHAKING || dtls->due_ms == 0 || now_ms < dtls->due_ms) {
        return;
    }
    ERR_clear_error();
    if (DTLSv1_handle_timeout(dtls->ssl) < 0) {
        dtls->state = DTLS_FAILED;
    }
    due_set(dtls, now_ms);
}

/* -- Keys: client's key, server's key, client's salt, server's salt (RFC 5764, 4.2) -- */

static void master_set(uint8_t out[SRTP_MASTER_BYTES_MAX], const uint8_t *key, const uint8_t *salt,
                       size_t salt_len)
{
    memcpy(out, key, KEY_BYTES);
    memcpy(out + KEY_BYTES, salt, salt_len);
}

bool dtls_keys(struct dtls *dtls, struct srtp_keys *keys)
{
    CHECK(dtls->state == DTLS_OPEN);
    uint8_t exported[2 * (KEY_BYTES + SALT_BYTES_CM)];
    ERR_clear_error();
    const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(dtls->ssl);
    if (profile == NULL) {
        return false;
    }
    bool is_gcm = profile->id == SRTP_AEAD_AES_128_GCM;
    size_t salt = is_gcm ? SALT_BYTES_GCM : SALT_BYTES_CM;
    bool good = SSL_export_keying_material(dtls->ssl, exported, 2 * (KEY_BYTES + salt),
                                           EXPORT_LABEL, sizeof EXPORT_LABEL - 1, NULL, 0, 0) == 1;
    if (good) {
        *keys = (struct srtp_keys){.profile = is_gcm ? SRTP_PROFILE_GCM : SRTP_PROFILE_CM};
        master_set(keys->in, exported, exported + 2 * KEY_BYTES, salt);
        master_set(keys->out, exported + KEY_BYTES, exported + 2 * KEY_BYTES + salt, salt);
    }
    sodium_memzero(exported, sizeof exported);
    return good;
}
