/* deed -- an append of the keeper under way, and what follows when the host has it.
 * The room's logbook counts it as busy. */
#pragma once

#include "keeper.h"
#include "writing.h"

struct letter;

struct deed {
    struct list link;
    uint64_t request;
    struct id room;
    /* CAUSE_TAKEN comes as OK: the log has it already. seq is 0 then. */
    void (*done)(struct keeper *keeper, struct deed *deed, enum enrum_err err, uint64_t seq);
    struct letter *letter; /* to be answered by `done`; may be NULL */
    void *subject;         /* what `done` likes */
};

/* Appends. The deed is copied; `done` (may be NULL) is called once, unless this fails, which also
 * leaves the letter with the caller. Errors: those of the writing, of enrum_append. */
enum enrum_err deed_append(struct keeper *keeper, const struct deed *deed,
                           const struct writing *writing, const struct secret32 *room_key);
/* The same for a room that is opened. */
enum enrum_err deed_create(struct keeper *keeper, const struct deed *deed, const struct id *random,
                           const struct writing *writing, const struct secret32 *room_key);
/* The same of one record. */
enum enrum_err deed_record(struct keeper *keeper, const struct deed *deed, uint64_t kind,
                           const void *body, const struct id *cause);
void deed_on_appended(struct keeper *keeper, const struct enrum_event *event);
void deeds_free(struct keeper *keeper);

/* Cause of something that is done once: about up to four things. */
struct id deed_cause(const char *verb, const struct id *a, const struct id *b, uint64_t number);
