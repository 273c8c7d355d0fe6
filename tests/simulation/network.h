/* network -- the network: connections between clients and the host. Within one of them order holds,
 * as in TCP, and nothing comes twice; it may die with frames in flight, at each end at another time
 * or without a word, and frames of an old connection may come behind those of a newer one. */
#pragma once

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum wire_way { TO_HOST, TO_CLIENT };

/* Begins to connect; the client hears of it. Never 0. */
uint64_t wire_open(size_t actor);
void wire_send(uint64_t wire, enum wire_way way, struct slice frame);
/* One end closes: what it has sent still comes, and then the other end hears of it. */
void wire_close(uint64_t wire, enum wire_way way);
/* The host's process is gone. */
void wires_host_gone(void);
/* The client's process is gone: its kernel says so to the host, mostly. */
void wires_client_gone(size_t actor);

/* Faults. */
void wires_cut(size_t actor);                      /* dies, each end learns it some time or never */
void wires_mute(size_t actor, enum wire_way way);  /* one direction only, and nobody is told */
void wires_stall(size_t actor, uint64_t duration); /* the client does not read */
void wires_part(size_t actor, uint64_t duration);  /* cut, and no new ones */
void wires_heal(void);
bool wire_is_stalled(uint64_t wire, uint64_t *until);

void wires_begin(void);
