/* registry -- the board's own state: the fold of its register room.
 * Who is bound to which device, who is staff of which unit, who is revoked. Pure: no clock, no I/O.
 * An entry that breaks the format changes nothing. ("register" is a word of C.) */
#pragma once

#include "base/list.h"
#include "base/table.h"
#include "enrum.h"
#include "ration.h"

/* The provider of a login with a printed code. */
#define REGISTRY_BY_CODE "#code"

enum { REGISTRY_UNITS_MAX = 64, REGISTRY_PERSONS_MAX = 1 << 20, NUMBER_BYTES_MAX = 32 };
enum { REGISTRY_ANSWERS_MAX = 1 << 24 };

/* Somebody is in a unit from then on. */
struct registry_stint {
    struct id unit;
    uint64_t since; /* ms since 1970 */
};

struct registry_person {
    struct id person;
    uint64_t role, level; /* of the newest binding; 0: none yet */
    char name[NAME_BYTES_MAX + 1], number[NUMBER_BYTES_MAX + 1];
    char alias[NAME_BYTES_MAX + 1]; /* of an employee; empty: none */
    uint64_t alias_count;           /* how often it has been set or taken away */
    bool is_employee;
    char identity[NAME_BYTES_MAX + 1], title[NAME_BYTES_MAX + 1];
    struct id unit;
    struct registry_stint *stints; /* in which units they have been, oldest first */
    size_t stint_count;
    struct list devices;
};

/* What a device has said that it is: see devices.def. */
struct device_word {
    uint64_t type, browser, is_borrowed;
};

struct registry_device {
    struct list of_person;
    struct registry_person *person;
    struct certificate certificate; /* the newest issued to it */
    uint64_t logged_in_at;          /* of the newest login with a token, ms since 1970 */
    uint64_t certified_at;          /* of the newest binding */
    struct device_word word;
    char provider[NAME_BYTES_MAX + 1];
    struct ration renewals; /* the keeper's: certificates without a login */
    struct ration answers;  /* the keeper's: letters of which nothing but the answer is noted */
};

/* A printed code, by its first group. */
struct registry_code {
    struct id mac, room, person;
    char name[NAME_BYTES_MAX + 1];
    uint64_t until;
    bool is_spent, is_void;
    unsigned wrong; /* the keeper's: tries of its first group with another rest */
};

/* What a letter was answered of which no other entry tells. */
struct registry_answer {
    uint64_t code; /* 0: done */
};

struct registry_unit {
    struct id room;
    char name[NAME_BYTES_MAX + 1];
};

struct registry {
    struct table persons, devices, revoked; /* by pseudonym, device id, either */
    struct table codes;                     /* by the first group */
    struct table answers;                   /* by letter_answer_key */
    size_t unit_count;
    struct registry_unit units[REGISTRY_UNITS_MAX];
};

void registry_init(struct registry *registry);
void registry_fini(struct registry *registry);
/* The next entry of the register room, by a keeper. False when memory is short. */
bool registry_apply(struct registry *registry, const struct enrum_item *item);

/* NULL when it is not known. */
struct registry_person *registry_person(const struct registry *registry, const struct id *person);
struct registry_device *registry_device(const struct registry *registry, const struct id *device);
/* `place`: CODE_PLACE symbols. */
struct registry_code *registry_code(const struct registry *registry, const char *place);
/* NULL: the letter has not been answered, or another entry tells how. */
const struct registry_answer *registry_answer(const struct registry *registry,
                                              const struct id *key);
const struct registry_unit *registry_unit(const struct registry *registry, const struct id *room);
/* name NULL: the first. */
const struct registry_unit *registry_unit_named(const struct registry *registry, const char *name);
/* The unit that somebody was in then. NULL: they have never been an employee. */
const struct id *registry_unit_at(const struct registry_person *person, uint64_t at_ms);
/* How often somebody has gone from one unit to another. */
uint64_t registry_moves(const struct registry_person *person);
/* The name that leaves the keeper: the alias of somebody who has one. */
const char *registry_person_shown(const struct registry_person *person);
/* How often what others see of somebody has changed. */
uint64_t registry_faces(const struct registry_person *person);
bool registry_is_revoked(const struct registry *registry, const struct id *person_or_device);
/* An employee, and not revoked. */
bool registry_is_staff(const struct registry *registry, const struct id *person);
/* Is the newest certificate of the device in its period, and neither it nor its person revoked? */
bool registry_device_is_live(const struct registry *registry, const struct registry_device *device,
                             uint64_t now_ms);
