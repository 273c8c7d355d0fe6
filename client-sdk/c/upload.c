/* upload -- see upload.h. */
#include "upload.h"

#include "handle.h"
#include "protocol/file.h"
#include "settle.h"

#include <stdlib.h>

/* A request's subject is the draft and the blob's place in it. */
enum { PLACES = 512 };
_Static_assert((int)PLACES > (int)BLOBS_PER_ENTRY_MAX, "every place has a number");

/* -- Of a draft -- */

static bool blobs_of(const struct local_draft *row, struct slice *out)
{
    union entry_open open;
    if (row->class != CLASS_RECORD || row->is_create ||
        layout_decode(&layout_open_record, row->open, &open) != ENRUM_OK) {
        return false;
    }
    *out = open.record.blobs;
    return out->len > 0;
}

static uint64_t size_of(const struct local_draft *row)
{
    struct wire_content content;
    struct wire_body_file body;
    return layout_decode(&layout_content, row->content, &content) == ENRUM_OK &&
                   layout_decode(&layout_body_file, content.body, &body) == ENRUM_OK
               ? body.size
               : 0;
}

enum enrum_err upload_of_draft(const struct local_draft *row, struct upload **out)
{
    struct slice blobs;
    *out = NULL;
    if (!blobs_of(row, &blobs)) {
        return ENRUM_OK;
    }
    struct upload *upload = calloc(1, sizeof *upload);
    if (upload == NULL) {
        return ENRUM_MEMORY;
    }
    upload->count = blobs.len / ID_BYTES;
    upload->size = size_of(row);
    /* What is sealed already was sealed because the host had them all. */
    upload->state = row->device_seq == 0 ? UPLOAD_UNASKED : UPLOAD_DONE;
    *out = upload;
    return ENRUM_OK;
}

/* -- What comes of an answer -- */

static void tell_progress(struct enrum *enrum, const struct draft *draft)
{
    const struct upload *upload = draft->upload;
    uint64_t done = (uint64_t)(upload->count - upload->missing_count) * CHUNK_BYTES_MAX;
    struct enrum_event event = {.type = ENRUM_EVENT_PROGRESS,
                                .room = draft->row.room,
                                .outbox = draft->row.id,
                                .done = done < upload->size ? done : upload->size,
                                .total = upload->size};
    handle_tell(enrum, &event);
}

static void begin_again(struct upload *upload, uint64_t at)
{
    upload->state = UPLOAD_UNASKED;
    upload->retry_at = at;
}

void upload_again(struct enrum *enrum, struct draft *draft)
{
    begin_again(draft->upload, now_mono(enrum) + RETRY_MS);
}

/* A draft that is not sealed yet can be in no log: it is given back at once. */
static void refused(struct enrum *enrum, struct draft *draft, enum enrum_err err)
{
    if (err == ENRUM_NETWORK) {
        begin_again(draft->upload, 0);
    } else if (!settle_is_final(err)) {
        upload_again(enrum, draft);
    } else if (draft->row.device_seq != 0) {
        /* Whether its entry is in the log is found out by sending that. */
        draft->upload->state = UPLOAD_DONE;
    } else {
        draft_give_back(enrum, draft, err);
    }
}

static void missing_take(struct upload *upload, struct slice blobs, struct slice missing)
{
    upload->missing_count = 0;
    upload->next = 0;
    for (size_t i = 0; i < upload->count; i++) {
        upload->is_missing[i] = false;
        for (size_t at = 0; at < missing.len && !upload->is_missing[i]; at += ID_BYTES) {
            upload->is_missing[i] = memcmp(missing.at + at, blobs.at + i * ID_BYTES, ID_BYTES) == 0;
        }
        upload->missing_count += upload->is_missing[i];
    }
    upload->state = upload->missing_count > 0 ? UPLOAD_PUTTING : UPLOAD_DONE;
}

static void on_blobs(struct enrum *enrum, struct request *request, enum enrum_err err,
                     uint64_t type, struct slice frame)
{
    struct draft *draft = draft_find(enrum, request->subject);
    struct msg_blobs message;
    struct slice blobs;
    if (draft == NULL || draft->upload == NULL || draft->upload->state != UPLOAD_ASKED) {
        return;
    }
    if (err == ENRUM_OK && (type != MESSAGE_BLOBS || !blobs_of(&draft->row, &blobs) ||
                            layout_decode(&message_blobs, frame, &message) != ENRUM_OK)) {
        enrum->contact.lost_err = ENRUM_MALFORMED;
        begin_again(draft->upload, 0);
    } else if (err == ENRUM_OK) {
        missing_take(draft->upload, blobs, message.missing);
        tell_progress(enrum, draft);
    } else {
        refused(enrum, draft, err);
    }
}

static void on_put(struct enrum *enrum, struct request *request, enum enrum_err err, uint64_t type,
                   struct slice frame)
{
    (void)type, (void)frame;
    struct draft *draft = draft_find(enrum, request->subject / PLACES);
    size_t place = request->subject % PLACES;
    enrum->outbox.blobs_in_flight--;
    if (draft == NULL || draft->upload == NULL) {
        return;
    }
    struct upload *upload = draft->upload;
    upload->in_flight--;
    if (err != ENRUM_OK) {
        refused(enrum, draft, err);
        return;
    }
    if (upload->state == UPLOAD_PUTTING && upload->is_missing[place]) {
        upload->is_missing[place] = false;
        upload->missing_count--;
        upload->state = upload->missing_count > 0 ? UPLOAD_PUTTING : UPLOAD_DONE;
        tell_progress(enrum, draft);
    }
}

/* -- Sending -- */

static void ask(struct enrum *enrum, struct draft *draft)
{
    struct msg_blob_ask message = {.board = enrum->board.id, .room = draft->row.room};
    if (!blobs_of(&draft->row, &message.blobs)) {
        return;
    }
    struct question question = {.layout = &message_blob_ask,
                                .message = &message,
                                .room = &draft->row.room,
                                .subject = draft->row.id,
                                .done = on_blobs};
    if (contact_ask(enrum, &question) == ENRUM_OK) {
        draft->upload->state = UPLOAD_ASKED;
    }
}

static enum enrum_err put(struct enrum *enrum, struct draft *draft, size_t place)
{
    struct msg_blob_put message = {.board = enrum->board.id, .room = draft->row.room};
    struct buffer bytes;
    buffer_init(&bytes, BLOB_BYTES_MAX);
    enum enrum_err err = localstore_blob_get(enrum->store, draft->row.id, place, &bytes);
    message.bytes = buffer_slice(&bytes);
    struct question question = {.layout = &message_blob_put,
                                .message = &message,
                                .room = &draft->row.room,
                                .subject = draft->row.id * PLACES + place,
                                .done = on_put};
    if (err == ENRUM_OK) {
        err = contact_ask(enrum, &question);
    }
    buffer_fini(&bytes);
    return err;
}

static void put_some(struct enrum *enrum, struct draft *draft)
{
    struct upload *upload = draft->upload;
    while (enrum->outbox.blobs_in_flight < BLOBS_IN_FLIGHT_MAX && upload->next < upload->count) {
        if (upload->is_missing[upload->next]) {
            if (put(enrum, draft, upload->next) != ENRUM_OK) {
                upload_again(enrum, draft);
                return;
            }
            enrum->outbox.blobs_in_flight++;
            upload->in_flight++;
        }
        upload->next++;
    }
}

/* The host has the file: now the entry gets its number, its time and the key that is the room's. */
static void seal(struct enrum *enrum, struct roomcopy *room, struct draft *draft)
{
    struct local_draft row = draft->row;
    struct buffer bytes;
    buffer_init(&bytes, ENTRY_BYTES_MAX);
    enum enrum_err err = roomcopy_load(enrum, room);
    if (err == ENRUM_OK) {
        row.device_seq = outbox_device_seq(enrum, room);
        err = draft_seal(enrum, room, &row, &bytes);
    }
    if (err == ENRUM_OK) {
        err = outbox_number(enrum, room, draft, &row);
    }
    if (err != ENRUM_OK) {
        room->is_wanted = true;
        draft->upload->retry_at = now_mono(enrum) + RETRY_MS;
    }
    buffer_fini(&bytes);
}

void upload_step(struct enrum *enrum, struct roomcopy *room, struct draft *draft)
{
    if (room->is_unborn || room->trouble != ENRUM_OK || room->stall != ENRUM_OK ||
        now_mono(enrum) < draft->upload->retry_at) {
        return;
    }
    switch (draft->upload->state) {
    case UPLOAD_UNASKED:
        ask(enrum, draft);
        break;
    case UPLOAD_ASKED:
        break;
    case UPLOAD_PUTTING:
        put_some(enrum, draft);
        break;
    case UPLOAD_DONE:
        if (draft->row.device_seq == 0) {
            seal(enrum, room, draft);
        }
        break;
    }
}
