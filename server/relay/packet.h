/* packet -- buffers of one datagram each, made at start, shared by count within one thread.
 * What comes in is received into one, opened in place, and kept there while it may be asked for
 * again. Not for more than one thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACKET_BYTES_MAX = 1500 };

struct packet {
    uint32_t references;
    uint16_t start, len; /* what counts of `bytes`: a header may have moved forward */
    struct packet *next; /* of those that are free */
    uint8_t bytes[PACKET_BYTES_MAX];
};

struct packet_pool {
    struct packet *packets, *free;
    size_t count, used;
};

/* False: no memory. */
bool packet_pool_init(struct packet_pool *pool, size_t count);
void packet_pool_fini(struct packet_pool *pool);
/* With one reference, which is the caller's, and no bytes. NULL: all are in use. */
struct packet *packet_take(struct packet_pool *pool);
struct packet *packet_ref(struct packet *packet);
/* NULL is let go of silently. */
void packet_unref(struct packet_pool *pool, struct packet *packet);

static inline uint8_t *packet_at(struct packet *packet)
{
    return packet->bytes + packet->start;
}
