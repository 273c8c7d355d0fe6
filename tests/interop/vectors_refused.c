/* vectors -- see vectors.h: bytes that must not decode, and their neighbours that must. */
#include "vectors.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "vectors_layout.h"

struct raw_case {
    const char *what, *layout, *hex;
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* refusal = [seq UINT 1.., ground UINT 1..255], body_text = [text TEXT 1.., reply_seq UINT 0..],
 * open_record = [cause OPT, blobs IDS 0..400], letter_redeem = [code TEXT 1.., three LATE], ERROR =
 * [5, request, code UINT 1.., detail TEXT]. */
static const struct raw_case refused[] = {
    {"nothing", "refusal", ""},
    {"not an array: nil", "refusal", "c0"},
    {"not an array: a map", "refusal", "820102"},
    {"not an array: a number", "refusal", "01"},
    {"no elements", "refusal", "90"},
    {"too few elements", "refusal", "9101"},
    {"a byte behind", "refusal", "92010200"},
    {"array 16 where fixarray would do", "refusal", "dc00020102"},
    {"array 16 of 15", "refusal", "dc000f010200000000000000000000000000"},
    {"array 32", "refusal", "dd000000020102"},
    {"array 32 that claims four thousand million", "refusal", "ddffffffff0102"},
    {"array 16 that claims 65535", "refusal", "dcffff0102"},
    {"uint 8 of 1", "refusal", "92cc0102"},
    {"uint 8 of 127", "refusal", "92cc7f02"},
    {"uint 16 of 1", "refusal", "92cd000102"},
    {"uint 16 of 255", "refusal", "92cd00ff02"},
    {"uint 32 of 1", "refusal", "92ce0000000102"},
    {"uint 32 of 65535", "refusal", "92ce0000ffff02"},
    {"uint 64 of 1", "refusal", "92cf000000000000000102"},
    {"uint 64 of 2^32 - 1", "refusal", "92cf00000000ffffffff02"},
    {"2^53", "refusal", "92cf002000000000000002"},
    {"2^53 + 1", "refusal", "92cf002000000000000102"},
    {"2^64 - 1", "refusal", "92cfffffffffffffffff02"},
    {"below its least", "refusal", "920002"},
    {"another below its least", "refusal", "920100"},
    {"above its most", "refusal", "9201cd0100"},
    {"negative fixint", "refusal", "92ff02"},
    {"int 8", "refusal", "92d00102"},
    {"int 16", "refusal", "92d1000102"},
    {"int 32", "refusal", "92d20000000102"},
    {"int 64", "refusal", "92d3000000000000000102"},
    {"float 32", "refusal", "92ca3f80000002"},
    {"float 64", "refusal", "92cb3ff000000000000002"},
    {"true", "refusal", "92c302"},
    {"nil", "refusal", "92c002"},
    {"never used", "refusal", "92c102"},
    {"nested array", "refusal", "92910102"},
    {"nested array behind", "refusal", "9301029101"},
    {"empty nested array behind", "refusal", "93010290"},
    {"map behind", "refusal", "93010280"},
    {"fixext behind", "refusal", "930102d40000"},
    {"ext 8 behind", "refusal", "930102c7010000"},
    {"float behind", "refusal", "930102ca3f800000"},
    {"nil behind", "refusal", "930102c0"},
    {"negative behind", "refusal", "930102ff"},
    {"long form behind", "refusal", "930102cc01"},
    {"2^53 behind", "refusal", "930102cf0020000000000000"},
    {"string that is cut behind", "refusal", "930102a261"},
    {"33 elements", "refusal",
     "dc0021010200000000000000000000000000000000000000000000000000000000000000"},
    {"text for a number", "refusal", "92a10102"},
    {"bytes for a number", "refusal", "92c4010102"},
    {"number for a text", "body_text", "920100"},
    {"bytes for a text", "body_text", "92c4016100"},
    {"empty where it may not be", "body_text", "92a000"},
    {"str 8 of 1", "body_text", "92d9016100"},
    {"str 16 of 1", "body_text", "92da00016100"},
    {"str 32 of 1", "body_text", "92db000000016100"},
    {"str 32 that claims four thousand million", "body_text", "92dbffffffff6100"},
    {"UTF-8: lone continuation", "body_text", "92a18000"},
    {"UTF-8: U+0000", "body_text", "92a10000"},
    {"UTF-8: U+0000 inside", "body_text", "92a361006200"},
    {"UTF-8: U+0000 in two bytes", "body_text", "92a2c08000"},
    {"UTF-8: overlong in two", "body_text", "92a2c1bf00"},
    {"UTF-8: overlong in three", "body_text", "92a3e09fbf00"},
    {"UTF-8: overlong in four", "body_text", "92a4f08fbfbf00"},
    {"UTF-8: high surrogate", "body_text", "92a3eda08000"},
    {"UTF-8: low surrogate", "body_text", "92a3edb08000"},
    {"UTF-8: pair of surrogates", "body_text", "92a6eda0bdedb88000"},
    {"UTF-8: above U+10FFFF", "body_text", "92a4f490808000"},
    {"UTF-8: F5", "body_text", "92a4f580808000"},
    {"UTF-8: FF", "body_text", "92a1ff00"},
    {"UTF-8: cut after one of two", "body_text", "92a1c300"},
    {"UTF-8: cut after two of three", "body_text", "92a2e28200"},
    {"UTF-8: cut after three of four", "body_text", "92a3f09f8d00"},
    {"UTF-8: no continuation", "body_text", "92a2c32800"},
    {"UTF-8: second continuation wrong", "body_text", "92a3e2822800"},
    {"OPT of one byte", "open_record", "92c40101c400"},
    {"OPT of text", "open_record", "92a0c400"},
    {"IDS of one byte", "open_record", "92c400c40101"},
    {"bin 16 of 0", "open_record", "92c50000c400"},
    {"bin 32 of 0", "open_record", "92c600000000c400"},
    {"bin 8 that claims more than there is", "open_record", "92c400c405"},
    {"bin 32 that claims four thousand million", "open_record", "92c400c6ffffffff"},
    {"text for a late number", "letter_redeem", "92a141a131"},
    {"a late number above its most", "letter_redeem", "94a141010002"},
    {"late numbers, and what came before them missing", "letter_redeem", "90"},
    {"number of another message", "ERROR", "94060001a0"},
    {"code 0", "ERROR", "94050000a0"},
    {"code 65536", "ERROR", "940500ce00010000a0"},
    {"request 2^53", "ERROR", "9405cf002000000000000001a0"},
};

static const struct raw_case accepted[] = {
    {"shortest", "refusal", "920102"},
    {"uint 8", "refusal", "92cc8002"},
    {"uint 16", "refusal", "92cd010002"},
    {"uint 32", "refusal", "92ce0001000002"},
    {"uint 64", "refusal", "92cf000000010000000002"},
    {"2^53 - 1", "refusal", "92cf001fffffffffffff02"},
    {"its most", "refusal", "9201ccff"},
    {"number behind", "refusal", "93010203"},
    {"text behind", "refusal", "930102a161"},
    {"text behind that is not UTF-8", "refusal", "930102a1ff"},
    {"bytes behind", "refusal", "930102c40161"},
    {"15 elements", "refusal", "9f010200000000000000000000000000"},
    {"16 elements", "refusal", "dc001001020000000000000000000000000000"},
    {"32 elements", "refusal",
     "dc00200102000000000000000000000000000000000000000000000000000000000000"},
    {"all late numbers missing", "letter_redeem", "91a141"},
    {"some late numbers missing", "letter_redeem", "92a14101"},
    {"no late number missing", "letter_redeem", "94a141010301"},
    {"one letter", "body_text", "92a16100"},
    {"byte order mark", "body_text", "92a3efbbbf00"},
    {"U+FFFD", "body_text", "92a3efbfbd00"},
    {"U+FFFF", "body_text", "92a3efbfbf00"},
    {"U+D7FF", "body_text", "92a3ed9fbf00"},
    {"U+E000", "body_text", "92a3ee808000"},
    {"U+10FFFF", "body_text", "92a4f48fbfbf00"},
    {"both empty", "open_record", "92c400c400"},
    {"an error", "ERROR", "94050001a0"},
};

static struct slice bytes_of(const char *hex, struct buffer *out)
{
    json_t *json = json_pack("{ss}", "bytes", hex);
    struct slice bytes = vectors_bytes(json, "bytes", out);
    json_decref(json);
    return bytes;
}

static void case_add(json_t *list, const char *what, const char *layout, struct slice bytes,
                     enum enrum_err expected)
{
    static struct vector_value value;
    CHECK(layout_decode(vector_layout_find(layout)->layout, bytes, value.bytes) == expected);
    json_t *json = json_pack("{ss, ss, so}", "what", what, "layout", layout, "bytes",
                             vectors_hex(bytes));
    if (expected != ENRUM_OK) {
        CHECK(json_object_set_new(json, "error", json_string(error_name(expected))) == 0);
    }
    CHECK(json_array_append_new(list, json) == 0);
}

static void cases_add(json_t *list, const struct raw_case *cases, size_t count,
                      enum enrum_err expected)
{
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        case_add(list, cases[i].what, cases[i].layout, bytes_of(cases[i].hex, &bytes), expected);
    }
    buffer_fini(&bytes);
}

/* body_text with `len` letters behind `first`, in str 8 or str 16. */
static struct slice text_make(struct buffer *out, const char *first, size_t len)
{
    size_t whole = strlen(first) + len;
    uint8_t head[4] = {0x92, 0xda, (uint8_t)(whole >> 8), (uint8_t)whole};
    buffer_reset(out);
    if (whole > 255) {
        buffer_append(out, head, 4);
    } else {
        head[1] = 0xd9;
        head[2] = (uint8_t)whole;
        buffer_append(out, head, 3);
    }
    buffer_append(out, first, strlen(first));
    for (size_t i = 0; i < len; i++) {
        buffer_append(out, "e", 1);
    }
    buffer_append(out, "", 1);
    return buffer_slice(out);
}

/* Libraries take another way for long strings than for short ones. */
static void long_texts_add(json_t *good, json_t *bad)
{
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    case_add(good, "long text behind a byte order mark", "body_text",
             text_make(&bytes, "\xef\xbb\xbf", 400), ENRUM_OK);
    case_add(good, "text of 32 bytes", "body_text", text_make(&bytes, "", 32), ENRUM_OK);
    case_add(bad, "text of 31 bytes in str 8", "body_text", text_make(&bytes, "", 31),
             ENRUM_MALFORMED);
    case_add(bad, "long text behind a lone continuation", "body_text",
             text_make(&bytes, "\x80", 400), ENRUM_MALFORMED);
    case_add(bad, "long text behind a surrogate", "body_text",
             text_make(&bytes, "\xed\xa0\x80", 400), ENRUM_MALFORMED);
    buffer_fini(&bytes);
}

/* Each proper beginning of a good value. */
static void cuts_add(json_t *list, const char *layout, const char *hex)
{
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    struct slice good = bytes_of(hex, &bytes);
    for (size_t len = 0; len < good.len; len++) {
        char what[64];
        (void)snprintf(what, sizeof what, "cut after %zu bytes", len);
        case_add(list, what, layout, slice_of(good.at, len), ENRUM_MALFORMED);
    }
    buffer_fini(&bytes);
}

static json_t *frame_case(const char *hex)
{
    struct buffer buffer;
    buffer_init(&buffer, FRAME_BYTES_MAX);
    struct slice bytes = bytes_of(hex, &buffer);
    uint64_t type = 0, request = 0;
    enum enrum_err err = frame_peek(bytes, &type, &request);
    json_t *json = json_pack("{ss}", "bytes", hex);
    CHECK(json_object_set_new(json, "error",
                              err == ENRUM_OK ? json_null() : json_string(error_name(err))) == 0);
    if (err == ENRUM_OK) {
        CHECK(json_object_set_new(json, "type", vectors_number(type)) == 0);
        CHECK(json_object_set_new(json, "request", vectors_number(request)) == 0);
    }
    buffer_fini(&buffer);
    return json;
}

json_t *vectors_refused(void)
{
    static const char *const frames[] = {"9205cd1000", "92cd03e7cf001fffffffffffff",
                                         "94050001a0", "9105",
                                         "92a10500",   "9205a100",
                                         "92050000",   "9205",
                                         "920590",     "",
                                         "c0",         "dc001005070000000000000000000000000000"};
    json_t *bad = json_array(), *good = json_array(), *peeks = json_array();
    cases_add(bad, refused, COUNT(refused), ENRUM_MALFORMED);
    cases_add(good, accepted, COUNT(accepted), ENRUM_OK);
    long_texts_add(good, bad);
    cuts_add(bad, "refusal", "93cf0000123456789abcccffcd0100");
    cuts_add(bad, "body_text",
             "92d92041414141414141414141414141414141414141414141414141414141f09f8d8ecd1000");
    cuts_add(bad, "ERROR", "9405cd1000ccffa568656c6c6f");
    for (size_t i = 0; i < COUNT(frames); i++) {
        CHECK(json_array_append_new(peeks, frame_case(frames[i])) == 0);
    }
    return json_pack("{so, so, so}", "refused", bad, "accepted", good, "frames", peeks);
}
