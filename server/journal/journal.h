/* journal -- the rooms of all boards, as far as they are in memory: who may append what, in which
 * order, and who is told. Pure (see event.h). Thread: the loop.
 *
 * A room is UNKNOWN (not in memory) --[first use]--> LOADING (events for it wait in order)
 * --[loaded]--> LOADED or ABSENT. LOADED: `head` is the head with all appends that are on their way
 * to the disk; `durable` is what is committed. Acknowledged and delivered is only what is durable,
 * in order. A conflict or failure puts the room back to what the store says and judges the waiting
 * appends again (HEAD) or refuses them (CAUSE -> CAUSE_TAKEN, SEEN -> SEEN_WRONG, BLOB ->
 * BLOB_MISSING, FAILED -> STORE_FAILED). A room without followers, sessions or pending appends may
 * be forgotten. */
#pragma once

#include "journal/event.h"

struct journal;

struct journal_limits {
    size_t rooms_max;      /* in memory */
    size_t waiting_max;    /* events that wait for one room to load, and appends on their way, per
                              room: else BUSY */
    size_t held_bytes_max; /* of all appends and blobs that wait or are with the store: else BUSY */
    size_t follows_per_session; /* else TOO_MANY */
};

struct journal *journal_new(const struct journal_limits *limits); /* NULL: memory */
void journal_free(struct journal *journal);

/* A session follows rooms and appends. Each call answers the request with DONE, ACK or ERROR by a
 * SEND effect, at once or when the store has answered. `identity` is copied. Frames and entries are
 * borrowed for the call. What a session may not see does not exist: ROOM_UNKNOWN, the same as for a
 * room that is not there. */
void journal_follow(struct journal *journal, uint64_t session, uint64_t request,
                    const struct identity *identity, const struct id *room, struct effects *out);
void journal_unfollow(struct journal *journal, uint64_t session, uint64_t request,
                      const struct id *board, const struct id *room, struct effects *out);
void journal_fetch(struct journal *journal, uint64_t session, uint64_t request,
                   const struct identity *identity, const struct msg_fetch *fetch,
                   struct effects *out);
/* The entries' signatures are checked, their head.certificate and room too. `entries` is the SEQ of
 * the frame. */
void journal_append(struct journal *journal, uint64_t session, uint64_t request,
                    const struct identity *identity, const struct id *room, struct slice entries,
                    uint64_t now_ms, struct effects *out);
/* Opens a room: the room id is made here from board, certificate and random, and must be that of
 * every head. */
void journal_create(struct journal *journal, uint64_t session, uint64_t request,
                    const struct identity *identity, const struct id *random, struct slice entries,
                    uint64_t now_ms, struct effects *out);
/* To everybody who follows the room except the sender; answers DONE. */
void journal_transient(struct journal *journal, uint64_t session, uint64_t request,
                       const struct identity *identity, const struct msg_transient_send *message,
                       struct effects *out);

/* `blob` is the hash of the bytes: who gives it has made it. DONE when they are on disk. */
void journal_blob_put(struct journal *journal, uint64_t session, uint64_t request,
                      const struct identity *identity, const struct id *room, const struct id *blob,
                      struct slice bytes, struct effects *out);
void journal_blob_ask(struct journal *journal, uint64_t session, uint64_t request,
                      const struct identity *identity, const struct msg_blob_ask *message,
                      struct effects *out);
void journal_blob_get(struct journal *journal, uint64_t session, uint64_t request,
                      const struct identity *identity, const struct msg_blob_get *message,
                      struct effects *out);

/* The session is gone: it follows nothing any more, and its pending appends go on without anybody
 * to answer. */
void journal_session_gone(struct journal *journal, uint64_t session, struct effects *out);
/* The certificate that a session has proved for a board, and its issuer's (empty for a keeper),
 * until it proves another. False: there is none here. */
bool journal_papers(const struct journal *journal, uint64_t session, const struct id *board,
                    struct slice *certificate, struct slice *issuer);
/* A session has proved a person: it is told of rooms (ROOM_NEW) that this person becomes a member
 * of from now on. */
void journal_session_ready(struct journal *journal, uint64_t session,
                           const struct identity *identity, struct slice certificate,
                           struct slice issuer, struct effects *out);

/* -- The store's answers -- */

/* Takes the snapshot's arrays. `err` is STORE_FAILED when it could not be read: what waits is
 * refused with it. */
void journal_room_loaded(struct journal *journal, enum enrum_err err,
                         struct room_snapshot *snapshot, uint64_t now_ms, struct effects *out);
/* Takes the answer's snapshot. On DONE: ACK to the sender, ENTRIES to followers (one parcel for all
 * of them), ROOM_NEW to the sessions of new members; removed members and devices stop following and
 * are told by ERROR ROOM_UNKNOWN on next use. */
void journal_append_answered(struct journal *journal, struct append_answer *answer, uint64_t now_ms,
                             struct effects *out);
void journal_found(struct journal *journal, uint64_t ticket, enum enrum_err err,
                   const struct found *found, struct effects *out);
void journal_blob_kept(struct journal *journal, uint64_t ticket, enum enrum_err err,
                       struct effects *out);

/* Does this session follow the room? */
bool journal_follows(const struct journal *journal, uint64_t session, const struct id *board,
                     const struct id *room);
/* Calls `each` with every session that follows the room and stands for this person; NULL: for
 * anybody. */
void journal_sessions_of(const struct journal *journal, const struct id *board,
                         const struct id *room, const struct id *person,
                         void (*each)(void *argument, uint64_t session), void *argument);

/* Devices revoked for a whole board, from the register room's entries: (board, device) pairs. The
 * journal tells of new ones after their commit; the gate asks before PROVE and journal refuses
 * their appends with CERTIFICATE_REVOKED. */
bool journal_is_revoked(const struct journal *journal, const struct id *board,
                        const struct id *subject);
/* At start, from the store. */
enum enrum_err journal_revoked_add(struct journal *journal, const struct id *board,
                                   const struct id *subject);

/* For health and metrics. */
struct journal_counts {
    uint64_t rooms, follows, appends_pending;
    uint64_t refused[256]; /* by error number */
};
void journal_counts(const struct journal *journal, struct journal_counts *out);
