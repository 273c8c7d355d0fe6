/* slog -- see slog.h. */
#include "base/slog.h"

#include "base/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const char *const level_names[] = {
    [SLOG_DEBUG] = "debug",
    [SLOG_INFO] = "info",
    [SLOG_WARN] = "warn",
    [SLOG_ERROR] = "error",
};

static atomic_int least_level = SLOG_INFO;
static atomic_int line_fd = STDERR_FILENO;

static const char cut_mark[] = " cut=true\n";

struct line {
    char bytes[SLOG_LINE_BYTES_MAX];
    size_t len;
    bool is_cut;
};

/* Room is kept for the end of the line. */
static bool has_room(const struct line *line, size_t len)
{
    return !line->is_cut && len <= sizeof line->bytes - sizeof cut_mark - line->len;
}

static void add(struct line *line, const char *bytes, size_t len)
{
    if (!has_room(line, len)) {
        line->is_cut = true;
        return;
    }
    memcpy(line->bytes + line->len, bytes, len);
    line->len += len;
}

static void add_text(struct line *line, const char *text)
{
    add(line, text, strlen(text));
}

static void add_hex(struct line *line, struct slice bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.len; i++) {
        char pair[2] = {digits[bytes.at[i] >> 4], digits[bytes.at[i] & 15]};
        add(line, pair, sizeof pair);
    }
}

/* The length of the UTF-8 sequence that a first byte begins, and the bits that this byte carries;
 * 0: none. */
static size_t sequence_len(uint8_t first, uint32_t *bits)
{
    if (first < 0x80) {
        *bits = first;
        return 1;
    }
    if (first >= 0xc2 && first <= 0xdf) {
        *bits = first & 0x1fu;
        return 2;
    }
    if (first >= 0xe0 && first <= 0xef) {
        *bits = first & 0x0fu;
        return 3;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        *bits = first & 0x07u;
        return 4;
    }
    return 0;
}

/* The next character of text that is not empty: its length and code point, or 0 when it is not
 * valid UTF-8. */
static size_t character_at(struct slice text, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t bits = 0;
    size_t len = sequence_len(text.at[0], &bits);
    if (len == 0 || len > text.len) {
        return 0;
    }
    for (size_t i = 1; i < len; i++) {
        if ((text.at[i] & 0xc0) != 0x80) {
            return 0;
        }
        bits = bits << 6 | (text.at[i] & 0x3fu);
    }
    if (bits < least[len] || bits > 0x10ffff || (bits >= 0xd800 && bits <= 0xdfff)) {
        return 0;
    }
    *code = bits;
    return len;
}

/* Controls, line separators, and the marks that turn the direction of what is read. */
static bool is_unsafe(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0x200e && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static void add_escaped(struct line *line, struct slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        add(line, "\\x", 2);
        add_hex(line, slice_of(bytes.at + i, 1));
    }
}

static void add_quoted(struct line *line, struct slice text)
{
    size_t at = 0;
    add(line, "\"", 1);
    while (at < text.len && at < SLOG_VALUE_BYTES_MAX) {
        struct slice rest = slice_of(text.at + at, text.len - at);
        uint32_t code = 0;
        size_t len = character_at(rest, &code);
        if (len == 0 || is_unsafe(code)) {
            len = len > 0 ? len : 1;
            add_escaped(line, slice_of(rest.at, len));
        } else if (code == '"' || code == '\\') {
            add(line, "\\", 1);
            add(line, (const char *)rest.at, 1);
        } else {
            add(line, (const char *)rest.at, len);
        }
        at += len;
    }
    if (at < text.len) {
        add(line, "...", 3);
    }
    add(line, "\"", 1);
}

static void add_number(struct line *line, const struct slog_field *field)
{
    char digits[24];
    int len = field->type == SLOG_I64
                  ? snprintf(digits, sizeof digits, "%" PRId64, (int64_t)field->number)
                  : snprintf(digits, sizeof digits, "%" PRIu64, field->number);
    add(line, digits, (size_t)len);
}

static void add_errno(struct line *line, int err)
{
    const char *name = strerrorname_np(err);
    add_text(line, name != NULL ? name : "unknown");
}

static void add_value(struct line *line, const struct slog_field *field)
{
    size_t hex_len = field->bytes.len;
    switch (field->type) {
    case SLOG_TEXT:
        add_quoted(line, field->bytes);
        return;
    case SLOG_U64:
    case SLOG_I64:
        add_number(line, field);
        return;
    case SLOG_BOOL:
        add_text(line, field->number != 0 ? "true" : "false");
        return;
    case SLOG_HEX:
        hex_len = hex_len < SLOG_VALUE_BYTES_MAX ? hex_len : SLOG_VALUE_BYTES_MAX;
        add_hex(line, slice_of(field->bytes.at, hex_len));
        if (hex_len < field->bytes.len) {
            add_text(line, "...");
        }
        return;
    case SLOG_ERRNO:
        add_errno(line, (int)field->number);
        return;
    case SLOG_END:
        return;
    }
}

static void add_time(struct line *line)
{
    struct clock clock = clock_system();
    uint64_t now_ms = clock_wall_ms(&clock);
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm utc;
    char date[32];
    char fraction[8];
    if (gmtime_r(&seconds, &utc) == NULL ||
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc) == 0) {
        return;
    }
    int len = snprintf(fraction, sizeof fraction, ".%03uZ", (unsigned)(now_ms % 1000));
    add_text(line, date);
    add(line, fraction, (size_t)len);
}

/* A field is whole or not there: half a value could be taken for a whole one. */
static void add_field(struct line *line, const struct slog_field *field)
{
    size_t before = line->len;
    add_text(line, " ");
    add_text(line, field->key);
    add_text(line, "=");
    add_value(line, field);
    if (line->is_cut) {
        line->len = before;
    }
}

static void end(struct line *line)
{
    const char *last = line->is_cut ? cut_mark : "\n";
    memcpy(line->bytes + line->len, last, strlen(last));
    line->len += strlen(last);
}

void slog_write(enum slog_level level, const char *event, const struct slog_field *fields)
{
    if ((int)level < atomic_load_explicit(&least_level, memory_order_relaxed)) {
        return;
    }
    /* Logging must not change the errno that its caller is about to look at. */
    int errno_before = errno;
    struct line line;
    line.len = 0;
    line.is_cut = false;
    add_text(&line, "ts=");
    add_time(&line);
    add_text(&line, " level=");
    add_text(&line, level_names[level]);
    add_text(&line, " event=");
    add_text(&line, event);
    for (const struct slog_field *field = fields; field->type != SLOG_END && !line.is_cut;
         field++) {
        add_field(&line, field);
    }
    end(&line);
    ssize_t written;
    do {
        written = write(atomic_load_explicit(&line_fd, memory_order_relaxed), line.bytes, line.len);
    } while (written < 0 && errno == EINTR);
    errno = errno_before;
}

void slog_bare(enum slog_level level, const char *event)
{
    slog_write(level, event, &(const struct slog_field){.type = SLOG_END});
}

void slog_set_level(enum slog_level least)
{
    atomic_store_explicit(&least_level, (int)least, memory_order_relaxed);
}

bool slog_level_find(const char *name, enum slog_level *out)
{
    for (size_t i = 0; i < sizeof level_names / sizeof level_names[0]; i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *out = (enum slog_level)i;
            return true;
        }
    }
    return false;
}

void slog_set_fd(int fd)
{
    atomic_store_explicit(&line_fd, fd, memory_order_relaxed);
}

struct slog_field slog_str(const char *key, const char *text)
{
    return slog_text(key, slice_of_text(text != NULL ? text : ""));
}

struct slog_field slog_text(const char *key, struct slice text)
{
    return (struct slog_field){.type = SLOG_TEXT, .key = key, .bytes = text};
}

struct slog_field slog_u64(const char *key, uint64_t number)
{
    return (struct slog_field){.type = SLOG_U64, .key = key, .number = number};
}

struct slog_field slog_i64(const char *key, int64_t number)
{
    return (struct slog_field){.type = SLOG_I64, .key = key, .number = (uint64_t)number};
}

struct slog_field slog_bool(const char *key, bool truth)
{
    return (struct slog_field){.type = SLOG_BOOL, .key = key, .number = truth ? 1 : 0};
}

struct slog_field slog_hex(const char *key, const uint8_t *bytes, size_t len)
{
    return (struct slog_field){.type = SLOG_HEX, .key = key, .bytes = {bytes, len}};
}

struct slog_field slog_errno(const char *key, int err)
{
    return (struct slog_field){.type = SLOG_ERRNO, .key = key, .number = (uint64_t)err};
}
