/* schema -- see schema.h. */
#include "schema/schema.h"

#include "base/clock.h"
#include "schema/backup.h"

#include <stdio.h>

enum { STEPPING_LOOKS_EVERY = 100000 }; /* instructions of SQLite's machine */

const char *schema_news_name(enum schema_news_type type)
{
    static const char *const names[] = {
#define X(name, text) [SCHEMA_##name] = text,
        SCHEMA_NEWS(X)
#undef X
    };
    return names[type];
}

static void tell(const struct schema *schema, const struct schema_news *news)
{
    if (schema->tell != NULL) {
        schema->tell(schema->context, news);
    }
}

/* -- The version -- */

static bool number_read(sqlite3 *connection, const char *sql, int *out)
{
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(connection, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;
    if (good) {
        *out = sqlite3_column_int(statement, 0);
    }
    sqlite3_finalize(statement);
    return good;
}

static bool version_read(sqlite3 *connection, int *out)
{
    return number_read(connection, "PRAGMA user_version", out);
}

/* Closing the last connection would take the log into the file: whoever understands it may. */
static enum schema_state refuse(const struct schema *schema, sqlite3 *connection,
                                const struct schema_news *news)
{
    (void)sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    tell(schema, news);
    return SCHEMA_REFUSED;
}

enum schema_state schema_look(const struct schema *schema, sqlite3 *connection)
{
    struct schema_news news = {.type = SCHEMA_UNUSABLE, .to = schema->newest};
    int tables = 0;
    if (!version_read(connection, &news.from) ||
        !number_read(connection, "SELECT count(*) FROM sqlite_schema", &tables)) {
        news.code = sqlite3_extended_errcode(connection);
        news.why = sqlite3_errmsg(connection);
        return refuse(schema, connection, &news);
    }
    int version = news.from;
    if (version > schema->newest) {
        news.type = SCHEMA_TOO_NEW;
        news.why = "made by a newer program";
        return refuse(schema, connection, &news);
    }
    if (version < 0 || (version == 0 && tables > 0)) {
        news.why = "made by another program";
        return refuse(schema, connection, &news);
    }
    if (version == 0) {
        return SCHEMA_EMPTY;
    }
    return version < schema->newest ? SCHEMA_OLDER : SCHEMA_NEWEST;
}

/* -- A step -- */

struct stepping {
    const struct schema *schema;
    int from;
    uint64_t told_ms;
};

/* SQLite calls it now and then while it works. */
static int on_progress(void *context)
{
    const struct clock clock = clock_system();
    struct stepping *stepping = context;
    uint64_t now = clock_monotonic_ms(&clock);
    if (now - stepping->told_ms >= stepping->schema->tell_every_ms) {
        stepping->told_ms = now;
        tell(stepping->schema, &(struct schema_news){.type = SCHEMA_STEPPING,
                                                     .from = stepping->from,
                                                     .to = stepping->from + 1});
    }
    return 0;
}

static bool run_text(sqlite3 *connection, const char *sql)
{
    return sqlite3_exec(connection, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* What the transaction holds. */
static bool step_run(const struct schema *schema, sqlite3 *connection, int from)
{
    const struct schema_step *step = &schema->steps[from];
    char version[64];
    (void)snprintf(version, sizeof version, "PRAGMA user_version = %d", from + 1);
    return (step->sql == NULL || run_text(connection, step->sql)) &&
           (step->run == NULL || step->run(connection)) && run_text(connection, version);
}

/* The words are taken before the rollback, which would be content. */
static bool step_fail(const struct schema *schema, sqlite3 *connection, int from)
{
    int code = sqlite3_extended_errcode(connection);
    bool has_code = code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE;
    char *why = sqlite3_mprintf("%s",
                                has_code ? sqlite3_errmsg(connection) : "the step has refused");
    if (sqlite3_get_autocommit(connection) == 0) {
        (void)run_text(connection, "ROLLBACK");
    }
    tell(schema, &(struct schema_news){.type = SCHEMA_STEP_FAILED,
                                       .from = from,
                                       .to = from + 1,
                                       .code = has_code ? code : 0,
                                       .why = why != NULL ? why : "out of memory"});
    sqlite3_free(why);
    return false;
}

static bool step(const struct schema *schema, sqlite3 *connection, int from)
{
    const struct clock clock = clock_system();
    struct stepping stepping = {schema, from, clock_monotonic_ms(&clock)};
    int now = from;
    sqlite3_progress_handler(connection, STEPPING_LOOKS_EVERY, on_progress, &stepping);
    bool good = run_text(connection, "BEGIN IMMEDIATE") && version_read(connection, &now);
    if (good && now == from) {
        good = step_run(schema, connection, from);
    }
    good = good && run_text(connection, "COMMIT");
    sqlite3_progress_handler(connection, 0, NULL, NULL);
    return good || step_fail(schema, connection, from);
}

bool schema_raise(const struct schema *schema, sqlite3 *connection)
{
    bool has_copy = !schema->keeps_copy, was_empty = false;
    for (;;) {
        int version = 0;
        if (!version_read(connection, &version)) {
            return step_fail(schema, connection, version);
        }
        if (version >= schema->newest) {
            return version == schema->newest;
        }
        /* One that begins empty has nothing to go back to, and nothing to tell. */
        was_empty = was_empty || version == 0;
        if (!has_copy && !was_empty && !backup_make(schema, connection, version)) {
            return false;
        }
        has_copy = true;
        if (!step(schema, connection, version)) {
            return false;
        }
        if (!was_empty) {
            tell(schema,
                 &(struct schema_news){.type = SCHEMA_RAISED, .from = version, .to = version + 1});
        }
    }
}
