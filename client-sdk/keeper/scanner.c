/* scanner -- see scanner.h. */
#include "scanner.h"

#include <pthread.h>
#include <stdlib.h>

struct scanner {
    const char *address;
    void (*wake)(void *context);
    void *context;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_closing, has_thread, has_file, has_result;
    struct buffer file; /* the thread's, from has_file to has_result */
    struct clamd_result result;
    pthread_t thread;
};

/* False when it is time to end. */
static bool file_wait(struct scanner *scanner)
{
    pthread_mutex_lock(&scanner->mutex);
    while (!scanner->is_closing && !scanner->has_file) {
        pthread_cond_wait(&scanner->changed, &scanner->mutex);
    }
    bool goes_on = !scanner->is_closing;
    scanner->has_file = false;
    pthread_mutex_unlock(&scanner->mutex);
    return goes_on;
}

static void *work(void *context)
{
    struct scanner *scanner = context;
    while (file_wait(scanner)) {
        struct clamd_result result;
        clamd_scan(scanner->address, buffer_slice(&scanner->file), &result);
        buffer_wipe(&scanner->file);
        pthread_mutex_lock(&scanner->mutex);
        scanner->result = result;
        scanner->has_result = true;
        pthread_mutex_unlock(&scanner->mutex);
        scanner->wake(scanner->context);
    }
    return NULL;
}

struct scanner *scanner_new(const char *address, void (*wake)(void *context), void *context)
{
    struct scanner *scanner = calloc(1, sizeof *scanner);
    if (scanner == NULL) {
        return NULL;
    }
    scanner->address = address;
    scanner->wake = wake;
    scanner->context = context;
    buffer_init(&scanner->file, FILE_BYTES_MAX);
    pthread_mutex_init(&scanner->mutex, NULL);
    pthread_cond_init(&scanner->changed, NULL);
    scanner->has_thread = pthread_create(&scanner->thread, NULL, work, scanner) == 0;
    if (!scanner->has_thread) {
        scanner_free(scanner);
        return NULL;
    }
    return scanner;
}

void scanner_free(struct scanner *scanner)
{
    if (scanner == NULL) {
        return;
    }
    pthread_mutex_lock(&scanner->mutex);
    scanner->is_closing = true;
    pthread_cond_broadcast(&scanner->changed);
    pthread_mutex_unlock(&scanner->mutex);
    if (scanner->has_thread) {
        pthread_join(scanner->thread, NULL);
    }
    buffer_wipe(&scanner->file);
    pthread_cond_destroy(&scanner->changed);
    pthread_mutex_destroy(&scanner->mutex);
    free(scanner);
}

void scanner_put(struct scanner *scanner, struct buffer *file)
{
    pthread_mutex_lock(&scanner->mutex);
    scanner->file = *file;
    scanner->has_file = true;
    pthread_cond_signal(&scanner->changed);
    pthread_mutex_unlock(&scanner->mutex);
    buffer_init(file, FILE_BYTES_MAX);
}

bool scanner_take(struct scanner *scanner, struct clamd_result *out)
{
    pthread_mutex_lock(&scanner->mutex);
    bool has_result = scanner->has_result;
    if (has_result) {
        *out = scanner->result;
        scanner->has_result = false;
    }
    pthread_mutex_unlock(&scanner->mutex);
    return has_result;
}
