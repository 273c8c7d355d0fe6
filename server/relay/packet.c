/* packet -- see packet.h. */
#include "relay/packet.h"

#include "base/check.h"

#include <stdlib.h>

bool packet_pool_init(struct packet_pool *pool, size_t count)
{
    *pool = (struct packet_pool){.packets = calloc(count, sizeof *pool->packets), .count = count};
    if (pool->packets == NULL) {
        return false;
    }
    for (size_t i = count; i > 0; i--) {
        pool->packets[i - 1].next = pool->free;
        pool->free = &pool->packets[i - 1];
    }
    return true;
}

void packet_pool_fini(struct packet_pool *pool)
{
    free(pool->packets);
    *pool = (struct packet_pool){0};
}

struct packet *packet_take(struct packet_pool *pool)
{
    struct packet *packet = pool->free;
    if (packet != NULL) {
        pool->free = packet->next;
        packet->next = NULL;
        packet->references = 1;
        packet->start = 0;
        packet->len = 0;
        pool->used++;
    }
    return packet;
}

struct packet *packet_ref(struct packet *packet)
{
    CHECK(packet->references > 0);
    packet->references++;
    return packet;
}

void packet_unref(struct packet_pool *pool, struct packet *packet)
{
    if (packet == NULL) {
        return;
    }
    CHECK(packet->references > 0);
    if (--packet->references == 0) {
        packet->next = pool->free;
        pool->free = packet;
        pool->used--;
    }
}
