/* show -- entries, for people (a line or more each) and for programs (JSON, a line each). */
#pragma once

#include "shell.h"

void show_item(struct shell *shell, const struct enrum_item *item);
/* Prints text so that it cannot move the cursor or colour the screen. */
void show_text(struct slice text, const char *newline);
/* "2026-01-31 12:00:00" in local time. */
void show_time(uint64_t ms);
