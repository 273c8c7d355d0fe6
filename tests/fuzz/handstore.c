/* handstore -- see handstore.h. Stands in for server/store: appends, finds and loads wait until the
 * test answers them; the rest is answered with a message in the same order. */
#include "handstore.h"

#include "base/check.h"
#include "journal/answer.h"
#include "journal/room.h"
#include "protocol/file.h"

#include <stdlib.h>

/* -- Rooms -- */

struct core_room *core_room_find(const struct id *room)
{
    for (size_t i = 0; i < core.room_count; i++) {
        if (id_equal(&core.rooms[i].stands.room, room)) {
            return &core.rooms[i];
        }
    }
    return NULL;
}

static const struct certificate *author_find(const struct id *hash)
{
    for (size_t i = 0; i < CORE_PERSONS_MAX; i++) {
        if (id_equal(&core.persons[i].me.hash, hash)) {
            return &core.persons[i].me;
        }
    }
    return NULL;
}

static struct core_room *room_make(const struct id *id)
{
    struct core_room *room = core_room_find(id);
    if (room == NULL && core.room_count < CORE_ROOMS_MAX) {
        room = &core.rooms[core.room_count++];
        room->stands.board = core.board_id;
        room->stands.room = room->stands.head_hash = *id;
        fold_init(&room->fold, &core.board_id, id);
    }
    return room;
}

static void snapshot_give(const struct id *id, struct room_snapshot *out)
{
    const struct core_room *room = core_room_find(id);
    *out = (struct room_snapshot){.board = core.board_id, .room = *id};
    if (room != NULL && room->stands.exists) {
        CHECK(room_snapshot_copy(&room->stands, 0, out));
    }
}

/* -- Appends -- */

static bool seen_holds(const struct core_room *room, const struct append_job *job)
{
    for (size_t i = 0; i < job->entry_count; i++) {
        struct entry entry;
        CHECK(entry_decode(parcel_slice(job->entries[i].bytes), &entry) == ENRUM_OK);
        uint64_t seen = entry.head.seen_seq;
        const struct id *hash = seen == 0             ? &job->room
                                : seen <= room->count ? &room->entries[seen - 1].hash
                                                      : &job->entries[seen - room->count - 1].hash;
        if (!id_equal(hash, &entry.head.seen_hash)) {
            return false;
        }
    }
    return true;
}

static enum append_outcome append_judge(const struct core_room *room, const struct append_job *job)
{
    if (room == NULL || room->count + job->entry_count > CORE_ENTRIES_MAX) {
        return APPEND_FAILED;
    }
    if (job->base_seq != room->stands.head_seq ||
        !id_equal(&job->base_hash, &room->stands.head_hash) ||
        job->creates_room == room->stands.exists) {
        return APPEND_CONFLICT_HEAD;
    }
    return seen_holds(room, job) ? APPEND_DONE : APPEND_CONFLICT_SEEN;
}

/* What the server took a reader must take, but for what only readers judge. */
static void fold_judge(struct core_room *room, const struct stored_entry *stored)
{
    uint64_t class = stored->entry.head.class;
    if (room->is_spoilt) {
        return;
    }
    enum enrum_err err = fold_next(&room->fold, stored,
                                   author_find(&stored->entry.head.certificate), false);
    bool is_readers = class == CLASS_CHECKPOINT || class == CLASS_READ || class == CLASS_ERASE ||
                      class == CLASS_GENERATION;
    CHECK(err == ENRUM_OK || is_readers);
    room->is_spoilt = err != ENRUM_OK;
}

static void entry_keep(struct core_room *room, const struct append_job *job, size_t i)
{
    struct stored_entry stored = {.seq = room->count + 1, .received_at = job->received_at};
    struct id hash;
    CHECK(entry_decode(parcel_slice(job->entries[i].bytes), &stored.entry) == ENRUM_OK);
    const struct id *before = room->count > 0 ? &room->entries[room->count - 1].hash : &job->room;
    entry_chain(&stored.entry, before, stored.seq, stored.received_at, &hash);
    CHECK(id_equal(&hash, &job->entries[i].hash));
    CHECK(room->count == 0 || room->received_at[room->count - 1] <= job->received_at);
    room->entries[room->count] = job->entries[i];
    (void)parcel_ref(job->entries[i].bytes);
    room->sizes[room->count] = job->entry_count;
    room->received_at[room->count++] = job->received_at;
    fold_judge(room, &stored);
}

static void members_judge(const struct core_room *room)
{
    if (!room->is_spoilt) {
        CHECK(room->fold.member_count == room->stands.member_count);
        for (size_t i = 0; i < room->stands.member_count; i++) {
            CHECK(fold_member_find(&room->fold, &room->stands.members[i].person) != NULL);
        }
    }
}

static void append_keep(struct core_room *room, const struct append_job *job)
{
    struct room_snapshot after;
    CHECK(job->after.head_seq == job->base_seq + job->entry_count);
    for (size_t i = 0; i < job->entry_count; i++) {
        entry_keep(room, job, i);
    }
    CHECK(id_equal(&job->after.head_hash, &room->entries[room->count - 1].hash));
    CHECK(room_snapshot_copy(&job->after, 0, &after));
    room_snapshot_free(&room->stands);
    room->stands = after;
    room->stands.board = core.board_id;
    room->stands.room = job->room;
    members_judge(room);
}

static void receipt_make(const struct receipt_leaf *leaf, struct receipt_proof *out)
{
    struct id hash;
    receipt_leaf_hash(leaf, &hash);
    CHECK(receipt_sign(&core.config.host, &hash, 1, out));
}

static void append_answer(struct append_job *job, enum append_outcome outcome,
                          struct store_answer *answer)
{
    struct core_room *room = room_make(&job->room);
    if (outcome == APPEND_DONE) {
        outcome = append_judge(room, job);
    }
    answer->type = STORE_APPENDED;
    answer->appended = (struct append_answer){.ticket = job->ticket, .outcome = outcome};
    if (outcome == APPEND_DONE) {
        append_keep(room, job);
        struct receipt_leaf leaf = {.room = job->room,
                                    .count = job->entry_count,
                                    .seq = room->count,
                                    .hash = room->entries[room->count - 1].hash,
                                    .received_at = job->received_at};
        receipt_make(&leaf, &answer->appended.receipt);
    } else {
        snapshot_give(&job->room, &answer->appended.snapshot);
    }
    append_job_free(job);
}

static void find_answer(const struct effect *effect, struct store_answer *answer)
{
    const struct core_room *room = core_room_find(&effect->find.room);
    struct found *found = &answer->found.found;
    answer->type = STORE_FOUND;
    answer->found.ticket = effect->find.ticket;
    for (size_t i = 0; room != NULL && i < room->count; i++) {
        struct entry entry;
        CHECK(entry_decode(parcel_slice(room->entries[i].bytes), &entry) == ENRUM_OK);
        if (entry.head.device_seq == effect->find.device_seq &&
            id_equal(&author_find(&entry.head.certificate)->device, &effect->find.device)) {
            *found = (struct found){.exists = true,
                                    .bytes_hash = room->entries[i].bytes_hash,
                                    .leaf = {.room = effect->find.room,
                                             .count = room->sizes[i],
                                             .seq = i + 1,
                                             .hash = room->entries[i].hash,
                                             .received_at = room->received_at[i]}};
            receipt_make(&found->leaf, &found->receipt);
        }
    }
}

/* -- Answering -- */

bool core_answer(enum append_outcome outcome)
{
    if (core.job_count == 0) {
        return false;
    }
    struct core_job job = core.jobs[0];
    struct store_answer *answer = &core.answer;
    memmove(core.jobs, core.jobs + 1, --core.job_count * sizeof job);
    *answer = (struct store_answer){0};
    if (job.type == CORE_JOB_MESSAGE) {
        answer->type = STORE_MESSAGE;
        answer->message.session = job.session;
        answer->message.message = job.message;
    } else if (job.effect.type == EFFECT_APPEND) {
        append_answer(job.effect.append, outcome, answer);
    } else if (job.effect.type == EFFECT_FIND) {
        find_answer(&job.effect, answer);
    } else if (job.effect.type == EFFECT_BLOB_PUT) {
        answer->type = STORE_BLOB_KEPT;
        answer->err = outcome == APPEND_FAILED ? ENRUM_STORE_FAILED : ENRUM_OK;
        answer->blob_kept = job.effect.blob_put.ticket;
    } else {
        answer->type = STORE_ROOM;
        answer->err = outcome == APPEND_FAILED ? ENRUM_STORE_FAILED : ENRUM_OK;
        snapshot_give(&job.effect.room_load.room, &answer->room);
    }
    core.has_answer = true;
    core_edge(true);
    switchboard_stored(&core.board);
    core_edge(false);
    return true;
}

void store_take(struct store *store, struct store_answer **answers, size_t *count)
{
    (void)store;
    *answers = &core.answer;
    *count = core.has_answer;
    core.has_answer = false;
}

/* -- Jobs -- */

static enum enrum_err job_put(const struct core_job *job)
{
    if (core.is_store_busy || core.job_count == CORE_JOBS_MAX) {
        return ENRUM_BUSY;
    }
    core.jobs[core.job_count++] = *job;
    return ENRUM_OK;
}

static enum enrum_err effect_put(const struct effect *effect)
{
    struct core_job job = {.type = CORE_JOB_EFFECT, .effect = *effect};
    return job_put(&job);
}

enum enrum_err store_append(struct store *store, struct append_job *append)
{
    struct effect effect = {.type = EFFECT_APPEND, .append = append};
    (void)store;
    return effect_put(&effect);
}

enum enrum_err store_find(struct store *store, uint64_t ticket, const struct id *board,
                          const struct id *room, const struct id *device, uint64_t device_seq)
{
    struct effect effect = {.type = EFFECT_FIND,
                            .find = {ticket, *board, *room, *device, device_seq}};
    (void)store;
    return effect_put(&effect);
}

enum enrum_err store_room_load(struct store *store, const struct id *board, const struct id *room)
{
    struct effect effect = {.type = EFFECT_ROOM_LOAD, .room_load = {*board, *room}};
    (void)store;
    return effect_put(&effect);
}

enum enrum_err store_blob_put(struct store *store, uint64_t ticket, const struct id *board,
                              const struct id *room, const struct id *person, const struct id *blob,
                              struct parcel *bytes, uint64_t now_ms)
{
    struct effect effect = {.type = EFFECT_BLOB_PUT,
                            .blob_put = {ticket, *board, *room, *person, *blob, NULL}};
    struct slice slice = parcel_slice(bytes);
    struct id id;
    (void)store, (void)now_ms;
    file_blob_id(slice, &id);
    CHECK(id_equal(&id, blob));
    return effect_put(&effect);
}

void store_blobs_sweep(struct store *store, uint64_t now_ms)
{
    (void)store, (void)now_ms;
}

static enum enrum_err message_put(uint64_t session, const struct layout *layout,
                                  const void *message)
{
    struct core_job job = {.type = CORE_JOB_MESSAGE, .session = session};
    if (core.is_store_busy || core.job_count == CORE_JOBS_MAX) {
        return ENRUM_BUSY;
    }
    core_edge(false);
    job.message = answer_encode(layout, message);
    core_edge(true);
    return job.message != NULL ? job_put(&job) : ENRUM_MEMORY;
}

static enum enrum_err done_put(uint64_t session, uint64_t request)
{
    struct msg_done message = {.request = request};
    return message_put(session, &message_done, &message);
}

enum enrum_err store_fetch(struct store *store, uint64_t session, uint64_t request,
                           const struct id *board, const struct id *id, const struct id *device,
                           uint64_t after, uint64_t limit, uint64_t now_ms)
{
    const struct core_room *room = core_room_find(id);
    struct msg_entries message = {.request = request, .board = *board, .room = *id};
    struct buffer entries;
    (void)store, (void)device, (void)now_ms;
    core_edge(false);
    buffer_init(&entries, FRAME_BYTES_MAX / 2);
    /* A room whose opening is still on its way has nothing yet. */
    uint64_t count = room != NULL ? room->count : 0;
    message.head_seq = count;
    message.head_hash = count > 0 ? room->entries[count - 1].hash : *id;
    for (uint64_t i = after; i < count && i - after < limit; i++) {
        struct stored_entry stored = {.seq = i + 1, .received_at = room->received_at[i]};
        CHECK(entry_decode(parcel_slice(room->entries[i].bytes), &stored.entry) == ENRUM_OK);
        if (stored_encode(&stored, &entries) != ENRUM_OK) {
            break;
        }
    }
    message.entries = buffer_slice(&entries);
    core_edge(true);
    enum enrum_err err = message_put(session, &message_entries, &message);
    buffer_fini(&entries);
    return err;
}

enum enrum_err store_room_list(struct store *store, uint64_t session, uint64_t request,
                               const struct id *board, const struct id *person,
                               const struct id *after)
{
    struct msg_rooms message = {.request = request, .board = *board};
    (void)store, (void)person, (void)after;
    return message_put(session, &message_rooms, &message);
}

enum enrum_err store_fetch_log(struct store *store, uint64_t session, uint64_t request,
                               const struct id *board, const struct id *room, uint64_t after)
{
    struct msg_fetch_log message = {.request = request, .board = *board, .room = *room};
    (void)store, (void)after;
    return message_put(session, &message_fetch_log, &message);
}

enum enrum_err store_certificate_keep(struct store *store, const struct id *board,
                                      struct slice certificate, struct slice issuer)
{
    (void)store, (void)board, (void)certificate, (void)issuer;
    return core.is_store_busy ? ENRUM_BUSY : ENRUM_OK;
}

enum enrum_err store_board_get(struct store *store, uint64_t session, uint64_t request,
                               const struct id *board, bool keeper_here)
{
    struct msg_board message = {.request = request, .board = *board, .keeper_here = keeper_here};
    (void)store;
    return message_put(session, &message_board, &message);
}

enum enrum_err store_letter_put(struct store *store, uint64_t session, uint64_t request,
                                const struct id *board, const struct id *id, struct slice letter,
                                uint64_t now_ms)
{
    (void)store, (void)board, (void)id, (void)letter, (void)now_ms;
    return done_put(session, request);
}

enum enrum_err store_letter_done(struct store *store, uint64_t session, uint64_t request,
                                 const struct id *board, const struct id *id)
{
    (void)store, (void)board, (void)id;
    return done_put(session, request);
}

enum enrum_err store_letter_list(struct store *store, uint64_t session, const struct id *board)
{
    (void)store, (void)session, (void)board;
    return ENRUM_OK;
}

/* This store gives no blob back: that the journal let the question through is what is looked at. */
enum enrum_err store_blob_ask(struct store *store, uint64_t session, uint64_t request,
                              const struct id *board, const struct id *room, struct parcel *blobs)
{
    struct msg_blobs message = {
        .request = request, .board = *board, .room = *room, .missing = parcel_slice(blobs)};
    (void)store;
    return message_put(session, &message_blobs, &message);
}

enum enrum_err store_blob_get(struct store *store, uint64_t session, uint64_t request,
                              const struct id *board, const struct id *room,
                              const struct id *device, const struct id *blob, uint64_t now_ms)
{
    struct msg_error message = {.request = request, .code = ENRUM_BLOB_UNKNOWN};
    (void)store, (void)board, (void)room, (void)device, (void)blob, (void)now_ms;
    return message_put(session, &message_error, &message);
}

void store_health(struct store *store, struct store_health *out)
{
    (void)store;
    *out = (struct store_health){0};
}
