/* stage -- made-up verified entries for the keeper's pure parts, as libenrum would tell them. */
#pragma once

#include "../../../client-sdk/keeper/logbook.h"
#include "../../../client-sdk/keeper/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { STAGE_NOW = 1700000000 }; /* seconds */
static const uint64_t STAGE_NOW_MS = (uint64_t)STAGE_NOW * 1000;

/* Who writes: one device of one person, with a certificate around STAGE_NOW_MS. */
struct stage_party {
    struct sign_pair sign;
    struct seal_pair seal;
    struct certificate certificate;
    uint8_t bytes[CERTIFICATE_BYTES_MAX];
    size_t len;
    uint64_t device_seq;
};

struct stage {
    struct id board, room;
    struct stage_party keeper, citizen, other, worker, colleague;
    uint64_t seq;
    struct id hash;
};

/* An entry, and what it borrows from. */
struct staged {
    struct enrum_item item;
    struct entry entry;
    struct buffer body;
};

void stage_init(struct stage *stage);
/* Another device of the same person. */
void stage_device(const struct stage *stage, const struct stage_party *of, struct stage_party *out);
struct id stage_id(uint8_t byte);

/* The next entry of the room, right in all respects; change it before it is applied. */
void stage_next(struct stage *stage, struct stage_party *author, uint64_t class,
                struct staged *out);
void stage_record(struct stage *stage, struct stage_party *author, uint64_t kind, const void *body,
                  struct staged *out);
void staged_fini(struct staged *staged);

/* Each makes an entry, applies it to the book (and the registry unless NULL), and lets it go. */
void stage_apply(struct logbook *book, struct staged *staged);
void stage_generation(struct stage *stage, struct stage_party *author, struct logbook *book,
                      const struct wire_member *members, size_t count);
void stage_grant(struct stage *stage, struct logbook *book, const struct id *device, uint64_t first,
                 uint64_t last);
void stage_member(struct stage *stage, struct stage_party *author, struct logbook *book,
                  uint64_t operation, uint64_t subject_type, const struct id *subject);
void stage_bind(struct stage *stage, struct registry *registry, const struct stage_party *party,
                const char *token, uint64_t at_ms);
void stage_employ(struct stage *stage, struct registry *registry, const struct id *person,
                  uint64_t operation);
void stage_revoke(struct stage *stage, struct registry *registry, const struct id *subject);
