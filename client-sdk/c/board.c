/* board -- see board.h and enrum.h. */
#include "board.h"

#include "protocol/certificate.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- Reading -- */

/* Copies a text member; false when it is no text or too long. A missing member is the empty text
 * unless it is needed. */
static bool text_read(const json_t *object, const char *key, bool is_needed, char *out, size_t size)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL || json_is_null(value)) {
        out[0] = '\0';
        return !is_needed;
    }
    size_t len = json_string_length(value);
    if (!json_is_string(value) || len + 1 > size || strlen(json_string_value(value)) != len) {
        return false;
    }
    memcpy(out, json_string_value(value), len + 1);
    return true;
}

static bool id_read(const json_t *object, const char *key, struct id *out)
{
    const json_t *value = json_object_get(object, key);
    return json_is_string(value) &&
           suite_base64url_decode(json_string_value(value), out->bytes, ID_BYTES);
}

static bool roles_read(const json_t *roles, unsigned *out)
{
    size_t at;
    const json_t *value;
    *out = 0;
    json_array_foreach(roles, at, value)
    {
        const char *name = json_is_string(value) ? json_string_value(value) : "";
        if (strcmp(name, "citizen") == 0) {
            *out |= ROLE_BIT(CITIZEN);
        } else if (strcmp(name, "staff") == 0) {
            *out |= ROLE_BIT(STAFF);
        } else if (strcmp(name, "guest") == 0) {
            *out |= ROLE_BIT(GUEST);
        }
    }
    return json_is_array(roles);
}

static bool provider_read(const json_t *object, struct enrum_provider *out)
{
    return json_is_object(object) && text_read(object, "id", true, out->id, sizeof out->id) &&
           text_read(object, "name", false, out->name, sizeof out->name) &&
           text_read(object, "issuer", true, out->issuer, sizeof out->issuer) &&
           text_read(object, "client_id", true, out->client_id, sizeof out->client_id) &&
           text_read(object, "authorization_endpoint", true, out->authorization_endpoint,
                     sizeof out->authorization_endpoint) &&
           text_read(object, "scope", false, out->scope, sizeof out->scope) &&
           text_read(object, "acr_values", false, out->acr_values, sizeof out->acr_values) &&
           roles_read(json_object_get(object, "roles"), &out->roles);
}

static const struct offer {
    const char *name;
    unsigned bit;
} offers[] = {{"advice", ENRUM_OFFER_ADVICE}, {"notices", ENRUM_OFFER_NOTICES}};

/* Those that a later version may name are not known here. */
static bool offers_read(const json_t *list, unsigned *out)
{
    size_t at;
    const json_t *value;
    *out = 0;
    json_array_foreach(list, at, value)
    {
        for (size_t i = 0; i < sizeof offers / sizeof offers[0]; i++) {
            if (json_is_string(value) && strcmp(json_string_value(value), offers[i].name) == 0) {
                *out |= offers[i].bit;
            }
        }
    }
    return list == NULL || json_is_array(list);
}

static bool providers_read(const json_t *providers, struct enrum_board *out)
{
    if (providers == NULL) {
        return true;
    }
    if (!json_is_array(providers) || json_array_size(providers) > ENRUM_PROVIDERS_MAX) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(providers); i++) {
        if (!provider_read(json_array_get(providers, i), &out->providers[i])) {
            return false;
        }
    }
    out->provider_count = json_array_size(providers);
    return true;
}

/* One root change: signed by the root at hand, which it follows. */
static enum enrum_err successor_read(const char *text, struct enrum_board *board)
{
    uint8_t bytes[CERTIFICATE_BYTES_MAX];
    size_t len = strlen(text) * 3 / 4;
    struct slice body;
    struct wire_successor successor;
    const struct id *old = &board->roots[board->root_count - 1];
    if (len > sizeof bytes || strlen(text) >= ENRUM_SUCCESSOR_MAX ||
        !suite_base64url_decode(text, bytes, len)) {
        return ENRUM_MALFORMED;
    }
    enum enrum_err err = signed_decode((struct slice){bytes, len}, old, LABEL_SUCCESSOR, &body);
    if (err == ENRUM_OK) {
        err = layout_decode(&layout_successor, body, &successor);
    }
    if (err != ENRUM_OK) {
        return err;
    }
    if (!id_equal(&successor.board, &board->id) || !id_equal(&successor.old_key, old)) {
        return ENRUM_SIGNATURE_WRONG;
    }
    (void)snprintf(board->successors[board->root_count - 1], ENRUM_SUCCESSOR_MAX, "%s", text);
    board->roots[board->root_count++] = successor.new_key;
    return ENRUM_OK;
}

/* The first root key is not in the file when there are successors: it is the first one's old
 * key, and its hash the id. */
static bool first_root_find(const json_t *successors, const struct id *root, struct id *out)
{
    uint8_t bytes[CERTIFICATE_BYTES_MAX];
    struct wire_signed value;
    struct wire_successor successor;
    if (json_array_size(successors) == 0) {
        *out = *root;
        return true;
    }
    const char *text = json_string_value(json_array_get(successors, 0));
    size_t len = text != NULL ? strlen(text) * 3 / 4 : 0;
    if (text == NULL || len > sizeof bytes || !suite_base64url_decode(text, bytes, len) ||
        layout_decode(&layout_signed, (struct slice){bytes, len}, &value) != ENRUM_OK ||
        layout_decode(&layout_successor, value.body, &successor) != ENRUM_OK) {
        return false;
    }
    *out = successor.old_key;
    return true;
}

static enum enrum_err roots_read(const json_t *file, struct enrum_board *out)
{
    const json_t *successors = json_object_get(file, "successors");
    struct id first_id;
    size_t count = json_array_size(successors);
    if (count > SUCCESSORS_MAX ||
        !first_root_find(successors, &out->root_key, &out->first_root_key)) {
        return ENRUM_MALFORMED;
    }
    board_id(&out->first_root_key, &first_id);
    if (!id_equal(&first_id, &out->id)) {
        return ENRUM_MALFORMED;
    }
    out->roots[0] = out->first_root_key;
    out->root_count = 1;
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(successors, i));
        enum enrum_err err = text == NULL ? ENRUM_MALFORMED : successor_read(text, out);
        if (err != ENRUM_OK) {
            return err;
        }
    }
    return id_equal(&out->roots[out->root_count - 1], &out->root_key) ? ENRUM_OK : ENRUM_MALFORMED;
}

static enum enrum_err board_of_json(const json_t *file, struct enrum_board *out)
{
    const json_t *host = json_object_get(file, "host");
    const json_t *colours = json_object_get(file, "colours");
    bool good = json_is_object(file) && json_integer_value(json_object_get(file, "version")) == 1 &&
                text_read(file, "name", true, out->name, sizeof out->name) &&
                id_read(file, "board", &out->id) && id_read(file, "root", &out->root_key) &&
                text_read(host, "url", true, out->host_url, sizeof out->host_url) &&
                id_read(host, "key", &out->host_key) &&
                text_read(file, "telephone", false, out->telephone, sizeof out->telephone) &&
                text_read(colours, "primary", false, out->primary_colour,
                          sizeof out->primary_colour) &&
                text_read(colours, "on_primary", false, out->on_primary_colour,
                          sizeof out->on_primary_colour) &&
                offers_read(json_object_get(file, "offers"), &out->offers) &&
                providers_read(json_object_get(file, "providers"), out);
    return good ? roots_read(file, out) : ENRUM_MALFORMED;
}

enum enrum_err enrum_board_read(const char *path, struct enrum_board *out)
{
    json_error_t problem;
    json_t *file = json_load_file(path, JSON_REJECT_DUPLICATES, &problem);
    if (file == NULL) {
        enum json_error_code why = json_error_code(&problem);
        return why == json_error_cannot_open_file ? ENRUM_FILE_FAILED
               : why == json_error_out_of_memory  ? ENRUM_MEMORY
                                                  : ENRUM_MALFORMED;
    }
    struct enrum_board *board = calloc(1, sizeof *board);
    enum enrum_err err = board == NULL ? ENRUM_MEMORY : board_of_json(file, board);
    if (err == ENRUM_OK) {
        *out = *board;
    }
    free(board);
    json_decref(file);
    return err;
}

/* -- Writing -- */

static json_t *id_json(const struct id *id)
{
    char text[48];
    suite_base64url(id_slice(id), text);
    return json_string(text);
}

/* NULL instead of an array that is not whole. */
static json_t *whole(json_t *array, bool is_whole)
{
    if (!is_whole) {
        json_decref(array);
    }
    return is_whole ? array : NULL;
}

static bool text_add(json_t *array, const char *text)
{
    return json_array_append_new(array, json_string(text)) == 0;
}

static json_t *roles_json(unsigned roles)
{
    json_t *out = json_array();
    bool good = !table_bit(roles, ROLE_CITIZEN) || text_add(out, "citizen");
    good = good && (!table_bit(roles, ROLE_STAFF) || text_add(out, "staff"));
    return whole(out, good && (!table_bit(roles, ROLE_GUEST) || text_add(out, "guest")));
}

static json_t *offers_json(unsigned bits)
{
    json_t *out = json_array();
    bool good = true;
    for (size_t i = 0; i < sizeof offers / sizeof offers[0]; i++) {
        good = good && ((bits & offers[i].bit) == 0 || text_add(out, offers[i].name));
    }
    return whole(out, good);
}

static json_t *provider_json(const struct enrum_provider *provider)
{
    return json_pack("{ss ss ss ss ss ss ss so}", "id", provider->id, "name", provider->name,
                     "issuer", provider->issuer, "client_id", provider->client_id,
                     "authorization_endpoint", provider->authorization_endpoint, "scope",
                     provider->scope, "acr_values", provider->acr_values, "roles",
                     roles_json(provider->roles));
}

static json_t *providers_json(const struct enrum_board *board)
{
    json_t *out = json_array();
    bool good = true;
    for (size_t i = 0; good && i < board->provider_count; i++) {
        good = json_array_append_new(out, provider_json(&board->providers[i])) == 0;
    }
    return whole(out, good);
}

/* Those of the value; when it has none, those of the file that is there. */
static json_t *successors_json(const char *path, const struct enrum_board *board)
{
    json_t *out = json_array();
    bool good = true;
    for (size_t i = 0; good && i + 1 < board->root_count; i++) {
        good = text_add(out, board->successors[i]);
    }
    json_error_t problem = {0};
    json_t *file = board->root_count > 1 ? NULL : json_load_file(path, 0, &problem);
    json_t *old = json_object_get(file, "successors");
    if (json_is_array(old)) {
        good = json_array_extend(out, old) == 0;
    } else if (file == NULL && board->root_count <= 1) {
        good = json_error_code(&problem) != json_error_out_of_memory;
    }
    json_decref(file);
    return whole(out, good);
}

enum enrum_err enrum_board_write(const char *path, const struct enrum_board *board)
{
    json_t *file = json_pack(
        "{si ss so so s{ss so} ss s{ss ss} so so so}", "version", 1, "name", board->name, "board",
        id_json(&board->id), "root", id_json(&board->root_key), "host", "url", board->host_url,
        "key", id_json(&board->host_key), "telephone", board->telephone, "colours", "primary",
        board->primary_colour, "on_primary", board->on_primary_colour, "offers",
        offers_json(board->offers), "providers", providers_json(board), "successors",
        successors_json(path, board));
    bool good = file != NULL && json_dump_file(file, path, JSON_INDENT(2)) == 0;
    json_decref(file);
    return good ? ENRUM_OK : ENRUM_FILE_FAILED;
}

enum enrum_err board_judge(const struct enrum_board *pinned, const struct enrum_board *given)
{
    if (!id_equal(&pinned->id, &given->id)) {
        return ENRUM_ROOT_CHANGED;
    }
    for (size_t i = 0; i < given->root_count; i++) {
        if (id_equal(&given->roots[i], &pinned->root_key)) {
            return ENRUM_OK;
        }
    }
    return ENRUM_ROOT_CHANGED;
}
