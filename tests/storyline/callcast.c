/* callcast -- see callcast.h. */
#include "callcast.h"

void cast_begin(struct cast *cast)
{
    scene_begin(&cast->scene, 4);
    cast->eva = scene_person(&cast->scene, "eva", ROLE_STAFF);
    cast->anna = scene_person(&cast->scene, "anna", ROLE_CITIZEN);
    cast->tolk = scene_person(&cast->scene, "tolk", ROLE_GUEST);
}

void cast_begin_together(struct cast *cast)
{
    cast_begin(cast);
    scene_join(&cast->scene, cast->eva);
    scene_join(&cast->scene, cast->anna);
    scene_statement(&cast->scene, cast->eva, cast->anna, CALL_ADMITTED);
    scene_forget(&cast->scene);
}

void cast_end(struct cast *cast)
{
    scene_end(&cast->scene);
}
