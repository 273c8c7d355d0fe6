/* writing -- the entries of one append of the keeper, with the memory that they borrow from.
 * Nothing is sent here (deed does). The first failure sticks. */
#pragma once

#include "enrum.h"

struct writing {
    size_t count;
    enum enrum_err err;
    struct enrum_append entries[ENTRIES_PER_APPEND_MAX];
    union entry_open opens[ENTRIES_PER_APPEND_MAX];
    struct wire_content contents[ENTRIES_PER_APPEND_MAX];
    struct buffer bytes[ENTRIES_PER_APPEND_MAX];
    struct id causes[ENTRIES_PER_APPEND_MAX];
};

/* NULL: no memory. */
struct writing *writing_new(void);
void writing_free(struct writing *writing);

/* `body` is the struct of the kind's layout. */
void writing_record(struct writing *writing, uint64_t kind, const void *body,
                    const struct id *cause);
/* `ground` and `text` say why; the cause in `open` is filled in. */
void writing_member(struct writing *writing, const struct wire_open_member *open, uint64_t ground,
                    struct slice text, const struct id *cause);
void writing_generation(struct writing *writing, const struct wire_open_generation *open,
                        const struct wire_member *members, size_t count, const struct id *cause);
struct writing_grant {
    const struct id *room, *device, *seal_key;
    uint64_t first;
    const struct secret32 *keys;
    size_t key_count;
};
void writing_grant(struct writing *writing, const struct writing_grant *grant,
                   const struct id *cause);
void writing_checkpoint(struct writing *writing, const struct wire_open_checkpoint *open,
                        const struct wire_body_refusals *body, const struct id *cause);
