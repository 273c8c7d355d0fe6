/* pool -- a fixed number of slots of one size, named by ids with a generation.
 * An id is never given twice, and never 0: an id that outlives its item finds nothing ("gone"),
 * also when the slot has a new item. Items do not move. Not for more than one thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool_slot;

struct pool {
    size_t item_bytes; /* rounded up to the strictest alignment */
    uint32_t max, count;
    uint32_t first_free, first_fresh;
    struct pool_slot *slots;
    uint8_t *items;
};

/* Memory for all slots is reserved at once, and used when they are. False: no memory. */
bool pool_init(struct pool *pool, size_t item_bytes, uint32_t max);
void pool_fini(struct pool *pool);
/* A zeroed item. NULL when the pool is full; *id is then untouched. */
void *pool_add(struct pool *pool, uint64_t *id);
/* NULL when the item is gone. */
void *pool_find(const struct pool *pool, uint64_t id);
/* Wipes the item. An id that is gone changes nothing. */
void pool_remove(struct pool *pool, uint64_t id);
/* Walks all items: start with *cursor = 0, until NULL. Items may be added and removed during the
 * walk; a new one may be met or not. */
void *pool_next(const struct pool *pool, uint32_t *cursor, uint64_t *id);
