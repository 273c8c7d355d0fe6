/* door -- a listening socket: hands over each connection that comes. Knows sockets, and nothing of
 * what is spoken on them. Thread: the loop. */
#pragma once

#include <ev.h>
#include <stdbool.h>
#include <sys/socket.h>

struct door {
    struct ev_loop *loop; /* NULL: not open */
    ev_io watcher;
    unsigned port;
    /* Takes the descriptor, which does not block, in any case. */
    void (*enter)(void *context, int fd, const struct sockaddr *from);
    void *context;
};

/* A numeric address; port 0: one that is free. Errors are said in the log. `enter` and `context`
 * are set before; the door does not move while it is open. */
bool door_open(struct door *door, struct ev_loop *loop, const char *address, unsigned port);
void door_close(struct door *door);
/* After the system had no descriptors left: listens again. */
void door_retry(struct door *door);

bool address_is_loopback(const char *address);
