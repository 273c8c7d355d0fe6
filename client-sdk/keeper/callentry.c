/* callentry -- see callentry.h. */
#include "callentry.h"

#include "deed.h"

#include "base/slog.h"

static bool certificate_find(void *context, const struct id *hash, struct certificate *out)
{
    return enrum_certificate(context, hash, out);
}

void callentry_on_shown(struct keeper *keeper, const struct msg_call *message)
{
    struct id room;
    const struct logbook *book = NULL;
    if (id_of_opt(message->room, &room)) {
        book = keeper_book(keeper, &room);
    }
    if (book != NULL && !book->is_untrusted) {
        struct held_knows knows = {.book = book,
                                   .context = keeper->enrum,
                                   .certificate = certificate_find,
                                   .wall_ms = keeper_wall(keeper),
                                   .mono_ms = keeper_mono(keeper)};
        heldcalls_show(&keeper->held, message, &knows);
    }
}

void callentry_on_entry(struct keeper *keeper, const struct enrum_item *item)
{
    struct wire_body_call body;
    if (item->is_open && item->content.kind == KIND_CALL &&
        layout_decode(&layout_body_call, item->content.body, &body) == ENRUM_OK) {
        const struct held_call *call = table_find(&keeper->held.by_id, body.call.bytes);
        if (call != NULL && id_equal(&call->room, &item->room)) {
            heldcalls_done(&keeper->held, &body.call);
        }
    }
}

/* -- Writing -- */

static void on_written(struct keeper *keeper, struct deed *deed, enum enrum_err err, uint64_t seq)
{
    (void)seq;
    heldcalls_written(&keeper->held, deed->subject, err == ENRUM_OK, keeper_mono(keeper));
}

static void people_append(const struct keeper *keeper, const struct held_call *call,
                          struct buffer *out)
{
    for (size_t i = 0; i < call->people_count; i++) {
        const struct held_person *held = &call->people[i];
        const struct registry_person *known = registry_person(&keeper->registry, &held->person);
        const char *name = known != NULL ? registry_person_shown(known) : "";
        struct wire_participant item = {.person = id_slice(&held->person),
                                        .name = slice_of_text(name),
                                        .role = held->role,
                                        .level = held->level,
                                        .interpreter = held->role == ROLE_GUEST};
        (void)layout_encode(&layout_participant, &item, out);
    }
}

static void call_write(struct keeper *keeper, struct held_call *call)
{
    struct buffer people;
    buffer_init(&people, OPEN_BYTES_MAX);
    people_append(keeper, call, &people);
    struct wire_body_call body = {.call = call->call,
                                  .began = call->began < call->ended ? call->began : call->ended,
                                  .ended = call->ended,
                                  .participants = buffer_slice(&people)};
    struct id cause = deed_cause("call", &call->room, &call->call, 0);
    struct deed deed = {.room = call->room, .done = on_written, .subject = call};
    call->is_under_way = deed_record(keeper, &deed, KIND_CALL, &body, &cause) == ENRUM_OK;
    slog(SLOG_INFO, "call_entry", slog_hex("room", call->room.bytes, 4),
         slog_u64("people", call->people_count), slog_bool("sent", call->is_under_way));
    if (!call->is_under_way) {
        call->due = keeper_mono(keeper) + keeper->held.grace_ms;
    }
    buffer_fini(&people);
}

void callentry_step(struct keeper *keeper)
{
    struct held_call *call = heldcalls_due(&keeper->held, keeper_mono(keeper));
    const struct logbook *book = call != NULL ? keeper_book(keeper, &call->room) : NULL;
    if (call == NULL) {
        return;
    }
    if (book == NULL || book->is_untrusted) {
        heldcalls_done(&keeper->held, &call->call);
    } else if (book->is_current && book->busy == 0 && book->seq >= book->wait_seq) {
        call_write(keeper, call);
    } else {
        /* The log may yet show a client's entry. */
        call->due = keeper_mono(keeper) + 1000;
    }
}
