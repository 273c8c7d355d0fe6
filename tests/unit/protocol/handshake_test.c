/* handshake_test -- the host's proof, the device's proof, the nonce of a login. */
#include "cast.h"
#include "protocol/handshake.h"
#include "sample.h"

#include <string.h>

static struct cast cast;
static const struct id client_nonce = {{1, 2, 3}}, server_nonce = {{4, 5, 6}};

static struct msg_challenge challenge(void)
{
    struct msg_challenge made = {
        .version = 1, .nonce = server_nonce, .host_key = cast.host.public, .time = CAST_BEGIN};
    handshake_challenge_sign(&cast.host, &client_nonce, &made);
    return made;
}

static bool is_good(const struct msg_challenge *made)
{
    return handshake_challenge_is_good(&cast.host.public, &client_nonce, made);
}

static void the_hosts_challenge_is_good_for_its_nonces_time_and_key_only(void **state)
{
    (void)state;
    struct msg_challenge good = challenge(), bent = good;
    assert_true(is_good(&good));
    assert_false(handshake_challenge_is_good(&cast.host.public, &server_nonce, &good));
    assert_false(handshake_challenge_is_good(&cast.root.public, &client_nonce, &good));
    bent.nonce.bytes[31] ^= 1;
    assert_false(is_good(&bent));
    bent = good;
    bent.time++;
    assert_false(is_good(&bent));
    bent = good;
    bent.sig.bytes[0] ^= 1;
    assert_false(is_good(&bent));
    /* The right host that names another key, which the proof would then be made for. */
    bent = good;
    bent.host_key = cast.root.public;
    assert_false(is_good(&bent));
    /* Another host that signs well is still not the one that the board has named. */
    bent = good;
    bent.host_key = cast.root.public;
    handshake_challenge_sign(&cast.root, &client_nonce, &bent);
    assert_false(is_good(&bent));
}

static struct handshake_proof proof(void)
{
    return (struct handshake_proof){client_nonce, server_nonce, cast.board, cast.host.public,
                                    cast.citizen.checked.hash};
}

static void the_devices_proof_is_good_for_one_connection_board_and_certificate_only(void **state)
{
    (void)state;
    struct handshake_proof good = proof();
    struct sig sig;
    const struct id *key = &cast.citizen.sign.public;
    handshake_proof_sign(&cast.citizen.sign, &good, &sig);
    assert_true(handshake_proof_is_good(key, &good, &sig));
    assert_false(handshake_proof_is_good(&cast.staff.sign.public, &good, &sig));
    struct handshake_proof bent = good;
    struct id *const parts[] = {&bent.client_nonce, &bent.server_nonce, &bent.board, &bent.host_key,
                                &bent.certificate};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        bent = good;
        parts[i]->bytes[7] ^= 1;
        assert_false(handshake_proof_is_good(key, &bent, &sig));
    }
    bent = good;
    bent.client_nonce = good.server_nonce;
    bent.server_nonce = good.client_nonce;
    assert_false(handshake_proof_is_good(key, &bent, &sig));
    sig.bytes[63] ^= 1;
    assert_false(handshake_proof_is_good(key, &good, &sig));
}

static void a_login_nonce_is_of_one_board_device_and_login(void **state)
{
    (void)state;
    struct id parts[4] = {cast.board, cast.citizen.sign.public, cast.citizen.seal.public,
                          client_nonce};
    char good[44], again[44], other[44];
    handshake_login_nonce(&parts[0], &parts[1], &parts[2], &parts[3], good);
    handshake_login_nonce(&parts[0], &parts[1], &parts[2], &parts[3], again);
    assert_string_equal(good, again);
    assert_int_equal(strlen(good), 43);
    for (size_t i = 0; i < 4; i++) {
        parts[i].bytes[0] ^= 1;
        handshake_login_nonce(&parts[0], &parts[1], &parts[2], &parts[3], other);
        assert_string_not_equal(good, other);
        parts[i].bytes[0] ^= 1;
    }
}

static int start(void **state)
{
    (void)state;
    cast_init(&cast);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hosts_challenge_is_good_for_its_nonces_time_and_key_only),
        cmocka_unit_test(the_devices_proof_is_good_for_one_connection_board_and_certificate_only),
        cmocka_unit_test(a_login_nonce_is_of_one_board_device_and_login),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
