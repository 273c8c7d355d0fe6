/* tuple -- where a datagram comes from: the half of its 5-tuple that differs from peer to peer.
 * The relay's own half is one address and port for all. Has no gaps, so that it can be a table's
 * key. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct tuple {
    uint8_t ip[16]; /* IPv4 in the first four, zero behind */
    uint16_t port;  /* in the machine's order */
    uint16_t family;
};

/* False: of a family that no socket of the relay has. */
bool tuple_of(const struct sockaddr_storage *address, struct tuple *out);
/* The length of what was written. */
socklen_t tuple_address(const struct tuple *tuple, struct sockaddr_storage *out);
bool tuple_equal(const struct tuple *a, const struct tuple *b);
