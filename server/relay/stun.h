/* stun -- binding requests of RFC 8489 as ICE (RFC 8445) uses them, and their answers.
 * Pure: bytes in, bytes out. Knows no sockets and no legs. Who calls it must answer nothing to a
 * request that is not authentic: an answer to anybody would make the relay a mirror for those who
 * forge addresses. */
#pragma once

#include "base/slice.h"

enum {
    STUN_TRANSACTION_BYTES = 12,
    STUN_REQUEST_BYTES_MAX = 640, /* a check of a browser has about a hundred */
    STUN_ANSWER_BYTES_MAX = 128,
    STUN_USERNAME_BYTES_MAX = 513, /* RFC 8489, 14.3 */
    STUN_UNKNOWN_MAX = 8,          /* more are named by nobody who is honest */
};

/* RFC 8489, 14.8, and RFC 8445, 7.3.1.1. */
enum stun_error { STUN_UNKNOWN_ATTRIBUTE = 420, STUN_ROLE_CONFLICT = 487 };

/* Slices point into the datagram. */
struct stun_request {
    uint8_t transaction[STUN_TRANSACTION_BYTES];
    struct slice local;  /* USERNAME up to the colon: the ufrag of who receives it */
    struct slice remote; /* USERNAME behind the colon: the ufrag of who sends it */
    uint32_t priority;
    bool has_use_candidate;
    bool is_controlled; /* the sender believes that the relay controls, which it never does */
    uint16_t unknown[STUN_UNKNOWN_MAX]; /* attributes that must be understood and are not */
    size_t unknown_count;
    struct slice signed_part; /* what MESSAGE-INTEGRITY covers, with the length as it was sent */
    const uint8_t *integrity; /* 20 bytes */
};

/* An address of a peer; IPv4 in its first four bytes. */
struct stun_address {
    bool is_ipv6;
    uint16_t port;
    uint8_t ip[16];
};

/* RFC 7983: is it STUN by its first byte and cookie? Says nothing of the rest. */
bool stun_is_stun(struct slice datagram);
/* A whole binding request with USERNAME of two ufrags, PRIORITY, MESSAGE-INTEGRITY and a right
 * FINGERPRINT, as RFC 8445 demands of a check. False for all else; *out is then undefined. */
bool stun_parse(struct slice datagram, struct stun_request *out);
/* By the receiver's password, in constant time. */
bool stun_is_authentic(const struct stun_request *request, struct slice password);

/* Both write a whole answer with integrity and fingerprint, and return its length. */
size_t stun_success(const struct stun_request *request, const struct stun_address *mapped,
                    struct slice password, uint8_t out[STUN_ANSWER_BYTES_MAX]);
size_t stun_error(const struct stun_request *request, enum stun_error error, struct slice password,
                  uint8_t out[STUN_ANSWER_BYTES_MAX]);
