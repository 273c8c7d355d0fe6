/* allowance -- see allowance.h. */
#include "gate/allowance.h"

/* At once: a client that comes back asks for much in one go. */
enum { BURST_S = 3 };

struct allowance allowance_of(uint64_t per_s, uint64_t now_ms)
{
    double most = (double)per_s * BURST_S;
    return (struct allowance){most, most, (double)per_s / 1000, now_ms};
}

static void fill(struct allowance *allowance, uint64_t now_ms)
{
    allowance->left += (double)(now_ms - allowance->at_ms) * allowance->per_ms;
    allowance->left = allowance->left < allowance->most ? allowance->left : allowance->most;
    allowance->at_ms = now_ms;
}

void allowance_take(struct allowance *allowance, double amount, uint64_t now_ms)
{
    fill(allowance, now_ms);
    allowance->left -= amount;
}

bool allowance_is_open(struct allowance *allowance, uint64_t now_ms)
{
    fill(allowance, now_ms);
    return allowance->left >= 0;
}

bool allowance_is_full(struct allowance *allowance, uint64_t now_ms)
{
    fill(allowance, now_ms);
    return allowance->left >= allowance->most;
}
