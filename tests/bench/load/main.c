/* bench-load -- the load generator: one process, one thread, one run, one line of JSON.
 *   bench-load board HOST-KEY FILE                  writes the made-up board's board.json
 *   bench-load write SERVER NAME=VALUE ...          clients that write as fast as they are answered
 *   bench-load idle SERVER NAME=VALUE ...           clients that say nothing
 *   bench-load storm SERVER NAME=VALUE ...          clients that are cut off and come back
 *   bench-load fetch enrum NAME=VALUE ...           the keeper reads a filled board
 *   bench-load attack enrum kind=KIND ...           clients that want it to work for nothing
 * This file: the command line. */
#include "attack.h"
#include "crowd.h"
#include "fetching.h"
#include "idle.h"
#include "storm.h"
#include "talk_enrum.h"
#include "talk_postgres.h"
#include "talk_redis.h"
#include "talk_xmpp.h"
#include "town.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static const struct talker *const talkers[] = {&talk_enrum, &talk_postgres, &talk_redis,
                                               &talk_prosody, &talk_ejabberd};

static const struct talker *talker_find(const char *name)
{
    for (size_t i = 0; i < sizeof talkers / sizeof talkers[0]; i++) {
        if (strcmp(talkers[i]->name, name) == 0) {
            return talkers[i];
        }
    }
    give_up("there is no server \"%s\"", name);
}

/* What stands behind NAME= in one of the words; empty when it is not there. */
static const char *word_text(char **words, const char *name)
{
    size_t len = strlen(name);
    for (; *words != NULL; words++) {
        if (strncmp(*words, name, len) == 0 && (*words)[len] == '=') {
            return *words + len + 1;
        }
    }
    return "";
}

/* The value of NAME=VALUE among the words, or what stands when it is not there. */
static double word_number(char **words, const char *name, double otherwise)
{
    const char *text = word_text(words, name);
    return text[0] != '\0' ? strtod(text, NULL) : otherwise;
}

/* Process ids joined by commas. */
static void servers_read(char **words, pid_t servers[SERVERS_MAX])
{
    const char *at = word_text(words, "pid");
    for (size_t i = 0; *at != '\0' && i < SERVERS_MAX; i++) {
        char *end;
        servers[i] = (pid_t)strtol(at, &end, 10);
        at = end + (*end == ',' ? 1 : 0);
    }
}

static struct crowd_wish wish_read(const char *server, char **words)
{
    struct crowd_wish wish = {.talker = talker_find(server),
                              .writers = (size_t)word_number(words, "clients", 1),
                              .fanout = (size_t)word_number(words, "fanout", 2),
                              .seats = (size_t)word_number(words, "seats", 0),
                              .entries = (uint64_t)word_number(words, "entries", 20000),
                              .warm_s = word_number(words, "warm", 0.5),
                              .window_s = word_number(words, "window", 3),
                              .port = (uint16_t)word_number(words, "port", 0)};
    servers_read(words, wish.servers);
    if (wish.fanout == 0 || wish.port == 0) {
        give_up("port and fanout are needed");
    }
    return wish;
}

static void write_run(const struct crowd_wish *wish)
{
    struct crowd crowd;
    crowd_gather(&crowd, wish);
    crowd_write(&crowd);
    crowd_print(&crowd, "write");
    crowd_part(&crowd);
}

static bool scenario_run(const char *name, const struct crowd_wish *wish, char **words)
{
    if (strcmp(name, "write") == 0) {
        write_run(wish);
    } else if (strcmp(name, "idle") == 0) {
        idle_run(wish, word_number(words, "seconds", 5));
    } else if (strcmp(name, "storm") == 0) {
        storm_run(wish, (uint64_t)word_number(words, "unread", 10));
    } else if (strcmp(name, "fetch") == 0) {
        fetching_run(wish, (uint64_t)word_number(words, "fetches", 1000));
    } else if (strcmp(name, "attack") == 0) {
        attack_run(wish, word_text(words, "kind"));
    } else {
        return false;
    }
    return true;
}

static void board_run(const char *host_key, const char *path)
{
    struct town town;
    town_init(&town);
    town_write_board(&town, host_key, path);
    town_fini(&town);
}

static void limits_raise(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
    limits_raise();
    if (argc == 4 && strcmp(argv[1], "board") == 0) {
        board_run(argv[2], argv[3]);
        return 0;
    }
    struct crowd_wish wish = {0};
    if (argc >= 3) {
        wish = wish_read(argv[2], argv + 3);
    }
    if (argc < 3 || !scenario_run(argv[1], &wish, argv + 3)) {
        give_up("see the head of tests/bench/load/main.c");
    }
    return 0;
}
