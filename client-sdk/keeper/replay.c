/* replay -- see replay.h. */
#include "replay.h"

#include <stdlib.h>

struct replay_letter {
    struct replay_letter *next;
    struct id id;
    uint64_t at;
};

void replay_init(struct replay *replay)
{
    *replay = (struct replay){0};
    table_init(&replay->by_id, ID_BYTES, REPLAY_LETTERS_MAX);
}

static void oldest_forget(struct replay *replay)
{
    struct replay_letter *letter = replay->oldest;
    replay->oldest = letter->next;
    if (replay->oldest == NULL) {
        replay->newest = NULL;
    }
    (void)table_remove(&replay->by_id, letter->id.bytes);
    free(letter);
}

void replay_fini(struct replay *replay)
{
    while (replay->oldest != NULL) {
        oldest_forget(replay);
    }
    table_fini(&replay->by_id);
}

bool replay_is_fresh(uint64_t letter_time_ms, uint64_t now_ms)
{
    return letter_time_ms <= now_ms + REPLAY_CLOCK_MS && letter_time_ms + REPLAY_CLOCK_MS >= now_ms;
}

enum enrum_err replay_judge(struct replay *replay, const struct id *id, uint64_t letter_time_ms,
                            uint64_t now_ms)
{
    while (replay->oldest != NULL && now_ms > replay->oldest->at + REPLAY_WINDOW_MS) {
        oldest_forget(replay);
    }
    if (!replay_is_fresh(letter_time_ms, now_ms) || table_find(&replay->by_id, id->bytes) != NULL) {
        return ENRUM_LETTER_OLD;
    }
    struct replay_letter *letter = calloc(1, sizeof *letter);
    if (letter == NULL || table_insert(&replay->by_id, id->bytes, letter) != TABLE_OK) {
        free(letter);
        return ENRUM_BUSY;
    }
    letter->id = *id;
    letter->at = now_ms;
    if (replay->newest != NULL) {
        replay->newest->next = letter;
    } else {
        replay->oldest = letter;
    }
    replay->newest = letter;
    return ENRUM_OK;
}
