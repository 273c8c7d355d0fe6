/* whisper -- transient frames, out and in: typing, real-time text. Delivered, never
 * logged, never kept. */
#pragma once

#include "enrum.h"

/* TRANSIENT_IN: told when its author and key hold, else passed over. */
void whisper_on_frame(struct enrum *enrum, struct slice frame);
