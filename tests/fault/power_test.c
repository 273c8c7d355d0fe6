/* The power goes, hundreds of times, while appends are written: what was acknowledged is there.
 *     power_test [SEED [STORMS]]      that storm again; that many from it on (0: from the first)
 * A storm is a store's life with several losses and deaths; each prints what it needs to be had
 * again when it fails. */
#include "tests/fault/scribe.h"
#include "tests/fault/vfs.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/slog.h"

enum { STORMS = 40, LOSSES_PER_STORM = 6, BATCHES_MAX = 40, BATCH_MAX = 12 };

static uint64_t first_seed = 1;
static size_t storm_count = STORMS;

struct storm {
    struct scribe scribe;
    unsigned sync_lies; /* kinds of files: the control */
    size_t losses, deaths, unopened;
    struct verdict sum;
};

static void storm_init(struct storm *storm, uint64_t seed)
{
    *storm = (struct storm){0};
    scribe_init(&storm->scribe, seed);
    vfs_disk(storm->scribe.folder, seed);
}

static void storm_fini(struct storm *storm)
{
    scribe_fini(&storm->scribe);
    vfs_fini();
}

static void faults_set(const struct storm *storm, unsigned writes_wait)
{
    vfs_faults(&(struct vfs_faults){.writes_wait = writes_wait, .syncs_lie = storm->sync_lies});
}

/* The first append holds the writer at the disk while the others queue up behind it: so each batch
 * is the same when the seed is. */
static void batch(struct storm *storm)
{
    struct scribe *scribe = &storm->scribe;
    size_t count = 1 + (size_t)scribe_choose(scribe, BATCH_MAX);
    scribe_relearn(scribe);
    faults_set(storm, VFS_WAL);
    for (size_t i = 0; i < count; i++) {
        size_t room = (size_t)scribe_choose(scribe, SCRIBE_ROOMS);
        uint64_t kind = i == 0 ? 9 : scribe_choose(scribe, 10);
        if (kind == 0) {
            scribe_letter(scribe);
        } else if (kind == 1) {
            scribe_blob(scribe, room);
        } else if (!scribe->rooms[room].is_unknown) {
            assert_int_equal(
                scribe_append(scribe, room, 1 + (size_t)scribe_choose(scribe, SCRIBE_ENTRIES_MAX)),
                ENRUM_OK);
        }
        if (i == 0) {
            vfs_wait_for_waiting();
        }
    }
    faults_set(storm, 0);
    scribe_take(scribe, SIZE_MAX);
    if (scribe_choose(scribe, 4) == 0) {
        scribe_fetch(scribe, (size_t)scribe_choose(scribe, SCRIBE_ROOMS));
        scribe_take(scribe, SIZE_MAX);
    }
}

/* Few more often than many, so that openings and first commits are hit too. */
static uint64_t some_operations(struct scribe *scribe)
{
    return 1 + scribe_choose(scribe, 1ull << (2 + scribe_choose(scribe, 10)));
}

/* The store works until the power is gone. */
static void life(struct storm *storm)
{
    struct scribe *scribe = &storm->scribe;
    vfs_off_after(some_operations(scribe));
    faults_set(storm, 0);
    bool is_open = scribe->store != NULL || scribe_open(scribe);
    for (int i = 0; is_open && i < BATCHES_MAX && !vfs_is_off(); i++) {
        batch(storm);
    }
    vfs_off();
    scribe_close(scribe);
}

static void verdict_add(struct verdict *sum, const struct verdict *verdict)
{
    sum->promises = verdict->promises;
    sum->entries = verdict->entries;
    sum->lost += verdict->lost;
    sum->unkept += verdict->unkept;
    sum->broken += verdict->broken;
    sum->is_whole = sum->is_whole && verdict->is_whole;
}

/* Opens it again and looks. False: it is so far gone that it does not open. */
static bool look(struct storm *storm)
{
    if (!scribe_open(&storm->scribe)) {
        storm->unopened++;
        return false;
    }
    struct verdict before = scribe_judge(&storm->scribe);
    scribe_send_again(&storm->scribe);
    struct verdict after = scribe_judge(&storm->scribe);
    verdict_add(&storm->sum, &before);
    verdict_add(&storm->sum, &after);
    return true;
}

static bool loss(struct storm *storm, enum disk_loss kind)
{
    vfs_off();
    scribe_close(&storm->scribe);
    vfs_on_after_loss(kind);
    faults_set(storm, 0);
    storm->losses++;
    return look(storm);
}

/* Only the process dies; what it is asked for again it must have put on the disk before it says so:
 * the power may go next. */
static bool death(struct storm *storm)
{
    vfs_on();
    faults_set(storm, 0);
    storm->deaths++;
    return look(storm) && (scribe_choose(&storm->scribe, 2) == 0 || loss(storm, DISK_LOSES_ALL));
}

static struct verdict storm_run(struct storm *storm, unsigned losses)
{
    struct scribe *scribe = &storm->scribe;
    bool good = true;
    storm->sum.is_whole = true;
    for (unsigned i = 0; good && i < losses; i++) {
        life(storm);
        good = scribe_choose(scribe, 3) == 0
                   ? death(storm)
                   : loss(storm, (enum disk_loss)scribe_choose(scribe, DISK_LOSS_COUNT));
        if (scribe_choose(scribe, 2) == 0) {
            scribe_close(scribe);
        }
    }
    return storm->sum;
}

static bool is_good(const struct storm *storm)
{
    const struct verdict *sum = &storm->sum;
    return storm->scribe.lies == 0 && sum->lost == 0 && sum->unkept == 0 && sum->broken == 0 &&
           sum->is_whole && storm->unopened == 0;
}

static void what_was_acknowledged_is_there_after_every_loss_of_power(void **state)
{
    size_t losses = 0, deaths = 0, promises = 0;
    uint64_t first = first_seed;
    size_t count = storm_count;
    (void)state;
    for (uint64_t seed = first; seed < first + count; seed++) {
        struct storm storm;
        storm_init(&storm, seed);
        struct verdict sum = storm_run(&storm, LOSSES_PER_STORM);
        losses += storm.losses;
        deaths += storm.deaths;
        promises += sum.promises;
        bool good = is_good(&storm);
        if (!good || count == 1) {
            printf("seed %" PRIu64 ": %zu losses, %zu deaths, %zu promises, %zu lost, %zu unkept,"
                   " %zu broken, whole %d, unopened %zu\n",
                   seed, storm.losses, storm.deaths, sum.promises, sum.lost, sum.unkept, sum.broken,
                   sum.is_whole, storm.unopened);
        }
        storm_fini(&storm);
        assert_true(good);
    }
    printf("seeds %" PRIu64 " to %" PRIu64 ": %zu losses of power, %zu deaths of the process, "
           "%zu acknowledged appends, none lost\n",
           first, first + count - 1, losses, deaths, promises);
}

/* The control: where syncs do nothing, the same storms lose what was acknowledged. */
static void a_disk_that_does_not_sync_is_found_out(void **state)
{
    enum { CONTROLS = 10 };
    size_t found = 0, lost = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= CONTROLS; seed++) {
        struct storm storm;
        storm_init(&storm, seed);
        storm.sync_lies = VFS_ANY;
        struct verdict sum = storm_run(&storm, LOSSES_PER_STORM);
        found += !is_good(&storm);
        lost += sum.lost;
        storm_fini(&storm);
    }
    printf("control: %zu of %d storms on a disk that does not sync were found out, %zu "
           "acknowledged appends lost\n",
           found, CONTROLS, lost);
    assert_true(found > CONTROLS / 2);
    assert_true(lost > 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_is_there_after_every_loss_of_power),
        cmocka_unit_test(a_disk_that_does_not_sync_is_found_out),
    };
    if (argc > 1) {
        uint64_t seed = strtoull(argv[1], NULL, 10);
        first_seed = seed > 0 ? seed : 1;
        storm_count = argc > 2 ? (size_t)strtoull(argv[2], NULL, 10) : 1;
    }
    slog_set_level(SLOG_ERROR);
    slog_set_fd(-1);
    vfs_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
