/* crowd -- the clients of one run: seats in rooms, some of which write, each one entry at a time,
 * as fast as it is acknowledged. Counts and times what comes back; how a server is spoken to is the
 * talker's matter.
 *
 * Seats are clients that are connected and get what is written in their room, also what they write
 * themselves. A room has as many seats as the fan-out says. What is sent before the window opens or
 * after it has closed is not counted, but all of it must arrive. */
#pragma once

#include "line.h"
#include "spread.h"
#include "usage.h"

enum { BODY_BYTES = 512, TICK_S = 20 };

struct crowd;

struct seat {
    struct crowd *crowd;
    size_t index, room;
    bool is_writer, is_ready;
    uint64_t sent, acked, delivered;
    uint64_t *sent_at; /* by number of the entry, from 1; ns */
    void *own;         /* the talker's */
};

struct talker {
    const char *name;
    /* Makes rooms, tables, whatever must be there before the seats come. May run the loop. */
    void (*found)(struct crowd *crowd);
    /* Connects; calls seat_ready when the seat gets all that is written in its room from now on. */
    void (*open)(struct seat *seat);
    /* When all are ready, before the first append: what can be made beforehand. */
    void (*prepare)(struct crowd *crowd);
    /* The n-th entry of this seat, from 1. */
    void (*append)(struct seat *seat, uint64_t n);
    /* Every TICK_S for each seat that is ready, if not NULL: to stay connected. */
    void (*tick)(struct seat *seat);
    /* Connects again; what was written meanwhile is told as delivered. NULL: cannot. */
    void (*reopen)(struct seat *seat);
    /* As a network that breaks. NULL: cannot. */
    void (*cut)(struct seat *seat);
    void (*close)(struct seat *seat);
    void (*end)(struct crowd *crowd);
};

struct crowd_wish {
    const struct talker *talker;
    size_t writers, fanout, seats; /* seats: at least so many; 0: as many as they need */
    uint64_t entries;              /* all writers together, at most */
    /* Both are up to ten times as long when clients have not been answered meanwhile: each once
     * before the window, twice in it. */
    double warm_s, window_s;
    uint16_t port;
    pid_t servers[SERVERS_MAX];
};

struct crowd {
    struct crowd_wish wish;
    struct loop loop;
    struct seat *seats;
    size_t seat_count, room_count, ready, opened;
    uint64_t per_writer;
    bool writes; /* acknowledged seats go on */
    bool is_exhausted;
    bool is_returning; /* who is lost comes again */
    size_t lost;
    const char *lost_why;        /* the last of them */
    uint64_t began_at, ended_at; /* the window; ns, 0: not yet */
    uint64_t sent, acked, delivered;
    uint64_t window_acked, window_delivered;
    struct spread ack, delivery;
    struct usage before, after;
    size_t tick_next; /* the seat whose turn it is */
    uint64_t ticked_at;
    void *own; /* the talker's */
};

/* The body of the n-th entry of a seat: both numbers, then letters; 512 bytes without a zero. */
void body_fill(size_t seat, uint64_t n, char out[BODY_BYTES]);
/* False when this is no body. */
bool body_read(struct slice body, size_t *seat, uint64_t *n);

/* What a talker tells. */
void seat_ready(struct seat *seat);
void seat_acked(struct seat *seat, uint64_t n);
/* The server ended the connection: ends the program, unless the crowd is coming back. */
void seat_lost(struct seat *seat, const char *why);
void seat_delivered(struct seat *seat, size_t writer, uint64_t n);

/* Serves what is ready, and keeps the clients connected. */
void crowd_step(struct crowd *crowd, int wait_ms);

/* Steps of a run: all seats connected; figures of the window; all that was sent has arrived. */
void crowd_gather(struct crowd *crowd, const struct crowd_wish *wish);
void crowd_write(struct crowd *crowd);
/* Without figures: every writer writes all it may, and has it acknowledged. */
void crowd_write_out(struct crowd *crowd);
/* All that was sent has been acknowledged, and delivered to each seat of its room. */
bool crowd_is_settled(const struct crowd *crowd);
void crowd_part(struct crowd *crowd);
/* One line of JSON on standard output. */
void crowd_print(const struct crowd *crowd, const char *scenario);
