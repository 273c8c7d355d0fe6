/* feedback -- see feedback.h. */
#include "relay/feedback.h"

#include <string.h>

enum {
    HEADER_BYTES = 20,
    RTPFB = 205,
    FORMAT_WIDE = 15,
    SYMBOLS_PER_CHUNK = 7, /* of two bits, in a status vector */
    VECTOR_OF_TWO_BITS = 0xc000,
    TICK_US = 250,
    REFERENCE_TICKS = 256, /* 64 ms */
};

enum symbol { SYMBOL_NONE, SYMBOL_SMALL, SYMBOL_LARGE };

static void put16(uint8_t *at, uint64_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint64_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value);
}

void feedback_packet(struct feedback *feedback, uint16_t number, uint64_t now_us)
{
    if (!feedback->has_any) {
        feedback->has_any = true;
        feedback->base = (uint64_t)1 << 16 | number;
    }
    int16_t ahead = (int16_t)(uint16_t)(number - (uint16_t)feedback->base);
    if (ahead < 0) {
        return;
    }
    size_t at = (size_t)ahead;
    if (at >= FEEDBACK_PACKETS_MAX) {
        /* A leap: what lies before it is given up. */
        feedback->base += at;
        feedback->span = 0;
        at = 0;
        memset(feedback->arrived_us, 0, sizeof feedback->arrived_us);
    }
    if (feedback->arrived_us[at] == 0) {
        feedback->arrived_us[at] = now_us;
    }
    feedback->span = at + 1 > feedback->span ? at + 1 : feedback->span;
}

bool feedback_is_due(const struct feedback *feedback, uint64_t now_us)
{
    return feedback->span > 0 && (feedback->span > FEEDBACK_PACKETS_MAX / 2 ||
                                  now_us - feedback->told_us >= FEEDBACK_PAUSE_US);
}

/* Times of arrival as they are told: in ticks from the last one told. */
struct walk {
    uint64_t last_ticks;
    uint8_t deltas[2 * FEEDBACK_PACKETS_MAX];
    size_t delta_len;
};

static enum symbol arrival_add(struct walk *walk, uint64_t arrived_us)
{
    if (arrived_us == 0) {
        return SYMBOL_NONE;
    }
    uint64_t ticks = arrived_us / TICK_US;
    int64_t delta = (int64_t)(ticks - walk->last_ticks);
    /* More than eight seconds between two cannot be told, and does not matter. */
    delta = delta > INT16_MAX ? INT16_MAX : delta < INT16_MIN ? INT16_MIN : delta;
    walk->last_ticks = (uint64_t)((int64_t)walk->last_ticks + delta);
    if (delta >= 0 && delta <= UINT8_MAX) {
        walk->deltas[walk->delta_len++] = (uint8_t)delta;
        return SYMBOL_SMALL;
    }
    put16(walk->deltas + walk->delta_len, (uint16_t)(int16_t)delta);
    walk->delta_len += 2;
    return SYMBOL_LARGE;
}

static uint64_t first_arrival(const struct feedback *feedback)
{
    for (size_t i = 0; i < feedback->span; i++) {
        if (feedback->arrived_us[i] != 0) {
            return feedback->arrived_us[i];
        }
    }
    return 0;
}

static size_t chunks_write(const struct feedback *feedback, struct walk *walk, uint8_t *out)
{
    size_t len = 0;
    for (size_t first = 0; first < feedback->span; first += SYMBOLS_PER_CHUNK) {
        unsigned chunk = VECTOR_OF_TWO_BITS;
        for (size_t i = 0; i < SYMBOLS_PER_CHUNK && first + i < feedback->span; i++) {
            unsigned symbol = arrival_add(walk, feedback->arrived_us[first + i]);
            chunk |= symbol << (2 * (SYMBOLS_PER_CHUNK - 1 - i));
        }
        put16(out + len, chunk);
        len += 2;
    }
    return len;
}

size_t feedback_write(struct feedback *feedback, uint32_t from, uint32_t of, uint64_t now_us,
                      uint8_t out[FEEDBACK_BYTES_MAX])
{
    if (feedback->span == 0) {
        return 0;
    }
    uint64_t reference = first_arrival(feedback) / TICK_US / REFERENCE_TICKS;
    struct walk walk = {.last_ticks = reference * REFERENCE_TICKS};
    memset(out, 0, HEADER_BYTES);
    size_t len = HEADER_BYTES + chunks_write(feedback, &walk, out + HEADER_BYTES);
    memcpy(out + len, walk.deltas, walk.delta_len);
    len += walk.delta_len;
    while (len % 4 != 0) {
        out[len++] = 0;
    }
    out[0] = 0x80 | FORMAT_WIDE;
    out[1] = RTPFB;
    put16(out + 2, len / 4 - 1);
    put32(out + 4, from);
    put32(out + 8, of);
    put16(out + 12, feedback->base);
    put16(out + 14, feedback->span);
    put32(out + 16, (reference & 0xffffff) << 8 | feedback->number++);
    feedback->base += feedback->span;
    feedback->span = 0;
    feedback->told_us = now_us;
    memset(feedback->arrived_us, 0, sizeof feedback->arrived_us);
    return len;
}
