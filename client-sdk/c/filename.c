/* filename -- a file's name as somebody else gives it, made one that can do no harm: no path, no
 * hidden file, no option, nothing that shows as something else. */
#include "enrum.h"

#include <string.h>

enum { NAME_KEPT_MAX = 200, ENDING_KEPT_MAX = 16 };

/* The code point at `at`, and its length in bytes; 0xfffd for a byte that is none. */
static uint32_t point_of(struct slice text, size_t at, size_t *len)
{
    uint8_t first = text.at[at];
    size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    uint32_t point = more == 0 ? first : first & (0x3fu >> more);
    *len = 1;
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || at + more >= text.len) {
        return first < 0x80 ? first : 0xfffd;
    }
    for (size_t i = 1; i <= more; i++) {
        if ((text.at[at + i] & 0xc0) != 0x80) {
            return 0xfffd;
        }
        point = point << 6 | (text.at[at + i] & 0x3fu);
    }
    *len = more + 1;
    return point;
}

/* What is not seen, or turns round what is. */
static bool is_dropped(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
           (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x206f) || point == 0xfeff || point == 0xad ||
           point == 0x61c;
}

static bool is_replaced(uint32_t point)
{
    return point == 0xfffd || (point < 0x80 && strchr("/\\:*?\"<>|", (int)point) != NULL);
}

/* Cut at a whole character; the ending stays, since it says what opens the file. */
static void shorten(char *name)
{
    size_t len = strlen(name), cut = NAME_KEPT_MAX;
    const char *dot = strrchr(name, '.');
    size_t ending = dot != NULL ? len - (size_t)(dot - name) : 0;
    if (len <= NAME_KEPT_MAX) {
        return;
    }
    ending = ending <= ENDING_KEPT_MAX ? ending : 0;
    cut -= ending;
    while (cut > 0 && ((uint8_t)name[cut] & 0xc0) == 0x80) {
        cut--;
    }
    memmove(name + cut, name + len - ending, ending + 1);
}

void enrum_file_name(struct slice given, char out[ENRUM_TEXT_MAX])
{
    /* Four times as long as what is kept: what is cut is cut at its end. */
    char name[4 * ENRUM_TEXT_MAX];
    size_t at = 0, len = 0, end = 0;
    for (; at < given.len && end + 4 < sizeof name; at += len) {
        uint32_t point = point_of(given, at, &len);
        bool is_first = end == 0 && (point == '.' || point == ' ' || point == '-' || point == '~');
        if (is_dropped(point) || is_first) {
            continue;
        }
        if (is_replaced(point)) {
            name[end++] = '_';
        } else {
            memcpy(name + end, given.at + at, len);
            end += len;
        }
    }
    while (end > 0 && (name[end - 1] == '.' || name[end - 1] == ' ')) {
        end--;
    }
    name[end] = '\0';
    shorten(name);
    memcpy(out, name, strlen(name) + 1);
    if (end == 0) {
        memcpy(out, "fil", sizeof "fil");
    }
}
