/* notice -- see notice.h.
 *
 *   a person:  OFF --[NOTICE_SET: a code is mailed]--> ASKED --[NOTICE_CODE: it is right]--> ON
 *               '-------------------------[NOTICE_SET without an address]-------------------'
 *   a notice:  due --[NOTIFIED stands in the register]--> outgoing --[sent, refused, or no longer
 *              wanted: they have been in]--> gone                                                */
#include "notice.h"

#include "base/slog.h"
#include "deed.h"
#include "mailer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEP_EVERY_MS = 500,
    CODE_LIFE_MS = 15 * 60 * 1000,
    CODE_TRIES_MAX = 5,
    CODE_EVERY_MS = 30 * 1000, /* codes to one person's addresses */
    CODES_A_DAY_MAX = 5,       /* so that nobody's mailbox is filled by somebody else */
    DAY_MS = 24 * 3600 * 1000,
    RETRY_MAX_MS = 3600 * 1000,
    ASKED_MAX = 65536,
};

/* Codes that were mailed for one person: the newest counts. In memory only. */
struct asked {
    struct id person;
    char address[MAIL_ADDRESS_MAX + 1]; /* empty: no code is awaited */
    char code[MAIL_CODE_DIGITS + 1];
    unsigned tries, sent;            /* sent: since day_at */
    uint64_t sent_at, day_at, until; /* monotonic */
};

/* A notice that is noted and has not been sent. */
struct outgoing {
    struct list link;
    struct id person;
    uint64_t ticket;             /* 0: not with the mailer */
    uint64_t noted_at;           /* wall: who has been in since needs it no more */
    uint64_t try_at, give_up_at; /* monotonic */
    unsigned tries;
};

/* A letter that is answered when its code has been mailed. */
struct coded {
    struct list link;
    uint64_t ticket;
    struct letter *letter;
};

struct notices {
    const struct mail_settings *settings;
    struct mailer *mailer; /* NULL: off */
    struct noticebook book;
    struct table asked; /* by person */
    struct list outgoing, coded;
    uint64_t last_ticket, step_at;
};

/* -- Life -- */

struct notices *notices_new(const struct mail_settings *settings, void (*wake)(void *context),
                            void *context)
{
    struct notices *notices = calloc(1, sizeof *notices);
    if (notices == NULL) {
        return NULL;
    }
    notices->settings = settings;
    noticebook_init(&notices->book);
    table_init(&notices->asked, ID_BYTES, ASKED_MAX);
    list_init(&notices->outgoing);
    list_init(&notices->coded);
    if (settings->is_on) {
        notices->mailer = mailer_new(settings, wake, context);
        if (notices->mailer == NULL) {
            notices_free(notices);
            return NULL;
        }
    }
    return notices;
}

void notices_rest(struct notices *notices)
{
    if (notices != NULL) {
        mailer_free(notices->mailer);
        notices->mailer = NULL;
    }
}

void notices_free(struct notices *notices)
{
    size_t cursor = 0;
    void *value;
    if (notices == NULL) {
        return;
    }
    notices_rest(notices);
    while (table_next(&notices->asked, &cursor, NULL, &value)) {
        explicit_bzero(value, sizeof(struct asked));
        free(value);
    }
    table_fini(&notices->asked);
    LIST_EACH (link, &notices->outgoing) {
        free(LIST_ITEM(link, struct outgoing, link));
    }
    LIST_EACH (link, &notices->coded) {
        free(LIST_ITEM(link, struct coded, link));
    }
    noticebook_fini(&notices->book);
    free(notices);
}

bool notices_on_entry(struct keeper *keeper, const struct logbook *room,
                      const struct enrum_item *item)
{
    return noticebook_apply(&keeper->notices->book, room, item);
}

/* -- Who may have them -- */

static bool may_have(const struct keeper *keeper, const struct letter *letter)
{
    const struct wire_certificate *author = &letter->author.body;
    /* Somebody whom nobody knows would be known by the address. */
    return keeper->notices->mailer != NULL && author->role != ROLE_GUEST && author->level > 0;
}

static struct asked *asked_find(const struct keeper *keeper, const struct id *person)
{
    return table_find(&keeper->notices->asked, person->bytes);
}

static bool is_awaited(const struct keeper *keeper, const struct asked *asked)
{
    return asked != NULL && asked->address[0] != '\0' && keeper_mono(keeper) < asked->until &&
           asked->tries < CODE_TRIES_MAX;
}

static void asked_forget(struct asked *asked)
{
    if (asked != NULL) {
        explicit_bzero(asked->address, sizeof asked->address);
        explicit_bzero(asked->code, sizeof asked->code);
    }
}

void notice_ask(struct keeper *keeper, struct letter *letter)
{
    char masked[MAIL_ADDRESS_MAX + 8] = "";
    const struct id *person = &letter->author.body.person;
    if (!may_have(keeper, letter)) {
        letter_refuse(keeper, letter, ENRUM_MAY_NOT);
        return;
    }
    const struct wish *wish = noticebook_wish(&keeper->notices->book, person);
    const struct asked *asked = asked_find(keeper, person);
    struct wire_letter_notice_state body = {0};
    if (is_awaited(keeper, asked)) {
        body.state = 1;
        mail_address_mask(asked->address, masked);
    } else if (wish != NULL && wish->address[0] != '\0') {
        body.state = 2;
        mail_address_mask(wish->address, masked);
    }
    body.address = slice_of_text(masked);
    letter_answer(keeper, letter, LETTER_NOTICE_STATE, &body);
}

/* -- Noting it in the register -- */

static void on_noted(struct keeper *keeper, struct deed *deed, enum enrum_err err, uint64_t seq)
{
    if (err != ENRUM_OK) {
        letter_refuse(keeper, deed->letter, err);
    } else {
        letter_answer_done(keeper, deed->letter, seq);
    }
}

static void notice_note(struct keeper *keeper, struct letter *letter, const char *address)
{
    const struct id *person = &letter->author.body.person;
    struct wire_body_notice body = {.person = *person,
                                    .operation = address[0] != '\0' ? 1 : 2,
                                    .address = slice_of_text(address)};
    struct id cause = deed_cause("notice", &letter->to.id, person, 0);
    struct deed deed = {.room = keeper->register_room, .done = on_noted, .letter = letter};
    enum enrum_err err = deed_record(keeper, &deed, KIND_NOTICE, &body, &cause);
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
}

/* -- An address, and its code -- */

static struct asked *asked_make(struct keeper *keeper, const struct id *person)
{
    struct asked *asked = asked_find(keeper, person);
    if (asked != NULL) {
        return asked;
    }
    asked = calloc(1, sizeof *asked);
    if (asked != NULL && table_insert(&keeper->notices->asked, person->bytes, asked) != TABLE_OK) {
        free(asked);
        return NULL;
    }
    if (asked != NULL) {
        asked->person = *person;
        asked->day_at = keeper_mono(keeper);
    }
    return asked;
}

/* May another code be mailed for them? */
static bool asked_pace(struct asked *asked, uint64_t now)
{
    if (now - asked->day_at >= DAY_MS) {
        asked->day_at = now;
        asked->sent = 0;
    }
    return asked->sent == 0 ||
           (asked->sent < CODES_A_DAY_MAX && now - asked->sent_at >= CODE_EVERY_MS);
}

static void mail_code_make(char out[MAIL_CODE_DIGITS + 1])
{
    for (size_t i = 0; i < MAIL_CODE_DIGITS; i++) {
        uint8_t byte;
        do {
            suite_random(&byte, 1);
        } while (byte >= 250); /* so that each digit is as likely as another */
        out[i] = (char)('0' + byte % 10);
    }
    out[MAIL_CODE_DIGITS] = '\0';
}

static enum enrum_err code_send(struct keeper *keeper, struct letter *letter, struct slice address)
{
    struct notices *notices = keeper->notices;
    uint64_t now = keeper_mono(keeper);
    struct asked *asked = asked_make(keeper, &letter->author.body.person);
    struct coded *coded = calloc(1, sizeof *coded);
    struct mail_job job = {.ticket = ++notices->last_ticket};
    enum enrum_err err = asked == NULL || coded == NULL ? ENRUM_BUSY
                         : asked_pace(asked, now)       ? ENRUM_OK
                                                        : ENRUM_TOO_FAST;
    if (err == ENRUM_OK) {
        memcpy(job.to, address.at, address.len);
        mail_code_make(job.code);
        err = mailer_put(notices->mailer, &job);
    }
    if (err == ENRUM_OK) {
        asked_forget(asked);
        memcpy(asked->address, job.to, sizeof asked->address);
        memcpy(asked->code, job.code, sizeof asked->code);
        asked->tries = 0;
        asked->sent++;
        asked->sent_at = now;
        asked->until = now + CODE_LIFE_MS;
        list_init(&coded->link);
        coded->ticket = job.ticket;
        coded->letter = letter;
        list_push_back(&notices->coded, &coded->link);
        coded = NULL;
    }
    explicit_bzero(&job, sizeof job);
    free(coded);
    return err;
}

static void notice_end(struct keeper *keeper, struct letter *letter)
{
    const struct id *person = &letter->author.body.person;
    const struct wish *wish = noticebook_wish(&keeper->notices->book, person);
    asked_forget(asked_find(keeper, person));
    if (wish != NULL && wish->address[0] != '\0') {
        notice_note(keeper, letter, "");
    } else {
        letter_answer_done(keeper, letter, 0);
    }
}

void notice_set(struct keeper *keeper, struct letter *letter)
{
    struct wire_letter_notice_set body;
    enum enrum_err err = layout_decode(&layout_letter_notice_set, buffer_slice(&letter->body),
                                       &body);
    if (err == ENRUM_OK && !may_have(keeper, letter)) {
        err = ENRUM_MAY_NOT;
    }
    if (err == ENRUM_OK && body.address.len == 0) {
        notice_end(keeper, letter);
        return;
    }
    if (err == ENRUM_OK && !mail_address_is_good(body.address)) {
        err = ENRUM_MALFORMED;
    }
    if (err == ENRUM_OK) {
        err = code_send(keeper, letter, body.address);
    }
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
}

void notice_code(struct keeper *keeper, struct letter *letter)
{
    struct wire_letter_notice_code body;
    struct asked *asked = asked_find(keeper, &letter->author.body.person);
    enum enrum_err err = layout_decode(&layout_letter_notice_code, buffer_slice(&letter->body),
                                       &body);
    if (err == ENRUM_OK && !may_have(keeper, letter)) {
        err = ENRUM_MAY_NOT;
    }
    if (err == ENRUM_OK && !is_awaited(keeper, asked)) {
        err = ENRUM_NOTICE_CODE_WRONG;
    }
    if (err == ENRUM_OK && !slice_equal(body.code, slice_of_text(asked->code))) {
        asked->tries++;
        err = ENRUM_NOTICE_CODE_WRONG;
    }
    if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
        return;
    }
    char address[MAIL_ADDRESS_MAX + 1];
    memcpy(address, asked->address, sizeof address);
    asked_forget(asked); /* it is good once */
    notice_note(keeper, letter, address);
    explicit_bzero(address, sizeof address);
}

/* -- Something waits -- */

static void on_notified(struct keeper *keeper, struct deed *deed, enum enrum_err err, uint64_t seq)
{
    struct outgoing *outgoing = deed->subject;
    struct wish *wish = noticebook_wish(&keeper->notices->book, &outgoing->person);
    /* seq is 0 when it stood there already: an earlier keeper has sent it, or tried to. */
    if (err == ENRUM_OK && seq > 0) {
        outgoing->noted_at = keeper_wall(keeper);
        outgoing->try_at = keeper_mono(keeper);
        outgoing->give_up_at = outgoing->try_at + DAY_MS;
        list_push_back(&keeper->notices->outgoing, &outgoing->link);
        return;
    }
    if (wish != NULL && err != ENRUM_OK) {
        wish->is_under_way = false;
    }
    free(outgoing);
}

static void notified_append(struct keeper *keeper, struct wish *wish, const struct unread *what)
{
    struct wire_body_notified body = {
        .person = wish->person, .room = what->room, .seq = what->newest_seq};
    /* One follows the one before it, whatever waits: a cause that was taken before would keep the
     * next from ever being noted. */
    struct id cause = deed_cause("notified", &wish->person, NULL, wish->notified_at);
    struct outgoing *outgoing = calloc(1, sizeof *outgoing);
    enum enrum_err err = ENRUM_MEMORY;
    if (outgoing != NULL) {
        list_init(&outgoing->link);
        outgoing->person = wish->person;
        struct deed deed = {
            .room = keeper->register_room, .done = on_notified, .subject = outgoing};
        err = deed_record(keeper, &deed, KIND_NOTIFIED, &body, &cause);
    }
    if (err != ENRUM_OK) {
        free(outgoing);
        return;
    }
    wish->is_under_way = true;
}

static bool may_be_told(const struct keeper *keeper, const struct unread *what)
{
    const struct logbook *room = keeper_book(keeper, &what->room);
    const struct logbook *board = keeper_book(keeper, &keeper->register_room);
    return room != NULL && room->is_current && board != NULL && board->is_current &&
           board->busy == 0 && board->seq >= board->wait_seq;
}

/* Whoever was taken out, or a room that is followed no further: it would be found due for ever, and
 * stand before what waits for others. */
static bool is_nobodys(const struct keeper *keeper, const struct unread *what)
{
    const struct logbook *room = keeper_book(keeper, &what->room);
    return room == NULL || room->is_untrusted || logbook_member(room, &what->person) == NULL ||
           registry_is_revoked(&keeper->registry, &what->person);
}

static void due_step(struct keeper *keeper)
{
    struct notices *notices = keeper->notices;
    uint64_t before = keeper_wall(keeper) - notices->settings->after_ms;
    const struct unread *what;
    struct wish *wish = noticebook_due(&notices->book, before, &what);
    while (wish != NULL && is_nobodys(keeper, what)) {
        noticebook_forget(&notices->book, what);
        wish = noticebook_due(&notices->book, before, &what);
    }
    if (wish != NULL && may_be_told(keeper, what)) {
        notified_append(keeper, wish, what);
    }
}

/* -- Mails -- */

static void outgoing_free(struct outgoing *outgoing)
{
    list_remove(&outgoing->link);
    free(outgoing);
}

static void outgoing_send(struct keeper *keeper, struct outgoing *outgoing)
{
    struct notices *notices = keeper->notices;
    const struct wish *wish = noticebook_wish(&notices->book, &outgoing->person);
    bool has_been = noticebook_has_been(&notices->book, &outgoing->person, outgoing->noted_at);
    if (wish == NULL || wish->address[0] == '\0' || has_been ||
        keeper_mono(keeper) >= outgoing->give_up_at) {
        slog(SLOG_INFO, "notice_dropped", slog_hex("person", outgoing->person.bytes, 4),
             slog_bool("has_been", has_been));
        outgoing_free(outgoing);
        return;
    }
    struct mail_job job = {.ticket = ++notices->last_ticket};
    memcpy(job.to, wish->address, sizeof job.to);
    if (mailer_put(notices->mailer, &job) == ENRUM_OK) {
        outgoing->ticket = job.ticket;
        outgoing->tries++;
    } else {
        outgoing->try_at = keeper_mono(keeper) + notices->settings->retry_ms;
    }
    explicit_bzero(&job, sizeof job);
}

static void outgoing_result(struct keeper *keeper, struct outgoing *outgoing,
                            const struct mail_result *result)
{
    slog(result->is_sent ? SLOG_INFO : SLOG_WARN, "notice",
         slog_hex("person", outgoing->person.bytes, 4), slog_bool("sent", result->is_sent),
         slog_u64("tries", outgoing->tries), slog_str("why", result->why));
    if (result->is_sent || result->is_final) {
        outgoing_free(outgoing);
        return;
    }
    uint64_t wait = keeper->notices->settings->retry_ms;
    for (unsigned i = 1; i < outgoing->tries && wait < RETRY_MAX_MS; i++) {
        wait *= 2;
    }
    outgoing->ticket = 0;
    outgoing->try_at = keeper_mono(keeper) + (wait < RETRY_MAX_MS ? wait : RETRY_MAX_MS);
}

static void coded_result(struct keeper *keeper, struct coded *coded,
                         const struct mail_result *result)
{
    struct letter *letter = coded->letter;
    list_remove(&coded->link);
    free(coded);
    slog(result->is_sent ? SLOG_INFO : SLOG_WARN, "notice_code",
         slog_hex("person", letter->author.body.person.bytes, 4),
         slog_bool("sent", result->is_sent), slog_str("why", result->why));
    if (result->is_sent) {
        letter_answer_done(keeper, letter, 0);
    } else {
        asked_forget(asked_find(keeper, &letter->author.body.person));
        letter_refuse(keeper, letter, ENRUM_MAIL_FAILED);
    }
}

static void result_take(struct keeper *keeper, const struct mail_result *result)
{
    LIST_EACH (link, &keeper->notices->coded) {
        struct coded *coded = LIST_ITEM(link, struct coded, link);
        if (coded->ticket == result->ticket) {
            coded_result(keeper, coded, result);
            return;
        }
    }
    LIST_EACH (link, &keeper->notices->outgoing) {
        struct outgoing *outgoing = LIST_ITEM(link, struct outgoing, link);
        if (outgoing->ticket == result->ticket) {
            outgoing_result(keeper, outgoing, result);
            return;
        }
    }
}

/* Codes of yesterday are forgotten, one at a time: there may be others. */
static void asked_sweep(struct keeper *keeper)
{
    size_t cursor = 0;
    void *value;
    while (table_next(&keeper->notices->asked, &cursor, NULL, &value)) {
        struct asked *asked = value;
        if (keeper_mono(keeper) - asked->day_at >= DAY_MS && keeper_mono(keeper) >= asked->until) {
            (void)table_remove(&keeper->notices->asked, asked->person.bytes);
            explicit_bzero(asked, sizeof *asked);
            free(asked);
            return;
        }
    }
}

void notices_step(struct keeper *keeper)
{
    struct notices *notices = keeper->notices;
    uint64_t now = keeper_mono(keeper);
    struct mail_result result;
    if (notices->mailer == NULL) {
        return;
    }
    while (mailer_take(notices->mailer, &result)) {
        result_take(keeper, &result);
    }
    LIST_EACH (link, &notices->outgoing) {
        struct outgoing *outgoing = LIST_ITEM(link, struct outgoing, link);
        if (outgoing->ticket == 0 && now >= outgoing->try_at) {
            outgoing_send(keeper, outgoing);
        }
    }
    if (now >= notices->step_at) {
        notices->step_at = now + STEP_EVERY_MS;
        due_step(keeper);
        asked_sweep(keeper);
    }
}
