/* pool -- see pool.h.
 * id = generation << 32 | slot. A slot's generation is odd while it has an item and even while it
 * is free; a slot whose generations are used up is never used again. */
#include "base/pool.h"

#include "base/check.h"

#include <sodium.h>
#include <stdalign.h>
#include <stdlib.h>

#define NO_SLOT UINT32_MAX

struct pool_slot {
    uint32_t generation;
    uint32_t next_free;
};

bool pool_init(struct pool *pool, size_t item_bytes, uint32_t max)
{
    CHECK(item_bytes > 0 && max > 0 && max < NO_SLOT);
    size_t align = alignof(max_align_t);
    struct pool made = {
        .item_bytes = (item_bytes + align - 1) / align * align,
        .max = max,
        .first_free = NO_SLOT,
    };
    made.slots = calloc(max, sizeof *made.slots);
    made.items = calloc(max, made.item_bytes);
    if (made.slots == NULL || made.items == NULL) {
        free(made.slots);
        free(made.items);
        return false;
    }
    *pool = made;
    return true;
}

void pool_fini(struct pool *pool)
{
    uint64_t id;
    for (uint32_t cursor = 0; pool_next(pool, &cursor, &id) != NULL;) {
        pool_remove(pool, id);
    }
    free(pool->slots);
    free(pool->items);
    *pool = (struct pool){0};
}

static void *item_at(const struct pool *pool, uint32_t slot)
{
    return pool->items + (size_t)slot * pool->item_bytes;
}

static uint64_t id_at(const struct pool *pool, uint32_t slot)
{
    return (uint64_t)pool->slots[slot].generation << 32 | slot;
}

void *pool_add(struct pool *pool, uint64_t *id)
{
    uint32_t slot;
    if (pool->first_free != NO_SLOT) {
        slot = pool->first_free;
        pool->first_free = pool->slots[slot].next_free;
    } else if (pool->first_fresh < pool->max) {
        slot = pool->first_fresh++;
    } else {
        return NULL;
    }
    pool->slots[slot].generation++;
    pool->count++;
    *id = id_at(pool, slot);
    return item_at(pool, slot);
}

void *pool_find(const struct pool *pool, uint64_t id)
{
    uint32_t slot = (uint32_t)id;
    uint32_t generation = (uint32_t)(id >> 32);
    if (slot >= pool->first_fresh || generation % 2 == 0 ||
        pool->slots[slot].generation != generation) {
        return NULL;
    }
    return item_at(pool, slot);
}

void pool_remove(struct pool *pool, uint64_t id)
{
    void *item = pool_find(pool, id);
    if (item == NULL) {
        return;
    }
    struct pool_slot *slot = &pool->slots[(uint32_t)id];
    /* Sessions and calls hold keys in their slots. */
    sodium_memzero(item, pool->item_bytes);
    pool->count--;
    slot->generation++;
    if (slot->generation != 0) {
        slot->next_free = pool->first_free;
        pool->first_free = (uint32_t)id;
    }
}

void *pool_next(const struct pool *pool, uint32_t *cursor, uint64_t *id)
{
    while (*cursor < pool->first_fresh) {
        uint32_t slot = (*cursor)++;
        if (pool->slots[slot].generation % 2 == 1) {
            *id = id_at(pool, slot);
            return item_at(pool, slot);
        }
    }
    return NULL;
}
