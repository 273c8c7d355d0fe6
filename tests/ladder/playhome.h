/* playhome -- one client of libenrum in a home of its own, with a host in the same process, for the
 * ladder: what it has been told, and its turns with the host. The host always has memory. */
#pragma once

#include "../fuzz/handhost.h"
#include "rungs.h"

struct play {
    struct enrum *enrum;
    struct handhost host;
    char home[64];
    struct {
        unsigned entries, unopened, sent, not_sent, up_to_date, logins, saved;
        enum enrum_err login_err, not_sent_err, state_err, saved_err;
        enum enrum_err warning; /* the worst: one of class TRUST stays */
        enum enrum_err open_err;
        char texts[256];
    } told;
};
extern struct play play;

/* A folder, a host, a citizen who has logged in, and a room of theirs with "ett|två|". */
void play_begin(void);
/* The same, but nobody has logged in, and there is no room. */
void play_begin_fresh(void);
void play_end(void);

/* Opens the handle; what was told is forgotten. */
enum enrum_err play_open(void);
void play_close(void);
/* So many turns of both, 50 ms each. */
void play_turns(unsigned count);
/* Opens, follows the first room and reads it to its end, with memory enough for all of it. */
void play_read(void);
/* With memory enough from here on: until nothing is under way. */
void play_settle(void);
/* Nobody is blamed for what a lack of memory did; gives an error that was told, or OK. */
enum enrum_err play_judge(void);
