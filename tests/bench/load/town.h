/* town -- a board of made-up keys: the same in each program that says the same numbers, so that one
 * can fill a server and another come back to it. Nobody must ever use it for anything else. */
#pragma once

#include "protocol/entry.h"

struct town {
    struct sign_pair root, keeper_sign;
    struct seal_pair keeper_seal;
    struct id board;
    struct buffer keeper; /* certificate */
    struct certificate keeper_certificate;
};

/* A device with a certificate of its own; each belongs to another citizen. */
struct resident {
    struct sign_pair sign;
    struct seal_pair seal;
    struct buffer bytes; /* certificate */
    struct certificate certificate;
};

void town_init(struct town *town);
void town_fini(struct town *town);
/* Writes the board.json that a host of this key (base64url) serves the town by. */
void town_write_board(const struct town *town, const char *host_key, const char *path);
void resident_init(struct resident *resident, const struct town *town, uint64_t number);
/* The keeper of the board as a device. */
void resident_keeper(struct resident *resident, const struct town *town);
void resident_fini(struct resident *resident);

/* A room of so many residents, from this number on: its id, its key, and the entry that opens it.
 */
struct town_room {
    struct id room, random;
    struct secret32 key;
    struct id opening; /* its hash, told by the server */
};
void town_room_init(struct town_room *room, const struct town *town);
/* Appends the encoded first entry. `member_of(context, i)` gives the number of the i-th member. */
void town_room_open(const struct town_room *room, const struct town *town, size_t members,
                    uint64_t (*member_of)(const void *context, size_t i), const void *context,
                    struct buffer *out);
/* Appends the author's entry with this text, which names the opening as what the author saw. */
void town_room_entry(const struct town_room *room, const struct resident *author,
                     uint64_t device_seq, struct slice text, struct buffer *out);
