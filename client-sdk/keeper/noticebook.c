/* noticebook -- see noticebook.h. */
#include "noticebook.h"

#include <stdlib.h>
#include <string.h>

struct been {
    uint64_t at;
};

struct unread_key {
    uint8_t bytes[2 * ID_BYTES];
};

static struct unread_key unread_key(const struct id *room, const struct id *person)
{
    struct unread_key key;
    memcpy(key.bytes, room->bytes, ID_BYTES);
    memcpy(key.bytes + ID_BYTES, person->bytes, ID_BYTES);
    return key;
}

void noticebook_init(struct noticebook *book)
{
    table_init(&book->wishes, ID_BYTES, NOTICEBOOK_MAX);
    table_init(&book->unread, sizeof(struct unread_key), NOTICEBOOK_MAX);
    table_init(&book->been, ID_BYTES, NOTICEBOOK_MAX);
}

void noticebook_fini(struct noticebook *book)
{
    table_free_values(&book->wishes);
    table_free_values(&book->unread);
    table_free_values(&book->been);
}

/* The value at the key, made of zeros when there is none. NULL: memory is short. */
static void *value_make(struct table *table, const void *key, size_t size)
{
    void *value = table_find(table, key);
    if (value != NULL) {
        return value;
    }
    value = calloc(1, size);
    if (value != NULL && table_insert(table, key, value) != TABLE_OK) {
        free(value);
        value = NULL;
    }
    return value;
}

/* A keeper with more than can be noted goes on without: a notice is missed, and no message. */
static bool is_full(const struct table *table)
{
    return table->count >= table->max;
}

/* -- What the register says -- */

struct wish *noticebook_wish(const struct noticebook *book, const struct id *person)
{
    return table_find(&book->wishes, person->bytes);
}

static bool notice_apply(struct noticebook *book, const struct enrum_item *item)
{
    struct wire_body_notice body;
    if (layout_decode(&layout_body_notice, item->content.body, &body) != ENRUM_OK ||
        body.address.len > MAIL_ADDRESS_MAX) {
        return true;
    }
    struct wish *wish = value_make(&book->wishes, body.person.bytes, sizeof *wish);
    if (wish == NULL) {
        return false;
    }
    explicit_bzero(wish->address, sizeof wish->address);
    if (body.operation == 1 && body.address.len > 0) {
        memcpy(wish->address, body.address.at, body.address.len);
    }
    wish->person = body.person;
    wish->since = item->received_at;
    return true;
}

static bool notified_apply(struct noticebook *book, const struct enrum_item *item)
{
    struct wire_body_notified body;
    if (layout_decode(&layout_body_notified, item->content.body, &body) != ENRUM_OK) {
        return true;
    }
    struct wish *wish = value_make(&book->wishes, body.person.bytes, sizeof *wish);
    if (wish == NULL) {
        return false;
    }
    wish->person = body.person;
    wish->notified_at = item->received_at;
    wish->is_under_way = false;
    return true;
}

static bool register_apply(struct noticebook *book, const struct enrum_item *item)
{
    if (item->author.body.role != ROLE_KEEPER || item->class != CLASS_RECORD || !item->is_open) {
        return true;
    }
    if (item->content.kind == KIND_NOTICE) {
        return notice_apply(book, item);
    }
    return item->content.kind != KIND_NOTIFIED || notified_apply(book, item);
}

/* -- What the rooms say -- */

static bool been_apply(struct noticebook *book, const struct enrum_item *item)
{
    struct been *been = value_make(&book->been, item->author.body.person.bytes, sizeof *been);
    if (been == NULL) {
        return is_full(&book->been);
    }
    been->at = item->received_at > been->at ? item->received_at : been->at;
    return true;
}

/* Who has opened a room's log up to here. What they write says what their device had, not what
 * they were shown: it opens nothing. */
static void opened_apply(struct noticebook *book, const struct id *room, const struct id *person,
                         uint64_t up_to)
{
    struct unread_key key = unread_key(room, person);
    struct unread *unread = table_find(&book->unread, key.bytes);
    if (unread == NULL) {
        return;
    }
    if (up_to >= unread->newest_seq) {
        free(table_remove(&book->unread, key.bytes));
    } else {
        unread->since = unread->newest_at;
    }
}

static bool waits_apply(struct noticebook *book, const struct logbook *room,
                        const struct enrum_item *item)
{
    for (size_t i = 0; i < room->member_count; i++) {
        const struct logbook_member *member = &room->members[i];
        if (member->role == ROLE_KEEPER || id_equal(&member->person, &item->author.body.person)) {
            continue;
        }
        struct unread_key key = unread_key(&item->room, &member->person);
        struct unread *unread = value_make(&book->unread, key.bytes, sizeof *unread);
        if (unread == NULL && is_full(&book->unread)) {
            return true;
        }
        if (unread == NULL) {
            return false;
        }
        unread->room = item->room;
        unread->person = member->person;
        unread->newest_seq = item->seq;
        unread->newest_at = item->received_at;
        unread->since = unread->since == 0 ? item->received_at : unread->since;
    }
    return true;
}

bool noticebook_apply(struct noticebook *book, const struct logbook *room,
                      const struct enrum_item *item)
{
    const struct id *author = &item->author.body.person;
    if (room->purpose == 1) {
        return register_apply(book, item);
    }
    if (item->author.body.role == ROLE_KEEPER) {
        return true;
    }
    if (item->class == CLASS_READ) {
        opened_apply(book, &item->room, author, item->entry->open.read.seq);
    } else if (item->class == CLASS_RECORD && !waits_apply(book, room, item)) {
        return false;
    }
    return been_apply(book, item);
}

/* -- Asking -- */

bool noticebook_has_been(const struct noticebook *book, const struct id *person, uint64_t at)
{
    const struct been *been = table_find(&book->been, person->bytes);
    return been != NULL && been->at > at;
}

struct wish *noticebook_due(const struct noticebook *book, uint64_t before,
                            const struct unread **what)
{
    size_t cursor = 0;
    void *value;
    while (table_next(&book->unread, &cursor, NULL, &value)) {
        const struct unread *unread = value;
        struct wish *wish = noticebook_wish(book, &unread->person);
        if (wish == NULL || wish->address[0] == '\0' || wish->is_under_way ||
            unread->since > before || unread->newest_at <= wish->since ||
            unread->newest_at <= wish->notified_at) { /* they have been told of it */
            continue;
        }
        if (wish->notified_at == 0 ||
            noticebook_has_been(book, &unread->person, wish->notified_at)) {
            *what = unread;
            return wish;
        }
    }
    return NULL;
}

void noticebook_forget(struct noticebook *book, const struct unread *what)
{
    struct unread_key key = unread_key(&what->room, &what->person);
    free(table_remove(&book->unread, key.bytes));
}
