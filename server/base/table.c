/* table -- see table.h.
 * Linear probing without tombstones: removal shifts the following slots back, so that a table that
 * lives for years under churn stays as fast as a new one. */
#include "base/table.h"

#include "base/check.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 16 };

_Static_assert(sizeof(((struct table *)0)->hash_key) == crypto_shorthash_KEYBYTES, "SipHash key");

struct table_slot {
    uint64_t hash;
    void *value; /* NULL: the slot is empty */
};

void table_init(struct table *table, size_t key_bytes, size_t max)
{
    CHECK(key_bytes > 0);
    CHECK(sodium_init() >= 0);
    *table = (struct table){.key_bytes = key_bytes, .max = max};
    crypto_shorthash_keygen(table->hash_key);
}

void table_fini(struct table *table)
{
    free(table->slots);
    free(table->keys);
    table->slots = NULL;
    table->keys = NULL;
    table->slot_count = 0;
    table->count = 0;
}

static uint8_t *key_at(const struct table *table, size_t slot)
{
    return table->keys + slot * table->key_bytes;
}

static uint64_t hash_of(const struct table *table, const void *key)
{
    uint8_t digest[crypto_shorthash_BYTES];
    crypto_shorthash(digest, key, table->key_bytes, table->hash_key);
    uint64_t hash;
    _Static_assert(sizeof digest == sizeof hash, "SipHash gives 64 bits");
    memcpy(&hash, digest, sizeof hash);
    return hash;
}

/* The slot of this key, or the empty slot where it belongs. One slot is always empty. */
static size_t probe(const struct table *table, uint64_t hash, const void *key)
{
    size_t mask = table->slot_count - 1;
    size_t at = (size_t)hash & mask;
    while (table->slots[at].value != NULL) {
        if (table->slots[at].hash == hash &&
            memcmp(key_at(table, at), key, table->key_bytes) == 0) {
            break;
        }
        at = (at + 1) & mask;
    }
    return at;
}

static void put(struct table *table, uint64_t hash, const void *key, void *value)
{
    size_t at = probe(table, hash, key);
    table->slots[at] = (struct table_slot){hash, value};
    memcpy(key_at(table, at), key, table->key_bytes);
}

static bool grow(struct table *table)
{
    struct table grown = *table;
    grown.slot_count = table->slot_count > 0 ? table->slot_count * 2 : FIRST_SLOTS;
    grown.slots = calloc(grown.slot_count, sizeof *grown.slots);
    grown.keys = calloc(grown.slot_count, table->key_bytes);
    if (grown.slots == NULL || grown.keys == NULL) {
        free(grown.slots);
        free(grown.keys);
        return false;
    }
    for (size_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i].value != NULL) {
            put(&grown, table->slots[i].hash, key_at(table, i), table->slots[i].value);
        }
    }
    free(table->slots);
    free(table->keys);
    *table = grown;
    return true;
}

enum table_result table_insert(struct table *table, const void *key, void *value)
{
    CHECK(value != NULL);
    if (table_find(table, key) != NULL) {
        return TABLE_EXISTS;
    }
    if (table->count >= table->max) {
        return TABLE_FULL;
    }
    /* At most three quarters full: a probe then looks at two or three slots. */
    if ((table->count + 1) * 4 > table->slot_count * 3 && !grow(table)) {
        return TABLE_FULL;
    }
    put(table, hash_of(table, key), key, value);
    table->count++;
    return TABLE_OK;
}

void *table_find(const struct table *table, const void *key)
{
    if (table->count == 0) {
        return NULL;
    }
    return table->slots[probe(table, hash_of(table, key), key)].value;
}

void *table_remove(struct table *table, const void *key)
{
    if (table->count == 0) {
        return NULL;
    }
    size_t hole = probe(table, hash_of(table, key), key);
    void *value = table->slots[hole].value;
    if (value == NULL) {
        return NULL;
    }
    size_t mask = table->slot_count - 1;
    for (size_t at = (hole + 1) & mask; table->slots[at].value != NULL; at = (at + 1) & mask) {
        size_t home = (size_t)table->slots[at].hash & mask;
        /* It may fill the hole only if the hole is not before its home. */
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            table->slots[hole] = table->slots[at];
            memcpy(key_at(table, hole), key_at(table, at), table->key_bytes);
            hole = at;
        }
    }
    table->slots[hole].value = NULL;
    table->count--;
    return value;
}

bool table_next(const struct table *table, size_t *cursor, const void **key, void **value)
{
    while (*cursor < table->slot_count) {
        size_t at = (*cursor)++;
        if (table->slots[at].value != NULL) {
            if (key != NULL) {
                *key = key_at(table, at);
            }
            *value = table->slots[at].value;
            return true;
        }
    }
    return false;
}

void table_free_values(struct table *table)
{
    size_t cursor = 0;
    void *value;
    while (table_next(table, &cursor, NULL, &value)) {
        free(value);
    }
    table_fini(table);
}

enum table_result table_insert_u64(struct table *table, uint64_t key, void *value)
{
    CHECK(table->key_bytes == sizeof key);
    return table_insert(table, &key, value);
}

void *table_find_u64(const struct table *table, uint64_t key)
{
    CHECK(table->key_bytes == sizeof key);
    return table_find(table, &key);
}

void *table_remove_u64(struct table *table, uint64_t key)
{
    CHECK(table->key_bytes == sizeof key);
    return table_remove(table, &key);
}
