/* file_fuzz -- a file's chunk as it is delivered: what was sealed opens to the same, and with any
 * of its bytes, its place or its file's length altered it does not open. */
#include "base/check.h"
#include "protocol/file.h"
#include "same.h"

#include <string.h>

enum { BEFORE = 6 };

static enum enrum_err open_at(uint64_t size, uint64_t place, struct slice blob, struct buffer *out)
{
    struct secret32 key = same_room_key();
    struct file_pass pass;
    enum enrum_err err = file_pass_begin(&pass, &key, size);
    if (err != ENRUM_OK) {
        return err;
    }
    pass.next = place < file_blob_count(size) ? place : 0;
    err = file_open_next(&pass, blob, out);
    file_pass_end(&pass);
    return err;
}

/* Two bytes of length, two of where to alter, one of what, one of the place that is claimed; then
 * the file's only chunk. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < BEFORE || size - BEFORE > 4096 || !suite_init()) {
        return 0;
    }
    struct slice plain = {data + BEFORE, size - BEFORE};
    struct secret32 key = same_room_key();
    struct file_pass pass;
    struct buffer blob, opened;
    buffer_init(&blob, BLOB_BYTES_MAX);
    buffer_init(&opened, CHUNK_BYTES_MAX + 1);
    CHECK(file_pass_begin(&pass, &key, plain.len) == ENRUM_OK);
    CHECK(file_seal_next(&pass, plain, &blob) == ENRUM_OK);
    CHECK(file_is_whole(&pass));
    file_pass_end(&pass);
    CHECK(open_at(plain.len, 0, buffer_slice(&blob), &opened) == ENRUM_OK);
    CHECK(slice_equal(buffer_slice(&opened), plain));
    buffer_reset(&opened);
    uint64_t claimed = (uint64_t)data[0] << 8 | data[1];
    enum enrum_err err = open_at(claimed, data[5], buffer_slice(&blob), &opened);
    /* Another length of the same padded size opens when what is behind it is zeros all the same. */
    CHECK(err != ENRUM_OK || file_padded_bytes(claimed) == file_padded_bytes(plain.len));
    buffer_reset(&opened);
    blob.at[((size_t)data[2] << 8 | data[3]) % blob.len] ^= data[4];
    err = open_at(plain.len, 0, buffer_slice(&blob), &opened);
    CHECK((err == ENRUM_OK) == (data[4] == 0));
    buffer_wipe(&opened);
    buffer_fini(&blob);
    return 0;
}
