/* reception -- how one stream comes in, for the receiver report to its sender (RFC 3550, 6.4, A.3
 * and A.8). Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A report block without its SSRC, ready to be written. */
struct reception_block {
    uint8_t fraction_lost;
    uint32_t lost; /* 24 bits */
    uint32_t highest, jitter, last_sr, since_last_sr;
};

/* Zeroed: nothing has come. */
struct reception {
    uint64_t first, highest; /* indexes */
    uint64_t received, expected_before, received_before;
    uint32_t transit, jitter_16; /* in the stream's clock; the jitter sixteenfold */
    bool has_any;
    uint32_t last_sr;
    uint64_t last_sr_us; /* 0: none has come */
};

void reception_packet(struct reception *reception, uint64_t index, uint32_t timestamp,
                      uint32_t clock_rate, uint64_t now_us);
/* The middle of the NTP time of a sender report. */
void reception_sender_report(struct reception *reception, uint32_t ntp_middle, uint64_t now_us);
/* What is to be told now; the fraction counts from the last block on. False: nothing has come. */
bool reception_block(struct reception *reception, uint64_t now_us, struct reception_block *out);
