/* localstore -- enrum.db: what one device keeps between runs. The only file of libenrum with SQL
 * (SQLite, WAL, FULL). Verified entries, certificates, heads, the outbox, receipts, and small
 * things by name. Keys are not here. Writes gather in one transaction until localstore_commit;
 * what must be on disk now is followed by it. */
#pragma once

#include "enrum.h"

struct localstore;
struct schema_news;

/* Who hears what is done to a file of another version. */
struct localstore_watch {
    /* An older file is copied before it is changed. A person's device keeps none: the outbox has
     * plaintext, and the rest comes from the host again. */
    bool keeps_copy;
    void (*tell)(void *context, const struct schema_news *news);
    void *context;
};

/* An older file is taken to the newest version. `watch` is borrowed for the call; NULL: nobody
 * hears. Errors: FILE_FAILED (also a file of a newer version, which stays as it is). */
enum enrum_err localstore_open(const char *path, const struct localstore_watch *watch,
                               struct localstore **out);
/* Commits what was gathered. */
void localstore_close(struct localstore *store);
/* On disk when it returns OK. Errors: FILE_FAILED; everything gathered is then gone. */
enum enrum_err localstore_commit(struct localstore *store);
/* What was gathered is gone. */
void localstore_undo(struct localstore *store);

/* Small things by name. Appends; nothing when there is none. Errors: FILE_FAILED, MEMORY. */
enum enrum_err localstore_meta_get(struct localstore *store, const char *name, struct buffer *out);
enum enrum_err localstore_meta_put(struct localstore *store, const char *name, struct slice value);

enum enrum_err localstore_certificate_put(struct localstore *store, const struct id *hash,
                                          bool is_keeper, struct slice bytes);
/* Keepers' first. */
enum enrum_err localstore_certificates(struct localstore *store,
                                       void (*each)(void *context, struct slice bytes),
                                       void *context);

struct local_head {
    uint64_t seq;
    struct id hash;
};

struct local_room {
    struct id room;
    struct local_head keeper_head; /* at least so far, says the login; seq 0: nothing said */
    uint64_t sent_seq;             /* newest device_seq that was given out */
    uint64_t type, trouble;
    char title[ENRUM_TEXT_MAX];
};
enum enrum_err localstore_room_put(struct localstore *store, const struct local_room *room);
enum enrum_err localstore_room_remove(struct localstore *store, const struct id *room);
enum enrum_err localstore_rooms(struct localstore *store,
                                void (*each)(void *context, const struct local_room *room),
                                void *context);

enum enrum_err localstore_entry_put(struct localstore *store, const struct id *room, uint64_t seq,
                                    const struct id *hash, struct slice stored);
/* From `first` on, in order, at most `limit`, until `each` says false. */
enum enrum_err localstore_entries(struct localstore *store, const struct id *room, uint64_t first,
                                  uint64_t limit,
                                  bool (*each)(void *context, uint64_t seq, const struct id *hash,
                                               struct slice stored),
                                  void *context);

/* An entry (or, is_create, all entries of a new room) that no receipt has come for. open and
 * content (of a new room: the first thing said in it) allow it to be sealed anew; content is
 * plaintext: the folder is the owner's alone.
 * Slices are borrowed, or valid during a call back. */
struct local_draft {
    uint64_t id;
    struct id room;
    bool is_create;
    struct id random;           /* of a new room */
    uint64_t class, device_seq; /* device_seq 0: not sealed yet, its blobs are on their way */
    struct slice open, content, bytes;
};
/* Fills in draft->id when it is 0; else replaces. */
enum enrum_err localstore_draft_put(struct localstore *store, struct local_draft *draft);
/* With its blobs. */
enum enrum_err localstore_draft_remove(struct localstore *store, uint64_t id);
/* A draft's blob, by its place in the file. */
enum enrum_err localstore_blob_put(struct localstore *store, uint64_t draft, size_t place,
                                   const struct id *id, struct slice bytes);
/* Appends. Errors: FILE_FAILED (also when there is none), MEMORY. */
enum enrum_err localstore_blob_get(struct localstore *store, uint64_t draft, size_t place,
                                   struct buffer *out);
/* In the order in which they were numbered. */
enum enrum_err localstore_drafts(struct localstore *store,
                                 void (*each)(void *context, const struct local_draft *draft),
                                 void *context);

/* The ACK frame that held the receipt of this device's own entry. */
enum enrum_err localstore_receipt_put(struct localstore *store, const struct id *room, uint64_t seq,
                                      uint64_t device_seq, struct slice ack);
enum enrum_err localstore_receipts(struct localstore *store, const struct id *room,
                                   void (*each)(void *context, uint64_t seq, uint64_t device_seq,
                                                struct slice ack),
                                   void *context);
