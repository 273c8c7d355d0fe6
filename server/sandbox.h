/* sandbox -- what enrumd may ask of the kernel once it listens; not what the unit of systemd
 * forbids, which holds beside it. Thread: entered by the main one, holds for all. */
#pragma once

#include <stdbool.h>

/* From here on the process asks only for what sandbox.def lists. It makes threads but no processes,
 * connects to nobody, and maps nothing that can be run. What only an intruder asks for ends the
 * process; anything else is unknown to the kernel (ENOSYS), so that a newer library falls back to
 * an older call. Says so in the log, also when the build has it left out. False: the kernel takes
 * no filter. */
bool sandbox_enter(void);
