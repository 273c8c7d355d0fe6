/* Who has proved nobody gets a little of the host and no more, while honest clients get every
 * answer: from outside, against a real enrumd with small limits. Each attack comes from a loopback
 * address of its own. */
#include "raw.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    ADDRESS_PLACES = 64,
    /* What all attacks of this file together may make the host hold on to. */
    RSS_GROWTH_MAX = 48 << 20,
};

static struct stage *stage;
static struct peer citizen_peer, reader_peer;
static struct device citizen, reader;
static struct test_room room;
static struct raw_frame frame;
static size_t rss_before;

static int setup(void **state)
{
    (void)state;
    /* The sanitizer keeps what is freed for a while, and that would count as held. */
    assert_int_equal(setenv("ASAN_OPTIONS", "detect_leaks=1:quarantine_size_mb=1", 1), 0);
    stage = stage_start_with(&(struct stage_wish){
        .metrics = "127.0.0.1:0",
        .limits = "\"request_s\":1,\"unproved_s\":2,\"silent_s\":20,\"address_unproved\":64,"
                  "\"address_work_per_s\":100,\"frames_per_s\":1000"});
    device_citizen(&citizen, 7);
    device_citizen(&reader, 8);
    peer_ready(&citizen_peer, &citizen);
    peer_ready(&reader_peer, &reader);
    rss_before = stage_rss();
    return (int)room_open_by(&citizen_peer, &citizen, false, &room);
}

static int teardown(void **state)
{
    (void)state;
    peer_close(&citizen_peer);
    peer_close(&reader_peer);
    device_free(&citizen);
    device_free(&reader);
    stage_end();
    return 0;
}

/* Everybody who has done nothing wrong gets their answers. */
static void honest_clients_are_served(void)
{
    struct msg_ping ping = {0};
    struct peer fresh;
    assert_int_equal(
        room_write(&citizen_peer, &citizen, &room, &(struct write_wish){.text = "hej"}), ENRUM_OK);
    assert_int_equal(peer_ask(&reader_peer, &message_ping, &ping), ENRUM_OK);
    peer_ready(&fresh, &reader);
    peer_close(&fresh);
}

static uint64_t ended(const char *why)
{
    char sample[80];
    snprintf(sample, sizeof sample, "enrum_ended_total{why=\"%s\"}", why);
    return stage_metric(sample);
}

static void assert_ended(const char *why, uint64_t count)
{
    char sample[80];
    snprintf(sample, sizeof sample, "enrum_ended_total{why=\"%s\"}", why);
    assert_true(stage_metric_reaches(sample, count));
    assert_int_equal(stage_metric(sample), count);
}

static void rest(long ms)
{
    const struct timespec step = {.tv_nsec = ms * 1000000};
    nanosleep(&step, NULL);
}

/* -- Who drips -- */

/* One byte at a time until the host ends it, while others are served. */
static void drip_until_ended(int fd, const uint8_t *bytes, size_t len)
{
    bool is_ended = false;
    for (size_t i = 0; i < 300 && !is_ended; i++) {
        uint8_t answer[64];
        is_ended = !raw_send(fd, bytes + i % len, 1) ||
                   recv(fd, answer, sizeof answer, MSG_DONTWAIT) == 0;
        rest(30);
        if (i % 20 == 0) {
            honest_clients_are_served();
        }
    }
    assert_true(is_ended);
    close(fd);
}

static void a_request_that_drips_is_ended(void **state)
{
    (void)state;
    static const char request[] = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ";
    uint8_t bytes[400];
    uint64_t before = ended("slow_request");
    memset(bytes, 'a', sizeof bytes);
    memcpy(bytes, request, strlen(request));
    drip_until_ended(raw_connect(2), bytes, sizeof bytes);
    assert_ended("slow_request", before + 1);
}

static void a_connection_that_says_nothing_is_ended(void **state)
{
    (void)state;
    uint64_t before = ended("slow_request");
    int fd = raw_connect(2);
    assert_int_equal(read(fd, frame.bytes, 1), 0);
    close(fd);
    assert_ended("slow_request", before + 1);
}

static void a_frame_that_drips_is_ended(void **state)
{
    (void)state;
    uint8_t bytes[400] = {0};
    uint64_t before = ended("unproved");
    (void)raw_header(RAW_FINAL | RAW_BINARY, 30000, bytes);
    int fd = raw_open(3);
    assert_true(fd >= 0);
    drip_until_ended(fd, bytes, sizeof bytes);
    assert_ended("unproved", before + 1);
}

static void a_login_that_stops_half_way_is_ended(void **state)
{
    (void)state;
    struct msg_hello hello = {.versions = slice_of("\1", 1), .software = slice_of_text("half")};
    uint64_t before = ended("unproved");
    int fd = raw_open(3);
    assert_true(raw_send_message(fd, &message_hello, 1, &hello));
    assert_int_equal(raw_wait(fd, 1, &frame), MESSAGE_CHALLENGE);
    assert_int_equal(raw_read_close(fd), 1008);
    close(fd);
    assert_ended("unproved", before + 1);
    honest_clients_are_served();
}

/* -- Upgrades -- */

/* The beginning of the answer; `is_ended`: the connection is over behind it. */
static const char *upgraded(const char *to, const char *more, bool *is_ended)
{
    static char answer[2048], rest_of_it[2048];
    char request[1024];
    snprintf(request, sizeof request,
             "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: %s\r\n"
             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
             "Sec-WebSocket-Protocol: enrum.1\r\n%s\r\n",
             to, more);
    int fd = raw_connect(4);
    assert_true(raw_send(fd, request, strlen(request)));
    ssize_t len = read(fd, answer, sizeof answer - 1);
    answer[len > 0 ? len : 0] = '\0';
    while (is_ended != NULL && len > 0) {
        len = read(fd, rest_of_it, sizeof rest_of_it);
    }
    if (is_ended != NULL) {
        *is_ended = len == 0 || errno == ECONNRESET;
    }
    close(fd);
    return answer;
}

static void an_upgrade_to_anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const others[] = {
        "h2c", "tls/1.0",        "mqtt",           "raw",   "web",          "websockets",
        "x",   "websocket, h2c", "h2c, websocket", "enrum", "WebSocket/13", "TLS/1.2, HTTP/1.1"};
    static const char *const more[] = {"", "HTTP2-Settings: AAMAAABkAAQAAP__\r\n"};
    uint64_t before = ended("upgrade_other");
    for (size_t i = 0; i < 2 * sizeof others / sizeof others[0]; i++) {
        bool is_ended = false;
        const char *answer = upgraded(others[i / 2], more[i % 2], &is_ended);
        assert_true(answer[0] == '\0' || strncmp(answer + 8, " 403 ", 5) == 0);
        assert_true(is_ended);
    }
    /* What the library knows is refused by us; the rest it refuses by itself. */
    assert_ended("upgrade_other", before + 2);
    honest_clients_are_served();
}

static void compression_is_not_taken(void **state)
{
    (void)state;
    const char *answer = upgraded(
        "websocket",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, "
        "x-webkit-deflate-frame\r\n",
        NULL);
    assert_non_null(strstr(answer, " 101 "));
    for (const char *at = answer; *at != '\0'; at++) {
        assert_true(strncasecmp(at, "Sec-WebSocket-Extensions", 24) != 0);
    }
    /* A frame that says it is compressed all the same. */
    int fd = raw_open(4);
    assert_true(raw_send_frame(fd, RAW_FINAL | 0x40 | RAW_BINARY, "x", 1));
    assert_int_equal(raw_read_close(fd), 1002);
    close(fd);
}

/* -- Frames -- */

static void a_frame_that_is_announced_too_large_is_refused_before_it_comes(void **state)
{
    (void)state;
    enum { COUNT = 12, SENT = 20000 };
    static const uint64_t lengths[] = {LETTER_BYTES_MAX + 2049, FRAME_BYTES_MAX, 1 << 20, 1 << 27};
    static const uint8_t some[SENT];
    uint64_t before = ended("oversized"), refused = stage_refused("OVERSIZED");
    for (int i = 0; i < COUNT; i++) {
        uint8_t header[RAW_HEADER_BYTES];
        size_t len = raw_header(RAW_FINAL | RAW_BINARY, lengths[i % 4], header);
        int fd = raw_open(5);
        assert_true(fd >= 0);
        assert_true(raw_send(fd, header, len) && raw_send(fd, some, SENT));
        assert_int_equal(raw_read_close(fd), 1009);
        close(fd);
    }
    assert_ended("oversized", before + COUNT);
    assert_int_equal(stage_refused("OVERSIZED"), refused + COUNT);
    honest_clients_are_served();
}

static void a_length_that_no_machine_has_ends_the_connection(void **state)
{
    (void)state;
    static const uint64_t lengths[] = {UINT64_C(1) << 40, UINT64_C(1) << 62, UINT64_MAX};
    static const uint8_t some[20000];
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        uint8_t header[RAW_HEADER_BYTES];
        size_t len = raw_header(RAW_FINAL | RAW_BINARY, lengths[i], header);
        int fd = raw_open(5);
        assert_true(raw_send(fd, header, len));
        (void)raw_send(fd, some, sizeof some);
        (void)raw_read_close(fd);
        close(fd);
    }
    honest_clients_are_served();
}

static void a_message_in_pieces_is_read_and_pings_between_them_answered(void **state)
{
    (void)state;
    struct msg_hello hello = {.request = 1, .versions = slice_of("\1", 1)};
    struct buffer bytes;
    buffer_init(&bytes, 256);
    assert_int_equal(layout_encode(&message_hello, &hello, &bytes), ENRUM_OK);
    int fd = raw_open(6);
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t first = (uint8_t)((i == 0 ? RAW_BINARY : RAW_CONTINUATION) |
                                  (i + 1 == bytes.len ? RAW_FINAL : 0));
        assert_true(raw_send_frame(fd, first, bytes.at + i, 1));
        if (i == bytes.len / 2) {
            assert_true(raw_send_frame(fd, RAW_FINAL | RAW_PING, "mitt i", 6));
            assert_true(raw_read(fd, &frame));
            assert_int_equal(frame.first, RAW_FINAL | RAW_PONG);
            assert_memory_equal(frame.bytes, "mitt i", 6);
        }
    }
    assert_int_equal(raw_wait(fd, 1, &frame), MESSAGE_CHALLENGE);
    buffer_fini(&bytes);
    close(fd);
}

static void pieces_without_end_are_too_large_together(void **state)
{
    (void)state;
    static const uint8_t piece[1000];
    uint64_t before = ended("oversized");
    int fd = raw_open(6);
    bool good = raw_send_frame(fd, RAW_BINARY, piece, sizeof piece);
    for (int i = 0; i < 60 && good; i++) {
        good = raw_send_frame(fd, RAW_CONTINUATION, piece, sizeof piece);
    }
    assert_int_equal(raw_read_close(fd), 1009);
    close(fd);
    assert_ended("oversized", before + 1);
}

/* The same frame of somebody who is proved, many at a time, until the host ends the connection;
 * what it answers is read or left. False: it takes them without end. */
static bool flood_is_ended(uint8_t first, const char *bytes, size_t len, bool reads)
{
    uint8_t many[64 * 32], answers[65536];
    size_t size = 0;
    int fd = raw_ready(7, &reader);
    assert_true(raw_send_frame(fd, RAW_BINARY, "", 0));
    for (int i = 0; i < 64; i++) {
        size += raw_header(first, len, many + size);
        memcpy(many + size, bytes, len);
        size += len;
    }
    bool is_ended = false;
    for (int i = 0; i < 2000000 && !is_ended; i++) {
        is_ended = !raw_send(fd, many, size);
        while (reads && recv(fd, answers, sizeof answers, MSG_DONTWAIT) > 0) {
        }
        if (i % 20000 == 0) {
            honest_clients_are_served();
        }
    }
    close(fd);
    return is_ended;
}

static void a_flood_of_control_frames_is_ended(void **state)
{
    (void)state;
    uint64_t before = ended("overhead");
    assert_true(flood_is_ended(RAW_FINAL | RAW_PING, "ping", 4, true));
    assert_ended("overhead", before + 1);
    assert_true(flood_is_ended(RAW_FINAL | RAW_PONG, "", 0, false));
    assert_ended("overhead", before + 2);
    honest_clients_are_served();
}

static void pieces_without_content_are_ended(void **state)
{
    (void)state;
    uint64_t before = ended("overhead");
    assert_true(flood_is_ended(RAW_CONTINUATION, "", 0, false));
    assert_ended("overhead", before + 1);
    honest_clients_are_served();
}

static void frames_that_break_the_rules_end_the_connection(void **state)
{
    (void)state;
    static const struct {
        size_t len;
        uint8_t bytes[8];
    } rows[] = {
        {7, {0x83, 0x81, 0, 0, 0, 0, 'x'}},    /* a type that is not there */
        {7, {0x8b, 0x81, 0, 0, 0, 0, 'x'}},    /* the same of control frames */
        {7, {0x09, 0x81, 0, 0, 0, 0, 'x'}},    /* a control frame in pieces */
        {8, {0x89, 0xfe, 0, 126, 0, 0, 0, 0}}, /* a long control frame */
        {7, {0x80, 0x81, 0, 0, 0, 0, 'x'}},    /* goes on with nothing */
        {7, {0xa2, 0x81, 0, 0, 0, 0, 'x'}},    /* reserved bits */
        {7, {0x92, 0x81, 0, 0, 0, 0, 'x'}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int fd = raw_open(8);
        assert_true(fd >= 0);
        assert_true(raw_send(fd, rows[i].bytes, rows[i].len));
        unsigned code = raw_read_close(fd);
        assert_true(code == 1002 || code == 0);
        close(fd);
    }
    honest_clients_are_served();
}

/* -- Many -- */

static void an_address_has_so_many_places_for_who_has_proved_nobody(void **state)
{
    (void)state;
    enum { ASKED = ADDRESS_PLACES + 30 };
    int asked[ASKED];
    uint64_t before = ended("address_places");
    for (int i = 0; i < ASKED; i++) {
        asked[i] = raw_connect(9);
    }
    assert_ended("address_places", before + ASKED - ADDRESS_PLACES);
    honest_clients_are_served();
    for (int i = 0; i < ASKED; i++) {
        close(asked[i]);
    }
    assert_true(stage_metric("enrum_connections") >= 2);
    for (int i = 0; i < 100 && stage_metric("enrum_connections_unproved") > 0; i++) {
        rest(20);
    }
    int again = raw_open(9);
    assert_true(again >= 0);
    close(again);
}

static void those_who_are_proved_do_not_count_for_their_address(void **state)
{
    (void)state;
    enum { MANY = ADDRESS_PLACES + 10 };
    static struct device devices[MANY];
    int open[MANY];
    /* A library: everybody behind one address, each somebody. At the pace that the address has. */
    for (int i = 0; i < MANY; i++) {
        device_citizen(&devices[i], (uint8_t)(20 + i));
        open[i] = raw_ready(10, &devices[i]);
        rest(40);
    }
    int nobody = raw_open(10);
    assert_true(nobody >= 0);
    close(nobody);
    for (int i = 0; i < MANY; i++) {
        struct msg_ping ping = {0};
        assert_true(raw_send_message(open[i], &message_ping, 3, &ping));
        assert_int_equal(raw_wait(open[i], 3, &frame), MESSAGE_PONG);
        close(open[i]);
        device_free(&devices[i]);
    }
}

static void who_comes_and_goes_without_end_is_turned_away(void **state)
{
    (void)state;
    enum { TIMES = 1500, BURST = 300 };
    uint64_t before = ended("address_work");
    for (int i = 0; i < TIMES; i++) {
        close(raw_connect(11));
        if (i % 300 == 0) {
            honest_clients_are_served();
        }
    }
    uint64_t turned_away = ended("address_work") - before;
    assert_true(turned_away > 0 && turned_away <= TIMES - BURST);
    honest_clients_are_served();
}

static void the_hosts_memory_stays_bounded(void **state)
{
    (void)state;
    assert_true(stage_rss() < rss_before + RSS_GROWTH_MAX);
    print_message("the host grew by %zu kB\n",
                  stage_rss() > rss_before ? (stage_rss() - rss_before) / 1024 : 0);
    for (int i = 0; i < 100 && stage_metric("enrum_connections_unproved") > 0; i++) {
        rest(50);
    }
    assert_int_equal(stage_metric("enrum_connections_unproved"), 0);
    assert_int_equal(stage_metric("enrum_sessions{state=\"ready\"}"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_that_drips_is_ended),
        cmocka_unit_test(a_connection_that_says_nothing_is_ended),
        cmocka_unit_test(a_frame_that_drips_is_ended),
        cmocka_unit_test(a_login_that_stops_half_way_is_ended),
        cmocka_unit_test(an_upgrade_to_anything_else_is_refused),
        cmocka_unit_test(compression_is_not_taken),
        cmocka_unit_test(a_frame_that_is_announced_too_large_is_refused_before_it_comes),
        cmocka_unit_test(a_length_that_no_machine_has_ends_the_connection),
        cmocka_unit_test(a_message_in_pieces_is_read_and_pings_between_them_answered),
        cmocka_unit_test(pieces_without_end_are_too_large_together),
        cmocka_unit_test(a_flood_of_control_frames_is_ended),
        cmocka_unit_test(pieces_without_content_are_ended),
        cmocka_unit_test(frames_that_break_the_rules_end_the_connection),
        cmocka_unit_test(an_address_has_so_many_places_for_who_has_proved_nobody),
        cmocka_unit_test(those_who_are_proved_do_not_count_for_their_address),
        cmocka_unit_test(who_comes_and_goes_without_end_is_turned_away),
        cmocka_unit_test(the_hosts_memory_stays_bounded),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
