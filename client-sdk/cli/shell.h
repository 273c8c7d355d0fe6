/* shell -- one run of the command line: its options, its enrum, what has happened so far, how
 * long to wait. */
#pragma once

#include "enrum.h"

enum { NAMES_MAX = 4096, QUEUE_MAX = 4096, TIMEOUT_MS = 20000, LISTED_MAX = 4096 };

enum exit_code { EXIT_GOOD = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_TRUST = 3, EXIT_AWAY = 4 };

struct shell_name {
    struct id person;
    uint64_t role, at; /* at: when the host had it; 0: what staff have stated */
    char name[ENRUM_TEXT_MAX];
};

/* A conversation in a unit's queue. */
struct shell_queued {
    struct id room, unit; /* unit: the room of the queue */
    uint64_t received_at;
    bool is_taken;
    bool is_advice; /* with somebody who has not logged in */
    char title[ENRUM_TEXT_MAX];
};

struct shell {
    struct enrum *enrum;
    const char *home, *board_path, *ca_file;
    const char *file_path; /* of --file; NULL: none */
    /* Of an invitation: --number, --again, --why; NULL: none. */
    const char *number, *again, *why;
    uint64_t days;
    bool has_history, is_unknown, is_borrowed;
    const char *code; /* of a login without an e-ID; NULL: none */
    bool is_swedish, is_json, is_following, has_browser, is_forced;
    uint64_t timeout_ms;
    const char *provider;
    uint64_t role, ground;

    enum enrum_state state;
    enum enrum_err state_err; /* why the last try to connect or prove failed */
    enum enrum_err trust_err; /* the first warning */
    struct id trust_room;
    bool is_login_told;
    enum enrum_err login_err;
    uint64_t answered_request;
    enum enrum_err answer_err;
    char answer_code[80]; /* the printed code of the last answer; empty: none */
    uint64_t answer_until;
    struct buffer answer_units; /* of the last answer: body_unit ... */
    uint64_t notice_state;
    char notice_address[ENRUM_TEXT_MAX];
    struct buffer devices;          /* own_device ... of the last answer that told them */
    size_t sent, up_to_date, moved; /* moved: how often a file has come further */
    bool is_saved;
    enum enrum_err saved_err;
    enum enrum_err not_sent_err, up_to_date_err;
    bool prints_sent;
    size_t name_count, queue_count;
    struct shell_name *names;
    struct shell_queued *queue;
    void (*on_item)(struct shell *shell, const struct enrum_item *item); /* may be NULL */
};

/* Opens the enrum. Errors: those of enrum_open and enrum_board_read. */
enum enrum_err shell_open(struct shell *shell);
void shell_close(struct shell *shell);
/* Steps until `is_done` says so. Errors: TIMEOUT. */
enum enrum_err shell_wait(struct shell *shell, bool (*is_done)(const struct shell *shell),
                          uint64_t timeout_ms);
/* Until nothing waits in the outbox. Errors: TIMEOUT (nothing has moved for so long), why something
 * was not sent. */
enum enrum_err shell_wait_sent(struct shell *shell);
/* Until the device is proved and the rooms are listed. Errors: NOT_LOGGED_IN, NETWORK, and why
 * not. */
enum enrum_err shell_ready(struct shell *shell);
/* Follows a room until everything of it is here. Errors: TIMEOUT, ROOM_UNKNOWN, the room's
 * trouble. */
enum enrum_err shell_follow(struct shell *shell, const struct id *room);
/* The same, and until its key is here, if it comes in time. */
enum enrum_err shell_follow_to_write(struct shell *shell, const struct id *room);
/* Follows all rooms that the device knows. */
enum enrum_err shell_follow_all(struct shell *shell);
/* A room by its hexadecimal digits: all 64, or at least 8 that are one room's. Errors: USAGE,
 * ROOM_UNKNOWN. */
enum enrum_err shell_room(struct shell *shell, const char *text, struct id *out);
/* The room of this name, ready and followed. Errors: those of shell_ready, shell_room and
 * shell_follow. */
enum enrum_err shell_bring(struct shell *shell, const char *text, struct id *out);
/* Asks the keeper, and waits for the answer. Errors: those of enrum_ask, TIMEOUT, what it refuses
 * with. */
enum enrum_err shell_ask(struct shell *shell, uint64_t kind, const void *body);
/* A person's name, as the keeper's entries say; NULL when none has. */
const char *shell_name_find(const struct shell *shell, const struct id *person);
/* The text in the person's language. */
const char *say(const struct shell *shell, const char *english, const char *swedish);
/* Prints what went wrong, and gives the exit code of it (EXIT_GOOD for OK). */
enum exit_code shell_fail(const struct shell *shell, enum enrum_err err);
uint64_t now_ms(void);
