/* command_units -- which units the board has, and a conversation that goes to another one: `enrum
 * units`, `move`. */
#include "commands.h"
#include "show.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static enum enrum_err units_ask(struct shell *shell)
{
    struct wire_letter_units_ask body = {.version = 1};
    enum enrum_err err = shell_ready(shell);
    return err == ENRUM_OK ? shell_ask(shell, LETTER_UNITS_ASK, &body) : err;
}

enum exit_code command_units(struct shell *shell, char **arguments, int count)
{
    (void)arguments, (void)count;
    enum enrum_err err = units_ask(shell);
    struct slice rest = buffer_slice(&shell->answer_units);
    struct wire_body_unit unit;
    while (err == ENRUM_OK && rest.len > 0) {
        char hex[65];
        err = layout_next(&layout_body_unit, &rest, &unit);
        if (err == ENRUM_OK) {
            id_hex(&unit.room, hex);
            printf("%s  ", hex);
            show_text(unit.name, " ");
            putchar('\n');
        }
    }
    return shell_fail(shell, err);
}

/* By its name, or by all of its room's digits. Errors: UNIT_UNKNOWN. */
static enum enrum_err unit_find(const struct shell *shell, const char *text, struct id *out)
{
    struct slice rest = buffer_slice(&shell->answer_units);
    struct wire_body_unit unit;
    while (rest.len > 0 && layout_next(&layout_body_unit, &rest, &unit) == ENRUM_OK) {
        char hex[65];
        id_hex(&unit.room, hex);
        if (strcmp(hex, text) == 0 ||
            (strlen(text) == unit.name.len &&
             strncasecmp(text, (const char *)unit.name.at, unit.name.len) == 0)) {
            *out = unit.room;
            return ENRUM_OK;
        }
    }
    return ENRUM_UNIT_UNKNOWN;
}

enum exit_code command_move(struct shell *shell, char **arguments, int count)
{
    (void)count;
    if (shell->why == NULL || shell->why[0] == '\0') {
        return shell_fail(shell, ENRUM_USAGE); /* the journal says why */
    }
    struct wire_letter_move body = {.text = slice_of_text(shell->why)};
    enum enrum_err err = units_ask(shell);
    if (err == ENRUM_OK) {
        err = unit_find(shell, arguments[1], &body.unit);
    }
    if (err == ENRUM_OK) {
        err = shell_room(shell, arguments[0], &body.room);
    }
    if (err == ENRUM_OK) {
        err = shell_ask(shell, LETTER_MOVE, &body);
    }
    if (err == ENRUM_OK) {
        printf("%s\n", say(shell, "moved", "flyttad"));
    }
    return shell_fail(shell, err);
}
