/* relay -- media between the legs of calls: the one way in for the rest of the program.
 * Every function is for one thread, the caller's; what it orders is done by the relay's own threads
 * and told as events. Nothing waits. The relay does not decide who hears whom, reads no SDP, and
 * cannot open what it carries: payloads are sealed end to end.
 *
 * A call stands on one worker. A leg is one device's transport in it: the caller opens it with what
 * the device's offer says, and gives the device the leg's ufrag, password, the relay's fingerprint
 * and address. A stream is one SSRC that a leg sends, with its RTX; a leg receives the streams that
 * it is subscribed to, each under the outgoing SSRC that the caller chose. One call's outgoing
 * SSRCs only grow, so that none is used twice: a second stream under one SSRC would begin its
 * numbers again under the same key.
 *
 * Ids are never given twice. Those of what was closed are "gone": orders for them are refused. */
#pragma once

#include "base/mailbox.h"
#include "relay/counts.h"

enum {
    RELAY_UFRAG_BYTES_MAX = 256, /* RFC 8839 */
    RELAY_FINGERPRINT_BYTES = 32,
    RELAY_STREAMS_PER_LEG_MAX = 4,
    RELAY_SUBSCRIBERS_MAX = 48, /* of one stream */
    RELAY_LOCAL_TEXT_BYTES = 32,
    RELAY_OWN_SSRC = 1, /* of its own reports; outgoing SSRCs of streams lie above */
};

enum relay_reason {
#define REASON(NAME, label, what) RELAY_##NAME,
#include "relay/reasons.def"
#undef REASON
};

enum relay_kind { RELAY_AUDIO, RELAY_VIDEO };

struct relay_options {
    const char *address;            /* of this machine, IPv4 or IPv6, in digits */
    uint16_t port;                  /* 0: the kernel chooses */
    unsigned workers;               /* 1 */
    uint32_t legs_max, streams_max; /* of each worker */
    uint32_t packets_max;           /* buffers of each worker */
    uint64_t absent_ms;             /* until a leg that has not connected is lost */
    uint64_t consent_ms;            /* until one that is silent is */
#ifdef ENRUM_RELAY_TAP
    const char *tap; /* a file for what the relay can read of what passes; NULL: none */
#endif
};

/* What a device's offer says. Texts are copied. */
struct relay_offer {
    const char *ufrag;
    uint8_t fingerprint[RELAY_FINGERPRINT_BYTES]; /* SHA-256 of its certificate */
};

/* What the device is told. */
struct relay_answer {
    uint64_t leg;
    char ufrag[RELAY_LOCAL_TEXT_BYTES], password[RELAY_LOCAL_TEXT_BYTES];
};

struct relay_stream {
    enum relay_kind kind;
    uint32_t ssrc, rtx_ssrc; /* rtx_ssrc 0: none */
    uint8_t payload_type, rtx_payload_type;
    uint8_t feedback_extension; /* the transport-wide number's id; 0: not negotiated */
    uint32_t clock_rate;
    uint32_t out_ssrc;
};

enum relay_event_type {
    RELAY_CONNECTED, /* media may flow */
    RELAY_LOST,      /* it will not any more; the caller still closes the leg */
};

struct relay_event {
    enum relay_event_type type;
    enum relay_reason reason;
    uint64_t call, leg;
};

struct relay;

/* Sizes that do for some hundred calls of a machine. */
struct relay_options relay_options_usual(void);
/* `events` takes struct relay_event, and must outlive the relay. Opens the sockets; NULL: no
 * memory, or the address cannot be had, and errno says why. */
struct relay *relay_new(const struct relay_options *options, struct mailbox *events);
/* False: a thread could not be made. */
bool relay_start(struct relay *relay);
/* Says goodbye to all legs and waits for the threads. May be called twice. */
void relay_stop(struct relay *relay);
void relay_free(struct relay *relay);

/* Of the certificate of all its legs. */
const uint8_t *relay_fingerprint(const struct relay *relay);
uint16_t relay_port(const struct relay *relay);
/* The sums of all workers, in the order of counters.def. */
void relay_counts(const struct relay *relay, uint64_t out[COUNTERS]);

/* Do so few orders wait that all that one device may want at once will be taken? */
bool relay_has_place(const struct relay *relay);
/* False, and nothing has happened: a limit is reached, an id is gone, or the worker has too many
 * orders waiting; these never make what ends something fail (close, unpublish). */
bool relay_call_open(struct relay *relay, uint64_t *call);
/* All its legs with it. */
bool relay_call_close(struct relay *relay, uint64_t call);
bool relay_leg_open(struct relay *relay, uint64_t call, const struct relay_offer *offer,
                    struct relay_answer *answer);
/* Its streams and subscriptions with it. */
bool relay_leg_close(struct relay *relay, uint64_t leg);
bool relay_publish(struct relay *relay, uint64_t leg, const struct relay_stream *wanted,
                   uint64_t *stream);
bool relay_unpublish(struct relay *relay, uint64_t stream);
/* A leg of the stream's call, not its own. Twice is once. Who comes back to a stream that has
 * meanwhile gone on by 2^15 packets hears nothing of it any more: its key's index could not follow.
 * The stream is then to be published anew. */
bool relay_subscribe(struct relay *relay, uint64_t leg, uint64_t stream);
bool relay_unsubscribe(struct relay *relay, uint64_t leg, uint64_t stream);
