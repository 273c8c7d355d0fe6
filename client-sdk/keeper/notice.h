/* notice -- notices by e-mail, by the board's keeper alone: letters about them (the address counts
 * when the code that was sent to it has come back), and a mail when something that somebody wrote
 * has waited unread. It is noted in the register before it is sent: a keeper that starts anew sends
 * none twice. */
#pragma once

#include "letters.h"
#include "noticebook.h"

struct notices;

/* NULL: no memory. Sends nothing when the settings name no mail server. `wake`: see mailer. */
struct notices *notices_new(const struct mail_settings *settings, void (*wake)(void *context),
                            void *context);
/* Ends the thread, when a mail under way is sent. */
void notices_rest(struct notices *notices);
void notices_free(struct notices *notices);
/* An entry that its room has applied. False when memory is short. */
bool notices_on_entry(struct keeper *keeper, const struct logbook *room,
                      const struct enrum_item *item);
/* Sends what is due. */
void notices_step(struct keeper *keeper);

void notice_ask(struct keeper *keeper, struct letter *letter);
void notice_set(struct keeper *keeper, struct letter *letter);
void notice_code(struct keeper *keeper, struct letter *letter);
