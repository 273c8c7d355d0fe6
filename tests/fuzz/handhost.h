/* handhost -- the other end of a handsocket: a host, its rooms, and a keeper that logs people in.
 * Honest, but that a test may alter each frame on its way. Checks little: what a host must check is
 * the server's matter. */
#pragma once

#include "../unit/enrum/clientstage.h"

enum { HANDHOST_ROOMS_MAX = 4, HANDHOST_BLOBS_MAX = 4 };

struct handhost {
    struct stage stage;
    struct stage_log logs[HANDHOST_ROOMS_MAX];
    bool follows[HANDHOST_ROOMS_MAX];
    size_t room_count, blob_count;
    struct buffer blobs[HANDHOST_BLOBS_MAX];
    struct id blob_ids[HANDHOST_BLOBS_MAX];
    struct id client_nonce;
    const struct stage_device *device; /* who is connected */
    enum enrum_err refuses;            /* the next frame is answered so */
    uint64_t fetch_most;               /* entries in one answer */
    bool delivers_first;               /* an entry comes before its receipt */
    /* NULL: nothing is altered. */
    void (*alter)(void *context, struct buffer *frame);
    void *context;
};

/* Before libenrum is opened; the citizen and the staff are certified, no room is there. */
void handhost_begin(struct handhost *host);
void handhost_end(struct handhost *host);
/* A room that the citizen has opened: two texts, and the staff added. Its place. */
size_t handhost_room(struct handhost *host);
/* Answers a frame, and tells whoever follows what came of it. */
void handhost_answer(struct handhost *host, struct slice frame);
/* Unasked: the room's entries behind this number. */
void handhost_deliver(struct handhost *host, size_t room, uint64_t after);
/* A message of the host's, by its layout. */
void handhost_give(struct handhost *host, const struct layout *layout, const void *message);

/* Puts the device's keys and certificate where a login would have put them, and gives the keys of
 * that home to the stage's device. `store` is then the caller's to close. */
struct localstore;
void handhost_log_in(struct handhost *host, struct stage_device *device, const char *folder,
                     struct localstore **store);
