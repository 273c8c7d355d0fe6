/* chance -- see chance.h. */
#include "chance.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void chance_init(struct chance *chance, uint64_t seed, uint64_t stream)
{
    uint64_t state = seed * UINT64_C(0x100000001b3) + stream;
    for (size_t i = 0; i < 4; i++) {
        chance->state[i] = splitmix(&state);
    }
}

static uint64_t rotate(uint64_t x, unsigned by)
{
    return (x << by) | (x >> (64 - by));
}

uint64_t chance_next(struct chance *chance)
{
    uint64_t *s = chance->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t chance_below(struct chance *chance, uint64_t below)
{
    /* The bias of a remainder is far below anything that a schedule could show. */
    return chance_next(chance) % below;
}

uint64_t chance_between(struct chance *chance, uint64_t low, uint64_t high)
{
    return low + chance_below(chance, high - low + 1);
}

bool chance_is(struct chance *chance, unsigned per_mille)
{
    return chance_below(chance, 1000) < per_mille;
}

/* -- For libsodium -- */

static struct chance bytes_chance;

static const char *bytes_name(void)
{
    return "simulation";
}

static uint32_t bytes_random(void)
{
    return (uint32_t)(chance_next(&bytes_chance) >> 32);
}

static void bytes_fill(void *const out, const size_t len)
{
    uint8_t *at = out;
    for (size_t done = 0; done < len; done += sizeof(uint64_t)) {
        uint64_t next = chance_next(&bytes_chance);
        size_t left = len - done;
        memcpy(at + done, &next, left < sizeof next ? left : sizeof next);
    }
}

void chance_install(void)
{
    static struct randombytes_implementation implementation = {
        .implementation_name = bytes_name, .random = bytes_random, .buf = bytes_fill};
    chance_bytes_seed(0);
    int result = randombytes_set_implementation(&implementation);
    assert(result == 0);
    (void)result;
}

void chance_bytes_seed(uint64_t seed)
{
    chance_init(&bytes_chance, seed, 0x6b657973);
}
