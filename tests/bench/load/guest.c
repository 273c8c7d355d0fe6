/* guest -- see guest.h. */
#include "guest.h"

#include "protocol/handshake.h"

#include <inttypes.h>

void guest_say(struct guest *guest, const struct layout *layout, const void *message)
{
    static struct buffer bytes = {.max = FRAME_BYTES_MAX};
    buffer_truncate(&bytes, 0);
    if (layout_encode(layout, message, &bytes) != ENRUM_OK) {
        give_up("a message to enrumd cannot be encoded");
    }
    webline_send(&guest->web, buffer_slice(&bytes), false);
}

void guest_read(const struct layout *layout, struct slice bytes, void *out)
{
    if (layout_decode(layout, bytes, out) != ENRUM_OK) {
        give_up("a message of enrumd cannot be read");
    }
}

void guest_is_refused(struct slice bytes)
{
    struct msg_error error;
    guest_read(&message_error, bytes, &error);
    give_up("enrumd refuses request %" PRIu64 ": %s", error.request,
            error_name((enum enrum_err)error.code));
}

static void on_up(struct webline *web)
{
    struct guest *guest = (struct guest *)web;
    struct msg_hello hello = {
        .request = GUEST_HELLO, .versions = slice_of("\1", 1), .software = slice_of_text("bench")};
    suite_random(hello.nonce.bytes, ID_BYTES);
    guest->client_nonce = hello.nonce;
    guest_say(guest, &message_hello, &hello);
}

static void prove(struct guest *guest, struct slice bytes)
{
    const struct certificate *certificate = &guest->resident.certificate;
    struct msg_challenge challenge;
    guest_read(&message_challenge, bytes, &challenge);
    guest->host_key = challenge.host_key;
    struct handshake_proof proof = {guest->client_nonce, challenge.nonce, guest->town->board,
                                    challenge.host_key, certificate->hash};
    struct msg_prove answer = {.request = GUEST_PROVE,
                               .board = guest->town->board,
                               .certificate = buffer_slice(&guest->resident.bytes)};
    if (certificate->body.role != ROLE_KEEPER) {
        answer.issuer = buffer_slice(&guest->town->keeper);
    }
    handshake_proof_sign(&guest->resident.sign, &proof, &answer.sig);
    guest_say(guest, &message_prove, &answer);
}

static void on_message(struct webline *web, struct slice bytes)
{
    struct guest *guest = (struct guest *)web;
    uint64_t type, request;
    if (frame_peek(bytes, &type, &request) != ENRUM_OK) {
        give_up("enrumd sent what cannot be read");
    }
    if (type == MESSAGE_CHALLENGE) {
        prove(guest, bytes);
    } else if (type == MESSAGE_READY) {
        guest->ready(guest);
    } else {
        guest->message(guest, type, request, bytes);
    }
}

static void on_lost(struct webline *web, const char *why)
{
    struct guest *guest = (struct guest *)web;
    guest->lost(guest, why);
}

void guest_open(struct guest *guest, struct loop *loop, uint16_t port, size_t number)
{
    guest->web.path = "/";
    guest->web.subprotocol = "enrum.1";
    guest->web.up = on_up;
    guest->web.message = on_message;
    guest->web.lost = on_lost;
    webline_open(&guest->web, loop, port, number);
}
