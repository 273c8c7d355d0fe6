/* entry -- one signed, sealed item of a room's log: made, read, checked, opened, chained.
 * Knows the bytes of one entry; whether its author may write it is the journal's question and each
 * reader's. */
#pragma once

#include "protocol/certificate.h"

union entry_open {
    struct wire_open_record record;
    struct wire_open_member member;
    struct wire_open_generation generation;
    struct wire_open_grant grant;
    struct wire_open_checkpoint checkpoint;
    struct wire_open_read read;
    struct wire_open_erase erase;
};

/* A decoded entry. All slices borrow from the bytes it was decoded from. */
struct entry {
    struct wire_head head;
    union entry_open open; /* by head.class */
    struct slice cause;    /* of the open part: empty or 32 bytes */
    struct slice head_bytes, open_bytes, sealed;
    struct sig sig;
    struct id head_hash, open_hash, sealed_hash;
    bool is_erased; /* sealed_hash was given instead of the sealed part */
};

/* An entry as stored: the entry and what the server added. */
struct stored_entry {
    struct entry entry;
    uint64_t seq, received_at;
};

/* Errors: MALFORMED, SUITE_UNSUPPORTED. A class without content must have an empty sealed part, one
 * with content a sealed part of at least a tag and the smallest padding. */
enum enrum_err entry_decode(struct slice bytes, struct entry *out);
/* Takes the first entry off a SEQ. Errors: those of entry_decode. */
enum enrum_err entry_next(struct slice *rest, struct entry *out);
/* The same without the parts' hashes, which cost more than all the rest: nothing that needs them
 * may be asked of this entry. */
enum enrum_err entry_next_bare(struct slice *rest, struct entry *out);
/* Takes the first stored entry off a SEQ. Errors: those of entry_decode. */
enum enrum_err stored_next(struct slice *rest, struct stored_entry *out);
/* From its parts, as a database keeps them. sealed_hash: empty unless erased. Errors: those of
 * entry_decode. */
enum enrum_err entry_of_parts(struct slice head, struct slice open, struct slice sealed,
                              const struct sig *sig, struct slice sealed_hash, struct entry *out);
enum enrum_err stored_encode(const struct stored_entry *stored, struct buffer *out);

bool entry_signature_is_good(const struct entry *entry, const struct id *sign_key);
/* The hash of the entry at its place in the chain; `previous` is the room id for the first. */
void entry_chain(const struct entry *entry, const struct id *previous, uint64_t seq,
                 uint64_t received_at, struct id *out);
/* One hash over everything that was sent: tells whether two entries with one id are the same. */
void entry_bytes_hash(const struct entry *entry, struct id *out);

/* The id of a room opened by this certificate with this random. */
void room_id(const struct id *board, const struct id *certificate, const struct id *random,
             struct id *out);

/* What an author gives to make an entry. head.version, suite, salt are filled in. */
struct entry_draft {
    struct wire_head head;
    const void *open;                   /* the struct of the class's open layout */
    const struct wire_content *content; /* NULL for a class without */
};

/* Makes, seals, signs and appends an entry. room_key may be NULL for a class without content.
 * Errors: MALFORMED (a value outside the tables), OVERSIZED, MEMORY. */
enum enrum_err entry_encode(const struct entry_draft *draft, const struct secret32 *room_key,
                            const struct sign_pair *author, struct buffer *out);
/* The same with the salt given: only for test vectors. */
enum enrum_err entry_encode_with(const struct entry_draft *draft, const struct id *salt,
                                 const struct secret32 *room_key, const struct sign_pair *author,
                                 struct buffer *out);

/* Opens the sealed part. The content borrows from `plain`, which the caller has initialised and
 * will wipe (buffer_wipe). Errors: PAYLOAD_MISSING (erased, or a class without content),
 * OPEN_FAILED, MALFORMED, MEMORY. */
enum enrum_err entry_open(const struct entry *entry, const struct secret32 *room_key,
                          struct buffer *plain, struct wire_content *out);

/* The layout of a class's open part; NULL for an unknown class. */
const struct layout *class_layout(uint64_t class);
/* The layout of a kind's body; NULL for an unknown kind. */
const struct layout *kind_layout(uint64_t kind);
