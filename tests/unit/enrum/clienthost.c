/* clienthost -- see clienthost.h. */
#include "clienthost.h"

#include <arpa/inet.h>
#include <assert.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IN_BYTES_MAX = 4 << 20 };

void host_open(struct stage_host *host, struct stage *stage)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    memset(host, 0, sizeof *host);
    host->stage = stage;
    host->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert(bind(host->listener, (struct sockaddr *)&address, sizeof address) == 0);
    assert(listen(host->listener, 8) == 0);
    assert(getsockname(host->listener, (struct sockaddr *)&address, &len) == 0);
    (void)snprintf(stage->board.host_url, sizeof stage->board.host_url, "ws://127.0.0.1:%u/",
                   ntohs(address.sin_port));
    for (size_t i = 0; i < HOST_CONNECTIONS_MAX; i++) {
        host->connections[i].fd = -1;
    }
}

static void connection_close(struct host_connection *connection)
{
    close(connection->fd);
    connection->fd = -1;
    buffer_fini(&connection->in);
}

void host_close(struct stage_host *host)
{
    for (size_t i = 0; i < HOST_CONNECTIONS_MAX; i++) {
        if (host->connections[i].fd >= 0) {
            connection_close(&host->connections[i]);
        }
    }
    for (size_t i = 0; i < host->own_count; i++) {
        log_fini(&host->own[i]);
    }
    close(host->listener);
}

/* -- WebSocket (RFC 6455) -- */

static void send_all(struct host_connection *connection, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    while (len > 0 && connection->fd >= 0) {
        ssize_t put = send(connection->fd, at, len, MSG_NOSIGNAL);
        if (put > 0) {
            at += put;
            len -= (size_t)put;
        } else {
            struct pollfd waiting = {.fd = connection->fd, .events = POLLOUT};
            if (poll(&waiting, 1, 1000) <= 0) {
                return;
            }
        }
    }
}

static void frame_send(struct host_connection *connection, struct slice frame)
{
    uint8_t head[10] = {0x82};
    size_t len = 2;
    if (frame.len < 126) {
        head[1] = (uint8_t)frame.len;
    } else if (frame.len < 65536) {
        head[1] = 126;
        head[2] = (uint8_t)(frame.len >> 8);
        head[3] = (uint8_t)frame.len;
        len = 4;
    } else {
        head[1] = 127;
        for (int i = 0; i < 8; i++) {
            head[2 + i] = (uint8_t)((uint64_t)frame.len >> (56 - 8 * i));
        }
        len = 10;
    }
    send_all(connection, head, len);
    send_all(connection, frame.at, frame.len);
}

static void upgrade(struct host_connection *connection)
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char key[128] = "", answer[512];
    unsigned char hash[SHA_DIGEST_LENGTH], text[64];
    const char *at = strcasestr((const char *)connection->in.at, "Sec-WebSocket-Key: ");
    assert(at != NULL);
    (void)snprintf(key, sizeof key, "%.24s%s", at + 19, guid);
    SHA1((unsigned char *)key, strlen(key), hash);
    EVP_EncodeBlock(text, hash, sizeof hash);
    int len = snprintf(answer, sizeof answer,
                       "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n"
                       "Sec-WebSocket-Protocol: enrum.1\r\n\r\n",
                       (char *)text);
    send_all(connection, answer, (size_t)len);
    connection->is_web_socket = true;
    buffer_reset(&connection->in);
}

/* -- Answers -- */

static void answer(struct host_connection *connection, const struct layout *layout,
                   const void *message)
{
    struct buffer out;
    buffer_init(&out, FRAME_BYTES_MAX);
    assert(layout_encode(layout, message, &out) == ENRUM_OK);
    frame_send(connection, buffer_slice(&out));
    buffer_fini(&out);
}

static void refuse(struct host_connection *connection, uint64_t request, enum enrum_err err)
{
    struct msg_error message = {.request = request, .code = (uint64_t)err};
    answer(connection, &message_error, &message);
}

static void on_hello(struct stage_host *host, struct host_connection *connection,
                     struct slice frame)
{
    struct msg_hello hello;
    struct sign_pair other;
    assert(layout_decode(&message_hello, frame, &hello) == ENRUM_OK);
    connection->client_nonce = hello.nonce;
    suite_random(connection->server_nonce.bytes, ID_BYTES);
    sign_pair_new(&other);
    const struct sign_pair *key = host->has_wrong_key ? &other : &host->stage->host;
    struct msg_challenge challenge = {.request = hello.request,
                                      .version = 1,
                                      .nonce = connection->server_nonce,
                                      .host_key = key->public,
                                      .time = host->stage->now};
    handshake_challenge_sign(key, &hello.nonce, &challenge);
    answer(connection, &message_challenge, &challenge);
}

static const struct stage_device *device_find(const struct stage *stage, const struct id *hash)
{
    const struct stage_device *all[] = {&stage->keeper, &stage->citizen, &stage->staff};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (id_equal(&all[i]->me.hash, hash)) {
            return all[i];
        }
    }
    return NULL;
}

static void on_prove(struct stage_host *host, struct host_connection *connection,
                     struct slice frame)
{
    struct msg_prove prove;
    struct certificate certificate;
    assert(layout_decode(&message_prove, frame, &prove) == ENRUM_OK);
    assert(certificate_decode(prove.certificate, &certificate) == ENRUM_OK);
    struct handshake_proof proof = {.client_nonce = connection->client_nonce,
                                    .server_nonce = connection->server_nonce,
                                    .board = host->stage->board.id,
                                    .host_key = host->stage->host.public,
                                    .certificate = certificate.hash};
    assert(handshake_proof_is_good(&certificate.body.sign_key, &proof, &prove.sig));
    connection->device = device_find(host->stage, &certificate.hash);
    struct msg_ready ready = {.request = prove.request, .board = prove.board};
    answer(connection, &message_ready, &ready);
}

/* A keeper's certificate as the board's, but signed by the host. */
static void foreign_keeper(const struct stage_host *host, struct buffer *out)
{
    struct wire_certificate body = host->stage->keeper.me.body;
    body.sign_key = body.seal_key = host->stage->host.public;
    assert(certificate_encode(&host->stage->host, &body, out) == ENRUM_OK);
}

static void on_board_get(struct stage_host *host, struct host_connection *connection,
                         uint64_t request)
{
    struct buffer foreign;
    buffer_init(&foreign, CERTIFICATE_BYTES_MAX);
    foreign_keeper(host, &foreign);
    struct msg_board board = {.request = request,
                              .board = host->stage->board.id,
                              .keeper_here = 1,
                              .keepers = buffer_slice(host->names_own_keeper
                                                          ? &foreign
                                                          : &host->stage->keeper.certificate)};
    answer(connection, &message_board, &board);
    buffer_fini(&foreign);
}

static uint64_t head_of(const struct stage_host *host, const struct stage_log *log)
{
    return host->hide_after > 0 && host->hide_after < log->seq ? host->hide_after : log->seq;
}

static void rooms_make_up(struct stage_host *host, struct buffer *rooms)
{
    for (int i = 0; i < 500; i++) {
        struct wire_room_head row = {.seq = 1, .generation = 1};
        unsigned number = ++host->rooms_made_up;
        for (size_t at = 4; at > 0; at--, number >>= 8) {
            row.room.bytes[at - 1] = (uint8_t)number;
        }
        assert(layout_encode(&layout_room_head, &row, rooms) == ENRUM_OK);
    }
}

static void on_room_list(struct stage_host *host, struct host_connection *connection,
                         uint64_t request)
{
    struct buffer rooms;
    if (host->refuse_lists > 0) {
        host->refuse_lists--;
        refuse(connection, request, ENRUM_STORE_FAILED);
        return;
    }
    buffer_init(&rooms, FRAME_BYTES_MAX);
    if (host->makes_up_rooms) {
        rooms_make_up(host, &rooms);
    }
    for (size_t i = 0; i < host->room_count && !host->hides_rooms; i++) {
        uint64_t head = head_of(host, host->rooms[i]);
        struct wire_room_head row = {host->rooms[i]->room, head, host->rooms[i]->hashes[head], 1};
        assert(layout_encode(&layout_room_head, &row, &rooms) == ENRUM_OK);
    }
    struct msg_rooms message = {.request = request,
                                .board = host->stage->board.id,
                                .more = host->lists_without_end || host->makes_up_rooms,
                                .rooms = buffer_slice(&rooms)};
    answer(connection, &message_rooms, &message);
    buffer_fini(&rooms);
}

static size_t room_index(const struct stage_host *host, const struct id *room)
{
    size_t i = 0;
    while (i < host->room_count && !id_equal(&host->rooms[i]->room, room)) {
        i++;
    }
    return i;
}

static void entries_send(struct stage_host *host, struct host_connection *connection, size_t room,
                         uint64_t request, uint64_t after, uint64_t limit)
{
    const struct stage_log *log = host->rooms[room];
    const struct stage *stage = host->stage;
    const struct buffer *certificates[] = {&stage->citizen.certificate, &stage->staff.certificate,
                                           &stage->keeper.certificate};
    struct buffer certs, entries;
    uint64_t head = head_of(host, log);
    buffer_init(&certs, FRAME_BYTES_MAX);
    buffer_init(&entries, FRAME_BYTES_MAX);
    for (size_t i = 0; i < 3; i++) {
        buffer_append_slice(&certs, buffer_slice(certificates[i]));
    }
    for (uint64_t seq = after + 1; seq <= head && seq <= after + limit; seq++) {
        buffer_append_slice(&entries, buffer_slice(&log->stored[seq - 1]));
    }
    struct msg_entries message = {.request = request,
                                  .board = stage->board.id,
                                  .room = log->room,
                                  .head_seq = head,
                                  .head_hash = log->hashes[head],
                                  .certificates = buffer_slice(&certs),
                                  .entries = buffer_slice(&entries)};
    answer(connection, &message_entries, &message);
    buffer_fini(&certs);
    buffer_fini(&entries);
}

void host_deliver(struct stage_host *host, size_t room, uint64_t after)
{
    for (size_t i = 0; i < HOST_CONNECTIONS_MAX; i++) {
        struct host_connection *connection = &host->connections[i];
        if (connection->fd >= 0 && connection->follows[room]) {
            entries_send(host, connection, room, 0, after, LOG_ENTRIES_MAX);
        }
    }
}

static void on_follow(struct stage_host *host, struct host_connection *connection,
                      struct slice frame)
{
    struct msg_follow follow;
    assert(layout_decode(&message_follow, frame, &follow) == ENRUM_OK);
    size_t room = room_index(host, &follow.room);
    if (room == host->room_count || host->denies_rooms) {
        refuse(connection, follow.request, ENRUM_ROOM_UNKNOWN);
        return;
    }
    connection->follows[room] = true;
    struct msg_done done = {.request = follow.request};
    answer(connection, &message_done, &done);
}

static void on_fetch(struct stage_host *host, struct host_connection *connection,
                     struct slice frame)
{
    struct msg_fetch fetch;
    assert(layout_decode(&message_fetch, frame, &fetch) == ENRUM_OK);
    size_t room = room_index(host, &fetch.room);
    if (room == host->room_count) {
        refuse(connection, fetch.request, ENRUM_ROOM_UNKNOWN);
        return;
    }
    entries_send(host, connection, room, fetch.request, fetch.after, 3);
}

/* -- Appends -- */

static void ack(struct stage_host *host, struct host_connection *connection,
                const struct stage_log *log, uint64_t request, uint64_t seq, uint64_t count)
{
    struct receipt_leaf leaf = {log->room, count, seq, log->hashes[seq], log->received_at};
    struct receipt_proof proof;
    struct id leaf_hash;
    struct msg_ack message = {.request = request, .board = host->stage->board.id};
    leaf.hash.bytes[0] ^= host->signs_other_hash;
    leaf.received_at += host->signs_other_time;
    receipt_leaf_hash(&leaf, &leaf_hash);
    assert(receipt_sign(&host->stage->host, &leaf_hash, 1, &proof));
    if (host->has_wrong_receipts) {
        proof.sig.bytes[5] ^= 1;
    }
    receipt_to_ack(&leaf, &proof, &message);
    answer(connection, &message_ack, &message);
}

/* The number of an entry that is here already; 0: it is not. *is_same: with these bytes. */
static uint64_t find(const struct stage_log *log, const struct id *device,
                     const struct entry *entry, bool *is_same)
{
    struct id bytes_hash;
    entry_bytes_hash(entry, &bytes_hash);
    for (uint64_t i = 0; i < log->seq; i++) {
        if (id_equal(&log->devices[i], device) && log->device_seqs[i] == entry->head.device_seq) {
            *is_same = id_equal(&log->bytes_hashes[i], &bytes_hash);
            return i + 1;
        }
    }
    return 0;
}

static enum enrum_err append_judge(const struct stage_host *host,
                                   const struct host_connection *connection,
                                   const struct stage_log *log, const struct entry *entry)
{
    (void)host;
    if (!id_equal(&entry->head.certificate, &connection->device->me.hash)) {
        return ENRUM_DEVICE_OTHER;
    }
    if (!entry_signature_is_good(entry, &connection->device->sign.public)) {
        return ENRUM_SIGNATURE_WRONG;
    }
    if (entry->head.device_seq > log_device_seq(log, &connection->device->me.device) + 1) {
        return ENRUM_DEVICE_SEQ_GAP;
    }
    if (entry->head.class != CLASS_GENERATION && entry->head.generation != log->generation) {
        return entry->head.generation < log->generation ? ENRUM_GENERATION_TOO_OLD
                                                        : ENRUM_GENERATION_TOO_NEW;
    }
    if (entry->head.seen_seq > log->seq ||
        !id_equal(&log->hashes[entry->head.seen_seq], &entry->head.seen_hash)) {
        return ENRUM_SEEN_WRONG;
    }
    return ENRUM_OK;
}

static void take(struct stage_host *host, struct host_connection *connection, size_t room,
                 uint64_t request, struct slice entries)
{
    struct stage_log *log = host->rooms[room];
    uint64_t before = log->seq;
    struct slice rest = entries;
    host->appends_seen++;
    if (host->refuse_count > 0) {
        host->refuse_count--;
        if (host->keeps_refused) {
            log_append(log, entries, &connection->device->me.device, host->stage->now);
        }
        refuse(connection, request, host->refuse_appends);
        return;
    }
    while (rest.len > 0) {
        struct entry entry;
        struct slice at = rest;
        bool is_same = false;
        assert(entry_next(&rest, &entry) == ENRUM_OK);
        uint64_t seq = find(log, &connection->device->me.device, &entry, &is_same);
        if (seq != 0) {
            if (is_same || host->keeps_refused) {
                ack(host, connection, log, request, seq, 1);
            } else {
                refuse(connection, request, ENRUM_SAME_ID_OTHER_BYTES);
            }
            return;
        }
        enum enrum_err err = append_judge(host, connection, log, &entry);
        if (err != ENRUM_OK) {
            refuse(connection, request, err);
            return;
        }
        log_append(log, (struct slice){at.at, at.len - rest.len}, &connection->device->me.device,
                   host->stage->now);
    }
    host->appends_kept++;
    if (host->cut_before_ack > 0) {
        host->cut_before_ack--;
        connection_close(connection);
        return;
    }
    ack(host, connection, log, request, log->seq, log->seq - before);
    host_deliver(host, room, before);
}

static void on_append(struct stage_host *host, struct host_connection *connection,
                      struct slice frame)
{
    struct msg_append append;
    assert(layout_decode(&message_append, frame, &append) == ENRUM_OK);
    size_t room = room_index(host, &append.room);
    if (room == host->room_count) {
        refuse(connection, append.request, ENRUM_ROOM_UNKNOWN);
        return;
    }
    take(host, connection, room, append.request, append.entries);
}

/* Does this host make the room? */
static bool is_taken(const struct stage_host *host, const struct host_connection *connection,
                     struct slice entries)
{
    struct entry entry;
    assert(entry_next(&entries, &entry) == ENRUM_OK);
    return host->refuse_count == 0 &&
           id_equal(&entry.head.certificate, &connection->device->me.hash);
}

static void on_create(struct stage_host *host, struct host_connection *connection,
                      struct slice frame)
{
    struct msg_room_create create;
    struct id room;
    assert(layout_decode(&message_room_create, frame, &create) == ENRUM_OK);
    room_id(&create.board, &connection->device->me.hash, &create.random, &room);
    size_t index = room_index(host, &room);
    if (index == host->room_count && !is_taken(host, connection, create.entries)) {
        bool is_refused = host->refuse_count > 0;
        host->appends_seen++;
        host->refuse_count -= is_refused;
        refuse(connection, create.request, is_refused ? host->refuse_appends : ENRUM_DEVICE_OTHER);
        return;
    }
    if (index == host->room_count) {
        assert(host->room_count < HOST_ROOMS_MAX);
        log_init(&host->own[host->own_count], &room);
        host->rooms[host->room_count++] = &host->own[host->own_count++];
    }
    take(host, connection, index, create.request, create.entries);
}

/* -- Letters: the keeper's side, in one -- */

static void letter_answer(struct stage_host *host, struct host_connection *connection,
                          const struct wire_letter_inner *inner, uint64_t kind, const void *body)
{
    struct stage_device *keeper = &host->stage->keeper;
    struct letter_author author = {&keeper->sign, &keeper->seal,
                                   buffer_slice(&keeper->certificate)};
    struct buffer letter;
    buffer_init(&letter, LETTER_BYTES_MAX);
    assert(letter_encode(&author, &host->stage->board.id, &inner->id, kind, host->stage->now, body,
                         &inner->sign_key, &inner->seal_key, &letter) == ENRUM_OK);
    struct msg_letter_back message = {.board = host->stage->board.id,
                                      .letter = buffer_slice(&letter)};
    answer(connection, &message_letter_back, &message);
    buffer_fini(&letter);
}

static void on_login(struct stage_host *host, struct host_connection *connection,
                     const struct wire_letter_inner *inner)
{
    struct wire_letter_login body;
    assert(layout_decode(&layout_letter_login, inner->body, &body) == ENRUM_OK);
    struct stage_device *device = body.role == ROLE_STAFF ? &host->stage->staff
                                                          : &host->stage->citizen;
    if (!slice_equal(body.code, slice_of_text("good-code"))) {
        struct wire_letter_refused refused = {.code = ENRUM_CODE_REFUSED};
        letter_answer(host, connection, inner, LETTER_REFUSED, &refused);
        return;
    }
    /* The device takes the stage's person's place: its keys are the ones in the letter. */
    device->sign.public = inner->sign_key;
    device->seal.public = inner->seal_key;
    uint64_t life_ms = host->certificate_ms != 0 ? host->certificate_ms : 86400000;
    stage_certify(host->stage, device, body.role, host->stage->now - 1000,
                  host->stage->now + life_ms);
    struct wire_letter_logged_in logged_in = {
        .certificate = buffer_slice(&device->certificate),
        .issuer = buffer_slice(&host->stage->keeper.certificate),
        .name = slice_of_text("Test Testsson"),
        .heads = host->heads};
    letter_answer(host, connection, inner, LETTER_LOGGED_IN, &logged_in);
}

static void on_grant_letter(struct stage_host *host, struct host_connection *connection,
                            const struct wire_letter_inner *inner)
{
    struct wire_letter_room body;
    assert(layout_decode(&layout_letter_room, inner->body, &body) == ENRUM_OK);
    size_t room = room_index(host, &body.room);
    if (!host->grants_on_letter || room == host->room_count || connection->device == NULL) {
        struct wire_letter_refused refused = {.code = ENRUM_MAY_NOT};
        letter_answer(host, connection, inner, LETTER_REFUSED, &refused);
        return;
    }
    uint64_t before = host->rooms[room]->seq;
    log_grant(host->stage, host->rooms[room], &host->stage->keeper, connection->device);
    struct wire_letter_done done = {.seq = before + 1};
    letter_answer(host, connection, inner, LETTER_DONE, &done);
    host_deliver(host, room, before);
}

static void on_letter(struct stage_host *host, struct host_connection *connection,
                      struct slice frame)
{
    struct msg_letter_send message;
    struct wire_letter_inner inner;
    struct buffer plain;
    assert(layout_decode(&message_letter_send, frame, &message) == ENRUM_OK);
    if (host->is_keeper_away) {
        refuse(connection, message.request, ENRUM_KEEPER_AWAY);
        return;
    }
    struct msg_done done = {.request = message.request};
    answer(connection, &message_done, &done);
    buffer_init(&plain, LETTER_BYTES_MAX);
    assert(letter_decode(message.letter, &host->stage->keeper.sign, &host->stage->keeper.seal,
                         &plain, &inner) == ENRUM_OK);
    if (inner.kind == LETTER_LOGIN) {
        on_login(host, connection, &inner);
    } else if (inner.kind == LETTER_GRANT) {
        on_grant_letter(host, connection, &inner);
    }
    buffer_wipe(&plain);
}

/* -- Frames -- */

static void on_frame(struct stage_host *host, struct host_connection *connection,
                     struct slice frame)
{
    uint64_t type, request;
    assert(frame_peek(frame, &type, &request) == ENRUM_OK);
    struct msg_done done = {.request = request};
    struct msg_pong pong = {.request = request, .time = host->stage->now};
    switch (type) {
    case MESSAGE_HELLO:
        on_hello(host, connection, frame);
        break;
    case MESSAGE_PROVE:
        on_prove(host, connection, frame);
        break;
    case MESSAGE_BOARD_GET:
        on_board_get(host, connection, request);
        break;
    case MESSAGE_ROOM_LIST:
        on_room_list(host, connection, request);
        break;
    case MESSAGE_FOLLOW:
        on_follow(host, connection, frame);
        break;
    case MESSAGE_FETCH:
        on_fetch(host, connection, frame);
        break;
    case MESSAGE_APPEND:
        on_append(host, connection, frame);
        break;
    case MESSAGE_ROOM_CREATE:
        on_create(host, connection, frame);
        break;
    case MESSAGE_LETTER_SEND:
        on_letter(host, connection, frame);
        break;
    case MESSAGE_PING:
        answer(connection, &message_pong, &pong);
        break;
    default:
        answer(connection, &message_done, &done);
        break;
    }
}

/* One client frame off the input; false when it is not whole yet, or the end. */
static bool frame_take(struct stage_host *host, struct host_connection *connection)
{
    struct buffer *in = &connection->in;
    if (connection->fd < 0 || in->len < 6) {
        return false;
    }
    uint64_t len = in->at[1] & 0x7f;
    size_t head = 2;
    if (len == 126) {
        len = (uint64_t)in->at[2] << 8 | in->at[3];
        head = 4;
    } else if (len == 127) {
        len = 0;
        for (size_t i = 0; i < 8; i++) {
            len = len << 8 | in->at[2 + i];
        }
        head = 10;
    }
    if (in->len < head + 4 + len) {
        return false;
    }
    const uint8_t *mask = in->at + head;
    uint8_t opcode = in->at[0] & 0x0f;
    uint8_t *payload = malloc((size_t)len + 1);
    assert(payload != NULL);
    for (size_t i = 0; i < len; i++) {
        payload[i] = in->at[head + 4 + i] ^ mask[i % 4];
    }
    size_t used = head + 4 + (size_t)len;
    memmove(in->at, in->at + used, in->len - used);
    buffer_truncate(in, in->len - used);
    if (opcode == 8) {
        connection_close(connection);
    } else if (opcode == 2 || opcode == 0) {
        on_frame(host, connection, (struct slice){payload, (size_t)len});
    }
    free(payload);
    return connection->fd >= 0;
}

static void connection_step(struct stage_host *host, struct host_connection *connection)
{
    uint8_t chunk[16384];
    ssize_t got;
    while ((got = recv(connection->fd, chunk, sizeof chunk, 0)) > 0) {
        buffer_append(&connection->in, chunk, (size_t)got);
    }
    if (got == 0) {
        connection_close(connection);
        return;
    }
    if (!connection->is_web_socket) {
        buffer_append(&connection->in, "", 1);
        if (connection->in.len > 1 && strstr((char *)connection->in.at, "\r\n\r\n") != NULL) {
            upgrade(connection);
        } else {
            buffer_truncate(&connection->in, connection->in.len - 1);
        }
        return;
    }
    while (frame_take(host, connection)) {
    }
}

void host_step(struct stage_host *host)
{
    int fd = accept4(host->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    for (size_t i = 0; i < HOST_CONNECTIONS_MAX; i++) {
        struct host_connection *connection = &host->connections[i];
        if (connection->fd < 0 && fd >= 0) {
            *connection = (struct host_connection){.fd = fd};
            buffer_init(&connection->in, IN_BYTES_MAX);
            fd = -1;
        }
        if (connection->fd >= 0) {
            connection_step(host, connection);
        }
    }
    assert(fd < 0);
}
