/* ear -- see ear.h. */
#include "tests/fault/ear.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/slog.h"

void ear_open(struct ear *ear)
{
    *ear = (struct ear){.log = memfd_create("log", MFD_CLOEXEC)};
    if (ear->log < 0) {
        abort();
    }
    slog_set_fd(ear->log);
}

void ear_close(struct ear *ear)
{
    slog_set_fd(STDERR_FILENO);
    close(ear->log);
}

size_t ear_count(const struct ear *ear, const char *text)
{
    static char heard[1 << 20];
    ssize_t len = pread(ear->log, heard, sizeof heard - 1, 0);
    size_t count = 0;
    heard[len > 0 ? len : 0] = '\0';
    for (const char *at = heard; (at = strstr(at, text)) != NULL; at++) {
        count++;
    }
    return count;
}
