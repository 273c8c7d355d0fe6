/* writing -- see writing.h. */
#include "writing.h"

#include <stdlib.h>

enum { RULES_VERSION = 1 };

struct writing *writing_new(void)
{
    return calloc(1, sizeof(struct writing));
}

void writing_free(struct writing *writing)
{
    for (size_t i = 0; writing != NULL && i < writing->count; i++) {
        buffer_wipe(&writing->bytes[i]);
    }
    free(writing);
}

/* The place of the next entry; NULL when there is none, or something has failed. */
static union entry_open *entry_add(struct writing *writing, uint64_t class, size_t bytes_max,
                                   const struct id *cause)
{
    if (writing->err == ENRUM_OK && writing->count == ENTRIES_PER_APPEND_MAX) {
        writing->err = ENRUM_OVERSIZED;
    }
    if (writing->err != ENRUM_OK) {
        return NULL;
    }
    size_t at = writing->count++;
    buffer_init(&writing->bytes[at], bytes_max);
    writing->causes[at] = *cause;
    writing->entries[at] = (struct enrum_append){.class = class, .open = &writing->opens[at]};
    return &writing->opens[at];
}

static struct slice last_cause(const struct writing *writing)
{
    return id_slice(&writing->causes[writing->count - 1]);
}

static void content_set(struct writing *writing, uint64_t kind, const void *body)
{
    size_t at = writing->count - 1;
    writing->err = layout_encode(kind_layout(kind), body, &writing->bytes[at]);
    writing->contents[at] = (struct wire_content){
        .kind = kind,
        .role = ROLE_KEEPER,
        .rule_version = RULES_VERSION,
        .body = buffer_slice(&writing->bytes[at]),
    };
    writing->entries[at].content = &writing->contents[at];
}

void writing_record(struct writing *writing, uint64_t kind, const void *body,
                    const struct id *cause)
{
    union entry_open *open = entry_add(writing, CLASS_RECORD, CONTENT_BYTES_MAX, cause);
    if (open != NULL) {
        open->record = (struct wire_open_record){.cause = last_cause(writing)};
        content_set(writing, kind, body);
    }
}

void writing_member(struct writing *writing, const struct wire_open_member *member, uint64_t ground,
                    struct slice text, const struct id *cause)
{
    struct wire_body_change change = {.ground = ground, .text = text};
    union entry_open *open = entry_add(writing, CLASS_MEMBER, CONTENT_BYTES_MAX, cause);
    if (open != NULL) {
        open->member = *member;
        open->member.cause = last_cause(writing);
        content_set(writing, KIND_CHANGE, &change);
    }
}

void writing_generation(struct writing *writing, const struct wire_open_generation *generation,
                        const struct wire_member *members, size_t count, const struct id *cause)
{
    union entry_open *open = entry_add(writing, CLASS_GENERATION, OPEN_BYTES_MAX, cause);
    if (open == NULL) {
        return;
    }
    struct buffer *bytes = &writing->bytes[writing->count - 1];
    for (size_t i = 0; i < count && writing->err == ENRUM_OK; i++) {
        writing->err = layout_encode(&layout_member, &members[i], bytes);
    }
    open->generation = *generation;
    open->generation.cause = last_cause(writing);
    open->generation.members = buffer_slice(bytes);
}

void writing_grant(struct writing *writing, const struct writing_grant *grant,
                   const struct id *cause)
{
    union entry_open *open = entry_add(writing, CLASS_GRANT, OPEN_BYTES_MAX, cause);
    if (open == NULL) {
        return;
    }
    writing->err = grant_wrap(grant->room, grant->first, grant->keys, grant->key_count,
                              grant->device, grant->seal_key, &writing->bytes[writing->count - 1],
                              &open->grant);
    open->grant.cause = last_cause(writing);
}

void writing_checkpoint(struct writing *writing, const struct wire_open_checkpoint *checkpoint,
                        const struct wire_body_refusals *body, const struct id *cause)
{
    union entry_open *open = entry_add(writing, CLASS_CHECKPOINT, CONTENT_BYTES_MAX, cause);
    if (open != NULL) {
        open->checkpoint = *checkpoint;
        open->checkpoint.cause = last_cause(writing);
        content_set(writing, KIND_REFUSALS, body);
    }
}
