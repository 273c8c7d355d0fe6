/* stun -- see stun.h. */
#include "relay/stun.h"

#include "base/check.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum {
    HEADER_BYTES = 20,
    ATTRIBUTE_BYTES = 4, /* type and length */
    INTEGRITY_BYTES = 20,
    FINGERPRINT_BYTES = 4,
    BINDING_REQUEST = 0x0001,
    BINDING_SUCCESS = 0x0101,
    BINDING_ERROR = 0x0111,
    COMPREHENSION_OPTIONAL = 0x8000,
};

/* RFC 8489, 18.3, and RFC 8445, 16.1. */
enum attribute {
    ATTRIBUTE_USERNAME = 0x0006,
    ATTRIBUTE_INTEGRITY = 0x0008,
    ATTRIBUTE_ERROR_CODE = 0x0009,
    ATTRIBUTE_UNKNOWN = 0x000a,
    ATTRIBUTE_XOR_MAPPED = 0x0020,
    ATTRIBUTE_PRIORITY = 0x0024,
    ATTRIBUTE_USE_CANDIDATE = 0x0025,
    ATTRIBUTE_FINGERPRINT = 0x8028,
    ATTRIBUTE_CONTROLLED = 0x8029,
};

#define FINGERPRINT_MASK 0x5354554eU

#define COOKIE 0x2112a442U

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

/* CRC-32 of ISO 3309, four bits at a time: anybody can make the relay do this. */
static uint32_t crc32_of(const uint8_t *at, size_t len)
{
    static const uint32_t table[] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < len; i++) {
        crc ^= at[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

/* MESSAGE-INTEGRITY is made as if the message ended with it, whatever stands behind it. */
static void integrity_of(struct slice message, struct slice password, uint8_t out[INTEGRITY_BYTES])
{
    uint8_t copy[STUN_REQUEST_BYTES_MAX];
    unsigned len = INTEGRITY_BYTES;
    CHECK(message.len <= sizeof copy);
    memcpy(copy, message.at, message.len);
    put16(copy + 2, message.len - HEADER_BYTES + ATTRIBUTE_BYTES + INTEGRITY_BYTES);
    CHECK(HMAC(EVP_sha1(), password.at, (int)password.len, copy, message.len, out, &len) != NULL);
}

/* -- Requests -- */

bool stun_is_stun(struct slice datagram)
{
    return datagram.len >= HEADER_BYTES && datagram.at[0] < 4 && get32(datagram.at + 4) == COOKIE;
}

static bool username_read(struct slice value, struct stun_request *out)
{
    const uint8_t *colon = value.len > 0 ? memchr(value.at, ':', value.len) : NULL;
    if (colon == NULL || value.len > STUN_USERNAME_BYTES_MAX) {
        return false;
    }
    size_t local = (size_t)(colon - value.at);
    out->local = slice_of(value.at, local);
    out->remote = slice_of(colon + 1, value.len - local - 1);
    return out->local.len > 0 && out->remote.len > 0;
}

static void unknown_note(uint16_t type, struct stun_request *out)
{
    if (type < COMPREHENSION_OPTIONAL && out->unknown_count < STUN_UNKNOWN_MAX) {
        out->unknown[out->unknown_count++] = type;
    }
}

/* What has been seen of a request while its attributes are walked. */
struct walk {
    struct slice datagram;
    bool has_username, has_priority, has_fingerprint;
};

static bool fingerprint_is_right(const struct walk *walk, size_t at, struct slice value)
{
    return value.len == FINGERPRINT_BYTES &&
           at + ATTRIBUTE_BYTES + FINGERPRINT_BYTES == walk->datagram.len &&
           get32(value.at) == (crc32_of(walk->datagram.at, at) ^ FINGERPRINT_MASK);
}

/* Behind MESSAGE-INTEGRITY nothing counts but FINGERPRINT (RFC 8489, 14.5). False: malformed. */
static bool attribute_read(struct walk *walk, uint16_t type, size_t at, struct slice value,
                           struct stun_request *out)
{
    if (type == ATTRIBUTE_FINGERPRINT) {
        walk->has_fingerprint = fingerprint_is_right(walk, at, value);
        return walk->has_fingerprint;
    }
    if (out->integrity != NULL) {
        return true;
    }
    switch (type) {
    case ATTRIBUTE_USERNAME:
        walk->has_username = !walk->has_username && username_read(value, out);
        return walk->has_username;
    case ATTRIBUTE_INTEGRITY:
        out->integrity = value.at;
        out->signed_part = slice_of(walk->datagram.at, at);
        return value.len == INTEGRITY_BYTES;
    case ATTRIBUTE_PRIORITY:
        walk->has_priority = value.len == 4;
        out->priority = walk->has_priority ? get32(value.at) : 0;
        return walk->has_priority;
    case ATTRIBUTE_USE_CANDIDATE:
        out->has_use_candidate = true;
        return value.len == 0;
    case ATTRIBUTE_CONTROLLED:
        out->is_controlled = true;
        return value.len == 8;
    default:
        unknown_note(type, out);
        return true;
    }
}

bool stun_parse(struct slice datagram, struct stun_request *out)
{
    struct walk walk = {.datagram = datagram};
    *out = (struct stun_request){0};
    if (!stun_is_stun(datagram) || datagram.len > STUN_REQUEST_BYTES_MAX ||
        get16(datagram.at) != BINDING_REQUEST ||
        get16(datagram.at + 2) != datagram.len - HEADER_BYTES || datagram.len % 4 != 0) {
        return false;
    }
    memcpy(out->transaction, datagram.at + 8, STUN_TRANSACTION_BYTES);
    size_t at = HEADER_BYTES;
    while (at + ATTRIBUTE_BYTES <= datagram.len) {
        uint16_t type = get16(datagram.at + at);
        size_t len = get16(datagram.at + at + 2);
        if (len > datagram.len - at - ATTRIBUTE_BYTES) {
            return false;
        }
        struct slice value = slice_of(datagram.at + at + ATTRIBUTE_BYTES, len);
        if (!attribute_read(&walk, type, at, value, out)) {
            return false;
        }
        at += ATTRIBUTE_BYTES + (len + 3) / 4 * 4;
    }
    return walk.has_username && walk.has_priority && walk.has_fingerprint && out->integrity != NULL;
}

bool stun_is_authentic(const struct stun_request *request, struct slice password)
{
    uint8_t expected[INTEGRITY_BYTES];
    integrity_of(request->signed_part, password, expected);
    return CRYPTO_memcmp(expected, request->integrity, INTEGRITY_BYTES) == 0;
}

/* -- Answers -- */

static size_t answer_begin(const struct stun_request *request, uint16_t type,
                           uint8_t out[STUN_ANSWER_BYTES_MAX])
{
    memset(out, 0, STUN_ANSWER_BYTES_MAX);
    put16(out, type);
    put32(out + 4, COOKIE);
    memcpy(out + 8, request->transaction, STUN_TRANSACTION_BYTES);
    return HEADER_BYTES;
}

/* Room for the value, zeroed. */
static uint8_t *attribute_add(uint8_t *out, size_t *len, uint16_t type, size_t value_len)
{
    uint8_t *at = out + *len;
    *len += ATTRIBUTE_BYTES + (value_len + 3) / 4 * 4;
    CHECK(*len <= STUN_ANSWER_BYTES_MAX);
    put16(at, type);
    put16(at + 2, value_len);
    return at + ATTRIBUTE_BYTES;
}

static size_t answer_end(uint8_t *out, size_t len, struct slice password)
{
    uint8_t integrity[INTEGRITY_BYTES];
    integrity_of(slice_of(out, len), password, integrity);
    memcpy(attribute_add(out, &len, ATTRIBUTE_INTEGRITY, INTEGRITY_BYTES), integrity,
           INTEGRITY_BYTES);
    size_t at = len;
    uint8_t *fingerprint = attribute_add(out, &len, ATTRIBUTE_FINGERPRINT, FINGERPRINT_BYTES);
    put16(out + 2, len - HEADER_BYTES);
    put32(fingerprint, crc32_of(out, at) ^ FINGERPRINT_MASK);
    return len;
}

size_t stun_success(const struct stun_request *request, const struct stun_address *mapped,
                    struct slice password, uint8_t out[STUN_ANSWER_BYTES_MAX])
{
    size_t len = answer_begin(request, BINDING_SUCCESS, out);
    size_t ip_len = mapped->is_ipv6 ? 16 : 4;
    uint8_t *value = attribute_add(out, &len, ATTRIBUTE_XOR_MAPPED, 4 + ip_len);
    value[1] = mapped->is_ipv6 ? 2 : 1;
    put16(value + 2, mapped->port ^ COOKIE >> 16);
    /* The cookie and the transaction stand behind one another in the header. */
    for (size_t i = 0; i < ip_len; i++) {
        value[4 + i] = mapped->ip[i] ^ out[4 + i];
    }
    return answer_end(out, len, password);
}

size_t stun_error(const struct stun_request *request, enum stun_error error, struct slice password,
                  uint8_t out[STUN_ANSWER_BYTES_MAX])
{
    size_t len = answer_begin(request, BINDING_ERROR, out);
    uint8_t *value = attribute_add(out, &len, ATTRIBUTE_ERROR_CODE, 4);
    value[2] = (uint8_t)(error / 100);
    value[3] = (uint8_t)(error % 100);
    if (error == STUN_UNKNOWN_ATTRIBUTE) {
        value = attribute_add(out, &len, ATTRIBUTE_UNKNOWN, 2 * request->unknown_count);
        for (size_t i = 0; i < request->unknown_count; i++) {
            put16(value + 2 * i, request->unknown[i]);
        }
    }
    return answer_end(out, len, password);
}
