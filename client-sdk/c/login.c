/* login -- see login.h. */
#include "login.h"

#include "handle.h"

#include <stdio.h>
#include <string.h>

enum { REDEEMED_BYTES_MAX = 64 }; /* of letter_redeem */

void login_fini(struct login *login)
{
    explicit_bzero(login, sizeof *login);
}

/* -- The address -- */

static void escaped_append(struct buffer *out, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        char escaped[3] = {'%', hex[c >> 4], hex[c & 15]};
        if (is_plain) {
            buffer_append(out, &c, 1);
        } else {
            buffer_append(out, escaped, sizeof escaped);
        }
    }
}

static void parameter_append(struct buffer *out, const char *name, const char *value)
{
    buffer_append(out, "&", 1);
    buffer_append(out, name, strlen(name));
    buffer_append(out, "=", 1);
    escaped_append(out, value);
}

/* S256 of RFC 7636 §4.2. */
static void challenge_make(const char *verifier, char out[48])
{
    struct id hash;
    struct slice part = slice_of_text(verifier);
    suite_hash_bare(&part, 1, &hash);
    suite_base64url(id_slice(&hash), out);
}

static void url_make(struct enrum *enrum, const struct enrum_provider *provider, struct buffer *out)
{
    const struct login *login = &enrum->login;
    char nonce[44], challenge[48];
    const char *endpoint = provider->authorization_endpoint;
    handshake_login_nonce(&enrum->board.id, &enrum->sign.public, &enrum->seal.public,
                          &login->random, nonce);
    challenge_make(login->verifier, challenge);
    buffer_append(out, endpoint, strlen(endpoint));
    buffer_append(out, strchr(endpoint, '?') != NULL ? "&" : "?", 1);
    buffer_append_slice(out, slice_of_text("response_type=code"));
    parameter_append(out, "client_id", provider->client_id);
    parameter_append(out, "redirect_uri", login->redirect);
    parameter_append(out, "scope", provider->scope[0] != '\0' ? provider->scope : "openid");
    parameter_append(out, "state", login->csrf_state);
    parameter_append(out, "nonce", nonce);
    parameter_append(out, "code_challenge", challenge);
    parameter_append(out, "code_challenge_method", "S256");
    if (provider->acr_values[0] != '\0') {
        parameter_append(out, "acr_values", provider->acr_values);
    }
    buffer_append(out, "", 1);
}

static const struct enrum_provider *provider_find(const struct enrum_board *board, const char *id,
                                                  uint64_t role)
{
    for (size_t i = 0; i < board->provider_count; i++) {
        const struct enrum_provider *provider = &board->providers[i];
        if (table_bit(provider->roles, role) && (id == NULL || strcmp(id, provider->id) == 0)) {
            return provider;
        }
    }
    return NULL;
}

static void random_text(char out[48])
{
    struct id random;
    suite_random(random.bytes, ID_BYTES);
    suite_base64url(id_slice(&random), out);
    explicit_bzero(&random, sizeof random);
}

enum enrum_err enrum_login_begin(struct enrum *enrum, const char *provider_id, uint64_t role,
                                 const char *redirect_uri, char *url, size_t url_bytes)
{
    struct login *login = &enrum->login;
    const struct enrum_provider *provider = provider_find(&enrum->board, provider_id, role);
    struct buffer text;
    if (provider == NULL) {
        return ENRUM_PROVIDER_UNKNOWN;
    }
    if (strlen(redirect_uri) >= sizeof login->redirect) {
        return ENRUM_OVERSIZED;
    }
    login_fini(login);
    random_text(login->verifier);
    random_text(login->csrf_state);
    suite_random(login->random.bytes, ID_BYTES);
    login->role = role;
    memcpy(login->provider, provider->id, sizeof login->provider);
    memcpy(login->redirect, redirect_uri, strlen(redirect_uri) + 1);
    buffer_init(&text, url_bytes);
    url_make(enrum, provider, &text);
    enum enrum_err err = text.failed ? buffer_error(&text) : ENRUM_OK;
    if (err == ENRUM_OK) {
        memcpy(url, text.at, text.len);
        login->state = LOGIN_OPENED;
    }
    buffer_wipe(&text);
    return err;
}

/* For a keeper to be known. */
static void wait_begin(struct enrum *enrum, uint64_t kind, const char *code)
{
    struct login *login = &enrum->login;
    memcpy(login->code, code, strlen(code) + 1);
    login->kind = kind;
    login->state = LOGIN_WAITING;
    login->deadline = now_mono(enrum) + KEEPER_WAIT_MS;
}

enum enrum_err enrum_login_finish(struct enrum *enrum, const char *code, const char *state)
{
    struct login *login = &enrum->login;
    if (login->state != LOGIN_OPENED || strcmp(state, login->csrf_state) != 0) {
        return ENRUM_OUT_OF_STATE;
    }
    if (code[0] == '\0' || strlen(code) > CODE_BYTES_MAX) {
        return ENRUM_OVERSIZED;
    }
    wait_begin(enrum, LETTER_LOGIN, code);
    return ENRUM_OK;
}

/* -- Without an e-ID: a citizen's -- */

static enum enrum_err other_begin(struct enrum *enrum, uint64_t kind, const char *code)
{
    if (enrum->has_certificate || enrum->login.state >= LOGIN_WAITING) {
        return ENRUM_OUT_OF_STATE;
    }
    login_fini(&enrum->login);
    enrum->login.role = ROLE_CITIZEN;
    wait_begin(enrum, kind, code);
    return ENRUM_OK;
}

enum enrum_err enrum_login_redeem(struct enrum *enrum, const char *code)
{
    if (code[0] == '\0' || strlen(code) > REDEEMED_BYTES_MAX) {
        return ENRUM_CODE_WRONG;
    }
    return other_begin(enrum, LETTER_REDEEM, code);
}

enum enrum_err enrum_login_unknown(struct enrum *enrum)
{
    if ((enrum->board.offers & ENRUM_OFFER_ADVICE) == 0) {
        return ENRUM_MAY_NOT;
    }
    return other_begin(enrum, LETTER_ADVICE, "");
}

/* -- What this device is -- */

void enrum_login_say(struct enrum *enrum, uint64_t device_type, bool is_borrowed)
{
    enrum->device_type = device_type;
    enrum->is_borrowed = is_borrowed;
}

/* -- The letter -- */

static void login_end(struct enrum *enrum, enum enrum_err err)
{
    login_fini(&enrum->login);
    struct enrum_event event = {.type = ENRUM_EVENT_LOGGED_IN, .err = err};
    handle_tell(enrum, &event);
}

static void letter_put(struct enrum *enrum)
{
    struct login *login = &enrum->login;
    union {
        struct wire_letter_login login;
        struct wire_letter_redeem redeem;
        struct wire_letter_advice advice;
    } body;
    if (login->kind == LETTER_REDEEM) {
        body.redeem = (struct wire_letter_redeem){.code = slice_of_text(login->code),
                                                  .device_type = enrum->device_type,
                                                  .is_borrowed = enrum->is_borrowed};
    } else if (login->kind == LETTER_ADVICE) {
        body.advice = (struct wire_letter_advice){.version = 1};
    } else {
        body.login = (struct wire_letter_login){
            .provider = slice_of_text(login->provider),
            .code = slice_of_text(login->code),
            .verifier = slice_of_text(login->verifier),
            .redirect = slice_of_text(login->redirect),
            .random = login->random,
            .role = login->role,
            .device_type = enrum->device_type,
            .is_borrowed = enrum->is_borrowed,
        };
    }
    struct ask_question question = {.purpose = ASK_FOR_LOGIN, .kind = login->kind, .body = &body};
    uint64_t number;
    enum enrum_err err = ask_put(enrum, &question, &number);
    login->state = LOGIN_ASKED;
    if (err != ENRUM_OK) {
        login_end(enrum, err);
    }
}

void login_step(struct enrum *enrum)
{
    if (enrum->login.state != LOGIN_WAITING) {
        return; /* once asked, the letter has its own time */
    }
    if (enrum->contact.state >= CONTACT_GREETED && asks_has_keeper(&enrum->asks)) {
        letter_put(enrum);
    } else if (now_mono(enrum) >= enrum->login.deadline) {
        login_end(enrum,
                  enrum->contact.state >= CONTACT_GREETED ? ENRUM_KEEPER_AWAY : ENRUM_NETWORK);
    }
}

/* -- The answer -- */

static void heads_take(struct enrum *enrum, struct slice heads)
{
    struct wire_room_head head;
    while (heads.len > 0 && layout_next(&layout_room_head, &heads, &head) == ENRUM_OK) {
        struct roomcopy *room = roomcopy_make(enrum, &head.room);
        struct local_head local = {head.seq, head.hash};
        if (room != NULL) {
            roomcopy_keeper_head(enrum, room, &local);
        }
    }
}

static enum enrum_err certificate_judge(struct enrum *enrum, const struct trusted *trusted)
{
    const struct certificate *certificate = &trusted->certificate;
    if (!id_equal(&certificate->device, &enrum->device)) {
        return ENRUM_DEVICE_OTHER;
    }
    if (enrum->login.state == LOGIN_ASKED && certificate->body.role != enrum->login.role) {
        return ENRUM_MALFORMED;
    }
    /* This clock may be behind the keeper's. How short a certificate lives is the keeper's matter.
     */
    uint64_t now = now_wall(enrum), from = certificate->body.not_before;
    uint64_t at = from > now + CLOCK_SKEW_MS_MAX ? now + CLOCK_SKEW_MS_MAX : from;
    return certificate_in_time(certificate, at > now ? at : now);
}

enum enrum_err login_install(struct enrum *enrum, const struct wire_letter_inner *inner)
{
    struct wire_letter_logged_in body;
    const struct trusted *trusted = NULL, *keeper = NULL;
    char name[ENRUM_TEXT_MAX];
    enum enrum_err err = layout_decode(&layout_letter_logged_in, inner->body, &body);
    if (err == ENRUM_OK) {
        err = trust_add(&enrum->trust, body.issuer, &keeper);
    }
    if (err == ENRUM_OK) {
        err = trust_add(&enrum->trust, body.certificate, &trusted);
    }
    if (err == ENRUM_OK) {
        err = certificate_judge(enrum, trusted);
    }
    if (err != ENRUM_OK) {
        return err;
    }
    (void)snprintf(name, sizeof name, "%.*s", (int)body.name.len,
                   body.name.len > 0 ? (const char *)body.name.at : "");
    handle_keep_certificate(enrum, keeper);
    handle_keep_certificate(enrum, trusted);
    /* On disk together with the certificate: whoever is logged in has the heads. */
    heads_take(enrum, body.heads);
    err = handle_certify(enrum, &trusted->certificate, body.certificate, body.issuer, name);
    if (err == ENRUM_OK) {
        contact_prove(enrum);
    }
    return err;
}

void login_answered(struct enrum *enrum, enum enrum_err err, const struct wire_letter_inner *inner)
{
    struct wire_letter_refused refused;
    if (enrum->login.state != LOGIN_ASKED) {
        return;
    }
    if (inner != NULL && inner->kind == LETTER_LOGGED_IN) {
        err = login_install(enrum, inner);
    } else if (inner != NULL) {
        bool is_refusal = inner->kind == LETTER_REFUSED &&
                          layout_decode(&layout_letter_refused, inner->body, &refused) == ENRUM_OK;
        err = is_refusal ? (enum enrum_err)refused.code : ENRUM_MALFORMED;
    }
    login_end(enrum, err);
}
