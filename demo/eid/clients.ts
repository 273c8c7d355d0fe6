// clients -- the relying parties that the demonstration e-ID knows, and where it may send their answers.
import { readFileSync } from "node:fs";

export interface RelyingParty {
  client_id: string;
  client_secret: string;
  redirect_uris: string[];
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

export function readClients(file: string): RelyingParty[] {
  const list: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!Array.isArray(list) || list.length === 0) throw new Error(`${file}: not a list of clients`);
  return list.map((entry: Partial<RelyingParty>, index) => {
    const { client_id, client_secret, redirect_uris } = entry;
    if (!isText(client_id) || !isText(client_secret) || !Array.isArray(redirect_uris)) {
      throw new Error(
        `${file}: client ${index + 1} needs client_id, client_secret and redirect_uris`,
      );
    }
    const bad = redirect_uris.find((uri) => !isText(uri) || !isRegistrable(uri));
    if (bad !== undefined) {
      throw new Error(`${file}: ${client_id}: ${bad} is neither https nor on this machine`);
    }
    return { client_id, client_secret, redirect_uris };
  });
}

/** http to a loopback IP literal, as RFC 8252 section 7.3 has it for native apps; `localhost` is none (8.3). */
function isLoopbackHttp(url: URL): boolean {
  return url.protocol === "http:" && (url.hostname === "127.0.0.1" || url.hostname === "[::1]");
}

/** A name that browsers look for on this machine (RFC 6761 section 6.3): for pages, which have one address. */
function isLocalName(url: URL): boolean {
  return url.protocol === "http:" && url.hostname.endsWith(".localhost");
}

function isRegistrable(uri: string): boolean {
  const url = URL.parse(uri);
  return url !== null && url.hash === "" && (url.protocol === "https:" || isLoopbackHttp(url) || isLocalName(url));
}

/** Exactly a registered address; or, for one on plain http at a loopback address, the same but for the port. */
export function isRedirectAllowed(registered: string[], asked: string): boolean {
  if (registered.includes(asked)) return true;
  const url = URL.parse(asked);
  if (!url || !isLoopbackHttp(url)) return false;
  url.port = "";
  return registered.some((uri) => {
    const known = URL.parse(uri);
    if (!known || !isLoopbackHttp(known)) return false;
    known.port = "";
    return known.href === url.href;
  });
}
