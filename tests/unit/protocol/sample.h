/* sample -- values of every layout and message, at their limits, and an encoder of the tests' own.
 * The tables are read a second time here, so that a mistake in layout.c does not hide in its own
 * mirror. Also the two ways in which every decoder is mistreated: cut, and flipped. */
#pragma once

#include "protocol/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum sample_type {
    SAMPLE_UINT,
    SAMPLE_BYTES,
    SAMPLE_TEXT,
    SAMPLE_ID,
    SAMPLE_SIG,
    SAMPLE_OPT,
    SAMPLE_IDS,
    SAMPLE_SEQ,
    SAMPLE_LATE = SAMPLE_UINT, /* written as one; missing: see layout_test.c */
};

struct sample_field {
    const char *name;
    enum sample_type type;
    size_t offset;
    uint64_t min, max;
};

struct sample_layout {
    const char *name;
    const struct layout *layout;
    const struct sample_field *fields;
    size_t field_count, value_bytes;
    uint64_t message_type; /* 0: not a message */
};

extern const struct sample_layout sample_layouts[];
extern const size_t sample_layout_count;

/* Room for the value of any layout. */
union sample_value {
    uint8_t bytes[1024];
    uint64_t number;
    void *pointer;
};

/* Each field at its least or its most. Slices point into memory of this file. */
void sample_least(const struct sample_layout *layout, union sample_value *out);
void sample_most(const struct sample_layout *layout, union sample_value *out);
/* As sample_least, but bytes and texts hold up to 40 bytes where they may. */
void sample_some(const struct sample_layout *layout, union sample_value *out);

/* Sets one field to `size` (the number, or the length in bytes). */
void sample_set(const struct sample_field *field, uint64_t size, union sample_value *value);

/* Encodes without looking at any limit. `more` empty binary strings follow the known elements. */
void sample_encode(const struct sample_layout *layout, const union sample_value *value, size_t more,
                   struct buffer *out);

/* Every proper beginning of `good` must be refused. */
void sample_cut(struct slice good, bool (*is_refused)(struct slice bytes));
/* Each bit flipped: `holds` is true when the bytes are refused, or mean what their encoding says.
 */
void sample_flip(struct slice good, bool (*holds)(struct slice bytes));
