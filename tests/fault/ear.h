/* ear -- hears what the server logs, and counts it. One at a time. */
#pragma once

#include <stddef.h>

struct ear {
    int log; /* a file without a name */
};

void ear_open(struct ear *ear);
/* What is logged goes to standard error again. */
void ear_close(struct ear *ear);
/* How often this text stands in what was logged. */
size_t ear_count(const struct ear *ear, const char *text);
