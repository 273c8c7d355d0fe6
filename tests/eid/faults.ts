// faults -- what can be wrong with an ID token, one row each: what is changed in a right one. For bad-provider.ts.
import { createHmac, sign, type KeyObject } from "node:crypto";

export interface Keys {
  /** ES256, published. */
  signing: KeyObject;
  /** Its public half as PEM: known to everybody, and so no secret. */
  signingPublicPem: string;
  /** RS256, published too. */
  rsa: KeyObject;
  /** ES256, never published. */
  stranger: KeyObject;
}

export const SIGNING_KID = "signing";
export const RSA_KID = "rsa";

export interface Token {
  header: { alg: string; kid?: string; typ: string };
  claims: Record<string, unknown>;
}

type Signer = (input: string, keys: Keys) => Buffer;

interface Fault {
  change?: (token: Token, now: number) => void;
  sign?: Signer;
}

const PERSONAL_NUMBER = "https://id.oidc.se/claim/personalIdentityNumber";
const LOW_LEVEL = "http://id.elegnamnden.se/loa/1.0/loa2";

const es256 =
  (choose: (keys: Keys) => KeyObject): Signer =>
  (input, keys) =>
    sign("sha256", Buffer.from(input), { key: choose(keys), dsaEncoding: "ieee-p1363" });

const rightly = es256((keys) => keys.signing);
const byStranger = es256((keys) => keys.stranger);

export const FAULTS = {
  none: {},
  wrong_nonce: { change: ({ claims }) => (claims["nonce"] = "not-the-nonce-that-was-sent") },
  wrong_audience: { change: ({ claims }) => (claims["aud"] = "somebody-else") },
  wrong_issuer: { change: ({ claims }) => (claims["iss"] = "https://127.0.0.1:1") },
  alg_none: {
    change: ({ header }) => {
      header.alg = "none";
      delete header.kid;
    },
    sign: () => Buffer.alloc(0),
  },
  alg_hs256: {
    change: ({ header }) => (header.alg = "HS256"),
    sign: (input, keys) => createHmac("sha256", keys.signingPublicPem).update(input).digest(),
  },
  rs256_when_es256_pinned: {
    change: ({ header }) => {
      header.alg = "RS256";
      header.kid = RSA_KID;
    },
    sign: (input, keys) => sign("sha256", Buffer.from(input), keys.rsa),
  },
  wrong_signature: { sign: byStranger },
  unknown_kid: { change: ({ header }) => (header.kid = "stranger"), sign: byStranger },
  expired: {
    change: ({ claims }, now) => {
      claims["iat"] = claims["auth_time"] = now - 7200;
      claims["exp"] = now - 3600;
    },
  },
  issued_in_future: {
    change: ({ claims }, now) => {
      claims["iat"] = now + 3600;
      claims["exp"] = now + 7200;
    },
  },
  level_too_low: { change: ({ claims }) => (claims["acr"] = LOW_LEVEL) },
  no_acr: { change: ({ claims }) => delete claims["acr"] },
  no_personal_number: { change: ({ claims }) => delete claims[PERSONAL_NUMBER] },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Signs a token whose claims are right, after this one fault was put into it. */
export function signToken(claims: Record<string, unknown>, name: FaultName, keys: Keys): string {
  const fault: Fault = FAULTS[name];
  const token: Token = { header: { alg: "ES256", kid: SIGNING_KID, typ: "JWT" }, claims: { ...claims } };
  fault.change?.(token, Math.floor(Date.now() / 1000));
  const input = `${encode(token.header)}.${encode(token.claims)}`;
  const signature = (fault.sign ?? rightly)(input, keys);
  return `${input}.${signature.toString("base64url")}`;
}
