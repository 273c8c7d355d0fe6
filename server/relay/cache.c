/* cache -- see cache.h. */
#include "relay/cache.h"

static void place_clear(struct cached *place, struct packet_pool *pool)
{
    packet_unref(pool, place->packet);
    *place = (struct cached){.packet = NULL};
}

/* What falls out of the window is let go of here: cache_age looks at nothing before it. */
static void oldest_set(struct cache *cache, struct packet_pool *pool, uint64_t oldest)
{
    for (uint64_t at = 0; at < CACHE_PACKETS && cache->oldest + at < oldest; at++) {
        struct cached *place = &cache->ring[(cache->oldest + at) % CACHE_PACKETS];
        if (place->index < oldest) {
            place_clear(place, pool);
        }
    }
    cache->oldest = oldest;
}

void cache_put(struct cache *cache, struct packet_pool *pool, struct packet *packet, uint64_t index,
               uint64_t now_us)
{
    struct cached *place = &cache->ring[index % CACHE_PACKETS];
    if ((place->packet != NULL && place->index >= index) || index + CACHE_PACKETS < cache->end) {
        return;
    }
    place_clear(place, pool);
    *place = (struct cached){packet_ref(packet), index, now_us};
    if (cache->end == 0 || index < cache->oldest) {
        cache->oldest = index;
    }
    if (index >= cache->end) {
        cache->end = index + 1;
    }
    if (cache->end - cache->oldest > CACHE_PACKETS) {
        oldest_set(cache, pool, cache->end - CACHE_PACKETS);
    }
}

struct packet *cache_find(const struct cache *cache, uint64_t index)
{
    const struct cached *place = &cache->ring[index % CACHE_PACKETS];
    return place->packet != NULL && place->index == index ? place->packet : NULL;
}

void cache_age(struct cache *cache, struct packet_pool *pool, uint64_t now_us)
{
    while (cache->oldest < cache->end) {
        struct cached *place = &cache->ring[cache->oldest % CACHE_PACKETS];
        if (place->packet != NULL && place->index == cache->oldest &&
            now_us - place->since_us < CACHE_LIFE_US) {
            return;
        }
        if (place->packet != NULL && place->index == cache->oldest) {
            place_clear(place, pool);
        }
        cache->oldest++;
    }
}

void cache_empty(struct cache *cache, struct packet_pool *pool)
{
    for (size_t at = 0; at < CACHE_PACKETS; at++) {
        place_clear(&cache->ring[at], pool);
    }
    cache->oldest = 0;
    cache->end = 0;
}
