/* layout -- bytes become meaning here, and meaning becomes bytes, for every row of layouts.def and
 * messages.def. A layout is a flat MessagePack array (see layouts.def). The decoder borrows: slices
 * in a decoded value point into the bytes that were decoded. It accepts only shortest forms, so
 * that one meaning has one encoding. Knows nothing of who may send what when. */
#pragma once

#include "base/buffer.h"
#include "base/slice.h"
#include "protocol/tables.h"

struct id {
    uint8_t bytes[ID_BYTES];
};

struct sig {
    uint8_t bytes[SIG_BYTES];
};

#define C_TYPE_UINT uint64_t
#define C_TYPE_BYTES struct slice
#define C_TYPE_TEXT struct slice
#define C_TYPE_ID struct id
#define C_TYPE_SIG struct sig
#define C_TYPE_OPT struct slice
#define C_TYPE_IDS struct slice
#define C_TYPE_SEQ struct slice
#define C_TYPE_LATE uint64_t

/* struct wire_head, struct wire_entry, ... */
#define LAYOUT(name, what) struct wire_##name {
#define FIELD(layout, field, type, min, max, what) C_TYPE_##type field;
#define LAYOUT_END(name)                                                                           \
    }                                                                                              \
    ;
#include "protocol/layouts.def"
#undef LAYOUT
#undef LAYOUT_END

/* struct msg_hello, struct msg_challenge, ... : each begins with type and request. */
#define MESSAGE(name, NAME, number, from, states, what)                                            \
    struct msg_##name {                                                                            \
        uint64_t type;                                                                             \
        uint64_t request;
#define MESSAGE_END(name)                                                                          \
    }                                                                                              \
    ;
#include "protocol/messages.def"
#undef MESSAGE
#undef MESSAGE_END
#undef FIELD

enum message_type {
#define MESSAGE(name, NAME, number, from, states, what) MESSAGE_##NAME = (number),
#define FIELD(layout, field, type, min, max, what)
#define MESSAGE_END(name)
#include "protocol/messages.def"
#undef MESSAGE
#undef FIELD
#undef MESSAGE_END
};

struct layout;

/* layout_head, layout_entry, ... and message_hello, ... */
#define LAYOUT(name, what) extern const struct layout layout_##name;
#define FIELD(layout, field, type, min, max, what)
#define LAYOUT_END(name)
#include "protocol/layouts.def"
#undef LAYOUT
#undef LAYOUT_END
#define MESSAGE(name, NAME, number, from, states, what) extern const struct layout message_##name;
#define MESSAGE_END(name)
#include "protocol/messages.def"
#undef MESSAGE
#undef FIELD
#undef MESSAGE_END

/* Why a buffer has failed: OVERSIZED or MEMORY. */
static inline enum enrum_err buffer_error(const struct buffer *buffer)
{
    return buffer->is_short ? ENRUM_MEMORY : ENRUM_OVERSIZED;
}

/* Appends the encoding of the struct of this layout. A message's type is filled in from the table.
 * A value outside its row's limits is a bug of the caller: MALFORMED, and nothing is appended.
 * Errors: OVERSIZED when the buffer is full, MEMORY. */
enum enrum_err layout_encode(const struct layout *layout, const void *value, struct buffer *out);

/* Decodes bytes that hold exactly one value. `out` is untouched on failure. Errors: MALFORMED. */
enum enrum_err layout_decode(const struct layout *layout, struct slice bytes, void *out);

/* Takes the first value off a SEQ: *rest moves behind it. Call while rest->len > 0. Errors:
 * MALFORMED. */
enum enrum_err layout_next(const struct layout *layout, struct slice *rest, void *out);

/* Type and request number of a frame, before its layout is known. Errors: MALFORMED. */
enum enrum_err frame_peek(struct slice frame, uint64_t *type, uint64_t *request);

enum message_from { FROM_CLIENT = 1, FROM_KEEPER = 2, FROM_SERVER = 3 };
enum message_state { STATE_CONNECTED = 1, STATE_GREETED = 2, STATE_READY = 4 };

/* NULL when there is no message of this number. */
const struct layout *message_find(uint64_t type);
const char *message_name(uint64_t type);
enum message_from message_from(const struct layout *message);
/* Bits of enum message_state. */
unsigned message_states(const struct layout *message);

/* Number of values in a SEQ of this layout. Errors: MALFORMED when it is not one, or holds more
 * than max. */
enum enrum_err layout_count(const struct layout *layout, struct slice seq, size_t max, size_t *out);

static inline struct id id_of(const uint8_t bytes[ID_BYTES])
{
    struct id id;
    for (int i = 0; i < ID_BYTES; i++) {
        id.bytes[i] = bytes[i];
    }
    return id;
}

/* Ids, hashes and public keys are public: an ordinary comparison. */
bool id_equal(const struct id *a, const struct id *b);
/* No id at all. */
bool id_is_zero(const struct id *id);
static inline struct slice id_slice(const struct id *id)
{
    return (struct slice){id->bytes, ID_BYTES};
}
/* The id in an OPT: false when it is empty. */
bool id_of_opt(struct slice opt, struct id *out);
/* 64 lower-case hexadecimal digits and a zero byte. */
void id_hex(const struct id *id, char out[65]);
/* False unless text is exactly 64 hexadecimal digits. */
bool id_of_hex(const char *text, struct id *out);
