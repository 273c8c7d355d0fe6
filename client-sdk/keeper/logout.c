/* logout -- see logout.h. */
#include "logout.h"

#include "granting.h"

static enum enrum_err logout_judge(const struct keeper *keeper, const struct certificate *author,
                                   const struct id *device)
{
    const struct registry_device *known = registry_device(&keeper->registry, device);
    /* Whether somebody else has such a device is nobody's business. */
    if (known == NULL || !id_equal(&known->person->person, &author->body.person) ||
        id_equal(device, &author->device)) {
        return ENRUM_MAY_NOT;
    }
    return ENRUM_OK;
}

static enum enrum_err revoke_append(struct keeper *keeper, struct letter *letter,
                                    const struct id *device)
{
    struct wire_open_member open = {.operation = MEMBER_REVOKE,
                                    .subject_type = SUBJECT_DEVICE,
                                    .subject = *device,
                                    .ground = GROUND_REQUEST};
    struct id cause = deed_cause("revoke", device, NULL, 0);
    struct deed deed = {.room = keeper->register_room, .done = granting_answer, .letter = letter};
    struct writing *writing = writing_new();
    enum enrum_err err = ENRUM_MEMORY;
    if (writing != NULL) {
        writing_member(writing, &open, GROUND_REQUEST, slice_of_text(""), &cause);
        err = deed_append(keeper, &deed, writing, NULL);
    }
    writing_free(writing);
    return err;
}

void logout_device(struct keeper *keeper, struct letter *letter)
{
    struct wire_letter_device body;
    if (layout_decode(&layout_letter_device, buffer_slice(&letter->body), &body) != ENRUM_OK) {
        letter_refuse(keeper, letter, ENRUM_MALFORMED);
        return;
    }
    enum enrum_err err = logout_judge(keeper, &letter->author, &body.device);
    if (err == ENRUM_OK && registry_is_revoked(&keeper->registry, &body.device)) {
        letter_answer_done(keeper, letter, 0);
        return;
    }
    if (err == ENRUM_OK) {
        err = revoke_append(keeper, letter, &body.device);
    }
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
}
