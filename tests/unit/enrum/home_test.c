/* The home: closed to others, one process at a time, files whole or not at all. */
#include "client-sdk/c/home.h"
#include "client-sdk/c/localstore.h"
#include "clientstage.h"
#include "schema/schema.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static char folder[256], path[512];

static int setup(void **state)
{
    (void)state;
    stage_folder(folder);
    (void)snprintf(path, sizeof path, "%s/home", folder);
    return 0;
}

static unsigned mode_of(const char *name)
{
    struct stat status;
    char file[1024];
    (void)snprintf(file, sizeof file, "%s/%s", path, name);
    assert_int_equal(stat(file, &status), 0);
    return status.st_mode & 0777;
}

static void folder_is_the_owner_s_alone(void **state)
{
    (void)state;
    struct home home;
    assert_int_equal(mkdir(path, 0755), 0);
    assert_int_equal(home_open(path, &home), ENRUM_OK);
    assert_int_equal(mode_of("."), 0700);
    home_close(&home);
}

static void all_files_of_a_device_are_the_owner_s_alone(void **state)
{
    (void)state;
    struct stage stage;
    struct enrum *enrum = NULL;
    stage_init(&stage);
    struct enrum_options options = {.home = path, .board = &stage.board};
    assert_int_equal(enrum_open(&options, &enrum), ENRUM_OK);
    DIR *open_folder = opendir(path);
    size_t count = 0;
    for (struct dirent *row; (row = readdir(open_folder)) != NULL;) {
        if (row->d_name[0] != '.') {
            assert_int_equal(mode_of(row->d_name), 0600);
            count++;
        }
    }
    (void)closedir(open_folder);
    assert_true(count >= 4); /* lock, board.json, device.key, enrum.db */
    enrum_close(enrum);
    stage_fini(&stage);
}

static void home_in_use_is_busy(void **state)
{
    (void)state;
    struct home home, other;
    assert_int_equal(home_open(path, &home), ENRUM_OK);
    assert_int_equal(home_open(path, &other), ENRUM_BUSY);
    home_close(&home);
    assert_int_equal(home_open(path, &other), ENRUM_OK);
    home_close(&other);
}

static void file_is_replaced_whole(void **state)
{
    (void)state;
    struct home home;
    struct buffer bytes;
    buffer_init(&bytes, 64);
    assert_int_equal(home_open(path, &home), ENRUM_OK);
    assert_int_equal(home_read(&home, "a", &bytes), ENRUM_FILE_FAILED);
    assert_int_equal(home_write(&home, "a", slice_of_text("one")), ENRUM_OK);
    assert_int_equal(home_write(&home, "a", slice_of_text("two")), ENRUM_OK);
    assert_int_equal(home_read(&home, "a", &bytes), ENRUM_OK);
    assert_true(slice_equal(buffer_slice(&bytes), slice_of_text("two")));
    assert_int_equal(mode_of("a"), 0600);
    assert_false(home_has(&home, "a.new"));
    buffer_fini(&bytes);
    home_close(&home);
}

static void keys_stay_the_same_and_forgetting_wipes_them(void **state)
{
    (void)state;
    struct stage stage;
    struct enrum *enrum = NULL;
    struct enrum_self first, second;
    stage_init(&stage);
    struct enrum_options options = {.home = path, .board = &stage.board};
    assert_int_equal(enrum_open(&options, &enrum), ENRUM_OK);
    enrum_self(enrum, &first);
    assert_int_equal(enrum_forget(path), ENRUM_BUSY);
    enrum_close(enrum);
    assert_int_equal(enrum_open(&options, &enrum), ENRUM_OK);
    enrum_self(enrum, &second);
    enrum_close(enrum);
    assert_true(id_equal(&first.device, &second.device));
    assert_int_equal(enrum_forget(path), ENRUM_OK);
    options.board = NULL; /* the board stays pinned */
    assert_int_equal(enrum_open(&options, &enrum), ENRUM_OK);
    enrum_self(enrum, &second);
    enrum_close(enrum);
    assert_false(id_equal(&first.device, &second.device));
    stage_fini(&stage);
}

/* -- The database -- */

static size_t draft_count;
static struct local_draft last_draft;
static char last_bytes[16];

static void each_draft(void *context, const struct local_draft *draft)
{
    (void)context;
    draft_count++;
    last_draft = *draft;
    (void)snprintf(last_bytes, sizeof last_bytes, "%.*s", (int)draft->bytes.len, draft->bytes.at);
}

static void draft_is_on_disk_after_the_commit(void **state)
{
    (void)state;
    struct localstore *store = NULL;
    struct id room;
    memset(room.bytes, 7, ID_BYTES);
    assert_int_equal(localstore_open(path, NULL, &store), ENRUM_OK);
    struct local_draft draft = {.room = room,
                                .class = 1,
                                .device_seq = 3,
                                .open = slice_of_text("o"),
                                .content = slice_of_text("c"),
                                .bytes = slice_of_text("first")};
    assert_int_equal(localstore_draft_put(store, &draft), ENRUM_OK);
    assert_true(draft.id != 0);
    draft.bytes = slice_of_text("second");
    assert_int_equal(localstore_draft_put(store, &draft), ENRUM_OK);
    assert_int_equal(localstore_commit(store), ENRUM_OK);
    /* A second connection sees what is on disk, and nothing else. */
    struct localstore *other = NULL;
    assert_int_equal(localstore_open(path, NULL, &other), ENRUM_OK);
    draft_count = 0;
    assert_int_equal(localstore_drafts(other, each_draft, NULL), ENRUM_OK);
    assert_int_equal(draft_count, 1);
    assert_string_equal(last_bytes, "second");
    assert_int_equal(last_draft.device_seq, 3);
    localstore_close(other);
    uint64_t old_id = draft.id;
    assert_int_equal(localstore_draft_remove(store, draft.id), ENRUM_OK);
    draft.id = 0;
    assert_int_equal(localstore_draft_put(store, &draft), ENRUM_OK);
    assert_true(draft.id > old_id); /* an id is never given twice */
    localstore_close(store);
}

static void file_of_another_program_is_refused(void **state)
{
    (void)state;
    struct localstore *store = NULL;
    FILE *file = fopen(path, "w");
    assert_true(fputs("this is no database, and long enough to be taken for one: ....", file) > 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(localstore_open(path, NULL, &store), ENRUM_FILE_FAILED);
    assert_null(store);
}

static size_t read_all(uint8_t *out, size_t bytes)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(out, 1, bytes, file);
    assert_int_equal(fclose(file), 0);
    return len;
}

static void tell(void *context, const struct schema_news *news)
{
    (void)snprintf(context, 64, "%s %d", schema_news_name(news->type), news->from);
}

/* The version stands in four bytes of the file's head. */
static void file_of_a_newer_version_is_told_refused_and_not_touched(void **state)
{
    static uint8_t before[1 << 17], after[1 << 17];
    static const uint8_t newer[] = {0, 0, 0, 9};
    struct localstore *store = NULL;
    char told[64] = "";
    struct localstore_watch watch = {.tell = tell, .context = told};
    (void)state;
    assert_int_equal(localstore_open(path, NULL, &store), ENRUM_OK);
    localstore_close(store);
    store = NULL;
    FILE *file = fopen(path, "r+b");
    assert_int_equal(fseek(file, 60, SEEK_SET), 0);
    assert_int_equal(fwrite(newer, 1, sizeof newer, file), sizeof newer);
    assert_int_equal(fclose(file), 0);
    size_t len = read_all(before, sizeof before);
    assert_true(len > 4096 && len < sizeof before);
    assert_int_equal(localstore_open(path, &watch, &store), ENRUM_FILE_FAILED);
    assert_null(store);
    assert_string_equal(told, "too_new 9");
    assert_int_equal(read_all(after, sizeof after), len);
    assert_memory_equal(before, after, len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, setup)
        TEST(folder_is_the_owner_s_alone),
        TEST(all_files_of_a_device_are_the_owner_s_alone),
        TEST(home_in_use_is_busy),
        TEST(file_is_replaced_whole),
        TEST(keys_stay_the_same_and_forgetting_wipes_them),
        TEST(draft_is_on_disk_after_the_commit),
        TEST(file_of_another_program_is_refused),
        TEST(file_of_a_newer_version_is_told_refused_and_not_touched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
