/* registry_test -- the fold of the register room. */
#include "roster.h"

#include <string.h>

static struct roster roster;
static struct registry registry;

static int setup(void **state)
{
    (void)state;
    roster_init(&roster);
    registry_init(&registry);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    registry_fini(&registry);
    return 0;
}

static void a_binding_is_found_by_device_and_by_person(void **state)
{
    (void)state;
    struct roster_party second;
    roster_device(&roster, &roster.citizen, &second);
    roster_bind(&roster, &registry, &roster.citizen, "token", 5);
    roster_bind(&roster, &registry, &second, "token", 6);
    const struct registry_device *device = registry_device(&registry,
                                                           &roster.citizen.certificate.device);
    assert_non_null(device);
    assert_string_equal(device->person->name, "Test Testsson");
    assert_string_equal(device->person->number, "199001152397");
    assert_int_equal(device->person->level, 3);
    assert_int_equal(device->logged_in_at, 5);
    size_t count = 0;
    LIST_EACH (link, &device->person->devices) {
        count++;
    }
    assert_int_equal(count, 2);
    assert_null(registry_device(&registry, &roster.other.certificate.device));
    assert_null(registry_person(&registry, &roster.other.certificate.body.person));
}

static void a_device_stays_with_the_person_it_was_bound_to(void **state)
{
    (void)state;
    struct roster_party stolen = roster.citizen;
    roster_bind(&roster, &registry, &roster.citizen, "token", 5);
    stolen.certificate.body.person = roster_id(9);
    roster_bind(&roster, &registry, &stolen, "token", 6);
    const struct registry_device *device = registry_device(&registry,
                                                           &roster.citizen.certificate.device);
    assert_true(id_equal(&device->person->person, &roster.citizen.certificate.body.person));
    assert_int_equal(device->logged_in_at, 5);
    const struct id thief = roster_id(9);
    assert_null(registry_person(&registry, &thief));
}

static void a_renewal_is_no_login(void **state)
{
    (void)state;
    roster_bind(&roster, &registry, &roster.citizen, "token", 5);
    roster_bind(&roster, &registry, &roster.citizen, "", 600);
    assert_int_equal(registry_device(&registry, &roster.citizen.certificate.device)->logged_in_at,
                     5);
}

static const struct registry_device *bound(struct device_word word, uint64_t at_ms)
{
    roster_bind_as(&roster, &registry, &roster.citizen, word, at_ms);
    return registry_device(&registry, &roster.citizen.certificate.device);
}

static void a_device_is_what_it_said_last_and_a_renewal_says_nothing(void **state)
{
    (void)state;
    const struct device_word silent = {0}, phone = {DEVICE_TYPE_PHONE, DEVICE_BROWSER_CHROME, 0},
                             borrowed = {0, 0, 1}, other = {0, DEVICE_BROWSER_FIREFOX, 0};
    const struct registry_device *device = bound(silent, 5);
    assert_int_equal(device->word.type, 0); /* bound before devices said it */
    device = bound(phone, 6);
    assert_int_equal(device->word.type, DEVICE_TYPE_PHONE);
    assert_int_equal(device->word.browser, DEVICE_BROWSER_CHROME);
    roster_bind(&roster, &registry, &roster.citizen, "", 7);
    assert_int_equal(device->word.type, DEVICE_TYPE_PHONE);
    assert_int_equal(device->certified_at, 7);
    device = bound(borrowed, 8);
    assert_int_equal(device->word.type, 0);
    assert_int_equal(device->word.is_borrowed, 1);
    /* A login says it all anew. */
    device = bound(other, 9);
    assert_int_equal(device->word.browser, DEVICE_BROWSER_FIREFOX);
    assert_int_equal(device->word.is_borrowed, 0);
    device = bound(silent, 10);
    assert_int_equal(device->word.browser, 0);
}

static void an_employee_comes_and_goes(void **state)
{
    (void)state;
    const struct id *person = &roster.worker.certificate.body.person;
    assert_false(registry_is_staff(&registry, person));
    roster_employ(&roster, &registry, person, 1);
    assert_true(registry_is_staff(&registry, person));
    assert_string_equal(registry_person(&registry, person)->identity, "test.handlaggare");
    roster_employ(&roster, &registry, person, 2);
    assert_false(registry_is_staff(&registry, person));
}

static void alias_say(struct roster_party *author, const struct id *person, const char *name)
{
    struct staged staged;
    struct wire_body_alias body = {.person = *person, .name = slice_of_text(name)};
    roster_record(&roster, author, KIND_ALIAS, &body, &staged);
    staged.item.entry = &staged.entry;
    assert_true(registry_apply(&registry, &staged.item));
    staged_fini(&staged);
}

static void an_alias_is_shown_whatever_is_learned_of_the_name(void **state)
{
    (void)state;
    const struct id *id = &roster.worker.certificate.body.person;
    alias_say(&roster.keeper, id, "Handläggare 7");
    assert_false(registry_is_staff(&registry, id));
    roster_employ(&roster, &registry, id, 1);
    const struct registry_person *person = registry_person(&registry, id);
    assert_string_equal(registry_person_shown(person), "Handläggare 7");
    roster_bind(&roster, &registry, &roster.worker, "token", 5);
    assert_string_equal(registry_person_shown(person), "Handläggare 7");
    assert_string_equal(person->name, "Test Testsson");
    assert_int_equal(registry_faces(person), 1);
    alias_say(&roster.worker, id, "Någon annan");
    assert_string_equal(registry_person_shown(person), "Handläggare 7");
    struct id unit = roster_id(0x78);
    roster_employ_in(&roster, &registry, id, &unit, 6);
    assert_int_equal(registry_faces(person), 2);
    alias_say(&roster.keeper, id, "");
    assert_string_equal(registry_person_shown(person), person->name);
    assert_int_equal(registry_faces(person), 3);
}

static void who_is_revoked_is_neither_staff_nor_live(void **state)
{
    (void)state;
    const struct id *person = &roster.worker.certificate.body.person;
    roster_employ(&roster, &registry, person, 1);
    roster_bind(&roster, &registry, &roster.worker, "token", 5);
    const struct registry_device *device = registry_device(&registry,
                                                           &roster.worker.certificate.device);
    assert_true(registry_device_is_live(&registry, device, ROSTER_NOW_MS));
    assert_false(registry_device_is_live(&registry, device, ROSTER_NOW_MS + 3600000));
    roster_revoke(&roster, &registry, person);
    assert_true(registry_is_revoked(&registry, person));
    assert_false(registry_is_staff(&registry, person));
    assert_false(registry_device_is_live(&registry, device, ROSTER_NOW_MS));
}

static void units_are_found_by_room_and_name_and_once(void **state)
{
    (void)state;
    struct wire_body_unit bodies[] = {{roster_id(7), slice_of_text("Mottagning")},
                                      {roster_id(8), slice_of_text("Familj")},
                                      {roster_id(7), slice_of_text("Annat namn")}};
    for (size_t i = 0; i < 3; i++) {
        struct staged staged;
        roster_record(&roster, &roster.keeper, KIND_UNIT, &bodies[i], &staged);
        staged.item.entry = &staged.entry;
        assert_true(registry_apply(&registry, &staged.item));
        staged_fini(&staged);
    }
    assert_int_equal(registry.unit_count, 2);
    assert_string_equal(registry_unit_named(&registry, NULL)->name, "Mottagning");
    assert_true(id_equal(&registry_unit_named(&registry, "Familj")->room, &bodies[1].room));
    assert_null(registry_unit_named(&registry, "Annat namn"));
}

static void what_no_keeper_wrote_changes_nothing(void **state)
{
    (void)state;
    struct staged staged;
    struct wire_body_unit body = {roster_id(7), slice_of_text("Mottagning")};
    roster_record(&roster, &roster.citizen, KIND_UNIT, &body, &staged);
    staged.item.entry = &staged.entry;
    assert_true(registry_apply(&registry, &staged.item));
    assert_int_equal(registry.unit_count, 0);
    staged_fini(&staged);
}

static void a_body_that_is_cut_changes_nothing(void **state)
{
    (void)state;
    struct staged staged;
    struct wire_body_unit body = {roster_id(7), slice_of_text("Mottagning")};
    roster_record(&roster, &roster.keeper, KIND_UNIT, &body, &staged);
    staged.item.entry = &staged.entry;
    for (size_t len = 0; len < staged.body.len; len++) {
        staged.item.content.body.len = len;
        assert_true(registry_apply(&registry, &staged.item));
        assert_int_equal(registry.unit_count, 0);
    }
    staged_fini(&staged);
}

static void answered_say(struct roster_party *author, uint8_t letter, uint64_t code)
{
    struct wire_body_letter_answered body = {roster_id(letter), code};
    struct staged staged;
    roster_record(&roster, author, KIND_LETTER_ANSWERED, &body, &staged);
    staged.item.entry = &staged.entry;
    assert_true(registry_apply(&registry, &staged.item));
    staged_fini(&staged);
}

static void a_letter_is_answered_as_it_was_first(void **state)
{
    (void)state;
    const struct id refused = roster_id(1), done = roster_id(2), other = roster_id(3);
    answered_say(&roster.keeper, 1, ENRUM_NOT_STAFF);
    answered_say(&roster.keeper, 2, 0);
    answered_say(&roster.keeper, 1, 0);
    answered_say(&roster.worker, 3, 0);
    assert_int_equal(registry_answer(&registry, &refused)->code, ENRUM_NOT_STAFF);
    assert_int_equal(registry_answer(&registry, &done)->code, 0);
    assert_null(registry_answer(&registry, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_binding_is_found_by_device_and_by_person, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_device_stays_with_the_person_it_was_bound_to, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_renewal_is_no_login, setup, teardown),
        cmocka_unit_test_setup_teardown(a_device_is_what_it_said_last_and_a_renewal_says_nothing,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(an_employee_comes_and_goes, setup, teardown),
        cmocka_unit_test_setup_teardown(an_alias_is_shown_whatever_is_learned_of_the_name, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(who_is_revoked_is_neither_staff_nor_live, setup, teardown),
        cmocka_unit_test_setup_teardown(units_are_found_by_room_and_name_and_once, setup, teardown),
        cmocka_unit_test_setup_teardown(what_no_keeper_wrote_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_body_that_is_cut_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_letter_is_answered_as_it_was_first, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
