/* crowd -- see crowd.h. */
#include "crowd.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPENING_MAX = 64, STEP_MS = 20, NUMBER_DIGITS = 8, SLOW_FACTOR = 10 };

static const uint64_t patience_ns = UINT64_C(120) * 1000000000;

/* -- Bodies -- */

void body_fill(size_t seat, uint64_t n, char out[BODY_BYTES])
{
    char numbers[2 * NUMBER_DIGITS + 1];
    snprintf(numbers, sizeof numbers, "%08zu%08" PRIu64, seat % 100000000, n % 100000000);
    memcpy(out, numbers, 2 * NUMBER_DIGITS);
    for (size_t i = 2 * NUMBER_DIGITS; i < BODY_BYTES; i++) {
        out[i] = (char)('a' + (seat * 7 + n * 13 + i * i) % 26);
    }
}

static bool number_read(const uint8_t *digits, uint64_t *out)
{
    *out = 0;
    for (int i = 0; i < NUMBER_DIGITS; i++) {
        if (digits[i] < '0' || digits[i] > '9') {
            return false;
        }
        *out = *out * 10 + (uint64_t)(digits[i] - '0');
    }
    return true;
}

bool body_read(struct slice body, size_t *seat, uint64_t *n)
{
    uint64_t number = 0;
    if (body.len != BODY_BYTES || !number_read(body.at, &number) ||
        !number_read(body.at + NUMBER_DIGITS, n)) {
        return false;
    }
    *seat = (size_t)number;
    return true;
}

/* -- What talkers tell -- */

static void write_next(struct seat *seat)
{
    struct crowd *crowd = seat->crowd;
    if (!crowd->writes || !seat->is_writer) {
        return;
    }
    if (seat->sent == crowd->per_writer) {
        crowd->is_exhausted = true;
        return;
    }
    uint64_t n = ++seat->sent;
    crowd->sent++;
    seat->sent_at[n] = now_ns();
    crowd->wish.talker->append(seat, n);
}

void seat_ready(struct seat *seat)
{
    if (!seat->is_ready) {
        seat->is_ready = true;
        seat->crowd->ready++;
    }
}

static bool window_holds(const struct crowd *crowd, uint64_t at)
{
    return crowd->began_at != 0 && at >= crowd->began_at && crowd->ended_at == 0;
}

void seat_acked(struct seat *seat, uint64_t n)
{
    struct crowd *crowd = seat->crowd;
    uint64_t now = now_ns();
    if (n != seat->acked + 1 || n > seat->sent) {
        give_up("%s acknowledged entry %" PRIu64 " behind %" PRIu64, crowd->wish.talker->name, n,
                seat->acked);
    }
    seat->acked = n;
    crowd->acked++;
    if (window_holds(crowd, now)) {
        crowd->window_acked++;
        spread_add(&crowd->ack, now - seat->sent_at[n]);
    }
    write_next(seat);
}

void seat_delivered(struct seat *seat, size_t writer, uint64_t n)
{
    struct crowd *crowd = seat->crowd;
    uint64_t now = now_ns();
    if (writer >= crowd->seat_count || crowd->seats[writer].room != seat->room || n == 0 ||
        n > crowd->seats[writer].sent) {
        give_up("%s delivered what nobody wrote here", crowd->wish.talker->name);
    }
    seat->delivered++;
    crowd->delivered++;
    if (window_holds(crowd, now)) {
        crowd->window_delivered++;
        spread_add(&crowd->delivery, now - crowd->seats[writer].sent_at[n]);
    }
}

void seat_lost(struct seat *seat, const char *why)
{
    struct crowd *crowd = seat->crowd;
    if (!crowd->is_returning) {
        give_up("%s, client %zu: %s", crowd->wish.talker->name, seat->index, why);
    }
    crowd->lost++;
    crowd->lost_why = why;
    crowd->wish.talker->reopen(seat);
}

/* -- Steps -- */

/* Seats take their turns, so that each has had one when TICK_S have passed. */
void crowd_step(struct crowd *crowd, int wait_ms)
{
    loop_step(&crowd->loop, wait_ms);
    uint64_t now = now_ns(), each = TICK_S * UINT64_C(1000000000) / crowd->seat_count;
    for (size_t i = 0; i < crowd->seat_count && now - crowd->ticked_at > each; i++) {
        struct seat *seat = &crowd->seats[crowd->tick_next++ % crowd->seat_count];
        crowd->ticked_at += each;
        if (crowd->wish.talker->tick != NULL && seat->is_ready) {
            crowd->wish.talker->tick(seat);
        }
    }
}

static void seats_make(struct crowd *crowd)
{
    const struct crowd_wish *wish = &crowd->wish;
    size_t needed = wish->writers > wish->seats ? wish->writers : wish->seats;
    crowd->room_count = (needed + wish->fanout - 1) / wish->fanout;
    crowd->seat_count = crowd->room_count * wish->fanout;
    crowd->per_writer = wish->writers > 0 ? wish->entries / wish->writers : 0;
    crowd->seats = calloc(crowd->seat_count, sizeof *crowd->seats);
    for (size_t i = 0; i < crowd->seat_count; i++) {
        struct seat *seat = &crowd->seats[i];
        seat->crowd = crowd;
        seat->index = i;
        /* Writers are spread over the rooms: one in each, then a second one in each ... */
        seat->room = i % crowd->room_count;
        seat->is_writer = i < wish->writers;
        if (seat->is_writer) {
            seat->sent_at = calloc(crowd->per_writer + 1, sizeof *seat->sent_at);
        }
    }
}

void crowd_gather(struct crowd *crowd, const struct crowd_wish *wish)
{
    *crowd = (struct crowd){.wish = *wish};
    loop_init(&crowd->loop);
    seats_make(crowd);
    wish->talker->found(crowd);
    crowd->ticked_at = now_ns();
    uint64_t last = now_ns();
    for (size_t before = 0; crowd->ready < crowd->seat_count;) {
        while (crowd->opened < crowd->seat_count && crowd->opened - crowd->ready < OPENING_MAX) {
            wish->talker->open(&crowd->seats[crowd->opened++]);
        }
        crowd_step(crowd, STEP_MS);
        last = crowd->ready > before ? now_ns() : last;
        before = crowd->ready;
        if (now_ns() - last > patience_ns) {
            give_up("%zu of %zu clients of %s are ready, and no more come", crowd->ready,
                    crowd->seat_count, wish->talker->name);
        }
    }
    wish->talker->prepare(crowd);
}

/* For so long; and, with a slow server, until so many have been acknowledged, but not without end.
 */
static void run_for(struct crowd *crowd, double seconds, uint64_t acked)
{
    uint64_t began = now_ns(), end = began + (uint64_t)(seconds * 1e9),
             latest = began + (uint64_t)(seconds * 1e9) * SLOW_FACTOR;
    for (uint64_t now = began;
         !crowd->is_exhausted && (now < end || (crowd->acked < acked && now < latest));
         now = now_ns()) {
        loop_step(&crowd->loop, STEP_MS);
    }
}

bool crowd_is_settled(const struct crowd *crowd)
{
    return crowd->acked == crowd->sent && crowd->delivered == crowd->sent * crowd->wish.fanout;
}

void crowd_write(struct crowd *crowd)
{
    crowd->writes = true;
    for (size_t i = 0; i < crowd->seat_count; i++) {
        write_next(&crowd->seats[i]);
    }
    run_for(crowd, crowd->wish.warm_s, crowd->wish.writers);
    usage_read(crowd->wish.servers, false, &crowd->before);
    crowd->began_at = now_ns();
    run_for(crowd, crowd->wish.window_s, crowd->acked + 2 * crowd->wish.writers);
    crowd->ended_at = now_ns();
    usage_read(crowd->wish.servers, true, &crowd->after);
    crowd->writes = false;
    uint64_t end = now_ns() + patience_ns;
    while (!crowd_is_settled(crowd) && now_ns() < end) {
        crowd_step(crowd, STEP_MS);
    }
}

void crowd_write_out(struct crowd *crowd)
{
    uint64_t owed = crowd->per_writer * crowd->wish.writers;
    crowd->writes = true;
    for (size_t i = 0; i < crowd->seat_count; i++) {
        write_next(&crowd->seats[i]);
    }
    while (crowd->acked < owed) {
        crowd_step(crowd, STEP_MS);
    }
    crowd->writes = false;
}

void crowd_part(struct crowd *crowd)
{
    for (size_t i = 0; i < crowd->seat_count; i++) {
        crowd->wish.talker->close(&crowd->seats[i]);
        free(crowd->seats[i].sent_at);
    }
    crowd->wish.talker->end(crowd);
    free(crowd->seats);
    loop_fini(&crowd->loop);
}

static double per(double amount, uint64_t count)
{
    return count > 0 ? amount / (double)count : 0;
}

void crowd_print(const struct crowd *crowd, const char *scenario)
{
    double seconds = (double)(crowd->ended_at - crowd->began_at) / 1e9,
           cpu_us = (crowd->after.cpu_s - crowd->before.cpu_s) * 1e6;
    uint64_t owed = crowd->sent * crowd->wish.fanout;
    printf("{\"scenario\":\"%s\",\"server\":\"%s\",\"clients\":%zu,\"fanout\":%zu,\"rooms\":%zu,"
           "\"connected\":%zu,\"seconds\":%.3f,\"appends\":%" PRIu64 ",\"appends_per_s\":%.1f,"
           "\"ack_p50_us\":%.1f,\"ack_p99_us\":%.1f,\"deliveries_per_s\":%.1f,"
           "\"delivery_p50_us\":%.1f,\"delivery_p99_us\":%.1f,\"cpu_us_per_append\":%.2f,"
           "\"cpu_us_per_delivery\":%.3f,\"rss_kb\":%" PRIu64 ",\"pss_kb\":%" PRIu64
           ",\"processes\":%u,\"acked_of_sent\":%.6f,\"delivered_of_owed\":%.6f}\n",
           scenario, crowd->wish.talker->name, crowd->wish.writers, crowd->wish.fanout,
           crowd->room_count, crowd->seat_count, seconds, crowd->window_acked,
           per((double)crowd->window_acked, 1) / seconds, spread_us(&crowd->ack, 500),
           spread_us(&crowd->ack, 990), (double)crowd->window_delivered / seconds,
           spread_us(&crowd->delivery, 500), spread_us(&crowd->delivery, 990),
           per(cpu_us, crowd->window_acked), per(cpu_us, crowd->window_delivered),
           crowd->after.rss_kb, crowd->after.pss_kb, crowd->after.processes,
           crowd->sent > 0 ? (double)crowd->acked / (double)crowd->sent : 1,
           owed > 0 ? (double)crowd->delivered / (double)owed : 1);
    fflush(stdout);
}
