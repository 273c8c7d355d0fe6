/* What the host tells of itself is well-formed OpenMetrics 1.0, moves with what happens, is told on
 * loopback only, and stands for nobody. From outside, against a real enrumd. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ANSWER_BYTES = 65536, FAMILIES_MAX = 64 };

static struct stage *stage;
static struct peer peer;
static struct device citizen;
static struct test_room room;
static char answer[ANSWER_BYTES];

static int setup(void **state)
{
    (void)state;
    stage = stage_start_with(&(struct stage_wish){.metrics = "127.0.0.1:0"});
    device_citizen(&citizen, 7);
    peer_ready(&peer, &citizen);
    return (int)room_open_by(&peer, &citizen, false, &room);
}

static int teardown(void **state)
{
    (void)state;
    peer_close(&peer);
    device_free(&citizen);
    stage_end();
    return 0;
}

static char *scrape(void)
{
    stage_get(stage->metrics_port, "/metrics", answer, sizeof answer);
    char *body = strstr(answer, "\r\n\r\n");
    assert_non_null(body);
    return body + 4;
}

/* -- The format -- */

struct family {
    char name[96], type[16];
    bool has_help, has_sample, has_unit;
};

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);
    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static void family_check_end(const struct family *family)
{
    bool wants_unit = ends_with(family->name, "_bytes") || ends_with(family->name, "_seconds");
    assert_true(family->has_help && family->has_sample);
    assert_int_equal(family->has_unit, wants_unit);
}

/* "# TYPE name type", "# UNIT name unit", "# HELP name words", in this order. */
static void descriptor_check(struct family families[], size_t *count, const char *line)
{
    char what[8], name[96], rest[512];
    assert_int_equal(sscanf(line, "# %7s %95s %511[^\n]", what, name, rest), 3);
    if (strcmp(what, "TYPE") == 0) {
        if (*count > 0) {
            family_check_end(&families[*count - 1]);
        }
        for (size_t i = 0; i < *count; i++) {
            assert_string_not_equal(families[i].name, name);
        }
        assert_true(*count < FAMILIES_MAX);
        struct family *family = &families[(*count)++];
        *family = (struct family){0};
        snprintf(family->name, sizeof family->name, "%s", name);
        snprintf(family->type, sizeof family->type, "%.15s", rest);
        assert_true(strcmp(rest, "counter") == 0 || strcmp(rest, "gauge") == 0 ||
                    strcmp(rest, "histogram") == 0);
        return;
    }
    struct family *family = &families[*count - 1];
    assert_true(*count > 0 && !family->has_help && !family->has_sample);
    assert_string_equal(name, family->name);
    if (strcmp(what, "UNIT") == 0) {
        assert_true(ends_with(name, rest));
        family->has_unit = true;
    } else {
        assert_string_equal(what, "HELP");
        assert_null(strchr(rest, '\\'));
        assert_null(strchr(rest, '"'));
        family->has_help = true;
    }
}

/* NAME, or NAME_total and so on: what the family's type lets its samples be called. */
static void sample_name_check(const struct family *family, const char *name)
{
    static const char *const of_histogram[] = {"_bucket", "_sum", "_count"};
    size_t len = strlen(family->name);
    assert_int_equal(strncmp(name, family->name, len), 0);
    const char *suffix = name + len;
    if (strcmp(family->type, "histogram") == 0) {
        bool is_known = false;
        for (int i = 0; i < 3; i++) {
            is_known = is_known || strcmp(suffix, of_histogram[i]) == 0;
        }
        assert_true(is_known);
    } else {
        assert_string_equal(suffix, strcmp(family->type, "counter") == 0 ? "_total" : "");
    }
}

static void sample_check(struct family *family, const char *line)
{
    char name[128];
    size_t len = strcspn(line, "{ ");
    assert_true(len < sizeof name);
    memcpy(name, line, len);
    name[len] = '\0';
    sample_name_check(family, name);
    const char *at = line + len;
    if (*at == '{') {
        /* One label: {key="value"} */
        size_t key = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_");
        assert_true(key > 0);
        assert_int_equal(strncmp(at + 1 + key, "=\"", 2), 0);
        at = strchr(at + key + 3, '"');
        assert_non_null(at);
        assert_int_equal(strncmp(at, "\"} ", 3), 0);
        at += 2;
    }
    char *end = NULL;
    assert_int_equal(*at, ' ');
    assert_true(strtod(at + 1, &end) >= 0);
    assert_true(end > at + 1 && *end == '\0');
    family->has_sample = true;
}

static void the_format_is_openmetrics(void **state)
{
    (void)state;
    struct family families[FAMILIES_MAX];
    size_t count = 0;
    char *line = scrape();
    assert_non_null(strstr(
        answer, "Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"));
    assert_true(ends_with(line, "\n# EOF\n"));
    for (char *next; strcmp(line, "# EOF\n") != 0; line = next) {
        next = strchr(line, '\n');
        assert_non_null(next);
        *next++ = '\0';
        if (line[0] == '#') {
            descriptor_check(families, &count, line);
        } else {
            assert_true(count > 0);
            sample_check(&families[count - 1], line);
        }
    }
    assert_true(count > 20);
    family_check_end(&families[count - 1]);
}

static void the_histogram_only_rises_and_ends_with_its_count(void **state)
{
    (void)state;
    const char *at = scrape();
    unsigned long long last = 0, count = 0;
    double bound = 0, sum = -1;
    int buckets = 0;
    while ((at = strstr(at, "\nenrum_commit_seconds_bucket{le=\"")) != NULL) {
        unsigned long long here;
        double le = strtod(strchr(at, '"') + 1, NULL);
        assert_int_equal(sscanf(strchr(at, '}'), "} %llu", &here), 1);
        assert_true(here >= last && le > bound);
        last = here;
        bound = le;
        buckets++;
        at++;
    }
    assert_int_equal(buckets, 13);
    at = strstr(answer, "\nenrum_commit_seconds_sum");
    assert_int_equal(sscanf(at, "\nenrum_commit_seconds_sum %lf", &sum), 1);
    assert_true(sum >= 0);
    at = strstr(answer, "\nenrum_commit_seconds_count");
    assert_int_equal(sscanf(at, "\nenrum_commit_seconds_count %llu", &count), 1);
    assert_int_equal(count, last);
    assert_int_equal(count, stage_metric("enrum_commits_total"));
    assert_true(count > 0);
}

/* -- What it says -- */

static void counters_move_with_what_happens(void **state)
{
    (void)state;
    uint64_t appends = stage_metric("enrum_appends_total");
    uint64_t commits = stage_metric("enrum_commits_total");
    uint64_t in = stage_metric("enrum_received_messages_total");
    uint64_t out = stage_metric("enrum_sent_bytes_total");
    uint64_t opened = stage_metric("enrum_sessions_opened_total");
    uint64_t wrong = stage_metric("enrum_refused_total{error=\"SIGNATURE_WRONG\"}");
    assert_int_equal(room_write(&peer, &citizen, &room, &(struct write_wish){.text = "hej"}),
                     ENRUM_OK);
    assert_int_equal(
        room_write(&peer, &citizen, &room, &(struct write_wish){.spoil_signature = true}),
        ENRUM_SIGNATURE_WRONG);
    assert_int_equal(stage_metric("enrum_appends_total"), appends + 1);
    assert_true(stage_metric("enrum_commits_total") > commits);
    assert_int_equal(stage_metric("enrum_received_messages_total"), in + 2);
    assert_true(stage_metric("enrum_sent_bytes_total") > out + 100);
    assert_int_equal(stage_metric("enrum_refused_total{error=\"SIGNATURE_WRONG\"}"), wrong + 1);
    assert_int_equal(stage_metric("enrum_sessions_opened_total"), opened);
}

static void gauges_follow_the_sessions_and_rooms(void **state)
{
    (void)state;
    struct peer other;
    struct msg_follow follow = {.board = stage->here.board, .room = room.room};
    assert_int_equal(stage_metric("enrum_sessions{state=\"ready\"}"), 1);
    assert_int_equal(stage_metric("enrum_connections_unproved"), 0);
    assert_int_equal(stage_metric("enrum_boards_with_keeper"), 0);
    peer_open(&other);
    assert_int_equal(stage_metric("enrum_sessions{state=\"connected\"}"), 1);
    assert_int_equal(stage_metric("enrum_connections_unproved"), 1);
    assert_int_equal(peer_hello(&other), ENRUM_OK);
    assert_int_equal(stage_metric("enrum_sessions{state=\"greeted\"}"), 1);
    peer_close(&other);
    assert_int_equal(peer_ask(&peer, &message_follow, &follow), ENRUM_OK);
    assert_int_equal(stage_metric("enrum_table_rows{table=\"follows\"}"), 1);
    assert_int_equal(stage_metric("enrum_table_rows{table=\"rooms\"}"), 1);
    assert_int_equal(stage_metric("enrum_table_rows{table=\"persons\"}"), 1);
    assert_int_equal(stage_metric("enrum_boards"), 1);
    assert_int_equal(stage_metric("enrum_store_failing"), 0);
    assert_true(stage_metric("process_resident_memory_bytes") > 1000000);
    assert_true(stage_metric("process_open_fds") > 5);
}

static void assert_absent(const struct id *id)
{
    char text[44], hex[65];
    suite_base64url(id_slice(id), text);
    for (int i = 0; i < 32; i++) {
        snprintf(hex + 2 * i, 3, "%02x", id->bytes[i]);
    }
    text[8] = hex[8] = '\0';
    assert_null(strstr(answer, text));
    assert_null(strstr(answer, hex));
}

static void nothing_in_it_stands_for_a_person_a_room_or_an_address(void **state)
{
    (void)state;
    const char *body = scrape();
    assert_absent(&stage->here.board);
    assert_absent(&room.room);
    assert_absent(&citizen.certificate.body.person);
    assert_absent(&citizen.certificate.device);
    assert_null(strstr(body, "127.0.0.1"));
    assert_null(strstr(body, "Testnämnden"));
    assert_null(strstr(body, stage->folder));
}

/* -- Where it is told -- */

static void the_public_port_tells_nothing(void **state)
{
    (void)state;
    stage_get(stage->port, "/metrics", answer, sizeof answer);
    assert_non_null(strstr(answer, " 404 "));
    assert_null(strstr(answer, "enrum_"));
    stage_get(stage->port, "/healthz", answer, sizeof answer);
    assert_non_null(strstr(answer, "\r\n\r\n{\"status\":\"ok\"}\n"));
}

static void the_metrics_port_tells_nothing_else(void **state)
{
    (void)state;
    static const char upgrade[] =
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        "Sec-WebSocket-Protocol: enrum.1\r\n\r\n";
    unsigned port = stage->port;
    stage_get(stage->metrics_port, "/", answer, sizeof answer);
    assert_non_null(strstr(answer, " 404 "));
    stage_get(stage->metrics_port, "/healthz", answer, sizeof answer);
    assert_non_null(strstr(answer, " 404 "));
    stage->port = stage->metrics_port;
    close(stage_raw(upgrade, answer, sizeof answer));
    stage->port = port;
    assert_null(strstr(answer, " 101 "));
}

static void another_address_than_loopback_is_refused_at_start(void **state)
{
    (void)state;
    static const char *const addresses[] = {"0.0.0.0:0", "192.0.2.1:9464", "[::]:0",
                                            "[2001:db8::1]:9464", "localhost:0"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        stage_refuse(&(struct stage_wish){.metrics = addresses[i]}, answer, sizeof answer);
        assert_non_null(strstr(answer, "\"metrics\" must be a loopback address"));
    }
    stage_refuse(&(struct stage_wish){.metrics = "127.0.0.1"}, answer, sizeof answer);
    assert_non_null(strstr(answer, "\"metrics\" must be ADDRESS:PORT"));
}

static void a_limit_that_is_not_known_or_not_allowed_is_refused_by_name(void **state)
{
    (void)state;
    stage_refuse(&(struct stage_wish){.limits = "\"sesions\":3"}, answer, sizeof answer);
    assert_non_null(strstr(answer, "the key \"sesions\" is not known"));
    stage_refuse(&(struct stage_wish){.limits = "\"sessions\":0"}, answer, sizeof answer);
    assert_non_null(strstr(answer, "\"sessions\" must be a whole number from 1 to 1000000"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_format_is_openmetrics),
        cmocka_unit_test(the_histogram_only_rises_and_ends_with_its_count),
        cmocka_unit_test(counters_move_with_what_happens),
        cmocka_unit_test(gauges_follow_the_sessions_and_rooms),
        cmocka_unit_test(nothing_in_it_stands_for_a_person_a_room_or_an_address),
        cmocka_unit_test(the_public_port_tells_nothing),
        cmocka_unit_test(the_metrics_port_tells_nothing_else),
        cmocka_unit_test(another_address_than_loopback_is_refused_at_start),
        cmocka_unit_test(a_limit_that_is_not_known_or_not_allowed_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
