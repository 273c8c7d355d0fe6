/* inviting -- staff let somebody into a conversation in a stated capacity: a guardian, an ombud, a
 * trustee, a support person, an interpreter. By personal number, and the person sees the
 * conversation when they log in with their e-ID; or with a printed code, for somebody who has none.
 */
#pragma once

#include "letters.h"

void inviting_invite(struct keeper *keeper, struct letter *letter);
/* May anybody be let in on these terms? An interpreter is there while they interpret: with an end
 * (else MALFORMED), and without what was written before (else MAY_NOT). */
enum enrum_err inviting_terms_judge(const struct wire_letter_invite *body, uint64_t now_ms);
