/* registry -- see registry.h. */
#include "registry.h"

#include "code.h"

#include <stdlib.h>
#include <string.h>

/* What stands for "is revoked" in the table. */
static char revoked_mark;

void registry_init(struct registry *registry)
{
    *registry = (struct registry){0};
    table_init(&registry->persons, ID_BYTES, REGISTRY_PERSONS_MAX);
    table_init(&registry->devices, ID_BYTES, REGISTRY_PERSONS_MAX);
    table_init(&registry->revoked, ID_BYTES, REGISTRY_PERSONS_MAX);
    table_init(&registry->codes, CODE_PLACE, REGISTRY_PERSONS_MAX);
    table_init(&registry->answers, ID_BYTES, REGISTRY_ANSWERS_MAX);
}

void registry_fini(struct registry *registry)
{
    size_t cursor = 0;
    void *value;
    while (table_next(&registry->persons, &cursor, NULL, &value)) {
        free(((struct registry_person *)value)->stints);
    }
    table_free_values(&registry->devices);
    table_free_values(&registry->persons);
    table_free_values(&registry->codes);
    table_free_values(&registry->answers);
    table_fini(&registry->revoked);
}

/* -- Making -- */

static struct registry_person *person_make(struct registry *registry, const struct id *id)
{
    struct registry_person *person = registry_person(registry, id);
    if (person != NULL) {
        return person;
    }
    person = calloc(1, sizeof *person);
    if (person == NULL) {
        return NULL;
    }
    person->person = *id;
    list_init(&person->devices);
    if (table_insert(&registry->persons, id->bytes, person) != TABLE_OK) {
        free(person);
        return NULL;
    }
    return person;
}

static struct registry_device *device_make(struct registry *registry, const struct id *id,
                                           struct registry_person *person)
{
    struct registry_device *device = registry_device(registry, id);
    if (device != NULL) {
        return device;
    }
    device = calloc(1, sizeof *device);
    if (device == NULL) {
        return NULL;
    }
    list_init(&device->of_person);
    device->person = person;
    if (table_insert(&registry->devices, id->bytes, device) != TABLE_OK) {
        free(device);
        return NULL;
    }
    list_push_back(&person->devices, &device->of_person);
    return device;
}

/* `out` holds `size` bytes; longer texts were refused by the layout. */
static void text_set(char *out, size_t size, struct slice text)
{
    size_t len = text.len < size ? text.len : size - 1;
    if (len > 0) {
        memcpy(out, text.at, len);
    }
    out[len] = '\0';
}

/* -- Applying -- */

/* A code that has let somebody in does so no more. */
static void code_spend(struct registry *registry, const struct wire_body_binding *body)
{
    size_t cursor = 0;
    void *value;
    if (!slice_equal(body->provider, slice_of_text(REGISTRY_BY_CODE)) || body->token.len == 0) {
        return;
    }
    while (table_next(&registry->codes, &cursor, NULL, &value)) {
        struct registry_code *code = value;
        code->is_spent = code->is_spent || slice_equal(body->token, id_slice(&code->mac));
    }
}

static bool code_apply(struct registry *registry, const struct enrum_item *item)
{
    struct wire_body_code body;
    size_t cursor = 0;
    void *value;
    if (layout_decode(&layout_body_code, item->content.body, &body) != ENRUM_OK) {
        return true;
    }
    /* Of one person one code is good: the newest. */
    while (table_next(&registry->codes, &cursor, NULL, &value)) {
        struct registry_code *other = value;
        other->is_void = other->is_void || id_equal(&other->person, &body.person);
    }
    if (body.operation == CODE_VOID) {
        return true;
    }
    struct registry_code *code = table_find(&registry->codes, body.place.at);
    if (code == NULL) {
        code = calloc(1, sizeof *code);
        if (code == NULL || table_insert(&registry->codes, body.place.at, code) != TABLE_OK) {
            free(code);
            return false;
        }
    }
    *code = (struct registry_code){
        .mac = body.mac, .room = body.room, .person = body.person, .until = body.until};
    text_set(code->name, sizeof code->name, body.name);
    return true;
}

static bool binding_apply(struct registry *registry, const struct enrum_item *item)
{
    struct wire_body_binding body;
    struct certificate certificate;
    if (layout_decode(&layout_body_binding, item->content.body, &body) != ENRUM_OK ||
        certificate_decode(body.certificate, &certificate) != ENRUM_OK ||
        !id_equal(&certificate.device, &body.device) ||
        !id_equal(&certificate.body.person, &body.person)) {
        return true;
    }
    struct registry_device *known = registry_device(registry, &body.device);
    if (known != NULL && !id_equal(&known->person->person, &body.person)) {
        return true; /* a device is one person's for good */
    }
    struct registry_person *person = person_make(registry, &body.person);
    if (person == NULL) {
        return false;
    }
    struct registry_device *device = device_make(registry, &body.device, person);
    if (device == NULL) {
        return false;
    }
    device->certificate = certificate;
    device->certified_at = item->received_at;
    /* A renewal says nothing of the device, and is no login: it has no token. */
    if (body.token.len > 0) {
        device->word = (struct device_word){body.device_type, body.browser, body.is_borrowed};
    }
    text_set(device->provider, sizeof device->provider, body.provider);
    person->role = body.role;
    person->level = body.level;
    text_set(person->name, sizeof person->name, body.name);
    text_set(person->number, sizeof person->number, body.number);
    /* Who does not log in has been here since the first binding. */
    if (body.token.len > 0 || (body.level == 0 && device->logged_in_at == 0)) {
        device->logged_in_at = item->received_at;
    }
    code_spend(registry, &body);
    return true;
}

/* False when memory is short. */
static bool stint_add(struct registry_person *person, const struct id *unit, uint64_t since)
{
    size_t count = person->stint_count;
    if (count > 0 && id_equal(&person->stints[count - 1].unit, unit)) {
        return true;
    }
    struct registry_stint *stints = realloc(person->stints, (count + 1) * sizeof *stints);
    if (stints == NULL) {
        return false;
    }
    stints[count] = (struct registry_stint){*unit, since};
    person->stints = stints;
    person->stint_count++;
    return true;
}

static bool employee_apply(struct registry *registry, const struct enrum_item *item)
{
    struct wire_body_employee body;
    if (layout_decode(&layout_body_employee, item->content.body, &body) != ENRUM_OK) {
        return true;
    }
    struct registry_person *person = person_make(registry, &body.person);
    if (person == NULL) {
        return false;
    }
    if (!stint_add(person, &body.unit, item->received_at)) {
        return false;
    }
    person->is_employee = body.operation == EMPLOYEE_IS;
    person->unit = body.unit;
    text_set(person->identity, sizeof person->identity, body.identity);
    text_set(person->name, sizeof person->name, body.name);
    text_set(person->title, sizeof person->title, body.title);
    return true;
}

static bool alias_apply(struct registry *registry, const struct enrum_item *item)
{
    struct wire_body_alias body;
    if (layout_decode(&layout_body_alias, item->content.body, &body) != ENRUM_OK) {
        return true;
    }
    struct registry_person *person = person_make(registry, &body.person);
    if (person == NULL) {
        return false;
    }
    text_set(person->alias, sizeof person->alias, body.name);
    person->alias_count++;
    return true;
}

static bool unit_apply(struct registry *registry, const struct enrum_item *item)
{
    struct wire_body_unit body;
    if (layout_decode(&layout_body_unit, item->content.body, &body) != ENRUM_OK ||
        registry_unit(registry, &body.room) != NULL || registry->unit_count == REGISTRY_UNITS_MAX) {
        return true;
    }
    struct registry_unit *unit = &registry->units[registry->unit_count++];
    unit->room = body.room;
    text_set(unit->name, sizeof unit->name, body.name);
    return true;
}

static bool answer_apply(struct registry *registry, const struct enrum_item *item)
{
    struct wire_body_letter_answered body;
    if (layout_decode(&layout_body_letter_answered, item->content.body, &body) != ENRUM_OK ||
        registry_answer(registry, &body.letter) != NULL) {
        return true;
    }
    struct registry_answer *answer = malloc(sizeof *answer);
    if (answer == NULL || table_insert(&registry->answers, body.letter.bytes, answer) != TABLE_OK) {
        free(answer);
        return false;
    }
    answer->code = body.code;
    return true;
}

static bool revocation_apply(struct registry *registry, const struct enrum_item *item)
{
    const struct wire_open_member *open = &item->entry->open.member;
    if (open->operation != MEMBER_REVOKE) {
        return true;
    }
    return table_insert(&registry->revoked, open->subject.bytes, &revoked_mark) != TABLE_FULL;
}

bool registry_apply(struct registry *registry, const struct enrum_item *item)
{
    if (item->author.body.role != ROLE_KEEPER) {
        return true;
    }
    if (item->class == CLASS_MEMBER) {
        return revocation_apply(registry, item);
    }
    if (item->class != CLASS_RECORD || !item->is_open) {
        return true;
    }
    if (item->content.kind == KIND_BINDING) {
        return binding_apply(registry, item);
    }
    if (item->content.kind == KIND_EMPLOYEE) {
        return employee_apply(registry, item);
    }
    if (item->content.kind == KIND_ALIAS) {
        return alias_apply(registry, item);
    }
    if (item->content.kind == KIND_CODE) {
        return code_apply(registry, item);
    }
    if (item->content.kind == KIND_LETTER_ANSWERED) {
        return answer_apply(registry, item);
    }
    return item->content.kind == KIND_UNIT ? unit_apply(registry, item) : true;
}

/* -- Asking -- */

struct registry_person *registry_person(const struct registry *registry, const struct id *person)
{
    return table_find(&registry->persons, person->bytes);
}

struct registry_device *registry_device(const struct registry *registry, const struct id *device)
{
    return table_find(&registry->devices, device->bytes);
}

struct registry_code *registry_code(const struct registry *registry, const char *place)
{
    return table_find(&registry->codes, place);
}

const struct registry_answer *registry_answer(const struct registry *registry, const struct id *key)
{
    return table_find(&registry->answers, key->bytes);
}

const struct registry_unit *registry_unit(const struct registry *registry, const struct id *room)
{
    for (size_t i = 0; i < registry->unit_count; i++) {
        if (id_equal(&registry->units[i].room, room)) {
            return &registry->units[i];
        }
    }
    return NULL;
}

const struct registry_unit *registry_unit_named(const struct registry *registry, const char *name)
{
    for (size_t i = 0; i < registry->unit_count; i++) {
        if (name == NULL || strcmp(registry->units[i].name, name) == 0) {
            return &registry->units[i];
        }
    }
    return NULL;
}

const struct id *registry_unit_at(const struct registry_person *person, uint64_t at_ms)
{
    size_t at = person->stint_count;
    while (at > 1 && person->stints[at - 1].since > at_ms) {
        at--;
    }
    return at > 0 ? &person->stints[at - 1].unit : NULL;
}

uint64_t registry_moves(const struct registry_person *person)
{
    return person->stint_count > 1 ? person->stint_count - 1 : 0;
}

const char *registry_person_shown(const struct registry_person *person)
{
    return person->alias[0] != '\0' ? person->alias : person->name;
}

uint64_t registry_faces(const struct registry_person *person)
{
    return registry_moves(person) + person->alias_count;
}

bool registry_is_revoked(const struct registry *registry, const struct id *person_or_device)
{
    return table_find(&registry->revoked, person_or_device->bytes) != NULL;
}

bool registry_is_staff(const struct registry *registry, const struct id *id)
{
    const struct registry_person *person = registry_person(registry, id);
    return person != NULL && person->is_employee && !registry_is_revoked(registry, id);
}

bool registry_device_is_live(const struct registry *registry, const struct registry_device *device,
                             uint64_t now_ms)
{
    return certificate_in_time(&device->certificate, now_ms) == ENRUM_OK &&
           !registry_is_revoked(registry, &device->certificate.device) &&
           !registry_is_revoked(registry, &device->person->person);
}
