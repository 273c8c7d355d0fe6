/* tables -- see tables.h. Each switch is made from its table and has no other case. */
#include "protocol/tables.h"

#include <ctype.h>
#include <string.h>

struct error_row {
    enum enrum_err err;
    enum error_class class;
    const char *name, *english, *swedish;
};

static const struct error_row error_rows[] = {
    {ENRUM_OK, ERROR_GONE, "OK", "It worked.", "Det gick bra."},
#define ERROR(name, number, class, sentence, mening)                                               \
    {ENRUM_##name, ERROR_##class, #name, sentence, mening},
#include "protocol/errors.def"
#undef ERROR
};

static const struct error_row *error_row(enum enrum_err err)
{
    static const struct error_row unknown = {ENRUM_OK, ERROR_OURS, "UNKNOWN", "Unknown error.",
                                             "Okänt fel."};
    for (size_t i = 0; i < sizeof error_rows / sizeof error_rows[0]; i++) {
        if (error_rows[i].err == err) {
            return &error_rows[i];
        }
    }
    return &unknown;
}

const char *error_name(enum enrum_err err)
{
    return error_row(err)->name;
}

const char *error_sentence(enum enrum_err err, bool swedish)
{
    return swedish ? error_row(err)->swedish : error_row(err)->english;
}

enum error_class error_class(enum enrum_err err)
{
    return error_row(err)->class;
}

enum { CONTENT = 1, NONE = 0 };

struct class_row {
    uint64_t class;
    const char *name;
    bool has_content;
    unsigned writers;
};

static const struct class_row class_rows[] = {
#define CLASS(name, number, open, sealed, writers, what) {number, #name, sealed, writers},
#include "protocol/classes.def"
#undef CLASS
};

static const struct class_row *class_row(uint64_t class)
{
    for (size_t i = 0; i < sizeof class_rows / sizeof class_rows[0]; i++) {
        if (class_rows[i].class == class) {
            return &class_rows[i];
        }
    }
    return NULL;
}

static bool bit_of(unsigned bits, uint64_t number)
{
    return number < 32 && (bits >> number & 1u) != 0;
}

bool class_may_write(uint64_t class, uint64_t role)
{
    const struct class_row *row = class_row(class);
    return row != NULL && bit_of(row->writers, role);
}

bool class_has_content(uint64_t class)
{
    const struct class_row *row = class_row(class);
    return row != NULL && row->has_content;
}

const char *class_name(uint64_t class)
{
    const struct class_row *row = class_row(class);
    return row != NULL ? row->name : "UNKNOWN";
}

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
    return row != NULL && bit_of(row->writers, role) && bit_of(row->rooms, room_type);
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

const char *role_name(uint64_t role)
{
    switch (role) {
#define ROLE(name, number, what)                                                                   \
    case number:                                                                                   \
        return #name;
#include "protocol/roles.def"
#undef ROLE
    }
    return "UNKNOWN";
}

const char *ground_name(uint64_t ground)
{
    switch (ground) {
#define GROUND(name, number, what)                                                                 \
    case number:                                                                                   \
        return #name;
#include "protocol/grounds.def"
#undef GROUND
    }
    return "UNKNOWN";
}
