/* noticebook_test -- who is due a notice, by what the logs say. */
#include "../../../client-sdk/keeper/noticebook.h"
#include "roster.h"

#include <string.h>

static struct roster roster;
static struct noticebook notices;
static struct logbook *room;
static uint64_t now_ms;

static int setup(void **state)
{
    (void)state;
    roster_init(&roster);
    noticebook_init(&notices);
    room = logbook_new(&roster.room);
    assert_non_null(room);
    now_ms = ROSTER_NOW_MS;
    const struct wire_member members[] = {{roster.citizen.certificate.body.person, ROLE_CITIZEN},
                                          {roster.worker.certificate.body.person, ROLE_STAFF},
                                          {roster.board, ROLE_KEEPER}};
    roster_generation(&roster, &roster.citizen, room, members, 3);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    logbook_free(room);
    noticebook_fini(&notices);
    return 0;
}

static const struct id *citizen(void)
{
    return &roster.citizen.certificate.body.person;
}

/* An entry of the room, a second behind the one before it. */
static void apply(struct staged *staged)
{
    staged->item.entry = &staged->entry;
    staged->item.received_at = now_ms += 1000;
    assert_true(logbook_apply(room, &staged->item));
    assert_true(noticebook_apply(&notices, room, &staged->item));
    staged_fini(staged);
}

static uint64_t says(struct roster_party *author, uint64_t seen_seq)
{
    struct staged staged;
    struct wire_body_text body = {.text = slice_of_text("Hej")};
    roster_record(&roster, author, KIND_MESSAGE, &body, &staged);
    staged.entry.head.seen_seq = seen_seq;
    uint64_t seq = staged.item.seq;
    apply(&staged);
    return seq;
}

static void reads(struct roster_party *author, uint64_t up_to)
{
    struct staged staged;
    roster_next(&roster, author, CLASS_READ, &staged);
    staged.entry.open.read.seq = up_to;
    apply(&staged);
}

/* An entry of the register. */
static void register_says(struct roster_party *author, uint64_t kind, const void *body)
{
    struct staged staged;
    struct logbook board = {.purpose = 1};
    roster_record(&roster, author, kind, body, &staged);
    staged.item.entry = &staged.entry;
    staged.item.received_at = now_ms += 1000;
    assert_true(noticebook_apply(&notices, &board, &staged.item));
    staged_fini(&staged);
}

static void wants(const char *address)
{
    struct wire_body_notice body = {*citizen(), address[0] != '\0' ? 1 : 2, slice_of_text(address)};
    register_says(&roster.keeper, KIND_NOTICE, &body);
}

static void notified(uint64_t seq)
{
    struct wire_body_notified body = {*citizen(), roster.room, seq};
    register_says(&roster.keeper, KIND_NOTIFIED, &body);
}

/* The newest entry that somebody is to be told of by now; 0: nobody is. */
static uint64_t due(void)
{
    const struct unread *what = NULL;
    const struct wish *wish = noticebook_due(&notices, now_ms, &what);
    if (wish == NULL) {
        return 0;
    }
    assert_true(id_equal(&wish->person, citizen()));
    assert_true(id_equal(&what->room, &roster.room));
    return what->newest_seq;
}

static void what_others_write_is_due_when_it_has_waited(void **state)
{
    (void)state;
    wants("test@example.org");
    assert_int_equal(due(), 0);
    (void)says(&roster.citizen, 0);
    assert_int_equal(due(), 0);
    uint64_t seq = says(&roster.worker, 2);
    const struct unread *what;
    assert_null(noticebook_due(&notices, now_ms - 1, &what));
    assert_int_equal(due(), seq);
}

static void nobody_is_told_who_has_not_asked_or_no_longer_wants(void **state)
{
    (void)state;
    (void)says(&roster.worker, 1);
    assert_int_equal(due(), 0);
    wants("test@example.org");
    assert_int_equal(due(), 0); /* it came before */
    uint64_t seq = says(&roster.worker, 1);
    assert_int_equal(due(), seq);
    wants("");
    assert_int_equal(due(), 0);
    assert_string_equal(noticebook_wish(&notices, citizen())->address, "");
}

static void what_is_read_on_any_device_is_not_due(void **state)
{
    (void)state;
    struct roster_party other;
    roster_device(&roster, &roster.citizen, &other);
    wants("test@example.org");
    uint64_t first = says(&roster.worker, 1);
    uint64_t second = says(&roster.worker, 1);
    reads(&other, first);
    /* The second waits since it came, not since the first did. */
    const struct unread *what = NULL;
    assert_non_null(noticebook_due(&notices, now_ms, &what));
    assert_int_equal(what->newest_seq, second);
    assert_int_equal(what->since, what->newest_at);
    reads(&other, second);
    assert_int_equal(due(), 0);
}

static void who_writes_elsewhere_has_not_read(void **state)
{
    (void)state;
    wants("test@example.org");
    uint64_t seq = says(&roster.worker, 1);
    (void)says(&roster.citizen, roster.seq); /* their device has all of it */
    assert_int_equal(due(), seq);
    reads(&roster.citizen, seq);
    assert_int_equal(due(), 0);
}

static void one_absence_is_one_notice(void **state)
{
    (void)state;
    wants("test@example.org");
    uint64_t seq = says(&roster.worker, 1);
    assert_int_equal(due(), seq);
    notified(seq);
    assert_int_equal(due(), 0);
    seq = says(&roster.worker, 1);
    assert_int_equal(due(), 0);
    reads(&roster.citizen, seq - 1); /* in, and not to the end */
    assert_int_equal(due(), seq);
    notified(seq);
    reads(&roster.citizen, seq - 1);
    assert_int_equal(due(), 0); /* they have been told of it */
    reads(&roster.citizen, seq);
    seq = says(&roster.worker, 1);
    assert_int_equal(due(), seq);
}

static void what_is_forgotten_is_not_due_until_somebody_writes_again(void **state)
{
    (void)state;
    wants("test@example.org");
    (void)says(&roster.worker, 1);
    const struct unread *what = NULL;
    assert_non_null(noticebook_due(&notices, now_ms, &what));
    noticebook_forget(&notices, what);
    assert_int_equal(due(), 0);
    uint64_t seq = says(&roster.worker, 1);
    assert_int_equal(due(), seq);
}

static void the_keepers_own_entries_are_nothing_to_tell_of(void **state)
{
    (void)state;
    wants("test@example.org");
    (void)says(&roster.keeper, 1);
    assert_int_equal(due(), 0);
}

static void only_a_keeper_says_who_wants_notices(void **state)
{
    (void)state;
    struct wire_body_notice body = {*citizen(), 1, slice_of_text("thief@example.org")};
    register_says(&roster.worker, KIND_NOTICE, &body);
    assert_null(noticebook_wish(&notices, citizen()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_others_write_is_due_when_it_has_waited, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(nobody_is_told_who_has_not_asked_or_no_longer_wants, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_is_read_on_any_device_is_not_due, setup, teardown),
        cmocka_unit_test_setup_teardown(who_writes_elsewhere_has_not_read, setup, teardown),
        cmocka_unit_test_setup_teardown(one_absence_is_one_notice, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_forgotten_is_not_due_until_somebody_writes_again,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(the_keepers_own_entries_are_nothing_to_tell_of, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(only_a_keeper_says_who_wants_notices, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
