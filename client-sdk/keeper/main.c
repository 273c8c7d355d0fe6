/* main -- the command line of enrum-keeper. */
#include "base/slog.h"
#include "control.h"
#include "init.h"
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "enrum-keeper init --home DIR --root-file FILE --name NAME --host-url URL --host-key KEY\n"
    "                  --provider FILE ... --board-json FILE [--unit NAME ...]\n"
    "                  [--telephone NUMBER] [--colours '#rrggbb,#rrggbb'] [--passphrase-file "
    "FILE]\n"
    "                  [--advice PERSONS-PER-MINUTE] [--notices FILE]\n"
    "enrum-keeper renew --home DIR --root-file FILE [--passphrase-file FILE]\n"
    "enrum-keeper run --home DIR [--passphrase-file FILE] [--ca FILE]\n"
    "                 [--log debug|info|warn|error]\n"
    "enrum-keeper staff add --home DIR --identity ID --name NAME [--alias NAME] [--title TITLE]\n"
    "                       [--unit NAME]\n"
    "enrum-keeper staff alias --home DIR --identity ID --alias NAME\n"
    "enrum-keeper staff unalias --home DIR --identity ID\n"
    "enrum-keeper staff move --home DIR --identity ID --unit NAME\n"
    "enrum-keeper staff remove --home DIR --identity ID\n"
    "enrum-keeper staff list|status --home DIR\n"
    "enrum-keeper --help | --version\n"
    "Without --passphrase-file the passphrase is asked for on the terminal.\n";

enum { EXIT_USAGE = 2 };

struct arguments {
    struct init_options init;
    const char *home, *root_file, *passphrase_file, *ca, *identity, *name, *title, *unit;
    const char *log, *alias;
};

static bool provider_put(struct init_options *init, const char *value)
{
    if (init->provider_count == ENRUM_PROVIDERS_MAX) {
        return false;
    }
    init->providers[init->provider_count++] = value;
    return true;
}

static bool unit_put(struct arguments *out, const char *value)
{
    if (out->init.unit_count == SETTINGS_UNITS_MAX) {
        return false;
    }
    out->init.units[out->init.unit_count++] = value;
    out->unit = value;
    return true;
}

static bool argument_put(struct arguments *out, const char *key, const char *value)
{
    const struct {
        const char *key;
        const char **to;
    } rows[] = {
        {"--home", &out->home},
        {"--root-file", &out->root_file},
        {"--passphrase-file", &out->passphrase_file},
        {"--ca", &out->ca},
        {"--log", &out->log},
        {"--identity", &out->identity},
        {"--name", &out->name},
        {"--alias", &out->alias},
        {"--title", &out->title},
        {"--host-url", &out->init.host_url},
        {"--host-key", &out->init.host_key},
        {"--board-json", &out->init.board_json},
        {"--telephone", &out->init.telephone},
        {"--colours", &out->init.colours},
        {"--advice", &out->init.advice},
        {"--notices", &out->init.notices},
    };
    if (strcmp(key, "--provider") == 0) {
        return provider_put(&out->init, value);
    }
    if (strcmp(key, "--unit") == 0) {
        return unit_put(out, value);
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].key, key) == 0 && *rows[i].to == NULL) {
            *rows[i].to = value;
            return true;
        }
    }
    return false;
}

static bool arguments_read(int count, char **words, struct arguments *out)
{
    for (int i = 0; i < count; i += 2) {
        if (i + 1 >= count || !argument_put(out, words[i], words[i + 1])) {
            (void)fprintf(stderr, "enrum-keeper: %s: unknown, given twice, or without a value\n",
                          words[i]);
            return false;
        }
    }
    return out->home != NULL;
}

static int usage_fail(void)
{
    (void)fputs(usage, stderr);
    return EXIT_USAGE;
}

static int exit_of(enum enrum_err err)
{
    if (err != ENRUM_OK) {
        (void)fprintf(stderr, "enrum-keeper: %s: %s\n", error_name(err),
                      error_sentence(err, false));
    }
    return err == ENRUM_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int init_command(struct arguments *arguments)
{
    struct init_options *init = &arguments->init;
    init->home = arguments->home;
    init->root_file = arguments->root_file;
    init->passphrase_file = arguments->passphrase_file;
    init->name = arguments->name;
    if (init->root_file == NULL || init->name == NULL || init->host_url == NULL ||
        init->host_key == NULL || init->board_json == NULL || init->provider_count == 0) {
        return usage_fail();
    }
    return exit_of(init_board(init));
}

static void text_put(json_t *object, const char *key, const char *value)
{
    if (value != NULL) {
        json_object_set_new(object, key, json_string(value));
    }
}

static int staff_command(const char *verb, const struct arguments *arguments)
{
    json_t *order = json_pack("{ss}", "verb", verb);
    text_put(order, "identity", arguments->identity);
    text_put(order, "name", arguments->name);
    text_put(order, "alias", arguments->alias);
    text_put(order, "title", arguments->title);
    text_put(order, "unit", arguments->unit);
    json_t *answer = control_ask(arguments->home, order);
    const char *error = json_string_value(json_object_get(answer, "error"));
    json_decref(order);
    if (answer == NULL) {
        (void)fprintf(stderr, "enrum-keeper: no keeper runs in %s: start it first\n",
                      arguments->home);
        return EXIT_FAILURE;
    }
    if (error != NULL) {
        (void)fprintf(stderr, "enrum-keeper: %s: %s\n", error,
                      json_string_value(json_object_get(answer, "sentence")));
    } else {
        (void)json_dumpf(answer, stdout, JSON_INDENT(2));
        (void)fputc('\n', stdout);
    }
    json_decref(answer);
    return error == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    struct arguments arguments = {0};
    const char *command = argc > 1 ? argv[1] : "";
    if (argc == 2 && strcmp(command, "--version") == 0) {
        puts("enrum-keeper " ENRUM_VERSION);
        return EXIT_SUCCESS;
    }
    if (argc == 2 && strcmp(command, "--help") == 0) {
        (void)fputs(usage, stdout);
        return EXIT_SUCCESS;
    }
    bool is_staff = strcmp(command, "staff") == 0 && argc > 2;
    int first = is_staff ? 3 : 2;
    if (argc < first || !arguments_read(argc - first, argv + first, &arguments)) {
        return usage_fail();
    }
    if (is_staff) {
        return staff_command(argv[2], &arguments);
    }
    if (strcmp(command, "init") == 0) {
        return init_command(&arguments);
    }
    if (strcmp(command, "renew") == 0 && arguments.root_file != NULL) {
        return exit_of(init_renew(arguments.home, arguments.root_file, arguments.passphrase_file));
    }
    if (strcmp(command, "run") == 0) {
        struct run_options options = {arguments.home, arguments.passphrase_file, arguments.ca};
        enum slog_level level;
        if (arguments.log != NULL && !slog_level_find(arguments.log, &level)) {
            return usage_fail();
        }
        if (arguments.log != NULL) {
            slog_set_level(level);
        }
        return exit_of(run_keeper(&options));
    }
    return usage_fail();
}
