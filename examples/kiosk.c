/* kiosk -- a kiosk in a municipality's hall, where somebody who has logged in writes:
 *     cc -o kiosk kiosk.c $(pkg-config --cflags --libs enrum)
 *     enrum --home HOME --board board.json login      once; the e-ID is a browser's work
 *     ./kiosk HOME new TITLE TEXT                     opens a conversation; prints its room
 *     ./kiosk HOME ROOM TEXT                          goes on with it
 *     ./kiosk HOME                                    sends what was kept
 * Ends with
 *     0  the host has what was written, and what was kept before, on its disk, and has signed for
 *        it; prints the room, and under which number the text stands there
 *     3  something is kept, and goes with the next run, whichever of these that is: to write it
 *        again would send it twice; says why it waits, prints the room of a text of this run
 *     1  something is wrong, and is said: the text cannot be sent and is not kept, or one kept
 *        before is refused; where a number is printed, the text has gone all the same
 *
 * A text is kept before the network is asked for. Only in a conversation that this device has not
 * been in it cannot be: its key must come first. What is kept lies in HOME, where it can be read
 * by HOME's owner until it is sent.
 *
 * CA=FILE in the environment: the authority of the host's certificate. PATIENCE=SECONDS: how long
 * it waits for the network, in place of a minute. */
#include <enrum.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATIENCE_S = 60, STEP_MS = 100, EXIT_KEPT = 3 };

struct kiosk {
    struct enrum *enrum;
    struct id room;
    time_t end;      /* of its patience */
    uint64_t outbox; /* of the text; 0: none is kept or sent */
    bool is_current; /* what stands in the room is here, and checked */
    bool is_sent, is_refused;
    uint64_t seq;
    enum enrum_err err;     /* the first thing that went wrong for good */
    enum enrum_err contact; /* why there is no connection, or why this device is not accepted */
};

static void say(const char *what, enum enrum_err err)
{
    fprintf(stderr, "kiosk: %s%s (%s)\n", what, error_sentence(err, false), error_name(err));
}

static void fail(struct kiosk *kiosk, enum enrum_err err)
{
    kiosk->err = kiosk->err == ENRUM_OK ? err : kiosk->err;
}

static void on_event(void *context, const struct enrum_event *event)
{
    struct kiosk *kiosk = context;
    bool is_this = id_equal(&event->room, &kiosk->room);
    if (event->type == ENRUM_EVENT_UP_TO_DATE && is_this) {
        kiosk->is_current = true;
        fail(kiosk, event->err);
    } else if (event->type == ENRUM_EVENT_MOVED && is_this) {
        kiosk->room = event->moved_to;
    } else if (event->type == ENRUM_EVENT_SENT && event->outbox == kiosk->outbox) {
        kiosk->is_sent = true;
        kiosk->seq = event->seq;
    } else if (event->type == ENRUM_EVENT_NOT_SENT && event->outbox == kiosk->outbox) {
        kiosk->outbox = 0;
        fail(kiosk, event->err);
    } else if (event->type == ENRUM_EVENT_NOT_SENT) {
        kiosk->is_refused = true;
        say("kept before, and refused: ", event->err);
    } else if (event->type == ENRUM_EVENT_STATE) {
        kiosk->contact = event->err;
    } else if (event->type == ENRUM_EVENT_WARNING && (is_this || id_is_zero(&event->room))) {
        /* Somebody cheats: nothing more is written there. */
        fail(kiosk, event->err);
    } else if (event->type == ENRUM_EVENT_WARNING) {
        say("in another conversation: ", event->err);
    }
}

/* A step, unless something is wrong or its patience is over. */
static bool may_wait(struct kiosk *kiosk)
{
    if (kiosk->err != ENRUM_OK || time(NULL) > kiosk->end) {
        return false;
    }
    enrum_step(kiosk->enrum, STEP_MS);
    return true;
}

/* For whom it is sealed is known from earlier connections, but for a home that has had none. */
static enum enrum_err room_new(struct kiosk *kiosk, const char *title)
{
    enum enrum_err err = enrum_room_new(kiosk->enrum, title, &kiosk->room);
    while (err == ENRUM_KEEPER_AWAY && may_wait(kiosk)) {
        err = enrum_room_new(kiosk->enrum, title, &kiosk->room);
    }
    kiosk->is_current = err == ENRUM_OK;
    return kiosk->err != ENRUM_OK ? kiosk->err : err;
}

/* Puts it into the outbox, where it stays until the host has it. */
static enum enrum_err text_keep(struct kiosk *kiosk, const char *text)
{
    return enrum_send_text(kiosk->enrum, &kiosk->room, text, &kiosk->outbox);
}

static enum enrum_err room_continue(struct kiosk *kiosk, const char *hex, const char *text)
{
    if (!id_of_hex(hex, &kiosk->room)) {
        return ENRUM_ROOM_UNKNOWN;
    }
    enum enrum_err err = enrum_follow(kiosk->enrum, &kiosk->room);
    if (err == ENRUM_OK) {
        err = text_keep(kiosk, text);
    }
    if (err == ENRUM_KEY_MISSING) {
        /* This device has not been in it: it is fetched first, and its key. */
        while (!kiosk->is_current && may_wait(kiosk)) {
        }
        fail(kiosk, kiosk->is_current ? ENRUM_OK : ENRUM_TIMEOUT);
        err = kiosk->err == ENRUM_OK ? text_keep(kiosk, text) : kiosk->err;
    }
    return err;
}

static bool is_done(const struct kiosk *kiosk)
{
    return enrum_outbox_count(kiosk->enrum) == 0 && kiosk->is_current;
}

static enum enrum_err kiosk_write(struct kiosk *kiosk, char **words, int count)
{
    enum enrum_err err = ENRUM_OK;
    if (count == 2) {
        err = room_continue(kiosk, words[0], words[1]);
    } else if (count == 3) {
        err = room_new(kiosk, words[1]);
        err = err == ENRUM_OK ? text_keep(kiosk, words[2]) : err;
    } else {
        kiosk->is_current = true;
    }
    while (err == ENRUM_OK && !is_done(kiosk) && may_wait(kiosk)) {
    }
    return err != ENRUM_OK ? err : kiosk->err;
}

static void told(const struct kiosk *kiosk)
{
    char hex[65];
    id_hex(&kiosk->room, hex);
    if (kiosk->is_sent) {
        printf("%s %llu\n", hex, (unsigned long long)kiosk->seq);
    } else if (kiosk->outbox != 0) {
        printf("%s\n", hex);
    }
}

static int kiosk_run(struct kiosk *kiosk, char **words, int count)
{
    enum enrum_err err = kiosk_write(kiosk, words, count);
    bool is_waiting = kiosk->outbox != 0 && !kiosk->is_sent;
    told(kiosk);
    if (err != ENRUM_OK && !is_waiting) {
        say("", err);
        return 1;
    }
    if (enrum_outbox_count(kiosk->enrum) > 0) {
        enum enrum_err why = err != ENRUM_OK ? err : kiosk->contact;
        say("kept, and goes with the next run: ", why != ENRUM_OK ? why : ENRUM_TIMEOUT);
        return EXIT_KEPT;
    }
    return kiosk->is_refused ? 1 : 0;
}

/* What is no number of seconds is a minute. */
static time_t patience(void)
{
    const char *text = getenv("PATIENCE");
    char *end = NULL;
    unsigned long seconds = text != NULL ? strtoul(text, &end, 10) : 0;
    return end != NULL && *end == '\0' && seconds > 0 && seconds < 86400 ? (time_t)seconds
                                                                         : PATIENCE_S;
}

int main(int argc, char **argv)
{
    struct kiosk kiosk = {.err = ENRUM_OK};
    bool is_new = argc == 5 && strcmp(argv[2], "new") == 0;
    if (!is_new && argc != 4 && argc != 2) {
        fprintf(stderr, "usage: kiosk HOME new TITLE TEXT | kiosk HOME ROOM TEXT | kiosk HOME\n");
        return 2;
    }
    struct enrum_options options = {.home = argv[1],
                                    .ca_file = getenv("CA"),
                                    .software = "kiosk/1",
                                    .on_event = on_event,
                                    .context = &kiosk};
    kiosk.end = time(NULL) + patience();
    enum enrum_err err = enrum_open(&options, &kiosk.enrum);
    if (err != ENRUM_OK) {
        say("", err);
        return 1;
    }
    int code = kiosk_run(&kiosk, argv + 2, argc - 2);
    enrum_close(kiosk.enrum);
    return code;
}
