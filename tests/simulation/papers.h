/* papers -- a board of made-up people: its keys, its board.json, what its keeper is configured
 * with.
 */
#pragma once

#include "../../client-sdk/keeper/keyfile.h"
#include "../../client-sdk/keeper/settings.h"

struct papers {
    struct sign_pair root, host;
    struct enrum_board board;
    struct keeper_keys keys;
    struct settings settings;
};
extern struct papers papers;

void papers_begin(void);

/* The wall clock of everybody, in ms, at a run's start. */
#define PAPERS_BEGIN_MS UINT64_C(1790000000000)
