/* keyframes -- when a stream's sender is asked for a key frame.
 * At once, but not more often than KEYFRAMES_PAUSE_US; what is wished for in between is kept until
 * then, so that no wish is lost. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { KEYFRAMES_PAUSE_US = 500000 };

/* Zeroed is "never asked". */
struct keyframes {
    uint64_t asked_us;
    bool has_asked, is_wanted;
};

static inline void keyframes_want(struct keyframes *keyframes)
{
    keyframes->is_wanted = true;
}

/* Is it to be asked now? It then counts as asked. */
static inline bool keyframes_due(struct keyframes *keyframes, uint64_t now_us)
{
    if (!keyframes->is_wanted ||
        (keyframes->has_asked && now_us - keyframes->asked_us < KEYFRAMES_PAUSE_US)) {
        return false;
    }
    *keyframes = (struct keyframes){.asked_us = now_us, .has_asked = true};
    return true;
}
