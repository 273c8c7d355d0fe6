/* clienttold -- one client of libenrum on a stage, driven in turns with its host, and what it has
 * been told. */
#pragma once

#include "clienthost.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern struct stage stage;
extern struct stage_host host;
extern struct stage_log room_log;
extern struct id room;

/* What one client has been told. */
struct told {
    struct enrum *enrum;
    char home[256];
    enum enrum_err state_err, login_err, warning, not_sent, up_to_date_err;
    unsigned logins, entries, unopened, sent, not_sents, up_to_date, rooms, moves;
    struct id moved, moved_to;
    uint64_t last_sent_seq, last_seq;
    char texts[4096];
    void (*on_login)(struct told *told); /* while it is told of; may be NULL */
};

void client_open(struct told *told);
void client_new(struct told *told);
/* As after a crash: nothing is said to anybody, and what was told is forgotten. */
void client_reopen(struct told *told);

#define UNTIL(told, condition)                                                                     \
    do {                                                                                           \
        int steps_ = 0;                                                                            \
        while (!(condition) && steps_++ < 2000) {                                                  \
            host_step(&host);                                                                      \
            enrum_step((told)->enrum, 5);                                                          \
        }                                                                                          \
        assert_true(condition);                                                                    \
    } while (0)

void run_for(struct told *told, int steps);
void client_login_as(struct told *told, const char *code, uint64_t role);
void client_login(struct told *told, const char *code);
/* Another certificate for the same device. */
void client_renew(struct told *told);
/* A client that is the stage's citizen, and a room of its own with one text. */
void client_with_room(struct told *told);
/* A room of the stage's citizen, where this staff client is a member without keys. */
void client_staff_with_room(struct told *told);

int told_setup(void **state);
int told_teardown(void **state);
