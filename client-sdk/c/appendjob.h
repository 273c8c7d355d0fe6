/* appendjob -- a keeper's appends: several entries, all or nothing, kept in memory only
 * (enrum_append). One of a room is under way at a time; it is sent as the same bytes after a
 * lost connection, and made anew when the room has moved on. */
#pragma once

#include "roomcopy.h"

struct append_item {
    uint64_t class;
    struct buffer open, content; /* encoded; content is empty for a class without */
};

struct appendjob {
    struct list link;
    uint64_t request;
    bool is_create, is_in_flight, has_key;
    struct id random;
    struct secret32 key;
    struct buffer entries; /* as sent; empty: to be made */
    uint64_t base_seq, first_device_seq;
    unsigned tries;
    size_t count;
    struct append_item items[];
};

enum { APPEND_TRIES_MAX = 20, APPENDS_WAITING_MAX = 1024 };

void appends_free(struct roomcopy *room);
void appends_step(struct enrum *enrum);
/* A generation now stands: is it the one of the append under way, its key is taken. */
void append_keys_learn(struct roomcopy *room);
