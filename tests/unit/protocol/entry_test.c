/* entry_test -- one entry: sealed, signed, chained, stored, erased, altered. */
#include "cast.h"
#include "sample.h"

#include <stdlib.h>
#include <string.h>

static struct cast cast;

struct made {
    struct buffer bytes;
    struct entry entry;
};

static void made_init(struct made *made, const char *text)
{
    buffer_init(&made->bytes, ENTRY_BYTES_MAX);
    cast_message(&cast, text, 1, &made->bytes);
    assert_int_equal(entry_decode(buffer_slice(&made->bytes), &made->entry), ENRUM_OK);
}

static enum enrum_err open_text(const struct entry *entry, const struct secret32 *key,
                                const char *expected)
{
    struct buffer plain;
    struct wire_content content;
    buffer_init(&plain, ENTRY_BYTES_MAX);
    enum enrum_err err = entry_open(entry, key, &plain, &content);
    if (err == ENRUM_OK) {
        struct wire_body_text said;
        assert_int_equal(layout_decode(kind_layout(content.kind), content.body, &said), ENRUM_OK);
        assert_true(slice_equal(said.text, slice_of_text(expected)));
    }
    buffer_wipe(&plain);
    return err;
}

static void what_is_sealed_is_signed_and_opens(void **state)
{
    (void)state;
    struct made made;
    made_init(&made, "Jag vill ansöka.");
    assert_true(entry_signature_is_good(&made.entry, &cast.citizen.sign.public));
    assert_false(entry_signature_is_good(&made.entry, &cast.staff.sign.public));
    assert_int_equal(open_text(&made.entry, &cast.room_key, "Jag vill ansöka."), ENRUM_OK);
    assert_int_equal(made.entry.head.version, 1);
    assert_int_equal(made.entry.head.suite, 1);
    assert_true(id_equal(&made.entry.head.certificate, &cast.citizen.checked.hash));
    buffer_fini(&made.bytes);
}

static void another_room_key_does_not_open(void **state)
{
    (void)state;
    struct made made;
    struct secret32 other = cast.room_key;
    other.bytes[31] ^= 1;
    made_init(&made, "words");
    assert_int_equal(open_text(&made.entry, &other, "words"), ENRUM_OPEN_FAILED);
    buffer_fini(&made.bytes);
}

static void yes_and_no_are_of_one_size(void **state)
{
    (void)state;
    struct made yes, no;
    made_init(&yes, "Ja");
    made_init(&no, "Nej, det vill jag inte alls det.");
    assert_int_equal(yes.bytes.len, no.bytes.len);
    assert_int_equal(yes.entry.sealed.len, PADDED_BYTES_MIN + TAG_BYTES);
    buffer_fini(&yes.bytes);
    buffer_fini(&no.bytes);
}

static bool is_refused(struct slice bytes)
{
    struct entry entry;
    return entry_decode(bytes, &entry) != ENRUM_OK;
}

/* Refused, or the same bytes, or noticed by the signature. */
static bool flip_is_noticed(struct slice bytes)
{
    struct entry entry, original;
    struct buffer good;
    buffer_init(&good, ENTRY_BYTES_MAX);
    cast_message(&cast, "words", 1, &good);
    bool same = slice_equal(buffer_slice(&good), bytes);
    assert_int_equal(entry_decode(buffer_slice(&good), &original), ENRUM_OK);
    bool noticed = entry_decode(bytes, &entry) != ENRUM_OK ||
                   !entry_signature_is_good(&entry, &cast.citizen.sign.public);
    if (!same && entry_decode(bytes, &entry) == ENRUM_OK) {
        struct id a, b;
        entry_bytes_hash(&entry, &a);
        entry_bytes_hash(&original, &b);
        noticed = noticed && !id_equal(&a, &b);
        entry_chain(&entry, &cast.room, 1, 5, &a);
        entry_chain(&original, &cast.room, 1, 5, &b);
        noticed = noticed && !id_equal(&a, &b);
    }
    buffer_fini(&good);
    return same || noticed;
}

static void an_entry_that_is_cut_or_altered_anywhere_is_noticed(void **state)
{
    (void)state;
    struct made made;
    made_init(&made, "words");
    sample_cut(buffer_slice(&made.bytes), is_refused);
    sample_flip(buffer_slice(&made.bytes), flip_is_noticed);
    buffer_fini(&made.bytes);
}

static enum enrum_err open_parts(struct slice head, struct slice open, struct slice sealed)
{
    struct entry entry;
    struct sig sig = {{0}};
    if (entry_of_parts(head, open, sealed, &sig, (struct slice){NULL, 0}, &entry) != ENRUM_OK) {
        return ENRUM_MALFORMED;
    }
    return open_text(&entry, &cast.room_key, "words");
}

/* Even a key holder who resigns cannot put the sealed part under another head or open part. */
static void a_sealed_part_opens_only_beside_its_own_head_and_open_part(void **state)
{
    (void)state;
    struct made made;
    made_init(&made, "words");
    uint8_t head[HEAD_BYTES_MAX], sealed[1024], open[64];
    struct slice h = made.entry.head_bytes, s = made.entry.sealed, o = made.entry.open_bytes;
    memcpy(head, h.at, h.len);
    memcpy(sealed, s.at, s.len);
    assert_int_equal(open_parts(h, o, s), ENRUM_OK);
    for (size_t at = 0; at < h.len; at++) {
        head[at] ^= 1;
        assert_int_not_equal(open_parts((struct slice){head, h.len}, o, s), ENRUM_OK);
        head[at] ^= 1;
    }
    for (size_t at = 0; at < s.len; at++) {
        sealed[at] ^= 1;
        assert_int_equal(open_parts(h, o, (struct slice){sealed, s.len}), ENRUM_OPEN_FAILED);
        sealed[at] ^= 1;
    }
    struct wire_open_record other = {.blobs = {sealed, ID_BYTES}};
    struct buffer bytes;
    buffer_init(&bytes, sizeof open);
    assert_int_equal(layout_encode(&layout_open_record, &other, &bytes), ENRUM_OK);
    assert_int_equal(open_parts(h, buffer_slice(&bytes), s), ENRUM_OPEN_FAILED);
    buffer_fini(&bytes);
    buffer_fini(&made.bytes);
}

static void stored_bytes(const struct stored_entry *stored, struct buffer *out)
{
    buffer_init(out, 2 * (size_t)ENTRY_BYTES_MAX);
    assert_int_equal(stored_encode(stored, out), ENRUM_OK);
}

static void an_erased_entry_keeps_its_signature_and_its_chain_hash(void **state)
{
    (void)state;
    struct made made;
    made_init(&made, "words");
    struct id hash = made.entry.sealed_hash, before, after;
    struct stored_entry stored = {.seq = 7, .received_at = CAST_BEGIN}, back;
    struct buffer bytes;
    assert_int_equal(entry_of_parts(made.entry.head_bytes, made.entry.open_bytes,
                                    (struct slice){NULL, 0}, &made.entry.sig, id_slice(&hash),
                                    &stored.entry),
                     ENRUM_OK);
    stored_bytes(&stored, &bytes);
    struct slice rest = buffer_slice(&bytes);
    assert_int_equal(stored_next(&rest, &back), ENRUM_OK);
    assert_int_equal(rest.len, 0);
    assert_true(back.entry.is_erased);
    assert_true(entry_signature_is_good(&back.entry, &cast.citizen.sign.public));
    entry_chain(&made.entry, &cast.room, 7, CAST_BEGIN, &before);
    entry_chain(&back.entry, &cast.room, back.seq, back.received_at, &after);
    assert_true(id_equal(&before, &after));
    assert_int_equal(open_text(&back.entry, &cast.room_key, ""), ENRUM_PAYLOAD_MISSING);
    buffer_fini(&bytes);
    buffer_fini(&made.bytes);
}

static void a_sealed_part_and_its_hash_do_not_stand_together(void **state)
{
    (void)state;
    struct made made;
    struct entry out;
    made_init(&made, "words");
    struct slice h = made.entry.head_bytes, o = made.entry.open_bytes, s = made.entry.sealed;
    struct slice hash = id_slice(&made.entry.sealed_hash), none = {NULL, 0};
    const struct sig *sig = &made.entry.sig;
    assert_int_equal(entry_of_parts(h, o, s, sig, hash, &out), ENRUM_MALFORMED);
    assert_int_equal(entry_of_parts(h, o, none, sig, none, &out), ENRUM_MALFORMED);
    struct slice small = {s.at, PADDED_BYTES_MIN + TAG_BYTES - 1};
    assert_int_equal(entry_of_parts(h, o, small, sig, none, &out), ENRUM_MALFORMED);
    buffer_fini(&made.bytes);
}

static bool stored_holds(struct slice bytes)
{
    struct slice rest = bytes;
    struct stored_entry stored;
    if (stored_next(&rest, &stored) != ENRUM_OK) {
        return true;
    }
    struct buffer again;
    stored_bytes(&stored, &again);
    bool same = again.len == bytes.len - rest.len && memcmp(again.at, bytes.at, again.len) == 0;
    buffer_fini(&again);
    return same;
}

static bool stored_is_refused(struct slice bytes)
{
    struct stored_entry stored;
    return stored_next(&bytes, &stored) != ENRUM_OK;
}

static void a_stored_entry_round_trips_and_is_refused_when_cut(void **state)
{
    (void)state;
    struct made made;
    struct buffer bytes;
    made_init(&made, "words");
    struct stored_entry stored = {made.entry, 300, CAST_BEGIN};
    stored_bytes(&stored, &bytes);
    sample_cut(buffer_slice(&bytes), stored_is_refused);
    sample_flip(buffer_slice(&bytes), stored_holds);
    buffer_fini(&bytes);
    buffer_fini(&made.bytes);
}

static void the_chain_hash_takes_in_every_part(void **state)
{
    (void)state;
    struct made made;
    struct id good, other, room = cast.room;
    made_init(&made, "words");
    entry_chain(&made.entry, &room, 3, 9, &good);
    entry_chain(&made.entry, &room, 4, 9, &other);
    assert_false(id_equal(&good, &other));
    entry_chain(&made.entry, &room, 3, 10, &other);
    assert_false(id_equal(&good, &other));
    room.bytes[0] ^= 1;
    entry_chain(&made.entry, &room, 3, 9, &other);
    assert_false(id_equal(&good, &other));
    room = cast.room;
    made.entry.sig.bytes[0] ^= 1;
    entry_chain(&made.entry, &room, 3, 9, &other);
    assert_false(id_equal(&good, &other));
    buffer_fini(&made.bytes);
}

static const struct wire_content some_content = {
    .kind = KIND_MESSAGE, .role = ROLE_CITIZEN, .body = {(const uint8_t *)"x", 1}};

static enum enrum_err try_class(enum entry_class class, const void *open,
                                const struct wire_content *content, struct buffer *out)
{
    struct entry_draft draft = {cast_head(&cast, class, 1), open, content};
    buffer_init(out, ENTRY_BYTES_MAX);
    return entry_encode(&draft, content == NULL ? NULL : &cast.room_key, &cast.citizen.sign, out);
}

static void a_class_without_content_has_an_empty_sealed_part(void **state)
{
    (void)state;
    struct wire_open_read open = {.seq = 3, .hash = cast.room};
    struct buffer bytes, wrong;
    struct entry entry, out;
    assert_int_equal(try_class(CLASS_READ, &open, NULL, &bytes), ENRUM_OK);
    assert_int_equal(entry_decode(buffer_slice(&bytes), &entry), ENRUM_OK);
    assert_int_equal(entry.sealed.len, 0);
    assert_int_equal(entry.open.read.seq, 3);
    assert_int_equal(open_text(&entry, &cast.room_key, ""), ENRUM_PAYLOAD_MISSING);
    static const uint8_t sealed[PADDED_BYTES_MIN + TAG_BYTES];
    struct slice none = {NULL, 0}, some = {sealed, sizeof sealed};
    assert_int_equal(
        entry_of_parts(entry.head_bytes, entry.open_bytes, some, &entry.sig, none, &out),
        ENRUM_MALFORMED);
    assert_int_equal(entry_of_parts(entry.head_bytes, entry.open_bytes, none, &entry.sig,
                                    id_slice(&entry.sealed_hash), &out),
                     ENRUM_MALFORMED);
    assert_int_equal(try_class(CLASS_READ, &open, &some_content, &wrong), ENRUM_MALFORMED);
    buffer_fini(&wrong);
    buffer_fini(&bytes);
}

static void a_class_with_content_needs_content_and_a_key(void **state)
{
    (void)state;
    struct wire_open_record open = {0};
    struct buffer bytes;
    assert_int_equal(try_class(CLASS_RECORD, &open, NULL, &bytes), ENRUM_MALFORMED);
    buffer_fini(&bytes);
    struct entry_draft draft = {cast_head(&cast, CLASS_RECORD, 1), &open, &some_content};
    buffer_init(&bytes, ENTRY_BYTES_MAX);
    assert_int_equal(entry_encode(&draft, NULL, &cast.citizen.sign, &bytes), ENRUM_MALFORMED);
    draft.head.class = 99;
    assert_int_equal(entry_encode(&draft, &cast.room_key, &cast.citizen.sign, &bytes),
                     ENRUM_MALFORMED);
    assert_int_equal(bytes.len, 0);
    buffer_fini(&bytes);
}

static void every_class_decodes_its_own_open_part_and_shows_its_cause(void **state)
{
    (void)state;
    union entry_open opens[8];
    memset(opens, 0, sizeof opens);
    struct slice cause = id_slice(&cast.board);
    uint8_t wrapped[48] = {0}, member[] = {0x92, 1, 1};
    opens[CLASS_MEMBER].member = (struct wire_open_member){.operation = MEMBER_ADD,
                                                           .subject_type = SUBJECT_PERSON};
    opens[CLASS_GENERATION].generation = (struct wire_open_generation){
        .number = 1, .members = {member, sizeof member}};
    opens[CLASS_GRANT].grant = (struct wire_open_grant){
        .first = 1, .last = 1, .wrapped = {wrapped, sizeof wrapped}};
    opens[CLASS_CHECKPOINT].checkpoint.seq = 1;
    opens[CLASS_READ].read.seq = 1;
    opens[CLASS_ERASE].erase = (struct wire_open_erase){.seq = 1, .ground = GROUND_COURT};
    for (uint64_t class = CLASS_RECORD; class <= CLASS_ERASE; class ++) {
        struct buffer bytes;
        struct entry entry;
        opens[class].record.cause = cause;
        assert_int_equal(try_class((enum entry_class) class, &opens[class],
                                   class_has_content(class) ? &some_content : NULL, &bytes),
                         ENRUM_OK);
        assert_int_equal(entry_decode(buffer_slice(&bytes), &entry), ENRUM_OK);
        assert_int_equal(entry.head.class, class);
        assert_true(slice_equal(entry.cause, cause));
        buffer_fini(&bytes);
    }
    assert_null(class_layout(0));
    assert_null(class_layout(8));
    assert_null(kind_layout(0));
}

static void an_unknown_suite_or_class_or_version_is_refused(void **state)
{
    (void)state;
    struct made made;
    made_init(&made, "words");
    struct {
        uint64_t version, suite, class;
        enum enrum_err err;
    } cases[] = {
        {1, 1, CLASS_RECORD, ENRUM_OK},
        {1, 2, CLASS_RECORD, ENRUM_SUITE_UNSUPPORTED},
        {1, 1, 99, ENRUM_MALFORMED},
        {1, 1, CLASS_MEMBER, ENRUM_MALFORMED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wire_head head = made.entry.head;
        struct buffer bytes;
        struct entry out;
        head.suite = cases[i].suite;
        head.class = cases[i].class;
        buffer_init(&bytes, HEAD_BYTES_MAX);
        assert_int_equal(layout_encode(&layout_head, &head, &bytes), ENRUM_OK);
        assert_int_equal(entry_of_parts(buffer_slice(&bytes), made.entry.open_bytes,
                                        made.entry.sealed, &made.entry.sig, (struct slice){NULL, 0},
                                        &out),
                         cases[i].err);
        bytes.at[1] = 2; /* the version */
        assert_int_not_equal(entry_of_parts(buffer_slice(&bytes), made.entry.open_bytes,
                                            made.entry.sealed, &made.entry.sig,
                                            (struct slice){NULL, 0}, &out),
                             ENRUM_OK);
        buffer_fini(&bytes);
    }
    buffer_fini(&made.bytes);
}

static void parts_that_are_too_large_together_are_refused_both_ways(void **state)
{
    (void)state;
    struct made made;
    struct entry out;
    made_init(&made, "words");
    size_t others = made.entry.head_bytes.len + made.entry.open_bytes.len + SIG_BYTES;
    uint8_t *sealed = calloc(1, ENTRY_BYTES_MAX);
    assert_non_null(sealed);
    struct slice fits = {sealed, ENTRY_BYTES_MAX - others}, over = {sealed, fits.len + 1};
    struct slice h = made.entry.head_bytes, o = made.entry.open_bytes, none = {NULL, 0};
    assert_int_equal(entry_of_parts(h, o, fits, &made.entry.sig, none, &out), ENRUM_OK);
    assert_int_equal(entry_of_parts(h, o, over, &made.entry.sig, none, &out), ENRUM_MALFORMED);
    free(sealed);
    struct wire_open_record open = {0};
    struct wire_content content = some_content;
    struct buffer bytes;
    uint8_t *body = calloc(1, CONTENT_BYTES_MAX + 1);
    assert_non_null(body);
    content.body = (struct slice){body, CONTENT_BYTES_MAX};
    assert_int_equal(try_class(CLASS_RECORD, &open, &content, &bytes), ENRUM_OK);
    buffer_fini(&bytes);
    content.body.len++;
    assert_int_equal(try_class(CLASS_RECORD, &open, &content, &bytes), ENRUM_MALFORMED);
    assert_int_equal(bytes.len, 0);
    buffer_fini(&bytes);
    free(body);
    buffer_fini(&made.bytes);
}

static void two_entries_of_the_same_words_share_no_sealed_bytes(void **state)
{
    (void)state;
    struct wire_open_record open = {0};
    struct buffer a, b;
    struct entry first, second;
    assert_int_equal(try_class(CLASS_RECORD, &open, &some_content, &a), ENRUM_OK);
    assert_int_equal(try_class(CLASS_RECORD, &open, &some_content, &b), ENRUM_OK);
    assert_int_equal(entry_decode(buffer_slice(&a), &first), ENRUM_OK);
    assert_int_equal(entry_decode(buffer_slice(&b), &second), ENRUM_OK);
    assert_false(id_equal(&first.head.salt, &second.head.salt));
    assert_false(slice_equal(first.sealed, second.sealed));
    buffer_fini(&a);
    buffer_fini(&b);
}

static void an_append_is_read_entry_by_entry(void **state)
{
    (void)state;
    struct buffer seq;
    struct entry entry;
    buffer_init(&seq, FRAME_BYTES_MAX);
    for (uint64_t i = 1; i <= 3; i++) {
        cast_message(&cast, "words", i, &seq);
    }
    struct slice rest = buffer_slice(&seq);
    for (uint64_t i = 1; i <= 3; i++) {
        assert_int_equal(entry_next(&rest, &entry), ENRUM_OK);
        assert_int_equal(entry.head.device_seq, i);
    }
    assert_int_equal(rest.len, 0);
    rest = (struct slice){seq.at, 40};
    assert_int_equal(entry_next(&rest, &entry), ENRUM_MALFORMED);
    assert_int_equal(rest.len, 40);
    buffer_fini(&seq);
}

/* protocol/README.md §23: whoever changes a construction sees it here. */
static void the_worked_example_of_the_specification_holds(void **state)
{
    (void)state;
    static const struct {
        const char *what, *hex;
    } want[] = {
        {"room", "d01fb01579d66ad33872273d9b002a21fe800890ba1e6197737f2ea7b06e10b0"},
        {"Hh", "609538bd012eee45d5cd15877a72c4ee9884f8d41f1742ec09be9fd1383422ee"},
        {"Ho", "a8fcbd42fa6154a21bd61d07c8dfba921baf9d541171c3e7f87019ee4f8e2ae0"},
        {"Hs", "74f227785b65532564d7b01808950d60122c90e9fede89eedb74030f7d7665df"},
        {"chain", "a335bcd781770f572b61eaff1f4ddd132adb89ede974e85986c6bd12980f4ecd"},
    };
    struct made made;
    struct id chain;
    made_init(&made, "Hej");
    entry_chain(&made.entry, &cast.room, 1, 2000000, &chain);
    const struct id *const got[] = {&cast.room, &made.entry.head_hash, &made.entry.open_hash,
                                    &made.entry.sealed_hash, &chain};
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        char hex[65];
        id_hex(got[i], hex);
        assert_string_equal(hex, want[i].hex);
    }
    buffer_fini(&made.bytes);
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
        cmocka_unit_test(the_worked_example_of_the_specification_holds),
        cmocka_unit_test(what_is_sealed_is_signed_and_opens),
        cmocka_unit_test(another_room_key_does_not_open),
        cmocka_unit_test(yes_and_no_are_of_one_size),
        cmocka_unit_test(an_entry_that_is_cut_or_altered_anywhere_is_noticed),
        cmocka_unit_test(a_sealed_part_opens_only_beside_its_own_head_and_open_part),
        cmocka_unit_test(an_erased_entry_keeps_its_signature_and_its_chain_hash),
        cmocka_unit_test(a_sealed_part_and_its_hash_do_not_stand_together),
        cmocka_unit_test(a_stored_entry_round_trips_and_is_refused_when_cut),
        cmocka_unit_test(the_chain_hash_takes_in_every_part),
        cmocka_unit_test(a_class_without_content_has_an_empty_sealed_part),
        cmocka_unit_test(a_class_with_content_needs_content_and_a_key),
        cmocka_unit_test(every_class_decodes_its_own_open_part_and_shows_its_cause),
        cmocka_unit_test(an_unknown_suite_or_class_or_version_is_refused),
        cmocka_unit_test(parts_that_are_too_large_together_are_refused_both_ways),
        cmocka_unit_test(two_entries_of_the_same_words_share_no_sealed_bytes),
        cmocka_unit_test(an_append_is_read_entry_by_entry),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
