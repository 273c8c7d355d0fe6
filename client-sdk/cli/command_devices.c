/* command_devices -- `enrum devices`: where one is logged in, as the keeper tells it to this person
 * alone, and another device logged out. */
#include "commands.h"
#include "show.h"

#include <stdio.h>
#include <string.h>

enum { DIGITS_MIN = 8 };

static const char *const types[][2] = {
    [DEVICE_TYPE_PHONE] = {"phone", "telefon"},
    [DEVICE_TYPE_TABLET] = {"tablet", "surfplatta"},
    [DEVICE_TYPE_COMPUTER] = {"computer", "dator"},
    [DEVICE_TYPE_PROGRAM] = {"program", "program"},
};
static const char *const browsers[] = {
    [DEVICE_BROWSER_CHROME] = "Chrome",   [DEVICE_BROWSER_FIREFOX] = "Firefox",
    [DEVICE_BROWSER_SAFARI] = "Safari",   [DEVICE_BROWSER_EDGE] = "Edge",
    [DEVICE_BROWSER_SAMSUNG] = "Samsung", [DEVICE_BROWSER_OPERA] = "Opera",
};

static void word_show(const struct shell *shell, const struct wire_own_device *device)
{
    bool is_known = device->device_type > 0 && device->device_type < sizeof types / sizeof types[0];
    bool has_browser = device->browser > 0 &&
                       device->browser < sizeof browsers / sizeof browsers[0];
    printf("%s", is_known ? types[device->device_type][shell->is_swedish]
                          : say(shell, "device", "enhet"));
    if (has_browser) {
        printf(", %s", browsers[device->browser]);
    }
    if (device->is_borrowed != 0) {
        printf(", %s", say(shell, "borrowed", "lånad"));
    }
}

static void row_show(const struct shell *shell, const struct wire_own_device *device)
{
    struct enrum_self self;
    char hex[65];
    enrum_self(shell->enrum, &self);
    id_hex(&device->device, hex);
    printf("%s  ", hex);
    word_show(shell, device);
    printf("  %s ", say(shell, "logged in", "inloggad"));
    show_time(device->logged_in_at);
    printf("  %s ", say(shell, "in use as late as", "användes så sent som"));
    show_time(device->certified_at);
    if (id_equal(&device->device, &self.device)) {
        printf("  %s", say(shell, "[this one]", "[den här]"));
    }
    if (device->is_out != 0) {
        printf("  %s", say(shell, "[logged out]", "[utloggad]"));
    }
    putchar('\n');
}

static enum enrum_err devices_bring(struct shell *shell)
{
    struct wire_letter_devices_ask body = {.version = 1};
    enum enrum_err err = shell_ask(shell, LETTER_DEVICES_ASK, &body);
    return err == ENRUM_OK && shell->devices.failed ? ENRUM_MEMORY : err;
}

static enum enrum_err devices_show(struct shell *shell)
{
    struct wire_own_device device;
    enum enrum_err err = devices_bring(shell);
    struct slice rest = buffer_slice(&shell->devices);
    while (err == ENRUM_OK && rest.len > 0) {
        err = layout_next(&layout_own_device, &rest, &device);
        if (err == ENRUM_OK) {
            row_show(shell, &device);
        }
    }
    return err;
}

/* A device of this person's by at least 8 of its digits, which must be one device's alone. */
static enum enrum_err device_find(struct shell *shell, const char *digits, struct id *out)
{
    struct wire_own_device device;
    size_t found = 0;
    if (strlen(digits) < DIGITS_MIN) {
        return ENRUM_USAGE;
    }
    enum enrum_err err = devices_bring(shell);
    struct slice rest = buffer_slice(&shell->devices);
    while (err == ENRUM_OK && rest.len > 0) {
        char hex[65];
        err = layout_next(&layout_own_device, &rest, &device);
        if (err == ENRUM_OK) {
            id_hex(&device.device, hex);
        }
        if (err == ENRUM_OK && strncmp(hex, digits, strlen(digits)) == 0) {
            found++;
            *out = device.device;
        }
    }
    return err == ENRUM_OK && found != 1 ? ENRUM_USAGE : err;
}

static enum enrum_err device_out(struct shell *shell, const char *digits)
{
    struct wire_letter_device body;
    enum enrum_err err = device_find(shell, digits, &body.device);
    return err == ENRUM_OK ? shell_ask(shell, LETTER_LOG_OUT, &body) : err;
}

enum exit_code command_devices(struct shell *shell, char **arguments, int count)
{
    enum enrum_err err = shell_ready(shell);
    if (err == ENRUM_OK && count == 2 && strcmp(arguments[0], "out") == 0) {
        err = device_out(shell, arguments[1]);
    } else if (err == ENRUM_OK && count > 0) {
        err = ENRUM_USAGE;
    }
    if (err == ENRUM_OK) {
        err = devices_show(shell);
    }
    return shell_fail(shell, err);
}
