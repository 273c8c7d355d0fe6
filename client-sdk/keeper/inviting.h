/* inviting -- staff let somebody into a conversation in a stated capacity: a guardian, an ombud, a
 * trustee, a support person. By personal number, and the person sees the conversation when they log
 * in with their e-ID; or with a printed code, for somebody who has none. */
#pragma once

#include "letters.h"

void inviting_invite(struct keeper *keeper, struct letter *letter);
