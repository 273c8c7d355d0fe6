/* talk_xmpp -- speaks XMPP over WebSocket (RFC 7395) to prosody and ejabberd: a room is a
 * multi-user chat (XEP-0045) with an archive (XEP-0313). A client's own message comes back to it
 * with the archive's id (XEP-0359): that is its acknowledgement. Clients are anonymous: logging in
 * is not what is measured. */
#pragma once

#include "crowd.h"

extern const struct talker talk_prosody, talk_ejabberd;
