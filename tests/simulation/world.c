/* world -- see world.h. */
#include "world.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct world world;

void world_fail(const char *invariant, const char *format, ...)
{
    char text[400];
    va_list args;
    if (world.has_failed) {
        return;
    }
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    world.has_failed = true;
    (void)snprintf(world.failure, sizeof world.failure,
                   "seed %" PRIu64 ", step %" PRIu64 ": %s: %s", world.seed, trace_steps(),
                   invariant, text);
}

/* -- Folders -- */

void folder_make(const char *path)
{
    int result = mkdir(path, 0700);
    assert(result == 0);
    (void)result;
}

static void file_copy(int from_folder, int to_folder, const char *name)
{
    static uint8_t bytes[1 << 18];
    int from = openat(from_folder, name, O_RDONLY | O_CLOEXEC);
    int to = openat(to_folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert(from >= 0 && to >= 0);
    ssize_t got;
    while ((got = read(from, bytes, sizeof bytes)) > 0) {
        ssize_t put = write(to, bytes, (size_t)got);
        assert(put == got);
        (void)put;
    }
    close(from);
    close(to);
}

static bool is_kept(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return entry->d_type == DT_REG && strcmp(entry->d_name, "lock") != 0 &&
           (len < 4 || strcmp(entry->d_name + len - 4, "-shm") != 0);
}

void folder_copy(const char *from, const char *to)
{
    folder_make(to);
    DIR *folder = opendir(from);
    int to_fd = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert(folder != NULL && to_fd >= 0);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (is_kept(entry)) {
            file_copy(dirfd(folder), to_fd, entry->d_name);
        }
    }
    closedir(folder);
    close(to_fd);
}

static int file_remove(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

void folder_remove(const char *path)
{
    (void)nftw(path, file_remove, 8, FTW_DEPTH | FTW_PHYS);
}
