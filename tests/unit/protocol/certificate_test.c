/* certificate_test -- root, keeper, device: what leads to the root and what does not. */
#include "cast.h"
#include "sample.h"

#include <string.h>

static struct cast cast;

static enum enrum_err check(struct slice device, struct slice issuer)
{
    struct certificate out, before;
    memset(&out, 0x5a, sizeof out);
    before = out;
    enum enrum_err err = chain_check(&cast.board, &cast.root.public, device, issuer, &out);
    if (err != ENRUM_OK) {
        assert_memory_equal(&out, &before, sizeof out);
    }
    return err;
}

/* The citizen's certificate with this body, signed by this key, checked under this keeper's. */
static enum enrum_err check_body(const struct wire_certificate *body,
                                 const struct sign_pair *signer, struct slice issuer)
{
    struct buffer bytes;
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    assert_int_equal(certificate_encode(signer, body, &bytes), ENRUM_OK);
    enum enrum_err err = check(buffer_slice(&bytes), issuer);
    buffer_fini(&bytes);
    return err;
}

static const struct slice none = {NULL, 0};

static void a_device_leads_over_its_keeper_to_the_root(void **state)
{
    (void)state;
    assert_int_equal(check(cast.citizen.certificate, cast.keeper.certificate), ENRUM_OK);
    assert_int_equal(check(cast.staff.certificate, cast.keeper.certificate), ENRUM_OK);
    assert_int_equal(check(cast.keeper.certificate, none), ENRUM_OK);
    struct certificate out;
    assert_int_equal(chain_check(&cast.board, &cast.root.public, cast.citizen.certificate,
                                 cast.keeper.certificate, &out),
                     ENRUM_OK);
    assert_true(id_equal(&out.device, &cast.citizen.checked.device));
    assert_int_equal(out.body.role, ROLE_CITIZEN);
}

static void a_certificate_of_another_board_is_told_apart(void **state)
{
    (void)state;
    struct wire_certificate body = cast_body(&cast, &cast.citizen, ROLE_CITIZEN);
    body.board.bytes[0] ^= 1;
    assert_int_equal(check_body(&body, &cast.keeper.sign, cast.keeper.certificate),
                     ENRUM_CERTIFICATE_OTHER_BOARD);
    body = cast_body(&cast, &cast.keeper, ROLE_KEEPER);
    body.board.bytes[0] ^= 1;
    assert_int_equal(check_body(&body, &cast.root, none), ENRUM_CERTIFICATE_OTHER_BOARD);
}

static void a_wrong_signature_is_told_apart(void **state)
{
    (void)state;
    struct wire_certificate body = cast_body(&cast, &cast.citizen, ROLE_CITIZEN);
    assert_int_equal(check_body(&body, &cast.staff.sign, cast.keeper.certificate),
                     ENRUM_SIGNATURE_WRONG);
    body = cast_body(&cast, &cast.keeper, ROLE_KEEPER);
    assert_int_equal(check_body(&body, &cast.keeper.sign, none), ENRUM_SIGNATURE_WRONG);
    /* A device cannot issue. */
    assert_int_equal(check(cast.citizen.certificate, cast.citizen.certificate),
                     ENRUM_SIGNATURE_WRONG);
}

static void what_does_not_lead_to_the_root_is_untrusted(void **state)
{
    (void)state;
    const struct wire_certificate good = cast_body(&cast, &cast.citizen, ROLE_CITIZEN);
    struct slice keeper = cast.keeper.certificate;
    struct wire_certificate body = good;
    body.issuer.bytes[0] ^= 1;
    assert_int_equal(check_body(&body, &cast.keeper.sign, keeper), ENRUM_CERTIFICATE_UNTRUSTED);
    body = good;
    body.role = ROLE_KEEPER;
    assert_int_equal(check_body(&body, &cast.keeper.sign, keeper), ENRUM_CERTIFICATE_UNTRUSTED);
    body = good;
    body.person = cast.board;
    assert_int_equal(check_body(&body, &cast.keeper.sign, keeper), ENRUM_CERTIFICATE_UNTRUSTED);
    body = good;
    body.not_before = CAST_END; /* the keeper's time is over */
    body.not_after = CAST_END + 1000;
    assert_int_equal(check_body(&body, &cast.keeper.sign, keeper), ENRUM_CERTIFICATE_UNTRUSTED);
    body.not_before = CAST_BEGIN - 1; /* and had not begun */
    assert_int_equal(check_body(&body, &cast.keeper.sign, keeper), ENRUM_CERTIFICATE_UNTRUSTED);
    const struct wire_certificate good_keeper = cast_body(&cast, &cast.keeper, ROLE_KEEPER);
    body = good_keeper;
    body.role = ROLE_STAFF;
    assert_int_equal(check_body(&body, &cast.root, none), ENRUM_CERTIFICATE_UNTRUSTED);
    body = good_keeper;
    body.person.bytes[0] ^= 1;
    assert_int_equal(check_body(&body, &cast.root, none), ENRUM_CERTIFICATE_UNTRUSTED);
    body = good_keeper;
    body.issuer.bytes[0] ^= 1;
    assert_int_equal(check_body(&body, &cast.root, none), ENRUM_CERTIFICATE_UNTRUSTED);
}

static void a_certificate_has_a_beginning_and_an_end(void **state)
{
    (void)state;
    const struct certificate *citizen = &cast.citizen.checked;
    assert_int_equal(certificate_in_time(citizen, CAST_BEGIN - 1), ENRUM_CERTIFICATE_NOT_YET);
    assert_int_equal(certificate_in_time(citizen, CAST_BEGIN), ENRUM_OK);
    assert_int_equal(certificate_in_time(citizen, CAST_END - 1), ENRUM_OK);
    assert_int_equal(certificate_in_time(citizen, CAST_END), ENRUM_CERTIFICATE_EXPIRED);
}

static void an_unknown_suite_is_named_as_such(void **state)
{
    (void)state;
    struct wire_certificate body = cast_body(&cast, &cast.citizen, ROLE_CITIZEN);
    struct buffer bytes, whole;
    struct certificate out;
    body.version = 1;
    body.suite = 2;
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    buffer_init(&whole, CERTIFICATE_BYTES_MAX);
    assert_int_equal(layout_encode(&layout_certificate, &body, &bytes), ENRUM_OK);
    assert_int_equal(
        signed_encode(&cast.keeper.sign, LABEL_CERTIFICATE, buffer_slice(&bytes), &whole),
        ENRUM_OK);
    assert_int_equal(certificate_decode(buffer_slice(&whole), &out), ENRUM_SUITE_UNSUPPORTED);
    assert_int_equal(check(buffer_slice(&whole), cast.keeper.certificate), ENRUM_SUITE_UNSUPPORTED);
    buffer_fini(&bytes);
    buffer_fini(&whole);
}

static bool is_refused(struct slice bytes)
{
    return check(bytes, cast.keeper.certificate) != ENRUM_OK;
}

static bool flip_is_refused(struct slice bytes)
{
    return slice_equal(bytes, cast.citizen.certificate) || is_refused(bytes);
}

static bool keeper_flip_is_refused(struct slice bytes)
{
    return slice_equal(bytes, cast.keeper.certificate) ||
           (check(bytes, none) != ENRUM_OK && check(cast.citizen.certificate, bytes) != ENRUM_OK);
}

static void a_certificate_that_is_cut_or_altered_is_refused(void **state)
{
    (void)state;
    sample_cut(cast.citizen.certificate, is_refused);
    sample_flip(cast.citizen.certificate, flip_is_refused);
    sample_flip(cast.keeper.certificate, keeper_flip_is_refused);
}

static void a_signed_body_is_good_under_its_own_label_only(void **state)
{
    (void)state;
    struct wire_revocation body = {.version = 1,
                                   .board = cast.board,
                                   .device = cast.citizen.checked.device,
                                   .at = CAST_BEGIN,
                                   .ground = GROUND_LOST};
    struct buffer bytes, whole;
    struct slice inside;
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    buffer_init(&whole, CERTIFICATE_BYTES_MAX);
    assert_int_equal(layout_encode(&layout_revocation, &body, &bytes), ENRUM_OK);
    assert_int_equal(signed_encode(&cast.root, LABEL_REVOCATION, buffer_slice(&bytes), &whole),
                     ENRUM_OK);
    struct slice made = buffer_slice(&whole);
    assert_int_equal(signed_decode(made, &cast.root.public, LABEL_REVOCATION, &inside), ENRUM_OK);
    assert_true(slice_equal(inside, buffer_slice(&bytes)));
    assert_int_equal(signed_decode(made, &cast.root.public, LABEL_SUCCESSOR, &inside),
                     ENRUM_SIGNATURE_WRONG);
    assert_int_equal(signed_decode(made, &cast.host.public, LABEL_REVOCATION, &inside),
                     ENRUM_SIGNATURE_WRONG);
    assert_int_equal(signed_decode(none, &cast.root.public, LABEL_REVOCATION, &inside),
                     ENRUM_MALFORMED);
    buffer_fini(&bytes);
    buffer_fini(&whole);
}

static void a_device_keeps_its_id_when_its_certificate_is_renewed(void **state)
{
    (void)state;
    struct wire_certificate body = cast_body(&cast, &cast.citizen, ROLE_CITIZEN);
    struct buffer bytes;
    struct certificate renewed;
    body.not_after += 1000;
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    assert_int_equal(certificate_encode(&cast.keeper.sign, &body, &bytes), ENRUM_OK);
    assert_int_equal(certificate_decode(buffer_slice(&bytes), &renewed), ENRUM_OK);
    assert_true(id_equal(&renewed.device, &cast.citizen.checked.device));
    assert_false(id_equal(&renewed.hash, &cast.citizen.checked.hash));
    buffer_fini(&bytes);
}

static void one_human_is_two_persons_as_citizen_and_as_staff(void **state)
{
    (void)state;
    struct secret32 secret = {{1}}, other = {{2}};
    struct id citizen, staff, again, elsewhere;
    struct slice identity = slice_of_text("Test Testsson");
    person_id(&secret, ROLE_CITIZEN, identity, &citizen);
    person_id(&secret, ROLE_STAFF, identity, &staff);
    person_id(&secret, ROLE_CITIZEN, identity, &again);
    person_id(&other, ROLE_CITIZEN, identity, &elsewhere);
    assert_false(id_equal(&citizen, &staff));
    assert_true(id_equal(&citizen, &again));
    assert_false(id_equal(&citizen, &elsewhere));
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
        cmocka_unit_test(a_device_leads_over_its_keeper_to_the_root),
        cmocka_unit_test(a_certificate_of_another_board_is_told_apart),
        cmocka_unit_test(a_wrong_signature_is_told_apart),
        cmocka_unit_test(what_does_not_lead_to_the_root_is_untrusted),
        cmocka_unit_test(a_certificate_has_a_beginning_and_an_end),
        cmocka_unit_test(an_unknown_suite_is_named_as_such),
        cmocka_unit_test(a_certificate_that_is_cut_or_altered_is_refused),
        cmocka_unit_test(a_signed_body_is_good_under_its_own_label_only),
        cmocka_unit_test(a_device_keeps_its_id_when_its_certificate_is_renewed),
        cmocka_unit_test(one_human_is_two_persons_as_citizen_and_as_staff),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
