/* roster -- made-up verified entries for the keeper's pure parts, as libenrum would tell them. */
#pragma once

#include "../../../client-sdk/keeper/logbook.h"
#include "../../../client-sdk/keeper/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ROSTER_NOW = 1700000000 }; /* seconds */
static const uint64_t ROSTER_NOW_MS = (uint64_t)ROSTER_NOW * 1000;

/* Who writes: one device of one person, with a certificate around ROSTER_NOW_MS. */
struct roster_party {
    struct sign_pair sign;
    struct seal_pair seal;
    struct certificate certificate;
    uint8_t bytes[CERTIFICATE_BYTES_MAX];
    size_t len;
    uint64_t device_seq;
};

struct roster {
    struct id board, room;
    struct roster_party keeper, citizen, other, worker, colleague;
    uint64_t seq;
    struct id hash;
};

/* An entry, and what it borrows from. */
struct staged {
    struct enrum_item item;
    struct entry entry;
    struct buffer body;
};

void roster_init(struct roster *roster);
/* Another device of the same person. */
void roster_device(const struct roster *roster, const struct roster_party *of,
                   struct roster_party *out);
struct id roster_id(uint8_t byte);

/* The next entry of the room, right in all respects; change it before it is applied. */
void roster_next(struct roster *roster, struct roster_party *author, uint64_t class,
                 struct staged *out);
void roster_record(struct roster *roster, struct roster_party *author, uint64_t kind,
                   const void *body, struct staged *out);
void staged_fini(struct staged *staged);

/* Each makes an entry, applies it to the book (and the registry unless NULL), and lets it go. */
void roster_apply(struct logbook *book, struct staged *staged);
void roster_generation(struct roster *roster, struct roster_party *author, struct logbook *book,
                       const struct wire_member *members, size_t count);
void roster_grant(struct roster *roster, struct logbook *book, const struct id *device,
                  uint64_t first, uint64_t last);
void roster_member(struct roster *roster, struct roster_party *author, struct logbook *book,
                   uint64_t operation, uint64_t subject_type, const struct id *subject);
void roster_bind(struct roster *roster, struct registry *registry, const struct roster_party *party,
                 const char *token, uint64_t at_ms);
/* With a token, as the device said that it is. */
void roster_bind_as(struct roster *roster, struct registry *registry,
                    const struct roster_party *party, struct device_word word, uint64_t at_ms);
void roster_employ(struct roster *roster, struct registry *registry, const struct id *person,
                   uint64_t operation);
/* In this unit, from then on. */
void roster_employ_in(struct roster *roster, struct registry *registry, const struct id *person,
                      const struct id *unit, uint64_t at_ms);
void roster_revoke(struct roster *roster, struct registry *registry, const struct id *subject);
