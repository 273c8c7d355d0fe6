/* The socket against hosts that die at each stage of a connection: it is told lost, once, and at
 * once, and what is dropped afterwards is nobody's memory. */
#include "client-sdk/c/socket.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { REQUEST_MAX = 4096, PATIENCE_MS = 60000, STEP_MS = 25, ROUNDS = 5 };

/* How far the host gets before it is gone. */
enum stage {
    NOBODY,       /* nothing listens */
    ACCEPTED,     /* the connection is taken, and closed */
    ASKED,        /* the request is read */
    SILENT,       /* and nothing is ever said to it */
    HALF_ANSWER,  /* a part of the answer is written */
    OTHER_ANSWER, /* a whole one, but no upgrade */
    WRONG_ACCEPT, /* an upgrade that answers another request */
    UPGRADED,
    HALF_FRAME, /* the head of a frame, and a part of what it announces */
    STAGE_COUNT,
};

struct ruin {
    int listener;
    enum stage stage;
    bool resets; /* the connection ends with a reset rather than with a close */
};

static uint64_t now_ms(void)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000 + (uint64_t)at.tv_nsec / 1000000;
}

static void put(int fd, const char *text, size_t len)
{
    (void)!send(fd, text, len, MSG_NOSIGNAL);
}

/* RFC 6455 section 4.2.2, item 5.4. */
static void accept_key(const char *request, char out[64])
{
    static const char name[] = "Sec-WebSocket-Key: ";
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char text[128] = "";
    unsigned char digest[EVP_MAX_MD_SIZE];
    const char *key = strcasestr(request, name);
    if (key != NULL) {
        key += sizeof name - 1;
        (void)snprintf(text, sizeof text, "%.*s%s", (int)strcspn(key, "\r"), key, guid);
    }
    (void)EVP_Digest(text, strlen(text), digest, NULL, EVP_sha1(), NULL);
    (void)EVP_EncodeBlock((unsigned char *)out, digest, 20);
}

static void request_read(int fd, char request[REQUEST_MAX])
{
    size_t len = 0;
    request[0] = '\0';
    while (len + 1 < REQUEST_MAX && strstr(request, "\r\n\r\n") == NULL) {
        ssize_t got = recv(fd, request + len, REQUEST_MAX - 1 - len, 0);
        if (got <= 0) {
            return;
        }
        len += (size_t)got;
        request[len] = '\0';
    }
}

static void answer(int fd, enum stage stage, const char *request)
{
    char key[64], text[512];
    accept_key(stage == WRONG_ACCEPT ? "" : request, key);
    (void)snprintf(text, sizeof text,
                   "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                   "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n"
                   "Sec-WebSocket-Protocol: enrum.1\r\n\r\n",
                   key);
    if (stage == HALF_ANSWER) {
        put(fd, text, 20);
    } else if (stage == OTHER_ANSWER) {
        static const char no[] = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";
        put(fd, no, sizeof no - 1);
    } else if (stage >= WRONG_ACCEPT) {
        put(fd, text, strlen(text));
    }
    if (stage == HALF_FRAME) {
        put(fd, "\x82\x7e\x02\x00 and no more", 16);
    }
}

static void *ruin_main(void *context)
{
    const struct ruin *ruin = context;
    char request[REQUEST_MAX];
    int fd = accept(ruin->listener, NULL, NULL);
    if (ruin->stage >= ASKED) {
        request_read(fd, request);
        answer(fd, ruin->stage, request);
    }
    if (ruin->stage == SILENT) {
        (void)recv(fd, request, sizeof request, 0); /* until the client is tired of it */
    }
    if (ruin->resets) {
        const struct linger none = {.l_onoff = 1, .l_linger = 0};
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    }
    (void)close(fd);
    return NULL;
}

static int listen_at(char url[64])
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    (void)snprintf(url, 64, "ws://127.0.0.1:%u/", ntohs(at.sin_port));
    return fd;
}

struct told {
    unsigned opened, frames, lost;
};

static void on_open(void *context)
{
    ((struct told *)context)->opened++;
}

static void on_frame(void *context, struct slice frame)
{
    (void)frame;
    ((struct told *)context)->frames++;
}

static void on_lost(void *context, const char *reason)
{
    assert_non_null(reason);
    ((struct told *)context)->lost++;
}

/* Connects once to a host that dies at this stage. */
static void ruined(struct socket *socket, struct told *told, enum stage stage, bool resets)
{
    char url[64];
    pthread_t thread;
    struct ruin ruin = {listen_at(url), stage, resets};
    *told = (struct told){0};
    if (stage == NOBODY) {
        (void)close(ruin.listener);
    } else {
        assert_int_equal(pthread_create(&thread, NULL, ruin_main, &ruin), 0);
    }
    enum enrum_err err = socket_connect(socket, url);
    bool has_begun = err == ENRUM_OK;
    assert_true(has_begun || (err == ENRUM_NETWORK && stage == NOBODY));
    uint64_t begun = now_ms();
    while (has_begun && told->lost == 0 && now_ms() - begun < PATIENCE_MS) {
        socket_step(socket, STEP_MS); /* which may come back before its time */
    }
    assert_int_equal(told->lost, has_begun);
    if (resets) { /* a reset throws away what was not yet read of the answer */
        assert_in_range(told->opened, 0, stage >= UPGRADED);
    } else {
        assert_int_equal(told->opened, stage >= UPGRADED);
    }
    assert_int_equal(told->frames, 0);
    /* It is gone: there is nothing to drop, and nothing is told again. */
    socket_drop(socket);
    for (int i = 0; i < 3; i++) {
        socket_step(socket, 1);
    }
    assert_int_equal(told->lost, has_begun);
    if (stage != NOBODY) {
        assert_int_equal(pthread_join(thread, NULL), 0);
        (void)close(ruin.listener);
    }
}

static void a_host_that_dies_is_told_lost_at_once_and_once(void **state)
{
    (void)state;
    struct told told;
    struct socket_options options = {
        .on_open = on_open, .on_frame = on_frame, .on_lost = on_lost, .context = &told};
    struct socket *socket = socket_new(&options);
    assert_non_null(socket);
    for (int round = 0; round < ROUNDS; round++) {
        for (enum stage stage = NOBODY; stage < STAGE_COUNT; stage++) {
            if (stage != SILENT || round == 0) { /* this one takes seconds */
                ruined(socket, &told, stage, round % 2 == 1);
            }
        }
    }
    socket_free(socket);
}

/* A host that takes the connection and is silent; the client gives up, and comes again. */
static void what_is_dropped_tells_nothing_and_leaves_nothing(void **state)
{
    (void)state;
    struct told told = {0};
    struct socket_options options = {
        .on_open = on_open, .on_frame = on_frame, .on_lost = on_lost, .context = &told};
    struct socket *socket = socket_new(&options);
    assert_non_null(socket);
    char url[64];
    int listener = listen_at(url);
    for (int round = 0; round < 3 * ROUNDS; round++) {
        assert_int_equal(socket_connect(socket, url), ENRUM_OK);
        for (int i = 0; i < round % 3; i++) {
            socket_step(socket, 1);
        }
        socket_drop(socket);
    }
    socket_step(socket, 1);
    assert_int_equal(told.opened + told.frames + told.lost, 0);
    socket_free(socket);
    (void)close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_that_dies_is_told_lost_at_once_and_once),
        cmocka_unit_test(what_is_dropped_tells_nothing_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
