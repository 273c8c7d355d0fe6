/* disk -- what a disk holds of one folder's files, as a power loss would show it.
 * It is told what is written and what is synced; at a loss it keeps what was synced and, of what
 * was not, what the seed chooses: nothing, a beginning, or for each page or sector of its own some
 * moment of the past (which is reordering and tearing). Names are kept apart: a file that was made
 * or removed stays so only when the folder was synced. It opens no database. Not for more than one
 * thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DISK_PAGE = 4096, DISK_SECTOR = 512, DISK_NAME_MAX = 128 };

/* Something that was done to a file since it was last synced. The unit in which a system remembers
 * what it has not written is the page, so a write is the whole of each page that it touches. */
struct disk_change {
    bool is_cut;   /* the file was made shorter: all bytes behind `size` are gone */
    uint64_t page; /* its number */
    uint64_t size; /* of the file afterwards */
    uint8_t bytes[DISK_PAGE];
};

struct disk_file {
    struct disk_file *next;
    char name[DISK_NAME_MAX];
    bool is_here;    /* programs see it */
    bool is_durable; /* a loss leaves it */
    uint8_t *bytes;  /* what a loss leaves for certain */
    size_t len;
    struct disk_change **changes;
    size_t change_count, change_capacity;
};

struct disk {
    char folder[64];
    uint64_t seed; /* moves with each choice */
    struct disk_file *files;
    struct disk_renaming {
        struct disk_file *file;
        bool is_here;
        bool is_with_next; /* both are on the disk, or neither */
    } * renamings;         /* files made and removed since the folder was synced, in order */
    size_t renaming_count;
};

/* A random number below `limit`, from the disk's seed. */
uint64_t disk_choose(struct disk *disk, uint64_t limit);

/* An empty disk; what an earlier one remembered is freed. */
void disk_init(struct disk *disk, const char *folder, uint64_t seed);
void disk_fini(struct disk *disk);

/* NULL: programs see no such file. */
struct disk_file *disk_find(struct disk *disk, const char *name);
struct disk_file *disk_make(struct disk *disk, const char *name);
void disk_remove(struct disk *disk, struct disk_file *file);
/* It has another name; what had that one is gone, in the same moment. Nobody may have it open. */
void disk_rename(struct disk *disk, struct disk_file *file, const char *name);
void disk_folder_synced(struct disk *disk);

/* The page as it is after a write. */
void disk_wrote(struct disk_file *file, uint64_t page, const uint8_t bytes[DISK_PAGE],
                uint64_t size);
void disk_cut(struct disk_file *file, uint64_t size);
void disk_synced(struct disk_file *file);
/* The sync has failed: what was not written is forgotten, and the system takes it for written. Some
 * pages, by chance, were. Calls back for each page that was not, with what the disk has there. */
void disk_sync_failed(struct disk *disk, struct disk_file *file,
                      void (*each)(void *context, uint64_t page, const uint8_t bytes[DISK_PAGE]),
                      void *context);

enum disk_loss {
    DISK_LOSES_ALL,  /* that was not synced */
    DISK_LOSES_SOME, /* the seed chooses how, for each file */
    DISK_LOSS_COUNT,
};
/* The power goes and comes back: the files of the folder are what the disk has, and nothing is
 * waiting. Nobody may have them open. */
void disk_lose(struct disk *disk, enum disk_loss loss);
