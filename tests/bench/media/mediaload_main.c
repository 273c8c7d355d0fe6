/* mediaload -- one device that sends media to a relay, and many that receive it.
 *   mediaload
 * says "device UFRAG PASSWORD FINGERPRINT", which is true of all it has, then takes lines "leg
 * ADDRESS PORT UFRAG PASSWORD" (the first is the sender) and answers "joined MICROSECONDS
 * SRTP-PROFILE" to each, and "go PPS SECONDS BYTES SSRC PT EXTENSION" by a line of JSON.
 * mediaload floor ADDRESS RECEIVERS SECONDS BYTES is what no relay can do without: seal and send,
 * and nothing else.
 *
 * The time at which a packet left stands in its RTP timestamp, which is not sealed. A relay may
 * number time anew, if it does so by the same amount for all that a device receives: by how much,
 * the first packet says, behind whose seal the time stands again. Every 64th is opened, too, so
 * that packets which cannot be, or whose time is another one, would be noticed. */
#include "../load/spread.h"
#include "mediadevice.h"

#include "base/check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    DEVICES_MAX = 64,
    BATCH = 64,
    PACKET_MAX = 1500,
    HEAD_BYTES = 20, /* with the extension of the transport-wide number */
    TIME_BYTES = 4,  /* the packet's last ones */
    OPENED_OF = 64,
    LINGER_US = 500000,
};

struct sink {
    bool has_any;
    uint32_t moved; /* what the relay adds to its timestamps */
};

struct run {
    struct mediadevice devices[DEVICES_MAX];
    struct sink sinks[DEVICES_MAX];
    size_t count;
    unsigned pps, seconds, bytes, payload_type, extension;
    uint32_t ssrc;
    atomic_bool has_ended;
    uint64_t received, opened, unopened, mistimed;
    struct spread delay;
};

static uint64_t now_ns(clockid_t which)
{
    struct timespec now;
    CHECK(clock_gettime(which, &now) == 0);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint32_t now_us32(void)
{
    return (uint32_t)(now_ns(CLOCK_MONOTONIC) / 1000);
}

static void put(uint8_t *at, uint32_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        at[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    }
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* -- Receiving -- */

static void packet_open(struct run *run, size_t which, uint8_t *packet, size_t len)
{
    struct sink *sink = &run->sinks[which];
    uint32_t timestamp = get32(packet + 4);
    int n = (int)len;
    if (srtp_unprotect(run->devices[which].in, packet, &n) != srtp_err_status_ok ||
        n < HEAD_BYTES) {
        run->unopened++;
        return;
    }
    uint32_t moved = timestamp - get32(packet + n - TIME_BYTES);
    run->mistimed += sink->has_any && moved != sink->moved;
    run->opened++;
    *sink = (struct sink){true, moved};
}

static void packet_take(struct run *run, size_t which, uint8_t *packet, size_t len, uint32_t now)
{
    if (len < 12 || packet[0] >> 6 != 2 || (packet[1] >= 192 && packet[1] <= 223)) {
        return;
    }
    uint32_t timestamp = get32(packet + 4);
    run->received++;
    if (run->devices[which].in != NULL &&
        (!run->sinks[which].has_any || run->received % OPENED_OF == 0)) {
        packet_open(run, which, packet, len);
    }
    uint32_t delay = now - (timestamp - run->sinks[which].moved);
    spread_add(&run->delay, (uint64_t)delay * 1000);
}

static void socket_drain(struct run *run, size_t which)
{
    static uint8_t bytes[BATCH][PACKET_MAX];
    struct mmsghdr heads[BATCH];
    struct iovec parts[BATCH];
    int n = BATCH;
    while (n == BATCH) {
        memset(heads, 0, sizeof heads);
        for (size_t i = 0; i < BATCH; i++) {
            parts[i] = (struct iovec){bytes[i], PACKET_MAX};
            heads[i].msg_hdr.msg_iov = &parts[i];
            heads[i].msg_hdr.msg_iovlen = 1;
        }
        n = recvmmsg(run->devices[which].fd, heads, BATCH, MSG_DONTWAIT, NULL);
        uint32_t now = now_us32();
        for (int i = 0; i < n; i++) {
            packet_take(run, which, bytes[i], heads[i].msg_len, now);
        }
    }
}

static void *receive(void *context)
{
    struct run *run = context;
    struct epoll_event ready[DEVICES_MAX];
    int loop = epoll_create1(EPOLL_CLOEXEC);
    CHECK(loop >= 0);
    for (size_t i = 0; i < run->count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u64 = i};
        CHECK(epoll_ctl(loop, EPOLL_CTL_ADD, run->devices[i].fd, &event) == 0);
    }
    while (!atomic_load(&run->has_ended)) {
        int n = epoll_wait(loop, ready, DEVICES_MAX, 50);
        for (int i = 0; i < n; i++) {
            socket_drain(run, ready[i].data.u64);
        }
    }
    close(loop);
    return NULL;
}

/* -- Sending -- */

static size_t packet_make(const struct run *run, uint32_t number, uint8_t *packet)
{
    uint32_t now = now_us32();
    memset(packet + HEAD_BYTES, (int)number, run->bytes);
    put(packet + HEAD_BYTES + run->bytes - TIME_BYTES, now, TIME_BYTES);
    packet[0] = 0x90;
    packet[1] = (uint8_t)run->payload_type;
    put(packet + 2, number, 2);
    put(packet + 4, now, 4);
    put(packet + 8, run->ssrc, 4);
    put(packet + 12, 0xbede0001, 4);
    put(packet + 16, run->extension << 28 | 1U << 24 | (number & 0xffff) << 8, 4);
    return HEAD_BYTES + run->bytes;
}

/* Every millisecond those that are due. */
static uint64_t send_all(struct run *run)
{
    uint8_t packet[PACKET_MAX];
    uint64_t began = now_ns(CLOCK_MONOTONIC), sent = 0;
    const uint64_t all = (uint64_t)run->pps * run->seconds;
    while (sent < all) {
        uint64_t due = (now_ns(CLOCK_MONOTONIC) - began) * run->pps / 1000000000 + 1;
        for (; sent < due && sent < all; sent++) {
            int len = (int)packet_make(run, (uint32_t)sent, packet);
            CHECK(srtp_protect(run->devices[0].out, packet, &len) == srtp_err_status_ok);
            CHECK(send(run->devices[0].fd, packet, (size_t)len, 0) == len || errno == ENOBUFS);
        }
        usleep(1000);
    }
    return sent;
}

static void go(struct run *run)
{
    pthread_t receiver;
    run->received = run->opened = run->unopened = run->mistimed = 0;
    memset(run->sinks, 0, sizeof run->sinks);
    memset(&run->delay, 0, sizeof run->delay);
    atomic_store(&run->has_ended, false);
    CHECK(pthread_create(&receiver, NULL, receive, run) == 0);
    uint64_t began = now_ns(CLOCK_MONOTONIC);
    uint64_t sent = send_all(run);
    double seconds = (double)(now_ns(CLOCK_MONOTONIC) - began) / 1e9;
    usleep(LINGER_US);
    atomic_store(&run->has_ended, true);
    CHECK(pthread_join(receiver, NULL) == 0);
    printf("{\"sent\":%llu,\"received\":%llu,\"opened\":%llu,\"unopened\":%llu,\"mistimed\":%llu,"
           "\"seconds\":%.3f,\"p50_us\":%.0f,\"p99_us\":%.0f}\n",
           (unsigned long long)sent, (unsigned long long)run->received,
           (unsigned long long)run->opened, (unsigned long long)run->unopened,
           (unsigned long long)run->mistimed, seconds, spread_us(&run->delay, 500),
           spread_us(&run->delay, 990));
}

/* -- The floor -- */

/* Loopback sockets that nobody reads fill up and drop, which costs the sender less than delivering:
 * so a thread reads them, as a device would. */
static void floor_run(struct run *run, struct in_addr address)
{
    static uint8_t bytes[BATCH][PACKET_MAX];
    struct mmsghdr heads[BATCH] = {0};
    struct iovec parts[BATCH];
    struct sockaddr_in to[DEVICES_MAX];
    socklen_t len = sizeof to[0];
    pthread_t receiver;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    uint8_t key[28] = {1};
    srtp_policy_t policy = {.ssrc = {.type = ssrc_any_outbound}, .key = key, .window_size = 1024};
    srtp_t seals[DEVICES_MAX];
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    for (size_t i = 0; i < run->count; i++) {
        to[i] = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = address};
        run->devices[i].fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        CHECK(bind(run->devices[i].fd, (struct sockaddr *)&to[i], sizeof to[i]) == 0 &&
              getsockname(run->devices[i].fd, (struct sockaddr *)&to[i], &len) == 0);
        CHECK(srtp_create(&seals[i], &policy) == srtp_err_status_ok);
    }
    CHECK(pthread_create(&receiver, NULL, receive, run) == 0);
    uint64_t began = now_ns(CLOCK_THREAD_CPUTIME_ID), sent = 0;
    uint64_t end = now_ns(CLOCK_MONOTONIC) + (uint64_t)run->seconds * 1000000000;
    for (uint32_t number = 0; now_ns(CLOCK_MONOTONIC) < end;) {
        for (size_t i = 0; i < BATCH; i++) {
            size_t which = sent % run->count;
            number += which == 0;
            int n = (int)packet_make(run, number, bytes[i]);
            CHECK(srtp_protect(seals[which], bytes[i], &n) == srtp_err_status_ok);
            parts[i] = (struct iovec){bytes[i], (size_t)n};
            heads[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i],
                                               .msg_iovlen = 1,
                                               .msg_name = &to[which],
                                               .msg_namelen = sizeof to[which]};
            sent++;
        }
        CHECK(sendmmsg(fd, heads, BATCH, 0) > 0);
    }
    uint64_t spent = now_ns(CLOCK_THREAD_CPUTIME_ID) - began;
    atomic_store(&run->has_ended, true);
    CHECK(pthread_join(receiver, NULL) == 0);
    printf("{\"sent\":%llu,\"cpu_us\":%.3f}\n", (unsigned long long)sent,
           (double)spent / 1000 / (double)sent);
}

/* -- Lines -- */

static void line_do(struct run *run, const struct mediapass *pass, char *line)
{
    char address[64], ufrag[64], password[64], username[128];
    unsigned port;
    struct sockaddr_in relay = {.sin_family = AF_INET};
    if (sscanf(line, "leg %63s %u %63s %63s", address, &port, ufrag, password) == 4 &&
        inet_pton(AF_INET, address, &relay.sin_addr) == 1 && run->count < DEVICES_MAX) {
        struct mediadevice *device = &run->devices[run->count];
        uint64_t began = now_ns(CLOCK_MONOTONIC);
        relay.sin_port = htons((uint16_t)port);
        (void)snprintf(username, sizeof username, "%s:" MEDIADEVICE_UFRAG, ufrag);
        bool good = mediadevice_join(device, pass, &relay, username, password);
        run->count += good;
        printf("%s %llu %s\n", good ? "joined" : "failed",
               (unsigned long long)(now_ns(CLOCK_MONOTONIC) - began) / 1000,
               good ? device->profile : "");
    } else if (sscanf(line, "go %u %u %u %u %u %u", &run->pps, &run->seconds, &run->bytes,
                      &run->ssrc, &run->payload_type, &run->extension) == 6) {
        CHECK(run->bytes >= TIME_BYTES && run->bytes <= PACKET_MAX - 100 && run->count > 0);
        go(run);
    }
}

int main(int argc, char **argv)
{
    static struct run run;
    struct mediapass pass;
    struct in_addr address;
    char line[256];
    setvbuf(stdout, NULL, _IOLBF, 0);
    CHECK(srtp_init() == srtp_err_status_ok && mediapass_init(&pass));
    if (argc == 6 && strcmp(argv[1], "floor") == 0 && inet_pton(AF_INET, argv[2], &address) == 1) {
        run.count = strtoul(argv[3], NULL, 10);
        run.seconds = (unsigned)strtoul(argv[4], NULL, 10);
        run.bytes = (unsigned)strtoul(argv[5], NULL, 10);
        run.payload_type = 96;
        CHECK(run.count > 0 && run.count <= DEVICES_MAX);
        CHECK(run.bytes >= TIME_BYTES && run.bytes <= PACKET_MAX - 100);
        floor_run(&run, address);
        return 0;
    }
    CHECK(argc == 1);
    printf("device " MEDIADEVICE_UFRAG " " MEDIADEVICE_PASSWORD " ");
    for (size_t i = 0; i < sizeof pass.fingerprint; i++) {
        printf("%02x", pass.fingerprint[i]);
    }
    puts("");
    while (fgets(line, sizeof line, stdin) != NULL) {
        line_do(&run, &pass, line);
    }
    return 0;
}
