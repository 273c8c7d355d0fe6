/* corewrite -- what the people of handcore send: messages with true signatures, so that they get
 * past the checks and into the journal. */
#pragma once

#include "handcore.h"

void core_hello(struct core_session *session);
void core_prove(struct core_session *session);

/* What an entry says of its place; taken from the room as it stands unless a test alters it. */
struct core_place {
    uint64_t generation, seen_seq, device_seq;
    struct id seen_hash;
};

/* A room's name, by the citizen who opens it and a number. */
void core_room_name(size_t person, uint8_t number, struct id *random, struct id *room);
/* As the store has the room, and behind this many appends of the device that are on their way. */
void core_place_of(const struct core_session *session, const struct id *room, uint64_t ahead,
                   struct core_place *out);
/* A keeper's is a register, where devices are revoked. */
void core_create(struct core_session *session, uint8_t number);
void core_append(struct core_session *session, const struct id *room,
                 const struct core_place *place, uint64_t class, const void *open);
void core_follow(struct core_session *session, const struct id *room);
void core_fetch(struct core_session *session, const struct id *room, uint64_t after);
void core_whisper(struct core_session *session, const struct id *room);
/* A few bytes as a blob; which of two are there; the first of them. */
void core_blobs(struct core_session *session, const struct id *room);
/* The frame of the last append or creation, under another request number. */
void core_again(struct core_session *session);
/* Encodes the list of a generation: these persons (a bit each) and the board. */
void core_members(unsigned persons, struct buffer *out);
