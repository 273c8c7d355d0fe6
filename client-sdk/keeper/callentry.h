/* callentry -- the keeper writes the entry of a call when no client has. */
#pragma once

#include "keeper.h"

void callentry_on_shown(struct keeper *keeper, const struct msg_call *message);
/* An entry that was read: perhaps it is a call's. */
void callentry_on_entry(struct keeper *keeper, const struct enrum_item *item);
/* Appends what is due. */
void callentry_step(struct keeper *keeper);
