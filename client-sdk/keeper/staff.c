/* staff -- see staff.h. */
#include "staff.h"

#include "alias.h"
#include "deed.h"

#include <string.h>

/* -- Orders -- */

static bool text_take(const json_t *object, const char *key, char out[NAME_BYTES_MAX + 1])
{
    const json_t *value = json_object_get(object, key);
    size_t len = json_string_length(value);
    if (value == NULL) {
        out[0] = '\0';
        return true;
    }
    if (!json_is_string(value) || len > NAME_BYTES_MAX || strlen(json_string_value(value)) != len) {
        return false;
    }
    memcpy(out, json_string_value(value), len + 1);
    return true;
}

enum enrum_err staff_order_of_json(const json_t *object, struct staff_order *out)
{
    static const char *const known[] = {"verb", "identity", "name", "alias", "title", "unit", NULL};
    static const char *const verbs[] = {"add",    "alias", "unalias", "move",
                                        "remove", "list",  "status"};
    char why[WHY_BYTES];
    struct staff_order order = {0};
    const char *verb = json_string_value(json_object_get(object, "verb"));
    size_t at = 0, count = sizeof verbs / sizeof verbs[0];
    while (verb != NULL && at < count && strcmp(verbs[at], verb) != 0) {
        at++;
    }
    if (verb == NULL || at == count || !provider_keys_known(object, known, why) ||
        !text_take(object, "identity", order.identity) || !text_take(object, "name", order.name) ||
        !text_take(object, "alias", order.alias) || !text_take(object, "title", order.title) ||
        !text_take(object, "unit", order.unit)) {
        return ENRUM_USAGE;
    }
    order.verb = (unsigned)at;
    if ((order.verb == STAFF_ADD && (order.identity[0] == '\0' || order.name[0] == '\0')) ||
        ((order.verb == STAFF_REMOVE || order.verb == STAFF_UNALIAS) &&
         order.identity[0] == '\0') ||
        (order.verb == STAFF_ALIAS && (order.identity[0] == '\0' || order.alias[0] == '\0')) ||
        (order.verb == STAFF_MOVE && (order.identity[0] == '\0' || order.unit[0] == '\0'))) {
        return ENRUM_USAGE;
    }
    *out = order;
    return ENRUM_OK;
}

/* -- Carrying out -- */

static uint64_t register_seq(const struct keeper *keeper)
{
    const struct logbook *book = keeper_book(keeper, &keeper->register_room);
    return book != NULL ? book->seq : 0;
}

static struct wire_body_employee employee_known(const struct registry_person *known,
                                                uint64_t operation, const struct id *unit)
{
    return (struct wire_body_employee){.operation = operation,
                                       .person = known->person,
                                       .identity = slice_of_text(known->identity),
                                       .name = slice_of_text(known->name),
                                       .title = slice_of_text(known->title),
                                       .unit = *unit};
}

/* Says who somebody is from now on; who is an employee no more is revoked in the same append. */
static enum enrum_err employee_append(struct keeper *keeper, const struct wire_body_employee *body,
                                      const char *alias, const struct id *cause)
{
    const struct registry_person *known = registry_person(&keeper->registry, &body->person);
    struct deed deed = {.room = keeper->register_room};
    struct writing *writing = writing_new();
    enum enrum_err err = ENRUM_MEMORY;
    if (writing != NULL) {
        /* First: at no moment is there an employee who has none yet. */
        alias_write(known, &body->person, alias, writing);
        writing_record(writing, KIND_EMPLOYEE, body, cause);
        if (body->operation == EMPLOYEE_NO_MORE) {
            struct wire_open_member open = {.operation = MEMBER_REVOKE,
                                            .subject_type = SUBJECT_PERSON,
                                            .subject = body->person,
                                            .ground = GROUND_LEFT};
            struct id revoke_cause = deed_cause("revoke", &body->person, NULL, 0);
            writing_member(writing, &open, GROUND_LEFT, slice_of_text(""), &revoke_cause);
        }
        err = deed_append(keeper, &deed, writing, NULL);
    }
    writing_free(writing);
    return err;
}

static enum enrum_err add_begin(struct keeper *keeper, const struct staff_order *order,
                                const struct id *person)
{
    const struct registry_unit *unit = registry_unit_named(
        &keeper->registry, order->unit[0] != '\0' ? order->unit : NULL);
    if (unit == NULL) {
        return ENRUM_ROOM_UNKNOWN;
    }
    if (registry_is_revoked(&keeper->registry, person)) {
        return ENRUM_CERTIFICATE_REVOKED;
    }
    const struct registry_person *known = registry_person(&keeper->registry, person);
    if (known != NULL && known->is_employee) {
        return order->alias[0] != '\0' ? alias_begin(keeper, person, order->alias) : ENRUM_OK;
    }
    struct wire_body_employee body = {.operation = EMPLOYEE_IS,
                                      .person = *person,
                                      .identity = slice_of_text(order->identity),
                                      .name = slice_of_text(order->name),
                                      .title = slice_of_text(order->title),
                                      .unit = unit->room};
    struct id cause = deed_cause("employee", person, &unit->room, EMPLOYEE_IS);
    return employee_append(keeper, &body, order->alias, &cause);
}

/* Their conversations stay theirs; the queues' rooms follow (duty). */
static enum enrum_err move_begin(struct keeper *keeper, const struct staff_order *order,
                                 const struct id *person)
{
    const struct registry_person *known = registry_person(&keeper->registry, person);
    const struct registry_unit *unit = registry_unit_named(&keeper->registry, order->unit);
    if (!registry_is_staff(&keeper->registry, person)) {
        return ENRUM_NOT_STAFF;
    }
    if (unit == NULL) {
        return ENRUM_ROOM_UNKNOWN;
    }
    if (id_equal(&known->unit, &unit->room)) {
        return ENRUM_OK;
    }
    struct wire_body_employee body = employee_known(known, EMPLOYEE_IS, &unit->room);
    struct id cause = deed_cause("employee-move", person, &unit->room, registry_moves(known));
    return employee_append(keeper, &body, known->alias, &cause);
}

static enum enrum_err remove_begin(struct keeper *keeper, const struct id *person)
{
    const struct registry_person *known = registry_person(&keeper->registry, person);
    if (registry_is_revoked(&keeper->registry, person)) {
        return ENRUM_OK;
    }
    if (known == NULL || !known->is_employee) {
        return ENRUM_NOT_STAFF;
    }
    struct wire_body_employee body = employee_known(known, EMPLOYEE_NO_MORE, &known->unit);
    struct id cause = deed_cause("employee", person, &known->unit, EMPLOYEE_NO_MORE);
    return employee_append(keeper, &body, known->alias, &cause);
}

static const char *alias_of(const struct staff_order *order)
{
    return order->verb == STAFF_UNALIAS ? "" : order->alias;
}

enum enrum_err staff_begin(struct keeper *keeper, const struct staff_order *order,
                           struct id *person)
{
    if (!keeper->is_ready || register_seq(keeper) == 0) {
        return ENRUM_BUSY;
    }
    person_id(&keeper->keys->board_secret, ROLE_STAFF, slice_of_text(order->identity), person);
    switch (order->verb) {
    case STAFF_ADD:
        return add_begin(keeper, order, person);
    case STAFF_ALIAS:
    case STAFF_UNALIAS:
        return alias_begin(keeper, person, alias_of(order));
    case STAFF_MOVE:
        return move_begin(keeper, order, person);
    case STAFF_REMOVE:
        return remove_begin(keeper, person);
    case STAFF_LIST:
    case STAFF_STATUS:
        break;
    }
    return ENRUM_OK;
}

/* Is somebody in the room of one unit, and of no other? */
static bool is_in_unit(const struct keeper *keeper, const struct id *person,
                       const struct registry_unit *unit)
{
    bool holds = unit != NULL;
    for (size_t i = 0; i < keeper->registry.unit_count; i++) {
        const struct registry_unit *one = &keeper->registry.units[i];
        const struct logbook *book = keeper_book(keeper, &one->room);
        bool is_in = book != NULL && logbook_member(book, person) != NULL;
        holds = holds && is_in == (one == unit);
    }
    return holds;
}

bool staff_is_done(const struct keeper *keeper, const struct staff_order *order,
                   const struct id *person)
{
    const struct registry_person *known = registry_person(&keeper->registry, person);
    size_t cursor = 0;
    void *value;
    if (order->verb == STAFF_ADD) {
        const struct logbook *unit = known != NULL && known->is_employee
                                         ? keeper_book(keeper, &known->unit)
                                         : NULL;
        return unit != NULL && logbook_member(unit, person) != NULL &&
               (order->alias[0] == '\0' || alias_is_told(keeper, person, order->alias));
    }
    if (order->verb == STAFF_ALIAS || order->verb == STAFF_UNALIAS) {
        return alias_is_told(keeper, person, alias_of(order));
    }
    if (order->verb == STAFF_MOVE) {
        return is_in_unit(keeper, person, registry_unit_named(&keeper->registry, order->unit));
    }
    if (order->verb != STAFF_REMOVE) {
        return true;
    }
    while (table_next(&keeper->logbooks, &cursor, NULL, &value)) {
        if (logbook_member(value, person) != NULL) {
            return false;
        }
    }
    return registry_is_revoked(&keeper->registry, person);
}

/* -- Answers -- */

json_t *staff_list(const struct keeper *keeper)
{
    json_t *list = json_array();
    size_t cursor = 0;
    void *value;
    while (table_next(&keeper->registry.persons, &cursor, NULL, &value)) {
        const struct registry_person *person = value;
        const struct registry_unit *unit = registry_unit(&keeper->registry, &person->unit);
        if (person->is_employee) {
            json_t *row = json_pack("{ss ss ss ss}", "identity", person->identity, "name",
                                    person->name, "title", person->title, "unit",
                                    unit != NULL ? unit->name : "");
            if (row != NULL && person->alias[0] != '\0') {
                json_object_set_new(row, "alias", json_string(person->alias));
            }
            json_array_append_new(list, row);
        }
    }
    return list;
}

json_t *staff_status(const struct keeper *keeper)
{
    const struct keeper_counts *counts = &keeper->counts;
    json_t *refused = json_object();
    for (size_t i = 0; i < ERRORS_MAX; i++) {
        if (counts->refused[i] > 0) {
            json_object_set_new(refused, error_name((enum enrum_err)i),
                                json_integer((json_int_t)counts->refused[i]));
        }
    }
    return json_pack("{sb sb sI sI sI sI sI sI sI so}", "ready", keeper->is_ready, "connected",
                     keeper->connected_at > 0, "rooms", (json_int_t)keeper->logbooks.count,
                     "logins", (json_int_t)counts->logins, "renewals", (json_int_t)counts->renewals,
                     "grants", (json_int_t)counts->grants, "checkpoints",
                     (json_int_t)counts->checkpoints, "refusals", (json_int_t)counts->refusals,
                     "generations", (json_int_t)counts->removals, "refused", refused);
}
