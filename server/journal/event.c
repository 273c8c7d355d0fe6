/* event -- see event.h. */
#include "journal/event.h"

#include <stdlib.h>

void room_snapshot_free(struct room_snapshot *snapshot)
{
    free(snapshot->members);
    free(snapshot->devices);
    snapshot->members = NULL;
    snapshot->devices = NULL;
    snapshot->member_count = snapshot->device_count = 0;
}

void append_job_free(struct append_job *job)
{
    if (job == NULL) {
        return;
    }
    for (size_t i = 0; i < job->entry_count; i++) {
        parcel_unref(job->entries[i].bytes);
    }
    free(job->entries);
    room_snapshot_free(&job->after);
    free(job);
}

void effects_init(struct effects *effects)
{
    *effects = (struct effects){0};
}

void effect_free(struct effect *effect)
{
    switch (effect->type) {
    case EFFECT_SEND:
        parcel_unref(effect->send.message);
        break;
    case EFFECT_APPEND:
        append_job_free(effect->append);
        break;
    case EFFECT_BLOB_PUT:
        parcel_unref(effect->blob_put.bytes);
        break;
    case EFFECT_BLOB_ASK:
        parcel_unref(effect->blob_ask.blobs);
        break;
    case EFFECT_ROOM_LOAD:
    case EFFECT_FIND:
    case EFFECT_FETCH:
    case EFFECT_BLOB_GET:
        break;
    }
}

void effects_fini(struct effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        effect_free(&effects->items[i]);
    }
    free(effects->items);
    effects_init(effects);
}
