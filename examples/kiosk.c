/* kiosk -- a kiosk in a municipality's hall, where somebody who has logged in writes:
 *     cc -o kiosk kiosk.c $(pkg-config --cflags --libs enrum)
 *     enrum --home HOME --board board.json login      once; the e-ID is a browser's work
 *     ./kiosk HOME new TITLE TEXT                     opens a conversation; prints its room
 *     ./kiosk HOME ROOM TEXT                          goes on with it
 * Ends with 0 when the host has what was written on its disk, and has signed for it; prints under
 * which number. Without a network it waits a minute; then the text is kept, sealed in HOME, and
 * goes with the next call. CA=FILE in the environment: the authority of the host's certificate. */
#include <enrum.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATIENCE_S = 60, STEP_MS = 100 };

struct kiosk {
    struct enrum *enrum;
    struct id room;
    uint64_t outbox; /* of the text */
    bool is_ready, is_current, is_sent;
    uint64_t seq;
    enum enrum_err err; /* the first thing that went wrong for good */
};

static void on_event(void *context, const struct enrum_event *event)
{
    struct kiosk *kiosk = context;
    bool is_this = id_equal(&event->room, &kiosk->room);
    if (event->type == ENRUM_EVENT_STATE) {
        kiosk->is_ready = event->state == ENRUM_READY;
    } else if (event->type == ENRUM_EVENT_UP_TO_DATE && is_this) {
        kiosk->is_current = true;
        kiosk->err = event->err;
    } else if (event->type == ENRUM_EVENT_MOVED && is_this) {
        kiosk->room = event->moved_to;
    } else if (event->type == ENRUM_EVENT_SENT && event->outbox == kiosk->outbox) {
        kiosk->is_sent = true;
        kiosk->seq = event->seq;
    } else if (event->type == ENRUM_EVENT_NOT_SENT && event->outbox == kiosk->outbox) {
        kiosk->err = event->err;
    } else if (event->type == ENRUM_EVENT_WARNING) {
        /* Somebody cheats: nothing more is written there. */
        kiosk->err = event->err;
    }
}

/* Steps until *done, or something is wrong, or a minute has passed. */
static enum enrum_err wait_for(struct kiosk *kiosk, const bool *done)
{
    time_t end = time(NULL) + PATIENCE_S;
    while (!*done && kiosk->err == ENRUM_OK) {
        if (time(NULL) > end) {
            return ENRUM_TIMEOUT;
        }
        enrum_step(kiosk->enrum, STEP_MS);
    }
    return kiosk->err;
}

/* Who the keepers are may still be on its way when the connection is there. */
static enum enrum_err room_new(struct kiosk *kiosk, const char *title)
{
    time_t end = time(NULL) + PATIENCE_S;
    enum enrum_err err = enrum_room_new(kiosk->enrum, title, &kiosk->room);
    while (err == ENRUM_KEEPER_AWAY && time(NULL) <= end) {
        enrum_step(kiosk->enrum, STEP_MS);
        err = enrum_room_new(kiosk->enrum, title, &kiosk->room);
    }
    return err;
}

/* What stands in the room is read, and checked, before one writes behind it. */
static enum enrum_err room_continue(struct kiosk *kiosk, const char *hex)
{
    if (!id_of_hex(hex, &kiosk->room)) {
        return ENRUM_ROOM_UNKNOWN;
    }
    enum enrum_err err = enrum_follow(kiosk->enrum, &kiosk->room);
    return err == ENRUM_OK ? wait_for(kiosk, &kiosk->is_current) : err;
}

static enum enrum_err kiosk_write(struct kiosk *kiosk, char **words, int count)
{
    enum enrum_err err = wait_for(kiosk, &kiosk->is_ready);
    if (err == ENRUM_OK) {
        err = count == 3 ? room_new(kiosk, words[1]) : room_continue(kiosk, words[0]);
    }
    if (err == ENRUM_OK) {
        err = enrum_send_text(kiosk->enrum, &kiosk->room, words[count - 1], &kiosk->outbox);
    }
    return err == ENRUM_OK ? wait_for(kiosk, &kiosk->is_sent) : err;
}

int main(int argc, char **argv)
{
    struct kiosk kiosk = {.err = ENRUM_OK};
    bool is_new = argc == 5 && strcmp(argv[2], "new") == 0;
    if (!is_new && argc != 4) {
        fprintf(stderr, "usage: kiosk HOME new TITLE TEXT | kiosk HOME ROOM TEXT\n");
        return 2;
    }
    struct enrum_options options = {.home = argv[1],
                                    .ca_file = getenv("CA"),
                                    .software = "kiosk/1",
                                    .on_event = on_event,
                                    .context = &kiosk};
    enum enrum_err err = enrum_open(&options, &kiosk.enrum);
    if (err == ENRUM_OK) {
        err = kiosk_write(&kiosk, argv + 2, argc - 2);
        enrum_close(kiosk.enrum);
    }
    if (err != ENRUM_OK) {
        fprintf(stderr, "kiosk: %s (%s)\n", error_sentence(err, false), error_name(err));
        return 1;
    }
    char hex[65];
    id_hex(&kiosk.room, hex);
    printf("%s %llu\n", hex, (unsigned long long)kiosk.seq);
    return 0;
}
