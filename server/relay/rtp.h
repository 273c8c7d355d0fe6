/* rtp -- the header of an RTP packet (RFC 3550), and what the relay makes of it on the way through.
 * Pure. The payload is sealed end to end and means nothing here. */
#pragma once

#include "base/slice.h"

enum { RTP_HEADER_BYTES = 12 };

struct rtp {
    bool has_marker;
    uint8_t payload_type;
    uint16_t seq;
    uint32_t timestamp, ssrc;
    struct slice extension; /* its elements (RFC 8285), one-byte form; empty: none */
    size_t payload_at;      /* behind header, CSRCs and extension */
};

/* False: not a packet of version 2, or shorter than its header says. */
bool rtp_read(struct slice packet, struct rtp *out);
/* The two bytes of the element of this id. False: it is not there. */
bool rtp_extension_u16(const struct rtp *rtp, uint8_t id, uint16_t *out);
/* Writes the header that goes out right before the payload: without extension and CSRCs, under
 * another SSRC, the rest as it was, the padding's bit too. Returns where the packet then starts. */
size_t rtp_rewrite(uint8_t *packet, const struct rtp *rtp, uint32_t out_ssrc);
/* RFC 4588: the packet that an RTX packet carries, in its place, under the stream's own SSRC and
 * payload type. *seq is the number that it had. False: it carries none. Returns through *start
 * where the packet then begins. */
bool rtp_unwrap(uint8_t *packet, size_t len, const struct rtp *rtx, uint32_t ssrc,
                uint8_t payload_type, size_t *start);
