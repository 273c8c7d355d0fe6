/* scanner -- asks clamd on a thread of its own, about one file at a time. */
#pragma once

#include "clamd.h"

struct scanner;

/* The address must outlive it. `wake` is called on its thread when a result waits. NULL: no memory
 * or thread. */
struct scanner *scanner_new(const char *address, void (*wake)(void *context), void *context);
/* Waits for what is being scanned. */
void scanner_free(struct scanner *scanner);
/* Takes the file over, and leaves an empty buffer. Only when the last result was taken. */
void scanner_put(struct scanner *scanner, struct buffer *file);
/* False when there is none yet. */
bool scanner_take(struct scanner *scanner, struct clamd_result *out);
