/* Blobs from somebody who is proved and means no good: floods, another's room, ids that are not
 * there, downloads that are asked for and not read. From outside, against a real enrumd with small
 * limits; an honest member's file goes there and comes back meanwhile. */
#include "raw.h"

#include "protocol/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { UNNAMED_MAX = 40, RSS_GROWTH_MAX = 64 << 20 };

static struct stage *stage;
static struct peer honest_peer, greedy_peer;
static struct device honest, greedy;
static struct test_room honest_room, greedy_room;
static uint8_t bytes[BLOB_BYTES_MAX];

static int setup(void **state)
{
    (void)state;
    assert_int_equal(setenv("ASAN_OPTIONS", "detect_leaks=1:quarantine_size_mb=1", 1), 0);
    stage = stage_start_with(&(struct stage_wish){
        .metrics = "127.0.0.1:0", .limits = "\"unnamed_blobs\":40,\"outbox_bytes\":1048576"});
    device_citizen(&honest, 7);
    device_citizen(&greedy, 8);
    peer_ready(&honest_peer, &honest);
    peer_ready(&greedy_peer, &greedy);
    enum enrum_err err = room_open_by(&honest_peer, &honest, false, &honest_room);
    return (int)(err != ENRUM_OK ? err : room_open_by(&greedy_peer, &greedy, false, &greedy_room));
}

static int teardown(void **state)
{
    (void)state;
    peer_close(&honest_peer);
    peer_close(&greedy_peer);
    device_free(&honest);
    device_free(&greedy);
    stage_end();
    return 0;
}

/* Blob `number` of those that this test makes. */
static struct slice blob_of(uint32_t number, struct id *id)
{
    memset(bytes, 0x5a, sizeof bytes);
    memcpy(bytes, &number, sizeof number);
    struct slice blob = slice_of(bytes, sizeof bytes);
    file_blob_id(blob, id);
    return blob;
}

static enum enrum_err put(struct peer *peer, const struct device *device,
                          const struct test_room *room, uint32_t number, struct id *id)
{
    struct msg_blob_put message = {.board = device->certificate.body.board, .room = room->room};
    message.bytes = blob_of(number, id);
    return peer_ask(peer, &message_blob_put, &message);
}

static enum enrum_err get(struct peer *peer, const struct device *device,
                          const struct test_room *room, const struct id *blob)
{
    struct msg_blob_get message = {
        .board = device->certificate.body.board, .room = room->room, .blob = *blob};
    return peer_ask(peer, &message_blob_get, &message);
}

static enum enrum_err name(struct peer *peer, struct device *device, struct test_room *room,
                           const struct id *blobs, size_t count)
{
    struct wire_open_record open = {.blobs = slice_of(blobs, count * ID_BYTES)};
    return room_write(peer, device, room,
                      &(struct write_wish){.class = CLASS_RECORD, .open = &open, .text = "fil"});
}

static void honest_members_file_goes_and_comes(void)
{
    static uint32_t number = 1000;
    struct id ids[2];
    struct msg_blob blob;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(put(&honest_peer, &honest, &honest_room, ++number, &ids[i]), ENRUM_OK);
    }
    assert_int_equal(name(&honest_peer, &honest, &honest_room, ids, 2), ENRUM_OK);
    assert_int_equal(get(&honest_peer, &honest, &honest_room, &ids[1]), ENRUM_OK);
    assert_int_equal(layout_decode(&message_blob, buffer_slice(&honest_peer.frame), &blob),
                     ENRUM_OK);
    struct id id;
    file_blob_id(blob.bytes, &id);
    assert_true(id_equal(&id, &ids[1]));
}

static void a_file_goes_to_the_host_and_comes_back(void **state)
{
    (void)state;
    honest_members_file_goes_and_comes();
}

static void somebody_elses_room_is_not_there(void **state)
{
    (void)state;
    struct id id, ids[2] = {{{1}}, {{2}}};
    struct msg_blob_ask ask = {.board = honest.certificate.body.board,
                               .room = honest_room.room,
                               .blobs = slice_of(ids, sizeof ids)};
    assert_int_equal(put(&honest_peer, &honest, &honest_room, 1, &id), ENRUM_OK);
    assert_int_equal(name(&honest_peer, &honest, &honest_room, &id, 1), ENRUM_OK);
    assert_int_equal(get(&greedy_peer, &greedy, &honest_room, &id), ENRUM_ROOM_UNKNOWN);
    assert_int_equal(get(&greedy_peer, &greedy, &greedy_room, &id), ENRUM_BLOB_UNKNOWN);
    assert_int_equal(put(&greedy_peer, &greedy, &honest_room, 2, &id), ENRUM_ROOM_UNKNOWN);
    assert_int_equal(peer_ask(&greedy_peer, &message_blob_ask, &ask), ENRUM_ROOM_UNKNOWN);
    honest_members_file_goes_and_comes();
}

static void an_entry_that_names_what_is_not_there_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    struct id ids[2], nobody = {{9}};
    assert_int_equal(put(&honest_peer, &honest, &honest_room, 3, &ids[0]), ENRUM_OK);
    ids[1] = nobody;
    uint64_t seq = honest_room.seq;
    assert_int_equal(name(&honest_peer, &honest, &honest_room, ids, 2), ENRUM_BLOB_MISSING);
    assert_int_equal(room_head(&honest_peer, &honest_room), seq);
    assert_int_equal(get(&honest_peer, &honest, &honest_room, &ids[0]), ENRUM_BLOB_UNKNOWN);
    assert_int_equal(name(&honest_peer, &honest, &honest_room, ids, 1), ENRUM_OK);
    assert_int_equal(get(&honest_peer, &honest, &honest_room, &ids[0]), ENRUM_OK);
    /* One entry's blob is no other's. */
    assert_int_equal(name(&honest_peer, &honest, &honest_room, ids, 1), ENRUM_BLOB_MISSING);
    honest_members_file_goes_and_comes();
}

static void a_flood_of_blobs_is_bounded_and_hurts_nobody_else(void **state)
{
    (void)state;
    struct id id, first;
    unsigned kept = 0;
    assert_int_equal(put(&greedy_peer, &greedy, &greedy_room, 10000, &first), ENRUM_OK);
    while (kept < 2 * UNNAMED_MAX &&
           put(&greedy_peer, &greedy, &greedy_room, 10001 + kept, &id) == ENRUM_OK) {
        kept++;
    }
    assert_int_equal(kept, UNNAMED_MAX - 1);
    assert_true(stage_metric("enrum_refused_total{error=\"BLOBS_FULL\"}") >= 1);
    honest_members_file_goes_and_comes();
    /* Naming one makes place for one. */
    assert_int_equal(name(&greedy_peer, &greedy, &greedy_room, &first, 1), ENRUM_OK);
    assert_int_equal(put(&greedy_peer, &greedy, &greedy_room, 20000, &id), ENRUM_OK);
    assert_int_equal(put(&greedy_peer, &greedy, &greedy_room, 20001, &id), ENRUM_BLOBS_FULL);
}

static void a_download_that_is_asked_for_and_not_read_is_ended(void **state)
{
    (void)state;
    struct id id;
    struct msg_blob_get message = {.board = greedy.certificate.body.board,
                                   .room = greedy_room.room};
    (void)blob_of(10000, &id);
    message.blob = id;
    size_t before = stage_rss();
    uint64_t ended = stage_metric("enrum_ended_total{why=\"outbox\"}");
    int fd = raw_ready(3, &greedy);
    for (uint64_t request = 10; request < 210; request++) {
        if (!raw_send_message(fd, &message_blob_get, request, &message)) {
            break;
        }
    }
    honest_members_file_goes_and_comes();
    assert_true(stage_metric_reaches("enrum_ended_total{why=\"outbox\"}", ended + 1));
    close(fd);
    assert_true(stage_rss() < before + RSS_GROWTH_MAX);
    honest_members_file_goes_and_comes();
}

static void blobs_out_of_their_limits_are_malformed(void **state)
{
    (void)state;
    static uint8_t large[BLOB_BYTES_MAX + 1];
    struct buffer frame;
    struct msg_blob_put message = {.request = 900,
                                   .board = honest.certificate.body.board,
                                   .room = honest_room.room,
                                   .bytes = slice_of(large, BLOB_BYTES_MAX)};
    buffer_init(&frame, FRAME_BYTES_MAX);
    assert_int_equal(layout_encode(&message_blob_put, &message, &frame), ENRUM_OK);
    /* bin 32 of 65552 bytes: one byte more in the length, and behind. */
    uint8_t *length = frame.at + frame.len - BLOB_BYTES_MAX - 1;
    assert_int_equal(*length, BLOB_BYTES_MAX & 255);
    (*length)++;
    buffer_append(&frame, large, 1);
    peer_send_bytes(&honest_peer, frame.at, frame.len);
    assert_int_equal(peer_wait(&honest_peer, 900), ENRUM_MALFORMED);
    buffer_fini(&frame);
    honest_members_file_goes_and_comes();
}

static void what_was_taken_is_there_when_the_host_was_killed(void **state)
{
    (void)state;
    struct id ids[2];
    struct msg_blobs blobs;
    assert_int_equal(put(&honest_peer, &honest, &honest_room, 30000, &ids[0]), ENRUM_OK);
    stage_signal(9);
    assert_int_equal(stage_wait(), -9);
    stage_restart();
    peer_close(&honest_peer);
    peer_ready(&honest_peer, &honest);
    (void)blob_of(30001, &ids[1]);
    struct msg_blob_ask ask = {.board = honest.certificate.body.board,
                               .room = honest_room.room,
                               .blobs = slice_of(ids, sizeof ids)};
    assert_int_equal(peer_ask(&honest_peer, &message_blob_ask, &ask), ENRUM_OK);
    assert_int_equal(layout_decode(&message_blobs, buffer_slice(&honest_peer.frame), &blobs),
                     ENRUM_OK);
    assert_true(slice_equal(blobs.missing, id_slice(&ids[1])));
    assert_int_equal(put(&honest_peer, &honest, &honest_room, 30001, &ids[1]), ENRUM_OK);
    assert_int_equal(name(&honest_peer, &honest, &honest_room, ids, 2), ENRUM_OK);
    assert_int_equal(get(&honest_peer, &honest, &honest_room, &ids[0]), ENRUM_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_goes_to_the_host_and_comes_back),
        cmocka_unit_test(somebody_elses_room_is_not_there),
        cmocka_unit_test(an_entry_that_names_what_is_not_there_is_refused_and_changes_nothing),
        cmocka_unit_test(a_flood_of_blobs_is_bounded_and_hurts_nobody_else),
        cmocka_unit_test(a_download_that_is_asked_for_and_not_read_is_ended),
        cmocka_unit_test(blobs_out_of_their_limits_are_malformed),
        cmocka_unit_test(what_was_taken_is_there_when_the_host_was_killed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
