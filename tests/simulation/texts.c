/* texts -- see texts.h. */
#include "texts.h"

#include "ledger.h"
#include "world.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS_MAX = 2048, UNHEARD_MAX = 256 };

struct text {
    size_t actor;
    struct id room;
    uint64_t outbox, seen_seq, sent_seq;
    uint64_t refused_after; /* so far had its writer read when it was told no */
    bool is_refused, is_file;
    enum enrum_err refusal;
    struct id device, person; /* of the writer who was refused */
};

static struct text texts[TEXTS_MAX];
static size_t text_count, unheard_count, unheard[UNHEARD_MAX];

void texts_begin(void)
{
    text_count = unheard_count = 0;
}

void texts_end(void)
{
    world.texts += text_count;
}

uint64_t text_words(char out[32])
{
    (void)snprintf(out, 32, "text %zu", text_count);
    return text_count;
}

void text_put(size_t actor, const struct id *room, uint64_t outbox, bool is_file)
{
    assert(text_count < TEXTS_MAX);
    texts[text_count++] = (struct text){
        .actor = actor, .room = *room, .outbox = outbox, .is_file = is_file};
}

/* -- Files -- */

static size_t file_size(uint64_t number)
{
    return (size_t)(number * 7919 % (3 * CHUNK_BYTES_MAX));
}

static uint8_t file_byte(uint64_t number, size_t at)
{
    return (uint8_t)(number * 31 + at + at / 251);
}

void text_file_write(const char *path, uint64_t number)
{
    FILE *file = fopen(path, "we");
    assert(file != NULL);
    for (size_t i = 0; i < file_size(number); i++) {
        (void)fputc(file_byte(number, i), file);
    }
    (void)fclose(file);
}

static bool file_holds(const char *path, uint64_t number)
{
    FILE *file = fopen(path, "re");
    bool holds = file != NULL;
    for (size_t i = 0; holds && i < file_size(number); i++) {
        holds = fgetc(file) == file_byte(number, i);
    }
    holds = holds && fgetc(file) == EOF;
    if (file != NULL) {
        (void)fclose(file);
    }
    return holds;
}

void text_file_judge(const char *path, const struct id *room, uint64_t seq)
{
    for (size_t i = 0; i < text_count; i++) {
        if (texts[i].is_file && texts[i].seen_seq == seq && id_equal(&texts[i].room, room)) {
            if (!file_holds(path, i)) {
                world_fail("files", "the file of text %zu is another where it was saved", i);
            }
            world.files++;
            return;
        }
    }
    world_fail("files", "what was saved of number %" PRIu64 " is nobody's file", seq);
}

void texts_moved(size_t actor, const struct id *from, const struct id *to)
{
    for (size_t i = 0; i < text_count; i++) {
        if (texts[i].actor == actor && id_equal(&texts[i].room, from)) {
            texts[i].room = *to;
        }
    }
}

/* Read marks and openings go through the outbox too: they are no texts. */
static struct text *text_find(size_t actor, uint64_t outbox)
{
    for (size_t i = 0; i < text_count; i++) {
        if (texts[i].actor == actor && texts[i].outbox == outbox) {
            return &texts[i];
        }
    }
    return NULL;
}

void text_sent(const struct text_writer *writer, uint64_t outbox, uint64_t seq)
{
    struct text *text = text_find(writer->actor, outbox);
    if (text == NULL) {
        return;
    }
    const struct ledger_entry *entry = ledger_entry(&text->room, seq);
    if (entry == NULL || !id_equal(&entry->device, &writer->device)) {
        world_fail("sent", "text %zu is told as number %" PRIu64 ", which is not it",
                   (size_t)(text - texts), seq);
    }
    if ((text->sent_seq != 0 && text->sent_seq != seq) ||
        (text->seen_seq != 0 && text->seen_seq != seq)) {
        world_fail("once", "text %zu is told as number %" PRIu64 " and was another",
                   (size_t)(text - texts), seq);
    }
    text->sent_seq = seq;
}

void text_not_sent(const struct text_writer *writer, uint64_t outbox, enum enrum_err err)
{
    struct text *text = text_find(writer->actor, outbox);
    if (text == NULL) {
        return;
    }
    text->is_refused = true;
    text->refusal = err;
    text->device = writer->device;
    text->person = writer->person;
    text->refused_after = writer->told(writer->actor, &text->room);
    assert(unheard_count < UNHEARD_MAX);
    unheard[unheard_count++] = (size_t)(text - texts);
}

void texts_hear(void)
{
    unheard_count = 0;
}

void texts_unhear(void)
{
    while (unheard_count > 0) {
        texts[unheard[--unheard_count]].is_refused = false;
    }
}

void text_seen(const struct id *room, uint64_t seq, struct slice words)
{
    char copy[32] = "";
    size_t number = 0;
    memcpy(copy, words.at, words.len < sizeof copy ? words.len : sizeof copy - 1);
    if (sscanf(copy, "text %zu", &number) != 1 || number >= text_count ||
        !id_equal(&texts[number].room, room)) {
        world_fail("words", "number %" PRIu64 " holds what nobody wrote there", seq);
        return;
    }
    struct text *text = &texts[number];
    if ((text->seen_seq != 0 && text->seen_seq != seq) ||
        (text->sent_seq != 0 && text->sent_seq != seq)) {
        world_fail("once", "text %zu is number %" PRIu64 " and another", number, seq);
    }
    text->seen_seq = seq;
}

/* Whoever was taken out cannot ask the host any more what became of what it had sent just before,
 * and is told no: the one case in which a refused text may stand in the log. It must not be where
 * the writer could have read it. */
static bool is_right(const struct text *text)
{
    return text->is_refused ? text->seen_seq == 0 || text->seen_seq > text->refused_after
                            : text->seen_seq != 0;
}

/* Whoever was taken out. Asked at the end: the host refuses by what is on its way to the disk. */
static bool may_be_refused(const struct text *text)
{
    const struct ledger_room *room = ledger_room(&text->room);
    return room != NULL &&
           (ledger_is_removed(room, &text->device) || ledger_is_removed(room, &text->person));
}

/* The writer's text in the same room in front of this one, if any stands in the log. A file is
 * numbered when the host has it. */
static const struct text *text_before(size_t number)
{
    for (size_t i = number; i > 0; i--) {
        const struct text *before = &texts[i - 1];
        if (before->actor == texts[number].actor && id_equal(&before->room, &texts[number].room) &&
            before->seen_seq != 0 && !before->is_file) {
            return before;
        }
    }
    return NULL;
}

void texts_judge(void)
{
    for (size_t i = 0; i < text_count; i++) {
        const struct text *text = &texts[i], *before = text_before(i);
        if (text->is_refused && !may_be_refused(text)) {
            world_fail("no draft is lost", "text %zu was given back: %s", i,
                       error_name(text->refusal));
        }
        if (!is_right(text)) {
            world_fail("no draft is lost", "text %zu is %sin the log, its writer was told %s", i,
                       text->seen_seq == 0 ? "not " : "", text->is_refused ? "no" : "yes");
        }
        if (before != NULL && text->seen_seq != 0 && before->seen_seq >= text->seen_seq) {
            world_fail("order", "text %zu stands in front of an older one", i);
        }
    }
}
