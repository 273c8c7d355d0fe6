/* progress -- one job of a batch on its way through the writer's transaction: what it does to the
 * database, and what is to be answered once the commit has said. Thread: the writer. */
#pragma once

#include "store/database.h"
#include "store/job.h"

struct progress {
    struct job *job;
    enum append_outcome outcome;
    enum enrum_err err; /* of jobs other than appends */
    struct found found;
    struct room_snapshot room;
    bool is_unknown; /* `room` could not be read */
    bool has_leaf;
    size_t leaf;
};

struct writer;

/* Within the board's transaction. False: the database failed. */
bool progress_run(struct database *database, struct progress *progress,
                  const struct writer *writer);
/* Reads what stands of the job's room. False: the database failed. */
bool progress_room(struct database *database, struct progress *progress);
/* Writes the job's certificate, and its issuer's. False: the database failed. */
bool progress_certificate(struct database *database, const struct job *job);
