/* relayhost -- server/relay alone, ordered by lines on standard input: for tests and measurements.
 *   relayhost [--address A] [--port N] [--workers N] [--absent MS] [--consent MS] [--tap FILE]
 *             [--legs N] [--streams N] [--packets N]
 * It says "relay PORT FINGERPRINT", then answers every line with one, in their order; numbers are
 * hexadecimal:
 *   call                                    -> call CALL
 *   leg CALL UFRAG FINGERPRINT              -> leg LEG UFRAG PASSWORD
 *   publish LEG KIND SSRC RTX PT RTXPT EXTENSION CLOCK OUT -> stream STREAM
 *   unpublish STREAM | subscribe LEG STREAM | unsubscribe LEG STREAM | close LEG | end CALL -> done
 *   counts                                  -> counts {"label":N,...}
 * or with "refused". Events come between: connected LEG, lost LEG REASON. Ends with its input. */
#include "relay/relay.h"

#include "base/check.h"

#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_BYTES_MAX = 1024, WORDS_MAX = 12, EVENTS_MAX = 8192 };

struct host {
    struct relay *relay;
    struct mailbox events;
    char line[LINE_BYTES_MAX];
    size_t line_len;
};

static uint64_t number(const char *text)
{
    char *end;
    uint64_t value = strtoull(text, &end, 16);
    if (*text == '\0' || *end != '\0') {
        fprintf(stderr, "relayhost: not a number: %s\n", text);
        exit(2);
    }
    return value;
}

static void hex_print(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        printf("%02x", bytes[i]);
    }
}

static bool hex_read(const char *text, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned byte;
        if (sscanf(text + 2 * i, "%2x", &byte) != 1) {
            return false;
        }
        out[i] = (uint8_t)byte;
    }
    return strlen(text) == 2 * len;
}

static void done(bool is_good)
{
    puts(is_good ? "done" : "refused");
}

/* -- Lines -- */

static void say_call(struct host *host)
{
    uint64_t call;
    if (relay_call_open(host->relay, &call)) {
        printf("call %" PRIx64 "\n", call);
    } else {
        done(false);
    }
}

static void say_leg(struct host *host, char **words)
{
    struct relay_offer offer = {.ufrag = words[2]};
    struct relay_answer answer;
    if (hex_read(words[3], offer.fingerprint, sizeof offer.fingerprint) &&
        relay_leg_open(host->relay, number(words[1]), &offer, &answer)) {
        printf("leg %" PRIx64 " %s %s\n", answer.leg, answer.ufrag, answer.password);
    } else {
        done(false);
    }
}

static void say_stream(struct host *host, char **words)
{
    const struct relay_stream wanted = {
        .kind = strcmp(words[2], "audio") == 0 ? RELAY_AUDIO : RELAY_VIDEO,
        .ssrc = (uint32_t)number(words[3]),
        .rtx_ssrc = (uint32_t)number(words[4]),
        .payload_type = (uint8_t)number(words[5]),
        .rtx_payload_type = (uint8_t)number(words[6]),
        .feedback_extension = (uint8_t)number(words[7]),
        .clock_rate = (uint32_t)number(words[8]),
        .out_ssrc = (uint32_t)number(words[9]),
    };
    uint64_t stream;
    if (relay_publish(host->relay, number(words[1]), &wanted, &stream)) {
        printf("stream %" PRIx64 "\n", stream);
    } else {
        done(false);
    }
}

static void say_counts(struct host *host)
{
    static const char *const labels[] = {
#define COUNTER(NAME, label, what) #label,
#include "relay/counters.def"
#undef COUNTER
    };
    uint64_t counts[COUNTERS];
    relay_counts(host->relay, counts);
    printf("counts {");
    for (size_t i = 0; i < COUNTERS; i++) {
        printf("%s\"%s\":%" PRIu64, i > 0 ? "," : "", labels[i], counts[i]);
    }
    puts("}");
}

/* Lines that are answered by "done" or "refused". */
static bool order(struct host *host, char **words, size_t n)
{
    const char *what = words[0];
    uint64_t first = n > 1 ? number(words[1]) : 0, second = n > 2 ? number(words[2]) : 0;
    if (strcmp(what, "subscribe") == 0) {
        return relay_subscribe(host->relay, first, second);
    }
    if (strcmp(what, "unsubscribe") == 0) {
        return relay_unsubscribe(host->relay, first, second);
    }
    if (strcmp(what, "unpublish") == 0) {
        return relay_unpublish(host->relay, first);
    }
    if (strcmp(what, "close") == 0) {
        return relay_leg_close(host->relay, first);
    }
    if (strcmp(what, "end") == 0) {
        return relay_call_close(host->relay, first);
    }
    fprintf(stderr, "relayhost: what is \"%s\"?\n", what);
    exit(2);
}

static void line_do(struct host *host)
{
    char *words[WORDS_MAX] = {NULL}, *rest = host->line, *word;
    size_t n = 0;
    while (n < WORDS_MAX && (word = strtok_r(n == 0 ? host->line : NULL, " ", &rest)) != NULL) {
        words[n++] = word;
    }
    if (n == 0) {
        return;
    }
    if (strcmp(words[0], "call") == 0) {
        say_call(host);
    } else if (strcmp(words[0], "leg") == 0 && n == 4) {
        say_leg(host, words);
    } else if (strcmp(words[0], "publish") == 0 && n == 10) {
        say_stream(host, words);
    } else if (strcmp(words[0], "counts") == 0) {
        say_counts(host);
    } else {
        done(order(host, words, n));
    }
}

/* False: the input has ended. */
static bool input_take(struct host *host)
{
    char bytes[4096];
    ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] == '\n') {
            host->line[host->line_len] = '\0';
            host->line_len = 0;
            line_do(host);
        } else if (host->line_len < LINE_BYTES_MAX - 1) {
            host->line[host->line_len++] = bytes[i];
        }
    }
    return n > 0;
}

static void events_take(struct host *host)
{
    static const char *const reasons[] = {
#define REASON(NAME, label, what) #label,
#include "relay/reasons.def"
#undef REASON
    };
    void *items = NULL;
    size_t n = 0;
    if (!mailbox_take_all(&host->events, 0, &items, &n)) {
        return;
    }
    const struct relay_event *events = items;
    for (size_t i = 0; i < n; i++) {
        if (events[i].type == RELAY_CONNECTED) {
            printf("connected %" PRIx64 "\n", events[i].leg);
        } else {
            printf("lost %" PRIx64 " %s\n", events[i].leg, reasons[events[i].reason]);
        }
    }
}

static void loop(struct host *host)
{
    struct pollfd waiting[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                               {.fd = mailbox_wake_fd(&host->events), .events = POLLIN}};
    bool goes_on = true;
    while (goes_on && poll(waiting, 2, -1) >= 0) {
        if (waiting[1].revents != 0) {
            events_take(host);
        }
        if (waiting[0].revents != 0) {
            goes_on = input_take(host);
        }
    }
}

/* -- Start -- */

static struct relay_options options_read(int argc, char **argv)
{
    static const struct option names[] = {
        {"address", required_argument, NULL, 'a'}, {"port", required_argument, NULL, 'p'},
        {"workers", required_argument, NULL, 'w'}, {"absent", required_argument, NULL, 'b'},
        {"consent", required_argument, NULL, 'c'}, {"tap", required_argument, NULL, 't'},
        {"legs", required_argument, NULL, 'l'},    {"streams", required_argument, NULL, 's'},
        {"packets", required_argument, NULL, 'k'}, {NULL, 0, NULL, 0}};
    struct relay_options options = relay_options_usual();
    int name;
    while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
        unsigned long value = optarg != NULL ? strtoul(optarg, NULL, 10) : 0;
        switch (name) {
        case 'a':
            options.address = optarg;
            break;
        case 'p':
            options.port = (uint16_t)value;
            break;
        case 'w':
            options.workers = (unsigned)value;
            break;
        case 'b':
            options.absent_ms = value;
            break;
        case 'c':
            options.consent_ms = value;
            break;
        case 't':
#ifdef ENRUM_RELAY_TAP
            options.tap = optarg;
            break;
#else
            fputs("relayhost: this build has no tap\n", stderr);
            exit(2);
#endif
        case 'l':
            options.legs_max = (uint32_t)value;
            break;
        case 's':
            options.streams_max = (uint32_t)value;
            break;
        case 'k':
            options.packets_max = (uint32_t)value;
            break;
        default:
            exit(2);
        }
    }
    return options;
}

int main(int argc, char **argv)
{
    static struct host host;
    const struct relay_options options = options_read(argc, argv);
    setvbuf(stdout, NULL, _IOLBF, 0);
    CHECK(mailbox_init(&host.events, sizeof(struct relay_event), EVENTS_MAX, true));
    host.relay = relay_new(&options, &host.events);
    if (host.relay == NULL || !relay_start(host.relay)) {
        perror("relayhost");
        return 1;
    }
    printf("relay %x ", relay_port(host.relay));
    hex_print(relay_fingerprint(host.relay), RELAY_FINGERPRINT_BYTES);
    puts("");
    loop(&host);
    relay_free(host.relay);
    mailbox_fini(&host.events);
    return 0;
}
