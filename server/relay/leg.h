/* leg -- one device's transport: its addresses, its handshake, its keys.
 * Knows no streams and no other legs. What it sends goes through its worker's batch.
 * Thread: the worker that owns it.
 *
 *   NEW --[first authentic check]--> REACHED --[handshake, fingerprint]--> OPEN
 *    '-----------'-- absent, silent, refused, goodbye --'--> LOST (final)
 *   NEW:     has no address: nothing is sent.
 *   REACHED: an address is chosen; checks and DTLS are taken.
 *   OPEN:    there are keys; media is taken from any of its addresses, and sent to the chosen one.
 *   LOST:    has no address and no keys.
 *
 * As ICE-lite (RFC 8445) the relay only answers checks: who controls chooses the address by
 * USE-CANDIDATE, and an authentic check is consent of the address that it comes from, for a while
 * longer (RFC 7675). */
#pragma once

#include "base/list.h"
#include "base/table.h"
#include "relay/batch.h"
#include "relay/counts.h"
#include "relay/dtls.h"
#include "relay/relay.h"
#include "relay/srtp.h"
#include "relay/stun.h"

enum { LEG_TUPLES_MAX = 4 };

enum leg_state { LEG_NEW, LEG_REACHED, LEG_OPEN, LEG_LOST };

/* What the caller's thread has made up for it. */
struct leg_setup {
    uint64_t id, call;
    char ufrag[RELAY_LOCAL_TEXT_BYTES], password[RELAY_LOCAL_TEXT_BYTES];
    char remote_ufrag[RELAY_UFRAG_BYTES_MAX + 1];
    uint8_t fingerprint[DTLS_FINGERPRINT_BYTES];
};

struct leg_place {
    struct tuple tuple;
    uint64_t seen_ms; /* its last authentic check */
};

/* Must not move once opened. */
struct leg {
    struct leg_setup setup;
    enum leg_state state;
    enum relay_reason reason; /* in LEG_LOST */
    bool is_untold;           /* the last change of state is still to be told to the caller */
    uint64_t since_ms;        /* it is in its state */
    struct leg_place places[LEG_TUPLES_MAX];
    size_t place_count, chosen;
    struct dtls dtls;
    struct srtp_pair srtp;
    struct batch *batch;
    struct table *tuples; /* of all legs of the worker: from struct tuple to the leg */
    struct list by_worker;
};

/* How long is too long. */
struct leg_limits {
    uint64_t absent_ms, consent_ms;
};

/* False: no memory. */
bool leg_open(struct leg *leg, const struct leg_setup *setup, const struct dtls_identity *identity,
              struct batch *batch, struct table *tuples, uint64_t now_ms);
/* Goodbye, and wiped. */
void leg_close(struct leg *leg);
/* The same, but what is to be told of it stays. */
void leg_lose(struct leg *leg, enum relay_reason reason, uint64_t now_ms);

bool leg_is_asked(const struct leg *leg, const struct stun_request *request);
/* An authentic check without anything wrong came from there. False, and nothing has changed: the
 * address is another leg's, or there is no memory. One who forges another's address must not take
 * it over. */
bool leg_on_check(struct leg *leg, const struct tuple *from, bool has_use_candidate,
                  uint64_t now_ms);
void leg_on_dtls(struct leg *leg, struct slice datagram, uint64_t now_ms);
/* What time brings about. */
void leg_step(struct leg *leg, const struct leg_limits *limits, uint64_t now_ms);
/* In LEG_OPEN: where media goes. */
const struct tuple *leg_address(const struct leg *leg);
