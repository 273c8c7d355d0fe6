/* signin -- see signin.h.
 *
 *   ASKED --[the provider's answer is good]--> BINDING --[the host has the binding]--> answered
 *     '----------------- refused -----------------'--------- refused -------> answered        */
#include "signin.h"

#include "advice.h"
#include "base/slog.h"
#include "deed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADS_MAX = 300,
    LEVEL_BY_CODE = 1,
    /* Wrong codes of all together in a minute, and of one first group for good. */
    GUESSES_MS = 60000,
    GUESSES_MAX = 30,
    GUESSES_OF_CODE_MAX = 5,
    /* Of one device: an honest one asks twice in a certificate's life. */
    RENEWALS_MS = 60 * 60 * 1000,
    RENEWALS_MAX = 10,
};
/* The host's and the device's clocks may be behind ours a little. */
static const uint64_t EARLIER_MS = UINT64_C(5) * 60 * 1000;

struct signin {
    struct list link;
    uint64_t ticket; /* 0: the provider has answered */
    struct letter *letter;
    struct id random, device, person, sign_key, seal_key;
    struct id code_mac; /* of the code that is redeemed */
    bool is_by_code;
    uint64_t role, level;
    struct device_word word;
    char provider[PROVIDER_ID_MAX], name[NAME_BYTES_MAX + 1];
    struct buffer certificate, profile;
};

static void signin_free(struct signin *signin)
{
    list_remove(&signin->link);
    buffer_fini(&signin->certificate);
    buffer_fini(&signin->profile);
    explicit_bzero(signin, sizeof *signin);
    free(signin);
}

void signins_free(struct keeper *keeper)
{
    LIST_EACH (link, &keeper->signins) {
        signin_free(LIST_ITEM(link, struct signin, link));
    }
}

static struct signin *signin_new(struct keeper *keeper, struct letter *letter)
{
    struct signin *signin = calloc(1, sizeof *signin);
    if (signin != NULL) {
        list_init(&signin->link);
        list_push_back(&keeper->signins, &signin->link);
        buffer_init(&signin->certificate, CERTIFICATE_BYTES_MAX);
        buffer_init(&signin->profile, CERTIFICATE_BYTES_MAX);
        signin->letter = letter;
        signin->sign_key = letter->to.sign_key;
        signin->seal_key = letter->to.seal_key;
        device_id(&signin->sign_key, &signin->seal_key, &signin->device);
    }
    return signin;
}

static void signin_refuse(struct keeper *keeper, struct signin *signin, enum enrum_err err)
{
    struct letter *letter = signin->letter;
    signin_free(signin);
    letter_refuse(keeper, letter, err);
}

/* -- Answer -- */

/* The name that leaves the keeper. The register has the e-ID's. */
static struct slice name_shown(const struct keeper *keeper, const struct signin *signin)
{
    const struct registry_person *person = registry_person(&keeper->registry, &signin->person);
    bool has_alias = person != NULL && person->alias[0] != '\0';
    return slice_of_text(has_alias ? person->alias : signin->name);
}

/* What the host must show the device: not the rooms that it was taken out of, whose further course
 * it cannot see. */
static bool may_see(const struct logbook *book, const struct signin *signin)
{
    const struct logbook_device *device = logbook_device(book, &signin->device);
    return logbook_member(book, &signin->person) != NULL && (device == NULL || !device->is_removed);
}

static void heads_append(struct keeper *keeper, const struct signin *signin, struct buffer *out)
{
    size_t cursor = 0, count = 0;
    void *value;
    while (count < HEADS_MAX && table_next(&keeper->logbooks, &cursor, NULL, &value)) {
        const struct logbook *book = value;
        if (book->seq > 0 && may_see(book, signin)) {
            struct wire_room_head head = {.room = book->room,
                                          .seq = book->seq,
                                          .hash = book->hash,
                                          .generation = book->generation};
            (void)layout_encode(&layout_room_head, &head, out);
            count++;
        }
    }
}

static void on_bound(struct keeper *keeper, struct deed *deed, enum enrum_err err, uint64_t seq)
{
    struct signin *signin = deed->subject;
    if (err == ENRUM_OK && seq == 0 && signin->is_by_code) {
        err = ENRUM_CODE_ENDED; /* another device was quicker */
    }
    if (err != ENRUM_OK) {
        signin_refuse(keeper, signin, err);
        return;
    }
    struct buffer heads;
    buffer_init(&heads, LETTER_BYTES_MAX - 4096);
    heads_append(keeper, signin, &heads);
    struct wire_letter_logged_in body = {
        .certificate = buffer_slice(&signin->certificate),
        .issuer = {keeper->keys->certificate, keeper->keys->certificate_len},
        .name = name_shown(keeper, signin),
        .heads = buffer_slice(&heads),
        .profile = buffer_slice(&signin->profile),
    };
    slog(SLOG_INFO, "certified", slog_str("role", role_name(signin->role)),
         slog_hex("person", signin->person.bytes, 4), slog_hex("device", signin->device.bytes, 4),
         slog_u64("level", signin->level));
    letter_answer(keeper, signin->letter, LETTER_LOGGED_IN, &body);
    buffer_fini(&heads);
    signin_free(signin);
}

/* -- Certificate and binding -- */

static enum enrum_err certificate_issue(struct keeper *keeper, struct signin *signin)
{
    uint64_t now = keeper_wall(keeper);
    const struct wire_certificate *own = &keeper->certificate.body;
    uint64_t until = now +
                     settings_life(keeper->settings, signin->role, signin->level)->certificate_ms;
    struct wire_certificate body = {
        .board = keeper->board,
        .issuer = keeper->certificate.hash,
        .sign_key = signin->sign_key,
        .seal_key = signin->seal_key,
        .person = signin->person,
        .role = signin->role,
        .level = signin->level,
        .not_before = now - EARLIER_MS > own->not_before ? now - EARLIER_MS : own->not_before,
        .not_after = until < own->not_after ? until : own->not_after,
    };
    return certificate_encode(&keeper->keys->sign, &body, &signin->certificate);
}

/* Who the person is, for those in a call who do not share a room with them. Of a name that is too
 * long for it there is none. */
static void profile_sign(struct keeper *keeper, struct signin *signin)
{
    const struct registry_person *person = registry_person(&keeper->registry, &signin->person);
    uint64_t until = keeper_wall(keeper) +
                     settings_life(keeper->settings, signin->role, signin->level)->certificate_ms;
    const struct wire_certificate *own = &keeper->certificate.body;
    bool has_title = signin->role == ROLE_STAFF && person != NULL;
    struct wire_profile body = {
        .board = keeper->board,
        .issuer = keeper->certificate.hash,
        .person = signin->person,
        .role = signin->role,
        .level = signin->level,
        .name = name_shown(keeper, signin),
        .title = slice_of_text(has_title ? person->title : ""),
        .not_after = until < own->not_after ? until : own->not_after,
    };
    if (profile_encode(&keeper->keys->sign, &body, &signin->profile) == ENRUM_OVERSIZED) {
        body.title = slice_of_text("");
        (void)profile_encode(&keeper->keys->sign, &body, &signin->profile);
    }
}

struct evidence {
    const char *number, *key;
    struct slice token;
};

static enum enrum_err binding_append(struct keeper *keeper, struct signin *signin,
                                     const struct evidence *evidence)
{
    struct wire_body_binding body = {
        .person = signin->person,
        .device = signin->device,
        .certificate = buffer_slice(&signin->certificate),
        .role = signin->role,
        .level = signin->level,
        .name = slice_of_text(signin->name),
        .number = slice_of_text(evidence->number),
        .provider = slice_of_text(signin->provider),
        .random = signin->random,
        .token = evidence->token,
        .provider_key = slice_of_text(evidence->key),
        .device_type = signin->word.type,
        .browser = signin->word.browser,
        .is_borrowed = signin->word.is_borrowed,
    };
    profile_sign(keeper, signin);
    struct id cause = deed_cause("binding", &signin->letter->to.id, &signin->device, 0);
    if (signin->is_by_code) {
        cause = deed_cause("code-binding", &signin->code_mac, NULL, 0); /* once */
    }
    struct deed deed = {.room = keeper->register_room, .done = on_bound, .subject = signin};
    return deed_record(keeper, &deed, KIND_BINDING, &body, &cause);
}

static enum enrum_err signin_bind(struct keeper *keeper, struct signin *signin,
                                  const struct evidence *evidence)
{
    enum enrum_err err = certificate_issue(keeper, signin);
    return err == ENRUM_OK ? binding_append(keeper, signin, evidence) : err;
}

/* Is somebody else being bound to the same device at this moment? */
static bool is_contested(const struct keeper *keeper, const struct signin *signin)
{
    LIST_EACH (link, &keeper->signins) {
        const struct signin *other = LIST_ITEM(link, struct signin, link);
        if (other != signin && other->ticket == 0 && id_equal(&other->device, &signin->device)) {
            return true;
        }
    }
    return false;
}

static enum enrum_err person_judge(const struct keeper *keeper, const struct signin *signin)
{
    const struct registry *registry = &keeper->registry;
    const struct registry_device *device = registry_device(registry, &signin->device);
    if (device != NULL && !id_equal(&device->person->person, &signin->person)) {
        return ENRUM_DEVICE_BOUND;
    }
    if (signin->role == ROLE_STAFF && !registry_is_staff(registry, &signin->person)) {
        return ENRUM_NOT_STAFF;
    }
    if (registry_is_revoked(registry, &signin->person) ||
        registry_is_revoked(registry, &signin->device)) {
        return ENRUM_CERTIFICATE_REVOKED;
    }
    return is_contested(keeper, signin) ? ENRUM_BUSY : ENRUM_OK;
}

/* -- Login -- */

static enum enrum_err question_make(struct keeper *keeper, struct signin *signin,
                                    struct oidc_question *question)
{
    struct wire_letter_login body;
    enum enrum_err err = layout_decode(&layout_letter_login, buffer_slice(&signin->letter->body),
                                       &body);
    if (err != ENRUM_OK) {
        return err;
    }
    question->provider = settings_provider(keeper->settings, body.provider);
    if (question->provider == NULL || provider_role(question->provider, body.role) == NULL) {
        return ENRUM_PROVIDER_UNKNOWN;
    }
    (void)snprintf(question->code, sizeof question->code, "%.*s", (int)body.code.len,
                   (const char *)body.code.at);
    (void)snprintf(question->verifier, sizeof question->verifier, "%.*s", (int)body.verifier.len,
                   (const char *)body.verifier.at);
    (void)snprintf(question->redirect, sizeof question->redirect, "%.*s", (int)body.redirect.len,
                   (const char *)body.redirect.at);
    if (!provider_may_redirect(question->provider, question->redirect)) {
        return ENRUM_MAY_NOT;
    }
    handshake_login_nonce(&keeper->board, &signin->sign_key, &signin->seal_key, &body.random,
                          question->nonce);
    question->role = signin->role = body.role;
    question->ticket = signin->ticket = ++keeper->last_ticket;
    signin->random = body.random;
    signin->word = (struct device_word){body.device_type, body.browser, body.is_borrowed};
    memcpy(signin->provider, question->provider->id, sizeof signin->provider);
    return ENRUM_OK;
}

void signin_begin(struct keeper *keeper, struct letter *letter)
{
    struct signin *signin = signin_new(keeper, letter);
    struct oidc_question *question = calloc(1, sizeof *question);
    enum enrum_err err = ENRUM_MEMORY;
    if (signin != NULL && question != NULL) {
        err = question_make(keeper, signin, question);
        if (err == ENRUM_OK) {
            err = oidc_put(keeper->oidc, question);
        }
        explicit_bzero(question, sizeof *question);
    }
    free(question);
    if (err != ENRUM_OK && signin != NULL) {
        signin_refuse(keeper, signin, err);
    } else if (err != ENRUM_OK) {
        letter_refuse(keeper, letter, err);
    }
}

static enum enrum_err result_bind(struct keeper *keeper, struct signin *signin,
                                  const struct oidc_result *result)
{
    const struct token_claims *claims = &result->claims;
    struct evidence evidence = {claims->number, claims->key, slice_of_text(result->token)};
    if (result->err != ENRUM_OK) {
        return result->err;
    }
    person_id(&keeper->keys->board_secret, (enum role)signin->role, slice_of_text(claims->identity),
              &signin->person);
    signin->level = claims->level;
    memcpy(signin->name, claims->name, sizeof signin->name);
    enum enrum_err err = person_judge(keeper, signin);
    if (err == ENRUM_OK) {
        err = signin_bind(keeper, signin, &evidence);
    }
    if (err == ENRUM_OK) {
        keeper->counts.logins++;
    }
    return err;
}

static void result_take(struct keeper *keeper, const struct oidc_result *result)
{
    LIST_EACH (link, &keeper->signins) {
        struct signin *signin = LIST_ITEM(link, struct signin, link);
        if (signin->ticket == result->ticket) {
            signin->ticket = 0;
            enum enrum_err err = result_bind(keeper, signin, result);
            if (err != ENRUM_OK) {
                signin_refuse(keeper, signin, err);
            }
            return;
        }
    }
}

void signin_step(struct keeper *keeper)
{
    for (struct oidc_result *result; (result = oidc_take(keeper->oidc)) != NULL;) {
        result_take(keeper, result);
        oidc_result_free(result);
    }
}

/* -- A printed code -- */

static void code_void(struct keeper *keeper, const struct registry_code *code, const char *place)
{
    struct wire_body_code body = {.operation = CODE_VOID,
                                  .room = code->room,
                                  .person = code->person,
                                  .place = slice_of(place, CODE_PLACE),
                                  .mac = code->mac,
                                  .name = slice_of_text(code->name),
                                  .until = code->until};
    struct id cause = deed_cause("code-void", &code->mac, NULL, 0);
    struct deed deed = {.room = keeper->register_room};
    (void)deed_record(keeper, &deed, KIND_CODE, &body, &cause);
}

/* A wrong code. One whose first group is guessed at again and again is void. */
static enum enrum_err guess_note(struct keeper *keeper, struct registry_code *code,
                                 const char *place)
{
    (void)ration_take(&keeper->guesses, GUESSES_MAX, GUESSES_MS, keeper_mono(keeper));
    if (code != NULL && ++code->wrong == GUESSES_OF_CODE_MAX && !code->is_spent && !code->is_void) {
        code->is_void = true;
        code_void(keeper, code, place);
    }
    return ENRUM_CODE_WRONG;
}

/* Is it good for this device? A code that this very device has redeemed is: its answer was lost. */
static enum enrum_err code_judge(const struct keeper *keeper, const struct registry_code *code,
                                 const struct signin *signin)
{
    const struct logbook *party = keeper_book(keeper, &code->room);
    const struct registry_device *device = registry_device(&keeper->registry, &signin->device);
    bool is_same = device != NULL && id_equal(&device->person->person, &code->person);
    if (code->is_void || (code->is_spent && !is_same) || keeper_wall(keeper) >= code->until ||
        party == NULL || logbook_member(party, &code->person) == NULL) {
        return ENRUM_CODE_ENDED;
    }
    return ENRUM_OK;
}

static enum enrum_err code_take(struct keeper *keeper, struct signin *signin)
{
    struct wire_letter_redeem body;
    struct code typed;
    enum enrum_err err = layout_decode(&layout_letter_redeem, buffer_slice(&signin->letter->body),
                                       &body);
    if (err != ENRUM_OK) {
        return err;
    }
    signin->word = (struct device_word){body.device_type, body.browser, body.is_borrowed};
    /* Who guesses without end keeps nobody out who has a good code: they only hear less. */
    bool is_late = ration_is_used_up(&keeper->guesses, GUESSES_MAX, GUESSES_MS,
                                     keeper_mono(keeper));
    if (!code_read(body.code, &typed)) {
        return is_late ? ENRUM_TOO_FAST : guess_note(keeper, NULL, NULL);
    }
    struct registry_code *code = registry_code(&keeper->registry, typed.symbols);
    code_mac(&typed, &keeper->keys->board_secret, &signin->code_mac);
    if (code == NULL || !id_equal(&code->mac, &signin->code_mac)) {
        err = is_late ? ENRUM_TOO_FAST : guess_note(keeper, code, typed.symbols);
    } else {
        err = code_judge(keeper, code, signin);
        signin->is_by_code = !code->is_spent;
        signin->person = code->person;
        memcpy(signin->name, code->name, sizeof signin->name);
    }
    explicit_bzero(&typed, sizeof typed);
    return err;
}

void signin_redeem(struct keeper *keeper, struct letter *letter)
{
    struct signin *signin = signin_new(keeper, letter);
    if (signin == NULL) {
        letter_refuse(keeper, letter, ENRUM_MEMORY);
        return;
    }
    signin->role = ROLE_CITIZEN;
    signin->level = LEVEL_BY_CODE;
    (void)snprintf(signin->provider, sizeof signin->provider, "%s", REGISTRY_BY_CODE);
    enum enrum_err err = code_take(keeper, signin);
    if (err == ENRUM_OK) {
        err = person_judge(keeper, signin);
    }
    if (err == ENRUM_OK) {
        /* Sent again, it does not count as another login. */
        struct evidence evidence = {
            "", "", signin->is_by_code ? id_slice(&signin->code_mac) : slice_of_text("")};
        err = signin_bind(keeper, signin, &evidence);
    }
    if (err == ENRUM_OK) {
        keeper->counts.logins++;
    } else {
        signin_refuse(keeper, signin, err);
    }
}

/* -- Renewal -- */

static enum enrum_err renewal_judge(struct keeper *keeper, struct signin *signin)
{
    const struct certificate *author = &signin->letter->author;
    struct registry_device *device = registry_device(&keeper->registry, &author->device);
    struct wire_letter_renew body;
    enum enrum_err err = layout_decode(&layout_letter_renew, buffer_slice(&signin->letter->body),
                                       &body);
    if (err != ENRUM_OK) {
        return err;
    }
    if (body.role != author->body.role || device == NULL ||
        !id_equal(&device->person->person, &author->body.person)) {
        return ENRUM_MAY_NOT;
    }
    uint64_t session_ms =
        settings_life(keeper->settings, body.role, author->body.level)->session_ms;
    if (keeper_wall(keeper) >= device->logged_in_at + session_ms) {
        return ENRUM_CERTIFICATE_EXPIRED; /* it is time for the e-ID again */
    }
    /* Each is an entry of the register, which nothing takes out again. */
    if (!ration_take(&device->renewals, RENEWALS_MAX, RENEWALS_MS, keeper_mono(keeper))) {
        return ENRUM_TOO_FAST;
    }
    signin->person = author->body.person;
    signin->role = author->body.role;
    signin->level = author->body.level;
    (void)snprintf(signin->name, sizeof signin->name, "%s", device->person->name);
    (void)snprintf(signin->provider, sizeof signin->provider, "%.*s", PROVIDER_ID_MAX - 1,
                   device->provider);
    return person_judge(keeper, signin);
}

void signin_renew(struct keeper *keeper, struct letter *letter)
{
    struct signin *signin = signin_new(keeper, letter);
    if (signin == NULL) {
        letter_refuse(keeper, letter, ENRUM_MEMORY);
        return;
    }
    enum enrum_err err = renewal_judge(keeper, signin);
    if (err == ENRUM_OK) {
        const struct registry_person *person = registry_person(&keeper->registry, &signin->person);
        struct evidence evidence = {person->number, "", slice_of_text("")};
        err = signin_bind(keeper, signin, &evidence);
    }
    if (err == ENRUM_OK) {
        keeper->counts.renewals++;
    } else {
        signin_refuse(keeper, signin, err);
    }
}

/* -- Somebody whom nobody knows -- */

void signin_unknown(struct keeper *keeper, struct letter *letter, const struct id *person)
{
    static const struct evidence none = {"", "", {NULL, 0}};
    struct signin *signin = signin_new(keeper, letter);
    if (signin == NULL) {
        letter_refuse(keeper, letter, ENRUM_MEMORY);
        return;
    }
    signin->person = *person;
    signin->role = ROLE_CITIZEN;
    (void)snprintf(signin->name, sizeof signin->name, "%s", ADVICE_NAME);
    enum enrum_err err = person_judge(keeper, signin);
    if (err == ENRUM_OK) {
        err = signin_bind(keeper, signin, &none);
    }
    if (err != ENRUM_OK) {
        signin_refuse(keeper, signin, err);
    }
}
