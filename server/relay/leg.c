/* leg -- see leg.h. */
#include "relay/leg.h"

#include "base/check.h"

#include <sodium.h>
#include <string.h>

static void leg_check(const struct leg *leg)
{
    CHECK(leg->place_count <= LEG_TUPLES_MAX);
    CHECK((leg->state == LEG_OPEN) == (leg->srtp.in != NULL));
    CHECK((leg->state == LEG_NEW || leg->state == LEG_LOST) == (leg->place_count == 0));
    CHECK(leg->place_count == 0 || leg->chosen < leg->place_count);
}

static void state_set(struct leg *leg, enum leg_state state, uint64_t now_ms)
{
    leg->state = state;
    leg->since_ms = now_ms;
    leg->is_untold = state == LEG_OPEN || state == LEG_LOST;
    leg_check(leg);
}

static void send_now(void *context, struct slice datagram)
{
    struct leg *leg = context;
    if (leg->place_count == 0 || datagram.len > BATCH_BYTES_MAX) {
        return;
    }
    memcpy(batch_room(leg->batch), datagram.at, datagram.len);
    batch_add(leg->batch, &leg->places[leg->chosen].tuple, datagram.len);
}

bool leg_open(struct leg *leg, const struct leg_setup *setup, const struct dtls_identity *identity,
              struct batch *batch, struct table *tuples, uint64_t now_ms)
{
    *leg = (struct leg){.setup = *setup, .batch = batch, .tuples = tuples, .since_ms = now_ms};
    list_init(&leg->by_worker);
    return dtls_open(&leg->dtls, identity, setup->fingerprint, send_now, leg);
}

static void places_leave(struct leg *leg)
{
    for (size_t at = 0; at < leg->place_count; at++) {
        (void)table_remove(leg->tuples, &leg->places[at].tuple);
    }
    leg->place_count = 0;
    leg->chosen = 0;
}

void leg_lose(struct leg *leg, enum relay_reason reason, uint64_t now_ms)
{
    CHECK(leg->state != LEG_LOST);
    dtls_close(&leg->dtls);
    srtp_pair_close(&leg->srtp);
    places_leave(leg);
    leg->reason = reason;
    state_set(leg, LEG_LOST, now_ms);
}

void leg_close(struct leg *leg)
{
    dtls_close(&leg->dtls);
    srtp_pair_close(&leg->srtp);
    places_leave(leg);
    sodium_memzero(leg, sizeof *leg);
}

/* -- Checks -- */

bool leg_is_asked(const struct leg *leg, const struct stun_request *request)
{
    return leg->state != LEG_LOST && slice_equal(request->local, slice_of_text(leg->setup.ufrag)) &&
           slice_equal(request->remote, slice_of_text(leg->setup.remote_ufrag));
}

static size_t place_find(const struct leg *leg, const struct tuple *tuple)
{
    size_t at = 0;
    while (at < leg->place_count && !tuple_equal(&leg->places[at].tuple, tuple)) {
        at++;
    }
    return at;
}

/* The one that has been silent for longest gives way, but never the chosen one. */
static size_t place_to_give(const struct leg *leg)
{
    size_t oldest = leg->chosen == 0 ? 1 : 0;
    for (size_t at = 0; at < leg->place_count; at++) {
        if (at != leg->chosen && leg->places[at].seen_ms < leg->places[oldest].seen_ms) {
            oldest = at;
        }
    }
    return oldest;
}

/* False: another leg's. */
static bool place_add(struct leg *leg, const struct tuple *from)
{
    size_t at = leg->place_count;
    if (table_insert(leg->tuples, from, leg) != TABLE_OK) {
        return false;
    }
    if (at == LEG_TUPLES_MAX) {
        at = place_to_give(leg);
        (void)table_remove(leg->tuples, &leg->places[at].tuple);
    } else {
        leg->place_count++;
    }
    leg->places[at] = (struct leg_place){.tuple = *from};
    return true;
}

bool leg_on_check(struct leg *leg, const struct tuple *from, bool has_use_candidate,
                  uint64_t now_ms)
{
    CHECK(leg->state != LEG_LOST);
    if (place_find(leg, from) == leg->place_count && !place_add(leg, from)) {
        return false;
    }
    size_t at = place_find(leg, from);
    leg->places[at].seen_ms = now_ms;
    if (has_use_candidate || leg->state == LEG_NEW) {
        leg->chosen = at;
    }
    if (leg->state == LEG_NEW) {
        state_set(leg, LEG_REACHED, now_ms);
    }
    return true;
}

/* -- The handshake -- */

static void keys_take(struct leg *leg, uint64_t now_ms)
{
    struct srtp_keys keys;
    if (!dtls_keys(&leg->dtls, &keys)) {
        leg_lose(leg, RELAY_HANDSHAKE, now_ms);
    } else if (!srtp_pair_open(&leg->srtp, &keys)) {
        leg_lose(leg, RELAY_MEMORY, now_ms);
    } else {
        state_set(leg, LEG_OPEN, now_ms);
    }
}

static void handshake_follow(struct leg *leg, uint64_t now_ms)
{
    switch (leg->dtls.state) {
    case DTLS_SHAKING:
        break;
    case DTLS_OPEN:
        if (leg->state == LEG_REACHED) {
            keys_take(leg, now_ms);
        }
        break;
    case DTLS_REFUSED:
        leg_lose(leg, RELAY_FINGERPRINT, now_ms);
        break;
    case DTLS_FAILED:
        leg_lose(leg, RELAY_HANDSHAKE, now_ms);
        break;
    case DTLS_CLOSED:
        leg_lose(leg, RELAY_GOODBYE, now_ms);
        break;
    }
}

void leg_on_dtls(struct leg *leg, struct slice datagram, uint64_t now_ms)
{
    CHECK(leg->state == LEG_REACHED || leg->state == LEG_OPEN);
    dtls_take(&leg->dtls, datagram, now_ms);
    handshake_follow(leg, now_ms);
}

/* -- Time -- */

static size_t place_freshest(const struct leg *leg)
{
    size_t freshest = 0;
    for (size_t at = 1; at < leg->place_count; at++) {
        freshest = leg->places[at].seen_ms > leg->places[freshest].seen_ms ? at : freshest;
    }
    return freshest;
}

/* An address that has not asked for so long is sent nothing, and may become another leg's. When it
 * is the chosen one, media goes to the one that asked last. */
static void places_age(struct leg *leg, uint64_t consent_ms, uint64_t now_ms)
{
    const struct tuple chosen = leg->places[leg->chosen].tuple;
    size_t kept = 0;
    for (size_t at = 0; at < leg->place_count; at++) {
        if (now_ms - leg->places[at].seen_ms < consent_ms) {
            leg->places[kept++] = leg->places[at];
        } else {
            (void)table_remove(leg->tuples, &leg->places[at].tuple);
        }
    }
    leg->place_count = kept;
    leg->chosen = place_find(leg, &chosen);
    if (leg->chosen == kept) {
        leg->chosen = place_freshest(leg);
    }
    leg_check(leg);
}

static void consent_follow(struct leg *leg, uint64_t consent_ms, uint64_t now_ms)
{
    if (now_ms - leg->places[place_freshest(leg)].seen_ms >= consent_ms) {
        leg_lose(leg, RELAY_CONSENT, now_ms);
    } else {
        places_age(leg, consent_ms, now_ms);
    }
}

void leg_step(struct leg *leg, const struct leg_limits *limits, uint64_t now_ms)
{
    if (leg->state == LEG_LOST) {
        return;
    }
    if (leg->state == LEG_REACHED) {
        dtls_step(&leg->dtls, now_ms);
        handshake_follow(leg, now_ms);
    }
    if (leg->state == LEG_OPEN) {
        consent_follow(leg, limits->consent_ms, now_ms);
    } else if ((leg->state == LEG_NEW || leg->state == LEG_REACHED) &&
               now_ms - leg->since_ms >= limits->absent_ms) {
        leg_lose(leg, RELAY_ABSENT, now_ms);
    }
}

const struct tuple *leg_address(const struct leg *leg)
{
    CHECK(leg->state == LEG_OPEN);
    return &leg->places[leg->chosen].tuple;
}
