/* turns -- threads as turns: what base/mailbox.h and pthread_create are in a simulation. A thread
 * runs when its mailbox has something, takes all of it, and has ended its turn when it asks again.
 * The store's writer, its readers and the signature checkers are the server's own code. */
#pragma once

/* What the loop does when one of its mailboxes can be read: `wake` is a mailbox_wake_fd. */
void turns_watch(int wake, void (*run)(void *context), void *context);
/* All threads and watches must be gone. */
void turns_check_empty(void);
