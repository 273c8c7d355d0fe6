/* receipt -- see receipt.h. */
#include "protocol/receipt.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"

void receipt_leaf_hash(const struct receipt_leaf *leaf, struct id *out)
{
    static const uint8_t zero = 0;
    struct be64 count = be64_of(leaf->count), seq = be64_of(leaf->seq),
                time = be64_of(leaf->received_at);
    struct slice parts[] = {{&zero, 1},
                            label_slice(LABEL_RECEIPT_LEAF),
                            id_slice(&leaf->room),
                            be64_slice(&count),
                            be64_slice(&seq),
                            id_slice(&leaf->hash),
                            be64_slice(&time)};
    suite_hash_bare(parts, sizeof parts / sizeof parts[0], out);
}

static void node_hash(const struct id *left, const struct id *right, struct id *out)
{
    static const uint8_t one = 1;
    struct slice parts[] = {{&one, 1}, id_slice(left), id_slice(right)};
    suite_hash_bare(parts, 3, out);
}

/* The proofs, level by level: leaf i's sibling at each level is its neighbour; a node without one
 * is carried upwards, as in the tree of RFC 9162, where the left part of a tree is always a full
 * one. */
static void paths_make(struct id *level, size_t count, struct receipt_proof *proofs)
{
    size_t leaves = count, height = 0;
    while (count > 1) {
        for (size_t leaf = 0; leaf < leaves; leaf++) {
            size_t sibling = (leaf >> height) ^ 1;
            if (sibling < count) {
                proofs[leaf].path[proofs[leaf].path_count++] = level[sibling];
            }
        }
        for (size_t i = 0; i < count / 2; i++) {
            node_hash(&level[2 * i], &level[2 * i + 1], &level[i]);
        }
        if (count % 2 == 1) {
            level[count / 2] = level[count - 1];
        }
        count = (count + 1) / 2;
        height++;
    }
}

static void head_sign(const struct sign_pair *host, uint64_t size, const struct id *root,
                      struct sig *out)
{
    struct be64 number = be64_of(size);
    struct slice parts[] = {be64_slice(&number), id_slice(root)};
    suite_sign(host, LABEL_RECEIPT, parts, 2, out);
}

bool receipt_sign(const struct sign_pair *host, const struct id *leaves, size_t count,
                  struct receipt_proof *proofs)
{
    CHECK(count >= 1 && count <= (size_t)1 << PATH_MAX_NODES);
    struct id *level = malloc(count * sizeof *level);
    if (level == NULL) {
        return false;
    }
    memcpy(level, leaves, count * sizeof *level);
    for (size_t i = 0; i < count; i++) {
        proofs[i] = (struct receipt_proof){.tree_size = count, .leaf_index = i};
    }
    paths_make(level, count, proofs);
    head_sign(host, count, &level[0], &proofs[0].sig);
    for (size_t i = 1; i < count; i++) {
        proofs[i].sig = proofs[0].sig;
    }
    free(level);
    return true;
}

/* RFC 9162 §2.1.3.2. */
static bool root_of_path(const struct receipt_proof *proof, const struct id *leaf, struct id *root)
{
    uint64_t fn = proof->leaf_index, sn = proof->tree_size - 1;
    struct id r = *leaf;
    for (size_t i = 0; i < proof->path_count; i++) {
        if (sn == 0) {
            return false;
        }
        if ((fn & 1) != 0 || fn == sn) {
            node_hash(&proof->path[i], &r, &r);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            node_hash(&r, &proof->path[i], &r);
        }
        fn >>= 1;
        sn >>= 1;
    }
    *root = r;
    return sn == 0;
}

bool receipt_check(const struct id *host_key, const struct receipt_leaf *leaf,
                   const struct receipt_proof *proof)
{
    struct id leaf_hash, root;
    if (proof->tree_size == 0 || proof->leaf_index >= proof->tree_size ||
        proof->path_count > PATH_MAX_NODES) {
        return false;
    }
    receipt_leaf_hash(leaf, &leaf_hash);
    if (!root_of_path(proof, &leaf_hash, &root)) {
        return false;
    }
    struct be64 number = be64_of(proof->tree_size);
    struct slice parts[] = {be64_slice(&number), id_slice(&root)};
    return suite_verify(host_key, LABEL_RECEIPT, parts, 2, &proof->sig);
}

void receipt_to_ack(const struct receipt_leaf *leaf, const struct receipt_proof *proof,
                    struct msg_ack *ack)
{
    ack->room = leaf->room;
    ack->count = leaf->count;
    ack->seq = leaf->seq;
    ack->hash = leaf->hash;
    ack->received_at = leaf->received_at;
    ack->tree_size = proof->tree_size;
    ack->leaf_index = proof->leaf_index;
    ack->path = (struct slice){proof->path[0].bytes, proof->path_count * ID_BYTES};
    ack->sig = proof->sig;
}

void receipt_of_ack(const struct msg_ack *ack, struct receipt_leaf *leaf,
                    struct receipt_proof *proof)
{
    *leaf = (struct receipt_leaf){ack->room, ack->count, ack->seq, ack->hash, ack->received_at};
    *proof = (struct receipt_proof){.tree_size = ack->tree_size,
                                    .leaf_index = ack->leaf_index,
                                    .path_count = ack->path.len / ID_BYTES,
                                    .sig = ack->sig};
    if (ack->path.len > 0) {
        memcpy(proof->path, ack->path.at, ack->path.len);
    }
}
