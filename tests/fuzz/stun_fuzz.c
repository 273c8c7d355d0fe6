/* stun_fuzz -- any datagram as a binding request: what is read of it lies inside of it, and an
 * answer is itself no request. */
#include "relay/stun.h"

#include "base/check.h"

static bool is_inside(struct slice part, struct slice whole)
{
    return part.at >= whole.at && part.at + part.len <= whole.at + whole.len;
}

static void take(struct slice datagram)
{
    static const char password[] = "0123456789abcdefghijklmn";
    uint8_t out[STUN_ANSWER_BYTES_MAX];
    struct stun_address from = {.is_ipv6 = datagram.len % 8 == 0, .port = 5};
    struct stun_request request, none;
    if (!stun_parse(datagram, &request)) {
        return;
    }
    CHECK(stun_is_stun(datagram));
    CHECK(is_inside(request.local, datagram) && is_inside(request.remote, datagram));
    CHECK(is_inside(request.signed_part, datagram));
    CHECK(is_inside(slice_of(request.integrity, 20), datagram));
    CHECK(request.local.len > 0 && request.remote.len > 0);
    (void)stun_is_authentic(&request, slice_of_text(password));
    size_t len = stun_success(&request, &from, slice_of_text(password), out);
    CHECK(len <= sizeof out && !stun_parse(slice_of(out, len), &none));
    len = stun_error(&request, STUN_UNKNOWN_ATTRIBUTE, slice_of_text(password), out);
    CHECK(len <= sizeof out && !stun_parse(slice_of(out, len), &none));
}

static uint32_t crc32_of(const uint8_t *at, size_t len)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < 8 * len; i++) {
        uint32_t bit = (crc ^ (uint32_t)at[i / 8] >> i % 8) & 1;
        crc = crc >> 1 ^ (bit != 0 ? 0xedb88320U : 0);
    }
    return ~crc;
}

/* The attributes in the middle are the fuzzer's. */
static void take_put_right(const uint8_t *data, size_t size)
{
    uint8_t bytes[512] = {0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xa4, 0x42};
    size_t middle = size / 4 * 4, len = 20 + middle;
    memcpy(bytes + 20, data, middle);
    bytes[2] = (uint8_t)((middle + 8) >> 8);
    bytes[3] = (uint8_t)(middle + 8);
    uint32_t value = crc32_of(bytes, len) ^ 0x5354554eU;
    const uint8_t fingerprint[] = {0x80,
                                   0x28,
                                   0,
                                   4,
                                   (uint8_t)(value >> 24),
                                   (uint8_t)(value >> 16),
                                   (uint8_t)(value >> 8),
                                   (uint8_t)value};
    memcpy(bytes + len, fingerprint, sizeof fingerprint);
    take(slice_of(bytes, len + sizeof fingerprint));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    take(slice_of(data, size));
    if (size <= 480) {
        take_put_right(data, size);
    }
    return 0;
}
