/* reverify -- everything that this device holds of a room, checked anew from the room id on,
 * believing nothing that it found before but the pinned root and the host's key. */
#include "handle.h"
#include "reopening.h"

struct verifying {
    struct enrum *enrum;
    struct roomcopy *room;
    struct fold fold;
    struct keyring keyring;
    struct trust trust;
    struct enrum_report *report;
    bool is_short; /* of memory: nothing has been found out */
};

static void broken(struct verifying *verifying, enum enrum_err err, uint64_t seq)
{
    if (error_class(err) == ERROR_OURS) {
        verifying->is_short = true;
    } else if (verifying->report->err == ENRUM_OK) {
        verifying->report->err = err;
        verifying->report->seq = seq;
    }
}

static void each_certificate(void *context, struct slice bytes)
{
    struct verifying *verifying = context;
    if (trust_add(&verifying->trust, bytes, NULL) == ENRUM_MEMORY) {
        verifying->is_short = true;
    }
}

/* Grants to this device are opened, and their keys held against the commitments. */
static void grant_check(struct verifying *verifying, const struct stored_entry *stored)
{
    const struct entry *entry = &stored->entry;
    size_t added;
    if (entry->head.class != CLASS_GRANT ||
        !id_equal(&entry->open.grant.device, &verifying->enrum->device)) {
        return;
    }
    enum enrum_err err = keyring_grant(&verifying->keyring, &verifying->fold, &entry->open.grant,
                                       &verifying->enrum->seal, &added);
    if (err != ENRUM_OK) {
        broken(verifying, err, stored->seq);
    }
}

static void refusals_count(struct verifying *verifying, const struct wire_content *content)
{
    struct wire_body_refusals body;
    struct wire_refusal refusal;
    if (content->kind != KIND_REFUSALS ||
        layout_decode(&layout_body_refusals, content->body, &body) != ENRUM_OK) {
        return;
    }
    while (body.refused.len > 0 &&
           layout_next(&layout_refusal, &body.refused, &refusal) == ENRUM_OK) {
        verifying->report->refused++;
    }
}

static void content_check(struct verifying *verifying, const struct stored_entry *stored)
{
    const struct entry *entry = &stored->entry;
    const struct secret32 *key = keyring_find(&verifying->keyring, entry->head.generation);
    struct wire_content content;
    struct buffer plain;
    if (!class_has_content(entry->head.class) || entry->is_erased) {
        return;
    }
    if (key == NULL) {
        verifying->report->unopened++;
        return;
    }
    buffer_init(&plain, ENTRY_BYTES_MAX);
    enum enrum_err err = entry_open(entry, key, &plain, &content);
    if (err == ENRUM_OPEN_FAILED || err == ENRUM_MEMORY) {
        broken(verifying, err, stored->seq);
    }
    if (err != ENRUM_OK) {
        verifying->report->unopened++;
    } else if (entry->head.class == CLASS_CHECKPOINT) {
        refusals_count(verifying, &content);
    }
    buffer_wipe(&plain);
}

static bool each_entry(void *context, uint64_t seq, const struct id *hash, struct slice bytes)
{
    struct verifying *verifying = context;
    struct stored_entry stored;
    if (stored_next(&bytes, &stored) != ENRUM_OK || bytes.len != 0 || stored.seq != seq) {
        broken(verifying, ENRUM_CHAIN_BROKEN, seq);
        return false;
    }
    const struct trusted *author = trust_find(&verifying->trust, &stored.entry.head.certificate);
    enum enrum_err err = fold_next(&verifying->fold, &stored,
                                   author != NULL ? &author->certificate : NULL, false);
    if (err == ENRUM_OK && !id_equal(&verifying->fold.hash, hash)) {
        err = ENRUM_CHAIN_BROKEN;
    }
    if (err != ENRUM_OK) {
        broken(verifying, err, seq);
        return false;
    }
    verifying->report->entries++;
    grant_check(verifying, &stored);
    content_check(verifying, &stored);
    return true;
}

static void each_receipt(void *context, uint64_t seq, uint64_t device_seq, struct slice frame)
{
    struct verifying *verifying = context;
    const struct enrum *enrum = verifying->enrum;
    struct msg_ack ack;
    struct receipt_leaf leaf;
    struct receipt_proof proof;
    const struct id *hash = fold_hash(&verifying->fold, seq);
    if (layout_decode(&message_ack, frame, &ack) != ENRUM_OK) {
        broken(verifying, ENRUM_RECEIPT_WRONG, seq);
        return;
    }
    receipt_of_ack(&ack, &leaf, &proof);
    struct room_receipt receipt = roomcopy_receipt_of(&ack, device_seq, (struct slice){NULL, 0});
    enum enrum_err err = ENRUM_OK;
    if (ack.seq != seq || !id_equal(&ack.room, &verifying->room->id) ||
        !receipt_check(&enrum->board.host_key, &leaf, &proof) ||
        (hash != NULL && !id_equal(hash, &ack.hash))) {
        err = ENRUM_RECEIPT_WRONG;
    } else if (hash != NULL) {
        err = roomcopy_receipt_judge(enrum, &verifying->trust, &ack.room, &receipt);
    }
    if (err != ENRUM_OK) {
        broken(verifying, err, seq);
    } else if (hash == NULL && verifying->room->is_current) {
        broken(verifying, ENRUM_ROLLBACK, seq);
    }
}

static void head_check(struct verifying *verifying, const struct local_head *head)
{
    const struct id *hash = fold_hash(&verifying->fold, head->seq);
    if (head->seq > 0 && hash != NULL && !id_equal(hash, &head->hash)) {
        broken(verifying, ENRUM_FORK, head->seq);
    } else if (head->seq > 0 && hash == NULL && verifying->room->is_current) {
        broken(verifying, ENRUM_ROLLBACK, head->seq);
    }
}

static enum enrum_err run(struct verifying *verifying)
{
    struct localstore *store = verifying->enrum->store;
    const struct roomcopy *room = verifying->room;
    enum enrum_err err = localstore_certificates(store, each_certificate, verifying);
    if (err == ENRUM_OK) {
        err = localstore_entries(store, &room->id, 1, INT64_MAX, each_entry, verifying);
    }
    if (err == ENRUM_OK && verifying->report->err == ENRUM_OK) {
        err = localstore_receipts(store, &room->id, each_receipt, verifying);
        head_check(verifying, &room->local.keeper_head);
        head_check(verifying, &room->listed);
        if (verifying->fold.missing_count > 0) {
            broken(verifying, ENRUM_PAYLOAD_MISSING, verifying->fold.missing[0]);
        }
    }
    return err == ENRUM_OK && verifying->is_short ? ENRUM_MEMORY : err;
}

enum enrum_err enrum_verify(struct enrum *enrum, const struct id *room_id_of,
                            struct enrum_report *out)
{
    struct enrum_report report = {0};
    struct verifying verifying = {.enrum = enrum, .report = &report};
    enum enrum_err err = room_named(enrum, room_id_of, &verifying.room);
    if (err != ENRUM_OK) {
        return err;
    }
    fold_init(&verifying.fold, &enrum->board.id, &verifying.room->id);
    keyring_init(&verifying.keyring, &verifying.room->id);
    trust_init(&verifying.trust, &enrum->board);
    err = run(&verifying);
    report.recorded = verifying.fold.covered_seq;
    /* What stopped the room stands: it may lie in what the host sent and was never kept. */
    if (report.err == ENRUM_OK && verifying.room->trouble != ENRUM_OK) {
        report.err = verifying.room->trouble;
        report.seq = verifying.fold.seq + 1;
    }
    fold_fini(&verifying.fold);
    keyring_fini(&verifying.keyring);
    trust_fini(&verifying.trust);
    if (err == ENRUM_OK) {
        *out = report;
    }
    return err;
}
