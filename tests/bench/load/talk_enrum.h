/* talk_enrum -- speaks to enrumd: sessions of residents, appends made, sealed and signed
 * beforehand. */
#pragma once

#include "crowd.h"

extern const struct talker talk_enrum;
