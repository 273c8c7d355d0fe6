// secrets -- what the demonstration e-ID keeps in its state folder: the signing key and the key of its cookies.
// Both stay the same over restarts, so that a relying party's cached key set goes on being right.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Secrets {
  /** ES256, private, as a JWK with `use` and `alg`. */
  signing: JsonWebKey;
  cookie: string;
}

function make(): Secrets {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    signing: { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "ES256" },
    cookie: randomBytes(32).toString("base64url"),
  };
}

/** Reads DIR/secrets.json, and makes it (0600) the first time. */
export function openSecrets(folder: string): Secrets {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "secrets.json");
  if (!existsSync(file)) {
    const half = `${file}.${process.pid}`;
    writeFileSync(half, JSON.stringify(make(), null, 2), { mode: 0o600 });
    renameSync(half, file);
  }
  return JSON.parse(readFileSync(file, "utf8")) as Secrets;
}
