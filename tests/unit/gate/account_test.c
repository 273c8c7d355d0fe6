/* Allowances fill with time and may be overdrawn; accounts outlive connections until they are full.
 */
#include "gate/account.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PLACES = 3, WORK_PER_S = 10, BYTES_PER_S = 1000, ACCOUNTS = 4 };

static struct accounts accounts;

static int setup(void **state)
{
    (void)state;
    accounts_init(&accounts, &(struct account_limits){PLACES, WORK_PER_S, BYTES_PER_S}, ACCOUNTS);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    accounts_fini(&accounts);
    return 0;
}

static struct account *enter(uint8_t who, uint64_t now_ms)
{
    uint8_t key[ACCOUNT_KEY_BYTES];
    memset(key, who, sizeof key);
    return account_enter(&accounts, key, now_ms);
}

static void an_allowance_may_be_overdrawn_once_and_is_paid_by_time(void **state)
{
    (void)state;
    struct allowance allowance = allowance_of(10, 5000);
    assert_true(allowance_is_full(&allowance, 5000));
    for (int i = 0; i < 30; i++) {
        assert_true(allowance_is_open(&allowance, 5000));
        allowance_take(&allowance, 1, 5000);
    }
    assert_true(allowance_is_open(&allowance, 5000));
    allowance_take(&allowance, 20, 5000);
    assert_false(allowance_is_open(&allowance, 5000));
    assert_false(allowance_is_open(&allowance, 6999));
    assert_true(allowance_is_open(&allowance, 7000));
    assert_false(allowance_is_full(&allowance, 9999));
    assert_true(allowance_is_full(&allowance, 10000));
}

static void an_allowance_holds_no_more_than_its_most(void **state)
{
    (void)state;
    struct allowance allowance = allowance_of(10, 0);
    assert_true(allowance_is_full(&allowance, 1000000));
    allowance_take(&allowance, 31, 1000000);
    assert_false(allowance_is_open(&allowance, 1000000));
}

static void an_account_has_so_many_places(void **state)
{
    (void)state;
    struct account *first = enter(1, 0), *other = enter(2, 0);
    assert_non_null(first);
    assert_non_null(other);
    assert_ptr_equal(enter(1, 0), first);
    assert_ptr_equal(enter(1, 0), first);
    assert_null(enter(1, 0));
    account_leave(&accounts, first);
    assert_ptr_equal(enter(1, 0), first);
    for (int i = 0; i < PLACES; i++) {
        account_leave(&accounts, first);
    }
    account_leave(&accounts, other);
}

static void coming_back_does_not_fill_an_account(void **state)
{
    (void)state;
    struct account *account = enter(1, 0);
    account_pay(account, 100, 0, 0);
    assert_false(account_is_open(account, 0));
    account_leave(&accounts, account);
    accounts_sweep(&accounts, 1000);
    assert_ptr_equal(enter(1, 1000), account);
    assert_false(account_is_open(account, 1000));
    assert_true(account_is_open(account, 7000));
    account_leave(&accounts, account);
}

static void bytes_and_work_are_paid_apart(void **state)
{
    (void)state;
    struct account *account = enter(1, 0);
    account_pay(account, 1, 3001, 0);
    assert_false(account_is_open(account, 0));
    assert_true(account_is_open(account, 1));
    account_leave(&accounts, account);
}

static void an_account_that_nobody_has_is_forgotten_when_it_is_full(void **state)
{
    (void)state;
    struct account *kept = enter(1, 0), *idle = enter(2, 0);
    account_pay(idle, 20, 0, 0);
    account_leave(&accounts, idle);
    accounts_sweep(&accounts, 1999);
    assert_int_equal(accounts.table.count, 2);
    accounts_sweep(&accounts, 2000);
    assert_int_equal(accounts.table.count, 1);
    assert_ptr_equal(enter(1, 2000), kept);
    account_leave(&accounts, kept);
    account_leave(&accounts, kept);
}

static void when_there_are_too_many_the_one_that_is_idle_longest_goes(void **state)
{
    (void)state;
    struct account *held[ACCOUNTS];
    for (uint8_t i = 0; i < ACCOUNTS; i++) {
        held[i] = enter(i, 0);
        assert_non_null(held[i]);
    }
    assert_null(enter(ACCOUNTS, 0));
    account_pay(held[1], 100, 0, 0);
    account_leave(&accounts, held[1]);
    struct account *next = enter(ACCOUNTS, 0);
    assert_non_null(next);
    assert_true(account_is_open(next, 0));
    assert_null(enter(1, 0));
    account_leave(&accounts, next);
    for (uint8_t i = 0; i < ACCOUNTS; i++) {
        if (i != 1) {
            account_leave(&accounts, held[i]);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_allowance_may_be_overdrawn_once_and_is_paid_by_time),
        TEST(an_allowance_holds_no_more_than_its_most),
        TEST(an_account_has_so_many_places),
        TEST(coming_back_does_not_fill_an_account),
        TEST(bytes_and_work_are_paid_apart),
        TEST(an_account_that_nobody_has_is_forgotten_when_it_is_full),
        TEST(when_there_are_too_many_the_one_that_is_idle_longest_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
