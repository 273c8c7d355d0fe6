/* board -- board.json: what a client believes before it has heard anybody (enrum.h declares the
 * reading and writing). The root that the file names is followed from the first one, whose hash
 * is the board's id, over signed successors. */
#pragma once

#include "enrum.h"

/* Is `given` the board that was pinned: the same, or one that its signed successors lead to?
 * OK, or ROOT_CHANGED. */
enum enrum_err board_judge(const struct enrum_board *pinned, const struct enrum_board *given);
