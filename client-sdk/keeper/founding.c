/* founding -- see founding.h. */
#include "founding.h"

#include "base/slog.h"
#include "deed.h"

#include <string.h>

enum { FOUND_RETRY_MS = 3000 };

/* Derived, not chosen: a second start before the first one's rooms have been seen opens the same.
 */
static void random_derive(const struct keeper *keeper, const char *what, const char *name,
                          struct id *out)
{
    struct slice parts[] = {slice_of(what, strlen(what) + 1), slice_of_text(name)};
    suite_mac(&keeper->keys->board_secret, LABEL_GENESIS, parts, 2, out);
}

void founding_probe(struct keeper *keeper)
{
    struct id random;
    random_derive(keeper, "register", "", &random);
    room_id(&keeper->board, &keeper->certificate.hash, &random, &keeper->probe);
}

/* -- Opening a room -- */

struct opening {
    uint64_t type, purpose;
    const char *title;
    struct id random, room;
};

static void opening_write(const struct keeper *keeper, const struct opening *opening,
                          const struct secret32 *key, struct writing *writing)
{
    const struct wire_member board = {keeper->board, ROLE_KEEPER};
    struct wire_open_generation generation = {.purpose = opening->purpose, .number = 1};
    struct wire_body_room body = {.type = opening->type, .title = slice_of_text(opening->title)};
    struct id cause = deed_cause("open", &opening->room, NULL, 1);
    struct id grant_cause = deed_cause("open", &opening->room, NULL, 2);
    struct id record_cause = deed_cause("open", &opening->room, NULL, 3);
    grant_commitment(&opening->room, 1, key, &generation.commitment);
    writing_generation(writing, &generation, &board, 1, &cause);
    struct writing_grant grant = {.room = &opening->room,
                                  .device = &keeper->certificate.device,
                                  .seal_key = &keeper->certificate.body.seal_key,
                                  .first = 1,
                                  .keys = key,
                                  .key_count = 1};
    writing_grant(writing, &grant, &grant_cause);
    writing_record(writing, KIND_ROOM, &body, &record_cause);
}

static void room_open(struct keeper *keeper, struct opening *opening)
{
    struct secret32 key;
    struct writing *writing = writing_new();
    enum enrum_err err = ENRUM_MEMORY;
    room_id(&keeper->board, &keeper->certificate.hash, &opening->random, &opening->room);
    secret_random(&key);
    if (writing != NULL) {
        struct deed deed = {.room = opening->room};
        opening_write(keeper, opening, &key, writing);
        err = deed_create(keeper, &deed, &opening->random, writing, &key);
    }
    secret_wipe(&key);
    writing_free(writing);
    slog(err == ENRUM_OK ? SLOG_INFO : SLOG_WARN, "room_opened", slog_u64("type", opening->type),
         slog_hex("room", opening->room.bytes, 4), slog_str("err", error_name(err)));
}

/* -- The register -- */

/* A room that is lied about holds up nobody else; without the register nobody can be served. */
static bool all_current(const struct keeper *keeper)
{
    size_t cursor = 0;
    void *value;
    while (table_next(&keeper->logbooks, &cursor, NULL, &value)) {
        const struct logbook *book = value;
        bool is_register = id_equal(&book->room, &keeper->register_room);
        if (!book->is_current && (is_register || !book->is_untrusted)) {
            return false;
        }
    }
    return true;
}

/* Asks for the room that it would open. The question goes out behind the one for the list of rooms,
 * so that its denial comes when the list is known. */
static void register_probe(struct keeper *keeper)
{
    if (enrum_follow(keeper->enrum, &keeper->probe) != ENRUM_OK) {
        slog_bare(SLOG_WARN, "probe_failed");
    }
}

static void register_open(struct keeper *keeper)
{
    struct opening opening = {.type = ROOM_TYPE_REGISTER, .purpose = 1, .title = ""};
    if (keeper->logbooks.count > 0) {
        if (!keeper->has_said_missing && all_current(keeper)) {
            /* The board has rooms, and the host hides or has lost the one that explains them. */
            keeper->has_said_missing = true;
            slog_bare(SLOG_ERROR, "register_missing");
        }
        return;
    }
    random_derive(keeper, "register", "", &opening.random);
    /* Followed anew, and opened at once: what the host has denied it will have now. */
    register_probe(keeper);
    room_open(keeper, &opening);
}

/* -- Units -- */

static void unit_record(struct keeper *keeper, const struct id *room, const char *name)
{
    struct wire_body_unit body = {.room = *room, .name = slice_of_text(name)};
    struct id cause = deed_cause("unit", room, NULL, 0);
    struct deed deed = {.room = keeper->register_room};
    (void)deed_record(keeper, &deed, KIND_UNIT, &body, &cause);
}

/* True when the unit stands. */
static bool unit_found(struct keeper *keeper, const char *name)
{
    struct opening opening = {.type = ROOM_TYPE_UNIT, .title = name};
    const struct registry_unit *unit = registry_unit_named(&keeper->registry, name);
    if (unit != NULL) {
        const struct logbook *book = keeper_book(keeper, &unit->room);
        return book != NULL && book->is_current;
    }
    random_derive(keeper, "unit", name, &opening.random);
    room_id(&keeper->board, &keeper->certificate.hash, &opening.random, &opening.room);
    if (keeper_book(keeper, &opening.room) == NULL) {
        room_open(keeper, &opening);
        (void)enrum_follow(keeper->enrum, &opening.room);
    } else {
        unit_record(keeper, &opening.room, name);
    }
    return false;
}

static bool units_found(struct keeper *keeper)
{
    for (size_t i = 0; i < keeper->settings->unit_count; i++) {
        if (!unit_found(keeper, keeper->settings->units[i])) {
            return false; /* one after the other */
        }
    }
    return true;
}

/* -- In turn -- */

static bool is_quiet(const struct keeper *keeper)
{
    const struct logbook *book = keeper_book(keeper, &keeper->register_room);
    return list_is_empty(&keeper->deeds) && (book == NULL || book->seq >= book->wait_seq);
}

void founding_step(struct keeper *keeper)
{
    uint64_t now = keeper_mono(keeper);
    bool is_told = keeper->connected_at > 0 && enrum_state(keeper->enrum) == ENRUM_READY;
    if (keeper->is_ready || !is_told || !is_quiet(keeper) || now < keeper->found_retry_at) {
        return;
    }
    if (id_is_zero(&keeper->register_room)) {
        if (keeper->is_probed) {
            keeper->found_retry_at = now + FOUND_RETRY_MS;
            register_open(keeper);
        } else {
            keeper->found_retry_at = now + FOUND_RETRY_MS;
            register_probe(keeper);
        }
        return;
    }
    keeper->found_retry_at = now + 20;
    if (!all_current(keeper) || !units_found(keeper)) {
        return;
    }
    keeper->is_ready = true;
    slog(SLOG_INFO, "ready", slog_hex("board", keeper->board.bytes, 4),
         slog_u64("rooms", keeper->logbooks.count), slog_u64("units", keeper->registry.unit_count));
}
