/* command_people -- who is in a conversation, who comes and goes: `enrum people`, `add`,
 * `hand-over`, `invite`, `remove`. */
#include "commands.h"
#include "show.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* -- Finding somebody -- */

enum { PREFIX_MIN = 8 };

struct member_search {
    const struct shell *shell;
    const char *text;
    size_t found;
    struct id person;
};

/* By name, or by at least eight of the pseudonym's digits. */
static bool is_meant(const struct member_search *search, const struct id *person)
{
    char hex[65];
    const char *name = shell_name_find(search->shell, person);
    id_hex(person, hex);
    return (strlen(search->text) >= PREFIX_MIN &&
            strncmp(hex, search->text, strlen(search->text)) == 0) ||
           (name != NULL && strcasecmp(name, search->text) == 0);
}

static void each_member(void *context, const struct enrum_member *member)
{
    struct member_search *search = context;
    if (is_meant(search, &member->person) &&
        (search->found == 0 || !id_equal(&search->person, &member->person))) {
        search->found++;
        search->person = member->person;
    }
}

static enum enrum_err search_end(const struct member_search *search, struct id *out)
{
    *out = search->person;
    return search->found == 1 ? ENRUM_OK : ENRUM_USAGE;
}

/* Somebody of the room. Errors: USAGE: nobody, or more than one. */
static enum enrum_err member_find(struct shell *shell, const struct id *room, const char *text,
                                  struct id *out)
{
    struct member_search search = {.shell = shell, .text = text};
    enum enrum_err err = enrum_members(shell->enrum, room, each_member, &search);
    return err == ENRUM_OK ? search_end(&search, out) : err;
}

/* -- Colleagues: the employees of the units whose rooms this device has -- */

struct each_colleague {
    struct enrum *enrum;
    void (*each)(void *context, const struct enrum_member *member);
    void *context;
};

static void each_unit(void *context, const struct enrum_room *room)
{
    const struct each_colleague *each = context;
    if (room->type == ROOM_TYPE_UNIT) {
        (void)enrum_members(each->enrum, &room->room, each->each, each->context);
    }
}

static void colleagues(struct shell *shell,
                       void (*each)(void *context, const struct enrum_member *member),
                       void *context)
{
    struct each_colleague all = {shell->enrum, each, context};
    enrum_rooms(shell->enrum, each_unit, &all);
}

static enum enrum_err colleague_find(struct shell *shell, const char *text, struct id *out)
{
    struct member_search search = {.shell = shell, .text = text};
    colleagues(shell, each_member, &search);
    return search_end(&search, out);
}

/* -- Showing -- */

struct people {
    struct shell *shell;
    const struct id *room;
    uint64_t only_role; /* 0: all */
};

/* The newest word of the keeper on somebody. */
struct access_search {
    const struct id *person;
    uint64_t capacity, until;
};

static void access_item(void *context, const struct enrum_item *item)
{
    struct access_search *search = context;
    struct wire_body_access body;
    if (item->is_open && item->author.body.role == ROLE_KEEPER &&
        item->content.kind == KIND_ACCESS &&
        layout_decode(&layout_body_access, item->content.body, &body) == ENRUM_OK &&
        id_equal(&body.person, search->person)) {
        search->capacity = body.operation == 1 ? body.capacity : 0;
        search->until = body.until;
    }
}

static void lower_print(const char *name)
{
    for (; *name != '\0'; name++) {
        putchar(tolower((unsigned char)*name));
    }
}

static void person_show(void *context, const struct enrum_member *member)
{
    const struct people *people = context;
    struct access_search access = {.person = &member->person};
    const char *name = shell_name_find(people->shell, &member->person);
    char hex[65];
    if (member->role == ROLE_KEEPER ||
        (people->only_role != 0 && member->role != people->only_role)) {
        return;
    }
    if (people->room != NULL) {
        (void)enrum_walk(people->shell->enrum, people->room, 1, access_item, &access);
    }
    id_hex(&member->person, hex);
    printf("%s  ", hex);
    lower_print(access.capacity != 0 ? capacity_name(access.capacity) : role_name(member->role));
    fputs("  ", stdout);
    show_text(slice_of_text(name != NULL ? name : ""), " ");
    if (access.until != 0) {
        printf("  %s ", say(people->shell, "until", "till"));
        show_time(access.until);
    }
    putchar('\n');
}

enum exit_code command_people(struct shell *shell, char **arguments, int count)
{
    struct id room;
    struct people people = {.shell = shell};
    enum enrum_err err;
    if (count == 0) {
        people.only_role = ROLE_STAFF;
        err = shell_ready(shell);
        if (err == ENRUM_OK) {
            err = shell_follow_all(shell);
        }
        if (err == ENRUM_OK) {
            colleagues(shell, person_show, &people);
        }
    } else {
        people.room = &room;
        err = shell_bring(shell, arguments[0], &room);
        if (err == ENRUM_OK) {
            err = enrum_members(shell->enrum, &room, person_show, &people);
        }
    }
    return shell_fail(shell, shell->trust_err != ENRUM_OK ? shell->trust_err : err);
}

/* -- Coming and going -- */

static enum exit_code done(const struct shell *shell, enum enrum_err err, const char *english,
                           const char *swedish)
{
    if (err == ENRUM_OK) {
        printf("%s\n", say(shell, english, swedish));
    }
    return shell_fail(shell, err);
}

/* The letter's room, and its colleague when there is one. */
static enum enrum_err person_letter(struct shell *shell, char **arguments, int count,
                                    struct id *person, struct wire_letter_person *body)
{
    *body = (struct wire_letter_person){
        .person = slice_of_text(""), .text = slice_of_text(shell->why != NULL ? shell->why : "")};
    enum enrum_err err = shell_ready(shell);
    if (err == ENRUM_OK) {
        err = shell_room(shell, arguments[0], &body->room);
    }
    if (err == ENRUM_OK && count > 1) {
        err = shell_follow_all(shell); /* the unit's room has the colleagues */
        if (err == ENRUM_OK) {
            err = colleague_find(shell, arguments[1], person);
        }
        body->person = id_slice(person);
    }
    return err;
}

enum exit_code command_add(struct shell *shell, char **arguments, int count)
{
    struct id person;
    struct wire_letter_person body;
    enum enrum_err err = person_letter(shell, arguments, count, &person, &body);
    if (err == ENRUM_OK) {
        err = shell_ask(shell, LETTER_ADD, &body);
    }
    return done(shell, err, "added", "tillagd");
}

enum exit_code command_hand_over(struct shell *shell, char **arguments, int count)
{
    struct id person;
    struct wire_letter_person body;
    if (shell->why == NULL || shell->why[0] == '\0') {
        return shell_fail(shell, ENRUM_USAGE); /* the journal says why */
    }
    enum enrum_err err = person_letter(shell, arguments, count, &person, &body);
    if (err == ENRUM_OK) {
        err = shell_ask(shell, LETTER_HAND_OVER, &body);
    }
    return done(shell, err, "handed over", "överlämnad");
}

enum exit_code command_remove(struct shell *shell, char **arguments, int count)
{
    (void)count;
    struct wire_letter_remove body = {.subject_type = SUBJECT_PERSON, .ground = shell->ground};
    enum enrum_err err = shell_bring(shell, arguments[0], &body.room);
    if (err == ENRUM_OK) {
        err = member_find(shell, &body.room, arguments[1], &body.subject);
    }
    if (err == ENRUM_OK) {
        err = shell_ask(shell, LETTER_REMOVE, &body);
    }
    return done(shell, err, "removed", "borttagen");
}

/* -- Letting somebody in -- */

/* 0: none that is let in. */
static uint64_t capacity_read(const char *name)
{
    for (uint64_t capacity = CAPACITY_GUARDIAN; capacity <= CAPACITY_INTERPRETER; capacity++) {
        if (strcasecmp(capacity_name(capacity), name) == 0) {
            return capacity;
        }
    }
    return 0;
}

static void code_show(const struct shell *shell)
{
    printf("%s: %s\n%s ", say(shell, "code", "kod"), shell->answer_code,
           say(shell, "It is shown this once, and is good until",
               "Den visas bara nu, och gäller till"));
    show_time(shell->answer_until);
    putchar('\n');
}

/* When an access ends; 0: it does not. An interpreter's ends with the day, if nothing is said. */
static uint64_t access_until(uint64_t capacity, uint64_t days)
{
    const uint64_t day_ms = UINT64_C(24) * 60 * 60 * 1000;
    uint64_t now = now_ms();
    time_t seconds = (time_t)(now / 1000);
    struct tm day;
    if (days > 0 || capacity != CAPACITY_INTERPRETER || localtime_r(&seconds, &day) == NULL) {
        return days > 0 ? now + days * day_ms : 0;
    }
    day.tm_mday++;
    day.tm_hour = day.tm_min = day.tm_sec = 0;
    day.tm_isdst = -1;
    return (uint64_t)mktime(&day) * 1000;
}

enum exit_code command_invite(struct shell *shell, char **arguments, int count)
{
    (void)count;
    struct id person;
    uint64_t capacity = capacity_read(arguments[1]);
    struct wire_letter_invite body = {
        .capacity = capacity,
        .person = slice_of_text(""),
        .number = slice_of_text(shell->number != NULL ? shell->number : ""),
        .name = slice_of_text(arguments[2]),
        .history = shell->has_history,
        .until = access_until(capacity, shell->days),
        .text = slice_of_text(shell->why != NULL ? shell->why : "")};
    if (body.capacity == 0) {
        return shell_fail(shell, ENRUM_USAGE);
    }
    enum enrum_err err = shell_bring(shell, arguments[0], &body.room);
    if (err == ENRUM_OK && shell->again != NULL) {
        err = member_find(shell, &body.room, shell->again, &person);
        body.person = id_slice(&person);
    }
    if (err == ENRUM_OK) {
        err = shell_ask(shell, LETTER_INVITE, &body);
    }
    if (err == ENRUM_OK && shell->answer_code[0] != '\0') {
        code_show(shell);
        return EXIT_GOOD;
    }
    return done(shell, err, "let in", "insläppt");
}
