/* backup -- see backup.h. */
#include "schema/backup.h"

#include "base/clock.h"
#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, PAGES_AT_ONCE = 512 };

struct backup {
    const struct schema *schema;
    sqlite3 *source, *copy;
    int version;
    char path[PATH_BYTES];   /* what it is called when it is whole */
    char beside[PATH_BYTES]; /* until then */
    char folder[PATH_BYTES];
    int code;        /* SQLite's, of what failed */
    const char *why; /* it failed; NULL: it has not */
};

static bool fail(struct backup *backup, const char *why)
{
    backup->why = why;
    return false;
}

static bool good(struct backup *backup, int code)
{
    if (code == SQLITE_OK) {
        return true;
    }
    backup->code = code;
    return fail(backup, sqlite3_errstr(code));
}

static void tell(const struct backup *backup, enum schema_news_type type, unsigned percent)
{
    struct schema_news news = {.type = type,
                               .from = backup->version,
                               .to = backup->schema->newest,
                               .percent = percent,
                               .file = backup->path,
                               .code = backup->code,
                               .why = backup->why};
    if (backup->schema->tell != NULL) {
        backup->schema->tell(backup->schema->context, &news);
    }
}

static bool paths_make(struct backup *backup)
{
    const char *file = sqlite3_db_filename(backup->source, "main");
    const char *end = file != NULL ? strrchr(file, '/') : NULL;
    if (end == NULL ||
        snprintf(backup->beside, PATH_BYTES, "%s.v%d.new", file, backup->version) >= PATH_BYTES) {
        return fail(backup, "it has no name");
    }
    (void)snprintf(backup->path, PATH_BYTES, "%s.v%d", file, backup->version);
    (void)snprintf(backup->folder, PATH_BYTES, "%.*s", (int)(end - file), file);
    return true;
}

/* What an earlier try has left: a journal of its would be taken for ours. */
static void beside_remove(const struct backup *backup)
{
    static const char *const behind[] = {"-journal", "-wal", "-shm", ""};
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) {
        char path[PATH_BYTES + 16];
        (void)snprintf(path, sizeof path, "%s%s", backup->beside, behind[i]);
        (void)vfs->xDelete(vfs, path, 0);
    }
}

static bool beside_make(struct backup *backup)
{
    struct stat file;
    if (stat(sqlite3_db_filename(backup->source, "main"), &file) != 0) {
        return good(backup, SQLITE_CANTOPEN);
    }
    int fd = open(backup->beside, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                  file.st_mode & 0777);
    if (fd < 0) {
        return good(backup, errno == ENOSPC ? SQLITE_FULL : SQLITE_CANTOPEN);
    }
    close(fd);
    return good(backup, sqlite3_open_v2(backup->beside, &backup->copy,
                                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
}

/* Its last step is a commit, and synced. */
static bool pages_copy(struct backup *backup)
{
    const struct clock clock = clock_system();
    uint64_t told_ms = clock_monotonic_ms(&clock);
    sqlite3_backup *pages = sqlite3_backup_init(backup->copy, "main", backup->source, "main");
    if (pages == NULL) {
        return good(backup, sqlite3_errcode(backup->copy));
    }
    int code;
    while ((code = sqlite3_backup_step(pages, PAGES_AT_ONCE)) == SQLITE_OK) {
        uint64_t now = clock_monotonic_ms(&clock);
        int all = sqlite3_backup_pagecount(pages), left = sqlite3_backup_remaining(pages);
        if (now - told_ms >= backup->schema->tell_every_ms && all > 0) {
            told_ms = now;
            tell(backup, SCHEMA_COPYING, (unsigned)(100 * (int64_t)(all - left) / all));
        }
    }
    (void)sqlite3_backup_finish(pages);
    return code == SQLITE_DONE || good(backup, code);
}

/* A copy that nobody has looked at is none. */
static bool copy_check(struct backup *backup)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(backup->copy, "PRAGMA quick_check(1)", -1, &statement, NULL);
    bool is_whole = code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW &&
                    strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    sqlite3_finalize(statement);
    return is_whole || good(backup, code != SQLITE_OK ? code : SQLITE_CORRUPT);
}

static bool copy_close(struct backup *backup)
{
    int code = sqlite3_close(backup->copy);
    backup->copy = NULL;
    return good(backup, code);
}

static bool name_give(struct backup *backup)
{
    if (rename(backup->beside, backup->path) != 0 || folder_sync(backup->folder) != 0) {
        return fail(backup, "it could not be given its name, or that is not on the disk");
    }
    return true;
}

bool backup_make(const struct schema *schema, sqlite3 *connection, int version)
{
    struct backup backup = {.schema = schema, .source = connection, .version = version};
    bool is_made = paths_make(&backup);
    if (is_made) {
        beside_remove(&backup);
        is_made = beside_make(&backup) && pages_copy(&backup) && copy_check(&backup) &&
                  copy_close(&backup) && name_give(&backup);
    }
    if (!is_made) {
        sqlite3_close(backup.copy);
        beside_remove(&backup);
    }
    tell(&backup, is_made ? SCHEMA_COPIED : SCHEMA_COPY_FAILED, 100);
    return is_made;
}
