/* steps -- see steps.h. */
#include "store/steps.h"

/* Version 1. */
static const char first[] =
    "CREATE TABLE room (ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, head_seq INTEGER NOT "
    "NULL,"
    "  head_hash BLOB NOT NULL, generation INTEGER NOT NULL, purpose INTEGER NOT NULL,"
    "  received_at INTEGER NOT NULL);"
    "CREATE TABLE entry (ref INTEGER PRIMARY KEY, room INTEGER NOT NULL, seq INTEGER NOT NULL,"
    "  device INTEGER NOT NULL, device_seq INTEGER NOT NULL, cause BLOB, received_at INTEGER NOT "
    "NULL,"
    "  hash BLOB NOT NULL, bytes_hash BLOB NOT NULL, certificate BLOB NOT NULL,"
    "  append_count INTEGER NOT NULL, head BLOB NOT NULL, open BLOB NOT NULL, sealed BLOB NOT NULL,"
    "  sig BLOB NOT NULL, sealed_hash BLOB);"
    "CREATE UNIQUE INDEX entry_seq ON entry (room, seq);"
    "CREATE UNIQUE INDEX entry_device ON entry (room, device, device_seq);"
    "CREATE UNIQUE INDEX entry_cause ON entry (room, cause) WHERE cause IS NOT NULL;"
    "CREATE TABLE room_device (ref INTEGER PRIMARY KEY, room INTEGER NOT NULL, device BLOB NOT "
    "NULL,"
    "  last_seq INTEGER NOT NULL, is_removed INTEGER NOT NULL, UNIQUE (room, device));"
    "CREATE TABLE member (room INTEGER NOT NULL, person BLOB NOT NULL, role INTEGER NOT NULL,"
    "  PRIMARY KEY (room, person)) WITHOUT ROWID;"
    "CREATE INDEX member_person ON member (person, room);"
    "CREATE TABLE certificate (hash BLOB PRIMARY KEY, bytes BLOB NOT NULL, issuer BLOB,"
    "  role INTEGER NOT NULL, not_before INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE letter (ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL,"
    "  received_at INTEGER NOT NULL);"
    "CREATE TABLE fetch_log (ref INTEGER PRIMARY KEY, room INTEGER NOT NULL, device BLOB NOT NULL,"
    "  first INTEGER NOT NULL, last INTEGER NOT NULL, at INTEGER NOT NULL);"
    "CREATE INDEX fetch_log_room ON fetch_log (room, at);"
    "CREATE TABLE revoked (subject BLOB PRIMARY KEY) WITHOUT ROWID;";

/* Version 2: attachments. What of a blob changes stands beside its bytes, so that naming it does
 * not write them again. */
static const char blobs[] =
    "CREATE TABLE blob (ref INTEGER PRIMARY KEY, room INTEGER NOT NULL, id BLOB NOT NULL,"
    "  person BLOB NOT NULL, at INTEGER NOT NULL, seq INTEGER, UNIQUE (room, id));"
    "CREATE INDEX blob_unnamed ON blob (person) WHERE seq IS NULL;"
    "CREATE INDEX blob_old ON blob (at) WHERE seq IS NULL;"
    "CREATE INDEX blob_entry ON blob (room, seq) WHERE seq IS NOT NULL;"
    "CREATE TABLE blob_bytes (ref INTEGER PRIMARY KEY, bytes BLOB NOT NULL);";

const struct schema_step *store_steps(int *count)
{
    static const struct schema_step steps[] = {{.sql = first}, {.sql = blobs}};
    *count = sizeof steps / sizeof steps[0];
    return steps;
}
