/* admissions -- the statements of staff that a call has: who is let in, who was put out. See
 * calls.h. */
#include "state.h"

#include <string.h>

static void admission_drop(struct call *call, size_t at)
{
    papers_unref(&call->admissions[at].papers);
    parcel_unref(call->admissions[at].bytes);
    call->admission_count--;
    memmove(&call->admissions[at], &call->admissions[at + 1],
            (call->admission_count - at) * sizeof call->admissions[0]);
}

void admissions_drop(struct call *call, const struct id *key, uint64_t operation)
{
    for (size_t i = call->admission_count; i-- > 0;) {
        if (id_equal(&call->admissions[i].key, key) && call->admissions[i].operation == operation) {
            admission_drop(call, i);
        }
    }
}

bool is_put_out(const struct call *call, const struct id *key)
{
    for (size_t i = 0; i < call->admission_count; i++) {
        if (id_equal(&call->admissions[i].key, key) &&
            call->admissions[i].operation == CALL_PUT_OUT) {
            return true;
        }
    }
    return false;
}

/* The first statement that somebody is put out; CALL_ADMISSIONS_MAX: there is none. It gives way
 * before those that say who is in: a key that is forgotten knocks like any other, but whoever is
 * put out again and again must not fill the table that others are let in by. */
static size_t old_put_out(const struct call *call)
{
    size_t at = 0;
    while (at < call->admission_count && call->admissions[at].operation != CALL_PUT_OUT) {
        at++;
    }
    return at;
}

enum enrum_err admission_keep(struct call *call, const struct wire_call_admission *body,
                              struct slice bytes, const struct participant *by)
{
    for (size_t i = call->admission_count; i-- > 0;) {
        const struct admission *old = &call->admissions[i];
        if (id_equal(&old->key, &body->key) &&
            (body->operation == CALL_PUT_OUT || id_equal(&old->by, &body->by))) {
            admission_drop(call, i);
        }
    }
    if (call->admission_count == CALL_ADMISSIONS_MAX) {
        size_t old = old_put_out(call);
        if (old == CALL_ADMISSIONS_MAX && body->operation != CALL_PUT_OUT) {
            return ENRUM_TOO_MANY;
        }
        admission_drop(call, old % CALL_ADMISSIONS_MAX);
    }
    struct parcel *parcel = parcel_new(bytes.at, bytes.len);
    if (parcel == NULL) {
        return ENRUM_MEMORY;
    }
    call->admissions[call->admission_count++] = (struct admission){
        .bytes = parcel,
        .certificate = body->certificate,
        .key = body->key,
        .by = body->by,
        .operation = body->operation,
        .time = body->time,
        .papers = papers_ref(&by->papers),
    };
    return ENRUM_OK;
}

void admissions_forget(struct call *call)
{
    while (call->admission_count > 0) {
        admission_drop(call, call->admission_count - 1);
    }
}
