/* entry_fuzz -- first byte even: an entry as it is sent. Odd: the padded plaintext of one, as it
 * stands behind the tag. */
#include "protocol/entry.h"
#include "same.h"

static void sent(struct slice bytes)
{
    struct entry entry;
    struct slice rest = bytes;
    bool good = entry_decode(bytes, &entry) == ENRUM_OK;
    CHECK(good == (entry_next(&rest, &entry) == ENRUM_OK && rest.len == 0));
    if (!good) {
        return;
    }
    struct wire_entry wire = {entry.head_bytes, entry.open_bytes, entry.sealed, entry.sig};
    same_as_encoded(&layout_entry, &wire, bytes);
    same_as_encoded(class_layout(entry.head.class), &entry.open, entry.open_bytes);
    same_as_encoded(&layout_head, &entry.head, entry.head_bytes);
    struct sign_pair author = same_sign_pair(0x20);
    struct secret32 key = same_room_key();
    struct buffer plain;
    struct wire_content content;
    buffer_init(&plain, (size_t)2 * ENTRY_BYTES_MAX);
    (void)entry_signature_is_good(&entry, &author.public);
    (void)entry_open(&entry, &key, &plain, &content);
    buffer_wipe(&plain);
}

static void behind_the_tag(struct slice bytes)
{
    struct slice content_bytes;
    struct wire_content content;
    if (suite_unpad(bytes, &content_bytes) == ENRUM_OK) {
        struct buffer again;
        buffer_init(&again, (size_t)4 * FRAME_BYTES_MAX);
        CHECK(suite_pad(content_bytes, &again) == ENRUM_OK);
        CHECK(slice_equal(buffer_slice(&again), bytes));
        bytes = content_bytes;
        if (layout_decode(&layout_content, bytes, &content) == ENRUM_OK) {
            same_as_encoded(&layout_content, &content, bytes);
        }
        buffer_fini(&again);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || !suite_init()) {
        return 0;
    }
    struct slice bytes = {data + 1, size - 1};
    if (data[0] % 2 == 0) {
        sent(bytes);
    } else {
        behind_the_tag(bytes);
    }
    return 0;
}
