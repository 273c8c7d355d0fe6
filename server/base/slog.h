/* slog -- structured log lines on standard error:
 *     ts=2026-01-31T12:00:00.000Z level=info event=listening port=7000 address="127.0.0.1"
 * Callers give typed fields, never a format. Text is quoted and escaped, so that nothing a peer
 * sends can begin a new line or look like another field. One line is one write: any thread may log
 * without a lock. Secrets have no field type: never take one apart to log it. */
#pragma once

#include "base/slice.h"

enum slog_level { SLOG_DEBUG, SLOG_INFO, SLOG_WARN, SLOG_ERROR };

enum slog_type { SLOG_END, SLOG_TEXT, SLOG_U64, SLOG_I64, SLOG_BOOL, SLOG_HEX, SLOG_ERRNO };

struct slog_field {
    enum slog_type type;
    const char *key; /* lower-case letters, digits and '_' */
    struct slice bytes;
    uint64_t number;
};

enum {
    SLOG_LINE_BYTES_MAX = 2048, /* below PIPE_BUF, so that lines of several threads do not mix */
    SLOG_VALUE_BYTES_MAX = 512, /* of the value before it is escaped; longer ones end in "..." */
};

/* slog(SLOG_INFO, "listening", slog_str("address", address), slog_u64("port", port)); with
 * slog_bare for no fields. */
#define slog(level, event, ...)                                                                    \
    slog_write((level), (event), (const struct slog_field[]){__VA_ARGS__, {.type = SLOG_END}})

void slog_bare(enum slog_level level, const char *event);
/* `fields` ends with SLOG_END. A line that would be too long ends with cut=true. */
void slog_write(enum slog_level level, const char *event, const struct slog_field *fields);

/* Lines below this level are dropped; SLOG_INFO at start. */
void slog_set_level(enum slog_level least);
/* The level of this name ("debug", "info", "warn", "error"). False: there is none. */
bool slog_level_find(const char *name, enum slog_level *out);
/* Where lines go; standard error at start. */
void slog_set_fd(int fd);

/* NULL is logged as an empty text. */
struct slog_field slog_str(const char *key, const char *text);
struct slog_field slog_text(const char *key, struct slice text);
struct slog_field slog_u64(const char *key, uint64_t number);
struct slog_field slog_i64(const char *key, int64_t number);
struct slog_field slog_bool(const char *key, bool truth);
/* Ids, hashes and public keys. */
struct slog_field slog_hex(const char *key, const uint8_t *bytes, size_t len);
/* The name of an errno value: ENOSPC. */
struct slog_field slog_errno(const char *key, int err);
