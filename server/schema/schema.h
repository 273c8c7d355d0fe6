/* schema -- which version a database file of ours has, and its way up to the newest: a table of
 * steps, each run in a transaction that also sets the version. It knows neither the tables nor the
 * log: what happens is told to its caller. Thread: the connection's. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/* A step that has been released is never changed: files were made by it. */
struct schema_step {
    const char *sql;                  /* NULL: none */
    bool (*run)(sqlite3 *connection); /* behind the SQL, in its transaction; NULL: none */
};

enum { SCHEMA_TELL_EVERY_MS = 5000 };

/* What happens to the file. */
#define SCHEMA_NEWS(X)                                                                             \
    X(COPYING, "copying")        /* it takes long: so many percent are done */                     \
    X(COPIED, "copied")          /* the copy is whole, and on the disk */                          \
    X(STEPPING, "stepping")      /* it takes long: it still goes on */                             \
    X(RAISED, "raised")          /* `to` is committed */                                           \
    X(TOO_NEW, "too_new")        /* a newer program has made it; it was not touched */             \
    X(UNUSABLE, "unusable")      /* unreadable, or not made by a program of ours; not touched */   \
    X(COPY_FAILED, "no_copy")    /* nothing was changed */                                         \
    X(STEP_FAILED, "not_raised") /* `from` stands, whole */

enum schema_news_type {
#define X(name, text) SCHEMA_##name,
    SCHEMA_NEWS(X)
#undef X
};

struct schema_news {
    enum schema_news_type type;
    int from, to;
    unsigned percent; /* of the copying */
    const char *file; /* the copy; NULL: none is spoken of. Borrowed for the call */
    int code;         /* SQLite's; 0: it has none for what is wrong, or nothing is */
    const char *why;  /* NULL: nothing is wrong. Borrowed for the call */
};
const char *schema_news_name(enum schema_news_type type);

struct schema {
    /* [n] leads from version n to n + 1; [0] makes an empty file. */
    const struct schema_step *steps;
    int newest; /* how many there are */
    /* Before the first step of a file that holds something, it is copied to FILE.v1, FILE.v2 ... */
    bool keeps_copy;
    uint64_t tell_every_ms;                                      /* of what takes long */
    void (*tell)(void *context, const struct schema_news *news); /* NULL: nobody listens */
    void *context;
};

enum schema_state {
    SCHEMA_REFUSED, /* told: unusable or too new; to be closed, and is as it was */
    SCHEMA_EMPTY,
    SCHEMA_OLDER,
    SCHEMA_NEWEST,
};

/* Looks at a file that was opened, before anything is written to it. */
enum schema_state schema_look(const struct schema *schema, sqlite3 *connection);
/* Takes it to the newest version. The connection's commits must be synced ones. False: told; the
 * file is whole, of the version that it had or of one on the way. */
bool schema_raise(const struct schema *schema, sqlite3 *connection);
