/* bench-client -- what a client does with each entry, in C: seal (and sign), verify (read, check
 * the signature, chain), open. One thread. bench-client ENTRIES Prints one line of JSON, of the
 * same form as entries.ts gives. */
#include "../load/line.h"
#include "../load/town.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEXT_BYTES = 512 };

static void must(bool holds, const char *what)
{
    if (!holds) {
        give_up("%s", what);
    }
}

static double us_each(uint64_t began, uint64_t count)
{
    return (double)(now_ns() - began) / 1000 / (double)count;
}

static double seal_all(const struct town_room *room, const struct resident *author, uint64_t count,
                       struct buffer *out)
{
    char text[TEXT_BYTES];
    memset(text, 'a', sizeof text);
    uint64_t began = now_ns();
    for (uint64_t n = 1; n <= count; n++) {
        town_room_entry(room, author, n, slice_of(text, sizeof text), out);
    }
    return us_each(began, count);
}

static double verify_all(const struct town_room *room, const struct resident *author,
                         uint64_t count, struct slice rest, struct entry *entries)
{
    struct id last = room->room;
    uint64_t began = now_ns();
    for (uint64_t i = 0; i < count; i++) {
        must(entry_next(&rest, &entries[i]) == ENRUM_OK, "an entry cannot be read");
        must(entry_signature_is_good(&entries[i], &author->sign.public), "a signature is wrong");
        entry_chain(&entries[i], &last, i + 1, 0, &last);
    }
    return us_each(began, count);
}

static double open_all(const struct town_room *room, uint64_t count, const struct entry *entries)
{
    struct buffer plain;
    struct wire_content content;
    buffer_init(&plain, ENTRY_BYTES_MAX);
    uint64_t began = now_ns();
    for (uint64_t i = 0; i < count; i++) {
        must(entry_open(&entries[i], &room->key, &plain, &content) == ENRUM_OK, "it does not open");
        buffer_reset(&plain);
    }
    double us = us_each(began, count);
    buffer_wipe(&plain);
    return us;
}

int main(int argc, char **argv)
{
    struct town town;
    struct town_room room = {0};
    struct resident author;
    struct buffer bytes;
    uint64_t count = argc == 2 ? strtoull(argv[1], NULL, 10) : 0;
    must(count > 0, "bench-client ENTRIES");
    town_init(&town);
    town_room_init(&room, &town);
    resident_init(&author, &town, 0);
    buffer_init(&bytes, SIZE_MAX / 2);
    struct entry *entries = calloc(count, sizeof *entries);
    must(entries != NULL, "no memory");
    double seal_us = seal_all(&room, &author, count, &bytes);
    double verify_us = verify_all(&room, &author, count, buffer_slice(&bytes), entries);
    double open_us = open_all(&room, count, entries);
    printf("{\"entries\":%llu,\"seal_us\":%.1f,\"verify_us\":%.1f,\"open_us\":%.1f}\n",
           (unsigned long long)count, seal_us, verify_us, open_us);
    free(entries);
    buffer_fini(&bytes);
    resident_fini(&author);
    town_fini(&town);
    return 0;
}
