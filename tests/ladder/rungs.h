/* rungs -- runs a scenario again and again: with the first question for memory refused, with the
 * second, and so on until nothing is left to refuse; each run in a process of its own. What it
 * holds each run to: no crash, everything given back, an error that says what it is, and that the
 * same scenario succeeds in that very process once there is memory again. */
#pragma once

#include "protocol/tables.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scenario {
    const char *name;
    /* With enough memory, before and after each run. */
    void (*begin)(void);
    void (*end)(void);
    /* Judges for itself what came of it: wrong() when that is not what it should be. An error is an
     * answer, if it is one of class OURS or LIMIT. */
    enum enrum_err (*run)(void);
};

/* Says so, and ends the run. */
_Noreturn void wrong(const char *what, const char *file, int line);
#define MUST(condition) ((condition) ? (void)0 : wrong(#condition, __FILE__, __LINE__))

/* Those scenarios of a program that its arguments name, or all; --all: no rung is left out. Gives
 * what main returns. */
int rungs_climb(const struct scenario *scenarios, size_t count, int argc, char **argv);
