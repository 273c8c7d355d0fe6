/* play -- what happens in a run: people who talk, things that break, and then nothing breaks any
 * more and everything must come together. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* One run from its seed; the trace and `world` say what came of it. */
void play_run(uint64_t seed, const char *folder, bool is_told);
