/* effect -- see effect.h. */
#include "effect.h"

#include "base/check.h"
#include "base/slog.h"

#include <stdlib.h>

/* False: the store has no place now. */
static bool job_ask(struct outlet *outlet, const struct effect *effect)
{
    switch (effect->type) {
    case EFFECT_ROOM_LOAD:
        return store_room_load(outlet->store, &effect->room_load.board, &effect->room_load.room) ==
               ENRUM_OK;
    case EFFECT_APPEND:
        return store_append(outlet->store, effect->append) == ENRUM_OK;
    case EFFECT_FIND:
        return store_find(outlet->store, effect->find.ticket, &effect->find.board,
                          &effect->find.room, &effect->find.device,
                          effect->find.device_seq) == ENRUM_OK;
    case EFFECT_FETCH:
        return store_fetch(outlet->store, effect->fetch.session, effect->fetch.request,
                           &effect->fetch.board, &effect->fetch.room, &effect->fetch.device,
                           effect->fetch.after, effect->fetch.limit,
                           clock_wall_ms(&outlet->clock)) == ENRUM_OK;
    case EFFECT_BLOB_PUT:
        return store_blob_put(outlet->store, effect->blob_put.ticket, &effect->blob_put.board,
                              &effect->blob_put.room, &effect->blob_put.person,
                              &effect->blob_put.blob, effect->blob_put.bytes,
                              clock_wall_ms(&outlet->clock)) == ENRUM_OK;
    case EFFECT_BLOB_ASK:
        return store_blob_ask(outlet->store, effect->blob_ask.session, effect->blob_ask.request,
                              &effect->blob_ask.board, &effect->blob_ask.room,
                              effect->blob_ask.blobs) == ENRUM_OK;
    case EFFECT_BLOB_GET:
        return store_blob_get(outlet->store, effect->blob_get.session, effect->blob_get.request,
                              &effect->blob_get.board, &effect->blob_get.room,
                              &effect->blob_get.device, &effect->blob_get.blob,
                              clock_wall_ms(&outlet->clock)) == ENRUM_OK;
    case EFFECT_SEND:
        break;
    }
    CHECK(false);
    return true;
}

/* On success the effect is spent: an append is the store's, and what else it owns is let go. */
static bool job_put(struct outlet *outlet, struct effect *effect)
{
    bool good = job_ask(outlet, effect);
    if (good && effect->type != EFFECT_APPEND) {
        effect_free(effect);
    }
    return good;
}

static void backlog_push(struct backlog *backlog, const struct effect *effect)
{
    if (backlog->count == backlog->capacity) {
        size_t capacity = backlog->capacity > 0 ? backlog->capacity * 2 : 64;
        struct effect *items = calloc(capacity, sizeof *items);
        /* The journal waits for the answer to each of these: none may be lost. */
        CHECK(items != NULL);
        for (size_t i = 0; i < backlog->count; i++) {
            items[i] = backlog->items[(backlog->first + i) % backlog->capacity];
        }
        free(backlog->items);
        backlog->items = items;
        backlog->first = 0;
        backlog->capacity = capacity;
    }
    backlog->items[(backlog->first + backlog->count++) % backlog->capacity] = *effect;
}

void outlet_retry(struct outlet *outlet)
{
    struct backlog *backlog = &outlet->backlog;
    while (backlog->count > 0 && job_put(outlet, &backlog->items[backlog->first])) {
        backlog->first = (backlog->first + 1) % backlog->capacity;
        backlog->count--;
    }
}

void outlet_do(struct outlet *outlet, struct effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        struct effect *effect = &effects->items[i];
        if (effect->type == EFFECT_SEND) {
            gate_send(outlet->gate, effect->send.session, effect->send.message);
            parcel_unref(effect->send.message);
        } else if (outlet->backlog.count > 0 || !job_put(outlet, effect)) {
            backlog_push(&outlet->backlog, effect);
        }
    }
    if (effects->failed) {
        slog_bare(SLOG_ERROR, "effects_lost");
    }
    effects->count = 0;
    effects_fini(effects);
}

void outlet_fini(struct outlet *outlet)
{
    struct backlog *backlog = &outlet->backlog;
    for (; backlog->count > 0; backlog->count--) {
        effect_free(&backlog->items[backlog->first]);
        backlog->first = (backlog->first + 1) % backlog->capacity;
    }
    free(backlog->items);
}
