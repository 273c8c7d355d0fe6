/* playhome -- see playhome.h. */
#include "playhome.h"

#include "../fuzz/fixed.h"
#include "../fuzz/handsocket.h"
#include "client-sdk/c/localstore.h"
#include "scarce.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TURN_MS = 50, TURNS_TO_SETTLE = 1500 };

struct play play;

static void text_told(const struct enrum_item *item)
{
    struct wire_body_text body;
    size_t len = strlen(play.told.texts);
    if (item->is_open && item->content.kind == KIND_MESSAGE &&
        layout_decode(&layout_body_text, item->content.body, &body) == ENRUM_OK) {
        (void)snprintf(play.told.texts + len, sizeof play.told.texts - len, "%.*s|",
                       (int)body.text.len, (const char *)body.text.at);
    }
}

static void warning_told(enum enrum_err err)
{
    if (play.told.warning == ENRUM_OK || error_class(play.told.warning) != ERROR_TRUST) {
        play.told.warning = err;
    }
}

static void on_event(void *context, const struct enrum_event *event)
{
    (void)context;
    switch (event->type) {
    case ENRUM_EVENT_STATE:
        play.told.state_err = event->err;
        break;
    case ENRUM_EVENT_LOGGED_IN:
        play.told.logins++;
        play.told.login_err = event->err;
        break;
    case ENRUM_EVENT_ENTRY:
        play.told.entries++;
        play.told.unopened += event->item->open_err != ENRUM_OK;
        if (event->item->open_err != ENRUM_OK) {
            play.told.open_err = event->item->open_err;
        }
        text_told(event->item);
        break;
    case ENRUM_EVENT_SENT:
        play.told.sent++;
        break;
    case ENRUM_EVENT_NOT_SENT:
        play.told.not_sent++;
        play.told.not_sent_err = event->err;
        break;
    case ENRUM_EVENT_UP_TO_DATE:
        play.told.up_to_date++;
        break;
    case ENRUM_EVENT_WARNING:
        warning_told(event->err);
        break;
    case ENRUM_EVENT_ROOM:
    case ENRUM_EVENT_ANSWER:
    case ENRUM_EVENT_LETTER:
    case ENRUM_EVENT_APPENDED:
    case ENRUM_EVENT_TRANSIENT:
    case ENRUM_EVENT_CALL:
    case ENRUM_EVENT_DATABASE:
    case ENRUM_EVENT_MOVED:
    case ENRUM_EVENT_PROGRESS:
        break;
    case ENRUM_EVENT_SAVED:
        play.told.saved++;
        play.told.saved_err = event->err;
        break;
    }
}

/* -- Beginning and end -- */

void play_begin_fresh(void)
{
    memset(&play, 0, sizeof play);
    fixed_begin();
    hand_begin();
    handhost_begin(&play.host);
    (void)snprintf(play.home, sizeof play.home, "%s/enrum-ladder-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    MUST(mkdtemp(play.home) != NULL);
}

void play_begin(void)
{
    struct localstore *store;
    play_begin_fresh();
    handhost_log_in(&play.host, &play.host.stage.citizen, play.home, &store);
    localstore_close(store);
    (void)handhost_room(&play.host);
}

static int file_remove(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

void play_end(void)
{
    handhost_end(&play.host);
    MUST(nftw(play.home, file_remove, 8, FTW_DEPTH | FTW_PHYS) == 0);
}

enum enrum_err play_open(void)
{
    struct enrum_options options = {.home = play.home,
                                    .board = &play.host.stage.board,
                                    .software = "ladder",
                                    .on_event = on_event};
    memset(&play.told, 0, sizeof play.told);
    play.enrum = NULL;
    return enrum_open(&options, &play.enrum);
}

void play_close(void)
{
    enrum_close(play.enrum);
    play.enrum = NULL;
}

/* -- Turns -- */

void play_turns(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct slice frame;
        enrum_step(play.enrum, 0);
        scarce_pause();
        (void)hand_accept();
        while (hand_take(&frame)) {
            handhost_answer(&play.host, frame);
        }
        fixed_pass(TURN_MS);
        scarce_resume();
    }
}

void play_settle(void)
{
    (void)scarce_end();
    play_turns(TURNS_TO_SETTLE);
    if (enrum_outbox_count(play.enrum) > 0) {
        /* Kept for a handle that can read its disk. */
        play_close();
        MUST(play_open() == ENRUM_OK);
        MUST(enrum_follow(play.enrum, &play.host.logs[0].room) == ENRUM_OK);
        play_turns(TURNS_TO_SETTLE);
    }
    MUST(enrum_state(play.enrum) == ENRUM_READY || play.host.device == NULL);
    MUST(enrum_outbox_count(play.enrum) == 0);
}

void play_read(void)
{
    scarce_pause();
    MUST(play_open() == ENRUM_OK);
    MUST(enrum_follow(play.enrum, &play.host.logs[0].room) == ENRUM_OK);
    play_turns(100);
    MUST(play.told.up_to_date == 1 && play.told.unopened == 0);
    MUST(play.told.warning == ENRUM_OK);
    MUST(play.told.entries == play.host.logs[0].seq);
    MUST(strncmp(play.told.texts, "ett|två|", strlen("ett|två|")) == 0);
    play_close();
    scarce_resume();
}

enum enrum_err play_judge(void)
{
    const enum enrum_err told[] = {play.told.warning, play.told.not_sent_err, play.told.open_err,
                                   play.told.login_err};
    enum enrum_err err = ENRUM_OK;
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        if (told[i] != ENRUM_OK && (err == ENRUM_OK || error_class(told[i]) == ERROR_TRUST)) {
            err = told[i];
        }
    }
    return err;
}
