/* callcast -- the three people of most storylines of calls, on a scene. */
#pragma once

#include "scene.h"

/* eva is staff, anna a citizen, tolk a guest. */
struct cast {
    struct scene scene;
    struct actor *eva, *anna, *tolk;
};

void cast_begin(struct cast *cast);
/* eva and anna are in. */
void cast_begin_together(struct cast *cast);
void cast_end(struct cast *cast);
