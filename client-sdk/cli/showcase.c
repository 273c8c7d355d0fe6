/* showcase -- see showcase.h. */
#include "showcase.h"

#include <ctype.h>
#include <stdio.h>

#include "show.h"

/* The body of an entry about the way of a case, decoded; or of one that shows a held note to a
 * party, or says so in the staff room. */
struct body {
    uint64_t kind;
    struct wire_body_release release;
    union {
        struct wire_body_released released;
        struct wire_body_contact contact;
        struct wire_body_step step;
        struct wire_body_task task;
        struct wire_body_mark mark;
        struct wire_body_meeting meeting;
        struct wire_body_extension extension;
    } as;
};

static bool body_of(const struct enrum_item *item, struct body *out)
{
    if (!item->is_open || item->class != CLASS_RECORD) {
        return false;
    }
    out->kind = item->content.kind;
    if (out->kind == KIND_RELEASE) {
        return layout_decode(&layout_body_release, item->content.body, &out->release) == ENRUM_OK;
    }
    if (out->kind == KIND_RELEASED) {
        return layout_decode(&layout_body_released, item->content.body, &out->as) == ENRUM_OK &&
               layout_decode(&layout_body_release, out->as.released.shown, &out->release) ==
                   ENRUM_OK;
    }
    bool is_case = out->kind >= KIND_CONTACT && out->kind <= KIND_EXTENSION;
    return is_case &&
           layout_decode(kind_layout(out->kind), item->content.body, &out->as) == ENRUM_OK;
}

static struct slice words_of(const struct body *body)
{
    switch (body->kind) {
    case KIND_RELEASE:
    case KIND_RELEASED:
        return body->release.text;
    case KIND_CONTACT:
        return body->as.contact.text;
    case KIND_STEP:
        return body->as.step.text;
    case KIND_TASK:
        return body->as.task.text;
    case KIND_MEETING:
        return body->as.meeting.text;
    case KIND_EXTENSION:
        return body->as.extension.text;
    default:
        return body->as.mark.text;
    }
}

bool showcase_words(const struct enrum_item *item, struct slice *words)
{
    struct body body;
    if (!body_of(item, &body)) {
        return false;
    }
    *words = words_of(&body);
    return true;
}

/* -- JSON -- */

static void number_put(json_t *object, const char *key, uint64_t number)
{
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

static void text_put(json_t *object, const char *key, struct slice text)
{
    json_object_set_new(object, key, json_stringn((const char *)text.at, text.len));
}

static void lower_name(enum journey_table table, uint64_t number, char out[static 32])
{
    const char *name = journey_name(table, number);
    size_t i = 0;
    for (; name[i] != '\0' && i < 31; i++) {
        out[i] = (char)tolower((unsigned char)name[i]);
    }
    out[i] = '\0';
}

static void name_put(json_t *object, const char *key, enum journey_table table, uint64_t number)
{
    char name[32];
    lower_name(table, number, name);
    if (number > 0) {
        json_object_set_new(object, key, json_string(name));
    }
}

static void id_put(json_t *object, const char *key, const struct id *id)
{
    char hex[65];
    id_hex(id, hex);
    json_object_set_new(object, key, json_string(hex));
}

static void release_put(json_t *object, const struct wire_body_release *body)
{
    number_put(object, "noted_at", body->noted_at);
    text_put(object, "noted_by", body->noted_by);
    json_object_set_new(object, "masked", json_boolean(body->masked == 1));
    text_put(object, "ground", body->ground);
    number_put(object, "reply_seq", body->reply_seq);
}

void showcase_json(json_t *object, const struct enrum_item *item)
{
    struct body body;
    if (!body_of(item, &body)) {
        return;
    }
    if (item->content.event_time > 0) {
        number_put(object, "event_time", item->content.event_time);
    }
    switch (body.kind) {
    case KIND_RELEASE:
        release_put(object, &body.release);
        break;
    case KIND_RELEASED:
        number_put(object, "about", body.as.released.seq);
        id_put(object, "shown_in", &body.as.released.room);
        release_put(object, &body.release);
        break;
    case KIND_CONTACT:
        name_put(object, "channel", JOURNEY_CHANNEL, body.as.contact.channel);
        number_put(object, "direction", body.as.contact.direction);
        text_put(object, "people", body.as.contact.people);
        break;
    case KIND_STEP:
        name_put(object, "matter", JOURNEY_MATTER, body.as.step.matter);
        name_put(object, "stage", JOURNEY_STAGE, body.as.step.stage);
        number_put(object, "by_when", body.as.step.by_when);
        text_put(object, "by_whom", body.as.step.by_whom);
        number_put(object, "opened", body.as.step.opened);
        break;
    case KIND_TASK:
        json_object_set_new(object, "for",
                            json_string(body.as.task.role == ROLE_STAFF ? "staff" : "citizen"));
        number_put(object, "due", body.as.task.due);
        name_put(object, "clock", JOURNEY_CLOCK, body.as.task.clock);
        break;
    case KIND_MEETING:
        number_put(object, "begins", body.as.meeting.begins);
        number_put(object, "ends", body.as.meeting.ends);
        json_object_set_new(object, "is_video", json_boolean(body.as.meeting.is_video == 1));
        text_put(object, "place", body.as.meeting.place);
        text_put(object, "people", body.as.meeting.people);
        break;
    case KIND_EXTENSION:
        name_put(object, "clock", JOURNEY_CLOCK, body.as.extension.clock);
        number_put(object, "until", body.as.extension.until);
        break;
    default:
        number_put(object, "about", body.as.mark.seq);
        break;
    }
}

/* -- Lines -- */

static void show_name(enum journey_table table, uint64_t number)
{
    char name[32];
    lower_name(table, number, name);
    if (number > 0) {
        printf("%s  ", name);
    }
}

static void show_when(const char *before, uint64_t ms)
{
    if (ms > 0) {
        fputs(before, stdout);
        show_time(ms);
        fputs("  ", stdout);
    }
}

static void show_words(struct slice text)
{
    if (text.len > 0) {
        putchar('[');
        show_text(text, " ");
        fputs("]  ", stdout);
    }
}

static void show_id(const struct id *id)
{
    char hex[65];
    id_hex(id, hex);
    printf("%.8s  ", hex);
}

static void show_release(const struct wire_body_release *body)
{
    show_when("", body->noted_at);
    show_words(body->noted_by);
    if (body->masked == 1) {
        fputs("masked  ", stdout);
        show_words(body->ground);
    }
}

void showcase_line(const struct enrum_item *item)
{
    struct body body;
    if (!body_of(item, &body)) {
        return;
    }
    switch (body.kind) {
    case KIND_RELEASE:
        show_release(&body.release);
        break;
    case KIND_RELEASED:
        printf("#%llu -> ", (unsigned long long)body.as.released.seq);
        show_id(&body.as.released.room);
        show_release(&body.release);
        break;
    case KIND_CONTACT:
        show_name(JOURNEY_CHANNEL, body.as.contact.channel);
        fputs(body.as.contact.direction == 1 ? "<-  " : "->  ", stdout);
        show_when("", item->content.event_time);
        show_words(body.as.contact.people);
        break;
    case KIND_STEP:
        show_name(JOURNEY_MATTER, body.as.step.matter);
        show_name(JOURNEY_STAGE, body.as.step.stage);
        show_when("<- ", item->content.event_time);
        show_when("<< ", body.as.step.opened);
        show_when("-> ", body.as.step.by_when);
        show_words(body.as.step.by_whom);
        break;
    case KIND_TASK:
        show_words(slice_of_text(body.as.task.role == ROLE_STAFF ? "staff" : "citizen"));
        show_name(JOURNEY_CLOCK, body.as.task.clock);
        show_when("-> ", body.as.task.due);
        break;
    case KIND_MEETING:
        show_when("", body.as.meeting.begins);
        show_when("- ", body.as.meeting.ends);
        show_words(body.as.meeting.is_video == 1 ? slice_of_text("video") : body.as.meeting.place);
        show_words(body.as.meeting.people);
        break;
    case KIND_EXTENSION:
        show_name(JOURNEY_CLOCK, body.as.extension.clock);
        show_when("-> ", body.as.extension.until);
        break;
    default:
        printf("#%llu  ", (unsigned long long)body.as.mark.seq);
        break;
    }
}
