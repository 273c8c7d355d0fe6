/* command_read -- `enrum read` and `enrum verify`. */
#include "commands.h"
#include "show.h"

#include <stdio.h>

static void each_item(void *context, const struct enrum_item *item)
{
    show_item(context, item);
}

/* What is told later: of this room, live. A checkpoint says what it has recorded. */
static struct id followed_room;

static void on_item(struct shell *shell, const struct enrum_item *item)
{
    if (id_equal(&item->room, &followed_room)) {
        show_item(shell, item);
    }
}

enum exit_code command_read(struct shell *shell, char **arguments, int count)
{
    (void)count;
    struct id room;
    enum enrum_err err = shell_bring(shell, arguments[0], &room);
    if (err == ENRUM_OK || error_class(err) == ERROR_TRUST) {
        /* What holds is shown also when something behind it does not. */
        enum enrum_err walked = enrum_walk(shell->enrum, &room, 1, each_item, shell);
        err = err == ENRUM_OK ? walked : err;
    }
    if (err == ENRUM_OK && shell->is_following) {
        followed_room = room;
        shell->on_item = on_item;
        (void)enrum_mark_read(shell->enrum, &room);
        while (shell->trust_err == ENRUM_OK) {
            enrum_step(shell->enrum, 200);
        }
    }
    return shell_fail(shell, shell->trust_err != ENRUM_OK ? shell->trust_err : err);
}

enum exit_code command_verify(struct shell *shell, char **arguments, int count)
{
    (void)count;
    struct enrum_report report;
    struct id room;
    enum enrum_err err = shell_bring(shell, arguments[0], &room);
    if (err != ENRUM_OK && error_class(err) != ERROR_TRUST) {
        return shell_fail(shell, err);
    }
    err = enrum_verify(shell->enrum, &room, &report);
    if (err != ENRUM_OK) {
        return shell_fail(shell, err);
    }
    printf("%s: %llu\n%s: %llu\n%s: %llu\n%s: %llu\n", say(shell, "entries", "poster"),
           (unsigned long long)report.entries, say(shell, "recorded up to", "journalfört till"),
           (unsigned long long)report.recorded, say(shell, "refused", "avvisade"),
           (unsigned long long)report.refused, say(shell, "unopened", "oöppnade"),
           (unsigned long long)report.unopened);
    if (report.err != ENRUM_OK) {
        printf("%s %llu\n", say(shell, "does not hold at", "håller inte vid"),
               (unsigned long long)report.seq);
        return shell_fail(shell, report.err);
    }
    puts("verified");
    return EXIT_GOOD;
}
