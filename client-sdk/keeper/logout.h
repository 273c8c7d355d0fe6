/* logout -- a person logs another device of theirs out: it is revoked in the whole board at once,
 * and left out of the next generation of each room where it had keys (granting). */
#pragma once

#include "letters.h"

void logout_device(struct keeper *keeper, struct letter *letter);
