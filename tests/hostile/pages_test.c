/* A host that serves boards' pages gives those and nothing else, to whoever asks however, and its
 * sessions do not notice: from outside, against a real enrumd with --pages. */
#include "stage.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    LARGE_BYTES = 400000,
    ANSWER_BYTES = LARGE_BYTES + 8192,
    PER_ADDRESS_MAX = 128,
    SLOW_READERS = 100,
};

static struct stage *stage;
static struct peer peer;
static struct device citizen;
static char folder[] = "/tmp/enrum-pages-XXXXXX";
static char *answer;

/* -- A folder with one site, and traps beside it -- */

static const char *path_in(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void file_write(const char *name, const char *text)
{
    FILE *out = fopen(path_in(name), "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void large_write(const char *name)
{
    FILE *out = fopen(path_in(name), "w");
    assert_non_null(out);
    for (int i = 0; i < LARGE_BYTES; i++) {
        fputc("0123456789abcdef"[i % 16], out);
    }
    assert_int_equal(fclose(out), 0);
}

static void folder_make(const char *name)
{
    assert_int_equal(mkdir(path_in(name), 0700), 0);
}

#define HEADERS                                                                                    \
    "  Cache-Control: no-cache\n  ETag: W/\"one\"\n"                                               \
    "  Content-Security-Policy: default-src 'none'; script-src 'self'\n"

static void site_make(void)
{
    folder_make("sites");
    folder_make("sites/bjuv");
    folder_make("sites/bjuv/personal");
    file_write("sites/bjuv/index.html", "<title>Bjuv</title>\n");
    file_write("sites/bjuv/personal/index.html", "<title>Personal</title>\n");
    file_write("sites/bjuv/worker.js", "plain");
    file_write("sites/bjuv/worker.js.br", "in brotli");
    file_write("sites/bjuv/worker.js.gz", "in gzip");
    large_write("sites/bjuv/large.js");
    file_write("sites/bjuv/headers.txt",
               "index.html\n  Content-Type: text/html; charset=utf-8\n" HEADERS
               "personal/index.html\n  Content-Type: text/html; charset=utf-8\n" HEADERS
               "worker.js\n  Content-Type: text/javascript; charset=utf-8\n" HEADERS
               "large.js\n  Content-Type: text/javascript; charset=utf-8\n");
    file_write("sites/bjuv/stray.txt", "SECRET");
    file_write("secret.txt", "SECRET");
    assert_int_equal(symlink("../../secret.txt", path_in("sites/bjuv/link.txt")), 0);
}

static int setup(void **state)
{
    (void)state;
    char pages[64];
    answer = malloc(ANSWER_BYTES);
    assert_non_null(answer);
    assert_non_null(mkdtemp(folder));
    site_make();
    /* The sanitizer keeps what is freed for a while, and that would count as held. */
    assert_int_equal(setenv("ASAN_OPTIONS", "detect_leaks=1:quarantine_size_mb=1", 1), 0);
    snprintf(pages, sizeof pages, "%s/sites", folder);
    stage = stage_start_with(
        &(struct stage_wish){.pages = pages, .limits = "\"address_unproved\":128"});
    device_citizen(&citizen, 7);
    peer_ready(&peer, &citizen);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    peer_close(&peer);
    device_free(&citizen);
    stage_end();
    free(answer);
    pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", folder, (char *)NULL);
        _exit(127);
    }
    return waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

/* -- Asking -- */

/* The rest of an answer whose length is told, or until the connection ends. */
static void answer_finish(int fd)
{
    size_t len = strlen(answer);
    ssize_t got;
    while (len < ANSWER_BYTES - 1 && (got = read(fd, answer + len, ANSWER_BYTES - 1 - len)) > 0) {
        len += (size_t)got;
        answer[len] = '\0';
    }
}

static const char *ask(const char *method, const char *path, const char *headers)
{
    static char request[16384];
    snprintf(request, sizeof request,
             "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s\r\n", method, path,
             headers);
    int fd = stage_raw(request, answer, ANSWER_BYTES);
    shutdown(fd, SHUT_WR);
    answer_finish(fd);
    close(fd);
    return answer;
}

static const char *get(const char *path)
{
    return ask("GET", path, "");
}

static bool is_status(const char *what, const char *status)
{
    return strncmp(what, "HTTP/1.", 7) == 0 && strncmp(what + 9, status, 3) == 0;
}

static const char *body(const char *what)
{
    const char *end = strstr(what, "\r\n\r\n");
    assert_non_null(end);
    return end + 4;
}

static void session_is_well(void)
{
    struct msg_ping ping = {0};
    assert_int_equal(peer_ask(&peer, &message_ping, &ping), ENRUM_OK);
}

/* -- What is served -- */

static void a_page_comes_with_the_headers_of_its_table(void **state)
{
    (void)state;
    assert_true(is_status(get("/bjuv/"), "200"));
    assert_non_null(strstr(answer, "Content-Type: text/html; charset=utf-8\r\n"));
    assert_non_null(strstr(answer, "Cache-Control: no-cache\r\n"));
    assert_non_null(strstr(answer, "Content-Security-Policy: default-src 'none'; script-src "
                                   "'self'\r\n"));
    assert_string_equal(body(answer), "<title>Bjuv</title>\n");
    assert_string_equal(body(get("/bjuv/index.html?a=b")), "<title>Bjuv</title>\n");
    assert_string_equal(body(get("/bjuv/personal/")), "<title>Personal</title>\n");
    assert_true(is_status(get("/bjuv/personal"), "301"));
    assert_non_null(strstr(answer, "Location: /bjuv/personal/\r\n"));
}

static void a_large_file_comes_whole(void **state)
{
    (void)state;
    const char *text = body(get("/bjuv/large.js"));
    assert_int_equal(strlen(text), LARGE_BYTES);
    for (int i = 0; i < LARGE_BYTES; i++) {
        assert_int_equal(text[i], "0123456789abcdef"[i % 16]);
    }
}

static void a_browser_gets_the_form_that_it_takes(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"", "plain"},
        {"Accept-Encoding: gzip, deflate, br\r\n", "in brotli"},
        {"Accept-Encoding: GZIP\r\n", "in gzip"},
        {"Accept-Encoding: br;q=0, gzip;q=0.5\r\n", "in gzip"},
        {"Accept-Encoding: br; q=0.0\r\n", "plain"},
        {"Accept-Encoding: brx, xgzip\r\n", "plain"},
        {"Accept-Encoding: ,;=,\r\n", "plain"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(body(ask("GET", "/bjuv/worker.js", rows[i][0])), rows[i][1]);
        assert_int_equal(strstr(answer, "Content-Encoding:") != NULL,
                         strcmp(rows[i][1], "plain") != 0);
    }
}

static void what_is_known_already_is_not_sent_again(void **state)
{
    (void)state;
    assert_true(is_status(ask("GET", "/bjuv/worker.js", "If-None-Match: W/\"one\"\r\n"), "304"));
    assert_string_equal(body(answer), "");
    assert_true(is_status(ask("GET", "/bjuv/worker.js", "If-None-Match: W/\"two\"\r\n"), "200"));
}

static void head_has_no_body_and_other_methods_are_refused(void **state)
{
    (void)state;
    static const char *const methods[] = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"};
    assert_true(is_status(ask("HEAD", "/bjuv/worker.js", ""), "200"));
    assert_non_null(strstr(answer, "content-length: 5\r\n"));
    assert_string_equal(body(answer), "");
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        ask(methods[i], "/bjuv/worker.js", "Content-Length: 0\r\n");
        assert_true(is_status(answer, "405"));
        assert_non_null(strstr(answer, "Allow: GET, HEAD\r\n"));
    }
    assert_false(is_status(ask("BREW", "/bjuv/worker.js", ""), "200"));
}

static void healthz_stays(void **state)
{
    (void)state;
    assert_true(is_status(get("/healthz"), "200"));
    assert_non_null(strstr(answer, "\"status\":\"ok\""));
}

/* -- What is not -- */

static void no_path_leads_out_of_the_site(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "/",
        "/../secret.txt",
        "/bjuv/../../secret.txt",
        "/bjuv/..//..//secret.txt",
        "/bjuv/%2e%2e/%2e%2e/secret.txt",
        "/bjuv/..%2f..%2fsecret.txt",
        "/bjuv/%252e%252e/secret.txt",
        "/bjuv/..\\..\\secret.txt",
        "/bjuv/..%5c..%5csecret.txt",
        "/bjuv/stray.txt",
        "/bjuv/link.txt",
        "/bjuv/headers.txt",
        "/bjuv/worker.js.br",
        "/bjuv/worker.js/",
        "/bjuv/worker.js%2f",
        "/bjuv/worker.js%00",
        "/bjuv/worker.js%00.txt",
        "/bjuv/%00",
        "/bjuv/.",
        "/bjuv/personal/worker.js",
        "/headers.txt",
        "/%",
        "/bjuv/%zz",
        "/etc/passwd",
        "http://127.0.0.1/etc/passwd",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        get(paths[i]);
        /* The library ends what it cannot read; whatever it tidies up is a page, or is not there.
         */
        assert_true(answer[0] == '\0' || is_status(answer, "404") || is_status(answer, "403") ||
                    is_status(answer, "301") || is_status(answer, "400") ||
                    strstr(answer, "<title>Bjuv</title>") != NULL);
        assert_null(strstr(answer, "SECRET"));
        assert_null(strstr(answer, "root:"));
        assert_null(strstr(answer, folder));
    }
    session_is_well();
}

static void a_path_that_is_too_long_is_not_there(void **state)
{
    (void)state;
    static const size_t lengths[] = {255, 256, 257, 1000, 3000, 4090, 8000, 15000};
    static char path[15001];
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        memset(path, 'a', lengths[i]);
        memcpy(path, "/bjuv/", 6);
        path[lengths[i]] = '\0';
        get(path);
        assert_false(is_status(answer, "200"));
        path[lengths[i] - 1] = '/';
        get(path);
        assert_false(is_status(answer, "200"));
    }
    session_is_well();
}

static void pages_that_cannot_be_served_are_refused_in_words(void **state)
{
    (void)state;
    char words[2048], where[64];
    static const struct {
        const char *table, *words;
    } rows[] = {
        {"../../secret.txt\n", "../../secret.txt"},
        {"/etc/passwd\n", "/etc/passwd"},
        {"inner/link.txt\n", "inner/link.txt is no file, or behind a symbolic link"},
        {"away/secret.txt\n", "away/secret.txt is no file, or behind a symbolic link"},
        {"inner\n", "inner is no file"},
        {"absent.js\n", "absent.js cannot be read"},
        {"good.js\ngood.js\n", "/good.js stands twice"},
        {"good.js\n  no header\n", "headers.txt: line 2 is no header"},
        {"good.js\n  A\tB: c\n", "headers.txt: line 2 is no header"},
        {"good.js\n  A: b\rc\n", "headers.txt: line 2 is no header"},
        {"  A: b\n", "headers.txt: line 1 is no header"},
        {"good.js", "headers.txt is cut short"},
    };
    stage_refuse_pages("/nowhere/at/all", words, sizeof words);
    assert_non_null(strstr(words, "/nowhere/at/all: the pages' folder is not there"));
    folder_make("bad");
    folder_make("bad/inner");
    file_write("bad/good.js", "");
    assert_int_equal(symlink("../../secret.txt", path_in("bad/inner/link.txt")), 0);
    assert_int_equal(symlink("..", path_in("bad/away")), 0);
    snprintf(where, sizeof where, "%s/bad", folder);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        file_write("bad/headers.txt", rows[i].table);
        stage_refuse_pages(where, words, sizeof words);
        assert_non_null(strstr(words, rows[i].words));
    }
}

static void more_than_the_hosts_memory_for_pages_is_refused(void **state)
{
    (void)state;
    char words[2048], where[64];
    folder_make("large");
    file_write("large/headers.txt", "large.js\n");
    file_write("large/large.js", "");
    assert_int_equal(truncate(path_in("large/large.js"), 17 << 20), 0);
    snprintf(where, sizeof where, "%s/large", folder);
    stage_refuse_pages(where, words, sizeof words);
    assert_non_null(strstr(words, "large.js is too large"));
    folder_make("empty");
    snprintf(where, sizeof where, "%s/empty", folder);
    stage_refuse_pages(where, words, sizeof words);
    assert_non_null(strstr(words, "is no site"));
}

/* -- Who is slow, and who is many -- */

#define LARGE "GET /bjuv/large.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

static size_t host_rss(void)
{
    char path[64];
    size_t whole = 0, resident = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)stage->host);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    assert_int_equal(fscanf(in, "%zu %zu", &whole, &resident), 2);
    fclose(in);
    return resident * 4096;
}

static size_t host_descriptors(void)
{
    char path[64];
    size_t count = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)stage->host);
    DIR *list = opendir(path);
    assert_non_null(list);
    while (readdir(list) != NULL) {
        count++;
    }
    closedir(list);
    return count;
}

static bool descriptors_fall_to(size_t count, int seconds)
{
    struct timespec step = {.tv_nsec = 200000000};
    for (int i = 0; i < seconds * 5 && host_descriptors() > count; i++) {
        session_is_well();
        nanosleep(&step, NULL);
    }
    return host_descriptors() <= count;
}

/* Its window is so small that the host cannot leave the answer to the kernel. */
static int slow_reader_open(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)stage->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), bytes = 2048;
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(write(fd, LARGE, strlen(LARGE)), strlen(LARGE));
    return fd;
}

static size_t read_to_end(int fd)
{
    size_t whole = 0;
    ssize_t got;
    while ((got = read(fd, answer, ANSWER_BYTES)) > 0) {
        whole += (size_t)got;
    }
    return whole;
}

static void slow_readers_hold_little_and_are_cut(void **state)
{
    (void)state;
    int slow[SLOW_READERS];
    size_t descriptors = host_descriptors(), rss = host_rss();
    for (int i = 0; i < SLOW_READERS; i++) {
        slow[i] = slow_reader_open();
    }
    session_is_well();
    a_large_file_comes_whole(state);
    assert_true(host_descriptors() >= descriptors + SLOW_READERS);
    assert_true(host_rss() < rss + SLOW_READERS * (size_t)LARGE_BYTES / 4);
    assert_true(descriptors_fall_to(descriptors, 40));
    for (int i = 0; i < SLOW_READERS; i++) {
        assert_true(read_to_end(slow[i]) < LARGE_BYTES / 2);
        close(slow[i]);
    }
}

static void one_address_has_so_many_places_and_gets_them_back(void **state)
{
    (void)state;
    enum { ASKED = PER_ADDRESS_MAX + 20 };
    int asked[ASKED], refused = 0;
    char start[64];
    size_t descriptors = host_descriptors();
    for (int i = 0; i < ASKED; i++) {
        asked[i] = stage_raw("GET /bjuv/worker.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", start,
                             sizeof start);
        refused += !is_status(start, "200");
    }
    /* The session, whose citizen is proved, has no place of the address's. */
    assert_int_equal(refused, ASKED - PER_ADDRESS_MAX);
    session_is_well();
    for (int i = 0; i < ASKED; i++) {
        close(asked[i]);
    }
    assert_true(descriptors_fall_to(descriptors, 10));
    assert_true(is_status(get("/bjuv/"), "200"));
}

#define UPGRADE                                                                                    \
    "GET /bjuv/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"      \
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"                 \
    "Sec-WebSocket-Protocol: enrum.1\r\n\r\n"

static void a_connection_that_becomes_a_session_gives_its_place_back(void **state)
{
    (void)state;
    size_t descriptors = host_descriptors();
    for (int i = 0; i < PER_ADDRESS_MAX * 2; i++) {
        int fd = stage_raw("GET /bjuv/worker.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", answer, 8192);
        while (strstr(answer, "\r\n\r\nplain") == NULL) {
            size_t len = strlen(answer);
            ssize_t got = read(fd, answer + len, 8192 - 1 - len);
            assert_true(got > 0);
            answer[len + (size_t)got] = '\0';
        }
        assert_int_equal(write(fd, UPGRADE, strlen(UPGRADE)), strlen(UPGRADE));
        ssize_t len = read(fd, answer, 8192 - 1);
        assert_true(len > 0);
        answer[len] = '\0';
        assert_true(is_status(answer, "101"));
        close(fd);
        if (i % 32 == 31) {
            assert_true(descriptors_fall_to(descriptors, 10));
        }
    }
    session_is_well();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_comes_with_the_headers_of_its_table),
        cmocka_unit_test(a_large_file_comes_whole),
        cmocka_unit_test(a_browser_gets_the_form_that_it_takes),
        cmocka_unit_test(what_is_known_already_is_not_sent_again),
        cmocka_unit_test(head_has_no_body_and_other_methods_are_refused),
        cmocka_unit_test(healthz_stays),
        cmocka_unit_test(no_path_leads_out_of_the_site),
        cmocka_unit_test(a_path_that_is_too_long_is_not_there),
        cmocka_unit_test(pages_that_cannot_be_served_are_refused_in_words),
        cmocka_unit_test(more_than_the_hosts_memory_for_pages_is_refused),
        cmocka_unit_test(slow_readers_hold_little_and_are_cut),
        cmocka_unit_test(one_address_has_so_many_places_and_gets_them_back),
        cmocka_unit_test(a_connection_that_becomes_a_session_gives_its_place_back),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
