/* appendjob -- see appendjob.h. */
#include "appendjob.h"

#include "follow.h"
#include "handle.h"

#include <stdlib.h>

/* -- Jobs -- */

static void job_free(struct appendjob *job)
{
    list_remove(&job->link);
    for (size_t i = 0; i < job->count; i++) {
        buffer_fini(&job->items[i].open);
        buffer_wipe(&job->items[i].content);
    }
    buffer_fini(&job->entries);
    secret_wipe(&job->key);
    free(job);
}

void appends_free(struct roomcopy *room)
{
    LIST_EACH (link, &room->appends) {
        job_free(LIST_ITEM(link, struct appendjob, link));
    }
}

static struct appendjob *job_first(const struct roomcopy *room)
{
    struct list *link = list_first(&room->appends);
    return link != NULL ? LIST_ITEM(link, struct appendjob, link) : NULL;
}

static bool job_starts_generation(const struct appendjob *job)
{
    return job->has_key && job->items[0].class == CLASS_GENERATION;
}

void append_keys_learn(struct roomcopy *room)
{
    struct appendjob *job = job_first(room);
    const struct fold_generation *generation = fold_generation_find(&room->fold,
                                                                    room->fold.generation_count);
    struct id commitment;
    if (job == NULL || !job_starts_generation(job) || generation == NULL) {
        return;
    }
    grant_commitment(&room->id, room->fold.generation_count, &job->key, &commitment);
    if (id_equal(&commitment, &generation->commitment)) {
        (void)keyring_put(&room->keyring, room->fold.generation_count, &job->key);
    }
}

static void job_end(struct enrum *enrum, struct roomcopy *room, struct appendjob *job,
                    enum enrum_err err, uint64_t seq)
{
    struct enrum_event event = {.type = ENRUM_EVENT_APPENDED,
                                .room = room->id,
                                .request = job->request,
                                .err = err,
                                .seq = seq};
    job_free(job);
    handle_tell(enrum, &event);
}

/* -- Making the entries -- */

struct making {
    uint64_t generation, device_seq;
    const struct secret32 *key;
};

static enum enrum_err item_make(struct enrum *enrum, const struct roomcopy *room,
                                const struct appendjob *job, const struct append_item *item,
                                struct making *making, struct buffer *out)
{
    union entry_open open;
    struct wire_content content;
    const struct fold *fold = &room->fold;
    enum enrum_err err = layout_decode(class_layout(item->class), buffer_slice(&item->open), &open);
    if (err == ENRUM_OK && item->content.len > 0) {
        err = layout_decode(&layout_content, buffer_slice(&item->content), &content);
    }
    if (err != ENRUM_OK) {
        return err;
    }
    if (item->class == CLASS_GENERATION) {
        open.generation.base_seq = fold->seq;
        open.generation.base_hash = fold->hash;
        making->generation = open.generation.number;
        making->key = job->has_key ? &job->key : NULL;
    }
    if (item->content.len > 0 && making->key == NULL) {
        return ENRUM_KEY_MISSING;
    }
    struct entry_draft draft = {
        .head = {.room = room->id,
                 .class = item->class,
                 .generation = making->generation,
                 .certificate = enrum->me.hash,
                 .device_seq = making->device_seq++,
                 .seen_seq = fold->seq,
                 .seen_hash = fold->hash,
                 .time = now_wall(enrum)},
        .open = &open,
        .content = item->content.len > 0 ? &content : NULL,
    };
    return entry_encode(&draft, making->key, &enrum->sign, out);
}

static enum enrum_err job_make(struct enrum *enrum, const struct roomcopy *room,
                               struct appendjob *job)
{
    uint64_t last = fold_device_seq(&room->fold, &enrum->device);
    last = room->local.sent_seq > last ? room->local.sent_seq : last;
    struct making making = {
        .generation = room->fold.generation_count,
        .device_seq = last + 1,
        .key = keyring_find(&room->keyring, room->fold.generation_count),
    };
    job->base_seq = room->fold.seq;
    job->first_device_seq = making.device_seq;
    enum enrum_err err = ENRUM_OK;
    for (size_t i = 0; err == ENRUM_OK && i < job->count; i++) {
        err = item_make(enrum, room, job, &job->items[i], &making, &job->entries);
    }
    return err;
}

/* -- Answers -- */

static void job_done(struct enrum *enrum, struct roomcopy *room, struct appendjob *job,
                     struct slice frame)
{
    struct msg_ack ack;
    struct receipt_leaf leaf;
    struct receipt_proof proof;
    if (layout_decode(&message_ack, frame, &ack) != ENRUM_OK) {
        roomcopy_fail(enrum, room, ENRUM_RECEIPT_WRONG);
        return;
    }
    receipt_of_ack(&ack, &leaf, &proof);
    if (!id_equal(&ack.room, &room->id) || (ack.count != job->count && ack.count != 1) ||
        !receipt_check(&enrum->board.host_key, &leaf, &proof)) {
        roomcopy_fail(enrum, room, ENRUM_RECEIPT_WRONG);
        return;
    }
    struct room_receipt receipt = roomcopy_receipt_of(&ack, job->first_device_seq + job->count - 1,
                                                      buffer_slice(&job->entries));
    receipt.at = now_mono(enrum);
    if (localstore_receipt_put(enrum->store, &room->id, ack.seq, receipt.device_seq, frame) !=
        ENRUM_OK) {
        enrum->is_store_bad = true; /* what was gathered may be gone from the disk: asked again */
        return;
    }
    room->local.sent_seq = receipt.device_seq;
    room->acked_seq = ack.seq;
    roomcopy_receipt_add(enrum, room, &receipt);
    if (room->trouble != ENRUM_OK) {
        return;
    }
    if (job->is_create) {
        room->is_unborn = false;
        (void)keyring_put(&room->keyring, 1, &job->key);
        roomcopy_tell_known(enrum, room);
    }
    job_end(enrum, room, job, ENRUM_OK, ack.seq);
}

static bool is_remade(enum enrum_err err)
{
    return err == ENRUM_BASE_WRONG || err == ENRUM_GENERATION_TOO_OLD ||
           err == ENRUM_GENERATION_TOO_NEW || err == ENRUM_SEEN_WRONG ||
           err == ENRUM_DEVICE_SEQ_GAP || err == ENRUM_SAME_ID_OTHER_BYTES ||
           err == ENRUM_DEVICE_OTHER;
}

static void job_refused(struct enrum *enrum, struct roomcopy *room, struct appendjob *job,
                        enum enrum_err err)
{
    enum error_class class = error_class(err);
    bool is_again = class == ERROR_LIMIT || class == ERROR_OURS ||
                    (class == ERROR_GONE && err != ENRUM_CAUSE_TAKEN && err != ENRUM_BASE_WRONG);
    bool is_anew = is_remade(err) && !job->is_create;
    if ((!is_again && !is_anew) || ++job->tries > APPEND_TRIES_MAX) {
        job_end(enrum, room, job, err, 0);
        return;
    }
    if (is_anew) {
        /* Made anew from what the log says now: also the device's own number. */
        buffer_fini(&job->entries);
        room->local.sent_seq = 0;
        room->is_wanted = true;
        room->is_current = false;
    } else {
        room->retry_at = now_mono(enrum) + RETRY_MS;
    }
}

static void on_answer(struct enrum *enrum, struct request *request, enum enrum_err err,
                      uint64_t type, struct slice frame)
{
    struct roomcopy *room = roomcopy_find(enrum, &request->room);
    struct appendjob *job = room != NULL ? job_first(room) : NULL;
    if (job == NULL || job->request != request->subject) {
        return;
    }
    job->is_in_flight = false;
    if (err == ENRUM_NETWORK) {
        return; /* the same bytes again: the host has them once at most */
    }
    if (err == ENRUM_OK && type == MESSAGE_ACK) {
        job_done(enrum, room, job, frame);
    } else if (err == ENRUM_OK) {
        enrum->contact.lost_err = ENRUM_MALFORMED; /* neither yes nor no: asked again */
    } else {
        job_refused(enrum, room, job, err);
    }
}

/* -- Sending -- */

static enum enrum_err job_send(struct enrum *enrum, struct roomcopy *room, struct appendjob *job)
{
    struct msg_append append = {
        .board = enrum->board.id, .room = room->id, .entries = buffer_slice(&job->entries)};
    struct msg_room_create create = {
        .board = enrum->board.id, .random = job->random, .entries = buffer_slice(&job->entries)};
    struct question question = {
        .layout = job->is_create ? &message_room_create : &message_append,
        .message = job->is_create ? (void *)&create : (void *)&append,
        .room = &room->id,
        .subject = job->request,
        .done = on_answer,
    };
    return contact_ask(enrum, &question);
}

static void room_step(struct enrum *enrum, struct roomcopy *room)
{
    struct appendjob *job = job_first(room);
    if (job == NULL || job->is_in_flight || now_mono(enrum) < room->retry_at) {
        return;
    }
    if (room->trouble != ENRUM_OK || room->is_denied) {
        job_end(enrum, room, job, room->is_denied ? ENRUM_ROOM_UNKNOWN : room->trouble, 0);
        return;
    }
    bool is_settled = job->is_create || (room->is_current && room->fold.seq >= room->acked_seq);
    if (job->entries.len == 0) {
        if (!is_settled) {
            room->is_wanted = true;
            return;
        }
        enum enrum_err err = job_make(enrum, room, job);
        if (err != ENRUM_OK) {
            job_end(enrum, room, job, err, 0);
            return;
        }
    }
    enum enrum_err err = job_send(enrum, room, job);
    job->is_in_flight = err == ENRUM_OK;
    if (err == ENRUM_OVERSIZED || err == ENRUM_MALFORMED) {
        job_end(enrum, room, job, err, 0);
    }
}

void appends_step(struct enrum *enrum)
{
    if (enrum->contact.state != CONTACT_READY || !enrum->contact.is_proved || !is_keeper(enrum)) {
        return;
    }
    LIST_EACH (link, &enrum->rooms) {
        room_step(enrum, LIST_ITEM(link, struct roomcopy, link));
    }
}

/* -- Calls -- */

static enum enrum_err item_copy(const struct enrum_append *from, struct append_item *to)
{
    const struct layout *layout = class_layout(from->class);
    to->class = from->class;
    buffer_init(&to->open, OPEN_BYTES_MAX);
    buffer_init(&to->content, CONTENT_BYTES_MAX);
    if (layout == NULL || (from->content != NULL) != class_has_content(from->class)) {
        return ENRUM_MALFORMED;
    }
    enum enrum_err err = layout_encode(layout, from->open, &to->open);
    if (err == ENRUM_OK && from->content != NULL) {
        err = layout_encode(&layout_content, from->content, &to->content);
    }
    return err;
}

static enum enrum_err job_new(struct enrum *enrum, const struct enrum_append *entries, size_t count,
                              const struct secret32 *room_key, struct appendjob **out)
{
    if (count == 0 || count > ENTRIES_PER_APPEND_MAX) {
        return ENRUM_OVERSIZED;
    }
    struct appendjob *job = calloc(1, sizeof *job + count * sizeof job->items[0]);
    if (job == NULL) {
        return ENRUM_MEMORY;
    }
    list_init(&job->link);
    buffer_init(&job->entries, FRAME_BYTES_MAX);
    enum enrum_err err = ENRUM_OK;
    for (size_t i = 0; i < count && err == ENRUM_OK; i++) {
        err = item_copy(&entries[i], &job->items[i]);
        job->count++;
        /* Only the first entry's base can be known beforehand. */
        if (err == ENRUM_OK && i > 0 && entries[i].class == CLASS_GENERATION) {
            err = ENRUM_MALFORMED;
        }
    }
    if (room_key != NULL) {
        job->has_key = true;
        secret_copy(&job->key, room_key);
    }
    if (err == ENRUM_OK && (entries[0].class == CLASS_GENERATION) != job->has_key) {
        err = ENRUM_MALFORMED;
    }
    if (err != ENRUM_OK) {
        job_free(job);
        return err;
    }
    job->request = ++enrum->last_append;
    *out = job;
    return ENRUM_OK;
}

enum enrum_err enrum_append(struct enrum *enrum, const struct id *room_id_of,
                            const struct enrum_append *entries, size_t count,
                            const struct secret32 *room_key, uint64_t *request)
{
    struct appendjob *job = NULL;
    struct roomcopy *room = roomcopy_find(enrum, room_id_of);
    if (!is_keeper(enrum)) {
        return ENRUM_MAY_NOT;
    }
    if (room == NULL) {
        return ENRUM_ROOM_UNKNOWN;
    }
    enum enrum_err err = job_new(enrum, entries, count, room_key, &job);
    if (err == ENRUM_OK) {
        list_push_back(&room->appends, &job->link);
        *request = job->request;
    }
    return err;
}

enum enrum_err enrum_room_create_with(struct enrum *enrum, const struct id *random,
                                      const struct enrum_append *entries, size_t count,
                                      const struct secret32 *room_key, struct id *room_out,
                                      uint64_t *request)
{
    struct appendjob *job = NULL;
    struct id id;
    if (!is_keeper(enrum)) {
        return ENRUM_MAY_NOT;
    }
    room_id(&enrum->board.id, &enrum->me.hash, random, &id);
    struct roomcopy *known = roomcopy_find(enrum, &id);
    if (known != NULL && known->fold.seq > 0) {
        return ENRUM_ROOM_EXISTS;
    }
    enum enrum_err err = job_new(enrum, entries, count, room_key, &job);
    if (err != ENRUM_OK) {
        return err;
    }
    struct roomcopy *room = roomcopy_make(enrum, &id);
    if (room == NULL || !job_starts_generation(job)) {
        job_free(job);
        return room == NULL ? ENRUM_MEMORY : ENRUM_MALFORMED;
    }
    job->is_create = true;
    job->random = *random;
    room->is_unborn = true;
    room->is_loaded = true;
    list_push_back(&room->appends, &job->link);
    *room_out = id;
    *request = job->request;
    return ENRUM_OK;
}

enum enrum_err enrum_room_keys(struct enrum *enrum, const struct id *room_id_of, uint64_t first,
                               uint64_t last, struct secret32 *keys)
{
    struct roomcopy *room = roomcopy_find(enrum, room_id_of);
    if (!is_keeper(enrum)) {
        return ENRUM_MAY_NOT;
    }
    if (room == NULL || roomcopy_load(enrum, room) != ENRUM_OK) {
        return ENRUM_ROOM_UNKNOWN;
    }
    for (uint64_t i = first; i <= last; i++) {
        if (keyring_find(&room->keyring, i) == NULL) {
            return ENRUM_KEY_MISSING;
        }
    }
    for (uint64_t i = first; i <= last; i++) {
        secret_copy(&keys[i - first], keyring_find(&room->keyring, i));
    }
    return ENRUM_OK;
}
