/* home -- the folder of one device: mode 0700, its files 0600, one process at a time. Knows
 * names and bytes, not what they mean. Files are replaced whole: written beside, synced,
 * renamed. */
#pragma once

#include "base/buffer.h"
#include "protocol/tables.h"

enum { HOME_PATH_MAX = 1024, HOME_FILE_BYTES_MAX = 1 << 20 };

struct home {
    int folder_fd, lock_fd;
    char path[HOME_PATH_MAX];
};

/* Makes the folder when it is missing (not its parents), and takes its lock.
 * Errors: FILE_FAILED, BUSY (another process has it). */
enum enrum_err home_open(const char *path, struct home *out);
void home_close(struct home *home);
bool home_has(const struct home *home, const char *name);
/* Appends the file's bytes. Errors: FILE_FAILED, MEMORY. */
enum enrum_err home_read(const struct home *home, const char *name, struct buffer *out);
/* On disk when it returns. Errors: FILE_FAILED. */
enum enrum_err home_write(const struct home *home, const char *name, struct slice bytes);
/* Makes an empty file of mode 0600 unless there is one. Errors: FILE_FAILED. */
enum enrum_err home_touch(const struct home *home, const char *name);
/* A file that is not there stays so. */
void home_remove(const struct home *home, const char *name);
/* The path of a file in the folder. False when it is too long. */
bool home_path(const struct home *home, const char *name, char out[HOME_PATH_MAX]);
