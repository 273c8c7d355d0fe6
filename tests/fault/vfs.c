/* vfs -- see vfs.h. The mutex guards all of the state; it is held during each write, so that the
 * disk hears of writes in the order in which they are done. */
#include "tests/fault/vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct disk disk;
    struct vfs_faults faults;
    struct vfs_counts counts;
    uint64_t off_at; /* of counts.operations; 0: never */
    bool is_off;
    bool is_waiting; /* a thread, since the faults were last changed */
} state = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

/* SQLite gives the memory, with room for the real file behind it. */
struct shim {
    sqlite3_file base;
    struct disk_file *file; /* NULL: a file without a name, which nothing depends on */
    unsigned kind;
    bool makes_name; /* its first sync is to sync the folder too */
};

static void lock(void)
{
    pthread_mutex_lock(&state.mutex);
}

/* The answer, after the mutex is free again. */
static int unlocked(int code)
{
    pthread_mutex_unlock(&state.mutex);
    return code;
}

static sqlite3_file *real_of(struct shim *shim)
{
    return (sqlite3_file *)(shim + 1);
}

static struct shim *shim_of(sqlite3_file *file)
{
    return (struct shim *)file;
}

/* With the mutex held. One more thing that a loss could come before. False: it has come. */
static bool is_powered(void)
{
    state.counts.operations++;
    if (state.off_at > 0 && state.counts.operations >= state.off_at) {
        state.is_off = true;
        pthread_cond_broadcast(&state.changed);
    }
    return !state.is_off;
}

/* With the mutex held. */
static void wait_while(const unsigned *fault, unsigned kind)
{
    while ((*fault & kind) != 0 && !state.is_off) {
        if (!state.is_waiting) {
            state.is_waiting = true;
            pthread_cond_broadcast(&state.changed);
        }
        pthread_cond_wait(&state.changed, &state.mutex);
    }
}

/* -- A file -- */

static int shim_close(sqlite3_file *file)
{
    return real_of(shim_of(file))->pMethods->xClose(real_of(shim_of(file)));
}

static int shim_read(sqlite3_file *file, void *out, int amount, sqlite3_int64 offset)
{
    struct shim *shim = shim_of(file);
    lock();
    state.counts.reads++;
    if (state.is_off || (state.faults.reads_fail & shim->kind) != 0) {
        return unlocked(SQLITE_IOERR_READ);
    }
    int code = real_of(shim)->pMethods->xRead(real_of(shim), out, amount, offset);
    if (code == SQLITE_OK && amount >= DISK_SECTOR &&
        (state.faults.reads_corrupt & shim->kind) != 0) {
        uint8_t *bytes = out;
        bytes[disk_choose(&state.disk, (uint64_t)amount)] ^= (uint8_t)(1 + disk_choose(&state.disk,
                                                                                       255));
    }
    return unlocked(code);
}

/* With the mutex held: the disk is told what the pages are now. */
static void pages_tell(struct shim *shim, sqlite3_int64 offset, int amount)
{
    sqlite3_int64 size = 0;
    sqlite3_file *real = real_of(shim);
    if (shim->file == NULL || amount == 0 || real->pMethods->xFileSize(real, &size) != SQLITE_OK) {
        return;
    }
    for (sqlite3_int64 page = offset / DISK_PAGE; page * DISK_PAGE < offset + amount; page++) {
        uint8_t bytes[DISK_PAGE];
        (void)real->pMethods->xRead(real, bytes, DISK_PAGE, page * DISK_PAGE);
        disk_wrote(shim->file, (uint64_t)page, bytes, (uint64_t)size);
    }
}

static int write_some(struct shim *shim, const void *bytes, int amount, sqlite3_int64 offset)
{
    int code = real_of(shim)->pMethods->xWrite(real_of(shim), bytes, amount, offset);
    pages_tell(shim, offset, code == SQLITE_OK ? amount : 0);
    return code;
}

static int shim_write(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 offset)
{
    struct shim *shim = shim_of(file);
    sqlite3_int64 size = 0;
    lock();
    wait_while(&state.faults.writes_wait, shim->kind);
    if (!is_powered()) {
        return unlocked(SQLITE_IOERR_WRITE);
    }
    (void)real_of(shim)->pMethods->xFileSize(real_of(shim), &size);
    int code = SQLITE_OK;
    if ((state.faults.full & shim->kind) != 0 && offset + amount > size) {
        code = SQLITE_FULL;
    } else if ((state.faults.writes_fail & shim->kind) != 0) {
        code = SQLITE_IOERR_WRITE;
    }
    int written = code == SQLITE_OK ? amount : (int)disk_choose(&state.disk, 2) * (amount / 2);
    int outcome = write_some(shim, bytes, written, offset);
    return unlocked(code == SQLITE_OK ? outcome : code);
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct shim *shim = shim_of(file);
    lock();
    if (!is_powered() || (state.faults.writes_fail & shim->kind) != 0) {
        return unlocked(SQLITE_IOERR_TRUNCATE);
    }
    int code = real_of(shim)->pMethods->xTruncate(real_of(shim), size);
    if (code == SQLITE_OK && shim->file != NULL) {
        disk_cut(shim->file, (uint64_t)size);
    }
    return unlocked(code);
}

/* A page that was not written is thrown out of the memory that programs read from. */
static void page_revert(void *context, uint64_t page, const uint8_t bytes[DISK_PAGE])
{
    sqlite3_file *real = real_of(context);
    sqlite3_int64 size = 0, offset = (sqlite3_int64)page * DISK_PAGE;
    (void)real->pMethods->xFileSize(real, &size);
    sqlite3_int64 amount = size - offset < DISK_PAGE ? size - offset : DISK_PAGE;
    if (state.faults.failed_sync_reverts && amount > 0) {
        (void)real->pMethods->xWrite(real, bytes, (int)amount, offset);
    }
}

static int shim_sync(sqlite3_file *file, int flags)
{
    struct shim *shim = shim_of(file);
    (void)flags;
    lock();
    wait_while(&state.faults.syncs_wait, shim->kind);
    if (!is_powered()) {
        return unlocked(SQLITE_IOERR_FSYNC);
    }
    state.counts.syncs++;
    if (shim->file == NULL || (state.faults.syncs_lie & shim->kind) != 0) {
        return unlocked(SQLITE_OK);
    }
    if ((state.faults.syncs_fail & shim->kind) != 0) {
        disk_sync_failed(&state.disk, shim->file, page_revert, shim);
        return unlocked(SQLITE_IOERR_FSYNC);
    }
    disk_synced(shim->file);
    if (shim->makes_name) {
        disk_folder_synced(&state.disk);
        shim->makes_name = false;
    }
    return unlocked(SQLITE_OK);
}

static int shim_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real_of(shim_of(file))->pMethods->xFileSize(real_of(shim_of(file)), size);
}

static int shim_lock(sqlite3_file *file, int level)
{
    return real_of(shim_of(file))->pMethods->xLock(real_of(shim_of(file)), level);
}

static int shim_unlock(sqlite3_file *file, int level)
{
    return real_of(shim_of(file))->pMethods->xUnlock(real_of(shim_of(file)), level);
}

static int shim_is_reserved(sqlite3_file *file, int *out)
{
    return real_of(shim_of(file))->pMethods->xCheckReservedLock(real_of(shim_of(file)), out);
}

static int shim_control(sqlite3_file *file, int what, void *argument)
{
    return real_of(shim_of(file))->pMethods->xFileControl(real_of(shim_of(file)), what, argument);
}

static int shim_sector(sqlite3_file *file)
{
    return real_of(shim_of(file))->pMethods->xSectorSize(real_of(shim_of(file)));
}

static int shim_traits(sqlite3_file *file)
{
    return real_of(shim_of(file))->pMethods->xDeviceCharacteristics(real_of(shim_of(file)));
}

static int shim_shm_map(sqlite3_file *file, int region, int bytes, int extend, void volatile **out)
{
    sqlite3_file *real = real_of(shim_of(file));
    return real->pMethods->xShmMap(real, region, bytes, extend, out);
}

static int shim_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real_of(shim_of(file))->pMethods->xShmLock(real_of(shim_of(file)), offset, count, flags);
}

static void shim_shm_barrier(sqlite3_file *file)
{
    real_of(shim_of(file))->pMethods->xShmBarrier(real_of(shim_of(file)));
}

static int shim_shm_unmap(sqlite3_file *file, int is_last)
{
    return real_of(shim_of(file))->pMethods->xShmUnmap(real_of(shim_of(file)), is_last);
}

/* Version 2: files are not mapped, so each read passes by here. */
static const sqlite3_io_methods shim_methods = {
    .iVersion = 2,
    .xClose = shim_close,
    .xRead = shim_read,
    .xWrite = shim_write,
    .xTruncate = shim_truncate,
    .xSync = shim_sync,
    .xFileSize = shim_size,
    .xLock = shim_lock,
    .xUnlock = shim_unlock,
    .xCheckReservedLock = shim_is_reserved,
    .xFileControl = shim_control,
    .xSectorSize = shim_sector,
    .xDeviceCharacteristics = shim_traits,
    .xShmMap = shim_shm_map,
    .xShmLock = shim_shm_lock,
    .xShmBarrier = shim_shm_barrier,
    .xShmUnmap = shim_shm_unmap,
};

/* -- Names -- */

/* The name within the folder; NULL: a file of another folder. */
static const char *name_of(const char *path)
{
    size_t len = strlen(state.disk.folder);
    bool is_ours = path != NULL && strncmp(path, state.disk.folder, len) == 0 && path[len] == '/';
    return is_ours ? path + len + 1 : NULL;
}

static unsigned kind_of(int flags)
{
    if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
        return VFS_MAIN;
    }
    return (flags & SQLITE_OPEN_WAL) != 0 ? VFS_WAL : VFS_OTHER;
}

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out)
{
    const int makes = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
    struct shim *shim = shim_of(file);
    (void)vfs;
    memset(shim, 0, sizeof *shim);
    lock();
    if (state.is_off) {
        return unlocked(SQLITE_CANTOPEN);
    }
    int code = state.real->xOpen(state.real, path, real_of(shim), flags, out);
    if (real_of(shim)->pMethods != NULL) {
        shim->base.pMethods = &shim_methods;
    }
    const char *name = name_of(path);
    if (code == SQLITE_OK && name != NULL) {
        shim->kind = kind_of(flags);
        shim->file = disk_find(&state.disk, name);
        if (shim->file == NULL) {
            shim->file = disk_make(&state.disk, name);
            /* As the unix VFS does it for these, and only for these. */
            shim->makes_name = (flags & makes) != 0;
        }
    }
    return unlocked(code);
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int syncs_folder)
{
    (void)vfs;
    lock();
    if (!is_powered()) {
        return unlocked(SQLITE_IOERR_DELETE);
    }
    int code = state.real->xDelete(state.real, path, 0);
    const char *name = name_of(path);
    struct disk_file *file = name != NULL ? disk_find(&state.disk, name) : NULL;
    if (code == SQLITE_OK && file != NULL) {
        disk_remove(&state.disk, file);
        if (syncs_folder) {
            disk_folder_synced(&state.disk);
        }
    }
    return unlocked(code);
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
    (void)vfs;
    lock();
    bool is_off = state.is_off;
    (void)unlocked(0);
    return is_off ? SQLITE_IOERR_ACCESS : state.real->xAccess(state.real, path, flags, out);
}

/* The store syncs its folder without SQLite; in this program the call ends here, by its name. */
int fsync(int fd)
{
    char link[64], path[256];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path - 1);
    path[len > 0 ? len : 0] = '\0';
    lock();
    if (strcmp(path, state.disk.folder) != 0) {
        return unlocked(fdatasync(fd));
    }
    bool good = is_powered() && (state.faults.syncs_fail & VFS_OTHER) == 0;
    if (good && (state.faults.syncs_lie & VFS_OTHER) == 0) {
        disk_folder_synced(&state.disk);
    }
    errno = good ? errno : EIO;
    return unlocked(good ? 0 : -1);
}

/* A file that SQLite has made, and whoever called it gives another name. */
int rename(const char *from, const char *to)
{
    lock();
    const char *name_from = name_of(from), *name_to = name_of(to);
    struct disk_file *file = name_from != NULL ? disk_find(&state.disk, name_from) : NULL;
    if (!is_powered() || (state.faults.writes_fail & VFS_OTHER) != 0) {
        errno = EIO;
        return unlocked(-1);
    }
    int result = renameat(AT_FDCWD, from, AT_FDCWD, to);
    if (result == 0 && file != NULL && name_to != NULL) {
        disk_rename(&state.disk, file, name_to);
    }
    return unlocked(result);
}

void vfs_install(void)
{
    state.real = sqlite3_vfs_find(NULL);
    state.vfs = *state.real;
    state.vfs.pNext = NULL;
    state.vfs.zName = "failing-disk";
    state.vfs.szOsFile = (int)sizeof(struct shim) + state.real->szOsFile;
    state.vfs.xOpen = vfs_open;
    state.vfs.xDelete = vfs_delete;
    state.vfs.xAccess = vfs_access;
    if (sqlite3_vfs_register(&state.vfs, 1) != SQLITE_OK) {
        abort();
    }
}

/* -- What the test does -- */

void vfs_disk(const char *folder, uint64_t seed)
{
    lock();
    disk_init(&state.disk, folder, seed);
    state.faults = (struct vfs_faults){0};
    state.counts = (struct vfs_counts){0};
    state.off_at = 0;
    state.is_off = false;
    (void)unlocked(0);
}

void vfs_fini(void)
{
    lock();
    disk_fini(&state.disk);
    (void)unlocked(0);
}

void vfs_faults(const struct vfs_faults *faults)
{
    lock();
    state.faults = faults != NULL ? *faults : (struct vfs_faults){0};
    state.is_waiting = false;
    pthread_cond_broadcast(&state.changed);
    (void)unlocked(0);
}

void vfs_wait_for_waiting(void)
{
    lock();
    while (!state.is_waiting && !state.is_off) {
        pthread_cond_wait(&state.changed, &state.mutex);
    }
    (void)unlocked(0);
}

void vfs_off(void)
{
    lock();
    state.is_off = true;
    pthread_cond_broadcast(&state.changed);
    (void)unlocked(0);
}

void vfs_off_after(uint64_t operations)
{
    lock();
    state.off_at = operations > 0 ? state.counts.operations + operations : 0;
    (void)unlocked(0);
}

bool vfs_is_off(void)
{
    lock();
    bool is_off = state.is_off;
    (void)unlocked(0);
    return is_off;
}

void vfs_on(void)
{
    lock();
    state.faults = (struct vfs_faults){0};
    state.off_at = 0;
    state.is_off = false;
    (void)unlocked(0);
}

void vfs_on_after_loss(enum disk_loss loss)
{
    lock();
    disk_lose(&state.disk, loss);
    (void)unlocked(0);
    vfs_on();
}

struct vfs_counts vfs_counts(void)
{
    lock();
    struct vfs_counts counts = state.counts;
    (void)unlocked(0);
    return counts;
}
