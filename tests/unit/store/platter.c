/* platter -- see platter.h. */
#include "platter.h"

#include <stdlib.h>
#include <string.h>

uint64_t chance_next(uint64_t *chance)
{
    uint64_t z = *chance += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* -- Memory: a test that has none ends -- */

static void *grown(void *at, size_t *capacity, size_t wanted)
{
    if (wanted <= *capacity) {
        return at;
    }
    uint8_t *grown = realloc(at, wanted * 2);
    if (grown == NULL) {
        abort();
    }
    memset(grown + *capacity, 0, wanted * 2 - *capacity);
    *capacity = wanted * 2;
    return grown;
}

static void content_reach(struct content *content, size_t size)
{
    size_t sectors = (size + SECTOR_BYTES - 1) / SECTOR_BYTES;
    content->at = grown(content->at, &content->capacity, (sectors + 1) * SECTOR_BYTES);
}

static void content_size_set(struct content *content, size_t size)
{
    content_reach(content, size);
    if (size < content->size) {
        memset(content->at + size, 0, content->size - size);
    }
    content->size = size;
}

/* -- Sectors -- */

static void dirty_mark(struct platter *platter, size_t at, size_t len)
{
    if (len == 0) {
        return;
    }
    size_t last = (at + len - 1) / SECTOR_BYTES;
    platter->dirty = grown(platter->dirty, &platter->dirty_capacity, last + 1);
    memset(platter->dirty + at / SECTOR_BYTES, 1, last + 1 - at / SECTOR_BYTES);
}

/* The sector as it is now is on the disk. */
static void sector_settle(struct platter *platter, size_t sector)
{
    size_t at = sector * SECTOR_BYTES;
    content_reach(&platter->now, at + SECTOR_BYTES);
    content_reach(&platter->disk, at + SECTOR_BYTES);
    memcpy(platter->disk.at + at, platter->now.at + at, SECTOR_BYTES);
    platter->dirty[sector] = 0;
}

/* -- What happens to a file -- */

size_t platter_read(const struct platter *platter, void *out, size_t amount, size_t at)
{
    size_t there = platter->now.size > at ? platter->now.size - at : 0;
    size_t whole = there < amount ? there : amount;
    memset(out, 0, amount);
    if (whole > 0) {
        memcpy(out, platter->now.at + at, whole);
    }
    return whole;
}

void platter_write(struct platter *platter, const void *bytes, size_t amount, size_t at)
{
    content_reach(&platter->now, at + amount);
    memcpy(platter->now.at + at, bytes, amount);
    platter->now.size = at + amount > platter->now.size ? at + amount : platter->now.size;
    dirty_mark(platter, at, amount);
}

void platter_truncate(struct platter *platter, size_t size)
{
    if (size < platter->now.size) {
        dirty_mark(platter, size, platter->now.size - size);
        content_size_set(&platter->now, size);
    }
}

void platter_write_back(struct platter *platter, uint64_t *chance)
{
    for (size_t sector = 0; sector < platter->dirty_capacity; sector++) {
        if (platter->dirty[sector] && chance_next(chance) % 64 == 0) {
            sector_settle(platter, sector);
        }
    }
}

void platter_settle(struct platter *platter)
{
    for (size_t sector = 0; sector < platter->dirty_capacity; sector++) {
        if (platter->dirty[sector]) {
            sector_settle(platter, sector);
        }
    }
    content_size_set(&platter->disk, platter->now.size);
}

void platter_forget(struct platter *platter)
{
    if (platter->dirty_capacity > 0) {
        memset(platter->dirty, 0, platter->dirty_capacity);
    }
}

void platter_survive(struct platter *platter, uint64_t *chance)
{
    uint64_t mood = chance_next(chance) % 4;
    for (size_t sector = 0; sector < platter->dirty_capacity; sector++) {
        if (platter->dirty[sector] && (mood == 0 || (mood > 1 && chance_next(chance) % 2 == 0))) {
            sector_settle(platter, sector);
        }
    }
    platter_forget(platter);
    if (chance_next(chance) % 2 == 0) {
        content_size_set(&platter->disk, platter->now.size);
    }
    content_size_set(&platter->now, 0);
    content_size_set(&platter->now, platter->disk.size);
    memcpy(platter->now.at, platter->disk.at, platter->disk.size);
}

void platter_empty(struct platter *platter)
{
    content_size_set(&platter->now, 0);
}

void platter_fini(struct platter *platter)
{
    free(platter->now.at);
    free(platter->disk.at);
    free(platter->dirty);
    *platter = (struct platter){0};
}
