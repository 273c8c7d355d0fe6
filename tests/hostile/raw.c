/* raw -- see raw.h. */
#include "raw.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define UPGRADE                                                                                    \
    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"           \
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"                 \
    "Sec-WebSocket-Protocol: enrum.1\r\n\r\n"

static void must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "raw: %s\n", what);
        stage_end();
        exit(1);
    }
}

int raw_connect(uint8_t last)
{
    struct sockaddr_in from = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + last)};
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)stage_port()),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 10};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0 &&
             setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
             setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0 &&
             bind(fd, (struct sockaddr *)&from, sizeof from) == 0 &&
             connect(fd, (struct sockaddr *)&to, sizeof to) == 0,
         "a connection by hand");
    return fd;
}

bool raw_send(int fd, const void *bytes, size_t len)
{
    size_t at = 0;
    while (at < len) {
        ssize_t sent = send(fd, (const uint8_t *)bytes + at, len - at, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        at += (size_t)sent;
    }
    return true;
}

int raw_open(uint8_t last)
{
    char answer[1024];
    size_t len = 0;
    int fd = raw_connect(last);
    /* To the end of the head and no further: a frame may follow. */
    bool good = raw_send(fd, UPGRADE, strlen(UPGRADE));
    while (good && len < sizeof answer - 1 &&
           (len < 4 || memcmp(answer + len - 4, "\r\n\r\n", 4))) {
        good = read(fd, answer + len, 1) == 1;
        len += good;
    }
    answer[len] = '\0';
    if (!good || strncmp(answer, "HTTP/1.1 101 ", 13) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* -- Frames -- */

size_t raw_header(uint8_t first, uint64_t len, uint8_t out[RAW_HEADER_BYTES])
{
    size_t at = 2;
    memset(out, 0, RAW_HEADER_BYTES);
    out[0] = first;
    if (len < 126) {
        out[1] = (uint8_t)(0x80 | len);
    } else {
        struct be64 big = be64_of(len);
        size_t bytes = len < 65536 ? 2 : 8;
        out[1] = len < 65536 ? 0xfe : 0xff;
        memcpy(out + 2, big.bytes + 8 - bytes, bytes);
        at += bytes;
    }
    return at + 4;
}

bool raw_send_frame(int fd, uint8_t first, const void *bytes, size_t len)
{
    uint8_t header[RAW_HEADER_BYTES];
    size_t header_len = raw_header(first, len, header);
    return raw_send(fd, header, header_len) && raw_send(fd, bytes, len);
}

bool raw_send_message(int fd, const struct layout *layout, uint64_t request, void *message)
{
    struct {
        uint64_t type, request;
    } begin = {0, request};
    struct buffer bytes;
    memcpy(message, &begin, sizeof begin);
    buffer_init(&bytes, FRAME_BYTES_MAX);
    must(layout_encode(layout, message, &bytes) == ENRUM_OK, "a message");
    bool good = raw_send_frame(fd, RAW_FINAL | RAW_BINARY, bytes.at, bytes.len);
    buffer_fini(&bytes);
    return good;
}

static bool read_exactly(int fd, void *out, size_t len)
{
    size_t at = 0;
    while (at < len) {
        ssize_t got = read(fd, (uint8_t *)out + at, len - at);
        must(got >= 0 || errno == ECONNRESET, "the host answers in time");
        if (got <= 0) {
            return false;
        }
        at += (size_t)got;
    }
    return true;
}

bool raw_read(int fd, struct raw_frame *out)
{
    uint8_t head[2], more[8] = {0};
    if (!read_exactly(fd, head, 2)) {
        return false;
    }
    out->first = head[0];
    out->len = head[1] & 0x7f;
    size_t bytes = out->len < 126 ? 0 : out->len == 126 ? 2 : 8;
    if (!read_exactly(fd, more, bytes)) {
        return false;
    }
    if (bytes > 0) {
        out->len = 0;
        for (size_t i = 0; i < bytes; i++) {
            out->len = out->len << 8 | more[i];
        }
    }
    must(out->len <= sizeof out->bytes, "the host's frames fit");
    return read_exactly(fd, out->bytes, out->len);
}

unsigned raw_read_close(int fd)
{
    static struct raw_frame frame;
    unsigned code = 0;
    while (raw_read(fd, &frame)) {
        if (frame.first == (RAW_FINAL | RAW_CLOSE) && frame.len >= 2) {
            code = (unsigned)(frame.bytes[0] << 8 | frame.bytes[1]);
            /* As RFC 6455 section 5.5.1 wants it; then the host ends the connection. */
            (void)raw_send_frame(fd, RAW_FINAL | RAW_CLOSE, frame.bytes, 2);
        }
    }
    return code;
}

uint64_t raw_wait(int fd, uint64_t request, struct raw_frame *out)
{
    uint64_t type = 0, got = 0;
    while (raw_read(fd, out)) {
        if (out->first == (RAW_FINAL | RAW_BINARY) &&
            frame_peek(slice_of(out->bytes, out->len), &type, &got) == ENRUM_OK && got == request) {
            return type;
        }
    }
    return 0;
}

int raw_ready(uint8_t last, const struct device *device)
{
    static struct raw_frame frame;
    struct msg_hello hello = {.versions = slice_of("\1", 1), .software = slice_of_text("raw")};
    struct msg_challenge challenge;
    struct msg_prove prove;
    suite_random(hello.nonce.bytes, ID_BYTES);
    struct id nonce = hello.nonce;
    int fd = raw_open(last);
    must(fd >= 0 && raw_send_message(fd, &message_hello, 1, &hello) &&
             raw_wait(fd, 1, &frame) == MESSAGE_CHALLENGE &&
             layout_decode(&message_challenge, slice_of(frame.bytes, frame.len), &challenge) ==
                 ENRUM_OK,
         "hello by hand");
    stage_proof(device, &nonce, &challenge.nonce, &prove);
    must(raw_send_message(fd, &message_prove, 2, &prove) &&
             raw_wait(fd, 2, &frame) == MESSAGE_READY,
         "a proof by hand");
    return fd;
}
