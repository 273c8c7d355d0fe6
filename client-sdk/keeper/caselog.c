/* caselog -- see caselog.h. */
#include "caselog.h"

#include "growth.h"

#include <string.h>

static struct logbook_case_room *case_room_find(const struct logbook *book, const struct id *room)
{
    for (size_t i = 0; i < book->case_room_count; i++) {
        if (id_equal(&book->case_rooms[i].room, room)) {
            return &book->case_rooms[i];
        }
    }
    return NULL;
}

bool caselog_has(const struct logbook *book, const struct id *room)
{
    const struct logbook_case_room *found = case_room_find(book, room);
    return found != NULL && !found->is_out;
}

size_t caselog_size(const struct logbook *book)
{
    size_t size = 0;
    for (size_t i = 0; i < book->case_room_count; i++) {
        size += book->case_rooms[i].is_out ? 0 : 1;
    }
    return size;
}

static void case_request_drop(struct logbook *book, size_t at)
{
    book->case_request_count--;
    memmove(&book->case_requests[at], &book->case_requests[at + 1],
            (book->case_request_count - at) * sizeof book->case_requests[0]);
}

/* What changes nothing is not asked for; nor what its author asks for already. There is place for
 * as many from each as a case has conversations, to name and to take out: what can never be
 * answered gives way to what its author asks later, and keeps nobody else's out. */
static bool case_request_add(struct logbook *book, const struct logbook_case_request *request)
{
    void *items = book->case_requests;
    size_t same = 0, oldest = 0;
    if (request->is_out != caselog_has(book, &request->room)) {
        return true;
    }
    for (size_t i = book->case_request_count; i-- > 0;) {
        const struct logbook_case_request *known = &book->case_requests[i];
        if (!id_equal(&known->author, &request->author)) {
            continue;
        }
        if (id_equal(&known->room, &request->room)) {
            return true;
        }
        if (known->is_out == request->is_out) {
            same++;
            oldest = i;
        }
    }
    if (same == CASE_ROOMS_MAX) {
        case_request_drop(book, oldest);
    }
    if (!grow(&items, &book->case_request_capacity, book->case_request_count + 1,
              sizeof *book->case_requests)) {
        return false;
    }
    book->case_requests = items;
    book->case_requests[book->case_request_count++] = *request;
    return true;
}

/* The keeper has answered what was asked of this conversation before. */
static void case_requests_end(struct logbook *book, const struct id *room, uint64_t seq)
{
    size_t kept = 0;
    for (size_t i = 0; i < book->case_request_count; i++) {
        const struct logbook_case_request *request = &book->case_requests[i];
        if (!id_equal(&request->room, room) || request->seq > seq) {
            book->case_requests[kept++] = *request;
        }
    }
    book->case_request_count = kept;
}

/* An older word that can only be read now changes nothing. */
static bool case_word_learn(struct logbook *book, const struct logbook_case_room *word)
{
    void *items = book->case_rooms;
    struct logbook_case_room *known = case_room_find(book, &word->room);
    case_requests_end(book, &word->room, word->seq);
    if (known != NULL) {
        *known = known->seq > word->seq ? *known : *word;
        return true;
    }
    if (!grow(&items, &book->case_room_capacity, book->case_room_count + 1,
              sizeof *book->case_rooms)) {
        return false;
    }
    book->case_rooms = items;
    book->case_rooms[book->case_room_count++] = *word;
    return true;
}

static bool case_room_learn(struct logbook *book, const struct enrum_item *item)
{
    struct wire_body_case_room body;
    if (layout_decode(&layout_body_case_room, item->content.body, &body) != ENRUM_OK) {
        return true;
    }
    if (item->author.body.role == ROLE_KEEPER) {
        struct logbook_case_room word = {.room = body.room, .seq = item->seq};
        return case_word_learn(book, &word);
    }
    struct logbook_case_request request = {
        .room = body.room, .author = item->author.body.person, .seq = item->seq};
    return case_request_add(book, &request);
}

static bool case_room_out_learn(struct logbook *book, const struct enrum_item *item)
{
    struct wire_body_case_room_out body;
    if (layout_decode(&layout_body_case_room_out, item->content.body, &body) != ENRUM_OK) {
        return true;
    }
    if (item->author.body.role == ROLE_KEEPER) {
        struct logbook_case_room word = {.room = body.room, .seq = item->seq, .is_out = true};
        return case_word_learn(book, &word);
    }
    struct logbook_case_request request = {
        .room = body.room, .author = item->author.body.person, .seq = item->seq, .is_out = true};
    if (body.text.len > 0) {
        memcpy(request.why, body.text.at, body.text.len);
    }
    return case_request_add(book, &request);
}

bool caselog_learn(struct logbook *book, const struct enrum_item *item)
{
    if (book->type != ROOM_TYPE_STAFF) {
        return true;
    }
    return item->content.kind == KIND_CASE_ROOM ? case_room_learn(book, item)
                                                : case_room_out_learn(book, item);
}
