/* handshake -- who is at the other end of a connection: the host's signature in CHALLENGE, the
 * device's in PROVE, and the nonce that binds a login to device keys. No bearer token exists: each
 * connection proves possession anew. */
#pragma once

#include "protocol/certificate.h"

void handshake_challenge_sign(const struct sign_pair *host, const struct id *client_nonce,
                              struct msg_challenge *challenge);
bool handshake_challenge_is_good(const struct id *host_key, const struct id *client_nonce,
                                 const struct msg_challenge *challenge);

struct handshake_proof {
    struct id client_nonce, server_nonce, board, host_key, certificate;
};
void handshake_proof_sign(const struct sign_pair *device, const struct handshake_proof *proof,
                          struct sig *out);
bool handshake_proof_is_good(const struct id *sign_key, const struct handshake_proof *proof,
                             const struct sig *sig);

/* The OpenID Connect nonce: H(label, board, sign_key, seal_key, random), base64url, 43 characters
 * and a zero byte. */
void handshake_login_nonce(const struct id *board, const struct id *sign_key,
                           const struct id *seal_key, const struct id *random, char out[44]);
