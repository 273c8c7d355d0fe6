/* file -- see file.h. */
#include "protocol/file.h"

#include "base/check.h"

#include <string.h>

uint64_t file_padded_bytes(uint64_t size)
{
    return suite_padme(size > PADDED_BYTES_MIN ? size : PADDED_BYTES_MIN);
}

size_t file_blob_count(uint64_t size)
{
    return (size_t)((file_padded_bytes(size) + CHUNK_BYTES_MAX - 1) / CHUNK_BYTES_MAX);
}

void file_blob_id(struct slice blob, struct id *out)
{
    suite_hash(LABEL_BLOB, &blob, 1, out);
}

enum enrum_err file_pass_begin(struct file_pass *pass, const struct secret32 *key, uint64_t size)
{
    static const struct id no_salt;
    if (size > FILE_BYTES_MAX) {
        return ENRUM_FILE_OVERSIZED;
    }
    *pass = (struct file_pass){.size = size};
    enum enrum_err err = suite_derive(key, &no_salt, LABEL_FILE, &pass->key);
    if (err == ENRUM_OK) {
        digest_init(&pass->digest);
    }
    return err;
}

void file_pass_end(struct file_pass *pass)
{
    digest_fini(&pass->digest);
    secret_wipe(&pass->key);
}

bool file_is_whole(const struct file_pass *pass)
{
    return pass->next == file_blob_count(pass->size);
}

/* With its padding. */
static size_t chunk_bytes(const struct file_pass *pass)
{
    uint64_t rest = file_padded_bytes(pass->size) - pass->next * CHUNK_BYTES_MAX;
    return rest < CHUNK_BYTES_MAX ? (size_t)rest : CHUNK_BYTES_MAX;
}

size_t file_next_bytes(const struct file_pass *pass)
{
    uint64_t at = pass->next * CHUNK_BYTES_MAX;
    uint64_t rest = at < pass->size ? pass->size - at : 0;
    return rest < CHUNK_BYTES_MAX ? (size_t)rest : CHUNK_BYTES_MAX;
}

/* The index in eleven bytes, most significant first, and whether it is the last. */
static void chunk_nonce(const struct file_pass *pass, uint8_t nonce[NONCE_BYTES])
{
    struct be64 index = be64_of(pass->next);
    memset(nonce, 0, NONCE_BYTES);
    memcpy(nonce + 3, index.bytes, sizeof index.bytes);
    nonce[NONCE_BYTES - 1] = pass->next + 1 == file_blob_count(pass->size);
}

enum enrum_err file_seal_next(struct file_pass *pass, struct slice plain, struct buffer *out)
{
    CHECK(!file_is_whole(pass) && plain.len == file_next_bytes(pass));
    uint8_t nonce[NONCE_BYTES];
    struct buffer chunk;
    buffer_init(&chunk, CHUNK_BYTES_MAX);
    uint8_t *bytes = buffer_extend(&chunk, chunk_bytes(pass));
    enum enrum_err err = bytes != NULL ? ENRUM_OK : ENRUM_MEMORY;
    if (bytes != NULL) {
        memset(bytes, 0, chunk.len);
        if (plain.len > 0) {
            memcpy(bytes, plain.at, plain.len);
        }
        chunk_nonce(pass, nonce);
        err = suite_seal(&pass->key, nonce, slice_of("", 0), buffer_slice(&chunk), out);
    }
    buffer_wipe(&chunk);
    if (err == ENRUM_OK) {
        digest_add(&pass->digest, plain);
        pass->next++;
    }
    return err;
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
    uint8_t any = 0;
    for (size_t i = 0; i < len; i++) {
        any |= bytes[i];
    }
    return any == 0;
}

enum enrum_err file_open_next(struct file_pass *pass, struct slice blob, struct buffer *out)
{
    CHECK(!file_is_whole(pass));
    uint8_t nonce[NONCE_BYTES];
    size_t before = out->len, plain = file_next_bytes(pass), padded = chunk_bytes(pass);
    chunk_nonce(pass, nonce);
    if (blob.len != padded + TAG_BYTES) {
        return ENRUM_OPEN_FAILED;
    }
    enum enrum_err err = suite_open(&pass->key, nonce, slice_of("", 0), blob, out);
    if (err != ENRUM_OK) {
        return err;
    }
    /* What is behind the file must say nothing, or one file would have many forms. */
    if (!is_zero(out->at + before + plain, padded - plain)) {
        memset(out->at + before, 0, padded);
        buffer_truncate(out, before);
        return ENRUM_OPEN_FAILED;
    }
    buffer_truncate(out, before + plain);
    digest_add(&pass->digest, slice_of(out->at + before, plain));
    pass->next++;
    return ENRUM_OK;
}

enum enrum_err file_hash(struct file_pass *pass, struct id *out)
{
    CHECK(file_is_whole(pass));
    return digest_end(&pass->digest, out);
}

bool file_body_holds(const struct wire_body_file *body, struct slice open_blobs)
{
    return body->size <= FILE_BYTES_MAX &&
           body->blobs.len == file_blob_count(body->size) * ID_BYTES &&
           slice_equal(body->blobs, open_blobs);
}
