/* audience -- the sessions that the journal knows: whom they stand for, and which rooms they
 * follow. A follow is in two lists, its room's and its session's. Knows no rules. */
#pragma once

#include "base/list.h"
#include "base/table.h"
#include "journal/event.h"

/* One board proved by one session. */
struct attendance {
    struct list link;
    struct identity identity;
    struct parcel *certificate, *issuer; /* issuer: NULL for a keeper */
};

struct attendant {
    struct list link; /* of the audience, in order of arrival */
    uint64_t session;
    size_t follow_count;
    struct list attendances, follows;
};

struct follow {
    struct list by_room, by_session;
    struct attendant *attendant;
    const struct attendance *attendance;
    const struct id *board, *room; /* the room's own, which lives as long as somebody follows it */
};

enum { ISSUERS_KEPT = 8 };

struct audience {
    struct table sessions; /* by session */
    struct list attendants;
    /* Keepers' certificates that came last: thousands of devices have the same one. NULL: none. */
    struct parcel *issuers[ISSUERS_KEPT];
    size_t issuer_next;
    uint64_t follows;
};

void audience_init(struct audience *audience, size_t sessions_max);
void audience_fini(struct audience *audience);
/* False: memory. Proving a board again replaces what was known. */
bool audience_join(struct audience *audience, uint64_t session, const struct identity *identity,
                   struct slice certificate, struct slice issuer);
void audience_leave(struct audience *audience, uint64_t session);
/* NULL when there is none. */
struct attendant *audience_find(const struct audience *audience, uint64_t session);
struct attendance *attendance_find(const struct attendant *attendant, const struct id *board);
/* Board and room are borrowed for as long as it is followed. A follow that is there already is
 * found again. Errors: TOO_MANY, MEMORY, OUT_OF_STATE. */
enum enrum_err audience_follow(struct audience *audience, uint64_t session,
                               struct list *room_follows, const struct id *board,
                               const struct id *room, size_t max);
void audience_unfollow(struct audience *audience, struct follow *follow);
/* NULL when this session does not follow it. */
struct follow *audience_follow_find(const struct attendant *attendant, const struct id *board,
                                    const struct id *room);
