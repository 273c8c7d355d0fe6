/* host -- enrumd's process: the server's own switchboard, journal and store, put together as its
 * main does it, that can be stopped and killed and started again on what its disk has. */
#pragma once

#include "store/database.h"
#include "switchboard.h"

struct host {
    struct config config;
    struct switchboard board;
    struct database reader; /* the ledger's own look at the disk */
    unsigned incarnation;
    bool is_up;
};
extern struct host host;

void host_begin(void);
void host_start(void);
/* Killed: what is not committed is lost, and every answer on its way. Otherwise as at SIGTERM. */
void host_stop(bool is_killed);
bool host_is_up(void);
/* For good. */
void host_end(void);
