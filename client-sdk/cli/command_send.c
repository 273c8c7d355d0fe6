/* command_send -- `enrum send`: done when the host says that it is on disk. */
#include "base/clock.h"
#include "commands.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { WAITING_MAX = 256 };

/* -- Lines of standard input -- */

struct input {
    struct buffer waiting; /* what has been read and not yet sent */
    bool is_ended;
};

static enum enrum_err line_send(struct shell *shell, const struct id *room, struct slice line)
{
    struct wire_body_text body = {.text = line};
    uint64_t outbox;
    if (line.len == 0) {
        return ENRUM_OK;
    }
    return enrum_send(shell->enrum, room, KIND_MESSAGE, &body, "", &outbox);
}

static enum enrum_err lines_send(struct shell *shell, const struct id *room, struct input *input)
{
    struct slice rest = buffer_slice(&input->waiting);
    enum enrum_err err = ENRUM_OK;
    while (err == ENRUM_OK && rest.len > 0 && enrum_outbox_count(shell->enrum) < WAITING_MAX) {
        const uint8_t *end = memchr(rest.at, '\n', rest.len);
        if (end == NULL && !input->is_ended) {
            break;
        }
        size_t len = end != NULL ? (size_t)(end - rest.at) : rest.len;
        err = line_send(shell, room, (struct slice){rest.at, len});
        len += end != NULL;
        rest = (struct slice){rest.at + len, rest.len - len};
    }
    /* What is left moves to the front. */
    if (rest.len > 0 && rest.at != input->waiting.at) {
        memmove(input->waiting.at, rest.at, rest.len);
    }
    buffer_truncate(&input->waiting, rest.len);
    return err;
}

static enum enrum_err input_read(struct input *input)
{
    struct pollfd standard = {.fd = STDIN_FILENO, .events = POLLIN};
    char chunk[8192];
    if (input->is_ended || input->waiting.len > TEXT_BYTES_MAX || poll(&standard, 1, 0) <= 0) {
        return ENRUM_OK;
    }
    ssize_t got = read(STDIN_FILENO, chunk, sizeof chunk);
    if (got < 0 && errno != EINTR && errno != EAGAIN) {
        return ENRUM_FILE_FAILED;
    }
    input->is_ended = got == 0;
    buffer_append(&input->waiting, chunk, got > 0 ? (size_t)got : 0);
    return input->waiting.failed ? ENRUM_OVERSIZED : ENRUM_OK;
}

/* Reads and writes in turns: also a slow input keeps the connection alive. */
static enum enrum_err input_send(struct shell *shell, const struct id *room)
{
    struct input input = {.is_ended = false};
    enum enrum_err err = ENRUM_OK;
    buffer_init(&input.waiting, (size_t)2 * TEXT_BYTES_MAX);
    while (err == ENRUM_OK && !(input.is_ended && input.waiting.len == 0)) {
        err = input_read(&input);
        size_t before = input.waiting.len;
        if (err == ENRUM_OK) {
            err = lines_send(shell, room, &input);
        }
        if (err == ENRUM_OK && input.waiting.len == before && before > TEXT_BYTES_MAX &&
            enrum_outbox_count(shell->enrum) == 0) {
            err = ENRUM_OVERSIZED; /* a line without an end */
        }
        if (shell->not_sent_err != ENRUM_OK || shell->trust_err != ENRUM_OK) {
            break;
        }
        enrum_step(shell->enrum, input.is_ended ? 0 : 10);
    }
    buffer_wipe(&input.waiting);
    return err;
}

enum exit_code command_send(struct shell *shell, char **arguments, int count)
{
    struct id room;
    uint64_t outbox;
    enum enrum_err err = shell_ready(shell);
    if (err == ENRUM_OK) {
        err = shell_room(shell, arguments[0], &room);
    }
    if (err == ENRUM_OK) {
        err = shell_follow_to_write(shell, &room);
    }
    if (err != ENRUM_OK) {
        return shell_fail(shell, err);
    }
    shell->prints_sent = true;
    if (shell->file_path != NULL) {
        struct enrum_file file = {.path = shell->file_path,
                                  .text = count > 1 ? arguments[1] : NULL};
        err = enrum_send_file(shell->enrum, &room, &file, &outbox);
    } else if (count < 2 || strcmp(arguments[1], "-") == 0) {
        err = input_send(shell, &room);
    } else {
        err = enrum_send_text(shell->enrum, &room, arguments[1], &outbox);
    }
    enum enrum_err sent_err = shell_wait_sent(shell);
    return shell_fail(shell, err != ENRUM_OK ? err : sent_err);
}
