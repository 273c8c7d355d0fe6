/* scene -- drives the pure calls with made-up people in one room, and writes down what comes out.
 * The trace is what a test asserts: one line an order, people by name.
 *
 *   eva <- CALL in: eva* anna?            eva is in; anna waits; eva leads
 *   anna <- CALL waiting 1: eva* anna?    anna waits as the first
 *   bo <- CALL in: eva*~ bo, rung anna RINGING     eva is away
 *   bo <- CALL over PUT_OUT
 *   anna <- RINGS RINGING by eva
 *   relay: leg 1 opens ...
 * A line that is said to several in one event stands once for each. */
#pragma once

#include "call/calls.h"

enum { SCENE_PEOPLE_MAX = 16, SCENE_TRACE_BYTES = 16384 };

struct actor {
    const char *name;
    struct sign_pair sign;
    struct buffer certificate, key_bytes; /* key_bytes: the last call_key it came with */
    struct caller caller;
    struct id key;
    bool follows;
    char ufrag[8];
};

struct scene {
    struct calls *calls;
    struct actor people[SCENE_PEOPLE_MAX];
    size_t count;
    struct id board, room, call;
    struct moment now;
    uint64_t request;
    bool tells_keepers;
    uint64_t numbers[SCENE_PEOPLE_MAX]; /* as CALL showed them last */
    char trace[SCENE_TRACE_BYTES];
};

void scene_begin(struct scene *scene, size_t calls_max);
void scene_end(struct scene *scene);
/* Somebody with a device and a connection; follows the room unless it is a guest. */
struct actor *scene_person(struct scene *scene, const char *name, enum role role);
/* Another device of somebody. */
struct actor *scene_device(struct scene *scene, const char *name, const struct actor *of);

/* -- Events -- */
/* With a new call_key. */
void scene_join(struct scene *scene, struct actor *who);
/* With the call_key of the last time, on a new connection. */
void scene_return(struct scene *scene, struct actor *who);
/* The same once more, on the same connection. */
void scene_again(struct scene *scene, struct actor *who);
void scene_lose(struct scene *scene, struct actor *who);
void scene_leave(struct scene *scene, struct actor *who, bool for_all);
void scene_ring(struct scene *scene, struct actor *who, const struct actor *whom, bool cancel);
void scene_refuse(struct scene *scene, struct actor *who, bool busy);
void scene_statement(struct scene *scene, struct actor *by, const struct actor *about,
                     enum call_admission_operation operation);
void scene_lead(struct scene *scene, struct actor *who, const struct actor *next);
void scene_send(struct scene *scene, struct actor *from, const struct actor *to);
void scene_send_frame(struct scene *scene, struct actor *from, const struct actor *to,
                      struct slice frame);
/* One stream of each use given in `uses` ("vcs": voice, camera, screen). */
void scene_leg(struct scene *scene, struct actor *who, const char *ufrag, const char *uses);
void scene_follow(struct scene *scene, struct actor *who);
void scene_pass(struct scene *scene, uint64_t ms);

void scene_expect(struct scene *scene, const char *expected);
/* What was said so far is of no interest. */
void scene_forget(struct scene *scene);
/* The raw events, for what a program that keeps the rules does not send. */
void scene_raw_join(struct scene *scene, struct actor *who, const struct msg_call_join *message);
void scene_raw_admit(struct scene *scene, struct actor *who, const struct msg_call_admit *message);
/* A call_key of this actor's device for this call. */
void scene_key(struct scene *scene, struct actor *who, const struct id *call);
