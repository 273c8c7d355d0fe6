/* keeper_api -- what only keepers are told: letters (enrum.h has the calls). */
#pragma once

#include "enrum.h"

/* LETTER_IN: opened and told, or dropped when it is nobody's. */
void keeper_on_letter(struct enrum *enrum, struct slice frame);
/* CALL: told with its certificates known. */
void keeper_on_call(struct enrum *enrum, struct slice frame);
