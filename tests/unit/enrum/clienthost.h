/* clienthost -- the other end of libenrum's connection, for tests: a host that can be told to
 * misbehave. It keeps logs in memory and checks little; what a host must check is the server's
 * tests' matter. One thread: host_step is called in turns with enrum_step. */
#pragma once

#include "clientstage.h"

enum { HOST_CONNECTIONS_MAX = 4, HOST_ROOMS_MAX = 4 };

struct host_connection {
    int fd; /* -1: free */
    bool is_web_socket;
    struct buffer in;
    struct id client_nonce, server_nonce;
    const struct stage_device *device; /* once proved */
    bool follows[HOST_ROOMS_MAX];
};

struct stage_host {
    struct stage *stage;
    int listener;
    struct host_connection connections[HOST_CONNECTIONS_MAX];
    size_t room_count;
    struct stage_log *rooms[HOST_ROOMS_MAX]; /* borrowed, or its own when opened by a client */
    struct stage_log own[HOST_ROOMS_MAX];
    size_t own_count;
    /* Misbehaviour. */
    enum enrum_err refuse_appends; /* answers the next appends so ... */
    unsigned refuse_count;         /* ... this many of them */
    unsigned cut_before_ack;       /* takes an append, and closes instead of answering */
    bool signs_other_hash; /* receipts with a good signature, over what the log does not hold */
    bool signs_other_time; /* ... and over another time than the log's */
    bool keeps_refused;    /* refuses an append, and keeps it */
    bool has_wrong_receipts, has_wrong_key, grants_on_letter, is_keeper_away;
    bool names_own_keeper; /* one that it has certified itself, in place of the board's */
    unsigned refuse_lists; /* answers the next lists of rooms with STORE_FAILED */
    bool lists_without_end;
    bool makes_up_rooms; /* ... and other ones on each page */
    unsigned rooms_made_up;
    bool hides_rooms;        /* lists none */
    bool denies_rooms;       /* lists them, and knows none of them */
    uint64_t hide_after;     /* gives out entries and heads only up to here; 0: all */
    struct slice heads;      /* what the keeper answers logins with beside the certificate */
    uint64_t certificate_ms; /* life of the next certificates; 0: a day */
    unsigned appends_seen, appends_kept;
};

void host_open(struct stage_host *host, struct stage *stage);
void host_close(struct stage_host *host);
void host_step(struct stage_host *host);
/* Sends the newest entries of a room to those who follow it. */
void host_deliver(struct stage_host *host, size_t room, uint64_t after);
