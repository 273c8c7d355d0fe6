/* line -- see line.h. */
#include "line.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_MAX = 256, CHUNK_BYTES = 65536, HELD_BYTES_MAX = 64 << 20, PER_ADDRESS = 500 };

void give_up(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)fputs("bench-load: ", stderr);
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
    va_end(args);
    exit(1);
}

uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* -- The loop -- */

void loop_init(struct loop *loop)
{
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->tls = SSL_CTX_new(TLS_client_method());
    if (loop->epoll < 0 || loop->tls == NULL) {
        give_up("no epoll, or no TLS");
    }
    SSL_CTX_set_min_proto_version(loop->tls, TLS1_3_VERSION);
    SSL_CTX_set_verify(loop->tls, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_mode(loop->tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

void loop_fini(struct loop *loop)
{
    SSL_CTX_free(loop->tls);
    close(loop->epoll);
}

void loop_watch(struct loop *loop, int fd, struct watch *watch, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = watch};
    if (epoll_ctl(loop->epoll, EPOLL_CTL_MOD, fd, &event) != 0 &&
        epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        give_up("epoll does not take descriptor %d", fd);
    }
}

void loop_step(struct loop *loop, int wait_ms)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(loop->epoll, events, EVENTS_MAX, wait_ms);
    for (int i = 0; i < count; i++) {
        struct watch *watch = events[i].data.ptr;
        watch->ready(watch, events[i].events);
    }
}

/* -- One line -- */

void line_cut(struct line *line)
{
    if (line->state == LINE_CLOSED) {
        return;
    }
    line->state = LINE_CLOSED;
    SSL_free(line->ssl);
    line->ssl = NULL;
    close(line->fd);
    line->fd = -1;
    buffer_fini(&line->in);
    buffer_fini(&line->out);
}

static void lose(struct line *line, const char *why)
{
    if (line->state != LINE_CLOSED) {
        line_cut(line);
        line->lost(line, why);
    }
}

static void wait_for(struct line *line, uint32_t events)
{
    if (line->state != LINE_CLOSED && line->waits_for != events) {
        line->waits_for = events;
        loop_watch(line->loop, line->fd, &line->watch, events);
    }
}

static void take_in(struct line *line, const uint8_t *bytes, size_t len)
{
    buffer_append(&line->in, bytes, len);
    if (line->in.failed) {
        give_up("a server sent more than can be held");
    }
    size_t taken = line->received(line, buffer_slice(&line->in));
    if (line->state != LINE_CLOSED && taken > 0) {
        memmove(line->in.at, line->in.at + taken, line->in.len - taken);
        buffer_truncate(&line->in, line->in.len - taken);
    }
}

static void read_all(struct line *line)
{
    static uint8_t chunk[CHUNK_BYTES];
    while (line->state == LINE_OPEN && !line->is_deaf) {
        ERR_clear_error();
        int got = SSL_read(line->ssl, chunk, sizeof chunk);
        if (got > 0) {
            take_in(line, chunk, (size_t)got);
            continue;
        }
        int error = SSL_get_error(line->ssl, got);
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
            lose(line, "closed by the server");
        }
        return;
    }
}

static void write_all(struct line *line)
{
    while (line->state == LINE_OPEN && line->out_at < line->out.len) {
        ERR_clear_error();
        int sent = SSL_write(line->ssl, line->out.at + line->out_at,
                             (int)(line->out.len - line->out_at));
        if (sent <= 0) {
            int error = SSL_get_error(line->ssl, sent);
            if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
                lose(line, "closed by the server while writing");
                return;
            }
            wait_for(line, EPOLLIN | EPOLLOUT);
            return;
        }
        line->out_at += (size_t)sent;
    }
    if (line->state == LINE_OPEN) {
        buffer_truncate(&line->out, 0);
        line->out_at = 0;
        wait_for(line, line->is_deaf ? EPOLLRDHUP : EPOLLIN);
    }
}

static void shake(struct line *line)
{
    ERR_clear_error();
    int done = SSL_connect(line->ssl);
    if (done == 1) {
        line->state = LINE_OPEN;
        wait_for(line, EPOLLIN);
        line->opened(line);
        read_all(line);
        return;
    }
    switch (SSL_get_error(line->ssl, done)) {
    case SSL_ERROR_WANT_READ:
        wait_for(line, EPOLLIN);
        return;
    case SSL_ERROR_WANT_WRITE:
        wait_for(line, EPOLLOUT);
        return;
    default:
        lose(line, "no TLS handshake");
    }
}

static void on_ready(struct watch *watch, uint32_t events)
{
    struct line *line = (struct line *)watch;
    if (line->state == LINE_CONNECTING) {
        int error = 0;
        socklen_t len = sizeof error;
        getsockopt(line->fd, SOL_SOCKET, SO_ERROR, &error, &len);
        if (error != 0) {
            lose(line, "no connection");
            return;
        }
        line->state = LINE_SHAKING;
    }
    if (line->state == LINE_SHAKING) {
        shake(line);
        return;
    }
    if (line->is_deaf && (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
        lose(line, "closed by the server");
        return;
    }
    read_all(line);
    write_all(line);
}

static int socket_from(size_t number)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
    if (fd < 0) {
        give_up("no more descriptors at connection %zu: raise the limit (ulimit -n)", number);
    }
    struct sockaddr_in from = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(0x7f000101 + (uint32_t)(number / PER_ADDRESS))};
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    (void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&from, sizeof from) != 0) {
        give_up("a loopback address cannot be used (error %d)", errno);
    }
    return fd;
}

void line_open(struct line *line, struct loop *loop, uint16_t port, size_t number)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    line->watch.ready = on_ready;
    line->loop = loop;
    line->fd = socket_from(number);
    line->ssl = SSL_new(loop->tls);
    line->state = LINE_CONNECTING;
    line->waits_for = 0;
    line->out_at = 0;
    buffer_init(&line->in, HELD_BYTES_MAX);
    buffer_init(&line->out, HELD_BYTES_MAX);
    if (line->ssl == NULL || SSL_set_fd(line->ssl, line->fd) != 1) {
        give_up("no memory for TLS");
    }
    if (connect(line->fd, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) {
        give_up("no connection to port %u (error %d)", port, errno);
    }
    wait_for(line, EPOLLOUT);
}

void line_send(struct line *line, struct slice bytes)
{
    if (line->state == LINE_CLOSED) {
        return;
    }
    bool is_idle = line->out.len == 0;
    buffer_append_slice(&line->out, bytes);
    if (line->out.failed) {
        give_up("a server takes nothing more");
    }
    if (is_idle) {
        write_all(line);
    }
}
