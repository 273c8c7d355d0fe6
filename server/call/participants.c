/* participants -- the devices of one call: finding, moving, making, freeing. See calls.h. */
#include "state.h"

#include <stdlib.h>

bool moves(enum place *place, enum move event)
{
    static const struct {
        enum place from, to;
        enum move event;
    } rows[] = {
#define MOVE(from, event, to) {PLACE_##from, PLACE_##to, MOVE_##event},
#include "moves.def"
#undef MOVE
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].from == *place && rows[i].event == event) {
            *place = rows[i].to;
            return true;
        }
    }
    return false;
}

bool pace_take(struct pace *pace, uint64_t amount, uint64_t max, struct moment now)
{
    if (pace->amount == 0 || now.monotonic_ms - pace->at >= CALL_PACE_MS) {
        *pace = (struct pace){.at = now.monotonic_ms};
    }
    if (pace->amount + amount > max) {
        return false;
    }
    pace->amount += amount;
    return true;
}

struct papers papers_ref(const struct papers *papers)
{
    struct papers more = *papers;
    (void)parcel_ref(more.certificate);
    if (more.issuer != NULL) {
        (void)parcel_ref(more.issuer);
    }
    return more;
}

void papers_unref(struct papers *papers)
{
    parcel_unref(papers->certificate);
    parcel_unref(papers->issuer);
    *papers = (struct papers){0};
}

void participant_free(struct participant *who)
{
    papers_unref(&who->papers);
    parcel_unref(who->key_bytes);
    free(who);
}

struct participant *participant_new(const struct caller *caller, struct slice key_bytes,
                                    const struct id *key)
{
    struct participant *who = calloc(1, sizeof *who);
    if (who == NULL) {
        return NULL;
    }
    list_init(&who->link);
    who->who = *caller;
    who->who.certificate_bytes = who->who.issuer_bytes = (struct slice){0};
    who->session = caller->session;
    who->key = *key;
    who->key_bytes = parcel_new(key_bytes.at, key_bytes.len);
    who->papers.certificate = parcel_new(caller->certificate_bytes.at,
                                         caller->certificate_bytes.len);
    bool has_issuer = caller->issuer_bytes.len > 0;
    if (has_issuer) {
        who->papers.issuer = parcel_new(caller->issuer_bytes.at, caller->issuer_bytes.len);
    }
    if (who->key_bytes == NULL || who->papers.certificate == NULL ||
        (has_issuer && who->papers.issuer == NULL)) {
        participant_free(who);
        return NULL;
    }
    return who;
}

struct participant *participant_of_caller(const struct call *call, const struct caller *who)
{
    struct participant *here = participant_of_device(call, &who->device);
    return here != NULL && here->session == who->session ? here : NULL;
}

struct participant *participant_of_session(const struct call *call, uint64_t session)
{
    PARTICIPANTS_EACH(who, call)
    {
        if (who->session == session) {
            return who;
        }
    }
    return NULL;
}

struct participant *participant_of_device(const struct call *call, const struct id *device)
{
    PARTICIPANTS_EACH(who, call)
    {
        if (id_equal(&who->who.device, device)) {
            return who;
        }
    }
    return NULL;
}

struct participant *participant_of_number(const struct call *call, uint64_t number)
{
    PARTICIPANTS_EACH(who, call)
    {
        if (who->number == number) {
            return who;
        }
    }
    return NULL;
}

struct participant *participant_of_person(const struct call *call, const struct id *person)
{
    PARTICIPANTS_EACH(who, call)
    {
        if (id_equal(&who->who.person, person)) {
            return who;
        }
    }
    return NULL;
}

struct participant *participant_of_key(const struct call *call, const struct id *key)
{
    PARTICIPANTS_EACH(who, call)
    {
        if (id_equal(&who->key, key)) {
            return who;
        }
    }
    return NULL;
}

bool is_anybody_in(const struct call *call)
{
    PARTICIPANTS_EACH(who, call)
    {
        if (is_in(who)) {
            return true;
        }
    }
    return false;
}
