/* webline -- see webline.h. */
#include "webline.h"

#include <stdio.h>

enum {
    FINAL = 0x80,
    MASKED = 0x80,
    OP_TEXT = 1,
    OP_BINARY = 2,
    OP_CLOSE = 8,
    OP_PING = 9,
    OP_PONG = 10,
    LEN_16 = 126,
    LEN_64 = 127,
};

static void frame_append(struct slice message, uint8_t op, struct buffer *out)
{
    uint8_t head[14] = {(uint8_t)(FINAL | op)};
    size_t len = 2;
    if (message.len < LEN_16) {
        head[1] = (uint8_t)(MASKED | message.len);
    } else if (message.len <= UINT16_MAX) {
        head[1] = MASKED | LEN_16;
        head[2] = (uint8_t)(message.len >> 8);
        head[3] = (uint8_t)message.len;
        len = 4;
    } else {
        head[1] = MASKED | LEN_64;
        for (int i = 0; i < 8; i++) {
            head[2 + i] = (uint8_t)(message.len >> (56 - 8 * i));
        }
        len = 10;
    }
    buffer_append(out, head, len + 4); /* the mask: zeros */
    buffer_append_slice(out, message);
}

void webline_frame(struct slice message, bool is_text, struct buffer *out)
{
    frame_append(message, is_text ? OP_TEXT : OP_BINARY, out);
}

static void send_as(struct webline *web, struct slice message, uint8_t op)
{
    static struct buffer frame = {.max = 1 << 20};
    buffer_truncate(&frame, 0);
    frame_append(message, op, &frame);
    line_send(&web->line, buffer_slice(&frame));
}

void webline_send(struct webline *web, struct slice message, bool is_text)
{
    send_as(web, message, is_text ? OP_TEXT : OP_BINARY);
}

static void on_opened(struct line *line)
{
    struct webline *web = (struct webline *)line;
    char request[512];
    int len = snprintf(request, sizeof request,
                       "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                       "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                       "Sec-WebSocket-Protocol: %s\r\n\r\n",
                       web->path, web->subprotocol);
    line_send(line, slice_of(request, (size_t)len));
}

static size_t take_answer(struct webline *web, struct slice bytes)
{
    const uint8_t *end = memmem(bytes.at, bytes.len, "\r\n\r\n", 4);
    if (end == NULL) {
        return 0;
    }
    if (memmem(bytes.at, (size_t)(end - bytes.at), " 101 ", 5) == NULL) {
        give_up("no WebSocket: %.*s", (int)(end - bytes.at), (const char *)bytes.at);
    }
    web->is_up = true;
    web->up(web);
    return (size_t)(end - bytes.at) + 4;
}

/* The length of the frame at the beginning, head and all, and where its message is; 0 when it is
 * not all there. */
static size_t frame_find(struct slice bytes, struct slice *message)
{
    if (bytes.len < 2) {
        return 0;
    }
    size_t head = 2, len = bytes.at[1] & 0x7f, wide = len == LEN_16 ? 2 : len == LEN_64 ? 8 : 0;
    if (bytes.len < head + wide) {
        return 0;
    }
    if (wide > 0) {
        len = 0;
        for (size_t i = 0; i < wide; i++) {
            len = len << 8 | bytes.at[head + i];
        }
        head += wide;
    }
    if (bytes.len - head < len) {
        return 0;
    }
    *message = slice_of(bytes.at + head, len);
    return head + len;
}

static void take_frame(struct webline *web, uint8_t first, struct slice message)
{
    uint8_t op = first & 0x0f;
    if (op == OP_PING) {
        send_as(web, message, OP_PONG);
    } else if (op == OP_TEXT || op == OP_BINARY) {
        if ((first & FINAL) == 0) {
            give_up("a server sends fragments");
        }
        web->message(web, message);
    } else if (op == OP_CLOSE) {
        line_cut(&web->line);
        web->lost(web, "closed by the server's WebSocket");
    }
}

static size_t on_received(struct line *line, struct slice bytes)
{
    struct webline *web = (struct webline *)line;
    size_t taken = web->is_up ? 0 : take_answer(web, bytes), len;
    struct slice message;
    while (web->is_up && line->state == LINE_OPEN &&
           (len = frame_find(slice_of(bytes.at + taken, bytes.len - taken), &message)) > 0) {
        take_frame(web, bytes.at[taken], message);
        taken += len;
    }
    return taken;
}

static void on_lost(struct line *line, const char *why)
{
    struct webline *web = (struct webline *)line;
    web->lost(web, why);
}

void webline_open(struct webline *web, struct loop *loop, uint16_t port, size_t number)
{
    web->is_up = false;
    web->line.opened = on_opened;
    web->line.received = on_received;
    web->line.lost = on_lost;
    line_open(&web->line, loop, port, number);
}
