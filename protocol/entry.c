/* entry -- see entry.h. */
#include "protocol/entry.h"

#include <stddef.h>
#include <string.h>

const struct layout *class_layout(uint64_t class)
{
    switch (class) {
#define CLASS(name, number, open, sealed, writers, what)                                           \
    case number:                                                                                   \
        return &layout_##open;
#include "protocol/classes.def"
#undef CLASS
    }
    return NULL;
}

const struct layout *kind_layout(uint64_t kind)
{
    switch (kind) {
#define KIND(name, number, body, rooms, writers, what)                                             \
    case number:                                                                                   \
        return &layout_##body;
#include "protocol/kinds.def"
#undef KIND
    }
    return NULL;
}

static void part_hash(struct slice part, struct id *out)
{
    suite_hash(LABEL_ENTRY_PART, &part, 1, out);
}

/* ENTRY_BYTES_MAX is for the four parts together: each alone may be less than its own limit. */
static bool is_within_limit(struct slice head, struct slice open, struct slice sealed)
{
    return head.len + open.len + sealed.len + SIG_BYTES <= ENTRY_BYTES_MAX;
}

static bool has_right_seal(const struct entry *entry)
{
    if (!class_has_content(entry->head.class)) {
        return entry->sealed.len == 0 && !entry->is_erased;
    }
    return entry->is_erased ? entry->sealed.len == 0
                            : entry->sealed.len >= PADDED_BYTES_MIN + TAG_BYTES;
}

/* All but the hashes. */
static enum enrum_err parts_read(struct slice head, struct slice open, struct slice sealed,
                                 const struct sig *sig, struct slice sealed_hash, struct entry *out)
{
    struct entry entry = {.head_bytes = head, .open_bytes = open, .sealed = sealed, .sig = *sig};
    if (!is_within_limit(head, open, sealed)) {
        return ENRUM_MALFORMED;
    }
    enum enrum_err err = layout_decode(&layout_head, head, &entry.head);
    if (err != ENRUM_OK) {
        return err;
    }
    if (entry.head.suite != SUITE_1) {
        return ENRUM_SUITE_UNSUPPORTED;
    }
    const struct layout *layout = class_layout(entry.head.class);
    if (layout == NULL || layout_decode(layout, open, &entry.open) != ENRUM_OK) {
        return ENRUM_MALFORMED;
    }
    /* Every open part begins with its cause, so one view serves all classes. */
    entry.cause = entry.open.record.cause;
    entry.is_erased = id_of_opt(sealed_hash, &entry.sealed_hash);
    if (!has_right_seal(&entry)) {
        return ENRUM_MALFORMED;
    }
    *out = entry;
    return ENRUM_OK;
}

enum enrum_err entry_of_parts(struct slice head, struct slice open, struct slice sealed,
                              const struct sig *sig, struct slice sealed_hash, struct entry *out)
{
    enum enrum_err err = parts_read(head, open, sealed, sig, sealed_hash, out);
    if (err == ENRUM_OK) {
        part_hash(head, &out->head_hash);
        part_hash(open, &out->open_hash);
        if (!out->is_erased) {
            part_hash(sealed, &out->sealed_hash);
        }
    }
    return err;
}

_Static_assert(offsetof(struct wire_open_record, cause) == 0, "the cause is first");
_Static_assert(offsetof(struct wire_open_member, cause) == 0, "the cause is first");
_Static_assert(offsetof(struct wire_open_generation, cause) == 0, "the cause is first");
_Static_assert(offsetof(struct wire_open_grant, cause) == 0, "the cause is first");
_Static_assert(offsetof(struct wire_open_checkpoint, cause) == 0, "the cause is first");
_Static_assert(offsetof(struct wire_open_read, cause) == 0, "the cause is first");
_Static_assert(offsetof(struct wire_open_erase, cause) == 0, "the cause is first");

static enum enrum_err entry_of_wire(const struct wire_entry *wire, struct entry *out)
{
    return entry_of_parts(wire->head, wire->open, wire->sealed, &wire->sig, (struct slice){NULL, 0},
                          out);
}

enum enrum_err entry_decode(struct slice bytes, struct entry *out)
{
    struct wire_entry wire;
    enum enrum_err err = layout_decode(&layout_entry, bytes, &wire);
    return err != ENRUM_OK ? err : entry_of_wire(&wire, out);
}

enum enrum_err entry_next(struct slice *rest, struct entry *out)
{
    struct wire_entry wire;
    struct slice after = *rest;
    enum enrum_err err = layout_next(&layout_entry, &after, &wire);
    if (err == ENRUM_OK) {
        err = entry_of_wire(&wire, out);
    }
    if (err == ENRUM_OK) {
        *rest = after;
    }
    return err;
}

enum enrum_err entry_next_bare(struct slice *rest, struct entry *out)
{
    struct wire_entry wire;
    struct slice after = *rest;
    enum enrum_err err = layout_next(&layout_entry, &after, &wire);
    if (err == ENRUM_OK) {
        err = parts_read(wire.head, wire.open, wire.sealed, &wire.sig, (struct slice){NULL, 0},
                         out);
    }
    if (err == ENRUM_OK) {
        *rest = after;
    }
    return err;
}

enum enrum_err stored_next(struct slice *rest, struct stored_entry *out)
{
    struct wire_stored wire;
    struct stored_entry stored;
    struct slice after = *rest;
    enum enrum_err err = layout_next(&layout_stored, &after, &wire);
    if (err == ENRUM_OK) {
        err = entry_of_parts(wire.head, wire.open, wire.sealed, &wire.sig, wire.sealed_hash,
                             &stored.entry);
    }
    if (err != ENRUM_OK) {
        return err;
    }
    stored.seq = wire.seq;
    stored.received_at = wire.received_at;
    *rest = after;
    *out = stored;
    return ENRUM_OK;
}

enum enrum_err stored_encode(const struct stored_entry *stored, struct buffer *out)
{
    const struct entry *entry = &stored->entry;
    struct wire_stored wire = {
        .seq = stored->seq,
        .received_at = stored->received_at,
        .head = entry->head_bytes,
        .open = entry->open_bytes,
        .sealed = entry->sealed,
        .sig = entry->sig,
    };
    if (entry->is_erased) {
        wire.sealed_hash = id_slice(&entry->sealed_hash);
    }
    return layout_encode(&layout_stored, &wire, out);
}

bool entry_signature_is_good(const struct entry *entry, const struct id *sign_key)
{
    struct slice parts[] = {id_slice(&entry->head_hash), id_slice(&entry->open_hash),
                            id_slice(&entry->sealed_hash)};
    return suite_verify(sign_key, LABEL_ENTRY_SIGNATURE, parts, 3, &entry->sig);
}

void entry_chain(const struct entry *entry, const struct id *previous, uint64_t seq,
                 uint64_t received_at, struct id *out)
{
    struct be64 number = be64_of(seq), time = be64_of(received_at);
    struct slice parts[] = {
        id_slice(previous),           be64_slice(&number),         be64_slice(&time),
        id_slice(&entry->head_hash),  id_slice(&entry->open_hash), id_slice(&entry->sealed_hash),
        {entry->sig.bytes, SIG_BYTES}};
    suite_hash(LABEL_CHAIN, parts, sizeof parts / sizeof parts[0], out);
}

void entry_bytes_hash(const struct entry *entry, struct id *out)
{
    struct slice parts[] = {id_slice(&entry->head_hash),
                            id_slice(&entry->open_hash),
                            id_slice(&entry->sealed_hash),
                            {entry->sig.bytes, SIG_BYTES}};
    suite_hash_bare(parts, 4, out);
}

void room_id(const struct id *board, const struct id *certificate, const struct id *random,
             struct id *out)
{
    struct slice parts[] = {id_slice(board), id_slice(certificate), id_slice(random)};
    suite_hash(LABEL_GENESIS, parts, 3, out);
}

/* -- Sealing -- */

/* The entry's key is used once, so its nonce is all zeros. */
static const uint8_t zero_nonce[NONCE_BYTES];

struct seal_data {
    uint8_t bytes[128];
    size_t len;
};

/* Label, H(head), H(open). */
static struct slice seal_data_make(struct seal_data *data, const struct id *head_hash,
                                   const struct id *open_hash)
{
    struct slice label = label_slice(LABEL_ENTRY_SEAL);
    memcpy(data->bytes, label.at, label.len);
    memcpy(data->bytes + label.len, head_hash->bytes, ID_BYTES);
    memcpy(data->bytes + label.len + ID_BYTES, open_hash->bytes, ID_BYTES);
    data->len = label.len + (size_t)2 * ID_BYTES;
    return (struct slice){data->bytes, data->len};
}

static enum enrum_err content_seal(const struct wire_content *content, const struct id *salt,
                                   struct slice aad, const struct secret32 *room_key,
                                   struct buffer *out)
{
    struct secret32 key;
    struct buffer plain, padded;
    buffer_init(&plain, ENTRY_BYTES_MAX);
    buffer_init(&padded, ENTRY_BYTES_MAX);
    enum enrum_err err = layout_encode(&layout_content, content, &plain);
    if (err == ENRUM_OK) {
        err = suite_pad((struct slice){plain.at, plain.len}, &padded);
    }
    if (err == ENRUM_OK) {
        err = suite_derive(room_key, salt, LABEL_ENTRY_KEY, &key);
    }
    if (err == ENRUM_OK) {
        err = suite_seal(&key, zero_nonce, aad, (struct slice){padded.at, padded.len}, out);
        secret_wipe(&key);
    }
    buffer_wipe(&plain);
    buffer_wipe(&padded);
    return err;
}

struct entry_buffers {
    struct buffer head, open, sealed;
};

static enum enrum_err parts_encode(const struct entry_draft *draft, const struct id *salt,
                                   const struct secret32 *room_key, struct entry_buffers *parts)
{
    struct wire_head head = draft->head;
    head.version = PROTOCOL_VERSION;
    head.suite = SUITE_1;
    head.salt = *salt;
    const struct layout *layout = class_layout(head.class);
    bool has_content = draft->content != NULL;
    if (layout == NULL || has_content != class_has_content(head.class) ||
        (has_content && room_key == NULL)) {
        return ENRUM_MALFORMED;
    }
    enum enrum_err err = layout_encode(&layout_head, &head, &parts->head);
    if (err == ENRUM_OK) {
        err = layout_encode(layout, draft->open, &parts->open);
    }
    if (err != ENRUM_OK || !has_content) {
        return err;
    }
    struct id head_hash, open_hash;
    struct seal_data data;
    part_hash((struct slice){parts->head.at, parts->head.len}, &head_hash);
    part_hash((struct slice){parts->open.at, parts->open.len}, &open_hash);
    return content_seal(draft->content, salt, seal_data_make(&data, &head_hash, &open_hash),
                        room_key, &parts->sealed);
}

static enum enrum_err parts_sign(const struct entry_buffers *parts, const struct sign_pair *author,
                                 struct buffer *out)
{
    struct wire_entry wire = {
        .head = {parts->head.at, parts->head.len},
        .open = {parts->open.at, parts->open.len},
        .sealed = {parts->sealed.at, parts->sealed.len},
    };
    if (!is_within_limit(wire.head, wire.open, wire.sealed)) {
        return ENRUM_OVERSIZED;
    }
    struct id hashes[3];
    part_hash(wire.head, &hashes[0]);
    part_hash(wire.open, &hashes[1]);
    part_hash(wire.sealed, &hashes[2]);
    struct slice signed_parts[] = {id_slice(&hashes[0]), id_slice(&hashes[1]),
                                   id_slice(&hashes[2])};
    suite_sign(author, LABEL_ENTRY_SIGNATURE, signed_parts, 3, &wire.sig);
    return layout_encode(&layout_entry, &wire, out);
}

enum enrum_err entry_encode_with(const struct entry_draft *draft, const struct id *salt,
                                 const struct secret32 *room_key, const struct sign_pair *author,
                                 struct buffer *out)
{
    struct entry_buffers parts;
    buffer_init(&parts.head, HEAD_BYTES_MAX);
    buffer_init(&parts.open, OPEN_BYTES_MAX);
    buffer_init(&parts.sealed, ENTRY_BYTES_MAX);
    enum enrum_err err = parts_encode(draft, salt, room_key, &parts);
    if (err == ENRUM_OK) {
        err = parts_sign(&parts, author, out);
    }
    buffer_fini(&parts.head);
    buffer_fini(&parts.open);
    buffer_fini(&parts.sealed);
    return err;
}

enum enrum_err entry_encode(const struct entry_draft *draft, const struct secret32 *room_key,
                            const struct sign_pair *author, struct buffer *out)
{
    struct id salt;
    suite_random(salt.bytes, sizeof salt.bytes);
    return entry_encode_with(draft, &salt, room_key, author, out);
}

enum enrum_err entry_open(const struct entry *entry, const struct secret32 *room_key,
                          struct buffer *plain, struct wire_content *out)
{
    if (entry->is_erased || entry->sealed.len == 0) {
        return ENRUM_PAYLOAD_MISSING;
    }
    struct secret32 key;
    struct seal_data data;
    struct slice padded;
    enum enrum_err err = suite_derive(room_key, &entry->head.salt, LABEL_ENTRY_KEY, &key);
    if (err != ENRUM_OK) {
        return err;
    }
    size_t before = plain->len;
    err = suite_open(&key, zero_nonce, seal_data_make(&data, &entry->head_hash, &entry->open_hash),
                     entry->sealed, plain);
    secret_wipe(&key);
    if (err != ENRUM_OK) {
        return err;
    }
    err = suite_unpad((struct slice){plain->at + before, plain->len - before}, &padded);
    return err != ENRUM_OK ? err : layout_decode(&layout_content, padded, out);
}
