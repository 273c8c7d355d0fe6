/* outbox -- see outbox.h. This file: drafts, their sealing, their sending. What becomes of the
 * refused is in settle.c. */
#include "outbox.h"

#include "handle.h"
#include "settle.h"

#include <stdlib.h>

/* -- Drafts in memory -- */

static struct slice copy_into(uint8_t *memory, size_t *at, struct slice bytes)
{
    struct slice copy = {memory + *at, bytes.len};
    if (bytes.len > 0) {
        memcpy(memory + *at, bytes.at, bytes.len);
    }
    *at += bytes.len;
    return copy;
}

bool draft_fill(struct draft *draft, const struct local_draft *row)
{
    size_t at = 0, size = row->open.len + row->content.len + row->bytes.len;
    uint8_t *memory = malloc(size + 1);
    if (memory == NULL) {
        return false;
    }
    struct local_draft copy = *row;
    copy.open = copy_into(memory, &at, row->open);
    copy.content = copy_into(memory, &at, row->content);
    copy.bytes = copy_into(memory, &at, row->bytes);
    draft_wipe(draft);
    draft->row = copy;
    draft->memory = memory;
    return true;
}

/* The content is what somebody wrote. */
void draft_wipe(struct draft *draft)
{
    if (draft->memory != NULL) {
        explicit_bzero(draft->memory,
                       draft->row.open.len + draft->row.content.len + draft->row.bytes.len);
        free(draft->memory);
        draft->memory = NULL;
    }
}

struct draft *draft_new(struct outbox *outbox, const struct local_draft *row)
{
    struct draft *draft = calloc(1, sizeof *draft);
    if (draft == NULL || upload_of_draft(row, &draft->upload) != ENRUM_OK ||
        !draft_fill(draft, row)) {
        free(draft != NULL ? draft->upload : NULL);
        free(draft);
        return NULL;
    }
    list_init(&draft->link);
    list_push_back(&outbox->drafts, &draft->link);
    outbox->count++;
    return draft;
}

static void draft_free(struct outbox *outbox, struct draft *draft)
{
    list_remove(&draft->link);
    outbox->count--;
    draft_wipe(draft);
    free(draft->upload);
    free(draft);
}

void outbox_replace(struct outbox *outbox, const struct id *room, struct outbox *made)
{
    LIST_EACH (link, &outbox->drafts) {
        struct draft *draft = LIST_ITEM(link, struct draft, link);
        if (id_equal(&draft->row.room, room)) {
            draft_free(outbox, draft);
        }
    }
    LIST_EACH (link, &made->drafts) {
        list_remove(link);
        list_push_back(&outbox->drafts, link);
    }
    outbox->count += made->count;
    made->count = 0;
}

void draft_drop(struct enrum *enrum, struct draft *draft)
{
    if (localstore_draft_remove(enrum->store, draft->row.id) != ENRUM_OK) {
        enrum->is_store_bad = true;
    }
    draft_free(&enrum->outbox, draft);
}

static void each_row(void *context, const struct local_draft *row)
{
    struct enrum *enrum = context;
    struct roomcopy *room = roomcopy_make(enrum, &row->room);
    if (room == NULL || draft_new(&enrum->outbox, row) == NULL) {
        enrum->is_store_bad = true;
        return;
    }
    room->is_unborn = room->is_unborn || row->is_create;
}

enum enrum_err outbox_open(struct enrum *enrum)
{
    list_init(&enrum->outbox.drafts);
    enum enrum_err err = localstore_drafts(enrum->store, each_row, enrum);
    return err == ENRUM_OK && enrum->is_store_bad ? ENRUM_MEMORY : err;
}

void outbox_fini(struct outbox *outbox)
{
    LIST_EACH (link, &outbox->drafts) {
        draft_free(outbox, LIST_ITEM(link, struct draft, link));
    }
}

bool outbox_has(const struct enrum *enrum, const struct id *room)
{
    LIST_EACH (link, &enrum->outbox.drafts) {
        if (id_equal(&LIST_ITEM(link, struct draft, link)->row.room, room)) {
            return true;
        }
    }
    return false;
}

/* -- Sealing -- */

enum enrum_err draft_seal(struct enrum *enrum, struct roomcopy *room, struct local_draft *row,
                          struct buffer *bytes)
{
    union entry_open open;
    struct wire_content content;
    const struct fold *fold = &room->fold;
    uint64_t generation = fold->generation_count > 0 ? fold->generation_count
                                                     : room->pending_generation;
    const struct secret32 *key = keyring_find(&room->keyring, generation);
    if (generation == 0 || (row->content.len > 0 && key == NULL)) {
        return ENRUM_KEY_MISSING;
    }
    enum enrum_err err = layout_decode(class_layout(row->class), row->open, &open);
    if (err == ENRUM_OK && row->content.len > 0) {
        err = layout_decode(&layout_content, row->content, &content);
    }
    if (err != ENRUM_OK) {
        return err;
    }
    struct entry_draft entry = {
        .head = {.room = room->id,
                 .class = row->class,
                 .generation = generation,
                 .certificate = enrum->me.hash,
                 .device_seq = row->device_seq,
                 .seen_seq = fold->seq,
                 .seen_hash = fold->hash,
                 .time = now_wall(enrum)},
        .open = &open,
        .content = row->content.len > 0 ? &content : NULL,
    };
    err = entry_encode(&entry, key, &enrum->sign, bytes);
    row->bytes = buffer_slice(bytes);
    return err;
}

/* -- Putting in -- */

uint64_t outbox_device_seq(const struct enrum *enrum, const struct roomcopy *room)
{
    uint64_t last = fold_device_seq(&room->fold, &enrum->device);
    return (room->local.sent_seq > last ? room->local.sent_seq : last) + 1;
}

/* The row and the number it took, on disk together. */
static enum enrum_err row_keep(struct enrum *enrum, struct roomcopy *room, struct local_draft *row)
{
    uint64_t sent_before = room->local.sent_seq;
    room->local.sent_seq = row->device_seq;
    enum enrum_err err = localstore_draft_put(enrum->store, row);
    if (err == ENRUM_OK) {
        err = localstore_room_put(enrum->store, &room->local);
    }
    if (err == ENRUM_OK) {
        err = localstore_commit(enrum->store);
    }
    if (err != ENRUM_OK) {
        room->local.sent_seq = sent_before;
    }
    return err;
}

static enum enrum_err row_put(struct enrum *enrum, struct roomcopy *room, struct local_draft *row,
                              uint64_t *id)
{
    uint64_t sent_before = room->local.sent_seq;
    if (enrum->outbox.count >= OUTBOX_DRAFTS_MAX) {
        return ENRUM_OUTBOX_FULL;
    }
    enum enrum_err err = row_keep(enrum, room, row);
    if (err == ENRUM_OK && draft_new(&enrum->outbox, row) == NULL) {
        (void)localstore_draft_remove(enrum->store, row->id);
        room->local.sent_seq = sent_before;
        err = ENRUM_MEMORY;
    }
    if (err != ENRUM_OK) {
        return err;
    }
    if (id != NULL) {
        *id = row->id;
    }
    return ENRUM_OK;
}

enum enrum_err outbox_put(struct enrum *enrum, struct roomcopy *room, uint64_t class,
                          const void *open, const struct wire_content *content, uint64_t *id)
{
    struct local_draft row = {.room = room->id, .class = class};
    struct buffer open_bytes, content_bytes, bytes;
    buffer_init(&open_bytes, OPEN_BYTES_MAX);
    buffer_init(&content_bytes, CONTENT_BYTES_MAX);
    buffer_init(&bytes, ENTRY_BYTES_MAX);
    enum enrum_err err = layout_encode(class_layout(class), open, &open_bytes);
    if (err == ENRUM_OK && content != NULL) {
        err = layout_encode(&layout_content, content, &content_bytes);
    }
    if (err == ENRUM_OK) {
        row.open = buffer_slice(&open_bytes);
        row.content = buffer_slice(&content_bytes);
        row.device_seq = outbox_device_seq(enrum, room);
        err = draft_seal(enrum, room, &row, &bytes);
    }
    if (err == ENRUM_OK) {
        err = row_put(enrum, room, &row, id);
    }
    buffer_fini(&open_bytes);
    buffer_wipe(&content_bytes);
    buffer_fini(&bytes);
    return err;
}

void draft_of_opening(struct local_draft *row, const struct opening *opening)
{
    row->room = opening->room;
    row->random = opening->random;
    row->device_seq = opening->device_seq;
    row->content = opening->plan.content;
    row->bytes = buffer_slice(&opening->entries);
}

enum enrum_err outbox_put_create(struct enrum *enrum, struct roomcopy *room,
                                 const struct opening *opening, uint64_t *id)
{
    struct local_draft row = {.is_create = true, .class = CLASS_GENERATION};
    draft_of_opening(&row, opening);
    return row_put(enrum, room, &row, id);
}

enum enrum_err outbox_put_upload(struct enrum *enrum, struct local_draft *row)
{
    enum enrum_err err = enrum->outbox.count < OUTBOX_DRAFTS_MAX ? ENRUM_OK : ENRUM_OUTBOX_FULL;
    if (err == ENRUM_OK) {
        err = localstore_draft_put(enrum->store, row);
    }
    if (err == ENRUM_OK) {
        err = localstore_commit(enrum->store);
    }
    if (err == ENRUM_OK && draft_new(&enrum->outbox, row) == NULL) {
        err = ENRUM_MEMORY;
    }
    if (err != ENRUM_OK) {
        (void)localstore_draft_remove(enrum->store, row->id);
    }
    return err;
}

enum enrum_err outbox_number(struct enrum *enrum, struct roomcopy *room, struct draft *draft,
                             const struct local_draft *row)
{
    struct local_draft numbered = *row;
    enum enrum_err err = row_keep(enrum, room, &numbered);
    if (err == ENRUM_OK && !draft_fill(draft, &numbered)) {
        enrum->is_store_bad = true;
        err = ENRUM_MEMORY;
    }
    if (err == ENRUM_OK) {
        list_remove(&draft->link);
        list_push_back(&enrum->outbox.drafts, &draft->link);
    }
    return err;
}

/* -- Answers -- */

struct draft *draft_find(const struct enrum *enrum, uint64_t id)
{
    LIST_EACH (link, &enrum->outbox.drafts) {
        struct draft *draft = LIST_ITEM(link, struct draft, link);
        if (draft->row.id == id) {
            return draft;
        }
    }
    return NULL;
}

static bool ack_holds(const struct enrum *enrum, const struct draft *draft,
                      const struct msg_ack *ack)
{
    struct receipt_leaf leaf;
    struct receipt_proof proof;
    size_t count = 1;
    if (draft->row.is_create &&
        layout_count(&layout_entry, draft->row.bytes, ENTRIES_PER_APPEND_MAX, &count) != ENRUM_OK) {
        return false;
    }
    receipt_of_ack(ack, &leaf, &proof);
    return id_equal(&ack->board, &enrum->board.id) && id_equal(&ack->room, &draft->row.room) &&
           (ack->count == count || ack->count == 1) &&
           receipt_check(&enrum->board.host_key, &leaf, &proof);
}

void draft_sent(struct enrum *enrum, struct roomcopy *room, struct draft *draft, uint64_t seq)
{
    struct enrum_event event = {
        .type = ENRUM_EVENT_SENT, .room = room->id, .outbox = draft->row.id, .seq = seq};
    bool is_create = draft->row.is_create;
    room->reseals = 0;
    draft_drop(enrum, draft);
    if (is_create) {
        room->is_unborn = false;
        roomcopy_tell_known(enrum, room);
    }
    handle_tell(enrum, &event);
}

static void on_ack(struct enrum *enrum, struct roomcopy *room, struct draft *draft,
                   struct slice frame)
{
    struct msg_ack ack;
    if (layout_decode(&message_ack, frame, &ack) != ENRUM_OK || !ack_holds(enrum, draft, &ack)) {
        roomcopy_fail(enrum, room, ENRUM_RECEIPT_WRONG);
        return;
    }
    struct room_receipt receipt = roomcopy_receipt_of(&ack, draft->row.device_seq,
                                                      draft->row.bytes);
    receipt.at = now_mono(enrum);
    if (localstore_receipt_put(enrum->store, &room->id, ack.seq, receipt.device_seq, frame) !=
        ENRUM_OK) {
        /* What was gathered with it, also the entry, may be gone from the disk: asked again. */
        enrum->is_store_bad = true;
        return;
    }
    roomcopy_receipt_add(enrum, room, &receipt);
    if (room->trouble == ENRUM_OK) {
        draft_sent(enrum, room, draft, ack.seq);
    }
}

static void on_answer(struct enrum *enrum, struct request *request, enum enrum_err err,
                      uint64_t type, struct slice frame)
{
    struct draft *draft = draft_find(enrum, request->subject);
    struct roomcopy *room = roomcopy_find(enrum, &request->room);
    if (draft == NULL || room == NULL) {
        return;
    }
    room->in_flight--;
    draft->is_in_flight = false;
    if (err == ENRUM_NETWORK) {
        return; /* whether the host has it is not known: the same bytes again, when there is a
                   connection */
    }
    if (err == ENRUM_BLOB_MISSING && draft->upload != NULL) {
        upload_again(enrum, draft);
    } else if (err == ENRUM_OK && type == MESSAGE_ACK) {
        on_ack(enrum, room, draft, frame);
    } else if (err == ENRUM_OK) {
        enrum->contact.lost_err = ENRUM_MALFORMED; /* neither yes nor no: asked again */
    } else {
        settle_begin(enrum, room, draft, err);
    }
}

/* -- Sending -- */

static enum enrum_err draft_send(struct enrum *enrum, struct roomcopy *room, struct draft *draft)
{
    struct msg_append append = {
        .board = enrum->board.id, .room = room->id, .entries = draft->row.bytes};
    struct msg_room_create create = {
        .board = enrum->board.id, .random = draft->row.random, .entries = draft->row.bytes};
    struct question question = {
        .layout = draft->row.is_create ? &message_room_create : &message_append,
        .message = draft->row.is_create ? (void *)&create : (void *)&append,
        .room = &room->id,
        .subject = draft->row.id,
        .done = on_answer,
    };
    enum enrum_err err = contact_ask(enrum, &question);
    if (err == ENRUM_OK) {
        draft->is_in_flight = true;
        room->in_flight++;
    }
    return err;
}

/* A room's drafts go out in order; behind one that opens the room, or may yet be refused for want
 * of a blob, nothing goes until it stands. */
static bool is_alone(const struct draft *draft)
{
    return draft->row.is_create || draft->upload != NULL;
}

static void draft_step(struct enrum *enrum, struct draft *draft)
{
    struct roomcopy *room = roomcopy_find(enrum, &draft->row.room);
    uint64_t step = enrum->outbox.steps;
    if (room == NULL || room->blocked_in == step || draft->row.device_seq == 0) {
        return;
    }
    if (draft->is_unkept && room->stall == ENRUM_OK) {
        /* What goes out must be what a crash would send again, or it would be there twice. */
        settle_begin(enrum, room, draft, ENRUM_SEEN_WRONG);
    }
    bool is_full = room->in_flight >= IN_FLIGHT_MAX;
    if (draft->is_in_flight) {
        room->blocked_in = is_alone(draft) ? step : room->blocked_in;
        return;
    }
    bool is_there = draft->upload == NULL || draft->upload->state == UPLOAD_DONE;
    if (is_full || !is_there || room->stall != ENRUM_OK || room->trouble != ENRUM_OK ||
        draft_send(enrum, room, draft) != ENRUM_OK || is_alone(draft)) {
        room->blocked_in = step;
    }
}

/* A step may give a draft back, or put it behind the others. */
static void uploads_step(struct enrum *enrum)
{
    LIST_EACH (link, &enrum->outbox.drafts) {
        struct draft *draft = LIST_ITEM(link, struct draft, link);
        struct roomcopy *room = draft->upload != NULL ? roomcopy_find(enrum, &draft->row.room)
                                                      : NULL;
        if (room != NULL) {
            upload_step(enrum, room, draft);
        }
    }
}

void outbox_step(struct enrum *enrum)
{
    /* Under a renewed certificate nothing is sent before the host has accepted it: it would be
     * refused, and sealed anew, again and again. */
    if (enrum->contact.state != CONTACT_READY || !enrum->contact.is_proved ||
        list_is_empty(&enrum->outbox.drafts)) {
        return;
    }
    /* A host that names keepers of its own gets nothing more; what is written waits. */
    if (enrum->asks.are_foreign) {
        return;
    }
    settle_step(enrum);
    uploads_step(enrum);
    enrum->outbox.steps++;
    LIST_EACH (link, &enrum->outbox.drafts) {
        draft_step(enrum, LIST_ITEM(link, struct draft, link));
    }
}

void outbox_on_ready(struct enrum *enrum)
{
    LIST_EACH (link, &enrum->rooms) {
        LIST_ITEM(link, struct roomcopy, link)->stall = ENRUM_OK;
    }
}
