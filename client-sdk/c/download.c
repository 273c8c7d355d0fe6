/* download -- see download.h. */
#include "download.h"

#include "handle.h"
#include "protocol/file.h"
#include "reopening.h"
#include "settle.h"
#include "tell.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PLACES = 512, PATH_BYTES_MAX = 4096, ASKED_AHEAD_MAX = 2 };

struct download {
    struct list link;
    uint64_t request, seq, retry_at;
    struct id room, hash;
    struct buffer blobs; /* ids */
    struct file_pass pass;
    struct enrum_sink sink; /* take NULL: into the file */
    int fd;
    char path[PATH_BYTES_MAX], temporary[PATH_BYTES_MAX]; /* temporary: empty when it has no name */
    size_t asked, in_flight;
    struct buffer early; /* the blob behind the next one, when it came first */
};

/* -- The file -- */

/* The folder of a path, with its last stroke; empty for the one that the program is in. */
static size_t folder_bytes(const char *path)
{
    const char *stroke = strrchr(path, '/');
    return stroke != NULL ? (size_t)(stroke - path) + 1 : 0;
}

/* A file without a name, or where the file system knows none, with one that nobody looks for. */
static bool file_open(struct download *download)
{
    size_t folder = folder_bytes(download->path);
    char name[PATH_BYTES_MAX];
    (void)snprintf(name, sizeof name, "%.*s", (int)folder, download->path);
    download->fd = open(folder > 0 ? name : ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (download->fd >= 0) {
        return true;
    }
    int len = snprintf(download->temporary, sizeof download->temporary, "%.*s.enrum-XXXXXX",
                       (int)folder, download->path);
    if (len < 0 || (size_t)len >= sizeof download->temporary) {
        download->temporary[0] = '\0';
        return false;
    }
    download->fd = mkostemp(download->temporary, O_CLOEXEC);
    if (download->fd < 0) {
        download->temporary[0] = '\0';
    }
    return download->fd >= 0;
}

static bool file_write(int fd, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t done = write(fd, bytes.at, bytes.len);
        if (done < 0 && errno != EINTR) {
            return false;
        }
        size_t len = done > 0 ? (size_t)done : 0;
        bytes = slice_of(bytes.at + len, bytes.len - len);
    }
    return true;
}

/* Both ways refuse a name that is taken. */
static enum enrum_err file_name(struct download *download)
{
    char self[64];
    int done;
    if (fsync(download->fd) != 0) {
        return ENRUM_FILE_FAILED;
    }
    if (download->temporary[0] != '\0') {
        done = renameat2(AT_FDCWD, download->temporary, AT_FDCWD, download->path, RENAME_NOREPLACE);
    } else {
        (void)snprintf(self, sizeof self, "/proc/self/fd/%d", download->fd);
        done = linkat(AT_FDCWD, self, AT_FDCWD, download->path, AT_SYMLINK_FOLLOW);
    }
    if (done != 0) {
        return errno == EEXIST ? ENRUM_FILE_EXISTS : ENRUM_FILE_FAILED;
    }
    download->temporary[0] = '\0';
    return ENRUM_OK;
}

static void download_free(struct download *download)
{
    list_remove(&download->link);
    if (download->fd >= 0) {
        (void)close(download->fd);
    }
    if (download->temporary[0] != '\0') {
        (void)unlink(download->temporary);
    }
    file_pass_end(&download->pass);
    buffer_fini(&download->blobs);
    buffer_fini(&download->early);
    free(download);
}

static void download_end(struct enrum *enrum, struct download *download, enum enrum_err err)
{
    struct enrum_event event = {.type = ENRUM_EVENT_SAVED,
                                .room = download->room,
                                .request = download->request,
                                .seq = download->seq,
                                .err = err};
    download_free(download);
    handle_tell(enrum, &event);
}

void downloads_fini(struct enrum *enrum)
{
    LIST_EACH (link, &enrum->downloads) {
        download_free(LIST_ITEM(link, struct download, link));
    }
}

static struct download *download_find(const struct enrum *enrum, uint64_t request)
{
    LIST_EACH (link, &enrum->downloads) {
        struct download *download = LIST_ITEM(link, struct download, link);
        if (download->request == request) {
            return download;
        }
    }
    return NULL;
}

/* -- Blobs -- */

static void tell_progress(struct enrum *enrum, const struct download *download)
{
    uint64_t done = download->pass.next * CHUNK_BYTES_MAX;
    struct enrum_event event = {.type = ENRUM_EVENT_PROGRESS,
                                .room = download->room,
                                .request = download->request,
                                .seq = download->seq,
                                .done = done < download->pass.size ? done : download->pass.size,
                                .total = download->pass.size};
    handle_tell(enrum, &event);
}

static bool bytes_take(const struct download *download, struct slice bytes)
{
    return download->sink.take != NULL ? download->sink.take(download->sink.context, bytes)
                                       : file_write(download->fd, bytes);
}

/* The next blob: what it holds is written, or says why not. */
static enum enrum_err blob_take(struct download *download, struct slice blob)
{
    struct id id, expected = id_of(download->blobs.at + download->pass.next * ID_BYTES);
    struct buffer plain;
    file_blob_id(blob, &id);
    if (!id_equal(&id, &expected)) {
        return ENRUM_OPEN_FAILED;
    }
    buffer_init(&plain, CHUNK_BYTES_MAX + 1);
    enum enrum_err err = file_open_next(&download->pass, blob, &plain);
    bool is_taken = err == ENRUM_OK && bytes_take(download, buffer_slice(&plain));
    if (err == ENRUM_OK && !is_taken) {
        err = ENRUM_FILE_FAILED;
    }
    buffer_wipe(&plain);
    return err;
}

static enum enrum_err whole_check(struct download *download)
{
    struct id hash;
    enum enrum_err err = file_hash(&download->pass, &hash);
    if (err == ENRUM_OK && !id_equal(&hash, &download->hash)) {
        err = ENRUM_OPEN_FAILED;
    }
    return err == ENRUM_OK && download->sink.take == NULL ? file_name(download) : err;
}

/* In order; one that came too soon waits. */
static enum enrum_err blob_put(struct download *download, size_t place, struct slice blob)
{
    if (place == download->pass.next + 1 && download->early.len == 0) {
        buffer_append_slice(&download->early, blob);
        return download->early.failed ? buffer_error(&download->early) : ENRUM_OK;
    }
    if (place != download->pass.next) {
        return ENRUM_OK; /* asked for twice, over a lost connection */
    }
    enum enrum_err err = blob_take(download, blob);
    if (err == ENRUM_OK && download->early.len > 0) {
        err = blob_take(download, buffer_slice(&download->early));
        buffer_reset(&download->early);
    }
    return err;
}

static void ask_again(struct enrum *enrum, struct download *download, uint64_t pause_ms)
{
    buffer_reset(&download->early);
    download->asked = (size_t)download->pass.next;
    download->retry_at = now_mono(enrum) + pause_ms;
}

static void on_blob(struct enrum *enrum, struct request *request, enum enrum_err err, uint64_t type,
                    struct slice frame)
{
    struct download *download = download_find(enrum, request->subject / PLACES);
    struct msg_blob message;
    if (download == NULL) {
        return;
    }
    download->in_flight--;
    if (err == ENRUM_NETWORK) {
        ask_again(enrum, download, 0);
        return;
    }
    if (err != ENRUM_OK && !settle_is_final(err)) {
        ask_again(enrum, download, RETRY_MS);
        return;
    }
    if (err == ENRUM_OK &&
        (type != MESSAGE_BLOB || layout_decode(&message_blob, frame, &message) != ENRUM_OK)) {
        err = ENRUM_MALFORMED;
    }
    if (err == ENRUM_OK) {
        err = blob_put(download, request->subject % PLACES, message.bytes);
    }
    bool is_whole = err == ENRUM_OK && file_is_whole(&download->pass);
    if (is_whole) {
        err = whole_check(download);
    }
    /* Whoever is told may cancel it: it is not touched any more. */
    if (is_whole || err != ENRUM_OK) {
        download_end(enrum, download, err);
    } else {
        tell_progress(enrum, download);
    }
}

static bool blob_ask(struct enrum *enrum, struct download *download)
{
    struct msg_blob_get message = {.board = enrum->board.id,
                                   .room = download->room,
                                   .blob = id_of(download->blobs.at + download->asked * ID_BYTES)};
    struct question question = {.layout = &message_blob_get,
                                .message = &message,
                                .room = &download->room,
                                .subject = download->request * PLACES + download->asked,
                                .done = on_blob};
    if (contact_ask(enrum, &question) != ENRUM_OK) {
        return false;
    }
    download->asked++;
    download->in_flight++;
    return true;
}

void downloads_step(struct enrum *enrum)
{
    if (enrum->contact.state != CONTACT_READY || !enrum->contact.is_proved) {
        return;
    }
    LIST_EACH (link, &enrum->downloads) {
        struct download *download = LIST_ITEM(link, struct download, link);
        size_t count = download->blobs.len / ID_BYTES;
        bool goes = now_mono(enrum) >= download->retry_at;
        while (goes && download->in_flight < ASKED_AHEAD_MAX && download->asked < count &&
               download->asked < download->pass.next + ASKED_AHEAD_MAX) {
            goes = blob_ask(enrum, download);
        }
    }
}

/* -- Calls -- */

struct reading {
    struct enrum *enrum;
    struct roomcopy *room;
    struct download *download;
    enum enrum_err err;
};

/* What the entry says of its file. */
static enum enrum_err item_read(const struct enrum_item *item, struct download *download)
{
    struct wire_body_file body;
    struct secret32 key;
    if (!item->is_open) {
        return item->open_err != ENRUM_OK ? item->open_err : ENRUM_BLOB_UNKNOWN;
    }
    if (item->content.kind != KIND_FILE ||
        layout_decode(&layout_body_file, item->content.body, &body) != ENRUM_OK) {
        return ENRUM_BLOB_UNKNOWN;
    }
    download->hash = body.hash;
    buffer_append_slice(&download->blobs, body.blobs);
    secret_take(&key, body.key.bytes);
    enum enrum_err err = file_pass_begin(&download->pass, &key, body.size);
    secret_wipe(&key);
    return err == ENRUM_OK && download->blobs.failed ? ENRUM_MEMORY : err;
}

static bool each_entry(void *context, uint64_t seq, const struct id *hash, struct slice bytes)
{
    struct reading *reading = context;
    struct stored_entry stored;
    struct enrum_item item;
    struct buffer plain;
    (void)seq;
    buffer_init(&plain, ENTRY_BYTES_MAX);
    if (stored_next(&bytes, &stored) == ENRUM_OK &&
        tell_item(reading->enrum, reading->room, &stored, hash, &plain, &item)) {
        reading->err = item_read(&item, reading->download);
    }
    buffer_wipe(&plain);
    return false;
}

static enum enrum_err place_make(struct download *download, const char *path)
{
    struct stat found;
    if (strlen(path) >= sizeof download->path) {
        return ENRUM_FILE_FAILED;
    }
    memcpy(download->path, path, strlen(path) + 1);
    if (lstat(path, &found) == 0) {
        return ENRUM_FILE_EXISTS;
    }
    return file_open(download) ? ENRUM_OK : ENRUM_FILE_FAILED;
}

static enum enrum_err entry_read(struct enrum *enrum, struct roomcopy *room, uint64_t seq,
                                 struct download *download)
{
    struct reading reading = {enrum, room, download, ENRUM_BLOB_UNKNOWN};
    enum enrum_err err = localstore_entries(enrum->store, &room->id, seq, 1, each_entry, &reading);
    return err == ENRUM_OK ? reading.err : err;
}

static struct download *download_new(const struct roomcopy *room, uint64_t seq)
{
    struct download *download = calloc(1, sizeof *download);
    if (download != NULL) {
        list_init(&download->link);
        buffer_init(&download->blobs, (size_t)BLOBS_PER_ENTRY_MAX * ID_BYTES);
        buffer_init(&download->early, BLOB_BYTES_MAX);
        download->fd = -1;
        download->room = room->id;
        download->seq = seq;
    }
    return download;
}

/* To the path, or to the sink when there is none. */
static enum enrum_err download_begin(struct enrum *enrum, const struct id *id, uint64_t seq,
                                     const char *path, const struct enrum_sink *sink,
                                     uint64_t *request)
{
    struct roomcopy *room = NULL;
    enum enrum_err err = room_named(enrum, id, &room);
    if (err != ENRUM_OK || roomcopy_load(enrum, room) != ENRUM_OK) {
        return err != ENRUM_OK ? err : ENRUM_ROOM_UNKNOWN;
    }
    if (seq == 0 || seq > room->fold.seq) {
        return ENRUM_BLOB_UNKNOWN;
    }
    struct download *download = download_new(room, seq);
    if (download == NULL) {
        return ENRUM_MEMORY;
    }
    if (path != NULL) {
        err = place_make(download, path);
    } else {
        download->sink = *sink;
    }
    if (err == ENRUM_OK) {
        err = entry_read(enrum, room, seq, download);
    }
    if (err != ENRUM_OK) {
        download_free(download);
        return err;
    }
    download->request = *request = ++enrum->last_download;
    list_push_back(&enrum->downloads, &download->link);
    return ENRUM_OK;
}

enum enrum_err enrum_save_file(struct enrum *enrum, const struct id *room, uint64_t seq,
                               const char *path, uint64_t *request)
{
    return download_begin(enrum, room, seq, path, NULL, request);
}

enum enrum_err enrum_fetch_file(struct enrum *enrum, const struct id *room, uint64_t seq,
                                const struct enrum_sink *sink, uint64_t *request)
{
    return download_begin(enrum, room, seq, NULL, sink, request);
}

enum enrum_err enrum_save_cancel(struct enrum *enrum, uint64_t request)
{
    struct download *download = download_find(enrum, request);
    if (download == NULL) {
        return ENRUM_OUT_OF_STATE;
    }
    download_end(enrum, download, ENRUM_CANCELLED);
    return ENRUM_OK;
}
