/* board.json: what a client believes first. */
#include "client-sdk/c/board.h"
#include "clientstage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct stage stage;
static char folder[256], path[300];

static int setup(void **state)
{
    (void)state;
    stage_init(&stage);
    stage_folder(folder);
    (void)snprintf(path, sizeof path, "%s/board.json", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    stage_fini(&stage);
    return 0;
}

static void file_put(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* The file's text with one part in the place of another. */
static void file_change(const char *from, const char *to)
{
    static char text[16384], changed[16384];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    (void)fclose(file);
    char *at = strstr(text, from);
    assert_non_null(at);
    *at = '\0';
    (void)snprintf(changed, sizeof changed, "%s%s%s", text, to, at + strlen(from));
    file_put(changed);
}

static void succeed(struct enrum_board *board, const struct sign_pair *old,
                    const struct sign_pair *signer, const struct sign_pair *new)
{
    struct wire_successor successor = {.version = 1,
                                       .board = board->id,
                                       .old_key = old->public,
                                       .new_key = new->public,
                                       .at = stage.now};
    struct buffer body, bytes;
    buffer_init(&body, 512);
    buffer_init(&bytes, 512);
    assert_int_equal(layout_encode(&layout_successor, &successor, &body), ENRUM_OK);
    assert_int_equal(signed_encode(signer, LABEL_SUCCESSOR, buffer_slice(&body), &bytes), ENRUM_OK);
    suite_base64url(buffer_slice(&bytes), board->successors[board->root_count - 1]);
    board->roots[board->root_count++] = new->public;
    board->root_key = new->public;
    buffer_fini(&body);
    buffer_fini(&bytes);
}

static void board_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct enrum_board read;
    assert_int_equal(enrum_board_write(path, &stage.board), ENRUM_OK);
    assert_int_equal(enrum_board_read(path, &read), ENRUM_OK);
    assert_memory_equal(&read, &stage.board, sizeof read);
}

static void what_a_board_offers_is_read_by_name(void **state)
{
    (void)state;
    struct enrum_board board;
    struct enrum_board offering = stage.board;
    offering.offers = ENRUM_OFFER_ADVICE | ENRUM_OFFER_NOTICES;
    assert_int_equal(enrum_board_write(path, &offering), ENRUM_OK);
    assert_int_equal(enrum_board_read(path, &board), ENRUM_OK);
    assert_int_equal(board.offers, ENRUM_OFFER_ADVICE | ENRUM_OFFER_NOTICES);
    file_change("\"advice\"", "\"tea\"");
    assert_int_equal(enrum_board_read(path, &board), ENRUM_OK);
    assert_int_equal(board.offers, ENRUM_OFFER_NOTICES);
    file_change("\"offers\"", "\"others\"");
    assert_int_equal(enrum_board_read(path, &board), ENRUM_OK);
    assert_int_equal(board.offers, 0);
    file_change("\"others\": [", "\"offers\": 7, \"others\": [");
    assert_int_equal(enrum_board_read(path, &board), ENRUM_MALFORMED);
}

static void file_that_is_not_there_fails(void **state)
{
    (void)state;
    struct enrum_board read;
    assert_int_equal(enrum_board_read(path, &read), ENRUM_FILE_FAILED);
}

static void broken_files_are_malformed(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"\"version\": 1", "\"version\": 2"},
        {"\"root\"", "\"toor\""},
        {"\"host\"", "\"hist\""},
        {"\"url\"", "\"irl\""},
        {"{", "["},
        {"\"issuer\"", "\"issue\""},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct enrum_board read;
        assert_int_equal(enrum_board_write(path, &stage.board), ENRUM_OK);
        file_change(changes[i][0], changes[i][1]);
        assert_int_equal(enrum_board_read(path, &read), ENRUM_MALFORMED);
    }
}

static void root_that_is_not_the_id_s_is_malformed(void **state)
{
    (void)state;
    struct enrum_board read, other = stage.board;
    other.root_key = stage.host.public;
    assert_int_equal(enrum_board_write(path, &other), ENRUM_OK);
    assert_int_equal(enrum_board_read(path, &read), ENRUM_MALFORMED);
}

static void successors_are_followed(void **state)
{
    (void)state;
    struct sign_pair second, third;
    struct enrum_board read, later = stage.board;
    sign_pair_new(&second);
    sign_pair_new(&third);
    succeed(&later, &stage.root, &stage.root, &second);
    succeed(&later, &second, &second, &third);
    assert_int_equal(enrum_board_write(path, &later), ENRUM_OK);
    assert_int_equal(enrum_board_read(path, &read), ENRUM_OK);
    assert_int_equal(read.root_count, 3);
    assert_true(id_equal(&read.root_key, &third.public));
    assert_true(id_equal(&read.first_root_key, &stage.root.public));
    assert_int_equal(board_judge(&stage.board, &read), ENRUM_OK);
}

static void successor_that_the_old_root_has_not_signed_is_refused(void **state)
{
    (void)state;
    struct sign_pair second;
    struct enrum_board read, later = stage.board;
    sign_pair_new(&second);
    succeed(&later, &stage.root, &second, &second);
    assert_int_equal(enrum_board_write(path, &later), ENRUM_OK);
    assert_int_equal(enrum_board_read(path, &read), ENRUM_SIGNATURE_WRONG);
}

static void pinned_root_is_not_given_up(void **state)
{
    (void)state;
    struct stage other;
    struct enrum *enrum = NULL;
    char home[300];
    stage_init(&other);
    (void)snprintf(home, sizeof home, "%s/home", folder);
    struct enrum_options options = {.home = home, .board = &stage.board};
    assert_int_equal(enrum_open(&options, &enrum), ENRUM_OK);
    enrum_close(enrum);
    options.board = &other.board;
    assert_int_equal(enrum_open(&options, &enrum), ENRUM_ROOT_CHANGED);
    options.board = NULL;
    assert_int_equal(enrum_open(&options, &enrum), ENRUM_OK);
    enrum_close(enrum);
    stage_fini(&other);
}

static void older_root_than_the_pinned_is_refused(void **state)
{
    (void)state;
    struct sign_pair second;
    struct enrum_board later = stage.board;
    sign_pair_new(&second);
    succeed(&later, &stage.root, &stage.root, &second);
    assert_int_equal(board_judge(&later, &stage.board), ENRUM_ROOT_CHANGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(board_is_read_as_it_was_written),
        TEST(what_a_board_offers_is_read_by_name),
        TEST(file_that_is_not_there_fails),
        TEST(broken_files_are_malformed),
        TEST(root_that_is_not_the_id_s_is_malformed),
        TEST(successors_are_followed),
        TEST(successor_that_the_old_root_has_not_signed_is_refused),
        TEST(pinned_root_is_not_given_up),
        TEST(older_root_than_the_pinned_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
