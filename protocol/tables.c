/* tables -- see tables.h. Each switch is made from its table and has no other case. */
#include "protocol/tables.h"

#include <stddef.h>

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

bool class_may_write(uint64_t class, uint64_t role)
{
    const struct class_row *row = class_row(class);
    return row != NULL && table_bit(row->writers, role);
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

const char *capacity_name(uint64_t capacity)
{
    switch (capacity) {
#define CAPACITY(name, number, what)                                                               \
    case number:                                                                                   \
        return #name;
#include "protocol/capacities.def"
#undef CAPACITY
    }
    return "UNKNOWN";
}
