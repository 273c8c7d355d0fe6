/* command_login -- `enrum login`: the browser does the e-ID, this program waits for it on a
 * loopback address (RFC 8252). Or with a printed code, or as somebody whom nobody knows. */
#include "base/clock.h"
#include "callback.h"
#include "commands.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BROWSER_WAIT_MS = 300000, URL_BYTES_MAX = 8192 };

static uint64_t mono_ms(void)
{
    struct clock clock = clock_system();
    return clock_monotonic_ms(&clock);
}

/* Nothing depends on it: the address has been printed. */
static void browser_open(const char *url)
{
    (void)signal(SIGCHLD, SIG_IGN);
    pid_t child = fork();
    if (child != 0) {
        return;
    }
    int nothing = open("/dev/null", O_RDWR);
    if (nothing >= 0) {
        (void)dup2(nothing, STDIN_FILENO);
        (void)dup2(nothing, STDOUT_FILENO);
        (void)dup2(nothing, STDERR_FILENO);
    }
    (void)execlp("xdg-open", "xdg-open", url, (char *)NULL);
    _exit(127);
}

static enum enrum_err answer_wait(struct shell *shell, struct callback *callback,
                                  struct callback_answer *answer)
{
    uint64_t deadline = mono_ms() + BROWSER_WAIT_MS;
    while (mono_ms() < deadline) {
        enrum_step(shell->enrum, 50);
        if (shell->trust_err != ENRUM_OK) {
            return shell->trust_err;
        }
        if (callback_poll(callback, shell->is_swedish, answer)) {
            return answer->error[0] != '\0' ? ENRUM_CODE_REFUSED : ENRUM_OK;
        }
    }
    return ENRUM_TIMEOUT;
}

static bool is_login_told(const struct shell *shell)
{
    return shell->is_login_told;
}

static enum enrum_err browser_login(struct shell *shell, struct callback *callback)
{
    char redirect[64], url[URL_BYTES_MAX];
    struct callback_answer answer;
    (void)snprintf(redirect, sizeof redirect, "http://127.0.0.1:%u/callback", callback->port);
    enum enrum_err err = enrum_login_begin(shell->enrum, shell->provider, shell->role, redirect,
                                           url, sizeof url);
    if (err != ENRUM_OK) {
        return err;
    }
    printf("open %s\n", url);
    fflush(stdout);
    if (shell->has_browser) {
        browser_open(url);
    }
    err = answer_wait(shell, callback, &answer);
    if (err == ENRUM_OK) {
        err = enrum_login_finish(shell->enrum, answer.code, answer.state);
    }
    explicit_bzero(&answer, sizeof answer);
    if (err == ENRUM_OK) {
        err = shell_wait(shell, is_login_told, (uint64_t)2 * TIMEOUT_MS);
    }
    return err == ENRUM_OK ? shell->login_err : err;
}

static enum enrum_err eid_login(struct shell *shell)
{
    struct callback callback;
    if (!callback_open(&callback)) {
        return ENRUM_NETWORK;
    }
    enum enrum_err err = browser_login(shell, &callback);
    callback_close(&callback);
    return err;
}

/* A code on the command line is there for every user of the machine to see: "-" reads it. */
static enum enrum_err code_login(struct shell *shell)
{
    char line[128] = "";
    const char *code = shell->code;
    if (strcmp(code, "-") == 0) {
        code = fgets(line, sizeof line, stdin) != NULL ? line : "";
        line[strcspn(line, "\r\n")] = '\0';
    }
    enum enrum_err err = enrum_login_redeem(shell->enrum, code);
    explicit_bzero(line, sizeof line);
    return err;
}

static enum enrum_err other_login(struct shell *shell)
{
    enum enrum_err err = shell->is_unknown ? enrum_login_unknown(shell->enrum) : code_login(shell);
    if (err == ENRUM_OK) {
        err = shell_wait(shell, is_login_told, (uint64_t)2 * TIMEOUT_MS);
    }
    return err == ENRUM_OK ? shell->login_err : err;
}

enum exit_code command_login(struct shell *shell, char **arguments, int count)
{
    (void)arguments, (void)count;
    bool has_eid = !shell->is_unknown && shell->code == NULL;
    enrum_login_say(shell->enrum, DEVICE_TYPE_PROGRAM, shell->is_borrowed);
    enum enrum_err err = has_eid ? eid_login(shell) : other_login(shell);
    if (err == ENRUM_OK) {
        err = shell_ready(shell);
    }
    if (err != ENRUM_OK) {
        return shell_fail(shell, err);
    }
    return command_find("whoami")->run(shell, NULL, 0);
}
