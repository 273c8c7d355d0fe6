/* batch -- see batch.h. */
#include "relay/batch.h"

#include "base/check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* What may wait in the kernel while the thread is not running; it grants what it allows of it. */
enum { SOCKET_BUFFER_BYTES = 4 * 1024 * 1024 };

static bool address_parse(const char *address, uint16_t port, struct tuple *out)
{
    *out = (struct tuple){.port = port, .family = AF_INET};
    if (inet_pton(AF_INET, address, out->ip) == 1) {
        return true;
    }
    out->family = AF_INET6;
    return inet_pton(AF_INET6, address, out->ip) == 1;
}

static void socket_dress(int fd)
{
    int bytes = SOCKET_BUFFER_BYTES;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

int batch_socket(const char *address, uint16_t *port)
{
    struct tuple tuple;
    struct sockaddr_storage at;
    if (!address_parse(address, *port, &tuple)) {
        errno = EINVAL;
        return -1;
    }
    int fd = socket(tuple.family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    socklen_t len = tuple_address(&tuple, &at);
    if (fd >= 0) {
        socket_dress(fd);
    }
    if (fd >= 0 && bind(fd, (struct sockaddr *)&at, len) == 0 &&
        getsockname(fd, (struct sockaddr *)&at, &len) == 0 && tuple_of(&at, &tuple)) {
        *port = tuple.port;
        return fd;
    }
    int why = errno;
    if (fd >= 0) {
        close(fd);
    }
    errno = why;
    return -1;
}

void batch_init(struct batch *batch, int fd, struct packet_pool *pool)
{
    *batch = (struct batch){.fd = fd, .pool = pool};
    for (size_t i = 0; i < BATCH_IN; i++) {
        batch->in_heads[i].msg_hdr.msg_iov = &batch->in_parts[i];
        batch->in_heads[i].msg_hdr.msg_iovlen = 1;
        batch->in_heads[i].msg_hdr.msg_name = &batch->in_from[i];
    }
    for (size_t i = 0; i < BATCH_OUT; i++) {
        batch->out_parts[i].iov_base = batch->out_bytes[i];
        batch->out_heads[i].msg_hdr.msg_iov = &batch->out_parts[i];
        batch->out_heads[i].msg_hdr.msg_iovlen = 1;
        batch->out_heads[i].msg_hdr.msg_name = &batch->out_to[i];
    }
}

void batch_fini(struct batch *batch)
{
    for (size_t i = 0; i < BATCH_IN; i++) {
        packet_unref(batch->pool, batch->in_packets[i]);
        batch->in_packets[i] = NULL;
    }
}

/* -- In -- */

/* How many of the first places have a packet. */
static size_t places_fill(struct batch *batch)
{
    for (size_t i = 0; i < BATCH_IN; i++) {
        if (batch->in_packets[i] == NULL) {
            batch->in_packets[i] = packet_take(batch->pool);
        }
        if (batch->in_packets[i] == NULL) {
            return i;
        }
        struct msghdr *head = &batch->in_heads[i].msg_hdr;
        batch->in_parts[i] = (struct iovec){batch->in_packets[i]->bytes, PACKET_BYTES_MAX};
        head->msg_namelen = sizeof batch->in_from[i];
        head->msg_flags = 0;
    }
    return BATCH_IN;
}

size_t batch_receive(struct batch *batch)
{
    size_t places = places_fill(batch);
    if (places == 0) {
        return 0;
    }
    int n = recvmmsg(batch->fd, batch->in_heads, (unsigned)places, MSG_DONTWAIT, NULL);
    return n > 0 ? (size_t)n : 0;
}

bool batch_datagram(struct batch *batch, size_t at, struct packet **packet, struct tuple *from)
{
    const struct mmsghdr *head = &batch->in_heads[at];
    if ((head->msg_hdr.msg_flags & MSG_TRUNC) != 0 || !tuple_of(&batch->in_from[at], from)) {
        batch->cut++;
        return false;
    }
    *packet = batch->in_packets[at];
    (*packet)->start = 0;
    (*packet)->len = (uint16_t)head->msg_len;
    return true;
}

struct packet *batch_take(struct batch *batch, size_t at)
{
    struct packet *packet = batch->in_packets[at];
    CHECK(packet != NULL);
    batch->in_packets[at] = NULL;
    return packet;
}

/* -- Out -- */

uint8_t *batch_room(struct batch *batch)
{
    if (batch->out_count == BATCH_OUT) {
        batch_flush(batch);
    }
    return batch->out_bytes[batch->out_count];
}

void batch_add(struct batch *batch, const struct tuple *to, size_t len)
{
    CHECK(batch->out_count < BATCH_OUT && len <= BATCH_BYTES_MAX);
    size_t at = batch->out_count++;
    batch->out_parts[at].iov_len = len;
    batch->out_heads[at].msg_hdr.msg_namelen = tuple_address(to, &batch->out_to[at]);
}

/* A full socket takes no more of this batch; an address that cannot be reached costs itself. */
void batch_flush(struct batch *batch)
{
    size_t at = 0;
    while (at < batch->out_count) {
        size_t left = batch->out_count - at;
        int n = sendmmsg(batch->fd, batch->out_heads + at, (unsigned)left, MSG_DONTWAIT);
        if (n > 0) {
            batch->sent += (uint64_t)n;
            at += (size_t)n;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {
            batch->unsent += left;
            break;
        } else if (errno != EINTR) {
            batch->unsent++;
            at++;
        }
    }
    batch->out_count = 0;
}
