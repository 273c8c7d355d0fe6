/* disk -- a SQLite VFS whose files are in memory and know what of them has reached the disk. Power
 * can be cut at any write; what was not synced by then is lost, kept or torn by 512-byte sectors,
 * as a seed says. And faults can be switched on. Not a model of a disk that lies about its sync,
 * but for disk_loses_syncs, which shows that a test would see it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum disk_fault {
    DISK_GOOD,
    DISK_FULL,         /* a write that makes a file longer fails */
    DISK_WRITE_FAILS,  /* EIO */
    DISK_READ_FAILS,   /* EIO */
    DISK_READ_CORRUPT, /* a byte of each page of a database file is another one */
    DISK_SYNC_FAILS,   /* what was written since the last one may never come to the disk */
    DISK_SYNC_SLOW,    /* 20 ms */
};

/* Makes it the default for connections opened from now on. */
void disk_register(void);
/* An empty disk, and chance beginning anew. All files must be closed. */
void disk_format(uint64_t seed);
/* Power goes at the n-th write, truncation or sync from now: that one and all that follow fail and
 * change nothing. */
void disk_cut_after(uint64_t n);
bool disk_is_cut(void);
/* Power is back: the files are what has survived. All files must be closed. */
void disk_power_on(void);

void disk_fault_set(enum disk_fault fault);
/* Each sync says yes and does nothing. */
void disk_loses_syncs(bool loses);

/* Writes, truncations and syncs so far. */
uint64_t disk_operations(void);
/* A number below `limit`, from the seed. */
uint64_t disk_chance(uint64_t limit);
