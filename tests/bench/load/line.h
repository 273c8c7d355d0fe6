/* line -- one TLS connection of the load generator: nonblocking, in one epoll loop.
 * Knows bytes, not what they mean. One thread. The peer's certificate is not checked: what is
 * measured is the server. */
#pragma once

#include "base/buffer.h"

#include <stdint.h>
#include <sys/types.h>

typedef struct ssl_st SSL;
typedef struct ssl_ctx_st SSL_CTX;

/* What epoll points at. Whoever watches a descriptor of a foreign library embeds one too. */
struct watch {
    void (*ready)(struct watch *watch, uint32_t events);
};

struct loop {
    int epoll;
    SSL_CTX *tls;
};

/* Ends the program with a message: a benchmark that cannot go on has no figures. */
__attribute__((noreturn, format(printf, 1, 2))) void give_up(const char *format, ...);

void loop_init(struct loop *loop);
void loop_fini(struct loop *loop);
/* Adds, or changes when it is there already, what is waited for. */
void loop_watch(struct loop *loop, int fd, struct watch *watch, uint32_t events);
/* Serves what is ready, waiting at most so long. */
void loop_step(struct loop *loop, int wait_ms);

uint64_t now_ns(void);

struct line {
    struct watch watch;
    struct loop *loop;
    int fd; /* -1: closed */
    SSL *ssl;
    enum { LINE_CONNECTING, LINE_SHAKING, LINE_OPEN, LINE_CLOSED } state;
    uint32_t waits_for;
    bool is_deaf; /* reads nothing: a client that does not take what it is sent */
    struct buffer in, out;
    size_t out_at; /* sent so far */
    void (*opened)(struct line *line);
    /* Gives how many bytes it took; the rest comes again with what follows. */
    size_t (*received)(struct line *line, struct slice bytes);
    /* The server ended the connection, or there never was one. */
    void (*lost)(struct line *line, const char *why);
    void *context;
};

/* 127.0.0.1; connections with higher numbers come from further loopback addresses, 500 from each.
 * The callbacks and the context are set by the caller first. */
void line_open(struct line *line, struct loop *loop, uint16_t port, size_t number);
void line_send(struct line *line, struct slice bytes);
/* Without goodbyes, as a network that breaks. May be called in a callback of the line. */
void line_cut(struct line *line);
