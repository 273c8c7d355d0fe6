/* srtp_test -- one leg's protection: what is forged, repeated or from nobody is refused. */
#include "relay/srtp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

enum { PACKET_BYTES = 112 };

/* The relay's side of a leg, and its peer's. */
struct ends {
    struct srtp_pair relay, peer;
};

static void open_both(struct ends *ends, enum srtp_profile profile)
{
    struct srtp_keys keys = {.profile = profile}, turned;
    *ends = (struct ends){.relay = {.in = NULL}};
    for (size_t i = 0; i < SRTP_MASTER_BYTES_MAX; i++) {
        keys.in[i] = (uint8_t)i;
        keys.out[i] = (uint8_t)(100 + i);
    }
    turned = keys;
    memcpy(turned.in, keys.out, sizeof turned.in);
    memcpy(turned.out, keys.in, sizeof turned.out);
    assert_true(srtp_pair_open(&ends->relay, &keys));
    assert_true(srtp_pair_open(&ends->peer, &turned));
    const struct srtp_keys zero = {.profile = SRTP_PROFILE_GCM};
    assert_memory_equal(&keys, &zero, sizeof zero);
}

static void close_both(struct ends *ends)
{
    srtp_pair_close(&ends->relay);
    srtp_pair_close(&ends->peer);
}

static size_t rtp(uint8_t *packet, uint32_t ssrc, uint16_t seq, uint8_t fill)
{
    memset(packet, fill, PACKET_BYTES);
    const uint8_t head[] = {0x80,
                            96,
                            (uint8_t)(seq >> 8),
                            (uint8_t)seq,
                            0,
                            0,
                            0,
                            1,
                            (uint8_t)(ssrc >> 24),
                            (uint8_t)(ssrc >> 16),
                            (uint8_t)(ssrc >> 8),
                            (uint8_t)ssrc};
    memcpy(packet, head, sizeof head);
    return PACKET_BYTES;
}

static void through(enum srtp_profile profile)
{
    struct ends ends;
    uint8_t packet[256], plain[256];
    open_both(&ends, profile);
    assert_true(srtp_pair_hear(&ends.relay, 7));
    size_t len = rtp(packet, 7, 1, 0x55);
    memcpy(plain, packet, len);
    assert_int_equal(srtp_pair_protect(&ends.peer, packet, &len), SRTP_FINE);
    assert_true(len > PACKET_BYTES);
    assert_true(memcmp(packet + 12, plain + 12, 100) != 0);
    assert_int_equal(srtp_pair_unprotect(&ends.relay, packet, &len), SRTP_FINE);
    assert_int_equal(len, PACKET_BYTES);
    assert_memory_equal(packet, plain, len);
    close_both(&ends);
}

static void a_packet_comes_through_under_both_profiles(void **state)
{
    (void)state;
    through(SRTP_PROFILE_GCM);
    through(SRTP_PROFILE_CM);
}

static void forged_repeated_cut_and_unannounced_packets_are_told_apart(void **state)
{
    (void)state;
    struct ends ends;
    uint8_t packet[256], copy[256];
    open_both(&ends, SRTP_PROFILE_GCM);
    assert_true(srtp_pair_hear(&ends.relay, 7));
    size_t sealed = rtp(packet, 7, 1, 0x55), len;
    assert_int_equal(srtp_pair_protect(&ends.peer, packet, &sealed), SRTP_FINE);
    for (size_t at = 1; at < sealed; at++) {
        memcpy(copy, packet, sealed);
        copy[at] ^= 1;
        len = sealed;
        assert_int_not_equal(srtp_pair_unprotect(&ends.relay, copy, &len), SRTP_FINE);
    }
    for (size_t cut = 0; cut < sealed; cut++) {
        memcpy(copy, packet, sealed);
        len = cut;
        assert_int_not_equal(srtp_pair_unprotect(&ends.relay, copy, &len), SRTP_FINE);
    }
    memcpy(copy, packet, sealed);
    copy[sealed - 1] ^= 1;
    len = sealed;
    assert_int_equal(srtp_pair_unprotect(&ends.relay, copy, &len), SRTP_FORGED);
    memcpy(copy, packet, sealed);
    len = sealed;
    assert_int_equal(srtp_pair_unprotect(&ends.relay, copy, &len), SRTP_FINE);
    memcpy(copy, packet, sealed);
    len = sealed;
    assert_int_equal(srtp_pair_unprotect(&ends.relay, copy, &len), SRTP_REPLAYED);
    len = rtp(packet, 8, 1, 0x55);
    assert_int_equal(srtp_pair_protect(&ends.peer, packet, &len), SRTP_FINE);
    assert_int_equal(srtp_pair_unprotect(&ends.relay, packet, &len), SRTP_UNKNOWN);
    len = 4;
    assert_int_equal(srtp_pair_unprotect(&ends.relay, packet, &len), SRTP_MALFORMED);
    close_both(&ends);
}

static void a_resend_is_the_same_bytes(void **state)
{
    (void)state;
    struct ends ends;
    uint8_t first[256], again[256], other[256];
    open_both(&ends, SRTP_PROFILE_GCM);
    size_t len = rtp(first, 9, 5, 0x11), other_len = rtp(other, 9, 6, 0x22);
    size_t again_len = rtp(again, 9, 5, 0x11);
    assert_int_equal(srtp_pair_protect(&ends.relay, first, &len), SRTP_FINE);
    assert_int_equal(srtp_pair_protect(&ends.relay, other, &other_len), SRTP_FINE);
    assert_int_equal(srtp_pair_protect(&ends.relay, again, &again_len), SRTP_FINE);
    assert_int_equal(again_len, len);
    assert_memory_equal(again, first, len);
    close_both(&ends);
}

static void an_unheard_ssrc_that_is_heard_again_keeps_its_window(void **state)
{
    (void)state;
    struct ends ends;
    uint8_t packet[256], copy[256];
    open_both(&ends, SRTP_PROFILE_GCM);
    assert_true(srtp_pair_hear(&ends.relay, 7));
    size_t sealed = rtp(packet, 7, 1, 0), len;
    assert_int_equal(srtp_pair_protect(&ends.peer, packet, &sealed), SRTP_FINE);
    memcpy(copy, packet, sealed);
    len = sealed;
    assert_int_equal(srtp_pair_unprotect(&ends.relay, copy, &len), SRTP_FINE);
    srtp_pair_unhear(&ends.relay, 7);
    memcpy(copy, packet, sealed);
    len = sealed;
    assert_int_equal(srtp_pair_unprotect(&ends.relay, copy, &len), SRTP_UNKNOWN);
    assert_true(srtp_pair_hear(&ends.relay, 7));
    memcpy(copy, packet, sealed);
    len = sealed;
    assert_int_equal(srtp_pair_unprotect(&ends.relay, copy, &len), SRTP_REPLAYED);
    close_both(&ends);
}

static void ssrcs_are_bounded(void **state)
{
    (void)state;
    struct ends ends;
    uint8_t report[64];
    open_both(&ends, SRTP_PROFILE_GCM);
    for (uint32_t ssrc = 1; ssrc <= SRTP_SOURCES_MAX; ssrc++) {
        assert_true(srtp_pair_hear(&ends.relay, ssrc));
        srtp_pair_unhear(&ends.relay, ssrc);
        assert_true(srtp_pair_hear(&ends.relay, ssrc));
    }
    assert_false(srtp_pair_hear(&ends.relay, SRTP_SOURCES_MAX + 1));
    for (uint8_t ssrc = 1; ssrc <= SRTP_REPORTERS_MAX + 1; ssrc++) {
        const uint8_t empty[] = {0x80, 201, 0, 1, 0, 0, 0, ssrc};
        size_t len = sizeof empty;
        memcpy(report, empty, len);
        assert_int_equal(srtp_pair_protect_rtcp(&ends.peer, report, &len), SRTP_FINE);
        report[len - 1] ^= 1; /* one that is forged takes no place */
        size_t forged = len;
        enum srtp_verdict fine = ssrc <= SRTP_REPORTERS_MAX ? SRTP_FINE : SRTP_UNKNOWN;
        assert_int_not_equal(srtp_pair_unprotect_rtcp(&ends.relay, report, &forged), SRTP_FINE);
        memcpy(report, empty, sizeof empty);
        len = sizeof empty;
        assert_int_equal(srtp_pair_protect_rtcp(&ends.peer, report, &len), SRTP_FINE);
        assert_int_equal(srtp_pair_unprotect_rtcp(&ends.relay, report, &len), fine);
    }
    close_both(&ends);
}

static int start(void **state)
{
    (void)state;
    return srtp_library_init() ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    srtp_library_fini();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_comes_through_under_both_profiles),
        cmocka_unit_test(forged_repeated_cut_and_unannounced_packets_are_told_apart),
        cmocka_unit_test(a_resend_is_the_same_bytes),
        cmocka_unit_test(an_unheard_ssrc_that_is_heard_again_keeps_its_window),
        cmocka_unit_test(ssrcs_are_bounded),
    };
    return cmocka_run_group_tests(tests, start, end);
}
