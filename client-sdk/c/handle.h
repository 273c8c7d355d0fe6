/* handle -- what a `struct enrum` holds. Only the files of this folder see it. */
#pragma once

#include "appendjob.h"
#include "ask.h"
#include "base/clock.h"
#include "base/table.h"
#include "contact.h"
#include "download.h"
#include "follow.h"
#include "home.h"
#include "login.h"
#include "outbox.h"
#include "roomcopy.h"
#include "socket.h"
#include "trust.h"

struct enrum {
    struct home home;
    struct enrum_board board;
    struct clock clock;
    struct sign_pair sign;
    struct seal_pair seal;
    struct id device;
    bool has_certificate;
    struct certificate me;
    struct buffer certificate, issuer; /* as they go into PROVE; issuer is empty for a keeper */
    char name[ENRUM_TEXT_MAX], software[SOFTWARE_BYTES_MAX + 1];
    struct localstore *store;
    bool is_store_bad;
    struct trust trust;
    struct socket *socket;
    struct contact contact;
    struct table rooms_by_id;
    struct list rooms;
    struct outbox outbox;
    struct list downloads;
    struct asks asks;
    struct login login;
    uint64_t device_type; /* what it says of itself at a login */
    bool is_borrowed;
    uint64_t last_append, last_download;
    bool is_inside; /* in enrum_step: a callback may be running */
    void (*on_event)(void *context, const struct enrum_event *event);
    void *context;
};

static inline uint64_t now_mono(const struct enrum *enrum)
{
    return clock_monotonic_ms(&enrum->clock);
}

static inline uint64_t now_wall(const struct enrum *enrum)
{
    return clock_wall_ms(&enrum->clock);
}

static inline bool is_keeper(const struct enrum *enrum)
{
    return enrum->has_certificate && enrum->me.body.role == ROLE_KEEPER;
}

/* A certificate, and it is in its period. */
static inline bool is_logged_in(const struct enrum *enrum)
{
    return enrum->has_certificate && certificate_in_time(&enrum->me, now_wall(enrum)) == ENRUM_OK;
}

/* Calls the application back; `detail` is filled in when it is NULL. */
void handle_tell(struct enrum *enrum, struct enrum_event *event);
/* A WARNING; room may be NULL. */
void handle_warn(struct enrum *enrum, const struct id *room, enum enrum_err err,
                 const char *detail);
/* This device's certificate from now on; kept on disk. Errors: FILE_FAILED, MEMORY. */
enum enrum_err handle_certify(struct enrum *enrum, const struct certificate *certificate,
                              struct slice bytes, struct slice issuer, const char *name);
/* Keeps a certificate that trust has taken; `context` is the enrum. */
void handle_keep_certificate(void *context, const struct trusted *trusted);
