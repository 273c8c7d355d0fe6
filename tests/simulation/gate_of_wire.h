/* gate_of_wire -- stands in for the gate's libwebsockets: sessions of the gate's own kind on
 * simulated connections. */
#pragma once

#include "gate/gate.h"

/* Sessions are numbered anew. */
void gate_begin(void);
/* What the network tells the gate that is open. */
uint64_t gate_accept(uint64_t wire);
void gate_receive(uint64_t session, struct slice frame);
void gate_lost(uint64_t session);
