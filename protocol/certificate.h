/* certificate -- root -> keeper -> device, revocations, root changes.
 * Says what is well-formed, signed and in time; who has been revoked is the fold's knowledge, not
 * this file's. */
#pragma once

#include "protocol/suite.h"

struct certificate {
    struct wire_certificate body;
    struct id hash;   /* over the signed bytes: what heads and issuers name */
    struct id device; /* device id: stays when the certificate is renewed */
};

/* The board id of a first root key. */
void board_id(const struct id *root_key, struct id *out);
/* The id of a device: its two public keys. */
void device_id(const struct id *sign_key, const struct id *seal_key, struct id *out);
/* The pseudonym of an identity in one capacity: the same person as citizen and as staff are two. */
void person_id(const struct secret32 *board_secret, enum role role, struct slice identity,
               struct id *out);

/* Signs any body (certificate, revocation, successor) under its label. Errors: OVERSIZED. */
enum enrum_err signed_encode(const struct sign_pair *issuer, enum label label, struct slice body,
                             struct buffer *out);
/* The body inside, when the signature holds. Errors: MALFORMED, SIGNATURE_WRONG. */
enum enrum_err signed_decode(struct slice bytes, const struct id *issuer_key, enum label label,
                             struct slice *body);

/* Encodes, signs and appends a certificate. version and suite are filled in. Errors: MALFORMED,
 * OVERSIZED. */
enum enrum_err certificate_encode(const struct sign_pair *issuer,
                                  const struct wire_certificate *body, struct buffer *out);
/* Encodes, signs and appends a keeper's statement who a person is. version is filled in. Errors:
 * MALFORMED, OVERSIZED; then *out is as it was. */
enum enrum_err profile_encode(const struct sign_pair *keeper, const struct wire_profile *body,
                              struct buffer *out);
/* Reads a certificate without believing it. Errors: MALFORMED, SUITE_UNSUPPORTED. */
enum enrum_err certificate_decode(struct slice bytes, struct certificate *out);
/* Reads a certificate signed by this key. Errors: those of certificate_decode, SIGNATURE_WRONG. */
enum enrum_err certificate_check(struct slice bytes, const struct id *issuer_key,
                                 struct certificate *out);
/* Is it in its period? Errors: CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET. */
enum enrum_err certificate_in_time(const struct certificate *certificate, uint64_t at_ms);

/* A keeper's certificate under the board's root.
 * Errors: those of certificate_check, CERTIFICATE_OTHER_BOARD, CERTIFICATE_UNTRUSTED. */
enum enrum_err chain_check_keeper(const struct id *board, const struct id *root_key,
                                  struct slice keeper, struct certificate *out);
/* A device's certificate under a keeper's, or (issuer empty) a keeper's own. The keeper's must have
 * been in its period when the device's began, and end no sooner. Not checked: whether the device's
 * is in its period now (certificate_in_time). Errors: those of chain_check_keeper. */
enum enrum_err chain_check(const struct id *board, const struct id *root_key, struct slice device,
                           struct slice issuer, struct certificate *out);
