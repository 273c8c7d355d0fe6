// handshake -- who is at the other end of a connection: the host's signature in CHALLENGE, the device's in PROVE, and the
// nonce that binds a login to device keys. No bearer token exists: each connection proves possession anew.
import type { Bytes } from "./field.ts";
import { bytesEqual } from "./layout.ts";
import type { MsgChallenge } from "./messages.ts";
import { be64, suiteBase64url, suiteHash, suiteSign, suiteVerify, type SignPair } from "./suite.ts";

/** The signature of a CHALLENGE: what a host does, for tests. */
export function handshakeChallengeSign(host: SignPair, clientNonce: Bytes, challenge: Pick<MsgChallenge, "nonce" | "time">): Promise<Bytes> {
  return suiteSign(host, "CHALLENGE", clientNonce, challenge.nonce, be64(challenge.time));
}

/** Is it from the host that the board names? */
export async function handshakeChallengeIsGood(hostKey: Bytes, clientNonce: Bytes, challenge: MsgChallenge): Promise<boolean> {
  return bytesEqual(hostKey, challenge.host_key)
    && suiteVerify(hostKey, challenge.sig, "CHALLENGE", clientNonce, challenge.nonce, be64(challenge.time));
}

export interface HandshakeProof {
  clientNonce: Bytes;
  serverNonce: Bytes;
  board: Bytes;
  hostKey: Bytes;
  /** Hash of the device's certificate. */
  certificate: Bytes;
}

function proofParts(proof: HandshakeProof): Bytes[] {
  return [proof.clientNonce, proof.serverNonce, proof.board, proof.hostKey, proof.certificate];
}

export function handshakeProofSign(device: SignPair, proof: HandshakeProof): Promise<Bytes> {
  return suiteSign(device, "PROOF", ...proofParts(proof));
}

export function handshakeProofIsGood(signKey: Bytes, proof: HandshakeProof, sig: Bytes): Promise<boolean> {
  return suiteVerify(signKey, sig, "PROOF", ...proofParts(proof));
}

/** The OpenID Connect nonce: base64url, 43 characters. */
export async function handshakeLoginNonce(board: Bytes, signKey: Bytes, sealKey: Bytes, random: Bytes): Promise<string> {
  return suiteBase64url(await suiteHash("LOGIN_NONCE", board, signKey, sealKey, random));
}
