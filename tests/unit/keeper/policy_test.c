/* policy_test -- who may send which letter, and that a letter counts once. */
#include "../../../client-sdk/keeper/policy.h"
#include "../../../client-sdk/keeper/replay.h"
#include "roster.h"

#include <string.h>

static struct roster roster;
static struct registry registry;
static struct policy_view view;

static int setup(void **state)
{
    (void)state;
    roster_init(&roster);
    registry_init(&registry);
    roster_employ(&roster, &registry, &roster.worker.certificate.body.person, 1);
    view = (struct policy_view){.board = roster.board,
                                .keeper_sign_key = roster.keeper.sign.public,
                                .registry = &registry,
                                .now_ms = ROSTER_NOW_MS};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    registry_fini(&registry);
    return 0;
}

static struct wire_letter_inner letter_of(const struct roster_party *author, uint64_t kind)
{
    static const uint8_t body[] = {0x90};
    return (struct wire_letter_inner){.id = roster_id(5),
                                      .board = roster.board,
                                      .kind = kind,
                                      .time = ROSTER_NOW_MS,
                                      .sign_key = author->sign.public,
                                      .seal_key = author->seal.public,
                                      .certificate = {author->bytes, author->len},
                                      .body = {body, sizeof body}};
}

static enum enrum_err judge(const struct roster_party *author, uint64_t kind)
{
    struct certificate out, before;
    memset(&out, 0x5a, sizeof out);
    before = out;
    struct wire_letter_inner inner = letter_of(author, kind);
    enum enrum_err err = policy_judge(&view, &inner, &out);
    if (err != ENRUM_OK) {
        assert_memory_equal(&out, &before, sizeof out);
    } else if (kind != LETTER_LOGIN && kind != LETTER_ADVICE && kind != LETTER_REDEEM) {
        assert_true(id_equal(&out.device, &author->certificate.device));
    }
    return err;
}

static void every_kind_has_its_senders(void **state)
{
    (void)state;
    const struct {
        uint64_t kind;
        enum enrum_err anybody, citizen, staff, keeper;
    } rows[] = {
        {LETTER_LOGIN, ENRUM_OK, ENRUM_OK, ENRUM_OK, ENRUM_OK},
        {LETTER_RENEW, ENRUM_NOT_LOGGED_IN, ENRUM_OK, ENRUM_OK, ENRUM_CERTIFICATE_UNTRUSTED},
        {LETTER_GRANT, ENRUM_NOT_LOGGED_IN, ENRUM_OK, ENRUM_OK, ENRUM_CERTIFICATE_UNTRUSTED},
        {LETTER_TAKE, ENRUM_NOT_LOGGED_IN, ENRUM_MAY_NOT, ENRUM_OK, ENRUM_CERTIFICATE_UNTRUSTED},
        {LETTER_REMOVE, ENRUM_NOT_LOGGED_IN, ENRUM_MAY_NOT, ENRUM_OK, ENRUM_CERTIFICATE_UNTRUSTED},
        {LETTER_ADD, ENRUM_NOT_LOGGED_IN, ENRUM_MAY_NOT, ENRUM_OK, ENRUM_CERTIFICATE_UNTRUSTED},
        {LETTER_HAND_OVER, ENRUM_NOT_LOGGED_IN, ENRUM_MAY_NOT, ENRUM_OK,
         ENRUM_CERTIFICATE_UNTRUSTED},
        {LETTER_INVITE, ENRUM_NOT_LOGGED_IN, ENRUM_MAY_NOT, ENRUM_OK, ENRUM_CERTIFICATE_UNTRUSTED},
        {LETTER_LOG_OUT, ENRUM_NOT_LOGGED_IN, ENRUM_OK, ENRUM_OK, ENRUM_CERTIFICATE_UNTRUSTED},
        {LETTER_REDEEM, ENRUM_OK, ENRUM_OK, ENRUM_OK, ENRUM_OK},
        {LETTER_INVITED, ENRUM_MAY_NOT, ENRUM_MAY_NOT, ENRUM_MAY_NOT, ENRUM_MAY_NOT},
        {LETTER_UNITS_ASK, ENRUM_NOT_LOGGED_IN, ENRUM_OK, ENRUM_OK, ENRUM_CERTIFICATE_UNTRUSTED},
        {LETTER_UNITS, ENRUM_MAY_NOT, ENRUM_MAY_NOT, ENRUM_MAY_NOT, ENRUM_MAY_NOT},
        {LETTER_MOVE, ENRUM_NOT_LOGGED_IN, ENRUM_MAY_NOT, ENRUM_OK, ENRUM_CERTIFICATE_UNTRUSTED},
        {LETTER_NOTICE_ASK, ENRUM_NOT_LOGGED_IN, ENRUM_OK, ENRUM_OK, ENRUM_CERTIFICATE_UNTRUSTED},
        {LETTER_NOTICE_SET, ENRUM_NOT_LOGGED_IN, ENRUM_OK, ENRUM_OK, ENRUM_CERTIFICATE_UNTRUSTED},
        {LETTER_NOTICE_CODE, ENRUM_NOT_LOGGED_IN, ENRUM_OK, ENRUM_OK, ENRUM_CERTIFICATE_UNTRUSTED},
        {LETTER_NOTICE_STATE, ENRUM_MAY_NOT, ENRUM_MAY_NOT, ENRUM_MAY_NOT, ENRUM_MAY_NOT},
        {LETTER_ADVICE, ENRUM_OK, ENRUM_OK, ENRUM_OK, ENRUM_OK},
        {LETTER_DEVICES_ASK, ENRUM_NOT_LOGGED_IN, ENRUM_OK, ENRUM_OK, ENRUM_CERTIFICATE_UNTRUSTED},
        {LETTER_DEVICES, ENRUM_MAY_NOT, ENRUM_MAY_NOT, ENRUM_MAY_NOT, ENRUM_MAY_NOT},
        {LETTER_LOGGED_IN, ENRUM_MAY_NOT, ENRUM_MAY_NOT, ENRUM_MAY_NOT, ENRUM_MAY_NOT},
        {LETTER_DONE, ENRUM_MAY_NOT, ENRUM_MAY_NOT, ENRUM_MAY_NOT, ENRUM_MAY_NOT},
        {LETTER_REFUSED, ENRUM_MAY_NOT, ENRUM_MAY_NOT, ENRUM_MAY_NOT, ENRUM_MAY_NOT},
        {99, ENRUM_MALFORMED, ENRUM_MALFORMED, ENRUM_MALFORMED, ENRUM_MALFORMED},
    };
    struct roster_party anybody = roster.citizen;
    anybody.len = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(judge(&anybody, rows[i].kind), rows[i].anybody);
        assert_int_equal(judge(&roster.citizen, rows[i].kind), rows[i].citizen);
        assert_int_equal(judge(&roster.worker, rows[i].kind), rows[i].staff);
        assert_int_equal(judge(&roster.keeper, rows[i].kind), rows[i].keeper);
    }
}

static void every_letter_of_the_table_has_a_rule(void **state)
{
    (void)state;
    enum policy_from from;
    size_t count = 0;
    for (uint64_t kind = 0; kind < 256; kind++) {
        assert_int_equal(policy_from_find(kind, &from), letter_layout(kind) != NULL);
        count += letter_layout(kind) != NULL;
    }
    assert_true(count >= 8);
}

static void staff_that_is_not_employed_gets_nothing(void **state)
{
    (void)state;
    assert_int_equal(judge(&roster.colleague, LETTER_GRANT), ENRUM_NOT_STAFF);
    assert_int_equal(judge(&roster.colleague, LETTER_TAKE), ENRUM_NOT_STAFF);
    roster_employ(&roster, &registry, &roster.worker.certificate.body.person, 2);
    assert_int_equal(judge(&roster.worker, LETTER_TAKE), ENRUM_NOT_STAFF);
}

static void a_certificate_must_be_in_its_period(void **state)
{
    (void)state;
    view.now_ms = roster.citizen.certificate.body.not_after;
    assert_int_equal(judge(&roster.citizen, LETTER_GRANT), ENRUM_CERTIFICATE_EXPIRED);
    view.now_ms = roster.citizen.certificate.body.not_before - 1;
    assert_int_equal(judge(&roster.citizen, LETTER_GRANT), ENRUM_CERTIFICATE_NOT_YET);
}

static void who_is_revoked_gets_nothing(void **state)
{
    (void)state;
    roster_revoke(&roster, &registry, &roster.citizen.certificate.device);
    assert_int_equal(judge(&roster.citizen, LETTER_GRANT), ENRUM_CERTIFICATE_REVOKED);
    roster_revoke(&roster, &registry, &roster.other.certificate.body.person);
    assert_int_equal(judge(&roster.other, LETTER_GRANT), ENRUM_CERTIFICATE_REVOKED);
}

static void another_devices_certificate_is_no_use(void **state)
{
    (void)state;
    struct roster_party thief = roster.other;
    memcpy(thief.bytes, roster.citizen.bytes, roster.citizen.len);
    thief.len = roster.citizen.len;
    assert_int_equal(judge(&thief, LETTER_GRANT), ENRUM_DEVICE_OTHER);
    thief = roster.citizen;
    thief.seal.public = roster.other.seal.public;
    assert_int_equal(judge(&thief, LETTER_GRANT), ENRUM_DEVICE_OTHER);
}

static void a_certificate_of_another_key_is_no_certificate(void **state)
{
    (void)state;
    struct sign_pair stranger;
    sign_pair_new(&stranger);
    view.keeper_sign_key = stranger.public;
    assert_int_equal(judge(&roster.citizen, LETTER_GRANT), ENRUM_SIGNATURE_WRONG);
    sign_pair_wipe(&stranger);
}

static void a_flipped_bit_or_a_cut_certificate_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < roster.citizen.len; i++) {
        struct roster_party altered = roster.citizen;
        altered.bytes[i] ^= 1;
        assert_int_not_equal(judge(&altered, LETTER_GRANT), ENRUM_OK);
        altered = roster.citizen;
        altered.len = i;
        assert_int_not_equal(judge(&altered, LETTER_GRANT), ENRUM_OK);
    }
}

static void another_boards_letter_is_refused(void **state)
{
    (void)state;
    struct certificate out;
    struct wire_letter_inner inner = letter_of(&roster.citizen, LETTER_LOGIN);
    inner.board = roster_id(0xee);
    assert_int_equal(policy_judge(&view, &inner, &out), ENRUM_MALFORMED);
    view.board = roster_id(0xee);
    inner = letter_of(&roster.citizen, LETTER_GRANT);
    inner.board = view.board;
    assert_int_equal(policy_judge(&view, &inner, &out), ENRUM_CERTIFICATE_OTHER_BOARD);
}

/* -- Replay -- */

static void a_letter_counts_once(void **state)
{
    (void)state;
    struct replay replay;
    const struct id id = roster_id(1), other = roster_id(2);
    replay_init(&replay);
    assert_int_equal(replay_judge(&replay, &id, 1000000, 1000000), ENRUM_OK);
    assert_int_equal(replay_judge(&replay, &id, 1000000, 1000001), ENRUM_LETTER_OLD);
    assert_int_equal(replay_judge(&replay, &other, 1000000, 1000001), ENRUM_OK);
    replay_fini(&replay);
}

static void a_letters_time_may_be_off_by_five_minutes(void **state)
{
    (void)state;
    struct replay replay;
    const uint64_t now = ROSTER_NOW_MS, most = REPLAY_CLOCK_MS;
    replay_init(&replay);
    const struct {
        uint64_t time;
        enum enrum_err err;
    } rows[] = {{now - most, ENRUM_OK},       {now - most - 1, ENRUM_LETTER_OLD},
                {now + most, ENRUM_OK},       {now + most + 1, ENRUM_LETTER_OLD},
                {UINT_ANY, ENRUM_LETTER_OLD}, {0, ENRUM_LETTER_OLD}};
    for (size_t i = 0; i < 6; i++) {
        const struct id id = roster_id((uint8_t)(i + 1));
        assert_int_equal(replay_judge(&replay, &id, rows[i].time, now), rows[i].err);
    }
    replay_fini(&replay);
}

static void an_id_is_remembered_as_long_as_its_time_is_accepted(void **state)
{
    (void)state;
    struct replay replay;
    const struct id id = roster_id(1);
    const uint64_t now = ROSTER_NOW_MS, ahead = now + REPLAY_CLOCK_MS;
    replay_init(&replay);
    assert_int_equal(replay_judge(&replay, &id, ahead, now), ENRUM_OK);
    assert_int_equal(replay_judge(&replay, &id, ahead, now + REPLAY_WINDOW_MS), ENRUM_LETTER_OLD);
    assert_int_equal(replay_judge(&replay, &id, ahead, now + REPLAY_WINDOW_MS + 1),
                     ENRUM_LETTER_OLD);
    assert_int_equal(replay.by_id.count, 0);
    replay_fini(&replay);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_kind_has_its_senders),
        TEST(every_letter_of_the_table_has_a_rule),
        TEST(staff_that_is_not_employed_gets_nothing),
        TEST(a_certificate_must_be_in_its_period),
        TEST(who_is_revoked_gets_nothing),
        TEST(another_devices_certificate_is_no_use),
        TEST(a_certificate_of_another_key_is_no_certificate),
        TEST(a_flipped_bit_or_a_cut_certificate_is_refused),
        TEST(another_boards_letter_is_refused),
        TEST(a_letter_counts_once),
        TEST(a_letters_time_may_be_off_by_five_minutes),
        TEST(an_id_is_remembered_as_long_as_its_time_is_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
