/* enrum -- the handle: opened, stepped, closed; who it is. Rooms and writing are in rooms_api.c. */
#include "enrum.h"

#include "board.h"
#include "devicekey.h"
#include "handle.h"
#include "schema/schema.h"
#include "tell.h"

#include <stdio.h>
#include <stdlib.h>

/* -- Telling -- */

void handle_tell(struct enrum *enrum, struct enrum_event *event)
{
    if (event->detail == NULL) {
        event->detail = "";
    }
    if (enrum->on_event != NULL) {
        enrum->on_event(enrum->context, event);
    }
}

void handle_warn(struct enrum *enrum, const struct id *room, enum enrum_err err, const char *detail)
{
    struct enrum_event event = {.type = ENRUM_EVENT_WARNING, .err = err, .detail = detail};
    if (room != NULL) {
        event.room = *room;
    }
    handle_tell(enrum, &event);
}

/* -- Certificates -- */

void handle_keep_certificate(void *context, const struct trusted *trusted)
{
    struct enrum *enrum = context;
    struct slice bytes = {trusted->bytes, trusted->len};
    bool is_keepers = trusted->certificate.body.role == ROLE_KEEPER;
    if (localstore_certificate_put(enrum->store, &trusted->certificate.hash, is_keepers, bytes) !=
        ENRUM_OK) {
        enrum->is_store_bad = true;
    }
}

/* Errors: MEMORY; there is then no certificate. */
static enum enrum_err certificate_set(struct enrum *enrum, const struct certificate *certificate,
                                      struct slice bytes, struct slice issuer)
{
    buffer_reset(&enrum->certificate);
    buffer_reset(&enrum->issuer);
    buffer_append_slice(&enrum->certificate, bytes);
    buffer_append_slice(&enrum->issuer, issuer);
    enrum->me = *certificate;
    enrum->has_certificate = !enrum->certificate.failed && !enrum->issuer.failed;
    return enrum->has_certificate ? ENRUM_OK : ENRUM_MEMORY;
}

enum enrum_err handle_certify(struct enrum *enrum, const struct certificate *certificate,
                              struct slice bytes, struct slice issuer, const char *name)
{
    enum enrum_err err = localstore_meta_put(enrum->store, "certificate", bytes);
    if (err == ENRUM_OK) {
        err = localstore_meta_put(enrum->store, "issuer", issuer);
    }
    if (err == ENRUM_OK) {
        err = localstore_meta_put(enrum->store, "name", slice_of_text(name));
    }
    if (err == ENRUM_OK) {
        err = localstore_commit(enrum->store);
    }
    if (err == ENRUM_OK) {
        err = certificate_set(enrum, certificate, bytes, issuer);
    }
    if (err == ENRUM_OK) {
        (void)snprintf(enrum->name, sizeof enrum->name, "%s", name);
    }
    return err;
}

struct certificates {
    struct enrum *enrum;
    bool is_short; /* of memory: entries would look forged without their certificates */
};

static void each_certificate(void *context, struct slice bytes)
{
    struct certificates *certificates = context;
    if (trust_add(&certificates->enrum->trust, bytes, NULL) == ENRUM_MEMORY) {
        certificates->is_short = true;
    }
}

static enum enrum_err name_read(struct enrum *enrum)
{
    struct buffer name;
    buffer_init(&name, sizeof enrum->name - 1);
    enum enrum_err err = localstore_meta_get(enrum->store, "name", &name);
    if (err == ENRUM_OK && name.len > 0) {
        memcpy(enrum->name, name.at, name.len);
        enrum->name[name.len] = '\0';
    }
    buffer_fini(&name);
    return err;
}

/* The certificate of an earlier login, when it is still one of these keys under this root. Errors:
 * FILE_FAILED, MEMORY; nothing to be read is none. */
static enum enrum_err certificate_read(struct enrum *enrum)
{
    struct buffer bytes, issuer;
    const struct trusted *trusted = NULL;
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    buffer_init(&issuer, CERTIFICATE_BYTES_MAX);
    enum enrum_err err = localstore_meta_get(enrum->store, "certificate", &bytes);
    if (err == ENRUM_OK) {
        err = localstore_meta_get(enrum->store, "issuer", &issuer);
    }
    if (err == ENRUM_OK && bytes.len > 0) {
        enum enrum_err trusts = issuer.len > 0
                                    ? trust_add(&enrum->trust, buffer_slice(&issuer), NULL)
                                    : ENRUM_OK;
        trusts = trusts == ENRUM_OK ? trust_add(&enrum->trust, buffer_slice(&bytes), &trusted)
                                    : trusts;
        err = trusts == ENRUM_MEMORY ? trusts : ENRUM_OK;
    }
    if (trusted != NULL && id_equal(&trusted->certificate.device, &enrum->device)) {
        err = certificate_set(enrum, &trusted->certificate, buffer_slice(&bytes),
                              buffer_slice(&issuer));
    }
    buffer_fini(&bytes);
    buffer_fini(&issuer);
    return err;
}

/* -- Opening -- */

static enum enrum_err board_pin(struct enrum *enrum, const struct enrum_board *given)
{
    char path[HOME_PATH_MAX];
    struct enrum_board *pinned = &enrum->board;
    bool has_pinned = home_has(&enrum->home, "board.json");
    if (!home_path(&enrum->home, "board.json", path)) {
        return ENRUM_FILE_FAILED;
    }
    if (has_pinned) {
        enum enrum_err err = enrum_board_read(path, pinned);
        if (err != ENRUM_OK || given == NULL) {
            return err;
        }
        err = board_judge(pinned, given);
        if (err != ENRUM_OK) {
            return err;
        }
    } else if (given == NULL) {
        return ENRUM_CONFIG;
    }
    *pinned = *given;
    enum enrum_err err = home_touch(&enrum->home, "board.json.next");
    char next[HOME_PATH_MAX];
    if (err == ENRUM_OK && home_path(&enrum->home, "board.json.next", next)) {
        err = enrum_board_write(next, pinned);
    }
    struct buffer bytes;
    buffer_init(&bytes, HOME_FILE_BYTES_MAX);
    if (err == ENRUM_OK) {
        err = home_read(&enrum->home, "board.json.next", &bytes);
    }
    if (err == ENRUM_OK) {
        err = home_write(&enrum->home, "board.json", buffer_slice(&bytes));
    }
    home_remove(&enrum->home, "board.json.next");
    buffer_fini(&bytes);
    return err;
}

static enum enrum_err keys_open(struct enrum *enrum, const struct enrum_keys *keys)
{
    if (keys == NULL) {
        enum enrum_err err = devicekey_open(&enrum->home, &enrum->sign, &enrum->seal);
        if (err != ENRUM_OK) {
            return err;
        }
    } else {
        enrum->sign = keys->sign;
        enrum->seal.public = keys->seal.public;
        secret_copy(&enrum->seal.secret, &keys->seal.secret);
    }
    device_id(&enrum->sign.public, &enrum->seal.public, &enrum->device);
    return ENRUM_OK;
}

static void on_news(void *context, const struct schema_news *news)
{
    struct enrum *enrum = context;
    char detail[512];
    (void)snprintf(detail, sizeof detail, "%s: version %d, newest %d%s%s%s%s",
                   schema_news_name(news->type), news->from, news->to,
                   news->file != NULL ? ", copy " : "", news->file != NULL ? news->file : "",
                   news->why != NULL ? ": " : "", news->why != NULL ? news->why : "");
    struct enrum_event event = {.type = ENRUM_EVENT_DATABASE,
                                .err = news->why != NULL ? ENRUM_FILE_FAILED : ENRUM_OK,
                                .detail = detail};
    handle_tell(enrum, &event);
}

static enum enrum_err store_open(struct enrum *enrum, bool keeps_copy)
{
    struct localstore_watch watch = {keeps_copy, on_news, enrum};
    char path[HOME_PATH_MAX];
    enum enrum_err err = home_touch(&enrum->home, "enrum.db");
    if (err == ENRUM_OK && !home_path(&enrum->home, "enrum.db", path)) {
        err = ENRUM_FILE_FAILED;
    }
    if (err == ENRUM_OK) {
        err = localstore_open(path, &watch, &enrum->store);
    }
    struct certificates certificates = {.enrum = enrum};
    if (err == ENRUM_OK) {
        err = localstore_certificates(enrum->store, each_certificate, &certificates);
    }
    return err == ENRUM_OK && certificates.is_short ? ENRUM_MEMORY : err;
}

static enum enrum_err certificate_open(struct enrum *enrum, const struct enrum_keys *keys)
{
    const struct trusted *trusted = NULL;
    if (keys == NULL) {
        return certificate_read(enrum);
    }
    enum enrum_err err = trust_add(&enrum->trust, keys->certificate, &trusted);
    if (err == ENRUM_OK && !id_equal(&trusted->certificate.device, &enrum->device)) {
        err = ENRUM_DEVICE_OTHER;
    }
    if (err == ENRUM_OK) {
        err = certificate_set(enrum, &trusted->certificate, keys->certificate,
                              (struct slice){NULL, 0});
        handle_keep_certificate(enrum, trusted);
    }
    return err;
}

static enum enrum_err parts_open(struct enrum *enrum, const struct enrum_options *options)
{
    struct socket_options socket = {.ca_file = options->ca_file,
                                    .on_open = contact_on_open,
                                    .on_frame = contact_on_frame,
                                    .on_lost = contact_on_lost,
                                    .context = enrum};
    enum enrum_err err = board_pin(enrum, options->board);
    if (err == ENRUM_OK) {
        err = keys_open(enrum, options->keys);
    }
    if (err == ENRUM_OK) {
        err = store_open(enrum, options->keys != NULL);
    }
    if (err == ENRUM_OK) {
        err = certificate_open(enrum, options->keys);
    }
    if (err == ENRUM_OK) {
        err = name_read(enrum);
    }
    if (err == ENRUM_OK) {
        err = rooms_open(enrum);
    }
    if (err == ENRUM_OK) {
        err = outbox_open(enrum);
    }
    if (err == ENRUM_OK) {
        asks_open(enrum);
        socket.has_tls = strncmp(enrum->board.host_url, "wss:", 4) == 0;
        enrum->socket = socket_new(&socket);
        err = enrum->socket != NULL ? ENRUM_OK : ENRUM_MEMORY;
    }
    return err;
}

enum enrum_err enrum_open(const struct enrum_options *options, struct enrum **out)
{
    if (!suite_init()) {
        return ENRUM_MEMORY;
    }
    struct enrum *enrum = calloc(1, sizeof *enrum);
    if (enrum == NULL) {
        return ENRUM_MEMORY;
    }
    enum enrum_err err = home_open(options->home, &enrum->home);
    if (err != ENRUM_OK) {
        free(enrum);
        return err;
    }
    enrum->clock = clock_system();
    enrum->on_event = options->on_event;
    enrum->context = options->context;
    enrum->device_type = DEVICE_TYPE_PROGRAM;
    (void)snprintf(enrum->software, sizeof enrum->software, "%s",
                   options->software != NULL ? options->software : "libenrum");
    buffer_init(&enrum->certificate, CERTIFICATE_BYTES_MAX);
    buffer_init(&enrum->issuer, CERTIFICATE_BYTES_MAX);
    list_init(&enrum->rooms);
    list_init(&enrum->outbox.drafts);
    list_init(&enrum->asks.list);
    list_init(&enrum->downloads);
    table_init(&enrum->rooms_by_id, ID_BYTES, 1);
    trust_init(&enrum->trust, &enrum->board);
    contact_init(&enrum->contact);
    err = parts_open(enrum, options);
    if (err != ENRUM_OK) {
        enrum_close(enrum);
        return err;
    }
    *out = enrum;
    return ENRUM_OK;
}

void enrum_close(struct enrum *enrum)
{
    if (enrum == NULL) {
        return;
    }
    enrum->on_event = NULL;
    socket_free(enrum->socket);
    contact_fini(enrum);
    downloads_fini(enrum);
    outbox_fini(&enrum->outbox);
    asks_fini(&enrum->asks);
    rooms_fini(enrum);
    localstore_close(enrum->store);
    trust_fini(&enrum->trust);
    login_fini(&enrum->login);
    sign_pair_wipe(&enrum->sign);
    seal_pair_wipe(&enrum->seal);
    buffer_fini(&enrum->certificate);
    buffer_fini(&enrum->issuer);
    home_close(&enrum->home);
    free(enrum);
}

enum enrum_err enrum_forget(const char *path)
{
    static const char *const names[] = {"enrum.db", "enrum.db-wal", "enrum.db-shm"};
    struct home home;
    enum enrum_err err = home_open(path, &home);
    if (err != ENRUM_OK) {
        return err;
    }
    devicekey_remove(&home);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        home_remove(&home, names[i]);
    }
    home_close(&home);
    return ENRUM_OK;
}

/* -- Stepping -- */

/* Turns a running machine by one notch; true when there is more to do at once. */
static bool turn(struct enrum *enrum)
{
    contact_step(enrum);
    login_step(enrum);
    asks_step(enrum);
    rooms_step(enrum);
    appends_step(enrum);
    outbox_step(enrum);
    downloads_step(enrum);
    if (localstore_commit(enrum->store) != ENRUM_OK) {
        enrum->is_store_bad = true;
    }
    if (enrum->is_store_bad) {
        /* What is in memory may not be on disk: the log is read again from what is. */
        handle_warn(enrum, NULL, ENRUM_FILE_FAILED, "the local database could not be written");
        contact_drop(enrum, ENRUM_FILE_FAILED);
        rooms_unload(enrum);
        enrum->is_store_bad = false;
    }
    return tell_step(enrum);
}

enum { STEP_WAIT_MAX_MS = 200 };

void enrum_step(struct enrum *enrum, unsigned wait_ms)
{
    CHECK(!enrum->is_inside);
    enrum->is_inside = true;
    bool has_more = turn(enrum);
    uint64_t now = now_mono(enrum), due = contact_due(enrum);
    uint64_t wait = has_more || due <= now ? 0 : due - now;
    if (wait > wait_ms) {
        wait = wait_ms;
    }
    /* Deadlines of asks, keys and retries are looked at this often. */
    if (wait > STEP_WAIT_MAX_MS) {
        wait = STEP_WAIT_MAX_MS;
    }
    socket_step(enrum->socket, (unsigned)wait);
    (void)turn(enrum);
    enrum->is_inside = false;
}

void enrum_wake(struct enrum *enrum)
{
    socket_wake(enrum->socket);
}

void enrum_drop(struct enrum *enrum)
{
    contact_drop(enrum, ENRUM_NETWORK);
}

/* -- Who -- */

void enrum_self(const struct enrum *enrum, struct enrum_self *out)
{
    *out = (struct enrum_self){.board = enrum->board.id,
                               .device = enrum->device,
                               .is_logged_in = is_logged_in(enrum),
                               .board_info = &enrum->board};
    if (enrum->has_certificate) {
        out->person = enrum->me.body.person;
        out->role = enrum->me.body.role;
        out->level = enrum->me.body.level;
        out->not_after = enrum->me.body.not_after;
    }
    memcpy(out->name, enrum->name, sizeof out->name);
}

enum enrum_state enrum_state(const struct enrum *enrum)
{
    switch (enrum->contact.state) {
    case CONTACT_OFFLINE:
    case CONTACT_CONNECTING:
    case CONTACT_HELLO_SENT:
        return ENRUM_OFFLINE;
    case CONTACT_GREETED:
        return ENRUM_GREETED;
    case CONTACT_READY:
        return enrum->contact.is_listed ? ENRUM_READY : ENRUM_GREETED;
    }
    return ENRUM_OFFLINE;
}

uint64_t enrum_silence_ms(const struct enrum *enrum)
{
    if (enrum_state(enrum) == ENRUM_OFFLINE) {
        return UINT64_MAX;
    }
    return now_mono(enrum) - enrum->contact.heard_at;
}
