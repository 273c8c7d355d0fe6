/* timeline -- the time of a run, and what happens in it: one heap of events, one clock that jumps
 * from event to event. Also the trace: a hash over everything that happened, and the last of it in
 * words. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MS = 1000, SECOND = 1000 * MS };

void timeline_begin(bool is_told);
/* Drops what has not happened. */
void timeline_end(void);
uint64_t timeline_now(void); /* microseconds since the run's start */

/* `name` is a literal; `payload` (heap, or NULL) is freed after the event. Events of one moment
 * come in the order in which they were put. */
struct happening {
    const char *name;
    void (*run)(uint64_t subject, void *payload);
    uint64_t subject;
    void *payload;
};
void timeline_at(uint64_t at, const struct happening *happening);
void timeline_after(uint64_t delay, const struct happening *happening);
/* The next event, when it is due before `until`; the clock is then `until` at most. False: there is
 * none. */
bool timeline_step(uint64_t until);

/* -- The trace -- */

void trace(const char *what, uint64_t subject, uint64_t detail);
/* Into the hash only. */
void trace_bytes(const void *bytes, size_t len);
uint64_t trace_hash(void);
uint64_t trace_steps(void);
/* The last of it, to standard error. */
void trace_tell(void);
