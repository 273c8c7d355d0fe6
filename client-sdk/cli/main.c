/* enrum -- the command line: a person's or a program's device without a browser. */
#include "commands.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum option_name {
    OPTION_HOME = 1,
    OPTION_BOARD,
    OPTION_CA,
    OPTION_TIMEOUT,
    OPTION_ROLE,
    OPTION_PROVIDER,
    OPTION_NO_BROWSER,
    OPTION_JSON,
    OPTION_FOLLOW,
    OPTION_FORCE,
    OPTION_GROUND,
    OPTION_FILE,
    OPTION_NUMBER,
    OPTION_AGAIN,
    OPTION_HISTORY,
    OPTION_DAYS,
    OPTION_WHY,
    OPTION_CODE,
    OPTION_UNKNOWN,
    OPTION_BORROWED,
    OPTION_HELP,
    OPTION_VERSION,
};

static const struct option long_options[] = {
    {"home", required_argument, NULL, OPTION_HOME},
    {"board", required_argument, NULL, OPTION_BOARD},
    {"ca", required_argument, NULL, OPTION_CA},
    {"timeout", required_argument, NULL, OPTION_TIMEOUT},
    {"role", required_argument, NULL, OPTION_ROLE},
    {"provider", required_argument, NULL, OPTION_PROVIDER},
    {"no-browser", no_argument, NULL, OPTION_NO_BROWSER},
    {"json", no_argument, NULL, OPTION_JSON},
    {"follow", no_argument, NULL, OPTION_FOLLOW},
    {"force", no_argument, NULL, OPTION_FORCE},
    {"anyway", no_argument, NULL, OPTION_FORCE},
    {"ground", required_argument, NULL, OPTION_GROUND},
    {"file", required_argument, NULL, OPTION_FILE},
    {"number", required_argument, NULL, OPTION_NUMBER},
    {"again", required_argument, NULL, OPTION_AGAIN},
    {"history", no_argument, NULL, OPTION_HISTORY},
    {"days", required_argument, NULL, OPTION_DAYS},
    {"why", required_argument, NULL, OPTION_WHY},
    {"code", required_argument, NULL, OPTION_CODE},
    {"unknown", no_argument, NULL, OPTION_UNKNOWN},
    {"borrowed", no_argument, NULL, OPTION_BORROWED},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

static bool role_read(const char *name, uint64_t *out)
{
    if (strcmp(name, "citizen") == 0) {
        *out = ROLE_CITIZEN;
    } else if (strcmp(name, "staff") == 0) {
        *out = ROLE_STAFF;
    } else {
        return false;
    }
    return true;
}

static bool ground_read(const char *name, uint64_t *out)
{
    for (uint64_t ground = 1; ground < 32; ground++) {
        if (strcasecmp(ground_name(ground), name) == 0 && strcmp(name, "UNKNOWN") != 0) {
            *out = ground;
            return true;
        }
    }
    return false;
}

static bool number_read(const char *text, unsigned long most, uint64_t *out)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || number == 0 || number > most) {
        return false;
    }
    *out = number;
    return true;
}

static bool timeout_read(const char *text, uint64_t *out)
{
    uint64_t seconds;
    if (!number_read(text, 86400, &seconds)) {
        return false;
    }
    *out = seconds * 1000;
    return true;
}

/* What is said of people, and by whom. */
static bool people_option_take(struct shell *shell, int name, const char *value)
{
    switch (name) {
    case OPTION_NUMBER:
        shell->number = value;
        return true;
    case OPTION_AGAIN:
        shell->again = value;
        return true;
    case OPTION_HISTORY:
        shell->has_history = true;
        return true;
    case OPTION_DAYS:
        return number_read(value, 3660, &shell->days);
    case OPTION_WHY:
        shell->why = value;
        return true;
    case OPTION_CODE:
        shell->code = value;
        return true;
    case OPTION_UNKNOWN:
        shell->is_unknown = true;
        return true;
    case OPTION_BORROWED:
        shell->is_borrowed = true;
        return true;
    default:
        return false;
    }
}

static bool option_take(struct shell *shell, int name, const char *value)
{
    switch (name) {
    case OPTION_HOME:
        shell->home = value;
        return true;
    case OPTION_BOARD:
        shell->board_path = value;
        return true;
    case OPTION_CA:
        shell->ca_file = value;
        return true;
    case OPTION_TIMEOUT:
        return timeout_read(value, &shell->timeout_ms);
    case OPTION_ROLE:
        return role_read(value, &shell->role);
    case OPTION_PROVIDER:
        shell->provider = value;
        return true;
    case OPTION_NO_BROWSER:
        shell->has_browser = false;
        return true;
    case OPTION_JSON:
        shell->is_json = true;
        return true;
    case OPTION_FOLLOW:
        shell->is_following = true;
        return true;
    case OPTION_FORCE:
        shell->is_forced = true;
        return true;
    case OPTION_GROUND:
        return ground_read(value, &shell->ground);
    case OPTION_FILE:
        shell->file_path = value;
        return true;
    default:
        return people_option_take(shell, name, value);
    }
}

static bool is_swedish(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0') {
            return strncmp(value, "sv", 2) == 0;
        }
    }
    return false;
}

static enum exit_code usage(const struct shell *shell)
{
    commands_list(shell, stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct shell shell = {.is_swedish = is_swedish(),
                          .has_browser = true,
                          .timeout_ms = TIMEOUT_MS,
                          .role = ROLE_CITIZEN,
                          .ground = GROUND_HANDED_OVER};
    int name;
    while ((name = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (name == OPTION_HELP) {
            commands_list(&shell, stdout);
            return EXIT_SUCCESS;
        }
        if (name == OPTION_VERSION) {
            puts("enrum " ENRUM_VERSION);
            return EXIT_SUCCESS;
        }
        if (!option_take(&shell, name, optarg)) {
            return usage(&shell);
        }
    }
    if (shell.home == NULL || optind >= argc) {
        return usage(&shell);
    }
    const struct command *command = command_find(argv[optind]);
    int count = argc - optind - 1;
    if (command == NULL || count < command->least || count > command->most) {
        return usage(&shell);
    }
    enum exit_code code;
    enum enrum_err err = shell_open(&shell);
    if (err == ENRUM_BUSY) {
        fprintf(stderr, "enrum: %s\n",
                say(&shell, "Another program uses this home.",
                    "Ett annat program använder den här mappen."));
        code = EXIT_REFUSED;
    } else if (err != ENRUM_OK) {
        code = shell_fail(&shell, err);
    } else {
        code = command->run(&shell, argv + optind + 1, count);
    }
    shell_close(&shell);
    return (int)code;
}
