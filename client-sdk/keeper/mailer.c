/* mailer -- see mailer.h. */
#include "mailer.h"

#include "base/clock.h"
#include "base/list.h"
#include "mailsend.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct posted {
    struct list link;
    struct mail_job job;
    struct mail_result result;
};

struct mailer {
    const struct mail_settings *settings;
    struct clock clock;
    void (*wake)(void *context);
    void *context;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_closing, has_thread;
    size_t count; /* jobs and results */
    struct list jobs, done;
    pthread_t thread;
};

static void posted_free(struct posted *posted)
{
    explicit_bzero(posted, sizeof *posted);
    free(posted);
}

static struct posted *posted_first(struct list *list)
{
    struct list *link = list_first(list);
    if (link == NULL) {
        return NULL;
    }
    list_remove(link);
    return LIST_ITEM(link, struct posted, link);
}

/* -- The thread -- */

/* NULL when it is time to end. */
static struct posted *posted_wait(struct mailer *mailer)
{
    struct posted *posted = NULL;
    pthread_mutex_lock(&mailer->mutex);
    while (!mailer->is_closing && list_is_empty(&mailer->jobs)) {
        pthread_cond_wait(&mailer->changed, &mailer->mutex);
    }
    if (!mailer->is_closing) {
        posted = posted_first(&mailer->jobs);
    }
    pthread_mutex_unlock(&mailer->mutex);
    return posted;
}

static void posted_send(const struct mailer *mailer, struct posted *posted)
{
    const struct mail_job *job = &posted->job;
    struct buffer message;
    buffer_init(&message, MAIL_BYTES_MAX);
    mail_compose(mailer->settings, job->to, job->code[0] != '\0' ? job->code : NULL,
                 clock_wall_ms(&mailer->clock), &message);
    struct mailsend_result sent = {.why = "memory"};
    if (!message.failed) {
        sent = mailsend(mailer->settings, job->to, buffer_slice(&message));
    }
    posted->result = (struct mail_result){job->ticket, sent.is_sent, sent.is_final, sent.why};
    buffer_wipe(&message);
}

static void *work(void *context)
{
    struct mailer *mailer = context;
    for (struct posted *posted; (posted = posted_wait(mailer)) != NULL;) {
        posted_send(mailer, posted);
        pthread_mutex_lock(&mailer->mutex);
        list_push_back(&mailer->done, &posted->link);
        pthread_mutex_unlock(&mailer->mutex);
        mailer->wake(mailer->context);
    }
    return NULL;
}

struct mailer *mailer_new(const struct mail_settings *settings, void (*wake)(void *context),
                          void *context)
{
    struct mailer *mailer = calloc(1, sizeof *mailer);
    if (mailer == NULL) {
        return NULL;
    }
    mailer->settings = settings;
    mailer->clock = clock_system();
    mailer->wake = wake;
    mailer->context = context;
    list_init(&mailer->jobs);
    list_init(&mailer->done);
    pthread_mutex_init(&mailer->mutex, NULL);
    pthread_cond_init(&mailer->changed, NULL);
    mailer->has_thread = pthread_create(&mailer->thread, NULL, work, mailer) == 0;
    if (!mailer->has_thread) {
        mailer_free(mailer);
        return NULL;
    }
    return mailer;
}

void mailer_free(struct mailer *mailer)
{
    if (mailer == NULL) {
        return;
    }
    pthread_mutex_lock(&mailer->mutex);
    mailer->is_closing = true;
    pthread_cond_broadcast(&mailer->changed);
    pthread_mutex_unlock(&mailer->mutex);
    if (mailer->has_thread) {
        pthread_join(mailer->thread, NULL);
    }
    for (struct posted *posted; (posted = posted_first(&mailer->jobs)) != NULL;) {
        posted_free(posted);
    }
    for (struct posted *posted; (posted = posted_first(&mailer->done)) != NULL;) {
        posted_free(posted);
    }
    pthread_cond_destroy(&mailer->changed);
    pthread_mutex_destroy(&mailer->mutex);
    free(mailer);
}

/* -- Jobs and results -- */

enum enrum_err mailer_put(struct mailer *mailer, const struct mail_job *job)
{
    struct posted *posted = calloc(1, sizeof *posted);
    if (posted == NULL) {
        return ENRUM_MEMORY;
    }
    list_init(&posted->link);
    posted->job = *job;
    pthread_mutex_lock(&mailer->mutex);
    bool fits = mailer->count < MAILER_QUEUE_MAX;
    if (fits) {
        mailer->count++;
        list_push_back(&mailer->jobs, &posted->link);
        pthread_cond_signal(&mailer->changed);
    }
    pthread_mutex_unlock(&mailer->mutex);
    if (!fits) {
        posted_free(posted);
    }
    return fits ? ENRUM_OK : ENRUM_BUSY;
}

bool mailer_take(struct mailer *mailer, struct mail_result *out)
{
    pthread_mutex_lock(&mailer->mutex);
    struct posted *posted = posted_first(&mailer->done);
    if (posted != NULL) {
        mailer->count--;
    }
    pthread_mutex_unlock(&mailer->mutex);
    if (posted == NULL) {
        return false;
    }
    *out = posted->result;
    posted_free(posted);
    return true;
}
