/* presence_test -- when nobody was here, so that a letter had to be kept. */
#include "../../../client-sdk/keeper/presence.h"
#include "../../../client-sdk/keeper/replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const uint64_t HOUR = 60 * 60 * 1000, MINUTE = 60 * 1000;
/* In the evening, ms since 1970. */
static const uint64_t EVENING = UINT64_C(1700000000000);

/* Of a letter that the host brings as soon as the keeper is here. */
static bool is_gap(const struct presence *presence, uint64_t time_ms)
{
    return presence_had_to_keep(presence, time_ms, presence->since, REPLAY_CLOCK_MS);
}

/* Here until the evening, and again in the morning. */
static struct presence night(void)
{
    struct presence presence = {0};
    presence_step(&presence, EVENING - HOUR, true);
    for (uint64_t at = EVENING - HOUR; at <= EVENING; at += MINUTE / 2) {
        presence_step(&presence, at, true);
    }
    presence_step(&presence, EVENING + 10 * HOUR, true);
    return presence;
}

static void letter_of_the_night_had_to_be_kept(void **state)
{
    (void)state;
    struct presence presence = night();
    assert_true(is_gap(&presence, EVENING));
    assert_true(is_gap(&presence, EVENING + 5 * HOUR));
    assert_true(is_gap(&presence, EVENING + 10 * HOUR));
    /* Also when it waits behind others in the morning. */
    presence_step(&presence, EVENING + 10 * HOUR + MINUTE / 2, true);
    assert_true(is_gap(&presence, EVENING + 5 * HOUR));
}

static void letter_of_when_a_keeper_was_here_had_not(void **state)
{
    (void)state;
    struct presence presence = night();
    assert_false(is_gap(&presence, EVENING - 30 * MINUTE));
    assert_false(is_gap(&presence, EVENING + 11 * HOUR));
    /* A clock may be off. */
    assert_true(is_gap(&presence, EVENING - REPLAY_CLOCK_MS));
    assert_false(is_gap(&presence, EVENING - REPLAY_CLOCK_MS - 1));
    assert_true(is_gap(&presence, EVENING + 10 * HOUR + REPLAY_CLOCK_MS));
    assert_false(is_gap(&presence, EVENING + 10 * HOUR + REPLAY_CLOCK_MS + 1));
    assert_false(is_gap(&presence, 0));
    assert_false(is_gap(&presence, UINT64_MAX - REPLAY_CLOCK_MS));
}

static void letter_that_is_brought_late_in_the_day_had_not(void **state)
{
    (void)state;
    struct presence presence = night();
    const uint64_t written = EVENING + 5 * HOUR, since = presence.since;
    /* Before the connection is told, in the same moment; as the last of many; and held back. */
    assert_true(presence_had_to_keep(&presence, written, since - 1, REPLAY_CLOCK_MS));
    assert_true(presence_had_to_keep(&presence, written, since + REPLAY_CLOCK_MS, REPLAY_CLOCK_MS));
    assert_false(
        presence_had_to_keep(&presence, written, since + REPLAY_CLOCK_MS + 1, REPLAY_CLOCK_MS));
    assert_false(presence_had_to_keep(&presence, written, since + HOUR, REPLAY_CLOCK_MS));
    /* Neither is one of a minute in which the host cut it off. */
    for (uint64_t at = since; at <= since + HOUR; at += MINUTE / 2) {
        presence_step(&presence, at, true);
    }
    presence_step(&presence, since + HOUR + PRESENCE_GAP_MS + 1, true);
    assert_true(is_gap(&presence, since + HOUR));
    assert_false(presence_had_to_keep(&presence, since + HOUR, since + 2 * HOUR, REPLAY_CLOCK_MS));
}

static void lost_connection_that_comes_back_is_no_gap(void **state)
{
    (void)state;
    struct presence presence = {0};
    presence_step(&presence, EVENING, true);
    presence_step(&presence, EVENING + PRESENCE_GAP_MS, true);
    assert_int_equal(presence.since, EVENING);
    presence_step(&presence, EVENING + 2 * PRESENCE_GAP_MS + 1, true);
    assert_int_equal(presence.since, EVENING + 2 * PRESENCE_GAP_MS + 1);
    assert_int_equal(presence.until, EVENING + PRESENCE_GAP_MS);
}

static void connection_in_which_it_did_not_get_ready_ends_no_gap(void **state)
{
    (void)state;
    const uint64_t morning = EVENING + 10 * HOUR;
    struct presence presence = {0};
    presence_learn(&presence, EVENING, EVENING + 11 * HOUR);
    presence_step(&presence, morning, false);
    presence_step(&presence, morning + MINUTE / 2, false);
    assert_int_equal(presence.since, morning);
    presence_step(&presence, morning + 10 * MINUTE, false);
    presence_step(&presence, morning + 11 * MINUTE, true);
    assert_int_equal(presence.since, morning + 10 * MINUTE);
    assert_true(is_gap(&presence, EVENING + HOUR));
    assert_true(is_gap(&presence, morning));
    /* One in which it did, does. */
    presence_step(&presence, morning + HOUR, true);
    assert_false(is_gap(&presence, EVENING + HOUR));
    assert_true(is_gap(&presence, morning + 20 * MINUTE));
}

static void keeper_that_is_started_knows_it_from_what_it_wrote(void **state)
{
    (void)state;
    struct presence presence = {0};
    assert_false(is_gap(&presence, EVENING));
    presence_learn(&presence, EVENING, EVENING + 11 * HOUR);
    presence_learn(&presence, EVENING - HOUR, EVENING + 11 * HOUR); /* of another room */
    presence_step(&presence, EVENING + 10 * HOUR, true);
    assert_false(is_gap(&presence, EVENING - HOUR));
    assert_true(is_gap(&presence, EVENING + HOUR));
    /* Without its database it reads it all when it has connected, and writes meanwhile. */
    struct presence bare = {0};
    presence_step(&bare, EVENING + 10 * HOUR, true);
    presence_learn(&bare, EVENING - HOUR, EVENING + 11 * HOUR);
    presence_learn(&bare, EVENING, EVENING + 11 * HOUR);
    presence_learn(&bare, EVENING + 10 * HOUR + 1, EVENING + 11 * HOUR);
    assert_int_equal(bare.until, EVENING);
    assert_int_equal(bare.since, EVENING + 10 * HOUR);
}

static void clock_that_was_ahead_says_nothing_of_the_time_until_then(void **state)
{
    (void)state;
    const uint64_t morning = EVENING + 10 * HOUR, tomorrow = EVENING + 24 * HOUR;
    struct presence presence = {0};
    presence_learn(&presence, tomorrow, morning);
    presence_learn(&presence, EVENING, morning);
    presence_step(&presence, morning, true);
    assert_true(is_gap(&presence, EVENING + HOUR));
    assert_int_equal(presence.until, EVENING);
    /* Its own, set back while it runs: nothing is in what is to come. */
    presence_step(&presence, tomorrow, true);
    presence_step(&presence, morning + HOUR, true);
    assert_int_equal(presence.last, morning + HOUR);
    assert_false(is_gap(&presence, morning + 2 * HOUR));
    presence_step(&presence, morning + 5 * HOUR, true);
    assert_true(is_gap(&presence, morning + 2 * HOUR));
    assert_false(is_gap(&presence, morning));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letter_of_the_night_had_to_be_kept),
        cmocka_unit_test(letter_of_when_a_keeper_was_here_had_not),
        cmocka_unit_test(letter_that_is_brought_late_in_the_day_had_not),
        cmocka_unit_test(lost_connection_that_comes_back_is_no_gap),
        cmocka_unit_test(connection_in_which_it_did_not_get_ready_ends_no_gap),
        cmocka_unit_test(keeper_that_is_started_knows_it_from_what_it_wrote),
        cmocka_unit_test(clock_that_was_ahead_says_nothing_of_the_time_until_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
