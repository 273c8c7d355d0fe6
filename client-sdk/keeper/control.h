/* control -- the socket in the keeper's home through which its owner gives it orders while it runs.
 * One thread accepts and reads, one order at a time; orders are carried out by the keeper's own
 * thread. A line of JSON in, a line of JSON out. */
#pragma once

#include "keeper.h"

struct control;

/* Of an order, and of its answer: a municipality has some thousand employees. */
enum { CONTROL_ORDER_BYTES_MAX = 8192, CONTROL_ANSWER_BYTES_MAX = 16 * 1024 * 1024 };
enum { CONTROL_WAIT_MS = 30000 };

/* Listens on HOME/control.sock, mode 0600. NULL: it cannot (said in the log). `wake` is called on
 * the control's thread when an order waits. */
struct control *control_open(const char *home, void (*wake)(void *context), void *context);
void control_close(struct control *control);
/* Carries out what waits. */
void control_step(struct control *control, struct keeper *keeper);

/* For the command line: sends the order, and gives the answer (the caller frees both). NULL: no
 * keeper runs in this home. */
json_t *control_ask(const char *home, const json_t *order);
