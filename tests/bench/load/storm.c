/* storm -- see storm.h. */
#include "storm.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const uint64_t patience_ns = UINT64_C(300) * 1000000000;

static void others_cut(struct crowd *crowd)
{
    for (size_t i = crowd->wish.writers; i < crowd->seat_count; i++) {
        crowd->seats[i].is_ready = false;
        crowd->ready--;
        crowd->wish.talker->cut(&crowd->seats[i]);
    }
}

static void others_reopen(struct crowd *crowd)
{
    crowd->is_returning = true;
    for (size_t i = crowd->wish.writers; i < crowd->seat_count; i++) {
        crowd->wish.talker->reopen(&crowd->seats[i]);
    }
}

/* Notes for each seat that has everything now when that was. */
static void arrivals_note(struct crowd *crowd, uint64_t owed, uint64_t began, bool *has_all,
                          struct spread *back)
{
    for (size_t i = crowd->wish.writers; i < crowd->seat_count; i++) {
        if (!has_all[i] && crowd->seats[i].delivered == owed) {
            has_all[i] = true;
            spread_add(back, now_ns() - began);
        }
    }
}

static void storm_print(const struct crowd *crowd, uint64_t unread, const struct spread *back,
                        double seconds)
{
    size_t cut = crowd->seat_count - crowd->wish.writers;
    printf("{\"scenario\":\"storm\",\"server\":\"%s\",\"cut\":%zu,\"rooms\":%zu,"
           "\"unread_each\":%" PRIu64 ",\"last_s\":%.2f,\"p50_s\":%.2f,\"p99_s\":%.2f,"
           "\"cpu_us_per_client\":%.1f,\"lost_again\":%zu,\"lost_why\":\"%s\",\"pss_kb\":%" PRIu64
           "}\n",
           crowd->wish.talker->name, cut, crowd->room_count, unread, seconds,
           spread_us(back, 500) / 1e6, spread_us(back, 990) / 1e6,
           (crowd->after.cpu_s - crowd->before.cpu_s) * 1e6 / (double)cut, crowd->lost,
           crowd->lost_why != NULL ? crowd->lost_why : "", crowd->after.pss_kb);
    fflush(stdout);
}

void storm_run(const struct crowd_wish *wish, uint64_t unread)
{
    static struct spread back;
    struct crowd crowd;
    struct crowd_wish all = *wish;
    all.entries = unread * wish->writers;
    all.warm_s = 0;
    all.window_s = (double)patience_ns / 1e9;
    if (all.talker->cut == NULL || all.talker->reopen == NULL) {
        give_up("the clients of %s do not come back", all.talker->name);
    }
    crowd_gather(&crowd, &all);
    others_cut(&crowd);
    crowd_write_out(&crowd);
    bool *has_all = calloc(crowd.seat_count, sizeof *has_all);
    uint64_t writers_of_room = wish->writers / crowd.room_count, owed = unread * writers_of_room;
    usage_read(wish->servers, false, &crowd.before);
    uint64_t began = now_ns();
    others_reopen(&crowd);
    while (!crowd_is_settled(&crowd) && now_ns() - began < patience_ns) {
        crowd_step(&crowd, 10);
        arrivals_note(&crowd, owed, began, has_all, &back);
    }
    if (!crowd_is_settled(&crowd)) {
        give_up("not all have come back");
    }
    double seconds = (double)(now_ns() - began) / 1e9;
    usage_read(wish->servers, true, &crowd.after);
    storm_print(&crowd, unread, &back, seconds);
    free(has_all);
    crowd_part(&crowd);
}
