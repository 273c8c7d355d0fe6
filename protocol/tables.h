/* tables -- the protocol's tables (*.def) as C names.
 * One enum per table, and the questions that a row answers. Nothing here has state. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define UINT_ANY UINT64_C(9007199254740991) /* 2^53 - 1 */

enum limit {
#define LIMIT(name, value, unit, why) name = (value),
#include "protocol/limits.def"
#undef LIMIT
};

enum { PROTOCOL_VERSION = 1, SUITE_1 = 1, ID_BYTES = 32, SIG_BYTES = 64, KEY_BYTES = 32 };

enum enrum_err {
    ENRUM_OK = 0,
#define ERROR(name, number, class, sentence, mening) ENRUM_##name = (number),
#include "protocol/errors.def"
#undef ERROR
};

enum error_class { ERROR_PEER, ERROR_LIMIT, ERROR_OURS, ERROR_GONE, ERROR_TRUST };

enum role {
#define ROLE(name, number, what) ROLE_##name = (number),
#include "protocol/roles.def"
#undef ROLE
};
#define ROLE_BIT(name) (1u << ROLE_##name)

enum room_type {
#define ROOM_TYPE(name, number, openers, what) ROOM_TYPE_##name = (number),
#include "protocol/rooms.def"
#undef ROOM_TYPE
};
#define ROOM_BIT(name) (1u << ROOM_TYPE_##name)

enum entry_class {
#define CLASS(name, number, open, sealed, writers, what) CLASS_##name = (number),
#include "protocol/classes.def"
#undef CLASS
};

enum kind {
#define KIND(name, number, body, rooms, writers, what) KIND_##name = (number),
#include "protocol/kinds.def"
#undef KIND
};

/* The tables of journey.def. A name is "UNKNOWN" for a number that is not in its table. */
enum journey_table { JOURNEY_MATTER, JOURNEY_STAGE, JOURNEY_CHANNEL, JOURNEY_CLOCK };
const char *journey_name(enum journey_table table, uint64_t number);

enum letter_kind {
#define LETTER(name, number, body, from, what) LETTER_##name = (number),
#include "protocol/letters.def"
#undef LETTER
};

/* DEVICE_TYPE_PHONE, DEVICE_BROWSER_CHROME ... */
enum device_number {
#define DEVICE_NUMBER(table, name, number, what) DEVICE_##table##_##name = (number),
#include "protocol/devices.def"
#undef DEVICE_NUMBER
};

enum capacity {
#define CAPACITY(name, number, what) CAPACITY_##name = (number),
#include "protocol/capacities.def"
#undef CAPACITY
};

enum ground {
#define GROUND(name, number, what) GROUND_##name = (number),
#include "protocol/grounds.def"
#undef GROUND
};

/* CALL_USE_VOICE, CALL_STATE_WAITING, CALL_RING_MISSED, CALL_END_LEFT, CALL_KIND_TEXT ... */
enum call_number {
#define CALL_NUMBER(table, name, number, what) CALL_##table##_##name = (number),
#include "protocol/calls.def"
#undef CALL_NUMBER
};
enum call_admission_operation { CALL_ADMITTED = 1, CALL_PUT_OUT = 2 };

enum member_operation { MEMBER_ADD = 1, MEMBER_REMOVE = 2, MEMBER_REVOKE = 3 };
enum access_operation { ACCESS_GIVEN = 1, ACCESS_ENDED = 2 };
enum employee_operation { EMPLOYEE_IS = 1, EMPLOYEE_NO_MORE = 2 };
enum code_operation { CODE_MADE = 1, CODE_VOID = 2 };
enum subject_type { SUBJECT_PERSON = 1, SUBJECT_DEVICE = 2 };

/* Is the bit of this row number set? */
static inline bool table_bit(unsigned bits, uint64_t number)
{
    return number < 32 && (bits >> number & 1u) != 0;
}

/* The table's name of an error ("CHAIN_BROKEN"), or "UNKNOWN"; "OK" for 0. */
const char *error_name(enum enrum_err err);
/* The sentence for people, in English or (swedish) Swedish. */
const char *error_sentence(enum enrum_err err, bool swedish);
/* Whose fault it is, which decides what one does: see errors.def. */
enum error_class error_class(enum enrum_err err);

/* May this role append this class? False for a class or role that is not in the table. */
bool class_may_write(uint64_t class, uint64_t role);
/* Has this class a sealed part? */
bool class_has_content(uint64_t class);
/* As in classes.def; "UNKNOWN" for what is not there, and so for the names below. */
const char *class_name(uint64_t class);

/* May somebody in this role open a room of this type? False for what is not in the table. */
bool room_type_may_open(uint64_t room_type, uint64_t role);
/* May this role write this kind in a room of this type? False for what is not in the table. */
bool kind_may_write(uint64_t kind, uint64_t role, uint64_t room_type);
/* A control entry's content is of the kind that its class is for, and a record's is of no such. */
bool kind_fits_class(uint64_t kind, uint64_t class);
/* As in kinds.def. */
const char *kind_name(uint64_t kind);
/* 0 when there is no kind of this name (lower case). */
uint64_t kind_find(const char *name);

/* As in roles.def. */
const char *role_name(uint64_t role);
/* Why a keeper refuses an entry: as in grounds.def. */
const char *ground_name(uint64_t ground);
/* In which capacity somebody was let in: as in capacities.def. */
const char *capacity_name(uint64_t capacity);
