/* letters -- see letters.h. */
#include "letters.h"

#include "advice.h"
#include "base/slog.h"
#include "deed.h"
#include "devicelist.h"
#include "granting.h"
#include "handing.h"
#include "inviting.h"
#include "logout.h"
#include "notice.h"
#include "policy.h"
#include "queue.h"
#include "signin.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

enum {
    LETTER_RETRY_MS = 3000,
    /* Answers of a device's letters that are noted. */
    ANSWERS_MAX = 60,
    ANSWERS_MS = 60 * 60 * 1000,
};

static void letter_free(struct letter *letter)
{
    list_remove(&letter->link);
    buffer_fini(&letter->certificate);
    buffer_wipe(&letter->body);
    explicit_bzero(&letter->code, sizeof letter->code);
    free(letter);
}

void letters_free(struct keeper *keeper)
{
    LIST_EACH (link, &keeper->letters) {
        letter_free(LIST_ITEM(link, struct letter, link));
    }
}

/* -- Answers -- */

void letter_answer(struct keeper *keeper, struct letter *letter, uint64_t kind, const void *body)
{
    (void)enrum_origin_answer(keeper->enrum, &letter->to, kind, body);
    if (letter->is_durable) {
        (void)enrum_letter_done(keeper->enrum, &letter->to.id);
    }
    letter_free(letter);
}

void letter_answer_done(struct keeper *keeper, struct letter *letter, uint64_t seq)
{
    struct wire_letter_done body = {.seq = seq};
    letter_answer(keeper, letter, LETTER_DONE, &body);
}

/* Not so what somebody asks too often: it would wait in the place of others' letters. */
static bool passes(enum enrum_err err)
{
    enum error_class class = error_class(err);
    return (class == ERROR_LIMIT && err != ENRUM_TOO_FAST) || class == ERROR_OURS ||
           err == ENRUM_NETWORK || err == ENRUM_BASE_WRONG || err == ENRUM_TIMEOUT;
}

static void answer_give(struct keeper *keeper, struct letter *letter)
{
    struct wire_letter_refused body = {.code = letter->err};
    if (letter->err == ENRUM_OK) {
        letter_answer_done(keeper, letter, letter->seq);
        return;
    }
    if ((size_t)letter->err < ERRORS_MAX) {
        keeper->counts.refused[letter->err]++;
    }
    slog(SLOG_INFO, "letter_refused", slog_str("kind", letter_name(letter->kind)),
         slog_str("err", error_name(letter->err)));
    letter_answer(keeper, letter, LETTER_REFUSED, &body);
}

static void letter_later(struct keeper *keeper, struct letter *letter)
{
    letter->is_under_way = false;
    letter->retry_at = keeper_mono(keeper) + LETTER_RETRY_MS;
}

/* Must the answer be noted before it is given? Of an employee's letter that does something, the log
 * says so by its id. What does nothing now would do something when the circumstances are others:
 * the host, which has the letter, could wait for that. What is wrong for good needs no note. */
static bool must_be_noted(const struct letter *letter)
{
    enum policy_from from;
    return policy_from_find(letter->kind, &from) && from == POLICY_STAFF &&
           !id_is_zero(&letter->author.device) && !passes(letter->err) &&
           letter->err != ENRUM_LETTER_OLD && letter->err != ENRUM_MALFORMED &&
           letter->err != ENRUM_TOO_FAST;
}

static void on_noted(struct keeper *keeper, struct deed *deed, enum enrum_err err, uint64_t seq)
{
    (void)seq;
    if (err == ENRUM_OK) {
        answer_give(keeper, deed->letter);
    } else {
        letter_later(keeper, deed->letter);
    }
}

struct id letter_answer_key(const struct letter *letter)
{
    return deed_cause("answered", &letter->to.id, &letter->author.device, 0);
}

/* Notes the answer of a letter that is settled, and gives it. */
static void settled_step(struct keeper *keeper, struct letter *letter)
{
    struct id key = letter_answer_key(letter);
    struct wire_body_letter_answered body = {.letter = key, .code = letter->err};
    struct deed deed = {.room = keeper->register_room, .done = on_noted, .letter = letter};
    letter->is_under_way = true;
    if (deed_record(keeper, &deed, KIND_LETTER_ANSWERED, &body, &key) != ENRUM_OK) {
        letter_later(keeper, letter);
    }
}

static void letter_settle(struct keeper *keeper, struct letter *letter, enum enrum_err err,
                          uint64_t seq)
{
    letter->err = err;
    letter->seq = seq;
    if (!must_be_noted(letter)) {
        answer_give(keeper, letter);
        return;
    }
    struct registry_device *device = registry_device(&keeper->registry, &letter->author.device);
    /* Each is an entry of the register, which nothing takes out again. */
    if (device != NULL &&
        !ration_take(&device->answers, ANSWERS_MAX, ANSWERS_MS, keeper_mono(keeper))) {
        letter->err = ENRUM_TOO_FAST;
        answer_give(keeper, letter);
        return;
    }
    letter->is_settled = true;
    settled_step(keeper, letter);
}

void letter_answer_so_already(struct keeper *keeper, struct letter *letter, uint64_t seq)
{
    letter_settle(keeper, letter, ENRUM_OK, seq);
}

void letter_refuse(struct keeper *keeper, struct letter *letter, enum enrum_err err)
{
    if (letter->is_durable && passes(err)) {
        letter_later(keeper, letter);
    } else {
        letter_settle(keeper, letter, err, 0);
    }
}

/* -- In -- */

static struct letter *letter_find(const struct keeper *keeper, const struct id *id)
{
    LIST_EACH (link, &keeper->letters) {
        struct letter *letter = LIST_ITEM(link, struct letter, link);
        if (id_equal(&letter->to.id, id)) {
            return letter;
        }
    }
    return NULL;
}

static size_t letters_count(const struct keeper *keeper)
{
    size_t count = 0;
    LIST_EACH (link, &keeper->letters) {
        count++;
    }
    return count;
}

/* Judged when it is carried out: by then everything has been read, and what has been revoked since
 * it came counts. */
static enum enrum_err letter_judge(const struct keeper *keeper, struct letter *letter)
{
    /* While a keeper was here, it would have come at once. */
    if (letter->is_late &&
        !presence_had_to_keep(&keeper->presence, letter->time, letter->came_at, REPLAY_CLOCK_MS)) {
        return ENRUM_LETTER_OLD;
    }
    letter->is_late = false; /* it waits here from now on, not there */
    struct policy_view view = {.board = keeper->board,
                               .keeper_sign_key = keeper->keys->sign.public,
                               .registry = &keeper->registry,
                               .now_ms = keeper_wall(keeper)};
    struct wire_letter_inner inner = {.id = letter->to.id,
                                      .board = letter->board,
                                      .kind = letter->kind,
                                      .sign_key = letter->to.sign_key,
                                      .seal_key = letter->to.seal_key,
                                      .certificate = buffer_slice(&letter->certificate),
                                      .body = buffer_slice(&letter->body)};
    return policy_judge(&view, &inner, &letter->author);
}

/* How a letter is kept from being carried out twice. */
enum once {
    ONCE_BY_ID,        /* its id is remembered for as long as it is fresh */
    ONCE_BY_LOG,       /* what comes of it stands in the log by its id, also that nothing does */
    ONCE_BY_LOG_FRESH, /* the same, and it is never kept */
    /* What it does may be done again, and late when it was kept: the author's own device gets what
     * it may have at any time. An old renewal certifies the same keys, while the login lives, and
     * signin.c rations them. */
    ONCE_NOT,
};

struct letter_row {
    uint64_t kind;
    enum once once;
    /* Takes care of the letter: answers it now, or keeps it until it can be. */
    void (*carry_out)(struct keeper *keeper, struct letter *letter);
};

static const struct letter_row rows[] = {
    {LETTER_LOGIN, ONCE_BY_ID, signin_begin},          {LETTER_RENEW, ONCE_NOT, signin_renew},
    {LETTER_GRANT, ONCE_NOT, granting_grant},          {LETTER_TAKE, ONCE_BY_LOG, queue_take},
    {LETTER_REMOVE, ONCE_BY_LOG, granting_remove},     {LETTER_ADD, ONCE_BY_LOG, handing_add},
    {LETTER_HAND_OVER, ONCE_BY_LOG, handing_over},     {LETTER_LOG_OUT, ONCE_NOT, logout_device},
    {LETTER_INVITE, ONCE_BY_ID, inviting_invite},      {LETTER_REDEEM, ONCE_BY_ID, signin_redeem},
    {LETTER_NOTICE_ASK, ONCE_BY_ID, notice_ask},       {LETTER_NOTICE_SET, ONCE_BY_ID, notice_set},
    {LETTER_NOTICE_CODE, ONCE_BY_ID, notice_code},     {LETTER_ADVICE, ONCE_BY_ID, advice_begin},
    {LETTER_UNITS_ASK, ONCE_BY_ID, units_tell},        {LETTER_MOVE, ONCE_BY_LOG_FRESH, units_move},
    {LETTER_DEVICES_ASK, ONCE_BY_ID, devicelist_tell},
};

/* NULL: a kind that the keeper is not asked. */
static const struct letter_row *row_find(uint64_t kind)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].kind == kind) {
            return &rows[i];
        }
    }
    return NULL;
}

/* That a letter was kept is the host's word alone: only of those that may be durable. */
static bool may_be_old(uint64_t kind)
{
    const struct letter_row *row = row_find(kind);
    return row != NULL && (row->once == ONCE_BY_LOG || row->once == ONCE_NOT);
}

static struct letter *letter_copy(const struct enrum_letter *in, uint64_t now_ms)
{
    struct letter *letter = calloc(1, sizeof *letter);
    if (letter == NULL) {
        return NULL;
    }
    list_init(&letter->link);
    buffer_init(&letter->certificate, CERTIFICATE_BYTES_MAX);
    buffer_init(&letter->body, LETTER_BYTES_MAX);
    enrum_letter_origin(in, &letter->to);
    letter->is_durable = in->is_durable && may_be_old(in->inner.kind);
    letter->board = in->inner.board;
    letter->kind = in->inner.kind;
    letter->time = in->inner.time;
    letter->came_at = now_ms;
    buffer_append_slice(&letter->certificate, in->inner.certificate);
    buffer_append_slice(&letter->body, in->inner.body);
    if (letter->certificate.failed || letter->body.failed) {
        letter_free(letter);
        return NULL;
    }
    return letter;
}

enum enrum_err letter_age_judge(struct keeper *keeper, struct letter *letter)
{
    const struct letter_row *row = row_find(letter->kind);
    enum once once = row != NULL ? row->once : ONCE_BY_ID;
    uint64_t now = keeper_wall(keeper);
    bool is_fresh = replay_is_fresh(letter->time, now);
    if (letter->is_durable) {
        letter->is_late = !is_fresh && once != ONCE_NOT;
        return ENRUM_OK;
    }
    if (once == ONCE_BY_ID) {
        return replay_judge(&keeper->replay, &letter->to.id, letter->time, now);
    }
    return is_fresh ? ENRUM_OK : ENRUM_LETTER_OLD;
}

void letters_on_letter(struct keeper *keeper, const struct enrum_letter *in)
{
    struct letter *known = letter_find(keeper, &in->inner.id);
    if (known != NULL && id_equal(&known->to.sign_key, &in->inner.sign_key)) {
        /* Sent again while it is dealt with: the answer goes where it came from last. */
        known->to.origin = in->origin != 0 ? in->origin : known->to.origin;
        return;
    }
    struct letter *letter = letter_copy(in, keeper_wall(keeper));
    if (letter == NULL) {
        return;
    }
    enum enrum_err err = letter_age_judge(keeper, letter);
    if (err == ENRUM_OK && letters_count(keeper) >= LETTERS_WAITING_MAX) {
        err = ENRUM_BUSY;
    }
    if (in->is_durable && !letter->is_durable) {
        (void)enrum_letter_done(keeper->enrum, &in->id); /* it is not to be kept */
    }
    list_push_back(&keeper->letters, &letter->link);
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
}

/* -- Carrying out -- */

void letters_step(struct keeper *keeper)
{
    if (!keeper->is_ready || enrum_state(keeper->enrum) != ENRUM_READY) {
        return;
    }
    LIST_EACH (link, &keeper->letters) {
        struct letter *letter = LIST_ITEM(link, struct letter, link);
        if (letter->is_under_way || keeper_mono(keeper) < letter->retry_at) {
            continue;
        }
        if (letter->is_settled) {
            settled_step(keeper, letter);
            continue;
        }
        letter->is_under_way = true;
        enum enrum_err err = letter_judge(keeper, letter);
        struct id key = letter_answer_key(letter); /* its author is known once it is judged */
        const struct registry_answer *answer = registry_answer(&keeper->registry, &key);
        if (err == ENRUM_OK && answer != NULL) {
            letter->err = (enum enrum_err)answer->code;
            answer_give(keeper, letter); /* as it was the first time */
            continue;
        }
        if (err != ENRUM_OK) {
            letter_refuse(keeper, letter, err);
            continue;
        }
        row_find(letter->kind)->carry_out(keeper, letter);
    }
}
