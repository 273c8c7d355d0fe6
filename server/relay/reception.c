/* reception -- see reception.h. */
#include "relay/reception.h"

enum { US_PER_SECOND = 1000000, LOST_MAX = 0x7fffff };

static void jitter_add(struct reception *reception, uint32_t timestamp, uint32_t clock_rate,
                       uint64_t now_us)
{
    uint32_t arrival = (uint32_t)(now_us * clock_rate / US_PER_SECOND);
    uint32_t transit = arrival - timestamp;
    if (reception->has_any) {
        int32_t moved = (int32_t)(transit - reception->transit);
        uint32_t by = moved < 0 ? 0U - (uint32_t)moved : (uint32_t)moved;
        reception->jitter_16 += by - ((reception->jitter_16 + 8) >> 4);
    }
    reception->transit = transit;
}

void reception_packet(struct reception *reception, uint64_t index, uint32_t timestamp,
                      uint32_t clock_rate, uint64_t now_us)
{
    jitter_add(reception, timestamp, clock_rate, now_us);
    if (!reception->has_any) {
        reception->has_any = true;
        reception->first = index;
        reception->highest = index;
    }
    reception->highest = index > reception->highest ? index : reception->highest;
    reception->received++;
}

void reception_sender_report(struct reception *reception, uint32_t ntp_middle, uint64_t now_us)
{
    reception->last_sr = ntp_middle;
    reception->last_sr_us = now_us;
}

static uint8_t fraction(uint64_t expected, uint64_t received)
{
    if (expected == 0 || received >= expected) {
        return 0;
    }
    uint64_t lost = (expected - received) * 256 / expected;
    return (uint8_t)(lost > 255 ? 255 : lost);
}

bool reception_block(struct reception *reception, uint64_t now_us, struct reception_block *out)
{
    if (!reception->has_any) {
        return false;
    }
    uint64_t expected = reception->highest - reception->first + 1;
    uint64_t lost = expected > reception->received ? expected - reception->received : 0;
    *out = (struct reception_block){
        .fraction_lost = fraction(expected - reception->expected_before,
                                  reception->received - reception->received_before),
        .lost = (uint32_t)(lost > LOST_MAX ? LOST_MAX : lost),
        .highest = (uint32_t)reception->highest,
        .jitter = reception->jitter_16 >> 4,
    };
    if (reception->last_sr_us != 0) {
        out->last_sr = reception->last_sr;
        out->since_last_sr = (uint32_t)((now_us - reception->last_sr_us) * 65536 / US_PER_SECOND);
    }
    reception->expected_before = expected;
    reception->received_before = reception->received;
    return true;
}
