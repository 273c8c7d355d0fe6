/* timeline -- see timeline.h. */
#include "timeline.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAST_MAX = 30 };

struct event {
    uint64_t at, order;
    struct happening what;
};

struct line {
    uint64_t at, subject, detail;
    const char *what;
};

static struct {
    uint64_t now, order, steps, hash;
    size_t count, capacity;
    struct event *heap;
    uint64_t line_count;
    struct line lines[LAST_MAX];
    bool is_told;
} line;

void timeline_begin(bool is_told)
{
    free(line.heap);
    memset(&line, 0, sizeof line);
    line.hash = UINT64_C(0xcbf29ce484222325);
    line.is_told = is_told;
}

void timeline_end(void)
{
    for (size_t i = 0; i < line.count; i++) {
        free(line.heap[i].what.payload);
    }
    free(line.heap);
    line.heap = NULL;
    line.count = line.capacity = 0;
}

uint64_t timeline_now(void)
{
    return line.now;
}

/* -- The heap -- */

static bool is_before(const struct event *a, const struct event *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void swap(size_t a, size_t b)
{
    struct event held = line.heap[a];
    line.heap[a] = line.heap[b];
    line.heap[b] = held;
}

void timeline_at(uint64_t at, const struct happening *happening)
{
    if (line.count == line.capacity) {
        line.capacity = line.capacity > 0 ? line.capacity * 2 : 256;
        line.heap = realloc(line.heap, line.capacity * sizeof *line.heap);
        assert(line.heap != NULL);
    }
    size_t i = line.count++;
    line.heap[i] = (struct event){at > line.now ? at : line.now, ++line.order, *happening};
    while (i > 0 && is_before(&line.heap[i], &line.heap[(i - 1) / 2])) {
        swap(i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

void timeline_after(uint64_t delay, const struct happening *happening)
{
    timeline_at(line.now + delay, happening);
}

static struct event take_first(void)
{
    struct event first = line.heap[0];
    line.heap[0] = line.heap[--line.count];
    for (size_t i = 0;;) {
        size_t least = i, left = 2 * i + 1, right = left + 1;
        if (left < line.count && is_before(&line.heap[left], &line.heap[least])) {
            least = left;
        }
        if (right < line.count && is_before(&line.heap[right], &line.heap[least])) {
            least = right;
        }
        if (least == i) {
            return first;
        }
        swap(i, least);
        i = least;
    }
}

bool timeline_step(uint64_t until)
{
    if (line.count == 0 || line.heap[0].at > until) {
        line.now = until > line.now ? until : line.now;
        return false;
    }
    struct event event = take_first();
    line.now = event.at;
    line.steps++;
    event.what.run(event.what.subject, event.what.payload);
    free(event.what.payload);
    return true;
}

/* -- The trace -- */

static void fold(const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < len; i++) {
        line.hash = (line.hash ^ at[i]) * UINT64_C(0x100000001b3);
    }
}

static void line_tell(const struct line *told)
{
    fprintf(stderr, "  %8" PRIu64 ".%03" PRIu64 " ms  %-14s %" PRIu64 "  %016" PRIx64 "\n",
            told->at / MS, told->at % MS, told->what, told->subject, told->detail);
}

void trace(const char *what, uint64_t subject, uint64_t detail)
{
    struct line *next = &line.lines[line.line_count++ % LAST_MAX];
    *next = (struct line){line.now, subject, detail, what};
    uint64_t numbers[] = {line.now, subject, detail};
    fold(what, strlen(what));
    fold(numbers, sizeof numbers);
    if (line.is_told) {
        line_tell(next);
    }
}

void trace_bytes(const void *bytes, size_t len)
{
    fold(bytes, len);
}

uint64_t trace_hash(void)
{
    return line.hash;
}

uint64_t trace_steps(void)
{
    return line.steps;
}

void trace_tell(void)
{
    uint64_t first = line.line_count > LAST_MAX ? line.line_count - LAST_MAX : 0;
    for (uint64_t i = first; i < line.line_count; i++) {
        line_tell(&line.lines[i % LAST_MAX]);
    }
}
