/* stage -- see stage.h. */
#include "stage.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DAY_MS = 86400000, WAIT_STEPS = 500, STEP_MS = 20 };

static struct stage stage;

static void fail(const char *what)
{
    fprintf(stderr, "stage: %s\n", what);
    stage_end();
    exit(1);
}

static void must(bool holds, const char *what)
{
    if (!holds) {
        fail(what);
    }
}

uint64_t stage_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* -- Keys and certificates -- */

static void authority_make(struct authority *authority)
{
    sign_pair_new(&authority->root);
    sign_pair_new(&authority->keeper_sign);
    seal_pair_new(&authority->keeper_seal);
    board_id(&authority->root.public, &authority->board);
    buffer_init(&authority->keeper, CERTIFICATE_BYTES_MAX);
    struct wire_certificate body = {.board = authority->board,
                                    .issuer = authority->board,
                                    .sign_key = authority->keeper_sign.public,
                                    .seal_key = authority->keeper_seal.public,
                                    .person = authority->board,
                                    .role = ROLE_KEEPER,
                                    .level = 4,
                                    .not_before = stage_now() - 100 * (uint64_t)DAY_MS,
                                    .not_after = stage_now() + 100 * (uint64_t)DAY_MS};
    must(certificate_encode(&authority->root, &body, &authority->keeper) == ENRUM_OK &&
             certificate_decode(buffer_slice(&authority->keeper), &authority->keeper_certificate) ==
                 ENRUM_OK,
         "a keeper's certificate");
}

void device_make(struct device *device, const struct device_wish *wish)
{
    *device = (struct device){0};
    sign_pair_new(&device->sign);
    seal_pair_new(&device->seal);
    buffer_init(&device->bytes, CERTIFICATE_BYTES_MAX);
    struct wire_certificate body = {.board = wish->by->board,
                                    .issuer = wish->by->keeper_certificate.hash,
                                    .sign_key = device->sign.public,
                                    .seal_key = device->seal.public,
                                    .role = wish->role,
                                    .level = 3,
                                    .not_before = wish->not_before,
                                    .not_after = wish->not_after};
    memset(body.person.bytes, wish->person, ID_BYTES);
    const struct sign_pair *signer = wish->signer != NULL ? wish->signer : &wish->by->keeper_sign;
    must(certificate_encode(signer, &body, &device->bytes) == ENRUM_OK &&
             certificate_decode(buffer_slice(&device->bytes), &device->certificate) == ENRUM_OK,
         "a device's certificate");
}

void device_citizen(struct device *device, uint8_t person)
{
    struct device_wish wish = {.by = &stage.here,
                               .role = ROLE_CITIZEN,
                               .person = person,
                               .not_before = stage_now() - DAY_MS,
                               .not_after = stage_now() + DAY_MS};
    device_make(device, &wish);
}

void device_keeper(struct device *device)
{
    *device = (struct device){.sign = stage.here.keeper_sign,
                              .seal = stage.here.keeper_seal,
                              .certificate = stage.here.keeper_certificate};
    buffer_init(&device->bytes, CERTIFICATE_BYTES_MAX);
    buffer_append_slice(&device->bytes, buffer_slice(&stage.here.keeper));
}

void device_free(struct device *device)
{
    sign_pair_wipe(&device->sign);
    seal_pair_wipe(&device->seal);
    buffer_fini(&device->bytes);
}

/* -- The host's process -- */

static void program_path(char *out, size_t out_bytes)
{
    ssize_t len = readlink("/proc/self/exe", out, out_bytes - 16);
    must(len > 0, "own path");
    out[len] = '\0';
    char *slash = strrchr(out, '/');
    must(slash != NULL, "own folder");
    memcpy(slash + 1, "enrumd", 7);
}

/* Starts enrumd with these words, up to the first NULL; its output of `fd` is left to be read. */
static FILE *host_start(const char *const words[4], int fd, pid_t *pid)
{
    char program[512];
    int ends[2];
    program_path(program, sizeof program);
    must(pipe(ends) == 0, "a pipe");
    *pid = fork();
    must(*pid >= 0, "a process");
    if (*pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(ends[1], fd);
        close(ends[0]);
        close(ends[1]);
        execl(program, "enrumd", words[0], words[1], words[2], words[3], (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    return fdopen(ends[0], "r");
}

static void host_key_make(void)
{
    char file[128], line[128] = "";
    pid_t pid;
    snprintf(file, sizeof file, "%s/host.key", stage.folder);
    FILE *out = host_start((const char *const[4]){"init", "--host-key", file}, STDOUT_FILENO, &pid);
    must(fgets(line, sizeof line, out) != NULL, "enrumd init prints a key");
    line[strcspn(line, "\n")] = '\0';
    fclose(out);
    waitpid(pid, NULL, 0);
    must(suite_base64url_decode(line, stage.host_key.bytes, ID_BYTES), "the host's key");
}

static void board_write(const struct authority *authority, const char *file)
{
    struct enrum_board board = {.id = authority->board,
                                .root_key = authority->root.public,
                                .first_root_key = authority->root.public,
                                .host_key = stage.host_key};
    snprintf(board.name, sizeof board.name, "Testnämnden");
    snprintf(board.host_url, sizeof board.host_url, "ws://127.0.0.1:1");
    must(enrum_board_write(file, &board) == ENRUM_OK, "board.json");
}

static void config_write(const char *file, const struct stage_wish *wish)
{
    FILE *out = fopen(file, "w");
    must(out != NULL, "enrumd.json");
    fprintf(out,
            "{\"listen\":\"127.0.0.1:0\",\"data\":\"%s\",\"host_key\":\"%s/host.key\","
            "\"boards\":[\"%s\"]",
            stage.folder, stage.folder, stage.board_file[0]);
    if (wish->limits != NULL) {
        fprintf(out, ",\"limits\":{%s}", wish->limits);
    }
    if (wish->metrics != NULL) {
        fprintf(out, ",\"metrics\":\"%s\"", wish->metrics);
    }
    if (wish->relay != NULL) {
        fprintf(out, ",\"relay\":{%s}", wish->relay);
    }
    if (wish->certificate != NULL) {
        fprintf(out, ",\"tls\":{\"certificate\":\"%s\",\"key\":\"%s\"}", wish->certificate,
                wish->key);
    }
    fputs("}\n", out);
    fclose(out);
}

static void config_path(char out[128])
{
    snprintf(out, 128, "%s/enrumd.json", stage.folder);
}

static FILE *host_start_configured(const char *pages, pid_t *pid)
{
    char config[128];
    config_path(config);
    return host_start(
        (const char *const[4]){"--config", config, pages != NULL ? "--pages" : NULL, pages},
        STDERR_FILENO, pid);
}

static void refused_words(const char *pages, char *words, size_t words_bytes)
{
    pid_t pid;
    int status = 0;
    FILE *log = host_start_configured(pages, &pid);
    size_t len = fread(words, 1, words_bytes - 1, log);
    words[len] = '\0';
    fclose(log);
    must(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 1,
         "enrumd refuses to start");
}

void stage_refuse_pages(const char *pages, char *words, size_t words_bytes)
{
    refused_words(pages, words, words_bytes);
}

void stage_refuse(const struct stage_wish *wish, char *words, size_t words_bytes)
{
    char config[128];
    config_path(config);
    config_write(config, wish);
    refused_words(wish->pages, words, words_bytes);
}

static unsigned number_in(const char *line, const char *key)
{
    const char *at = strstr(line, key);
    return at != NULL ? (unsigned)strtoul(at + strlen(key), NULL, 10) : 0;
}

static void log_path(char out[128])
{
    snprintf(out, 128, "%s/enrumd.log", stage.folder);
}

/* The rest of its log goes to a file, so that the pipe never fills. */
static void log_drain(FILE *log)
{
    char line[4096], path[128];
    log_path(path);
    FILE *out = fopen(path, "w");
    while (out != NULL && fgets(line, sizeof line, log) != NULL) {
        fputs(line, out);
        fflush(out);
    }
}

static void host_run(const char *pages)
{
    char line[1024];
    FILE *log = host_start_configured(pages, &stage.host);
    while (stage.port == 0 && fgets(line, sizeof line, log) != NULL) {
        if (strstr(line, "event=listening") != NULL) {
            stage.port = number_in(line, " port=");
            stage.metrics_port = number_in(line, " metrics_port=");
        } else {
            fputs(line, stderr);
        }
    }
    must(stage.port != 0, "enrumd listens");
    pid_t drain = fork();
    if (drain == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        log_drain(log);
        _exit(0);
    }
    fclose(log);
}

unsigned stage_port(void)
{
    return stage.port;
}

void stage_restart(void)
{
    stage.port = 0;
    host_run(NULL);
}

const char *stage_log(void)
{
    static char text[1 << 20];
    char path[128];
    log_path(path);
    FILE *in = fopen(path, "r");
    size_t len = in != NULL ? fread(text, 1, sizeof text - 1, in) : 0;
    text[len] = '\0';
    if (in != NULL) {
        fclose(in);
    }
    return text;
}

void stage_signal(int number)
{
    must(kill(stage.host, number) == 0, "a signal");
}

int stage_wait(void)
{
    int status = 0;
    must(waitpid(stage.host, &status, 0) == stage.host, "the host ends");
    stage.host = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

size_t stage_rss(void)
{
    char path[64];
    size_t whole = 0, resident = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)stage.host);
    FILE *in = fopen(path, "r");
    must(in != NULL && fscanf(in, "%zu %zu", &whole, &resident) == 2, "the host's memory");
    fclose(in);
    return resident * (size_t)sysconf(_SC_PAGESIZE);
}

struct stage *stage_start(void)
{
    return stage_start_with(&(struct stage_wish){0});
}

struct stage *stage_start_with(const struct stage_wish *wish)
{
    char config[128];
    must(suite_init(), "the libraries");
    snprintf(stage.folder, sizeof stage.folder, "/tmp/enrum-hostile-XXXXXX");
    must(mkdtemp(stage.folder) != NULL, "a folder");
    authority_make(&stage.here);
    authority_make(&stage.elsewhere);
    host_key_make();
    snprintf(stage.board_file[0], sizeof stage.board_file[0], "%s/board.json", stage.folder);
    board_write(&stage.here, stage.board_file[0]);
    config_path(config);
    config_write(config, wish);
    host_run(wish->pages);
    return &stage;
}

void stage_end(void)
{
    char command[64 + sizeof stage.folder];
    if (stage.host > 0) {
        kill(stage.host, SIGTERM);
        waitpid(stage.host, NULL, 0);
        stage.host = 0;
    }
    buffer_fini(&stage.here.keeper);
    buffer_fini(&stage.elsewhere.keeper);
    snprintf(command, sizeof command, "%s", stage.folder);
    pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", command, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
}

/* -- By hand -- */

static int connect_to(unsigned port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 10};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
             connect(fd, (struct sockaddr *)&to, sizeof to) == 0,
         "a connection by hand");
    return fd;
}

int stage_connect(void)
{
    return connect_to(stage.port);
}

int stage_raw(const char *request, char *answer, size_t answer_bytes)
{
    int fd = stage_connect();
    /* The host may have turned it away already. */
    (void)send(fd, request, strlen(request), MSG_NOSIGNAL);
    ssize_t len = read(fd, answer, answer_bytes - 1);
    answer[len > 0 ? len : 0] = '\0';
    return fd;
}

void stage_get(unsigned port, const char *path, char *answer, size_t answer_bytes)
{
    char request[256];
    size_t len = 0;
    ssize_t got;
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path);
    int fd = connect_to(port);
    must(send(fd, request, strlen(request), MSG_NOSIGNAL) == (ssize_t)strlen(request), "a request");
    while (len < answer_bytes - 1 && (got = read(fd, answer + len, answer_bytes - 1 - len)) > 0) {
        len += (size_t)got;
    }
    answer[len] = '\0';
    close(fd);
}

uint64_t stage_refused(const char *error)
{
    char answer[8192] = "", wanted[80];
    if (stage.metrics_port != 0) {
        snprintf(wanted, sizeof wanted, "enrum_refused_total{error=\"%s\"}", error);
        return stage_metric(wanted);
    }
    stage_get(stage.port, "/healthz", answer, sizeof answer);
    must(strstr(answer, "200 OK") != NULL, "healthz is well");
    snprintf(wanted, sizeof wanted, "\"%s\":", error);
    const char *refused = strstr(answer, "\"refused\":{");
    const char *at = refused != NULL ? strstr(refused, wanted) : NULL;
    return at != NULL ? strtoull(at + strlen(wanted), NULL, 10) : 0;
}

uint64_t stage_metric(const char *sample)
{
    static char answer[65536];
    char wanted[128];
    stage_get(stage.metrics_port, "/metrics", answer, sizeof answer);
    snprintf(wanted, sizeof wanted, "\n%s ", sample);
    const char *at = strstr(answer, wanted);
    must(at != NULL, sample);
    return strtoull(at + strlen(wanted), NULL, 10);
}

bool stage_metric_reaches(const char *sample, uint64_t value)
{
    const struct timespec step = {.tv_nsec = 50000000};
    for (int i = 0; i < 200; i++) {
        if (stage_metric(sample) >= value) {
            return true;
        }
        nanosleep(&step, NULL);
    }
    return false;
}

/* -- Peers -- */

static void on_open(void *context)
{
    ((struct peer *)context)->is_open = true;
}

static void on_lost(void *context, const char *reason)
{
    (void)reason;
    ((struct peer *)context)->is_lost = true;
}

static void on_frame(void *context, struct slice frame)
{
    struct peer *peer = context;
    uint64_t type = 0, request = 0;
    must(frame_peek(frame, &type, &request) == ENRUM_OK, "the host's frames can be read");
    if (request == peer->waits_for && peer->got_type == 0) {
        peer->got_type = type;
        buffer_reset(&peer->frame);
        buffer_append_slice(&peer->frame, frame);
    }
}

void peer_open(struct peer *peer)
{
    char url[64];
    *peer = (struct peer){.waits_for = UINT64_MAX};
    buffer_init(&peer->frame, FRAME_BYTES_MAX);
    struct socket_options options = {
        .on_open = on_open, .on_frame = on_frame, .on_lost = on_lost, .context = peer};
    peer->socket = socket_new(&options);
    snprintf(url, sizeof url, "ws://127.0.0.1:%u", stage.port);
    must(socket_connect(peer->socket, url) == ENRUM_OK, "a connection");
    for (int i = 0; i < WAIT_STEPS && !peer->is_open && !peer->is_lost; i++) {
        socket_step(peer->socket, STEP_MS);
    }
    must(peer->is_open, "a connection opens");
}

void peer_close(struct peer *peer)
{
    socket_free(peer->socket);
    buffer_fini(&peer->frame);
}

void peer_send_bytes(struct peer *peer, const void *bytes, size_t len)
{
    (void)socket_send(peer->socket, slice_of(bytes, len));
}

enum enrum_err peer_wait(struct peer *peer, uint64_t request)
{
    peer->waits_for = request;
    peer->got_type = 0;
    for (int i = 0; i < WAIT_STEPS && peer->got_type == 0 && !peer->is_lost; i++) {
        socket_step(peer->socket, STEP_MS);
    }
    if (peer->got_type == 0) {
        return peer->is_lost ? ENRUM_NETWORK : ENRUM_TIMEOUT;
    }
    struct msg_error error;
    if (peer->got_type != MESSAGE_ERROR) {
        return ENRUM_OK;
    }
    must(layout_decode(&message_error, buffer_slice(&peer->frame), &error) == ENRUM_OK, "an error");
    return (enum enrum_err)error.code;
}

enum enrum_err peer_ask(struct peer *peer, const struct layout *layout, void *message)
{
    struct buffer bytes;
    struct {
        uint64_t type, request;
    } begin = {0, ++peer->last_request};
    memcpy(message, &begin, sizeof begin);
    buffer_init(&bytes, FRAME_BYTES_MAX);
    must(layout_encode(layout, message, &bytes) == ENRUM_OK, "a message");
    peer_send_bytes(peer, bytes.at, bytes.len);
    buffer_fini(&bytes);
    return peer_wait(peer, begin.request);
}

bool peer_is_ended(struct peer *peer)
{
    for (int i = 0; i < WAIT_STEPS && !peer->is_lost; i++) {
        socket_step(peer->socket, STEP_MS);
    }
    return peer->is_lost;
}

enum enrum_err peer_hello(struct peer *peer)
{
    struct msg_challenge challenge;
    struct msg_hello hello = {.versions = slice_of("\1", 1), .software = slice_of_text("hostile")};
    suite_random(hello.nonce.bytes, ID_BYTES);
    peer->client_nonce = hello.nonce;
    enum enrum_err err = peer_ask(peer, &message_hello, &hello);
    if (err == ENRUM_OK) {
        err = layout_decode(&message_challenge, buffer_slice(&peer->frame), &challenge);
        peer->server_nonce = challenge.nonce;
    }
    return err;
}

void stage_proof(const struct device *device, const struct id *client_nonce,
                 const struct id *server_nonce, struct msg_prove *out)
{
    const struct certificate *certificate = &device->certificate;
    *out = (struct msg_prove){.board = stage.here.board,
                              .certificate = buffer_slice(&device->bytes)};
    if (certificate->body.role != ROLE_KEEPER) {
        out->issuer = buffer_slice(&stage.here.keeper);
    }
    struct handshake_proof proof = {*client_nonce, *server_nonce, stage.here.board, stage.host_key,
                                    certificate->hash};
    handshake_proof_sign(&device->sign, &proof, &out->sig);
}

enum enrum_err peer_prove(struct peer *peer, const struct device *device)
{
    struct msg_prove prove;
    stage_proof(device, &peer->client_nonce, &peer->server_nonce, &prove);
    return peer_ask(peer, &message_prove, &prove);
}

void peer_ready(struct peer *peer, const struct device *device)
{
    peer_open(peer);
    must(peer_hello(peer) == ENRUM_OK, "hello");
    must(peer_prove(peer, device) == ENRUM_OK, "proof");
}

/* -- Rooms -- */

static void member_add(struct buffer *members, const struct id *person, uint64_t role)
{
    struct wire_member member = {*person, role};
    must(layout_encode(&layout_member, &member, members) == ENRUM_OK, "a member");
}

enum enrum_err room_open_by(struct peer *peer, struct device *device, bool is_register,
                            struct test_room *out)
{
    struct buffer members, entry;
    struct msg_room_create create = {.board = stage.here.board};
    *out = (struct test_room){.generation = 1};
    buffer_init(&members, OPEN_BYTES_MAX);
    buffer_init(&entry, ENTRY_BYTES_MAX);
    suite_random(create.random.bytes, ID_BYTES);
    secret_random(&out->key);
    room_id(&stage.here.board, &device->certificate.hash, &create.random, &out->room);
    if (device->certificate.body.role != ROLE_KEEPER) {
        member_add(&members, &device->certificate.body.person, device->certificate.body.role);
    }
    member_add(&members, &stage.here.board, ROLE_KEEPER);
    struct wire_open_generation open = {.purpose = is_register,
                                        .number = 1,
                                        .base_hash = out->room,
                                        .members = buffer_slice(&members)};
    grant_commitment(&out->room, 1, &out->key, &open.commitment);
    struct entry_draft draft = {.head = {.room = out->room,
                                         .class = CLASS_GENERATION,
                                         .generation = 1,
                                         .certificate = device->certificate.hash,
                                         .device_seq = 1,
                                         .seen_hash = out->room,
                                         .time = stage_now()},
                                .open = &open};
    must(entry_encode(&draft, NULL, &device->sign, &entry) == ENRUM_OK, "a generation");
    create.entries = buffer_slice(&entry);
    enum enrum_err err = peer_ask(peer, &message_room_create, &create);
    if (err == ENRUM_OK) {
        struct msg_ack ack;
        must(layout_decode(&message_ack, buffer_slice(&peer->frame), &ack) == ENRUM_OK, "an ack");
        out->seq = ack.seq;
        out->hash = ack.hash;
        device->device_seq = 1;
    }
    buffer_fini(&members);
    buffer_fini(&entry);
    return err;
}

enum enrum_err room_write(struct peer *peer, struct device *device, struct test_room *room,
                          const struct write_wish *wish)
{
    struct buffer entry, body;
    struct wire_open_record record = {0};
    struct wire_body_text text = {.text = slice_of_text(wish->text != NULL ? wish->text : "-")};
    struct wire_content content = {.kind = KIND_MESSAGE,
                                   .role = device->certificate.body.role,
                                   .language = slice_of_text("sv")};
    buffer_init(&entry, ENTRY_BYTES_MAX);
    buffer_init(&body, TEXT_BYTES_MAX + 16);
    must(layout_encode(&layout_body_text, &text, &body) == ENRUM_OK, "a text");
    content.body = buffer_slice(&body);
    uint64_t class = wish->class != 0 ? wish->class : CLASS_RECORD;
    struct entry_draft draft = {
        .head = {.room = room->room,
                 .class = class,
                 .generation = wish->generation != 0 ? wish->generation : room->generation,
                 .certificate = device->certificate.hash,
                 .device_seq = wish->device_seq != 0 ? wish->device_seq : device->device_seq + 1,
                 .seen_seq = room->seq,
                 .seen_hash = room->hash,
                 .time = stage_now()},
        .open = wish->open != NULL ? wish->open : &record,
        .content = class_has_content(class) ? &content : NULL};
    must(entry_encode(&draft, &room->key, &device->sign, &entry) == ENRUM_OK, "an entry");
    if (wish->spoil_signature) {
        entry.at[entry.len - 1] ^= 1;
    }
    struct msg_append append = {
        .board = stage.here.board, .room = room->room, .entries = buffer_slice(&entry)};
    enum enrum_err err = peer_ask(peer, &message_append, &append);
    struct msg_ack ack;
    if (err == ENRUM_OK) {
        must(layout_decode(&message_ack, buffer_slice(&peer->frame), &ack) == ENRUM_OK, "an ack");
        room->seq = ack.seq;
        room->hash = ack.hash;
        device->device_seq = draft.head.device_seq;
    }
    buffer_fini(&entry);
    buffer_fini(&body);
    return err;
}

uint64_t room_head(struct peer *peer, const struct test_room *room)
{
    struct msg_fetch fetch = {.board = stage.here.board, .room = room->room, .limit = 1};
    struct msg_entries entries;
    must(peer_ask(peer, &message_fetch, &fetch) == ENRUM_OK &&
             layout_decode(&message_entries, buffer_slice(&peer->frame), &entries) == ENRUM_OK,
         "a fetch");
    return entries.head_seq;
}
