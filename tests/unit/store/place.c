/* place -- see place.h. */
#include "place.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ANSWER_WAIT_MS = 10000 };

void place_init(struct place *place, const char *folder)
{
    *place = (struct place){0};
    assert_true(suite_init());
    (void)snprintf(place->folder, sizeof place->folder, "%s", folder);
    memset(place->board.board.bytes, 7, ID_BYTES);
    sign_pair_new(&place->host);
    sign_pair_new(&place->author);
    secret_random(&place->key);
}

bool place_open(struct place *place)
{
    struct store_options options = {.folder = place->folder,
                                    .boards = &place->board,
                                    .board_count = 1,
                                    .host = &place->host,
                                    .readers = 2,
                                    .waiting_max = 1024,
                                    .letters_max = 2,
                                    .unnamed_blobs_max = 3,
                                    .fetched_bytes_max = 1 << 20};
    return store_open(&options, &place->store) == ENRUM_OK;
}

void place_close(struct place *place)
{
    answer_free(place);
    if (place->store != NULL) {
        store_close(place->store);
    }
    place->store = NULL;
}

/* -- Jobs -- */

struct line line_of(uint8_t mark)
{
    struct line line = {0};
    memset(line.room.bytes, mark, ID_BYTES);
    memset(line.device.bytes, 9, ID_BYTES);
    line.hash = line.room;
    return line;
}

static void entry_make(struct place *place, const struct line *line, const struct wish *wish,
                       uint64_t device_seq, struct buffer *out)
{
    struct wire_open_record open = {.blobs = wish->blobs};
    struct wire_open_erase erase = {.seq = wish->erases, .ground = GROUND_RETENTION};
    struct wire_content content = {
        .kind = KIND_MESSAGE, .role = ROLE_CITIZEN, .body = slice_of("\x92\xa1x\0", 4)};
    if (wish->cause != NULL) {
        open.cause = id_slice(wish->cause);
    }
    struct entry_draft draft = {
        .head = {.room = line->room,
                 .class = wish->erases != 0 ? CLASS_ERASE : CLASS_RECORD,
                 .generation = 1,
                 .device_seq = device_seq,
                 .seen_seq = line->seq,
                 .seen_hash = wish->seen != NULL ? *wish->seen : line->hash},
        .open = wish->erases != 0 ? (void *)&erase : (void *)&open,
        .content = wish->erases != 0 ? NULL : &content};
    assert_int_equal(entry_encode(&draft, &place->key, &place->author, out), ENRUM_OK);
}

struct append_job *job_make(struct place *place, struct line *line, const struct wish *wish)
{
    struct append_job *job = calloc(1, sizeof *job);
    *job = (struct append_job){.ticket = ++place->ticket,
                               .board = place->board.board,
                               .room = line->room,
                               .creates_room = line->seq == 0,
                               .base_seq = line->seq,
                               .base_hash = line->hash,
                               .received_at = 1000 + line->seq,
                               .entry_count = wish->count,
                               .entries = calloc(wish->count, sizeof *job->entries),
                               .device = line->device,
                               .first_device_seq = line->device_seq + 1};
    struct line before = *line;
    for (size_t i = 0; i < wish->count; i++) {
        struct buffer bytes;
        struct entry entry;
        buffer_init(&bytes, ENTRY_BYTES_MAX);
        entry_make(place, &before, wish, ++line->device_seq, &bytes);
        assert_int_equal(entry_decode(buffer_slice(&bytes), &entry), ENRUM_OK);
        line->seq++;
        entry_chain(&entry, &line->hash, line->seq, job->received_at, &job->entries[i].hash);
        entry_bytes_hash(&entry, &job->entries[i].bytes_hash);
        line->hash = job->entries[i].hash;
        job->entries[i].bytes = parcel_new(bytes.at, bytes.len);
        buffer_fini(&bytes);
    }
    job->after = (struct room_snapshot){
        .exists = true, .head_seq = line->seq, .head_hash = line->hash, .generation = 1};
    return job;
}

/* -- Answers -- */

void answer_free(struct place *place)
{
    store_answer_free(&place->answer);
    place->answer = (struct store_answer){.type = STORE_FOUND};
}

size_t take_some(struct place *place, int wait_ms, each_answer *each, void *context)
{
    struct pollfd poll_fd = {.fd = store_wake_fd(place->store), .events = POLLIN};
    struct store_answer *answers = NULL;
    size_t count = 0;
    (void)poll(&poll_fd, 1, wait_ms);
    store_take(place->store, &answers, &count);
    for (size_t i = 0; i < count; i++) {
        if (each != NULL) {
            each(context, &answers[i]);
        }
        answer_free(place);
        place->answer = answers[i];
    }
    return count;
}

void take(struct place *place, size_t count, each_answer *each, void *context)
{
    while (count > 0) {
        size_t taken = take_some(place, ANSWER_WAIT_MS, each, context);
        assert_true(taken > 0 && taken <= count);
        count -= taken;
    }
}
