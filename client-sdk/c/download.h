/* download -- a file of an entry on its way from the host to this disk: blob by blob, in order,
 * each checked as it comes. It has no name before the whole is checked, and never takes one that is
 * another's. A lost connection is waited out. */
#pragma once

#include "base/list.h"
#include "enrum.h"

void downloads_step(struct enrum *enrum);
void downloads_fini(struct enrum *enrum);
