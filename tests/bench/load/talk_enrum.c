/* talk_enrum -- see talk_enrum.h. */
#include "talk_enrum.h"

#include "base/table.h"
#include "guest.h"
#include "protocol/receipt.h"

#include <inttypes.h>
#include <stdlib.h>

/* Request numbers; an append's is FIRST_APPEND and the entry's number. */
enum { FOLLOW = GUEST_PROVE + 1, FETCH, PING, FIRST_APPEND = 1000, CREATING_MAX = 64 };

struct host {
    struct town town;
    struct town_room *rooms;
    struct table authors; /* first bytes of the certificate's hash -> seat */
    size_t created, creating;
};

/* One session: a seat's, or (seat NULL) the keeper's that opens the rooms. */
struct session {
    struct guest guest;
    struct crowd *crowd;
    struct seat *seat;
    uint64_t last_seq;    /* last entry of the room that was delivered */
    bool is_back;         /* connected for another time: asks for what it has missed */
    struct buffer frames; /* all appends of the seat, as they are sent */
    size_t *frame_ends;   /* by number of the entry */
};

static struct host *host_of(const struct crowd *crowd)
{
    return crowd->own;
}

/* -- Coming in -- */

/* Seat i of a room is the one whose index is room + i * rooms. */
static uint64_t member_of(const void *context, size_t i)
{
    const struct crowd *crowd = context;
    return (host_of(crowd)->created + host_of(crowd)->creating) % crowd->room_count +
           i * crowd->room_count;
}

static void rooms_create(struct session *session)
{
    struct crowd *crowd = session->crowd;
    struct host *host = host_of(crowd);
    struct buffer entry;
    buffer_init(&entry, ENTRY_BYTES_MAX);
    while (host->creating < CREATING_MAX && host->created + host->creating < crowd->room_count) {
        size_t index = host->created + host->creating;
        struct town_room *room = &host->rooms[index];
        buffer_reset(&entry);
        town_room_init(room, &host->town);
        town_room_open(room, &host->town, crowd->wish.fanout, member_of, crowd, &entry);
        struct msg_room_create create = {.request = FIRST_APPEND + index,
                                         .board = host->town.board,
                                         .random = room->random,
                                         .entries = buffer_slice(&entry)};
        guest_say(&session->guest, &message_room_create, &create);
        host->creating++;
    }
    buffer_fini(&entry);
}

static void follow(struct session *session)
{
    struct host *host = host_of(session->crowd);
    struct msg_follow message = {.request = FOLLOW,
                                 .board = host->town.board,
                                 .room = host->rooms[session->seat->room].room};
    guest_say(&session->guest, &message_follow, &message);
}

static void fetch(struct session *session)
{
    struct host *host = host_of(session->crowd);
    struct msg_fetch message = {.request = FETCH,
                                .board = host->town.board,
                                .room = host->rooms[session->seat->room].room,
                                .after = session->last_seq,
                                .limit = ENTRIES_PER_FETCH_MAX};
    guest_say(&session->guest, &message_fetch, &message);
}

/* -- Answers -- */

static void on_ack(struct session *session, struct slice message, uint64_t request)
{
    struct host *host = host_of(session->crowd);
    struct msg_ack ack;
    guest_read(&message_ack, message, &ack);
    if (request == FIRST_APPEND || request == FIRST_APPEND + 1) {
        /* Each session's first receipt is checked; all of them would measure the client. */
        struct receipt_leaf leaf;
        struct receipt_proof proof;
        receipt_of_ack(&ack, &leaf, &proof);
        if (!receipt_check(&session->guest.host_key, &leaf, &proof)) {
            give_up("enrumd gave a receipt that does not hold");
        }
    }
    if (session->seat != NULL) {
        seat_acked(session->seat, request - FIRST_APPEND);
        return;
    }
    host->rooms[request - FIRST_APPEND].opening = ack.hash;
    host->created++;
    host->creating--;
    rooms_create(session);
}

static uint64_t author_key(const struct id *certificate)
{
    uint64_t key;
    memcpy(&key, certificate->bytes, sizeof key);
    return key;
}

static void take_entry(struct session *session, const struct wire_stored *stored)
{
    struct wire_head head;
    if (stored->seq <= session->last_seq) {
        return; /* fetched, and delivered, too */
    }
    if (stored->seq != session->last_seq + 1) {
        give_up("enrumd left out an entry before %" PRIu64, stored->seq);
    }
    session->last_seq = stored->seq;
    guest_read(&layout_head, stored->head, &head);
    struct seat *author = table_find_u64(&host_of(session->crowd)->authors,
                                         author_key(&head.certificate));
    if (author == NULL) {
        give_up("enrumd delivered an entry of nobody here");
    }
    seat_delivered(session->seat, author->index, head.device_seq);
}

static void on_entries(struct session *session, struct slice message, uint64_t request)
{
    struct msg_entries entries;
    struct wire_stored stored;
    guest_read(&message_entries, message, &entries);
    while (entries.entries.len > 0) {
        if (layout_next(&layout_stored, &entries.entries, &stored) != ENRUM_OK) {
            give_up("enrumd delivered an entry that cannot be read");
        }
        take_entry(session, &stored);
    }
    if (request == FETCH && session->last_seq < entries.head_seq) {
        fetch(session);
    }
}

static void on_done(struct session *session)
{
    if (session->is_back) {
        fetch(session);
    }
    seat_ready(session->seat);
}

static void on_ready(struct guest *guest)
{
    struct session *session = (struct session *)guest;
    (session->seat != NULL ? follow : rooms_create)(session);
}

static void on_message(struct guest *guest, uint64_t type, uint64_t request, struct slice bytes)
{
    struct session *session = (struct session *)guest;
    switch (type) {
    case MESSAGE_DONE:
        on_done(session);
        break;
    case MESSAGE_ACK:
        on_ack(session, bytes, request);
        break;
    case MESSAGE_ENTRIES:
        on_entries(session, bytes, request);
        break;
    case MESSAGE_ERROR:
        guest_is_refused(bytes);
        break;
    default:
        break;
    }
}

static void on_lost(struct guest *guest, const char *why)
{
    struct session *session = (struct session *)guest;
    if (session->seat == NULL) {
        give_up("enrumd: %s", why);
    }
    seat_lost(session->seat, why);
}

/* -- The talker -- */

static void session_open(struct session *session, struct crowd *crowd, size_t number)
{
    session->crowd = crowd;
    session->guest.town = &host_of(crowd)->town;
    session->guest.ready = on_ready;
    session->guest.message = on_message;
    session->guest.lost = on_lost;
    guest_open(&session->guest, &crowd->loop, crowd->wish.port, number);
}

static void enrum_found(struct crowd *crowd)
{
    struct host *host = calloc(1, sizeof *host);
    struct session keeper = {0};
    crowd->own = host;
    town_init(&host->town);
    host->rooms = calloc(crowd->room_count, sizeof *host->rooms);
    table_init(&host->authors, sizeof(uint64_t), crowd->seat_count);
    resident_keeper(&keeper.guest.resident, &host->town);
    session_open(&keeper, crowd, 0);
    while (host->created < crowd->room_count) {
        loop_step(&crowd->loop, 1000);
    }
    line_cut(&keeper.guest.web.line);
    resident_fini(&keeper.guest.resident);
}

static void enrum_open(struct seat *seat)
{
    struct host *host = host_of(seat->crowd);
    struct session *session = calloc(1, sizeof *session);
    seat->own = session;
    session->seat = seat;
    session->last_seq = 1; /* the opening */
    resident_init(&session->guest.resident, &host->town, seat->index);
    (void)table_insert_u64(&host->authors, author_key(&session->guest.resident.certificate.hash),
                           seat);
    session_open(session, seat->crowd, seat->index);
}

static void frame_make(struct session *session, uint64_t n, struct buffer *entry,
                       struct buffer *message)
{
    struct host *host = host_of(session->crowd);
    const struct town_room *room = &host->rooms[session->seat->room];
    char body[BODY_BYTES];
    body_fill(session->seat->index, n, body);
    buffer_truncate(entry, 0);
    buffer_truncate(message, 0);
    town_room_entry(room, &session->guest.resident, n, slice_of(body, sizeof body), entry);
    struct msg_append append = {.request = FIRST_APPEND + n,
                                .board = host->town.board,
                                .room = room->room,
                                .entries = buffer_slice(entry)};
    if (layout_encode(&message_append, &append, message) != ENRUM_OK) {
        give_up("an append cannot be encoded");
    }
    webline_frame(buffer_slice(message), false, &session->frames);
    session->frame_ends[n] = session->frames.len;
}

static void enrum_prepare(struct crowd *crowd)
{
    struct buffer entry, message;
    buffer_init(&entry, ENTRY_BYTES_MAX);
    buffer_init(&message, FRAME_BYTES_MAX);
    for (size_t i = 0; i < crowd->seat_count; i++) {
        struct session *session = crowd->seats[i].own;
        if (!crowd->seats[i].is_writer) {
            continue;
        }
        buffer_init(&session->frames, SIZE_MAX / 2);
        session->frame_ends = calloc(crowd->per_writer + 1, sizeof *session->frame_ends);
        for (uint64_t n = 1; n <= crowd->per_writer; n++) {
            frame_make(session, n, &entry, &message);
        }
        /* What was sent to the others meanwhile is taken in, and kept alive by it. */
        loop_step(&crowd->loop, 0);
    }
    buffer_fini(&entry);
    buffer_fini(&message);
}

static void enrum_append(struct seat *seat, uint64_t n)
{
    struct session *session = seat->own;
    size_t from = session->frame_ends[n - 1];
    line_send(&session->guest.web.line,
              slice_of(session->frames.at + from, session->frame_ends[n] - from));
}

static void enrum_tick(struct seat *seat)
{
    struct msg_ping ping = {.request = PING};
    struct session *session = seat->own;
    guest_say(&session->guest, &message_ping, &ping);
}

static void enrum_cut(struct seat *seat)
{
    struct session *session = seat->own;
    line_cut(&session->guest.web.line);
}

static void enrum_reopen(struct seat *seat)
{
    struct session *session = seat->own;
    session->is_back = true;
    session_open(session, seat->crowd, seat->index);
}

static void enrum_close(struct seat *seat)
{
    struct session *session = seat->own;
    line_cut(&session->guest.web.line);
    resident_fini(&session->guest.resident);
    buffer_fini(&session->frames);
    free(session->frame_ends);
    free(session);
}

static void enrum_end(struct crowd *crowd)
{
    struct host *host = host_of(crowd);
    table_fini(&host->authors);
    town_fini(&host->town);
    free(host->rooms);
    free(host);
}

const struct talker talk_enrum = {.name = "enrum",
                                  .found = enrum_found,
                                  .open = enrum_open,
                                  .prepare = enrum_prepare,
                                  .append = enrum_append,
                                  .tick = enrum_tick,
                                  .reopen = enrum_reopen,
                                  .cut = enrum_cut,
                                  .close = enrum_close,
                                  .end = enrum_end};
