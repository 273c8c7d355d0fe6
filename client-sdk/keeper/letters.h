/* letters -- the keeper's mailbox: letters in, judged (policy, replay), handed to who carries them
 * out, and answered. A letter waits here until everything has been read; a durable one until it is
 * dealt with for good. */
#pragma once

#include "code.h"
#include "keeper.h"

struct letter {
    struct list link;
    struct enrum_origin to;
    bool is_durable, is_under_way;
    bool is_late;    /* it was not fresh when it came: the host says that it had to keep it */
    bool is_settled; /* it is answered as below, once that is noted */
    enum enrum_err err;
    uint64_t seq;
    uint64_t kind, time;       /* time: its author's clock */
    uint64_t came_at;          /* first, by the keeper's own; ms since 1970 */
    uint64_t retry_at;         /* monotonic */
    struct certificate author; /* once judged, unless anybody may send the kind */
    struct id board;
    struct buffer certificate, body;
    struct code code; /* made for it; shown once, in the answer */
};

enum { LETTERS_WAITING_MAX = 256 };

/* Copies the letter. */
void letters_on_letter(struct keeper *keeper, const struct enrum_letter *letter);
/* Carries out what waits. */
void letters_step(struct keeper *keeper);
void letters_free(struct keeper *keeper);

/* Is it young, and new? Whether one that comes late had to be kept is judged when all is read; not
 * of what may be done again: that is as good late. Errors: LETTER_OLD, BUSY. */
enum enrum_err letter_age_judge(struct keeper *keeper, struct letter *letter);

/* Under which its answer is noted: made of its id and of its author's device, for the host sees the
 * id, and could have another's letter with the same one answered before. */
struct id letter_answer_key(const struct letter *letter);

/* Each answers the letter and frees it, at once or when its answer is noted. */
void letter_answer_done(struct keeper *keeper, struct letter *letter, uint64_t seq);
/* What it asks for is so already, and the log does not say that by its id. */
void letter_answer_so_already(struct keeper *keeper, struct letter *letter, uint64_t seq);
/* A durable letter that is refused for a reason that passes is tried again instead. */
void letter_refuse(struct keeper *keeper, struct letter *letter, enum enrum_err err);
void letter_answer(struct keeper *keeper, struct letter *letter, uint64_t kind, const void *body);
