/* answer -- the messages that the journal sends, as effects. */
#pragma once

#include "journal/event.h"

/* Space for one more effect, so that pushing it cannot fail: taken before anything changes that
 * waits for what the effect asks of the store. False: no memory. */
bool effect_reserve(struct effects *effects);
/* Appends an effect; on failure of memory sets effects->failed and frees what the effect holds. */
void effect_push(struct effects *effects, struct effect *effect);
/* Encodes a message for one session; session 0 is nobody. */
void answer_send(struct effects *effects, uint64_t session, const struct layout *layout,
                 const void *message);
void answer_error(struct effects *effects, uint64_t session, uint64_t request, enum enrum_err err);
void answer_done(struct effects *effects, uint64_t session, uint64_t request);
/* One more reference to a parcel, to a session. */
void answer_parcel(struct effects *effects, uint64_t session, struct parcel *parcel);
/* A message as a parcel; NULL: no memory. */
struct parcel *answer_encode(const struct layout *layout, const void *message);
