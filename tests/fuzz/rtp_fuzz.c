/* rtp_fuzz -- any bytes as an RTP packet, plain or RTX: what goes out reads back as what was meant.
 */
#include "relay/rtp.h"

#include "base/check.h"

#include <string.h>

enum { BYTES_MAX = 1500, OUT_SSRC = 77, TYPE = 96 };

static void rewritten(const uint8_t *data, size_t size, const struct rtp *in)
{
    uint8_t copy[BYTES_MAX];
    struct rtp out;
    memcpy(copy, data, size);
    size_t start = rtp_rewrite(copy, in, OUT_SSRC);
    CHECK(rtp_read(slice_of(copy + start, size - start), &out));
    CHECK(out.seq == in->seq && out.timestamp == in->timestamp && out.ssrc == OUT_SSRC);
    CHECK(out.has_marker == in->has_marker && out.payload_type == in->payload_type);
    CHECK(out.payload_at == RTP_HEADER_BYTES && out.extension.len == 0);
    size_t len = size - in->payload_at;
    CHECK(size - start - RTP_HEADER_BYTES == len);
    CHECK(memcmp(copy + start + RTP_HEADER_BYTES, data + in->payload_at, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t copy[BYTES_MAX];
    uint16_t wide;
    size_t start;
    struct rtp in, inner;
    if (size > BYTES_MAX || !rtp_read(slice_of(data, size), &in)) {
        return 0;
    }
    CHECK(in.payload_at <= size);
    for (uint8_t id = 1; id < 15; id++) {
        (void)rtp_extension_u16(&in, id, &wide);
    }
    rewritten(data, size, &in);
    memcpy(copy, data, size);
    if (rtp_unwrap(copy, size, &in, OUT_SSRC, TYPE, &start)) {
        CHECK(rtp_read(slice_of(copy + start, size - start), &inner));
        CHECK(inner.ssrc == OUT_SSRC && inner.payload_type == TYPE);
        CHECK(inner.seq == (data[in.payload_at] << 8 | data[in.payload_at + 1]));
    }
    return 0;
}
