/* deed -- see deed.h. */
#include "deed.h"

#include "base/slog.h"

#include <stdlib.h>

enum { RETRY_DEED_MS = 2000 };

struct id deed_cause(const char *verb, const struct id *a, const struct id *b, uint64_t number)
{
    static const struct id none;
    struct be64 digits = be64_of(number);
    struct slice parts[] = {id_slice(a), id_slice(b != NULL ? b : &none), be64_slice(&digits)};
    struct id cause;
    cause_id(verb, parts, 3, &cause);
    return cause;
}

static void deed_note(struct keeper *keeper, struct deed *deed, uint64_t request)
{
    struct logbook *book = keeper_book(keeper, &deed->room);
    deed->request = request;
    list_init(&deed->link);
    list_push_back(&keeper->deeds, &deed->link);
    if (book != NULL) {
        book->busy++;
    }
}

static struct deed *deed_copy(const struct deed *deed)
{
    struct deed *copy = malloc(sizeof *copy);
    if (copy != NULL) {
        *copy = *deed;
    }
    return copy;
}

enum enrum_err deed_append(struct keeper *keeper, const struct deed *deed,
                           const struct writing *writing, const struct secret32 *room_key)
{
    uint64_t request;
    struct deed *copy = deed_copy(deed);
    enum enrum_err err = copy == NULL || writing == NULL ? ENRUM_MEMORY : writing->err;
    if (err == ENRUM_OK) {
        err = enrum_append(keeper->enrum, &deed->room, writing->entries, writing->count, room_key,
                           &request);
    }
    if (err != ENRUM_OK) {
        free(copy);
        return err;
    }
    deed_note(keeper, copy, request);
    return ENRUM_OK;
}

enum enrum_err deed_create(struct keeper *keeper, const struct deed *deed, const struct id *random,
                           const struct writing *writing, const struct secret32 *room_key)
{
    uint64_t request;
    struct id room;
    struct deed *copy = deed_copy(deed);
    enum enrum_err err = copy == NULL || writing == NULL ? ENRUM_MEMORY : writing->err;
    if (err == ENRUM_OK) {
        err = enrum_room_create_with(keeper->enrum, random, writing->entries, writing->count,
                                     room_key, &room, &request);
    }
    if (err != ENRUM_OK) {
        free(copy);
        return err;
    }
    deed_note(keeper, copy, request);
    return ENRUM_OK;
}

enum enrum_err deed_record(struct keeper *keeper, const struct deed *deed, uint64_t kind,
                           const void *body, const struct id *cause)
{
    struct writing *writing = writing_new();
    enum enrum_err err = ENRUM_MEMORY;
    if (writing != NULL) {
        writing_record(writing, kind, body, cause);
        err = deed_append(keeper, deed, writing, NULL);
    }
    writing_free(writing);
    return err;
}

static void book_note(struct keeper *keeper, const struct deed *deed, enum enrum_err err,
                      uint64_t seq)
{
    struct logbook *book = keeper_book(keeper, &deed->room);
    if (book == NULL) {
        return;
    }
    if (book->busy > 0) {
        book->busy--;
    }
    if (err == ENRUM_OK && seq > book->wait_seq) {
        book->wait_seq = seq;
    }
    if (err != ENRUM_OK || seq == 0) {
        book->retry_at = keeper_mono(keeper) + RETRY_DEED_MS;
    }
    book->has_duties = true;
}

void deed_on_appended(struct keeper *keeper, const struct enrum_event *event)
{
    LIST_EACH (link, &keeper->deeds) {
        struct deed *deed = LIST_ITEM(link, struct deed, link);
        if (deed->request != event->request) {
            continue;
        }
        enum enrum_err err = event->err == ENRUM_CAUSE_TAKEN ? ENRUM_OK : event->err;
        uint64_t seq = event->err == ENRUM_OK ? event->seq : 0;
        list_remove(link);
        slog(SLOG_DEBUG, "appended", slog_hex("room", deed->room.bytes, 4), slog_u64("seq", seq),
             slog_str("err", error_name(event->err)));
        book_note(keeper, deed, err, seq);
        if (err != ENRUM_OK) {
            slog(SLOG_WARN, "append_refused", slog_hex("room", deed->room.bytes, 4),
                 slog_str("err", error_name(err)));
        }
        if (deed->done != NULL) {
            deed->done(keeper, deed, err, seq);
        }
        free(deed);
        return;
    }
}

void deeds_free(struct keeper *keeper)
{
    LIST_EACH (link, &keeper->deeds) {
        list_remove(link);
        free(LIST_ITEM(link, struct deed, link));
    }
}
