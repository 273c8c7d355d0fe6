/* removal -- see removal.h. */
#include "removal.h"

/* Beside the grants stand the generation, those who go, and who comes in the same append. */
enum { GRANTEES_MAX = ENTRIES_PER_APPEND_MAX - 24 };

bool removal_may_go(const struct logbook *book, const struct id *board, uint64_t subject_type,
                    const struct id *subject)
{
    if (subject_type == SUBJECT_DEVICE) {
        const struct logbook_device *device = logbook_device(book, subject);
        return device != NULL;
    }
    const struct logbook_member *member = logbook_member(book, subject);
    return subject_type == SUBJECT_PERSON && member != NULL && !id_equal(subject, board) &&
           (member->role == ROLE_STAFF || member->role == ROLE_GUEST ||
            (!id_equal(subject, &book->opener) && logbook_access(book, subject) != NULL));
}

static bool is_of_other_unit(const struct registry *registry, const struct logbook_member *member,
                             const struct id *unit)
{
    const struct registry_person *person = registry_person(registry, &member->person);
    return member->role == ROLE_STAFF && person != NULL && !id_equal(&person->unit, unit);
}

bool removal_must_go(const struct registry *registry, const struct logbook *book,
                     const struct logbook_member *member)
{
    if (member->role == ROLE_KEEPER) {
        return false;
    }
    return member->is_unwanted || registry_is_revoked(registry, &member->person) ||
           (member->role == ROLE_STAFF && !registry_is_staff(registry, &member->person)) ||
           (book->type == ROOM_TYPE_UNIT && is_of_other_unit(registry, member, &book->room));
}

bool removal_is_revoked(const struct registry *registry, const struct logbook *book,
                        const struct logbook_device *device)
{
    return device->granted > 0 && device->granted == book->generation && !device->is_removed &&
           registry_is_revoked(registry, &device->device);
}

bool removal_is_due(const struct registry *registry, const struct logbook *book, uint64_t now_ms)
{
    bool is_due = book->needs_generation;
    for (size_t i = 0; i < book->member_count; i++) {
        is_due = is_due || removal_must_go(registry, book, &book->members[i]) ||
                 logbook_access_is_over(book, &book->members[i].person, now_ms);
    }
    for (size_t i = 0; i < book->device_count; i++) {
        is_due = is_due || removal_is_revoked(registry, book, &book->devices[i]);
    }
    return is_due;
}

static bool stays(const struct removal_question *question, const struct logbook_member *member)
{
    bool is_subject = question->subject_type == SUBJECT_PERSON &&
                      id_equal(&member->person, &question->subject);
    bool goes_with_unit = question->unit != NULL &&
                          is_of_other_unit(question->registry, member, question->unit);
    return !is_subject && !goes_with_unit &&
           !removal_must_go(question->registry, question->book, member) &&
           !logbook_access_is_over(question->book, &member->person, question->now_ms);
}

bool removal_plan_has(const struct removal_plan *plan, const struct id *person)
{
    for (size_t i = 0; i < plan->member_count; i++) {
        if (id_equal(&plan->members[i].person, person)) {
            return true;
        }
    }
    return false;
}

static void members_plan(const struct removal_question *question, struct removal_plan *plan)
{
    const struct logbook *book = question->book;
    for (size_t i = 0; i < book->member_count; i++) {
        const struct logbook_member *member = &book->members[i];
        if (stays(question, member) && plan->member_count < MEMBERS_MAX) {
            plan->members[plan->member_count++] = (struct wire_member){.person = member->person,
                                                                       .role = member->role};
        }
    }
}

static void grantee_plan(const struct removal_question *question,
                         const struct logbook_device *device, struct removal_plan *plan)
{
    bool is_subject = question->subject_type == SUBJECT_DEVICE &&
                      id_equal(&device->device, &question->subject);
    if (device->granted == 0 || device->is_removed || is_subject ||
        id_equal(&device->device, &question->keeper.device)) {
        return;
    }
    const struct registry_device *known = registry_device(question->registry, &device->device);
    if (known == NULL || !removal_plan_has(plan, &known->person->person) ||
        !registry_device_is_live(question->registry, known, question->now_ms)) {
        return;
    }
    if (plan->grantee_count < GRANTEES_MAX) {
        plan->grantees[plan->grantee_count++] = (struct removal_grantee){
            .device = device->device, .seal_key = known->certificate.body.seal_key};
    }
}

void removal_plan(const struct removal_question *question, struct removal_plan *out)
{
    *out = (struct removal_plan){0};
    members_plan(question, out);
    /* The keeper is a lawful end of every room: it never goes. */
    out->grantees[out->grantee_count++] = question->keeper;
    for (size_t i = 0; i < question->book->device_count; i++) {
        grantee_plan(question, &question->book->devices[i], out);
    }
}
