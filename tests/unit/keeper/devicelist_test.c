/* devicelist_test -- a person is told of their own devices, what each said that it is, and whether
 * it is logged out. */
#include "../../../client-sdk/keeper/devicelist.h"

#include "roster.h"

static struct roster roster;
static struct registry registry;
static struct buffer told;

static int setup(void **state)
{
    (void)state;
    roster_init(&roster);
    registry_init(&registry);
    buffer_init(&told, LETTER_BYTES_MAX);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    registry_fini(&registry);
    buffer_fini(&told);
    return 0;
}

/* What the citizen is told, as a reader takes it. */
static size_t tell(struct wire_own_device *rows, size_t max)
{
    size_t count = 0;
    const struct id *person = &roster.citizen.certificate.body.person;
    buffer_reset(&told);
    devicelist_write(&registry, registry_person(&registry, person), &told);
    assert_false(told.failed);
    for (struct slice rest = buffer_slice(&told); rest.len > 0; count++) {
        assert_true(count < max);
        assert_int_equal(layout_next(&layout_own_device, &rest, &rows[count]), ENRUM_OK);
    }
    return count;
}

static void a_person_is_told_of_their_own_devices_and_of_nobody_elses(void **state)
{
    (void)state;
    const struct device_word phone = {DEVICE_TYPE_PHONE, DEVICE_BROWSER_CHROME, 0},
                             library = {DEVICE_TYPE_COMPUTER, DEVICE_BROWSER_FIREFOX, 1};
    struct roster_party second;
    struct wire_own_device rows[4];
    roster_device(&roster, &roster.citizen, &second);
    roster_bind_as(&roster, &registry, &roster.citizen, phone, 5);
    roster_bind_as(&roster, &registry, &second, library, 6);
    roster_bind_as(&roster, &registry, &roster.other, phone, 7);
    roster_bind(&roster, &registry, &roster.citizen, "", 900);
    roster_revoke(&roster, &registry, &second.certificate.device);
    assert_int_equal(tell(rows, 4), 2);
    assert_true(id_equal(&rows[0].device, &roster.citizen.certificate.device));
    assert_int_equal(rows[0].device_type, DEVICE_TYPE_PHONE);
    assert_int_equal(rows[0].browser, DEVICE_BROWSER_CHROME);
    assert_int_equal(rows[0].is_borrowed, 0);
    assert_int_equal(rows[0].level, 3);
    assert_int_equal(rows[0].logged_in_at, 5);
    assert_int_equal(rows[0].certified_at, 900);
    assert_int_equal(rows[0].is_out, 0);
    assert_true(id_equal(&rows[1].device, &second.certificate.device));
    assert_int_equal(rows[1].device_type, DEVICE_TYPE_COMPUTER);
    assert_int_equal(rows[1].is_borrowed, 1);
    assert_int_equal(rows[1].is_out, 1);
}

static void of_very_many_the_newest_are_told(void **state)
{
    (void)state;
    enum { MORE = 3 };
    static struct wire_own_device rows[DEVICES_TOLD_MAX];
    const struct device_word phone = {255, 255, 1};
    struct roster_party device;
    for (uint64_t i = 0; i < DEVICES_TOLD_MAX + MORE; i++) {
        roster_device(&roster, &roster.citizen, &device);
        roster_bind_as(&roster, &registry, &device, phone, UINT_ANY - 1000 + i);
    }
    assert_int_equal(tell(rows, DEVICES_TOLD_MAX), DEVICES_TOLD_MAX);
    assert_int_equal(rows[0].logged_in_at, UINT_ANY - 1000 + MORE);
    assert_true(id_equal(&rows[DEVICES_TOLD_MAX - 1].device, &device.certificate.device));
    assert_true(told.len <= LETTER_BYTES_MAX - 4096);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_person_is_told_of_their_own_devices_and_of_nobody_elses,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(of_very_many_the_newest_are_told, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
