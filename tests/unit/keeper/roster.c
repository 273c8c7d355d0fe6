/* roster -- see roster.h. */
#include "roster.h"

#include <string.h>

struct id roster_id(uint8_t byte)
{
    struct id id;
    memset(id.bytes, byte, sizeof id.bytes);
    return id;
}

static void party_certify(const struct roster *roster, struct roster_party *party,
                          const struct id *person, enum role role)
{
    struct buffer bytes;
    struct wire_certificate body = {
        .board = roster->board,
        .issuer = roster->board,
        .sign_key = party->sign.public,
        .seal_key = party->seal.public,
        .person = *person,
        .role = role,
        .level = 3,
        .not_before = ROSTER_NOW_MS - 3600000,
        .not_after = ROSTER_NOW_MS + 3600000,
    };
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    assert_int_equal(certificate_encode(&roster->keeper.sign, &body, &bytes), ENRUM_OK);
    memcpy(party->bytes, bytes.at, bytes.len);
    party->len = bytes.len;
    assert_int_equal(certificate_decode(buffer_slice(&bytes), &party->certificate), ENRUM_OK);
    buffer_fini(&bytes);
}

static void party_init(const struct roster *roster, struct roster_party *party,
                       const struct id *person, enum role role)
{
    party->device_seq = 0;
    sign_pair_new(&party->sign);
    seal_pair_new(&party->seal);
    party_certify(roster, party, person, role);
}

void roster_init(struct roster *roster)
{
    struct id citizen = roster_id(1), other = roster_id(2), worker = roster_id(3),
              mate = roster_id(4);
    assert_true(suite_init());
    *roster = (struct roster){.board = roster_id(0xb0), .room = roster_id(0x20)};
    roster->hash = roster->room;
    sign_pair_new(&roster->keeper.sign);
    seal_pair_new(&roster->keeper.seal);
    party_certify(roster, &roster->keeper, &roster->board, ROLE_KEEPER);
    party_init(roster, &roster->citizen, &citizen, ROLE_CITIZEN);
    party_init(roster, &roster->other, &other, ROLE_CITIZEN);
    party_init(roster, &roster->worker, &worker, ROLE_STAFF);
    party_init(roster, &roster->colleague, &mate, ROLE_STAFF);
}

void roster_device(const struct roster *roster, const struct roster_party *of,
                   struct roster_party *out)
{
    party_init(roster, out, &of->certificate.body.person, (enum role)of->certificate.body.role);
}

void roster_next(struct roster *roster, struct roster_party *author, uint64_t class,
                 struct staged *out)
{
    *out = (struct staged){0};
    buffer_init(&out->body, CONTENT_BYTES_MAX);
    out->entry.head = (struct wire_head){.room = roster->room,
                                         .class = class,
                                         .generation = 1,
                                         .certificate = author->certificate.hash,
                                         .device_seq = ++author->device_seq,
                                         .seen_seq = roster->seq,
                                         .seen_hash = roster->hash,
                                         .time = ROSTER_NOW_MS};
    roster->seq++;
    memcpy(roster->hash.bytes, &roster->seq, sizeof roster->seq);
    out->item = (struct enrum_item){.room = roster->room,
                                    .hash = roster->hash,
                                    .seq = roster->seq,
                                    .received_at = ROSTER_NOW_MS,
                                    .time = ROSTER_NOW_MS,
                                    .class = class,
                                    .generation = 1,
                                    .device_seq = author->device_seq,
                                    .author = author->certificate};
}

void roster_record(struct roster *roster, struct roster_party *author, uint64_t kind,
                   const void *body, struct staged *out)
{
    roster_next(roster, author, CLASS_RECORD, out);
    assert_int_equal(layout_encode(kind_layout(kind), body, &out->body), ENRUM_OK);
    out->item.is_open = true;
    out->item.content = (struct wire_content){.kind = kind,
                                              .role = author->certificate.body.role,
                                              .rule_version = 1,
                                              .body = buffer_slice(&out->body)};
}

void staged_fini(struct staged *staged)
{
    buffer_fini(&staged->body);
}

void roster_apply(struct logbook *book, struct staged *staged)
{
    staged->item.entry = &staged->entry;
    assert_true(logbook_apply(book, &staged->item));
    staged_fini(staged);
}

void roster_generation(struct roster *roster, struct roster_party *author, struct logbook *book,
                       const struct wire_member *members, size_t count)
{
    struct staged staged;
    roster_next(roster, author, CLASS_GENERATION, &staged);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(layout_encode(&layout_member, &members[i], &staged.body), ENRUM_OK);
    }
    staged.entry.open.generation = (struct wire_open_generation){
        .number = book->generation + 1, .members = buffer_slice(&staged.body)};
    roster_apply(book, &staged);
}

void roster_grant(struct roster *roster, struct logbook *book, const struct id *device,
                  uint64_t first, uint64_t last)
{
    struct staged staged;
    roster_next(roster, &roster->keeper, CLASS_GRANT, &staged);
    staged.entry.open.grant = (struct wire_open_grant){
        .device = *device, .first = first, .last = last};
    roster_apply(book, &staged);
}

void roster_member(struct roster *roster, struct roster_party *author, struct logbook *book,
                   uint64_t operation, uint64_t subject_type, const struct id *subject)
{
    struct staged staged;
    roster_next(roster, author, CLASS_MEMBER, &staged);
    staged.entry.open.member = (struct wire_open_member){
        .operation = operation,
        .subject_type = subject_type,
        .subject = *subject,
        .role = operation == MEMBER_ADD ? ROLE_STAFF : 0};
    roster_apply(book, &staged);
}

static void registry_take(struct registry *registry, struct staged *staged)
{
    staged->item.entry = &staged->entry;
    assert_true(registry_apply(registry, &staged->item));
    staged_fini(staged);
}

static void bind(struct roster *roster, struct registry *registry, const struct roster_party *party,
                 const char *token, const struct device_word *word, uint64_t at_ms)
{
    const struct wire_certificate *certificate = &party->certificate.body;
    struct staged staged;
    struct wire_body_binding body = {
        .person = certificate->person,
        .device = party->certificate.device,
        .certificate = {party->bytes, party->len},
        .role = certificate->role,
        .level = certificate->level,
        .name = slice_of_text("Test Testsson"),
        .number = slice_of_text("199001152397"),
        .provider = slice_of_text("demo"),
        .token = slice_of_text(token),
        .provider_key = slice_of_text("{}"),
        .device_type = word->type,
        .browser = word->browser,
        .is_borrowed = word->is_borrowed,
    };
    roster_record(roster, &roster->keeper, KIND_BINDING, &body, &staged);
    staged.item.received_at = at_ms;
    registry_take(registry, &staged);
}

void roster_bind(struct roster *roster, struct registry *registry, const struct roster_party *party,
                 const char *token, uint64_t at_ms)
{
    const struct device_word silent = {0};
    bind(roster, registry, party, token, &silent, at_ms);
}

void roster_bind_as(struct roster *roster, struct registry *registry,
                    const struct roster_party *party, struct device_word word, uint64_t at_ms)
{
    bind(roster, registry, party, "token", &word, at_ms);
}

static void employee_say(struct roster *roster, struct registry *registry, const struct id *person,
                         uint64_t operation, const struct id *unit, uint64_t at_ms)
{
    struct staged staged;
    struct wire_body_employee body = {.operation = operation,
                                      .person = *person,
                                      .identity = slice_of_text("test.handlaggare"),
                                      .name = slice_of_text("Testina Handläggare"),
                                      .title = slice_of_text("Socialsekreterare"),
                                      .unit = *unit};
    roster_record(roster, &roster->keeper, KIND_EMPLOYEE, &body, &staged);
    staged.item.received_at = at_ms;
    registry_take(registry, &staged);
}

void roster_employ(struct roster *roster, struct registry *registry, const struct id *person,
                   uint64_t operation)
{
    struct id unit = roster_id(0x77);
    employee_say(roster, registry, person, operation, &unit, ROSTER_NOW_MS);
}

void roster_employ_in(struct roster *roster, struct registry *registry, const struct id *person,
                      const struct id *unit, uint64_t at_ms)
{
    employee_say(roster, registry, person, 1, unit, at_ms);
}

void roster_revoke(struct roster *roster, struct registry *registry, const struct id *subject)
{
    struct staged staged;
    roster_next(roster, &roster->keeper, CLASS_MEMBER, &staged);
    staged.entry.open.member = (struct wire_open_member){.operation = MEMBER_REVOKE,
                                                         .subject_type = SUBJECT_PERSON,
                                                         .subject = *subject,
                                                         .ground = GROUND_LEFT};
    registry_take(registry, &staged);
}
