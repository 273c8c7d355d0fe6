/* fold -- the state of one room as its entries make it: members, devices, generations,
 * checkpoints, and the chain. Pure: no clock, no I/O, no keys. It repeats what the server must
 * have checked, so that a server that did not is caught; an entry that does not hold changes
 * nothing. */
#pragma once

#include "protocol/entry.h"

struct fold_member {
    struct id person;
    uint64_t role;
};

struct fold_device {
    struct id device;
    uint64_t last_seq; /* device_seq of its newest entry; 0: none */
    bool is_removed;
};

struct fold_generation {
    struct id commitment;
    uint64_t seq; /* where it stands */
};

struct fold {
    struct id board, room;
    uint64_t seq, received_at; /* of the newest entry; 0: none */
    struct id hash;            /* the room id when seq is 0 */
    uint64_t purpose;
    uint64_t checkpoint_seq,
        covered_seq; /* newest checkpoint's own number, and how far it has checked; 0: none */
    struct id checkpoint_hash;
    uint64_t first_received_at;
    struct id opener; /* device that opened the room */
    struct id opener_person;
    bool is_advice; /* whoever opened it has not logged in */
    size_t hash_capacity, member_count, member_capacity, device_count, device_capacity;
    size_t generation_count, generation_capacity;
    size_t missing_count, missing_capacity;
    struct id *hashes; /* of entry seq at [seq - 1] */
    struct fold_member *members;
    struct fold_device *devices;
    struct fold_generation *generations; /* number n at [n - 1] */
    uint64_t *missing; /* entries without their sealed part that no erasure has named yet */
};

void fold_init(struct fold *fold, const struct id *board, const struct id *room);
void fold_fini(struct fold *fold);

/* The next entry. `author` is the certificate that its head names, chain-checked, or NULL when
 * there is none that leads to the board's root. `is_signature_known`: it was checked before (an
 * entry from this device's own disk). Errors: CHAIN_BROKEN (a number left out, a time that
 * falls, a device's number left out), ENTRY_FORGED (author, signature or right), FORK (it names
 * another history), CHECKPOINT_WRONG, MEMORY. The fold is then as it was. */
enum enrum_err fold_next(struct fold *fold, const struct stored_entry *stored,
                         const struct certificate *author, bool is_signature_known);

/* Hash at a number; the room id at 0. NULL beyond the newest. */
const struct id *fold_hash(const struct fold *fold, uint64_t seq);
/* NULL when the person is no member. */
const struct fold_member *fold_member_find(const struct fold *fold, const struct id *person);
/* device_seq of the device's newest entry. */
uint64_t fold_device_seq(const struct fold *fold, const struct id *device);
/* NULL when there is no such generation. */
const struct fold_generation *fold_generation_find(const struct fold *fold, uint64_t number);
