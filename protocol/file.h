/* file -- an attachment's bytes: padded, cut into chunks, each sealed by itself into one blob.
 * A chunk's nonce is its index and whether it is the last, so that none can be left out, moved or
 * put behind. One chunk is in memory at a time. Knows no entries, no files on disk, no network. */
#pragma once

#include "protocol/suite.h"

/* Length of what is sealed for a file of so many bytes: its Padmé size, at least
 * PADDED_BYTES_MIN, so that a known document is not known again by its length. */
uint64_t file_padded_bytes(uint64_t size);
/* Chunks, and so blobs, of a file of so many bytes: 1 ... BLOBS_PER_ENTRY_MAX. */
size_t file_blob_count(uint64_t size);
void file_blob_id(struct slice blob, struct id *out);

/* A file on its way from its bytes to blobs, or back. */
struct file_pass {
    struct secret32 key; /* of the chunks */
    uint64_t size, next; /* next: index of the next chunk */
    struct digest digest;
};

/* Errors: FILE_OVERSIZED, MEMORY; there is then nothing to end. */
enum enrum_err file_pass_begin(struct file_pass *pass, const struct secret32 *key, uint64_t size);
void file_pass_end(struct file_pass *pass);
/* The file's bytes in the next chunk; the rest of a chunk is padding. Not behind the last. */
size_t file_next_bytes(const struct file_pass *pass);
bool file_is_whole(const struct file_pass *pass);

/* Appends the next blob. `plain` has file_next_bytes. Errors: OVERSIZED, MEMORY. */
enum enrum_err file_seal_next(struct file_pass *pass, struct slice plain, struct buffer *out);
/* Appends the file's bytes that the next blob holds. Errors: OPEN_FAILED, OVERSIZED, MEMORY. */
enum enrum_err file_open_next(struct file_pass *pass, struct slice blob, struct buffer *out);
/* SHA-256 of the file, once it is whole. Errors: MEMORY. */
enum enrum_err file_hash(struct file_pass *pass, struct id *out);

/* Does a FILE's body agree with itself, and with its entry's open part? */
bool file_body_holds(const struct wire_body_file *body, struct slice open_blobs);
