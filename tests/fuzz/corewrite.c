/* corewrite -- see corewrite.h. */
#include "corewrite.h"

#include "base/check.h"
#include "protocol/handshake.h"
#include "protocol/transient.h"

static struct {
    bool creates;
    struct id room, random;
    size_t len;
    uint8_t entries[FRAME_BYTES_MAX];
} last;

void core_hello(struct core_session *session)
{
    static const uint8_t versions[] = {PROTOCOL_VERSION};
    struct msg_hello hello = {.request = core_request(session), .versions = {versions, 1}};
    suite_random(hello.nonce.bytes, ID_BYTES);
    core_message(session, &message_hello, &hello);
}

void core_prove(struct core_session *session)
{
    const struct core_person *person = &core.persons[session->person];
    const struct core_person *keeper = &core.persons[0];
    struct handshake_proof proof = {.client_nonce = session->session.client_nonce,
                                    .server_nonce = session->session.server_nonce,
                                    .board = core.board_id,
                                    .host_key = core.config.host.public,
                                    .certificate = person->me.hash};
    struct msg_prove prove = {.request = core_request(session),
                              .board = core.board_id,
                              .certificate = buffer_slice(&person->certificate)};
    if (person->me.body.role != ROLE_KEEPER) {
        prove.issuer = buffer_slice(&keeper->certificate);
    }
    handshake_proof_sign(&person->sign, &proof, &prove.sig);
    core_message(session, &message_prove, &prove);
}

void core_room_name(size_t person, uint8_t number, struct id *random, struct id *room)
{
    memset(random->bytes, number + 1, ID_BYTES);
    room_id(&core.board_id, &core.persons[person].me.hash, random, room);
}

void core_place_of(const struct core_session *session, const struct id *room, uint64_t ahead,
                   struct core_place *out)
{
    const struct core_room *found = core_room_find(room);
    *out = (struct core_place){.seen_hash = *room, .device_seq = 1 + ahead};
    if (found == NULL) {
        return;
    }
    const struct id *device = &core.persons[session->person].me.device;
    for (size_t i = 0; i < found->stands.device_count; i++) {
        if (id_equal(&found->stands.devices[i].device, device)) {
            out->device_seq += found->stands.devices[i].last_seq;
        }
    }
    out->generation = found->stands.generation;
    out->seen_seq = found->stands.head_seq;
    out->seen_hash = found->stands.head_hash;
}

static void entry_add(const struct core_session *session, const struct id *room,
                      const struct core_place *place, uint64_t class, const void *open,
                      struct buffer *entries)
{
    static const struct secret32 key = {{0x55}};
    const struct core_person *person = &core.persons[session->person];
    struct wire_body_text text = {.text = slice_of_text("hej")};
    struct wire_content content = {.kind = KIND_MESSAGE, .role = person->me.body.role};
    struct buffer body;
    buffer_init(&body, 64);
    CHECK(layout_encode(&layout_body_text, &text, &body) == ENRUM_OK);
    content.body = buffer_slice(&body);
    struct entry_draft draft = {.head = {.room = *room,
                                         .class = class,
                                         .generation = place->generation,
                                         .certificate = person->me.hash,
                                         .device_seq = place->device_seq,
                                         .seen_seq = place->seen_seq,
                                         .seen_hash = place->seen_hash},
                                .open = open,
                                .content = class_has_content(class) ? &content : NULL};
    (void)entry_encode(&draft, &key, &person->sign, entries);
    buffer_fini(&body);
}

static void last_send(struct core_session *session)
{
    struct slice entries = {last.entries, last.len};
    if (last.creates) {
        struct msg_room_create message = {.request = core_request(session),
                                          .board = core.board_id,
                                          .random = last.random,
                                          .entries = entries};
        core_message(session, &message_room_create, &message);
    } else if (last.len > 0) {
        struct msg_append message = {.request = core_request(session),
                                     .board = core.board_id,
                                     .room = last.room,
                                     .entries = entries};
        core_message(session, &message_append, &message);
    }
}

static void last_keep(const struct buffer *entries, bool creates)
{
    last.creates = creates;
    last.len = entries->len;
    if (entries->len > 0) {
        memcpy(last.entries, entries->at, entries->len);
    }
}

void core_again(struct core_session *session)
{
    last_send(session);
}

void core_append(struct core_session *session, const struct id *room,
                 const struct core_place *place, uint64_t class, const void *open)
{
    struct buffer entries;
    buffer_init(&entries, ENTRY_BYTES_MAX);
    entry_add(session, room, place, class, open, &entries);
    last.room = *room;
    last_keep(&entries, false);
    last_send(session);
    buffer_fini(&entries);
}

void core_members(unsigned persons, struct buffer *out)
{
    for (size_t i = 0; i < CORE_PERSONS_MAX; i++) {
        const struct certificate *me = &core.persons[i].me;
        if ((persons >> i & 1) != 0) {
            struct wire_member member = {me->body.person, me->body.role};
            CHECK(layout_encode(&layout_member, &member, out) == ENRUM_OK);
        }
    }
}

void core_create(struct core_session *session, uint8_t number)
{
    struct wire_open_record record = {0};
    uint64_t role = core.persons[session->person].me.body.role;
    struct wire_open_generation open = {.number = 1, .purpose = role == ROLE_KEEPER};
    struct core_place place = {.generation = 1, .device_seq = 1};
    struct buffer members, entries;
    buffer_init(&members, OPEN_BYTES_MAX);
    buffer_init(&entries, ENTRY_BYTES_MAX);
    core_room_name(session->person, number, &last.random, &last.room);
    core_members(1U | 1U << session->person, &members);
    open.members = buffer_slice(&members);
    open.base_hash = place.seen_hash = last.room;
    entry_add(session, &last.room, &place, CLASS_GENERATION, &open, &entries);
    place.device_seq = 2;
    entry_add(session, &last.room, &place, CLASS_RECORD, &record, &entries);
    last_keep(&entries, true);
    last_send(session);
    buffer_fini(&members);
    buffer_fini(&entries);
}

void core_follow(struct core_session *session, const struct id *room)
{
    struct msg_follow message = {
        .request = core_request(session), .board = core.board_id, .room = *room};
    core_message(session, &message_follow, &message);
}

void core_fetch(struct core_session *session, const struct id *room, uint64_t after)
{
    struct msg_fetch message = {.request = core_request(session),
                                .board = core.board_id,
                                .room = *room,
                                .after = after,
                                .limit = ENTRIES_PER_FETCH_MAX};
    core_message(session, &message_fetch, &message);
}

void core_whisper(struct core_session *session, const struct id *room)
{
    static const struct secret32 key = {{0x55}};
    const struct core_person *person = &core.persons[session->person];
    struct wire_transient_head head = {
        .room = *room, .generation = 1, .certificate = person->me.hash};
    struct wire_transient_content content = {.kind = 1};
    struct msg_transient_send message = {
        .request = core_request(session), .board = core.board_id, .room = *room};
    struct buffer frame;
    buffer_init(&frame, TRANSIENT_BYTES_MAX);
    CHECK(transient_encode(&head, &content, &key, &person->sign, &frame) == ENRUM_OK);
    message.frame = buffer_slice(&frame);
    core_message(session, &message_transient_send, &message);
    buffer_fini(&frame);
}

void core_blobs(struct core_session *session, const struct id *room)
{
    static const uint8_t ids[2 * ID_BYTES] = {1};
    struct msg_blob_put put = {.request = core_request(session),
                               .board = core.board_id,
                               .room = *room,
                               .bytes = slice_of("sealed", 6)};
    struct msg_blob_ask ask = {.request = core_request(session),
                               .board = core.board_id,
                               .room = *room,
                               .blobs = slice_of(ids, sizeof ids)};
    struct msg_blob_get get = {.request = core_request(session),
                               .board = core.board_id,
                               .room = *room,
                               .blob = id_of(ids)};
    core_message(session, &message_blob_put, &put);
    core_message(session, &message_blob_ask, &ask);
    core_message(session, &message_blob_get, &get);
}
