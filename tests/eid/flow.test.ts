// Whole logins at the demonstration e-ID, over TLS, by the pages that a person would see.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { request } from "../../demo/eid/request.ts";
import { CookieJar, walk } from "../../demo/eid/walk.ts";
import { Program, run } from "../../demo/process.ts";
import { makeAuthority, type Authority } from "./authority.ts";
import { CLIENT, Listener, RelyingParty, type Attempt } from "./relying-party.ts";

const here = (name: string) => new URL(`../../demo/eid/${name}`, import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "enrum-eid-"));
const PERSONAL_NUMBER = "https://id.oidc.se/claim/personalIdentityNumber";

let authority: Authority;
let provider: Program;
let party: RelyingParty;
let listener: Listener;

function start(port: string, isTls = true): Promise<Program> {
  return Program.start({
    name: "e-ID",
    command: [
      ...[process.execPath, here("provider.ts"), "--port", port, "--state", join(folder, "state")],
      ...["--clients", join(folder, "clients.json")],
      ...(isTls ? ["--tls-cert", authority.cert, "--tls-key", authority.key] : []),
    ],
    log: join(folder, "provider.log"),
    ready: /^ready /,
  });
}

const issuerOf = (program: Program) => program.readyLine.slice("ready ".length);

before(async () => {
  authority = makeAuthority(folder);
  writeFileSync(join(folder, "clients.json"), JSON.stringify([CLIENT]), { mode: 0o600 });
  provider = await start("0");
  party = await RelyingParty.discover(issuerOf(provider), authority.ca);
  listener = await Listener.open();
});

after(async () => {
  listener?.close();
  await provider?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Logs in as the persona; the parameters that came to the redirect address. */
async function login(attempt: Attempt, persona = "test.testsson"): Promise<URLSearchParams> {
  const walked = await walk(attempt.url, persona, { ca: authority.ca });
  return new URL(walked.url).searchParams;
}

async function codeOf(attempt: Attempt, persona?: string): Promise<string> {
  const code = (await login(attempt, persona)).get("code");
  assert.ok(code, "a code came");
  return code;
}

async function tokenOf(attempt: Attempt, persona?: string): Promise<string> {
  const answer = await party.redeem(attempt, await codeOf(attempt, persona));
  assert.equal(answer.status, 200, answer.text);
  return (JSON.parse(answer.text) as { id_token: string }).id_token;
}

function refused(answer: { status: number; text: string }, status: number, error: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal((JSON.parse(answer.text) as { error: string }).error, error);
}

test("a citizen's token is signed, has the nonce, and says who, how sure, and when", async () => {
  const attempt = party.attempt(listener.redirectUri);
  const began = Math.floor(Date.now() / 1000);
  const claims = await party.check(await tokenOf(attempt), attempt.nonce);
  assert.equal(claims.sub, "test.testsson");
  assert.equal(claims["acr"], "http://id.elegnamnden.se/loa/1.0/loa3");
  assert.equal(claims["name"], "Test Testsson");
  assert.equal(claims["given_name"], "Test");
  assert.equal(claims["family_name"], "Testsson");
  assert.equal(claims["birthdate"], "1990-01-15");
  assert.equal(claims[PERSONAL_NUMBER], "199001152397");
  assert.equal(claims["https://id.oidc.se/claim/orgAffiliation"], undefined);
  const when = Number(claims["auth_time"]);
  assert.ok(when >= began - 1 && when <= Date.now() / 1000 + 1, `auth_time ${when}`);
});

test("an employee's token names the organisation and no personal number", async () => {
  const attempt = party.attempt(listener.redirectUri);
  const claims = await party.check(await tokenOf(attempt, "bjuv.handlaggare"), attempt.nonce);
  assert.equal(claims.sub, "bjuv.handlaggare");
  assert.equal(claims["acr"], "http://id.swedenconnect.se/loa/1.0/uncertified-loa3");
  assert.match(String(claims["https://id.oidc.se/claim/orgAffiliation"]), /^bjuv\.handlaggare@\d{10}$/);
  assert.equal(claims[PERSONAL_NUMBER], undefined);
});

test("the scope openid alone brings all claims", async () => {
  const attempt = party.attempt(listener.redirectUri, { scope: "openid" });
  const claims = await party.check(await tokenOf(attempt), attempt.nonce);
  assert.equal(claims["name"], "Test Testsson");
  assert.equal(claims[PERSONAL_NUMBER], "199001152397");
});

test("the answer comes to the listener with state and issuer", async () => {
  const attempt = party.attempt(listener.redirectUri);
  const sent = await login(attempt);
  assert.equal(sent.get("state"), attempt.state);
  assert.equal(sent.get("iss"), party.issuer);
  assert.equal(listener.heard.at(-1)?.searchParams.get("state"), attempt.state);
});

test("a fragment answer reaches an https page with nothing in the query", async () => {
  const attempt = party.attempt("https://board.example/login", { response_mode: "fragment" });
  const walked = await walk(attempt.url, "test.testsson", { ca: authority.ca });
  const url = new URL(walked.url);
  assert.equal(`${url.origin}${url.pathname}${url.search}`, "https://board.example/login");
  const sent = new URLSearchParams(url.hash.slice(1));
  assert.equal(sent.get("state"), attempt.state);
  const answer = await party.redeem(attempt, sent.get("code") ?? "");
  assert.equal(answer.status, 200, answer.text);
});

test("a wrong PKCE verifier is refused", async () => {
  const attempt = party.attempt(listener.redirectUri);
  const code = await codeOf(attempt);
  refused(await party.redeem({ ...attempt, verifier: "x".repeat(43) }, code), 400, "invalid_grant");
});

test("a code used twice is refused", async () => {
  const attempt = party.attempt(listener.redirectUri);
  const code = await codeOf(attempt);
  assert.equal((await party.redeem(attempt, code)).status, 200);
  refused(await party.redeem(attempt, code), 400, "invalid_grant");
});

test("a wrong client secret is refused, and the code stays good", async () => {
  const attempt = party.attempt(listener.redirectUri);
  const code = await codeOf(attempt);
  refused(await party.redeem(attempt, code, "wrong"), 401, "invalid_client");
  assert.equal((await party.redeem(attempt, code)).status, 200);
});

test("without PKCE, or with the plain method, there is no code", async () => {
  const without = { code_challenge: undefined, code_challenge_method: undefined };
  await assert.rejects(login(party.attempt(listener.redirectUri, without)), /invalid_request/);
  const plain = { code_challenge_method: "plain" };
  await assert.rejects(login(party.attempt(listener.redirectUri, plain)), /invalid_request/);
  assert.equal(listener.heard.at(-1)?.searchParams.get("code"), null);
});

test("an unknown persona is refused on the page, in words", async () => {
  const attempt = party.attempt(listener.redirectUri);
  const before = listener.heard.length;
  await assert.rejects(login(attempt, "finns.inte"), /400: Det finns ingen påhittad person .*finns\.inte/);
  assert.equal(listener.heard.length, before);
});

test("what is typed is shown as text, not as markup", async () => {
  const attempt = party.attempt(listener.redirectUri);
  await assert.rejects(login(attempt, "<b>x"), /inloggningsnamnet «<b>x»/);
});

test("an address that was not registered gets nothing", async () => {
  const wrong = [
    "http://127.0.0.1:9/other",
    "http://127.0.0.1:9/callback?more=1",
    "http://127.0.0.1.board.example/callback",
    "http://user@127.0.0.1:9/callback",
    "http://127.0.0.1:9/callback#",
    "http://127.0.0.1:9/callback#part",
    "http://localhost:9/callback",
    "https://127.0.0.1:9/callback",
    "https://board.example:444/login",
    "http://board.example/login",
  ];
  for (const redirectUri of wrong) {
    const url = new URL(party.attempt(redirectUri).url);
    const answer = await request(url, { ca: authority.ca });
    assert.equal(answer.status, 400, redirectUri);
    assert.equal(answer.headers.location, undefined, redirectUri);
  }
});

test("any port of a loopback address and https pages serve one and the same client", async () => {
  const anyPort = ["127.0.0.1:1", "127.0.0.1:65535", "[::1]", "[::1]:1"].map((h) => `http://${h}/callback`);
  const right = [...anyPort, ...CLIENT.redirect_uris];
  for (const redirectUri of right) {
    const answer = await request(new URL(party.attempt(redirectUri).url), { ca: authority.ca });
    assert.equal(answer.status, 303, redirectUri);
    assert.match(String(answer.headers.location), /\/interaction\//);
  }
});

test("the login page is Swedish, marked, and fetches nothing", async () => {
  const first = await request(new URL(party.attempt(listener.redirectUri).url), { ca: authority.ca });
  const cookie = (first.headers["set-cookie"] ?? []).map((c) => c.split(";")[0]).join("; ");
  const url = new URL(String(first.headers.location), party.issuer);
  const page = await request(url, { ca: authority.ca, headers: { Cookie: cookie } });
  assert.equal(page.status, 200);
  assert.match(page.text, /<html lang="sv">/);
  assert.match(page.text, /Demonstration, påhittade personer/);
  assert.match(page.text, /value="test\.testsson"/);
  assert.doesNotMatch(page.text, /\b(src|href)=|<script|url\(/);
  assert.match(String(page.headers["content-security-policy"]), /default-src 'none'/);
  const stranger = await request(url, { ca: authority.ca });
  assert.equal(stranger.status, 400, "the page is not for somebody without the cookie");
});

test("each login asks anew who it is, in the same browser too: an e-ID remembers nobody", async () => {
  const jar = new CookieJar();
  for (const persona of ["test.testdotter", "test.attiosson", "test.attiosson"]) {
    const attempt = party.attempt(listener.redirectUri);
    const walked = await walk(attempt.url, persona, { ca: authority.ca, jar });
    const code = new URL(walked.url).searchParams.get("code") ?? "";
    const { id_token } = JSON.parse((await party.redeem(attempt, code)).text) as { id_token: string };
    assert.equal((await party.check(id_token, attempt.nonce)).sub, persona);
  }
  // Somebody unknown is asked for, and so the login page must have come although the browser was here before.
  const again = walk(party.attempt(listener.redirectUri).url, "finns.inte", { ca: authority.ca, jar });
  await assert.rejects(again, /finns\.inte/);
});

test("the command walks, prints the page's text, and fails with a reason", async () => {
  const command = (persona: string) => {
    const { url } = party.attempt(listener.redirectUri);
    return run([process.execPath, here("walk.ts"), "--persona", persona, "--ca", authority.ca, url]);
  };
  const good = await command("test.femtonsson");
  assert.deepEqual([good.code, good.out], [0, "Tack Stäng fönstret.\n"], good.err);
  const bad = await command("finns.inte");
  assert.equal(bad.code, 1);
  assert.match(bad.err, /^walk: .*finns\.inte/);
});

test("without the authority the provider is not believed", async () => {
  await assert.rejects(walk(party.attempt(listener.redirectUri).url, "test.testsson"), /certificate|issuer/);
});

test("the signing key survives a restart, is private, and the end is orderly", async () => {
  const [key] = await party.keys();
  const port = new URL(party.issuer).port;
  const ended = await provider.stop("SIGINT");
  assert.deepEqual(ended, { code: 0, signal: null });
  provider = await start(port);
  assert.equal(issuerOf(provider), party.issuer);
  assert.deepEqual(await party.keys(), [key]);
  assert.equal(key?.["d"], undefined, "only the public half is published");
  assert.equal(statSync(join(folder, "state", "secrets.json")).mode & 0o777, 0o600);
  const attempt = party.attempt(listener.redirectUri);
  await party.check(await tokenOf(attempt), attempt.nonce);
});

test("on plain http, which is for loopback only, the same login holds", async () => {
  const plain = await start("0", false);
  try {
    const issuer = issuerOf(plain);
    assert.match(issuer, /^http:\/\/127\.0\.0\.1:\d+$/);
    const other = await RelyingParty.discover(issuer, authority.ca);
    const attempt = other.attempt(listener.redirectUri);
    const answer = await other.redeem(attempt, await codeOf(attempt));
    const { id_token } = JSON.parse(answer.text) as { id_token: string };
    assert.equal((await other.check(id_token, attempt.nonce)).iss, issuer);
  } finally {
    await plain.stop();
  }
});

test("it does not start with half a certificate, a port in use, or a client on plain http elsewhere", async () => {
  const bad = join(folder, "bad-clients.json");
  writeFileSync(bad, JSON.stringify([{ ...CLIENT, redirect_uris: ["http://board.example/login"] }]));
  const good = join(folder, "clients.json");
  const port = new URL(party.issuer).port;
  const starts: [string[], RegExp][] = [
    [["--port", "0", "--clients", good, "--tls-cert", authority.cert], /usage/],
    [["--port", "0", "--clients", bad], /board\.example.* neither https nor on this machine/],
    [["--port", port, "--clients", good], /EADDRINUSE/],
  ];
  for (const [args, reason] of starts) {
    const state = ["--state", join(folder, "state")];
    const ran = await run([process.execPath, here("provider.ts"), ...args, ...state], { patience: 15_000 });
    assert.equal(ran.code, 1);
    assert.match(ran.err, reason);
    assert.equal(ran.out, "");
  }
});

test("the log has neither codes nor tokens nor numbers", async () => {
  const attempt = party.attempt(listener.redirectUri);
  const code = await codeOf(attempt);
  const { id_token } = JSON.parse((await party.redeem(attempt, code)).text) as { id_token: string };
  const log = readFileSync(join(folder, "provider.log"), "utf8");
  for (const secret of [code, id_token, "199001152397", CLIENT.client_secret]) {
    assert.ok(!log.includes(secret));
  }
  assert.match(log, /^ready /m);
});
