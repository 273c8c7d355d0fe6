/* What a keeper believes of the calls that the host shows, and when an entry is due. */
#include "../../../client-sdk/keeper/heldcalls.h"

#include "roster.h"

#include <string.h>

enum { GRACE_MS = 1000 };

static struct roster roster;
static struct logbook *book;
static struct heldcalls held;

static bool certificate_find(void *context, const struct id *hash, struct certificate *out)
{
    (void)context;
    const struct roster_party *parties[] = {&roster.citizen, &roster.other, &roster.worker,
                                            &roster.colleague};
    for (size_t i = 0; i < sizeof parties / sizeof parties[0]; i++) {
        if (id_equal(&parties[i]->certificate.hash, hash)) {
            *out = parties[i]->certificate;
            return true;
        }
    }
    return false;
}

static int set_up(void **state)
{
    (void)state;
    roster_init(&roster);
    book = logbook_new(&roster.room);
    assert_non_null(book);
    struct wire_member members[] = {{roster.citizen.certificate.body.person, ROLE_CITIZEN},
                                    {roster.worker.certificate.body.person, ROLE_STAFF}};
    roster_generation(&roster, &roster.citizen, book, members, 2);
    heldcalls_init(&held, GRACE_MS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    heldcalls_fini(&held);
    logbook_free(book);
    return 0;
}

/* A CALL, made piece by piece. */
struct showing {
    struct buffer participants, admissions;
    uint64_t count;
};

static void showing_init(struct showing *showing)
{
    buffer_init(&showing->participants, CALL_STATE_BYTES_MAX);
    buffer_init(&showing->admissions, CALL_STATE_BYTES_MAX);
    showing->count = 0;
}

static struct id key_of(const struct roster_party *party)
{
    struct id key = party->certificate.hash;
    key.bytes[0] ^= 1;
    return key;
}

/* `signer` signs the call key: the party's own device, or another. */
static void put(struct showing *showing, const struct roster_party *party,
                const struct roster_party *signer, uint64_t state)
{
    struct wire_call_key key = {.version = 1,
                                .suite = SUITE_1,
                                .board = roster.board,
                                .call = roster_id(7),
                                .certificate = party->certificate.hash,
                                .key = key_of(party)};
    struct buffer body, bytes;
    buffer_init(&body, CERTIFICATE_BYTES_MAX);
    buffer_init(&bytes, CERTIFICATE_BYTES_MAX);
    assert_int_equal(layout_encode(&layout_call_key, &key, &body), ENRUM_OK);
    assert_int_equal(signed_encode(&signer->sign, LABEL_CALL_KEY, buffer_slice(&body), &bytes),
                     ENRUM_OK);
    struct wire_call_participant item = {.number = ++showing->count,
                                         .state = state,
                                         .person = party->certificate.body.person,
                                         .role = party->certificate.body.role,
                                         .is_member = 1,
                                         .key = buffer_slice(&bytes)};
    assert_int_equal(layout_encode(&layout_call_participant, &item, &showing->participants),
                     ENRUM_OK);
    buffer_fini(&body);
    buffer_fini(&bytes);
}

static void admit(struct showing *showing, const struct roster_party *by,
                  const struct roster_party *about)
{
    struct wire_call_admission admission = {.version = 1,
                                            .board = roster.board,
                                            .call = roster_id(7),
                                            .operation = 1,
                                            .certificate = about->certificate.hash,
                                            .key = key_of(about),
                                            .by = by->certificate.hash};
    struct buffer body;
    buffer_init(&body, CERTIFICATE_BYTES_MAX);
    assert_int_equal(layout_encode(&layout_call_admission, &admission, &body), ENRUM_OK);
    assert_int_equal(
        signed_encode(&by->sign, LABEL_CALL_ADMISSION, buffer_slice(&body), &showing->admissions),
        ENRUM_OK);
    buffer_fini(&body);
}

/* Shows it and lets it go. */
static void show(struct showing *showing, uint64_t state, uint64_t mono_ms)
{
    struct msg_call message = {.board = roster.board,
                               .room = id_slice(&roster.room),
                               .call = roster_id(7),
                               .state = state,
                               .began = ROSTER_NOW_MS,
                               .participants = buffer_slice(&showing->participants),
                               .admissions = buffer_slice(&showing->admissions)};
    struct held_knows knows = {.book = book,
                               .certificate = certificate_find,
                               .wall_ms = ROSTER_NOW_MS + mono_ms,
                               .mono_ms = mono_ms};
    heldcalls_show(&held, &message, &knows);
    buffer_fini(&showing->participants);
    buffer_fini(&showing->admissions);
}

/* The worker and the citizen, whom she has let in. */
static void show_two(uint64_t state, uint64_t mono_ms)
{
    struct showing showing;
    showing_init(&showing);
    put(&showing, &roster.worker, &roster.worker, CALL_STATE_IN);
    put(&showing, &roster.citizen, &roster.citizen, CALL_STATE_IN);
    admit(&showing, &roster.worker, &roster.citizen);
    show(&showing, state, mono_ms);
}

static void an_entry_is_due_when_the_call_has_been_over_for_a_while(void **state)
{
    (void)state;
    show_two(CALL_STATE_IN, 10);
    assert_null(heldcalls_due(&held, 1000000));
    show_two(CALL_STATE_OVER, 500);
    assert_null(heldcalls_due(&held, 500 + GRACE_MS - 1));
    struct held_call *call = heldcalls_due(&held, 500 + GRACE_MS);
    assert_non_null(call);
    assert_int_equal(call->began, ROSTER_NOW_MS);
    assert_int_equal(call->ended, ROSTER_NOW_MS + 500);
    assert_int_equal(call->people_count, 2);
    assert_int_equal(call->people[0].role, ROLE_STAFF);
    assert_int_equal(call->people[1].role, ROLE_CITIZEN);
    assert_int_equal(call->people[1].level, roster.citizen.certificate.body.level);
}

static void an_entry_of_a_client_makes_it_needless(void **state)
{
    (void)state;
    show_two(CALL_STATE_IN, 10);
    show_two(CALL_STATE_OVER, 500);
    struct id call = roster_id(7);
    heldcalls_done(&held, &call);
    assert_null(heldcalls_due(&held, 1000000));
    /* What is over and not known is not begun anew by hearing so once more. */
    show_two(CALL_STATE_OVER, 600);
    assert_null(heldcalls_due(&held, 1000000));
}

static void who_is_not_let_in_was_not_in_it(void **state)
{
    (void)state;
    const struct {
        const char *what;
        const struct roster_party *admits; /* NULL: nobody */
        const struct roster_party *signs;  /* the citizen's call key */
        uint64_t citizen_state;
    } rows[] = {
        {"nobody has signed", NULL, &roster.citizen, CALL_STATE_IN},
        {"staff of other rooms have", &roster.colleague, &roster.citizen, CALL_STATE_IN},
        {"another citizen has", &roster.other, &roster.citizen, CALL_STATE_IN},
        {"the key is another's", &roster.worker, &roster.other, CALL_STATE_IN},
        {"waits still", &roster.worker, &roster.citizen, CALL_STATE_WAITING},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct showing showing;
        showing_init(&showing);
        put(&showing, &roster.worker, &roster.worker, CALL_STATE_IN);
        put(&showing, &roster.citizen, rows[i].signs, rows[i].citizen_state);
        if (rows[i].admits != NULL) {
            admit(&showing, rows[i].admits, &roster.citizen);
        }
        show(&showing, CALL_STATE_IN, 10);
        struct id id = roster_id(7);
        const struct held_call *call = table_find(&held.by_id, id.bytes);
        assert_non_null(call);
        if (call->people_count != 1) {
            fail_msg("%s: %zu people", rows[i].what, call->people_count);
        }
        heldcalls_done(&held, &id);
    }
}

static void one_alone_held_no_call(void **state)
{
    (void)state;
    struct showing showing;
    showing_init(&showing);
    put(&showing, &roster.worker, &roster.worker, CALL_STATE_IN);
    show(&showing, CALL_STATE_IN, 10);
    showing_init(&showing);
    show(&showing, CALL_STATE_OVER, 20);
    assert_null(heldcalls_due(&held, 1000000));
    struct id id = roster_id(7);
    assert_null(table_find(&held.by_id, id.bytes));
}

static void a_call_that_is_not_shown_again_was_over_when_the_connection_was_lost(void **state)
{
    (void)state;
    show_two(CALL_STATE_IN, 10);
    heldcalls_lost(&held, ROSTER_NOW_MS + 700);
    heldcalls_connected(&held, 2000);
    assert_null(heldcalls_due(&held, 2000 + CALL_AWAY_MS));
    struct held_call *call = heldcalls_due(&held, 2000 + CALL_AWAY_MS + GRACE_MS);
    assert_non_null(call);
    assert_int_equal(call->ended, ROSTER_NOW_MS + 700);
    /* And one that is goes on. */
    show_two(CALL_STATE_IN, 3000);
    assert_null(heldcalls_due(&held, 1000000));
}

/* A connection that comes and goes: each time there is time to be shown what goes on. */
static void a_call_is_not_over_because_the_connection_came_back_twice(void **state)
{
    (void)state;
    show_two(CALL_STATE_IN, 10);
    heldcalls_lost(&held, ROSTER_NOW_MS + 700);
    heldcalls_connected(&held, 2000);
    heldcalls_lost(&held, ROSTER_NOW_MS + 3000);
    assert_null(heldcalls_due(&held, 2000 + CALL_AWAY_MS + GRACE_MS));
    heldcalls_connected(&held, 500000);
    assert_null(heldcalls_due(&held, 500000 + CALL_AWAY_MS));
    struct held_call *call = heldcalls_due(&held, 500000 + CALL_AWAY_MS + GRACE_MS);
    assert_non_null(call);
    assert_int_equal(call->ended, ROSTER_NOW_MS + 700);
    /* One that the host has shown to be over is over. */
    show_two(CALL_STATE_OVER, 600000);
    heldcalls_lost(&held, ROSTER_NOW_MS + 600001);
    assert_non_null(heldcalls_due(&held, 600000 + GRACE_MS));
}

/* The entry of a client comes while the keeper's own is on its way: whatever becomes of that, no
 * second one is written. */
static void an_entry_that_comes_while_one_is_under_way_makes_another_needless(void **state)
{
    (void)state;
    struct id id = roster_id(7);
    for (int is_written = 0; is_written < 2; is_written++) {
        show_two(CALL_STATE_IN, 10);
        show_two(CALL_STATE_OVER, 500);
        struct held_call *call = heldcalls_due(&held, 500 + GRACE_MS);
        assert_non_null(call);
        call->is_under_way = true;
        heldcalls_done(&held, &id);
        /* What the answer is about is still there, and no other call takes its place. */
        assert_ptr_equal(table_find(&held.by_id, id.bytes), call);
        heldcalls_written(&held, call, is_written != 0, 5000);
        assert_null(table_find(&held.by_id, id.bytes));
    }
    /* One that failed, and that nobody else has written, is tried again. */
    show_two(CALL_STATE_IN, 10);
    show_two(CALL_STATE_OVER, 500);
    struct held_call *call = heldcalls_due(&held, 500 + GRACE_MS);
    assert_non_null(call);
    call->is_under_way = true;
    heldcalls_written(&held, call, false, 5000);
    assert_null(heldcalls_due(&held, 5000 + GRACE_MS - 1));
    assert_ptr_equal(heldcalls_due(&held, 5000 + GRACE_MS), call);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(an_entry_is_due_when_the_call_has_been_over_for_a_while),
        TEST(an_entry_of_a_client_makes_it_needless),
        TEST(who_is_not_let_in_was_not_in_it),
        TEST(one_alone_held_no_call),
        TEST(a_call_that_is_not_shown_again_was_over_when_the_connection_was_lost),
        TEST(a_call_is_not_over_because_the_connection_came_back_twice),
        TEST(an_entry_that_comes_while_one_is_under_way_makes_another_needless),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
