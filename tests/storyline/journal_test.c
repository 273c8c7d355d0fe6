/* Storylines of the pure journal: what happens goes in, and the text of what comes out is the
 * assertion. */
#include "story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* A citizen has opened the room, a keeper who was there has been told, and the trace of that is
 * read. */
static void opened(struct story *story, struct person *citizen)
{
    bool has_keeper = story->people[1].identity.role == ROLE_KEEPER;
    story_open(story, citizen);
    story_settle(story);
    story_expect(story, has_keeper ? "store: load\n"
                                     "store: append 2 behind 0\n"
                                     "anna <- ACK 2 entries to 2\n"
                                     "keeper <- ROOM_NEW\n"
                                   : "store: load\n"
                                     "store: append 2 behind 0\n"
                                     "anna <- ACK 2 entries to 2\n");
}

static void a_room_is_opened_and_written_in_and_acknowledged_only_after_the_commit(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    opened(&story, anna);
    story_write(&story, anna);
    story_expect(&story, "store: append 1 behind 2\n");
    story_answer(&story);
    story_expect(&story, "anna <- ACK 1 entries to 3\n");
    story_end(&story);
}

static void two_writers_do_not_wait_for_each_others_commit(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    struct person *keeper = story_person(&story, "keeper", ROLE_KEEPER);
    opened(&story, anna);
    story_write(&story, anna);
    story_write(&story, keeper);
    story_write(&story, anna);
    story_expect(&story, "store: append 1 behind 2\n"
                         "store: append 1 behind 3\n"
                         "store: append 1 behind 4\n");
    story_settle(&story);
    story_expect(&story, "anna <- ACK 1 entries to 3\n"
                         "keeper <- ACK 1 entries to 4\n"
                         "anna <- ACK 1 entries to 5\n");
    story_end(&story);
}

static void followers_get_entries_once_in_order_and_after_the_commit(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    struct person *keeper = story_person(&story, "keeper", ROLE_KEEPER);
    opened(&story, anna);
    story_follow(&story, keeper);
    story_follow(&story, keeper);
    story_expect(&story, "keeper <- DONE\nkeeper <- DONE\n");
    story_write(&story, anna);
    story_expect(&story, "store: append 1 behind 2\n");
    story_answer(&story);
    story_expect(&story, "anna <- ACK 1 entries to 3\n"
                         "keeper <- ENTRIES 3:RECORD\n");
    story_leave(&story, keeper);
    story_write(&story, anna);
    story_settle(&story);
    story_expect(&story, "store: append 1 behind 3\n"
                         "anna <- ACK 1 entries to 4\n");
    story_end(&story);
}

static void whose_certificate_has_ended_is_sent_nothing_more(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    struct person *keeper = story_person(&story, "keeper", ROLE_KEEPER);
    opened(&story, anna);
    story_follow(&story, keeper);
    story.now_ms = keeper->identity.not_after - 1;
    story_write(&story, anna);
    story_settle(&story);
    story_expect(&story, "keeper <- DONE\nstore: append 1 behind 2\n"
                         "anna <- ACK 1 entries to 3\n"
                         "keeper <- ENTRIES 3:RECORD\n");
    story.now_ms++;
    story_write(&story, anna);
    story_settle(&story);
    story_expect(&story, "store: append 1 behind 3\n"
                         "anna <- ACK 1 entries to 4\n");
    story_end(&story);
}

static void what_is_not_there_and_what_one_may_not_see_are_told_alike(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    struct person *eva = story_person(&story, "eva", ROLE_STAFF);
    opened(&story, anna);
    static const char told[] = "eva <- ERROR ROOM_UNKNOWN\n"
                               "eva <- ERROR ROOM_UNKNOWN\n"
                               "eva <- ERROR ROOM_UNKNOWN\n";
    story_follow(&story, eva);
    story_fetch(&story, eva);
    story_write(&story, eva);
    story_expect(&story, told);
    story.room.bytes[0] ^= 1;
    story_follow(&story, eva);
    story_fetch(&story, eva);
    story_write(&story, eva);
    story_expect(&story, "store: load\n");
    story_settle(&story);
    story_expect(&story, told);
    story_end(&story);
}

static void what_is_sent_again_gets_its_receipt_again(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    opened(&story, anna);
    story_again(&story, anna);
    story_settle(&story);
    story_expect(&story, "store: find 2\n"
                         "anna <- ACK 2 entries to 2\n");
    story_write(&story, anna);
    /* Again while the first is still on its way: the store is asked behind it. */
    story_again(&story, anna);
    story_settle(&story);
    story_expect(&story, "store: append 1 behind 2\n"
                         "store: find 3\n"
                         "anna <- ACK 1 entries to 3\n"
                         "anna <- ACK 1 entries to 3\n");
    story_end(&story);
}

static void the_same_number_with_other_bytes_and_a_gap_are_refused(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    opened(&story, anna);
    anna->device_seq = 1;
    story_write(&story, anna);
    story_settle(&story);
    story_expect(&story, "store: find 2\n"
                         "anna <- ERROR SAME_ID_OTHER_BYTES\n");
    anna->device_seq = 4;
    story_write(&story, anna);
    story_expect(&story, "anna <- ERROR DEVICE_SEQ_GAP\n");
    story_end(&story);
}

static void a_new_member_is_told_and_may_write_and_a_removed_one_may_not(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    struct person *keeper = story_person(&story, "keeper", ROLE_KEEPER);
    struct person *eva = story_person(&story, "eva", ROLE_STAFF);
    opened(&story, anna);
    story_member(&story, keeper, MEMBER_ADD, SUBJECT_PERSON, &eva->identity.person, ROLE_STAFF);
    story_settle(&story);
    story_follow(&story, eva);
    story_write(&story, eva);
    story_settle(&story);
    story_expect(&story, "store: append 1 behind 2\n"
                         "keeper <- ACK 1 entries to 3\n"
                         "eva <- ROOM_NEW\n"
                         "eva <- DONE\n"
                         "store: append 1 behind 3\n"
                         "eva <- ACK 1 entries to 4\n"
                         "eva <- ENTRIES 4:RECORD\n");
    story_generation(&story, keeper, (struct person *const[]){anna}, 1);
    /* From the moment of its append, before the commit. */
    story_write(&story, eva);
    story_expect(&story, "store: append 1 behind 4\n"
                         "eva <- ERROR ROOM_UNKNOWN\n");
    story_settle(&story);
    story_write(&story, anna);
    story_settle(&story);
    story_expect(&story, "keeper <- ACK 1 entries to 5\n"
                         "eva <- ROOM_NEW\n" /* and hears that there is none for her */
                         "store: append 1 behind 5\n"
                         "anna <- ACK 1 entries to 6\n");
    story_end(&story);
}

static void staff_remove_staff_at_once_but_not_the_citizen_nor_any_device(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    struct person *keeper = story_person(&story, "keeper", ROLE_KEEPER);
    struct person *eva = story_person(&story, "eva", ROLE_STAFF);
    struct person *bo = story_person(&story, "bo", ROLE_STAFF);
    opened(&story, anna);
    story_member(&story, keeper, MEMBER_ADD, SUBJECT_PERSON, &eva->identity.person, ROLE_STAFF);
    story_settle(&story);
    story_member(&story, keeper, MEMBER_ADD, SUBJECT_PERSON, &bo->identity.person, ROLE_STAFF);
    story_settle(&story);
    story_expect(&story,
                 "store: append 1 behind 2\nkeeper <- ACK 1 entries to 3\neva <- ROOM_NEW\n"
                 "store: append 1 behind 3\nkeeper <- ACK 1 entries to 4\nbo <- ROOM_NEW\n");
    story_member(&story, eva, MEMBER_REMOVE, SUBJECT_PERSON, &anna->identity.person, 0);
    eva->device_seq = 0;
    story_member(&story, eva, MEMBER_REMOVE, SUBJECT_PERSON, &story.board, 0);
    eva->device_seq = 0;
    story_member(&story, eva, MEMBER_REMOVE, SUBJECT_DEVICE, &anna->identity.device, 0);
    eva->device_seq = 0;
    story_member(&story, eva, MEMBER_ADD, SUBJECT_PERSON, &bo->identity.person, ROLE_STAFF);
    eva->device_seq = 0;
    story_expect(&story, "eva <- ERROR MAY_NOT\neva <- ERROR MAY_NOT\n"
                         "eva <- ERROR MAY_NOT\neva <- ERROR MAY_NOT\n");
    story_member(&story, eva, MEMBER_REMOVE, SUBJECT_PERSON, &bo->identity.person, 0);
    story_write(&story, bo);
    story_settle(&story);
    story_expect(&story, "store: append 1 behind 4\n"
                         "bo <- ERROR ROOM_UNKNOWN\n"
                         "eva <- ACK 1 entries to 5\n");
    story_end(&story);
}

static void only_a_keeper_starts_generations_and_writes_checkpoints(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    opened(&story, anna);
    story_generation(&story, anna, (struct person *const[]){anna}, 1);
    story.generation = 1;
    anna->device_seq = 2;
    struct wire_open_checkpoint checkpoint = {.seq = 1};
    story_put(&story, anna, CLASS_CHECKPOINT, &checkpoint);
    anna->device_seq = 2;
    struct wire_open_grant grant = {.first = 1, .last = 1, .wrapped = slice_of(story.trace, 48)};
    story_put(&story, anna, CLASS_GRANT, &grant);
    anna->device_seq = 2;
    struct wire_open_record record = {.cause = id_slice(&story.board)};
    story_put(&story, anna, CLASS_RECORD, &record);
    story_expect(&story, "anna <- ERROR MAY_NOT\nanna <- ERROR MAY_NOT\n"
                         "anna <- ERROR MAY_NOT\nanna <- ERROR MAY_NOT\n");
    story_end(&story);
}

static void an_old_key_a_key_that_is_not_there_and_a_base_that_moved_are_refused(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    struct person *keeper = story_person(&story, "keeper", ROLE_KEEPER);
    opened(&story, anna);
    uint64_t base = story.seen_seq;
    struct id base_hash = story.seen_hash;
    story_generation(&story, keeper, (struct person *const[]){anna}, 1);
    story_settle(&story);
    story_expect(&story, "store: append 1 behind 2\nkeeper <- ACK 1 entries to 3\n");
    story.generation = 1;
    story_write(&story, anna);
    anna->device_seq = 2;
    story.generation = 3;
    story_write(&story, anna);
    anna->device_seq = 2;
    story.generation = 2;
    story.seen_seq = base;
    story.seen_hash = base_hash;
    story_generation(&story, keeper, (struct person *const[]){anna}, 1);
    story_expect(&story, "anna <- ERROR GENERATION_TOO_OLD\n"
                         "anna <- ERROR GENERATION_TOO_NEW\n"
                         "keeper <- ERROR BASE_WRONG\n");
    story_end(&story);
}

static void a_cause_that_is_taken_is_told_and_those_behind_are_judged_again(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    struct person *keeper = story_person(&story, "keeper", ROLE_KEEPER);
    opened(&story, anna);
    struct wire_open_record record = {.cause = id_slice(&story.board)};
    story_put(&story, keeper, CLASS_RECORD, &record);
    story_write(&story, anna);
    story_expect(&story, "store: append 1 behind 2\nstore: append 1 behind 3\n");
    story_outcome(&story, APPEND_CONFLICT_CAUSE);
    /* What comes now waits, so that nothing overtakes what is to be judged again. */
    story_write(&story, anna);
    story_expect(&story, "keeper <- ERROR CAUSE_TAKEN\n");
    story_settle(&story);
    story_expect(&story, "store: append 1 behind 2\nstore: append 1 behind 3\n"
                         "anna <- ACK 1 entries to 3\nanna <- ACK 1 entries to 4\n");
    story_end(&story);
}

static void a_failing_disk_refuses_what_it_took_and_the_room_recovers(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    opened(&story, anna);
    story_write(&story, anna);
    story_outcome(&story, APPEND_FAILED);
    story_expect(&story, "store: append 1 behind 2\nanna <- ERROR STORE_FAILED\n");
    anna->device_seq = 2;
    story_write(&story, anna);
    story_settle(&story);
    story_expect(&story, "store: append 1 behind 2\nanna <- ACK 1 entries to 3\n");
    story_end(&story);
}

static void a_disk_that_cannot_say_what_stands_is_asked_again_and_not_guessed_about(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    opened(&story, anna);
    story_follow(&story, anna);
    story_expect(&story, "anna <- DONE\n");
    story.store.is_blind = true;
    story_write(&story, anna);
    story_write(&story, anna);
    story_expect(&story, "store: append 1 behind 2\nstore: append 1 behind 3\n");
    story_outcome(&story, APPEND_FAILED);
    story_expect(&story, "anna <- ERROR STORE_FAILED\n");
    story_fetch(&story, anna);
    story_expect(&story, "");
    story_outcome(&story, APPEND_FAILED);
    story_expect(&story, "anna <- ERROR STORE_FAILED\nstore: load\n");
    story_outcome(&story, APPEND_FAILED);
    story_expect(&story, "anna <- ERROR STORE_FAILED\n");
    /* The disk is back; she still follows, and her numbers go on. */
    anna->device_seq = 2;
    story_write(&story, anna);
    story_expect(&story, "store: load\n");
    story_answer(&story);
    story_expect(&story, "store: append 1 behind 2\n");
    story_answer(&story);
    story_expect(&story, "anna <- ACK 1 entries to 3\nanna <- ENTRIES 3:RECORD\n");
    story_end(&story);
}

static void what_a_standing_disk_holds_up_is_bounded_in_bytes_over_all_rooms(void **state)
{
    (void)state;
    struct story story;
    /* Three records, and not four. */
    struct journal_limits narrow = {
        .rooms_max = 4, .waiting_max = 16, .held_bytes_max = 1500, .follows_per_session = 4};
    story_begin(&story, &narrow);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    opened(&story, anna);
    for (int i = 0; i < 4; i++) {
        story_write(&story, anna);
    }
    story_expect(&story, "store: append 1 behind 2\nstore: append 1 behind 3\n"
                         "store: append 1 behind 4\nanna <- ERROR BUSY\n");
    /* What is done is held no longer. */
    story_answer(&story);
    anna->device_seq--;
    story_write(&story, anna);
    story_settle(&story);
    story_expect(&story, "anna <- ACK 1 entries to 3\nstore: append 1 behind 5\n"
                         "anna <- ACK 1 entries to 4\nanna <- ACK 1 entries to 5\n"
                         "anna <- ACK 1 entries to 6\n");
    story_end(&story);
}

static void a_room_that_cannot_be_read_is_asked_for_again(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    story_open(&story, anna);
    story_outcome(&story, APPEND_FAILED);
    story_expect(&story, "store: load\nanna <- ERROR STORE_FAILED\n");
    anna->device_seq = 0;
    opened(&story, anna);
    story_end(&story);
}

static void a_writer_that_is_gone_is_not_answered_but_what_it_wrote_stands(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    struct person *keeper = story_person(&story, "keeper", ROLE_KEEPER);
    opened(&story, anna);
    story_follow(&story, keeper);
    story_write(&story, anna);
    story_leave(&story, anna);
    story_settle(&story);
    story_expect(&story, "keeper <- DONE\n"
                         "store: append 1 behind 2\n"
                         "keeper <- ENTRIES 3:RECORD\n");
    story_end(&story);
}

static void whoever_is_revoked_in_the_register_is_refused_in_every_room(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    opened(&story, anna);
    story_follow(&story, anna);
    assert_int_equal(journal_revoked_add(story.journal, &story.board, &anna->identity.device),
                     ENRUM_OK);
    story_write(&story, anna);
    story_fetch(&story, anna);
    story_expect(&story, "anna <- DONE\n"
                         "anna <- ERROR CERTIFICATE_REVOKED\n"
                         "anna <- ERROR CERTIFICATE_REVOKED\n");
    assert_true(journal_is_revoked(story.journal, &story.board, &anna->identity.device));
    assert_false(journal_is_revoked(story.journal, &story.board, &anna->identity.person));
    story_end(&story);
}

static void a_device_that_is_revoked_while_it_is_here_is_told(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *keeper = story_person(&story, "keeper", ROLE_KEEPER);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    (void)story_person(&story, "bo", ROLE_CITIZEN);
    story_open(&story, keeper);
    story_settle(&story);
    story_member(&story, keeper, MEMBER_REVOKE, SUBJECT_DEVICE, &anna->identity.device, 0);
    /* Not before it is on disk. */
    story_expect(&story, "store: load\n"
                         "store: append 2 behind 0\n"
                         "keeper <- ACK 2 entries to 2\n"
                         "store: append 1 behind 2\n");
    story_settle(&story);
    story_expect(&story, "keeper <- ACK 1 entries to 3\n"
                         "anna <- ERROR CERTIFICATE_REVOKED\n");
    story_end(&story);
}

static void too_many_that_wait_and_too_many_follows_are_refused(void **state)
{
    (void)state;
    struct story story;
    struct journal_limits narrow = {
        .rooms_max = 4, .waiting_max = 2, .held_bytes_max = 1 << 20, .follows_per_session = 0};
    story_begin(&story, &narrow);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    opened(&story, anna);
    story_follow(&story, anna);
    story_write(&story, anna);
    story_write(&story, anna);
    story_write(&story, anna);
    story_expect(&story, "anna <- ERROR TOO_MANY\n"
                         "store: append 1 behind 2\n"
                         "store: append 1 behind 3\n"
                         "anna <- ERROR BUSY\n");
    story_settle(&story);
    story_expect(&story, "anna <- ACK 1 entries to 3\nanna <- ACK 1 entries to 4\n");
    story_end(&story);
}

static void a_room_that_exists_is_not_opened_by_somebody_else(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    opened(&story, anna);
    anna->device_seq = 0;
    story_open(&story, anna); /* other salts: other bytes under the same numbers */
    story_settle(&story);
    story_expect(&story, "store: find 2\nanna <- ERROR ROOM_EXISTS\n");
    struct person *gun = story_person(&story, "gun", ROLE_GUEST);
    story.seen_seq = 0;
    story_open(&story, gun);
    story_settle(&story);
    story_expect(&story, "store: load\ngun <- ERROR MAY_NOT\n");
    story_end(&story);
}

static void an_employee_opens_a_room_and_starts_no_further_generation(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *eva = story_person(&story, "eva", ROLE_STAFF);
    story_open(&story, eva);
    story_settle(&story);
    story_expect(&story, "store: load\n"
                         "store: append 2 behind 0\n"
                         "eva <- ACK 2 entries to 2\n");
    story_generation(&story, eva, (struct person *const[]){eva}, 1);
    story.generation = 1;
    eva->device_seq = 2;
    struct wire_open_grant grant = {.first = 1, .last = 1, .wrapped = slice_of(story.trace, 48)};
    story_put(&story, eva, CLASS_GRANT, &grant);
    story_expect(&story, "eva <- ERROR MAY_NOT\neva <- ERROR MAY_NOT\n");
    story_end(&story);
}

static void a_blob_is_taken_from_members_who_may_write_and_told_after_the_commit(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    struct person *keeper = story_person(&story, "keeper", ROLE_KEEPER);
    struct person *eva = story_person(&story, "eva", ROLE_STAFF);
    struct person *gun = story_person(&story, "gun", ROLE_GUEST);
    opened(&story, anna);
    story_blob_put(&story, anna);
    story_expect(&story, "store: blob of 600 bytes\n");
    story_answer(&story);
    story_expect(&story, "anna <- DONE\n");
    story_blob_put(&story, eva);
    story_blob_ask(&story, eva);
    story_blob_get(&story, eva);
    story_expect(&story, "eva <- ERROR ROOM_UNKNOWN\n"
                         "eva <- ERROR ROOM_UNKNOWN\n"
                         "eva <- ERROR ROOM_UNKNOWN\n");
    story_member(&story, keeper, MEMBER_ADD, SUBJECT_PERSON, &gun->identity.person, ROLE_GUEST);
    story_settle(&story);
    story_expect(&story, "store: append 1 behind 2\n"
                         "keeper <- ACK 1 entries to 3\n"
                         "gun <- ROOM_NEW\n");
    story_blob_put(&story, gun);
    story_blob_get(&story, gun);
    story_blob_ask(&story, anna);
    story_expect(&story, "gun <- ERROR MAY_NOT\n"
                         "store: blob for gun\n"
                         "store: which of 2 blobs for anna\n");
    story_blob_put(&story, anna);
    story_outcome(&story, APPEND_FAILED);
    story_expect(&story, "store: blob of 600 bytes\n"
                         "anna <- ERROR STORE_FAILED\n");
    /* Whoever is gone is not answered. */
    story_blob_put(&story, anna);
    story_leave(&story, anna);
    story_settle(&story);
    story_expect(&story, "store: blob of 600 bytes\n");
    story_end(&story);
}

static void
an_append_whose_blob_is_missing_is_refused_and_those_behind_are_judged_again(void **state)
{
    (void)state;
    struct story story;
    story_begin(&story, NULL);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    struct person *keeper = story_person(&story, "keeper", ROLE_KEEPER);
    opened(&story, anna);
    story_write(&story, anna);
    story_write(&story, keeper);
    story_outcome(&story, APPEND_CONFLICT_BLOB);
    story_settle(&story);
    story_expect(&story, "store: append 1 behind 2\n"
                         "store: append 1 behind 3\n"
                         "anna <- ERROR BLOB_MISSING\n"
                         "store: append 1 behind 2\n"
                         "keeper <- ACK 1 entries to 3\n");
    story_end(&story);
}

static void blobs_that_a_standing_disk_holds_up_are_bounded_with_appends(void **state)
{
    (void)state;
    struct story story;
    const struct journal_limits limits = {
        .rooms_max = 4, .waiting_max = 16, .held_bytes_max = 2000, .follows_per_session = 4};
    story_begin(&story, &limits);
    struct person *anna = story_person(&story, "anna", ROLE_CITIZEN);
    opened(&story, anna);
    unsigned taken = 0;
    while (strstr(story.trace, "BUSY") == NULL) {
        story_blob_put(&story, anna);
        taken++;
    }
    assert_true(strstr(story.trace, "anna <- ERROR BUSY\n") != NULL);
    assert_int_equal(story.job_count, taken - 1);
    assert_int_equal(story.job_count, 2000 / 600);
    story.trace[0] = '\0';
    story_settle(&story);
    story.trace[0] = '\0';
    story_blob_put(&story, anna);
    story_settle(&story);
    story_expect(&story, "store: blob of 600 bytes\nanna <- DONE\n");
    story_end(&story);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_room_is_opened_and_written_in_and_acknowledged_only_after_the_commit),
        cmocka_unit_test(two_writers_do_not_wait_for_each_others_commit),
        cmocka_unit_test(followers_get_entries_once_in_order_and_after_the_commit),
        cmocka_unit_test(whose_certificate_has_ended_is_sent_nothing_more),
        cmocka_unit_test(what_is_not_there_and_what_one_may_not_see_are_told_alike),
        cmocka_unit_test(what_is_sent_again_gets_its_receipt_again),
        cmocka_unit_test(the_same_number_with_other_bytes_and_a_gap_are_refused),
        cmocka_unit_test(a_new_member_is_told_and_may_write_and_a_removed_one_may_not),
        cmocka_unit_test(staff_remove_staff_at_once_but_not_the_citizen_nor_any_device),
        cmocka_unit_test(only_a_keeper_starts_generations_and_writes_checkpoints),
        cmocka_unit_test(an_old_key_a_key_that_is_not_there_and_a_base_that_moved_are_refused),
        cmocka_unit_test(a_cause_that_is_taken_is_told_and_those_behind_are_judged_again),
        cmocka_unit_test(a_failing_disk_refuses_what_it_took_and_the_room_recovers),
        cmocka_unit_test(a_disk_that_cannot_say_what_stands_is_asked_again_and_not_guessed_about),
        cmocka_unit_test(what_a_standing_disk_holds_up_is_bounded_in_bytes_over_all_rooms),
        cmocka_unit_test(a_room_that_cannot_be_read_is_asked_for_again),
        cmocka_unit_test(a_writer_that_is_gone_is_not_answered_but_what_it_wrote_stands),
        cmocka_unit_test(whoever_is_revoked_in_the_register_is_refused_in_every_room),
        cmocka_unit_test(a_device_that_is_revoked_while_it_is_here_is_told),
        cmocka_unit_test(too_many_that_wait_and_too_many_follows_are_refused),
        cmocka_unit_test(a_blob_is_taken_from_members_who_may_write_and_told_after_the_commit),
        cmocka_unit_test(
            an_append_whose_blob_is_missing_is_refused_and_those_behind_are_judged_again),
        cmocka_unit_test(blobs_that_a_standing_disk_holds_up_are_bounded_with_appends),
        cmocka_unit_test(a_room_that_exists_is_not_opened_by_somebody_else),
        cmocka_unit_test(an_employee_opens_a_room_and_starts_no_further_generation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
