/* mailbox -- a bounded queue of values between threads: many put, one takes.
 * Values are copied in and taken in batches, everything that waits at once, so that a writer can
 * commit them together. The mailbox knows nothing of what it carries: pointers in a value pass to
 * the taker with it.
 *
 *   OPEN --[mailbox_close]--> CLOSED (final): puts fail, what waits can still be taken. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mailbox {
    size_t item_bytes, capacity, count;
    bool is_closed;
    int wake_fd;      /* -1: none */
    uint8_t *waiting; /* being filled */
    uint8_t *taken;   /* the taker's, until its next take */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
};

/* With `has_wake`, mailbox_wake_fd gives a descriptor for a loop to watch. False: no memory or no
 * descriptor. */
bool mailbox_init(struct mailbox *mailbox, size_t item_bytes, size_t capacity, bool has_wake);
/* When no thread uses it any more. What still waits is dropped: close and take first where values
 * own something. */
void mailbox_fini(struct mailbox *mailbox);
/* Any thread; never blocks for long. False when full or closed: the value is then still the
 * caller's. */
bool mailbox_put(struct mailbox *mailbox, const void *item);
/* The same for values that are there together: the taker is called once and meets all of them, or
 * as many of the first as there is room for. How many; the others are still the caller's. */
size_t mailbox_put_all(struct mailbox *mailbox, const void *items, size_t count);
/* The one taker. Waits up to wait_ms for the first value (0: not at all), then takes all that wait.
 * *items is the mailbox's, and valid until the next take; *count is 0 when the time ran out. False
 * once closed and empty: the taker is done. */
bool mailbox_take_all(struct mailbox *mailbox, unsigned wait_ms, void **items, size_t *count);
/* Wakes the taker. May be called more than once. */
void mailbox_close(struct mailbox *mailbox);
bool mailbox_is_closed(struct mailbox *mailbox);
/* How many wait just now. */
size_t mailbox_count(struct mailbox *mailbox);
/* Readable while something waits or the mailbox is closed and its end not yet taken;
 * level-triggered, and only mailbox_take_all makes it unreadable. -1 without has_wake. */
int mailbox_wake_fd(const struct mailbox *mailbox);
