/* vectors -- see vectors.h: files of some lengths as sealed chunks, and what does not open. */
#include "vectors.h"

#include "base/check.h"
#include "protocol/file.h"

static void append(json_t *list, json_t *item)
{
    CHECK(item != NULL && json_array_append_new(list, item) == 0);
}

/* Byte i of the file of every vector is 31 i + i / 256, modulo 256. */
static struct slice plain_of(struct buffer *out, uint64_t at, size_t len)
{
    buffer_reset(out);
    for (uint64_t i = at; i < at + len; i++) {
        uint8_t byte = (uint8_t)(31 * i + i / 256);
        buffer_append(out, &byte, 1);
    }
    CHECK(!out->failed);
    return buffer_slice(out);
}

static json_t *file_json(uint64_t size)
{
    struct secret32 key = vectors_secret(0x66);
    struct file_pass pass;
    struct buffer plain, blob;
    struct id id, hash;
    json_t *blobs = json_array();
    buffer_init(&plain, CHUNK_BYTES_MAX);
    buffer_init(&blob, BLOB_BYTES_MAX);
    CHECK(file_pass_begin(&pass, &key, size) == ENRUM_OK);
    while (!file_is_whole(&pass)) {
        struct slice next = plain_of(&plain, pass.next * CHUNK_BYTES_MAX, file_next_bytes(&pass));
        buffer_reset(&blob);
        CHECK(file_seal_next(&pass, next, &blob) == ENRUM_OK);
        file_blob_id(buffer_slice(&blob), &id);
        append(blobs, vectors_id(&id));
    }
    CHECK(file_hash(&pass, &hash) == ENRUM_OK);
    json_t *json = json_pack("{so, so, so, so, so}", "size", vectors_number(size), "hash",
                             vectors_id(&hash), "blobs", blobs, "last_bytes",
                             vectors_number(blob.len), "last",
                             vectors_hex(slice_of(blob.at, blob.len < 512 ? blob.len : 512)));
    file_pass_end(&pass);
    buffer_fini(&plain);
    buffer_fini(&blob);
    return json;
}

json_t *vectors_files(void)
{
    static const uint64_t sizes[] = {0,     1,     255,   256,    257,   4096,
                                     65535, 65536, 65537, 131072, 200000};
    static const uint64_t lengths[] = {0,     256,     257,      1000,    65536,
                                       65537, 1000000, 26214399, 26214400};
    struct secret32 key = vectors_secret(0x66);
    json_t *files = json_array(), *padded = json_array();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        append(files, file_json(sizes[i]));
    }
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        append(padded, json_pack("{so, so, so}", "size", vectors_number(lengths[i]), "padded",
                                 vectors_number(file_padded_bytes(lengths[i])), "blobs",
                                 vectors_number(file_blob_count(lengths[i]))));
    }
    return json_pack("{so, so, so}", "key", vectors_hex(slice_of(key.bytes, KEY_BYTES)), "files",
                     files, "padded", padded);
}
