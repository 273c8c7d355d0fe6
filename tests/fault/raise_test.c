/* The host's file is taken to a newer version while the power goes, and on a disk that fails: one
 * version or another stands whole, nothing acknowledged is lost, and the copy is there for whoever
 * goes back. The steps behind today's version are this test's; the files, and what opens them, are
 * the store's own. */
#include "tests/fault/ear.h"
#include "tests/fault/scribe.h"
#include "tests/fault/vfs.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/steps.h"

enum { OLDEST = 2, NEWEST = 4, LOSSES_MAX = 2000, PATH_BYTES = 192 };

/* -- The schema, as the program under test knows it -- */

const struct schema_step *__real_store_steps(int *count);
const struct schema_step *__wrap_store_steps(int *count);

static int known = OLDEST;
static const struct vfs_faults *faults_in_step;

static bool faults_begin(sqlite3 *connection)
{
    (void)connection;
    vfs_faults(faults_in_step);
    return true;
}

static bool digests_make(sqlite3 *connection)
{
    return sqlite3_exec(connection, "CREATE TABLE digest AS SELECT ref, hash FROM entry", NULL,
                        NULL, NULL) == SQLITE_OK;
}

const struct schema_step *__wrap_store_steps(int *count)
{
    static struct schema_step steps[NEWEST];
    int real = 0;
    const struct schema_step *first = __real_store_steps(&real);
    assert_int_equal(real, OLDEST);
    memcpy(steps, first, OLDEST * sizeof *first);
    steps[OLDEST] = (struct schema_step){
        .sql = "ALTER TABLE entry ADD COLUMN len INTEGER;"
               "UPDATE entry SET len = length(open) + length(sealed);"
               "CREATE INDEX entry_received ON entry (received_at)",
        .run = faults_in_step != NULL ? faults_begin : NULL};
    steps[OLDEST + 1] = (struct schema_step){.sql = "ALTER TABLE room ADD COLUMN note TEXT",
                                             .run = digests_make};
    *count = known;
    return steps;
}

/* -- A place with a file of today's version -- */

struct place {
    struct scribe scribe;
    struct ear ear;
};

static void write_some(struct place *place, size_t rounds)
{
    struct scribe *scribe = &place->scribe;
    for (size_t i = 0; i < rounds; i++) {
        scribe_relearn(scribe);
        for (size_t j = 0; j < 6; j++) {
            size_t room = (size_t)scribe_choose(scribe, SCRIBE_ROOMS);
            if (!scribe->rooms[room].is_unknown) {
                (void)scribe_append(scribe, room, 1 + j % SCRIBE_ENTRIES_MAX);
            }
        }
        scribe_take(scribe, SIZE_MAX);
    }
}

static bool open_as(struct place *place, int newest)
{
    known = newest;
    return scribe_open(&place->scribe);
}

/* is_left: the older program did not end by itself, and its log is there. */
static void place_init(struct place *place, uint64_t seed, bool is_left)
{
    *place = (struct place){0};
    ear_open(&place->ear);
    scribe_init(&place->scribe, seed);
    vfs_disk(place->scribe.folder, seed);
    assert_true(open_as(place, OLDEST));
    write_some(place, 4);
    assert_true(scribe_promised(&place->scribe) > 0);
    if (is_left) {
        vfs_off();
    }
    scribe_close(&place->scribe);
    vfs_on();
}

static void place_fini(struct place *place)
{
    vfs_faults(NULL);
    scribe_fini(&place->scribe);
    vfs_fini();
    ear_close(&place->ear);
}

static void path_make(const struct place *place, const char *behind, char out[PATH_BYTES])
{
    char hex[65];
    id_hex(&place->scribe.board.board, hex);
    (void)snprintf(out, PATH_BYTES, "%s/%s.db%s", place->scribe.folder, hex, behind);
}

/* -1: it is no whole database. */
static int version_of(const struct place *place, const char *behind)
{
    char path[PATH_BYTES];
    sqlite3 *connection = NULL;
    sqlite3_stmt *statement = NULL;
    int version = -1;
    path_make(place, behind, path);
    if (sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(connection,
                           "SELECT user_version, integrity_check FROM pragma_user_version, "
                           "pragma_integrity_check",
                           -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW &&
        strcmp((const char *)sqlite3_column_text(statement, 1), "ok") == 0) {
        version = sqlite3_column_int(statement, 0);
    }
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(connection), SQLITE_OK);
    return version;
}

static bool is_there(const struct place *place, const char *behind)
{
    char path[PATH_BYTES];
    path_make(place, behind, path);
    return access(path, F_OK) == 0;
}

static void all_stands(struct place *place)
{
    scribe_send_again(&place->scribe);
    struct verdict verdict = scribe_judge(&place->scribe);
    assert_int_equal(verdict.lost, 0);
    assert_int_equal(verdict.unkept, 0);
    assert_int_equal(verdict.broken, 0);
    assert_true(verdict.is_whole);
    assert_int_equal(place->scribe.lies, 0);
}

/* What a program of this version finds, and what it can go on with. */
static void works_as(struct place *place, int newest)
{
    assert_true(open_as(place, newest));
    all_stands(place);
    write_some(place, 1);
    all_stands(place);
    scribe_close(&place->scribe);
    assert_int_equal(version_of(place, ""), newest);
}

/* As OPERATING says it: the log's files go, and the copy gets the file's name. */
static void go_back(struct place *place)
{
    static const char *const behind[] = {"-wal", "-shm"};
    char path[PATH_BYTES], copy[PATH_BYTES];
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) {
        path_make(place, behind[i], path);
        (void)vfs->xDelete(vfs, path, 1);
    }
    path_make(place, "", path);
    path_make(place, ".v2", copy);
    assert_int_equal(rename(copy, path), 0);
    assert_int_equal(version_of(place, ""), OLDEST);
    works_as(place, OLDEST);
}

/* -- Without trouble -- */

static void the_host_s_file_is_raised_and_everything_acknowledged_stands(void **state)
{
    struct place place;
    (void)state;
    place_init(&place, 1, false);
    works_as(&place, NEWEST);
    assert_int_equal(version_of(&place, ".v2"), OLDEST);
    assert_false(is_there(&place, ".v2.new") || is_there(&place, ".v3"));
    assert_int_equal(ear_count(&place.ear, "what=\"copied\""), 1);
    assert_int_equal(ear_count(&place.ear, "what=\"raised\""), 2);
    place_fini(&place);
}

static void an_older_host_refuses_a_newer_file(void **state)
{
    struct place place;
    (void)state;
    place_init(&place, 1, false);
    works_as(&place, NEWEST);
    assert_false(open_as(&place, 2));
    scribe_close(&place.scribe);
    assert_int_equal(ear_count(&place.ear, "what=\"too_new\""), 1);
    assert_int_equal(ear_count(&place.ear, "event=store_failed"), 0);
    works_as(&place, NEWEST);
    place_fini(&place);
}

/* -- The power goes -- */

/* What a loss has left. */
static void look(struct place *place, uint64_t round)
{
    int version = version_of(place, "");
    assert_in_range(version, OLDEST, NEWEST);
    if (version == OLDEST && round % 2 == 0) {
        works_as(place, OLDEST);
    } else if (version > OLDEST) {
        assert_int_equal(version_of(place, ".v2"), OLDEST);
        if (round % 2 == 0) {
            go_back(place);
        }
    }
    works_as(place, NEWEST);
}

enum { VARIANTS = 2 * DISK_LOSS_COUNT };

/* Before each write, sync, removal and renaming in turn. False: the raising had fewer. */
static bool loss(uint64_t operation, unsigned variant, size_t found[NEWEST + 1])
{
    struct place place;
    place_init(&place, operation, variant >= DISK_LOSS_COUNT);
    vfs_off_after(operation);
    (void)open_as(&place, NEWEST);
    bool has_come = vfs_is_off();
    vfs_off();
    scribe_close(&place.scribe);
    vfs_on_after_loss((enum disk_loss)(variant % DISK_LOSS_COUNT));
    int version = version_of(&place, "");
    found[version > 0 ? version : 0]++;
    look(&place, operation / VARIANTS);
    place_fini(&place);
    return has_come;
}

/* While the copy is written the variants take turns; once a step was committed each has all. */
static void power_that_goes_at_any_moment_leaves_one_version_whole(void **state)
{
    size_t found[NEWEST + 1] = {0};
    bool has_come = true;
    (void)state;
    for (uint64_t operation = 1; has_come; operation++) {
        assert_true(operation < LOSSES_MAX);
        has_come = false;
        for (unsigned i = 0; i < VARIANTS; i++) {
            if (i == operation % VARIANTS || found[OLDEST + 1] + found[NEWEST] > 0) {
                has_come = loss(operation, i, found) || has_come;
            }
        }
    }
    printf("losses of power: version %d stood %zu times, %d %zu times, %d %zu times\n", OLDEST,
           found[OLDEST], OLDEST + 1, found[OLDEST + 1], NEWEST, found[NEWEST]);
    assert_true(found[OLDEST] > 0 && found[OLDEST + 1] > 0 && found[NEWEST] > 0);
    assert_int_equal(found[0], 0);
}

/* -- The disk fails -- */

struct fault {
    const char *name;
    struct vfs_faults faults;
    bool is_in_step;  /* it begins in the middle of one */
    const char *told; /* in the log */
};

static const struct fault faults[] = {
    {"the disk is full", {.full = VFS_ANY}, false, "what=\"no_copy\""},
    {"it has place for the copy alone", {.full = VFS_WAL}, false, "what=\"not_raised\""},
    {"writes to files fail", {.writes_fail = VFS_MAIN}, false, "what=\"no_copy\""},
    {"the copy gets no name", {.writes_fail = VFS_OTHER}, false, "what=\"no_copy\""},
    {"syncs of files fail", {.syncs_fail = VFS_MAIN}, false, "what=\"no_copy\""},
    {"the log fails before", {.writes_fail = VFS_WAL}, false, "event=store_failed"},
    {"the disk gets full", {.full = VFS_ANY}, true, "what=\"not_raised\""},
    {"writes fail from then on", {.writes_fail = VFS_ANY}, true, "what=\"not_raised\""},
    {"syncs fail from then on", {.syncs_fail = VFS_ANY}, true, "what=\"not_raised\""},
    {"syncs fail and the old bytes are back",
     {.syncs_fail = VFS_ANY, .failed_sync_reverts = true},
     true,
     "what=\"not_raised\""},
};

static void fail_once(const struct fault *fault, uint64_t seed)
{
    struct place place;
    place_init(&place, seed, false);
    faults_in_step = fault->is_in_step ? &fault->faults : NULL;
    vfs_faults(fault->is_in_step ? NULL : &fault->faults);
    assert_false(open_as(&place, NEWEST));
    scribe_close(&place.scribe);
    assert_int_equal(ear_count(&place.ear, fault->told), 1);
    assert_false(is_there(&place, ".v2.new"));
    faults_in_step = NULL;
    vfs_faults(NULL);
    if (seed > 2) {
        vfs_off();
        vfs_on_after_loss((enum disk_loss)(seed % DISK_LOSS_COUNT));
    }
    assert_int_equal(version_of(&place, ""), OLDEST);
    look(&place, seed);
    place_fini(&place);
}

static void a_disk_that_fails_leaves_the_old_version_whole_and_it_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        for (uint64_t seed = 1; seed <= 4; seed++) {
            fail_once(&faults[i], seed);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_host_s_file_is_raised_and_everything_acknowledged_stands),
        cmocka_unit_test(an_older_host_refuses_a_newer_file),
        cmocka_unit_test(power_that_goes_at_any_moment_leaves_one_version_whole),
        cmocka_unit_test(a_disk_that_fails_leaves_the_old_version_whole_and_it_is_told),
    };
    vfs_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
