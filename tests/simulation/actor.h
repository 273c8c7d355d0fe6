/* actor -- one process of libenrum: a client's device, or the keeper. The real thing, stepped when
 * something has arrived for it or its own patience ends; killed at any frame that it sends. */
#pragma once

#include "../../client-sdk/keeper/keeper.h"
#include "base/list.h"
#include "enrum.h"
#include "world.h"

enum { ACTORS_MAX = 8, VIEWS_MAX = 24, QUEUE_MAX = 16 };

/* What an actor has been told of one room. */
struct view {
    struct id room;
    uint64_t told, unopened_count;
    uint64_t unopened[256];
    /* Generations: from which on its person may read, by the keeper's newest word, and by the least
     * that it ever was; the least that it has opened. 0: not said. */
    uint64_t first, first_least, opened_least;
};

struct actor {
    size_t index;
    uint64_t role;
    char identity[32], home[PATH_MAX_BYTES];
    unsigned lives;
    struct id device, person; /* once known */
    struct enrum *enrum;      /* NULL: its process does not run */
    struct keeper *keeper;    /* of a keeper */
    struct socket *socket;
    uint64_t step_at; /* 0: none is due */
    unsigned hasty;   /* steps in a row that waited for nothing */
    unsigned doom;    /* dies at so many frames from now; 0: does not */
    bool is_dead;     /* in the step in which it dies */
    bool is_logging_in;
    uint64_t login_at;
    enum enrum_state state;
    size_t view_count, queued_count;
    struct view views[VIEWS_MAX];
    struct id queued[QUEUE_MAX]; /* rooms that staff has seen waiting */
};

extern struct actor actors[ACTORS_MAX];
extern size_t actor_count;

void actor_new(uint64_t role, const char *identity);
void actor_open(struct actor *actor);
/* `is_killed`: nothing more is written to its disk. */
void actor_close(struct actor *actor, bool is_killed);
/* Closes it, and opens it again later. */
void actor_restart(struct actor *actor, bool is_killed, uint64_t away);
struct view *actor_view(struct actor *actor, const struct id *room);
/* Is there nothing that it still has to do? `why` says what. */
bool actor_is_done(struct actor *actor, char why[160]);

/* -- Between an actor and its connection -- */

enum arrival { ARRIVAL_OPEN, ARRIVAL_FRAME, ARRIVAL_LOST };
/* Of a connection that the actor may have left. */
void actor_arrival(size_t index, uint64_t wire, enum arrival arrival, struct slice frame);
struct actor *actor_current(void);
/* The socket is about to send. True: the process dies here. */
bool actor_dies_now(struct actor *actor);
void actor_step_at(struct actor *actor, uint64_t at);
void socket_arrival(struct socket *socket, uint64_t wire, enum arrival arrival, struct slice frame);
/* When it wants to be stepped again. */
uint64_t socket_wait(const struct socket *socket);
