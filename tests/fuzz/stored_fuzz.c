/* stored_fuzz -- the entries of an ENTRIES message: a SEQ of stored. */
#include "protocol/entry.h"
#include "same.h"

static void check_one(const struct stored_entry *stored, struct slice bytes)
{
    struct buffer again;
    struct stored_entry twice;
    struct id one, other, room = {{1}};
    buffer_init(&again, (size_t)4 * FRAME_BYTES_MAX);
    CHECK(stored_encode(stored, &again) == ENRUM_OK);
    CHECK(again.len <= bytes.len);
    struct slice rest = buffer_slice(&again);
    CHECK(stored_next(&rest, &twice) == ENRUM_OK && rest.len == 0);
    CHECK(twice.entry.is_erased == stored->entry.is_erased);
    entry_chain(&stored->entry, &room, stored->seq, stored->received_at, &one);
    entry_chain(&twice.entry, &room, twice.seq, twice.received_at, &other);
    CHECK(id_equal(&one, &other));
    buffer_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!suite_init()) {
        return 0;
    }
    struct slice bytes = {data, size};
    while (bytes.len > 0) {
        struct stored_entry stored;
        struct slice rest = bytes;
        if (stored_next(&rest, &stored) != ENRUM_OK) {
            CHECK(rest.at == bytes.at && rest.len == bytes.len);
            break;
        }
        check_one(&stored, (struct slice){bytes.at, bytes.len - rest.len});
        bytes = rest;
    }
    return 0;
}
