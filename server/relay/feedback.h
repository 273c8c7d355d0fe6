/* feedback -- when the packets of one sender have arrived, as its congestion control wants to be
 * told: the transport-wide feedback of draft-holmer-rmcat-transport-wide-cc-extensions-01. Pure. A
 * packet is told of once: one that comes after its number has been reported stays "not received".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FEEDBACK_PACKETS_MAX = 400,
    FEEDBACK_BYTES_MAX = 1200,
    FEEDBACK_PAUSE_US = 60000,
};

/* Zeroed: nothing has come. */
struct feedback {
    bool has_any;
    uint64_t base;                             /* the first number that is not yet reported */
    size_t span;                               /* how many from there on, with those that lack */
    uint64_t arrived_us[FEEDBACK_PACKETS_MAX]; /* 0: not */
    uint64_t told_us;
    uint8_t number; /* of the next report */
};

void feedback_packet(struct feedback *feedback, uint16_t number, uint64_t now_us);
/* Is it time, and is there anything to tell? */
bool feedback_is_due(const struct feedback *feedback, uint64_t now_us);
/* A whole RTCP packet; its length. 0: nothing to tell. */
size_t feedback_write(struct feedback *feedback, uint32_t from, uint32_t of, uint64_t now_us,
                      uint8_t out[FEEDBACK_BYTES_MAX]);
