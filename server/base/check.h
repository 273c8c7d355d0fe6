/* check -- assertions that stay on in release builds.
 * A failed check is a bug of this program: it says where, prints no values (they may be secret),
 * and aborts. Not for bytes from a peer: those are judged with errors. */
#pragma once

#include <stdnoreturn.h>

#define CHECK(condition) ((condition) ? (void)0 : check_failed(__FILE__, __LINE__))

noreturn void check_failed(const char *file, int line);
