/* chance -- every random choice of a run, from its seed: xoshiro256** after splitmix64. Also what
 * libsodium gives as randomness, so that keys and nonces come back with the seed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chance {
    uint64_t state[4];
};

/* `stream` tells apart what must not shift each other: the network, the players, the keys. */
void chance_init(struct chance *chance, uint64_t seed, uint64_t stream);
uint64_t chance_next(struct chance *chance);
/* 0 ... below - 1. */
uint64_t chance_below(struct chance *chance, uint64_t below);
/* low ... high, both included. */
uint64_t chance_between(struct chance *chance, uint64_t low, uint64_t high);
/* True so many times in a thousand. */
bool chance_is(struct chance *chance, unsigned per_mille);

/* libsodium asks this from now on; before anything else of libsodium is called. */
void chance_install(void);
/* The bytes that it gives begin anew. */
void chance_bytes_seed(uint64_t seed);
