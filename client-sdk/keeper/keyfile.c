/* keyfile -- see keyfile.h.
 * The file: magic (16 bytes), operations and memory of Argon2id (8 bytes each, big-endian), salt
 * (16), nonce (12), check (32), ciphertext and tag. Argon2id gives 64 bytes: the key, and a second
 * half whose hash is the check: it tells a wrong passphrase from an altered file, and costs a
 * guesser as much as the key does. Everything before the ciphertext is additional data. */
#include "keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

enum {
    MAGIC_BYTES = 16,
    SALT_BYTES = 16,
    HEADER_BYTES = MAGIC_BYTES + 8 + 8 + SALT_BYTES + NONCE_BYTES + ID_BYTES,
    KEYFILE_BYTES_MAX = 16384,
};

/* A file that asks for more than this is not ours: it would only burn the machine. */
static const uint64_t OPERATIONS_MAX = 64, MEMORY_BYTES_MAX = UINT64_C(2) << 30;

struct keyfile_header {
    uint64_t operations, memory_bytes;
    uint8_t salt[SALT_BYTES], nonce[NONCE_BYTES];
    struct id check;
    uint8_t bytes[HEADER_BYTES];
};

static const char *magic_of(enum keyfile_purpose purpose)
{
    return purpose == KEYFILE_ROOT ? "enrum root    1\n" : "enrum keeper  1\n";
}

const char *keyfile_sentence(enum keyfile_result result)
{
    switch (result) {
    case KEYFILE_OK:
        return "opened";
    case KEYFILE_UNREADABLE:
        return "the file could not be read or written";
    case KEYFILE_NOT_ONE:
        return "the file is not a sealed key file of this kind";
    case KEYFILE_WRONG_PASSPHRASE:
        return "the passphrase is wrong";
    case KEYFILE_ALTERED:
        return "the file has been altered or damaged";
    case KEYFILE_MEMORY:
        return "out of memory";
    }
    return "";
}

/* -- Header and key -- */

static void header_join(enum keyfile_purpose purpose, struct keyfile_header *header)
{
    struct be64 operations = be64_of(header->operations), memory = be64_of(header->memory_bytes);
    uint8_t *at = header->bytes;
    memcpy(at, magic_of(purpose), MAGIC_BYTES);
    memcpy(at + MAGIC_BYTES, operations.bytes, 8);
    memcpy(at + MAGIC_BYTES + 8, memory.bytes, 8);
    memcpy(at + MAGIC_BYTES + 16, header->salt, SALT_BYTES);
    memcpy(at + MAGIC_BYTES + 16 + SALT_BYTES, header->nonce, NONCE_BYTES);
    memcpy(at + HEADER_BYTES - ID_BYTES, header->check.bytes, ID_BYTES);
}

static uint64_t number_of(const uint8_t *at)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++) {
        number = number << 8 | at[i];
    }
    return number;
}

static bool header_split(enum keyfile_purpose purpose, struct slice file,
                         struct keyfile_header *header)
{
    if (file.len < HEADER_BYTES + TAG_BYTES ||
        !slice_equal((struct slice){file.at, MAGIC_BYTES},
                     (struct slice){(const uint8_t *)magic_of(purpose), MAGIC_BYTES})) {
        return false;
    }
    memcpy(header->bytes, file.at, HEADER_BYTES);
    header->operations = number_of(file.at + MAGIC_BYTES);
    header->memory_bytes = number_of(file.at + MAGIC_BYTES + 8);
    memcpy(header->salt, file.at + MAGIC_BYTES + 16, SALT_BYTES);
    memcpy(header->nonce, file.at + MAGIC_BYTES + 16 + SALT_BYTES, NONCE_BYTES);
    memcpy(header->check.bytes, file.at + HEADER_BYTES - ID_BYTES, ID_BYTES);
    return header->operations <= OPERATIONS_MAX && header->memory_bytes <= MEMORY_BYTES_MAX;
}

/* The key, and the check that belongs to it. */
static enum keyfile_result key_derive(const struct keyfile_header *header,
                                      const struct secret_buf *passphrase, struct secret32 *key,
                                      struct id *check)
{
    uint8_t derived[2 * KEY_BYTES];
    if (crypto_pwhash(derived, sizeof derived, (const char *)passphrase->bytes, passphrase->len,
                      header->salt, header->operations, (size_t)header->memory_bytes,
                      crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return errno == ENOMEM ? KEYFILE_MEMORY : KEYFILE_NOT_ONE;
    }
    struct slice second = {derived + KEY_BYTES, KEY_BYTES};
    suite_hash_bare(&second, 1, check);
    memcpy(key->bytes, derived, KEY_BYTES);
    sodium_memzero(derived, sizeof derived);
    return KEYFILE_OK;
}

/* -- Files -- */

static bool all_written(int fd, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t done = write(fd, bytes.at, bytes.len);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return false;
        }
        bytes.at += done;
        bytes.len -= (size_t)done;
    }
    return true;
}

/* A new file beside it, on disk, then renamed: a crash leaves the old one or the new one. */
static bool file_replace(const char *path, struct slice bytes)
{
    char next[4096];
    int len = snprintf(next, sizeof next, "%s.next", path);
    if (len < 0 || (size_t)len >= sizeof next) {
        return false;
    }
    (void)unlink(next);
    int fd = open(next, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return false;
    }
    bool good = fchmod(fd, 0600) == 0 && all_written(fd, bytes) && fsync(fd) == 0;
    good = close(fd) == 0 && good;
    good = good && rename(next, path) == 0;
    if (!good) {
        (void)unlink(next);
    }
    return good;
}

static bool file_read(const char *path, struct buffer *out)
{
    uint8_t chunk[4096];
    ssize_t got;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    while ((got = read(fd, chunk, sizeof chunk)) > 0) {
        buffer_append(out, chunk, (size_t)got);
    }
    sodium_memzero(chunk, sizeof chunk);
    close(fd);
    return got == 0;
}

enum keyfile_result keyfile_write(const char *path, enum keyfile_purpose purpose,
                                  const struct secret_buf *passphrase,
                                  const struct secret_buf *secrets)
{
    struct keyfile_header header = {.operations = crypto_pwhash_OPSLIMIT_MODERATE,
                                    .memory_bytes = crypto_pwhash_MEMLIMIT_MODERATE};
    struct secret32 key;
    struct buffer file;
    suite_random(header.salt, sizeof header.salt);
    suite_random(header.nonce, sizeof header.nonce);
    enum keyfile_result result = key_derive(&header, passphrase, &key, &header.check);
    if (result != KEYFILE_OK) {
        return result;
    }
    header_join(purpose, &header);
    buffer_init(&file, KEYFILE_BYTES_MAX);
    buffer_append(&file, header.bytes, HEADER_BYTES);
    struct slice aad = {header.bytes, HEADER_BYTES}, plain = {secrets->bytes, secrets->len};
    if (suite_seal(&key, header.nonce, aad, plain, &file) != ENRUM_OK) {
        result = KEYFILE_MEMORY;
    } else if (!file_replace(path, buffer_slice(&file))) {
        result = KEYFILE_UNREADABLE;
    }
    secret_wipe(&key);
    buffer_fini(&file);
    return result;
}

static enum keyfile_result file_open(enum keyfile_purpose purpose, struct slice file,
                                     const struct secret_buf *passphrase, struct buffer *plain)
{
    struct keyfile_header header;
    struct secret32 key;
    struct id check;
    if (!header_split(purpose, file, &header)) {
        return KEYFILE_NOT_ONE;
    }
    enum keyfile_result result = key_derive(&header, passphrase, &key, &check);
    if (result != KEYFILE_OK) {
        return result;
    }
    struct slice sealed = {file.at + HEADER_BYTES, file.len - HEADER_BYTES};
    if (!id_equal(&check, &header.check)) {
        result = KEYFILE_WRONG_PASSPHRASE;
    } else if (suite_open(&key, header.nonce, (struct slice){header.bytes, HEADER_BYTES}, sealed,
                          plain) != ENRUM_OK) {
        result = KEYFILE_ALTERED;
    }
    secret_wipe(&key);
    return result;
}

enum keyfile_result keyfile_read(const char *path, enum keyfile_purpose purpose,
                                 const struct secret_buf *passphrase, struct secret_buf *secrets)
{
    struct buffer file, plain;
    buffer_init(&file, KEYFILE_BYTES_MAX);
    buffer_init(&plain, KEYFILE_BYTES_MAX);
    enum keyfile_result result = KEYFILE_UNREADABLE;
    if (file_read(path, &file)) {
        result = file.failed ? KEYFILE_NOT_ONE
                             : file_open(purpose, buffer_slice(&file), passphrase, &plain);
    }
    if (result == KEYFILE_OK && !secret_buf_init(secrets, plain.len)) {
        result = KEYFILE_MEMORY;
    }
    if (result == KEYFILE_OK && plain.len > 0) {
        memcpy(secrets->bytes, plain.at, plain.len);
    }
    buffer_wipe(&plain);
    buffer_fini(&file);
    return result;
}

/* -- What is in them -- */

enum { KEEPER_FIXED_BYTES = 3 * KEY_BYTES };

enum keyfile_result keyfile_write_keeper(const char *path, const struct secret_buf *passphrase,
                                         const struct keeper_keys *keys)
{
    struct secret_buf secrets;
    struct secret32 seed;
    if (!secret_buf_init(&secrets, KEEPER_FIXED_BYTES + keys->certificate_len)) {
        return KEYFILE_MEMORY;
    }
    sign_pair_seed(&keys->sign, &seed);
    memcpy(secrets.bytes, seed.bytes, KEY_BYTES);
    memcpy(secrets.bytes + KEY_BYTES, keys->seal.secret.bytes, KEY_BYTES);
    memcpy(secrets.bytes + 2 * KEY_BYTES, keys->board_secret.bytes, KEY_BYTES);
    memcpy(secrets.bytes + KEEPER_FIXED_BYTES, keys->certificate, keys->certificate_len);
    enum keyfile_result result = keyfile_write(path, KEYFILE_KEEPER, passphrase, &secrets);
    secret_wipe(&seed);
    secret_buf_fini(&secrets);
    return result;
}

enum keyfile_result keyfile_read_keeper(const char *path, const struct secret_buf *passphrase,
                                        struct keeper_keys *out)
{
    struct secret_buf secrets;
    struct secret32 seed, seal;
    enum keyfile_result result = keyfile_read(path, KEYFILE_KEEPER, passphrase, &secrets);
    if (result != KEYFILE_OK) {
        return result;
    }
    if (secrets.len < KEEPER_FIXED_BYTES ||
        secrets.len > KEEPER_FIXED_BYTES + CERTIFICATE_BYTES_MAX) {
        secret_buf_fini(&secrets);
        return KEYFILE_NOT_ONE;
    }
    secret_take(&seed, secrets.bytes);
    secret_take(&seal, secrets.bytes + KEY_BYTES);
    sign_pair_of_seed(&seed, &out->sign);
    seal_pair_of_secret(&seal, &out->seal);
    secret_take(&out->board_secret, secrets.bytes + 2 * KEY_BYTES);
    out->certificate_len = secrets.len - KEEPER_FIXED_BYTES;
    memcpy(out->certificate, secrets.bytes + KEEPER_FIXED_BYTES, out->certificate_len);
    secret_wipe(&seed);
    secret_wipe(&seal);
    secret_buf_fini(&secrets);
    return KEYFILE_OK;
}

enum keyfile_result keyfile_write_root(const char *path, const struct secret_buf *passphrase,
                                       const struct sign_pair *root)
{
    struct secret32 seed;
    sign_pair_seed(root, &seed);
    struct secret_buf secrets = {seed.bytes, KEY_BYTES};
    enum keyfile_result result = keyfile_write(path, KEYFILE_ROOT, passphrase, &secrets);
    secret_wipe(&seed);
    return result;
}

enum keyfile_result keyfile_read_root(const char *path, const struct secret_buf *passphrase,
                                      struct sign_pair *out)
{
    struct secret_buf secrets;
    struct secret32 seed;
    enum keyfile_result result = keyfile_read(path, KEYFILE_ROOT, passphrase, &secrets);
    if (result != KEYFILE_OK) {
        return result;
    }
    if (secrets.len == KEY_BYTES) {
        secret_take(&seed, secrets.bytes);
        sign_pair_of_seed(&seed, out);
        secret_wipe(&seed);
    } else {
        result = KEYFILE_NOT_ONE;
    }
    secret_buf_fini(&secrets);
    return result;
}

void keeper_keys_wipe(struct keeper_keys *keys)
{
    sodium_memzero(keys, sizeof *keys);
}

/* -- Passphrase -- */

static ssize_t terminal_read(char *line, size_t size)
{
    struct termios before, quiet;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || tcgetattr(fd, &before) != 0) {
        if (fd >= 0) {
            close(fd);
        }
        return -1;
    }
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    (void)tcsetattr(fd, TCSAFLUSH, &quiet);
    (void)all_written(fd, slice_of_text("Passphrase: "));
    ssize_t got = read(fd, line, size);
    (void)tcsetattr(fd, TCSAFLUSH, &before);
    (void)all_written(fd, slice_of_text("\n"));
    close(fd);
    return got;
}

static ssize_t line_read(const char *path, char *line, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    ssize_t got = read(fd, line, size);
    close(fd);
    return got;
}

bool keyfile_passphrase(const char *path, struct secret_buf *out)
{
    char line[PASSPHRASE_BYTES_MAX + 1];
    ssize_t got = path != NULL ? line_read(path, line, sizeof line)
                               : terminal_read(line, sizeof line);
    size_t len = 0;
    while (got > 0 && len < (size_t)got && line[len] != '\n' && line[len] != '\r') {
        len++;
    }
    bool good = got > 0 && len >= PASSPHRASE_BYTES_MIN && len <= PASSPHRASE_BYTES_MAX &&
                secret_buf_init(out, len);
    if (good) {
        memcpy(out->bytes, line, len);
    }
    sodium_memzero(line, sizeof line);
    return good;
}
