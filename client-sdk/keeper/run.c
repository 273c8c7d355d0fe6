/* run -- see run.h. */
#include "run.h"

#include "base/slog.h"
#include "control.h"
#include "keeper.h"
#include "oidcfetch.h"
#include "sandbox/sandbox.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { STEP_MS = 200, END_WAIT_MS = 5000 };
static const uint64_t EXPIRY_WARNING_MS = UINT64_C(60) * 24 * 3600 * 1000;

static volatile sig_atomic_t is_ending;

static void on_signal(int number)
{
    (void)number;
    is_ending = 1;
}

static void signals_set(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

static enum enrum_err fail(enum enrum_err err, const char *what, const char *detail)
{
    slog(SLOG_ERROR, "start_failed", slog_str("what", what), slog_str("err", error_name(err)),
         slog_str("detail", detail));
    return err;
}

/* What a keeper is opened from. */
struct papers {
    struct settings settings;
    struct keeper_keys keys;
    struct enrum_board board;
};

static enum enrum_err papers_read(const struct run_options *options, struct papers *papers)
{
    char path[PATH_BYTES], why[WHY_BYTES] = "";
    struct secret_buf passphrase;
    (void)snprintf(path, sizeof path, "%s/config.json", options->home);
    enum enrum_err err = settings_read(path, &papers->settings, why);
    if (err != ENRUM_OK) {
        return fail(err, "config.json", why);
    }
    if (!mail_password_read(&papers->settings.mail, options->home)) {
        return fail(ENRUM_CONFIG, "notices: password_file", "unreadable, empty, or open to others");
    }
    (void)snprintf(path, sizeof path, "%s/board.json", options->home);
    err = enrum_board_read(path, &papers->board);
    if (err != ENRUM_OK) {
        return fail(err, "board.json", "");
    }
    if (!keyfile_passphrase(options->passphrase_file, &passphrase)) {
        return fail(ENRUM_FILE_FAILED, "passphrase", "unreadable, or shorter than 8 bytes");
    }
    (void)snprintf(path, sizeof path, "%s/keeper.key", options->home);
    enum keyfile_result result = keyfile_read_keeper(path, &passphrase, &papers->keys);
    secret_buf_fini(&passphrase);
    return result == KEYFILE_OK ? ENRUM_OK
                                : fail(ENRUM_FILE_FAILED, "keeper.key", keyfile_sentence(result));
}

static void wake(void *context)
{
    enrum_wake(context);
}

static enum enrum_err work(struct keeper *keeper, const struct run_options *options)
{
    keeper->control = control_open(options->home, wake, keeper->enrum);
    if (keeper->control == NULL) {
        return ENRUM_FILE_FAILED;
    }
    /* Everything that it makes once is made: the database, the threads, the socket of its own. */
    if (!sandbox_enter(SANDBOX_KEEPER)) {
        control_close(keeper->control);
        keeper->control = NULL;
        return fail(ENRUM_FILE_FAILED, "sandbox", "");
    }
    uint64_t left = keeper->certificate.body.not_after - keeper_wall(keeper);
    if (left < EXPIRY_WARNING_MS) {
        slog(SLOG_WARN, "certificate_expires", slog_u64("hours", left / 3600000));
    }
    while (!is_ending) {
        keeper_step(keeper, STEP_MS);
    }
    control_close(keeper->control);
    keeper->control = NULL;
    /* What is under way is done once either way; finished now, nobody waits for it. */
    uint64_t until = keeper_mono(keeper) + END_WAIT_MS;
    while (!keeper_is_idle(keeper) && keeper_mono(keeper) < until &&
           enrum_state(keeper->enrum) == ENRUM_READY) {
        keeper_step(keeper, STEP_MS / 4);
    }
    return ENRUM_OK;
}

static enum enrum_err keeper_run(const struct run_options *options, const struct papers *papers,
                                 struct keeper *keeper)
{
    struct enrum *enrum = NULL;
    struct enrum_keys keys = {
        .sign = papers->keys.sign,
        .seal = papers->keys.seal,
        .certificate = {papers->keys.certificate, papers->keys.certificate_len}};
    struct enrum_options open = {.home = options->home,
                                 .board = &papers->board,
                                 .ca_file = options->ca_file,
                                 .keys = &keys,
                                 .software = "enrum-keeper 0.1",
                                 .on_event = keeper_on_event,
                                 .context = keeper};
    enum enrum_err err = keeper_init(keeper, &papers->settings, &papers->keys, &papers->board);
    if (err != ENRUM_OK) {
        (void)fail(err, "certificate", error_sentence(err, false));
    } else {
        err = enrum_open(&open, &enrum);
        if (err != ENRUM_OK) {
            (void)fail(err, "home", error_sentence(err, false));
        }
    }
    sign_pair_wipe(&keys.sign);
    seal_pair_wipe(&keys.seal);
    if (err == ENRUM_OK) {
        if (!keeper_begin(keeper, enrum)) {
            err = fail(ENRUM_MEMORY, "threads", "");
        } else {
            err = work(keeper, options);
        }
    }
    keeper_rest(keeper); /* its threads wake the enrum */
    enrum_close(enrum);
    keeper_fini(keeper);
    return err;
}

enum enrum_err run_keeper(const struct run_options *options)
{
    struct papers *papers = calloc(1, sizeof *papers);
    struct keeper *keeper = calloc(1, sizeof *keeper);
    enum enrum_err err = ENRUM_MEMORY;
    if (papers != NULL && keeper != NULL && suite_init() && oidcfetch_init()) {
        signals_set();
        err = papers_read(options, papers);
        if (err == ENRUM_OK) {
            err = keeper_run(options, papers, keeper);
        }
        oidcfetch_fini();
        settings_wipe(&papers->settings);
        keeper_keys_wipe(&papers->keys);
    }
    slog(SLOG_INFO, "ended", slog_str("err", error_name(err)));
    free(keeper);
    free(papers);
    return err;
}
