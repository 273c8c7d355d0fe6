/* A database file goes up its steps whole or not at all, is copied first, and is not touched by a
 * program that is older than it. */
#include "schema/schema.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { ROWS = 400, BYTES_MAX = 1 << 22 };

static char folder[64], path[96];

/* -- Steps -- */

static const char words_double[] = "UPDATE note SET text = text || text;";

static bool lengths_fill(sqlite3 *connection)
{
    return sqlite3_exec(connection, "UPDATE note SET len = length(text)", NULL, NULL, NULL) ==
           SQLITE_OK;
}

static bool refuse(sqlite3 *connection)
{
    (void)connection;
    return false;
}

static const struct schema_step steps[] = {
    {.sql = "CREATE TABLE note (ref INTEGER PRIMARY KEY, text TEXT NOT NULL)"},
    {.sql = "ALTER TABLE note ADD COLUMN len INTEGER", .run = lengths_fill},
    {.sql = "CREATE TABLE label (name TEXT); INSERT INTO label VALUES ('made by the third')"},
};

/* -- What is told -- */

static struct told {
    size_t count[8];
    int from, to;
    char why[128], file[128];
} told;

static void tell(void *context, const struct schema_news *news)
{
    (void)context;
    told.count[news->type]++;
    told.from = news->from;
    told.to = news->to;
    if (news->why != NULL) {
        (void)snprintf(told.why, sizeof told.why, "%s", news->why);
    }
    if (news->file != NULL) {
        (void)snprintf(told.file, sizeof told.file, "%s", news->file);
    }
}

static struct schema schema_to(int newest)
{
    return (struct schema){
        .steps = steps, .newest = newest, .keeps_copy = true, .tell_every_ms = 60000, .tell = tell};
}

/* -- Files -- */

static int setup(void **state)
{
    (void)state;
    told = (struct told){0};
    (void)snprintf(folder, sizeof folder, "/tmp/enrum-schema-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/notes.db", folder);
    return 0;
}

static int teardown(void **state)
{
    static const char *const names[] = {"notes.db", "notes.db-wal", "notes.db-shm", "notes.db.v1",
                                        "notes.db.v2"};
    char name[128];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(name, sizeof name, "%s/%s", folder, names[i]);
        (void)unlink(name);
    }
    /* Nothing else was left behind. */
    assert_int_equal(rmdir(folder), 0);
    return 0;
}

static bool is_there(const char *behind)
{
    char name[128];
    (void)snprintf(name, sizeof name, "%s%s", path, behind);
    return access(name, F_OK) == 0;
}

static size_t bytes_read(const char *behind, uint8_t *out)
{
    char name[128];
    (void)snprintf(name, sizeof name, "%s%s", path, behind);
    FILE *file = fopen(name, "rb");
    if (file == NULL) {
        return 0;
    }
    size_t len = fread(out, 1, BYTES_MAX, file);
    assert_int_equal(fclose(file), 0);
    return len;
}

static sqlite3 *open_file(const char *name)
{
    sqlite3 *connection = NULL;
    assert_int_equal(sqlite3_open(name, &connection), SQLITE_OK);
    return connection;
}

static void run(sqlite3 *connection, const char *sql)
{
    assert_int_equal(sqlite3_exec(connection, sql, NULL, NULL, NULL), SQLITE_OK);
}

static int number(sqlite3 *connection, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(connection, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int result = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return result;
}

/* Opens as our programs do. NULL: refused, or not raised. */
static sqlite3 *open_to(const struct schema *schema)
{
    sqlite3 *connection = open_file(path);
    bool good = schema_look(schema, connection) != SCHEMA_REFUSED;
    if (good) {
        run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        good = schema_raise(schema, connection);
    }
    if (!good) {
        assert_int_equal(sqlite3_close(connection), SQLITE_OK);
        return NULL;
    }
    return connection;
}

/* A file of version 1 with notes in it. */
static void version_1_make(void)
{
    struct schema schema = schema_to(1);
    sqlite3 *connection = open_to(&schema);
    char sql[256];
    assert_non_null(connection);
    (void)snprintf(sql, sizeof sql,
                   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
                   "INSERT INTO note (text) SELECT printf('%%0*d', 100 + i, i) FROM n",
                   ROWS);
    run(connection, sql);
    assert_int_equal(sqlite3_close(connection), SQLITE_OK);
    assert_int_equal(told.count[SCHEMA_COPIED], 0);
}

static void notes_stand(sqlite3 *connection)
{
    assert_int_equal(number(connection, "SELECT count(*) FROM note"), ROWS);
    assert_int_equal(number(connection, "SELECT count(*) FROM note WHERE length(text) = 100 + ref "
                                        "AND CAST(text AS INTEGER) = ref"),
                     ROWS);
    assert_int_equal(number(connection, "SELECT count(*) FROM pragma_integrity_check "
                                        "WHERE integrity_check = 'ok'"),
                     1);
}

static void copy_stands(const char *behind, int version)
{
    char name[128];
    (void)snprintf(name, sizeof name, "%s%s", path, behind);
    sqlite3 *copy = open_file(name);
    assert_int_equal(number(copy, "PRAGMA user_version"), version);
    notes_stand(copy);
    assert_int_equal(sqlite3_close(copy), SQLITE_OK);
}

/* -- Up -- */

static void empty_file_is_made_by_all_steps_and_not_copied(void **state)
{
    struct schema schema = schema_to(3);
    (void)state;
    sqlite3 *connection = open_to(&schema);
    assert_non_null(connection);
    assert_int_equal(number(connection, "PRAGMA user_version"), 3);
    assert_int_equal(number(connection, "SELECT count(len) FROM note"), 0);
    assert_int_equal(schema_look(&schema, connection), SCHEMA_NEWEST);
    sqlite3_close(connection);
    assert_false(is_there(".v1") || is_there(".v2"));
    assert_int_equal(told.count[SCHEMA_COPIED], 0);
}

static void older_file_is_copied_and_raised_and_its_data_kept(void **state)
{
    struct schema schema = schema_to(3);
    struct stat file, copy;
    char name[128];
    (void)state;
    version_1_make();
    assert_int_equal(chmod(path, 0600), 0);
    sqlite3 *connection = open_to(&schema);
    assert_non_null(connection);
    assert_int_equal(number(connection, "PRAGMA user_version"), 3);
    notes_stand(connection);
    assert_int_equal(number(connection, "SELECT count(*) FROM note WHERE len = 100 + ref"), ROWS);
    assert_int_equal(number(connection, "SELECT count(*) FROM label"), 1);
    sqlite3_close(connection);
    assert_int_equal(told.count[SCHEMA_COPIED], 1);
    assert_int_equal(told.count[SCHEMA_RAISED], 2);
    copy_stands(".v1", 1);
    assert_false(is_there(".v2") || is_there(".v1.new"));
    (void)snprintf(name, sizeof name, "%s.v1", path);
    assert_string_equal(told.file, name);
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(stat(name, &copy), 0);
    assert_int_equal(file.st_mode, copy.st_mode);
}

static void what_a_dead_process_left_in_the_log_is_raised_and_copied_too(void **state)
{
    static uint8_t file[BYTES_MAX], wal[BYTES_MAX];
    struct schema schema = schema_to(1);
    (void)state;
    version_1_make();
    sqlite3 *connection = open_to(&schema);
    run(connection, words_double);
    run(connection, "UPDATE note SET text = substr(text, 1, length(text) / 2)");
    size_t file_len = bytes_read("", file), wal_len = bytes_read("-wal", wal);
    assert_true(wal_len > 0);
    sqlite3_close(connection);
    FILE *out = fopen(path, "wb");
    assert_int_equal(fwrite(file, 1, file_len, out), file_len);
    fclose(out);
    char name[128];
    (void)snprintf(name, sizeof name, "%s-wal", path);
    out = fopen(name, "wb");
    assert_int_equal(fwrite(wal, 1, wal_len, out), wal_len);
    fclose(out);
    schema = schema_to(3);
    connection = open_to(&schema);
    assert_non_null(connection);
    notes_stand(connection);
    sqlite3_close(connection);
    copy_stands(".v1", 1);
}

static void a_device_keeps_no_copy(void **state)
{
    struct schema schema = schema_to(3);
    (void)state;
    version_1_make();
    schema.keeps_copy = false;
    sqlite3 *connection = open_to(&schema);
    assert_non_null(connection);
    notes_stand(connection);
    sqlite3_close(connection);
    assert_false(is_there(".v1"));
}

static void whoever_goes_back_to_the_copy_goes_on(void **state)
{
    struct schema newer = schema_to(3), older = schema_to(1);
    char name[128];
    (void)state;
    version_1_make();
    sqlite3_close(open_to(&newer));
    (void)snprintf(name, sizeof name, "%s.v1", path);
    assert_int_equal(rename(name, path), 0);
    sqlite3 *connection = open_to(&older);
    assert_non_null(connection);
    notes_stand(connection);
    run(connection, "INSERT INTO note (text) VALUES ('written by the older program')");
    sqlite3_close(connection);
    connection = open_to(&newer);
    assert_non_null(connection);
    assert_int_equal(number(connection, "SELECT len FROM note WHERE text LIKE 'written%'"), 28);
    sqlite3_close(connection);
}

static void what_an_earlier_try_left_does_not_matter(void **state)
{
    struct schema schema = schema_to(3);
    char name[128];
    (void)state;
    version_1_make();
    static const char *const left[] = {".v1", ".v1.new", ".v1.new-journal", ".v1.new-wal"};
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, left[i]);
        FILE *file = fopen(name, "wb");
        assert_true(fputs("half of a copy", file) > 0);
        fclose(file);
    }
    sqlite3 *connection = open_to(&schema);
    assert_non_null(connection);
    sqlite3_close(connection);
    copy_stands(".v1", 1);
}

static void what_takes_long_is_told_again_and_again(void **state)
{
    struct schema schema = schema_to(3);
    (void)state;
    version_1_make();
    sqlite3 *connection = open_to(&(struct schema){.steps = steps, .newest = 1});
    run(connection, "CREATE TABLE ballast (bytes BLOB); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                    "SELECT i + 1 FROM n WHERE i < 40000) INSERT INTO ballast "
                    "SELECT zeroblob(100) FROM n; PRAGMA wal_checkpoint(TRUNCATE)");
    sqlite3_close(connection);
    static const struct schema_step long_steps[] = {
        {.sql = NULL},
        {.sql = "UPDATE ballast SET bytes = zeroblob(101)"},
    };
    schema.steps = long_steps;
    schema.newest = 2;
    schema.tell_every_ms = 0;
    connection = open_to(&schema);
    assert_non_null(connection);
    sqlite3_close(connection);
    assert_true(told.count[SCHEMA_COPYING] > 0);
    assert_true(told.count[SCHEMA_STEPPING] > 0);
}

/* -- Not up -- */

static void newer_file_is_refused_and_not_touched(void **state)
{
    static uint8_t before[BYTES_MAX], after[BYTES_MAX];
    struct schema newer = schema_to(3), older = schema_to(2);
    (void)state;
    version_1_make();
    sqlite3_close(open_to(&newer));
    size_t len = bytes_read("", before);
    assert_null(open_to(&older));
    assert_int_equal(bytes_read("", after), len);
    assert_memory_equal(before, after, len);
    assert_int_equal(told.count[SCHEMA_TOO_NEW], 1);
    assert_int_equal(told.from, 3);
    assert_int_equal(told.to, 2);
    assert_string_equal(told.why, "made by a newer program");
    sqlite3 *connection = open_to(&newer);
    notes_stand(connection);
    sqlite3_close(connection);
}

/* The newer program was killed: what is in its log stays there for it. */
static void newer_file_s_log_is_not_touched_either(void **state)
{
    static uint8_t file[BYTES_MAX], wal[BYTES_MAX], after[BYTES_MAX];
    struct schema newer = schema_to(3), older = schema_to(2);
    char name[128];
    (void)state;
    version_1_make();
    sqlite3 *connection = open_to(&newer);
    run(connection, "INSERT INTO label VALUES ('only in the log')");
    size_t file_len = bytes_read("", file), wal_len = bytes_read("-wal", wal);
    sqlite3_close(connection);
    FILE *out = fopen(path, "wb");
    assert_int_equal(fwrite(file, 1, file_len, out), file_len);
    fclose(out);
    (void)snprintf(name, sizeof name, "%s-wal", path);
    out = fopen(name, "wb");
    assert_int_equal(fwrite(wal, 1, wal_len, out), wal_len);
    fclose(out);
    assert_null(open_to(&older));
    assert_int_equal(bytes_read("", after), file_len);
    assert_memory_equal(file, after, file_len);
    assert_int_equal(bytes_read("-wal", after), wal_len);
    assert_memory_equal(wal, after, wal_len);
    connection = open_to(&newer);
    assert_int_equal(number(connection, "SELECT count(*) FROM label"), 2);
    sqlite3_close(connection);
}

static void another_program_s_file_is_refused_and_not_touched(void **state)
{
    static uint8_t before[BYTES_MAX], after[BYTES_MAX];
    struct schema schema = schema_to(3);
    (void)state;
    sqlite3 *connection = open_file(path);
    run(connection, "CREATE TABLE theirs (ref INTEGER)");
    sqlite3_close(connection);
    size_t len = bytes_read("", before);
    assert_null(open_to(&schema));
    assert_int_equal(bytes_read("", after), len);
    assert_memory_equal(before, after, len);
    assert_int_equal(told.count[SCHEMA_UNUSABLE], 1);
}

static void fails_at(const struct schema_step *failing, const char *why)
{
    struct schema_step broken[] = {steps[0], steps[1], *failing};
    struct schema schema = schema_to(3), before = schema_to(2);
    schema.steps = broken;
    assert_null(open_to(&schema));
    assert_int_equal(told.count[SCHEMA_STEP_FAILED], 1);
    assert_int_equal(told.from, 2);
    assert_string_equal(told.why, why);
    sqlite3 *connection = open_to(&before);
    assert_non_null(connection);
    assert_int_equal(number(connection, "PRAGMA user_version"), 2);
    assert_int_equal(number(connection, "SELECT count(*) FROM sqlite_schema"), 1);
    notes_stand(connection);
    sqlite3_close(connection);
    copy_stands(".v1", 1);
}

static void a_step_whose_sql_fails_leaves_the_version_before_it(void **state)
{
    (void)state;
    version_1_make();
    fails_at(
        &(struct schema_step){.sql = "CREATE TABLE label (name TEXT); DELETE FROM note; nonsense"},
        "near \"nonsense\": syntax error");
}

static void a_step_whose_function_refuses_leaves_the_version_before_it(void **state)
{
    (void)state;
    version_1_make();
    fails_at(&(struct schema_step){.sql = "CREATE TABLE label (name TEXT); DELETE FROM note",
                                   .run = refuse},
             "the step has refused");
}

static void a_file_that_is_not_whole_is_neither_copied_nor_raised(void **state)
{
    static uint8_t bytes[BYTES_MAX], zeros[4096];
    struct schema schema = schema_to(3);
    (void)state;
    version_1_make();
    FILE *file = fopen(path, "r+b");
    assert_int_equal(fseek(file, 3L * 4096, SEEK_SET), 0);
    assert_int_equal(fwrite(zeros, 1, sizeof zeros, file), sizeof zeros);
    fclose(file);
    size_t len = bytes_read("", bytes);
    assert_true(len > 8 * sizeof zeros);
    assert_null(open_to(&schema));
    assert_int_equal(told.count[SCHEMA_COPY_FAILED], 1);
    assert_false(is_there(".v1"));
    sqlite3 *connection = open_file(path);
    assert_int_equal(number(connection, "PRAGMA user_version"), 1);
    sqlite3_close(connection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(empty_file_is_made_by_all_steps_and_not_copied),
        TEST(older_file_is_copied_and_raised_and_its_data_kept),
        TEST(what_a_dead_process_left_in_the_log_is_raised_and_copied_too),
        TEST(a_device_keeps_no_copy),
        TEST(whoever_goes_back_to_the_copy_goes_on),
        TEST(what_an_earlier_try_left_does_not_matter),
        TEST(what_takes_long_is_told_again_and_again),
        TEST(newer_file_is_refused_and_not_touched),
        TEST(newer_file_s_log_is_not_touched_either),
        TEST(another_program_s_file_is_refused_and_not_touched),
        TEST(a_step_whose_sql_fails_leaves_the_version_before_it),
        TEST(a_step_whose_function_refuses_leaves_the_version_before_it),
        TEST(a_file_that_is_not_whole_is_neither_copied_nor_raised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
