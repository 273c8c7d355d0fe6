/* letter_fuzz -- first byte even: a letter to the keeper of the seeds. Odd: what a letter's
 * ciphertext holds, padded and sealed here. */
#include "protocol/letter.h"
#include "same.h"

static void received(struct slice bytes)
{
    struct sign_pair sign = same_sign_pair(0x10);
    struct seal_pair seal = same_seal_pair(0x11);
    struct wire_letter_inner inner;
    struct buffer plain;
    struct id to;
    buffer_init(&plain, (size_t)2 * LETTER_BYTES_MAX);
    (void)letter_to(bytes, &to);
    if (letter_decode(bytes, &sign, &seal, &plain, &inner) == ENRUM_OK) {
        const struct layout *layout = letter_layout(inner.kind);
        _Alignas(16) uint8_t body[1024];
        if (layout != NULL && layout_decode(layout, inner.body, body) == ENRUM_OK) {
            same_as_encoded(layout, body, inner.body);
        }
    }
    buffer_wipe(&plain);
}

static void sealed_here(struct slice plain)
{
    struct sign_pair sign = same_sign_pair(0x10);
    struct seal_pair seal = same_seal_pair(0x11), ephemeral = same_seal_pair(0x77);
    struct wire_letter letter = {.version = 1, .suite = 1, .enc = ephemeral.public};
    struct slice label = label_slice(LABEL_LETTER);
    uint8_t info[64];
    struct buffer padded, sealed, bytes;
    buffer_init(&padded, LETTER_BYTES_MAX);
    buffer_init(&sealed, LETTER_BYTES_MAX);
    buffer_init(&bytes, (size_t)2 * LETTER_BYTES_MAX);
    device_id(&sign.public, &seal.public, &letter.to);
    memcpy(info, label.at, label.len);
    memcpy(info + label.len, letter.to.bytes, ID_BYTES);
    if (suite_pad(plain, &padded) == ENRUM_OK &&
        hpke_seal_with(&ephemeral, &seal.public, slice_of(info, label.len + ID_BYTES),
                       slice_of(NULL, 0), buffer_slice(&padded), &sealed) == ENRUM_OK) {
        letter.sealed = buffer_slice(&sealed);
        CHECK(layout_encode(&layout_letter, &letter, &bytes) == ENRUM_OK);
        received(buffer_slice(&bytes));
    }
    buffer_fini(&padded);
    buffer_fini(&sealed);
    buffer_fini(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || !suite_init()) {
        return 0;
    }
    struct slice bytes = {data + 1, size - 1};
    if (data[0] % 2 == 0) {
        received(bytes);
    } else {
        sealed_here(bytes);
    }
    return 0;
}
