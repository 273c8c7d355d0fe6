/* queue_test -- which letters that take a conversation are too old to. */
#include "../../../client-sdk/keeper/queue.h"
#include "roster.h"

static struct roster roster;
static struct logbook *book;

/* A conversation that begins its first key now. */
static int setup(void **state)
{
    (void)state;
    roster_init(&roster);
    book = logbook_new(&roster.room);
    assert_non_null(book);
    struct wire_member members[] = {{roster.citizen.certificate.body.person, ROLE_CITIZEN},
                                    {roster.board, ROLE_KEEPER}};
    roster_generation(&roster, &roster.citizen, book, members, 2);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    logbook_free(book);
    return 0;
}

static void letter_that_was_kept_is_good_until_somebody_has_left(void **state)
{
    (void)state;
    struct letter letter = {.kind = LETTER_TAKE, .is_durable = true};
    assert_true(book->generation_at > 0);
    letter.time = book->generation_at - REPLAY_CLOCK_MS;
    assert_false(queue_take_is_old(book, &letter));
    letter.time--;
    assert_true(queue_take_is_old(book, &letter));
    /* One that is brought at once is judged by its id and its own time. */
    letter.is_durable = false;
    assert_false(queue_take_is_old(book, &letter));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(letter_that_was_kept_is_good_until_somebody_has_left, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
