/* command_save -- `enrum save`: the file of an entry, to a place where there is none yet. */
#include "commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_BYTES_MAX = 4096 };

static bool number_read(const char *text, uint64_t *out)
{
    char *end;
    unsigned long long number = strtoull(text, &end, 10);
    *out = number;
    return end != text && *end == '\0' && text[0] != '-' && number > 0 && number < UINT_ANY;
}

/* The name that the sender gave it, made harmless; empty: the entry is none of a file that opens.
 */
static uint64_t wanted_seq;
static struct id wanted_hash;
static char wanted_name[ENRUM_TEXT_MAX];
/* What the board's scanner says of it, when it warns. */
static bool is_flagged;
static char finding[NAME_BYTES_MAX + 1];

static void each_item(void *context, const struct enrum_item *item)
{
    struct wire_body_file body;
    struct wire_body_finding found;
    (void)context;
    /* The keeper's word alone: anybody else's is refused. */
    if (item->is_open && item->content.kind == KIND_FINDING &&
        item->author.body.role == ROLE_KEEPER &&
        layout_decode(&layout_body_finding, item->content.body, &found) == ENRUM_OK &&
        found.seq == wanted_seq && id_equal(&found.hash, &wanted_hash)) {
        is_flagged = true;
        (void)snprintf(finding, sizeof finding, "%s%.*s", found.result == 1 ? "" : "? ",
                       (int)found.name.len, (const char *)found.name.at);
    }
    if (item->seq == wanted_seq) {
        wanted_hash = item->hash;
    }
    if (item->seq == wanted_seq && item->is_open && item->content.kind == KIND_FILE &&
        layout_decode(&layout_body_file, item->content.body, &body) == ENRUM_OK) {
        enrum_file_name(body.name, wanted_name);
    }
}

/* PATH, or in it when it is a folder, or in the one the program is in. False: too long. */
static bool path_make(const char *given, char out[PATH_BYTES_MAX])
{
    struct stat found;
    int len;
    if (given == NULL) {
        len = snprintf(out, PATH_BYTES_MAX, "%s", wanted_name);
    } else if (stat(given, &found) == 0 && S_ISDIR(found.st_mode)) {
        len = snprintf(out, PATH_BYTES_MAX, "%s/%s", given, wanted_name);
    } else {
        len = snprintf(out, PATH_BYTES_MAX, "%s", given);
    }
    return len > 0 && len < PATH_BYTES_MAX;
}

static bool is_over(const struct shell *shell)
{
    return shell->is_saved || shell->trust_err != ENRUM_OK;
}

static enum enrum_err saved_wait(struct shell *shell)
{
    enum enrum_err err;
    size_t moved;
    do { /* the time is for each step, not for all of a large file */
        moved = shell->moved;
        err = shell_wait(shell, is_over, shell->timeout_ms);
    } while (err == ENRUM_TIMEOUT && shell->moved > moved);
    if (shell->is_saved) {
        return shell->saved_err;
    }
    return shell->trust_err != ENRUM_OK ? shell->trust_err : err;
}

static enum enrum_err save(struct shell *shell, const struct id *room, const char *given)
{
    char path[PATH_BYTES_MAX];
    uint64_t request;
    wanted_name[0] = '\0';
    is_flagged = false;
    enum enrum_err err = enrum_walk(shell->enrum, room, wanted_seq, each_item, shell);
    if (err == ENRUM_OK && !path_make(given, path)) {
        err = wanted_name[0] == '\0' ? ENRUM_BLOB_UNKNOWN : ENRUM_FILE_FAILED;
    }
    if (err == ENRUM_OK && is_flagged && !shell->is_forced) {
        fprintf(stderr,
                "%s: ", say(shell, "not saved without --anyway", "hämtas inte utan --anyway"));
        fwrite(finding, 1, strlen(finding), stderr);
        fputc('\n', stderr);
        err = ENRUM_FILE_FLAGGED;
    }
    if (err == ENRUM_OK) {
        err = enrum_save_file(shell->enrum, room, wanted_seq, path, &request);
    }
    if (err == ENRUM_OK) {
        err = saved_wait(shell);
    }
    if (err == ENRUM_OK) {
        puts(path);
    }
    return err;
}

enum exit_code command_save(struct shell *shell, char **arguments, int count)
{
    struct id room;
    if (!number_read(arguments[1], &wanted_seq)) {
        return shell_fail(shell, ENRUM_USAGE);
    }
    enum enrum_err err = shell_ready(shell);
    if (err == ENRUM_OK) {
        err = shell_room(shell, arguments[0], &room);
    }
    if (err == ENRUM_OK) {
        err = shell_follow(shell, &room);
    }
    if (err == ENRUM_OK) {
        err = save(shell, &room, count > 2 ? arguments[2] : NULL);
    }
    return shell_fail(shell, err);
}
