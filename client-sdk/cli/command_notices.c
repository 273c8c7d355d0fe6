/* command_notices -- `enrum notices`: a mail from the board's keeper when something waits unread.
 * The keeper alone knows the address. */
#include "commands.h"
#include "show.h"

#include <stdio.h>
#include <string.h>

static enum enrum_err state_show(struct shell *shell)
{
    static const char *const states[][2] = {
        {"off", "av"}, {"waits for the code", "väntar på koden"}, {"on", "på"}};
    struct wire_letter_notice_ask body = {.version = 1};
    enum enrum_err err = shell_ask(shell, LETTER_NOTICE_ASK, &body);
    if (err == ENRUM_OK) {
        printf("%s  ",
               states[shell->notice_state < 3 ? shell->notice_state : 0][shell->is_swedish]);
        show_text(slice_of_text(shell->notice_address), " ");
        putchar('\n');
    }
    return err;
}

static enum enrum_err address_set(struct shell *shell, const char *address)
{
    struct wire_letter_notice_set body = {.address = slice_of_text(address)};
    return shell_ask(shell, LETTER_NOTICE_SET, &body);
}

static enum enrum_err code_give(struct shell *shell, const char *code)
{
    struct wire_letter_notice_code body = {.code = slice_of_text(code)};
    return shell_ask(shell, LETTER_NOTICE_CODE, &body);
}

enum exit_code command_notices(struct shell *shell, char **arguments, int count)
{
    const char *verb = count > 0 ? arguments[0] : "";
    enum enrum_err err = shell_ready(shell);
    if (err != ENRUM_OK) {
        return shell_fail(shell, err);
    }
    if (count == 2 && strcmp(verb, "on") == 0) {
        err = address_set(shell, arguments[1]);
    } else if (count == 2 && strcmp(verb, "code") == 0) {
        err = code_give(shell, arguments[1]);
    } else if (count == 1 && strcmp(verb, "off") == 0) {
        err = address_set(shell, "");
    } else if (count > 0) {
        err = ENRUM_USAGE;
    }
    if (err == ENRUM_OK) {
        err = state_show(shell);
    }
    return shell_fail(shell, err);
}
