/* binding -- see binding.h. */
#include "binding.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

static void put(uint8_t *at, size_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        at[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    }
}

static size_t get16(const uint8_t *at)
{
    return (size_t)at[0] << 8 | at[1];
}

static uint32_t crc32_table(const uint8_t *at, size_t len)
{
    uint32_t table[256], crc = 0xffffffffU;
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++) {
            table[i] = table[i] & 1 ? 0xedb88320U ^ table[i] >> 1 : table[i] >> 1;
        }
    }
    for (size_t i = 0; i < len; i++) {
        crc = table[(crc ^ at[i]) & 0xff] ^ crc >> 8;
    }
    return crc ^ 0xffffffffU;
}

static void add(uint8_t *out, size_t *len, uint16_t type, const void *value, size_t value_len)
{
    size_t padded = (value_len + 3) / 4 * 4;
    CHECK(*len + 4 + padded <= BINDING_BYTES_MAX);
    memset(out + *len, 0, 4 + padded);
    put(out + *len, type, 2);
    put(out + *len + 2, value_len, 2);
    if (value_len > 0) {
        memcpy(out + *len + 4, value, value_len);
    }
    *len += 4 + padded;
    put(out + 2, *len - 20, 2);
}

static void hmac(const uint8_t *message, size_t len, const char *password, uint8_t out[20])
{
    unsigned out_len = 20;
    CHECK(HMAC(EVP_sha1(), password, (int)strlen(password), message, len, out, &out_len) != NULL);
}

struct binding binding_fine(const char *username, const char *password)
{
    return (struct binding){.username = username,
                            .password = password,
                            .has_priority = true,
                            .has_fingerprint = true,
                            .method = 1};
}

size_t binding_make(const struct binding *binding, uint8_t out[BINDING_BYTES_MAX])
{
    static const uint8_t head[] = {0,   0,   0,   0,   0x21, 0x12, 0xa4, 0x42, 't', 'r',
                                   'a', 'n', 's', 'a', 'c',  't',  'i',  'o',  'n', '1'};
    static const uint8_t priority[] = {0x6e, 0, 1, 0xff}, tie_breaker[8] = {9};
    uint8_t value[20];
    size_t len = sizeof head;
    memcpy(out, head, sizeof head);
    put(out, binding->method, 2);
    if (binding->username != NULL) {
        add(out, &len, 0x0006, binding->username, strlen(binding->username));
    }
    if (binding->has_priority) {
        add(out, &len, 0x0024, priority, sizeof priority);
    }
    add(out, &len, binding->is_controlled ? 0x8029 : 0x802a, tie_breaker, sizeof tie_breaker);
    if (binding->has_use_candidate) {
        add(out, &len, 0x0025, NULL, 0);
    }
    if (binding->extra != 0 && !binding->is_extra_behind) {
        add(out, &len, binding->extra, "abc", 3);
    }
    if (binding->password != NULL) {
        put(out + 2, len - 20 + 24, 2);
        hmac(out, len, binding->password, value);
        add(out, &len, 0x0008, value, sizeof value);
    }
    if (binding->extra != 0 && binding->is_extra_behind) {
        add(out, &len, binding->extra, "abc", 3);
    }
    if (binding->has_fingerprint) {
        put(out + 2, len - 20 + 8, 2);
        put(value, crc32_table(out, len) ^ 0x5354554eU, 4);
        add(out, &len, 0x8028, value, 4);
    }
    return len;
}

const uint8_t *binding_attribute(struct slice message, uint16_t type, size_t *len)
{
    for (size_t at = 20; at + 4 <= message.len;
         at += 4 + (get16(message.at + at + 2) + 3) / 4 * 4) {
        if (get16(message.at + at) == type) {
            *len = get16(message.at + at + 2);
            return message.at + at + 4;
        }
    }
    return NULL;
}

bool binding_is_signed(struct slice message, const char *password)
{
    uint8_t copy[BINDING_BYTES_MAX], expected[20];
    size_t len = 0;
    const uint8_t *integrity = binding_attribute(message, 0x0008, &len);
    const uint8_t *fingerprint = binding_attribute(message, 0x8028, &len);
    CHECK(message.len <= sizeof copy);
    if (integrity == NULL || fingerprint == NULL || fingerprint + 4 != message.at + message.len) {
        return false;
    }
    size_t covered = (size_t)(integrity - 4 - message.at);
    memcpy(copy, message.at, message.len);
    put(expected, crc32_table(copy, message.len - 8) ^ 0x5354554eU, 4);
    bool is_whole = memcmp(expected, fingerprint, 4) == 0 && get16(copy + 2) == message.len - 20;
    put(copy + 2, covered - 20 + 24, 2);
    hmac(copy, covered, password, expected);
    return is_whole && memcmp(expected, integrity, 20) == 0;
}
