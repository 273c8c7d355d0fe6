/* check -- see check.h. */
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

noreturn void check_failed(const char *file, int line)
{
    char text[256];
    int len = snprintf(text, sizeof text, "check failed at %s:%d\n", file, line);
    if (len > 0) {
        /* Nothing sensible is left to do when standard error is gone too. */
        ssize_t written = write(STDERR_FILENO, text, strlen(text));
        (void)written;
    }
    abort();
}
