/* staff -- orders about employees: add, alias, unalias, move, remove, list, status. Carried out by
 * the keeper's thread; an order is done when the rooms show it. */
#pragma once

#include "keeper.h"

struct staff_order {
    enum {
        STAFF_ADD,
        STAFF_ALIAS,
        STAFF_UNALIAS,
        STAFF_MOVE,
        STAFF_REMOVE,
        STAFF_LIST,
        STAFF_STATUS
    } verb;
    char identity[NAME_BYTES_MAX + 1], name[NAME_BYTES_MAX + 1], title[NAME_BYTES_MAX + 1];
    char alias[NAME_BYTES_MAX + 1];
    char unit[NAME_BYTES_MAX + 1]; /* empty, where somebody is added: the first */
};

/* Errors: USAGE (a key that is missing, unknown or too long). */
enum enrum_err staff_order_of_json(const json_t *object, struct staff_order *out);
/* Begins it. *person is whom it is about. Errors: BUSY (not everything has been read yet),
 * ROOM_UNKNOWN (no such unit), CERTIFICATE_REVOKED (a pseudonym once revoked stays so), NOT_STAFF,
 * those of deed_append. */
enum enrum_err staff_begin(struct keeper *keeper, const struct staff_order *order,
                           struct id *person);
/* Do the rooms show it? */
bool staff_is_done(const struct keeper *keeper, const struct staff_order *order,
                   const struct id *person);
/* What list and status answer. */
json_t *staff_list(const struct keeper *keeper);
json_t *staff_status(const struct keeper *keeper);
