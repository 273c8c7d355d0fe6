/* keyfile -- secrets in a file sealed with a passphrase: Argon2id (moderate) and AES-256-GCM.
 * Two purposes: the keeper's keys, and the board's root. Knows files and bytes, not what the keys
 * are for. The one file of this folder with libsodium: OpenSSL 3.0 has no Argon2. */
#pragma once

#include "enrum.h"

enum keyfile_result {
    KEYFILE_OK,
    KEYFILE_UNREADABLE,       /* no such file, or the disk */
    KEYFILE_NOT_ONE,          /* another kind of file, or cut */
    KEYFILE_WRONG_PASSPHRASE, /* or its salt was altered */
    KEYFILE_ALTERED,
    KEYFILE_MEMORY,
};

enum keyfile_purpose { KEYFILE_KEEPER, KEYFILE_ROOT };

struct keeper_keys {
    struct sign_pair sign;
    struct seal_pair seal;
    struct secret32 board_secret;
    uint8_t certificate[CERTIFICATE_BYTES_MAX];
    size_t certificate_len;
};

/* A sentence for people. */
const char *keyfile_sentence(enum keyfile_result result);

/* Replaces the file in one step, mode 0600. */
enum keyfile_result keyfile_write(const char *path, enum keyfile_purpose purpose,
                                  const struct secret_buf *passphrase,
                                  const struct secret_buf *secrets);
/* `secrets` is initialised on success. */
enum keyfile_result keyfile_read(const char *path, enum keyfile_purpose purpose,
                                 const struct secret_buf *passphrase, struct secret_buf *secrets);

enum keyfile_result keyfile_write_keeper(const char *path, const struct secret_buf *passphrase,
                                         const struct keeper_keys *keys);
enum keyfile_result keyfile_read_keeper(const char *path, const struct secret_buf *passphrase,
                                        struct keeper_keys *out);
enum keyfile_result keyfile_write_root(const char *path, const struct secret_buf *passphrase,
                                       const struct sign_pair *root);
enum keyfile_result keyfile_read_root(const char *path, const struct secret_buf *passphrase,
                                      struct sign_pair *out);
void keeper_keys_wipe(struct keeper_keys *keys);

enum { PASSPHRASE_BYTES_MIN = 8, PASSPHRASE_BYTES_MAX = 1024 };
/* The first line of the file, or (path NULL) of the terminal without echo. False: unreadable, or
 * shorter than PASSPHRASE_BYTES_MIN. */
bool keyfile_passphrase(const char *path, struct secret_buf *out);
