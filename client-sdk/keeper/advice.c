/* advice -- see advice.h. */
#include "advice.h"

#include "signin.h"

enum {
    MINUTE_MS = 60 * 1000,
    /* Of the register's places: a keeper whose register is full cannot read it any more, and nobody
     * without a name may bring that about. */
    PLACES_MAX = REGISTRY_PERSONS_MAX / 2,
};

/* A device that asks again, since the answer was lost, is who it was. One that is somebody's stays
 * theirs. */
static enum enrum_err person_find(struct keeper *keeper, const struct letter *letter,
                                  struct id *out)
{
    const struct settings_advice *advice = &keeper->settings->advice;
    struct id device;
    device_id(&letter->to.sign_key, &letter->to.seal_key, &device);
    const struct registry_device *known = registry_device(&keeper->registry, &device);
    /* Each answer is an entry of the register, also to one who asks again. */
    if (!ration_take(&keeper->advice, advice->per_minute, MINUTE_MS, keeper_mono(keeper))) {
        return ENRUM_TOO_FAST;
    }
    if (known != NULL) {
        bool is_unknown = known->certificate.body.level == 0 &&
                          known->certificate.body.role == ROLE_CITIZEN;
        bool is_over = keeper_wall(keeper) >= known->logged_in_at + advice->life.session_ms;
        *out = known->person->person;
        return is_unknown && !is_over ? ENRUM_OK : ENRUM_DEVICE_BOUND;
    }
    if (keeper->registry.persons.count >= PLACES_MAX ||
        keeper->registry.devices.count >= PLACES_MAX) {
        return ENRUM_BUSY;
    }
    suite_random(out->bytes, ID_BYTES);
    return ENRUM_OK;
}

void advice_begin(struct keeper *keeper, struct letter *letter)
{
    struct wire_letter_advice body;
    struct id person;
    enum enrum_err err = layout_decode(&layout_letter_advice, buffer_slice(&letter->body), &body);
    if (err == ENRUM_OK && !keeper->settings->advice.is_on) {
        err = ENRUM_MAY_NOT;
    }
    if (err == ENRUM_OK) {
        err = person_find(keeper, letter, &person);
    }
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
        return;
    }
    signin_unknown(keeper, letter, &person);
}
