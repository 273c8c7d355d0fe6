/* A host that is told to stop: lets nobody in, answers what it has taken, says goodbye, ends with
 * 0, and what it has acknowledged is there when it starts again. */
#include "raw.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct stage *stage;
static struct device citizen, other;
static struct test_room room;
static struct raw_frame frame;

static int setup(void **state)
{
    (void)state;
    stage = stage_start_with(&(struct stage_wish){.metrics = "127.0.0.1:0"});
    device_citizen(&citizen, 7);
    device_citizen(&other, 8);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    device_free(&citizen);
    device_free(&other);
    stage_end();
    return 0;
}

static void room_make(void)
{
    struct peer peer;
    peer_ready(&peer, &citizen);
    assert_int_equal(room_open_by(&peer, &citizen, false, &room), ENRUM_OK);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(room_write(&peer, &citizen, &room, &(struct write_wish){.text = "hej"}),
                         ENRUM_OK);
    }
    peer_close(&peer);
}

/* Asks for this many pages, and reads nothing. */
static int asker(unsigned times)
{
    int fd = raw_ready(2, &citizen);
    for (unsigned i = 0; i < times; i++) {
        struct msg_fetch fetch = {.board = stage->here.board, .room = room.room, .limit = 64};
        assert_true(raw_send_message(fd, &message_fetch, 10 + i, &fetch));
    }
    return fd;
}

static bool is_listening(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)stage->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_here = connect(fd, (struct sockaddr *)&to, sizeof to) == 0;
    assert_true(is_here || errno == ECONNREFUSED);
    close(fd);
    return is_here;
}

static void sessions_are_told_to_go_and_the_host_ends_with_0(void **state)
{
    (void)state;
    room_make();
    int idle = raw_open(3), ready = raw_ready(4, &other), quiet = raw_connect(5);
    assert_true(is_listening());
    stage_signal(SIGTERM);
    assert_int_equal(raw_read_close(ready), 1001);
    assert_int_equal(raw_read_close(idle), 1001);
    assert_false(is_listening());
    close(ready);
    close(idle);
    assert_int_equal(stage_wait(), 0);
    ssize_t more = read(quiet, frame.bytes, 1);
    assert_true(more == 0 || (more < 0 && errno == ECONNRESET));
    close(quiet);
    assert_non_null(strstr(stage_log(), "event=stopped good=true"));
}

static void what_was_acknowledged_is_there_afterwards(void **state)
{
    (void)state;
    struct peer peer;
    stage_restart();
    peer_ready(&peer, &citizen);
    assert_int_equal(room_head(&peer, &room), room.seq);
    /* Told to stop while it is asked: what is acknowledged stays, what is not is refused or lost.
     */
    for (int i = 0; i < 200; i++) {
        if (i == 20) {
            stage_signal(SIGTERM);
        }
        enum enrum_err err = room_write(&peer, &citizen, &room,
                                        &(struct write_wish){.text = "sista"});
        if (err != ENRUM_OK) {
            assert_true(err == ENRUM_NETWORK || err == ENRUM_CLOSING);
            break;
        }
        assert_true(i < 199);
    }
    peer_close(&peer);
    assert_int_equal(stage_wait(), 0);
    stage_restart();
    peer_ready(&peer, &citizen);
    /* One more may have been written whose answer was too late. */
    uint64_t head = room_head(&peer, &room);
    assert_true(head == room.seq || head == room.seq + 1);
    peer_close(&peer);
}

static void who_does_not_read_does_not_hold_the_host(void **state)
{
    (void)state;
    int fd = asker(200);
    stage_signal(SIGTERM);
    assert_int_equal(stage_wait(), 0);
    close(fd);
    stage_restart();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_are_told_to_go_and_the_host_ends_with_0),
        cmocka_unit_test(what_was_acknowledged_is_there_afterwards),
        cmocka_unit_test(who_does_not_read_does_not_hold_the_host),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
