/* twokeys -- looks for two room keys under which one sealed part can have two readings;
 * tworeadings.ts lays both out, and has a pair that this found. By hand, once for a format:
 *     twokeys 27        tries the numbers below 2^27 as room keys: 12 minutes of a processor, 1 GB
 *
 * What is sealed under one key opens under another as the same bytes plus the difference of the two
 * key streams. Where both readings must say something, that difference has to fit: 51 bits of it.
 * Among 2^27 keys are 2^53 pairs. */
#include "protocol/suite.h"

#include <stdio.h>
#include <stdlib.h>

enum { BITS_MAX = 27, STREAM_BYTES = 17 };

/* One of the readings has this byte; the other one must then have something in these limits. */
static const struct fit {
    size_t at;
    uint8_t byte, min, max;
} fits[] = {
    {0, 0x00, 0x00, 0x00},  {1, 0x00, 0x00, 0x00},
    {2, 0x00, 0x00, 0x00},                         /* length of the content */
    {3, 0xfc, 110, 251},                           /* all there is room for, or less */
    {4, 0x96, 0x96, 0x9f},                         /* 6 elements, or more */
    {5, 0x01, 0x01, 0x01},  {6, 0x02, 0x02, 0x02}, /* a message, by a citizen */
    {7, 0xcf, 0x00, 0x7f},                         /* a number of 8 bytes, or one below 128 */
    {8, 0x00, 0x00, 0x7f},                         /* its first byte, or another number */
    {9, 0xa0, 0x00, 0x1f},                         /* no language, or its second byte: below 2^53 */
    {16, 0xce, 0x00, 0x7f},                        /* a number of 4 bytes, or one below 128 */
};
enum { FITS = sizeof fits / sizeof fits[0] };

/* The first bytes that an entry's key adds to what it seals, for the room key of this number. */
static void stream_make(uint64_t number, struct buffer *out)
{
    static const uint8_t nonce[NONCE_BYTES], zeros[STREAM_BYTES];
    static const struct id salt;
    struct secret32 room_key = {{0}}, key;
    for (size_t i = 0; i < 8; i++) {
        room_key.bytes[sizeof room_key.bytes - 1 - i] = (uint8_t)(number >> (8 * i));
    }
    out->len = 0;
    if (suite_derive(&room_key, &salt, LABEL_ENTRY_KEY, &key) != ENRUM_OK ||
        suite_seal(&key, nonce, (struct slice){NULL, 0}, (struct slice){zeros, sizeof zeros},
                   out) != ENRUM_OK) {
        abort();
    }
}

static bool is_pair(const uint8_t *one, const uint8_t *other)
{
    for (size_t i = 0; i < FITS; i++) {
        const struct fit *fit = &fits[i];
        uint8_t read = (uint8_t)(fit->byte ^ one[fit->at] ^ other[fit->at]);
        if (read < fit->min || read > fit->max) {
            return false;
        }
    }
    return true;
}

/* Bytes in which the two must not differ, as far as there is room beside the number. */
static uint64_t row_make(uint64_t number, const uint8_t *stream)
{
    static const size_t same[] = {0, 1, 2, 5, 6};
    uint64_t bits = 0;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        bits = bits << 8 | stream[same[i]];
    }
    return bits >> (BITS_MAX + 40 - 64) << BITS_MAX | number;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static void rows_compare(uint64_t left, uint64_t right)
{
    const uint64_t mask = ((uint64_t)1 << BITS_MAX) - 1;
    struct buffer one, other;
    buffer_init(&one, 64);
    buffer_init(&other, 64);
    stream_make(left & mask, &one);
    stream_make(right & mask, &other);
    if (is_pair(one.at, other.at)) {
        (void)printf("%llu %llu\n", (unsigned long long)(left & mask),
                     (unsigned long long)(right & mask));
        (void)fflush(stdout);
    }
    buffer_fini(&one);
    buffer_fini(&other);
}

int main(int argc, char **argv)
{
    unsigned long bits = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
    if (bits == 0 || bits > BITS_MAX || !suite_init()) {
        (void)fprintf(stderr, "usage: twokeys BITS (1 to %d)\n", BITS_MAX);
        return 2;
    }
    size_t count = (size_t)1 << bits;
    uint64_t *rows = malloc(count * sizeof *rows);
    struct buffer stream;
    buffer_init(&stream, 64);
    for (size_t i = 0; rows != NULL && i < count; i++) {
        stream_make(i, &stream);
        rows[i] = row_make(i, stream.at);
    }
    buffer_fini(&stream);
    if (rows == NULL) {
        return 1;
    }
    qsort(rows, count, sizeof *rows, by_number);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1; k < count && rows[k] >> BITS_MAX == rows[i] >> BITS_MAX; k++) {
            rows_compare(rows[i], rows[k]);
        }
    }
    free(rows);
    return 0;
}
