/* mailbox -- see mailbox.h. The mutex guards everything but `taken`, which is the taker's alone. */
#include "base/mailbox.h"

#include "base/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

static void init_locks(struct mailbox *mailbox)
{
    pthread_condattr_t attributes;
    CHECK(pthread_mutex_init(&mailbox->mutex, NULL) == 0);
    CHECK(pthread_condattr_init(&attributes) == 0);
    /* A wait must not stretch or shrink when somebody sets the wall clock. */
    CHECK(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&mailbox->changed, &attributes) == 0);
    pthread_condattr_destroy(&attributes);
}

bool mailbox_init(struct mailbox *mailbox, size_t item_bytes, size_t capacity, bool has_wake)
{
    CHECK(item_bytes > 0 && capacity > 0);
    *mailbox = (struct mailbox){
        .item_bytes = item_bytes,
        .capacity = capacity,
        .wake_fd = -1,
        .waiting = calloc(capacity, item_bytes),
        .taken = calloc(capacity, item_bytes),
    };
    if (has_wake) {
        mailbox->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    }
    if (mailbox->waiting == NULL || mailbox->taken == NULL || (has_wake && mailbox->wake_fd < 0)) {
        free(mailbox->waiting);
        free(mailbox->taken);
        if (mailbox->wake_fd >= 0) {
            close(mailbox->wake_fd);
        }
        return false;
    }
    init_locks(mailbox);
    return true;
}

void mailbox_fini(struct mailbox *mailbox)
{
    CHECK(pthread_cond_destroy(&mailbox->changed) == 0);
    CHECK(pthread_mutex_destroy(&mailbox->mutex) == 0);
    if (mailbox->wake_fd >= 0) {
        close(mailbox->wake_fd);
    }
    free(mailbox->waiting);
    free(mailbox->taken);
    *mailbox = (struct mailbox){.wake_fd = -1};
}

static void lock(struct mailbox *mailbox)
{
    CHECK(pthread_mutex_lock(&mailbox->mutex) == 0);
}

static void unlock(struct mailbox *mailbox)
{
    CHECK(pthread_mutex_unlock(&mailbox->mutex) == 0);
}

/* With the mutex held. */
static void wake_taker(struct mailbox *mailbox)
{
    CHECK(pthread_cond_broadcast(&mailbox->changed) == 0);
    if (mailbox->wake_fd >= 0) {
        CHECK(eventfd_write(mailbox->wake_fd, 1) == 0);
    }
}

size_t mailbox_put_all(struct mailbox *mailbox, const void *items, size_t count)
{
    lock(mailbox);
    size_t before = mailbox->count, room = mailbox->is_closed ? 0 : mailbox->capacity - before;
    count = count < room ? count : room;
    if (count > 0) {
        memcpy(mailbox->waiting + before * mailbox->item_bytes, items, count * mailbox->item_bytes);
        mailbox->count += count;
        /* Later ones find the taker already called. */
        if (before == 0) {
            wake_taker(mailbox);
        }
    }
    unlock(mailbox);
    return count;
}

bool mailbox_put(struct mailbox *mailbox, const void *item)
{
    return mailbox_put_all(mailbox, item, 1) == 1;
}

static struct timespec deadline_after(unsigned wait_ms)
{
    struct timespec at;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &at) == 0);
    at.tv_sec += (time_t)(wait_ms / 1000);
    at.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

/* With the mutex held. */
static void wait_for_first(struct mailbox *mailbox, unsigned wait_ms)
{
    if (wait_ms == 0) {
        return;
    }
    struct timespec deadline = deadline_after(wait_ms);
    while (mailbox->count == 0 && !mailbox->is_closed) {
        int err = pthread_cond_timedwait(&mailbox->changed, &mailbox->mutex, &deadline);
        CHECK(err == 0 || err == ETIMEDOUT);
        if (err == ETIMEDOUT) {
            return;
        }
    }
}

bool mailbox_take_all(struct mailbox *mailbox, unsigned wait_ms, void **items, size_t *count)
{
    lock(mailbox);
    wait_for_first(mailbox, wait_ms);
    bool is_done = mailbox->is_closed && mailbox->count == 0;
    if (!is_done) {
        uint8_t *batch = mailbox->waiting;
        mailbox->waiting = mailbox->taken;
        mailbox->taken = batch;
        *items = batch;
        *count = mailbox->count;
        mailbox->count = 0;
    }
    if (mailbox->wake_fd >= 0 && (is_done || !mailbox->is_closed)) {
        /* A closed mailbox stays readable until the taker has seen its end. */
        eventfd_t wakes;
        int err = eventfd_read(mailbox->wake_fd, &wakes);
        CHECK(err == 0 || errno == EAGAIN);
    }
    unlock(mailbox);
    return !is_done;
}

void mailbox_close(struct mailbox *mailbox)
{
    lock(mailbox);
    if (!mailbox->is_closed) {
        mailbox->is_closed = true;
        wake_taker(mailbox);
    }
    unlock(mailbox);
}

bool mailbox_is_closed(struct mailbox *mailbox)
{
    lock(mailbox);
    bool is_closed = mailbox->is_closed;
    unlock(mailbox);
    return is_closed;
}

size_t mailbox_count(struct mailbox *mailbox)
{
    lock(mailbox);
    size_t count = mailbox->count;
    unlock(mailbox);
    return count;
}

int mailbox_wake_fd(const struct mailbox *mailbox)
{
    return mailbox->wake_fd;
}
