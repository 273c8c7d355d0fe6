/* sendfile -- a file is sealed into the outbox: its blobs and its entry-to-be are on this disk when
 * enrum_send_file returns, and the file itself is not needed any more. */
#include "handle.h"
#include "protocol/file.h"
#include "settle.h"
#include "upload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct sealing {
    struct enrum *enrum;
    struct local_draft row;
    struct wire_body_file body;
    struct secret32 key;
    struct buffer blobs, open, content, inner;
};

/* Exactly so many bytes. False: there are fewer, or they cannot be read. */
static bool read_exactly(int fd, uint8_t *out, size_t len)
{
    while (len > 0) {
        ssize_t got = read(fd, out, len);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        out += got > 0 ? got : 0;
        len -= got > 0 ? (size_t)got : 0;
    }
    return true;
}

static enum enrum_err chunk_seal(struct sealing *sealing, struct file_pass *pass, int fd,
                                 uint8_t *chunk)
{
    struct buffer blob;
    struct id id;
    size_t len = file_next_bytes(pass), place = (size_t)pass->next;
    if (!read_exactly(fd, chunk, len)) {
        return ENRUM_FILE_CHANGED;
    }
    buffer_init(&blob, BLOB_BYTES_MAX);
    enum enrum_err err = file_seal_next(pass, slice_of(chunk, len), &blob);
    if (err == ENRUM_OK) {
        file_blob_id(buffer_slice(&blob), &id);
        buffer_append_slice(&sealing->blobs, id_slice(&id));
        err = sealing->blobs.failed ? buffer_error(&sealing->blobs) : ENRUM_OK;
    }
    if (err == ENRUM_OK) {
        err = localstore_blob_put(sealing->enrum->store, sealing->row.id, place, &id,
                                  buffer_slice(&blob));
    }
    buffer_fini(&blob);
    return err;
}

static enum enrum_err chunks_seal(struct sealing *sealing, int fd)
{
    struct file_pass pass;
    uint8_t more;
    uint8_t *chunk = malloc(CHUNK_BYTES_MAX);
    enum enrum_err err = chunk != NULL ? file_pass_begin(&pass, &sealing->key, sealing->body.size)
                                       : ENRUM_MEMORY;
    if (err != ENRUM_OK) {
        free(chunk);
        return err;
    }
    while (err == ENRUM_OK && !file_is_whole(&pass)) {
        err = chunk_seal(sealing, &pass, fd, chunk);
    }
    if (err == ENRUM_OK && read(fd, &more, 1) != 0) {
        err = ENRUM_FILE_CHANGED;
    }
    if (err == ENRUM_OK) {
        err = file_hash(&pass, &sealing->body.hash);
    }
    file_pass_end(&pass);
    explicit_bzero(chunk, CHUNK_BYTES_MAX);
    free(chunk);
    return err;
}

/* The entry-to-be, but for its number. */
static enum enrum_err row_make(struct sealing *sealing, const char *language)
{
    sealing->body.blobs = buffer_slice(&sealing->blobs);
    struct wire_open_record open = {.blobs = sealing->body.blobs};
    enum enrum_err err = layout_encode(&layout_open_record, &open, &sealing->open);
    if (err == ENRUM_OK) {
        err = layout_encode(&layout_body_file, &sealing->body, &sealing->inner);
    }
    struct wire_content content = {.kind = KIND_FILE,
                                   .role = sealing->enrum->me.body.role,
                                   .rule_version = 1,
                                   .language = slice_of_text(language != NULL ? language : ""),
                                   .body = buffer_slice(&sealing->inner)};
    if (err == ENRUM_OK) {
        err = layout_encode(&layout_content, &content, &sealing->content);
    }
    sealing->row.open = buffer_slice(&sealing->open);
    sealing->row.content = buffer_slice(&sealing->content);
    return err;
}

static enum enrum_err seal(struct sealing *sealing, int fd, const char *language)
{
    struct localstore *store = sealing->enrum->store;
    secret_random(&sealing->key);
    memcpy(sealing->body.key.bytes, sealing->key.bytes, KEY_BYTES);
    enum enrum_err err = localstore_draft_put(store, &sealing->row);
    if (err == ENRUM_OK) {
        err = chunks_seal(sealing, fd);
    }
    if (err == ENRUM_OK) {
        err = row_make(sealing, language);
    }
    if (err == ENRUM_OK) {
        err = outbox_put_upload(sealing->enrum, &sealing->row);
    } else if (sealing->row.id != 0) {
        (void)localstore_draft_remove(store, sealing->row.id);
    }
    secret_wipe(&sealing->key);
    explicit_bzero(&sealing->body.key, sizeof sealing->body.key);
    return err;
}

static const char *last_part(const char *path)
{
    const char *stroke = strrchr(path, '/');
    return stroke != NULL ? stroke + 1 : path;
}

static enum enrum_err opened_send(struct enrum *enrum, const struct roomcopy *room,
                                  const struct enrum_file *file, int fd, uint64_t *outbox)
{
    char name[ENRUM_TEXT_MAX];
    struct stat found;
    if (fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) {
        return ENRUM_FILE_FAILED;
    }
    if (found.st_size > FILE_BYTES_MAX) {
        return ENRUM_FILE_OVERSIZED;
    }
    enrum_file_name(slice_of_text(file->name != NULL ? file->name : last_part(file->path)), name);
    struct sealing sealing = {
        .enrum = enrum,
        .row = {.room = room->id, .class = CLASS_RECORD},
        .body = {.name = slice_of_text(name),
                 .media_type = slice_of_text(file->media_type != NULL ? file->media_type : ""),
                 .size = (uint64_t)found.st_size,
                 .text = slice_of_text(file->text != NULL ? file->text : "")}};
    buffer_init(&sealing.blobs, (size_t)BLOBS_PER_ENTRY_MAX * ID_BYTES);
    buffer_init(&sealing.open, OPEN_BYTES_MAX);
    buffer_init(&sealing.content, CONTENT_BYTES_MAX);
    buffer_init(&sealing.inner, CONTENT_BYTES_MAX);
    enum enrum_err err = seal(&sealing, fd, file->language);
    if (err == ENRUM_OK) {
        *outbox = sealing.row.id;
    }
    buffer_fini(&sealing.blobs);
    buffer_fini(&sealing.open);
    buffer_wipe(&sealing.content);
    buffer_wipe(&sealing.inner);
    return err;
}

enum enrum_err enrum_send_file(struct enrum *enrum, const struct id *room_id_of,
                               const struct enrum_file *file, uint64_t *outbox)
{
    struct roomcopy *room = NULL;
    enum enrum_err err = roomcopy_find_writable(enrum, room_id_of, &room);
    if (err != ENRUM_OK) {
        return err;
    }
    uint64_t generation = room->fold.generation_count > 0 ? room->fold.generation_count
                                                          : room->pending_generation;
    if (keyring_find(&room->keyring, generation) == NULL) {
        return ENRUM_KEY_MISSING;
    }
    if (file->text != NULL && strlen(file->text) > TEXT_BYTES_MAX) {
        return ENRUM_OVERSIZED;
    }
    int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return ENRUM_FILE_FAILED;
    }
    err = opened_send(enrum, room, file, fd, outbox);
    (void)close(fd);
    return err;
}

enum enrum_err enrum_send_cancel(struct enrum *enrum, uint64_t outbox)
{
    struct draft *draft = draft_find(enrum, outbox);
    if (draft == NULL || draft->row.device_seq != 0 || draft->row.is_create) {
        return ENRUM_OUT_OF_STATE;
    }
    draft_give_back(enrum, draft, ENRUM_CANCELLED);
    return ENRUM_OK;
}
