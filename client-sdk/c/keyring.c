/* keyring -- see keyring.h. */
#include "keyring.h"

#include <stdlib.h>

void keyring_init(struct keyring *keyring, const struct id *room)
{
    *keyring = (struct keyring){.room = *room};
}

static void wipe_all(struct secret32 *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        secret_wipe(&keys[i]);
    }
    free(keys);
}

void keyring_fini(struct keyring *keyring)
{
    wipe_all(keyring->keys, keyring->count);
    keyring->keys = NULL;
    keyring->count = keyring->capacity = 0;
}

const struct secret32 *keyring_find(const struct keyring *keyring, uint64_t generation)
{
    if (generation == 0 || generation > keyring->count ||
        secret_is_zero(&keyring->keys[generation - 1])) {
        return NULL;
    }
    return &keyring->keys[generation - 1];
}

bool keyring_is_whole(const struct keyring *keyring, uint64_t generation)
{
    for (uint64_t i = 1; i <= generation; i++) {
        if (keyring_find(keyring, i) == NULL) {
            return false;
        }
    }
    return true;
}

enum { GENERATIONS_MAX = 1 << 16 };

/* Not realloc: the old keys must not stay behind in freed memory. */
static bool make_room(struct keyring *keyring, uint64_t generation)
{
    if (generation > GENERATIONS_MAX) {
        return false;
    }
    if (generation > keyring->capacity) {
        size_t capacity = generation < 4 ? 4 : (size_t)generation * 2;
        struct secret32 *keys = calloc(capacity, sizeof *keys);
        if (keys == NULL) {
            return false;
        }
        if (keyring->count > 0) {
            memcpy(keys, keyring->keys, keyring->count * sizeof *keys);
        }
        wipe_all(keyring->keys, keyring->count);
        keyring->keys = keys;
        keyring->capacity = capacity;
    }
    if (generation > keyring->count) {
        keyring->count = (size_t)generation;
    }
    return true;
}

enum enrum_err keyring_put(struct keyring *keyring, uint64_t generation, const struct secret32 *key)
{
    if (generation == 0 || !make_room(keyring, generation)) {
        return ENRUM_MEMORY;
    }
    secret_copy(&keyring->keys[generation - 1], key);
    return ENRUM_OK;
}

static enum enrum_err keys_check(const struct fold *fold, const struct wire_open_grant *grant,
                                 const struct secret32 *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct id commitment;
        const struct fold_generation *generation = fold_generation_find(fold, grant->first + i);
        grant_commitment(&fold->room, grant->first + i, &keys[i], &commitment);
        if (generation == NULL || !id_equal(&generation->commitment, &commitment)) {
            return ENRUM_COMMITMENT_WRONG;
        }
    }
    return ENRUM_OK;
}

enum enrum_err keyring_grant(struct keyring *keyring, const struct fold *fold,
                             const struct wire_open_grant *grant, const struct seal_pair *pair,
                             size_t *added)
{
    struct secret32 keys[GENERATIONS_PER_GRANT_MAX];
    size_t count = 0, new_count = 0;
    enum enrum_err err = grant_unwrap(&keyring->room, grant, pair, keys, &count);
    if (err == ENRUM_OK) {
        err = keys_check(fold, grant, keys, count);
    }
    for (size_t i = 0; err == ENRUM_OK && i < count; i++) {
        if (keyring_find(keyring, grant->first + i) == NULL) {
            err = keyring_put(keyring, grant->first + i, &keys[i]);
            new_count++;
        }
    }
    for (size_t i = 0; i < count; i++) {
        secret_wipe(&keys[i]);
    }
    if (err == ENRUM_OK) {
        *added = new_count;
    }
    return err;
}
