/* durable -- see durable.h. */
#include "store/durable.h"

#include "base/folder.h"

#include <stdlib.h>

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

/* The lock of a writer: nobody may begin the log again while it is written over. */
static int log_rewrite_locked(sqlite3 *connection)
{
    int code = sqlite3_exec(connection, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code == SQLITE_OK) {
        code = log_rewrite(connection);
        (void)sqlite3_exec(connection, "ROLLBACK", NULL, NULL, NULL);
    }
    return code;
}

bool durable_make(struct database *database, const char *folder)
{
    int code = log_rewrite_locked(database->connection);
    /* Who made the files synced the folder perhaps not. */
    if (code == SQLITE_OK && folder_sync(folder) != 0) {
        code = SQLITE_IOERR_DIR_FSYNC;
    }
    return code == SQLITE_OK ? database_checkpoint(database, SQLITE_CHECKPOINT_TRUNCATE)
                             : database_told(database, "durable", code);
}
