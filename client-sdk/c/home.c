/* home -- see home.h. */
#include "home.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static enum enrum_err lock_take(int folder_fd, int *out)
{
    int fd = openat(folder_fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return ENRUM_FILE_FAILED;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return ENRUM_BUSY;
    }
    *out = fd;
    return ENRUM_OK;
}

enum enrum_err home_open(const char *path, struct home *out)
{
    struct home home = {.folder_fd = -1, .lock_fd = -1};
    size_t len = strlen(path);
    if (len == 0 || len + 64 > sizeof home.path) {
        return ENRUM_FILE_FAILED;
    }
    memcpy(home.path, path, len + 1);
    (void)mkdir(path, 0700);
    home.folder_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (home.folder_fd < 0) {
        return ENRUM_FILE_FAILED;
    }
    /* A folder that was there with wider permissions is closed to others: keys will lie in it. */
    enum enrum_err err = ENRUM_FILE_FAILED;
    if (fchmod(home.folder_fd, 0700) == 0) {
        err = lock_take(home.folder_fd, &home.lock_fd);
    }
    if (err != ENRUM_OK) {
        close(home.folder_fd);
        return err;
    }
    *out = home;
    return ENRUM_OK;
}

void home_close(struct home *home)
{
    close(home->lock_fd);
    close(home->folder_fd);
    home->lock_fd = home->folder_fd = -1;
}

bool home_has(const struct home *home, const char *name)
{
    return faccessat(home->folder_fd, name, F_OK, 0) == 0;
}

enum enrum_err home_read(const struct home *home, const char *name, struct buffer *out)
{
    int fd = openat(home->folder_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return ENRUM_FILE_FAILED;
    }
    uint8_t chunk[4096];
    ssize_t got;
    while ((got = read(fd, chunk, sizeof chunk)) > 0) {
        buffer_append(out, chunk, (size_t)got);
    }
    /* What was read may have been a key. */
    explicit_bzero(chunk, sizeof chunk);
    close(fd);
    if (got < 0) {
        return ENRUM_FILE_FAILED;
    }
    return out->failed ? ENRUM_MEMORY : ENRUM_OK;
}

static bool write_all(int fd, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(fd, bytes.at, bytes.len);
        if (put <= 0) {
            return false;
        }
        bytes = (struct slice){bytes.at + put, bytes.len - (size_t)put};
    }
    return fsync(fd) == 0;
}

enum enrum_err home_write(const struct home *home, const char *name, struct slice bytes)
{
    char beside[128];
    int len = snprintf(beside, sizeof beside, "%s.new", name);
    if (len < 0 || (size_t)len >= sizeof beside) {
        return ENRUM_FILE_FAILED;
    }
    (void)unlinkat(home->folder_fd, beside, 0);
    int fd = openat(home->folder_fd, beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return ENRUM_FILE_FAILED;
    }
    bool good = write_all(fd, bytes);
    good = close(fd) == 0 && good;
    good = good && renameat(home->folder_fd, beside, home->folder_fd, name) == 0;
    if (!good) {
        (void)unlinkat(home->folder_fd, beside, 0);
        return ENRUM_FILE_FAILED;
    }
    return fsync(home->folder_fd) == 0 ? ENRUM_OK : ENRUM_FILE_FAILED;
}

enum enrum_err home_touch(const struct home *home, const char *name)
{
    int fd = openat(home->folder_fd, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return ENRUM_FILE_FAILED;
    }
    bool good = fchmod(fd, 0600) == 0;
    close(fd);
    return good ? ENRUM_OK : ENRUM_FILE_FAILED;
}

void home_remove(const struct home *home, const char *name)
{
    (void)unlinkat(home->folder_fd, name, 0);
}

bool home_path(const struct home *home, const char *name, char out[HOME_PATH_MAX])
{
    int len = snprintf(out, HOME_PATH_MAX, "%s/%s", home->path, name);
    return len > 0 && len < HOME_PATH_MAX;
}
