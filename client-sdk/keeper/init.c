/* init -- see init.h. */
#include "init.h"

#include "base/clock.h"
#include "keyfile.h"
#include "oidc.h"
#include "oidcfetch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint64_t KEEPER_LIFE_MS = UINT64_C(2) * 365 * 24 * 3600 * 1000;
/* The host's clock may be behind ours a little. */
static const uint64_t EARLIER_MS = UINT64_C(5) * 60 * 1000;

static enum enrum_err say(enum enrum_err err, const char *what, const char *detail)
{
    (void)fprintf(stderr, "enrum-keeper: %s: %s\n", what, detail);
    return err;
}

static bool path_join(char out[PATH_BYTES], const char *home, const char *name)
{
    int len = snprintf(out, PATH_BYTES, "%s/%s", home, name);
    return len > 0 && len < PATH_BYTES;
}

/* -- Certificate -- */

static enum enrum_err keeper_certify(const struct sign_pair *root, const struct id *board,
                                     struct keeper_keys *keys)
{
    struct clock clock = clock_system();
    uint64_t now = clock_wall_ms(&clock);
    struct buffer bytes;
    struct wire_certificate body = {
        .board = *board,
        .issuer = *board,
        .sign_key = keys->sign.public,
        .seal_key = keys->seal.public,
        .person = *board,
        .role = ROLE_KEEPER,
        .level = 4,
        .not_before = now - EARLIER_MS,
        .not_after = now + KEEPER_LIFE_MS,
    };
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    enum enrum_err err = certificate_encode(root, &body, &bytes);
    if (err == ENRUM_OK) {
        memcpy(keys->certificate, bytes.at, bytes.len);
        keys->certificate_len = bytes.len;
    }
    buffer_fini(&bytes);
    return err;
}

/* -- Providers and configuration -- */

struct founding {
    const struct init_options *options;
    json_t *providers;
    struct enrum_board *board;
    struct secret_buf passphrase;
};

static enum enrum_err provider_add(struct founding *founding, const char *path)
{
    char why[WHY_BYTES] = "", endpoint[ENRUM_TEXT_MAX] = "";
    json_error_t problem;
    struct provider *provider = calloc(1, sizeof *provider);
    json_t *object = json_load_file(path, JSON_REJECT_DUPLICATES, &problem);
    if (provider == NULL || object == NULL) {
        free(provider);
        json_decref(object);
        return say(ENRUM_CONFIG, path, "is no JSON file");
    }
    enum enrum_err err = provider_of_json(object, provider, why);
    if (err != ENRUM_OK) {
        err = say(err, path, why);
    } else if (oidc_discover(provider, endpoint) != ENRUM_OK) {
        memcpy(endpoint, provider->authorization_endpoint, sizeof endpoint);
        if (endpoint[0] == '\0') {
            err = say(ENRUM_PROVIDER_UNREACHABLE, path,
                      "the provider does not answer; give authorization_endpoint in the file");
        }
    }
    if (err == ENRUM_OK) {
        provider_publish(provider, endpoint,
                         &founding->board->providers[founding->board->provider_count++]);
        json_array_append(founding->providers, object);
    }
    explicit_bzero(provider, sizeof *provider);
    free(provider);
    json_decref(object);
    return err;
}

/* What the board offers beside, into its configuration and board.json. */
static enum enrum_err offers_put(const struct founding *founding, json_t *config)
{
    const struct init_options *options = founding->options;
    if (options->advice != NULL) {
        /* What is no number is refused with the rest of the configuration. */
        json_t *number = json_loads(options->advice, JSON_DECODE_ANY, NULL);
        json_t *advice = json_pack("{so}", "per_minute", number != NULL ? number : json_null());
        json_object_set_new(config, "advice", advice);
        founding->board->offers |= ENRUM_OFFER_ADVICE;
    }
    if (options->notices != NULL) {
        json_t *notices = json_load_file(options->notices, JSON_REJECT_DUPLICATES, NULL);
        if (notices == NULL) {
            return say(ENRUM_CONFIG, options->notices, "is no JSON file");
        }
        json_object_set_new(config, "notices", notices);
        founding->board->offers |= ENRUM_OFFER_NOTICES;
    }
    return ENRUM_OK;
}

static enum enrum_err config_write(const struct founding *founding, const char *path)
{
    char why[WHY_BYTES] = "";
    json_t *units = json_array();
    for (size_t i = 0; i < founding->options->unit_count; i++) {
        json_array_append_new(units, json_string(founding->options->units[i]));
    }
    if (founding->options->unit_count == 0) {
        json_array_append_new(units, json_string("Mottagning"));
    }
    json_t *file = json_pack("{si so s{si si si} s{si si si} sO}", "version", 1, "units", units,
                             "certificate_hours", "citizen", 720, "staff", 12, "guest", 12,
                             "session_hours", "citizen", 8760, "staff", 24, "guest", 12,
                             "providers", founding->providers);
    struct settings *settings = calloc(1, sizeof *settings);
    enum enrum_err err = settings == NULL ? ENRUM_MEMORY : offers_put(founding, file);
    if (err == ENRUM_OK) {
        err = settings_of_json(file, settings, why);
        err = err == ENRUM_OK ? err : say(err, "configuration", why);
    }
    if (err == ENRUM_OK) {
        /* It holds the client secrets. */
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        bool good = fd >= 0 && json_dumpfd(file, fd, JSON_INDENT(2)) == 0 && fsync(fd) == 0;
        if (fd >= 0) {
            close(fd);
        }
        err = good ? ENRUM_OK : say(ENRUM_FILE_FAILED, path, "cannot be written");
        settings_wipe(settings);
    }
    free(settings);
    json_decref(file);
    return err;
}

/* -- Board -- */

static bool text_set(char *out, size_t size, const char *text)
{
    return text == NULL || snprintf(out, size, "%s", text) < (int)size;
}

static bool colours_set(struct enrum_board *board, const char *colours)
{
    char primary[8], on_primary[8];
    if (colours == NULL) {
        colours = "#1f5a3d,#ffffff";
    }
    if (sscanf(colours, "%7[#0-9a-fA-F],%7[#0-9a-fA-F]", primary, on_primary) != 2) {
        return false;
    }
    memcpy(board->primary_colour, primary, sizeof primary);
    memcpy(board->on_primary_colour, on_primary, sizeof on_primary);
    return true;
}

static bool host_url_is_safe(const char *url)
{
    char http[ENRUM_TEXT_MAX];
    if (strncmp(url, "ws", 2) != 0) {
        return false;
    }
    (void)snprintf(http, sizeof http, "http%.*s", ENRUM_TEXT_MAX - 8, url + 2);
    return provider_url_is_safe(http);
}

static enum enrum_err board_describe(const struct init_options *options, struct enrum_board *board)
{
    if (!suite_base64url_decode(options->host_key, board->host_key.bytes, ID_BYTES)) {
        return say(ENRUM_USAGE, "--host-key", "is not 32 bytes in base64url");
    }
    if (!host_url_is_safe(options->host_url)) {
        return say(ENRUM_USAGE, "--host-url", "is neither wss:// nor ws:// at a loopback address");
    }
    if (!text_set(board->name, sizeof board->name, options->name) ||
        !text_set(board->host_url, sizeof board->host_url, options->host_url) ||
        !text_set(board->telephone, sizeof board->telephone, options->telephone)) {
        return say(ENRUM_USAGE, "--name, --host-url, --telephone", "too long");
    }
    if (!colours_set(board, options->colours)) {
        return say(ENRUM_USAGE, "--colours", "is not #rrggbb,#rrggbb");
    }
    return ENRUM_OK;
}

static void board_root_set(struct enrum_board *board, const struct id *root)
{
    board->root_key = board->first_root_key = board->roots[0] = *root;
    board->root_count = 1;
    board_id(root, &board->id);
}

static enum enrum_err keys_write(const struct founding *founding, const char *key_path)
{
    struct sign_pair root;
    struct keeper_keys keys = {0};
    sign_pair_new(&root);
    sign_pair_new(&keys.sign);
    seal_pair_new(&keys.seal);
    secret_random(&keys.board_secret);
    board_root_set(founding->board, &root.public);
    enum keyfile_result result = KEYFILE_MEMORY;
    const char *path = founding->options->root_file;
    if (keeper_certify(&root, &founding->board->id, &keys) == ENRUM_OK) {
        result = keyfile_write_root(path, &founding->passphrase, &root);
    }
    if (result == KEYFILE_OK) {
        path = key_path;
        result = keyfile_write_keeper(key_path, &founding->passphrase, &keys);
    }
    sign_pair_wipe(&root);
    keeper_keys_wipe(&keys);
    return result == KEYFILE_OK ? ENRUM_OK : say(ENRUM_FILE_FAILED, path, keyfile_sentence(result));
}

static enum enrum_err parts_write(struct founding *founding)
{
    const struct init_options *options = founding->options;
    char keys[PATH_BYTES], config[PATH_BYTES], pinned[PATH_BYTES];
    if (!path_join(keys, options->home, "keeper.key") ||
        !path_join(config, options->home, "config.json") ||
        !path_join(pinned, options->home, "board.json")) {
        return say(ENRUM_USAGE, "--home", "too long");
    }
    if (access(keys, F_OK) == 0 || access(options->root_file, F_OK) == 0) {
        return say(ENRUM_CONFIG, options->home, "this board has been made already");
    }
    if (mkdir(options->home, 0700) != 0 && errno != EEXIST) {
        return say(ENRUM_FILE_FAILED, options->home, "cannot be made");
    }
    enum enrum_err err = config_write(founding, config);
    if (err == ENRUM_OK) {
        err = keys_write(founding, keys);
        if (err != ENRUM_OK) {
            (void)unlink(config);
        }
    }
    if (err == ENRUM_OK && (enrum_board_write(pinned, founding->board) != ENRUM_OK ||
                            enrum_board_write(options->board_json, founding->board) != ENRUM_OK)) {
        err = say(ENRUM_FILE_FAILED, options->board_json, "cannot be written");
    }
    if (err == ENRUM_OK) {
        (void)chmod(pinned, 0600);
    }
    return err;
}

enum enrum_err init_board(const struct init_options *options)
{
    struct founding founding = {.options = options, .providers = json_array()};
    founding.board = calloc(1, sizeof *founding.board);
    enum enrum_err err = founding.board == NULL || !suite_init() || !oidcfetch_init()
                             ? ENRUM_MEMORY
                             : board_describe(options, founding.board);
    for (size_t i = 0; err == ENRUM_OK && i < options->provider_count; i++) {
        err = provider_add(&founding, options->providers[i]);
    }
    if (err == ENRUM_OK && !keyfile_passphrase(options->passphrase_file, &founding.passphrase)) {
        err = say(ENRUM_CONFIG, "passphrase", "unreadable, or shorter than 8 bytes");
    }
    if (err == ENRUM_OK) {
        err = parts_write(&founding);
    }
    secret_buf_fini(&founding.passphrase);
    json_decref(founding.providers);
    free(founding.board);
    return err;
}

/* -- Renewing -- */

static enum enrum_err certificate_replace(const char *key_path, const char *root_file,
                                          const struct secret_buf *passphrase)
{
    struct keeper_keys keys = {0};
    struct sign_pair root = {0};
    struct certificate old;
    struct id root_key_board;
    enum enrum_err err = ENRUM_FILE_FAILED;
    enum keyfile_result result = keyfile_read_keeper(key_path, passphrase, &keys);
    const char *path = key_path;
    if (result == KEYFILE_OK) {
        path = root_file;
        result = keyfile_read_root(root_file, passphrase, &root);
    }
    if (result != KEYFILE_OK) {
        (void)say(err, path, keyfile_sentence(result));
    } else {
        err = certificate_decode((struct slice){keys.certificate, keys.certificate_len}, &old);
        board_id(&root.public, &root_key_board);
        /* A later root signs under the first one's board id: its own certificate tells. */
        if (err == ENRUM_OK && !id_equal(&root_key_board, &old.body.board) &&
            certificate_check((struct slice){keys.certificate, keys.certificate_len}, &root.public,
                              &old) != ENRUM_OK) {
            err = say(ENRUM_CERTIFICATE_OTHER_BOARD, root_file, "is another board's root");
        }
        if (err == ENRUM_OK) {
            err = keeper_certify(&root, &old.body.board, &keys);
        }
        if (err == ENRUM_OK &&
            (result = keyfile_write_keeper(key_path, passphrase, &keys)) != KEYFILE_OK) {
            err = say(ENRUM_FILE_FAILED, key_path, keyfile_sentence(result));
        }
    }
    sign_pair_wipe(&root);
    keeper_keys_wipe(&keys);
    return err;
}

enum enrum_err init_renew(const char *home, const char *root_file, const char *passphrase_file)
{
    struct secret_buf passphrase = {0};
    char keys[PATH_BYTES];
    if (!suite_init()) {
        return ENRUM_MEMORY;
    }
    if (!path_join(keys, home, "keeper.key")) {
        return say(ENRUM_USAGE, "--home", "too long");
    }
    if (!keyfile_passphrase(passphrase_file, &passphrase)) {
        return say(ENRUM_FILE_FAILED, "passphrase", "unreadable, or shorter than 8 bytes");
    }
    enum enrum_err err = certificate_replace(keys, root_file, &passphrase);
    secret_buf_fini(&passphrase);
    return err;
}
