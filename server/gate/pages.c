/* pages -- see pages.h. */
#include "gate/pages.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PAGES_MAX = 512,
    SITES_MAX = 64,
    TABLE_BYTES_MAX = 1 << 18,  /* one headers.txt */
    PAGES_BYTES_MAX = 16 << 20, /* everything */
};

static const char table_name[] = "headers.txt";

struct pages {
    size_t page_count, table_count, bytes;
    struct page pages[PAGES_MAX];
    struct buffer tables[SITES_MAX]; /* where the pages' headers point to */
};

struct reading {
    struct pages *pages;
    const char *folder; /* in messages */
    char *problem;
    size_t problem_bytes;
};

__attribute__((format(printf, 2, 3))) static bool wrong(const struct reading *reading,
                                                        const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = snprintf(reading->problem, reading->problem_bytes, "%s: ", reading->folder);
    if (n > 0 && (size_t)n < reading->problem_bytes) {
        (void)vsnprintf(reading->problem + n, reading->problem_bytes - (size_t)n, format, args);
    }
    va_end(args);
    return false;
}

/* -- Files -- */

/* Only names of this kind are ever opened: none begins with a dot. */
static bool name_is_plain(const char *name)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    return name[0] != '\0' && name[0] != '.' && name[strspn(name, signs)] == '\0';
}

/* Opens folder after folder, none of them through a symbolic link. The descriptor, or -1. */
static int path_open(int folder, const char *path)
{
    char rest[PAGE_PATH_BYTES + 4];
    int at = dup(folder);
    if (at < 0 || snprintf(rest, sizeof rest, "%s", path) >= (int)sizeof rest) {
        return at < 0 ? -1 : (close(at), -1);
    }
    for (char *name = rest, *slash; at >= 0; name = slash + 1) {
        slash = strchr(name, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
        int kind = slash != NULL ? O_DIRECTORY : O_NONBLOCK;
        int next = name_is_plain(name) ? openat(at, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | kind)
                                       : (errno = EINVAL, -1);
        int why = errno;
        close(at);
        errno = why;
        if (slash == NULL) {
            return next;
        }
        at = next;
    }
    return -1;
}

static bool bytes_fill(int file, struct buffer *out, size_t len)
{
    if (len == 0) {
        return true;
    }
    uint8_t *at = buffer_extend(out, len);
    for (size_t done = 0; at != NULL && done < len;) {
        ssize_t got = read(file, at + done, len - done);
        if (got <= 0) {
            return false;
        }
        done += (size_t)got;
    }
    return at != NULL;
}

/* Reads one whole file. A form that is not there stays empty when `may_lack`. */
static bool file_read(struct reading *reading, int folder, const char *path, bool may_lack,
                      size_t most, struct buffer *out)
{
    struct stat what;
    buffer_init(out, most);
    int file = path_open(folder, path);
    if (file < 0) {
        return (may_lack && errno == ENOENT) ||
               wrong(reading, "%s %s", path,
                     errno == ELOOP || errno == ENOTDIR ? "is no file, or behind a symbolic link"
                                                        : "cannot be read");
    }
    bool good = fstat(file, &what) == 0 && S_ISREG(what.st_mode);
    if (!good) {
        (void)wrong(reading, "%s is no file", path);
    } else if ((uint64_t)what.st_size > most) {
        good = wrong(reading, "%s is too large: %zu bytes are left for it", path, most);
    } else if (!bytes_fill(file, out, (size_t)what.st_size)) {
        good = wrong(reading, "%s cannot be read", path);
    }
    close(file);
    return good;
}

static bool forms_read(struct reading *reading, int folder, const char *path, struct page *page)
{
    static const char *const endings[PAGE_FORMS] = {
        [PAGE_BROTLI] = ".br", [PAGE_GZIP] = ".gz", [PAGE_PLAIN] = ""};
    struct pages *pages = reading->pages;
    for (int form = PAGE_PLAIN; form >= 0; form--) {
        char name[PAGE_PATH_BYTES + 4];
        (void)snprintf(name, sizeof name, "%s%s", path, endings[form]);
        if (!file_read(reading, folder, name, form != PAGE_PLAIN, PAGES_BYTES_MAX - pages->bytes,
                       &page->forms[form])) {
            return false;
        }
        pages->bytes += page->forms[form].len;
    }
    return true;
}

/* -- headers.txt: a page's name on a line, its headers on indented lines behind it -- */

static bool header_take(struct page *page, char *line)
{
    char *colon = strstr(line, ": ");
    if (page == NULL || colon == NULL || colon == line || page->header_count == PAGE_HEADERS_MAX) {
        return false;
    }
    for (const char *sign = line; *sign != '\0'; sign++) {
        bool is_name = isalnum((unsigned char)*sign) || *sign == '-';
        if (sign < colon ? !is_name : !isprint((unsigned char)*sign)) {
            return false;
        }
    }
    page->header_bytes += strlen(line) + 4;
    colon[1] = '\0';
    page->headers[page->header_count++] = (struct page_header){line, colon + 2};
    if (strcasecmp(line, "ETag:") == 0) {
        page->tag = colon + 2;
    }
    return page->header_bytes <= PAGE_HEADERS_BYTES_MAX;
}

static struct page *page_add(struct reading *reading, int folder, const char *site,
                             const char *path)
{
    struct pages *pages = reading->pages;
    if (pages->page_count == PAGES_MAX) {
        (void)wrong(reading, "more than %d files", PAGES_MAX);
        return NULL;
    }
    struct page *page = &pages->pages[pages->page_count++];
    if (snprintf(page->path, sizeof page->path, "%s%s", site, path) >= (int)sizeof page->path) {
        (void)wrong(reading, "%s is too long a name", path);
        return NULL;
    }
    return forms_read(reading, folder, path, page) ? page : NULL;
}

static bool table_parse(struct reading *reading, int folder, const char *site, char *text)
{
    struct page *page = NULL;
    unsigned number = 0;
    for (char *line = text, *end; *line != '\0'; line = end + 1) {
        number++;
        end = strchr(line, '\n');
        if (end == NULL) {
            return wrong(reading, "%s is cut short", table_name);
        }
        *end = '\0';
        if (line[0] == ' ') {
            if (!header_take(page, line + strspn(line, " "))) {
                return wrong(reading, "%s: line %u is no header", table_name, number);
            }
        } else if ((page = page_add(reading, folder, site, line)) == NULL) {
            return false;
        }
    }
    return true;
}

/* `site` is what its paths begin with. */
static bool site_read(struct reading *reading, int folder, const char *site)
{
    struct pages *pages = reading->pages;
    if (pages->table_count == SITES_MAX) {
        return wrong(reading, "more than %d sites", SITES_MAX);
    }
    struct buffer *table = &pages->tables[pages->table_count++];
    if (!file_read(reading, folder, table_name, false, TABLE_BYTES_MAX, table)) {
        return false;
    }
    table->max++;
    buffer_append(table, "", 1);
    if (table->failed || strlen((const char *)table->at) + 1 != table->len) {
        return wrong(reading, "%s is no text", table_name);
    }
    return table_parse(reading, folder, site, (char *)table->at);
}

/* -- Folders -- */

static bool site_enter(struct reading *reading, int folder, const char *name)
{
    char site[PAGE_PATH_BYTES], where[PAGE_PATH_BYTES * 2];
    (void)snprintf(site, sizeof site, "/%s/", name);
    (void)snprintf(where, sizeof where, "%s/%s", reading->folder, name);
    struct reading inner = *reading;
    inner.folder = where;
    int inside = path_open(folder, name);
    bool good = inside >= 0 ? site_read(&inner, inside, site)
                            : wrong(&inner, "%s",
                                    errno == ELOOP ? "is a symbolic link" : "cannot be opened");
    if (inside >= 0) {
        close(inside);
    }
    return good;
}

static bool is_folder_within(int folder, const char *name)
{
    struct stat what;
    return name[0] != '.' && fstatat(folder, name, &what, 0) == 0 && S_ISDIR(what.st_mode);
}

static bool sites_read(struct reading *reading, int folder)
{
    DIR *list = fdopendir(dup(folder));
    bool good = list != NULL || wrong(reading, "cannot be listed");
    for (struct dirent *item; good && (item = readdir(list)) != NULL;) {
        if (is_folder_within(folder, item->d_name)) {
            good = site_enter(reading, folder, item->d_name);
        }
    }
    if (list != NULL) {
        closedir(list);
    }
    return good && (reading->pages->page_count > 0 ||
                    wrong(reading, "is no site, and has no folder that is one: no %s", table_name));
}

static int page_order(const void *a, const void *b)
{
    return strcmp(((const struct page *)a)->path, ((const struct page *)b)->path);
}

static bool pages_sort(struct reading *reading)
{
    struct pages *pages = reading->pages;
    qsort(pages->pages, pages->page_count, sizeof pages->pages[0], page_order);
    for (size_t i = 1; i < pages->page_count; i++) {
        if (page_order(&pages->pages[i - 1], &pages->pages[i]) == 0) {
            return wrong(reading, "%s stands twice", pages->pages[i].path);
        }
    }
    return true;
}

bool pages_read(const char *folder, struct pages **out, char *problem, size_t problem_bytes)
{
    struct pages *pages = calloc(1, sizeof *pages);
    struct reading reading = {pages, folder, problem, problem_bytes};
    if (pages == NULL) {
        return wrong(&reading, "no memory is left");
    }
    int opened = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    bool good = opened >= 0 || wrong(&reading, "the pages' folder is not there");
    if (good) {
        bool is_site = faccessat(opened, table_name, F_OK, 0) == 0;
        good = (is_site ? site_read(&reading, opened, "/") : sites_read(&reading, opened)) &&
               pages_sort(&reading);
        close(opened);
    }
    if (!good) {
        pages_free(pages);
        return false;
    }
    *out = pages;
    return true;
}

void pages_free(struct pages *pages)
{
    for (size_t i = 0; i < pages->page_count; i++) {
        for (int form = 0; form < PAGE_FORMS; form++) {
            buffer_fini(&pages->pages[i].forms[form]);
        }
    }
    for (size_t i = 0; i < pages->table_count; i++) {
        buffer_fini(&pages->tables[i]);
    }
    free(pages);
}

/* -- Asking -- */

static int page_compare(const void *path, const void *page)
{
    return strcmp(path, ((const struct page *)page)->path);
}

static const struct page *find(const struct pages *pages, struct slice path, const char *behind)
{
    char whole[PAGE_PATH_BYTES];
    size_t behind_len = strlen(behind);
    if (path.len + behind_len >= sizeof whole || memchr(path.at, '\0', path.len) != NULL) {
        return NULL;
    }
    memcpy(whole, path.at, path.len);
    memcpy(whole + path.len, behind, behind_len + 1);
    return bsearch(whole, pages->pages, pages->page_count, sizeof pages->pages[0], page_compare);
}

const struct page *pages_find(const struct pages *pages, struct slice path)
{
    bool is_folder = path.len > 0 && path.at[path.len - 1] == '/';
    return find(pages, path, is_folder ? "index.html" : "");
}

bool pages_is_folder(const struct pages *pages, struct slice path)
{
    return find(pages, path, "/index.html") != NULL;
}

const char *page_form_name(enum page_form form)
{
    static const char *const names[PAGE_FORMS] = {[PAGE_BROTLI] = "br", [PAGE_GZIP] = "gzip"};
    return names[form];
}

/* The word is in the list, and not with a weight of 0. */
static bool is_accepted(const char *accepted, const char *word)
{
    size_t len = strlen(word);
    while (*accepted != '\0') {
        accepted += strspn(accepted, ", \t");
        size_t item = strcspn(accepted, ",");
        if (item >= len && strncasecmp(accepted, word, len) == 0 &&
            (item == len || strchr("; \t", accepted[len]) != NULL)) {
            const char *weight = memchr(accepted, '=', item);
            size_t digits = weight != NULL ? strspn(weight + 1, "0.") : 0;
            return weight == NULL || digits == 0 || isdigit((unsigned char)weight[1 + digits]);
        }
        accepted += item;
    }
    return false;
}

enum page_form page_form_for(const struct page *page, const char *accepted)
{
    for (int form = 0; form < PAGE_PLAIN; form++) {
        if (page->forms[form].len > 0 &&
            is_accepted(accepted, page_form_name((enum page_form)form))) {
            return (enum page_form)form;
        }
    }
    return PAGE_PLAIN;
}

bool page_is_known(const struct page *page, const char *none_match)
{
    return page->tag != NULL && strstr(none_match, page->tag) != NULL;
}
