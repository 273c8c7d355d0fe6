/* The door hands over what comes, ready for small messages that do not wait for one another. */
#include "gate/door.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

enum { TURNS_MAX = 100 };

static int entered = -1;

static void on_enter(void *context, int fd, const struct sockaddr *from)
{
    (void)context;
    assert_int_equal(from->sa_family, AF_INET);
    assert_int_equal(entered, -1);
    entered = fd;
}

static void who_comes_in_neither_blocks_nor_waits(void **state)
{
    (void)state;
    struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
    struct door door = {.enter = on_enter};
    assert_true(door_open(&door, loop, "127.0.0.1", 0));
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)door.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(client, (struct sockaddr *)&at, sizeof at), 0);
    for (int i = 0; i < TURNS_MAX && entered < 0; i++) {
        ev_run(loop, EVRUN_ONCE);
    }
    int value = 0;
    socklen_t len = sizeof value;
    assert_int_equal(getsockopt(entered, IPPROTO_TCP, TCP_NODELAY, &value, &len), 0);
    assert_true(value != 0);
    assert_true((fcntl(entered, F_GETFL) & O_NONBLOCK) != 0);
    close(entered);
    close(client);
    door_close(&door);
    ev_loop_destroy(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(who_comes_in_neither_blocks_nor_waits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
