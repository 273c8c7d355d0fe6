/* platter -- the bytes of one file, as they are now and as they stand on the disk, and which
 * sectors of 512 bytes may be either. Pure; chance is given. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SECTOR_BYTES = 512 };

struct content {
    uint8_t *at;
    size_t size, capacity; /* behind size all is zero */
};

struct platter {
    struct content now, disk;
    uint8_t *dirty; /* one byte per sector: written, and not synced */
    size_t dirty_capacity;
};

/* splitmix64. */
uint64_t chance_next(uint64_t *chance);

/* Bytes that are there; the rest of `out` is zero. */
size_t platter_read(const struct platter *platter, void *out, size_t amount, size_t at);
void platter_write(struct platter *platter, const void *bytes, size_t amount, size_t at);
void platter_truncate(struct platter *platter, size_t size);
/* Some sectors that the system writes back by itself, whenever it likes. */
void platter_write_back(struct platter *platter, uint64_t *chance);
/* A sync: all of it is on the disk. */
void platter_settle(struct platter *platter);
/* A sync that failed: the system believes that all of it is, and it is not. */
void platter_forget(struct platter *platter);
/* Power was lost. Of what was not synced: all of it, nothing, or some sectors; and one of the two
 * lengths. */
void platter_survive(struct platter *platter, uint64_t *chance);
void platter_empty(struct platter *platter);
void platter_fini(struct platter *platter);
