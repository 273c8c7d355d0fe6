/* showcase -- entries about the way of a case (contacts, steps, tasks, meetings, clocks) and held
 * notes that are shown to a party, as `enrum read` shows them: what they say beside their words. */
#pragma once

#include <jansson.h>

#include "shell.h"

/* Is it about the way of a case? Then its words; they may be empty. */
bool showcase_words(const struct enrum_item *item, struct slice *words);
/* Prints what stands before the words; nothing for any other entry. */
void showcase_line(const struct enrum_item *item);
/* Puts each field into the object, under its name in layouts.def. */
void showcase_json(json_t *object, const struct enrum_item *item);
