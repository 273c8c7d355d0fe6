/* letters -- see letters.h. */
#include "letters.h"

#include "advice.h"
#include "base/slog.h"
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

enum { LETTER_RETRY_MS = 3000 };

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

void letter_refuse(struct keeper *keeper, struct letter *letter, enum enrum_err err)
{
    struct wire_letter_refused body = {.code = err};
    if (letter->is_durable && passes(err)) {
        letter->is_under_way = false;
        letter->retry_at = keeper_mono(keeper) + LETTER_RETRY_MS;
        return;
    }
    if ((size_t)err < ERRORS_MAX) {
        keeper->counts.refused[err]++;
    }
    slog(SLOG_INFO, "letter_refused", slog_str("kind", letter_name(letter->kind)),
         slog_str("err", error_name(err)));
    letter_answer(keeper, letter, LETTER_REFUSED, &body);
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

/* That a letter was kept is the host's word alone, and an old one could be brought again by it:
 * only of those that may be durable, whose outcome stands in the log once. An old renewal certifies
 * the same keys again, while the login lives: signin.c rations those of a device. */
static bool may_be_old(uint64_t kind)
{
    switch (kind) {
    case LETTER_RENEW:
    case LETTER_GRANT:
    case LETTER_TAKE:
    case LETTER_REMOVE:
    case LETTER_ADD:
    case LETTER_HAND_OVER:
    case LETTER_LOG_OUT:
        return true;
    default:
        return false;
    }
}

static struct letter *letter_copy(const struct enrum_letter *in)
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
    buffer_append_slice(&letter->certificate, in->inner.certificate);
    buffer_append_slice(&letter->body, in->inner.body);
    if (letter->certificate.failed || letter->body.failed) {
        letter_free(letter);
        return NULL;
    }
    return letter;
}

void letters_on_letter(struct keeper *keeper, const struct enrum_letter *in)
{
    struct letter *known = letter_find(keeper, &in->inner.id);
    if (known != NULL && id_equal(&known->to.sign_key, &in->inner.sign_key)) {
        /* Sent again while it is dealt with: the answer goes where it came from last. */
        known->to.origin = in->origin != 0 ? in->origin : known->to.origin;
        return;
    }
    struct letter *letter = letter_copy(in);
    if (letter == NULL) {
        return;
    }
    /* A durable letter may have waited long; what it causes is done once by its id. */
    enum enrum_err err = ENRUM_OK;
    if (!letter->is_durable) {
        err = replay_judge(&keeper->replay, &in->inner.id, in->inner.time, keeper_wall(keeper));
    }
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

struct letter_row {
    uint64_t kind;
    /* Takes care of the letter: answers it now, or keeps it until it can be. */
    void (*carry_out)(struct keeper *keeper, struct letter *letter);
};

static const struct letter_row rows[] = {
    {LETTER_LOGIN, signin_begin},          {LETTER_RENEW, signin_renew},
    {LETTER_GRANT, granting_grant},        {LETTER_TAKE, queue_take},
    {LETTER_REMOVE, granting_remove},      {LETTER_ADD, handing_add},
    {LETTER_HAND_OVER, handing_over},      {LETTER_LOG_OUT, logout_device},
    {LETTER_INVITE, inviting_invite},      {LETTER_REDEEM, signin_redeem},
    {LETTER_NOTICE_ASK, notice_ask},       {LETTER_NOTICE_SET, notice_set},
    {LETTER_NOTICE_CODE, notice_code},     {LETTER_ADVICE, advice_begin},
    {LETTER_UNITS_ASK, units_tell},        {LETTER_MOVE, units_move},
    {LETTER_DEVICES_ASK, devicelist_tell},
};

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
        letter->is_under_way = true;
        enum enrum_err err = letter_judge(keeper, letter);
        if (err != ENRUM_OK) {
            letter_refuse(keeper, letter, err);
            continue;
        }
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            if (rows[i].kind == letter->kind) {
                rows[i].carry_out(keeper, letter);
                break;
            }
        }
    }
}
