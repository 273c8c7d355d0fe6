/* service -- a program that follows a room, and prints what is written there, a line of JSON for
 * each entry, until it is told to end (SIGTERM, SIGINT):
 *     cc -o service service.c $(pkg-config --cflags --libs enrum)
 *     enrum --home HOME --board board.json login --role staff
 *     ./service HOME ROOM
 * Each entry comes once, in order, and only when its signature, its author's certificate and its
 * place in the chain hold. What does not hold ends it with 1. CA=FILE in the environment: the
 * authority of the host's certificate. */
#include <enrum.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { STEP_MS = 250 };

static volatile sig_atomic_t is_ended;

struct service {
    struct id room;
    enum enrum_err err;
};

static void on_signal(int number)
{
    (void)number;
    is_ended = 1;
}

/* JSON has it in quotes, and escapes what would end them or a line. The text is UTF-8. */
static void put_text(const char *key, struct slice text)
{
    printf(",\"%s\":\"", key);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.at[i];
        if (byte == '"' || byte == '\\') {
            printf("\\%c", byte);
        } else if (byte < 0x20) {
            printf("\\u%04x", byte);
        } else {
            putchar(byte);
        }
    }
    putchar('"');
}

/* What somebody has said; other kinds have bodies of their own (protocol/kinds.def). */
static void put_words(const struct enrum_item *item)
{
    struct wire_body_text body;
    if (item->content.kind == KIND_MESSAGE &&
        layout_decode(kind_layout(KIND_MESSAGE), item->content.body, &body) == ENRUM_OK) {
        put_text("text", body.text);
    }
}

static void put_item(const struct enrum_item *item)
{
    bool has_kind = item->is_open && item->class == CLASS_RECORD;
    printf("{\"seq\":%llu,\"received_at\":%llu,\"role\":\"%s\",\"kind\":\"%s\"",
           (unsigned long long)item->seq, (unsigned long long)item->received_at,
           role_name(item->author.body.role),
           has_kind ? kind_name(item->content.kind) : class_name(item->class));
    if (has_kind && item->refused_ground == 0) {
        put_words(item);
    }
    if (item->open_err != ENRUM_OK) {
        printf(",\"error\":\"%s\"", error_name(item->open_err));
    }
    printf("}\n");
    fflush(stdout);
}

static void on_event(void *context, const struct enrum_event *event)
{
    struct service *service = context;
    bool is_this = id_equal(&event->room, &service->room);
    if (event->type == ENRUM_EVENT_ENTRY && is_this) {
        put_item(event->item);
    } else if (event->type == ENRUM_EVENT_UP_TO_DATE && is_this && event->err != ENRUM_OK) {
        service->err = event->err;
    } else if (event->type == ENRUM_EVENT_WARNING) {
        service->err = event->err;
    }
}

static enum enrum_err service_run(struct enrum *enrum, struct service *service)
{
    enum enrum_err err = enrum_follow(enrum, &service->room);
    /* A lost connection is made again, and what was written meanwhile comes then. */
    while (err == ENRUM_OK && service->err == ENRUM_OK && !is_ended) {
        enrum_step(enrum, STEP_MS);
    }
    return err != ENRUM_OK ? err : service->err;
}

int main(int argc, char **argv)
{
    struct service service = {.err = ENRUM_OK};
    if (argc != 3 || !id_of_hex(argv[2], &service.room)) {
        fprintf(stderr, "usage: service HOME ROOM\n");
        return 2;
    }
    struct sigaction ending = {.sa_handler = on_signal};
    sigaction(SIGTERM, &ending, NULL);
    sigaction(SIGINT, &ending, NULL);
    struct enrum_options options = {.home = argv[1],
                                    .ca_file = getenv("CA"),
                                    .software = "service/1",
                                    .on_event = on_event,
                                    .context = &service};
    struct enrum *enrum;
    enum enrum_err err = enrum_open(&options, &enrum);
    if (err == ENRUM_OK) {
        err = service_run(enrum, &service);
        enrum_close(enrum);
    }
    if (err != ENRUM_OK) {
        fprintf(stderr, "service: %s (%s)\n", error_sentence(err, false), error_name(err));
        return 1;
    }
    return 0;
}
