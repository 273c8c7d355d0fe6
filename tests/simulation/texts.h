/* texts -- what people have written in a run, and what became of it: each text is in the log once,
 * in its writer's order, or still waits where it was written, or its writer was told why not. A
 * file has a text beside it; it stands where it came to stand when the host had it. */
#pragma once

#include "enrum.h"

void texts_begin(void);
void texts_end(void);
/* The words of the next text, and that it is in an outbox now. */
uint64_t text_words(char out[32]);
void text_put(size_t actor, const struct id *room, uint64_t outbox, bool is_file);
/* The file of this number, up to a few blobs long. */
void text_file_write(const char *path, uint64_t number);
/* What somebody has saved of the file that was seen at this place. */
void text_file_judge(const char *path, const struct id *room, uint64_t seq);
/* A room in which this actor's texts wait has become another one. */
void texts_moved(size_t actor, const struct id *from, const struct id *to);
/* What the writer is told. `told` is how far it has read a room's log. */
struct text_writer {
    size_t actor;
    struct id device, person;
    uint64_t (*told)(size_t actor, const struct id *room);
};
void text_sent(const struct text_writer *writer, uint64_t outbox, uint64_t seq);
void text_not_sent(const struct text_writer *writer, uint64_t outbox, enum enrum_err err);
/* What was told since the last call has not been heard: the writer's process died. */
void texts_unhear(void);
void texts_hear(void);
/* Somebody reads a text. */
void text_seen(const struct id *room, uint64_t seq, struct slice words);
/* At the end: nothing waits any more. */
void texts_judge(void);
