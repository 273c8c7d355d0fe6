/* database -- one board's file: its schema, and one connection with its prepared statements.
 * The only SQL of the server. A connection belongs to one thread. Errors are told as false, and
 * said in the log. */
#pragma once

#include "journal/event.h"

#include <sqlite3.h>

/* The statements a writer or a reader needs; all are prepared when the connection is opened. */
enum statement {
#define STATEMENT(name, sql) STATEMENT_##name,
#include "store/statements.def"
#undef STATEMENT
    STATEMENT_COUNT
};

/* What failed last; a disk that fails, fails a thousand times a second, and says it once. */
struct trouble {
    int code; /* SQLite's, 0: nothing has failed */
    uint64_t told_ms, untold;
};

struct database {
    struct id board;
    sqlite3 *connection; /* NULL: closed */
    sqlite3_stmt *statements[STATEMENT_COUNT];
    bool is_in_transaction;
    int log_pages; /* in the write-ahead log, after the last commit */
    struct trouble trouble;
};

/* Opens, or makes, the file of a board; what a writer finds in it is on the disk afterwards. A
 * reader's connection cannot write. False: said in the log. A database that was open before keeps
 * its trouble. */
bool database_open(struct database *database, const char *folder, const struct id *board,
                   bool is_reader);
void database_close(struct database *database);

/* A statement, reset and ready to be bound. */
sqlite3_stmt *database_statement(struct database *database, enum statement which);
void bind_id(sqlite3_stmt *statement, int at, const struct id *id);
void bind_slice(sqlite3_stmt *statement, int at, struct slice bytes);
void bind_number(sqlite3_stmt *statement, int at, uint64_t number);
/* Borrowed until the statement's next step. */
struct slice column_slice(sqlite3_stmt *statement, int at);
uint64_t column_number(sqlite3_stmt *statement, int at);
/* False when the column is not 32 bytes. */
bool column_id(sqlite3_stmt *statement, int at, struct id *out);

/* One row? *has_row; false: the database failed. The statement must be reset by the next
 * database_statement. */
bool database_row(struct database *database, sqlite3_stmt *statement, bool *has_row);
/* For a statement that gives no rows. */
bool database_run(struct database *database, sqlite3_stmt *statement);

/* Begins once, and again only after an end. */
bool database_begin(struct database *database);
bool database_commit(struct database *database);
void database_rollback(struct database *database);
/* Takes the write-ahead log into the file, as far as readers let it (that they do not is no
 * failure). `mode` is SQLite's. */
bool database_checkpoint(struct database *database, int mode);

/* Keeps the code, and says it in the log unless that was done a moment ago. False, always. */
bool database_told(struct database *database, const char *what, int code);
/* It works again: the next failure is said at once. */
void database_trouble_end(struct database *database);

/* The room as it stands. False: the database failed, or memory was short. */
bool database_room(struct database *database, const struct id *room, struct room_snapshot *out);
/* Is the room's head the entry that stands last? Its row and the log are different pages; one that
 * was read wrongly must not become what the next entry is chained to. False: the database failed.
 */
bool database_room_holds(struct database *database, const struct room_snapshot *room, bool *holds);
