/* Each lie about a log is noticed by the fold, and changes nothing. */
#include "client-sdk/c/fold.h"

#include "clientstage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct stage stage;
static struct stage_log room_log;
static struct fold fold;

static const struct certificate *author_of(const struct entry *entry)
{
    const struct stage_device *all[] = {&stage.keeper, &stage.citizen, &stage.staff,
                                        &stage.stranger};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (id_equal(&all[i]->me.hash, &entry->head.certificate)) {
            return &all[i]->me;
        }
    }
    return NULL;
}

static enum enrum_err next(const struct stored_entry *stored)
{
    return fold_next(&fold, stored, author_of(&stored->entry), false);
}

static enum enrum_err next_at(uint64_t seq)
{
    struct stored_entry stored;
    log_at(&room_log, seq, &stored);
    return next(&stored);
}

static void fold_up_to(uint64_t seq)
{
    while (fold.seq < seq) {
        assert_int_equal(next_at(fold.seq + 1), ENRUM_OK);
    }
}

/* The last entry of the log is refused with this, and the fold is as it was. */
static void assert_refused(enum enrum_err err)
{
    fold_up_to(room_log.seq - 1);
    struct id hash = fold.hash;
    uint64_t members = fold.member_count, devices = fold.device_count;
    assert_int_equal(next_at(room_log.seq), err);
    assert_true(id_equal(&hash, &fold.hash));
    assert_int_equal(fold.seq, room_log.seq - 1);
    assert_int_equal(fold.member_count, members);
    assert_int_equal(fold.device_count, devices);
}

static int setup(void **state)
{
    (void)state;
    struct id room;
    stage_init(&stage);
    suite_random(room.bytes, ID_BYTES);
    log_init(&room_log, &room);
    log_open_room(&stage, &room_log);
    log_say(&stage, &room_log, &stage.citizen, "Hej");
    log_add_staff(&stage, &room_log);
    log_say(&stage, &room_log, &stage.staff, "Hej hej");
    fold_init(&fold, &stage.board.id, &room);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fold_fini(&fold);
    log_fini(&room_log);
    stage_fini(&stage);
    return 0;
}

static void honest_log_is_taken_whole(void **state)
{
    (void)state;
    log_checkpoint(&stage, &room_log, 0);
    log_say(&stage, &room_log, &stage.citizen, "Tack");
    log_checkpoint(&stage, &room_log, room_log.seq - 1);
    fold_up_to(room_log.seq);
    assert_true(id_equal(&fold.hash, &room_log.hash));
    assert_int_equal(fold.member_count, 3);
    assert_int_equal(fold.covered_seq, room_log.seq - 1);
    assert_int_equal(fold_device_seq(&fold, &stage.citizen.me.device), 6);
}

static void altered_entry_is_forged(void **state)
{
    (void)state;
    for (uint64_t seq = 1; seq <= room_log.seq; seq++) {
        struct stored_entry stored;
        log_at(&room_log, seq, &stored);
        struct stored_entry altered = stored;
        altered.entry.sig.bytes[7] ^= 1;
        assert_int_equal(next(&altered), ENRUM_ENTRY_FORGED);
        altered = stored;
        altered.entry.open_hash.bytes[0] ^= 1;
        assert_int_equal(next(&altered), ENRUM_ENTRY_FORGED);
        assert_int_equal(next(&stored), ENRUM_OK);
    }
}

static void dropped_entry_breaks_the_chain(void **state)
{
    (void)state;
    fold_up_to(4);
    assert_int_equal(next_at(6), ENRUM_CHAIN_BROKEN);
    /* Renumbered, so that the numbers have no gap: the next one names what it has seen. */
    struct stored_entry stored;
    log_at(&room_log, 6, &stored);
    stored.seq = 5;
    assert_int_equal(next(&stored), ENRUM_FORK);
}

static void device_number_left_out_breaks_the_chain(void **state)
{
    (void)state;
    struct buffer bytes;
    buffer_init(&bytes, ENTRY_BYTES_MAX);
    room_log.device_seqs[6] = 4; /* the staff's newest is taken for its fourth */
    struct wire_open_read open = {.seq = 5, .hash = room_log.hashes[5]};
    log_encode(&stage, &room_log, &stage.staff, CLASS_READ, &open, NULL, &bytes);
    log_append(&room_log, buffer_slice(&bytes), &stage.staff.me.device, stage.now);
    buffer_fini(&bytes);
    assert_refused(ENRUM_CHAIN_BROKEN);
}

static void reordered_entries_are_noticed(void **state)
{
    (void)state;
    struct stored_entry stored;
    fold_up_to(4);
    log_at(&room_log, 7, &stored);
    stored.seq = 5;
    assert_int_equal(next(&stored), ENRUM_FORK);
    log_at(&room_log, 3, &stored);
    stored.seq = 5;
    assert_int_equal(next(&stored), ENRUM_CHAIN_BROKEN);
}

static void falling_time_breaks_the_chain(void **state)
{
    (void)state;
    struct stored_entry stored;
    fold_up_to(6);
    log_at(&room_log, 7, &stored);
    stored.received_at--;
    assert_int_equal(next(&stored), ENRUM_CHAIN_BROKEN);
}

static void non_member_is_forged(void **state)
{
    (void)state;
    log_say(&stage, &room_log, &stage.stranger, "Jag också");
    assert_refused(ENRUM_ENTRY_FORGED);
}

static void author_without_a_trusted_certificate_is_forged(void **state)
{
    (void)state;
    struct stored_entry stored;
    fold_up_to(6);
    log_at(&room_log, 7, &stored);
    assert_int_equal(fold_next(&fold, &stored, NULL, false), ENRUM_ENTRY_FORGED);
    assert_int_equal(fold_next(&fold, &stored, &stage.citizen.me, false), ENRUM_ENTRY_FORGED);
}

static void expired_certificate_is_forged(void **state)
{
    (void)state;
    struct stage_device old = stage.staff;
    buffer_init(&old.certificate, CERTIFICATE_BYTES_MAX);
    stage_certify(&stage, &old, ROLE_STAFF, stage.now - 86400000,
                  stage.now - CLOCK_SKEW_MS_MAX - 1);
    log_say(&stage, &room_log, &old, "För sent");
    struct stored_entry stored;
    log_at(&room_log, room_log.seq, &stored);
    fold_up_to(room_log.seq - 1);
    assert_int_equal(fold_next(&fold, &stored, &old.me, false), ENRUM_ENTRY_FORGED);
    buffer_fini(&old.certificate);
}

static void forged_checkpoint_is_wrong(void **state)
{
    (void)state;
    struct id good = room_log.hash;
    room_log.hash.bytes[3] ^= 1;
    struct wire_open_checkpoint open = {
        .seq = room_log.seq, .hash = room_log.hash, .previous_hash = room_log.room};
    room_log.hash = good;
    struct buffer body;
    struct wire_body_refusals refusals = {.refused = {NULL, 0}};
    buffer_init(&body, 64);
    assert_int_equal(layout_encode(&layout_body_refusals, &refusals, &body), ENRUM_OK);
    struct wire_content content = {
        .kind = KIND_REFUSALS, .role = ROLE_KEEPER, .body = buffer_slice(&body)};
    log_write(&stage, &room_log, &stage.keeper, CLASS_CHECKPOINT, &open, &content);
    buffer_fini(&body);
    assert_refused(ENRUM_CHECKPOINT_WRONG);
}

static void checkpoint_that_skips_the_one_before_is_wrong(void **state)
{
    (void)state;
    log_checkpoint(&stage, &room_log, 0);
    log_checkpoint(&stage, &room_log, 0);
    assert_refused(ENRUM_CHECKPOINT_WRONG);
}

static void staff_may_not_write_checkpoints(void **state)
{
    (void)state;
    struct stage_device keeper = stage.keeper;
    stage.keeper = stage.staff;
    log_checkpoint(&stage, &room_log, 0);
    stage.keeper = keeper;
    assert_refused(ENRUM_ENTRY_FORGED);
}

static void other_history_is_a_fork(void **state)
{
    (void)state;
    struct id good = room_log.hash;
    room_log.hash.bytes[0] ^= 1;
    struct wire_open_read open = {.seq = 5, .hash = room_log.hashes[5]};
    struct buffer bytes;
    buffer_init(&bytes, ENTRY_BYTES_MAX);
    log_encode(&stage, &room_log, &stage.staff, CLASS_READ, &open, NULL, &bytes);
    room_log.hash = good;
    log_append(&room_log, buffer_slice(&bytes), &stage.staff.me.device, stage.now);
    buffer_fini(&bytes);
    assert_refused(ENRUM_FORK);
}

static void citizen_may_not_grant_after_the_opening(void **state)
{
    (void)state;
    log_grant(&stage, &room_log, &stage.citizen, &stage.staff);
    assert_refused(ENRUM_ENTRY_FORGED);
}

static void older_generation_is_forged(void **state)
{
    (void)state;
    room_log.generation = 2;
    log_say(&stage, &room_log, &stage.citizen, "Ny nyckel");
    assert_refused(ENRUM_ENTRY_FORGED);
}

static void removed_person_is_forged(void **state)
{
    (void)state;
    struct wire_open_member open = {.operation = MEMBER_REMOVE,
                                    .subject_type = SUBJECT_PERSON,
                                    .subject = stage.staff.me.body.person};
    struct wire_body_change change = {.ground = GROUND_LEFT};
    struct buffer body;
    buffer_init(&body, 64);
    assert_int_equal(layout_encode(&layout_body_change, &change, &body), ENRUM_OK);
    struct wire_content content = {
        .kind = KIND_CHANGE, .role = ROLE_KEEPER, .body = buffer_slice(&body)};
    log_write(&stage, &room_log, &stage.keeper, CLASS_MEMBER, &open, &content);
    buffer_fini(&body);
    log_say(&stage, &room_log, &stage.staff, "Jag är kvar");
    assert_refused(ENRUM_ENTRY_FORGED);
}

static void missing_payload_waits_for_its_erasure(void **state)
{
    (void)state;
    struct stored_entry stored;
    fold_up_to(4);
    log_at(&room_log, 5, &stored);
    stored.entry.is_erased = true;
    stored.entry.sealed = (struct slice){NULL, 0};
    assert_int_equal(next(&stored), ENRUM_OK);
    assert_int_equal(fold.missing_count, 1);
    fold_up_to(room_log.seq);
    struct wire_open_erase open = {.seq = 5, .hash = room_log.hashes[5], .ground = GROUND_COURT};
    log_write(&stage, &room_log, &stage.keeper, CLASS_ERASE, &open, NULL);
    fold_up_to(room_log.seq);
    assert_int_equal(fold.missing_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(honest_log_is_taken_whole),
        TEST(altered_entry_is_forged),
        TEST(dropped_entry_breaks_the_chain),
        TEST(device_number_left_out_breaks_the_chain),
        TEST(reordered_entries_are_noticed),
        TEST(falling_time_breaks_the_chain),
        TEST(non_member_is_forged),
        TEST(author_without_a_trusted_certificate_is_forged),
        TEST(expired_certificate_is_forged),
        TEST(forged_checkpoint_is_wrong),
        TEST(checkpoint_that_skips_the_one_before_is_wrong),
        TEST(staff_may_not_write_checkpoints),
        TEST(other_history_is_a_fork),
        TEST(citizen_may_not_grant_after_the_opening),
        TEST(older_generation_is_forged),
        TEST(removed_person_is_forged),
        TEST(missing_payload_waits_for_its_erasure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
