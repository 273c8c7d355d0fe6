/* handhost -- see handhost.h. */
#include "handhost.h"

#include "protocol/file.h"

#include "base/check.h"
#include "client-sdk/c/devicekey.h"
#include "client-sdk/c/localstore.h"
#include "handsocket.h"
#include "protocol/grant.h"
#include "protocol/handshake.h"
#include "protocol/letter.h"
#include "protocol/receipt.h"

void handhost_begin(struct handhost *host)
{
    memset(host, 0, sizeof *host);
    stage_init(&host->stage);
    host->fetch_most = LOG_ENTRIES_MAX;
}

void handhost_end(struct handhost *host)
{
    for (size_t i = 0; i < host->blob_count; i++) {
        buffer_fini(&host->blobs[i]);
    }
    for (size_t i = 0; i < host->room_count; i++) {
        log_fini(&host->logs[i]);
    }
    stage_fini(&host->stage);
}

size_t handhost_room(struct handhost *host)
{
    struct stage_log *log = &host->logs[host->room_count];
    struct id room;
    suite_random(room.bytes, ID_BYTES);
    log_init(log, &room);
    log_open_room(&host->stage, log);
    log_say(&host->stage, log, &host->stage.citizen, "ett");
    log_add_staff(&host->stage, log);
    log_say(&host->stage, log, &host->stage.citizen, "två");
    return host->room_count++;
}

void handhost_log_in(struct handhost *host, struct stage_device *device, const char *folder,
                     struct localstore **store)
{
    struct home home;
    char path[HOME_PATH_MAX];
    struct slice keeper = buffer_slice(&host->stage.keeper.certificate);
    CHECK(home_open(folder, &home) == ENRUM_OK);
    CHECK(devicekey_open(&home, &device->sign, &device->seal) == ENRUM_OK);
    stage_certify(&host->stage, device, device->me.body.role, device->me.body.not_before,
                  device->me.body.not_after);
    CHECK(home_touch(&home, "enrum.db") == ENRUM_OK && home_path(&home, "enrum.db", path));
    CHECK(localstore_open(path, NULL, store) == ENRUM_OK);
    struct slice certificate = buffer_slice(&device->certificate);
    CHECK(localstore_certificate_put(*store, &host->stage.keeper.me.hash, true, keeper) ==
          ENRUM_OK);
    CHECK(localstore_certificate_put(*store, &device->me.hash, false, certificate) == ENRUM_OK);
    CHECK(localstore_meta_put(*store, "certificate", certificate) == ENRUM_OK);
    CHECK(localstore_meta_put(*store, "issuer", keeper) == ENRUM_OK);
    CHECK(localstore_meta_put(*store, "name", slice_of_text("Test Testsson")) == ENRUM_OK);
    CHECK(localstore_commit(*store) == ENRUM_OK);
    home_close(&home);
}

/* -- Out -- */

void handhost_give(struct handhost *host, const struct layout *layout, const void *message)
{
    struct buffer frame;
    buffer_init(&frame, (size_t)2 * FRAME_BYTES_MAX);
    CHECK(layout_encode(layout, message, &frame) == ENRUM_OK);
    if (host->alter != NULL) {
        host->alter(host->context, &frame);
    }
    (void)hand_give(buffer_slice(&frame));
    buffer_fini(&frame);
}

static void refuse(struct handhost *host, uint64_t request, enum enrum_err err)
{
    struct msg_error error = {.request = request, .code = (uint64_t)err};
    handhost_give(host, &message_error, &error);
}

static void done(struct handhost *host, uint64_t request)
{
    struct msg_done message = {.request = request};
    handhost_give(host, &message_done, &message);
}

static void entries_give(struct handhost *host, size_t room, uint64_t request, uint64_t after)
{
    const struct stage_log *log = &host->logs[room];
    const struct stage *stage = &host->stage;
    struct buffer certificates, entries;
    buffer_init(&certificates, FRAME_BYTES_MAX);
    buffer_init(&entries, FRAME_BYTES_MAX / 2);
    buffer_append_slice(&certificates, buffer_slice(&stage->citizen.certificate));
    buffer_append_slice(&certificates, buffer_slice(&stage->staff.certificate));
    buffer_append_slice(&certificates, buffer_slice(&stage->keeper.certificate));
    for (uint64_t seq = after + 1; seq <= log->seq && seq <= after + host->fetch_most; seq++) {
        if (entries.len + log->stored[seq - 1].len > FRAME_BYTES_MAX / 2) {
            break;
        }
        buffer_append_slice(&entries, buffer_slice(&log->stored[seq - 1]));
    }
    struct msg_entries message = {.request = request,
                                  .board = stage->board.id,
                                  .room = log->room,
                                  .head_seq = log->seq,
                                  .head_hash = log->hash,
                                  .certificates = buffer_slice(&certificates),
                                  .entries = buffer_slice(&entries)};
    handhost_give(host, &message_entries, &message);
    buffer_fini(&certificates);
    buffer_fini(&entries);
}

void handhost_deliver(struct handhost *host, size_t room, uint64_t after)
{
    if (host->follows[room]) {
        entries_give(host, room, 0, after);
    }
}

/* -- Who -- */

static void on_hello(struct handhost *host, const struct msg_hello *hello)
{
    struct msg_challenge challenge = {.request = hello->request,
                                      .version = PROTOCOL_VERSION,
                                      .host_key = host->stage.host.public,
                                      .time = host->stage.now};
    suite_random(challenge.nonce.bytes, ID_BYTES);
    handshake_challenge_sign(&host->stage.host, &hello->nonce, &challenge);
    memset(host->follows, 0, sizeof host->follows);
    host->device = NULL;
    handhost_give(host, &message_challenge, &challenge);
}

static void on_prove(struct handhost *host, const struct msg_prove *prove)
{
    const struct stage_device *devices[] = {&host->stage.citizen, &host->stage.staff,
                                            &host->stage.keeper};
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        if (slice_equal(buffer_slice(&devices[i]->certificate), prove->certificate)) {
            struct msg_ready ready = {
                .request = prove->request, .board = prove->board, .keeper_here = 1};
            host->device = devices[i];
            handhost_give(host, &message_ready, &ready);
            return;
        }
    }
    refuse(host, prove->request, ENRUM_CERTIFICATE_UNTRUSTED);
}

/* -- Letters -- */

static void letter_back(struct handhost *host, const struct wire_letter_inner *inner, uint64_t kind,
                        const void *body)
{
    const struct stage_device *keeper = &host->stage.keeper;
    struct letter_author author = {&keeper->sign, &keeper->seal,
                                   buffer_slice(&keeper->certificate)};
    struct msg_letter_back message = {.board = host->stage.board.id};
    struct buffer letter;
    buffer_init(&letter, LETTER_BYTES_MAX);
    CHECK(letter_encode(&author, &host->stage.board.id, &inner->id, kind, host->stage.now, body,
                        &inner->sign_key, &inner->seal_key, &letter) == ENRUM_OK);
    message.letter = buffer_slice(&letter);
    handhost_give(host, &message_letter_back, &message);
    buffer_fini(&letter);
}

/* Whoever asks is the stage's person of that role, with the keys of the letter. */
static void log_in(struct handhost *host, const struct wire_letter_inner *inner, uint64_t role)
{
    struct stage_device *device = role == ROLE_STAFF ? &host->stage.staff : &host->stage.citizen;
    device->sign.public = inner->sign_key;
    device->seal.public = inner->seal_key;
    stage_certify(&host->stage, device, role, device->me.body.not_before,
                  device->me.body.not_after);
    struct wire_letter_logged_in body = {.certificate = buffer_slice(&device->certificate),
                                         .issuer = buffer_slice(&host->stage.keeper.certificate),
                                         .name = slice_of_text("Test Testsson")};
    letter_back(host, inner, LETTER_LOGGED_IN, &body);
}

static size_t room_find(const struct handhost *host, const struct id *room)
{
    size_t i = 0;
    while (i < host->room_count && !id_equal(&host->logs[i].room, room)) {
        i++;
    }
    return i;
}

static void keys_give(struct handhost *host, const struct wire_letter_inner *inner,
                      const struct id *room)
{
    size_t at = room_find(host, room);
    if (at == host->room_count || host->device == NULL || host->logs[at].seq == LOG_ENTRIES_MAX) {
        struct wire_letter_refused refused = {.code = ENRUM_ROOM_UNKNOWN};
        letter_back(host, inner, LETTER_REFUSED, &refused);
        return;
    }
    struct wire_letter_done body = {.seq = host->logs[at].seq + 1};
    log_grant(&host->stage, &host->logs[at], &host->stage.keeper, host->device);
    letter_back(host, inner, LETTER_DONE, &body);
    handhost_deliver(host, at, body.seq - 1);
}

static void on_letter(struct handhost *host, const struct msg_letter_send *message)
{
    struct wire_letter_inner inner;
    struct wire_letter_login login;
    struct wire_letter_room room;
    struct buffer plain;
    buffer_init(&plain, LETTER_BYTES_MAX);
    done(host, message->request);
    CHECK(letter_decode(message->letter, &host->stage.keeper.sign, &host->stage.keeper.seal, &plain,
                        &inner) == ENRUM_OK);
    if (inner.kind == LETTER_LOGIN) {
        CHECK(layout_decode(&layout_letter_login, inner.body, &login) == ENRUM_OK);
        log_in(host, &inner, login.role);
    } else if (inner.kind == LETTER_GRANT) {
        CHECK(layout_decode(&layout_letter_room, inner.body, &room) == ENRUM_OK);
        keys_give(host, &inner, &room.room);
    } else if (inner.kind == LETTER_INVITE) {
        struct wire_letter_invited invited = {.seq = 1, .code = slice_of_text("0000-0000")};
        letter_back(host, &inner, LETTER_INVITED, &invited);
    } else if (inner.kind == LETTER_NOTICE_ASK) {
        struct wire_letter_notice_state notice = {.state = 2, .address = slice_of_text("t")};
        letter_back(host, &inner, LETTER_NOTICE_STATE, &notice);
    } else if (inner.kind == LETTER_DEVICES_ASK) {
        struct wire_letter_devices devices = {.devices = slice_of_text("")};
        letter_back(host, &inner, LETTER_DEVICES, &devices);
    }
    buffer_wipe(&plain);
}

/* -- Rooms -- */

static void on_room_list(struct handhost *host, uint64_t request)
{
    struct buffer rooms;
    buffer_init(&rooms, FRAME_BYTES_MAX);
    for (size_t i = 0; i < host->room_count; i++) {
        const struct stage_log *log = &host->logs[i];
        struct wire_room_head row = {log->room, log->seq, log->hash, 1};
        CHECK(layout_encode(&layout_room_head, &row, &rooms) == ENRUM_OK);
    }
    struct msg_rooms message = {
        .request = request, .board = host->stage.board.id, .rooms = buffer_slice(&rooms)};
    handhost_give(host, &message_rooms, &message);
    buffer_fini(&rooms);
}

static void ack_give(struct handhost *host, const struct stage_log *log, uint64_t request,
                     uint64_t seq, uint64_t count)
{
    struct receipt_leaf leaf = {log->room, count, seq, log->hashes[seq], log->received_at};
    struct receipt_proof proof;
    struct id hash;
    struct msg_ack message = {.request = request, .board = host->stage.board.id};
    receipt_leaf_hash(&leaf, &hash);
    CHECK(receipt_sign(&host->stage.host, &hash, 1, &proof));
    receipt_to_ack(&leaf, &proof, &message);
    handhost_give(host, &message_ack, &message);
}

/* The number of an entry with these bytes; 0: there is none. */
static uint64_t logged(const struct stage_log *log, const struct entry *entry)
{
    struct id hash;
    entry_bytes_hash(entry, &hash);
    for (uint64_t i = 0; i < log->seq; i++) {
        if (id_equal(&log->bytes_hashes[i], &hash)) {
            return i + 1;
        }
    }
    return 0;
}

static enum enrum_err entry_judge(const struct handhost *host, const struct stage_log *log,
                                  const struct entry *entry)
{
    bool is_generation = entry->head.class == CLASS_GENERATION;
    if (log->seq == LOG_ENTRIES_MAX) {
        return ENRUM_STORE_FAILED;
    }
    if (!id_equal(&entry->head.certificate, &host->device->me.hash)) {
        return ENRUM_DEVICE_OTHER;
    }
    if (entry->head.device_seq != log_device_seq(log, &host->device->me.device) + 1) {
        return entry->head.device_seq <= log_device_seq(log, &host->device->me.device)
                   ? ENRUM_SAME_ID_OTHER_BYTES
                   : ENRUM_DEVICE_SEQ_GAP;
    }
    if (!is_generation && entry->head.generation != log->generation) {
        return ENRUM_GENERATION_TOO_OLD;
    }
    return entry->head.seen_seq <= log->seq &&
                   id_equal(&log->hashes[entry->head.seen_seq], &entry->head.seen_hash)
               ? ENRUM_OK
               : ENRUM_SEEN_WRONG;
}

static void entries_take(struct handhost *host, size_t room, uint64_t request, struct slice rest)
{
    struct stage_log *log = &host->logs[room];
    uint64_t before = log->seq;
    while (rest.len > 0) {
        struct entry entry;
        struct slice at = rest;
        CHECK(entry_next(&rest, &entry) == ENRUM_OK);
        uint64_t seq = logged(log, &entry);
        if (seq != 0 && rest.len == 0) {
            ack_give(host, log, request, seq, 1);
            return;
        }
        enum enrum_err err = seq != 0 ? ENRUM_OK : entry_judge(host, log, &entry);
        if (err != ENRUM_OK) {
            refuse(host, request, err);
            return;
        }
        if (seq == 0) {
            log_append(log, (struct slice){at.at, at.len - rest.len}, &host->device->me.device,
                       host->stage.now);
        }
    }
    if (host->delivers_first) {
        handhost_deliver(host, room, before);
    }
    ack_give(host, log, request, log->seq, log->seq - before);
    if (!host->delivers_first) {
        handhost_deliver(host, room, before);
    }
}

static void on_create(struct handhost *host, const struct msg_room_create *create)
{
    struct id room;
    struct entry first;
    struct slice rest = create->entries;
    if (host->device == NULL) {
        refuse(host, create->request, ENRUM_OUT_OF_STATE);
        return;
    }
    CHECK(entry_next(&rest, &first) == ENRUM_OK);
    if (!id_equal(&first.head.certificate, &host->device->me.hash)) {
        refuse(host, create->request, ENRUM_DEVICE_OTHER);
        return;
    }
    room_id(&create->board, &host->device->me.hash, &create->random, &room);
    size_t at = room_find(host, &room);
    if (at == HANDHOST_ROOMS_MAX) {
        refuse(host, create->request, ENRUM_TOO_MANY);
        return;
    }
    if (at == host->room_count) {
        log_init(&host->logs[host->room_count++], &room);
    }
    entries_take(host, at, create->request, create->entries);
}

/* Refuses what names a room that is not there. */
static bool is_there(struct handhost *host, const struct id *room, uint64_t request, size_t *at)
{
    *at = room_find(host, room);
    if (*at == host->room_count || host->device == NULL) {
        refuse(host, request, ENRUM_ROOM_UNKNOWN);
        return false;
    }
    return true;
}

union asked {
    struct msg_hello hello;
    struct msg_prove prove;
    struct msg_follow follow;
    struct msg_fetch fetch;
    struct msg_append append;
    struct msg_room_create room_create;
    struct msg_letter_send letter_send;
    struct msg_blob_put blob_put;
    struct msg_blob_ask blob_ask;
    struct msg_blob_get blob_get;
};

static void room_answer(struct handhost *host, uint64_t type, const union asked *asked)
{
    size_t at;
    if (type == MESSAGE_FOLLOW && is_there(host, &asked->follow.room, asked->follow.request, &at)) {
        host->follows[at] = true;
        done(host, asked->follow.request);
    } else if (type == MESSAGE_FETCH &&
               is_there(host, &asked->fetch.room, asked->fetch.request, &at)) {
        entries_give(host, at, asked->fetch.request, asked->fetch.after);
    } else if (type == MESSAGE_APPEND &&
               is_there(host, &asked->append.room, asked->append.request, &at)) {
        entries_take(host, at, asked->append.request, asked->append.entries);
    } else if (type == MESSAGE_ROOM_CREATE) {
        on_create(host, &asked->room_create);
    }
}

static void board_give(struct handhost *host, uint64_t request)
{
    struct msg_board board = {.request = request,
                              .board = host->stage.board.id,
                              .keeper_here = 1,
                              .keepers = buffer_slice(&host->stage.keeper.certificate)};
    handhost_give(host, &message_board, &board);
}

/* -- Blobs -- */

static size_t blob_find(const struct handhost *host, const struct id *blob)
{
    size_t at = 0;
    while (at < host->blob_count && !id_equal(&host->blob_ids[at], blob)) {
        at++;
    }
    return at;
}

static void on_blob_put(struct handhost *host, const struct msg_blob_put *put)
{
    struct id id;
    file_blob_id(put->bytes, &id);
    size_t at = blob_find(host, &id);
    if (at == HANDHOST_BLOBS_MAX) {
        refuse(host, put->request, ENRUM_BLOBS_FULL);
        return;
    }
    if (at == host->blob_count) {
        struct buffer *blob = &host->blobs[host->blob_count];
        host->blob_ids[host->blob_count++] = id;
        buffer_init(blob, BLOB_BYTES_MAX);
        buffer_append_slice(blob, put->bytes);
        CHECK(!blob->failed);
    }
    done(host, put->request);
}

static void on_blob_ask(struct handhost *host, const struct msg_blob_ask *ask)
{
    struct msg_blobs blobs = {.request = ask->request, .board = ask->board, .room = ask->room};
    struct buffer missing;
    buffer_init(&missing, ask->blobs.len);
    for (size_t at = 0; at < ask->blobs.len; at += ID_BYTES) {
        struct id id = id_of(ask->blobs.at + at);
        if (blob_find(host, &id) == host->blob_count) {
            buffer_append_slice(&missing, id_slice(&id));
        }
    }
    CHECK(!missing.failed);
    blobs.missing = buffer_slice(&missing);
    handhost_give(host, &message_blobs, &blobs);
    buffer_fini(&missing);
}

static void on_blob_get(struct handhost *host, const struct msg_blob_get *get)
{
    size_t at = blob_find(host, &get->blob);
    if (at == host->blob_count) {
        refuse(host, get->request, ENRUM_BLOB_UNKNOWN);
        return;
    }
    struct msg_blob blob = {.request = get->request,
                            .board = get->board,
                            .room = get->room,
                            .bytes = buffer_slice(&host->blobs[at])};
    handhost_give(host, &message_blob, &blob);
}

static void answer(struct handhost *host, uint64_t type, uint64_t request, struct slice frame)
{
    union asked asked;
    struct msg_pong pong = {.request = request, .time = host->stage.now};
    switch (type) {
    case MESSAGE_HELLO:
        CHECK(layout_decode(&message_hello, frame, &asked.hello) == ENRUM_OK);
        on_hello(host, &asked.hello);
        break;
    case MESSAGE_PROVE:
        CHECK(layout_decode(&message_prove, frame, &asked.prove) == ENRUM_OK);
        on_prove(host, &asked.prove);
        break;
    case MESSAGE_LETTER_SEND:
        CHECK(layout_decode(&message_letter_send, frame, &asked.letter_send) == ENRUM_OK);
        on_letter(host, &asked.letter_send);
        break;
    case MESSAGE_BLOB_PUT:
        CHECK(layout_decode(&message_blob_put, frame, &asked.blob_put) == ENRUM_OK);
        on_blob_put(host, &asked.blob_put);
        break;
    case MESSAGE_BLOB_ASK:
        CHECK(layout_decode(&message_blob_ask, frame, &asked.blob_ask) == ENRUM_OK);
        on_blob_ask(host, &asked.blob_ask);
        break;
    case MESSAGE_BLOB_GET:
        CHECK(layout_decode(&message_blob_get, frame, &asked.blob_get) == ENRUM_OK);
        on_blob_get(host, &asked.blob_get);
        break;
    case MESSAGE_BOARD_GET:
        board_give(host, request);
        break;
    case MESSAGE_ROOM_LIST:
        on_room_list(host, request);
        break;
    case MESSAGE_PING:
        handhost_give(host, &message_pong, &pong);
        break;
    case MESSAGE_FOLLOW:
    case MESSAGE_FETCH:
    case MESSAGE_APPEND:
    case MESSAGE_ROOM_CREATE:
        CHECK(layout_decode(message_find(type), frame, &asked) == ENRUM_OK);
        room_answer(host, type, &asked);
        break;
    default:
        done(host, request);
        break;
    }
}

void handhost_answer(struct handhost *host, struct slice frame)
{
    uint64_t type = 0, request = 0;
    CHECK(frame_peek(frame, &type, &request) == ENRUM_OK);
    if (host->refuses != ENRUM_OK) {
        enum enrum_err err = host->refuses;
        host->refuses = ENRUM_OK;
        refuse(host, request, err);
        return;
    }
    host->stage.now += 1;
    answer(host, type, request, frame);
}
