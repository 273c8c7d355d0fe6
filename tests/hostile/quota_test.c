/* Somebody who is proved, and still takes more than a share: is slowed down without losing
 * anything, or ended, while others get every answer. From outside, against a real enrumd with small
 * limits. */
#include "raw.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    PERSON_SESSIONS = 4,
    LARGE_ENTRIES = 60,
    OUTBOX_BYTES = 2 << 20,
    HELD_BYTES = 6 << 20,
    HONEST_ROUNDS = 150,
    /* What is held for sessions, what the sanitizer adds, and what the store keeps of the room. */
    RSS_GROWTH_MAX = 64 << 20,
};

static struct stage *stage;
static struct peer writer_peer, reader_peer;
static struct device writer, reader, greedy[PERSON_SESSIONS + 1];
static struct test_room room, large_room;
static struct raw_frame frame;
static size_t rss_before;

static int setup(void **state)
{
    (void)state;
    static char text[TEXT_BYTES_MAX];
    /* The sanitizer keeps what is freed for a while, and that would count as held. */
    assert_int_equal(setenv("ASAN_OPTIONS", "detect_leaks=1:quarantine_size_mb=1", 1), 0);
    stage = stage_start_with(&(struct stage_wish){
        .metrics = "127.0.0.1:0",
        .limits = "\"frames_per_s\":100,\"person_frames_per_s\":120,\"person_sessions\":4,"
                  "\"outbox_bytes\":2097152,\"held_bytes\":6291456,\"silent_s\":60"});
    device_citizen(&writer, 7);
    device_citizen(&reader, 8);
    for (int i = 0; i <= PERSON_SESSIONS; i++) {
        device_citizen(&greedy[i], 9);
    }
    peer_ready(&writer_peer, &writer);
    peer_ready(&reader_peer, &reader);
    if (room_open_by(&writer_peer, &writer, false, &room) != ENRUM_OK) {
        return -1;
    }
    /* A room whose pages are as large as an answer may be. */
    int fd = raw_ready(2, &greedy[0]);
    close(fd);
    memset(text, 'a', sizeof text - 1);
    struct peer peer;
    peer_ready(&peer, &greedy[0]);
    enum enrum_err err = room_open_by(&peer, &greedy[0], false, &large_room);
    for (int i = 0; i < LARGE_ENTRIES && err == ENRUM_OK; i++) {
        err = room_write(&peer, &greedy[0], &large_room, &(struct write_wish){.text = text});
    }
    peer_close(&peer);
    rss_before = stage_rss();
    return (int)err;
}

static int teardown(void **state)
{
    (void)state;
    peer_close(&writer_peer);
    peer_close(&reader_peer);
    device_free(&writer);
    device_free(&reader);
    for (int i = 0; i <= PERSON_SESSIONS; i++) {
        device_free(&greedy[i]);
    }
    stage_end();
    return 0;
}

static void honest_clients_are_served(void)
{
    struct msg_ping ping = {0};
    assert_int_equal(room_write(&writer_peer, &writer, &room, &(struct write_wish){.text = "hej"}),
                     ENRUM_OK);
    assert_int_equal(peer_ask(&reader_peer, &message_ping, &ping), ENRUM_OK);
}

static void greedy_sessions_are_gone(void)
{
    const struct timespec step = {.tv_nsec = 20000000};
    for (int i = 0; i < 500 && stage_metric("enrum_sessions{state=\"ready\"}") > 2; i++) {
        nanosleep(&step, NULL);
    }
    assert_int_equal(stage_metric("enrum_sessions{state=\"ready\"}"), 2);
}

/* But the buffers that two honest sessions keep for their next message. */
static void assert_nothing_is_held(void)
{
    assert_true(stage_metric("enrum_held_bytes") <= 2 * (size_t)16384);
}

static void ask_pings(int fd, uint64_t first, uint64_t last)
{
    for (uint64_t request = first; request <= last; request++) {
        struct msg_ping ping = {0};
        assert_true(raw_send_message(fd, &message_ping, request, &ping));
    }
}

/* -- Slowed down -- */

static void who_sends_too_fast_waits_and_loses_nothing(void **state)
{
    (void)state;
    enum { ASKED = 700 };
    uint64_t before = stage_metric("enrum_waits_total{payer=\"connection\"}");
    int fd = raw_ready(2, &greedy[0]);
    ask_pings(fd, 10, 10 + ASKED);
    honest_clients_are_served();
    for (uint64_t request = 10; request <= 10 + ASKED; request++) {
        assert_int_equal(raw_wait(fd, request, &frame), MESSAGE_PONG);
    }
    assert_true(stage_metric("enrum_waits_total{payer=\"connection\"}") > before);
    close(fd);
    greedy_sessions_are_gone();
}

static uint64_t waits(void)
{
    return stage_metric("enrum_waits_total{payer=\"connection\"}") +
           stage_metric("enrum_waits_total{payer=\"person\"}");
}

/* Each of them costs as much as fifty messages, of the hundred that it may send in a second. */
static void who_sends_wrong_signatures_waits(void **state)
{
    (void)state;
    enum { FORGED = 12 };
    struct peer peer;
    struct test_room own;
    struct msg_ping ping = {0};
    uint64_t before = waits();
    peer_ready(&peer, &greedy[0]);
    assert_int_equal(room_open_by(&peer, &greedy[0], false, &own), ENRUM_OK);
    for (int i = 0; i < FORGED; i++) {
        assert_int_equal(room_write(&peer, &greedy[0], &own,
                                    &(struct write_wish){.text = "nej", .spoil_signature = true}),
                         ENRUM_SIGNATURE_WRONG);
    }
    assert_true(waits() >= before + FORGED / 3);
    honest_clients_are_served();
    /* It is slowed down, and heard again. */
    assert_int_equal(peer_ask(&peer, &message_ping, &ping), ENRUM_OK);
    peer_close(&peer);
    greedy_sessions_are_gone();
}

static void all_sessions_of_a_person_have_one_allowance(void **state)
{
    (void)state;
    enum { ASKED = 250 };
    int fds[PERSON_SESSIONS];
    uint64_t before = stage_metric("enrum_waits_total{payer=\"person\"}");
    for (int i = 0; i < PERSON_SESSIONS; i++) {
        fds[i] = raw_ready(2, &greedy[i]);
    }
    for (int i = 0; i < PERSON_SESSIONS; i++) {
        ask_pings(fds[i], 10, 10 + ASKED);
    }
    honest_clients_are_served();
    for (int i = 0; i < PERSON_SESSIONS; i++) {
        for (uint64_t request = 10; request <= 10 + ASKED; request++) {
            assert_int_equal(raw_wait(fds[i], request, &frame), MESSAGE_PONG);
        }
    }
    assert_true(stage_metric("enrum_waits_total{payer=\"person\"}") > before);
    for (int i = 0; i < PERSON_SESSIONS; i++) {
        close(fds[i]);
    }
    greedy_sessions_are_gone();
}

static void a_person_has_so_many_sessions_and_gets_them_back(void **state)
{
    (void)state;
    int fds[PERSON_SESSIONS];
    struct peer peer;
    uint64_t before = stage_refused("TOO_MANY");
    for (int i = 0; i < PERSON_SESSIONS; i++) {
        fds[i] = raw_ready(2, &greedy[i]);
    }
    peer_open(&peer);
    assert_int_equal(peer_hello(&peer), ENRUM_OK);
    assert_int_equal(peer_prove(&peer, &greedy[PERSON_SESSIONS]), ENRUM_TOO_MANY);
    assert_int_equal(stage_refused("TOO_MANY"), before + 1);
    honest_clients_are_served();
    for (int i = 0; i < PERSON_SESSIONS; i++) {
        close(fds[i]);
    }
    greedy_sessions_are_gone();
    assert_int_equal(peer_prove(&peer, &greedy[PERSON_SESSIONS]), ENRUM_OK);
    peer_close(&peer);
    greedy_sessions_are_gone();
}

/* -- Who does not read -- */

static void ask_pages(int fd, unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        struct msg_fetch fetch = {
            .board = stage->here.board, .room = large_room.room, .limit = ENTRIES_PER_FETCH_MAX};
        if (!raw_send_message(fd, &message_fetch, 100 + i, &fetch)) {
            return;
        }
    }
}

static void who_does_not_read_is_ended_when_its_outbox_is_full(void **state)
{
    (void)state;
    uint64_t before = stage_metric("enrum_ended_total{why=\"outbox\"}");
    int fd = raw_ready(2, &greedy[0]);
    ask_pages(fd, 60);
    assert_true(stage_metric_reaches("enrum_ended_total{why=\"outbox\"}", before + 1));
    honest_clients_are_served();
    while (raw_read(fd, &frame)) {
    }
    close(fd);
    assert_int_equal(stage_metric("enrum_ended_total{why=\"outbox\"}"), before + 1);
    greedy_sessions_are_gone();
    assert_nothing_is_held();
}

static void all_that_is_held_for_sessions_has_one_bound(void **state)
{
    (void)state;
    int fds[PERSON_SESSIONS];
    const struct timespec step = {.tv_nsec = 50000000};
    uint64_t before = stage_metric("enrum_ended_total{why=\"held\"}");
    for (int i = 0; i < PERSON_SESSIONS; i++) {
        fds[i] = raw_ready(2, &greedy[i]);
    }
    /* Each stays below its own outbox's limit, all of them together do not. */
    for (int turn = 0; turn < 100 && stage_metric("enrum_ended_total{why=\"held\"}") == before;
         turn++) {
        for (int i = 0; i < PERSON_SESSIONS; i++) {
            ask_pages(fds[i], 1);
        }
        nanosleep(&step, NULL);
        assert_true(stage_metric("enrum_held_bytes") <= HELD_BYTES + FRAME_BYTES_MAX);
    }
    assert_true(stage_metric("enrum_ended_total{why=\"held\"}") > before);
    honest_clients_are_served();
    for (int i = 0; i < PERSON_SESSIONS; i++) {
        close(fds[i]);
    }
    greedy_sessions_are_gone();
    assert_nothing_is_held();
}

/* -- All at once -- */

/* In a process of its own, until it is ended. */
static pid_t attack(void (*once)(unsigned turn))
{
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (unsigned turn = 0; turn < 1000000; turn++) {
            once(turn);
        }
        _exit(0);
    }
    return pid;
}

static void come_and_go(unsigned turn)
{
    close(raw_connect((uint8_t)(20 + turn % 4)));
}

static void flood_without_reading(unsigned turn)
{
    static int fd = -1;
    struct msg_ping ping = {0};
    if (fd < 0) {
        fd = raw_ready(3, &greedy[1]);
    }
    if (!raw_send_message(fd, &message_ping, turn, &ping)) {
        close(fd);
        fd = -1;
    }
}

static void fetch_without_reading(unsigned turn)
{
    static int fd = -1;
    (void)turn;
    if (fd < 0) {
        fd = raw_ready(4, &greedy[2]);
        ask_pages(fd, 40);
    }
    uint8_t byte;
    if (recv(fd, &byte, 1, MSG_PEEK) == 0 || !raw_send_frame(fd, RAW_FINAL | RAW_PING, "", 0)) {
        close(fd);
        fd = -1;
    }
}

static void send_garbage(unsigned turn)
{
    static const uint8_t garbage[] = {0xc1, 0xff, 0x00, 0x92};
    int fd = raw_open((uint8_t)(30 + turn % 4));
    for (int i = 0; i < 20 && fd >= 0; i++) {
        (void)raw_send_frame(fd, RAW_FINAL | RAW_BINARY, garbage, sizeof garbage);
    }
    if (fd >= 0) {
        close(fd);
    }
}

static void honest_clients_get_every_answer_under_attack(void **state)
{
    (void)state;
    static void (*const attacks[])(unsigned) = {come_and_go, flood_without_reading,
                                                fetch_without_reading, send_garbage};
    enum { ATTACKS = sizeof attacks / sizeof attacks[0] };
    pid_t pids[ATTACKS];
    uint64_t head = room.seq;
    for (int i = 0; i < ATTACKS; i++) {
        pids[i] = attack(attacks[i]);
    }
    for (int i = 0; i < HONEST_ROUNDS; i++) {
        honest_clients_are_served();
    }
    for (int i = 0; i < 5; i++) {
        struct peer fresh;
        peer_ready(&fresh, &reader);
        peer_close(&fresh);
    }
    for (int i = 0; i < ATTACKS; i++) {
        kill(pids[i], SIGKILL);
        assert_int_equal(waitpid(pids[i], NULL, 0), pids[i]);
    }
    assert_int_equal(room_head(&writer_peer, &room), head + HONEST_ROUNDS);
}

static void the_hosts_memory_stays_bounded(void **state)
{
    (void)state;
    print_message("the host grew by %zu kB\n",
                  stage_rss() > rss_before ? (stage_rss() - rss_before) / 1024 : 0);
    assert_true(stage_rss() < rss_before + RSS_GROWTH_MAX);
    greedy_sessions_are_gone();
    assert_nothing_is_held();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_sends_too_fast_waits_and_loses_nothing),
        cmocka_unit_test(who_sends_wrong_signatures_waits),
        cmocka_unit_test(all_sessions_of_a_person_have_one_allowance),
        cmocka_unit_test(a_person_has_so_many_sessions_and_gets_them_back),
        cmocka_unit_test(who_does_not_read_is_ended_when_its_outbox_is_full),
        cmocka_unit_test(all_that_is_held_for_sessions_has_one_bound),
        cmocka_unit_test(honest_clients_get_every_answer_under_attack),
        cmocka_unit_test(the_hosts_memory_stays_bounded),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
