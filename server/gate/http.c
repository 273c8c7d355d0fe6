/* http -- see http.h. */
#include "gate/http.h"

#include "gate/pages.h"
#include "gate/visitor.h"

#include <string.h>
#include <sys/socket.h>

enum {
    HEALTH_BYTES_MAX = 16384,
    METRICS_BYTES_MAX = 65536,
    PIECE_BYTES = 16384, /* of a page: what a reader takes in less than PIECE_S, or is cut */
    PIECE_S = 20,
    KERNEL_BYTES = 65536,
};

/* An answer on its way: headers, then what `rest` says. */
struct answer {
    unsigned status;
    size_t header_count;
    const struct page_header *headers;
    const char *encoding, *allow, *location, *transport; /* NULL: none */
    bool has_length, has_body;
    struct slice body;
};

static int http_header(struct lws *wsi, const char *name, const char *value, uint8_t **at,
                       uint8_t *end)
{
    return value == NULL
               ? 0
               : lws_add_http_header_by_name(wsi, (const uint8_t *)name, (const uint8_t *)value,
                                             (int)strlen(value), at, end);
}

static int http_answer(struct lws *wsi, struct wire *wire, const struct answer *answer)
{
    uint8_t head[LWS_PRE + PAGE_HEADERS_BYTES_MAX + 1024];
    uint8_t *at = head + LWS_PRE, *end = head + sizeof head - 1;
    if (lws_add_http_header_status(wsi, answer->status, &at, end) != 0) {
        return -1;
    }
    for (size_t i = 0; i < answer->header_count; i++) {
        if (http_header(wsi, answer->headers[i].name, answer->headers[i].value, &at, end) != 0) {
            return -1;
        }
    }
    if (http_header(wsi, "Content-Encoding:", answer->encoding, &at, end) != 0 ||
        http_header(wsi, "Allow:", answer->allow, &at, end) != 0 ||
        http_header(wsi, "Location:", answer->location, &at, end) != 0 ||
        http_header(wsi, "Strict-Transport-Security:", answer->transport, &at, end) != 0 ||
        (answer->has_length &&
         lws_add_http_header_content_length(wsi, answer->body.len, &at, end) != 0) ||
        lws_finalize_write_http_header(wsi, head + LWS_PRE, &at, end) != 0) {
        return -1;
    }
    wire->rest = answer->has_body ? answer->body : slice_of("", 0);
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, PIECE_S);
    lws_callback_on_writable(wsi);
    return 0;
}

/* For what has no table of headers as pages have: never again without TLS. */
static const char *transport_of(struct lws *wsi)
{
    return lws_is_ssl(wsi) ? "max-age=31536000" : NULL;
}

/* A few words instead of a page. */
static int http_say(struct lws *wsi, struct wire *wire, struct answer answer, const char *words)
{
    static const struct page_header headers[] = {{"Content-Type:", "text/plain"},
                                                 {"X-Content-Type-Options:", "nosniff"}};
    answer.headers = headers;
    answer.header_count = 2;
    answer.body = slice_of_text(words);
    answer.has_length = true;
    answer.transport = transport_of(wsi);
    return http_answer(wsi, wire, &answer);
}

/* What is made for this one answer. */
static int http_made(struct lws *wsi, struct wire *wire, unsigned status, const char *type,
                     bool has_body)
{
    const struct page_header headers[] = {{"Content-Type:", type},
                                          {"X-Content-Type-Options:", "nosniff"}};
    struct answer answer = {.status = status,
                            .headers = headers,
                            .header_count = 2,
                            .transport = transport_of(wsi),
                            .body = buffer_slice(&wire->body),
                            .has_length = true,
                            .has_body = has_body};
    return http_answer(wsi, wire, &answer);
}

static int http_health(struct gate *gate, struct lws *wsi, struct wire *wire, bool has_body)
{
    buffer_init(&wire->body, HEALTH_BYTES_MAX);
    bool good = gate->options.health(gate->options.context, &wire->body);
    return http_made(wsi, wire, good ? HTTP_STATUS_OK : HTTP_STATUS_SERVICE_UNAVAILABLE,
                     "application/json", has_body);
}

static int http_metrics(struct gate *gate, struct lws *wsi, struct wire *wire, bool has_body)
{
    buffer_init(&wire->body, METRICS_BYTES_MAX);
    gate->options.metrics(gate->options.context, &wire->body);
    return http_made(wsi, wire, HTTP_STATUS_OK,
                     "application/openmetrics-text; version=1.0.0; charset=utf-8", has_body);
}

static int http_page(struct lws *wsi, struct wire *wire, const struct page *page, bool has_body)
{
    char accepted[256] = "", known[256] = "";
    (void)lws_hdr_copy(wsi, accepted, sizeof accepted, WSI_TOKEN_HTTP_ACCEPT_ENCODING);
    (void)lws_hdr_copy(wsi, known, sizeof known, WSI_TOKEN_HTTP_IF_NONE_MATCH);
    bool is_known = page_is_known(page, known);
    enum page_form form = is_known ? PAGE_PLAIN : page_form_for(page, accepted);
    struct answer answer = {.status = is_known ? HTTP_STATUS_NOT_MODIFIED : HTTP_STATUS_OK,
                            .headers = page->headers,
                            .header_count = page->header_count,
                            .encoding = page_form_name(form),
                            .body = buffer_slice(&page->forms[form]),
                            .has_length = !is_known,
                            .has_body = has_body && !is_known};
    return http_answer(wsi, wire, &answer);
}

static int http_pages(const struct pages *pages, struct lws *wsi, struct wire *wire,
                      struct slice path, bool has_body)
{
    const struct page *page = pages_find(pages, path);
    if (page != NULL) {
        return http_page(wsi, wire, page, has_body);
    }
    if (pages_is_folder(pages, path)) {
        char folder[PAGE_PATH_BYTES + 1] = "";
        memcpy(folder, path.at, path.len);
        folder[path.len] = '/';
        return http_say(wsi, wire,
                        (struct answer){.status = 301, .location = folder, .has_body = has_body},
                        "moved\n");
    }
    return http_say(wsi, wire, (struct answer){.status = 404, .has_body = has_body}, "not found\n");
}

/* -- Asked and answered -- */

int http_request(struct gate *gate, struct lws *wsi, struct wire *wire, struct slice path)
{
    struct visitor *visitor = visitor_of(gate, wsi);
    char *name = NULL;
    int name_len = 0;
    int method = lws_http_get_uri_and_method(wsi, &name, &name_len);
    bool has_body = method != LWSHUMETH_HEAD;
    buffer_fini(&wire->body);
    if (visitor == NULL || !visitor_pay(gate, visitor)) {
        return -1;
    }
    visitor->is_answered = true;
    /* Else the kernel would keep megabytes for each reader that is slow. */
    int bytes = KERNEL_BYTES;
    (void)setsockopt(lws_get_socket_fd(wsi), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    if (method != LWSHUMETH_GET && method != LWSHUMETH_HEAD) {
        wire->is_last = true; /* a body may follow, which nobody reads */
        return http_say(wsi, wire,
                        (struct answer){.status = 405, .allow = "GET, HEAD", .has_body = true},
                        "method not allowed\n");
    }
    bool is_metrics = visitor->is_at_metrics;
    if (is_metrics && slice_equal(path, slice_of_text("/metrics"))) {
        return http_metrics(gate, wsi, wire, has_body);
    }
    if (!is_metrics && slice_equal(path, slice_of_text("/healthz"))) {
        return http_health(gate, wsi, wire, has_body);
    }
    if (!is_metrics && gate->options.pages != NULL) {
        return http_pages(gate->options.pages, wsi, wire, path, has_body);
    }
    return http_say(wsi, wire, (struct answer){.status = 404, .has_body = has_body}, "not found\n");
}

/* The next request on the same connection has its own time. */
static int http_done(struct gate *gate, struct lws *wsi, struct wire *wire)
{
    struct visitor *visitor = visitor_of(gate, wsi);
    buffer_fini(&wire->body);
    if (visitor == NULL || wire->is_last) {
        return -1;
    }
    visitor->is_answered = false;
    visitor->since_ms = gate_now_ms(gate);
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

int http_body(struct gate *gate, struct lws *wsi, struct wire *wire)
{
    size_t len = wire->rest.len < PIECE_BYTES ? wire->rest.len : PIECE_BYTES;
    bool is_end = len == wire->rest.len;
    if (len > 0) {
        memcpy(gate->out + LWS_PRE, wire->rest.at, len);
        wire->rest.at += len;
        wire->rest.len -= len;
        if (lws_write(wsi, gate->out + LWS_PRE, len,
                      is_end ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < (int)len) {
            return -1;
        }
    }
    if (!is_end) {
        lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, PIECE_S);
        lws_callback_on_writable(wsi);
        return 0;
    }
    return http_done(gate, wsi, wire);
}
