/* checkpoint -- see checkpoint.h. */
#include "checkpoint.h"

/* -- Judging one entry -- */

static bool clock_holds(const struct enrum_item *item, const struct checkpoint_clock *clock)
{
    const struct wire_certificate *certificate = &item->author.body;
    uint64_t at = item->received_at;
    /* Later than now, or earlier than a time at which the keeper knew that it was not there. */
    if (at > clock->now_ms + CLOCK_SKEW_MS_MAX || at + CLOCK_SKEW_MS_MAX < clock->up_to_date_ms) {
        return false;
    }
    return at + CLOCK_SKEW_MS_MAX >= certificate->not_before && at < certificate->not_after;
}

static bool is_member(const struct logbook *before, const struct enrum_item *item)
{
    const struct logbook_device *device = logbook_device(before, &item->author.device);
    if (device != NULL && device->is_removed) {
        return false;
    }
    return before->seq == 0 || logbook_member(before, &item->author.body.person) != NULL;
}

static bool sequence_holds(const struct logbook *before, const struct enrum_item *item)
{
    const struct logbook_device *device = logbook_device(before, &item->author.device);
    return item->device_seq == (device != NULL ? device->last_seq : 0) + 1;
}

static bool seen_holds(const struct logbook *before, const struct enrum_item *item)
{
    const struct id *seen = logbook_hash(before, item->entry->head.seen_seq);
    return seen != NULL && id_equal(seen, &item->entry->head.seen_hash);
}

/* What the room is: known, or said by this very entry. */
static uint64_t type_of(const struct logbook *before, const struct enrum_item *item)
{
    struct wire_body_room room;
    if (before->type == 0 && item->content.kind == KIND_ROOM &&
        layout_decode(&layout_body_room, item->content.body, &room) == ENRUM_OK) {
        return room.type;
    }
    return before->type;
}

static bool kind_holds(const struct logbook *before, const struct enrum_item *item)
{
    struct wire_body_room room;
    uint64_t role = item->author.body.role;
    uint64_t kind = item->content.kind;
    if (item->content.role != role || !kind_fits_class(kind, item->class) ||
        !kind_may_write(kind, role, type_of(before, item))) {
        return false;
    }
    /* What a room is, its opener has said; nobody else says it otherwise, or again. */
    return kind != KIND_ROOM || role == ROLE_KEEPER ||
           (!before->has_room_record && id_equal(&item->author.body.person, &before->opener) &&
            layout_decode(&layout_body_room, item->content.body, &room) == ENRUM_OK &&
            room_type_may_open(room.type, role));
}

uint64_t checkpoint_refuses(const struct logbook *before, const struct enrum_item *item,
                            const struct checkpoint_clock *clock)
{
    if (!clock_holds(item, clock)) {
        return GROUND_CLOCK;
    }
    if (!is_member(before, item)) {
        return GROUND_NOT_A_MEMBER;
    }
    if (!sequence_holds(before, item)) {
        return GROUND_SEQUENCE;
    }
    if (!seen_holds(before, item)) {
        return GROUND_SEEN_OTHER;
    }
    if (!class_has_content(item->class) || item->open_err == ENRUM_PAYLOAD_MISSING) {
        return 0;
    }
    if (!item->is_open) {
        return GROUND_UNREADABLE;
    }
    return kind_holds(before, item) ? 0 : GROUND_KIND_NOT_ALLOWED;
}

/* -- When, and what -- */

bool checkpoint_is_due(const struct logbook *book, uint64_t mono_ms, uint64_t *next_ms)
{
    if (book->uncovered <= book->covered_seq || !book->is_current ||
        book->has_checkpoint_under_way) {
        return false;
    }
    uint64_t at = book->changed_at + CHECKPOINT_QUIET_MS;
    uint64_t busy_at = (book->dirty_since > book->checkpoint_at ? book->dirty_since
                                                                : book->checkpoint_at) +
                       CHECKPOINT_BUSY_MS;
    at = at < busy_at ? at : busy_at;
    at = at > book->retry_at ? at : book->retry_at;
    if (mono_ms >= at) {
        return true;
    }
    *next_ms = at < *next_ms ? at : *next_ms;
    return false;
}

static bool refusals_encode(const struct logbook *book, size_t count, struct buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        struct wire_refusal refusal = {.seq = book->refusals[i].seq,
                                       .ground = book->refusals[i].ground};
        if (layout_encode(&layout_refusal, &refusal, out) != ENRUM_OK) {
            return false;
        }
    }
    return true;
}

bool checkpoint_plan(const struct logbook *book, uint64_t now_ms, struct buffer *bytes,
                     struct checkpoint_plan *out)
{
    size_t count = book->refusal_count;
    uint64_t seq = book->seq;
    if (count > REFUSALS_MAX) {
        count = REFUSALS_MAX;
        /* The rest stands under the checkpoint after this one. */
        seq = book->refusals[count].seq - 1;
    }
    if (!refusals_encode(book, count, bytes)) {
        return false;
    }
    out->body = (struct wire_body_refusals){.refused = buffer_slice(bytes)};
    out->open = (struct wire_open_checkpoint){
        .seq = seq,
        .hash = *logbook_hash(book, seq),
        .time = now_ms,
        .previous_seq = book->checkpoint_seq,
        .previous_hash = book->checkpoint_hash,
    };
    return true;
}
