/* config -- enrumd's configuration file and the board.json files that it names. Every key is known,
 * or refused by name. */
#pragma once

#include "protocol/suite.h"

enum { CONFIG_BOARDS_MAX = 64, CONFIG_TEXT_MAX = 1024 };

struct config_board {
    struct id id, root_key;
    char name[256];
};

struct config_limits {
#define SETTING(name, standard, most, what) uint64_t name;
#include "settings.def"
#undef SETTING
};

struct config_listen {
    char address[64]; /* empty: none */
    unsigned port;
};

struct config {
    struct config_listen listen, metrics, relay; /* relay: UDP; without it there are no calls */
    char relay_addresses[CONFIG_TEXT_MAX]; /* where devices find the relay: with a space between */
    char certificate[CONFIG_TEXT_MAX], key[CONFIG_TEXT_MAX]; /* empty: no TLS */
    char data[CONFIG_TEXT_MAX];
    char pages[CONFIG_TEXT_MAX]; /* empty: none are served */
    struct sign_pair host;
    size_t board_count;
    struct config_board boards[CONFIG_BOARDS_MAX];
    struct config_limits limits;
};

/* Reads everything. False: `problem` says what is wrong, for people. */
bool config_read(const char *path, struct config *out, char *problem, size_t problem_bytes);
void config_wipe(struct config *config);
/* The board's place in `boards`; CONFIG_BOARDS_MAX when it is not served here. */
size_t config_board_find(const struct config *config, const struct id *id);
/* Makes a host key file (0600); one that exists is kept. The public key, base64url, goes to
 * `public`. False: `problem` says why. */
bool config_host_key_make(const char *path, char public[44], char *problem, size_t problem_bytes);
