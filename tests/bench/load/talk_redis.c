/* talk_redis -- see talk_redis.h. */
#include "talk_redis.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { STREAM_ID_MAX = 48, COMMAND_MAX = 1024, ROOM_NAME_MAX = 48 };

struct reader {
    struct line line;
    struct seat *seat;
    char last[STREAM_ID_MAX]; /* id of the last entry seen */
};

struct writer {
    struct line line;
    struct seat *seat;
};

struct client {
    struct writer writer;
    struct reader reader;
    unsigned open;
};

/* A stream of this run's own, whatever an earlier one has left in the server. */
static int room_name(const struct seat *seat, char out[ROOM_NAME_MAX])
{
    return snprintf(out, ROOM_NAME_MAX, "room:%d:%zu", (int)getpid(), seat->room);
}

/* -- RESP: what of a reply is needed -- */

/* Takes the number of a head line ("*2\r\n"); false when the line is not all there. */
static bool head_take(struct slice *rest, long long *number)
{
    const uint8_t *end = memchr(rest->at, '\n', rest->len);
    if (end == NULL) {
        return false;
    }
    *number = strtoll((const char *)rest->at + 1, NULL, 10);
    size_t len = (size_t)(end - rest->at) + 1;
    *rest = slice_of(rest->at + len, rest->len - len);
    return true;
}

/* Takes one reply, calling `bulk` for each string inside. False when it is not all there; then
 * strings may have been told already. Depth of nesting is that of XREAD's answer. */
static bool reply_take(struct slice *rest, void (*bulk)(void *context, struct slice text),
                       void *context, int depth)
{
    long long number;
    if (rest->len == 0 || depth > 8) {
        return false;
    }
    uint8_t kind = rest->at[0];
    if (kind == '-') {
        give_up("redis refuses: %.*s", (int)rest->len, (const char *)rest->at);
    }
    if (!head_take(rest, &number)) {
        return false;
    }
    if (kind == '$' && number >= 0) {
        if (rest->len < (size_t)number + 2) {
            return false;
        }
        if (bulk != NULL) {
            bulk(context, slice_of(rest->at, (size_t)number));
        }
        *rest = slice_of(rest->at + number + 2, rest->len - (size_t)number - 2);
    }
    for (long long i = 0; kind == '*' && i < number; i++) {
        if (!reply_take(rest, bulk, context, depth + 1)) {
            return false;
        }
    }
    return true;
}

/* -- Reading -- */

static void read_on(struct reader *reader)
{
    char command[COMMAND_MAX], room[ROOM_NAME_MAX];
    int room_len = room_name(reader->seat, room);
    int len = snprintf(command, sizeof command,
                       "*6\r\n$5\r\nXREAD\r\n$5\r\nBLOCK\r\n$1\r\n0\r\n$7\r\nSTREAMS\r\n"
                       "$%d\r\n%s\r\n$%zu\r\n%s\r\n",
                       room_len, room, strlen(reader->last), reader->last);
    line_send(&reader->line, slice_of(command, (size_t)len));
}

/* The strings of an answer are the stream's name, and id, field's name and body of each entry. */
static void on_read_text(void *context, struct slice text)
{
    struct reader *reader = context;
    size_t writer;
    uint64_t n;
    if (body_read(text, &writer, &n)) {
        seat_delivered(reader->seat, writer, n);
    } else if (text.len < STREAM_ID_MAX && memchr(text.at, '-', text.len) != NULL) {
        memcpy(reader->last, text.at, text.len);
        reader->last[text.len] = '\0';
    }
}

static size_t on_reader_received(struct line *line, struct slice bytes)
{
    struct reader *reader = (struct reader *)line;
    size_t taken = 0;
    struct slice rest = bytes;
    /* First a walk that tells nothing, so that no entry is told twice. */
    while (rest.len > 0 && reply_take(&rest, NULL, NULL, 0)) {
        struct slice again = slice_of(bytes.at + taken, bytes.len - taken);
        (void)reply_take(&again, on_read_text, reader, 0);
        taken = bytes.len - rest.len;
        read_on(reader);
    }
    return taken;
}

/* -- Writing -- */

static size_t on_writer_received(struct line *line, struct slice bytes)
{
    struct writer *writer = (struct writer *)line;
    struct slice rest = bytes;
    size_t taken = 0;
    while (rest.len > 0 && reply_take(&rest, NULL, NULL, 0)) {
        taken = bytes.len - rest.len;
        seat_acked(writer->seat, writer->seat->acked + 1);
    }
    return taken;
}

static void redis_append(struct seat *seat, uint64_t n)
{
    struct client *client = seat->own;
    char command[COMMAND_MAX], body[BODY_BYTES], room[ROOM_NAME_MAX];
    body_fill(seat->index, n, body);
    int room_len = room_name(seat, room);
    int len = snprintf(command, sizeof command,
                       "*5\r\n$4\r\nXADD\r\n$%d\r\n%s\r\n$1\r\n*\r\n$1\r\nb\r\n$%d\r\n%.*s\r\n",
                       room_len, room, BODY_BYTES, BODY_BYTES, body);
    line_send(&client->writer.line, slice_of(command, (size_t)len));
}

/* -- Connecting -- */

static void on_writer_opened(struct line *line)
{
    struct client *client = ((struct writer *)line)->seat->own;
    if (++client->open == 2) {
        seat_ready(((struct writer *)line)->seat);
    }
}

static void on_reader_opened(struct line *line)
{
    struct reader *reader = (struct reader *)line;
    struct client *client = reader->seat->own;
    /* The streams are empty at first: from the beginning misses nothing. */
    read_on(reader);
    if (++client->open == 2) {
        seat_ready(reader->seat);
    }
}

static void on_lost(struct line *line, const char *why)
{
    (void)line;
    give_up("redis: %s", why);
}

static void redis_found(struct crowd *crowd)
{
    (void)crowd;
}

static void redis_open(struct seat *seat)
{
    struct client *client = calloc(1, sizeof *client);
    seat->own = client;
    client->writer.seat = client->reader.seat = seat;
    client->reader.last[0] = '0';
    client->writer.line.opened = on_writer_opened;
    client->writer.line.received = on_writer_received;
    client->writer.line.lost = on_lost;
    client->reader.line.opened = on_reader_opened;
    client->reader.line.received = on_reader_received;
    client->reader.line.lost = on_lost;
    line_open(&client->writer.line, &seat->crowd->loop, seat->crowd->wish.port, seat->index);
    line_open(&client->reader.line, &seat->crowd->loop, seat->crowd->wish.port, seat->index);
}

static void redis_prepare(struct crowd *crowd)
{
    (void)crowd;
}

static void redis_close(struct seat *seat)
{
    struct client *client = seat->own;
    line_cut(&client->writer.line);
    line_cut(&client->reader.line);
    free(client);
}

static void redis_end(struct crowd *crowd)
{
    (void)crowd;
}

const struct talker talk_redis = {.name = "redis",
                                  .found = redis_found,
                                  .open = redis_open,
                                  .prepare = redis_prepare,
                                  .append = redis_append,
                                  .close = redis_close,
                                  .end = redis_end};
