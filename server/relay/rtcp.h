/* rtcp -- the packets of a compound RTCP packet (RFC 3550, RFC 4585, RFC 5104), read and written.
 * Pure. */
#pragma once

#include "base/slice.h"
#include "relay/reception.h"

enum {
    RTCP_SENDER_REPORT = 200,
    RTCP_RECEIVER_REPORT = 201,
    RTCP_SOURCES = 202,
    RTCP_BYE = 203,
    RTCP_RTPFB = 205,
    RTCP_PSFB = 206,
    RTCP_EXTENDED_REPORT = 207,
    RTCP_RTPFB_NACK = 1,
    RTCP_RTPFB_WIDE = 15,
    RTCP_PSFB_PLI = 1,
    RTCP_PSFB_FIR = 4,
    RTCP_PSFB_REMB = 15,
    RTCP_NACKS_MAX = 64,
    RTCP_WRITTEN_BYTES_MAX = 12 + 4 * RTCP_NACKS_MAX,
};

/* One packet; slices point into the datagram. */
struct rtcp {
    uint8_t count; /* or format */
    uint8_t type;
    uint32_t ssrc;     /* of who sends it */
    struct slice body; /* behind that */
};

/* The next packet of *rest. False: the end, or what is no packet. */
bool rtcp_next(struct slice *rest, struct rtcp *out);
/* Of feedback: the SSRC that it is about, and what stands behind. False: it is too short. */
bool rtcp_subject(const struct rtcp *rtcp, uint32_t *ssrc, struct slice *rest);
/* One element of a NACK: a number, and sixteen bits for those that follow it. */
bool rtcp_nack_next(struct slice *rest, uint16_t *seq, uint16_t *following);
/* The SSRC of one element of a FIR. */
bool rtcp_fir_next(struct slice *rest, uint32_t *ssrc);

/* Each writes one whole packet and returns its length. */
size_t rtcp_pli(uint8_t *out, uint32_t from, uint32_t of);
size_t rtcp_nack(uint8_t *out, uint32_t from, uint32_t of, const uint16_t *seqs, size_t n);
size_t rtcp_receiver_report(uint8_t *out, uint32_t from, uint32_t of,
                            const struct reception_block *block);
/* What a sender said of its clocks and counts, under another SSRC, without its report blocks. 0:
 * the report is too short. */
size_t rtcp_sender_report(uint8_t *out, const struct rtcp *report, uint32_t ssrc);
/* The middle of a sender report's NTP time. False: too short. */
bool rtcp_ntp_middle(const struct rtcp *report, uint32_t *out);
