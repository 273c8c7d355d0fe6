/* alias -- under which name an employee is known to everybody but the board (FL 33 §: a decision
 * may leave out an officer's name). The real one stands in the register room, which keepers alone
 * read; what leaves the keeper has the alias (registry_person_shown). */
#pragma once

#include "keeper.h"
#include "writing.h"

/* Says it in the register. `known` may be NULL: somebody who is being added. Nothing is written for
 * an empty alias of somebody who has none. */
void alias_write(const struct registry_person *known, const struct id *person, const char *alias,
                 struct writing *writing);
/* Empty: none any more. Errors: NOT_STAFF, those of deed_append. */
enum enrum_err alias_begin(struct keeper *keeper, const struct id *person, const char *alias);
/* Is it so in the register, and does every room that they are in say it? Nothing is written any
 * more to one whose log is not believed. */
bool alias_is_told(const struct keeper *keeper, const struct id *person, const char *alias);
