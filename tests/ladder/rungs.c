/* rungs -- see rungs.h. */
#include "rungs.h"

#include "base/check.h"
#include "scarce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    RUNGS_MAX = 200000,
    SECONDS_PER_RUN = 20,
    /* A library's own questions are many and alike: the short form refuses each of the first, and
     * then every so manieth. */
    EACH_UP_TO = 12,
    STRIDE = 67,
    SAID_BYTES = 4096,
};

/* What a run came to: its exit status. */
enum came { CAME_TOP = 10, CAME_RIGHT, CAME_REFUSED, CAME_STOPPED };

struct tally {
    unsigned rungs, right, refused, stopped;
};

struct run {
    const struct scenario *scenario;
    enum scarce_whose whose;
    uint64_t nth;
    bool is_for_good;
};

/* Where the process stops itself rather than go on with a wrong answer; see docs/HACKING.md. */
static const char *const stops[] = {"protocol/suite.c", "server/effect.c",
                                    "server/journal/outcome.c"};

_Noreturn void wrong(const char *what, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    (void)fflush(stderr);
    _exit(1);
}

static void run_plainly(const struct scenario *scenario)
{
    size_t before = scarce_live(SCARCE_OURS);
    scenario->begin();
    enum enrum_err err = scenario->run();
    if (err != ENRUM_OK) {
        (void)fprintf(stderr, "with enough memory: %s\n", error_name(err));
        _exit(1);
    }
    scenario->end();
    MUST(scarce_live(SCARCE_OURS) == before);
}

/* The child's whole life. */
_Noreturn static void run_scarcely(const struct run *run)
{
    (void)alarm(SECONDS_PER_RUN);
    size_t before = scarce_live(SCARCE_OURS);
    run->scenario->begin();
    scarce_begin(run->whose, run->nth, run->is_for_good);
    enum enrum_err err = run->scenario->run();
    bool has_failed = scarce_end();
    run->scenario->end();
    size_t left = scarce_live(SCARCE_OURS) - before;
    if (left != 0) {
        (void)fprintf(stderr, "%zu blocks were not given back (told: %s)\n", left, error_name(err));
        _exit(1);
    }
    if (err != ENRUM_OK && error_class(err) != ERROR_OURS && error_class(err) != ERROR_LIMIT) {
        (void)fprintf(stderr, "memory was short, and what is told is %s\n", error_name(err));
        _exit(1);
    }
    if (has_failed) {
        run_plainly(run->scenario);
    }
    _exit(!has_failed ? CAME_TOP : err == ENRUM_OK ? CAME_RIGHT : CAME_REFUSED);
}

static bool is_a_stop(const char *said)
{
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        char line[128];
        (void)snprintf(line, sizeof line, "check failed at %s:", stops[i]);
        if (strstr(said, line) != NULL) {
            return true;
        }
    }
    return false;
}

static void said_read(int fd, char said[SAID_BYTES])
{
    char more[SAID_BYTES];
    size_t len = 0;
    ssize_t got;
    while ((got = read(fd, more, sizeof more)) > 0) {
        for (ssize_t i = 0; i < got && len + 1 < SAID_BYTES; i++) {
            said[len++] = more[i];
        }
    }
    said[len] = '\0';
}

/* 0: something is wrong, and has been said. */
static int run_apart(const struct run *run)
{
    int pipe_fds[2], status = 0;
    char said[SAID_BYTES];
    CHECK(pipe(pipe_fds) == 0);
    (void)fflush(NULL);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        (void)dup2(pipe_fds[1], STDERR_FILENO);
        close(pipe_fds[0]);
        close(pipe_fds[1]);
        run_scarcely(run);
    }
    close(pipe_fds[1]);
    said_read(pipe_fds[0], said);
    close(pipe_fds[0]);
    CHECK(waitpid(child, &status, 0) == child);
    if (WIFEXITED(status) && WEXITSTATUS(status) >= CAME_TOP) {
        return WEXITSTATUS(status);
    }
    if (is_a_stop(said)) {
        return CAME_STOPPED;
    }
    (void)printf("%s: %s, question %llu refused%s: status %x\n%s\n", run->scenario->name,
                 scarce_name(run->whose), (unsigned long long)run->nth,
                 run->is_for_good ? " and all behind it" : "", (unsigned)status, said);
    return 0;
}

static uint64_t next_rung(const struct run *run, bool is_long)
{
    bool is_each = is_long || run->whose == SCARCE_OURS || run->nth < EACH_UP_TO;
    return run->nth + (is_each ? 1 : STRIDE);
}

/* False: too much was wrong to go on. */
static bool climb(const struct scenario *scenario, enum scarce_whose whose, bool is_for_good,
                  bool is_long)
{
    struct run run = {scenario, whose, 1, is_for_good};
    struct tally tally = {0};
    unsigned wrongs = 0;
    int came = 0;
    for (; came != CAME_TOP && run.nth < RUNGS_MAX; run.nth = next_rung(&run, is_long)) {
        came = run_apart(&run);
        tally.rungs += came != CAME_TOP;
        tally.right += came == CAME_RIGHT;
        tally.refused += came == CAME_REFUSED;
        tally.stopped += came == CAME_STOPPED;
        wrongs += came == 0;
    }
    (void)printf("%-22s %-8s %-9s %5u rungs: %u right all the same, %u refused, %u stopped, %u "
                 "WRONG\n",
                 scenario->name, scarce_name(whose), is_for_good ? "for good" : "once", tally.rungs,
                 tally.right, tally.refused, tally.stopped, wrongs);
    return wrongs == 0 && came == CAME_TOP;
}

static bool is_named(const char *name, int argc, char **argv, int first)
{
    for (int i = first; i < argc; i++) {
        if (strcmp(argv[i], name) == 0) {
            return true;
        }
    }
    return first == argc;
}

int rungs_climb(const struct scenario *scenarios, size_t count, int argc, char **argv)
{
    bool good = true, is_long = argc > 1 && strcmp(argv[1], "--all") == 0;
    CHECK(setvbuf(stdout, NULL, _IOLBF, 0) == 0);
    for (size_t i = 0; i < count; i++) {
        if (!is_named(scenarios[i].name, argc, argv, is_long ? 2 : 1)) {
            continue;
        }
        /* What libraries keep for themselves they have from here on. */
        run_plainly(&scenarios[i]);
        for (int whose = 0; whose < SCARCE_COUNT; whose++) {
            good = climb(&scenarios[i], (enum scarce_whose)whose, false, is_long) && good;
            good = climb(&scenarios[i], (enum scarce_whose)whose, true, is_long) && good;
        }
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
