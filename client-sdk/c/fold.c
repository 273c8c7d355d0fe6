/* fold -- see fold.h. */
#include "fold.h"

#include <stdlib.h>

void fold_init(struct fold *fold, const struct id *board, const struct id *room)
{
    *fold = (struct fold){.board = *board, .room = *room, .hash = *room, .checkpoint_hash = *room};
}

void fold_fini(struct fold *fold)
{
    free(fold->hashes);
    free(fold->members);
    free(fold->devices);
    free(fold->generations);
    free(fold->missing);
}

const struct id *fold_hash(const struct fold *fold, uint64_t seq)
{
    if (seq == 0) {
        return &fold->room;
    }
    return seq <= fold->seq ? &fold->hashes[seq - 1] : NULL;
}

const struct fold_member *fold_member_find(const struct fold *fold, const struct id *person)
{
    for (size_t i = 0; i < fold->member_count; i++) {
        if (id_equal(&fold->members[i].person, person)) {
            return &fold->members[i];
        }
    }
    return NULL;
}

static struct fold_device *device_find(const struct fold *fold, const struct id *device)
{
    for (size_t i = 0; i < fold->device_count; i++) {
        if (id_equal(&fold->devices[i].device, device)) {
            return &fold->devices[i];
        }
    }
    return NULL;
}

uint64_t fold_device_seq(const struct fold *fold, const struct id *device)
{
    const struct fold_device *found = device_find(fold, device);
    return found != NULL ? found->last_seq : 0;
}

const struct fold_generation *fold_generation_find(const struct fold *fold, uint64_t number)
{
    return number >= 1 && number <= fold->generation_count ? &fold->generations[number - 1] : NULL;
}

/* -- Room for what the next entry may add: taken before anything changes -- */

static bool grow(void **items, size_t *capacity, size_t needed, size_t item_bytes)
{
    if (needed <= *capacity) {
        return true;
    }
    size_t capacity_new = *capacity > 0 ? *capacity * 2 : 8;
    while (capacity_new < needed) {
        capacity_new *= 2;
    }
    void *moved = realloc(*items, capacity_new * item_bytes);
    if (moved == NULL) {
        return false;
    }
    *items = moved;
    *capacity = capacity_new;
    return true;
}

static bool make_room(struct fold *fold)
{
    void *hashes = fold->hashes, *members = fold->members, *devices = fold->devices;
    void *generations = fold->generations, *missing = fold->missing;
    bool good = grow(&hashes, &fold->hash_capacity, fold->seq + 1, sizeof *fold->hashes) &&
                grow(&members, &fold->member_capacity, MEMBERS_MAX + 1, sizeof *fold->members) &&
                grow(&devices, &fold->device_capacity, fold->device_count + 2,
                     sizeof *fold->devices) &&
                grow(&generations, &fold->generation_capacity, fold->generation_count + 1,
                     sizeof *fold->generations) &&
                grow(&missing, &fold->missing_capacity, fold->missing_count + 1,
                     sizeof *fold->missing);
    fold->hashes = hashes;
    fold->members = members;
    fold->devices = devices;
    fold->generations = generations;
    fold->missing = missing;
    return good;
}

/* -- Judging -- */

struct step {
    const struct stored_entry *stored;
    const struct wire_head *head;
    const struct certificate *author;
    bool is_opening; /* of the append that opened the room */
};

static enum enrum_err place_judge(const struct fold *fold, const struct step *step)
{
    const struct wire_head *head = step->head;
    if (step->stored->seq != fold->seq + 1 || step->stored->received_at < fold->received_at) {
        return ENRUM_CHAIN_BROKEN;
    }
    const struct id *seen = fold_hash(fold, head->seen_seq);
    if (seen == NULL || !id_equal(seen, &head->seen_hash)) {
        return ENRUM_FORK;
    }
    return ENRUM_OK;
}

static bool certificate_holds(const struct certificate *author, uint64_t received_at)
{
    /* The host's clock is not ours to trust to the second: the edges are soft by the allowed
     * skew. */
    return received_at + CLOCK_SKEW_MS_MAX >= author->body.not_before &&
           received_at < author->body.not_after + CLOCK_SKEW_MS_MAX;
}

static enum enrum_err author_judge(const struct fold *fold, const struct step *step,
                                   bool is_signature_known)
{
    const struct certificate *author = step->author;
    if (author == NULL || !id_equal(&author->hash, &step->head->certificate) ||
        !id_equal(&author->body.board, &fold->board) || !id_equal(&step->head->room, &fold->room)) {
        return ENRUM_ENTRY_FORGED;
    }
    if (!certificate_holds(author, step->stored->received_at)) {
        return ENRUM_ENTRY_FORGED;
    }
    if (!is_signature_known &&
        !entry_signature_is_good(&step->stored->entry, &author->body.sign_key)) {
        return ENRUM_ENTRY_FORGED;
    }
    const struct fold_device *device = device_find(fold, &author->device);
    if (device != NULL && device->is_removed) {
        return ENRUM_ENTRY_FORGED;
    }
    if (fold->seq > 0 && fold_member_find(fold, &author->body.person) == NULL) {
        return ENRUM_ENTRY_FORGED;
    }
    return step->head->device_seq == fold_device_seq(fold, &author->device) + 1
               ? ENRUM_OK
               : ENRUM_CHAIN_BROKEN;
}

static bool may_write(const struct fold *fold, const struct step *step)
{
    const struct wire_head *head = step->head;
    uint64_t role = step->author->body.role;
    uint64_t generation = fold->generation_count + (head->class == CLASS_GENERATION);
    return class_may_write(head->class, role) && head->generation == generation &&
           (step->stored->entry.cause.len == 0 || role == ROLE_KEEPER) &&
           (fold->seq > 0 || head->class == CLASS_GENERATION);
}

/* Does the list name everybody once, the keepers among them, and fit? */
static bool members_judge(const struct fold *fold, const struct wire_open_generation *open)
{
    struct wire_member members[MEMBERS_MAX];
    size_t count = 0;
    bool has_board = false;
    struct slice rest = open->members;
    while (rest.len > 0) {
        if (count == MEMBERS_MAX ||
            layout_next(&layout_member, &rest, &members[count]) != ENRUM_OK) {
            return false;
        }
        bool is_board = id_equal(&members[count].person, &fold->board);
        if (is_board != (members[count].role == ROLE_KEEPER)) {
            return false;
        }
        has_board = has_board || is_board;
        for (size_t i = 0; i < count; i++) {
            if (id_equal(&members[i].person, &members[count].person)) {
                return false;
            }
        }
        count++;
    }
    return has_board;
}

/* The first generation of a room that a person opens has exactly themself and the board's keepers.
 */
static bool opener_list_judge(const struct step *step, const struct wire_open_generation *open)
{
    struct slice rest = open->members;
    struct wire_member member;
    size_t count = 0;
    bool has_self = false;
    while (rest.len > 0 && layout_next(&layout_member, &rest, &member) == ENRUM_OK) {
        count++;
        has_self = has_self || (id_equal(&member.person, &step->author->body.person) &&
                                member.role == step->author->body.role);
    }
    return count == 2 && has_self;
}

static enum enrum_err generation_judge(const struct fold *fold, const struct step *step)
{
    const struct wire_open_generation *open = &step->stored->entry.open.generation;
    bool good = open->number == fold->generation_count + 1 && open->base_seq == fold->seq &&
                id_equal(&open->base_hash, &fold->hash) && members_judge(fold, open);
    if (good && step->author->body.role != ROLE_KEEPER) {
        good = fold->seq == 0 && open->purpose == 0 && opener_list_judge(step, open);
    }
    if (good && fold->seq > 0) {
        good = open->purpose == fold->purpose;
    }
    return good ? ENRUM_OK : ENRUM_ENTRY_FORGED;
}

static enum enrum_err member_judge(const struct fold *fold, const struct step *step)
{
    const struct wire_open_member *open = &step->stored->entry.open.member;
    bool is_keeper = step->author->body.role == ROLE_KEEPER, good = false;
    const struct fold_member *subject = fold_member_find(fold, &open->subject);
    switch (open->operation) {
    case MEMBER_ADD:
        good = is_keeper && open->subject_type == SUBJECT_PERSON && open->role != ROLE_KEEPER &&
               open->role != 0 && !id_equal(&open->subject, &fold->board) &&
               (subject != NULL || fold->member_count < MEMBERS_MAX);
        break;
    case MEMBER_REMOVE:
        good = !id_equal(&open->subject, &fold->board);
        if (!is_keeper && open->subject_type == SUBJECT_DEVICE) {
            good = false;
        } else if (!is_keeper && subject != NULL) {
            good = subject->role == ROLE_STAFF || subject->role == ROLE_GUEST;
        }
        break;
    case MEMBER_REVOKE:
        good = is_keeper && fold->purpose == 1 && !id_equal(&open->subject, &fold->board);
        break;
    default:
        break;
    }
    return good ? ENRUM_OK : ENRUM_ENTRY_FORGED;
}

static bool names_entry(const struct fold *fold, uint64_t seq, const struct id *hash)
{
    return seq >= 1 && seq <= fold->seq && id_equal(fold_hash(fold, seq), hash);
}

static enum enrum_err checkpoint_judge(const struct fold *fold,
                                       const struct wire_open_checkpoint *open)
{
    bool good = names_entry(fold, open->seq, &open->hash) && open->seq >= fold->covered_seq &&
                open->previous_seq == fold->checkpoint_seq &&
                id_equal(&open->previous_hash, &fold->checkpoint_hash);
    return good ? ENRUM_OK : ENRUM_CHECKPOINT_WRONG;
}

static enum enrum_err class_judge(const struct fold *fold, const struct step *step)
{
    const union entry_open *open = &step->stored->entry.open;
    bool good = true;
    switch ((enum entry_class)step->head->class) {
    case CLASS_RECORD:
        break;
    case CLASS_MEMBER:
        return member_judge(fold, step);
    case CLASS_GENERATION:
        return generation_judge(fold, step);
    case CLASS_GRANT:
        good = (step->author->body.role == ROLE_KEEPER || step->is_opening) &&
               open->grant.last >= open->grant.first && open->grant.last <= fold->generation_count;
        break;
    case CLASS_CHECKPOINT:
        return checkpoint_judge(fold, &open->checkpoint);
    case CLASS_READ:
        good = names_entry(fold, open->read.seq, &open->read.hash);
        break;
    case CLASS_ERASE:
        good = names_entry(fold, open->erase.seq, &open->erase.hash);
        break;
    }
    return good ? ENRUM_OK : ENRUM_ENTRY_FORGED;
}

/* -- Changing, once everything holds -- */

static struct fold_device *device_make(struct fold *fold, const struct id *device)
{
    struct fold_device *found = device_find(fold, device);
    if (found == NULL) {
        found = &fold->devices[fold->device_count++];
        *found = (struct fold_device){.device = *device};
    }
    return found;
}

static void member_remove(struct fold *fold, const struct id *person)
{
    for (size_t i = 0; i < fold->member_count; i++) {
        if (id_equal(&fold->members[i].person, person)) {
            fold->members[i] = fold->members[--fold->member_count];
            return;
        }
    }
}

static void member_apply(struct fold *fold, const struct wire_open_member *open)
{
    if (open->operation == MEMBER_ADD) {
        member_remove(fold, &open->subject);
        fold->members[fold->member_count++] = (struct fold_member){.person = open->subject,
                                                                   .role = open->role};
    } else if (open->operation == MEMBER_REMOVE && open->subject_type == SUBJECT_PERSON) {
        member_remove(fold, &open->subject);
    } else if (open->operation == MEMBER_REMOVE) {
        device_make(fold, &open->subject)->is_removed = true;
    }
}

static void generation_apply(struct fold *fold, const struct step *step)
{
    const struct wire_open_generation *open = &step->stored->entry.open.generation;
    struct slice rest = open->members;
    struct wire_member member;
    fold->generations[fold->generation_count++] = (struct fold_generation){open->commitment,
                                                                           step->stored->seq};
    fold->purpose = open->purpose;
    fold->member_count = 0;
    while (rest.len > 0 && layout_next(&layout_member, &rest, &member) == ENRUM_OK) {
        fold->members[fold->member_count++] = (struct fold_member){.person = member.person,
                                                                   .role = member.role};
    }
}

static void erase_apply(struct fold *fold, uint64_t seq)
{
    for (size_t i = 0; i < fold->missing_count; i++) {
        if (fold->missing[i] == seq) {
            fold->missing[i] = fold->missing[--fold->missing_count];
            return;
        }
    }
}

static void class_apply(struct fold *fold, const struct step *step)
{
    const union entry_open *open = &step->stored->entry.open;
    switch ((enum entry_class)step->head->class) {
    case CLASS_MEMBER:
        member_apply(fold, &open->member);
        break;
    case CLASS_GENERATION:
        generation_apply(fold, step);
        break;
    case CLASS_CHECKPOINT:
        fold->checkpoint_seq = step->stored->seq;
        fold->checkpoint_hash = fold->hash;
        fold->covered_seq = open->checkpoint.seq;
        break;
    case CLASS_ERASE:
        erase_apply(fold, open->erase.seq);
        break;
    case CLASS_RECORD:
    case CLASS_GRANT:
    case CLASS_READ:
        break;
    }
}

static void apply(struct fold *fold, const struct step *step)
{
    const struct stored_entry *stored = step->stored;
    struct id hash;
    entry_chain(&stored->entry, &fold->hash, stored->seq, stored->received_at, &hash);
    if (fold->seq == 0) {
        fold->first_received_at = stored->received_at;
        fold->opener = step->author->device;
        fold->opener_person = step->author->body.person;
        fold->is_advice = step->author->body.role == ROLE_CITIZEN && step->author->body.level == 0;
    }
    fold->hashes[fold->seq] = hash;
    fold->seq = stored->seq;
    fold->hash = hash;
    fold->received_at = stored->received_at;
    device_make(fold, &step->author->device)->last_seq = step->head->device_seq;
    if (stored->entry.is_erased) {
        fold->missing[fold->missing_count++] = stored->seq;
    }
    class_apply(fold, step);
}

/* The append that opened the room: its entries are the first, of one device, and were received
 * together. */
static bool is_opening(const struct fold *fold, const struct step *step)
{
    return fold->seq == 0 ||
           (step->author != NULL && id_equal(&step->author->device, &fold->opener) &&
            step->head->device_seq == step->stored->seq && step->head->seen_seq == 0 &&
            step->stored->received_at == fold->first_received_at);
}

enum enrum_err fold_next(struct fold *fold, const struct stored_entry *stored,
                         const struct certificate *author, bool is_signature_known)
{
    struct step step = {.stored = stored, .head = &stored->entry.head, .author = author};
    step.is_opening = is_opening(fold, &step);
    enum enrum_err err = place_judge(fold, &step);
    if (err == ENRUM_OK) {
        err = author_judge(fold, &step, is_signature_known);
    }
    if (err == ENRUM_OK && !may_write(fold, &step)) {
        err = ENRUM_ENTRY_FORGED;
    }
    if (err == ENRUM_OK) {
        err = class_judge(fold, &step);
    }
    if (err == ENRUM_OK && !make_room(fold)) {
        err = ENRUM_MEMORY;
    }
    if (err == ENRUM_OK) {
        apply(fold, &step);
    }
    return err;
}
