/* localsteps -- see localsteps.h. */
#include "localsteps.h"

/* Version 1. Ids of the outbox are never used again: AUTOINCREMENT. */
static const char first[] =
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL);"
    "CREATE TABLE certificate (hash BLOB NOT NULL UNIQUE, is_keeper INTEGER NOT NULL,"
    " bytes BLOB NOT NULL);"
    "CREATE TABLE room (room BLOB PRIMARY KEY, keeper_seq INTEGER NOT NULL,"
    " keeper_hash BLOB NOT NULL, sent_seq INTEGER NOT NULL, type INTEGER NOT NULL,"
    " trouble INTEGER NOT NULL, title TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE entry (room BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL,"
    " stored BLOB NOT NULL, UNIQUE (room, seq));"
    "CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, room BLOB NOT NULL,"
    " is_create INTEGER NOT NULL, random BLOB NOT NULL, class INTEGER NOT NULL,"
    " device_seq INTEGER NOT NULL, open BLOB NOT NULL, content BLOB NOT NULL,"
    " bytes BLOB NOT NULL);"
    "CREATE TABLE receipt (room BLOB NOT NULL, seq INTEGER NOT NULL, device_seq INTEGER NOT NULL,"
    " ack BLOB NOT NULL, PRIMARY KEY (room, seq)) WITHOUT ROWID;";

/* Version 2: blobs of the outbox's files. */
static const char blobs[] =
    "CREATE TABLE outbox_blob (draft INTEGER NOT NULL, place INTEGER NOT NULL, id BLOB NOT NULL,"
    " bytes BLOB NOT NULL, PRIMARY KEY (draft, place));";

const struct schema_step *localstore_steps(int *count)
{
    static const struct schema_step steps[] = {{.sql = first}, {.sql = blobs}};
    *count = sizeof steps / sizeof steps[0];
    return steps;
}
