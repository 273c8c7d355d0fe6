/* rtcp_fuzz -- any bytes as a compound RTCP packet: each part lies inside, and the walk ends. */
#include "relay/rtcp.h"

#include "base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_of(data, size), elements;
    struct rtcp rtcp;
    uint8_t out[RTCP_WRITTEN_BYTES_MAX];
    uint32_t ssrc;
    uint16_t seq, following;
    while (rtcp_next(&rest, &rtcp)) {
        CHECK(rtcp.body.at >= data && rtcp.body.at + rtcp.body.len <= data + size);
        CHECK(rest.at == rtcp.body.at + rtcp.body.len);
        if (rtcp_subject(&rtcp, &ssrc, &elements)) {
            struct slice again = elements;
            while (rtcp_nack_next(&elements, &seq, &following)) {
                CHECK(elements.at <= data + size);
            }
            while (rtcp_fir_next(&again, &ssrc)) {
                CHECK(again.at <= data + size);
            }
        }
        CHECK(rtcp_sender_report(out, &rtcp, 1) <= sizeof out);
        (void)rtcp_ntp_middle(&rtcp, &ssrc);
    }
    return 0;
}
