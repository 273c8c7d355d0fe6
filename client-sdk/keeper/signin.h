/* signin -- logins and renewals: an e-ID login, or a printed code, becomes a binding in the
 * register, and then a certificate. The answer is sent only when the host has the binding. */
#pragma once

#include "letters.h"

void signin_begin(struct keeper *keeper, struct letter *letter);
/* A printed code instead of an e-ID: level 1, once. */
void signin_redeem(struct keeper *keeper, struct letter *letter);
void signin_renew(struct keeper *keeper, struct letter *letter);
/* Takes what the providers have answered. */
void signin_step(struct keeper *keeper);
void signins_free(struct keeper *keeper);
/* Level 0: no login, and no evidence but the binding. */
void signin_unknown(struct keeper *keeper, struct letter *letter, const struct id *person);
