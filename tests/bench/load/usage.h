/* usage -- what a server's processes have used, read in /proc: the processes named and all below
 * them.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

struct usage {
    double cpu_s;    /* user and system, ended children included */
    uint64_t rss_kb; /* summed: what processes share counts for each */
    uint64_t pss_kb; /* summed: what they share counts once */
    unsigned processes;
};

/* A server may be several programs: each of these counts, with all below it. */
enum { SERVERS_MAX = 4 };

/* pid 0: nobody. Memory is read only when asked for: it costs the machine. */
void usage_read(const pid_t servers[SERVERS_MAX], int with_memory, struct usage *out);
