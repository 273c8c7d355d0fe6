/* story -- see story.h. */
#include "story.h"

#include "base/check.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct buffer last_bytes;
static bool last_creates;

__attribute__((format(printf, 2, 3))) static void tell(struct story *story, const char *format, ...)
{
    size_t at = strlen(story->trace);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(story->trace + at, sizeof story->trace - at, format, args);
    va_end(args);
}

void story_expect(struct story *story, const char *expected)
{
    assert_string_equal(story->trace, expected);
    story->trace[0] = '\0';
}

/* -- Beginning and end -- */

void story_begin(struct story *story, const struct journal_limits *limits)
{
    static const struct journal_limits roomy = {
        .rooms_max = 100, .waiting_max = 16, .held_bytes_max = 1 << 20, .follows_per_session = 4};
    assert_true(suite_init());
    *story = (struct story){.now_ms = 1000, .generation = 1};
    memset(story->board.bytes, 0xb0, ID_BYTES);
    memset(story->random.bytes, 0x11, ID_BYTES);
    secret_random(&story->room_key);
    story->journal = journal_new(limits != NULL ? limits : &roomy);
    assert_non_null(story->journal);
    buffer_init(&last_bytes, FRAME_BYTES_MAX);
}

void story_end(struct story *story)
{
    assert_string_equal(story->trace, "");
    for (size_t i = 0; i < story->job_count; i++) {
        effect_free(&story->jobs[i]);
    }
    journal_free(story->journal);
    for (size_t i = 0; i < story->person_count; i++) {
        buffer_fini(&story->people[i].certificate);
    }
    for (size_t i = 0; i < story->store.entry_count; i++) {
        parcel_unref(story->store.entries[i].bytes);
    }
    room_snapshot_free(&story->store.room);
    buffer_fini(&last_bytes);
}

/* -- Effects -- */

static const char *name_of(const struct story *story, uint64_t session)
{
    for (size_t i = 0; i < story->person_count; i++) {
        if (story->people[i].session == session) {
            return story->people[i].name;
        }
    }
    return "nobody";
}

static void entries_tell(struct story *story, const struct msg_entries *message)
{
    struct slice rest = message->entries;
    struct stored_entry stored;
    while (rest.len > 0) {
        assert_int_equal(stored_next(&rest, &stored), ENRUM_OK);
        tell(story, " %" PRIu64 ":%s", stored.seq, class_name(stored.entry.head.class));
    }
}

static void send_tell(struct story *story, uint64_t session, struct slice frame)
{
    uint64_t type = 0, request = 0;
    struct msg_error error;
    struct msg_ack ack;
    struct msg_entries entries;
    assert_int_equal(frame_peek(frame, &type, &request), ENRUM_OK);
    tell(story, "%s <- %s", name_of(story, session), message_name(type));
    if (type == MESSAGE_ERROR && layout_decode(&message_error, frame, &error) == ENRUM_OK) {
        tell(story, " %s", error_name((enum enrum_err)error.code));
    } else if (type == MESSAGE_ACK && layout_decode(&message_ack, frame, &ack) == ENRUM_OK) {
        tell(story, " %" PRIu64 " entries to %" PRIu64, ack.count, ack.seq);
    } else if (type == MESSAGE_ENTRIES &&
               layout_decode(&message_entries, frame, &entries) == ENRUM_OK) {
        entries_tell(story, &entries);
    }
    tell(story, "\n");
}

static void effect_take(struct story *story, struct effect *effect)
{
    switch (effect->type) {
    case EFFECT_SEND:
        send_tell(story, effect->send.session, parcel_slice(effect->send.message));
        parcel_unref(effect->send.message);
        return;
    case EFFECT_ROOM_LOAD:
        tell(story, "store: load\n");
        break;
    case EFFECT_APPEND:
        tell(story, "store: append %zu behind %" PRIu64 "\n", effect->append->entry_count,
             effect->append->base_seq);
        break;
    case EFFECT_FIND:
        tell(story, "store: find %" PRIu64 "\n", effect->find.device_seq);
        break;
    case EFFECT_FETCH:
        tell(story, "store: fetch for %s\n", name_of(story, effect->fetch.session));
        return;
    case EFFECT_BLOB_PUT:
        tell(story, "store: blob of %zu bytes\n", parcel_slice(effect->blob_put.bytes).len);
        break;
    case EFFECT_BLOB_ASK:
        tell(story, "store: which of %zu blobs for %s\n",
             parcel_slice(effect->blob_ask.blobs).len / ID_BYTES,
             name_of(story, effect->blob_ask.session));
        effect_free(effect);
        return;
    case EFFECT_BLOB_GET:
        tell(story, "store: blob for %s\n", name_of(story, effect->blob_get.session));
        return;
    }
    assert_true(story->job_count < STORY_JOBS_MAX);
    story->jobs[story->job_count++] = *effect;
}

static void effects_take(struct story *story, struct effects *effects)
{
    assert_false(effects->failed);
    for (size_t i = 0; i < effects->count; i++) {
        effect_take(story, &effects->items[i]);
    }
    effects->count = 0;
    effects_fini(effects);
}

/* -- People -- */

struct person *story_person(struct story *story, const char *name, enum role role)
{
    struct person *person = &story->people[story->person_count++];
    struct effects effects;
    struct certificate certificate;
    struct wire_certificate body = {.board = story->board, .role = role, .not_after = 1000000};
    uint8_t mark = (uint8_t)story->person_count;
    *person = (struct person){.name = name, .session = story->person_count};
    sign_pair_new(&person->sign);
    body.sign_key = person->sign.public;
    memset(body.person.bytes, role == ROLE_KEEPER ? 0xb0 : mark, ID_BYTES);
    buffer_init(&person->certificate, CERTIFICATE_BYTES_MAX);
    assert_int_equal(certificate_encode(&person->sign, &body, &person->certificate), ENRUM_OK);
    assert_int_equal(certificate_decode(buffer_slice(&person->certificate), &certificate),
                     ENRUM_OK);
    person->identity = (struct identity){.board = story->board,
                                         .person = certificate.body.person,
                                         .device = certificate.device,
                                         .certificate = certificate.hash,
                                         .role = role,
                                         .not_after = body.not_after};
    effects_init(&effects);
    journal_session_ready(story->journal, person->session, &person->identity,
                          buffer_slice(&person->certificate), slice_of("", 0), &effects);
    effects_take(story, &effects);
    return person;
}

void story_leave(struct story *story, struct person *who)
{
    struct effects effects;
    effects_init(&effects);
    journal_session_gone(story->journal, who->session, &effects);
    effects_take(story, &effects);
}

/* -- What they do -- */

void story_follow(struct story *story, struct person *who)
{
    struct effects effects;
    effects_init(&effects);
    journal_follow(story->journal, who->session, ++story->request, &who->identity, &story->room,
                   &effects);
    effects_take(story, &effects);
}

void story_fetch(struct story *story, struct person *who)
{
    struct msg_fetch fetch = {.board = story->board, .room = story->room, .limit = 10};
    struct effects effects;
    effects_init(&effects);
    journal_fetch(story->journal, who->session, ++story->request, &who->identity, &fetch, &effects);
    effects_take(story, &effects);
}

static void give(struct story *story, struct person *who)
{
    struct effects effects;
    effects_init(&effects);
    if (last_creates) {
        journal_create(story->journal, who->session, ++story->request, &who->identity,
                       &story->random, buffer_slice(&last_bytes), story->now_ms, &effects);
    } else {
        journal_append(story->journal, who->session, ++story->request, &who->identity, &story->room,
                       buffer_slice(&last_bytes), story->now_ms, &effects);
    }
    effects_take(story, &effects);
}

void story_again(struct story *story, struct person *who)
{
    give(story, who);
}

static void entry_add(struct story *story, struct person *who, uint64_t class, const void *open)
{
    struct wire_body_text text = {.text = slice_of_text("hej")};
    struct wire_content content = {.kind = KIND_MESSAGE, .role = who->identity.role};
    struct buffer body;
    buffer_init(&body, 64);
    assert_int_equal(layout_encode(&layout_body_text, &text, &body), ENRUM_OK);
    content.body = buffer_slice(&body);
    struct entry_draft draft = {.head = {.room = story->room,
                                         .class = class,
                                         .generation = story->generation,
                                         .certificate = who->identity.certificate,
                                         .device_seq = ++who->device_seq,
                                         .seen_seq = story->seen_seq,
                                         .seen_hash = story->seen_hash},
                                .open = open,
                                .content = class_has_content(class) ? &content : NULL};
    assert_int_equal(entry_encode(&draft, &story->room_key, &who->sign, &last_bytes), ENRUM_OK);
    buffer_fini(&body);
}

void story_put(struct story *story, struct person *who, uint64_t class, const void *open)
{
    buffer_reset(&last_bytes);
    last_creates = false;
    entry_add(story, who, class, open);
    give(story, who);
}

void story_write(struct story *story, struct person *who)
{
    struct wire_open_record open = {0};
    story_put(story, who, CLASS_RECORD, &open);
}

static void member_add(const struct id *person, uint64_t role, struct buffer *members)
{
    struct wire_member member = {*person, role};
    assert_int_equal(layout_encode(&layout_member, &member, members), ENRUM_OK);
}

void story_open(struct story *story, struct person *who)
{
    struct wire_open_record record = {0};
    struct buffer members;
    buffer_init(&members, OPEN_BYTES_MAX);
    room_id(&story->board, &who->identity.certificate, &story->random, &story->room);
    story->seen_hash = story->room;
    bool is_register = who->identity.role == ROLE_KEEPER;
    if (!is_register) {
        member_add(&who->identity.person, who->identity.role, &members);
    }
    member_add(&story->board, ROLE_KEEPER, &members);
    struct wire_open_generation open = {.purpose = is_register ? 1 : 0,
                                        .number = 1,
                                        .base_hash = story->room,
                                        .members = buffer_slice(&members)};
    buffer_reset(&last_bytes);
    last_creates = true;
    entry_add(story, who, CLASS_GENERATION, &open);
    entry_add(story, who, CLASS_RECORD, &record);
    give(story, who);
    buffer_fini(&members);
}

void story_generation(struct story *story, struct person *keeper, struct person *const *people,
                      size_t count)
{
    struct buffer members;
    buffer_init(&members, OPEN_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        member_add(&people[i]->identity.person, people[i]->identity.role, &members);
    }
    member_add(&story->board, ROLE_KEEPER, &members);
    struct wire_open_generation open = {.number = story->generation + 1,
                                        .base_seq = story->seen_seq,
                                        .base_hash = story->seen_hash,
                                        .members = buffer_slice(&members)};
    story->generation++;
    story_put(story, keeper, CLASS_GENERATION, &open);
    buffer_fini(&members);
}

void story_member(struct story *story, struct person *who, enum member_operation operation,
                  enum subject_type type, const struct id *subject, uint64_t role)
{
    struct wire_open_member open = {
        .operation = operation, .subject_type = type, .subject = *subject, .role = role};
    story_put(story, who, CLASS_MEMBER, &open);
}

/* -- Blobs -- */

void story_blob_put(struct story *story, struct person *who)
{
    static const struct id blob = {{0xb1}};
    static const uint8_t bytes[600];
    struct effects effects;
    effects_init(&effects);
    journal_blob_put(story->journal, who->session, ++story->request, &who->identity, &story->room,
                     &blob, slice_of(bytes, sizeof bytes), &effects);
    effects_take(story, &effects);
}

void story_blob_ask(struct story *story, struct person *who)
{
    static const uint8_t ids[2 * ID_BYTES];
    struct msg_blob_ask message = {
        .board = story->board, .room = story->room, .blobs = {ids, sizeof ids}};
    struct effects effects;
    effects_init(&effects);
    journal_blob_ask(story->journal, who->session, ++story->request, &who->identity, &message,
                     &effects);
    effects_take(story, &effects);
}

void story_blob_get(struct story *story, struct person *who)
{
    struct msg_blob_get message = {.board = story->board, .room = story->room};
    struct effects effects;
    effects_init(&effects);
    journal_blob_get(story->journal, who->session, ++story->request, &who->identity, &message,
                     &effects);
    effects_take(story, &effects);
}

/* -- The store -- */

static struct room_snapshot snapshot_copy(const struct room_snapshot *from)
{
    struct room_snapshot to = *from;
    to.members = calloc(from->member_count + 1, sizeof *to.members);
    to.devices = calloc(from->device_count + 1, sizeof *to.devices);
    assert_true(to.members != NULL && to.devices != NULL);
    if (from->member_count > 0) {
        memcpy(to.members, from->members, from->member_count * sizeof *to.members);
    }
    if (from->device_count > 0) {
        memcpy(to.devices, from->devices, from->device_count * sizeof *to.devices);
    }
    return to;
}

static void job_keep(struct story *story, const struct append_job *job)
{
    struct story_store *store = &story->store;
    for (size_t i = 0; i < job->entry_count; i++) {
        store->received_at[store->entry_count] = job->received_at;
        store->counts[store->entry_count] = job->entry_count;
        store->entries[store->entry_count] = job->entries[i];
        (void)parcel_ref(job->entries[i].bytes);
        store->entry_count++;
    }
    room_snapshot_free(&store->room);
    store->room = snapshot_copy(&job->after);
    story->seen_seq = store->room.head_seq;
    story->seen_hash = store->room.head_hash;
}

static void append_answer(struct story *story, struct append_job *job, enum append_outcome outcome,
                          struct effects *effects)
{
    struct story_store *store = &story->store;
    if (outcome == APPEND_DONE && job->base_seq != store->room.head_seq) {
        outcome = APPEND_CONFLICT_HEAD;
    }
    struct append_answer answer = {.ticket = job->ticket, .outcome = outcome};
    if (outcome == APPEND_DONE) {
        answer.receipt.tree_size = 1;
        job_keep(story, job);
    } else if (outcome == APPEND_FAILED && store->is_blind) {
        answer.is_unknown = true;
    } else {
        answer.snapshot = snapshot_copy(&store->room);
        answer.snapshot.board = story->board;
        answer.snapshot.room = story->room;
    }
    append_job_free(job);
    journal_append_answered(story->journal, &answer, story->now_ms, effects);
}

/* The entry of this device with this number, if it stands. */
static void find_answer(struct story *story, const struct effect *job, struct effects *effects)
{
    struct found found = {0};
    for (size_t i = 0; i < story->store.entry_count; i++) {
        struct entry entry;
        assert_int_equal(entry_decode(parcel_slice(story->store.entries[i].bytes), &entry),
                         ENRUM_OK);
        for (size_t j = 0; j < story->person_count; j++) {
            if (id_equal(&story->people[j].identity.device, &job->find.device) &&
                id_equal(&story->people[j].identity.certificate, &entry.head.certificate) &&
                entry.head.device_seq == job->find.device_seq) {
                found = (struct found){.exists = true,
                                       .bytes_hash = story->store.entries[i].bytes_hash,
                                       .leaf = {.room = story->room,
                                                .count = story->store.counts[i],
                                                .seq = i + 1,
                                                .hash = story->store.entries[i].hash,
                                                .received_at = story->store.received_at[i]},
                                       .receipt = {.tree_size = 1}};
            }
        }
    }
    journal_found(story->journal, job->find.ticket, ENRUM_OK, &found, effects);
}

static void job_answer(struct story *story, enum append_outcome outcome)
{
    assert_true(story->job_count > 0);
    struct effect job = story->jobs[0];
    struct effects effects;
    effects_init(&effects);
    story->job_count--;
    memmove(story->jobs, story->jobs + 1, story->job_count * sizeof job);
    if (job.type == EFFECT_APPEND) {
        append_answer(story, job.append, outcome, &effects);
    } else if (job.type == EFFECT_FIND) {
        find_answer(story, &job, &effects);
    } else if (job.type == EFFECT_BLOB_PUT) {
        journal_blob_kept(story->journal, job.blob_put.ticket,
                          outcome == APPEND_DONE ? ENRUM_OK : ENRUM_STORE_FAILED, &effects);
        effect_free(&job);
    } else {
        bool is_ours = id_equal(&job.room_load.room, &story->store.room.room);
        struct room_snapshot snapshot = snapshot_copy(is_ours ? &story->store.room
                                                              : &(struct room_snapshot){0});
        snapshot.board = job.room_load.board;
        snapshot.room = job.room_load.room;
        journal_room_loaded(story->journal,
                            outcome == APPEND_FAILED ? ENRUM_STORE_FAILED : ENRUM_OK, &snapshot,
                            story->now_ms, &effects);
    }
    effects_take(story, &effects);
}

void story_answer(struct story *story)
{
    job_answer(story, APPEND_DONE);
}

void story_settle(struct story *story)
{
    while (story->job_count > 0) {
        story_answer(story);
    }
}

void story_outcome(struct story *story, enum append_outcome outcome)
{
    job_answer(story, outcome);
}
