/* devicekey -- see devicekey.h. */
#include "devicekey.h"

static const char file_name[] = "device.key";
static const char magic[] = "enrum device key 1\n";

enum { MAGIC_BYTES = sizeof magic - 1, FILE_BYTES = MAGIC_BYTES + 2 * KEY_BYTES };

static enum enrum_err decode(struct slice bytes, struct sign_pair *sign, struct seal_pair *seal)
{
    struct secret32 seed, secret;
    if (bytes.len != FILE_BYTES || memcmp(bytes.at, magic, MAGIC_BYTES) != 0) {
        return ENRUM_MALFORMED;
    }
    memcpy(seed.bytes, bytes.at + MAGIC_BYTES, KEY_BYTES);
    memcpy(secret.bytes, bytes.at + MAGIC_BYTES + KEY_BYTES, KEY_BYTES);
    sign_pair_of_seed(&seed, sign);
    seal_pair_of_secret(&secret, seal);
    secret_wipe(&seed);
    secret_wipe(&secret);
    return ENRUM_OK;
}

static enum enrum_err make(const struct home *home, struct sign_pair *sign, struct seal_pair *seal)
{
    struct buffer bytes;
    struct secret32 seed;
    sign_pair_new(sign);
    seal_pair_new(seal);
    sign_pair_seed(sign, &seed);
    buffer_init(&bytes, FILE_BYTES);
    buffer_append(&bytes, magic, MAGIC_BYTES);
    buffer_append(&bytes, seed.bytes, KEY_BYTES);
    buffer_append(&bytes, seal->secret.bytes, KEY_BYTES);
    secret_wipe(&seed);
    enum enrum_err err = bytes.failed ? ENRUM_MEMORY
                                      : home_write(home, file_name, buffer_slice(&bytes));
    buffer_wipe(&bytes);
    return err;
}

enum enrum_err devicekey_open(const struct home *home, struct sign_pair *sign,
                              struct seal_pair *seal)
{
    struct buffer bytes;
    if (!home_has(home, file_name)) {
        return make(home, sign, seal);
    }
    buffer_init(&bytes, HOME_FILE_BYTES_MAX);
    enum enrum_err err = home_read(home, file_name, &bytes);
    if (err == ENRUM_OK) {
        err = decode(buffer_slice(&bytes), sign, seal);
    }
    buffer_wipe(&bytes);
    return err;
}

void devicekey_remove(const struct home *home)
{
    home_remove(home, file_name);
}
