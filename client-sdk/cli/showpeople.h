/* showpeople -- entries about who is let in and which conversations are a case's, as `enrum read`
 * shows them: what they say beside their words. */
#pragma once

#include <jansson.h>

#include "shell.h"

/* Prints what stands before the words; nothing for any other entry. */
void showpeople_line(const struct shell *shell, const struct enrum_item *item);
/* Puts it into the object, under "access" or "case_room". */
void showpeople_json(json_t *object, const struct enrum_item *item);
