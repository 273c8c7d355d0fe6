/* mediadevice -- see mediadevice.h. */
#include "mediadevice.h"

#include "../../unit/relay/binding.h"

#include "base/check.h"
#include "relay/stun.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

enum {
    PATIENCE_MS = 5000,
    AGAIN_MS = 50,
    KEY_BYTES = 16,
    SALT_BYTES = 12,
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

static int socket_open(const struct sockaddr_in *relay)
{
    int bytes = SOCKET_BYTES, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0 && connect(fd, (const struct sockaddr *)relay, sizeof *relay) == 0);
    /* The receiver is to be no bottleneck of its own; only root may have that much. */
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    }
    return fd;
}

/* -- Joining -- */

static uint64_t now_ms(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* A check of the way back, as libnice sends it though its agent is a lite one, is answered. */
static void check_answer(const struct mediadevice *device, const struct stun_request *request)
{
    uint8_t bytes[STUN_ANSWER_BYTES_MAX];
    struct stun_address mapped = {.port = ntohs(device->relay.sin_port)};
    memcpy(mapped.ip, &device->relay.sin_addr, sizeof device->relay.sin_addr);
    size_t len = stun_success(request, &mapped, slice_of_text(MEDIADEVICE_PASSWORD), bytes);
    (void)send(device->fd, bytes, len, 0);
}

/* One datagram goes where it belongs. False: none came in time. */
static bool datagram_take(struct mediadevice *device, int wait_ms)
{
    uint8_t bytes[2048];
    struct stun_request request;
    struct pollfd waiting = {.fd = device->fd, .events = POLLIN};
    if (poll(&waiting, 1, wait_ms) != 1) {
        return false;
    }
    ssize_t n = recv(device->fd, bytes, sizeof bytes, 0);
    struct slice datagram = slice_of(bytes, n > 0 ? (size_t)n : 0);
    if (stun_parse(datagram, &request)) {
        check_answer(device, &request);
    } else if (stun_is_stun(datagram)) {
        device->is_reached |= bytes[0] == 1 && bytes[1] == 1;
    } else if (datagram.len > 0) {
        CHECK(BIO_write(SSL_get_rbio(device->ssl), bytes, (int)n) == (int)n);
    }
    return true;
}

/* Sent again while it is not answered, as ICE does. */
static bool reach(struct mediadevice *device, const char *username, const char *password)
{
    uint8_t bytes[BINDING_BYTES_MAX];
    struct binding binding = binding_fine(username, password);
    binding.has_use_candidate = true;
    size_t len = binding_make(&binding, bytes);
    uint64_t end = now_ms() + PATIENCE_MS;
    while (!device->is_reached && now_ms() < end) {
        if (send(device->fd, bytes, len, 0) == (ssize_t)len) {
            (void)datagram_take(device, AGAIN_MS);
        }
    }
    return device->is_reached;
}

/* A flight is sent again as soon as a browser would: OpenSSL by itself waits for a second. */
static unsigned flight_again(SSL *ssl, unsigned before_us)
{
    (void)ssl;
    return before_us == 0 ? AGAIN_MS * 1000 : 2 * before_us;
}

static void dtls_open(struct mediadevice *device, const struct mediapass *pass)
{
    device->ssl = SSL_new(pass->context);
    BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new_dgram(device->fd, BIO_NOCLOSE);
    CHECK(device->ssl != NULL && in != NULL && out != NULL);
    BIO_set_mem_eof_return(in, -1);
    (void)BIO_ctrl(out, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &device->relay);
    SSL_set_bio(device->ssl, in, out);
    SSL_set_mtu(device->ssl, 1200);
    DTLS_set_timer_cb(device->ssl, flight_again);
}

static bool handshake(struct mediadevice *device)
{
    uint64_t end = now_ms() + PATIENCE_MS;
    int n;
    while ((n = SSL_connect(device->ssl)) != 1) {
        if (SSL_get_error(device->ssl, n) != SSL_ERROR_WANT_READ || now_ms() > end) {
            return false;
        }
        struct timeval left = {.tv_usec = AGAIN_MS * 1000};
        (void)DTLSv1_get_timeout(device->ssl, &left);
        if (!datagram_take(device, (int)(left.tv_sec * 1000 + left.tv_usec / 1000 + 1))) {
            (void)DTLSv1_handle_timeout(device->ssl);
        }
    }
    return true;
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

bool mediadevice_join(struct mediadevice *device, const struct mediapass *pass,
                      const struct sockaddr_in *relay, const char *username, const char *password)
{
    static const char label[] = "EXTRACTOR-dtls_srtp";
    uint8_t keys[2 * (KEY_BYTES + SALT_BYTES)];
    *device = (struct mediadevice){.fd = socket_open(relay), .relay = *relay};
    dtls_open(device, pass);
    if (!reach(device, username, password) || !handshake(device) ||
        SSL_export_keying_material(device->ssl, keys, sizeof keys, label, sizeof label - 1, NULL, 0,
                                   0) != 1) {
        return false;
    }
    device->profile = SSL_get_selected_srtp_profile(device->ssl)->name;
    device->out = context_make(keys, keys + 2 * KEY_BYTES, ssrc_any_outbound);
    device->in = context_make(keys + KEY_BYTES, keys + 2 * KEY_BYTES + SALT_BYTES,
                              ssrc_any_inbound);
    return true;
}
