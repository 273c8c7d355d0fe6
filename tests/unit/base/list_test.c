/* list_test -- the intrusive list. */
#include "base/list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct guest {
    int number;
    struct list by_arrival;
};

static int number_of(struct list *link)
{
    return LIST_ITEM(link, struct guest, by_arrival)->number;
}

static void items_come_in_the_order_they_were_pushed(void **state)
{
    (void)state;
    struct list head;
    list_init(&head);
    struct guest guests[3];
    for (int i = 0; i < 3; i++) {
        guests[i].number = i;
        list_init(&guests[i].by_arrival);
    }
    assert_true(list_is_empty(&head));
    assert_null(list_first(&head));
    assert_null(list_last(&head));
    list_push_back(&head, &guests[1].by_arrival);
    list_push_back(&head, &guests[2].by_arrival);
    list_push_front(&head, &guests[0].by_arrival);
    int expected = 0;
    LIST_EACH (link, &head) {
        assert_int_equal(number_of(link), expected++);
    }
    assert_int_equal(expected, 3);
    assert_int_equal(number_of(list_first(&head)), 0);
    assert_int_equal(number_of(list_last(&head)), 2);
}

static void items_may_be_removed_during_the_walk(void **state)
{
    (void)state;
    struct list head;
    list_init(&head);
    struct guest guests[4];
    for (int i = 0; i < 4; i++) {
        guests[i].number = i;
        list_init(&guests[i].by_arrival);
        list_push_back(&head, &guests[i].by_arrival);
    }
    int met = 0;
    LIST_EACH (link, &head) {
        met++;
        if (number_of(link) % 2 == 0) {
            list_remove(link);
        }
    }
    assert_int_equal(met, 4);
    assert_int_equal(number_of(list_first(&head)), 1);
    assert_int_equal(number_of(list_last(&head)), 3);
    assert_true(list_is_empty(&guests[0].by_arrival));
}

static void removing_twice_changes_nothing(void **state)
{
    (void)state;
    struct list head;
    struct guest guest = {.number = 7};
    list_init(&head);
    list_init(&guest.by_arrival);
    list_push_back(&head, &guest.by_arrival);
    list_remove(&guest.by_arrival);
    list_remove(&guest.by_arrival);
    assert_true(list_is_empty(&head));
    list_push_back(&head, &guest.by_arrival);
    assert_int_equal(number_of(list_first(&head)), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_in_the_order_they_were_pushed),
        cmocka_unit_test(items_may_be_removed_during_the_walk),
        cmocka_unit_test(removing_twice_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
