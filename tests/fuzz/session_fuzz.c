/* session_fuzz -- a sequence of connections, messages, broken frames, answers of the store and
 * steps of the clock, into the server's core. The first byte of each step says what happens, the
 * next who does it and where; what is altered comes from the bytes behind. handcore.h has what must
 * hold. */
#include "base/slog.h"
#include "corewrite.h"
#include "fixed.h"

#include <stdlib.h>

struct input {
    const uint8_t *at;
    size_t left;
};

static uint8_t byte(struct input *input)
{
    if (input->left == 0) {
        return 0;
    }
    input->left--;
    return *input->at++;
}

/* So many bytes of the input, or what is left of it. */
static struct slice some(struct input *input, size_t len)
{
    struct slice out = {input->at, len < input->left ? len : input->left};
    input->at += out.len;
    input->left -= out.len;
    return out;
}

static struct core_session *session_of(uint8_t number)
{
    struct core_session *session = &core.sessions[number % CORE_SESSIONS_MAX];
    return session->is_open ? session : NULL;
}

static void room_of(uint8_t number, struct id *room)
{
    struct id random;
    core_room_name(number % 3, number / 3 % 2, &random, room);
}

/* Where an entry says that it stands: as it should, but for what a few bits alter. */
static void place_make(struct input *input, const struct core_session *session,
                       const struct id *room, struct core_place *place)
{
    uint8_t bits = byte(input);
    core_place_of(session, room, bits & 3U, place);
    place->generation += (bits >> 2 & 1) - (bits >> 3 & 1);
    if ((bits >> 4 & 1) != 0) {
        place->device_seq = byte(input);
    }
    if ((bits >> 5 & 1) != 0) {
        place->seen_seq = byte(input);
    }
    if ((bits >> 6 & 1) != 0) {
        place->seen_seq = 0;
        place->seen_hash = *room;
    }
}

/* -- What people write -- */

static void record_write(struct input *input, struct core_session *session, const struct id *room)
{
    struct wire_open_record open = {0};
    struct core_place place;
    place_make(input, session, room, &place);
    core_append(session, room, &place, CLASS_RECORD, &open);
}

static void member_write(struct input *input, struct core_session *session, const struct id *room)
{
    uint8_t bits = byte(input);
    const struct certificate *subject = &core.persons[bits % CORE_PERSONS_MAX].me;
    struct wire_open_member open = {.operation = 1U + (bits >> 3 & 3U),
                                    .subject_type = 1U + (bits >> 5 & 1U),
                                    .role = subject->body.role};
    struct core_place place;
    open.subject = open.subject_type == SUBJECT_PERSON ? subject->body.person : subject->device;
    place_make(input, session, room, &place);
    core_append(session, room, &place, CLASS_MEMBER, &open);
}

static void generation_write(struct input *input, struct core_session *session,
                             const struct id *room)
{
    struct wire_open_generation open = {0};
    struct core_place place;
    struct buffer members;
    buffer_init(&members, OPEN_BYTES_MAX);
    place_make(input, session, room, &place);
    core_members(byte(input) ^ 1U, &members);
    open.number = ++place.generation;
    open.base_seq = place.seen_seq;
    open.base_hash = place.seen_hash;
    open.members = buffer_slice(&members);
    core_append(session, room, &place, CLASS_GENERATION, &open);
    buffer_fini(&members);
}

static void checkpoint_write(struct input *input, struct core_session *session,
                             const struct id *room)
{
    struct core_place place;
    place_make(input, session, room, &place);
    uint8_t which = byte(input);
    struct wire_open_checkpoint checkpoint = {
        .seq = place.seen_seq, .hash = place.seen_hash, .previous_hash = *room};
    struct wire_open_read read = {.seq = place.seen_seq, .hash = place.seen_hash};
    struct wire_open_erase erase = {.seq = which, .hash = place.seen_hash};
    uint64_t classes[] = {CLASS_CHECKPOINT, CLASS_READ, CLASS_ERASE};
    const void *opens[] = {&checkpoint, &read, &erase};
    core_append(session, room, &place, classes[which % 3], opens[which % 3]);
}

/* -- What they ask -- */

static void plain_ask(struct input *input, struct core_session *session, const struct id *room)
{
    uint8_t which = byte(input);
    uint64_t request = core_request(session);
    struct id letter_id = {{which}};
    struct msg_ping ping = {.request = request};
    struct msg_board_get board = {.request = request, .board = core.board_id};
    struct msg_room_list list = {.request = request, .board = core.board_id};
    struct msg_unfollow unfollow = {.request = request, .board = core.board_id, .room = *room};
    struct msg_letter_send send = {.request = request,
                                   .board = core.board_id,
                                   .id = letter_id,
                                   .durable = which >> 4 & 1U,
                                   .letter = slice_of_text("brev")};
    struct msg_letter_answer answer = {.request = request,
                                       .board = core.board_id,
                                       .origin = core.board.courier.last_origin - (which >> 4) + 1,
                                       .letter = slice_of_text("svar")};
    struct msg_letter_done done = {.request = request, .board = core.board_id, .id = letter_id};
    struct msg_fetch_log_get log = {.request = request, .board = core.board_id, .room = *room};
    struct msg_blob_put put = {
        .request = request, .board = core.board_id, .room = *room, .bytes = id_slice(&letter_id)};
    struct msg_blob_ask ask = {
        .request = request, .board = core.board_id, .room = *room, .blobs = id_slice(&letter_id)};
    struct msg_blob_get get = {
        .request = request, .board = core.board_id, .room = *room, .blob = letter_id};
    const struct layout *layouts[] = {
        &message_ping,        &message_board_get,     &message_room_list,   &message_unfollow,
        &message_letter_send, &message_letter_answer, &message_letter_done, &message_fetch_log_get,
        &message_blob_put,    &message_blob_ask,      &message_blob_get};
    const void *messages[] = {&ping, &board, &list, &unfollow, &send, &answer,
                              &done, &log,   &put,  &ask,      &get};
    core_message(session, layouts[which % 11], messages[which % 11]);
}

/* The input's own bytes as a frame, or as what follows a message's number. */
static void raw_send(struct input *input, struct core_session *session)
{
    core_frame(session, some(input, byte(input)));
}

/* -- Steps -- */

enum step {
    STEP_CONNECT,
    STEP_DISCONNECT,
    STEP_HELLO,
    STEP_PROVE,
    STEP_ENTER, /* connects and proves at once: most of what matters comes after it */
    STEP_CREATE,
    STEP_RECORD,
    STEP_MEMBER,
    STEP_GENERATION,
    STEP_CHECKPOINT,
    STEP_AGAIN,
    STEP_FOLLOW,
    STEP_FETCH,
    STEP_WHISPER,
    STEP_ASK,
    STEP_RAW,
    STEP_VERIFY,
    STEP_STORE,
    STEP_BUSY,
    STEP_TIME,
    STEP_SETTLE,
    STEP_COUNT,
};

static void enter(uint8_t person)
{
    struct core_session *session = core_connect(person % CORE_PERSONS_MAX);
    if (session != NULL) {
        core_hello(session);
        core_prove(session);
        core_verify();
    }
}

/* What nobody in particular does. */
static void happen(struct input *input, enum step step, uint8_t who)
{
    static const uint16_t passes[] = {1, 100, 3000, 60000};
    if (step == STEP_CONNECT) {
        (void)core_connect(who % CORE_PERSONS_MAX);
    } else if (step == STEP_ENTER) {
        enter(who);
    } else if (step == STEP_VERIFY) {
        core_verify();
    } else if (step == STEP_STORE) {
        (void)core_answer(who < 200 ? APPEND_DONE : (enum append_outcome)(who % 6));
    } else if (step == STEP_BUSY) {
        core.is_store_busy = who % 2 != 0;
        outlet_retry(&core.board.outlet);
    } else if (step == STEP_TIME) {
        fixed_pass(passes[who % 4]);
    } else if (step == STEP_SETTLE) {
        core_settle();
    }
    (void)input;
}

static void act(struct input *input, enum step step, struct core_session *session)
{
    uint8_t where = byte(input);
    struct id room;
    room_of(where, &room);
    if (step == STEP_DISCONNECT) {
        core_disconnect(session);
    } else if (step == STEP_HELLO) {
        core_hello(session);
    } else if (step == STEP_PROVE) {
        core_prove(session);
    } else if (step == STEP_CREATE) {
        core_create(session, where / 3 % 2);
    } else if (step == STEP_RECORD) {
        record_write(input, session, &room);
    } else if (step == STEP_MEMBER) {
        member_write(input, session, &room);
    } else if (step == STEP_GENERATION) {
        generation_write(input, session, &room);
    } else if (step == STEP_CHECKPOINT) {
        checkpoint_write(input, session, &room);
    } else if (step == STEP_AGAIN) {
        core_again(session);
    } else if (step == STEP_FOLLOW) {
        core_follow(session, &room);
    } else if (step == STEP_FETCH) {
        core_fetch(session, &room, byte(input));
    } else if (step == STEP_WHISPER) {
        core_whisper(session, &room);
    } else if (step == STEP_ASK) {
        plain_ask(input, session, &room);
    } else if (step == STEP_RAW) {
        raw_send(input, session);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    slog_set_level(SLOG_ERROR);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size < 4096 ? size : 4096};
    struct journal_limits limits = {
        .rooms_max = 3, .waiting_max = 4, .held_bytes_max = 1 << 14, .follows_per_session = 2};
    core_begin(&limits);
    while (input.left > 0) {
        enum step step = (enum step)(byte(&input) % STEP_COUNT);
        uint8_t who = byte(&input);
        struct core_session *session = session_of(who);
        happen(&input, step, who);
        if (session != NULL && session->is_open) {
            act(&input, step, session);
        }
    }
    core_end();
    return 0;
}
