/* audience -- see audience.h. */
#include "journal/audience.h"

#include <stdlib.h>

void audience_init(struct audience *audience, size_t sessions_max)
{
    *audience = (struct audience){0};
    list_init(&audience->attendants);
    table_init(&audience->sessions, sizeof(uint64_t), sessions_max);
}

static void attendance_free(struct attendance *attendance)
{
    list_remove(&attendance->link);
    parcel_unref(attendance->certificate);
    parcel_unref(attendance->issuer);
    free(attendance);
}

void audience_unfollow(struct audience *audience, struct follow *follow)
{
    list_remove(&follow->by_room);
    list_remove(&follow->by_session);
    follow->attendant->follow_count--;
    audience->follows--;
    free(follow);
}

static void attendant_free(struct audience *audience, struct attendant *attendant)
{
    list_remove(&attendant->link);
    LIST_EACH (link, &attendant->follows) {
        audience_unfollow(audience, LIST_ITEM(link, struct follow, by_session));
    }
    LIST_EACH (link, &attendant->attendances) {
        attendance_free(LIST_ITEM(link, struct attendance, link));
    }
    free(attendant);
}

void audience_fini(struct audience *audience)
{
    LIST_EACH (link, &audience->attendants) {
        attendant_free(audience, LIST_ITEM(link, struct attendant, link));
    }
    for (size_t i = 0; i < ISSUERS_KEPT; i++) {
        parcel_unref(audience->issuers[i]);
    }
    table_fini(&audience->sessions);
}

struct attendant *audience_find(const struct audience *audience, uint64_t session)
{
    return table_find_u64(&audience->sessions, session);
}

static struct attendant *attendant_make(struct audience *audience, uint64_t session)
{
    struct attendant *attendant = audience_find(audience, session);
    if (attendant != NULL) {
        return attendant;
    }
    attendant = calloc(1, sizeof *attendant);
    if (attendant == NULL) {
        return NULL;
    }
    attendant->session = session;
    list_init(&attendant->link);
    list_init(&attendant->attendances);
    list_init(&attendant->follows);
    if (table_insert_u64(&audience->sessions, session, attendant) != TABLE_OK) {
        free(attendant);
        return NULL;
    }
    list_push_back(&audience->attendants, &attendant->link);
    return attendant;
}

struct attendance *attendance_find(const struct attendant *attendant, const struct id *board)
{
    LIST_EACH (link, &attendant->attendances) {
        struct attendance *attendance = LIST_ITEM(link, struct attendance, link);
        if (id_equal(&attendance->identity.board, board)) {
            return attendance;
        }
    }
    return NULL;
}

/* A reference; NULL: no memory. */
static struct parcel *issuer_find(struct audience *audience, struct slice issuer)
{
    for (size_t i = 0; i < ISSUERS_KEPT; i++) {
        struct parcel *kept = audience->issuers[i];
        if (kept != NULL && slice_equal(parcel_slice(kept), issuer)) {
            return parcel_ref(kept);
        }
    }
    struct parcel *parcel = parcel_new(issuer.at, issuer.len);
    if (parcel != NULL) {
        struct parcel **place = &audience->issuers[audience->issuer_next++ % ISSUERS_KEPT];
        parcel_unref(*place);
        *place = parcel_ref(parcel);
    }
    return parcel;
}

bool audience_join(struct audience *audience, uint64_t session, const struct identity *identity,
                   struct slice certificate, struct slice issuer)
{
    struct attendant *attendant = attendant_make(audience, session);
    struct parcel *bytes = parcel_new(certificate.at, certificate.len);
    struct parcel *issuer_bytes = issuer.len > 0 ? issuer_find(audience, issuer) : NULL;
    if (attendant == NULL || bytes == NULL || (issuer.len > 0 && issuer_bytes == NULL)) {
        parcel_unref(bytes);
        parcel_unref(issuer_bytes);
        return false;
    }
    struct attendance *attendance = attendance_find(attendant, &identity->board);
    if (attendance == NULL) {
        attendance = calloc(1, sizeof *attendance);
        if (attendance == NULL) {
            parcel_unref(bytes);
            parcel_unref(issuer_bytes);
            return false;
        }
        list_init(&attendance->link);
        list_push_back(&attendant->attendances, &attendance->link);
    }
    parcel_unref(attendance->certificate);
    parcel_unref(attendance->issuer);
    attendance->identity = *identity;
    attendance->certificate = bytes;
    attendance->issuer = issuer_bytes;
    return true;
}

void audience_leave(struct audience *audience, uint64_t session)
{
    struct attendant *attendant = table_remove_u64(&audience->sessions, session);
    if (attendant != NULL) {
        attendant_free(audience, attendant);
    }
}

struct follow *audience_follow_find(const struct attendant *attendant, const struct id *board,
                                    const struct id *room)
{
    LIST_EACH (link, &attendant->follows) {
        struct follow *follow = LIST_ITEM(link, struct follow, by_session);
        if (id_equal(follow->room, room) && id_equal(follow->board, board)) {
            return follow;
        }
    }
    return NULL;
}

enum enrum_err audience_follow(struct audience *audience, uint64_t session,
                               struct list *room_follows, const struct id *board,
                               const struct id *room, size_t max)
{
    struct attendant *attendant = audience_find(audience, session);
    const struct attendance *attendance = attendant != NULL ? attendance_find(attendant, board)
                                                            : NULL;
    if (attendance == NULL) {
        return ENRUM_OUT_OF_STATE;
    }
    if (audience_follow_find(attendant, board, room) != NULL) {
        return ENRUM_OK;
    }
    if (attendant->follow_count >= max) {
        return ENRUM_TOO_MANY;
    }
    struct follow *follow = calloc(1, sizeof *follow);
    if (follow == NULL) {
        return ENRUM_MEMORY;
    }
    *follow = (struct follow){
        .attendant = attendant, .attendance = attendance, .board = board, .room = room};
    list_init(&follow->by_room);
    list_init(&follow->by_session);
    list_push_back(room_follows, &follow->by_room);
    list_push_back(&attendant->follows, &follow->by_session);
    attendant->follow_count++;
    audience->follows++;
    return ENRUM_OK;
}
