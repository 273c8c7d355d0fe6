/* mailbox_test -- values between threads. */
#include "base/mailbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>

enum { SENDERS = 4, EACH = 5000, CAPACITY = 64, PATIENCE_MS = 10000 };

static bool is_readable(int fd)
{
    struct pollfd watch = {.fd = fd, .events = POLLIN};
    return poll(&watch, 1, 0) == 1;
}

static void all_that_waits_is_taken_at_once_in_order(void **state)
{
    (void)state;
    struct mailbox mailbox;
    void *items;
    size_t count;
    assert_true(mailbox_init(&mailbox, sizeof(int), 8, false));
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 5; i++) {
            assert_true(mailbox_put(&mailbox, &i));
        }
        assert_true(mailbox_take_all(&mailbox, 0, &items, &count));
        assert_int_equal(count, 5);
        for (int i = 0; i < 5; i++) {
            assert_int_equal(((int *)items)[i], i);
        }
    }
    assert_true(mailbox_take_all(&mailbox, 5, &items, &count));
    assert_int_equal(count, 0);
    mailbox_fini(&mailbox);
}

static void a_full_mailbox_refuses_and_room_comes_back(void **state)
{
    (void)state;
    struct mailbox mailbox;
    void *items;
    size_t count;
    int value = 3;
    assert_true(mailbox_init(&mailbox, sizeof value, 2, false));
    assert_true(mailbox_put(&mailbox, &value));
    assert_true(mailbox_put(&mailbox, &value));
    assert_false(mailbox_put(&mailbox, &value));
    assert_true(mailbox_take_all(&mailbox, 0, &items, &count));
    assert_int_equal(count, 2);
    assert_true(mailbox_put(&mailbox, &value));
    mailbox_fini(&mailbox);
}

static void of_those_put_together_the_first_have_room_and_the_others_stay(void **state)
{
    (void)state;
    struct mailbox mailbox;
    void *items;
    size_t count;
    const int values[] = {1, 2, 3, 4};
    assert_true(mailbox_init(&mailbox, sizeof values[0], 3, true));
    assert_int_equal(mailbox_put_all(&mailbox, values, 0), 0);
    assert_false(is_readable(mailbox_wake_fd(&mailbox)));
    assert_int_equal(mailbox_put_all(&mailbox, values, 2), 2);
    assert_true(is_readable(mailbox_wake_fd(&mailbox)));
    assert_int_equal(mailbox_put_all(&mailbox, values + 2, 2), 1);
    assert_true(mailbox_take_all(&mailbox, 0, &items, &count));
    assert_int_equal(count, 3);
    assert_memory_equal(items, values, 3 * sizeof values[0]);
    mailbox_close(&mailbox);
    assert_int_equal(mailbox_put_all(&mailbox, values, 2), 0);
    mailbox_fini(&mailbox);
}

static void taken_values_stand_while_others_are_put(void **state)
{
    (void)state;
    struct mailbox mailbox;
    void *items;
    size_t count;
    int first = 1, second = 2;
    assert_true(mailbox_init(&mailbox, sizeof first, 1, false));
    assert_true(mailbox_put(&mailbox, &first));
    assert_true(mailbox_take_all(&mailbox, 0, &items, &count));
    assert_true(mailbox_put(&mailbox, &second));
    assert_int_equal(*(int *)items, 1);
    mailbox_fini(&mailbox);
}

static void a_closed_mailbox_gives_what_waits_and_then_ends(void **state)
{
    (void)state;
    struct mailbox mailbox;
    void *items;
    size_t count;
    int value = 3;
    assert_true(mailbox_init(&mailbox, sizeof value, 2, false));
    assert_true(mailbox_put(&mailbox, &value));
    assert_false(mailbox_is_closed(&mailbox));
    mailbox_close(&mailbox);
    mailbox_close(&mailbox);
    assert_true(mailbox_is_closed(&mailbox));
    assert_false(mailbox_put(&mailbox, &value));
    assert_true(mailbox_take_all(&mailbox, PATIENCE_MS, &items, &count));
    assert_int_equal(count, 1);
    assert_false(mailbox_take_all(&mailbox, PATIENCE_MS, &items, &count));
    mailbox_fini(&mailbox);
}

static void the_wake_descriptor_is_readable_while_something_waits(void **state)
{
    (void)state;
    struct mailbox mailbox;
    void *items;
    size_t count;
    int value = 3;
    assert_true(mailbox_init(&mailbox, sizeof value, 2, true));
    int fd = mailbox_wake_fd(&mailbox);
    assert_false(is_readable(fd));
    assert_true(mailbox_put(&mailbox, &value));
    assert_true(mailbox_put(&mailbox, &value));
    assert_true(is_readable(fd));
    assert_true(mailbox_take_all(&mailbox, 0, &items, &count));
    assert_false(is_readable(fd));
    assert_true(mailbox_put(&mailbox, &value));
    mailbox_close(&mailbox);
    assert_true(mailbox_take_all(&mailbox, 0, &items, &count));
    assert_true(is_readable(fd));
    assert_false(mailbox_take_all(&mailbox, 0, &items, &count));
    assert_false(is_readable(fd));
    mailbox_fini(&mailbox);
}

struct letter {
    int sender, number;
};

struct sender {
    struct mailbox *mailbox;
    int id;
    uint64_t refused;
};

static void *send_all(void *argument)
{
    struct sender *sender = argument;
    for (int i = 0; i < EACH;) {
        struct letter letter = {sender->id, i};
        if (mailbox_put(sender->mailbox, &letter)) {
            i++;
        } else if (mailbox_is_closed(sender->mailbox)) {
            return NULL;
        } else {
            sender->refused++;
            poll(NULL, 0, 1);
        }
    }
    return NULL;
}

static void nothing_is_lost_or_turned_around_between_threads(void **state)
{
    (void)state;
    struct mailbox mailbox;
    struct sender senders[SENDERS];
    pthread_t threads[SENDERS];
    int next[SENDERS] = {0};
    assert_true(mailbox_init(&mailbox, sizeof(struct letter), CAPACITY, true));
    for (int i = 0; i < SENDERS; i++) {
        senders[i] = (struct sender){.mailbox = &mailbox, .id = i};
        assert_int_equal(pthread_create(&threads[i], NULL, send_all, &senders[i]), 0);
    }
    for (int got = 0; got < SENDERS * EACH;) {
        void *items;
        size_t count;
        assert_true(mailbox_take_all(&mailbox, PATIENCE_MS, &items, &count));
        assert_true(count > 0 && count <= CAPACITY);
        for (size_t i = 0; i < count; i++) {
            const struct letter *letter = &((struct letter *)items)[i];
            assert_int_equal(letter->number, next[letter->sender]++);
        }
        got += (int)count;
    }
    for (int i = 0; i < SENDERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    mailbox_fini(&mailbox);
}

static void *wait_for_the_end(void *argument)
{
    void *items;
    size_t count;
    bool is_open = mailbox_take_all(argument, PATIENCE_MS, &items, &count);
    return is_open ? argument : NULL;
}

static void closing_wakes_the_taker(void **state)
{
    (void)state;
    struct mailbox mailbox;
    pthread_t taker;
    void *result = &mailbox;
    assert_true(mailbox_init(&mailbox, 1, 1, false));
    assert_int_equal(pthread_create(&taker, NULL, wait_for_the_end, &mailbox), 0);
    poll(NULL, 0, 20);
    mailbox_close(&mailbox);
    assert_int_equal(pthread_join(taker, &result), 0);
    assert_null(result);
    mailbox_fini(&mailbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_waits_is_taken_at_once_in_order),
        cmocka_unit_test(a_full_mailbox_refuses_and_room_comes_back),
        cmocka_unit_test(of_those_put_together_the_first_have_room_and_the_others_stay),
        cmocka_unit_test(taken_values_stand_while_others_are_put),
        cmocka_unit_test(a_closed_mailbox_gives_what_waits_and_then_ends),
        cmocka_unit_test(the_wake_descriptor_is_readable_while_something_waits),
        cmocka_unit_test(nothing_is_lost_or_turned_around_between_threads),
        cmocka_unit_test(closing_wakes_the_taker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
