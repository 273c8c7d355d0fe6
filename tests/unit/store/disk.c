/* disk -- see disk.h. */
#include "disk.h"

#include "platter.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES_MAX = 64, NAME_BYTES = 512, SHM_REGIONS_MAX = 64, SLOW_US = 20000 };

struct file {
    char name[NAME_BYTES];
    bool exists, was_there; /* now; on the disk */
    bool is_temporary;
    unsigned handles;
    struct platter platter;
    /* Locks between connections. */
    unsigned shared;
    const void *reserved, *pending, *exclusive;
    void *regions[SHM_REGIONS_MAX];
    unsigned shm_shared[SQLITE_SHM_NLOCK];
    const void *shm_exclusive[SQLITE_SHM_NLOCK];
};

struct handle {
    sqlite3_file base;
    struct file *file;
    int lock;
    uint8_t shm_mask; /* shared locks held */
};

static struct {
    pthread_mutex_t mutex;
    struct file files[FILES_MAX];
    uint64_t chance, operations, cut_at; /* cut_at 0: never */
    bool is_cut, loses_syncs;
    enum disk_fault fault;
    sqlite3_vfs *system;
} disk = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* -- Chance -- */

uint64_t disk_chance(uint64_t limit)
{
    pthread_mutex_lock(&disk.mutex);
    uint64_t number = chance_next(&disk.chance) % limit;
    pthread_mutex_unlock(&disk.mutex);
    return number;
}

/* -- Files -- */

static struct file *file_find(const char *name)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        struct file *file = &disk.files[i];
        if ((file->exists || file->handles > 0 || file->was_there) && !file->is_temporary &&
            strcmp(file->name, name) == 0) {
            return file;
        }
    }
    return NULL;
}

static struct file *file_make(const char *name)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        struct file *file = &disk.files[i];
        if (!file->exists && file->handles == 0 && !file->was_there) {
            file->is_temporary = name == NULL;
            (void)snprintf(file->name, sizeof file->name, "%s", name != NULL ? name : "");
            return file;
        }
    }
    return NULL;
}

static void shm_drop(struct file *file)
{
    for (size_t i = 0; i < SHM_REGIONS_MAX; i++) {
        free(file->regions[i]);
        file->regions[i] = NULL;
    }
}

static void file_wipe(struct file *file)
{
    platter_fini(&file->platter);
    shm_drop(file);
    *file = (struct file){0};
}

/* One more change: is the power still on behind it? */
static bool changes(void)
{
    disk.operations++;
    if (disk.cut_at != 0 && disk.operations >= disk.cut_at) {
        disk.is_cut = true;
    }
    return !disk.is_cut;
}

/* -- Methods of an open file. Each holds the mutex. -- */

static struct file *file_of(sqlite3_file *base)
{
    return ((struct handle *)base)->file;
}

static int enter(void)
{
    pthread_mutex_lock(&disk.mutex);
    return disk.is_cut ? SQLITE_IOERR : SQLITE_OK;
}

static int leave(int code)
{
    pthread_mutex_unlock(&disk.mutex);
    return code;
}

static bool is_database(const struct file *file)
{
    size_t len = strlen(file->name);
    return len > 3 && strcmp(file->name + len - 3, ".db") == 0;
}

static int disk_read(sqlite3_file *base, void *out, int amount, sqlite3_int64 at)
{
    struct file *file = file_of(base);
    if (enter() != SQLITE_OK || disk.fault == DISK_READ_FAILS) {
        return leave(SQLITE_IOERR_READ);
    }
    size_t whole = platter_read(&file->platter, out, (size_t)amount, (size_t)at);
    if (disk.fault == DISK_READ_CORRUPT && is_database(file) && amount > 1024) {
        ((uint8_t *)out)[amount / 2] ^= 0x55;
        ((uint8_t *)out)[1] ^= 0x55;
    }
    return leave(whole < (size_t)amount ? SQLITE_IOERR_SHORT_READ : SQLITE_OK);
}

static int disk_write(sqlite3_file *base, const void *bytes, int amount, sqlite3_int64 at)
{
    struct file *file = file_of(base);
    if (enter() != SQLITE_OK || disk.fault == DISK_WRITE_FAILS) {
        return leave(SQLITE_IOERR_WRITE);
    }
    if (disk.fault == DISK_FULL && (size_t)at + (size_t)amount > file->platter.now.size) {
        return leave(SQLITE_FULL);
    }
    /* The write at which power goes is under way: its sectors may have come to the disk. */
    platter_write(&file->platter, bytes, (size_t)amount, (size_t)at);
    platter_write_back(&file->platter, &disk.chance);
    return leave(changes() ? SQLITE_OK : SQLITE_IOERR_WRITE);
}

static int disk_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct file *file = file_of(base);
    if (enter() != SQLITE_OK || disk.fault == DISK_WRITE_FAILS) {
        return leave(SQLITE_IOERR_TRUNCATE);
    }
    platter_truncate(&file->platter, (size_t)size);
    return leave(changes() ? SQLITE_OK : SQLITE_IOERR_TRUNCATE);
}

/* A sync of a file that was made since makes its name durable too, and so does SQLite's own VFS. */
static int disk_sync(sqlite3_file *base, int flags)
{
    (void)flags;
    struct file *file = file_of(base);
    if (enter() != SQLITE_OK) {
        return leave(SQLITE_IOERR_FSYNC);
    }
    bool is_slow = disk.fault == DISK_SYNC_SLOW;
    if (disk.fault == DISK_SYNC_FAILS) {
        platter_forget(&file->platter);
        return leave(SQLITE_IOERR_FSYNC);
    }
    if (!changes()) {
        return leave(SQLITE_IOERR_FSYNC);
    }
    if (!disk.loses_syncs) {
        platter_settle(&file->platter);
        for (size_t i = 0; i < FILES_MAX; i++) {
            disk.files[i].was_there = disk.files[i].exists && !disk.files[i].is_temporary;
        }
    }
    (void)leave(SQLITE_OK);
    if (is_slow) {
        usleep(SLOW_US);
    }
    return SQLITE_OK;
}

static int disk_file_size(sqlite3_file *base, sqlite3_int64 *size)
{
    int code = enter();
    *size = (sqlite3_int64)file_of(base)->platter.now.size;
    return leave(code == SQLITE_OK ? SQLITE_OK : SQLITE_IOERR_FSTAT);
}

/* -- Locks -- */

static bool lock_may(const struct handle *handle, int wanted)
{
    const struct file *file = handle->file;
    switch (wanted) {
    case SQLITE_LOCK_SHARED:
        return file->pending == NULL && file->exclusive == NULL;
    case SQLITE_LOCK_RESERVED:
        return file->reserved == NULL || file->reserved == handle;
    default:
        return (file->pending == NULL || file->pending == handle) &&
               (file->reserved == NULL || file->reserved == handle);
    }
}

static int disk_lock(sqlite3_file *base, int wanted)
{
    struct handle *handle = (struct handle *)base;
    struct file *file = handle->file;
    pthread_mutex_lock(&disk.mutex);
    if (handle->lock >= wanted) {
        return leave(SQLITE_OK);
    }
    if (!lock_may(handle, wanted)) {
        return leave(SQLITE_BUSY);
    }
    if (wanted == SQLITE_LOCK_SHARED) {
        file->shared++;
    } else if (wanted == SQLITE_LOCK_RESERVED) {
        file->reserved = handle;
    } else {
        file->pending = handle;
        if (file->shared > 1) {
            handle->lock = SQLITE_LOCK_PENDING;
            return leave(SQLITE_BUSY);
        }
        file->exclusive = handle;
    }
    handle->lock = wanted;
    return leave(SQLITE_OK);
}

static void unlock(struct handle *handle, int wanted)
{
    struct file *file = handle->file;
    if (wanted < SQLITE_LOCK_RESERVED) {
        file->reserved = file->reserved == handle ? NULL : file->reserved;
        file->pending = file->pending == handle ? NULL : file->pending;
        file->exclusive = file->exclusive == handle ? NULL : file->exclusive;
    }
    if (wanted == SQLITE_LOCK_NONE && handle->lock >= SQLITE_LOCK_SHARED) {
        file->shared--;
    }
    handle->lock = wanted < handle->lock ? wanted : handle->lock;
}

static int disk_unlock(sqlite3_file *base, int wanted)
{
    pthread_mutex_lock(&disk.mutex);
    unlock((struct handle *)base, wanted);
    return leave(SQLITE_OK);
}

static int disk_check_reserved(sqlite3_file *base, int *out)
{
    pthread_mutex_lock(&disk.mutex);
    *out = file_of(base)->reserved != NULL;
    return leave(SQLITE_OK);
}

static int disk_control(sqlite3_file *base, int what, void *argument)
{
    (void)base, (void)what, (void)argument;
    return SQLITE_NOTFOUND;
}

static int disk_sector_size(sqlite3_file *base)
{
    (void)base;
    return 4096;
}

/* As SQLite assumes of disks unless told otherwise: a write does not harm the bytes beside it. */
static int disk_characteristics(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* -- The memory that connections share -- */

static int disk_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **out)
{
    struct file *file = file_of(base);
    pthread_mutex_lock(&disk.mutex);
    if (region >= SHM_REGIONS_MAX) {
        return leave(SQLITE_IOERR_SHMSIZE);
    }
    if (file->regions[region] == NULL && extend) {
        file->regions[region] = calloc(1, (size_t)size);
        if (file->regions[region] == NULL) {
            return leave(SQLITE_IOERR_NOMEM);
        }
    }
    *out = file->regions[region];
    return leave(SQLITE_OK);
}

static void shm_unlock(struct handle *handle, int slot)
{
    struct file *file = handle->file;
    if (file->shm_exclusive[slot] == handle) {
        file->shm_exclusive[slot] = NULL;
    } else if (handle->shm_mask & (1u << slot)) {
        file->shm_shared[slot]--;
        handle->shm_mask &= (uint8_t) ~(1u << slot);
    }
}

static bool shm_may(const struct handle *handle, int slot, bool is_shared)
{
    const struct file *file = handle->file;
    if (file->shm_exclusive[slot] != NULL) {
        return file->shm_exclusive[slot] == handle;
    }
    unsigned others = file->shm_shared[slot] - ((handle->shm_mask >> slot) & 1u);
    return is_shared || others == 0;
}

static void shm_lock(struct handle *handle, int slot, bool is_shared)
{
    if (!is_shared) {
        handle->file->shm_exclusive[slot] = handle;
    } else if ((handle->shm_mask & (1u << slot)) == 0) {
        handle->file->shm_shared[slot]++;
        handle->shm_mask |= (uint8_t)(1u << slot);
    }
}

static int disk_shm_lock(sqlite3_file *base, int first, int count, int flags)
{
    struct handle *handle = (struct handle *)base;
    bool is_shared = (flags & SQLITE_SHM_SHARED) != 0, is_good = true;
    pthread_mutex_lock(&disk.mutex);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        for (int slot = first; slot < first + count; slot++) {
            shm_unlock(handle, slot);
        }
        return leave(SQLITE_OK);
    }
    for (int slot = first; slot < first + count; slot++) {
        is_good = is_good && shm_may(handle, slot, is_shared);
    }
    for (int slot = first; is_good && slot < first + count; slot++) {
        shm_lock(handle, slot, is_shared);
    }
    return leave(is_good ? SQLITE_OK : SQLITE_BUSY);
}

static void disk_shm_barrier(sqlite3_file *base)
{
    (void)base;
    pthread_mutex_lock(&disk.mutex);
    pthread_mutex_unlock(&disk.mutex);
}

static int disk_shm_unmap(sqlite3_file *base, int is_last)
{
    struct handle *handle = (struct handle *)base;
    pthread_mutex_lock(&disk.mutex);
    for (int slot = 0; slot < SQLITE_SHM_NLOCK; slot++) {
        shm_unlock(handle, slot);
    }
    if (is_last || handle->file->handles == 1) {
        shm_drop(handle->file);
    }
    return leave(SQLITE_OK);
}

static int disk_close(sqlite3_file *base)
{
    struct handle *handle = (struct handle *)base;
    pthread_mutex_lock(&disk.mutex);
    struct file *file = handle->file;
    unlock(handle, SQLITE_LOCK_NONE);
    file->handles--;
    if (file->is_temporary && file->handles == 0) {
        file_wipe(file);
    }
    return leave(SQLITE_OK);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = disk_close,
    .xRead = disk_read,
    .xWrite = disk_write,
    .xTruncate = disk_truncate,
    .xSync = disk_sync,
    .xFileSize = disk_file_size,
    .xLock = disk_lock,
    .xUnlock = disk_unlock,
    .xCheckReservedLock = disk_check_reserved,
    .xFileControl = disk_control,
    .xSectorSize = disk_sector_size,
    .xDeviceCharacteristics = disk_characteristics,
    .xShmMap = disk_shm_map,
    .xShmLock = disk_shm_lock,
    .xShmBarrier = disk_shm_barrier,
    .xShmUnmap = disk_shm_unmap,
};

/* -- Methods of the file system -- */

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
                     int *out_flags)
{
    (void)vfs;
    struct handle *handle = (struct handle *)base;
    *handle = (struct handle){0};
    if (enter() != SQLITE_OK) {
        return leave(SQLITE_CANTOPEN);
    }
    struct file *file = name != NULL ? file_find(name) : NULL;
    if (file == NULL || !file->exists) {
        if ((flags & SQLITE_OPEN_CREATE) == 0) {
            return leave(SQLITE_CANTOPEN);
        }
        file = file != NULL ? file : file_make(name);
        if (file == NULL) {
            return leave(SQLITE_CANTOPEN);
        }
        file->exists = true;
    }
    file->handles++;
    handle->base.pMethods = &methods;
    handle->file = file;
    if (out_flags != NULL) {
        *out_flags = flags;
    }
    return leave(SQLITE_OK);
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int is_synced)
{
    (void)vfs;
    if (enter() != SQLITE_OK) {
        return leave(SQLITE_IOERR_DELETE);
    }
    struct file *file = file_find(name);
    if (file == NULL || !file->exists) {
        return leave(SQLITE_IOERR_DELETE_NOENT);
    }
    if (!changes()) {
        return leave(SQLITE_IOERR_DELETE);
    }
    file->exists = false;
    platter_empty(&file->platter);
    if (is_synced) {
        file->was_there = false;
    }
    return leave(SQLITE_OK);
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs, (void)flags;
    pthread_mutex_lock(&disk.mutex);
    const struct file *file = file_find(name);
    *out = file != NULL && file->exists;
    return leave(SQLITE_OK);
}

static int disk_full_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    (void)vfs;
    return snprintf(out, (size_t)size, "%s", name) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int disk_randomness(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    return disk.system->xRandomness(disk.system, size, out);
}

static int disk_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return disk.system->xSleep(disk.system, microseconds);
}

static int disk_time(sqlite3_vfs *vfs, double *out)
{
    (void)vfs;
    return disk.system->xCurrentTime(disk.system, out);
}

static int disk_last_error(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs, (void)size, (void)out;
    return 0;
}

static sqlite3_vfs vfs = {
    .iVersion = 1,
    .szOsFile = sizeof(struct handle),
    .mxPathname = NAME_BYTES - 16,
    .zName = "disk",
    .xOpen = disk_open,
    .xDelete = disk_delete,
    .xAccess = disk_access,
    .xFullPathname = disk_full_path,
    .xRandomness = disk_randomness,
    .xSleep = disk_sleep,
    .xCurrentTime = disk_time,
    .xGetLastError = disk_last_error,
};

/* -- What a test does -- */

void disk_register(void)
{
    disk.system = sqlite3_vfs_find(NULL);
    sqlite3_vfs_register(&vfs, 1);
}

void disk_format(uint64_t seed)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        file_wipe(&disk.files[i]);
    }
    disk.chance = seed;
    disk.operations = disk.cut_at = 0;
    disk.is_cut = disk.loses_syncs = false;
    disk.fault = DISK_GOOD;
}

void disk_cut_after(uint64_t n)
{
    pthread_mutex_lock(&disk.mutex);
    disk.cut_at = disk.operations + n;
    pthread_mutex_unlock(&disk.mutex);
}

bool disk_is_cut(void)
{
    pthread_mutex_lock(&disk.mutex);
    bool is_cut = disk.is_cut;
    pthread_mutex_unlock(&disk.mutex);
    return is_cut;
}

void disk_power_on(void)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        struct file *file = &disk.files[i];
        /* A name that was made or removed and not synced may be either. */
        bool is_there = file->exists == file->was_there ? file->exists
                                                        : chance_next(&disk.chance) % 2 == 0;
        if (file->is_temporary || !is_there) {
            file_wipe(file);
            continue;
        }
        file->exists = file->was_there = true;
        shm_drop(file);
        platter_survive(&file->platter, &disk.chance);
    }
    disk.is_cut = false;
    disk.cut_at = 0;
    disk.fault = DISK_GOOD;
}

void disk_fault_set(enum disk_fault fault)
{
    pthread_mutex_lock(&disk.mutex);
    disk.fault = fault;
    pthread_mutex_unlock(&disk.mutex);
}

void disk_loses_syncs(bool loses)
{
    pthread_mutex_lock(&disk.mutex);
    disk.loses_syncs = loses;
    pthread_mutex_unlock(&disk.mutex);
}

uint64_t disk_operations(void)
{
    pthread_mutex_lock(&disk.mutex);
    uint64_t operations = disk.operations;
    pthread_mutex_unlock(&disk.mutex);
    return operations;
}
