/* handshake -- see handshake.h. */
#include "protocol/handshake.h"

enum { CHALLENGE_PARTS = 3 };

static void challenge_parts(const struct id *client_nonce, const struct msg_challenge *challenge,
                            const struct be64 *time, struct slice parts[CHALLENGE_PARTS])
{
    parts[0] = id_slice(client_nonce);
    parts[1] = id_slice(&challenge->nonce);
    parts[2] = be64_slice(time);
}

void handshake_challenge_sign(const struct sign_pair *host, const struct id *client_nonce,
                              struct msg_challenge *challenge)
{
    struct slice parts[CHALLENGE_PARTS];
    struct be64 time = be64_of(challenge->time);
    challenge_parts(client_nonce, challenge, &time, parts);
    suite_sign(host, LABEL_CHALLENGE, parts, CHALLENGE_PARTS, &challenge->sig);
}

bool handshake_challenge_is_good(const struct id *host_key, const struct id *client_nonce,
                                 const struct msg_challenge *challenge)
{
    struct slice parts[CHALLENGE_PARTS];
    struct be64 time = be64_of(challenge->time);
    challenge_parts(client_nonce, challenge, &time, parts);
    return id_equal(host_key, &challenge->host_key) &&
           suite_verify(host_key, LABEL_CHALLENGE, parts, CHALLENGE_PARTS, &challenge->sig);
}

enum { PROOF_PARTS = 5 };

static void proof_parts(const struct handshake_proof *proof, struct slice parts[PROOF_PARTS])
{
    parts[0] = id_slice(&proof->client_nonce);
    parts[1] = id_slice(&proof->server_nonce);
    parts[2] = id_slice(&proof->board);
    parts[3] = id_slice(&proof->host_key);
    parts[4] = id_slice(&proof->certificate);
}

void handshake_proof_sign(const struct sign_pair *device, const struct handshake_proof *proof,
                          struct sig *out)
{
    struct slice parts[PROOF_PARTS];
    proof_parts(proof, parts);
    suite_sign(device, LABEL_PROOF, parts, PROOF_PARTS, out);
}

bool handshake_proof_is_good(const struct id *sign_key, const struct handshake_proof *proof,
                             const struct sig *sig)
{
    struct slice parts[PROOF_PARTS];
    proof_parts(proof, parts);
    return suite_verify(sign_key, LABEL_PROOF, parts, PROOF_PARTS, sig);
}

void handshake_login_nonce(const struct id *board, const struct id *sign_key,
                           const struct id *seal_key, const struct id *random, char out[44])
{
    struct id nonce;
    struct slice parts[] = {id_slice(board), id_slice(sign_key), id_slice(seal_key),
                            id_slice(random)};
    suite_hash(LABEL_LOGIN_NONCE, parts, 4, &nonce);
    suite_base64url(id_slice(&nonce), out);
}
