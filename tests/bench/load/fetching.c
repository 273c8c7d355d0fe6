/* fetching -- see fetching.h. */
#include "fetching.h"

#include "guest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { LIST = GUEST_PROVE + 1, FIRST_FETCH = 100, WAITING_MAX = 8 };

struct reading {
    struct guest guest;
    struct town town;
    struct wire_room_head *rooms;
    size_t room_count;
    uint64_t wanted, asked, answered, entries, bytes;
    uint64_t *asked_at;
    uint64_t began_at;
    struct spread spread;
    struct usage before, after;
    const struct crowd_wish *wish;
};

static void fetch_next(struct reading *reading)
{
    while (reading->asked < reading->wanted && reading->asked - reading->answered < WAITING_MAX) {
        uint64_t chance[2];
        suite_random(chance, sizeof chance);
        const struct wire_room_head *room = &reading->rooms[chance[0] % reading->room_count];
        struct msg_fetch fetch = {.request = FIRST_FETCH + reading->asked,
                                  .board = reading->town.board,
                                  .room = room->room,
                                  .after = chance[1] % room->seq,
                                  .limit = 50};
        reading->asked_at[reading->asked++] = now_ns();
        guest_say(&reading->guest, &message_fetch, &fetch);
    }
}

static void list(struct reading *reading, const struct id *after)
{
    struct msg_room_list message = {.request = LIST, .board = reading->town.board};
    if (after != NULL) {
        message.after = id_slice(after);
    }
    guest_say(&reading->guest, &message_room_list, &message);
}

static void on_ready(struct guest *guest)
{
    list((struct reading *)guest, NULL);
}

/* All rooms of the board, some pages of them. */
static void take_rooms(struct reading *reading, struct slice bytes)
{
    struct msg_rooms rooms;
    guest_read(&message_rooms, bytes, &rooms);
    while (rooms.rooms.len > 0) {
        reading->rooms = realloc(reading->rooms,
                                 (reading->room_count + 1) * sizeof *reading->rooms);
        if (reading->rooms == NULL || layout_next(&layout_room_head, &rooms.rooms,
                                                  &reading->rooms[reading->room_count]) != 0) {
            give_up("the list of rooms cannot be read");
        }
        reading->room_count++;
    }
    if (rooms.more) {
        list(reading, &reading->rooms[reading->room_count - 1].room);
    } else if (reading->room_count == 0) {
        give_up("the board has no rooms");
    } else {
        usage_read(reading->wish->servers, false, &reading->before);
        reading->began_at = now_ns();
        fetch_next(reading);
    }
}

static void take_entries(struct reading *reading, uint64_t request, struct slice bytes)
{
    struct msg_entries entries;
    struct wire_stored stored;
    guest_read(&message_entries, bytes, &entries);
    while (entries.entries.len > 0) {
        if (layout_next(&layout_stored, &entries.entries, &stored) != ENRUM_OK) {
            give_up("an entry cannot be read");
        }
        reading->entries++;
    }
    reading->bytes += bytes.len;
    reading->answered++;
    spread_add(&reading->spread, now_ns() - reading->asked_at[request - FIRST_FETCH]);
    fetch_next(reading);
}

static void on_message(struct guest *guest, uint64_t type, uint64_t request, struct slice bytes)
{
    struct reading *reading = (struct reading *)guest;
    if (type == MESSAGE_ROOMS) {
        take_rooms(reading, bytes);
    } else if (type == MESSAGE_ENTRIES) {
        take_entries(reading, request, bytes);
    } else if (type == MESSAGE_ERROR) {
        guest_is_refused(bytes);
    }
}

static void on_lost(struct guest *guest, const char *why)
{
    (void)guest;
    give_up("enrumd: %s", why);
}

static void reading_print(const struct reading *reading, double seconds)
{
    printf("{\"scenario\":\"fetch\",\"server\":\"enrum\",\"rooms\":%zu,\"fetches\":%" PRIu64
           ",\"fetches_per_s\":%.1f,\"entries_per_s\":%.1f,\"mb_per_s\":%.1f,\"fetch_p50_us\":%.1f,"
           "\"fetch_p99_us\":%.1f,\"cpu_us_per_fetched\":%.2f}\n",
           reading->room_count, reading->answered, (double)reading->answered / seconds,
           (double)reading->entries / seconds, (double)reading->bytes / 1e6 / seconds,
           spread_us(&reading->spread, 500), spread_us(&reading->spread, 990),
           (reading->after.cpu_s - reading->before.cpu_s) * 1e6 /
               (double)(reading->entries > 0 ? reading->entries : 1));
    fflush(stdout);
}

void fetching_run(const struct crowd_wish *wish, uint64_t fetches)
{
    static struct reading reading;
    struct loop loop;
    loop_init(&loop);
    reading.wish = wish;
    reading.wanted = fetches;
    reading.asked_at = calloc(fetches, sizeof *reading.asked_at);
    town_init(&reading.town);
    resident_keeper(&reading.guest.resident, &reading.town);
    reading.guest.town = &reading.town;
    reading.guest.ready = on_ready;
    reading.guest.message = on_message;
    reading.guest.lost = on_lost;
    guest_open(&reading.guest, &loop, wish->port, 0);
    while (reading.answered < fetches) {
        loop_step(&loop, 1000);
    }
    double seconds = (double)(now_ns() - reading.began_at) / 1e9;
    usage_read(wish->servers, false, &reading.after);
    reading_print(&reading, seconds);
    line_cut(&reading.guest.web.line);
    resident_fini(&reading.guest.resident);
    town_fini(&reading.town);
    free(reading.asked_at);
    free(reading.rooms);
    loop_fini(&loop);
}
