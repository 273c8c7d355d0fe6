/* sandbox -- what a program may ask of the kernel once it works; not what the unit of systemd
 * forbids, which holds beside it. Thread: entered by the main one, holds for all. */
#pragma once

#include <stdbool.h>

enum sandbox_program { SANDBOX_HOST = 1, SANDBOX_KEEPER = 2 };

/* From here on the process asks only for what sandbox.def lists for it. It makes threads but no
 * processes, maps nothing that can be run, and opens no port; the host connects to nobody, the
 * keeper only by IP or to a socket of this machine. What only an intruder asks for ends the
 * process; anything else is unknown to the kernel (ENOSYS), so that a newer library falls back to
 * an older call. Says so in the log, also when the build has it left out. False: the kernel takes
 * no filter. */
bool sandbox_enter(enum sandbox_program program);
