/* raw -- a WebSocket client by hand, over plain TCP from any loopback address: sends the bytes that
 * a test wants, well-formed or not, and reads only when it is told. */
#pragma once

#include "stage.h"

enum {
    RAW_FINAL = 0x80,
    RAW_CONTINUATION = 0,
    RAW_BINARY = 2,
    RAW_CLOSE = 8,
    RAW_PING = 9,
    RAW_PONG = 10,
    RAW_HEADER_BYTES = 14, /* of the longest header, with its mask */
};

/* A frame of the host's. */
struct raw_frame {
    uint8_t first; /* RAW_FINAL and the type */
    size_t len;
    uint8_t bytes[FRAME_BYTES_MAX];
};

/* A TCP connection to the host from 127.0.0.LAST; reads wait ten seconds at most. */
int raw_connect(uint8_t last);
/* The same, upgraded. -1: the host did not want it. */
int raw_open(uint8_t last);
/* False: the host has ended the connection. */
bool raw_send(int fd, const void *bytes, size_t len);
/* A header that says this length, whatever comes behind it. Its mask is zeros. */
size_t raw_header(uint8_t first, uint64_t len, uint8_t out[RAW_HEADER_BYTES]);
/* A whole frame. */
bool raw_send_frame(int fd, uint8_t first, const void *bytes, size_t len);
/* Encodes and sends a message of the protocol as one frame. */
bool raw_send_message(int fd, const struct layout *layout, uint64_t request, void *message);
/* The next frame. False: there is none. */
bool raw_read(int fd, struct raw_frame *out);
/* Reads until the host ends the connection: the code of its close frame, 0 without one. Ends the
 * program when the host does not. */
unsigned raw_read_close(int fd);
/* Reads until an answer to this request comes: its type, 0 when the connection ends before. */
uint64_t raw_wait(int fd, uint64_t request, struct raw_frame *out);
/* Opens, and proves this device. */
int raw_ready(uint8_t last, const struct device *device);
