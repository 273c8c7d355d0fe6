/* durable -- see durable.h. */
#include "store/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { CHUNK_BYTES = 65536 };

/* A sync that has failed once may say "good" the next time without having written anything: pages
 * count as written after the attempt. Only what is written again is synced again. */
static int chunks_rewrite(sqlite3_file *file, sqlite3_int64 size, uint8_t *chunk)
{
    int code = SQLITE_OK;
    for (sqlite3_int64 at = 0; code == SQLITE_OK && at < size; at += CHUNK_BYTES) {
        int amount = size - at < CHUNK_BYTES ? (int)(size - at) : CHUNK_BYTES;
        code = file->pMethods->xRead(file, chunk, amount, at);
        if (code == SQLITE_OK) {
            code = file->pMethods->xWrite(file, chunk, amount, at);
        }
    }
    return code == SQLITE_OK ? file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) : code;
}

static int log_rewrite(sqlite3 *connection)
{
    sqlite3_file *file = NULL;
    sqlite3_int64 size = 0;
    int code = sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    if (code != SQLITE_OK || file == NULL || file->pMethods == NULL) {
        return code;
    }
    code = file->pMethods->xFileSize(file, &size);
    if (code != SQLITE_OK || size == 0) {
        return code;
    }
    uint8_t *chunk = malloc(CHUNK_BYTES);
    code = chunk != NULL ? chunks_rewrite(file, size, chunk) : SQLITE_NOMEM;
    free(chunk);
    return code;
}

/* A file's bytes may be on the disk while its name is not: who made it synced the folder perhaps
 * not. */
static int folder_sync(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return SQLITE_CANTOPEN;
    }
    /* Some file systems have no sync for folders, and say so. */
    int code = fsync(fd) == 0 || errno == EINVAL ? SQLITE_OK : SQLITE_IOERR_DIR_FSYNC;
    close(fd);
    return code;
}

bool durable_make(struct database *database, const char *folder)
{
    /* The lock of a writer: nobody may begin the log again while it is written over. */
    if (!database_begin(database)) {
        return false;
    }
    int code = log_rewrite(database->connection);
    database_rollback(database);
    if (code == SQLITE_OK) {
        code = folder_sync(folder);
    }
    return code == SQLITE_OK ? database_checkpoint(database, SQLITE_CHECKPOINT_TRUNCATE)
                             : database_told(database, "durable", code);
}
