/* stage -- a real enrumd in a process of its own, with one or two boards made for the test, and
 * peers that say to it exactly what the test wants, well-formed or not. */
#pragma once

#include "enrum.h"

#include <sys/types.h>

#include "client-sdk/c/socket.h"

struct authority {
    struct sign_pair root, keeper_sign;
    struct seal_pair keeper_seal;
    struct id board;
    struct buffer keeper; /* certificate */
    struct certificate keeper_certificate;
};

/* A device with keys and a certificate of its own. */
struct device {
    struct sign_pair sign;
    struct seal_pair seal;
    struct buffer bytes;
    struct certificate certificate;
    uint64_t device_seq; /* last used, in the one room of the test */
};

struct stage {
    char folder[64], board_file[2][128];
    pid_t host;
    unsigned port, metrics_port; /* 0: no metrics */
    struct id host_key;
    struct authority here, elsewhere; /* only `here` is served */
};

struct stage_wish {
    const char *pages;             /* NULL: none are served */
    const char *limits;            /* the inside of "limits" in enrumd.json; NULL: as it has them */
    const char *metrics;           /* an address with a port; NULL: none */
    const char *certificate, *key; /* NULL: no TLS */
    const char *relay;             /* the inside of "relay"; NULL: there are no calls */
};

/* Starts once for all tests of the program. Ends the program with a message when it cannot. */
struct stage *stage_start(void);
struct stage *stage_start_with(const struct stage_wish *wish);
/* A second host, which must end by itself because of these pages: what it says. */
void stage_refuse_pages(const char *pages, char *words, size_t words_bytes);
/* The same because of what is wished for. */
void stage_refuse(const struct stage_wish *wish, char *words, size_t words_bytes);
void stage_end(void);
/* Sends the host a signal. */
void stage_signal(int number);
/* Waits until the host has ended: its exit status, or minus the signal that ended it. */
int stage_wait(void);
/* Everything that the host has logged since it listens. Static. */
const char *stage_log(void);
uint64_t stage_now(void);
/* A counter of /healthz ("refused" by error name); 0 when it is not there. */
uint64_t stage_refused(const char *error);

struct device_wish {
    const struct authority *by;
    enum role role;
    uint8_t person; /* 32 times this byte; 0: the board */
    uint64_t not_before, not_after;
    const struct sign_pair *signer; /* NULL: by's keeper */
};
void device_make(struct device *device, const struct device_wish *wish);
/* A citizen of the stage's board, in time. */
void device_citizen(struct device *device, uint8_t person);
/* The board's keeper as a device. */
void device_keeper(struct device *device);
void device_free(struct device *device);

/* A sample of the metrics ("enrum_commits_total", "enrum_ended_total{why=\"silent\"}"). Ends the
 * program when it is not there. */
uint64_t stage_metric(const char *sample);
/* Asks until the sample is at least this; false: it never was, in ten seconds. */
bool stage_metric_reaches(const char *sample, uint64_t value);
/* The answer to GET `path` at a port, to its end. */
void stage_get(unsigned port, const char *path, char *answer, size_t answer_bytes);
/* Memory that the host has in use, as the kernel counts it. */
size_t stage_rss(void);
/* A TCP connection to the host; reads wait ten seconds at most. */
int stage_connect(void);
/* A connection by hand: sends this request, gives the beginning of the answer. The descriptor, or
 * -1. */
int stage_raw(const char *request, char *answer, size_t answer_bytes);

struct peer {
    struct socket *socket;
    bool is_open, is_lost;
    struct buffer frame; /* the last answer with the request number waited for */
    uint64_t waits_for, got_type, last_request;
    struct id client_nonce, server_nonce;
};

/* What a device says to be READY, for both nonces. */
void stage_proof(const struct device *device, const struct id *client_nonce,
                 const struct id *server_nonce, struct msg_prove *out);
unsigned stage_port(void);
/* After stage_wait: the same host again, on another port. */
void stage_restart(void);
void peer_open(struct peer *peer);
void peer_close(struct peer *peer);
/* Sends bytes as they are. */
void peer_send_bytes(struct peer *peer, const void *bytes, size_t len);
/* Encodes, sends, waits: OK when the answer is no ERROR, else its code; NETWORK when the connection
 * ends, TIMEOUT. */
enum enrum_err peer_ask(struct peer *peer, const struct layout *layout, void *message);
/* Waits for an answer to this request number. */
enum enrum_err peer_wait(struct peer *peer, uint64_t request);
/* Waits until the host ends the connection. */
bool peer_is_ended(struct peer *peer);
enum enrum_err peer_hello(struct peer *peer);
enum enrum_err peer_prove(struct peer *peer, const struct device *device);
/* Open, hello and proof that must succeed. */
void peer_ready(struct peer *peer, const struct device *device);

/* A room opened by the device: its id, key, and head. */
struct test_room {
    struct id room;
    struct secret32 key;
    uint64_t seq;
    struct id hash;
    uint64_t generation;
};
enum enrum_err room_open_by(struct peer *peer, struct device *device, bool is_register,
                            struct test_room *out);
struct write_wish {
    uint64_t class, generation, device_seq;
    const void *open;
    const char *text; /* NULL: none */
    bool spoil_signature;
};
/* One entry of the device into the room; updates the head on success. */
enum enrum_err room_write(struct peer *peer, struct device *device, struct test_room *room,
                          const struct write_wish *wish);
/* The head as the host tells a member. */
uint64_t room_head(struct peer *peer, const struct test_room *room);
