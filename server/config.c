/* config -- see config.h. */
#include "config.h"

#include "gate/door.h"
#include "protocol/certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RELAY_ADDRESSES_BYTES = 257 }; /* as CALL_LEG_READY has it */

struct reading {
    const char *path;
    char *problem;
    size_t problem_bytes;
};

__attribute__((format(printf, 2, 3))) static bool wrong(const struct reading *reading,
                                                        const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = snprintf(reading->problem, reading->problem_bytes, "%s: ", reading->path);
    if (n > 0 && (size_t)n < reading->problem_bytes) {
        (void)vsnprintf(reading->problem + n, reading->problem_bytes - (size_t)n, format, args);
    }
    va_end(args);
    return false;
}

/* -- The host key -- */

static bool key_read(const char *path, struct sign_pair *out)
{
    struct secret32 seed;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return false;
    }
    uint8_t extra;
    bool good = read(fd, seed.bytes, sizeof seed.bytes) == (ssize_t)sizeof seed.bytes &&
                read(fd, &extra, 1) == 0;
    close(fd);
    if (good) {
        sign_pair_of_seed(&seed, out);
    }
    secret_wipe(&seed);
    return good;
}

static bool key_write(const char *path, const struct sign_pair *pair)
{
    struct secret32 seed;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return false;
    }
    sign_pair_seed(pair, &seed);
    bool good = write(fd, seed.bytes, sizeof seed.bytes) == (ssize_t)sizeof seed.bytes;
    secret_wipe(&seed);
    good = fsync(fd) == 0 && good;
    close(fd);
    return good;
}

bool config_host_key_make(const char *path, char public[44], char *problem, size_t problem_bytes)
{
    struct reading reading = {path, problem, problem_bytes};
    struct sign_pair pair;
    if (access(path, F_OK) == 0) {
        if (!key_read(path, &pair)) {
            return wrong(&reading, "exists, and is not a host key");
        }
    } else {
        sign_pair_new(&pair);
        if (!key_write(path, &pair)) {
            sign_pair_wipe(&pair);
            return wrong(&reading, "cannot be written (error %d)", errno);
        }
    }
    suite_base64url(id_slice(&pair.public), public);
    sign_pair_wipe(&pair);
    return true;
}

/* -- JSON -- */

static bool keys_known(const struct reading *reading, json_t *object, const char *const *known)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        size_t i = 0;
        while (known[i] != NULL && strcmp(known[i], key) != 0) {
            i++;
        }
        if (known[i] == NULL) {
            return wrong(reading, "the key \"%s\" is not known", key);
        }
    }
    return true;
}

static bool text_get(const struct reading *reading, json_t *object, const char *key, char *out,
                     size_t out_bytes)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (text == NULL || text[0] == '\0') {
        return wrong(reading, "\"%s\" must be a text", key);
    }
    if (strlen(text) >= out_bytes) {
        return wrong(reading, "\"%s\" is too long", key);
    }
    memcpy(out, text, strlen(text) + 1);
    return true;
}

static bool number_get(const struct reading *reading, json_t *object, const char *key,
                       uint64_t most, uint64_t *out)
{
    json_t *value = json_object_get(object, key);
    if (value == NULL) {
        return true; /* the default stands */
    }
    if (!json_is_integer(value) || json_integer_value(value) < 1 ||
        (uint64_t)json_integer_value(value) > most) {
        return wrong(reading, "\"%s\" must be a whole number from 1 to %" PRIu64, key, most);
    }
    *out = (uint64_t)json_integer_value(value);
    return true;
}

static bool id_get(const struct reading *reading, json_t *object, const char *key, struct id *out)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (text == NULL || !suite_base64url_decode(text, out->bytes, ID_BYTES)) {
        return wrong(reading, "\"%s\" must be 32 bytes in base64url", key);
    }
    return true;
}

/* -- board.json -- */

static bool root_follow(const struct reading *reading, json_t *successors, struct id *root_key,
                        const struct id *board)
{
    size_t index;
    json_t *value;
    json_array_foreach(successors, index, value)
    {
        uint8_t bytes[CERTIFICATE_BYTES_MAX];
        const char *text = json_string_value(value);
        size_t len = text != NULL ? strlen(text) / 4 * 3 + (strlen(text) % 4 * 3) / 4 : 0;
        struct slice body;
        struct wire_successor successor;
        if (len == 0 || len > sizeof bytes || !suite_base64url_decode(text, bytes, len) ||
            signed_decode(slice_of(bytes, len), root_key, LABEL_SUCCESSOR, &body) != ENRUM_OK ||
            layout_decode(&layout_successor, body, &successor) != ENRUM_OK ||
            !id_equal(&successor.board, board) || !id_equal(&successor.old_key, root_key)) {
            return wrong(reading, "successor %zu is not signed by the root before it", index + 1);
        }
        *root_key = successor.new_key;
    }
    return true;
}

static bool board_parse(const struct reading *reading, json_t *root, const struct config *config,
                        struct config_board *out)
{
    struct id first, host;
    json_t *host_object = json_object_get(root, "host");
    if (!id_get(reading, root, "board", &out->id) || !id_get(reading, root, "root", &first) ||
        !id_get(reading, host_object, "key", &host) ||
        !text_get(reading, root, "name", out->name, sizeof out->name)) {
        return false;
    }
    struct id expected;
    board_id(&first, &expected);
    if (!id_equal(&expected, &out->id)) {
        return wrong(reading, "the board id is not that of its root key");
    }
    if (!id_equal(&host, &config->host.public)) {
        return wrong(reading, "names another host key than ours");
    }
    out->root_key = first;
    return root_follow(reading, json_object_get(root, "successors"), &out->root_key, &out->id);
}

static bool board_read(const char *path, struct config *config, char *problem, size_t problem_bytes)
{
    struct reading reading = {path, problem, problem_bytes};
    json_error_t error;
    if (config->board_count == CONFIG_BOARDS_MAX) {
        return wrong(&reading, "more than %d boards", CONFIG_BOARDS_MAX);
    }
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        return wrong(&reading, "line %d: %s", error.line, error.text);
    }
    struct config_board *board = &config->boards[config->board_count];
    bool good = board_parse(&reading, root, config, board);
    json_decref(root);
    for (size_t i = 0; good && i < config->board_count; i++) {
        if (id_equal(&config->boards[i].id, &board->id)) {
            return wrong(&reading, "the board is named twice");
        }
    }
    config->board_count += good ? 1 : 0;
    return good;
}

/* -- The configuration -- */

static bool listen_parse(const struct reading *reading, json_t *root, const char *key,
                         struct config_listen *out)
{
    char listen[80];
    if (!text_get(reading, root, key, listen, sizeof listen)) {
        return false;
    }
    char *colon = strrchr(listen, ':'), *end = NULL;
    unsigned long port = colon != NULL ? strtoul(colon + 1, &end, 10) : 65536;
    if (colon == NULL || end == colon + 1 || *end != '\0' || port > 65535) {
        return wrong(reading, "\"%s\" must be ADDRESS:PORT", key);
    }
    *colon = '\0';
    size_t len = strlen(listen);
    bool is_six = listen[0] == '[' && len > 2 && listen[len - 1] == ']';
    (void)snprintf(out->address, sizeof out->address, "%.*s", (int)(is_six ? len - 2 : len),
                   is_six ? listen + 1 : listen);
    out->port = (unsigned)port;
    return true;
}

/* Who can read the metrics is decided by who can log in on the machine. */
static bool metrics_parse(const struct reading *reading, json_t *root, struct config *config)
{
    if (json_object_get(root, "metrics") == NULL) {
        return true;
    }
    return listen_parse(reading, root, "metrics", &config->metrics) &&
           (address_is_loopback(config->metrics.address) ||
            wrong(reading, "\"metrics\" must be a loopback address, not %s",
                  config->metrics.address));
}

static bool is_wildcard(const char *address)
{
    return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
}

static bool relay_parse(const struct reading *reading, json_t *root, struct config *config)
{
    static const char *const known[] = {"listen", "addresses", NULL};
    json_t *relay = json_object_get(root, "relay");
    if (relay == NULL) {
        return true;
    }
    if (!keys_known(reading, relay, known) ||
        !listen_parse(reading, relay, "listen", &config->relay)) {
        return false;
    }
    if (json_object_get(relay, "addresses") != NULL) {
        return text_get(reading, relay, "addresses", config->relay_addresses,
                        RELAY_ADDRESSES_BYTES);
    }
    (void)snprintf(config->relay_addresses, sizeof config->relay_addresses, "%s",
                   config->relay.address);
    return !is_wildcard(config->relay.address) ||
           wrong(reading, "\"relay\" listens on %s: \"addresses\" must say where devices find it",
                 config->relay.address);
}

static bool tls_parse(const struct reading *reading, json_t *root, struct config *config)
{
    static const char *const known[] = {"certificate", "key", NULL};
    json_t *tls = json_object_get(root, "tls");
    return tls == NULL || (keys_known(reading, tls, known) &&
                           text_get(reading, tls, "certificate", config->certificate,
                                    sizeof config->certificate) &&
                           text_get(reading, tls, "key", config->key, sizeof config->key));
}

static bool limits_parse(const struct reading *reading, json_t *root, struct config *config)
{
    static const char *const known[] = {
#define SETTING(name, standard, most, what) #name,
#include "settings.def"
#undef SETTING
        NULL};
    json_t *limits = json_object_get(root, "limits");
    return limits == NULL || (keys_known(reading, limits, known)
#define SETTING(name, standard, most, what)                                                        \
    &&number_get(reading, limits, #name, most, &config->limits.name)
#include "settings.def"
#undef SETTING
                             );
}

static bool boards_parse(const struct reading *reading, json_t *root, struct config *config)
{
    json_t *boards = json_object_get(root, "boards"), *value;
    size_t index;
    if (json_array_size(boards) == 0) {
        return wrong(reading, "\"boards\" must be a list of board.json files");
    }
    json_array_foreach(boards, index, value)
    {
        if (!json_is_string(value)) {
            return wrong(reading, "\"boards\" must be a list of board.json files");
        }
        if (!board_read(json_string_value(value), config, reading->problem,
                        reading->problem_bytes)) {
            return false;
        }
    }
    return true;
}

static bool config_parse(const struct reading *reading, json_t *root, struct config *config)
{
    static const char *const known[] = {"listen", "tls",   "data",    "host_key", "boards",
                                        "limits", "pages", "metrics", "relay",    NULL};
    char key_path[CONFIG_TEXT_MAX];
    if (!keys_known(reading, root, known) ||
        !listen_parse(reading, root, "listen", &config->listen) ||
        !metrics_parse(reading, root, config) || !relay_parse(reading, root, config) ||
        !tls_parse(reading, root, config) || !limits_parse(reading, root, config) ||
        (json_object_get(root, "pages") != NULL &&
         !text_get(reading, root, "pages", config->pages, sizeof config->pages)) ||
        !text_get(reading, root, "data", config->data, sizeof config->data) ||
        !text_get(reading, root, "host_key", key_path, sizeof key_path)) {
        return false;
    }
    struct stat data;
    if (stat(config->data, &data) != 0 || !S_ISDIR(data.st_mode)) {
        return wrong(reading, "\"data\" is no folder: %s", config->data);
    }
    if (!key_read(key_path, &config->host)) {
        return wrong(reading, "\"host_key\" is no host key (enrumd init makes one): %s", key_path);
    }
    return boards_parse(reading, root, config);
}

bool config_read(const char *path, struct config *out, char *problem, size_t problem_bytes)
{
    struct reading reading = {path, problem, problem_bytes};
    json_error_t error;
    *out = (struct config){.limits = {
#define SETTING(name, standard, most, what) .name = (standard),
#include "settings.def"
#undef SETTING
                           }};
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        return wrong(&reading, "line %d: %s", error.line, error.text);
    }
    bool good = config_parse(&reading, root, out);
    json_decref(root);
    if (!good) {
        config_wipe(out);
    }
    return good;
}

void config_wipe(struct config *config)
{
    sign_pair_wipe(&config->host);
}

size_t config_board_find(const struct config *config, const struct id *id)
{
    for (size_t i = 0; i < config->board_count; i++) {
        if (id_equal(&config->boards[i].id, id)) {
            return i;
        }
    }
    return CONFIG_BOARDS_MAX;
}
