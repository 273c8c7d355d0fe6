/* kinds -- the rows of kinds.def: what a sealed content is about. See tables.h.
 * A file of its own, so that the host's program, which has no business with kinds, does not even
 * hold their names. */
#include "protocol/tables.h"

#include <ctype.h>
#include <stddef.h>

struct kind_row {
    uint64_t kind;
    const char *name;
    unsigned rooms, writers;
};

static const struct kind_row kind_rows[] = {
#define KIND(name, number, body, rooms, writers, what) {number, #name, rooms, writers},
#include "protocol/kinds.def"
#undef KIND
};

struct room_row {
    uint64_t type;
    unsigned openers;
};

static const struct room_row room_rows[] = {
#define ROOM_TYPE(name, number, openers, what) {number, openers},
#include "protocol/rooms.def"
#undef ROOM_TYPE
};

bool room_type_may_open(uint64_t room_type, uint64_t role)
{
    for (size_t i = 0; i < sizeof room_rows / sizeof room_rows[0]; i++) {
        if (room_rows[i].type == room_type) {
            return table_bit(room_rows[i].openers, role);
        }
    }
    return false;
}

static const struct kind_row *kind_row(uint64_t kind)
{
    for (size_t i = 0; i < sizeof kind_rows / sizeof kind_rows[0]; i++) {
        if (kind_rows[i].kind == kind) {
            return &kind_rows[i];
        }
    }
    return NULL;
}

bool kind_may_write(uint64_t kind, uint64_t role, uint64_t room_type)
{
    const struct kind_row *row = kind_row(kind);
    return row != NULL && table_bit(row->writers, role) && table_bit(row->rooms, room_type);
}

bool kind_fits_class(uint64_t kind, uint64_t class)
{
    if (class == CLASS_MEMBER) {
        return kind == KIND_CHANGE;
    }
    if (class == CLASS_CHECKPOINT) {
        return kind == KIND_REFUSALS;
    }
    return kind != KIND_CHANGE && kind != KIND_REFUSALS;
}

const char *kind_name(uint64_t kind)
{
    const struct kind_row *row = kind_row(kind);
    return row != NULL ? row->name : "UNKNOWN";
}

uint64_t kind_find(const char *name)
{
    for (size_t i = 0; i < sizeof kind_rows / sizeof kind_rows[0]; i++) {
        const char *have = kind_rows[i].name;
        size_t at = 0;
        while (have[at] != '\0' && tolower((unsigned char)have[at]) == name[at]) {
            at++;
        }
        if (have[at] == '\0' && name[at] == '\0') {
            return kind_rows[i].kind;
        }
    }
    return 0;
}
