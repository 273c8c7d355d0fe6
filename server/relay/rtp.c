/* rtp -- see rtp.h. */
#include "relay/rtp.h"

enum {
    VERSION_BITS = 0x80,
    PADDING_BIT = 0x20,
    EXTENSION_BIT = 0x10,
    CSRC_COUNT_BITS = 0x0f,
    EXTENSION_HEADER_BYTES = 4,
    ONE_BYTE_PROFILE = 0xbede,
    RTX_HEADER_BYTES = 2, /* the original number */
};

static uint16_t get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)get16(at) << 16 | get16(at + 2);
}

static void put16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, (uint16_t)(value >> 16));
    put16(at + 2, (uint16_t)value);
}

static bool extension_read(struct slice packet, struct rtp *out)
{
    size_t at = out->payload_at;
    if (packet.len < at + EXTENSION_HEADER_BYTES) {
        return false;
    }
    size_t bytes = (size_t)get16(packet.at + at + 2) * 4;
    out->payload_at = at + EXTENSION_HEADER_BYTES + bytes;
    if (packet.len < out->payload_at) {
        return false;
    }
    if (get16(packet.at + at) == ONE_BYTE_PROFILE) {
        out->extension = slice_of(packet.at + at + EXTENSION_HEADER_BYTES, bytes);
    }
    return true;
}

bool rtp_read(struct slice packet, struct rtp *out)
{
    *out = (struct rtp){.payload_at = RTP_HEADER_BYTES};
    if (packet.len < RTP_HEADER_BYTES || packet.at[0] >> 6 != 2) {
        return false;
    }
    out->has_marker = packet.at[1] >> 7 != 0;
    out->payload_type = packet.at[1] & 0x7f;
    out->seq = get16(packet.at + 2);
    out->timestamp = get32(packet.at + 4);
    out->ssrc = get32(packet.at + 8);
    out->payload_at += 4 * (size_t)(packet.at[0] & CSRC_COUNT_BITS);
    if (packet.len < out->payload_at) {
        return false;
    }
    return (packet.at[0] & EXTENSION_BIT) == 0 || extension_read(packet, out);
}

/* RFC 8285, 4.2: a byte of id and length, then the bytes; 0 is padding and 15 the end. */
bool rtp_extension_u16(const struct rtp *rtp, uint8_t id, uint16_t *out)
{
    struct slice left = rtp->extension;
    while (left.len > 0) {
        uint8_t found = left.at[0] >> 4;
        size_t bytes = found == 0 ? 1 : 2 + (size_t)(left.at[0] & 0x0f);
        if (found == 15 || bytes > left.len) {
            return false;
        }
        if (found == id && bytes == 3) {
            *out = get16(left.at + 1);
            return true;
        }
        left = slice_of(left.at + bytes, left.len - bytes);
    }
    return false;
}

size_t rtp_rewrite(uint8_t *packet, const struct rtp *rtp, uint32_t out_ssrc)
{
    size_t start = rtp->payload_at - RTP_HEADER_BYTES;
    uint8_t first = (uint8_t)(VERSION_BITS | (packet[0] & PADDING_BIT));
    uint8_t *at = packet + start;
    at[0] = first;
    at[1] = (uint8_t)((rtp->has_marker ? 0x80 : 0) | rtp->payload_type);
    put16(at + 2, rtp->seq);
    put32(at + 4, rtp->timestamp);
    put32(at + 8, out_ssrc);
    return start;
}

bool rtp_unwrap(uint8_t *packet, size_t len, const struct rtp *rtx, uint32_t ssrc,
                uint8_t payload_type, size_t *start)
{
    if (len < rtx->payload_at + RTX_HEADER_BYTES) {
        return false;
    }
    struct rtp inner = *rtx;
    inner.seq = get16(packet + rtx->payload_at);
    inner.payload_type = payload_type;
    inner.payload_at += RTX_HEADER_BYTES;
    *start = rtp_rewrite(packet, &inner, ssrc);
    return true;
}
