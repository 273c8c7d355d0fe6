/* callback -- see callback.h. */
#include "callback.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

bool callback_open(struct callback *callback)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return false;
    }
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 8) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        close(fd);
        return false;
    }
    *callback = (struct callback){.fd = fd, .port = ntohs(address.sin_port)};
    return true;
}

void callback_close(struct callback *callback)
{
    close(callback->fd);
    callback->fd = -1;
}

/* -- The request -- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undoes percent-encoding into out, up to `end`; false when it does not fit or is malformed. */
static bool unescape(const char *at, const char *end, char *out, size_t size)
{
    size_t len = 0;
    while (at < end) {
        char c = *at++;
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = end - at >= 2 ? hex_digit(at[0]) : -1;
            int low = end - at >= 2 ? hex_digit(at[1]) : -1;
            if (high < 0 || low < 0 || (high == 0 && low == 0)) {
                return false;
            }
            c = (char)(high << 4 | low);
            at += 2;
        }
        if (len + 1 >= size) {
            return false;
        }
        out[len++] = c;
    }
    out[len] = '\0';
    return true;
}

static void parameter_take(const char *at, const char *end, struct callback_answer *out)
{
    const char *equals = memchr(at, '=', (size_t)(end - at));
    size_t name = equals != NULL ? (size_t)(equals - at) : 0;
    if (name == 4 && memcmp(at, "code", 4) == 0) {
        (void)unescape(equals + 1, end, out->code, sizeof out->code);
    } else if (name == 5 && memcmp(at, "state", 5) == 0) {
        (void)unescape(equals + 1, end, out->state, sizeof out->state);
    } else if (name == 5 && memcmp(at, "error", 5) == 0) {
        (void)unescape(equals + 1, end, out->error, sizeof out->error);
    }
}

/* The query of "GET /callback?... HTTP/1.1". False when it is another request. */
static bool request_read(const char *request, struct callback_answer *out)
{
    static const char begin[] = "GET /callback?";
    if (strncmp(request, begin, sizeof begin - 1) != 0) {
        return false;
    }
    const char *at = request + sizeof begin - 1;
    const char *end = at + strcspn(at, " \r\n");
    memset(out, 0, sizeof *out);
    while (at < end) {
        const char *next = memchr(at, '&', (size_t)(end - at));
        parameter_take(at, next != NULL ? next : end, out);
        at = next != NULL ? next + 1 : end;
    }
    return out->state[0] != '\0' && (out->code[0] != '\0' || out->error[0] != '\0');
}

/* -- The page -- */

static void page_write(int fd, bool is_found, bool is_good, bool is_swedish)
{
    char page[1024], answer[1536];
    const char *title = is_swedish ? "Tillbaka till programmet" : "Back to the program";
    const char *text = is_swedish ? "Du kan stänga den här fliken." : "You may close this tab.";
    if (!is_good) {
        title = is_swedish ? "Inloggningen avbröts" : "The login was cancelled";
    }
    if (!is_found) {
        title = text = is_swedish ? "Sidan finns inte" : "There is no such page";
    }
    int len = snprintf(page, sizeof page,
                       "<!doctype html><html lang=\"%s\"><meta charset=\"utf-8\"><meta "
                       "name=\"viewport\" content=\"width=device-width\"><title>%s</title>"
                       "<main><h1>%s</h1><p>%s</p></main></html>\n",
                       is_swedish ? "sv" : "en", title, title, text);
    int total = snprintf(answer, sizeof answer,
                         "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\n"
                         "Content-Length: %d\r\nCache-Control: no-store\r\n"
                         "Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n%s",
                         is_found ? "200 OK" : "404 Not Found", len, page);
    if (total > 0 && send(fd, answer, (size_t)total, MSG_NOSIGNAL) < 0) {
        return; /* a browser that has gone needs no page */
    }
}

enum { REQUEST_BYTES_MAX = 16384, READS_MAX = 16 };

static void request_receive(int fd, char request[REQUEST_BYTES_MAX])
{
    struct timeval patience = {.tv_sec = 1};
    size_t len = 0;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    for (int i = 0; i < READS_MAX && len + 1 < REQUEST_BYTES_MAX; i++) {
        ssize_t got = recv(fd, request + len, REQUEST_BYTES_MAX - 1 - len, 0);
        if (got <= 0) {
            break;
        }
        len += (size_t)got;
        request[len] = '\0';
        if (strstr(request, "\r\n\r\n") != NULL) {
            break;
        }
    }
    request[len] = '\0';
}

bool callback_poll(struct callback *callback, bool is_swedish, struct callback_answer *out)
{
    char request[REQUEST_BYTES_MAX];
    struct pollfd waiting = {.fd = callback->fd, .events = POLLIN};
    if (poll(&waiting, 1, 0) <= 0) {
        return false;
    }
    int fd = accept4(callback->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    request_receive(fd, request);
    bool is_found = request_read(request, out);
    page_write(fd, is_found, is_found && out->error[0] == '\0', is_swedish);
    (void)shutdown(fd, SHUT_WR);
    close(fd);
    /* The code was in it. */
    explicit_bzero(request, sizeof request);
    return is_found;
}
