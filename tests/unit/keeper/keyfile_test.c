/* keyfile_test -- the sealed files: round trip, wrong passphrase, every part altered. */
#include "../../../client-sdk/keeper/keyfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/enrum-keyfile-XXXXXX";
static char path[128], passphrase_path[128];
static uint8_t word[] = "a good passphrase", other_word[] = "another passphrase";
static const struct secret_buf passphrase = {word, sizeof word - 1};
static const struct secret_buf other = {other_word, sizeof other_word - 1};
static struct keeper_keys keys;

static int setup(void **state)
{
    (void)state;
    assert_true(suite_init());
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/keeper.key", folder);
    (void)snprintf(passphrase_path, sizeof passphrase_path, "%s/passphrase", folder);
    sign_pair_new(&keys.sign);
    seal_pair_new(&keys.seal);
    secret_random(&keys.board_secret);
    keys.certificate_len = 300;
    memset(keys.certificate, 0x42, keys.certificate_len);
    assert_int_equal(keyfile_write_keeper(path, &passphrase, &keys), KEYFILE_OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    (void)unlink(path);
    (void)unlink(passphrase_path);
    return rmdir(folder);
}

static void keys_come_back_as_they_were(void **state)
{
    (void)state;
    struct keeper_keys back = {0};
    assert_int_equal(keyfile_read_keeper(path, &passphrase, &back), KEYFILE_OK);
    assert_true(id_equal(&back.sign.public, &keys.sign.public));
    assert_true(id_equal(&back.seal.public, &keys.seal.public));
    assert_true(secret_equal(&back.seal.secret, &keys.seal.secret));
    assert_true(secret_equal(&back.board_secret, &keys.board_secret));
    assert_int_equal(back.certificate_len, keys.certificate_len);
    assert_memory_equal(back.certificate, keys.certificate, keys.certificate_len);
}

static void the_file_is_its_owners_alone(void **state)
{
    (void)state;
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
}

static void a_wrong_passphrase_is_called_so(void **state)
{
    (void)state;
    struct keeper_keys back;
    memset(&back, 0x5a, sizeof back);
    struct keeper_keys before = back;
    assert_int_equal(keyfile_read_keeper(path, &other, &back), KEYFILE_WRONG_PASSPHRASE);
    assert_memory_equal(&back, &before, sizeof back);
    assert_string_equal(keyfile_sentence(KEYFILE_WRONG_PASSPHRASE), "the passphrase is wrong");
}

static void another_kind_of_file_is_not_opened(void **state)
{
    (void)state;
    struct sign_pair root;
    struct secret_buf secrets;
    assert_int_equal(keyfile_read_root(path, &passphrase, &root), KEYFILE_NOT_ONE);
    assert_int_equal(keyfile_read("/nonexistent", KEYFILE_KEEPER, &passphrase, &secrets),
                     KEYFILE_UNREADABLE);
}

static void write_altered(const uint8_t *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_TRUNC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), len);
    close(fd);
}

static void an_altered_file_is_never_opened(void **state)
{
    (void)state;
    uint8_t bytes[2048], altered[2048];
    struct keeper_keys back;
    /* magic, operations, memory, salt, nonce, check, ciphertext, tag */
    static const struct {
        size_t at; /* from the end when above 1000 */
        enum keyfile_result result;
    } rows[] = {
        {0, KEYFILE_NOT_ONE},           {16, KEYFILE_NOT_ONE},          {24, KEYFILE_NOT_ONE},
        {23, KEYFILE_WRONG_PASSPHRASE}, {33, KEYFILE_WRONG_PASSPHRASE}, {50, KEYFILE_ALTERED},
        {70, KEYFILE_WRONG_PASSPHRASE}, {100, KEYFILE_ALTERED},         {1001, KEYFILE_ALTERED},
    };
    int fd = open(path, O_RDONLY);
    ssize_t len = read(fd, bytes, sizeof bytes);
    close(fd);
    assert_true(len > 300);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t at = rows[i].at > 1000 ? (size_t)len - (rows[i].at - 1000) : rows[i].at;
        memcpy(altered, bytes, (size_t)len);
        altered[at] ^= 1;
        write_altered(altered, (size_t)len);
        assert_int_equal(keyfile_read_keeper(path, &passphrase, &back), rows[i].result);
    }
    write_altered(bytes, 40);
    assert_int_equal(keyfile_read_keeper(path, &passphrase, &back), KEYFILE_NOT_ONE);
    write_altered(bytes, (size_t)len - 1);
    assert_int_equal(keyfile_read_keeper(path, &passphrase, &back), KEYFILE_ALTERED);
    write_altered(bytes, (size_t)len);
    assert_int_equal(keyfile_read_keeper(path, &passphrase, &back), KEYFILE_OK);
}

static void a_passphrase_is_the_files_first_line(void **state)
{
    (void)state;
    struct secret_buf out;
    static const struct {
        const char *text;
        const char *expected;
    } rows[] = {{"good enough\nmore", "good enough"},
                {"eightlet", "eightlet"},
                {"seven77\n", NULL},
                {"", NULL}};
    for (size_t i = 0; i < 4; i++) {
        int fd = open(passphrase_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        assert_int_equal(write(fd, rows[i].text, strlen(rows[i].text)), strlen(rows[i].text));
        close(fd);
        bool good = keyfile_passphrase(passphrase_path, &out);
        assert_int_equal(good, rows[i].expected != NULL);
        if (good) {
            assert_int_equal(out.len, strlen(rows[i].expected));
            assert_memory_equal(out.bytes, rows[i].expected, out.len);
            secret_buf_fini(&out);
        }
    }
    assert_false(keyfile_passphrase("/nonexistent", &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_come_back_as_they_were),
        cmocka_unit_test(the_file_is_its_owners_alone),
        cmocka_unit_test(a_wrong_passphrase_is_called_so),
        cmocka_unit_test(another_kind_of_file_is_not_opened),
        cmocka_unit_test(an_altered_file_is_never_opened),
        cmocka_unit_test(a_passphrase_is_the_files_first_line),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
