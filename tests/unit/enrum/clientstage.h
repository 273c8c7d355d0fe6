/* clientstage -- a board with made-up people, and logs that they write, for the tests of libenrum.
 */
#pragma once

#include "enrum.h"

struct stage_device {
    struct sign_pair sign;
    struct seal_pair seal;
    struct buffer certificate;
    struct certificate me;
};

struct stage {
    struct sign_pair root, host;
    struct stage_device keeper, citizen, staff, stranger;
    struct enrum_board board;
    uint64_t now;
};

enum { LOG_ENTRIES_MAX = 256 };

/* A room's log as the host has it. */
struct stage_log {
    struct id room, random, hash;
    uint64_t seq, generation, received_at;
    bool is_opening; /* entries of the opening append have seen nothing */
    struct secret32 key;
    struct buffer stored[LOG_ENTRIES_MAX]; /* encoded wire_stored, one each */
    struct id hashes[LOG_ENTRIES_MAX + 1]; /* [0] is the room id */
    uint64_t device_seqs[LOG_ENTRIES_MAX];
    struct id devices[LOG_ENTRIES_MAX], bytes_hashes[LOG_ENTRIES_MAX];
};

void stage_init(struct stage *stage);
void stage_fini(struct stage *stage);
/* A certificate by the keeper for these keys. */
void stage_certify(struct stage *stage, struct stage_device *device, uint64_t role,
                   uint64_t not_before, uint64_t not_after);
/* The citizen's device is from now on of somebody who has not logged in. */
void stage_certify_unknown(struct stage *stage);
void log_init(struct stage_log *log, const struct id *room);
void log_fini(struct stage_log *log);
/* Puts encoded entry bytes behind the last one, as an honest host does. */
void log_append(struct stage_log *log, struct slice entry, const struct id *device,
                uint64_t received_at);
/* Encodes an entry of this device for the log as it is; content NULL for a class without. */
void log_encode(const struct stage *stage, const struct stage_log *log,
                const struct stage_device *author, uint64_t class, const void *open,
                const struct wire_content *content, struct buffer *out);
/* The two together. */
void log_write(const struct stage *stage, struct stage_log *log, const struct stage_device *author,
               uint64_t class, const void *open, const struct wire_content *content);
void log_say(const struct stage *stage, struct stage_log *log, const struct stage_device *author,
             const char *text);
/* Generation 1 by the citizen, grants to the citizen and the keeper, what the room is: four
 * entries. */
void log_open_room(const struct stage *stage, struct stage_log *log);
void log_grant(const struct stage *stage, struct stage_log *log, const struct stage_device *author,
               const struct stage_device *to);
void log_add_staff(const struct stage *stage, struct stage_log *log);
void log_checkpoint(const struct stage *stage, struct stage_log *log, uint64_t previous_seq);
uint64_t log_device_seq(const struct stage_log *log, const struct id *device);
/* The stored entry at a number. */
void log_at(const struct stage_log *log, uint64_t seq, struct stored_entry *out);
/* A folder for one test, new and empty. */
void stage_folder(char out[256]);
