// relying-party -- the other side of a login, for tests: makes the address, hears the answer, redeems the code,
// and checks an ID token by itself, with nothing of the provider's own library.
import { createHash, createPublicKey, randomBytes, verify, type JsonWebKey } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { request, type Answer } from "../../demo/eid/request.ts";

export const CLIENT = {
  client_id: "enrum-test",
  client_secret: "a secret: of/the+test",
  redirect_uris: [
    ...["http://127.0.0.1/callback", "http://[::1]:7000/callback"],
    ...["https://127.0.0.1:4443/login", "https://board.example/login"],
  ],
};

interface Discovery {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  jwks_uri: string;
}

export interface Claims extends Record<string, unknown> {
  iss: string;
  sub: string;
  aud: string;
  iat: number;
  exp: number;
}

export interface Attempt {
  url: string;
  verifier: string;
  nonce: string;
  state: string;
  redirectUri: string;
}

/** A page on any port of 127.0.0.1 that hears the answer, as a command line's listener does. */
export class Listener {
  readonly heard: URL[] = [];
  #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<Listener> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const listener = new Listener(server);
    server.on("request", (asked, response) => {
      listener.heard.push(new URL(asked.url ?? "/", listener.redirectUri));
      response.writeHead(200, { "Content-Type": "text/html" }).end("<h1>Tack</h1> Stäng fönstret.");
    });
    return listener;
  }

  get redirectUri(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/callback`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

export class RelyingParty {
  #ca: string;
  #discovery: Discovery;

  private constructor(ca: string, discovery: Discovery) {
    this.#ca = ca;
    this.#discovery = discovery;
  }

  static async discover(issuer: string, ca: string): Promise<RelyingParty> {
    const answer = await request(new URL(`${issuer}/.well-known/openid-configuration`), { ca });
    return new RelyingParty(ca, JSON.parse(answer.text) as Discovery);
  }

  get issuer(): string {
    return this.#discovery.issuer;
  }

  attempt(redirectUri: string, more: Record<string, string | undefined> = {}): Attempt {
    const [verifier, nonce, state] = [32, 16, 16].map((n) => randomBytes(n).toString("base64url"));
    const url = new URL(this.#discovery.authorization_endpoint);
    const asked: Record<string, string | undefined> = {
      client_id: CLIENT.client_id,
      response_type: "code",
      scope: "openid profile",
      redirect_uri: redirectUri,
      state,
      nonce,
      code_challenge: createHash("sha256").update(verifier!).digest("base64url"),
      code_challenge_method: "S256",
      ...more,
    };
    for (const [name, value] of Object.entries(asked)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return { url: url.href, verifier: verifier!, nonce: nonce!, state: state!, redirectUri };
  }

  redeem(attempt: Attempt, code: string, secret = CLIENT.client_secret): Promise<Answer> {
    const basic = [CLIENT.client_id, secret].map((part) => encodeURIComponent(part)).join(":");
    return request(new URL(this.#discovery.token_endpoint), {
      ca: this.#ca,
      headers: { Authorization: `Basic ${Buffer.from(basic).toString("base64")}` },
      form: new URLSearchParams({
        grant_type: "authorization_code",
        code,
        redirect_uri: attempt.redirectUri,
        code_verifier: attempt.verifier,
      }),
    });
  }

  async keys(): Promise<(JsonWebKey & { kid: string })[]> {
    const answer = await request(new URL(this.#discovery.jwks_uri), { ca: this.#ca });
    return (JSON.parse(answer.text) as { keys: (JsonWebKey & { kid: string })[] }).keys;
  }

  /** The claims of a token that is right in every way; else throws, with the name of what is wrong. */
  async check(token: string, nonce: string): Promise<Claims> {
    const [head = "", body = "", signature = ""] = token.split(".");
    const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    const header = read(head) as { alg: string; kid?: string };
    if (header.alg !== "ES256") throw new Error(`algorithm ${header.alg}`);
    const key = (await this.keys()).find((candidate) => candidate.kid === header.kid);
    if (!key) throw new Error("unknown key");
    const isSigned = verify(
      "sha256",
      Buffer.from(`${head}.${body}`),
      { key: createPublicKey({ key, format: "jwk" }), dsaEncoding: "ieee-p1363" },
      Buffer.from(signature, "base64url"),
    );
    if (!isSigned) throw new Error("signature");
    const claims = read(body) as Claims;
    const now = Date.now() / 1000;
    if (claims.iss !== this.issuer) throw new Error("issuer");
    if (claims.aud !== CLIENT.client_id) throw new Error("audience");
    if (claims["nonce"] !== nonce) throw new Error("nonce");
    if (claims.exp <= now) throw new Error("expired");
    if (claims.iat > now + 60) throw new Error("from the future");
    return claims;
  }
}
