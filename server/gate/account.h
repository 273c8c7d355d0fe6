/* account -- what all connections of one network address, or of one person, have together: places,
 * and allowances that outlive a connection, so that coming back does not fill them.
 *
 * An address has an account for its *unproved* work only: connections that have shown nobody's
 * certificate yet, their handshakes and first messages. Thousands of citizens share one address at
 * a school, a library or behind an operator's translation; once they have proved who they are, they
 * no longer count there, but each for the own person.
 *
 * Knows no connections. Thread: the loop. */
#pragma once

#include "base/list.h"
#include "base/table.h"
#include "gate/allowance.h"

#include <stddef.h>

enum { ACCOUNT_KEY_BYTES = 32 };

struct account {
    uint8_t key[ACCOUNT_KEY_BYTES];
    size_t places; /* connections that have it now */
    struct allowance work, bytes;
    struct list idle; /* in accounts.idle while nobody has it */
};

struct account_limits {
    size_t places_max;
    uint64_t work_per_s, bytes_per_s;
};

struct accounts {
    struct account_limits limits;
    struct table table;
    struct list idle; /* longest first */
};

void accounts_init(struct accounts *accounts, const struct account_limits *limits,
                   size_t accounts_max);
void accounts_fini(struct accounts *accounts);
/* Takes a place. NULL: it has no more, or there is no memory. */
struct account *account_enter(struct accounts *accounts, const uint8_t key[ACCOUNT_KEY_BYTES],
                              uint64_t now_ms);
void account_leave(struct accounts *accounts, struct account *account);
void account_pay(struct account *account, double work, double bytes, uint64_t now_ms);
/* Has it no debt? */
bool account_is_open(struct account *account, uint64_t now_ms);
/* Forgets those that nobody has and that are full again. */
void accounts_sweep(struct accounts *accounts, uint64_t now_ms);
