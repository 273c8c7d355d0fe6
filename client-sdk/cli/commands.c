/* commands -- see commands.h. This file: the list, and the short ones. */
#include "commands.h"

#include "show.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* -- Who -- */

static enum exit_code command_whoami(struct shell *shell, char **arguments, int count)
{
    (void)arguments, (void)count;
    struct enrum_self self;
    char hex[65];
    enrum_self(shell->enrum, &self);
    printf("%s: %s\n", say(shell, "board", "nämnd"), self.board_info->name);
    id_hex(&self.device, hex);
    printf("%s: %s\n", say(shell, "device", "enhet"), hex);
    if (self.role == 0) {
        return shell_fail(shell, ENRUM_NOT_LOGGED_IN);
    }
    id_hex(&self.person, hex);
    printf("%s: ", say(shell, "name", "namn"));
    show_text(slice_of_text(self.name), " ");
    printf("\n%s: %s\n", say(shell, "person", "person"), hex);
    printf("%s: ", say(shell, "role", "roll"));
    for (const char *at = role_name(self.role); *at != '\0'; at++) {
        putchar(tolower((unsigned char)*at));
    }
    printf("\n%s: %llu\n%s: ", say(shell, "level", "tillitsnivå"), (unsigned long long)self.level,
           say(shell, "valid until", "gäller till"));
    show_time(self.not_after);
    putchar('\n');
    return self.is_logged_in ? EXIT_GOOD : shell_fail(shell, ENRUM_CERTIFICATE_EXPIRED);
}

/* -- Rooms -- */

static void each_room(void *context, const struct enrum_room *room)
{
    struct shell *shell = context;
    static const char *const types[][2] = {
        {"room", "rum"},   {"party", "part"},        {"staff", "handläggare"},
        {"unit", "enhet"}, {"register", "register"},
    };
    size_t type = room->type < sizeof types / sizeof types[0] ? (size_t)room->type : 0;
    char hex[65];
    id_hex(&room->room, hex);
    printf("%s  %s  %llu/%llu  ", hex, types[type][shell->is_swedish],
           (unsigned long long)room->recorded_seq, (unsigned long long)room->head_seq);
    show_text(slice_of_text(room->title), " ");
    if (room->trouble != ENRUM_OK) {
        printf("  [%s]", error_name(room->trouble));
    }
    putchar('\n');
}

static void queue_show(const struct shell *shell)
{
    uint64_t now = now_ms();
    for (size_t i = 0; i < shell->queue_count; i++) {
        const struct shell_queued *queued = &shell->queue[i];
        char hex[65];
        if (queued->is_taken) {
            continue;
        }
        uint64_t waited = now > queued->received_at ? (now - queued->received_at) / 1000 : 0;
        id_hex(&queued->room, hex);
        printf("%s  %s  %llu:%02llu  ", hex, say(shell, "waiting", "väntar"),
               (unsigned long long)waited / 60, (unsigned long long)waited % 60);
        show_text(slice_of_text(queued->title), " ");
        printf("%s\n", queued->is_advice ? say(shell, "  (anonymous)", "  (anonym)") : "");
    }
}

static enum exit_code command_rooms(struct shell *shell, char **arguments, int count)
{
    (void)arguments, (void)count;
    enum enrum_err err = shell_ready(shell);
    if (err == ENRUM_OK) {
        err = shell_follow_all(shell);
    }
    if (err == ENRUM_OK || err == ENRUM_TIMEOUT) {
        enrum_rooms(shell->enrum, each_room, shell);
        queue_show(shell);
    }
    return shell_fail(shell, shell->trust_err != ENRUM_OK ? shell->trust_err : err);
}

/* -- The queue -- */

static enum exit_code command_take(struct shell *shell, char **arguments, int count)
{
    (void)count;
    struct wire_letter_room body;
    enum enrum_err err = shell_ready(shell);
    if (err == ENRUM_OK && !id_of_hex(arguments[0], &body.room)) {
        /* The queue's rooms are not this device's yet: they are known from the unit's room. */
        err = shell_follow_all(shell);
    }
    if (err == ENRUM_OK) {
        err = shell_room(shell, arguments[0], &body.room);
    }
    if (err == ENRUM_OK) {
        err = shell_ask(shell, LETTER_TAKE, &body);
    }
    if (err == ENRUM_OK) {
        char hex[65];
        id_hex(&body.room, hex);
        printf("%s %s\n", say(shell, "taken", "tagen"), hex);
    }
    return shell_fail(shell, err);
}

/* -- Leaving -- */

static enum exit_code command_logout(struct shell *shell, char **arguments, int count)
{
    (void)arguments, (void)count;
    size_t waiting = enrum_outbox_count(shell->enrum);
    if (waiting > 0 && !shell->is_forced) {
        fprintf(stderr, "enrum: %zu %s\n", waiting,
                say(shell, "entries are not sent yet; --force gives them up",
                    "poster är inte skickade än; --force ger upp dem"));
        return EXIT_REFUSED;
    }
    enrum_close(shell->enrum);
    shell->enrum = NULL;
    return shell_fail(shell, enrum_forget(shell->home));
}

/* -- The list -- */

static const struct command commands[] = {
    {"login", 0, 0, command_login,
     "login [--role citizen|staff] [--provider ID] [--no-browser]   log in with e-ID\n"
     "  login --code CODE       log in with a printed code (-: read from standard input)\n"
     "  login --unknown         ask without saying who you are\n"
     "  --borrowed              this is not my device: the list of my devices says so",
     "login [--role citizen|staff] [--provider ID] [--no-browser]   logga in med e-legitimation\n"
     "  login --code KOD        logga in med en kod på papper (-: läses från standard in)\n"
     "  login --unknown         fråga utan att säga vem du är\n"
     "  --borrowed              enheten är inte min: det står i listan över mina enheter"},
    {"whoami", 0, 0, command_whoami, "whoami                  who this device is",
     "whoami                  vem enheten är"},
    {"rooms", 0, 0, command_rooms, "rooms                   my rooms, and the queue",
     "rooms                   mina rum, och kön"},
    {"take", 1, 1, command_take, "take ROOM               take a conversation from the queue",
     "take RUM                ta ett samtal ur kön"},
    {"new", 1, 2, command_new, "new TITLE [TEXT]        open a conversation",
     "new RUBRIK [TEXT]       börja ett samtal"},
    {"send", 1, 2, command_send,
     "send ROOM [--file PATH] [TEXT | -]   write (-: a line of standard input each)",
     "send RUM [--file SÖKVÄG] [TEXT | -]  skriv (-: en post per rad på standard in)"},
    {"save", 2, 3, command_save, "save ROOM NUMBER [PATH] [--anyway]   bring the file of an entry",
     "save RUM NUMMER [SÖKVÄG] [--anyway]  hämta filen i en post"},
    {"read", 1, 1, command_read, "read ROOM [--json] [--follow]   what has been written",
     "read RUM [--json] [--follow]    vad som har skrivits"},
    {"verify", 1, 1, command_verify, "verify ROOM             check everything anew",
     "verify RUM              kontrollera allt på nytt"},
    {"people", 0, 1, command_people, "people [ROOM]           my colleagues, or who is in the room",
     "people [RUM]            mina kollegor, eller vilka som är i rummet"},
    {"add", 2, 2, command_add, "add ROOM PERSON [--why TEXT]    a colleague comes, too",
     "add RUM PERSON [--why TEXT]     en kollega kommer med"},
    {"hand-over", 1, 2, command_hand_over,
     "hand-over ROOM [PERSON] --why TEXT   it is a colleague's from now on, or the queue's",
     "hand-over RUM [PERSON] --why TEXT    det är en kollegas från och med nu, eller köns"},
    {"units", 0, 0, command_units, "units                   the board's units",
     "units                   nämndens enheter"},
    {"move", 2, 2, command_move,
     "move ROOM UNIT --why TEXT   it is another unit's from now on, and waits in its queue",
     "move RUM ENHET --why TEXT   det är en annan enhets från och med nu, och väntar i dess kö"},
    {"invite", 3, 3, command_invite,
     "invite ROOM CAPACITY NAME [--number 12-DIGITS] [--history] [--days N] [--why TEXT]\n"
     "                          let somebody in: guardian, ombud, trustee, support, party or\n"
     "                          interpreter (today, or for N days; nothing from before);\n"
     "                          without a number with a code, shown once (--again PERSON: anew)",
     "invite RUM EGENSKAP NAMN [--number 12-SIFFROR] [--history] [--days N] [--why TEXT]\n"
     "                          släpp in någon: guardian, ombud, trustee, support, party eller\n"
     "                          interpreter (i dag, eller N dygn; inget från förut);\n"
     "                          utan nummer med en kod, som visas en gång (--again PERSON: ny)"},
    {"remove", 2, 2, command_remove, "remove ROOM PERSON [--ground NAME]   take somebody out",
     "remove RUM PERSON [--ground NAMN]    ta bort någon"},
    {"staff-room", 1, 1, command_staff_room,
     "staff-room ROOM         open a room for the conversation's employees alone",
     "staff-room RUM          öppna ett rum för bara samtalets handläggare"},
    {"case", 1, 2, command_case, "case STAFF-ROOM [ROOM]  its conversations; add this one to them",
     "case ARBETSRUM [RUM]    ärendets samtal; lägg till det här"},
    {"case-out", 2, 2, command_case_out,
     "case-out STAFF-ROOM ROOM --why TEXT   the conversation is of this case no more",
     "case-out ARBETSRUM RUM --why TEXT     samtalet hör inte till ärendet längre"},
    {"notices", 0, 2, command_notices,
     "notices [on ADDRESS | code CODE | off]   a mail when something waits for me",
     "notices [on ADRESS | code KOD | off]     ett mejl när något väntar på mig"},
    {"devices", 0, 2, command_devices,
     "devices [out DEVICE]    where I am logged in; log that one out",
     "devices [out ENHET]     var jag är inloggad; logga ut den"},
    {"logout", 0, 0, command_logout, "logout [--force]        wipe this device's keys",
     "logout [--force]        radera enhetens nycklar"},
};

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

void commands_list(const struct shell *shell, FILE *to)
{
    fprintf(to, "%s: enrum --home DIR [--board board.json] [--ca FILE] [--timeout S] %s\n",
            say(shell, "usage", "användning"), say(shell, "COMMAND", "KOMMANDO"));
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        fprintf(to, "  %s\n", say(shell, commands[i].english, commands[i].swedish));
    }
}
