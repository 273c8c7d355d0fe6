/* trust -- the certificates of one board that lead to its pinned root, and who of its keepers
 * has been revoked. What does not lead to the root is not kept: to find a certificate here is to
 * believe who holds its keys. */
#pragma once

#include "base/table.h"
#include "enrum.h"

struct trusted {
    struct certificate certificate;
    size_t len, issuer_len;
    uint8_t bytes[CERTIFICATE_BYTES_MAX],
        issuer[CERTIFICATE_BYTES_MAX]; /* issuer is empty for a keeper's */
};

struct trust_revocation {
    struct id device;
    uint64_t at;
};

struct trust {
    const struct enrum_board *board; /* borrowed */
    struct table by_hash;
    size_t revocation_count;
    struct trust_revocation revocations[KEEPERS_MAX];
};

void trust_init(struct trust *trust, const struct enrum_board *board);
void trust_fini(struct trust *trust);
/* One certificate whose issuer is the root, or is known already. *out may be NULL.
 * Errors: those of chain_check, KEEPER_UNTRUSTED (its issuer is not known), MEMORY. */
enum enrum_err trust_add(struct trust *trust, struct slice bytes, const struct trusted **out);
/* All certificates of a SEQ that hold, keepers' first; tells each new one. Others are passed
 * over. Errors: MEMORY (some that hold are not there). */
enum enrum_err trust_add_all(struct trust *trust, struct slice seq,
                             void (*added)(void *context, const struct trusted *trusted),
                             void *context);
/* A revocation of a keeper, when a root has signed it. */
void trust_revoke(struct trust *trust, struct slice bytes);
/* NULL when no such certificate leads to the root. */
const struct trusted *trust_find(const struct trust *trust, const struct id *hash);
/* Was the certificate's holder, or the keeper that issued it, revoked before this? */
bool trust_is_revoked(const struct trust *trust, const struct certificate *certificate,
                      uint64_t at_ms);
/* The first element of a SEQ of signed things, as bytes; *rest moves behind it. False when it is
 * none. */
bool trust_next(struct slice *rest, struct slice *bytes);
