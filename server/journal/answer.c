/* answer -- see answer.h. */
#include "journal/answer.h"

#include "base/check.h"

#include <stdlib.h>

bool effect_reserve(struct effects *effects)
{
    if (effects->count == effects->capacity) {
        size_t capacity = effects->capacity > 0 ? effects->capacity * 2 : 16;
        struct effect *items = realloc(effects->items, capacity * sizeof *items);
        if (items == NULL) {
            return false;
        }
        effects->items = items;
        effects->capacity = capacity;
    }
    return true;
}

void effect_push(struct effects *effects, struct effect *effect)
{
    if (effect_reserve(effects)) {
        effects->items[effects->count++] = *effect;
        return;
    }
    effects->failed = true;
    effect_free(effect);
}

struct parcel *answer_encode(const struct layout *layout, const void *message)
{
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    enum enrum_err err = layout_encode(layout, message, &bytes);
    CHECK(err != ENRUM_MALFORMED);
    struct parcel *parcel = err == ENRUM_OK ? parcel_new(bytes.at, bytes.len) : NULL;
    buffer_fini(&bytes);
    return parcel;
}

static void send_taken(struct effects *effects, uint64_t session, struct parcel *parcel)
{
    if (parcel == NULL) {
        effects->failed = true;
        return;
    }
    struct effect effect = {.type = EFFECT_SEND, .send = {session, parcel}};
    effect_push(effects, &effect);
}

void answer_send(struct effects *effects, uint64_t session, const struct layout *layout,
                 const void *message)
{
    if (session != 0) {
        send_taken(effects, session, answer_encode(layout, message));
    }
}

void answer_parcel(struct effects *effects, uint64_t session, struct parcel *parcel)
{
    send_taken(effects, session, parcel_ref(parcel));
}

void answer_error(struct effects *effects, uint64_t session, uint64_t request, enum enrum_err err)
{
    struct msg_error message = {.request = request, .code = (uint64_t)err};
    answer_send(effects, session, &message_error, &message);
}

void answer_done(struct effects *effects, uint64_t session, uint64_t request)
{
    struct msg_done message = {.request = request};
    answer_send(effects, session, &message_done, &message);
}
