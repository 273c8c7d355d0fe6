/* mediadevice -- see mediadevice.h. */
#include "mediadevice.h"

#include "../../unit/relay/binding.h"

#include "base/check.h"

#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

enum {
    CHECKS_MAX = 100,
    CHECK_AGAIN_MS = 50,
    KEY_BYTES = 16,
    SALT_BYTES = 12,
    WAIT_S = 5,
    SOCKET_BYTES = 8 * 1024 * 1024
};

static int take_any(int is_fine, X509_STORE_CTX *store)
{
    (void)is_fine;
    (void)store;
    return 1;
}

bool mediapass_init(struct mediapass *pass)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    pass->context = SSL_CTX_new(DTLS_client_method());
    CHECK(key != NULL && certificate != NULL && pass->context != NULL);
    SSL_CTX_set_verify(pass->context, SSL_VERIFY_PEER, take_any);
    SSL_CTX_set_options(pass->context, SSL_OP_NO_QUERY_MTU);
    return X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), 86400) != NULL &&
           X509_set_pubkey(certificate, key) == 1 &&
           X509_sign(certificate, key, EVP_sha256()) != 0 &&
           X509_digest(certificate, EVP_sha256(), pass->fingerprint, NULL) == 1 &&
           SSL_CTX_use_certificate(pass->context, certificate) == 1 &&
           SSL_CTX_use_PrivateKey(pass->context, key) == 1 &&
           SSL_CTX_set_tlsext_use_srtp(pass->context, "SRTP_AEAD_AES_128_GCM") == 0;
}

static int socket_open(uint16_t port)
{
    const struct sockaddr_in relay = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timeval wait = {.tv_sec = WAIT_S};
    int bytes = SOCKET_BYTES, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0 && connect(fd, (const struct sockaddr *)&relay, sizeof relay) == 0);
    CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0);
    /* The receiver is to be no bottleneck of its own; only root may have that much. */
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    }
    return fd;
}

/* Sent again while it is not answered, as ICE does. */
static bool check(int fd, const char *username, const char *password)
{
    uint8_t bytes[BINDING_BYTES_MAX], answer[BINDING_BYTES_MAX];
    struct pollfd waiting = {.fd = fd, .events = POLLIN};
    struct binding binding = binding_fine(username, password);
    binding.has_use_candidate = true;
    size_t len = binding_make(&binding, bytes);
    for (int tries = 0; tries < CHECKS_MAX; tries++) {
        if (send(fd, bytes, len, 0) == (ssize_t)len && poll(&waiting, 1, CHECK_AGAIN_MS) == 1) {
            ssize_t n = recv(fd, answer, sizeof answer, 0);
            return n > 20 && answer[0] == 1 && answer[1] == 1;
        }
    }
    return false;
}

static srtp_t context_make(const uint8_t *key, const uint8_t *salt, srtp_ssrc_type_t direction)
{
    uint8_t master[KEY_BYTES + SALT_BYTES];
    srtp_policy_t policy = {.ssrc = {.type = direction}, .key = master, .window_size = 1024};
    srtp_t made = NULL;
    memcpy(master, key, KEY_BYTES);
    memcpy(master + KEY_BYTES, salt, SALT_BYTES);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    CHECK(srtp_create(&made, &policy) == srtp_err_status_ok);
    return made;
}

bool mediadevice_join(struct mediadevice *device, const struct mediapass *pass, uint16_t port,
                      const char *username, const char *password)
{
    static const char label[] = "EXTRACTOR-dtls_srtp";
    uint8_t keys[2 * (KEY_BYTES + SALT_BYTES)];
    device->fd = socket_open(port);
    if (!check(device->fd, username, password)) {
        return false;
    }
    device->ssl = SSL_new(pass->context);
    BIO *bio = BIO_new_dgram(device->fd, BIO_NOCLOSE);
    const struct sockaddr_in relay = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    (void)BIO_ctrl(bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, (void *)&relay);
    SSL_set_bio(device->ssl, bio, bio);
    SSL_set_mtu(device->ssl, 1200);
    if (SSL_connect(device->ssl) != 1 ||
        SSL_export_keying_material(device->ssl, keys, sizeof keys, label, sizeof label - 1, NULL, 0,
                                   0) != 1) {
        return false;
    }
    device->out = context_make(keys, keys + 2 * KEY_BYTES, ssrc_any_outbound);
    device->in = context_make(keys + KEY_BYTES, keys + 2 * KEY_BYTES + SALT_BYTES,
                              ssrc_any_inbound);
    return true;
}
