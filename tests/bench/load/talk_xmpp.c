/* talk_xmpp -- see talk_xmpp.h. */
#include "talk_xmpp.h"

#include "webline.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { STANZA_MAX = 2048 };

struct client {
    struct webline web;
    struct seat *seat;
    enum { GREETING, LOGGING_IN, BINDING, JOINING, JOINED } state;
};

static bool has(struct slice text, const char *what)
{
    return memmem(text.at, text.len, what, strlen(what)) != NULL;
}

__attribute__((format(printf, 2, 3))) static void say(struct client *client, const char *format,
                                                      ...)
{
    char stanza[STANZA_MAX];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(stanza, sizeof stanza, format, args);
    va_end(args);
    if (len < 0 || len >= STANZA_MAX) {
        give_up("a stanza is too long");
    }
    webline_send(&client->web, slice_of(stanza, (size_t)len), true);
}

static void stream_open(struct client *client)
{
    say(client, "<open xmlns=\"urn:ietf:params:xml:ns:xmpp-framing\" to=\"localhost\""
                " version=\"1.0\"/>");
}

static void on_up(struct webline *web)
{
    stream_open((struct client *)web);
}

/* Rooms of this run's own, whatever an earlier one has left in the server. */
static void join(struct client *client)
{
    say(client,
        "<presence xmlns=\"jabber:client\" to=\"room%d-%zu@conference.localhost/s%zu\">"
        "<x xmlns=\"http://jabber.org/protocol/muc\"><history maxstanzas=\"0\"/></x></presence>",
        (int)getpid(), client->seat->room, client->seat->index);
}

/* -- Messages of the room -- */

static void take_body(struct client *client, struct slice stanza, const uint8_t *at)
{
    size_t writer;
    uint64_t n;
    if ((size_t)(stanza.at + stanza.len - at) < BODY_BYTES ||
        !body_read(slice_of(at, BODY_BYTES), &writer, &n)) {
        give_up("%s delivered something else", client->seat->crowd->wish.talker->name);
    }
    if (!has(stanza, "<stanza-id")) {
        give_up("%s did not archive a message", client->seat->crowd->wish.talker->name);
    }
    seat_delivered(client->seat, writer, n);
    if (writer == client->seat->index) {
        seat_acked(client->seat, n);
    }
}

static void take_message(struct client *client, struct slice stanza)
{
    static const char body[] = "<body>";
    const uint8_t *at = memmem(stanza.at, stanza.len, body, sizeof body - 1);
    if (has(stanza, "type='error'") || has(stanza, "type=\"error\"")) {
        give_up("%s refuses: %.*s", client->seat->crowd->wish.talker->name, (int)stanza.len,
                (const char *)stanza.at);
    }
    if (at != NULL && client->state == JOINED) {
        take_body(client, stanza, at + sizeof body - 1);
    } else if (has(stanza, "<subject")) {
        /* A room tells its subject last of all when one enters (XEP-0045 section 7.2.15). */
        client->state = JOINED;
        seat_ready(client->seat);
    }
}

/* -- Coming in -- */

static void take_features(struct client *client)
{
    if (client->state == GREETING) {
        client->state = LOGGING_IN;
        say(client, "<auth xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\" mechanism=\"ANONYMOUS\"/>");
    } else {
        client->state = BINDING;
        say(client, "<iq xmlns=\"jabber:client\" type=\"set\" id=\"bind\">"
                    "<bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"/></iq>");
    }
}

static void on_message(struct webline *web, struct slice stanza)
{
    struct client *client = (struct client *)web;
    if (has(slice_of(stanza.at, stanza.len < 9 ? stanza.len : 9), "<message")) {
        take_message(client, stanza);
    } else if (client->state < BINDING && has(stanza, "features>")) {
        take_features(client);
    } else if (client->state == LOGGING_IN && has(stanza, "<success")) {
        stream_open(client);
    } else if (client->state == BINDING && has(stanza, "<jid>")) {
        client->state = JOINING;
        join(client);
    } else if (has(stanza, "<failure") || has(stanza, "stream:error") ||
               (client->state < JOINED && has(stanza, "<error"))) {
        give_up("%s refuses: %.*s", client->seat->crowd->wish.talker->name, (int)stanza.len,
                (const char *)stanza.at);
    }
}

static void on_lost(struct webline *web, const char *why)
{
    struct client *client = (struct client *)web;
    seat_lost(client->seat, why);
}

static void xmpp_found(struct crowd *crowd)
{
    (void)crowd;
}

static void xmpp_open(struct seat *seat)
{
    struct client *client = calloc(1, sizeof *client);
    seat->own = client;
    client->seat = seat;
    client->web.path = "/xmpp-websocket";
    client->web.subprotocol = "xmpp";
    client->web.up = on_up;
    client->web.message = on_message;
    client->web.lost = on_lost;
    webline_open(&client->web, &seat->crowd->loop, seat->crowd->wish.port, seat->index);
}

static void xmpp_prepare(struct crowd *crowd)
{
    (void)crowd;
}

static void xmpp_append(struct seat *seat, uint64_t n)
{
    char body[BODY_BYTES];
    body_fill(seat->index, n, body);
    say(seat->own,
        "<message xmlns=\"jabber:client\" type=\"groupchat\" id=\"m%llu\""
        " to=\"room%d-%zu@conference.localhost\"><body>%.*s</body></message>",
        (unsigned long long)n, (int)getpid(), seat->room, BODY_BYTES, body);
}

static void xmpp_close(struct seat *seat)
{
    struct client *client = seat->own;
    line_cut(&client->web.line);
    free(client);
}

static void xmpp_end(struct crowd *crowd)
{
    (void)crowd;
}

const struct talker talk_prosody = {.name = "prosody",
                                    .found = xmpp_found,
                                    .open = xmpp_open,
                                    .prepare = xmpp_prepare,
                                    .append = xmpp_append,
                                    .close = xmpp_close,
                                    .end = xmpp_end};

const struct talker talk_ejabberd = {.name = "ejabberd",
                                     .found = xmpp_found,
                                     .open = xmpp_open,
                                     .prepare = xmpp_prepare,
                                     .append = xmpp_append,
                                     .close = xmpp_close,
                                     .end = xmpp_end};
