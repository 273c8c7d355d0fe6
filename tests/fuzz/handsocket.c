/* handsocket -- see handsocket.h. */
#include "handsocket.h"

#include "base/check.h"
#include "client-sdk/c/socket.h"

#include <stdlib.h>

/* Frames in order; when all have been taken the bytes begin anew. */
struct frames {
    size_t first, count, used;
    size_t at[HAND_FRAMES_MAX], len[HAND_FRAMES_MAX];
    uint8_t bytes[HAND_BYTES_MAX];
};

struct socket {
    struct socket_options options;
};

static struct frames sent, given;
static struct socket *current;
static bool is_asked, is_open, accepts, loses;

static void frames_clear(struct frames *frames)
{
    frames->first = frames->count = frames->used = 0;
}

static bool frames_put(struct frames *frames, struct slice frame)
{
    if (frames->count == HAND_FRAMES_MAX || frame.len > HAND_BYTES_MAX - frames->used) {
        return false;
    }
    frames->at[frames->count] = frames->used;
    frames->len[frames->count++] = frame.len;
    if (frame.len > 0) {
        memcpy(frames->bytes + frames->used, frame.at, frame.len);
    }
    frames->used += frame.len;
    return true;
}

static bool frames_take(struct frames *frames, struct slice *out)
{
    if (frames->first == frames->count) {
        frames_clear(frames);
        return false;
    }
    *out = (struct slice){frames->bytes + frames->at[frames->first], frames->len[frames->first]};
    frames->first++;
    return true;
}

/* -- The test's side -- */

void hand_begin(void)
{
    frames_clear(&sent);
    frames_clear(&given);
    current = NULL;
    is_asked = is_open = accepts = loses = false;
}

bool hand_is_asked(void)
{
    return is_asked;
}

bool hand_is_open(void)
{
    return is_open;
}

bool hand_accept(void)
{
    accepts = is_asked;
    return accepts;
}

bool hand_give(struct slice frame)
{
    return is_open && frames_put(&given, frame);
}

bool hand_lose(void)
{
    loses = is_open || is_asked;
    return loses;
}

bool hand_take(struct slice *frame)
{
    return frames_take(&sent, frame);
}

/* -- libenrum's side -- */

struct socket *socket_new(const struct socket_options *options)
{
    struct socket *socket = calloc(1, sizeof *socket);
    CHECK(current == NULL);
    if (socket != NULL) {
        socket->options = *options;
        current = socket;
    }
    return socket;
}

static void closed(void)
{
    frames_clear(&sent);
    frames_clear(&given);
    is_asked = is_open = accepts = loses = false;
}

void socket_free(struct socket *socket)
{
    if (socket != NULL) {
        CHECK(socket == current);
        closed();
        current = NULL;
        free(socket);
    }
}

enum enrum_err socket_connect(struct socket *socket, const char *url)
{
    (void)socket, (void)url;
    if (is_asked || is_open) {
        return ENRUM_OUT_OF_STATE;
    }
    is_asked = true;
    return ENRUM_OK;
}

enum enrum_err socket_send(struct socket *socket, struct slice frame)
{
    (void)socket;
    if (!is_open) {
        return ENRUM_NETWORK;
    }
    if (frame.len > FRAME_BYTES_MAX) {
        return ENRUM_OVERSIZED;
    }
    return frames_put(&sent, frame) ? ENRUM_OK : ENRUM_OUTBOX_FULL;
}

void socket_drop(struct socket *socket)
{
    (void)socket;
    closed();
}

void socket_step(struct socket *socket, unsigned wait_ms)
{
    struct slice frame;
    (void)wait_ms;
    if (accepts && is_asked) {
        is_asked = accepts = false;
        is_open = true;
        socket->options.on_open(socket->options.context);
    }
    while (is_open && frames_take(&given, &frame)) {
        socket->options.on_frame(socket->options.context, frame);
    }
    if (loses) {
        closed();
        socket->options.on_lost(socket->options.context, "the test has cut it");
    }
}

void socket_wake(struct socket *socket)
{
    (void)socket;
}
