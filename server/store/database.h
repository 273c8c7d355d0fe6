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

struct database {
    struct id board;
    sqlite3 *connection;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    bool is_in_transaction;
};

/* Opens, or makes, the file of a board. A reader's connection cannot write. False: said in the log.
 */
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

/* The room as it stands. False: the database failed, or memory was short. */
bool database_room(struct database *database, const struct id *room, struct room_snapshot *out);
