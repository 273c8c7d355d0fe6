/* fixed -- see fixed.h. */
#include "fixed.h"

#include "base/check.h"

#include <sodium.h>
#include <string.h>

static uint64_t state, now_ms;

/* SplitMix64. */
static uint64_t next(void)
{
    uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static const char *bytes_name(void)
{
    return "fixed";
}

static uint32_t bytes_random(void)
{
    return (uint32_t)(next() >> 32);
}

static void bytes_fill(void *const out, const size_t len)
{
    uint8_t *at = out;
    for (size_t done = 0; done < len; done += sizeof state) {
        uint64_t more = next();
        memcpy(at + done, &more, len - done < sizeof more ? len - done : sizeof more);
    }
}

void fixed_begin(void)
{
    static struct randombytes_implementation implementation = {
        .implementation_name = bytes_name, .random = bytes_random, .buf = bytes_fill};
    /* The first initialisation asks for random bytes too. */
    CHECK(randombytes_set_implementation(&implementation) == 0 && sodium_init() >= 0);
    state = 0;
    now_ms = FIXED_BEGIN_MS;
}

void fixed_pass(uint64_t ms)
{
    now_ms += ms;
}

static uint64_t wall_ms(void *context)
{
    (void)context;
    return UINT64_C(1700000000000) + now_ms;
}

static uint64_t monotonic_ms(void *context)
{
    (void)context;
    return now_ms;
}

uint64_t fixed_wall_ms(void)
{
    return wall_ms(NULL);
}

struct clock clock_system(void)
{
    return (struct clock){wall_ms, monotonic_ms, NULL};
}
