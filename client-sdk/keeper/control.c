/* control -- see control.h.
 * One order is in hand at a time: FREE -> WAITING (the thread has read it) -> UNDER_WAY (begun, the
 * rooms do not show it yet) -> ANSWERED -> FREE. */
#include "control.h"

#include "base/slog.h"
#include "staff.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum order_state { ORDER_FREE, ORDER_WAITING, ORDER_UNDER_WAY, ORDER_ANSWERED };

struct control {
    int listener;
    char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
    void (*wake)(void *context);
    void *context;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_closing;
    enum order_state state;
    struct staff_order order;
    struct id person;
    uint64_t deadline; /* monotonic */
    json_t *answer;
};

static bool address_make(const char *home, struct sockaddr_un *out)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    int len = snprintf(out->sun_path, sizeof out->sun_path, "%s/control.sock", home);
    return len > 0 && (size_t)len < sizeof out->sun_path;
}

/* -- Lines -- */

struct line {
    int fd;
    size_t left; /* so many bytes may still come */
};

/* What has come within two seconds of silence; 0: no more does. */
static size_t line_more(void *bytes, size_t size, void *context)
{
    struct line *line = context;
    struct pollfd ready = {.fd = line->fd, .events = POLLIN};
    if (line->left == 0 || poll(&ready, 1, 2000) != 1) {
        return 0;
    }
    ssize_t got = read(line->fd, bytes, size < line->left ? size : line->left);
    if (got <= 0) {
        return 0;
    }
    line->left -= (size_t)got;
    return (size_t)got;
}

/* NULL: what came is none, or longer than `bytes_max`. */
static json_t *line_read(int fd, size_t bytes_max)
{
    struct line line = {.fd = fd, .left = bytes_max};
    return json_load_callback(line_more, &line, JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK,
                              NULL);
}

static bool line_write(int fd, const json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    size_t len = text != NULL ? strlen(text) : 0, done = 0;
    if (text == NULL) {
        return false;
    }
    text[len] = '\n'; /* in place of the closing zero byte */
    while (done <= len) {
        ssize_t put = send(fd, text + done, len + 1 - done, MSG_NOSIGNAL);
        if (put <= 0) {
            break;
        }
        done += (size_t)put;
    }
    free(text);
    return done > len;
}

/* -- The control's own thread -- */

static json_t *error_json(enum enrum_err err)
{
    return json_pack("{ss ss}", "error", error_name(err), "sentence", error_sentence(err, false));
}

static json_t *order_hand_over(struct control *control, const struct staff_order *order)
{
    json_t *answer = NULL;
    pthread_mutex_lock(&control->mutex);
    control->order = *order;
    control->state = ORDER_WAITING;
    pthread_mutex_unlock(&control->mutex);
    control->wake(control->context);
    pthread_mutex_lock(&control->mutex);
    while (control->state != ORDER_ANSWERED && !control->is_closing) {
        pthread_cond_wait(&control->changed, &control->mutex);
    }
    if (control->state == ORDER_ANSWERED) {
        answer = control->answer;
        control->answer = NULL;
    }
    control->state = ORDER_FREE;
    pthread_mutex_unlock(&control->mutex);
    return answer != NULL ? answer : error_json(ENRUM_CLOSING);
}

static void connection_serve(struct control *control, int fd)
{
    struct staff_order order;
    json_t *asked = line_read(fd, CONTROL_ORDER_BYTES_MAX);
    json_t *answer = asked != NULL && staff_order_of_json(asked, &order) == ENRUM_OK
                         ? order_hand_over(control, &order)
                         : error_json(ENRUM_USAGE);
    (void)line_write(fd, answer);
    json_decref(asked);
    json_decref(answer);
}

static bool is_closing(struct control *control)
{
    pthread_mutex_lock(&control->mutex);
    bool closing = control->is_closing;
    pthread_mutex_unlock(&control->mutex);
    return closing;
}

static void *serve(void *context)
{
    struct control *control = context;
    while (!is_closing(control)) {
        struct pollfd ready = {.fd = control->listener, .events = POLLIN};
        if (poll(&ready, 1, 200) != 1) {
            continue;
        }
        int fd = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0) {
            connection_serve(control, fd);
            close(fd);
        }
    }
    return NULL;
}

struct control *control_open(const char *home, void (*wake)(void *context), void *context)
{
    struct sockaddr_un address;
    struct control *control = calloc(1, sizeof *control);
    if (control == NULL || !address_make(home, &address)) {
        free(control);
        return NULL;
    }
    control->wake = wake;
    control->context = context;
    memcpy(control->path, address.sun_path, sizeof control->path);
    pthread_mutex_init(&control->mutex, NULL);
    pthread_cond_init(&control->changed, NULL);
    /* The home's lock is ours: a socket that is there is a dead keeper's. */
    (void)unlink(control->path);
    control->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    mode_t before = umask(0177);
    bool good = control->listener >= 0 &&
                bind(control->listener, (struct sockaddr *)&address, sizeof address) == 0 &&
                listen(control->listener, 8) == 0;
    (void)umask(before);
    good = good && pthread_create(&control->thread, NULL, serve, control) == 0;
    if (!good) {
        slog(SLOG_ERROR, "control_failed", slog_errno("errno", errno));
        if (control->listener >= 0) {
            close(control->listener);
        }
        free(control);
        return NULL;
    }
    return control;
}

void control_close(struct control *control)
{
    if (control == NULL) {
        return;
    }
    pthread_mutex_lock(&control->mutex);
    control->is_closing = true;
    pthread_cond_broadcast(&control->changed);
    pthread_mutex_unlock(&control->mutex);
    pthread_join(control->thread, NULL);
    close(control->listener);
    (void)unlink(control->path);
    json_decref(control->answer);
    pthread_cond_destroy(&control->changed);
    pthread_mutex_destroy(&control->mutex);
    free(control);
}

/* -- The keeper's thread -- */

static json_t *order_answer(const struct keeper *keeper, const struct staff_order *order)
{
    switch (order->verb) {
    case STAFF_LIST:
        return staff_list(keeper);
    case STAFF_STATUS:
        return staff_status(keeper);
    case STAFF_ADD:
    case STAFF_ALIAS:
    case STAFF_UNALIAS:
    case STAFF_MOVE:
    case STAFF_REMOVE:
        break;
    }
    return json_pack("{sb}", "done", 1);
}

static void answer_set(struct control *control, json_t *answer)
{
    control->answer = answer;
    control->state = ORDER_ANSWERED;
    pthread_cond_broadcast(&control->changed);
}

static void order_begin(struct control *control, struct keeper *keeper)
{
    bool is_question = control->order.verb == STAFF_STATUS;
    enum enrum_err err = is_question ? ENRUM_OK
                                     : staff_begin(keeper, &control->order, &control->person);
    if (err != ENRUM_OK) {
        answer_set(control, error_json(err));
        return;
    }
    control->state = ORDER_UNDER_WAY;
    control->deadline = keeper_mono(keeper) + CONTROL_WAIT_MS;
}

void control_step(struct control *control, struct keeper *keeper)
{
    pthread_mutex_lock(&control->mutex);
    if (control->state == ORDER_WAITING) {
        order_begin(control, keeper);
    }
    if (control->state == ORDER_UNDER_WAY) {
        if (staff_is_done(keeper, &control->order, &control->person)) {
            answer_set(control, order_answer(keeper, &control->order));
        } else if (keeper_mono(keeper) >= control->deadline) {
            answer_set(control, error_json(ENRUM_TIMEOUT));
        }
    }
    pthread_mutex_unlock(&control->mutex);
}

/* -- The command line's side -- */

json_t *control_ask(const char *home, const json_t *order)
{
    struct sockaddr_un address;
    json_t *answer = NULL;
    if (!address_make(home, &address)) {
        return NULL;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        line_write(fd, order)) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (poll(&ready, 1, CONTROL_WAIT_MS + 10000) == 1) {
            answer = line_read(fd, CONTROL_ANSWER_BYTES_MAX);
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    return answer;
}
