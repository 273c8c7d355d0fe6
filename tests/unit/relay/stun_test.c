/* stun_test -- binding requests: the vectors of RFC 5769, and ones that are wrong. */
#include "relay/stun.h"

#include "binding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char password[] = "VOkJxbRl1RmTxUk/WvJxBt";

/* RFC 5769, 2.1. */
static const uint8_t sample[] = {
    0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
    0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x10, 'S',  'T',  'U',  'N',  ' ',  't',  'e',  's',
    't',  ' ',  'c',  'l',  'i',  'e',  'n',  't',  0x00, 0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff,
    0x80, 0x29, 0x00, 0x08, 0x93, 0x2f, 0xf9, 0xb1, 0x51, 0x26, 0x3b, 0x36, 0x00, 0x06, 0x00, 0x09,
    'e',  'v',  't',  'j',  ':',  'h',  '6',  'v',  'Y',  ' ',  ' ',  ' ',  0x00, 0x08, 0x00, 0x14,
    0x9a, 0xea, 0xa7, 0x0c, 0xbf, 0xd8, 0xcb, 0x56, 0x78, 0x1e, 0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49,
    0xc1, 0xb5, 0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf,
};

static bool parse(const struct binding *binding, uint8_t *bytes, struct stun_request *request)
{
    return stun_parse(slice_of(bytes, binding_make(binding, bytes)), request);
}

static void the_sample_of_the_rfc_is_read_and_is_authentic(void **state)
{
    (void)state;
    struct stun_request request;
    assert_true(stun_is_stun(slice_of(sample, sizeof sample)));
    assert_true(stun_parse(slice_of(sample, sizeof sample), &request));
    assert_true(slice_equal(request.local, slice_of_text("evtj")));
    assert_true(slice_equal(request.remote, slice_of_text("h6vY")));
    assert_int_equal(request.priority, 0x6e0001ff);
    assert_true(request.is_controlled);
    assert_false(request.has_use_candidate);
    assert_int_equal(request.unknown_count, 0);
    assert_true(stun_is_authentic(&request, slice_of_text(password)));
    assert_false(stun_is_authentic(&request, slice_of_text("VOkJxbRl1RmTxUk/WvJxBT")));
    assert_false(stun_is_authentic(&request, slice_of_text("")));
}

static void a_request_cut_at_any_byte_is_none(void **state)
{
    (void)state;
    struct stun_request request;
    for (size_t len = 0; len < sizeof sample; len++) {
        assert_false(stun_parse(slice_of(sample, len), &request));
    }
}

static void any_flipped_bit_is_noticed(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 8 * sizeof sample; bit++) {
        uint8_t bytes[sizeof sample];
        struct stun_request request;
        memcpy(bytes, sample, sizeof sample);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        /* The fingerprint finds each one already; a hostile sender would make it anew, and then
         * the integrity must. */
        assert_false(stun_parse(slice_of(bytes, sizeof bytes), &request));
    }
}

static void integrity_covers_what_stands_before_it(void **state)
{
    (void)state;
    uint8_t bytes[BINDING_BYTES_MAX];
    struct stun_request request;
    struct binding binding = binding_fine("aaaa:bbbb", "right");
    assert_true(parse(&binding, bytes, &request));
    assert_true(stun_is_authentic(&request, slice_of_text("right")));
    assert_false(stun_is_authentic(&request, slice_of_text("wrong")));
    bytes[20 + 4] = 'x'; /* of the name, behind the parser's back */
    assert_false(stun_is_authentic(&request, slice_of_text("right")));
}

static void a_request_without_what_ice_demands_is_none(void **state)
{
    (void)state;
    uint8_t bytes[BINDING_BYTES_MAX];
    struct stun_request request;
    struct binding fine = binding_fine("aaaa:bbbb", "secret"), wrong;
    assert_true(parse(&fine, bytes, &request));
    wrong = fine;
    wrong.username = NULL;
    assert_false(parse(&wrong, bytes, &request));
    wrong = fine;
    wrong.password = NULL;
    assert_false(parse(&wrong, bytes, &request));
    wrong = fine;
    wrong.has_priority = false;
    assert_false(parse(&wrong, bytes, &request));
    wrong = fine;
    wrong.has_fingerprint = false;
    assert_false(parse(&wrong, bytes, &request));
    wrong = fine;
    wrong.method = 0x0101;
    assert_false(parse(&wrong, bytes, &request));
    static const char *const names[] = {"aaaa", "aaaa:", ":bbbb", ""};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        wrong = fine;
        wrong.username = names[i];
        assert_false(parse(&wrong, bytes, &request));
    }
}

static void what_stands_behind_the_integrity_does_not_count(void **state)
{
    (void)state;
    uint8_t bytes[BINDING_BYTES_MAX];
    struct stun_request request;
    struct binding binding = binding_fine("aaaa:bbbb", "secret");
    binding.has_use_candidate = true;
    binding.extra = 0x7777;
    binding.is_extra_behind = true;
    assert_true(parse(&binding, bytes, &request));
    assert_true(request.has_use_candidate);
    assert_int_equal(request.unknown_count, 0);
    binding.is_extra_behind = false;
    assert_true(parse(&binding, bytes, &request));
    assert_int_equal(request.unknown_count, 1);
}

static void an_unknown_attribute_is_noted_only_when_it_must_be_understood(void **state)
{
    (void)state;
    uint8_t bytes[BINDING_BYTES_MAX], out[STUN_ANSWER_BYTES_MAX];
    size_t len = 0;
    struct stun_request request;
    struct binding binding = binding_fine("aaaa:bbbb", "secret");
    binding.extra = 0xc057; /* optional: libwebrtc's network cost */
    assert_true(parse(&binding, bytes, &request));
    assert_int_equal(request.unknown_count, 0);
    binding.extra = 0x7777;
    assert_true(parse(&binding, bytes, &request));
    assert_int_equal(request.unknown_count, 1);
    struct slice answer = slice_of(
        out, stun_error(&request, STUN_UNKNOWN_ATTRIBUTE, slice_of_text("secret"), out));
    assert_true(binding_is_signed(answer, "secret"));
    const uint8_t *code = binding_attribute(answer, 0x0009, &len);
    assert_non_null(code);
    assert_int_equal(code[2] * 100 + code[3], 420);
    const uint8_t *unknown = binding_attribute(answer, 0x000a, &len);
    assert_non_null(unknown);
    assert_int_equal(len, 2);
    assert_memory_equal(unknown, "\x77\x77", 2);
}

static void success_says_the_address_as_the_rfc_has_it(void **state)
{
    (void)state;
    /* RFC 5769, 2.2 and 2.3: the same transaction, from 192.0.2.1 and from 2001:db8::. */
    static const uint8_t ipv4[] = {0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43};
    static const uint8_t ipv6[] = {0x00, 0x02, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa, 0xa5, 0xd3,
                                   0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9};
    struct stun_address from4 = {.port = 32853, .ip = {192, 0, 2, 1}};
    struct stun_address from6 = {.is_ipv6 = true,
                                 .port = 32853,
                                 .ip = {0x20, 0x01, 0x0d, 0xb8, 0x12, 0x34, 0x56, 0x78, 0x00, 0x11,
                                        0x22, 0x33, 0x44, 0x55, 0x66, 0x77}};
    uint8_t out[STUN_ANSWER_BYTES_MAX];
    size_t len = 0;
    struct stun_request request;
    assert_true(stun_parse(slice_of(sample, sizeof sample), &request));
    struct slice key = slice_of_text(password);
    struct slice answer = slice_of(out, stun_success(&request, &from4, key, out));
    assert_true(binding_is_signed(answer, password));
    assert_memory_equal(out, "\x01\x01", 2);
    assert_memory_equal(out + 8, sample + 8, 12);
    assert_memory_equal(binding_attribute(answer, 0x0020, &len), ipv4, sizeof ipv4);
    assert_int_equal(len, sizeof ipv4);
    answer = slice_of(out, stun_success(&request, &from6, key, out));
    assert_true(binding_is_signed(answer, password));
    assert_memory_equal(binding_attribute(answer, 0x0020, &len), ipv6, sizeof ipv6);
    assert_int_equal(len, sizeof ipv6);
}

static void an_answer_is_not_much_longer_than_its_request(void **state)
{
    (void)state;
    uint8_t bytes[BINDING_BYTES_MAX], out[STUN_ANSWER_BYTES_MAX];
    struct stun_request request;
    struct stun_address from = {.is_ipv6 = true, .port = 1};
    struct binding binding = binding_fine("a:b", "p");
    size_t len = binding_make(&binding, bytes);
    assert_true(stun_parse(slice_of(bytes, len), &request));
    assert_true(stun_success(&request, &from, slice_of_text("p"), out) <= len);
}

/* Both ufrags as long as RFC 8839 lets them be, and all that a browser sends beside. */
static void the_longest_name_has_a_place(void **state)
{
    (void)state;
    uint8_t bytes[BINDING_BYTES_MAX];
    char name[STUN_USERNAME_BYTES_MAX + 1];
    struct stun_request request;
    memset(name, 'a', sizeof name - 1);
    name[256] = ':';
    name[sizeof name - 1] = '\0';
    struct binding binding = binding_fine(name, "right");
    binding.has_use_candidate = true;
    binding.extra = 0xc057;
    assert_true(parse(&binding, bytes, &request));
    assert_int_equal(request.local.len, 256);
    assert_int_equal(request.remote.len, 256);
    assert_true(stun_is_authentic(&request, slice_of_text("right")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_of_the_rfc_is_read_and_is_authentic),
        cmocka_unit_test(a_request_cut_at_any_byte_is_none),
        cmocka_unit_test(any_flipped_bit_is_noticed),
        cmocka_unit_test(integrity_covers_what_stands_before_it),
        cmocka_unit_test(a_request_without_what_ice_demands_is_none),
        cmocka_unit_test(what_stands_behind_the_integrity_does_not_count),
        cmocka_unit_test(an_unknown_attribute_is_noted_only_when_it_must_be_understood),
        cmocka_unit_test(success_says_the_address_as_the_rfc_has_it),
        cmocka_unit_test(the_longest_name_has_a_place),
        cmocka_unit_test(an_answer_is_not_much_longer_than_its_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
