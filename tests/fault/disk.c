/* disk -- see disk.h. */
#include "tests/fault/disk.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* -- Chance -- */

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

uint64_t disk_choose(struct disk *disk, uint64_t limit)
{
    disk->seed = mix(disk->seed);
    return disk->seed % limit;
}

/* -- Files -- */

static void *must(void *memory)
{
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static void changes_forget(struct disk_file *file)
{
    for (size_t i = 0; i < file->change_count; i++) {
        free(file->changes[i]);
    }
    file->change_count = 0;
}

void disk_init(struct disk *disk, const char *folder, uint64_t seed)
{
    disk_fini(disk);
    (void)snprintf(disk->folder, sizeof disk->folder, "%s", folder);
    disk->seed = seed;
}

void disk_fini(struct disk *disk)
{
    while (disk->files != NULL) {
        struct disk_file *file = disk->files;
        disk->files = file->next;
        changes_forget(file);
        free(file->changes);
        free(file->bytes);
        free(file);
    }
    free(disk->renamings);
    *disk = (struct disk){0};
}

struct disk_file *disk_find(struct disk *disk, const char *name)
{
    struct disk_file *file = disk->files;
    while (file != NULL && !(file->is_here && strcmp(file->name, name) == 0)) {
        file = file->next;
    }
    return file;
}

static void rename_to(struct disk *disk, struct disk_file *file, bool is_here)
{
    file->is_here = is_here;
    disk->renamings = must(
        realloc(disk->renamings, (disk->renaming_count + 1) * sizeof *disk->renamings));
    disk->renamings[disk->renaming_count++] = (struct disk_renaming){file, is_here, false};
}

struct disk_file *disk_make(struct disk *disk, const char *name)
{
    struct disk_file *file = must(calloc(1, sizeof *file));
    (void)snprintf(file->name, sizeof file->name, "%s", name);
    file->next = disk->files;
    disk->files = file;
    rename_to(disk, file, true);
    return file;
}

void disk_remove(struct disk *disk, struct disk_file *file)
{
    rename_to(disk, file, false);
}

/* The first `count` of what was made and removed is on the disk. */
static void renamings_keep(struct disk *disk, size_t count)
{
    while (count > 0 && disk->renamings[count - 1].is_with_next) {
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        disk->renamings[i].file->is_durable = disk->renamings[i].is_here;
    }
    disk->renaming_count = 0;
}

void disk_folder_synced(struct disk *disk)
{
    renamings_keep(disk, disk->renaming_count);
}

/* -- What is in them -- */

static struct disk_change *change_add(struct disk_file *file)
{
    if (file->change_count == file->change_capacity) {
        file->change_capacity = file->change_capacity > 0 ? file->change_capacity * 2 : 64;
        file->changes = must(realloc(file->changes, file->change_capacity * sizeof *file->changes));
    }
    struct disk_change *change = must(calloc(1, sizeof *change));
    file->changes[file->change_count++] = change;
    return change;
}

void disk_wrote(struct disk_file *file, uint64_t page, const uint8_t bytes[DISK_PAGE],
                uint64_t size)
{
    struct disk_change *change = change_add(file);
    change->page = page;
    change->size = size;
    memcpy(change->bytes, bytes, DISK_PAGE);
}

void disk_cut(struct disk_file *file, uint64_t size)
{
    struct disk_change *change = change_add(file);
    change->is_cut = true;
    change->size = size;
}

static void resize(struct disk_file *file, size_t len)
{
    file->bytes = must(realloc(file->bytes, len + DISK_PAGE));
    if (len > file->len) {
        memset(file->bytes + file->len, 0, len - file->len);
    }
    file->len = len;
}

void disk_rename(struct disk *disk, struct disk_file *file, const char *name)
{
    struct disk_file *before = disk_find(disk, name);
    size_t first = disk->renaming_count;
    if (before != NULL) {
        rename_to(disk, before, false);
    }
    rename_to(disk, file, false);
    struct disk_file *after = disk_make(disk, name);
    for (size_t i = first; i + 1 < disk->renaming_count; i++) {
        disk->renamings[i].is_with_next = true;
    }
    resize(after, file->len);
    if (file->len > 0) {
        memcpy(after->bytes, file->bytes, file->len);
    }
    /* What is not on the disk yet of the one is not there of the other. */
    for (size_t i = 0; i < file->change_count; i++) {
        *change_add(after) = *file->changes[i];
    }
}

/* How many of a file's changes have reached it: all of it alike, or each page or sector for itself.
 */
struct reach {
    size_t unit; /* bytes; 0: the whole file */
    size_t count, size_count;
    uint64_t seed;
};

static size_t reach_at(const struct reach *reach, uint64_t offset, size_t changes)
{
    return reach->unit == 0
               ? reach->count
               : (size_t)(mix(reach->seed ^ mix(offset / reach->unit)) % (changes + 1));
}

static uint64_t size_most(const struct disk_file *file)
{
    uint64_t most = file->len;
    for (size_t i = 0; i < file->change_count; i++) {
        most = file->changes[i]->size > most ? file->changes[i]->size : most;
    }
    return most;
}

/* The part of the file that begins at `offset`, at most a sector, as it is after its changes. */
static void sector_settle(struct disk_file *file, const struct reach *reach, uint64_t offset)
{
    size_t count = reach_at(reach, offset, file->change_count);
    for (size_t i = 0; i < count; i++) {
        const struct disk_change *change = file->changes[i];
        if (change->is_cut && change->size < offset + DISK_SECTOR) {
            uint64_t from = change->size > offset ? change->size : offset;
            memset(file->bytes + from, 0, offset + DISK_SECTOR - from);
        } else if (!change->is_cut && change->page == offset / DISK_PAGE) {
            memcpy(file->bytes + offset, change->bytes + offset % DISK_PAGE, DISK_SECTOR);
        }
    }
}

static void settle(struct disk_file *file, const struct reach *reach)
{
    uint64_t size = reach->size_count > 0 ? file->changes[reach->size_count - 1]->size : file->len;
    uint64_t most = size_most(file);
    resize(file, (size_t)(most + DISK_SECTOR - 1) / DISK_SECTOR * DISK_SECTOR);
    for (uint64_t offset = 0; offset < most; offset += DISK_SECTOR) {
        sector_settle(file, reach, offset);
    }
    resize(file, (size_t)size);
    changes_forget(file);
}

void disk_synced(struct disk_file *file)
{
    uint64_t most = size_most(file), size = file->len;
    resize(file, (size_t)(most + DISK_PAGE - 1) / DISK_PAGE * DISK_PAGE);
    for (size_t i = 0; i < file->change_count; i++) {
        const struct disk_change *change = file->changes[i];
        size = change->size;
        if (change->is_cut) {
            memset(file->bytes + size, 0, file->len - size);
        } else {
            memcpy(file->bytes + change->page * DISK_PAGE, change->bytes, DISK_PAGE);
        }
    }
    resize(file, (size_t)size);
    changes_forget(file);
}

void disk_sync_failed(struct disk *disk, struct disk_file *file,
                      void (*each)(void *context, uint64_t page, const uint8_t bytes[DISK_PAGE]),
                      void *context)
{
    uint64_t touched[1024];
    size_t touched_count = 0;
    for (size_t i = 0; i < file->change_count && touched_count < 1024; i++) {
        bool is_new = !file->changes[i]->is_cut;
        for (size_t j = 0; is_new && j < touched_count; j++) {
            is_new = touched[j] != file->changes[i]->page;
        }
        if (is_new) {
            touched[touched_count++] = file->changes[i]->page;
        }
    }
    struct reach reach = {
        .unit = DISK_PAGE, .size_count = file->change_count, .seed = disk_choose(disk, UINT64_MAX)};
    if (file->change_count > 0) {
        settle(file, &reach);
    }
    for (size_t i = 0; i < touched_count; i++) {
        uint8_t bytes[DISK_PAGE] = {0};
        uint64_t offset = touched[i] * DISK_PAGE;
        if (offset < file->len) {
            memcpy(bytes, file->bytes + offset,
                   file->len - offset < DISK_PAGE ? file->len - offset : DISK_PAGE);
        }
        each(context, touched[i], bytes);
    }
}

/* -- The power goes -- */

static void file_lose(struct disk *disk, struct disk_file *file, enum disk_loss loss)
{
    static const size_t units[] = {0, 0, DISK_PAGE, DISK_SECTOR, DISK_SECTOR};
    struct reach reach = {.unit = units[disk_choose(disk, sizeof units / sizeof units[0])],
                          .count = disk_choose(disk, file->change_count + 1),
                          .size_count = disk_choose(disk, file->change_count + 1),
                          .seed = disk_choose(disk, UINT64_MAX)};
    if (loss == DISK_LOSES_ALL) {
        changes_forget(file);
    } else {
        settle(file, &reach);
    }
}

static void file_write(const struct disk *disk, const char *name, const uint8_t *bytes, size_t len)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", disk->folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bytes, len) != (ssize_t)len || close(fd) != 0) {
        abort();
    }
}

static void file_unlink(const struct disk *disk, const char *name, const char *behind)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s%s", disk->folder, name, behind);
    (void)unlink(path);
}

/* The shared index of a write-ahead log is never synced: what a loss leaves of it means nothing. */
static void shm_spoil(struct disk *disk, const struct disk_file *file)
{
    enum { SHM_BYTES = 32768 };
    char name[DISK_NAME_MAX + 8];
    uint8_t bytes[SHM_BYTES];
    if (strstr(file->name, ".db-") != NULL || disk_choose(disk, 2) == 0) {
        return;
    }
    for (size_t i = 0; i < SHM_BYTES; i++) {
        bytes[i] = (uint8_t)disk_choose(disk, 256);
    }
    (void)snprintf(name, sizeof name, "%s-shm", file->name);
    file_write(disk, name, bytes, SHM_BYTES);
}

void disk_lose(struct disk *disk, enum disk_loss loss)
{
    renamings_keep(
        disk, loss == DISK_LOSES_ALL ? 0 : (size_t)disk_choose(disk, disk->renaming_count + 1));
    for (struct disk_file *file = disk->files; file != NULL; file = file->next) {
        file_unlink(disk, file->name, "");
        file_unlink(disk, file->name, "-shm");
    }
    for (struct disk_file **at = &disk->files; *at != NULL;) {
        struct disk_file *file = *at;
        if (file->is_durable) {
            file_lose(disk, file, loss);
            file->is_here = true;
            file_write(disk, file->name, file->bytes, file->len);
            shm_spoil(disk, file);
            at = &file->next;
        } else {
            *at = file->next;
            changes_forget(file);
            free(file->changes);
            free(file->bytes);
            free(file);
        }
    }
}
