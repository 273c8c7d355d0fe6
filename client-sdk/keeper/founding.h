/* founding -- the board's own rooms: the register, and one for each unit of the configuration. Made
 * when the host has none; found by what their logs say otherwise. Also says when everything has
 * been read. */
#pragma once

#include "keeper.h"

void founding_step(struct keeper *keeper);
/* The register room that a keeper with this certificate opens. */
void founding_probe(struct keeper *keeper);
