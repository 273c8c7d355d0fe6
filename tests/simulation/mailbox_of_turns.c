/* mailbox_of_turns -- see turns.h. Stands in for server/base/mailbox.c, and for the two functions
 * of pthreads that start and end a thread. */
#include "turns.h"

#include "base/mailbox.h"
#include "world.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS_MAX = 32, WATCHES_MAX = 8 };

struct thread {
    uint64_t id; /* 0: free; never given twice */
    void *(*run)(void *context);
    void *context;
    struct mailbox *mailbox;
    bool is_called, has_taken;
};

struct watch {
    bool is_used, is_called;
    uint64_t id;
    struct mailbox *mailbox;
    void (*run)(void *context);
    void *context;
};

static struct thread threads[THREADS_MAX];
static struct watch watches[WATCHES_MAX];
static struct thread *running;
static uint64_t last_id;

/* -- Threads -- */

static void turn(struct thread *thread)
{
    struct thread *before = running;
    running = thread;
    thread->has_taken = false;
    (void)thread->run(thread->context);
    running = before;
}

static void on_turn(uint64_t subject, void *payload)
{
    (void)payload;
    for (size_t i = 0; i < THREADS_MAX; i++) {
        if (threads[i].id == subject) {
            threads[i].is_called = false;
            trace("turn", i, threads[i].mailbox->count);
            turn(&threads[i]);
            return;
        }
    }
}

/* Runs once up to its first question, which says whose mailbox it reads. */
int pthread_create(pthread_t *out, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *context)
{
    (void)attributes;
    size_t i = 0;
    while (i < THREADS_MAX && threads[i].id != 0) {
        i++;
    }
    assert(i < THREADS_MAX);
    threads[i] = (struct thread){.id = ++last_id, .run = run, .context = context};
    *out = (pthread_t)i;
    turn(&threads[i]);
    assert(threads[i].mailbox != NULL);
    return 0;
}

int pthread_join(pthread_t which, void **result)
{
    struct thread *thread = &threads[(size_t)which];
    (void)result;
    assert(thread->id != 0 && thread->mailbox->is_closed);
    while (thread->mailbox->count > 0) {
        turn(thread);
    }
    *thread = (struct thread){.id = 0};
    return 0;
}

/* -- The loop -- */

static void on_wake(uint64_t subject, void *payload)
{
    (void)payload;
    for (size_t i = 0; i < WATCHES_MAX; i++) {
        struct watch *watch = &watches[i];
        if (watch->is_used && watch->id == subject && watch->run != NULL) {
            watch->is_called = false;
            trace("wake", i, watch->mailbox->count);
            watch->run(watch->context);
            return;
        }
    }
}

void turns_watch(int wake, void (*run)(void *context), void *context)
{
    watches[wake].run = run;
    watches[wake].context = context;
}

void turns_check_empty(void)
{
    for (size_t i = 0; i < THREADS_MAX; i++) {
        assert(threads[i].id == 0);
    }
    for (size_t i = 0; i < WATCHES_MAX; i++) {
        assert(!watches[i].is_used);
    }
}

/* -- Mailboxes -- */

bool mailbox_init(struct mailbox *mailbox, size_t item_bytes, size_t capacity, bool has_wake)
{
    *mailbox = (struct mailbox){.item_bytes = item_bytes,
                                .capacity = capacity,
                                .wake_fd = -1,
                                .waiting = calloc(capacity, item_bytes),
                                .taken = calloc(capacity, item_bytes)};
    assert(mailbox->waiting != NULL && mailbox->taken != NULL);
    for (int i = 0; has_wake && mailbox->wake_fd < 0; i++) {
        assert(i < WATCHES_MAX);
        if (!watches[i].is_used) {
            watches[i] = (struct watch){.is_used = true, .id = ++last_id, .mailbox = mailbox};
            mailbox->wake_fd = i;
        }
    }
    return true;
}

void mailbox_fini(struct mailbox *mailbox)
{
    if (mailbox->wake_fd >= 0) {
        watches[mailbox->wake_fd] = (struct watch){.is_used = false};
    }
    free(mailbox->waiting);
    free(mailbox->taken);
    *mailbox = (struct mailbox){.wake_fd = -1};
}

/* How long a thread takes to come to its work, and to do it: mostly little, at times a disk that
 * thinks. What arrives meanwhile is done with it. */
static uint64_t thread_delay(void)
{
    return chance_is(&world.net, world.is_healed ? 0 : 15)
               ? chance_between(&world.net, 100 * MS, 1500 * MS)
               : chance_between(&world.net, 20, world.pace);
}

static void reader_call(struct mailbox *mailbox)
{
    if (mailbox->wake_fd >= 0) {
        struct watch *watch = &watches[mailbox->wake_fd];
        if (!watch->is_called) {
            watch->is_called = true;
            timeline_after(chance_between(&world.net, 1, 500),
                           &(struct happening){"wake", on_wake, watch->id, NULL});
        }
        return;
    }
    for (size_t i = 0; i < THREADS_MAX; i++) {
        struct thread *thread = &threads[i];
        if (thread->id != 0 && thread->mailbox == mailbox && !thread->is_called) {
            thread->is_called = true;
            timeline_after(thread_delay(), &(struct happening){"turn", on_turn, thread->id, NULL});
        }
    }
}

bool mailbox_put(struct mailbox *mailbox, const void *item)
{
    /* Nobody can wait for the loop here: its own mailboxes are never full. */
    if (mailbox->count == mailbox->capacity && mailbox->wake_fd >= 0 && !mailbox->is_closed) {
        mailbox->capacity *= 2;
        mailbox->waiting = realloc(mailbox->waiting, mailbox->capacity * mailbox->item_bytes);
        mailbox->taken = realloc(mailbox->taken, mailbox->capacity * mailbox->item_bytes);
        assert(mailbox->waiting != NULL && mailbox->taken != NULL);
    }
    if (mailbox->is_closed || mailbox->count == mailbox->capacity) {
        return false;
    }
    memcpy(mailbox->waiting + mailbox->count * mailbox->item_bytes, item, mailbox->item_bytes);
    mailbox->count++;
    reader_call(mailbox);
    return true;
}

size_t mailbox_put_all(struct mailbox *mailbox, const void *items, size_t count)
{
    const uint8_t *bytes = items;
    size_t put = 0;
    while (put < count && mailbox_put(mailbox, bytes + put * mailbox->item_bytes)) {
        put++;
    }
    return put;
}

bool mailbox_take_all(struct mailbox *mailbox, unsigned wait_ms, void **items, size_t *count)
{
    if (wait_ms > 0) {
        assert(running != NULL);
        bool is_first = running->mailbox == NULL;
        running->mailbox = mailbox;
        if (is_first || running->has_taken) {
            return false; /* the turn's end */
        }
        running->has_taken = true;
    }
    if (mailbox->is_closed && mailbox->count == 0) {
        return false;
    }
    uint8_t *batch = mailbox->waiting;
    mailbox->waiting = mailbox->taken;
    mailbox->taken = batch;
    *items = batch;
    *count = mailbox->count;
    mailbox->count = 0;
    return true;
}

void mailbox_close(struct mailbox *mailbox)
{
    mailbox->is_closed = true;
}

bool mailbox_is_closed(struct mailbox *mailbox)
{
    return mailbox->is_closed;
}

size_t mailbox_count(struct mailbox *mailbox)
{
    return mailbox->count;
}

int mailbox_wake_fd(const struct mailbox *mailbox)
{
    return mailbox->wake_fd;
}
