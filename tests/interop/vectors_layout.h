/* vectors_layout -- the rows of layouts.def and messages.def once more, for vectors: so that a
 * mistake in layout.c does not hide in its own mirror. */
#pragma once

#include "vectors.h"

#include <stddef.h>

enum vector_type {
    VECTOR_UINT,
    VECTOR_BYTES,
    VECTOR_TEXT,
    VECTOR_ID,
    VECTOR_SIG,
    VECTOR_OPT,
    VECTOR_IDS,
    VECTOR_SEQ,
    VECTOR_LATE = VECTOR_UINT,
};

struct vector_field {
    const char *name;
    enum vector_type type;
    size_t offset;
    uint64_t min, max;
};

struct vector_layout {
    const char *name;
    const struct layout *layout;
    const struct vector_field *fields;
    size_t field_count;
};

/* A value of any layout; its slices point into the pool. */
struct vector_value {
    _Alignas(max_align_t) uint8_t bytes[1024];
    uint8_t pool[16384];
    size_t used;
};

/* The layout of this name, as in the vectors; it must be there. */
const struct vector_layout *vector_layout_find(const char *name);
/* The value of this layout as JSON: numbers, texts, and hexadecimal digits. */
json_t *vector_value_json(const char *layout, const void *value);
