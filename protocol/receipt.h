/* receipt -- the host's signed word that entries are on disk: one signature for a whole commit.
 * The appends of one commit are leaves of a Merkle tree (RFC 9162 §2.1); the host signs its head,
 * and each sender gets the leaf's inclusion proof. */
#pragma once

#include "protocol/suite.h"

struct receipt_leaf {
    struct id room;
    uint64_t count; /* entries of the append */
    uint64_t seq;   /* of the last of them */
    struct id hash; /* of the last of them */
    uint64_t received_at;
};

/* Hash of a leaf: SHA-256 of a zero byte, label, room, count, seq, hash, received_at (numbers 8
 * bytes, big-endian). */
void receipt_leaf_hash(const struct receipt_leaf *leaf, struct id *out);

struct receipt_proof {
    uint64_t tree_size, leaf_index;
    size_t path_count;
    struct id path[PATH_MAX_NODES];
    struct sig sig;
};

/* Signs the tree of these leaf hashes and makes the proof of each. count is 1 ... 65,536; `proofs`
 * has room for all. False when memory is short. */
bool receipt_sign(const struct sign_pair *host, const struct id *leaves, size_t count,
                  struct receipt_proof *proofs);

bool receipt_check(const struct id *host_key, const struct receipt_leaf *leaf,
                   const struct receipt_proof *proof);

/* Between proof and message. The ACK's path borrows from the proof. Decoding errors: MALFORMED. */
void receipt_to_ack(const struct receipt_leaf *leaf, const struct receipt_proof *proof,
                    struct msg_ack *ack);
void receipt_of_ack(const struct msg_ack *ack, struct receipt_leaf *leaf,
                    struct receipt_proof *proof);
