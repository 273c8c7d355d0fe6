/* parcel -- see parcel.h. */
#include "base/parcel.h"

#include "base/check.h"

#include <stdatomic.h>
#include <stdlib.h>

struct parcel {
    atomic_uint references;
    size_t len;
    uint8_t bytes[];
};

struct parcel *parcel_new(const void *bytes, size_t len)
{
    if (len > SIZE_MAX - sizeof(struct parcel)) {
        return NULL;
    }
    struct parcel *parcel = malloc(sizeof *parcel + len);
    if (parcel == NULL) {
        return NULL;
    }
    atomic_init(&parcel->references, 1);
    parcel->len = len;
    if (len > 0) {
        memcpy(parcel->bytes, bytes, len);
    }
    return parcel;
}

struct parcel *parcel_ref(struct parcel *parcel)
{
    /* Relaxed is enough: whoever adds a reference already holds one. */
    unsigned before = atomic_fetch_add_explicit(&parcel->references, 1, memory_order_relaxed);
    CHECK(before > 0 && before < UINT32_MAX);
    return parcel;
}

void parcel_unref(struct parcel *parcel)
{
    if (parcel == NULL) {
        return;
    }
    /* All uses by other threads come before the last one's free. */
    unsigned before = atomic_fetch_sub_explicit(&parcel->references, 1, memory_order_acq_rel);
    CHECK(before > 0);
    if (before == 1) {
        free(parcel);
    }
}

struct slice parcel_slice(const struct parcel *parcel)
{
    return (struct slice){parcel->bytes, parcel->len};
}
