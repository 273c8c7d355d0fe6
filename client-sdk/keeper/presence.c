/* presence -- see presence.h. */
#include "presence.h"

/* The clock may have been ahead, and been set back. */
static void future_cut(struct presence *presence, uint64_t now_ms)
{
    uint64_t *const times[] = {&presence->since, &presence->until, &presence->last};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        if (*times[i] > now_ms) {
            *times[i] = now_ms;
        }
    }
}

void presence_step(struct presence *presence, uint64_t now_ms, bool is_ready)
{
    future_cut(presence, now_ms);
    if (presence->since == 0 || now_ms > presence->seen + PRESENCE_GAP_MS) {
        if (presence->last > presence->until) {
            presence->until = presence->last;
        }
        presence->since = now_ms;
    }
    presence->seen = now_ms;
    if (is_ready) {
        presence->last = now_ms;
    }
}

void presence_learn(struct presence *presence, uint64_t time_ms, uint64_t now_ms)
{
    if (time_ms > now_ms) {
        return;
    }
    /* What it reads of the time before, it may read after it has connected. */
    uint64_t *of = time_ms < presence->since ? &presence->until : &presence->last;
    if (time_ms > *of) {
        *of = time_ms;
    }
}

bool presence_had_to_keep(const struct presence *presence, uint64_t time_ms, uint64_t came_ms,
                          uint64_t clock_ms)
{
    return presence->since != 0 && time_ms >= clock_ms && time_ms - clock_ms <= presence->since &&
           presence->until <= clock_ms + time_ms && came_ms <= presence->since + clock_ms;
}
