/* settle -- see settle.h. */
#include "settle.h"

#include "handle.h"
#include "reopening.h"

/* What a refusal asks for. */
enum remedy {
    REMEDY_LATER,  /* the same bytes, a little later */
    REMEDY_LOGIN,  /* the same bytes, when the device is proved again */
    REMEDY_RESEAL, /* other bytes, once the log has been read */
    REMEDY_NONE,
};

static enum remedy remedy_of(enum enrum_err err)
{
    if (err == ENRUM_GENERATION_TOO_OLD || err == ENRUM_GENERATION_TOO_NEW ||
        err == ENRUM_SEEN_WRONG || err == ENRUM_BASE_WRONG || err == ENRUM_DEVICE_SEQ_GAP ||
        err == ENRUM_DEVICE_OTHER || err == ENRUM_SAME_ID_OTHER_BYTES) {
        return REMEDY_RESEAL;
    }
    if (err == ENRUM_CERTIFICATE_EXPIRED || err == ENRUM_CERTIFICATE_NOT_YET ||
        err == ENRUM_OUT_OF_STATE || err == ENRUM_NOT_LOGGED_IN) {
        return REMEDY_LOGIN;
    }
    enum error_class class = error_class(err);
    return class == ERROR_LIMIT || class == ERROR_OURS || class == ERROR_GONE ? REMEDY_LATER
                                                                              : REMEDY_NONE;
}

bool settle_is_final(enum enrum_err err)
{
    return remedy_of(err) == REMEDY_NONE;
}

void settle_begin(struct enrum *enrum, struct roomcopy *room, struct draft *draft,
                  enum enrum_err err)
{
    /* The first refusal counts, but one that passes by itself hides none that does not. */
    if (room->stall != ENRUM_OK &&
        (remedy_of(room->stall) != REMEDY_LATER || remedy_of(err) == REMEDY_LATER)) {
        return;
    }
    room->stall = err;
    room->stall_draft = draft->row.id;
    room->retry_at = now_mono(enrum) + (remedy_of(err) == REMEDY_LATER ? RETRY_MS : 0);
    if (remedy_of(err) == REMEDY_LOGIN) {
        handle_warn(enrum, &room->id, err, "what was written waits until the device is proved");
    }
    if (remedy_of(err) == REMEDY_RESEAL || remedy_of(err) == REMEDY_NONE) {
        room->is_wanted = true;
        room->is_current = false;
    }
}

/* -- Is it there already? -- */

struct search {
    const struct enrum *enrum;
    struct id bytes_hash;
    uint64_t device_seq, found_seq;
};

static bool each_entry(void *context, uint64_t seq, const struct id *hash, struct slice bytes)
{
    (void)hash;
    struct search *search = context;
    struct stored_entry stored;
    struct id bytes_hash;
    if (stored_next(&bytes, &stored) != ENRUM_OK ||
        stored.entry.head.device_seq != search->device_seq) {
        return true;
    }
    entry_bytes_hash(&stored.entry, &bytes_hash);
    if (id_equal(&bytes_hash, &search->bytes_hash)) {
        search->found_seq = seq;
    }
    return search->found_seq == 0;
}

/* The last entry of a draft: one that opens a room has several. False: they cannot be read. */
static bool last_entry(const struct draft *draft, struct entry *out)
{
    struct slice rest = draft->row.bytes;
    bool good = rest.len > 0;
    while (good && rest.len > 0) {
        good = entry_next(&rest, out) == ENRUM_OK;
    }
    return good;
}

/* Was it sealed under a certificate that this device has no longer? */
static bool is_outlived(const struct enrum *enrum, const struct draft *draft)
{
    struct entry entry;
    return last_entry(draft, &entry) && !id_equal(&entry.head.certificate, &enrum->me.hash);
}

/* The number in the log of these very bytes (of the last entry); 0: they are not there. Errors:
 * FILE_FAILED: nobody knows, and a draft that is there must not be sent again. */
static enum enrum_err logged_seq(struct enrum *enrum, const struct roomcopy *room,
                                 const struct draft *draft, uint64_t *out)
{
    struct search search = {.enrum = enrum, .device_seq = draft->row.device_seq};
    struct entry entry;
    if (draft->row.device_seq > fold_device_seq(&room->fold, &enrum->device) ||
        !last_entry(draft, &entry)) {
        *out = 0;
        return ENRUM_OK;
    }
    entry_bytes_hash(&entry, &search.bytes_hash);
    enum enrum_err err = localstore_entries(enrum->store, &room->id, 1, INT64_MAX, each_entry,
                                            &search);
    *out = search.found_seq;
    return err;
}

/* -- Giving back -- */

void draft_give_back(struct enrum *enrum, struct draft *draft, enum enrum_err err)
{
    struct enrum_event event = {
        .type = ENRUM_EVENT_NOT_SENT, .room = draft->row.room, .outbox = draft->row.id, .err = err};
    draft_drop(enrum, draft);
    handle_tell(enrum, &event);
}

/* False: not now, nobody knows whether it is in the log. */
static bool give_back(struct enrum *enrum, struct roomcopy *room, struct draft *draft,
                      enum enrum_err err)
{
    /* Taken on an earlier connection, and the answer lost: who sees it in the log is not told that
     * it was not sent. */
    uint64_t seq;
    if (logged_seq(enrum, room, draft, &seq) != ENRUM_OK) {
        return false;
    }
    if (seq != 0) {
        draft_sent(enrum, room, draft, seq);
        return true;
    }
    draft_give_back(enrum, draft, err);
    return true;
}

static void give_back_all(struct enrum *enrum, struct roomcopy *room, enum enrum_err err)
{
    LIST_EACH (link, &enrum->outbox.drafts) {
        struct draft *draft = LIST_ITEM(link, struct draft, link);
        if (id_equal(&draft->row.room, &room->id) && !give_back(enrum, room, draft, err)) {
            return;
        }
    }
    room->stall = ENRUM_OK;
}

/* -- Sealing anew -- */

static enum enrum_err reseal(struct enrum *enrum, struct roomcopy *room, struct draft *draft,
                             uint64_t device_seq)
{
    struct local_draft row = draft->row;
    struct buffer bytes;
    buffer_init(&bytes, ENTRY_BYTES_MAX);
    row.device_seq = device_seq;
    enum enrum_err err = draft_seal(enrum, room, &row, &bytes);
    if (err == ENRUM_OK) {
        err = localstore_draft_put(enrum->store, &row);
    }
    if (err == ENRUM_OK && !draft_fill(draft, &row)) {
        err = ENRUM_MEMORY;
    }
    draft->is_unkept = draft->is_unkept || err == ENRUM_OK;
    buffer_fini(&bytes);
    return err;
}

static void all_are_kept(struct enrum *enrum, const struct roomcopy *room)
{
    LIST_EACH (link, &enrum->outbox.drafts) {
        struct draft *draft = LIST_ITEM(link, struct draft, link);
        draft->is_unkept = draft->is_unkept && !id_equal(&draft->row.room, &room->id);
    }
}

/* All of the room's, in order, numbered on from what the log has. */
static void reseal_all(struct enrum *enrum, struct roomcopy *room)
{
    uint64_t next = fold_device_seq(&room->fold, &enrum->device) + 1;
    LIST_EACH (link, &enrum->outbox.drafts) {
        struct draft *draft = LIST_ITEM(link, struct draft, link);
        if (!id_equal(&draft->row.room, &room->id) || draft->row.device_seq == 0) {
            continue;
        }
        uint64_t seq;
        enum enrum_err err = logged_seq(enrum, room, draft, &seq);
        if (err == ENRUM_OK && seq == 0) {
            err = draft->row.is_create ? room->stall : reseal(enrum, room, draft, next);
        }
        if (error_class(err) == ERROR_OURS) {
            /* What was written is kept, and all are sealed anew in the next step. */
            room->reseals--;
            return;
        }
        if (seq != 0) {
            draft_sent(enrum, room, draft, seq);
        } else if (err != ENRUM_OK && !give_back(enrum, room, draft, err)) {
            return;
        } else if (err == ENRUM_OK) {
            next++;
        }
    }
    room->local.sent_seq = next - 1;
    roomcopy_save(enrum, room);
    /* On disk before it goes out: after a crash it is these bytes that are sent again. */
    if (localstore_commit(enrum->store) != ENRUM_OK) {
        enrum->is_store_bad = true;
        room->reseals--;
        return;
    }
    all_are_kept(enrum, room);
    room->stall = ENRUM_OK;
}

/* The host does not have the room, and has refused the entries that open it. The room may be freed.
 */
static void opening_step(struct enrum *enrum, struct roomcopy *room, struct draft *draft)
{
    enum enrum_err err = room->stall;
    if (is_outlived(enrum, draft)) {
        err = reopen(enrum, room);
        /* Its key is granted to the keepers, who are known as soon as the host has answered. */
        if (err == ENRUM_OK || err == ENRUM_KEEPER_AWAY || error_class(err) == ERROR_OURS) {
            return;
        }
    }
    give_back_all(enrum, room, err);
}

static void reseal_step(struct enrum *enrum, struct roomcopy *room, struct draft *draft)
{
    bool has_key = keyring_find(&room->keyring, room->fold.generation_count) != NULL;
    if (draft != NULL && draft->row.is_create && room->is_unborn) {
        /* Unless it was opened on an earlier connection: then the list has it. */
        if (enrum->contact.is_listed) {
            opening_step(enrum, room, draft);
        }
    } else if (room->is_denied) {
        give_back_all(enrum, room, ENRUM_ROOM_UNKNOWN);
    } else if (!room->is_current) {
        return;
    } else if (!has_key && !room->is_followed) {
        give_back_all(enrum, room, ENRUM_KEY_MISSING);
    } else if (has_key && ++room->reseals > RESEALS_MAX) {
        room->reseals = 0;
        give_back_all(enrum, room, room->stall);
    } else if (has_key) {
        reseal_all(enrum, room);
    }
}

/* Refused for good. Not believed before the log has been read up to its end: what stands there is
 * not told as not sent, or somebody would send it again. */
static void refused_step(struct enrum *enrum, struct roomcopy *room, struct draft *draft)
{
    enum enrum_err err = room->stall;
    if (err == ENRUM_ROOM_UNKNOWN || draft == NULL || draft->row.is_create) {
        give_back_all(enrum, room, err);
        return;
    }
    uint64_t number = draft->row.device_seq;
    bool is_read = room->is_current || room->is_denied;
    if (!is_read || !give_back(enrum, room, draft, err)) {
        return;
    }
    room->stall = ENRUM_OK;
    if (outbox_has(enrum, &room->id)) {
        /* Its number was not used: those behind it are numbered anew. */
        room->stall = ENRUM_DEVICE_SEQ_GAP;
        room->stall_draft = 0;
        room->is_wanted = true;
        room->is_current = false;
    } else {
        room->local.sent_seq = number - 1;
        roomcopy_save(enrum, room);
    }
}

static void settle_room(struct enrum *enrum, struct roomcopy *room)
{
    struct draft *draft = draft_find(enrum, room->stall_draft);
    switch (remedy_of(room->stall)) {
    case REMEDY_LOGIN:
        break;
    case REMEDY_LATER:
        if (now_mono(enrum) >= room->retry_at) {
            room->stall = ENRUM_OK;
        }
        break;
    case REMEDY_RESEAL:
        reseal_step(enrum, room, draft);
        break;
    case REMEDY_NONE:
        refused_step(enrum, room, draft);
        break;
    }
}

void settle_step(struct enrum *enrum)
{
    LIST_EACH (link, &enrum->rooms) {
        struct roomcopy *room = LIST_ITEM(link, struct roomcopy, link);
        if (error_class(room->trouble) == ERROR_OURS && room->trouble != ENRUM_OK) {
            continue; /* the disk, or memory: the next handle reads what became of its drafts */
        }
        if (room->trouble != ENRUM_OK && room->in_flight == 0 && outbox_has(enrum, &room->id)) {
            give_back_all(enrum, room, room->trouble);
        } else if (room->stall != ENRUM_OK && room->in_flight == 0) {
            settle_room(enrum, room);
        }
    }
}
