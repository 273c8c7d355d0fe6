/* parcel -- immutable bytes on their way out, shared by all who receive them.
 * The only reference-counted type: encoded once, queued many times, freed by whoever lets go last.
 * The count is atomic; references may be held and let go by any thread. */
#pragma once

#include "base/slice.h"

struct parcel;

/* Copies the bytes; the caller holds the first reference. NULL: no memory. */
struct parcel *parcel_new(const void *bytes, size_t len);
/* One more reference; returns its argument. */
struct parcel *parcel_ref(struct parcel *parcel);
/* NULL is let go of silently. */
void parcel_unref(struct parcel *parcel);
/* Borrowed; dies with the caller's reference. */
struct slice parcel_slice(const struct parcel *parcel);
