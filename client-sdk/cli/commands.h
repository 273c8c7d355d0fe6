/* commands -- what `enrum COMMAND` does. Each takes what stands behind its name, and gives the
 * exit code. */
#pragma once

#include "shell.h"

#include <stdio.h>

struct command {
    const char *name;
    int least, most; /* arguments */
    enum exit_code (*run)(struct shell *shell, char **arguments, int count);
    const char *english, *swedish; /* how it is used */
};

/* NULL when there is none of this name. */
const struct command *command_find(const char *name);
void commands_list(const struct shell *shell, FILE *to);

enum exit_code command_people(struct shell *shell, char **arguments, int count);
enum exit_code command_add(struct shell *shell, char **arguments, int count);
enum exit_code command_hand_over(struct shell *shell, char **arguments, int count);
enum exit_code command_units(struct shell *shell, char **arguments, int count);
enum exit_code command_move(struct shell *shell, char **arguments, int count);
enum exit_code command_invite(struct shell *shell, char **arguments, int count);
enum exit_code command_remove(struct shell *shell, char **arguments, int count);
enum exit_code command_staff_room(struct shell *shell, char **arguments, int count);
enum exit_code command_case(struct shell *shell, char **arguments, int count);
enum exit_code command_case_out(struct shell *shell, char **arguments, int count);
enum exit_code command_notices(struct shell *shell, char **arguments, int count);
enum exit_code command_devices(struct shell *shell, char **arguments, int count);
enum exit_code command_login(struct shell *shell, char **arguments, int count);
enum exit_code command_send(struct shell *shell, char **arguments, int count);
enum exit_code command_save(struct shell *shell, char **arguments, int count);
enum exit_code command_new(struct shell *shell, char **arguments, int count);
enum exit_code command_read(struct shell *shell, char **arguments, int count);
enum exit_code command_verify(struct shell *shell, char **arguments, int count);
