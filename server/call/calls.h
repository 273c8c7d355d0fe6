/* calls -- who is rung, who waits, who is in: all calls of all boards. Pure: an event and the time
 * go in, orders come out (callorder.h). It opens no socket, asks no clock and checks no signature:
 * who gives it a call_key or a statement has checked that the session's device signed it.
 *
 * A call is there from the first CALL_JOIN until somebody ends it, or nobody who was admitted is in
 * it. Where a device stands, and how it moves: moves.def. Each change is shown whole to everybody
 * (CALL), so nothing depends on a message that came or did not. Thread: the loop. */
#pragma once

#include "callorder.h"
#include "protocol/certificate.h"

struct calls;

/* What only the journal knows. Asked during an event; must not call back. */
struct call_directory {
    void *context;
    /* Does this session follow the room? Then its person is a member. */
    bool (*follows)(void *context, uint64_t session, const struct id *board, const struct id *room);
    /* Calls `each` with every session that follows the room and stands for this person. */
    void (*sessions_of)(void *context, const struct id *board, const struct id *room,
                        const struct id *person, void (*each)(void *argument, uint64_t session),
                        void *argument);
};

struct calls_options {
    size_t calls_max; /* else CALL_FULL */
    struct call_directory directory;
};

/* Two clocks: what has passed is measured by the one that is never set. */
struct moment {
    uint64_t monotonic_ms, wall_ms;
};

/* Who asks. The certificate's bytes are copied. */
struct caller {
    uint64_t session, request;
    struct id board, person, device, certificate; /* certificate: its hash */
    uint64_t role;
    struct slice certificate_bytes, issuer_bytes;
};

struct calls *calls_new(const struct calls_options *options); /* NULL: memory */
void calls_free(struct calls *calls);

/* Each answers the request: CALL, DONE or ERROR. */
void calls_join(struct calls *calls, const struct caller *who, const struct msg_call_join *message,
                struct moment now, struct orders *out);
void calls_leave(struct calls *calls, const struct caller *who,
                 const struct msg_call_leave *message, struct orders *out);
void calls_ring(struct calls *calls, const struct caller *who, const struct msg_call_ring *message,
                struct moment now, struct orders *out);
void calls_refuse(struct calls *calls, const struct caller *who,
                  const struct msg_call_refuse *message, struct orders *out);
void calls_admit(struct calls *calls, const struct caller *who,
                 const struct msg_call_admit *message, struct orders *out);
void calls_lead(struct calls *calls, const struct caller *who, const struct msg_call_lead *message,
                struct orders *out);
void calls_send(struct calls *calls, const struct caller *who, const struct msg_call_send *message,
                struct moment now, struct orders *out);
void calls_leg(struct calls *calls, const struct caller *who, const struct msg_call_leg *message,
               struct moment now, struct orders *out);

/* A session follows a room from now on: it is told what rings there for its person. */
void calls_followed(struct calls *calls, uint64_t session, const struct id *board,
                    const struct id *room, const struct id *person, struct orders *out);
/* A keeper does: it is shown the call that goes on there, as it is at each change. */
void calls_keeper_followed(struct calls *calls, uint64_t session, const struct id *board,
                           const struct id *room, struct orders *out);
void calls_session_gone(struct calls *calls, uint64_t session, struct moment now,
                        struct orders *out);
/* About once a second: what has rung long enough, who has been away too long, who is no longer a
 * member. */
void calls_tick(struct calls *calls, struct moment now, struct orders *out);

struct calls_counts {
    uint64_t calls, in, waiting, ringing;
};
void calls_count(const struct calls *calls, struct calls_counts *out);
