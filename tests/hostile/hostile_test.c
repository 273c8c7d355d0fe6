/* What must not be accepted is refused with its own error, counted, and changes nothing: from
 * outside, against a real enrumd. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct stage *stage;
static struct peer citizen_peer, keeper_peer;
static struct device citizen, keeper;
static struct test_room room;

static int setup(void **state)
{
    (void)state;
    stage = stage_start();
    device_citizen(&citizen, 7);
    device_keeper(&keeper);
    peer_ready(&citizen_peer, &citizen);
    peer_ready(&keeper_peer, &keeper);
    if (room_open_by(&citizen_peer, &citizen, false, &room) != ENRUM_OK) {
        return -1;
    }
    return (int)room_write(&citizen_peer, &citizen, &room, &(struct write_wish){.text = "hej"});
}

static int teardown(void **state)
{
    (void)state;
    peer_close(&citizen_peer);
    peer_close(&keeper_peer);
    device_free(&citizen);
    device_free(&keeper);
    stage_end();
    return 0;
}

/* The room, as its citizen sees it, has not moved. */
#define UNCHANGED() assert_int_equal(room_head(&citizen_peer, &room), room.seq)

#define REFUSED(expression, error)                                                                 \
    do {                                                                                           \
        uint64_t before_ = stage_refused(#error);                                                  \
        assert_string_equal(error_name(expression), #error);                                       \
        assert_int_equal(stage_refused(#error), before_ + 1);                                      \
        UNCHANGED();                                                                               \
    } while (0)

static void malformed_frames_are_refused_and_the_eighth_ends_the_connection(void **state)
{
    (void)state;
    static const uint8_t frames[][4] = {{0xc1}, {0x80}, {0x91, 1}, {0x92, 1, 0xcc, 5}};
    struct peer peer;
    peer_open(&peer);
    for (int i = 0; i < 8; i++) {
        peer_send_bytes(&peer, frames[i % 4], i % 4 < 2 ? 1 : i % 4 == 2 ? 2 : 4);
        if (i < 7) {
            uint64_t before = stage_refused("MALFORMED");
            assert_string_equal(error_name(peer_wait(&peer, 0)), "MALFORMED");
            assert_true(stage_refused("MALFORMED") >= before);
        }
    }
    assert_true(peer_is_ended(&peer));
    peer_close(&peer);
    UNCHANGED();
}

static void a_message_with_a_field_too_long_is_malformed(void **state)
{
    (void)state;
    struct buffer bytes;
    struct peer peer;
    struct msg_ping ping = {.request = 1};
    peer_open(&peer);
    assert_int_equal(peer_hello(&peer), ENRUM_OK);
    buffer_init(&bytes, 64);
    assert_int_equal(layout_encode(&message_ping, &ping, &bytes), ENRUM_OK);
    bytes.at[1] = MESSAGE_BOARD_GET; /* a BOARD_GET without its board */
    peer_send_bytes(&peer, bytes.at, bytes.len);
    REFUSED(peer_wait(&peer, 1), MALFORMED);
    buffer_fini(&bytes);
    peer_close(&peer);
}

#define UPGRADE(to, more)                                                                          \
    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: " to                     \
    "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" more "\r\n"

static void an_oversized_message_is_told_and_ends_the_connection(void **state)
{
    (void)state;
    enum { SIZE = FRAME_BYTES_MAX + 1, HEADER = 14 };
    uint64_t before = stage_refused("OVERSIZED");
    char answer[1024];
    int fd = stage_raw(UPGRADE("websocket", "Sec-WebSocket-Protocol: enrum.1\r\n"), answer,
                       sizeof answer);
    assert_non_null(strstr(answer, "101"));
    /* A binary message, final, masked with zeros, with its length in eight bytes. */
    uint8_t *message = calloc(1, HEADER + SIZE);
    struct be64 len = be64_of(SIZE);
    message[0] = 0x82;
    message[1] = 0xff;
    memcpy(message + 2, len.bytes, 8);
    for (size_t at = 0; at < HEADER + SIZE;) {
        ssize_t sent = send(fd, message + at, HEADER + SIZE - at, MSG_NOSIGNAL);
        if (sent <= 0) {
            break;
        }
        at += (size_t)sent;
    }
    free(message);
    while (read(fd, answer, sizeof answer) > 0) {
    }
    close(fd);
    assert_int_equal(stage_refused("OVERSIZED"), before + 1);
    UNCHANGED();
}

static void only_our_subprotocol_is_let_in(void **state)
{
    (void)state;
    char answer[1024];
    close(stage_raw(UPGRADE("websocket", ""), answer, sizeof answer));
    assert_null(strstr(answer, " 101 "));
    close(
        stage_raw(UPGRADE("websocket", "Sec-WebSocket-Protocol: http\r\n"), answer, sizeof answer));
    assert_null(strstr(answer, " 101 "));
    close(stage_raw(UPGRADE("h2c", "Sec-WebSocket-Protocol: enrum.1\r\n"), answer, sizeof answer));
    assert_null(strstr(answer, " 101 "));
    UNCHANGED();
}

static void an_unknown_type_is_refused_and_the_connection_stays(void **state)
{
    (void)state;
    static const uint8_t frame[] = {0x92, 0x7f, 0x09};
    peer_send_bytes(&citizen_peer, frame, sizeof frame);
    REFUSED(peer_wait(&citizen_peer, 9), UNKNOWN_TYPE);
}

static void every_message_of_a_client_is_refused_before_hello(void **state)
{
    (void)state;
    struct peer peer;
    peer_open(&peer);
    for (uint8_t type = 1; type < 0x7f; type++) {
        const struct layout *layout = message_find(type);
        if (layout == NULL || type == MESSAGE_HELLO) {
            continue;
        }
        const uint8_t frame[] = {0x92, type, 0x05};
        peer_send_bytes(&peer, frame, sizeof frame);
        assert_string_equal(error_name(peer_wait(&peer, 5)), "OUT_OF_STATE");
    }
    peer_close(&peer);
    UNCHANGED();
}

static void an_unproved_client_may_ask_nothing_of_rooms(void **state)
{
    (void)state;
    struct peer peer;
    struct msg_fetch fetch = {.board = stage->here.board, .room = room.room, .limit = 1};
    peer_open(&peer);
    assert_int_equal(peer_hello(&peer), ENRUM_OK);
    REFUSED(peer_ask(&peer, &message_fetch, &fetch), OUT_OF_STATE);
    peer_close(&peer);
}

static void a_version_that_nobody_speaks_is_refused(void **state)
{
    (void)state;
    struct peer peer;
    struct msg_hello hello = {.versions = slice_of("\x63", 1)};
    peer_open(&peer);
    REFUSED(peer_ask(&peer, &message_hello, &hello), VERSION_UNSUPPORTED);
    peer_close(&peer);
}

static enum enrum_err prove_as(const struct device *device)
{
    struct peer peer;
    peer_open(&peer);
    assert_int_equal(peer_hello(&peer), ENRUM_OK);
    enum enrum_err err = peer_prove(&peer, device);
    peer_close(&peer);
    return err;
}

static struct device_wish wish_now(void)
{
    return (struct device_wish){.by = &stage->here,
                                .role = ROLE_CITIZEN,
                                .person = 7,
                                .not_before = stage_now() - 2000,
                                .not_after = stage_now() + 3600000};
}

static void a_proof_by_another_key_is_refused(void **state)
{
    (void)state;
    struct device device;
    struct device_wish wish = wish_now();
    device_make(&device, &wish);
    sign_pair_new(&device.sign);
    REFUSED(prove_as(&device), SIGNATURE_WRONG);
    device_free(&device);
}

static void an_expired_certificate_is_refused(void **state)
{
    (void)state;
    struct device device;
    struct device_wish wish = wish_now();
    wish.not_after = stage_now() - 1000;
    device_make(&device, &wish);
    REFUSED(prove_as(&device), CERTIFICATE_EXPIRED);
    device_free(&device);
}

static void a_certificate_that_begins_later_is_refused(void **state)
{
    (void)state;
    struct device device;
    struct device_wish wish = wish_now();
    wish.not_before = stage_now() + 60000;
    device_make(&device, &wish);
    REFUSED(prove_as(&device), CERTIFICATE_NOT_YET);
    device_free(&device);
}

static void a_certificate_that_outlives_its_keeper_is_refused(void **state)
{
    (void)state;
    struct device device;
    struct device_wish wish = wish_now();
    wish.not_after = stage_now() + UINT64_C(1000) * 86400000;
    device_make(&device, &wish);
    REFUSED(prove_as(&device), CERTIFICATE_UNTRUSTED);
    device_free(&device);
}

static void a_certificate_of_another_board_is_refused(void **state)
{
    (void)state;
    struct device device;
    struct device_wish wish = wish_now();
    wish.by = &stage->elsewhere;
    device_make(&device, &wish);
    REFUSED(prove_as(&device), CERTIFICATE_OTHER_BOARD);
    device_free(&device);
}

static void a_certificate_that_no_keeper_signed_is_refused(void **state)
{
    (void)state;
    struct device device;
    struct device_wish wish = wish_now();
    wish.signer = &stage->elsewhere.keeper_sign;
    device_make(&device, &wish);
    REFUSED(prove_as(&device), SIGNATURE_WRONG);
    device_free(&device);
}

static void a_board_that_is_not_served_is_unknown(void **state)
{
    (void)state;
    struct msg_board_get get = {.board = stage->elsewhere.board};
    REFUSED(peer_ask(&citizen_peer, &message_board_get, &get), BOARD_UNKNOWN);
}

static void a_wrong_signature_is_refused(void **state)
{
    (void)state;
    REFUSED(
        room_write(&citizen_peer, &citizen, &room, &(struct write_wish){.spoil_signature = true}),
        SIGNATURE_WRONG);
}

static void a_generation_too_old_or_too_new_is_refused(void **state)
{
    (void)state;
    REFUSED(room_write(&citizen_peer, &citizen, &room, &(struct write_wish){.generation = 2}),
            GENERATION_TOO_NEW);
    struct test_room first = room;
    struct buffer members;
    buffer_init(&members, OPEN_BYTES_MAX);
    struct wire_member both[] = {{citizen.certificate.body.person, ROLE_CITIZEN},
                                 {stage->here.board, ROLE_KEEPER}};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(layout_encode(&layout_member, &both[i], &members), ENRUM_OK);
    }
    struct wire_open_generation open = {.number = 2,
                                        .base_seq = room.seq,
                                        .base_hash = room.hash,
                                        .members = buffer_slice(&members)};
    struct write_wish wish = {.class = CLASS_GENERATION, .generation = 2, .open = &open};
    assert_int_equal(room_write(&keeper_peer, &keeper, &room, &wish), ENRUM_OK);
    room.generation = 2;
    first.seq = room.seq;
    first.hash = room.hash;
    REFUSED(room_write(&citizen_peer, &citizen, &first, &(struct write_wish){.text = "gammal"}),
            GENERATION_TOO_OLD);
    buffer_fini(&members);
}

static void the_same_id_with_other_bytes_is_refused(void **state)
{
    (void)state;
    uint64_t used = citizen.device_seq;
    REFUSED(room_write(&citizen_peer, &citizen, &room,
                       &(struct write_wish){.device_seq = used, .text = "annat"}),
            SAME_ID_OTHER_BYTES);
    citizen.device_seq = used;
}

static void a_gap_in_the_devices_numbers_is_refused(void **state)
{
    (void)state;
    REFUSED(room_write(&citizen_peer, &citizen, &room,
                       &(struct write_wish){.device_seq = citizen.device_seq + 2}),
            DEVICE_SEQ_GAP);
}

static void another_history_is_refused(void **state)
{
    (void)state;
    struct test_room other = room;
    other.hash.bytes[0] ^= 1;
    REFUSED(room_write(&citizen_peer, &citizen, &other, &(struct write_wish){.text = "gren"}),
            SEEN_WRONG);
}

static void a_citizen_may_not_write_what_only_keepers_write(void **state)
{
    (void)state;
    struct wire_open_checkpoint open = {.seq = 1, .hash = room.hash, .previous_hash = room.room};
    REFUSED(room_write(&citizen_peer, &citizen, &room,
                       &(struct write_wish){.class = CLASS_CHECKPOINT, .open = &open}),
            MAY_NOT);
    struct id cause = {{9}};
    struct wire_open_record record = {.cause = id_slice(&cause)};
    REFUSED(room_write(&citizen_peer, &citizen, &room, &(struct write_wish){.open = &record}),
            MAY_NOT);
}

static void keepers_messages_are_refused_from_a_citizen(void **state)
{
    (void)state;
    struct msg_letter_done done = {.board = stage->here.board};
    REFUSED(peer_ask(&citizen_peer, &message_letter_done, &done), MAY_NOT);
    struct msg_fetch_log_get get = {.board = stage->here.board, .room = room.room};
    REFUSED(peer_ask(&citizen_peer, &message_fetch_log_get, &get), MAY_NOT);
}

static void a_room_of_others_and_an_absent_room_are_the_same_to_a_stranger(void **state)
{
    (void)state;
    struct device stranger;
    struct peer peer;
    device_citizen(&stranger, 8);
    peer_ready(&peer, &stranger);
    struct id absent = {{1, 2, 3}};
    struct msg_fetch fetch = {.board = stage->here.board, .room = room.room, .limit = 1};
    struct msg_follow follow = {.board = stage->here.board, .room = room.room};
    REFUSED(peer_ask(&peer, &message_fetch, &fetch), ROOM_UNKNOWN);
    REFUSED(peer_ask(&peer, &message_follow, &follow), ROOM_UNKNOWN);
    fetch.room = follow.room = absent;
    REFUSED(peer_ask(&peer, &message_fetch, &fetch), ROOM_UNKNOWN);
    REFUSED(peer_ask(&peer, &message_follow, &follow), ROOM_UNKNOWN);
    struct test_room same = room;
    REFUSED(room_write(&peer, &stranger, &same, &(struct write_wish){.text = "jag"}), ROOM_UNKNOWN);
    peer_close(&peer);
    device_free(&stranger);
}

static void an_entry_of_another_device_is_refused(void **state)
{
    (void)state;
    struct device second;
    struct peer peer;
    device_citizen(&second, 7);
    peer_ready(&peer, &second);
    struct device forged = second;
    forged.certificate = citizen.certificate;
    REFUSED(room_write(&peer, &forged, &room, &(struct write_wish){.text = "forfalskad"}),
            DEVICE_OTHER);
    peer_close(&peer);
    device_free(&second);
}

static void a_revoked_device_is_refused_at_once_and_on_its_next_connection(void **state)
{
    (void)state;
    struct device lost;
    struct peer peer;
    struct test_room reg;
    device_citizen(&lost, 7);
    peer_ready(&peer, &lost);
    assert_int_equal(room_open_by(&keeper_peer, &keeper, true, &reg), ENRUM_OK);
    struct wire_open_member open = {.operation = MEMBER_REVOKE,
                                    .subject_type = SUBJECT_DEVICE,
                                    .subject = lost.certificate.device,
                                    .ground = GROUND_LOST};
    uint64_t in_room = keeper.device_seq;
    keeper.device_seq = 1;
    assert_int_equal(room_write(&keeper_peer, &keeper, &reg,
                                &(struct write_wish){.class = CLASS_MEMBER, .open = &open}),
                     ENRUM_OK);
    keeper.device_seq = in_room;
    REFUSED(room_write(&peer, &lost, &room, &(struct write_wish){.text = "borta"}),
            CERTIFICATE_REVOKED);
    REFUSED(prove_as(&lost), CERTIFICATE_REVOKED);
    peer_close(&peer);
    device_free(&lost);
}

static void a_letter_without_a_keeper_here_is_told_so(void **state)
{
    (void)state;
    uint64_t before = stage_refused("KEEPER_AWAY");
    struct msg_letter_send letter = {.board = stage->here.board, .letter = slice_of("x", 1)};
    peer_close(&keeper_peer);
    enum enrum_err err = ENRUM_OK;
    for (int i = 0; i < 50 && err == ENRUM_OK; i++) {
        err = peer_ask(&citizen_peer, &message_letter_send, &letter);
    }
    assert_string_equal(error_name(err), "KEEPER_AWAY");
    assert_int_equal(stage_refused("KEEPER_AWAY"), before + 1);
    peer_ready(&keeper_peer, &keeper);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_frames_are_refused_and_the_eighth_ends_the_connection),
        cmocka_unit_test(a_message_with_a_field_too_long_is_malformed),
        cmocka_unit_test(an_oversized_message_is_told_and_ends_the_connection),
        cmocka_unit_test(only_our_subprotocol_is_let_in),
        cmocka_unit_test(an_unknown_type_is_refused_and_the_connection_stays),
        cmocka_unit_test(every_message_of_a_client_is_refused_before_hello),
        cmocka_unit_test(an_unproved_client_may_ask_nothing_of_rooms),
        cmocka_unit_test(a_version_that_nobody_speaks_is_refused),
        cmocka_unit_test(a_proof_by_another_key_is_refused),
        cmocka_unit_test(an_expired_certificate_is_refused),
        cmocka_unit_test(a_certificate_that_begins_later_is_refused),
        cmocka_unit_test(a_certificate_that_outlives_its_keeper_is_refused),
        cmocka_unit_test(a_certificate_of_another_board_is_refused),
        cmocka_unit_test(a_certificate_that_no_keeper_signed_is_refused),
        cmocka_unit_test(a_board_that_is_not_served_is_unknown),
        cmocka_unit_test(a_wrong_signature_is_refused),
        cmocka_unit_test(a_generation_too_old_or_too_new_is_refused),
        cmocka_unit_test(the_same_id_with_other_bytes_is_refused),
        cmocka_unit_test(a_gap_in_the_devices_numbers_is_refused),
        cmocka_unit_test(another_history_is_refused),
        cmocka_unit_test(a_citizen_may_not_write_what_only_keepers_write),
        cmocka_unit_test(keepers_messages_are_refused_from_a_citizen),
        cmocka_unit_test(a_room_of_others_and_an_absent_room_are_the_same_to_a_stranger),
        cmocka_unit_test(an_entry_of_another_device_is_refused),
        cmocka_unit_test(a_revoked_device_is_refused_at_once_and_on_its_next_connection),
        cmocka_unit_test(a_letter_without_a_keeper_here_is_told_so),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
