/* batch -- datagrams of one UDP socket, many to a call of the kernel, both ways.
 * Knows no peers. What the kernel has no place for is dropped and counted, as a network does.
 * Thread: the worker that owns the socket. */
#pragma once

#include "relay/packet.h"
#include "relay/tuple.h"

#include <sys/uio.h>

enum {
    BATCH_IN = 64,
    BATCH_OUT = 64,
    BATCH_BYTES_MAX = PACKET_BYTES_MAX + 32, /* a sealed packet is longer than what came in */
};

struct batch {
    int fd;
    struct packet_pool *pool;
    struct mmsghdr in_heads[BATCH_IN], out_heads[BATCH_OUT];
    struct iovec in_parts[BATCH_IN], out_parts[BATCH_OUT];
    struct sockaddr_storage in_from[BATCH_IN], out_to[BATCH_OUT];
    struct packet *in_packets[BATCH_IN]; /* NULL where one was taken */
    uint8_t out_bytes[BATCH_OUT][BATCH_BYTES_MAX];
    size_t out_count;
    uint64_t sent, unsent, cut; /* counted; cut: longer than a packet may be */
};

/* *port is that of the socket afterwards, where 0 was asked for. -1: errno says why. */
int batch_socket(const char *address, uint16_t *port);

/* Borrows the socket and the pool. */
void batch_init(struct batch *batch, int fd, struct packet_pool *pool);
/* Gives the packets back. */
void batch_fini(struct batch *batch);
/* What waits, at most BATCH_IN: how many. 0: nothing waits, or no packet is free. */
size_t batch_receive(struct batch *batch);
/* Number `at` of the last batch_receive; false: it was cut or of an unknown family. The packet
 * stays the batch's. */
bool batch_datagram(struct batch *batch, size_t at, struct packet **packet, struct tuple *from);
/* The packet of that number becomes the caller's, with its reference. */
struct packet *batch_take(struct batch *batch, size_t at);

/* Room for one datagram of up to BATCH_BYTES_MAX; sends what waits when there is none. */
uint8_t *batch_room(struct batch *batch);
/* What stands in the room goes out with the next flush. */
void batch_add(struct batch *batch, const struct tuple *to, size_t len);
void batch_flush(struct batch *batch);
