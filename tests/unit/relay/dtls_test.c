/* dtls_test -- the handshake with OpenSSL's own client on the other side. */
#include "relay/dtls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROUNDS_MAX = 50 };

/* The client reads and writes datagrams at one end of a pair of sockets, the test at the other. */
struct stage {
    struct dtls_identity relay, device;
    struct dtls dtls;
    SSL *client;
    SSL_CTX *context;
    int near, far;
    size_t sent, longest, taken;
    bool is_deaf; /* what the relay sends is lost */
};

static void send_on(void *context, struct slice datagram)
{
    struct stage *stage = context;
    stage->sent++;
    stage->longest = datagram.len > stage->longest ? datagram.len : stage->longest;
    if (!stage->is_deaf) {
        assert_int_equal(send(stage->near, datagram.at, datagram.len, 0), datagram.len);
    }
}

static void client_open(struct stage *stage, const char *profiles, bool has_certificate)
{
    stage->context = SSL_CTX_new(DTLS_client_method());
    if (has_certificate) {
        /* Any certificate does: another identity of the relay's kind lends its own. */
        SSL_CTX *lender = stage->device.context;
        assert_int_equal(SSL_CTX_use_certificate(stage->context, SSL_CTX_get0_certificate(lender)),
                         1);
        assert_int_equal(SSL_CTX_use_PrivateKey(stage->context, SSL_CTX_get0_privatekey(lender)),
                         1);
    }
    if (profiles != NULL) {
        assert_int_equal(SSL_CTX_set_tlsext_use_srtp(stage->context, profiles), 0);
    }
    SSL_CTX_set_options(stage->context, SSL_OP_NO_QUERY_MTU);
    stage->client = SSL_new(stage->context);
    SSL_set_bio(stage->client, BIO_new_socket(stage->far, BIO_NOCLOSE),
                BIO_new_socket(stage->far, BIO_NOCLOSE));
    SSL_set_connect_state(stage->client);
    SSL_set_mtu(stage->client, 1200);
}

static void stage_open(struct stage *stage, const char *profiles, bool has_certificate)
{
    int pair[2];
    *stage = (struct stage){.sent = 0};
    assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    stage->near = pair[0];
    stage->far = pair[1];
    assert_true(dtls_identity_init(&stage->relay));
    assert_true(dtls_identity_init(&stage->device));
    assert_true(dtls_open(&stage->dtls, &stage->relay, stage->device.fingerprint, send_on, stage));
    client_open(stage, profiles, has_certificate);
}

static void stage_close(struct stage *stage)
{
    dtls_close(&stage->dtls);
    SSL_free(stage->client);
    SSL_CTX_free(stage->context);
    dtls_identity_fini(&stage->relay);
    dtls_identity_fini(&stage->device);
    close(stage->near);
    close(stage->far);
    ERR_clear_error();
}

/* What waits goes to the relay. */
static void pass_on(struct stage *stage)
{
    uint8_t datagram[2048];
    ssize_t n;
    while ((n = recv(stage->near, datagram, sizeof datagram, 0)) > 0) {
        stage->taken++;
        dtls_take(&stage->dtls, slice_of(datagram, (size_t)n), 1000);
    }
}

static void shake_hands(struct stage *stage)
{
    for (int round = 0; round < ROUNDS_MAX && stage->dtls.state == DTLS_SHAKING; round++) {
        (void)SSL_do_handshake(stage->client);
        pass_on(stage);
    }
    (void)SSL_do_handshake(stage->client);
}

static void keys_are_the_same(struct stage *stage, size_t salt, enum srtp_profile profile)
{
    struct srtp_keys keys;
    uint8_t exported[60];
    static const char label[] = "EXTRACTOR-dtls_srtp";
    assert_true(dtls_keys(&stage->dtls, &keys));
    assert_int_equal(keys.profile, profile);
    assert_int_equal(SSL_export_keying_material(stage->client, exported, 32 + 2 * salt, label,
                                                sizeof label - 1, NULL, 0, 0),
                     1);
    assert_memory_equal(keys.in, exported, 16);
    assert_memory_equal(keys.in + 16, exported + 32, salt);
    assert_memory_equal(keys.out, exported + 16, 16);
    assert_memory_equal(keys.out + 16, exported + 32 + salt, salt);
}

static void both_sides_have_the_same_keys_and_gcm_comes_first(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM", true);
    shake_hands(&stage);
    assert_int_equal(stage.dtls.state, DTLS_OPEN);
    assert_true(SSL_is_init_finished(stage.client));
    assert_int_equal(SSL_version(stage.client), DTLS1_2_VERSION);
    assert_true(stage.longest <= DTLS_DATAGRAM_BYTES_MAX);
    keys_are_the_same(&stage, 12, SRTP_PROFILE_GCM);
    stage_close(&stage);
}

static void a_client_without_gcm_gets_the_other_profile(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, "SRTP_AES128_CM_SHA1_80", true);
    shake_hands(&stage);
    assert_int_equal(stage.dtls.state, DTLS_OPEN);
    keys_are_the_same(&stage, 14, SRTP_PROFILE_CM);
    stage_close(&stage);
}

static void a_client_hello_in_several_datagrams_is_taken(void **state)
{
    (void)state;
    struct stage stage;
    uint8_t protocols[1200];
    stage_open(&stage, "SRTP_AEAD_AES_128_GCM", true);
    memset(protocols, 'a', sizeof protocols);
    for (size_t at = 0; at < sizeof protocols; at += 120) {
        protocols[at] = 119;
    }
    assert_int_equal(SSL_set_alpn_protos(stage.client, protocols, sizeof protocols), 0);
    SSL_set_mtu(stage.client, 512);
    (void)SSL_do_handshake(stage.client);
    pass_on(&stage);
    assert_true(stage.taken > 2);
    shake_hands(&stage);
    assert_int_equal(stage.dtls.state, DTLS_OPEN);
    stage_close(&stage);
}

static void another_certificate_is_refused(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, "SRTP_AEAD_AES_128_GCM", true);
    stage.dtls.fingerprint[31] ^= 1;
    shake_hands(&stage);
    assert_int_equal(stage.dtls.state, DTLS_REFUSED);
    stage_close(&stage);
}

static void no_certificate_is_a_failure(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, "SRTP_AEAD_AES_128_GCM", false);
    shake_hands(&stage);
    assert_int_equal(stage.dtls.state, DTLS_FAILED);
    stage_close(&stage);
}

static void no_profile_gives_no_keys(void **state)
{
    (void)state;
    struct stage stage;
    struct srtp_keys keys;
    stage_open(&stage, NULL, true);
    shake_hands(&stage);
    assert_int_equal(stage.dtls.state, DTLS_OPEN);
    assert_false(dtls_keys(&stage.dtls, &keys));
    stage_close(&stage);
}

static void noise_changes_nothing(void **state)
{
    (void)state;
    struct stage stage;
    uint8_t noise[1500];
    stage_open(&stage, "SRTP_AEAD_AES_128_GCM", true);
    for (size_t len = 1; len <= sizeof noise; len += 13) {
        memset(noise, (int)len, len);
        noise[0] = (uint8_t)(20 + len % 44);
        dtls_take(&stage.dtls, slice_of(noise, len), 0);
    }
    assert_int_equal(stage.dtls.state, DTLS_SHAKING);
    assert_int_equal(stage.sent, 0);
    shake_hands(&stage);
    assert_int_equal(stage.dtls.state, DTLS_OPEN);
    stage_close(&stage);
}

static void what_was_lost_is_sent_again_when_it_is_due(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, "SRTP_AEAD_AES_128_GCM", true);
    stage.is_deaf = true;
    (void)SSL_do_handshake(stage.client);
    pass_on(&stage);
    size_t sent = stage.sent;
    assert_true(sent > 0);
    assert_true(stage.dtls.due_ms > 1000);
    dtls_step(&stage.dtls, 1000);
    assert_int_equal(stage.sent, sent);
    stage.is_deaf = false;
    /* OpenSSL looks at the clock itself. */
    for (int i = 0; i < 40 && stage.sent == sent; i++) {
        usleep(50000);
        dtls_step(&stage.dtls, stage.dtls.due_ms);
    }
    assert_true(stage.sent > sent);
    shake_hands(&stage);
    assert_int_equal(stage.dtls.state, DTLS_OPEN);
    stage_close(&stage);
}

static void goodbye_is_heard_and_said(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, "SRTP_AEAD_AES_128_GCM", true);
    shake_hands(&stage);
    (void)SSL_shutdown(stage.client);
    pass_on(&stage);
    assert_int_equal(stage.dtls.state, DTLS_CLOSED);
    stage_close(&stage);
    stage_open(&stage, "SRTP_AEAD_AES_128_GCM", true);
    shake_hands(&stage);
    dtls_close(&stage.dtls);
    uint8_t byte;
    int result = SSL_read(stage.client, &byte, 1);
    assert_int_equal(SSL_get_error(stage.client, result), SSL_ERROR_ZERO_RETURN);
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_have_the_same_keys_and_gcm_comes_first),
        cmocka_unit_test(a_client_without_gcm_gets_the_other_profile),
        cmocka_unit_test(a_client_hello_in_several_datagrams_is_taken),
        cmocka_unit_test(another_certificate_is_refused),
        cmocka_unit_test(no_certificate_is_a_failure),
        cmocka_unit_test(no_profile_gives_no_keys),
        cmocka_unit_test(noise_changes_nothing),
        cmocka_unit_test(what_was_lost_is_sent_again_when_it_is_due),
        cmocka_unit_test(goodbye_is_heard_and_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
