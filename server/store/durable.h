/* durable -- what is found in a board's files is put on the disk before anything is built on it.
 * Who wrote it may have died before its sync, or its sync may have failed; then it is seen by
 * everybody, checksums and all, and is gone when the power is (docs/decisions/failed-syncs.md). It
 * knows SQLite's files, not what is in them. */
#pragma once

#include "store/database.h"

/* Writes the write-ahead log again, byte for byte, syncs it and the folder's names, and then takes
 * all of it into the database file. False: said in the log, and nothing found may be trusted. */
bool durable_make(struct database *database, const char *folder);
