/* transient_fuzz -- a transient frame as it is delivered. */
#include "protocol/transient.h"
#include "same.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct transient_frame frame;
    struct slice bytes = {data, size};
    if (!suite_init() || transient_decode(bytes, &frame) != ENRUM_OK) {
        return 0;
    }
    struct wire_transient wire = {frame.head_bytes, frame.sealed, frame.sig};
    same_as_encoded(&layout_transient, &wire, bytes);
    same_as_encoded(&layout_transient_head, &frame.head, frame.head_bytes);
    struct sign_pair author = same_sign_pair(0x20);
    struct secret32 key = same_room_key();
    struct wire_transient_content content;
    struct buffer plain;
    buffer_init(&plain, (size_t)2 * TRANSIENT_BYTES_MAX);
    (void)transient_signature_is_good(&frame, &author.public);
    (void)transient_open(&frame, &key, &plain, &content);
    buffer_wipe(&plain);
    return 0;
}
