/* backup -- a copy of a database file beside it, as it is before its schema changes: what whoever
 * goes back to the older program puts in its place. Not what is kept against a lost disk. */
#pragma once

#include "schema/schema.h"

/* Writes FILE.v`version`, with the file's own permissions, looks whether it is whole, and puts it
 * and its name on the disk. One of the same name that is there is replaced, when the new one is
 * whole. False: told, and nothing is left behind but the older one. */
bool backup_make(const struct schema *schema, sqlite3 *connection, int version);
