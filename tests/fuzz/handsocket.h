/* handsocket -- a connection of libenrum that the test holds in its hands: stands in for
 * client-sdk/c/socket.c. Frames that are sent wait here until the test takes them; frames that the
 * test gives arrive in the next step. Asks for no memory but the socket's own. */
#pragma once

#include "base/slice.h"

enum { HAND_FRAMES_MAX = 512, HAND_BYTES_MAX = 4 << 20 };

/* Before the first socket of a run. */
void hand_begin(void);
/* The client has asked for a connection that it does not have yet. */
bool hand_is_asked(void);
bool hand_is_open(void);
/* In the next step. False: nobody waits for it, or there is no place. */
bool hand_accept(void);
bool hand_give(struct slice frame);
bool hand_lose(void);
/* The first frame that was sent and not taken; dies with the next step. False: none. */
bool hand_take(struct slice *frame);
