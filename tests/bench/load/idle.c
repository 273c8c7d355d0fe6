/* idle -- see idle.h. */
#include "idle.h"

#include <inttypes.h>
#include <stdio.h>

void idle_run(const struct crowd_wish *wish, double seconds)
{
    struct crowd crowd;
    struct usage alone, gathered, after;
    usage_read(wish->servers, true, &alone);
    uint64_t began = now_ns();
    crowd_gather(&crowd, wish);
    double gather_s = (double)(now_ns() - began) / 1e9;
    usage_read(wish->servers, true, &gathered);
    uint64_t end = now_ns() + (uint64_t)(seconds * 1e9);
    while (now_ns() < end) {
        crowd_step(&crowd, 100);
    }
    usage_read(wish->servers, true, &after);
    double count = (double)crowd.seat_count;
    printf("{\"scenario\":\"idle\",\"server\":\"%s\",\"connected\":%zu,\"rooms\":%zu,"
           "\"gather_s\":%.2f,\"connect_cpu_us\":%.1f,\"alone_pss_kb\":%" PRIu64
           ",\"rss_kb\":%" PRIu64 ",\"pss_kb\":%" PRIu64
           ",\"pss_kb_per_connection\":%.2f,\"idle_cpu_percent\":%.2f}\n",
           wish->talker->name, crowd.seat_count, crowd.room_count, gather_s,
           (gathered.cpu_s - alone.cpu_s) * 1e6 / count, alone.pss_kb, after.rss_kb, after.pss_kb,
           ((double)after.pss_kb - (double)alone.pss_kb) / count,
           (after.cpu_s - gathered.cpu_s) * 100 / seconds);
    fflush(stdout);
    crowd_part(&crowd);
}
