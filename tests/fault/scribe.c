/* scribe -- see scribe.h. */
#include "tests/fault/scribe.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000, LETTERS_MAX = 64, BLOBS_MAX = 64, FETCHED_BYTES_MAX = 100000 };

uint64_t scribe_choose(struct scribe *scribe, uint64_t limit)
{
    scribe->seed = scribe->seed * 6364136223846793005u + 1442695040888963407u;
    return (scribe->seed >> 33) % limit;
}

void scribe_init(struct scribe *scribe, uint64_t seed)
{
    *scribe = (struct scribe){.seed = seed};
    (void)snprintf(scribe->folder, sizeof scribe->folder, "/tmp/enrum-fault-XXXXXX");
    assert_true(suite_init());
    assert_non_null(mkdtemp(scribe->folder));
    memset(scribe->board.board.bytes, 7, ID_BYTES);
    sign_pair_new(&scribe->host);
    sign_pair_new(&scribe->author);
    secret_random(&scribe->key);
    for (size_t i = 0; i < SCRIBE_ROOMS; i++) {
        struct scribe_room *room = &scribe->rooms[i];
        memset(room->room.bytes, (int)(1 + i), ID_BYTES);
        memset(room->device.bytes, (int)(101 + i), ID_BYTES);
        room->hash = room->room;
    }
}

void scribe_fini(struct scribe *scribe)
{
    scribe_close(scribe);
    pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", scribe->folder, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
    for (size_t i = 0; i < scribe->sent_count; i++) {
        for (size_t j = 0; j < SCRIBE_ENTRIES_MAX; j++) {
            parcel_unref(scribe->sents[i].entries[j]);
        }
    }
    free(scribe->sents);
    *scribe = (struct scribe){0};
}

/* -- Answers -- */

static void appended(struct scribe *scribe, const struct append_answer *answer)
{
    struct sent *sent = &scribe->sents[answer->ticket - 1];
    struct scribe_room *room = &scribe->rooms[sent->room];
    assert_int_equal(sent->state, SENT_WAITING);
    room->waiting--;
    sent->outcome = answer->outcome;
    sent->state = answer->outcome == APPEND_DONE ? SENT_PROMISED : SENT_REFUSED;
    room->is_unknown = room->is_unknown || sent->state == SENT_REFUSED;
    if (sent->state == SENT_PROMISED) {
        assert_true(receipt_check(&scribe->host.public, &sent->leaf, &answer->receipt));
    }
}

/* Sent again: is what the store has the same, and its receipt good? */
static bool found_is_same(const struct scribe *scribe, const struct sent *sent,
                          const struct found *found)
{
    return found->exists && id_equal(&found->bytes_hash, &sent->bytes_hash) &&
           found->leaf.count == sent->count && found->leaf.seq == sent->leaf.seq &&
           id_equal(&found->leaf.hash, &sent->leaf.hash) &&
           found->leaf.received_at == sent->leaf.received_at &&
           receipt_check(&scribe->host.public, &sent->leaf, &found->receipt);
}

static void told(struct scribe *scribe, struct slice frame)
{
    struct msg_done done;
    if (layout_decode(&message_done, frame, &done) == ENRUM_OK && done.request > 0) {
        scribe->letters_promised |= 1ull << (done.request - 1);
    } else if (layout_decode(&message_done, frame, &done) != ENRUM_OK) {
        struct msg_error error;
        scribe->errors += layout_decode(&message_error, frame, &error) == ENRUM_OK;
    }
}

static void answer_take(struct scribe *scribe, struct store_answer *answer)
{
    switch (answer->type) {
    case STORE_APPENDED:
        appended(scribe, &answer->appended);
        break;
    case STORE_BLOB_KEPT:
        if (answer->err == ENRUM_OK) {
            scribe->blobs_promised |= 1ull << (answer->blob_kept - 1);
        }
        break;
    case STORE_MESSAGE:
        told(scribe, parcel_slice(answer->message.message));
        break;
    case STORE_FOUND: {
        struct sent *sent = &scribe->sents[answer->found.ticket - 1];
        const struct found *found = &answer->found.found;
        bool is_same = answer->err == ENRUM_OK && found_is_same(scribe, sent, found);
        /* With its bytes and its count a sender would be given the receipt. */
        scribe->lies += answer->err == ENRUM_OK && found->exists && !is_same &&
                        id_equal(&found->bytes_hash, &sent->bytes_hash) &&
                        found->leaf.count == sent->count;
        if (sent->state == SENT_WAITING && is_same) {
            sent->state = SENT_PROMISED;
        } else if (!is_same) {
            sent->state = sent->state == SENT_WAITING ? SENT_REFUSED : SENT_WAITING;
            sent->outcome = APPEND_CONFLICT_HEAD;
        }
        break;
    }
    case STORE_ROOM: {
        struct scribe_room *room = &scribe->rooms[answer->room.room.bytes[0] - 1];
        room->is_unknown = answer->err != ENRUM_OK;
        room->seq = answer->room.head_seq;
        room->hash = answer->room.exists ? answer->room.head_hash : room->room;
        room->received_at = answer->room.received_at;
        room->device_seq = answer->room.device_count > 0 ? answer->room.devices[0].last_seq : 0;
        break;
    }
    }
    store_answer_free(answer);
    scribe->waiting--;
}

size_t scribe_take_ready(struct scribe *scribe)
{
    struct store_answer *answers = NULL;
    size_t count = 0;
    store_take(scribe->store, &answers, &count);
    for (size_t i = 0; i < count; i++) {
        answer_take(scribe, &answers[i]);
    }
    return count;
}

void scribe_take(struct scribe *scribe, size_t most)
{
    for (size_t taken = 0; scribe->waiting > 0 && taken < most;) {
        struct pollfd poll_fd = {.fd = store_wake_fd(scribe->store), .events = POLLIN};
        assert_int_equal(poll(&poll_fd, 1, PATIENCE_MS), 1);
        taken += scribe_take_ready(scribe);
    }
}

/* -- Opening and closing -- */

void scribe_relearn(struct scribe *scribe)
{
    for (size_t i = 0; i < SCRIBE_ROOMS; i++) {
        if (scribe->rooms[i].is_unknown) {
            assert_int_equal(scribe->rooms[i].waiting, 0);
            assert_int_equal(
                store_room_load(scribe->store, &scribe->board.board, &scribe->rooms[i].room),
                ENRUM_OK);
            scribe->waiting++;
        }
    }
    scribe_take(scribe, SIZE_MAX);
}

bool scribe_open(struct scribe *scribe)
{
    struct store_options options = {.folder = scribe->folder,
                                    .boards = &scribe->board,
                                    .board_count = 1,
                                    .host = &scribe->host,
                                    .readers = 2,
                                    .waiting_max = SCRIBE_WAITING_MAX,
                                    .letters_max = LETTERS_MAX,
                                    .unnamed_blobs_max = 1000,
                                    .fetched_bytes_max = FETCHED_BYTES_MAX};
    if (store_open(&options, &scribe->store) != ENRUM_OK) {
        scribe->store = NULL;
        return false;
    }
    for (size_t i = 0; i < SCRIBE_ROOMS; i++) {
        scribe->rooms[i].is_unknown = true;
        scribe->rooms[i].waiting = 0;
    }
    scribe_relearn(scribe);
    return true;
}

void scribe_close(struct scribe *scribe)
{
    if (scribe->store != NULL) {
        store_close(scribe->store);
        scribe->store = NULL;
        scribe->waiting = 0;
    }
}

/* -- Sending -- */

static void entry_make(struct scribe *scribe, const struct scribe_room *room, struct buffer *out)
{
    static const uint16_t sizes[] = {3, 40, 700, 9000};
    uint8_t body[10000] = {0x92, 0xda};
    uint16_t size = sizes[scribe_choose(scribe, sizeof sizes / sizeof sizes[0])];
    body[2] = (uint8_t)(size >> 8);
    body[3] = (uint8_t)size;
    memset(body + 4, 'a', size);
    struct wire_open_record open = {0};
    struct wire_content content = {
        .kind = KIND_MESSAGE, .role = ROLE_CITIZEN, .body = slice_of(body, (size_t)size + 5)};
    struct entry_draft draft = {.head = {.room = room->room,
                                         .class = CLASS_RECORD,
                                         .generation = 1,
                                         .device_seq = room->device_seq + 1,
                                         .seen_seq = room->seq,
                                         .seen_hash = room->hash},
                                .open = &open,
                                .content = &content};
    assert_int_equal(entry_encode(&draft, &scribe->key, &scribe->author, out), ENRUM_OK);
}

static struct sent *sent_add(struct scribe *scribe)
{
    if (scribe->sent_count == scribe->sent_capacity) {
        scribe->sent_capacity = scribe->sent_capacity * 2 + 64;
        scribe->sents = realloc(scribe->sents, scribe->sent_capacity * sizeof *scribe->sents);
        assert_non_null(scribe->sents);
    }
    struct sent *sent = &scribe->sents[scribe->sent_count++];
    *sent = (struct sent){.state = SENT_WAITING};
    return sent;
}

/* One more entry of the append, behind what the room is then. */
static void sent_grow(struct scribe *scribe, struct scribe_room *room, struct sent *sent,
                      struct append_job *job)
{
    struct buffer bytes;
    struct entry entry;
    buffer_init(&bytes, ENTRY_BYTES_MAX);
    entry_make(scribe, room, &bytes);
    assert_int_equal(entry_decode(buffer_slice(&bytes), &entry), ENRUM_OK);
    struct append_entry *added = &job->entries[job->entry_count++];
    entry_chain(&entry, &room->hash, ++room->seq, job->received_at, &added->hash);
    entry_bytes_hash(&entry, &added->bytes_hash);
    added->bytes = parcel_new(bytes.at, bytes.len);
    sent->entries[sent->count++] = parcel_ref(added->bytes);
    sent->bytes_hash = added->bytes_hash;
    room->hash = added->hash;
    room->device_seq++;
    buffer_fini(&bytes);
}

static struct append_job *job_new(const struct scribe *scribe, const struct scribe_room *room)
{
    struct append_job *job = calloc(1, sizeof *job);
    assert_non_null(job);
    *job = (struct append_job){.ticket = scribe->sent_count,
                               .board = scribe->board.board,
                               .room = room->room,
                               .creates_room = room->seq == 0,
                               .base_seq = room->seq,
                               .base_hash = room->hash,
                               .received_at = room->received_at + 1,
                               .entries = calloc(SCRIBE_ENTRIES_MAX, sizeof *job->entries),
                               .device = room->device,
                               .first_device_seq = room->device_seq + 1};
    assert_non_null(job->entries);
    return job;
}

enum enrum_err scribe_append(struct scribe *scribe, size_t index, size_t count)
{
    struct scribe_room *room = &scribe->rooms[index], before = *room;
    struct sent *sent = sent_add(scribe);
    struct append_job *job = job_new(scribe, room);
    sent->room = index;
    sent->first_device_seq = job->first_device_seq;
    for (size_t i = 0; i < count; i++) {
        sent_grow(scribe, room, sent, job);
    }
    room->received_at = job->received_at;
    job->after = (struct room_snapshot){.exists = true,
                                        .head_seq = room->seq,
                                        .head_hash = room->hash,
                                        .generation = 1,
                                        .received_at = job->received_at};
    sent->leaf = (struct receipt_leaf){room->room, count, room->seq, room->hash, job->received_at};
    enum enrum_err err = store_append(scribe->store, job);
    if (err != ENRUM_OK) {
        append_job_free(job);
        sent->state = SENT_REFUSED;
        *room = before;
        return err;
    }
    room->waiting++;
    scribe->waiting++;
    return ENRUM_OK;
}

size_t scribe_promised(const struct scribe *scribe)
{
    size_t count = 0;
    for (size_t i = 0; i < scribe->sent_count; i++) {
        count += scribe->sents[i].state == SENT_PROMISED;
    }
    return count;
}

void scribe_letter(struct scribe *scribe)
{
    struct id id = {{0}};
    if (scribe->letters_sent == LETTERS_MAX) {
        return;
    }
    id.bytes[0] = (uint8_t)++scribe->letters_sent;
    if (store_letter_put(scribe->store, 1, scribe->letters_sent, &scribe->board.board, &id,
                         slice_of("brev", 4), 1) == ENRUM_OK) {
        scribe->waiting++;
    }
}

struct slice scribe_blob_bytes(uint64_t number)
{
    static uint8_t bytes[20000];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(number * 31 + i / 8 + i);
    }
    return slice_of(bytes, sizeof bytes);
}

void scribe_blob(struct scribe *scribe, size_t index)
{
    struct id person = {{1}}, id;
    if (scribe->blobs_sent == BLOBS_MAX) {
        return;
    }
    struct slice bytes = scribe_blob_bytes(++scribe->blobs_sent);
    struct parcel *parcel = parcel_new(bytes.at, bytes.len);
    assert_non_null(parcel);
    suite_hash(LABEL_BLOB, &bytes, 1, &id);
    if (store_blob_put(scribe->store, scribe->blobs_sent, &scribe->board.board,
                       &scribe->rooms[index].room, &person, &id, parcel, 1) == ENRUM_OK) {
        scribe->waiting++;
    }
    parcel_unref(parcel);
}

void scribe_fetch(struct scribe *scribe, size_t index)
{
    const struct scribe_room *room = &scribe->rooms[index];
    if (store_fetch(scribe->store, 1, 0, &scribe->board.board, &room->room, &room->device, 0, 8,
                    1) == ENRUM_OK) {
        scribe->waiting++;
    }
}

static void find(struct scribe *scribe, size_t index)
{
    const struct sent *sent = &scribe->sents[index];
    if (scribe->waiting >= SCRIBE_WAITING_MAX / 2) {
        scribe_take(scribe, SIZE_MAX);
    }
    assert_int_equal(store_find(scribe->store, index + 1, &scribe->board.board,
                                &scribe->rooms[sent->room].room, &scribe->rooms[sent->room].device,
                                sent->first_device_seq + sent->count - 1),
                     ENRUM_OK);
    scribe->waiting++;
}

void scribe_send_again(struct scribe *scribe)
{
    for (size_t i = 0; i < scribe->sent_count; i++) {
        struct sent *sent = &scribe->sents[i];
        bool has_failed = sent->state == SENT_REFUSED && sent->outcome == APPEND_FAILED;
        if (has_failed || sent->state == SENT_WAITING) {
            sent->state = SENT_WAITING;
            find(scribe, i);
        }
    }
    scribe_take(scribe, SIZE_MAX);
}

size_t scribe_unkept(struct scribe *scribe)
{
    size_t unkept = 0;
    for (size_t i = 0; i < scribe->sent_count; i++) {
        bool is_asked = i % 8 == 0 || i + 48 >= scribe->sent_count;
        if (is_asked && scribe->sents[i].state == SENT_PROMISED) {
            find(scribe, i);
        }
    }
    scribe_take(scribe, SIZE_MAX);
    for (size_t i = 0; i < scribe->sent_count; i++) {
        if (scribe->sents[i].state == SENT_WAITING) {
            scribe->sents[i].state = SENT_PROMISED;
            unkept++;
        }
    }
    return unkept;
}
