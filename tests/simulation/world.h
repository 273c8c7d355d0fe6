/* world -- one run: its chances, its folder, and whether something that must hold has not held.
 * The parts that stand in for sockets, threads and clocks have no place for a context in their
 * functions, so there is one world at a time. */
#pragma once

#include "chance.h"
#include "timeline.h"

#include "base/slice.h"
#include "protocol/tables.h"

enum { PATH_MAX_BYTES = 256 };

struct world {
    uint64_t seed;
    struct chance net, play;
    char folder[128];
    unsigned bustle; /* so many of an employee's thousand deeds are about who is in a room */
    uint64_t pace;   /* so long does a thread take for its turn, at most, when nothing is wrong */
    bool is_healed;  /* nothing is broken on purpose any more */
    bool has_failed; /* the first failure is the run's end */
    char failure[512];
    unsigned long faults, restarts, kills, texts, files, acks, entries;
    unsigned long comings, goings, named; /* of persons; conversations of a case */
};
extern struct world world;

/* Something that must hold does not. */
__attribute__((format(printf, 2, 3))) void world_fail(const char *invariant, const char *format,
                                                      ...);

/* -- Folders: a kill leaves a disk as it is at that moment -- */

void folder_make(const char *path);
/* The regular files; not SQLite's shared memory, which dies with its process. */
void folder_copy(const char *from, const char *to);
void folder_remove(const char *path);
