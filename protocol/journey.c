/* journey -- the names of journey.def. See tables.h. A file of its own for the same reason as
 * kinds.c. */
#include "protocol/tables.h"

#include <stddef.h>

static const struct {
    enum journey_table table;
    uint64_t number;
    const char *name;
} journey_rows[] = {
#define MATTER(name, number, what) {JOURNEY_MATTER, number, #name},
#define STAGE(name, number, matters, what) {JOURNEY_STAGE, number, #name},
#define CHANNEL(name, number, what) {JOURNEY_CHANNEL, number, #name},
#define CLOCK(name, number, matters, from, length, unit, until, extended, source, what)            \
    {JOURNEY_CLOCK, number, #name},
#include "protocol/journey.def"
#undef MATTER
#undef STAGE
#undef CHANNEL
#undef CLOCK
};

const char *journey_name(enum journey_table table, uint64_t number)
{
    for (size_t i = 0; i < sizeof journey_rows / sizeof journey_rows[0]; i++) {
        if (journey_rows[i].table == table && journey_rows[i].number == number) {
            return journey_rows[i].name;
        }
    }
    return "UNKNOWN";
}
