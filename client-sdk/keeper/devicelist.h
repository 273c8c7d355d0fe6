/* devicelist -- where a person is logged in, told to their own devices and to nobody else. */
#pragma once

#include "letters.h"

/* Together far below LETTER_BYTES_MAX. Of somebody who logs in more often than this, in browsers
 * that keep nothing, the oldest are left out. */
enum { DEVICES_TOLD_MAX = 200 };

/* own_device ... of the person's devices: what each has said that it is, and when it was in use for
 * certain. */
void devicelist_write(const struct registry *registry, const struct registry_person *person,
                      struct buffer *out);
/* Answers DEVICES_ASK. */
void devicelist_tell(struct keeper *keeper, struct letter *letter);
