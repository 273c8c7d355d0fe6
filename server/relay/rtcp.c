/* rtcp -- see rtcp.h. */
#include "relay/rtcp.h"

#include "base/check.h"

enum {
    HEADER_BYTES = 8, /* with the SSRC of who sends it */
    WORD_BYTES = 4,
    SENDER_INFO_BYTES = 20,
    FIR_ELEMENT_BYTES = 8,
    VERSION_BITS = 0x80,
};

static uint16_t get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)get16(at) << 16 | get16(at + 2);
}

static void put16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

static struct slice behind(struct slice bytes, size_t n)
{
    return slice_of(bytes.at + n, bytes.len - n);
}

/* -- Reading -- */

bool rtcp_next(struct slice *rest, struct rtcp *out)
{
    if (rest->len < HEADER_BYTES || rest->at[0] >> 6 != 2) {
        return false;
    }
    size_t len = WORD_BYTES * ((size_t)get16(rest->at + 2) + 1);
    if (len < HEADER_BYTES || len > rest->len) {
        return false;
    }
    *out = (struct rtcp){.count = rest->at[0] & 0x1f,
                         .type = rest->at[1],
                         .ssrc = get32(rest->at + 4),
                         .body = slice_of(rest->at + HEADER_BYTES, len - HEADER_BYTES)};
    *rest = behind(*rest, len);
    return true;
}

bool rtcp_subject(const struct rtcp *rtcp, uint32_t *ssrc, struct slice *rest)
{
    if (rtcp->body.len < WORD_BYTES) {
        return false;
    }
    *ssrc = get32(rtcp->body.at);
    *rest = behind(rtcp->body, WORD_BYTES);
    return true;
}

bool rtcp_nack_next(struct slice *rest, uint16_t *seq, uint16_t *following)
{
    if (rest->len < WORD_BYTES) {
        return false;
    }
    *seq = get16(rest->at);
    *following = get16(rest->at + 2);
    *rest = behind(*rest, WORD_BYTES);
    return true;
}

bool rtcp_fir_next(struct slice *rest, uint32_t *ssrc)
{
    if (rest->len < FIR_ELEMENT_BYTES) {
        return false;
    }
    *ssrc = get32(rest->at);
    *rest = behind(*rest, FIR_ELEMENT_BYTES);
    return true;
}

bool rtcp_ntp_middle(const struct rtcp *report, uint32_t *out)
{
    if (report->body.len < SENDER_INFO_BYTES) {
        return false;
    }
    *out = get32(report->body.at + 2);
    return true;
}

/* -- Writing -- */

static void head_write(uint8_t *out, unsigned count, unsigned type, size_t len, uint32_t ssrc)
{
    out[0] = (uint8_t)(VERSION_BITS | count);
    out[1] = (uint8_t)type;
    put16(out + 2, len / WORD_BYTES - 1);
    put32(out + 4, ssrc);
}

size_t rtcp_pli(uint8_t *out, uint32_t from, uint32_t of)
{
    size_t len = HEADER_BYTES + WORD_BYTES;
    head_write(out, RTCP_PSFB_PLI, RTCP_PSFB, len, from);
    put32(out + HEADER_BYTES, of);
    return len;
}

size_t rtcp_nack(uint8_t *out, uint32_t from, uint32_t of, const uint16_t *seqs, size_t n)
{
    CHECK(n > 0 && n <= RTCP_NACKS_MAX);
    size_t len = HEADER_BYTES + WORD_BYTES;
    uint8_t *element = NULL;
    uint16_t first = 0;
    for (size_t i = 0; i < n; i++) {
        uint16_t ahead = (uint16_t)(seqs[i] - first);
        if (element != NULL && ahead >= 1 && ahead <= 16) {
            put16(element + 2, get16(element + 2) | (size_t)1 << (ahead - 1));
            continue;
        }
        element = out + len;
        first = seqs[i];
        put32(element, (uint32_t)first << 16);
        len += WORD_BYTES;
    }
    head_write(out, RTCP_RTPFB_NACK, RTCP_RTPFB, len, from);
    put32(out + HEADER_BYTES, of);
    return len;
}

size_t rtcp_receiver_report(uint8_t *out, uint32_t from, uint32_t of,
                            const struct reception_block *block)
{
    uint8_t *at = out + HEADER_BYTES;
    size_t len = HEADER_BYTES + 6 * WORD_BYTES;
    head_write(out, 1, RTCP_RECEIVER_REPORT, len, from);
    put32(at, of);
    put32(at + 4, (uint32_t)block->fraction_lost << 24 | block->lost);
    put32(at + 8, block->highest);
    put32(at + 12, block->jitter);
    put32(at + 16, block->last_sr);
    put32(at + 20, block->since_last_sr);
    return len;
}

size_t rtcp_sender_report(uint8_t *out, const struct rtcp *report, uint32_t ssrc)
{
    size_t len = HEADER_BYTES + SENDER_INFO_BYTES;
    if (report->body.len < SENDER_INFO_BYTES) {
        return 0;
    }
    head_write(out, 0, RTCP_SENDER_REPORT, len, ssrc);
    memcpy(out + HEADER_BYTES, report->body.at, SENDER_INFO_BYTES);
    return len;
}
