/* guest -- one session with enrumd: says hello, proves its device, and then tells what comes. */
#pragma once

#include "town.h"
#include "webline.h"

/* Request numbers up to this one are the guest's own. */
enum { GUEST_HELLO = 1, GUEST_PROVE = 2 };

struct guest {
    struct webline web;
    const struct town *town;
    struct resident resident; /* set by the caller before it opens */
    struct id client_nonce, host_key;
    void (*ready)(struct guest *guest);
    /* Everything but CHALLENGE and READY; without it, an ERROR ends the program. */
    void (*message)(struct guest *guest, uint64_t type, uint64_t request, struct slice bytes);
    void (*lost)(struct guest *guest, const char *why);
};

/* The resident stays as it is: a guest may open again. */
void guest_open(struct guest *guest, struct loop *loop, uint16_t port, size_t number);
void guest_say(struct guest *guest, const struct layout *layout, const void *message);
/* Decodes, or ends the program. */
void guest_read(const struct layout *layout, struct slice bytes, void *out);
/* Ends the program with the error's name. */
void guest_is_refused(struct slice bytes);
