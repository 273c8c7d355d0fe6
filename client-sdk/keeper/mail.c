/* mail -- see mail.h. */
#include "mail.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PORT_STARTTLS = 587, PORT_IMPLICIT = 465, PORT_MAX = 65535 };
enum { AFTER_SECONDS = 600, RETRY_SECONDS = 60, SECONDS_MAX = 7 * 24 * 3600 };

/* -- Settings -- */

static bool complain(char why[WHY_BYTES], const char *key)
{
    (void)snprintf(why, WHY_BYTES, "notices: %s", key);
    return false;
}

static bool text_take(const json_t *object, const char *key, char *out, size_t size)
{
    const json_t *value = json_object_get(object, key);
    const char *text = json_string_value(value);
    if (value == NULL) {
        return true;
    }
    if (text == NULL || strlen(text) >= size) {
        return false;
    }
    memcpy(out, text, strlen(text) + 1);
    return true;
}

static bool number_take(const json_t *object, const char *key, json_int_t standard, json_int_t max,
                        json_int_t *out)
{
    const json_t *value = json_object_get(object, key);
    *out = value == NULL ? standard : json_integer_value(value);
    return (value == NULL || json_is_integer(value)) && *out >= 1 && *out <= max;
}

static bool name_is_good(const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        bool is_plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                        (*at >= '0' && *at <= '9') || *at == ' ' || *at == '-';
        if (!is_plain) {
            return false;
        }
    }
    return name[0] != '\0';
}

static bool server_is_good(const char *server)
{
    return server[0] != '\0' &&
           strspn(server, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                          "0123456789.-") == strlen(server);
}

bool mail_settings_of_json(const json_t *object, struct mail_settings *out, char why[WHY_BYTES])
{
    static const char *const known[] = {"server",        "port",          "tls",  "ca_file",
                                        "user",          "password_file", "from", "name",
                                        "after_seconds", "retry_seconds", NULL};
    json_int_t port, after, retry;
    char tls[16] = "starttls";
    *out = (struct mail_settings){.name = "Meddelande"};
    if (object == NULL) {
        return true;
    }
    if (!provider_keys_known(object, known, why)) {
        return false;
    }
    if (!text_take(object, "server", out->server, sizeof out->server) ||
        !server_is_good(out->server)) {
        return complain(why, "server: is not the name of a server");
    }
    if (!text_take(object, "tls", tls, sizeof tls) ||
        (strcmp(tls, "starttls") != 0 && strcmp(tls, "implicit") != 0)) {
        return complain(why, "tls: is neither starttls nor implicit");
    }
    out->is_implicit = strcmp(tls, "implicit") == 0;
    if (!number_take(object, "port", out->is_implicit ? PORT_IMPLICIT : PORT_STARTTLS, PORT_MAX,
                     &port) ||
        !number_take(object, "after_seconds", AFTER_SECONDS, SECONDS_MAX, &after) ||
        !number_take(object, "retry_seconds", RETRY_SECONDS, SECONDS_MAX, &retry)) {
        return complain(why, "port, after_seconds, retry_seconds: not in their limits");
    }
    if (!text_take(object, "ca_file", out->ca_file, sizeof out->ca_file) ||
        !text_take(object, "user", out->user, sizeof out->user) ||
        !text_take(object, "password_file", out->password_file, sizeof out->password_file) ||
        (out->user[0] == '\0') != (out->password_file[0] == '\0')) {
        return complain(why, "ca_file, user, password_file: user and password_file come together");
    }
    if (!text_take(object, "from", out->from, sizeof out->from) ||
        !mail_address_is_good(slice_of_text(out->from))) {
        return complain(why, "from: is not an e-mail address");
    }
    if (!text_take(object, "name", out->name, sizeof out->name) || !name_is_good(out->name)) {
        return complain(why, "name: is not letters of a to z, digits, blanks and hyphens");
    }
    out->port = (unsigned)port;
    out->after_ms = (uint64_t)after * 1000;
    out->retry_ms = (uint64_t)retry * 1000;
    out->is_on = true;
    return true;
}

bool mail_password_read(struct mail_settings *settings, const char *home)
{
    char path[2 * PATH_BYTES];
    struct stat about;
    if (settings->password_file[0] == '\0') {
        return true;
    }
    (void)snprintf(path, sizeof path, "%s%s%s", settings->password_file[0] == '/' ? "" : home,
                   settings->password_file[0] == '/' ? "" : "/", settings->password_file);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
                (about.st_mode & 077) == 0;
    ssize_t got = good ? read(fd, settings->password, sizeof settings->password - 1) : -1;
    if (fd >= 0) {
        close(fd);
    }
    settings->password[got > 0 ? got : 0] = '\0';
    settings->password[strcspn(settings->password, "\r\n")] = '\0';
    return settings->password[0] != '\0';
}

/* -- Addresses -- */

static bool is_atom(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || (byte != 0 && strchr("!#$%&'*+/=?^_`{|}~.-", byte));
}

static bool is_domain(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '.' || byte == '-';
}

/* RFC 5321's dot-string at a name; quoted local parts and address literals are nobody's. */
bool mail_address_is_good(struct slice address)
{
    size_t at = 0;
    while (at < address.len && address.at[at] != '@') {
        if (!is_atom(address.at[at])) {
            return false;
        }
        at++;
    }
    if (at == 0 || at > 64 || at + 1 >= address.len || address.len > MAIL_ADDRESS_MAX ||
        address.at[0] == '-') {
        return false;
    }
    for (size_t i = at + 1; i < address.len; i++) {
        if (!is_domain(address.at[i])) {
            return false;
        }
    }
    return address.at[at + 1] != '.' && address.at[at + 1] != '-' &&
           address.at[address.len - 1] != '.';
}

const char *mail_domain(const char *address)
{
    const char *at = strrchr(address, '@');
    return at != NULL ? at + 1 : "";
}

void mail_address_mask(const char *address, char out[MAIL_ADDRESS_MAX + 8])
{
    (void)snprintf(out, MAIL_ADDRESS_MAX + 8, "%.1s…@%s", address, mail_domain(address));
}

/* -- The mails -- */

static void text_append(struct buffer *out, const char *text)
{
    buffer_append_slice(out, slice_of_text(text));
}

static void header_append(struct buffer *out, const char *name, const char *value)
{
    text_append(out, name);
    text_append(out, ": ");
    text_append(out, value);
    text_append(out, "\r\n");
}

/* RFC 5322 §3.3, in UTC: the time zone of the machine is nobody's business. */
static void date_append(struct buffer *out, uint64_t wall_ms)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[64];
    struct tm tm;
    time_t seconds = (time_t)(wall_ms / 1000);
    if (gmtime_r(&seconds, &tm) == NULL) {
        out->failed = true;
        return;
    }
    (void)snprintf(text, sizeof text, "%s, %02d %s %d %02d:%02d:%02d +0000", days[tm.tm_wday],
                   tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
                   tm.tm_sec);
    header_append(out, "Date", text);
}

/* RFC 5322 §3.6.4: random, at the domain that stands in From anyway. */
static void message_id_append(struct buffer *out, const char *domain)
{
    struct id random;
    char digits[48], text[MAIL_ADDRESS_MAX + 64];
    suite_random(random.bytes, ID_BYTES);
    suite_base64url(id_slice(&random), digits);
    (void)snprintf(text, sizeof text, "<%s@%s>", digits, domain);
    header_append(out, "Message-ID", text);
}

void mail_compose(const struct mail_settings *settings, const char *to, const char *code,
                  uint64_t wall_ms, struct buffer *out)
{
    char line[MAIL_ADDRESS_MAX + MAIL_NAME_MAX + 8];
    date_append(out, wall_ms);
    (void)snprintf(line, sizeof line, "%s <%s>", settings->name, settings->from);
    header_append(out, "From", line);
    (void)snprintf(line, sizeof line, "<%s>", to);
    header_append(out, "To", line);
    message_id_append(out, mail_domain(settings->from));
    header_append(out, "Subject", code != NULL ? "Din kod" : "Du har ett nytt meddelande");
    header_append(out, "Auto-Submitted", "auto-generated");
    header_append(out, "MIME-Version", "1.0");
    header_append(out, "Content-Type", "text/plain; charset=utf-8");
    header_append(out, "Content-Transfer-Encoding", "quoted-printable");
    text_append(out, "\r\n");
    if (code != NULL) {
        text_append(out, "Din kod =C3=A4r ");
        text_append(out, code);
        text_append(out, ".\r\n");
    } else {
        text_append(out, "Du har ett nytt meddelande i din e-tj=C3=A4nst.\r\n");
    }
}
