/* state -- one call as it is held in memory: inside server/call only. */
#pragma once

#include "base/list.h"
#include "base/table.h"
#include "calls.h"

enum place { PLACE_NOWHERE, PLACE_WAITING, PLACE_WAITING_AWAY, PLACE_IN, PLACE_IN_AWAY };

enum move {
    MOVE_COMES,
    MOVE_COMES_AS_STAFF,
    MOVE_COMES_BACK,
    MOVE_IS_ADMITTED,
    MOVE_IS_PUT_OUT,
    MOVE_IS_LOST,
    MOVE_LEAVES,
    MOVE_STAYS_AWAY,
};

/* How much somebody did of something, lately. Zeroed: nothing. */
struct pace {
    uint64_t at, amount; /* at: monotonic, when the count began */
};

/* Whose comings to a call are counted. */
struct comer {
    struct id person; /* all zero: none */
    struct pace comings;
};

/* Both certificates of a device, as others are shown them. */
struct papers {
    struct parcel *certificate, *issuer; /* issuer: NULL when the root signed */
};

struct stream {
    struct wire_call_stream in;
    uint64_t out_ssrc;
};

struct participant {
    struct list link;                            /* of the call, in the order of coming */
    uint64_t number, session, since_ms, away_at; /* session: 0 while away; away_at: monotonic */
    enum place place;
    bool is_member;
    struct caller who; /* without the bytes */
    struct papers papers;
    struct parcel *key_bytes; /* signed call_key */
    struct id key;
    uint64_t leg; /* 0: none */
    char ufrag[257];
    struct pace changes, sent; /* of the leg and its streams; bytes of frames */
    size_t stream_count;
    struct stream streams[CALL_STREAMS_MAX];
};

struct admission {
    struct parcel *bytes; /* signed call_admission */
    struct id certificate, key, by;
    uint64_t operation, time;
    struct papers papers; /* of the one who signed */
};

struct ring {
    struct id person, caller;
    uint64_t state, at; /* at: monotonic */
};

struct call {
    struct list link; /* of all calls */
    uint64_t number;  /* the relay's name for it */
    struct id board, room, id;
    uint64_t began_ms, change, last_number, lead, last_ssrc;
    bool was_held; /* somebody has been admitted */
    bool has_changed;
    struct list participants;
    size_t participant_count, ring_count, admission_count;
    struct ring rings[CALL_PARTICIPANTS_MAX];
    struct admission admissions[CALL_ADMISSIONS_MAX];
    struct comer comers[2 * CALL_PARTICIPANTS_MAX];
};

struct calls {
    struct calls_options options;
    struct table by_id; /* board and call -> struct call */
    struct list all;
    uint64_t last_call, last_leg;
};

#define PARTICIPANTS_EACH(who, call)                                                               \
    LIST_EACH (who##_link, &(call)->participants)                                                  \
        for (struct participant *who = LIST_ITEM(who##_link, struct participant, link),            \
                                *who##_once = who;                                                 \
             who##_once != NULL; who##_once = NULL)

static inline bool is_in(const struct participant *who)
{
    return who->place == PLACE_IN || who->place == PLACE_IN_AWAY;
}

/* Staff of the room who are in, and here. */
static inline bool is_staff(const struct participant *who)
{
    return is_in(who) && who->is_member && who->who.role == ROLE_STAFF;
}

/* -- participants.c -- */

/* By moves.def; false changes nothing. */
bool moves(enum place *place, enum move event);
struct papers papers_ref(const struct papers *papers);
void papers_unref(struct papers *papers);
/* Nowhere yet. NULL: memory. */
struct participant *participant_new(const struct caller *caller, struct slice key_bytes,
                                    const struct id *key);
void participant_free(struct participant *who);
/* So much more, of at most `max` within CALL_PACE_MS? It then counts. */
bool pace_take(struct pace *pace, uint64_t amount, uint64_t max, struct moment now);
/* Where this caller is in the call, as the device that it is now. NULL: it is not. */
struct participant *participant_of_caller(const struct call *call, const struct caller *who);
/* NULL when there is none. */
struct participant *participant_of_session(const struct call *call, uint64_t session);
struct participant *participant_of_device(const struct call *call, const struct id *device);
struct participant *participant_of_number(const struct call *call, uint64_t number);
struct participant *participant_of_person(const struct call *call, const struct id *person);
struct participant *participant_of_key(const struct call *call, const struct id *key);
bool is_anybody_in(const struct call *call);

/* -- admissions.c -- */

/* A statement that somebody is put out always has a place. Errors: TOO_MANY, MEMORY. */
enum enrum_err admission_keep(struct call *call, const struct wire_call_admission *body,
                              struct slice bytes, const struct participant *by);
/* All of this operation about a call key. */
void admissions_drop(struct call *call, const struct id *key, uint64_t operation);
bool is_put_out(const struct call *call, const struct id *key);
void admissions_forget(struct call *call);

/* -- calls.c -- */

/* NULL when there is none. */
struct call *call_find(const struct calls *calls, const struct id *board, const struct id *id);
struct call *call_of_room(const struct calls *calls, const struct id *board, const struct id *room);
/* The caller in a call; NULL, and an answer that says so, when it is over or was never entered. */
struct participant *call_present(struct calls *calls, const struct caller *who, const struct id *id,
                                 struct call **call, struct orders *out);
/* DONE or ERROR. */
void call_answer(const struct caller *who, enum enrum_err err, struct orders *out);
/* What has changed is shown, and a call that is over is forgotten. Every event ends with it. */
void call_settle(struct calls *calls, struct call *call, struct orders *out);

/* -- shown.c -- */

/* The call as this participant may see it; `request` 0 when unasked. */
void show_to(const struct call *call, const struct participant *who, uint64_t request,
             struct orders *out);
/* To all who are in it or wait, and to the board's keepers. */
void show_all(const struct call *call, struct orders *out);
/* It is over for this one. */
void show_over(const struct call *call, const struct participant *who, enum call_number end,
               struct orders *out);
/* It is over: the keepers see who is in it at this moment. */
/* One of the keepers, which has just come. */
void show_keeper(const struct call *call, uint64_t session, struct orders *out);
void show_keepers_over(const struct call *call, enum call_number end, struct orders *out);

/* -- rings.c -- */

/* A call has begun: who follows the room is told. */
void rings_tell_of(struct calls *calls, struct call *call, uint64_t beginner, struct orders *out);
void rings_answered(struct calls *calls, struct call *call, const struct id *person,
                    uint64_t session, struct orders *out);
/* The call is over: who follows the room is told. */
void rings_cancel(struct calls *calls, struct call *call, struct orders *out);
void rings_tick(struct calls *calls, struct call *call, struct moment now, struct orders *out);

/* -- media.c -- */

void media_close(struct participant *who, struct orders *out);
