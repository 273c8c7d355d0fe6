/* handstore -- the gate and the store of handcore. */
#pragma once

#include "handcore.h"

/* Judges a message that goes out to a session, and takes no reference. */
void handgate_judge(struct core_session *session, struct slice frame);
