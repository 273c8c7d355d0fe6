/* scan -- the attachments of all rooms, given to the board's virus scanner one after the other;
 * what it warns of is noted beside the file, for everybody in the room, and blocks nothing. Nothing
 * is noted of a clean one: a word beside each would be read as a promise. So that needs no memory,
 * a keeper that starts scans again what has come in the last days, perhaps with newer signatures.
 */
#pragma once

#include "keeper.h"

struct scans;

/* `address` of clamd, which must outlive it; empty: nothing is scanned. NULL: no memory. */
struct scans *scans_new(const char *address, void (*wake)(void *context), void *context);
/* Waits for what is being scanned. */
void scans_free(struct scans *scans);
/* An entry that its room has applied. False when memory is short. */
bool scans_on_entry(struct keeper *keeper, const struct enrum_item *item);
void scans_on_saved(struct keeper *keeper, const struct enrum_event *event);
/* The next file, when there is one and the scanner is free. */
void scans_step(struct keeper *keeper);
