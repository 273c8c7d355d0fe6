/* clientstage -- see clientstage.h. */
#include "clientstage.h"

#include "base/clock.h"

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void device_make(struct stage_device *device)
{
    sign_pair_new(&device->sign);
    seal_pair_new(&device->seal);
    buffer_init(&device->certificate, CERTIFICATE_BYTES_MAX);
}

static void certify(struct stage *stage, struct stage_device *device, uint64_t role, uint64_t level,
                    uint64_t not_before, uint64_t not_after)
{
    bool is_keeper = role == ROLE_KEEPER;
    struct wire_certificate body = {.board = stage->board.id,
                                    .issuer = is_keeper ? stage->board.id : stage->keeper.me.hash,
                                    .sign_key = device->sign.public,
                                    .seal_key = device->seal.public,
                                    .person = is_keeper ? stage->board.id : device->seal.public,
                                    .role = role,
                                    .level = level,
                                    .not_before = not_before,
                                    .not_after = not_after};
    buffer_reset(&device->certificate);
    assert(certificate_encode(is_keeper ? &stage->root : &stage->keeper.sign, &body,
                              &device->certificate) == ENRUM_OK);
    assert(certificate_decode(buffer_slice(&device->certificate), &device->me) == ENRUM_OK);
}

void stage_certify(struct stage *stage, struct stage_device *device, uint64_t role,
                   uint64_t not_before, uint64_t not_after)
{
    certify(stage, device, role, 3, not_before, not_after);
}

void stage_certify_unknown(struct stage *stage)
{
    const struct wire_certificate *known = &stage->citizen.me.body;
    certify(stage, &stage->citizen, ROLE_CITIZEN, 0, known->not_before, known->not_after);
}

void stage_init(struct stage *stage)
{
    memset(stage, 0, sizeof *stage);
    assert(suite_init());
    struct clock clock = clock_system();
    stage->now = clock_wall_ms(&clock);
    uint64_t begin = stage->now - 86400000, end = stage->now + 86400000;
    sign_pair_new(&stage->root);
    sign_pair_new(&stage->host);
    struct enrum_board *board = &stage->board;
    board_id(&stage->root.public, &board->id);
    board->root_key = board->first_root_key = board->roots[0] = stage->root.public;
    board->root_count = 1;
    board->host_key = stage->host.public;
    (void)snprintf(board->name, sizeof board->name, "Testnämnden");
    (void)snprintf(board->host_url, sizeof board->host_url, "ws://127.0.0.1:9/");
    board->provider_count = 1;
    board->providers[0] = (struct enrum_provider){
        .id = "test",
        .name = "Test",
        .issuer = "http://127.0.0.1:1",
        .client_id = "c",
        .authorization_endpoint = "http://127.0.0.1:1/auth",
        .scope = "openid",
        .roles = ROLE_BIT(CITIZEN) | ROLE_BIT(STAFF)};
    device_make(&stage->keeper);
    device_make(&stage->citizen);
    device_make(&stage->staff);
    device_make(&stage->stranger);
    stage_certify(stage, &stage->keeper, ROLE_KEEPER, begin - 1000, end);
    stage_certify(stage, &stage->citizen, ROLE_CITIZEN, begin, end);
    stage_certify(stage, &stage->staff, ROLE_STAFF, begin, end);
    stage_certify(stage, &stage->stranger, ROLE_STAFF, begin, end);
}

void stage_fini(struct stage *stage)
{
    buffer_fini(&stage->keeper.certificate);
    buffer_fini(&stage->citizen.certificate);
    buffer_fini(&stage->staff.certificate);
    buffer_fini(&stage->stranger.certificate);
}

void log_init(struct stage_log *log, const struct id *room)
{
    memset(log, 0, sizeof *log);
    log->room = log->hash = log->hashes[0] = *room;
    secret_random(&log->key);
}

void log_fini(struct stage_log *log)
{
    for (uint64_t i = 0; i < log->seq; i++) {
        buffer_fini(&log->stored[i]);
    }
}

void log_append(struct stage_log *log, struct slice bytes, const struct id *device,
                uint64_t received_at)
{
    struct stored_entry stored = {.seq = log->seq + 1, .received_at = received_at};
    assert(log->seq < LOG_ENTRIES_MAX);
    assert(entry_decode(bytes, &stored.entry) == ENRUM_OK);
    struct buffer *out = &log->stored[log->seq];
    buffer_init(out, FRAME_BYTES_MAX);
    assert(stored_encode(&stored, out) == ENRUM_OK);
    struct id previous = log->hash;
    entry_chain(&stored.entry, &previous, stored.seq, received_at, &log->hash);
    entry_bytes_hash(&stored.entry, &log->bytes_hashes[log->seq]);
    log->devices[log->seq] = *device;
    log->device_seqs[log->seq] = stored.entry.head.device_seq;
    log->received_at = received_at;
    if (stored.entry.head.class == CLASS_GENERATION) {
        log->generation = stored.entry.open.generation.number;
    }
    log->seq++;
    log->hashes[log->seq] = log->hash;
}

uint64_t log_device_seq(const struct stage_log *log, const struct id *device)
{
    for (uint64_t i = log->seq; i > 0; i--) {
        if (id_equal(&log->devices[i - 1], device)) {
            return log->device_seqs[i - 1];
        }
    }
    return 0;
}

void log_encode(const struct stage *stage, const struct stage_log *log,
                const struct stage_device *author, uint64_t class, const void *open,
                const struct wire_content *content, struct buffer *out)
{
    struct entry_draft draft = {
        .head = {.room = log->room,
                 .class = class,
                 .generation = log->generation + (class == CLASS_GENERATION),
                 .certificate = author->me.hash,
                 .device_seq = log_device_seq(log, &author->me.device) + 1,
                 .seen_seq = log->is_opening ? 0 : log->seq,
                 .seen_hash = log->is_opening ? log->room : log->hash,
                 .time = stage->now},
        .open = open,
        .content = content};
    assert(entry_encode(&draft, &log->key, &author->sign, out) == ENRUM_OK);
}

void log_write(const struct stage *stage, struct stage_log *log, const struct stage_device *author,
               uint64_t class, const void *open, const struct wire_content *content)
{
    struct buffer bytes;
    buffer_init(&bytes, ENTRY_BYTES_MAX);
    log_encode(stage, log, author, class, open, content, &bytes);
    log_append(log, buffer_slice(&bytes), &author->me.device, stage->now);
    buffer_fini(&bytes);
}

static void write_kind(const struct stage *stage, struct stage_log *log,
                       const struct stage_device *author, uint64_t class, const void *open,
                       uint64_t kind, const void *body)
{
    struct buffer bytes;
    buffer_init(&bytes, CONTENT_BYTES_MAX);
    assert(layout_encode(kind_layout(kind), body, &bytes) == ENRUM_OK);
    struct wire_content content = {
        .kind = kind, .role = author->me.body.role, .body = buffer_slice(&bytes)};
    log_write(stage, log, author, class, open, &content);
    buffer_fini(&bytes);
}

void log_say(const struct stage *stage, struct stage_log *log, const struct stage_device *author,
             const char *text)
{
    struct wire_open_record open = {0};
    struct wire_body_text body = {.text = slice_of_text(text)};
    write_kind(stage, log, author, CLASS_RECORD, &open, KIND_MESSAGE, &body);
}

void log_grant(const struct stage *stage, struct stage_log *log, const struct stage_device *author,
               const struct stage_device *to)
{
    struct wire_open_grant open;
    struct buffer wrapped;
    buffer_init(&wrapped, OPEN_BYTES_MAX);
    assert(grant_wrap(&log->room, 1, &log->key, 1, &to->me.device, &to->seal.public, &wrapped,
                      &open) == ENRUM_OK);
    log_write(stage, log, author, CLASS_GRANT, &open, NULL);
    buffer_fini(&wrapped);
}

void log_open_room(const struct stage *stage, struct stage_log *log)
{
    struct wire_member members[] = {{stage->citizen.me.body.person, ROLE_CITIZEN},
                                    {stage->board.id, ROLE_KEEPER}};
    struct wire_open_generation open = {.number = 1, .base_hash = log->room};
    struct wire_open_record record = {0};
    struct wire_body_room body = {.type = ROOM_TYPE_PARTY, .title = slice_of_text("Ett samtal")};
    struct buffer list;
    buffer_init(&list, OPEN_BYTES_MAX);
    assert(layout_encode(&layout_member, &members[0], &list) == ENRUM_OK);
    assert(layout_encode(&layout_member, &members[1], &list) == ENRUM_OK);
    open.members = buffer_slice(&list);
    grant_commitment(&log->room, 1, &log->key, &open.commitment);
    log_write(stage, log, &stage->citizen, CLASS_GENERATION, &open, NULL);
    buffer_fini(&list);
    log->is_opening = true;
    log_grant(stage, log, &stage->citizen, &stage->citizen);
    log_grant(stage, log, &stage->citizen, &stage->keeper);
    write_kind(stage, log, &stage->citizen, CLASS_RECORD, &record, KIND_ROOM, &body);
    log->is_opening = false;
}

void log_add_staff(const struct stage *stage, struct stage_log *log)
{
    struct wire_open_member open = {.operation = MEMBER_ADD,
                                    .subject_type = SUBJECT_PERSON,
                                    .subject = stage->staff.me.body.person,
                                    .role = ROLE_STAFF};
    struct wire_body_change body = {.ground = GROUND_REQUEST};
    write_kind(stage, log, &stage->keeper, CLASS_MEMBER, &open, KIND_CHANGE, &body);
}

void log_checkpoint(const struct stage *stage, struct stage_log *log, uint64_t previous_seq)
{
    struct wire_open_checkpoint open = {.seq = log->seq,
                                        .hash = log->hash,
                                        .time = stage->now,
                                        .previous_seq = previous_seq,
                                        .previous_hash = log->hashes[previous_seq]};
    struct wire_body_refusals body = {.refused = {NULL, 0}};
    write_kind(stage, log, &stage->keeper, CLASS_CHECKPOINT, &open, KIND_REFUSALS, &body);
}

void log_at(const struct stage_log *log, uint64_t seq, struct stored_entry *out)
{
    struct slice rest = buffer_slice(&log->stored[seq - 1]);
    assert(stored_next(&rest, out) == ENRUM_OK);
}

/* -- Folders: gone when the test program ends -- */

static struct {
    size_t count;
    char paths[64][256];
} folders;

static int file_remove(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static void folders_remove(void)
{
    for (size_t i = 0; i < folders.count; i++) {
        (void)nftw(folders.paths[i], file_remove, 8, FTW_DEPTH | FTW_PHYS);
    }
}

void stage_folder(char out[256])
{
    (void)snprintf(out, 256, "/tmp/enrum-test-XXXXXX");
    assert(mkdtemp(out) != NULL);
    assert(folders.count < sizeof folders.paths / sizeof folders.paths[0]);
    if (folders.count == 0) {
        assert(atexit(folders_remove) == 0);
    }
    memcpy(folders.paths[folders.count++], out, 256);
}
