/* command_open -- rooms that are opened: `enrum new`, a conversation; `enrum staff-room`, for its
 * employees alone; `enrum case`, which conversations that one is for. */
#include "commands.h"
#include "show.h"

#include <stdio.h>

/* `party` NULL: a conversation. */
static enum enrum_err room_open(struct shell *shell, const char *title, const struct id *party,
                                struct id *room)
{
    enum enrum_err err = ENRUM_KEEPER_AWAY;
    /* Who the keepers are may still be on its way. */
    for (int i = 0; err == ENRUM_KEEPER_AWAY && i < 50; i++) {
        err = party != NULL ? enrum_staff_room_new(shell->enrum, party, room)
                            : enrum_room_new(shell->enrum, title, room);
        if (err == ENRUM_KEEPER_AWAY) {
            enrum_step(shell->enrum, 100);
        }
    }
    return err;
}

/* Its id, when the host has it. */
static enum exit_code opened(struct shell *shell, enum enrum_err err, const struct id *room)
{
    struct enrum_room found;
    char hex[65];
    if (err == ENRUM_OK) {
        err = shell_wait_sent(shell);
    }
    /* It may have been opened anew as another one meanwhile. */
    if (err == ENRUM_OK) {
        err = enrum_room_find(shell->enrum, room, &found);
    }
    if (err == ENRUM_OK) {
        id_hex(&found.room, hex);
        printf("%s\n", hex);
    }
    return shell_fail(shell, err);
}

enum exit_code command_new(struct shell *shell, char **arguments, int count)
{
    struct id room;
    uint64_t outbox;
    enum enrum_err err = shell_ready(shell);
    if (err == ENRUM_OK) {
        err = room_open(shell, arguments[0], NULL, &room);
    }
    if (err == ENRUM_OK && count > 1) {
        err = enrum_send_text(shell->enrum, &room, arguments[1], &outbox);
    }
    return opened(shell, err, &room);
}

enum exit_code command_staff_room(struct shell *shell, char **arguments, int count)
{
    (void)count;
    struct id party, room;
    enum enrum_err err = shell_bring(shell, arguments[0], &party);
    if (err == ENRUM_OK) {
        err = room_open(shell, NULL, &party, &room);
    }
    return opened(shell, err, &room);
}

/* -- The conversations of a case -- */

static void case_room_show(void *context, const struct enrum_case_room *room)
{
    struct shell *shell = context;
    struct enrum_room found;
    char hex[65];
    id_hex(&room->room, hex);
    printf("%s  %s  ", hex,
           room->is_named ? say(shell, "named", "med") : say(shell, "asked for", "begärt"));
    if (enrum_room_find(shell->enrum, &room->room, &found) == ENRUM_OK) {
        show_text(slice_of_text(found.title), " ");
    }
    putchar('\n');
}

static enum enrum_err case_add(struct shell *shell, const struct id *staff_room, const char *name)
{
    struct id party;
    uint64_t outbox;
    enum enrum_err err = shell_bring(shell, name, &party);
    if (err == ENRUM_OK) {
        err = enrum_case_add(shell->enrum, staff_room, &party, &outbox);
    }
    return err == ENRUM_OK ? shell_wait_sent(shell) : err;
}

static enum enrum_err case_take_out(struct shell *shell, const struct id *staff_room,
                                    const char *name)
{
    struct id party;
    uint64_t outbox;
    enum enrum_err err = shell_room(shell, name, &party);
    if (err == ENRUM_OK) {
        err = enrum_case_take_out(shell->enrum, staff_room, &party, shell->why, &outbox);
    }
    return err == ENRUM_OK ? shell_wait_sent(shell) : err;
}

static enum exit_code case_end(struct shell *shell, enum enrum_err err)
{
    return shell_fail(shell, shell->trust_err != ENRUM_OK ? shell->trust_err : err);
}

static enum enrum_err case_bring(struct shell *shell, const char *name, struct id *out)
{
    enum enrum_err err = shell_ready(shell);
    if (err == ENRUM_OK) {
        err = shell_room(shell, name, out);
    }
    return err == ENRUM_OK ? shell_follow_to_write(shell, out) : err;
}

enum exit_code command_case(struct shell *shell, char **arguments, int count)
{
    struct id room;
    enum enrum_err err = case_bring(shell, arguments[0], &room);
    if (err == ENRUM_OK && count > 1) {
        err = case_add(shell, &room, arguments[1]);
    } else if (err == ENRUM_OK) {
        err = enrum_case_rooms(shell->enrum, &room, case_room_show, shell);
    }
    return case_end(shell, err);
}

enum exit_code command_case_out(struct shell *shell, char **arguments, int count)
{
    struct id room;
    (void)count;
    if (shell->why == NULL || shell->why[0] == '\0') {
        return shell_fail(shell, ENRUM_USAGE); /* the log says why */
    }
    enum enrum_err err = case_bring(shell, arguments[0], &room);
    if (err == ENRUM_OK) {
        err = case_take_out(shell, &room, arguments[1]);
    }
    return case_end(shell, err);
}
