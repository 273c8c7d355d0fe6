/* table -- from keys of one fixed size to pointers.
 * Open addressing with SipHash under a random key per table, so that a peer who chooses keys cannot
 * choose collisions. The table copies keys and never follows values. Not for more than one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table_slot;

struct table {
    size_t key_bytes, max, count;
    size_t slot_count; /* 0 or a power of two */
    struct table_slot *slots;
    uint8_t *keys;
    uint8_t hash_key[16];
};

enum table_result { TABLE_OK, TABLE_EXISTS, TABLE_FULL };

/* At most `max` keys, of `key_bytes` each. Allocates nothing yet. */
void table_init(struct table *table, size_t key_bytes, size_t max);
/* Forgets the keys; what the values point at stays the caller's. The table is then empty and
 * usable. */
void table_fini(struct table *table);
/* The same for a table whose values are its own, each from one malloc: they are freed. */
void table_free_values(struct table *table);
/* `value` must not be NULL. EXISTS changes nothing. FULL: the limit or the memory was reached. */
enum table_result table_insert(struct table *table, const void *key, void *value);
/* NULL when the key is not there. */
void *table_find(const struct table *table, const void *key);
/* The value that was there, or NULL. */
void *table_remove(struct table *table, const void *key);
/* Walks all keys in no order: start with *cursor = 0, until false. `key` may be NULL when it is not
 * wanted, and dies with the next change. The table must not change during the walk. */
bool table_next(const struct table *table, size_t *cursor, const void **key, void **value);

/* The same for a table whose key_bytes is sizeof(uint64_t). */
enum table_result table_insert_u64(struct table *table, uint64_t key, void *value);
void *table_find_u64(const struct table *table, uint64_t key);
void *table_remove_u64(struct table *table, uint64_t key);
