// bad-provider -- a small OpenID provider whose ID tokens have one chosen fault. For tests, on 127.0.0.1 only.
//     node tests/eid/bad-provider.ts --port P [--tls-cert F --tls-key F] [--fault NAME]
// Everything but the fault is right: PKCE, the code's single use and, with fault "none", the token too.
// At /authorize there is no dialogue: `login_hint` names the persona, `fault` the fault. Where a client makes the
// address itself, login_hint=PERSONA~FAULT or state=...~FAULT say the same; else --fault holds, else "none".
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { isLoopback } from "../../demo/eid/request.ts";
import { claimsOf, findPersona, type Persona } from "../../demo/eid/personas.ts";
import { isFaultName, RSA_KID, SIGNING_KID, signToken, type FaultName, type Keys } from "./faults.ts";

const ADDRESS = "127.0.0.1";
const CODES_MAX = 1000;
const FORM_BYTES_MAX = 16384;
const TOKEN_LIFE_S = 300;

interface Login {
  clientId: string;
  redirectUri: string;
  challenge: string;
  nonce: string | undefined;
  persona: Persona;
  fault: FaultName;
}

class Refusal extends Error {}

function need(values: URLSearchParams, name: string): string {
  const value = values.get(name);
  if (!value) throw new Refusal(`${name} is missing`);
  return value;
}

function newKeys(): Keys {
  const { privateKey: signing, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    signing,
    signingPublicPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
    stranger: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey,
  };
}

function published(key: KeyObject, kid: string, alg: string): object {
  return { ...createPublicKey(key).export({ format: "jwk" }), kid, alg, use: "sig" };
}

class BadProvider {
  #issuer: string;
  #fault: FaultName;
  #keys = newKeys();
  #logins = new Map<string, Login>();

  constructor(issuer: string, fault: FaultName) {
    this.#issuer = issuer;
    this.#fault = fault;
  }

  discovery(): object {
    return {
      issuer: this.#issuer,
      authorization_endpoint: `${this.#issuer}/authorize`,
      token_endpoint: `${this.#issuer}/token`,
      jwks_uri: `${this.#issuer}/jwks`,
      response_types_supported: ["code"],
      response_modes_supported: ["query", "fragment"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["ES256", "RS256"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["client_secret_basic"],
    };
  }

  jwks(): object {
    return {
      keys: [
        published(this.#keys.signing, SIGNING_KID, "ES256"),
        published(this.#keys.rsa, RSA_KID, "RS256"),
      ],
    };
  }

  /** Where the browser is sent, with a code. */
  authorize(query: URLSearchParams): string {
    if (need(query, "code_challenge_method") !== "S256") throw new Refusal("only S256");
    const redirectUri = need(query, "redirect_uri");
    const url = URL.parse(redirectUri);
    if (!url || !isLoopback(url)) throw new Refusal("redirect_uri is not on this machine");
    const { persona, fault } = this.#chosen(query);
    const code = randomBytes(16).toString("base64url");
    if (this.#logins.size >= CODES_MAX) throw new Refusal("too many codes were never redeemed");
    this.#logins.set(code, {
      clientId: need(query, "client_id"),
      redirectUri,
      challenge: need(query, "code_challenge"),
      nonce: query.get("nonce") ?? undefined,
      persona,
      fault,
    });
    const answer = new URLSearchParams({ code, iss: this.#issuer });
    const state = query.get("state");
    if (state !== null) answer.set("state", state);
    if (query.get("response_mode") === "fragment") url.hash = answer.toString();
    else answer.forEach((value, name) => url.searchParams.set(name, value));
    return url.href;
  }

  #chosen(query: URLSearchParams): { persona: Persona; fault: FaultName } {
    const [id, hinted] = (query.get("login_hint") ?? "test.testsson").split("~");
    const inState = /~([a-z0-9_]+)$/.exec(query.get("state") ?? "")?.[1];
    const name = query.get("fault") ?? hinted ?? inState ?? this.#fault;
    if (!isFaultName(name)) throw new Refusal(`there is no fault ${name}`);
    const persona = findPersona(id ?? "");
    if (!persona) throw new Refusal(`there is no persona ${id}`);
    return { persona, fault: name };
  }

  token(form: URLSearchParams): object {
    if (need(form, "grant_type") !== "authorization_code") throw new Refusal("unknown grant_type");
    const code = need(form, "code");
    const login = this.#logins.get(code);
    this.#logins.delete(code);
    if (!login) throw new Refusal("unknown code");
    const challenge = createHash("sha256").update(need(form, "code_verifier")).digest("base64url");
    if (challenge !== login.challenge) throw new Refusal("wrong code_verifier");
    if (need(form, "redirect_uri") !== login.redirectUri) throw new Refusal("wrong redirect_uri");
    return {
      access_token: randomBytes(16).toString("base64url"),
      token_type: "Bearer",
      expires_in: TOKEN_LIFE_S,
      id_token: signToken(this.#claims(login), login.fault, this.#keys),
    };
  }

  #claims({ clientId, nonce, persona }: Login): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    return {
      ...claimsOf(persona),
      iss: this.#issuer,
      aud: clientId,
      iat: now,
      exp: now + TOKEN_LIFE_S,
      auth_time: now,
      acr: persona.acr,
      ...(nonce === undefined ? {} : { nonce }),
    };
  }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request as AsyncIterable<string>) {
    text += chunk;
    if (text.length > FORM_BYTES_MAX) throw new Refusal("the form is too long");
  }
  return new URLSearchParams(text);
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(JSON.stringify(body));
}

async function answer(
  provider: BadProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  switch (`${request.method} ${url.pathname}`) {
    case "GET /.well-known/openid-configuration":
      return sendJson(response, 200, provider.discovery());
    case "GET /jwks":
      return sendJson(response, 200, provider.jwks());
    case "GET /authorize":
      response.writeHead(303, { Location: provider.authorize(url.searchParams) }).end();
      return;
    case "POST /token":
      return sendJson(response, 200, provider.token(await readForm(request)));
    default:
      return sendJson(response, 404, { error: "not_found" });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      "tls-cert": { type: "string" },
      "tls-key": { type: "string" },
      fault: { type: "string", default: "none" },
    },
  });
  const { port, "tls-cert": cert, "tls-key": key, fault } = values;
  if (!port || !cert !== !key || !isFaultName(fault)) {
    throw new Error("usage: --port P [--tls-cert F --tls-key F] [--fault NAME]");
  }
  let provider: BadProvider | undefined;
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    if (!provider) return void response.destroy();
    answer(provider, request, response).catch((error: unknown) => {
      const what = error instanceof Refusal ? error.message : "server_error";
      sendJson(response, 400, { error: "invalid_request", error_description: what });
    });
  };
  const server =
    cert && key
      ? createHttpsServer({ cert: readFileSync(cert), key: readFileSync(key) }, handle)
      : createHttpServer(handle);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(port), ADDRESS, resolve);
  });
  const issuer = `${cert ? "https" : "http"}://${ADDRESS}:${(server.address() as AddressInfo).port}`;
  provider = new BadProvider(issuer, fault);
  console.log(`ready ${issuer}`);
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

await main().catch((error: unknown) => {
  console.error(`bad-provider: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
