/* folder -- see folder.h. */
#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int folder_sync(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return errno;
    }
    /* Some file systems have no sync for folders, and say so. */
    int result = fsync(fd) == 0 || errno == EINVAL ? 0 : errno;
    close(fd);
    return result;
}
