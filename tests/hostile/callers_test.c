/* Calls at a real host: who may come and let in, the relay's answer, statements that nobody has
 * signed, and hosts that carry no calls or are told nonsense. */
#include "stage.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct stage *stage;
static struct device staff, guest;
static struct peer staff_peer, guest_peer;
static struct test_room room;

/* The keeper's, with the one member of staff. */
static enum enrum_err room_make(void)
{
    struct device keeper;
    struct peer peer;
    struct wire_open_member open = {.operation = MEMBER_ADD,
                                    .subject_type = SUBJECT_PERSON,
                                    .subject = staff.certificate.body.person,
                                    .role = ROLE_STAFF};
    device_keeper(&keeper);
    peer_ready(&peer, &keeper);
    enum enrum_err err = room_open_by(&peer, &keeper, false, &room);
    if (err == ENRUM_OK) {
        err = room_write(&peer, &keeper, &room,
                         &(struct write_wish){.class = CLASS_MEMBER, .open = &open});
    }
    peer_close(&peer);
    device_free(&keeper);
    return err;
}

static int setup(void **state)
{
    (void)state;
    stage = stage_start_with(&(struct stage_wish){.relay = "\"listen\":\"127.0.0.1:0\""});
    uint64_t now = stage_now();
    device_make(&staff, &(struct device_wish){.by = &stage->here,
                                              .role = ROLE_STAFF,
                                              .person = 9,
                                              .not_before = now - 1000,
                                              .not_after = now + 3600000});
    device_make(&guest, &(struct device_wish){.by = &stage->here,
                                              .role = ROLE_GUEST,
                                              .person = 10,
                                              .not_before = now - 1000,
                                              .not_after = now + 3600000});
    peer_ready(&staff_peer, &staff);
    peer_ready(&guest_peer, &guest);
    return (int)room_make();
}

static int teardown(void **state)
{
    (void)state;
    peer_close(&staff_peer);
    peer_close(&guest_peer);
    device_free(&staff);
    device_free(&guest);
    stage_end();
    return 0;
}

/* -- What the devices say -- */

struct call_key {
    struct id key;
    struct buffer bytes;
};

static void key_make(struct call_key *key, const struct device *device, const struct id *call,
                     const struct sign_pair *signer)
{
    struct buffer body;
    suite_random(key->key.bytes, ID_BYTES);
    struct wire_call_key value = {.version = 1,
                                  .suite = SUITE_1,
                                  .board = stage->here.board,
                                  .call = *call,
                                  .certificate = device->certificate.hash,
                                  .key = key->key,
                                  .time = stage_now()};
    buffer_init(&body, CERTIFICATE_BYTES_MAX);
    buffer_init(&key->bytes, CERTIFICATE_BYTES_MAX);
    assert_int_equal(layout_encode(&layout_call_key, &value, &body), ENRUM_OK);
    assert_int_equal(signed_encode(signer, LABEL_CALL_KEY, buffer_slice(&body), &key->bytes),
                     ENRUM_OK);
    buffer_fini(&body);
}

static enum enrum_err come(struct peer *peer, const struct id *in, const struct id *call,
                           const struct call_key *key)
{
    struct msg_call_join join = {
        .board = stage->here.board, .call = *call, .key = buffer_slice(&key->bytes)};
    if (in != NULL) {
        join.room = id_slice(in);
    }
    return peer_ask(peer, &message_call_join, &join);
}

static enum enrum_err let_in(struct peer *peer, const struct id *call, const struct call_key *about,
                             const struct sign_pair *signer)
{
    struct buffer body, statement;
    struct wire_call_admission value = {.version = 1,
                                        .board = stage->here.board,
                                        .call = *call,
                                        .operation = CALL_ADMITTED,
                                        .certificate = guest.certificate.hash,
                                        .key = about->key,
                                        .by = staff.certificate.hash,
                                        .time = stage_now()};
    buffer_init(&body, CERTIFICATE_BYTES_MAX);
    buffer_init(&statement, CERTIFICATE_BYTES_MAX);
    assert_int_equal(layout_encode(&layout_call_admission, &value, &body), ENRUM_OK);
    assert_int_equal(signed_encode(signer, LABEL_CALL_ADMISSION, buffer_slice(&body), &statement),
                     ENRUM_OK);
    struct msg_call_admit admit = {
        .board = stage->here.board, .call = *call, .statement = buffer_slice(&statement)};
    enum enrum_err err = peer_ask(peer, &message_call_admit, &admit);
    buffer_fini(&body);
    buffer_fini(&statement);
    return err;
}

static enum enrum_err ask_leg(struct peer *peer, const struct id *call, const char *ufrag)
{
    struct buffer streams;
    struct wire_call_stream voice = {.use = CALL_USE_VOICE, .ssrc = 7, .payload_type = 111};
    buffer_init(&streams, CERTIFICATE_BYTES_MAX);
    assert_int_equal(layout_encode(&layout_call_stream, &voice, &streams), ENRUM_OK);
    struct msg_call_leg leg = {.board = stage->here.board,
                               .call = *call,
                               .ufrag = slice_of_text(ufrag),
                               .pwd = slice_of_text("0123456789012345678901"),
                               .streams = buffer_slice(&streams)};
    enum enrum_err err = peer_ask(peer, &message_call_leg, &leg);
    buffer_fini(&streams);
    return err;
}

static struct msg_call call_shown(const struct peer *peer)
{
    struct msg_call call;
    assert_int_equal(layout_decode(&message_call, buffer_slice(&peer->frame), &call), ENRUM_OK);
    return call;
}

static void leave(struct peer *peer, const struct id *call, bool for_all)
{
    struct msg_call_leave message = {.board = stage->here.board, .call = *call, .for_all = for_all};
    assert_int_equal(peer_ask(peer, &message_call_leave, &message), ENRUM_OK);
}

/* Datagrams of nobody: no answer, and the host goes on. */
static void strangers_send(uint16_t port)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    uint8_t bytes[1200];
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    for (unsigned i = 0; i < 2000; i++) {
        suite_random(bytes, sizeof bytes);
        bytes[0] = (uint8_t)i;
        size_t len = i % 2 == 0 ? 20 + i % 1000 : i % 20;
        (void)sendto(fd, bytes, len, 0, (struct sockaddr *)&at, sizeof at);
    }
    assert_int_equal(recv(fd, bytes, sizeof bytes, MSG_DONTWAIT), -1);
    close(fd);
}

/* -- Tests -- */

static void staff_let_a_guest_in_and_both_are_told_where_the_relay_is(void **state)
{
    (void)state;
    struct id call;
    struct call_key staff_key, guest_key;
    struct msg_call_leg_ready first, second;
    suite_random(call.bytes, ID_BYTES);
    key_make(&staff_key, &staff, &call, &staff.sign);
    key_make(&guest_key, &guest, &call, &guest.sign);
    /* Who does not follow the room is nobody there; a guest finds no call that is not. */
    assert_int_equal(come(&staff_peer, &room.room, &call, &staff_key), ENRUM_ROOM_UNKNOWN);
    assert_int_equal(come(&guest_peer, NULL, &call, &guest_key), ENRUM_CALL_UNKNOWN);
    struct msg_follow follow = {.board = stage->here.board, .room = room.room};
    assert_int_equal(peer_ask(&staff_peer, &message_follow, &follow), ENRUM_OK);
    assert_int_equal(come(&staff_peer, &room.room, &call, &staff_key), ENRUM_OK);
    assert_int_equal(call_shown(&staff_peer).state, CALL_STATE_IN);
    assert_int_equal(come(&guest_peer, NULL, &call, &guest_key), ENRUM_OK);
    assert_int_equal(call_shown(&guest_peer).state, CALL_STATE_WAITING);
    assert_int_equal(call_shown(&guest_peer).position, 1);
    /* Who waits has no media, and nobody lets itself in. */
    assert_int_equal(ask_leg(&guest_peer, &call, "gggg"), ENRUM_MAY_NOT);
    assert_int_equal(let_in(&guest_peer, &call, &guest_key, &guest.sign), ENRUM_MAY_NOT);
    assert_int_equal(let_in(&staff_peer, &call, &guest_key, &staff.sign), ENRUM_OK);
    assert_int_equal(ask_leg(&staff_peer, &call, "ssss"), ENRUM_OK);
    assert_int_equal(
        layout_decode(&message_call_leg_ready, buffer_slice(&staff_peer.frame), &first), ENRUM_OK);
    assert_true(first.port > 0 && slice_equal(first.addresses, slice_of_text("127.0.0.1")));
    struct id fingerprint = first.fingerprint;
    assert_int_equal(ask_leg(&guest_peer, &call, "gggg"), ENRUM_OK);
    assert_int_equal(
        layout_decode(&message_call_leg_ready, buffer_slice(&guest_peer.frame), &second), ENRUM_OK);
    assert_true(id_equal(&fingerprint, &second.fingerprint));
    strangers_send((uint16_t)second.port);
    /* Asked again, it is the same leg. */
    char ufrag[257];
    memcpy(ufrag, second.ufrag.at, second.ufrag.len);
    size_t len = second.ufrag.len;
    assert_int_equal(ask_leg(&guest_peer, &call, "gggg"), ENRUM_OK);
    assert_int_equal(
        layout_decode(&message_call_leg_ready, buffer_slice(&guest_peer.frame), &second), ENRUM_OK);
    assert_true(slice_equal(second.ufrag, slice_of(ufrag, len)));
    leave(&staff_peer, &call, true);
    assert_int_equal(come(&guest_peer, NULL, &call, &guest_key), ENRUM_CALL_UNKNOWN);
    buffer_fini(&staff_key.bytes);
    buffer_fini(&guest_key.bytes);
}

static void what_the_device_has_not_signed_is_refused(void **state)
{
    (void)state;
    struct id call;
    struct call_key forged, good;
    suite_random(call.bytes, ID_BYTES);
    key_make(&forged, &staff, &call, &guest.sign);
    assert_int_equal(come(&staff_peer, &room.room, &call, &forged), ENRUM_SIGNATURE_WRONG);
    key_make(&good, &staff, &call, &staff.sign);
    assert_int_equal(come(&staff_peer, &room.room, &call, &good), ENRUM_OK);
    assert_int_equal(let_in(&staff_peer, &call, &forged, &guest.sign), ENRUM_SIGNATURE_WRONG);
    leave(&staff_peer, &call, false);
    buffer_fini(&forged.bytes);
    buffer_fini(&good.bytes);
}

/* Hundreds of calls, each begun and left by connections that are cut. */
static void calls_of_cut_connections_are_no_more(void **state)
{
    (void)state;
    for (int round = 0; round < 30; round++) {
        struct peer peer;
        struct id call;
        struct call_key key;
        suite_random(call.bytes, ID_BYTES);
        key_make(&key, &staff, &call, &staff.sign);
        peer_ready(&peer, &staff);
        struct msg_follow follow = {.board = stage->here.board, .room = room.room};
        assert_int_equal(peer_ask(&peer, &message_follow, &follow), ENRUM_OK);
        assert_int_equal(come(&peer, &room.room, &call, &key), ENRUM_OK);
        assert_int_equal(ask_leg(&peer, &call, "cccc"), ENRUM_OK);
        leave(&peer, &call, round % 2 == 0);
        peer_close(&peer);
        buffer_fini(&key.bytes);
    }
}

static void nonsense_about_the_relay_is_told(void **state)
{
    (void)state;
    char words[1024];
    static const struct {
        const char *relay, *words;
    } rows[] = {
        {"\"listen\":\"0.0.0.0:0\"", "\"addresses\" must say where devices find it"},
        {"\"listen\":\"127.0.0.1\"", "must be ADDRESS:PORT"},
        {"\"listen\":\"127.0.0.1:0\",\"port\":1", "the key \"port\" is not known"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        stage_refuse(&(struct stage_wish){.relay = rows[i].relay}, words, sizeof words);
        assert_non_null(strstr(words, rows[i].words));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(staff_let_a_guest_in_and_both_are_told_where_the_relay_is),
        cmocka_unit_test(what_the_device_has_not_signed_is_refused),
        cmocka_unit_test(calls_of_cut_connections_are_no_more),
        cmocka_unit_test(nonsense_about_the_relay_is_told),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
