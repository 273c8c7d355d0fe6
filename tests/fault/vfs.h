/* vfs -- SQLite's way to the files, with a disk behind it that can lose power, fill up and fail.
 * A shim over the default unix VFS: the files are real, so that locks and the shared index of the
 * write-ahead log are SQLite's own, with any number of connections and threads; what would be on
 * the disk is kept beside them (disk.h). One for the whole process. It knows SQLite's files, not
 * what is in them. */
#pragma once

#include "tests/fault/disk.h"

/* Kinds of files, as bits. */
enum { VFS_MAIN = 1, VFS_WAL = 2, VFS_OTHER = 4, VFS_ANY = 7 };

/* What is wrong with the disk: for each, the kinds of files that it concerns. */
struct vfs_faults {
    unsigned full;        /* a write that makes the file longer */
    unsigned writes_fail; /* half of the bytes may be there */
    unsigned reads_fail;
    unsigned syncs_fail;      /* what was to be synced is forgotten, and taken for written */
    bool failed_sync_reverts; /* ... and programs see the disk's old bytes again */
    unsigned syncs_lie;       /* nothing is synced, and nobody is told */
    unsigned syncs_wait;      /* until the fault is taken away */
    unsigned writes_wait;
    unsigned reads_corrupt; /* one byte of each read of a page is another */
};

/* Becomes the default VFS for all that is opened from now on. */
void vfs_install(void);
/* Another disk, empty, for the files of this folder; power is on, nothing is wrong. */
void vfs_disk(const char *folder, uint64_t seed);
/* Frees what the disk remembers. */
void vfs_fini(void);

void vfs_faults(const struct vfs_faults *faults); /* NULL: nothing is wrong */
/* Waits until a thread stands before a fault that waits, or the power is off. */
void vfs_wait_for_waiting(void);

/* Everything fails from now on: the process is as good as dead. */
void vfs_off(void);
/* The power goes before the n-th write, sync or removal from now on. 0: never. */
void vfs_off_after(uint64_t operations);
bool vfs_is_off(void);
/* A process died, and the machine did not: what was written is seen, and not yet on the disk.
 * Nothing may be open. */
void vfs_on(void);
/* The machine lost power. Nothing may be open. */
void vfs_on_after_loss(enum disk_loss loss);

struct vfs_counts {
    uint64_t operations, syncs, reads;
};
struct vfs_counts vfs_counts(void);
