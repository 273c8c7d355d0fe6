/* list -- an intrusive doubly linked list.
 * A `struct list` is both the head and the link inside an item; a head, or a link in no list,
 * points at itself. The list owns nothing. A link must be initialised, and in at most one list at a
 * time. */
#pragma once

#include "base/check.h"

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *next, *prev;
};

/* The item that holds this link: LIST_ITEM(link, struct room, by_age). */
#define LIST_ITEM(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

/* Walks the links. The item at hand may be removed and freed in the body, no other one. */
#define LIST_EACH(link, head)                                                                      \
    for (struct list *link = (head)->next, *link##_next = link->next; link != (head);              \
         link = link##_next, link##_next = link->next)

static inline void list_init(struct list *list)
{
    list->next = list;
    list->prev = list;
}

/* Of a head: has it no items? Of a link: is it in no list? */
static inline bool list_is_empty(const struct list *list)
{
    return list->next == list;
}

static inline void list_insert_between(struct list *link, struct list *prev, struct list *next)
{
    CHECK(list_is_empty(link));
    link->prev = prev;
    link->next = next;
    prev->next = link;
    next->prev = link;
}

static inline void list_push_front(struct list *head, struct list *link)
{
    list_insert_between(link, head, head->next);
}

static inline void list_push_back(struct list *head, struct list *link)
{
    list_insert_between(link, head->prev, head);
}

/* A link that is in no list stays so. */
static inline void list_remove(struct list *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
    list_init(link);
}

/* NULL when the list is empty. */
static inline struct list *list_first(const struct list *head)
{
    return list_is_empty(head) ? NULL : head->next;
}

/* NULL when the list is empty. */
static inline struct list *list_last(const struct list *head)
{
    return list_is_empty(head) ? NULL : head->prev;
}
