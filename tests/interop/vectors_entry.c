/* vectors -- see vectors.h: a room's log with an entry of each class, its chain, and entries that
 * must be refused. */
#include "vectors.h"

#include <string.h>

#include "base/check.h"
#include "protocol/grant.h"
#include "vectors_layout.h"

struct log {
    struct vectors_cast cast;
    uint64_t seq, citizen_seq, keeper_seq;
    struct id hash; /* of the last entry */
    struct buffer stored;
    json_t *entries;
};

static void append(json_t *list, json_t *item)
{
    CHECK(item != NULL && json_array_append_new(list, item) == 0);
}

static void set(json_t *object, const char *member, json_t *value)
{
    CHECK(value != NULL && json_object_set_new(object, member, value) == 0);
}

static const char *open_name(enum entry_class class)
{
    switch (class) {
#define CLASS(name, number, open, sealed, writers, what)                                           \
    case CLASS_##name:                                                                             \
        return #open;
#include "protocol/classes.def"
#undef CLASS
    }
    CHECK(false);
    return NULL;
}

static json_t *entry_json(const struct log *log, const char *author,
                          const struct entry_draft *draft, const struct id *salt,
                          struct slice bytes, const struct entry *entry)
{
    struct wire_head head = draft->head;
    struct id bytes_hash;
    head.version = PROTOCOL_VERSION;
    head.suite = SUITE_1;
    head.salt = *salt;
    entry_bytes_hash(entry, &bytes_hash);
    return json_pack(
        "{ss, ss, so, so, so, so, so, so, so, so, so, so, so}", "author", author, "class",
        class_name(head.class), "head", vector_value_json("head", &head), "open",
        vector_value_json(open_name((enum entry_class)head.class), draft->open), "content",
        draft->content == NULL ? json_null() : vector_value_json("content", draft->content),
        "bytes", vectors_hex(bytes), "head_hash", vectors_id(&entry->head_hash), "open_hash",
        vectors_id(&entry->open_hash), "sealed_hash", vectors_id(&entry->sealed_hash), "bytes_hash",
        vectors_id(&bytes_hash), "seq", vectors_number(log->seq), "received_at",
        vectors_number(VECTORS_BEGIN + 1000 * log->seq), "hash", vectors_id(&log->hash));
}

static void log_add(struct log *log, bool by_keeper, enum entry_class class, const void *open,
                    const struct wire_content *content)
{
    const struct vectors_party *author = by_keeper ? &log->cast.keeper : &log->cast.citizen;
    uint64_t *device_seq = by_keeper ? &log->keeper_seq : &log->citizen_seq;
    struct entry_draft draft = {.head = {.room = log->cast.room,
                                         .class = class,
                                         .generation = 1,
                                         .certificate = author->certificate.hash,
                                         .device_seq = ++*device_seq,
                                         .seen_seq = log->seq,
                                         .seen_hash = log->hash,
                                         .time = VECTORS_BEGIN + 999 * log->seq},
                                .open = open,
                                .content = content};
    struct id salt = vectors_id_of_byte((uint8_t)(0x80 + log->seq));
    struct stored_entry stored = {.seq = ++log->seq};
    struct buffer bytes;
    buffer_init(&bytes, ENTRY_BYTES_MAX);
    CHECK(entry_encode_with(&draft, &salt, &log->cast.room_key, &author->sign, &bytes) == ENRUM_OK);
    CHECK(entry_decode(buffer_slice(&bytes), &stored.entry) == ENRUM_OK);
    stored.received_at = VECTORS_BEGIN + 1000 * log->seq;
    entry_chain(&stored.entry, &log->hash, log->seq, stored.received_at, &log->hash);
    CHECK(stored_encode(&stored, &log->stored) == ENRUM_OK);
    append(log->entries, entry_json(log, by_keeper ? "keeper" : "citizen", &draft, &salt,
                                    buffer_slice(&bytes), &stored.entry));
    buffer_fini(&bytes);
}

static struct wire_content content_of(uint64_t kind, uint64_t role, struct slice body)
{
    return (struct wire_content){.kind = kind,
                                 .role = role,
                                 .rule_version = 1,
                                 .language = slice_of_text("sv"),
                                 .body = body};
}

static void encode(const struct layout *layout, const void *value, struct buffer *out)
{
    buffer_reset(out);
    CHECK(layout_encode(layout, value, out) == ENRUM_OK);
}

/* The citizen opens the room and says something. */
static void opening_add(struct log *log)
{
    struct wire_member members[] = {
        {log->cast.citizen.certificate.body.person, ROLE_CITIZEN},
        {log->cast.board, ROLE_KEEPER},
    };
    struct wire_open_generation generation = {.number = 1, .base_hash = log->cast.room};
    struct wire_open_grant grant = {.device = log->cast.citizen.certificate.device,
                                    .first = 1,
                                    .last = 1,
                                    .enc = vectors_id_of_byte(0x31)};
    struct wire_open_record record = {{NULL, 0}, {NULL, 0}};
    struct wire_body_text said = {
        .text = slice_of_text("Hej, jag heter Test Testsson. \xc3\x85\xf0\x9f\x8d\x8e")};
    struct buffer bytes;
    uint8_t wrapped[48] = {7};
    buffer_init(&bytes, CONTENT_BYTES_MAX);
    CHECK(layout_encode(&layout_member, &members[0], &bytes) == ENRUM_OK);
    CHECK(layout_encode(&layout_member, &members[1], &bytes) == ENRUM_OK);
    generation.members = buffer_slice(&bytes);
    grant_commitment(&log->cast.room, 1, &log->cast.room_key, &generation.commitment);
    log_add(log, false, CLASS_GENERATION, &generation, NULL);
    grant.wrapped = slice_of(wrapped, sizeof wrapped);
    log_add(log, false, CLASS_GRANT, &grant, NULL);
    encode(&layout_body_text, &said, &bytes);
    struct wire_content content = content_of(KIND_MESSAGE, ROLE_CITIZEN, buffer_slice(&bytes));
    log_add(log, false, CLASS_RECORD, &record, &content);
    buffer_fini(&bytes);
}

/* What the keeper adds, and the citizen's read mark. */
static void answers_add(struct log *log)
{
    struct id cause = vectors_id_of_byte(0x99), staff = log->cast.staff.certificate.body.person;
    struct id hash = log->hash;
    uint8_t blobs[2 * ID_BYTES] = {1, 2, 3};
    struct buffer bytes;
    buffer_init(&bytes, CONTENT_BYTES_MAX);
    struct wire_body_profile profile = {staff,
                                        ROLE_STAFF,
                                        slice_of_text("Prov Provsson"),
                                        slice_of_text("handl\xc3\xa4ggare"),
                                        {NULL, 0},
                                        {NULL, 0},
                                        3};
    struct wire_open_record record = {id_slice(&cause), slice_of(blobs, sizeof blobs)};
    encode(&layout_body_profile, &profile, &bytes);
    struct wire_content content = content_of(KIND_PROFILE, ROLE_KEEPER, buffer_slice(&bytes));
    log_add(log, true, CLASS_RECORD, &record, &content);
    struct wire_open_member member = {{NULL, 0}, MEMBER_ADD, SUBJECT_PERSON, staff, ROLE_STAFF, 0};
    struct wire_body_change change = {GROUND_REQUEST, {NULL, 0}};
    encode(&layout_body_change, &change, &bytes);
    content = content_of(KIND_CHANGE, ROLE_KEEPER, buffer_slice(&bytes));
    log_add(log, true, CLASS_MEMBER, &member, &content);
    struct wire_open_checkpoint checkpoint = {
        {NULL, 0}, log->seq, log->hash, VECTORS_BEGIN + 70000, 0, log->cast.room};
    struct wire_body_refusals refusals = {{NULL, 0}};
    encode(&layout_body_refusals, &refusals, &bytes);
    content = content_of(KIND_REFUSALS, ROLE_KEEPER, buffer_slice(&bytes));
    log_add(log, true, CLASS_CHECKPOINT, &checkpoint, &content);
    struct wire_open_read read = {{NULL, 0}, log->seq, log->hash};
    log_add(log, false, CLASS_READ, &read, NULL);
    struct wire_open_erase erase = {id_slice(&cause), 3, hash, GROUND_RETENTION};
    log_add(log, true, CLASS_ERASE, &erase, NULL);
    buffer_fini(&bytes);
}

/* -- Refused -- */

static void refused_add(json_t *list, const char *what, struct slice head, struct slice open,
                        struct slice sealed, enum enrum_err expected)
{
    struct wire_entry wire = {.head = head, .open = open, .sealed = sealed};
    struct entry entry;
    struct buffer bytes;
    buffer_init(&bytes, 2 * (size_t)FRAME_BYTES_MAX);
    encode(&layout_entry, &wire, &bytes);
    CHECK(entry_decode(buffer_slice(&bytes), &entry) == expected);
    append(list, json_pack("{ss, so, ss}", "what", what, "bytes", vectors_hex(buffer_slice(&bytes)),
                           "error", error_name(expected)));
    buffer_fini(&bytes);
}

static struct slice head_of(struct wire_head head, struct buffer *bytes)
{
    encode(&layout_head, &head, bytes);
    return buffer_slice(bytes);
}

static json_t *refused_make(const struct vectors_cast *cast)
{
    static uint8_t sealed[PADDED_BYTES_MIN + TAG_BYTES];
    struct wire_head head = {.version = 1,
                             .suite = 1,
                             .room = cast->room,
                             .class = CLASS_RECORD,
                             .generation = 1,
                             .device_seq = 1,
                             .seen_hash = cast->room};
    struct wire_open_read mark = {{NULL, 0}, 1, cast->room};
    struct buffer bytes, open;
    struct slice enough = {sealed, sizeof sealed}, none = {NULL, 0};
    struct slice record = {(const uint8_t *)"\x92\xc4\x00\xc4\x00", 5};
    json_t *list = json_array();
    buffer_init(&bytes, HEAD_BYTES_MAX);
    buffer_init(&open, OPEN_BYTES_MAX);
    encode(&layout_open_read, &mark, &open);
    refused_add(list, "no sealed part", head_of(head, &bytes), record, none, ENRUM_MALFORMED);
    refused_add(list, "sealed part below the smallest", head_of(head, &bytes), record,
                slice_of(sealed, sizeof sealed - 1), ENRUM_MALFORMED);
    refused_add(list, "open part of another class", head_of(head, &bytes), buffer_slice(&open),
                enough, ENRUM_MALFORMED);
    head.class = CLASS_READ;
    refused_add(list, "sealed part where the class has none", head_of(head, &bytes),
                buffer_slice(&open), enough, ENRUM_MALFORMED);
    head.class = 8;
    refused_add(list, "unknown class", head_of(head, &bytes), record, enough, ENRUM_MALFORMED);
    head.class = CLASS_RECORD;
    head.suite = 2;
    refused_add(list, "suite 2", head_of(head, &bytes), record, enough, ENRUM_SUITE_UNSUPPORTED);
    refused_add(list, "head is nothing of the kind", record, record, enough, ENRUM_MALFORMED);
    buffer_fini(&bytes);
    buffer_fini(&open);
    return list;
}

/* A stored entry whose sealed part is erased. */
static json_t *erased_make(const struct log *log)
{
    struct slice rest = buffer_slice(&log->stored);
    struct stored_entry stored = {.seq = 0};
    struct buffer bytes;
    buffer_init(&bytes, ENTRY_BYTES_MAX);
    while (stored.seq != 3) {
        CHECK(stored_next(&rest, &stored) == ENRUM_OK);
    }
    stored.entry.is_erased = true;
    stored.entry.sealed = slice_of(NULL, 0);
    CHECK(stored_encode(&stored, &bytes) == ENRUM_OK);
    json_t *json = vectors_hex(buffer_slice(&bytes));
    buffer_fini(&bytes);
    return json;
}

json_t *vectors_entries(void)
{
    static struct log log;
    memset(&log, 0, sizeof log);
    vectors_cast_init(&log.cast);
    buffer_init(&log.stored, FRAME_BYTES_MAX);
    log.entries = json_array();
    log.hash = log.cast.room;
    opening_add(&log);
    answers_add(&log);
    json_t *json = json_object();
    set(json, "cast", vectors_cast_json(&log.cast));
    set(json, "entries", log.entries);
    set(json, "stored", vectors_hex(buffer_slice(&log.stored)));
    set(json, "erased", erased_make(&log));
    set(json, "refused", refused_make(&log.cast));
    buffer_fini(&log.stored);
    vectors_cast_fini(&log.cast);
    return json;
}
