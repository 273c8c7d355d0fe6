/* client_fuzz -- a sequence of what a host can do to libenrum: answers that are honest, altered, of
 * another kind or missing, entries that nobody asked for, lost connections, time; and of what an
 * application asks meanwhile. No sockets, and the database in memory. What must hold: an entry that
 * is told was written by its author; what is told as sent is in the host's log, once; numbers are
 * told in order. */
#include "base/check.h"
#include "client-sdk/c/localstore.h"
#include "fixed.h"
#include "handhost.h"
#include "handsocket.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
    struct handhost host;
    struct enrum *enrum;
    struct localstore *store; /* holds the database while the handle is closed */
    char home[64];
    uint64_t told[HANDHOST_ROOMS_MAX];
    const uint8_t *at; /* the input */
    size_t left;
} game;

static uint8_t byte(void)
{
    if (game.left == 0) {
        return 0;
    }
    game.left--;
    return *game.at++;
}

static size_t some_room(void)
{
    return byte() % game.host.room_count;
}

/* -- What is told -- */

static size_t room_at(const struct id *room)
{
    size_t i = 0;
    while (i < game.host.room_count && !id_equal(&game.host.logs[i].room, room)) {
        i++;
    }
    return i;
}

static void entry_judge(const struct enrum_item *item)
{
    size_t at = room_at(&item->room);
    struct id hash;
    bool is_known = false;
    CHECK(at < game.host.room_count);
    const struct stage_log *log = &game.host.logs[at];
    entry_bytes_hash(item->entry, &hash);
    for (uint64_t i = 0; i < log->seq; i++) {
        is_known = is_known || id_equal(&log->bytes_hashes[i], &hash);
    }
    CHECK(is_known);
    CHECK(!id_equal(&item->author.device, &game.host.stage.stranger.me.device));
    /* Told again when its key has come; else one by one. */
    CHECK(item->seq <= game.told[at] + 1);
    game.told[at] = item->seq > game.told[at] ? item->seq : game.told[at];
}

static void sent_judge(const struct enrum_event *event)
{
    size_t at = room_at(&event->room);
    CHECK(at < game.host.room_count && event->seq <= game.host.logs[at].seq);
    CHECK(
        id_equal(&game.host.logs[at].devices[event->seq - 1], &game.host.stage.citizen.me.device));
}

static void on_event(void *context, const struct enrum_event *event)
{
    (void)context;
    if (event->type == ENRUM_EVENT_ENTRY) {
        entry_judge(event->item);
    } else if (event->type == ENRUM_EVENT_SENT) {
        sent_judge(event);
    }
}

/* -- What the application does -- */

static void client_open(void)
{
    struct enrum_options options = {.home = game.home,
                                    .board = &game.host.stage.board,
                                    .software = "fuzz",
                                    .on_event = on_event};
    memset(game.told, 0, sizeof game.told);
    CHECK(enrum_open(&options, &game.enrum) == ENRUM_OK);
}

static void each_item(void *context, const struct enrum_item *item)
{
    (void)context;
    CHECK(item->seq > 0);
}

/* What an application may ask beside a conversation or its keys. */
static void people_ask(const struct id *room, bool is_durable)
{
    static const uint64_t kinds[] = {LETTER_INVITE,     LETTER_ADD,         LETTER_HAND_OVER,
                                     LETTER_REMOVE,     LETTER_LOG_OUT,     LETTER_NOTICE_ASK,
                                     LETTER_NOTICE_SET, LETTER_NOTICE_CODE, LETTER_DEVICES_ASK};
    const struct slice text = slice_of_text("test");
    union {
        struct wire_letter_invite invite;
        struct wire_letter_person person;
        struct wire_letter_remove remove;
        struct wire_letter_device device;
        struct wire_letter_notice_ask ask;
        struct wire_letter_notice_set set;
        struct wire_letter_notice_code code;
    } body;
    uint64_t kind = kinds[byte() % (sizeof kinds / sizeof kinds[0])], number;
    memset(&body, 0, sizeof body);
    if (kind == LETTER_INVITE) {
        body.invite = (struct wire_letter_invite){.room = *room, .capacity = CAPACITY_PARTY};
        body.invite.person = body.invite.number = body.invite.text = slice_of_text("");
        body.invite.name = text;
    } else if (kind == LETTER_ADD || kind == LETTER_HAND_OVER) {
        body.person = (struct wire_letter_person){*room, slice_of_text(""), text};
    } else if (kind == LETTER_REMOVE) {
        body.remove = (struct wire_letter_remove){
            .room = *room, .subject_type = SUBJECT_PERSON, .ground = GROUND_LEFT};
    } else if (kind == LETTER_NOTICE_ASK || kind == LETTER_DEVICES_ASK) {
        body.ask.version = 1; /* the one question is as the other */
    } else if (kind == LETTER_NOTICE_SET || kind == LETTER_NOTICE_CODE) {
        body.set.address = text; /* the code stands at the same place */
    }
    (void)enrum_ask(game.enrum, kind, &body, is_durable, &number);
}

static void each_case_room(void *context, const struct enrum_case_room *room)
{
    (void)context;
    CHECK(!id_is_zero(&room->room));
}

/* A citizen's device: it opens no staff room, and reads what anybody says of cases. */
static void room_open(uint8_t what, const struct id *room)
{
    struct id made;
    if ((what & 16) == 0) {
        (void)enrum_room_new(game.enrum, "Ett samtal", &made);
    } else {
        CHECK(enrum_staff_room_new(game.enrum, room, &made) != ENRUM_OK);
        (void)enrum_case_rooms(game.enrum, room, each_case_room, NULL);
    }
}

static void application_act(uint8_t what)
{
    const struct id *room = &game.host.logs[some_room()].room;
    struct wire_letter_room letter = {.room = *room};
    struct wire_transient_content whisper = {.kind = 1};
    struct enrum_report report;
    uint64_t number;
    switch (what % 8) {
    case 0:
    case 1:
        (void)enrum_follow(game.enrum, room);
        break;
    case 2:
    case 3:
        (void)enrum_send_text(game.enrum, room, "hej", &number);
        break;
    case 4:
        if (what > 127) {
            (void)enrum_mark_read(game.enrum, room);
        } else {
            room_open(what, room);
        }
        break;
    case 5:
        (void)enrum_verify(game.enrum, room, &report);
        (void)enrum_walk(game.enrum, room, 1, each_item, NULL);
        break;
    case 6:
        if ((what & 16) != 0) {
            people_ask(room, (what & 8) != 0);
        } else {
            (void)enrum_ask(game.enrum, what > 127 ? LETTER_TAKE : LETTER_GRANT, &letter,
                            (what & 8) != 0, &number);
        }
        (void)enrum_transient(game.enrum, room, &whisper);
        break;
    default:
        enrum_close(game.enrum);
        client_open();
        break;
    }
}

/* -- What the host does -- */

/* One byte altered, or the end cut off. */
static void alter(void *context, struct buffer *frame)
{
    (void)context;
    size_t at = ((size_t)byte() << 8 | byte()) % frame->len;
    uint8_t with = byte();
    if (with == 0) {
        buffer_truncate(frame, at);
    } else {
        frame->at[at] ^= with;
    }
}

static void answer(void)
{
    struct slice frame;
    if (hand_take(&frame)) {
        handhost_answer(&game.host, frame);
    }
}

static void answer_altered(void)
{
    game.host.alter = alter;
    answer();
    game.host.alter = NULL;
}

/* The log grows: by somebody else, or by what the keeper does. */
static void log_grow(uint8_t what)
{
    struct stage_log *log = &game.host.logs[some_room()];
    uint64_t before = log->seq;
    const struct stage *stage = &game.host.stage;
    if (log->seq + 2 > LOG_ENTRIES_MAX || log->generation == 0) {
        return;
    }
    if (what % 4 == 0) {
        log_say(stage, log, &stage->staff, "svar");
    } else if (what % 4 == 1) {
        log_grant(stage, log, &stage->keeper, &stage->citizen);
    } else if (what % 4 == 2) {
        log_add_staff(stage, log);
    } else {
        log_say(stage, log, &stage->stranger, "lögn");
    }
    if (what > 127) {
        handhost_deliver(&game.host, (size_t)(log - game.host.logs), before);
    }
}

/* A stored entry altered on the host's disk. */
static void log_alter(void)
{
    struct stage_log *log = &game.host.logs[some_room()];
    struct buffer *stored = &log->stored[byte() % (log->seq > 0 ? log->seq : 1)];
    if (log->seq > 0) {
        stored->at[((size_t)byte() << 8 | byte()) % stored->len] ^= byte();
    }
}

static void raw_give(void)
{
    size_t len = byte();
    len = len < game.left ? len : game.left;
    (void)hand_give((struct slice){game.at, len});
    game.at += len;
    game.left -= len;
}

static void unasked_give(uint8_t what)
{
    size_t at = some_room();
    struct msg_room_new room_new = {.board = game.host.stage.board.id,
                                    .room = game.host.logs[at].room};
    if (what % 2 == 0) {
        handhost_give(&game.host, &message_room_new, &room_new);
    } else {
        game.host.follows[at] = true;
        handhost_deliver(&game.host, at, byte());
    }
}

static void step(uint8_t what)
{
    static const uint16_t passes[] = {10, 300, 2500, 6000, 31000};
    static const uint8_t errors[] = {
        ENRUM_BUSY,         ENRUM_ROOM_UNKNOWN,   ENRUM_GENERATION_TOO_OLD, ENRUM_MAY_NOT,
        ENRUM_STORE_FAILED, ENRUM_DEVICE_SEQ_GAP, ENRUM_DEVICE_OTHER,       ENRUM_NETWORK};
    switch (what % 16) {
    case 0:
    case 1:
    case 2:
        (void)hand_accept();
        answer();
        enrum_step(game.enrum, 0);
        break;
    case 3:
        for (int i = 0; i < 8; i++) {
            (void)hand_accept();
            answer();
            enrum_step(game.enrum, 0);
        }
        break;
    case 4:
        answer();
        break;
    case 5:
        answer_altered();
        break;
    case 6:
        game.host.refuses = (enum enrum_err)errors[byte() % sizeof errors];
        answer();
        break;
    case 7:
        game.host.fetch_most = byte();
        break;
    case 8:
        log_grow(byte());
        break;
    case 9:
        log_alter();
        break;
    case 10:
        raw_give();
        break;
    case 11:
        unasked_give(byte());
        break;
    case 12:
        (void)hand_lose();
        break;
    case 13:
        fixed_pass(passes[byte() % 5]);
        break;
    default:
        application_act(byte());
        break;
    }
}

/* -- Each input -- */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    CHECK(sqlite3_vfs_register(sqlite3_vfs_find("memdb"), 1) == SQLITE_OK);
    /* tests/fuzz/run gives a folder, and takes it away. */
    const char *folder = getenv("TMPDIR");
    (void)snprintf(game.home, sizeof game.home, "%s/enrum-fuzz-XXXXXX",
                   folder != NULL ? folder : "/tmp");
    CHECK(mkdtemp(game.home) != NULL);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    game.at = data;
    game.left = size < 2048 ? size : 2048;
    fixed_begin();
    hand_begin();
    handhost_begin(&game.host);
    handhost_log_in(&game.host, &game.host.stage.citizen, game.home, &game.store);
    (void)handhost_room(&game.host);
    (void)handhost_room(&game.host);
    client_open();
    while (game.left > 0) {
        step(byte());
    }
    for (int i = 0; i < 4; i++) {
        enrum_step(game.enrum, 0);
    }
    enrum_close(game.enrum);
    localstore_close(game.store);
    handhost_end(&game.host);
    return 0;
}
