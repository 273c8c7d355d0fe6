/* pages -- boards' sites (client-sdk/web/site.mjs makes them), read whole when the host starts.
 * A path is looked up in a table and never opened, so that no path leads to another file. What is
 * in the table is what each site's headers.txt names, in regular files behind no symbolic link.
 * Knows no sockets. Never changes once it is read. */
#pragma once

#include "base/buffer.h"

enum {
    PAGE_HEADERS_MAX = 24,
    PAGE_HEADERS_BYTES_MAX = 4096, /* of one page */
    PAGE_PATH_BYTES = 256,
};

/* In the order of preference. */
enum page_form { PAGE_BROTLI, PAGE_GZIP, PAGE_PLAIN, PAGE_FORMS };

struct page_header {
    const char *name; /* with its colon */
    const char *value;
};

struct page {
    char path[PAGE_PATH_BYTES]; /* from the slash on */
    size_t header_count, header_bytes;
    struct page_header headers[PAGE_HEADERS_MAX];
    const char *tag;                 /* the value of its ETag; NULL: none */
    struct buffer forms[PAGE_FORMS]; /* empty: not in this form */
};

struct pages;

/* `folder` is one site, or has a folder for each: FOLDER/bjuv is then served at /bjuv/. False:
 * `problem` says what is wrong, for people. */
bool pages_read(const char *folder, struct pages **out, char *problem, size_t problem_bytes);
void pages_free(struct pages *pages);

/* A path that ends with a slash is that folder's index.html. NULL: there is none. */
const struct page *pages_find(const struct pages *pages, struct slice path);
/* The same path would be found with a slash behind it. */
bool pages_is_folder(const struct pages *pages, struct slice path);
/* The best form for a client with this Accept-Encoding (RFC 9110 section 12.5.3). */
enum page_form page_form_for(const struct page *page, const char *accepted);
/* As HTTP's Content-Encoding calls it; NULL for PAGE_PLAIN. */
const char *page_form_name(enum page_form form);
/* This If-None-Match names what the page is now. */
bool page_is_known(const struct page *page, const char *none_match);
