/* What enrumd speaks of TLS, and a certificate that changes while connections stay: from outside,
 * with OpenSSL as the client. */
#include "stage.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static struct stage *stage;
static char folder[] = "/tmp/enrum-tls-XXXXXX";
static char certificate[64], key[64];

/* -- Files -- */

static const char *path_in(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void program_run(char *const words[])
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        freopen("/dev/null", "w", stderr);
        execvp(words[0], words);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* NAME.pem and NAME.key, a certificate for NAME. */
static void certificate_make(const char *name, const char *kind)
{
    char pem[128], secret[128], subject[64];
    snprintf(pem, sizeof pem, "%s/%s.pem", folder, name);
    snprintf(secret, sizeof secret, "%s/%s.key", folder, name);
    snprintf(subject, sizeof subject, "/CN=%s", name);
    program_run(
        (char *[]){"openssl", "req", "-x509", "-newkey", (char *)(uintptr_t)kind, "-pkeyopt",
                   strcmp(kind, "ec") == 0 ? "ec_paramgen_curve:P-256" : "rsa_keygen_bits:2048",
                   "-nodes", "-days", "2", "-subj", subject, "-out", pem, "-keyout", secret, NULL});
}

static void file_copy(const char *from, const char *to)
{
    char bytes[8192];
    FILE *in = fopen(path_in(from), "r");
    assert_non_null(in);
    size_t len = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    FILE *out = fopen(to, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, len, out), len);
    assert_int_equal(fclose(out), 0);
}

static int setup(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    certificate_make("first", "ec");
    certificate_make("second", "ec");
    certificate_make("third", "rsa");
    snprintf(certificate, sizeof certificate, "%s/server.pem", folder);
    snprintf(key, sizeof key, "%s/server.key", folder);
    file_copy("first.pem", certificate);
    file_copy("first.key", key);
    stage = stage_start_with(&(struct stage_wish){.certificate = certificate,
                                                  .key = key,
                                                  .metrics = "127.0.0.1:0",
                                                  .limits = "\"request_s\":2"});
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    stage_end();
    program_run((char *[]){"rm", "-rf", folder, NULL});
    return 0;
}

/* -- A client -- */

struct client {
    int fd;
    SSL_CTX *context;
    SSL *ssl;
};

static void client_new(struct client *client)
{
    client->fd = stage_connect();
    client->context = SSL_CTX_new(TLS_client_method());
    client->ssl = SSL_new(client->context);
    assert_non_null(client->ssl);
    assert_int_equal(SSL_set_fd(client->ssl, client->fd), 1);
    /* What the host must refuse, the client must not have refused before it. */
    SSL_set_security_level(client->ssl, 0);
}

static void client_free(struct client *client)
{
    SSL_free(client->ssl);
    SSL_CTX_free(client->context);
    close(client->fd);
    ERR_clear_error();
}

static bool client_connect(struct client *client)
{
    client_new(client);
    return SSL_connect(client->ssl) == 1;
}

/* The name in the certificate that a new connection gets. */
static const char *name_served(void)
{
    static char name[64];
    struct client client;
    assert_true(client_connect(&client));
    X509 *got = SSL_get1_peer_certificate(client.ssl);
    assert_non_null(got);
    X509_NAME_get_text_by_NID(X509_get_subject_name(got), NID_commonName, name, sizeof name);
    X509_free(got);
    client_free(&client);
    return name;
}

static const char *asked(struct client *client, const char *request)
{
    static char answer[4096];
    assert_int_equal(SSL_write(client->ssl, request, (int)strlen(request)), strlen(request));
    int len = SSL_read(client->ssl, answer, sizeof answer - 1);
    answer[len > 0 ? len : 0] = '\0';
    return answer;
}

static void websocket_open(struct client *client)
{
    assert_true(client_connect(client));
    assert_non_null(strstr(asked(client, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                         "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                                         "Sec-WebSocket-Version: 13\r\n"
                                         "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                                         "Sec-WebSocket-Protocol: enrum.1\r\n\r\n"),
                           " 101 "));
}

/* A ping of the WebSocket is answered. */
static bool websocket_lives(struct client *client)
{
    static const uint8_t ping[] = {0x89, 0x82, 0, 0, 0, 0, 'h', 'i'};
    uint8_t pong[4] = {0};
    return SSL_write(client->ssl, ping, sizeof ping) == sizeof ping &&
           SSL_read(client->ssl, pong, sizeof pong) == sizeof pong && pong[0] == 0x8a &&
           pong[2] == 'h' && pong[3] == 'i';
}

/* Lets the host see the files, and waits until it says so. */
static void reload(const char *said)
{
    const struct timespec step = {.tv_nsec = 20000000};
    size_t before = strlen(stage_log());
    stage_signal(SIGHUP);
    for (int i = 0; i < 500 && strstr(stage_log() + before, said) == NULL; i++) {
        nanosleep(&step, NULL);
    }
    assert_non_null(strstr(stage_log() + before, said));
}

/* -- The certificate -- */

static void new_connections_get_the_new_certificate_and_old_ones_stay(void **state)
{
    (void)state;
    struct client old;
    websocket_open(&old);
    assert_string_equal(name_served(), "first");
    file_copy("second.pem", certificate);
    file_copy("second.key", key);
    assert_string_equal(name_served(), "first");
    reload("event=certificate_read");
    assert_string_equal(name_served(), "second");
    assert_true(websocket_lives(&old));
    client_free(&old);
}

static void a_key_of_another_kind_replaces_the_old_one(void **state)
{
    (void)state;
    file_copy("third.pem", certificate);
    file_copy("third.key", key);
    reload("event=certificate_read");
    assert_string_equal(name_served(), "third");
    file_copy("second.pem", certificate);
    file_copy("second.key", key);
    reload("event=certificate_read");
    assert_string_equal(name_served(), "second");
}

static void a_file_that_is_wrong_is_refused_and_the_old_certificate_stays(void **state)
{
    (void)state;
    struct client old;
    const char *before = name_served();
    char name[64];
    snprintf(name, sizeof name, "%s", before);
    websocket_open(&old);
    file_copy("first.pem", certificate); /* beside the key of another */
    reload("event=certificate_refused");
    assert_string_equal(name_served(), name);
    file_copy("first.key", certificate); /* no certificate */
    reload("event=certificate_refused");
    assert_string_equal(name_served(), name);
    assert_int_equal(unlink(certificate), 0);
    reload("event=certificate_refused");
    assert_string_equal(name_served(), name);
    assert_non_null(strstr(stage_log(), "old_stays=true"));
    assert_true(websocket_lives(&old));
    client_free(&old);
    file_copy("second.pem", certificate);
    reload("event=certificate_read");
}

static void a_host_without_a_good_certificate_does_not_start(void **state)
{
    (void)state;
    char words[2048], wrong[64];
    snprintf(wrong, sizeof wrong, "%s/first.key", folder);
    stage_refuse(&(struct stage_wish){.certificate = certificate, .key = wrong}, words,
                 sizeof words);
    assert_non_null(strstr(words, "event=certificate_refused"));
    assert_non_null(strstr(words, wrong));
}

/* -- What is spoken -- */

static void tls_13_is_preferred_and_12_is_the_least(void **state)
{
    (void)state;
    struct client client;
    assert_true(client_connect(&client));
    assert_int_equal(SSL_version(client.ssl), TLS1_3_VERSION);
    client_free(&client);
    client_new(&client);
    assert_int_equal(SSL_set_max_proto_version(client.ssl, TLS1_2_VERSION), 1);
    assert_int_equal(SSL_connect(client.ssl), 1);
    client_free(&client);
    client_new(&client);
    assert_int_equal(SSL_set_min_proto_version(client.ssl, TLS1_VERSION), 1);
    assert_int_equal(SSL_set_max_proto_version(client.ssl, TLS1_1_VERSION), 1);
    assert_int_not_equal(SSL_connect(client.ssl), 1);
    client_free(&client);
}

static void only_forward_secret_aead_ciphers_are_taken(void **state)
{
    (void)state;
    static const struct {
        const char *cipher;
        bool is_taken;
    } rows[] = {
        {"ECDHE-ECDSA-AES128-GCM-SHA256", true},
        {"ECDHE-ECDSA-CHACHA20-POLY1305", true},
        {"ECDHE-ECDSA-AES256-SHA384", false},
        {"ECDHE-ECDSA-AES128-SHA", false},
        {"AES256-GCM-SHA384", false},
        {"ECDHE-ECDSA-AES128-CCM", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct client client;
        client_new(&client);
        assert_int_equal(SSL_set_max_proto_version(client.ssl, TLS1_2_VERSION), 1);
        assert_int_equal(SSL_set_cipher_list(client.ssl, rows[i].cipher), 1);
        assert_int_equal(SSL_connect(client.ssl) == 1, rows[i].is_taken);
        client_free(&client);
    }
}

static void no_session_can_be_taken_up_again(void **state)
{
    (void)state;
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    for (int i = 0; i < 2; i++) {
        struct client client, again;
        client_new(&client);
        assert_int_equal(SSL_set_max_proto_version(client.ssl, versions[i]), 1);
        assert_int_equal(SSL_connect(client.ssl), 1);
        /* In 1.3 tickets come behind the handshake: an answer is read, and what came before it. */
        assert_non_null(
            strstr(asked(&client, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"), " 200 "));
        SSL_SESSION *session = SSL_get1_session(client.ssl);
        assert_int_equal(SSL_SESSION_has_ticket(session), 0);
        client_new(&again);
        assert_int_equal(SSL_set_max_proto_version(again.ssl, versions[i]), 1);
        (void)SSL_set_session(again.ssl, session);
        assert_int_equal(SSL_connect(again.ssl), 1);
        assert_int_equal(SSL_session_reused(again.ssl), 0);
        SSL_SESSION_free(session);
        client_free(&again);
        client_free(&client);
    }
}

static void renegotiation_is_refused(void **state)
{
    (void)state;
    struct client client;
    client_new(&client);
    assert_int_equal(SSL_set_max_proto_version(client.ssl, TLS1_2_VERSION), 1);
    assert_int_equal(SSL_connect(client.ssl), 1);
    assert_int_equal(SSL_renegotiate(client.ssl), 1);
    assert_int_not_equal(SSL_do_handshake(client.ssl), 1);
    assert_int_equal(ERR_GET_REASON(ERR_peek_last_error()), SSL_R_NO_RENEGOTIATION);
    client_free(&client);
}

/* Of the records that came, the longest; from OpenSSL's account of each record's head. */
static void on_record(int written, int version, int type, const void *bytes, size_t len, SSL *ssl,
                      void *context)
{
    const uint8_t *head = bytes;
    size_t *longest = context;
    (void)version, (void)ssl;
    if (written == 0 && type == SSL3_RT_HEADER && len == SSL3_RT_HEADER_LENGTH) {
        size_t record = (size_t)head[3] << 8 | head[4];
        *longest = record > *longest ? record : *longest;
    }
}

/* libwebsockets, left alone, would cut them into pieces as small as its buffer for what comes in.
 */
static void answers_that_wait_together_go_out_in_one_record(void **state)
{
    (void)state;
    enum { ASKED = 150, ANSWERS_BYTES = 2000 };
    struct client client;
    struct buffer message, frames;
    size_t longest = 0, got = 0;
    buffer_init(&message, FRAME_BYTES_MAX);
    buffer_init(&frames, FRAME_BYTES_MAX);
    for (uint64_t i = 0; i < ASKED; i++) {
        struct msg_ping ping = {.request = UINT64_C(1) << 48 | i};
        buffer_reset(&message);
        assert_int_equal(layout_encode(&message_ping, &ping, &message), ENRUM_OK);
        const uint8_t head[] = {0x82, (uint8_t)(0x80 | message.len), 0, 0, 0, 0};
        buffer_append(&frames, head, sizeof head);
        buffer_append_slice(&frames, buffer_slice(&message));
    }
    websocket_open(&client);
    SSL_set_msg_callback(client.ssl, on_record);
    SSL_set_msg_callback_arg(client.ssl, &longest);
    assert_int_equal(SSL_write(client.ssl, frames.at, (int)frames.len), frames.len);
    while (got < ANSWERS_BYTES) {
        uint8_t answers[4096];
        int len = SSL_read(client.ssl, answers, sizeof answers);
        assert_true(len > 0);
        got += (size_t)len;
    }
    assert_true(longest >= ANSWERS_BYTES);
    client_free(&client);
    buffer_fini(&message);
    buffer_fini(&frames);
}

/* -- Who drips -- */

/* Sends these bytes one by one, until the host ends the connection. False: it never did. */
static bool drip_until_ended(const uint8_t *bytes, size_t len)
{
    const struct timespec step = {.tv_nsec = 50000000};
    int fd = stage_connect();
    bool is_ended = false;
    for (size_t i = 0; i < 400 && !is_ended; i++) {
        uint8_t answer[64];
        is_ended = send(fd, bytes + i % len, 1, MSG_NOSIGNAL) != 1 ||
                   recv(fd, answer, sizeof answer, MSG_DONTWAIT) == 0;
        nanosleep(&step, NULL);
    }
    close(fd);
    return is_ended;
}

static void a_handshake_that_drips_is_ended(void **state)
{
    (void)state;
    /* The head of a record of 16,000 bytes and of a first message as long; then zeros. */
    static const uint8_t hello[400] = {0x16, 3, 1, 0x3e, 0x80, 1, 0, 0x3e, 0x7c, 3, 3};
    struct client honest;
    websocket_open(&honest);
    uint64_t before = stage_metric("enrum_ended_total{why=\"slow_request\"}");
    assert_true(drip_until_ended(hello, sizeof hello));
    assert_int_equal(stage_metric("enrum_ended_total{why=\"slow_request\"}"), before + 1);
    assert_true(websocket_lives(&honest));
    client_free(&honest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_connections_get_the_new_certificate_and_old_ones_stay),
        cmocka_unit_test(a_key_of_another_kind_replaces_the_old_one),
        cmocka_unit_test(a_file_that_is_wrong_is_refused_and_the_old_certificate_stays),
        cmocka_unit_test(a_host_without_a_good_certificate_does_not_start),
        cmocka_unit_test(tls_13_is_preferred_and_12_is_the_least),
        cmocka_unit_test(only_forward_secret_aead_ciphers_are_taken),
        cmocka_unit_test(no_session_can_be_taken_up_again),
        cmocka_unit_test(renegotiation_is_refused),
        cmocka_unit_test(a_handshake_that_drips_is_ended),
        cmocka_unit_test(answers_that_wait_together_go_out_in_one_record),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
