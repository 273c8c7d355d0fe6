/* binding -- makes binding requests as a browser sends them, and wrong ones. */
#pragma once

#include "base/slice.h"

enum { BINDING_BYTES_MAX = 1400 };

struct binding {
    const char *username, *password; /* NULL: without the attribute */
    bool has_priority, has_use_candidate, is_controlled, has_fingerprint;
    uint16_t extra;       /* one more attribute of this type; 0: none */
    bool is_extra_behind; /* the integrity, which then does not cover it */
    uint16_t method;
};

/* Right in all; the caller spoils what it wants to. */
struct binding binding_fine(const char *username, const char *password);
size_t binding_make(const struct binding *binding, uint8_t out[BINDING_BYTES_MAX]);
/* The message's integrity and fingerprint are right; for answers, too. */
bool binding_is_signed(struct slice message, const char *password);
/* The value of the first attribute of this type; NULL: there is none. */
const uint8_t *binding_attribute(struct slice message, uint16_t type, size_t *len);
