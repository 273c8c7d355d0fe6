/* upload -- the blobs of a draft on their way to the host: which are missing is asked, those are
 * put, and when the host has all of them the entry is sealed. So what is written meanwhile does not
 * wait for a file, and stands before it. The blobs lie in the local store until the entry is sent.
 *
 *   UNASKED --[BLOB_ASK]--> ASKED --[BLOBS]--> PUTTING --[none is missing]--> DONE
 *      '<----- lost, refused as busy, or the host says BLOB_MISSING of the entry -----' */
#pragma once

#include "roomcopy.h"

struct draft;
struct local_draft;

enum { BLOBS_IN_FLIGHT_MAX = 2 };

enum upload_state { UPLOAD_UNASKED, UPLOAD_ASKED, UPLOAD_PUTTING, UPLOAD_DONE };

struct upload {
    enum upload_state state;
    size_t count, next, missing_count, in_flight;
    uint64_t size, retry_at;
    bool is_missing[BLOBS_PER_ENTRY_MAX];
};

/* NULL in *out for a draft without blobs. Errors: MEMORY. */
enum enrum_err upload_of_draft(const struct local_draft *row, struct upload **out);
/* One notch further; gives the draft back when the host refuses it for good. */
void upload_step(struct enrum *enrum, struct roomcopy *room, struct draft *draft);
/* The host has refused the entry for want of a blob. */
void upload_again(struct enrum *enrum, struct draft *draft);
