/* layout_fuzz -- the first byte selects a layout or message; the rest is one value of it. */
#include "same.h"

static const struct layout *const layouts[] = {
#define FIELD(layout, field, type, min, max, what)
#define LAYOUT(name, what) &layout_##name,
#define LAYOUT_END(name)
#include "protocol/layouts.def"
#undef LAYOUT
#undef LAYOUT_END
#define MESSAGE(name, NAME, number, from, states, what) &message_##name,
#define MESSAGE_END(name)
#include "protocol/messages.def"
#undef MESSAGE
#undef MESSAGE_END
#undef FIELD
};
enum { LAYOUT_COUNT = sizeof layouts / sizeof layouts[0] };

static void one_value(const struct layout *layout, struct slice bytes)
{
    _Alignas(16) uint8_t value[1024];
    if (layout_decode(layout, bytes, value) == ENRUM_OK) {
        same_as_encoded(layout, value, bytes);
    }
}

static void sequence(const struct layout *layout, struct slice bytes)
{
    _Alignas(16) uint8_t value[1024];
    size_t count = 0, seen = 0;
    bool good = layout_count(layout, bytes, 1000, &count) == ENRUM_OK;
    while (bytes.len > 0) {
        struct slice rest = bytes;
        if (layout_next(layout, &rest, value) != ENRUM_OK) {
            break;
        }
        same_as_encoded(layout, value, (struct slice){bytes.at, bytes.len - rest.len});
        CHECK(rest.len < bytes.len);
        bytes = rest;
        seen++;
    }
    CHECK(good == (bytes.len == 0 && seen <= 1000));
    CHECK(!good || seen == count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t type = 0, request = 0;
    if (size < 1) {
        return 0;
    }
    const struct layout *layout = layouts[data[0] % LAYOUT_COUNT];
    struct slice bytes = {data + 1, size - 1};
    one_value(layout, bytes);
    sequence(layout, bytes);
    if (frame_peek(bytes, &type, &request) == ENRUM_OK && message_find(type) != NULL) {
        one_value(message_find(type), bytes);
    }
    return 0;
}
