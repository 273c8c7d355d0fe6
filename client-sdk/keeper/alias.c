/* alias -- see alias.h. */
#include "alias.h"

#include "deed.h"
#include "queue.h"

#include <string.h>

static bool is_so(const struct registry_person *known, const char *alias)
{
    return strcmp(known != NULL ? known->alias : "", alias) == 0;
}

void alias_write(const struct registry_person *known, const struct id *person, const char *alias,
                 struct writing *writing)
{
    struct wire_body_alias body = {.person = *person, .name = slice_of_text(alias)};
    struct id cause = deed_cause("alias", person, NULL, known != NULL ? known->alias_count : 0);
    if (!is_so(known, alias)) {
        writing_record(writing, KIND_ALIAS, &body, &cause);
    }
}

enum enrum_err alias_begin(struct keeper *keeper, const struct id *person, const char *alias)
{
    const struct registry_person *known = registry_person(&keeper->registry, person);
    if (!registry_is_staff(&keeper->registry, person)) {
        return ENRUM_NOT_STAFF;
    }
    if (is_so(known, alias)) {
        return ENRUM_OK;
    }
    struct deed deed = {.room = keeper->register_room};
    struct writing *writing = writing_new();
    enum enrum_err err = ENRUM_MEMORY;
    if (writing != NULL) {
        alias_write(known, person, alias, writing);
        err = deed_append(keeper, &deed, writing, NULL);
    }
    writing_free(writing);
    return err;
}

bool alias_is_told(const struct keeper *keeper, const struct id *person, const char *alias)
{
    const struct registry_person *known = registry_person(&keeper->registry, person);
    size_t cursor = 0;
    void *value;
    bool is_told = known != NULL && is_so(known, alias);
    while (is_told && table_next(&keeper->logbooks, &cursor, NULL, &value)) {
        const struct logbook *book = value;
        is_told = logbook_member(book, person) == NULL || book->is_untrusted ||
                  queue_has_profile(book, known);
    }
    return is_told;
}
