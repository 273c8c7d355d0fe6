/* door -- see door.h. */
#include "gate/door.h"

#include "base/slog.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

enum {
    BACKLOG = 1024,
    TURN = 64, /* accepted at a time: the sessions have their turn too */
};

bool address_is_loopback(const char *address)
{
    struct in_addr four;
    struct in6_addr six;
    if (inet_pton(AF_INET, address, &four) == 1) {
        return ntohl(four.s_addr) >> 24 == 127;
    }
    return inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static socklen_t address_parse(const char *address, unsigned port, struct sockaddr_storage *out)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, address, &four.sin_addr) == 1) {
        memcpy(out, &four, sizeof four);
        return sizeof four;
    }
    if (inet_pton(AF_INET6, address, &six.sin6_addr) == 1) {
        memcpy(out, &six, sizeof six);
        return sizeof six;
    }
    return 0;
}

static void on_come(struct ev_loop *loop, ev_io *watcher, int events)
{
    struct door *door = watcher->data;
    (void)events;
    for (int i = 0; i < TURN && door->loop != NULL; i++) {
        struct sockaddr_storage from = {0};
        socklen_t len = sizeof from;
        int fd = accept4(watcher->fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) {
            /* It would be called again at once, and find the same. */
            slog(SLOG_WARN, "accept_failed", slog_errno("err", errno));
            ev_io_stop(loop, watcher);
            return;
        }
        if (fd < 0) {
            return;
        }
        door->enter(door->context, fd, (struct sockaddr *)&from);
    }
}

bool door_open(struct door *door, struct ev_loop *loop, const char *address, unsigned port)
{
    struct sockaddr_storage at = {0};
    socklen_t len = address_parse(address, port, &at);
    int yes = 1;
    int fd = len > 0 ? socket(at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0) : -1;
    /* Who comes in has TCP_NODELAY from here: else a second small message waits 40 ms for the
     * acknowledgement of the first. */
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) != 0 ||
        bind(fd, (struct sockaddr *)&at, len) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) != 0) {
        slog(SLOG_ERROR, "listen_failed", slog_str("address", address), slog_u64("port", port),
             slog_errno("err", errno));
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    door->port = ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at)->sin6_port
                                                : ((struct sockaddr_in *)&at)->sin_port);
    door->loop = loop;
    ev_io_init(&door->watcher, on_come, fd, EV_READ);
    door->watcher.data = door;
    ev_io_start(loop, &door->watcher);
    return true;
}

void door_close(struct door *door)
{
    if (door->loop != NULL) {
        ev_io_stop(door->loop, &door->watcher);
        close(door->watcher.fd);
        door->loop = NULL;
    }
}

void door_retry(struct door *door)
{
    if (door->loop != NULL) {
        ev_io_start(door->loop, &door->watcher);
    }
}
