/* tables_test -- the tables themselves: nothing twice, nothing empty, and who may what. */
#include "protocol/entry.h"
#include "protocol/letter.h"
#include "sample.h"

#include <ctype.h>
#include <string.h>

struct row {
    const char *name;
    uint64_t number;
};

static const struct row errors[] = {
#define ERROR(name, number, class, sentence, mening) {#name, number},
#include "protocol/errors.def"
#undef ERROR
};
static const struct row classes[] = {
#define CLASS(name, number, open, sealed, writers, what) {#name, number},
#include "protocol/classes.def"
#undef CLASS
};
static const struct row kinds[] = {
#define KIND(name, number, body, rooms, writers, what) {#name, number},
#include "protocol/kinds.def"
#undef KIND
};
static const struct row roles[] = {
#define ROLE(name, number, what) {#name, number},
#include "protocol/roles.def"
#undef ROLE
};
static const struct row rooms[] = {
#define ROOM_TYPE(name, number, openers, what) {#name, number},
#include "protocol/rooms.def"
#undef ROOM_TYPE
};
static const struct row letters[] = {
#define LETTER(name, number, body, from, what) {#name, number},
#include "protocol/letters.def"
#undef LETTER
};
static const struct row grounds[] = {
#define GROUND(name, number, what) {#name, number},
#include "protocol/grounds.def"
#undef GROUND
};
static const struct row capacities[] = {
#define CAPACITY(name, number, what) {#name, number},
#include "protocol/capacities.def"
#undef CAPACITY
};
static const struct row limits[] = {
#define LIMIT(name, value, unit, why) {#name, value},
#include "protocol/limits.def"
#undef LIMIT
};
static const struct row messages[] = {
#define MESSAGE(name, NAME, number, from, states, what) {#NAME, number},
#define FIELD(layout, field, type, min, max, what)
#define MESSAGE_END(name)
#include "protocol/messages.def"
#undef MESSAGE
#undef FIELD
#undef MESSAGE_END
};
static const struct row labels[] = {
#define LABEL(name, text, what) {text, LABEL_##name},
#include "protocol/labels.def"
#undef LABEL
};

struct table {
    const struct row *rows;
    size_t count;
};
#define TABLE(rows)                                                                                \
    {                                                                                              \
        rows, sizeof(rows) / sizeof(rows)[0]                                                       \
    }

static void no_table_has_a_name_or_a_number_twice(void **state)
{
    (void)state;
    const struct table tables[] = {TABLE(errors), TABLE(classes),   TABLE(kinds),   TABLE(roles),
                                   TABLE(rooms),  TABLE(letters),   TABLE(grounds), TABLE(messages),
                                   TABLE(labels), TABLE(capacities)};
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        for (size_t i = 0; i < tables[t].count; i++) {
            for (size_t j = 0; j < i; j++) {
                assert_string_not_equal(tables[t].rows[i].name, tables[t].rows[j].name);
                assert_int_not_equal(tables[t].rows[i].number, tables[t].rows[j].number);
            }
        }
    }
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        assert_true(limits[i].number > 0);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(limits[i].name, limits[j].name);
        }
    }
}

static void every_error_has_two_sentences_a_class_and_its_own_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        enum enrum_err err = (enum enrum_err)errors[i].number;
        const char *english = error_sentence(err, false), *swedish = error_sentence(err, true);
        assert_string_equal(error_name(err), errors[i].name);
        assert_true(strlen(english) > 5 && strlen(swedish) > 5);
        assert_string_not_equal(english, swedish);
        assert_int_equal(english[strlen(english) - 1], '.');
        assert_int_equal(swedish[strlen(swedish) - 1], '.');
        assert_true(errors[i].number > 0 && errors[i].number <= 65535);
    }
    assert_string_equal(error_name((enum enrum_err)9999), "UNKNOWN");
    assert_string_equal(error_name(ENRUM_OK), "OK");
    assert_int_equal(error_class(ENRUM_CHAIN_BROKEN), ERROR_TRUST);
    assert_int_equal(error_class(ENRUM_MALFORMED), ERROR_PEER);
    assert_int_equal(error_class(ENRUM_TOO_FAST), ERROR_LIMIT);
    assert_int_equal(error_class(ENRUM_STORE_FAILED), ERROR_OURS);
    assert_int_equal(error_class(ENRUM_CAUSE_TAKEN), ERROR_GONE);
}

static void every_row_is_found_by_its_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        char lower[32] = {0};
        for (size_t c = 0; kinds[i].name[c] != '\0'; c++) {
            lower[c] = (char)tolower((unsigned char)kinds[i].name[c]);
        }
        assert_string_equal(kind_name(kinds[i].number), kinds[i].name);
        assert_int_equal(kind_find(lower), kinds[i].number);
        assert_non_null(kind_layout(kinds[i].number));
    }
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        assert_string_equal(class_name(classes[i].number), classes[i].name);
        assert_non_null(class_layout(classes[i].number));
    }
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        assert_string_equal(letter_name(letters[i].number), letters[i].name);
        assert_non_null(letter_layout(letters[i].number));
    }
    for (size_t i = 0; i < sizeof grounds / sizeof grounds[0]; i++) {
        assert_string_equal(ground_name(grounds[i].number), grounds[i].name);
    }
    for (size_t i = 0; i < sizeof capacities / sizeof capacities[0]; i++) {
        assert_string_equal(capacity_name(capacities[i].number), capacities[i].name);
    }
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        assert_string_equal(role_name(roles[i].number), roles[i].name);
    }
    assert_int_equal(kind_find("messag"), 0);
    assert_int_equal(kind_find("messages"), 0);
    assert_int_equal(kind_find(""), 0);
    assert_string_equal(kind_name(63), "UNKNOWN");
    assert_string_equal(class_name(0), "UNKNOWN");
    assert_string_equal(letter_name(0), "UNKNOWN");
    assert_string_equal(ground_name(0), "UNKNOWN");
    assert_string_equal(capacity_name(0), "UNKNOWN");
    assert_string_equal(role_name(0), "UNKNOWN");
    assert_string_equal(journey_name(JOURNEY_STAGE, 4), "INQUIRY");
    assert_string_equal(journey_name(JOURNEY_CHANNEL, 1), "TELEPHONE");
    assert_string_equal(journey_name(JOURNEY_CLOCK, 99), "UNKNOWN");
}

static void labels_are_ascii_and_none_begins_another(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        struct slice one = label_slice((enum label)labels[i].number);
        assert_int_equal(one.len, strlen(labels[i].name) + 1);
        assert_int_equal(one.at[one.len - 1], 0);
        assert_memory_equal(one.at, "enrum/1 ", 8);
        for (size_t c = 0; c + 1 < one.len; c++) {
            assert_true(one.at[c] >= 0x20 && one.at[c] < 0x7f);
        }
        for (size_t j = 0; j < sizeof labels / sizeof labels[0]; j++) {
            struct slice other = label_slice((enum label)labels[j].number);
            assert_true(i == j || other.len < one.len || memcmp(one.at, other.at, one.len) != 0);
        }
    }
}

static void a_class_is_written_by_those_in_its_row_only(void **state)
{
    (void)state;
    assert_true(class_may_write(CLASS_RECORD, ROLE_CITIZEN));
    assert_true(class_may_write(CLASS_RECORD, ROLE_STAFF));
    assert_true(class_may_write(CLASS_MEMBER, ROLE_STAFF));
    assert_true(class_may_write(CLASS_GENERATION, ROLE_CITIZEN));
    assert_true(class_may_write(CLASS_CHECKPOINT, ROLE_KEEPER));
    assert_true(class_may_write(CLASS_ERASE, ROLE_KEEPER));
    assert_false(class_may_write(CLASS_RECORD, ROLE_GUEST));
    assert_false(class_may_write(CLASS_MEMBER, ROLE_CITIZEN));
    assert_true(class_may_write(CLASS_GENERATION, ROLE_STAFF));
    assert_false(class_may_write(CLASS_GENERATION, ROLE_GUEST));
    assert_false(class_may_write(CLASS_GRANT, ROLE_GUEST));
    assert_false(class_may_write(CLASS_CHECKPOINT, ROLE_STAFF));
    assert_false(class_may_write(CLASS_READ, ROLE_KEEPER));
    assert_false(class_may_write(CLASS_ERASE, ROLE_STAFF));
    assert_false(class_may_write(0, ROLE_KEEPER));
    assert_false(class_may_write(99, ROLE_KEEPER));
    assert_false(class_may_write(CLASS_RECORD, 0));
    assert_false(class_may_write(CLASS_RECORD, 33)); /* not 33 - 32 */
    assert_false(class_may_write(CLASS_RECORD, UINT64_MAX));
    assert_true(class_has_content(CLASS_RECORD) && class_has_content(CLASS_MEMBER) &&
                class_has_content(CLASS_CHECKPOINT));
    assert_false(class_has_content(CLASS_GENERATION) || class_has_content(CLASS_GRANT) ||
                 class_has_content(CLASS_READ) || class_has_content(CLASS_ERASE) ||
                 class_has_content(99));
}

static void a_kind_is_written_by_those_and_in_the_rooms_of_its_row_only(void **state)
{
    (void)state;
    assert_true(room_type_may_open(ROOM_TYPE_PARTY, ROLE_CITIZEN));
    assert_true(room_type_may_open(ROOM_TYPE_PARTY, ROLE_STAFF));
    assert_true(room_type_may_open(ROOM_TYPE_STAFF, ROLE_STAFF));
    assert_false(room_type_may_open(ROOM_TYPE_STAFF, ROLE_CITIZEN));
    assert_false(room_type_may_open(ROOM_TYPE_UNIT, ROLE_STAFF));
    assert_false(room_type_may_open(ROOM_TYPE_PARTY, ROLE_GUEST));
    assert_false(room_type_may_open(99, ROLE_KEEPER));
    assert_true(kind_may_write(KIND_MESSAGE, ROLE_CITIZEN, ROOM_TYPE_PARTY));
    assert_true(kind_may_write(KIND_DECISION, ROLE_STAFF, ROOM_TYPE_PARTY));
    assert_true(kind_may_write(KIND_OBJECTION, ROLE_CITIZEN, ROOM_TYPE_PARTY));
    assert_true(kind_may_write(KIND_QUEUED, ROLE_KEEPER, ROOM_TYPE_UNIT));
    assert_true(kind_may_write(KIND_EMPLOYEE, ROLE_KEEPER, ROOM_TYPE_REGISTER));
    assert_true(kind_may_write(KIND_ROOM, ROLE_CITIZEN, ROOM_TYPE_PARTY));
    assert_false(kind_may_write(KIND_DECISION, ROLE_CITIZEN, ROOM_TYPE_PARTY));
    assert_false(kind_may_write(KIND_NOTE, ROLE_CITIZEN, ROOM_TYPE_PARTY));
    assert_true(kind_may_write(KIND_STEP, ROLE_STAFF, ROOM_TYPE_PARTY));
    assert_true(kind_may_write(KIND_TASK_DONE, ROLE_CITIZEN, ROOM_TYPE_PARTY));
    assert_false(kind_may_write(KIND_STEP, ROLE_CITIZEN, ROOM_TYPE_PARTY));
    assert_false(kind_may_write(KIND_CONTACT, ROLE_CITIZEN, ROOM_TYPE_PARTY));
    assert_false(kind_may_write(KIND_TASK, ROLE_CITIZEN, ROOM_TYPE_PARTY));
    assert_false(kind_may_write(KIND_MEETING, ROLE_CITIZEN, ROOM_TYPE_PARTY));
    assert_false(kind_may_write(KIND_EXTENSION, ROLE_CITIZEN, ROOM_TYPE_PARTY));
    assert_false(kind_may_write(KIND_STEP, ROLE_STAFF, ROOM_TYPE_UNIT));
    assert_false(kind_may_write(KIND_OBJECTION, ROLE_STAFF, ROOM_TYPE_PARTY));
    assert_false(kind_may_write(KIND_APPLICATION, ROLE_CITIZEN, ROOM_TYPE_STAFF));
    assert_false(kind_may_write(KIND_MESSAGE, ROLE_STAFF, ROOM_TYPE_REGISTER));
    assert_false(kind_may_write(KIND_PROFILE, ROLE_STAFF, ROOM_TYPE_PARTY));
    assert_false(kind_may_write(KIND_EMPLOYEE, ROLE_STAFF, ROOM_TYPE_REGISTER));
    assert_false(kind_may_write(KIND_EMPLOYEE, ROLE_KEEPER, ROOM_TYPE_PARTY));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        assert_false(kind_may_write(kinds[i].number, ROLE_GUEST, ROOM_TYPE_PARTY));
        assert_false(kind_may_write(kinds[i].number, 0, ROOM_TYPE_PARTY));
        assert_false(kind_may_write(kinds[i].number, ROLE_KEEPER, 0));
        assert_false(kind_may_write(kinds[i].number, 32 + ROLE_STAFF, ROOM_TYPE_PARTY));
    }
    assert_false(kind_may_write(63, ROLE_KEEPER, ROOM_TYPE_PARTY));
    assert_true(kind_fits_class(KIND_CHANGE, CLASS_MEMBER));
    assert_true(kind_fits_class(KIND_REFUSALS, CLASS_CHECKPOINT));
    assert_true(kind_fits_class(KIND_MESSAGE, CLASS_RECORD));
    assert_false(kind_fits_class(KIND_MESSAGE, CLASS_MEMBER));
    assert_false(kind_fits_class(KIND_MESSAGE, CLASS_CHECKPOINT));
    assert_false(kind_fits_class(KIND_CHANGE, CLASS_RECORD));
    assert_false(kind_fits_class(KIND_REFUSALS, CLASS_RECORD));
}

static void every_message_says_who_sends_it_and_when(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        const struct layout *message = message_find(messages[i].number);
        assert_non_null(message);
        enum message_from from = message_from(message);
        assert_true(from == FROM_CLIENT || from == FROM_KEEPER || from == FROM_SERVER);
        assert_in_range(message_states(message), 1, 7);
    }
    assert_int_equal(message_from(&message_letter_answer), FROM_KEEPER);
    assert_int_equal(message_states(&message_hello), STATE_CONNECTED);
    assert_int_equal(message_states(&message_append), STATE_READY);
    assert_int_equal(message_states(&message_letter_send), STATE_GREETED | STATE_READY);
    assert_null(message_find(0));
    assert_string_equal(message_name(0), "UNKNOWN");
}

static void the_limits_hold_together(void **state)
{
    (void)state;
    size_t padded = suite_padded_bytes(CONTENT_BYTES_MAX + 256);
    assert_true(padded + TAG_BYTES + HEAD_BYTES_MAX + SIG_BYTES + 64 <= ENTRY_BYTES_MAX);
    assert_true(TEXT_BYTES_MAX + 256 <= CONTENT_BYTES_MAX);
    assert_true(TOKEN_BYTES_MAX + CODE_BYTES_MAX + CERTIFICATE_BYTES_MAX + 1024 <=
                CONTENT_BYTES_MAX);
    assert_true(GENERATIONS_PER_GRANT_MAX * KEY_BYTES + TAG_BYTES + 128 <= OPEN_BYTES_MAX);
    assert_true(MEMBERS_MAX * 40 + 128 <= OPEN_BYTES_MAX);
    assert_true(REFUSALS_MAX * 13 + 256 <= CONTENT_BYTES_MAX);
    assert_true(KEEPERS_MAX * CERTIFICATE_BYTES_MAX <= 16384);
    assert_true(ENTRY_BYTES_MAX + 2048 <= FRAME_BYTES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_table_has_a_name_or_a_number_twice),
        cmocka_unit_test(every_error_has_two_sentences_a_class_and_its_own_name),
        cmocka_unit_test(every_row_is_found_by_its_number),
        cmocka_unit_test(labels_are_ascii_and_none_begins_another),
        cmocka_unit_test(a_class_is_written_by_those_in_its_row_only),
        cmocka_unit_test(a_kind_is_written_by_those_and_in_the_rooms_of_its_row_only),
        cmocka_unit_test(every_message_says_who_sends_it_and_when),
        cmocka_unit_test(the_limits_hold_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
