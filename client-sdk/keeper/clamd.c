/* clamd -- see clamd.h. */
#include "clamd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { CHUNK_BYTES = 65536, PORT_MAX = 65535 };
static const char loopback[] = "127.0.0.1:";

/* The port of an address on TCP; 0: it is none. */
static unsigned port_of(const char *address)
{
    char *end;
    if (strncmp(address, loopback, sizeof loopback - 1) != 0) {
        return 0;
    }
    const char *digits = address + sizeof loopback - 1;
    unsigned long port = strtoul(digits, &end, 10);
    bool good = digits[0] >= '1' && digits[0] <= '9' && *end == '\0' && port <= PORT_MAX;
    return good ? (unsigned)port : 0;
}

bool clamd_address_is_good(const char *address)
{
    return strlen(address) < CLAMD_ADDRESS_MAX && (address[0] == '/' || port_of(address) != 0);
}

/* -- The connection -- */

static int local_connect(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    memcpy(to.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static int tcp_connect(unsigned port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static int clamd_connect(const char *address)
{
    struct timeval limit = {.tv_sec = CLAMD_SECONDS_MAX};
    int fd = address[0] == '/' ? local_connect(address) : tcp_connect(port_of(address));
    if (fd >= 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    }
    return fd;
}

static bool bytes_send(int fd, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t done = send(fd, bytes.at, bytes.len, MSG_NOSIGNAL);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return false;
        }
        bytes = slice_of(bytes.at + done, bytes.len - (size_t)done);
    }
    return true;
}

/* Up to a zero byte. False: the connection ended before. */
static bool answer_receive(int fd, char *out, size_t size)
{
    size_t len = 0;
    while (len + 1 < size) {
        ssize_t done = recv(fd, out + len, size - 1 - len, 0);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            break;
        }
        len += (size_t)done;
        if (out[len - 1] == '\0') {
            return true;
        }
    }
    out[len] = '\0';
    return false;
}

/* -- The talk -- */

static bool stream_send(int fd, struct slice file)
{
    static const char command[] = "zINSTREAM";
    uint32_t end = 0;
    bool good = bytes_send(fd, slice_of(command, sizeof command));
    while (good && file.len > 0) {
        size_t len = file.len < CHUNK_BYTES ? file.len : CHUNK_BYTES;
        uint32_t head = htonl((uint32_t)len);
        good = bytes_send(fd, slice_of(&head, sizeof head)) &&
               bytes_send(fd, slice_of(file.at, len));
        file = slice_of(file.at + len, file.len - len);
    }
    return good && bytes_send(fd, slice_of(&end, sizeof end));
}

/* Into an entry that people read: nothing but visible ASCII. */
static void name_take(const char *text, size_t len, char out[NAME_BYTES_MAX + 1])
{
    size_t kept = 0;
    for (size_t i = 0; i < len && kept < NAME_BYTES_MAX; i++) {
        out[kept++] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    }
    out[kept] = '\0';
}

void clamd_answer_read(const char *answer, struct clamd_result *out)
{
    static const char stream[] = "stream: ", found[] = " FOUND";
    const char *text = strncmp(answer, stream, sizeof stream - 1) == 0 ? answer + sizeof stream - 1
                                                                       : answer;
    size_t len = strlen(text);
    out->name[0] = '\0';
    if (strcmp(text, "OK") == 0 && text != answer) {
        out->verdict = CLAMD_CLEAN;
    } else if (len > sizeof found - 1 && strcmp(text + len - (sizeof found - 1), found) == 0) {
        out->verdict = CLAMD_FOUND;
        name_take(text, len - (sizeof found - 1), out->name);
    } else {
        out->verdict = len > 0 ? CLAMD_NOT : CLAMD_AWAY;
        name_take(text, len, out->name);
    }
}

static void version_ask(const char *address, char out[NAME_BYTES_MAX + 1])
{
    static const char command[] = "zVERSION";
    char answer[512];
    int fd = clamd_connect(address);
    (void)snprintf(out, NAME_BYTES_MAX + 1, "clamd");
    if (fd >= 0 && bytes_send(fd, slice_of(command, sizeof command)) &&
        answer_receive(fd, answer, sizeof answer)) {
        name_take(answer, strlen(answer), out);
    }
    if (fd >= 0) {
        close(fd);
    }
}

void clamd_scan(const char *address, struct slice file, struct clamd_result *out)
{
    char answer[1024] = "";
    *out = (struct clamd_result){.verdict = CLAMD_AWAY};
    int fd = clamd_connect(address);
    if (fd < 0) {
        return;
    }
    /* One that takes no more of it says why before it closes. */
    (void)stream_send(fd, file);
    if (answer_receive(fd, answer, sizeof answer)) {
        clamd_answer_read(answer, out);
    }
    close(fd);
    if (out->verdict == CLAMD_FOUND || out->verdict == CLAMD_NOT) {
        version_ask(address, out->scanner);
    }
}
