/* cache -- the newest packets of one stream, as they went out, for who has lost one.
 * Holds references; a packet is the same bytes for as long as it is here. */
#pragma once

#include "relay/packet.h"

enum { CACHE_PACKETS = 512, CACHE_LIFE_US = 1000000 };

struct cached {
    struct packet *packet;
    uint64_t index, since_us;
};

/* Zeroed is empty. */
struct cache {
    struct cached ring[CACHE_PACKETS]; /* by index */
    uint64_t oldest, end;              /* nothing is kept outside of these indexes */
};

/* One more reference. Displaces what has the same place. */
void cache_put(struct cache *cache, struct packet_pool *pool, struct packet *packet, uint64_t index,
               uint64_t now_us);
/* NULL: not kept. */
struct packet *cache_find(const struct cache *cache, uint64_t index);
/* Lets go of what is older than CACHE_LIFE_US. */
void cache_age(struct cache *cache, struct packet_pool *pool, uint64_t now_us);
void cache_empty(struct cache *cache, struct packet_pool *pool);
