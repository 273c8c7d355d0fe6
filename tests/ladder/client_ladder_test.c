/* What libenrum does when there is no memory: opening, logging in, reading, writing, checking. */
#include "client-sdk/c/localstore.h"
#include "playhome.h"
#include "scarce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TURNS = 40 };

/* -- Opening -- */

/* What is pinned is all of the board. */
static void pinned_check(void)
{
    static struct enrum_board pinned;
    const struct enrum_board *given = &play.host.stage.board;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/board.json", play.home);
    MUST(enrum_board_read(path, &pinned) == ENRUM_OK);
    MUST(id_equal(&pinned.id, &given->id) && pinned.root_count == given->root_count);
    MUST(pinned.provider_count == given->provider_count);
    MUST(pinned.providers[0].roles == given->providers[0].roles);
}

static enum enrum_err open_run(void)
{
    struct enrum_self self;
    enum enrum_err err = play_open();
    if (err == ENRUM_OK) {
        enrum_self(play.enrum, &self);
        MUST(self.is_logged_in);
        MUST(strcmp(self.name, "Test Testsson") == 0);
        MUST(self.board_info->provider_count == play.host.stage.board.provider_count);
        play_close();
        scarce_pause();
        pinned_check();
        scarce_resume();
    }
    play_read();
    return err;
}

/* -- Logging in -- */

static enum enrum_err login_run(void)
{
    char url[2048], state[64] = "";
    scarce_pause();
    MUST(play_open() == ENRUM_OK);
    scarce_resume();
    enum enrum_err err = enrum_login_begin(play.enrum, NULL, ROLE_CITIZEN,
                                           "http://127.0.0.1:1/callback", url, sizeof url);
    if (err == ENRUM_OK) {
        memcpy(state, strstr(url, "&state=") + 7, 43);
        err = enrum_login_finish(play.enrum, "code", state);
    }
    if (err == ENRUM_OK) {
        play_turns(TURNS);
        play_settle();
        MUST(play.told.logins == 1);
        err = play_judge();
    }
    struct enrum_self self;
    enrum_self(play.enrum, &self);
    MUST(self.is_logged_in == (play.told.logins == 1 && play.told.login_err == ENRUM_OK));
    play_close();
    return err;
}

/* -- Reading -- */

static enum enrum_err read_run(void)
{
    scarce_pause();
    MUST(play_open() == ENRUM_OK);
    scarce_resume();
    enum enrum_err err = enrum_follow(play.enrum, &play.host.logs[0].room);
    if (err == ENRUM_OK) {
        play_turns(TURNS);
        play_settle();
        err = play_judge();
        MUST(err != ENRUM_OK || strcmp(play.told.texts, "ett|två|") == 0);
        MUST(err != ENRUM_OK || play.told.entries == play.host.logs[0].seq);
    }
    play_close();
    play_read();
    return err;
}

/* What the disk has, read by a handle that has never seen the host. */
static enum enrum_err load_run(void)
{
    scarce_pause();
    play_read();
    scarce_resume();
    return read_run();
}

/* With an entry of its own in it, and its receipt. */
static enum enrum_err verified_run(void)
{
    struct enrum_report report = {0};
    uint64_t outbox;
    scarce_pause();
    play_read();
    MUST(play_open() == ENRUM_OK);
    MUST(enrum_send_text(play.enrum, &play.host.logs[0].room, "tre", &outbox) == ENRUM_OK);
    MUST(enrum_follow(play.enrum, &play.host.logs[0].room) == ENRUM_OK);
    play_turns(TURNS);
    MUST(play.told.sent == 1);
    scarce_resume();
    enum enrum_err err = enrum_verify(play.enrum, &play.host.logs[0].room, &report);
    if (err == ENRUM_OK && report.err == ENRUM_OK) {
        MUST(report.entries == play.host.logs[0].seq && report.unopened == 0);
    }
    err = err == ENRUM_OK ? report.err : err;
    play_close();
    play_read();
    return err;
}

/* -- Writing -- */

static void opened_and_read(void)
{
    scarce_pause();
    MUST(play_open() == ENRUM_OK);
    MUST(enrum_follow(play.enrum, &play.host.logs[0].room) == ENRUM_OK);
    play_turns(TURNS);
    MUST(strcmp(play.told.texts, "ett|två|") == 0);
    scarce_resume();
}

/* In the log once, or its writer was told that it is not. */
static enum enrum_err send_run(void)
{
    uint64_t outbox;
    opened_and_read();
    uint64_t before = play.host.logs[0].seq;
    enum enrum_err err = enrum_send_text(play.enrum, &play.host.logs[0].room, "tre", &outbox);
    bool is_taken = err == ENRUM_OK;
    play_turns(TURNS);
    play_settle();
    MUST(play.told.sent + play.told.not_sent == is_taken);
    MUST(play.host.logs[0].seq == before + play.told.sent);
    err = is_taken ? play_judge() : err;
    MUST(err != ENRUM_OK || strcmp(play.told.texts, "ett|två|tre|") == 0);
    play_close();
    play_read();
    return err;
}

static enum enrum_err receipt_run(void)
{
    play.host.delivers_first = true;
    return send_run();
}

/* The host refuses the first bytes: they are sealed anew. */
static enum enrum_err reseal_run(void)
{
    play.host.refuses = ENRUM_OK;
    uint64_t outbox;
    opened_and_read();
    uint64_t before = play.host.logs[0].seq;
    scarce_pause();
    MUST(enrum_send_text(play.enrum, &play.host.logs[0].room, "tre", &outbox) == ENRUM_OK);
    scarce_resume();
    play.host.refuses = ENRUM_GENERATION_TOO_OLD;
    play_turns(TURNS);
    play_settle();
    MUST(play.told.sent + play.told.not_sent == 1);
    MUST(play.host.logs[0].seq == before + play.told.sent);
    enum enrum_err err = play_judge();
    MUST(err != ENRUM_OK || strcmp(play.told.texts, "ett|två|tre|") == 0);
    play_close();
    play_read();
    return err;
}

/* -- Files -- */

static void file_write(const char *path)
{
    FILE *file = fopen(path, "we");
    MUST(file != NULL);
    for (size_t i = 0; i < CHUNK_BYTES_MAX + 10; i++) {
        (void)fputc((int)(i % 251), file);
    }
    MUST(fclose(file) == 0);
}

static bool file_holds(const char *path)
{
    FILE *file = fopen(path, "re");
    bool holds = file != NULL;
    for (size_t i = 0; holds && i < CHUNK_BYTES_MAX + 10; i++) {
        holds = fgetc(file) == (int)(i % 251);
    }
    holds = holds && fgetc(file) == EOF;
    if (file != NULL) {
        (void)fclose(file);
    }
    return holds;
}

static void file_path(const char *name, char out[128])
{
    (void)snprintf(out, 128, "%s/%s", play.home, name);
}

/* In the log once, with blobs that the host has, or its writer was told that it is not. */
static enum enrum_err file_run(void)
{
    char path[128];
    uint64_t outbox;
    opened_and_read();
    scarce_pause();
    file_path("sent", path);
    file_write(path);
    scarce_resume();
    uint64_t before = play.host.logs[0].seq;
    struct enrum_file file = {.path = path, .text = "se"};
    enum enrum_err err = enrum_send_file(play.enrum, &play.host.logs[0].room, &file, &outbox);
    bool is_taken = err == ENRUM_OK;
    play_turns(TURNS);
    play_settle();
    MUST(play.told.sent + play.told.not_sent == is_taken);
    MUST(play.host.logs[0].seq == before + play.told.sent);
    MUST(play.told.sent == 0 || play.host.blob_count == 2);
    err = is_taken ? play_judge() : err;
    play_close();
    play_read();
    return err;
}

static enum enrum_err save_run(void)
{
    char path[128];
    uint64_t outbox, request;
    opened_and_read();
    scarce_pause();
    file_path("sent", path);
    file_write(path);
    struct enrum_file file = {.path = path};
    MUST(enrum_send_file(play.enrum, &play.host.logs[0].room, &file, &outbox) == ENRUM_OK);
    play_turns(TURNS);
    MUST(play.told.sent == 1);
    file_path("saved", path);
    scarce_resume();
    enum enrum_err err = enrum_save_file(play.enrum, &play.host.logs[0].room, play.host.logs[0].seq,
                                         path, &request);
    bool is_taken = err == ENRUM_OK;
    play_turns(TURNS);
    play_settle();
    MUST(play.told.saved == is_taken);
    err = is_taken ? play.told.saved_err : err;
    MUST(file_holds(path) == (err == ENRUM_OK));
    err = err == ENRUM_OK ? play_judge() : err;
    play_close();
    play_read();
    return err;
}

static enum enrum_err room_run(void)
{
    struct id room;
    scarce_pause();
    MUST(play_open() == ENRUM_OK);
    play_turns(TURNS);
    scarce_resume();
    size_t before = play.host.room_count;
    enum enrum_err err = enrum_room_new(play.enrum, "Ett samtal", &room);
    bool is_taken = err == ENRUM_OK;
    play_turns(TURNS);
    play_settle();
    MUST(play.told.sent + play.told.not_sent == is_taken);
    MUST(play.host.room_count == before + play.told.sent);
    err = is_taken ? play_judge() : err;
    play_close();
    play_read();
    return err;
}

/* The device has another certificate than the one that it opened the room under. */
static void certificate_renew(void)
{
    struct stage_device *citizen = &play.host.stage.citizen;
    struct localstore *store;
    citizen->me.body.not_after -= 1000;
    handhost_log_in(&play.host, citizen, play.home, &store);
    localstore_close(store);
}

/* A room and a text wait while the certificate is renewed: they are opened anew, once. */
static enum enrum_err reopen_run(void)
{
    struct id room;
    struct enrum_room found;
    uint64_t outbox;
    size_t before = play.host.room_count;
    scarce_pause();
    MUST(play_open() == ENRUM_OK);
    play_turns(TURNS);
    MUST(enrum_room_new(play.enrum, "Ett samtal", &room) == ENRUM_OK);
    MUST(enrum_send_text(play.enrum, &room, "tre", &outbox) == ENRUM_OK);
    play_close();
    certificate_renew();
    MUST(play_open() == ENRUM_OK);
    scarce_resume();
    play_turns(TURNS);
    play_settle();
    MUST(play.told.not_sent == 0);
    MUST(play.host.room_count == before + 1 && play.host.logs[before].seq == 5);
    MUST(enrum_room_find(play.enrum, &room, &found) == ENRUM_OK);
    MUST(id_equal(&found.room, &play.host.logs[before].room));
    enum enrum_err err = play_judge();
    play_close();
    play_read();
    return err;
}

int main(int argc, char **argv)
{
    static const struct scenario scenarios[] = {
        {"open", play_begin, play_end, open_run},
        {"log in", play_begin_fresh, play_end, login_run},
        {"read", play_begin, play_end, read_run},
        {"load from disk", play_begin, play_end, load_run},
        {"verify", play_begin, play_end, verified_run},
        {"send", play_begin, play_end, send_run},
        {"receipt", play_begin, play_end, receipt_run},
        {"seal anew", play_begin, play_end, reseal_run},
        {"send a file", play_begin, play_end, file_run},
        {"save a file", play_begin, play_end, save_run},
        {"open a room", play_begin, play_end, room_run},
        {"open a room anew", play_begin, play_end, reopen_run},
    };
    scarce_install();
    return rungs_climb(scenarios, sizeof scenarios / sizeof scenarios[0], argc, argv);
}
