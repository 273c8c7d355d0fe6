/* simulation_test -- whole installations in one thread, each from one number: the server's core and
 * store, the keeper and libenrum as they are, on a simulated network, clock and set of threads.
 *   simulation_test                       a few seeds, and that a seed comes back the same
 *   simulation_test --seeds FIRST COUNT   so many; a line for each that fails
 *   simulation_test --seed N              one, with everything that happens in it
 * Ends with 0 when everything held. */
#include "play.h"
#include "world.h"

#include "base/slog.h"
#include "protocol/suite.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FEW_SEEDS = 6, EXIT_USAGE = 2 };

static char base[64];

static void run(uint64_t seed, bool is_told)
{
    char folder[128];
    (void)snprintf(folder, sizeof folder, "%s/%" PRIu64, base, seed);
    folder_make(folder);
    play_run(seed, folder, is_told);
    folder_remove(folder);
}

static bool is_good(void)
{
    if (world.has_failed) {
        fprintf(stderr, "%s\n", world.failure);
        trace_tell();
    }
    return !world.has_failed;
}

/* A check of the server's or the library's own has not held. */
static void on_abort(int number)
{
    (void)number;
    fprintf(stderr, "seed %" PRIu64 ", step %" PRIu64 ": aborted\n", world.seed, trace_steps());
    trace_tell();
    folder_remove(base);
    _exit(EXIT_FAILURE);
}

struct sums {
    unsigned long failed, texts, files, entries, acks, faults, restarts, kills;
    unsigned long comings, goings, named;
};

static void sum(struct sums *sums)
{
    sums->failed += !is_good();
    sums->texts += world.texts;
    sums->files += world.files;
    sums->entries += world.entries;
    sums->acks += world.acks;
    sums->faults += world.faults;
    sums->restarts += world.restarts;
    sums->kills += world.kills;
    sums->comings += world.comings;
    sums->goings += world.goings;
    sums->named += world.named;
}

static int run_many(uint64_t first, uint64_t count)
{
    struct sums sums = {0};
    for (uint64_t seed = first; seed < first + count; seed++) {
        run(seed, false);
        sum(&sums);
    }
    printf(
        "%" PRIu64
        " seeds, %lu failed: %lu texts, %lu files, %lu entries, %lu receipts; %lu came, %lu went, "
        "%lu conversations of a case; %lu faults, %lu restarts of the host, %lu kills\n",
        count, sums.failed, sums.texts, sums.files, sums.entries, sums.acks, sums.comings,
        sums.goings, sums.named, sums.faults, sums.restarts, sums.kills);
    return sums.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run_one(uint64_t seed)
{
    run(seed, true);
    bool good = is_good();
    printf("seed %" PRIu64 ": %" PRIu64 " steps, trace %016" PRIx64 "\n", seed, trace_steps(),
           trace_hash());
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The same seed gives the same run to the last byte, whatever ran in between; another does not. */
static bool comes_back(uint64_t seed)
{
    run(seed, false);
    uint64_t hash = trace_hash();
    run(seed + 1, false);
    bool is_other = trace_hash() != hash;
    run(seed, false);
    bool is_same = trace_hash() == hash;
    if (!is_same || !is_other) {
        fprintf(stderr, "seed %" PRIu64 ": %s\n", seed,
                is_same ? "another seed gives the same run" : "does not come back the same");
    }
    return is_same && is_other;
}

static int run_arguments(int count, char **words)
{
    if (count == 1) {
        return run_many(1, FEW_SEEDS) == EXIT_SUCCESS && comes_back(1) ? EXIT_SUCCESS
                                                                       : EXIT_FAILURE;
    }
    if (count == 3 && strcmp(words[1], "--seed") == 0) {
        return run_one(strtoull(words[2], NULL, 10));
    }
    if (count == 4 && strcmp(words[1], "--seeds") == 0) {
        return run_many(strtoull(words[2], NULL, 10), strtoull(words[3], NULL, 10));
    }
    fputs("usage: simulation_test [--seed N | --seeds FIRST COUNT]\n", stderr);
    return EXIT_USAGE;
}

int main(int count, char **words)
{
    /* Files in memory where the machine has such a place: nothing here tries the disk itself. */
    (void)snprintf(base, sizeof base, "%s/enrum-simulation-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    chance_install();
    if (mkdtemp(base) == NULL || !suite_init()) {
        fputs("simulation_test: cannot begin\n", stderr);
        return EXIT_FAILURE;
    }
    signal(SIGABRT, on_abort);
    if (getenv("ENRUM_SIMULATION_LOG") == NULL) {
        slog_set_level((enum slog_level)(SLOG_ERROR + 1));
    }
    int result = run_arguments(count, words);
    folder_remove(base);
    return result;
}
