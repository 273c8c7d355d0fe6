/* showpeople -- see showpeople.h. */
#include "showpeople.h"

#include <ctype.h>
#include <stdio.h>

#include "show.h"

enum { LET_IN = 1 };

static bool access_of(const struct enrum_item *item, struct wire_body_access *out)
{
    return item->is_open && item->content.kind == KIND_ACCESS &&
           layout_decode(&layout_body_access, item->content.body, out) == ENRUM_OK;
}

static bool case_room_of(const struct enrum_item *item, struct wire_body_case_room *out)
{
    return item->is_open && item->content.kind == KIND_CASE_ROOM &&
           layout_decode(&layout_body_case_room, item->content.body, out) == ENRUM_OK;
}

static void capacity_lower(uint64_t capacity, char out[32])
{
    const char *name = capacity_name(capacity);
    size_t i = 0;
    for (; name[i] != '\0' && i < 31; i++) {
        out[i] = (char)tolower((unsigned char)name[i]);
    }
    out[i] = '\0';
}

static void person_show(const struct shell *shell, const struct id *person)
{
    const char *name = shell_name_find(shell, person);
    char hex[65];
    id_hex(person, hex);
    hex[8] = '\0';
    show_text(slice_of_text(name != NULL ? name : hex), " ");
}

void showpeople_line(const struct shell *shell, const struct enrum_item *item)
{
    struct wire_body_access access;
    struct wire_body_case_room room;
    char text[65];
    if (access_of(item, &access)) {
        capacity_lower(access.capacity, text);
        fputs(access.operation == LET_IN ? "+ " : "- ", stdout);
        if (access.name.len > 0) {
            show_text(access.name, " ");
        } else {
            person_show(shell, &access.person);
        }
        printf(" (%s)  ", text);
    } else if (case_room_of(item, &room)) {
        id_hex(&room.room, text);
        printf("%.8s  ", text);
    }
}

void showpeople_json(json_t *object, const struct enrum_item *item)
{
    struct wire_body_access access;
    struct wire_body_case_room room;
    char text[65];
    if (access_of(item, &access)) {
        json_t *value = json_object();
        id_hex(&access.person, text);
        json_object_set_new(value, "person", json_string(text));
        capacity_lower(access.capacity, text);
        json_object_set_new(value, "capacity", json_string(text));
        json_object_set_new(value, "is_given", json_boolean(access.operation == LET_IN));
        json_object_set_new(value, "has_code", json_boolean(access.has_code == 1));
        json_object_set_new(value, "first", json_integer((json_int_t)access.first));
        json_object_set_new(object, "access", value);
    } else if (case_room_of(item, &room)) {
        id_hex(&room.room, text);
        json_object_set_new(object, "case_room", json_string(text));
    }
}
