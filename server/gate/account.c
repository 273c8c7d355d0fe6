/* account -- see account.h. */
#include "gate/account.h"

#include <stdlib.h>
#include <string.h>

void accounts_init(struct accounts *accounts, const struct account_limits *limits,
                   size_t accounts_max)
{
    accounts->limits = *limits;
    table_init(&accounts->table, ACCOUNT_KEY_BYTES, accounts_max);
    list_init(&accounts->idle);
}

static void account_forget(struct accounts *accounts, struct account *account)
{
    list_remove(&account->idle);
    (void)table_remove(&accounts->table, account->key);
    free(account);
}

void accounts_fini(struct accounts *accounts)
{
    LIST_EACH (link, &accounts->idle) {
        account_forget(accounts, LIST_ITEM(link, struct account, idle));
    }
    table_fini(&accounts->table);
}

static struct account *account_make(struct accounts *accounts, const uint8_t key[ACCOUNT_KEY_BYTES],
                                    uint64_t now_ms)
{
    struct account *account = calloc(1, sizeof *account);
    struct list *oldest = list_first(&accounts->idle);
    if (accounts->table.count == accounts->table.max && oldest != NULL) {
        account_forget(accounts, LIST_ITEM(oldest, struct account, idle));
    }
    if (account == NULL || table_insert(&accounts->table, key, account) != TABLE_OK) {
        free(account);
        return NULL;
    }
    memcpy(account->key, key, ACCOUNT_KEY_BYTES);
    account->work = allowance_of(accounts->limits.work_per_s, now_ms);
    account->bytes = allowance_of(accounts->limits.bytes_per_s, now_ms);
    list_init(&account->idle);
    list_push_back(&accounts->idle, &account->idle);
    return account;
}

struct account *account_enter(struct accounts *accounts, const uint8_t key[ACCOUNT_KEY_BYTES],
                              uint64_t now_ms)
{
    struct account *account = table_find(&accounts->table, key);
    if (account == NULL) {
        account = account_make(accounts, key, now_ms);
    }
    if (account == NULL || account->places >= accounts->limits.places_max) {
        return NULL;
    }
    list_remove(&account->idle);
    account->places++;
    return account;
}

void account_leave(struct accounts *accounts, struct account *account)
{
    if (--account->places == 0) {
        list_push_back(&accounts->idle, &account->idle);
    }
}

void account_pay(struct account *account, double work, double bytes, uint64_t now_ms)
{
    allowance_take(&account->work, work, now_ms);
    allowance_take(&account->bytes, bytes, now_ms);
}

bool account_is_open(struct account *account, uint64_t now_ms)
{
    return allowance_is_open(&account->work, now_ms) && allowance_is_open(&account->bytes, now_ms);
}

void accounts_sweep(struct accounts *accounts, uint64_t now_ms)
{
    LIST_EACH (link, &accounts->idle) {
        struct account *account = LIST_ITEM(link, struct account, idle);
        /* Those behind it were used later. */
        if (!allowance_is_full(&account->work, now_ms) ||
            !allowance_is_full(&account->bytes, now_ms)) {
            return;
        }
        account_forget(accounts, account);
    }
}
