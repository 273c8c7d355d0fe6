/* same -- what every harness holds a decoder to: what it accepts means what its own encoding says.
 * Also the fixed keys under which the seeds were made (tests/unit/protocol/cast.c). */
#pragma once

#include "base/check.h"
#include "protocol/certificate.h"

/* A decoded value encodes to the bytes it came from, but for elements behind the known ones, and
 * for those that an earlier program did not write: they are 0. */
static inline void same_as_encoded(const struct layout *layout, const void *value,
                                   struct slice bytes)
{
    struct buffer again;
    buffer_init(&again, (size_t)4 * FRAME_BYTES_MAX);
    CHECK(layout_encode(layout, value, &again) == ENRUM_OK);
    size_t header = bytes.at[0] == 0xdc ? 3 : 1, own = again.at[0] == 0xdc ? 3 : 1;
    size_t known = again.len - own, there = bytes.len - header;
    CHECK(memcmp(again.at + own, bytes.at + header, known < there ? known : there) == 0);
    for (size_t i = there; i < known; i++) {
        CHECK(again.at[own + i] == 0);
    }
    CHECK(known != there || slice_equal(buffer_slice(&again), bytes));
    buffer_fini(&again);
}

static inline struct sign_pair same_sign_pair(uint8_t byte)
{
    struct secret32 seed;
    struct sign_pair pair;
    memset(seed.bytes, byte, sizeof seed.bytes);
    sign_pair_of_seed(&seed, &pair);
    return pair;
}

static inline struct seal_pair same_seal_pair(uint8_t byte)
{
    struct secret32 secret;
    struct seal_pair pair;
    memset(secret.bytes, byte, sizeof secret.bytes);
    seal_pair_of_secret(&secret, &pair);
    return pair;
}

static inline struct secret32 same_room_key(void)
{
    struct secret32 key;
    memset(key.bytes, 0x55, sizeof key.bytes);
    return key;
}

static inline struct slice same_rest(struct slice bytes, size_t skip)
{
    return (struct slice){bytes.at + skip, bytes.len - skip};
}
