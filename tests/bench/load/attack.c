/* attack -- see attack.h. */
#include "attack.h"

#include "guest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Their devices, and the loopback addresses that they come from, are nobody else's. */
enum { FIRST_RESIDENT = 1000000, FIRST_NUMBER = 100000, GARBAGE_BYTES = 200, ASKED_AT_ONCE = 64 };

struct attack;

struct attacker {
    struct guest guest;
    struct attack *attack;
    size_t index;
    bool is_gone;         /* comes again in the next round */
    struct buffer forged; /* an APPEND */
};

struct attack {
    void (*strike)(struct attacker *attacker);
    bool proves; /* strikes when its device is proved; else as soon as the WebSocket is up */
    uint16_t port;
    struct loop loop;
    struct town town;
    uint64_t strikes, connections, refusals;
};

/* -- What they do -- */

static void strike_and_go(struct attacker *attacker)
{
    attacker->attack->strikes++;
    attacker->is_gone = true;
}

static void strike_garbage(struct attacker *attacker)
{
    uint8_t garbage[GARBAGE_BYTES];
    suite_random(garbage, sizeof garbage);
    garbage[0] = 0xc1; /* no MessagePack begins so */
    attacker->attack->strikes++;
    webline_send(&attacker->guest.web, slice_of(garbage, sizeof garbage), false);
}

static void strike_forged(struct attacker *attacker)
{
    attacker->attack->strikes++;
    webline_send(&attacker->guest.web, buffer_slice(&attacker->forged), false);
}

static void strike_deaf(struct attacker *attacker)
{
    struct line *line = &attacker->guest.web.line;
    struct msg_board_get get = {.request = 100, .board = attacker->attack->town.board};
    line->is_deaf = true;
    for (int i = 0; i < ASKED_AT_ONCE && line->out.len == 0 && line->state == LINE_OPEN; i++) {
        attacker->attack->strikes++;
        guest_say(&attacker->guest, &message_board_get, &get);
    }
}

static const struct {
    const char *name;
    void (*strike)(struct attacker *attacker);
    bool proves;
} kinds[] = {{"handshakes", strike_and_go, false},
             {"garbage", strike_garbage, false},
             {"forged", strike_forged, true},
             {"deaf", strike_deaf, true}};

/* -- Coming and going -- */

static void on_ready(struct guest *guest)
{
    struct attacker *attacker = (struct attacker *)guest;
    attacker->attack->strike(attacker);
}

static void on_message(struct guest *guest, uint64_t type, uint64_t request, struct slice bytes)
{
    struct attacker *attacker = (struct attacker *)guest;
    (void)request, (void)bytes;
    attacker->attack->refusals += type == MESSAGE_ERROR;
    attacker->attack->strike(attacker);
}

static void on_up(struct webline *web)
{
    on_ready((struct guest *)web);
}

static void on_lost(struct guest *guest, const char *why)
{
    (void)why;
    ((struct attacker *)guest)->is_gone = true;
}

static void attacker_open(struct attacker *attacker)
{
    struct guest *guest = &attacker->guest;
    attacker->is_gone = false;
    attacker->attack->connections++;
    guest->town = &attacker->attack->town;
    guest->ready = on_ready;
    guest->message = on_message;
    guest->lost = on_lost;
    guest->web.line.is_deaf = false;
    guest_open(guest, &attacker->attack->loop, attacker->attack->port,
               FIRST_NUMBER + attacker->index);
    if (!attacker->attack->proves) {
        guest->web.up = on_up;
    }
}

/* As many entries as fit into one append, well-formed in all but the last byte of the last one's
 * signature: all must be checked before it can be refused. */
static void forged_make(struct attacker *attacker)
{
    const struct town *town = &attacker->attack->town;
    struct town_room room = {0};
    struct buffer entries;
    buffer_init(&entries, FRAME_BYTES_MAX);
    buffer_init(&attacker->forged, FRAME_BYTES_MAX);
    town_room_init(&room, town);
    for (uint64_t n = 1; n <= ENTRIES_PER_APPEND_MAX; n++) {
        town_room_entry(&room, &attacker->guest.resident, n, slice_of_text("falskt"), &entries);
    }
    entries.at[entries.len - 1] ^= 1;
    struct msg_append append = {
        .request = 100, .board = town->board, .room = room.room, .entries = buffer_slice(&entries)};
    if (layout_encode(&message_append, &append, &attacker->forged) != ENRUM_OK) {
        give_up("an append cannot be encoded");
    }
    buffer_fini(&entries);
}

static void round_step(struct attack *attack, struct attacker *attackers, size_t count)
{
    loop_step(&attack->loop, 10);
    for (size_t i = 0; i < count; i++) {
        if (attackers[i].is_gone) {
            line_cut(&attackers[i].guest.web.line);
            attacker_open(&attackers[i]);
        } else if (attackers[i].guest.web.line.is_deaf) {
            strike_deaf(&attackers[i]);
        }
    }
}

static struct attacker *attackers_make(struct attack *attack, size_t count)
{
    struct attacker *attackers = calloc(count, sizeof *attackers);
    for (size_t i = 0; i < count; i++) {
        attackers[i].attack = attack;
        attackers[i].index = i;
        resident_init(&attackers[i].guest.resident, &attack->town, FIRST_RESIDENT + i);
        forged_make(&attackers[i]);
    }
    return attackers;
}

static void attackers_free(struct attacker *attackers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        line_cut(&attackers[i].guest.web.line);
        resident_fini(&attackers[i].guest.resident);
        buffer_fini(&attackers[i].forged);
    }
    free(attackers);
}

static void kind_choose(struct attack *attack, const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            attack->strike = kinds[i].strike;
            attack->proves = kinds[i].proves;
            return;
        }
    }
    give_up("there is no attack \"%s\"", name);
}

void attack_run(const struct crowd_wish *wish, const char *kind)
{
    struct attack attack = {.port = wish->port};
    kind_choose(&attack, kind);
    loop_init(&attack.loop);
    town_init(&attack.town);
    struct attacker *attackers = attackers_make(&attack, wish->writers);
    uint64_t began = now_ns(), end = began + (uint64_t)(wish->window_s * 1e9);
    for (size_t i = 0; i < wish->writers; i++) {
        attacker_open(&attackers[i]);
    }
    while (now_ns() < end) {
        round_step(&attack, attackers, wish->writers);
    }
    double seconds = (double)(now_ns() - began) / 1e9;
    printf("{\"scenario\":\"attack\",\"kind\":\"%s\",\"attackers\":%zu,\"strikes_per_s\":%.1f,"
           "\"connections_per_s\":%.1f,\"refusals_per_s\":%.1f}\n",
           kind, wish->writers, (double)attack.strikes / seconds,
           (double)attack.connections / seconds, (double)attack.refusals / seconds);
    attackers_free(attackers, wish->writers);
    town_fini(&attack.town);
    loop_fini(&attack.loop);
}
