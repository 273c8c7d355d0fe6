/* story -- drives the pure journal with made-up people and an obedient store, and writes down what
 * comes out. The trace is what a test asserts: one line an effect, people and rooms by name. */
#pragma once

#include "journal/journal.h"

enum { STORY_TRACE_BYTES = 8192, STORY_JOBS_MAX = 32, STORY_PERSONS_MAX = 8 };

/* Somebody with a device and a session; the board itself is person 0. */
struct person {
    const char *name;
    struct sign_pair sign;
    struct identity identity;
    struct buffer certificate;
    uint64_t session, device_seq;
};

/* What the store has of the one room. */
struct story_store {
    struct room_snapshot room;
    struct append_entry entries[64];
    uint64_t received_at[64];
    size_t counts[64]; /* of the append whose last entry this is */
    size_t entry_count;
    bool is_blind; /* a failure's answer does not say what stands */
};

struct story {
    struct journal *journal;
    struct person people[STORY_PERSONS_MAX];
    size_t person_count;
    struct id board, random, room;
    struct secret32 room_key;
    uint64_t now_ms, request;
    uint64_t seen_seq, generation; /* what writers say, unless a test changes it */
    struct id seen_hash;
    struct story_store store;
    struct effect jobs[STORY_JOBS_MAX]; /* asked of the store, not answered yet */
    size_t job_count;
    char trace[STORY_TRACE_BYTES];
};

void story_begin(struct story *story, const struct journal_limits *limits);
void story_end(struct story *story);
/* A person of this role, with a session that has proved it. */
struct person *story_person(struct story *story, const char *name, enum role role);

/* -- Events -- */
void story_follow(struct story *story, struct person *who);
void story_fetch(struct story *story, struct person *who);
/* Opens the room as its citizen; as a keeper, the register room. */
void story_open(struct story *story, struct person *who);
/* One record. */
void story_write(struct story *story, struct person *who);
/* The same bytes as the last write or open. */
void story_again(struct story *story, struct person *who);
/* An entry of any class. */
void story_put(struct story *story, struct person *who, uint64_t class, const void *open);
/* A generation with these people and the board. */
void story_generation(struct story *story, struct person *keeper, struct person *const *people,
                      size_t count);
void story_member(struct story *story, struct person *who, enum member_operation operation,
                  enum subject_type type, const struct id *subject, uint64_t role);
/* The same blob each time. */
void story_blob_put(struct story *story, struct person *who);
void story_blob_ask(struct story *story, struct person *who);
void story_blob_get(struct story *story, struct person *who);
void story_leave(struct story *story, struct person *who);

/* -- The store -- */

/* Answers the first job that waits. */
void story_answer(struct story *story);
/* Answers all, also those that come of it. */
void story_settle(struct story *story);
/* Answers the first, an append, with this outcome. */
void story_outcome(struct story *story, enum append_outcome outcome);

/* Compares the trace with what is expected, and empties it. */
void story_expect(struct story *story, const char *expected);
