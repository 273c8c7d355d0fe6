/* devicelist -- see devicelist.h. */
#include "devicelist.h"

static size_t devices_count(const struct registry_person *person)
{
    size_t count = 0;
    LIST_EACH (link, &person->devices) {
        count++;
    }
    return count;
}

static struct wire_own_device row_of(const struct registry *registry,
                                     const struct registry_device *device)
{
    return (struct wire_own_device){
        .device = device->certificate.device,
        .device_type = device->word.type,
        .browser = device->word.browser,
        .is_borrowed = device->word.is_borrowed,
        .level = device->certificate.body.level,
        .logged_in_at = device->logged_in_at,
        .certified_at = device->certified_at,
        .is_out = registry_is_revoked(registry, &device->certificate.device),
    };
}

void devicelist_write(const struct registry *registry, const struct registry_person *person,
                      struct buffer *out)
{
    size_t left = devices_count(person);
    LIST_EACH (link, &person->devices) {
        if (left-- <= DEVICES_TOLD_MAX) {
            struct wire_own_device row = row_of(registry,
                                                LIST_ITEM(link, struct registry_device, of_person));
            (void)layout_encode(&layout_own_device, &row, out);
        }
    }
}

void devicelist_tell(struct keeper *keeper, struct letter *letter)
{
    const struct registry *registry = &keeper->registry;
    const struct registry_person *person = registry_person(registry, &letter->author.body.person);
    struct wire_letter_devices_ask body;
    struct buffer devices;
    if (person == NULL ||
        layout_decode(&layout_letter_devices_ask, buffer_slice(&letter->body), &body) != ENRUM_OK) {
        letter_refuse(keeper, letter, ENRUM_MALFORMED);
        return;
    }
    buffer_init(&devices, LETTER_BYTES_MAX - 4096);
    devicelist_write(registry, person, &devices);
    struct wire_letter_devices answer = {.devices = buffer_slice(&devices)};
    if (devices.failed) {
        letter_refuse(keeper, letter, ENRUM_MEMORY);
    } else {
        letter_answer(keeper, letter, LETTER_DEVICES, &answer);
    }
    buffer_fini(&devices);
}
