/* routes -- a worker's streams and who hears them: the way of an RTP packet, and of the reports
 * about it. A packet is opened in place, rewritten once, and sealed for each subscriber in the
 * batch; what is kept of it is the packet itself. No lock, no allocation and no log line on this
 * way. Thread: the worker that owns it. */
#pragma once

#include "relay/order.h"
#include "relay/packet.h"

struct routes;

/* All memory at once. NULL: there is none. */
struct routes *routes_new(const struct relay_options *options, struct packet_pool *packets,
                          struct batch *batch, struct counts *counts);
void routes_free(struct routes *routes);

void routes_publish(struct routes *routes, struct leg *leg, uint64_t id,
                    const struct relay_stream *wanted);
void routes_unpublish(struct routes *routes, uint64_t id);
void routes_subscribe(struct routes *routes, struct leg *leg, uint64_t id);
void routes_unsubscribe(struct routes *routes, struct leg *leg, uint64_t id);
/* It may be heard, and asks for key frames of what it hears. */
void routes_on_open(struct routes *routes, struct leg *leg, uint64_t now_us);
/* Its streams and subscriptions end. */
void routes_leave(struct routes *routes, const struct leg *leg);

/* A packet of an open leg, sealed. One more reference is taken of what is kept. */
void routes_on_rtp(struct routes *routes, struct leg *leg, struct packet *packet, uint64_t now_us);
void routes_on_rtcp(struct routes *routes, struct leg *leg, struct packet *packet, uint64_t now_us);
/* What time brings about; at least every 20 ms while there are streams. */
void routes_step(struct routes *routes, uint64_t now_us);
