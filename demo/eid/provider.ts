// provider -- the demonstration e-ID: an OpenID provider of made-up people, on 127.0.0.1 only.
// It has no switch that makes it answer wrongly: the tests' faulty tokens come from tests/eid/bad-provider.ts.
//     node demo/eid/provider.ts --port P --state DIR --clients FILE [--tls-cert F --tls-key F]
import { readFileSync } from "node:fs";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { Provider, type Interaction } from "oidc-provider";
import { isRedirectAllowed, readClients, type RelyingParty } from "./clients.ts";
import { confirmPage, errorPage, loginPage } from "./pages.ts";
import { CLAIM_NAMES, claimsOf, findPersona, personas } from "./personas.ts";
import { openSecrets, type Secrets } from "./secrets.ts";

const ADDRESS = "127.0.0.1";
const FORM_BYTES_MAX = 4096;
const INTERACTION_PATH = /^\/interaction\/([A-Za-z0-9_-]{1,64})(?:\/(login|confirm|abort))?$/;

// Cookies are shared by all ports of an address, hence names of their own.
const COOKIES = {
  session: "enrum_eid_session",
  interaction: "enrum_eid_interaction",
  resume: "enrum_eid_resume",
};

// Scopes of the Swedish profile are accepted, so that a relying party may ask here as it would elsewhere;
// all claims come with `openid` already.
const SCOPES = [
  ...["openid", "profile", "https://id.oidc.se/scope/naturalPersonInfo"],
  ...["naturalPersonNumber", "naturalPersonOrgId"].map((s) => `https://id.oidc.se/scope/${s}`),
];

function configuration(clients: RelyingParty[], secrets: Secrets): Record<string, unknown> {
  return {
    clients: clients.map((client) => ({
      ...client,
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_basic",
      id_token_signed_response_alg: "ES256",
    })),
    jwks: { keys: [secrets.signing] },
    enabledJWA: { idTokenSigningAlgValues: ["ES256"] },
    responseTypes: ["code"],
    clientAuthMethods: ["client_secret_basic"],
    pkce: { required: () => true },
    scopes: SCOPES,
    acrValues: [...new Set(personas.map((persona) => persona.acr))],
    claims: { openid: CLAIM_NAMES },
    conformIdTokenClaims: false,
    findAccount: (_context: unknown, id: string) => {
      const persona = findPersona(id);
      return persona && { accountId: id, claims: () => claimsOf(persona) };
    },
    interactions: { url: (_context: unknown, { uid }: Interaction) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
    },
    clientBasedCORS: () => false,
    cookies: { keys: [secrets.cookie], names: COOKIES },
    ttl: {
      AccessToken: 300,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 300,
      Interaction: 600,
      Session: 600,
    },
    renderError: (context: { type: string; body: string }, out: Record<string, string>) => {
      context.type = "html";
      context.body = errorPage("Det gick inte", `${out["error"]}: ${out["error_description"] ?? ""}`);
    },
  };
}

function newProvider(issuer: string, clients: RelyingParty[], secrets: Secrets): Provider {
  const provider = new Provider(issuer, configuration(clients, secrets));
  // The library knows "any port" for clients of native apps only, and those may have no https page on a
  // loopback address. Ours have both kinds: the command line's listener and the board's pages.
  provider.Client.prototype.redirectUriAllowed = function (uri) {
    return isRedirectAllowed(this.redirectUris, uri);
  };
  provider.on("server_error", (_context, error) => {
    console.error(`event=server_error what=${error instanceof Error ? error.message : "unknown"}`);
  });
  return provider;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > FORM_BYTES_MAX) throw new Error("the form is too long");
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}

function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    // No form-action: browsers apply it to the redirect that follows, which goes to the relying party.
    "Content-Security-Policy":
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  });
  response.end(html);
}

/** One step of a login at our own pages: what is shown, and what is done with what was sent. */
class Dialogue {
  #provider: Provider;
  #request: IncomingMessage;
  #response: ServerResponse;

  constructor(provider: Provider, request: IncomingMessage, response: ServerResponse) {
    this.#provider = provider;
    this.#request = request;
    this.#response = response;
  }

  async step(uid: string, verb: string | undefined): Promise<void> {
    const interaction = await this.#provider.interactionDetails(this.#request, this.#response);
    if (interaction.uid !== uid) throw new Error("this login belongs to another window");
    if (this.#request.method === "GET" && verb === undefined) return this.#show(interaction);
    if (this.#request.method !== "POST") return sendPage(this.#response, 405, errorPage("Fel", "405"));
    const form = await readForm(this.#request);
    switch (verb) {
      case "login":
        return this.#login(interaction, form.get("login")?.trim() ?? "");
      case "confirm":
        return this.#confirm(interaction);
      default:
        return this.#finish({ error: "access_denied", error_description: "the person aborted" });
    }
  }

  #show(interaction: Interaction, status = 200, unknown?: string): void {
    const path = `/interaction/${interaction.uid}`;
    const place = { abort: `${path}/abort`, client: String(interaction.params["client_id"]) };
    const persona = findPersona(interaction.session?.accountId ?? "");
    if (interaction.prompt.name === "consent" && persona) {
      const html = confirmPage({ ...place, action: `${path}/confirm`, persona });
      return sendPage(this.#response, status, html);
    }
    const more = unknown === undefined ? {} : { unknown };
    sendPage(this.#response, status, loginPage({ ...place, action: `${path}/login`, ...more }));
  }

  async #login(interaction: Interaction, id: string): Promise<void> {
    const persona = findPersona(id);
    if (!persona) return this.#show(interaction, 400, id.slice(0, 80));
    await this.#finish({ login: { accountId: persona.id, acr: persona.acr } });
  }

  async #confirm(interaction: Interaction): Promise<void> {
    const accountId = interaction.session?.accountId;
    if (interaction.prompt.name !== "consent" || !accountId) {
      throw new Error("there is nothing to confirm");
    }
    const clientId = String(interaction.params["client_id"]);
    const grant = new this.#provider.Grant({ accountId, clientId });
    const { missingOIDCScope, missingOIDCClaims } = interaction.prompt.details;
    if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(" "));
    if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims);
    await this.#finish({ consent: { grantId: await grant.save() } }, true);
  }

  #finish(result: Parameters<Provider["interactionFinished"]>[2], merge = false): Promise<void> {
    return this.#provider.interactionFinished(this.#request, this.#response, result, {
      mergeWithLastSubmission: merge,
    });
  }
}

/**
 * An e-ID remembers nobody: an authorization request begins without the session of an earlier one,
 * here and in the browser.
 */
function forgetSession(request: IncomingMessage, response: ServerResponse): void {
  const kept = request.headers.cookie
    ?.split(/;\s*/)
    .filter((cookie) => !cookie.startsWith(COOKIES.session));
  if (kept?.length) request.headers.cookie = kept.join("; ");
  else delete request.headers.cookie;
  // What the library sets in the same answer is appended, and holds.
  const names = [COOKIES.session, `${COOKIES.session}.sig`];
  const gone = "path=/; max-age=0; expires=Thu, 01 Jan 1970 00:00:00 GMT; httponly; samesite=lax";
  response.setHeader("Set-Cookie", names.map((name) => `${name}=; ${gone}`));
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function newHandler(provider: Provider): Handler {
  const protocol = provider.callback();
  return async (request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0]!;
    const [, uid, verb] = INTERACTION_PATH.exec(path) ?? [];
    if (uid === undefined) {
      if (path === "/auth") forgetSession(request, response);
      return protocol(request, response);
    }
    try {
      await new Dialogue(provider, request, response).step(uid, verb);
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      const detail = error instanceof Error ? error.message : "okänt fel";
      sendPage(response, 400, errorPage("Det gick inte", detail));
    }
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, ADDRESS, () => resolve((server.address() as AddressInfo).port));
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      state: { type: "string" },
      clients: { type: "string" },
      "tls-cert": { type: "string" },
      "tls-key": { type: "string" },
    },
  });
  const { port, state, clients, "tls-cert": cert, "tls-key": key } = values;
  if (!port || !state || !clients || !cert !== !key) {
    throw new Error("usage: --port P --state DIR --clients FILE [--tls-cert F --tls-key F]");
  }
  const known = readClients(clients);
  const secrets = openSecrets(state);

  // With --port 0 the issuer is known only once the port is; nobody can have been told of it before.
  let handler: Handler | undefined;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (handler) void handler(request, response).catch(() => response.destroy());
    else response.destroy();
  };
  const server =
    cert && key
      ? createHttpsServer({ cert: readFileSync(cert), key: readFileSync(key) }, answer)
      : createHttpServer(answer);
  const issuer = `${cert ? "https" : "http"}://${ADDRESS}:${await listen(server, Number(port))}`;
  handler = newHandler(newProvider(issuer, known, secrets));
  console.log(`ready ${issuer}`);

  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

await main().catch((error: unknown) => {
  console.error(`provider: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
