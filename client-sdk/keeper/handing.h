/* handing -- a caseworker adds a colleague to a conversation, hands it over, or gives it back. */
#pragma once

#include "letters.h"

/* May this employee change who is in this room? They are in it, and it is a conversation; else
 * ROOM_UNKNOWN. */
enum enrum_err handing_judge(const struct logbook *party, const struct id *asker);

void handing_add(struct keeper *keeper, struct letter *letter);
void handing_over(struct keeper *keeper, struct letter *letter);
