/* receipt_test -- one signature for a batch: each sender's proof, and every way to bend it. */
#include "cast.h"
#include "protocol/receipt.h"
#include "sample.h"

#include <stdlib.h>
#include <string.h>

static struct cast cast;

static struct receipt_leaf leaf_of(uint64_t number)
{
    return (struct receipt_leaf){cast.room, 1 + number % 3, 100 + number, cast.board, 5000};
}

static struct receipt_proof *batch(size_t count)
{
    struct id *hashes = calloc(count, sizeof *hashes);
    struct receipt_proof *proofs = calloc(count, sizeof *proofs);
    assert_non_null(hashes);
    assert_non_null(proofs);
    for (size_t i = 0; i < count; i++) {
        struct receipt_leaf leaf = leaf_of(i);
        receipt_leaf_hash(&leaf, &hashes[i]);
    }
    assert_true(receipt_sign(&cast.host, hashes, count, proofs));
    free(hashes);
    return proofs;
}

static bool is_good(uint64_t number, const struct receipt_proof *proof)
{
    struct receipt_leaf leaf = leaf_of(number);
    return receipt_check(&cast.host.public, &leaf, proof);
}

static void check_bent(uint64_t number, const struct receipt_proof *good)
{
    struct receipt_proof bent = *good;
    bent.leaf_index = good->leaf_index + 1;
    assert_false(is_good(number, &bent));
    bent = *good;
    bent.tree_size++;
    assert_false(is_good(number, &bent));
    bent.tree_size = good->tree_size - 1;
    assert_false(is_good(number, &bent));
    bent = *good;
    bent.path_count++;
    assert_false(is_good(number, &bent));
    for (size_t i = 0; i < good->path_count; i++) {
        bent = *good;
        bent.path[i].bytes[i] ^= 1;
        assert_false(is_good(number, &bent));
        bent = *good;
        bent.path_count = i;
        assert_false(is_good(number, &bent));
    }
    bent = *good;
    bent.sig.bytes[0] ^= 1;
    assert_false(is_good(number, &bent));
    assert_false(is_good(number + 1, good));
}

static void every_leaf_of_every_tree_up_to_33_proves_itself_and_nothing_else(void **state)
{
    (void)state;
    for (size_t count = 1; count <= 33; count++) {
        struct receipt_proof *proofs = batch(count);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(proofs[i].tree_size, count);
            assert_int_equal(proofs[i].leaf_index, i);
            assert_true(is_good(i, &proofs[i]));
            check_bent(i, &proofs[i]);
        }
        free(proofs);
    }
}

/* RFC 9162 §2.1.1, as it is written there. */
static void tree_head(const struct id *leaves, size_t n, struct id *out)
{
    if (n == 1) {
        *out = leaves[0];
        return;
    }
    size_t k = 1;
    while (k * 2 < n) {
        k *= 2;
    }
    struct id left, right;
    static const uint8_t one = 1;
    tree_head(leaves, k, &left);
    tree_head(leaves + k, n - k, &right);
    struct slice parts[] = {{&one, 1}, id_slice(&left), id_slice(&right)};
    suite_hash_bare(parts, 3, out);
}

static void the_signed_head_is_that_of_rfc_9162(void **state)
{
    (void)state;
    struct id leaves[33], head;
    for (size_t i = 0; i < 33; i++) {
        struct receipt_leaf leaf = leaf_of(i);
        receipt_leaf_hash(&leaf, &leaves[i]);
    }
    for (size_t count = 1; count <= 33; count++) {
        struct receipt_proof *proofs = batch(count);
        struct be64 size = be64_of(count);
        tree_head(leaves, count, &head);
        struct slice parts[] = {be64_slice(&size), id_slice(&head)};
        assert_true(
            suite_verify(&cast.host.public, LABEL_RECEIPT, parts, 2, &proofs[count - 1].sig));
        free(proofs);
    }
}

static void the_largest_batch_fits_the_longest_path(void **state)
{
    (void)state;
    size_t count = (size_t)1 << PATH_MAX_NODES;
    struct receipt_proof *proofs = batch(count);
    assert_int_equal(proofs[0].path_count, PATH_MAX_NODES);
    assert_true(is_good(0, &proofs[0]));
    assert_true(is_good(count - 1, &proofs[count - 1]));
    free(proofs);
}

static void a_receipt_is_good_for_no_other_leaf_or_host(void **state)
{
    (void)state;
    struct receipt_proof *proofs = batch(5);
    struct receipt_leaf good = leaf_of(2), bent = good;
    assert_true(receipt_check(&cast.host.public, &good, &proofs[2]));
    bent.room.bytes[0] ^= 1;
    assert_false(receipt_check(&cast.host.public, &bent, &proofs[2]));
    bent = good;
    bent.hash.bytes[0] ^= 1;
    assert_false(receipt_check(&cast.host.public, &bent, &proofs[2]));
    bent = good;
    bent.count++;
    assert_false(receipt_check(&cast.host.public, &bent, &proofs[2]));
    bent = good;
    bent.seq++;
    assert_false(receipt_check(&cast.host.public, &bent, &proofs[2]));
    bent = good;
    bent.received_at++;
    assert_false(receipt_check(&cast.host.public, &bent, &proofs[2]));
    assert_false(receipt_check(&cast.root.public, &good, &proofs[2]));
    free(proofs);
}

static void a_proof_of_no_tree_or_a_path_too_long_is_refused(void **state)
{
    (void)state;
    struct receipt_proof *proofs = batch(4);
    struct receipt_proof bent = proofs[1];
    bent.tree_size = 0;
    assert_false(is_good(1, &bent));
    bent = proofs[1];
    bent.path_count = PATH_MAX_NODES + 1;
    assert_false(is_good(1, &bent));
    free(proofs);
}

/* A host that signs a size of its own liking over a single leaf. */
static void a_signed_size_that_the_path_does_not_reach_is_refused(void **state)
{
    (void)state;
    struct receipt_leaf leaf = leaf_of(0);
    struct id hash;
    receipt_leaf_hash(&leaf, &hash);
    for (uint64_t claimed = 1; claimed <= 9; claimed++) {
        struct receipt_proof proof = {.tree_size = claimed};
        struct be64 size = be64_of(claimed);
        struct slice parts[] = {be64_slice(&size), id_slice(&hash)};
        suite_sign(&cast.host, LABEL_RECEIPT, parts, 2, &proof.sig);
        assert_int_equal(receipt_check(&cast.host.public, &leaf, &proof), claimed == 1);
    }
}

static struct slice ack_bytes(struct buffer *out)
{
    struct receipt_proof *proofs = batch(6);
    struct receipt_leaf leaf = leaf_of(4);
    struct msg_ack ack = {.request = 9, .board = cast.board};
    receipt_to_ack(&leaf, &proofs[4], &ack);
    buffer_init(out, FRAME_BYTES_MAX);
    assert_int_equal(layout_encode(&message_ack, &ack, out), ENRUM_OK);
    free(proofs);
    return buffer_slice(out);
}

static bool ack_is_refused(struct slice bytes)
{
    struct msg_ack ack;
    struct receipt_leaf leaf;
    struct receipt_proof proof;
    if (layout_decode(&message_ack, bytes, &ack) != ENRUM_OK) {
        return true;
    }
    receipt_of_ack(&ack, &leaf, &proof);
    return !receipt_check(&cast.host.public, &leaf, &proof);
}

/* Request number and board are not the receipt's. */
static bool ack_flip_holds(struct slice bytes)
{
    struct buffer good;
    struct msg_ack ack, original;
    struct slice before = ack_bytes(&good);
    assert_int_equal(layout_decode(&message_ack, before, &original), ENRUM_OK);
    bool holds = ack_is_refused(bytes);
    if (!holds) {
        assert_int_equal(layout_decode(&message_ack, bytes, &ack), ENRUM_OK);
        holds = slice_equal(bytes, before) || ack.request != original.request ||
                !id_equal(&ack.board, &original.board);
    }
    buffer_fini(&good);
    return holds;
}

static void an_ack_carries_the_receipt_and_is_refused_when_cut_or_altered(void **state)
{
    (void)state;
    struct buffer good;
    struct slice bytes = ack_bytes(&good);
    sample_cut(bytes, ack_is_refused);
    sample_flip(bytes, ack_flip_holds);
    buffer_fini(&good);
}

static int start(void **state)
{
    (void)state;
    cast_init(&cast);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_leaf_of_every_tree_up_to_33_proves_itself_and_nothing_else),
        cmocka_unit_test(the_signed_head_is_that_of_rfc_9162),
        cmocka_unit_test(the_largest_batch_fits_the_longest_path),
        cmocka_unit_test(a_receipt_is_good_for_no_other_leaf_or_host),
        cmocka_unit_test(a_proof_of_no_tree_or_a_path_too_long_is_refused),
        cmocka_unit_test(a_signed_size_that_the_path_does_not_reach_is_refused),
        cmocka_unit_test(an_ack_carries_the_receipt_and_is_refused_when_cut_or_altered),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
