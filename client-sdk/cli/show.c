/* show -- see show.h. */
#include "show.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "showcase.h"

void show_time(uint64_t ms)
{
    char text[32];
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    if (localtime_r(&seconds, &parts) != NULL &&
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts) > 0) {
        fputs(text, stdout);
    }
}

void show_text(struct slice text, const char *newline)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = text.at[i];
        /* U+0080 ... U+009F are control characters too. */
        bool is_c1 = c == 0xc2 && i + 1 < text.len && text.at[i + 1] < 0xa0;
        if (c == '\n') {
            fputs(newline, stdout);
        } else if (c == '\t') {
            putchar(' ');
        } else if (c < 0x20 || c == 0x7f || is_c1) {
            putchar('?');
            i += is_c1;
        } else {
            putchar(c);
        }
    }
}

static void lower_copy(char *out, size_t size, const char *name)
{
    size_t i = 0;
    for (; name[i] != '\0' && i + 1 < size; i++) {
        out[i] = (char)tolower((unsigned char)name[i]);
    }
    out[i] = '\0';
}

static bool file_of(const struct enrum_item *item, struct wire_body_file *out)
{
    return item->is_open && item->content.kind == KIND_FILE &&
           layout_decode(&layout_body_file, item->content.body, out) == ENRUM_OK;
}

/* What it is about: the kind, or the class of an entry that nobody can or need open. */
static void what(const struct enrum_item *item, char *out, size_t size)
{
    bool has_kind = item->is_open && item->class == CLASS_RECORD;
    lower_copy(out, size, has_kind ? kind_name(item->content.kind) : class_name(item->class));
}

/* The words of an entry, of those kinds that have any. */
static struct slice words(const struct enrum_item *item)
{
    struct slice none = {NULL, 0};
    if (!item->is_open) {
        return none;
    }
    struct slice said;
    if (showcase_words(item, &said)) {
        return said;
    }
    const struct layout *layout = kind_layout(item->content.kind);
    struct slice body = item->content.body;
    union {
        struct wire_body_text text;
        struct wire_body_about about;
        struct wire_body_case_room_out out;
        struct wire_body_file file;
        struct wire_body_room room;
        struct wire_body_profile profile;
        struct wire_body_queued queued;
        struct wire_body_change change;
        struct wire_body_finding finding;
    } value;
    if (layout == &layout_body_text && layout_decode(layout, body, &value) == ENRUM_OK) {
        return value.text.text;
    }
    if (layout == &layout_body_about && layout_decode(layout, body, &value) == ENRUM_OK) {
        return value.about.text;
    }
    if (layout == &layout_body_case_room_out && layout_decode(layout, body, &value) == ENRUM_OK) {
        return value.out.text;
    }
    if (layout == &layout_body_file && layout_decode(layout, body, &value) == ENRUM_OK) {
        return value.file.text;
    }
    if (layout == &layout_body_room && layout_decode(layout, body, &value) == ENRUM_OK) {
        return value.room.title;
    }
    if (layout == &layout_body_profile && layout_decode(layout, body, &value) == ENRUM_OK) {
        return value.profile.name;
    }
    if (layout == &layout_body_queued && layout_decode(layout, body, &value) == ENRUM_OK) {
        return value.queued.title;
    }
    if (layout == &layout_body_change && layout_decode(layout, body, &value) == ENRUM_OK) {
        return value.change.text;
    }
    if (layout == &layout_body_finding && layout_decode(layout, body, &value) == ENRUM_OK) {
        return value.finding.name;
    }
    return none;
}

static void author_name(const struct shell *shell, const struct enrum_item *item, char *out,
                        size_t size)
{
    const char *name = shell_name_find(shell, &item->author.body.person);
    struct enrum_self self;
    enrum_self(shell->enrum, &self);
    if (item->author.body.role == ROLE_KEEPER) {
        name = self.board_info->name;
    } else if (name == NULL && id_equal(&item->author.body.person, &self.person)) {
        name = self.name;
    }
    if (name != NULL) {
        (void)snprintf(out, size, "%s", name);
        return;
    }
    char hex[65];
    id_hex(&item->author.body.person, hex);
    (void)snprintf(out, size, "%.8s", hex);
}

/* -- JSON -- */

static void text_put(json_t *object, const char *key, struct slice text)
{
    if (text.len > 0) {
        json_object_set_new(object, key, json_stringn((const char *)text.at, text.len));
    }
}

static void id_put(json_t *object, const char *key, const struct id *id)
{
    char hex[65];
    id_hex(id, hex);
    json_object_set_new(object, key, json_string(hex));
}

static void receipt_put(const struct shell *shell, const struct enrum_item *item, json_t *object)
{
    struct receipt_leaf leaf;
    struct receipt_proof proof;
    char text[128];
    if (!enrum_receipt_find(shell->enrum, &item->room, item->seq, &leaf, &proof)) {
        return;
    }
    json_t *path = json_array();
    for (size_t i = 0; i < proof.path_count; i++) {
        suite_base64url(id_slice(&proof.path[i]), text);
        json_array_append_new(path, json_string(text));
    }
    suite_base64url(slice_of(proof.sig.bytes, SIG_BYTES), text);
    json_object_set_new(object, "receipt",
                        json_pack("{sI sI sI so ss}", "count", (json_int_t)leaf.count, "tree_size",
                                  (json_int_t)proof.tree_size, "leaf_index",
                                  (json_int_t)proof.leaf_index, "path", path, "sig", text));
}

static void file_put(json_t *object, const struct enrum_item *item)
{
    struct wire_body_file body;
    if (!file_of(item, &body)) {
        return;
    }
    json_t *file = json_object();
    text_put(file, "name", body.name);
    text_put(file, "media_type", body.media_type);
    json_object_set_new(file, "size", json_integer((json_int_t)body.size));
    json_object_set_new(object, "file", file);
}

static void show_json(const struct shell *shell, const struct enrum_item *item)
{
    char kind[32], name[ENRUM_TEXT_MAX], role[16], ground[32];
    what(item, kind, sizeof kind);
    author_name(shell, item, name, sizeof name);
    lower_copy(role, sizeof role, role_name(item->author.body.role));
    json_t *object = json_pack("{sI sI sI ss ss ss sb sb}", "seq", (json_int_t)item->seq,
                               "received_at", (json_int_t)item->received_at, "time",
                               (json_int_t)item->time, "kind", kind, "name", name, "role", role,
                               "open", item->is_open, "recorded",
                               item->seq <= item->recorded_seq && item->refused_ground == 0);
    if (object == NULL) {
        return;
    }
    id_put(object, "room", &item->room);
    id_put(object, "hash", &item->hash);
    id_put(object, "person", &item->author.body.person);
    id_put(object, "device", &item->author.device);
    json_object_set_new(object, "device_seq", json_integer((json_int_t)item->device_seq));
    json_object_set_new(object, "generation", json_integer((json_int_t)item->generation));
    text_put(object, "text", words(item));
    file_put(object, item);
    showcase_json(object, item);
    if (item->open_err != ENRUM_OK) {
        json_object_set_new(object, "error", json_string(error_name(item->open_err)));
    }
    if (item->refused_ground != 0) {
        lower_copy(ground, sizeof ground, ground_name(item->refused_ground));
        json_object_set_new(object, "refused", json_string(ground));
    }
    receipt_put(shell, item, object);
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
}

/* -- Lines -- */

static void show_file(const struct enrum_item *item)
{
    struct wire_body_file body;
    if (file_of(item, &body)) {
        show_text(body.name, " ");
        printf(" (%llu kB)  ", (unsigned long long)(body.size + 999) / 1000);
    }
}

static void show_line(const struct shell *shell, const struct enrum_item *item)
{
    char kind[32], name[ENRUM_TEXT_MAX], role[16], ground[32];
    what(item, kind, sizeof kind);
    author_name(shell, item, name, sizeof name);
    lower_copy(role, sizeof role, role_name(item->author.body.role));
    printf("%5llu  ", (unsigned long long)item->seq);
    show_time(item->received_at);
    fputs("  ", stdout);
    show_text(slice_of_text(name), " ");
    printf(" (%s)  %s  ", role, kind);
    if (item->open_err != ENRUM_OK) {
        printf("[%s] ", error_sentence(item->open_err, shell->is_swedish));
    } else {
        show_file(item);
        showcase_line(item);
        show_text(words(item), "\n       ");
        putchar(' ');
    }
    if (item->refused_ground != 0) {
        lower_copy(ground, sizeof ground, ground_name(item->refused_ground));
        printf(" %s: %s", say(shell, "refused", "avvisad"), ground);
    } else if (item->seq <= item->recorded_seq) {
        printf(" %s", say(shell, "recorded", "journalförd"));
    }
    putchar('\n');
}

void show_item(struct shell *shell, const struct enrum_item *item)
{
    if (shell->is_json) {
        show_json(shell, item);
    } else {
        show_line(shell, item);
    }
    fflush(stdout);
}
