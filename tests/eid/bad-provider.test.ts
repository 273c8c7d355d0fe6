// Each fault of the bad provider really is one, and is the only one: otherwise a test against it would prove nothing.
import assert from "node:assert/strict";
import { createHmac, createPublicKey, verify } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { walk } from "../../demo/eid/walk.ts";
import { Program } from "../../demo/process.ts";
import { makeAuthority, type Authority } from "./authority.ts";
import { FAULTS, type FaultName } from "./faults.ts";
import { Listener, RelyingParty, type Attempt, type Claims } from "./relying-party.ts";

const folder = mkdtempSync(join(tmpdir(), "enrum-bad-"));
const PERSONAL_NUMBER = "https://id.oidc.se/claim/personalIdentityNumber";
const LOA = "http://id.elegnamnden.se/loa/1.0";

let authority: Authority;
let provider: Program;
let party: RelyingParty;
let listener: Listener;

before(async () => {
  authority = makeAuthority(folder);
  const script = new URL("bad-provider.ts", import.meta.url).pathname;
  provider = await Program.start({
    name: "bad provider",
    command: [
      ...[process.execPath, script, "--port", "0"],
      ...["--tls-cert", authority.cert, "--tls-key", authority.key],
    ],
    log: join(folder, "bad-provider.log"),
    ready: /^ready /,
  });
  party = await RelyingParty.discover(provider.readyLine.slice("ready ".length), authority.ca);
  listener = await Listener.open();
});

after(async () => {
  listener?.close();
  await provider?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function redeem(attempt: Attempt): Promise<string> {
  const walked = await walk(attempt.url, "test.testsson", { ca: authority.ca });
  const sent = new URL(walked.url).searchParams;
  assert.equal(sent.get("state"), attempt.state);
  const answer = await party.redeem(attempt, sent.get("code") ?? "");
  assert.equal(answer.status, 200, answer.text);
  return (JSON.parse(answer.text) as { id_token: string }).id_token;
}

async function tokenWith(fault: FaultName): Promise<{ attempt: Attempt; token: string }> {
  const attempt = party.attempt(listener.redirectUri, { fault, login_hint: "test.testdotter" });
  return { attempt, token: await redeem(attempt) };
}

const headOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[0]!, "base64url").toString()) as { alg: string; kid?: string };
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as Claims;

/** What a careful relying party says of a token; and what only its policy can say. */
const EXPECTED: Record<FaultName, RegExp | ((claims: Claims) => void)> = {
  none: (claims) => assert.equal(claims["acr"], `${LOA}/loa4`),
  wrong_nonce: /^nonce$/,
  wrong_audience: /^audience$/,
  wrong_issuer: /^issuer$/,
  alg_none: /^algorithm none$/,
  alg_hs256: /^algorithm HS256$/,
  rs256_when_es256_pinned: /^algorithm RS256$/,
  wrong_signature: /^signature$/,
  unknown_kid: /^unknown key$/,
  expired: /^expired$/,
  issued_in_future: /^from the future$/,
  level_too_low: (claims) => assert.equal(claims["acr"], `${LOA}/loa2`),
  no_acr: (claims) => assert.equal(claims["acr"], undefined),
  no_personal_number: (claims) => assert.equal(claims[PERSONAL_NUMBER], undefined),
};

for (const fault of Object.keys(FAULTS) as FaultName[]) {
  test(`${fault} is what is wrong, if anything`, async () => {
    const { attempt, token } = await tokenWith(fault);
    const expected = EXPECTED[fault];
    const checked = party.check(token, attempt.nonce);
    if (expected instanceof RegExp) await assert.rejects(checked, { message: expected });
    else expected(await checked);
  });
}

test("claims differ from the right ones only where the fault is", async () => {
  const fleeting = ["iat", "exp", "auth_time", "nonce"];
  const lasting = (claims: Claims) =>
    Object.fromEntries(Object.entries(claims).filter(([name]) => !fleeting.includes(name)));
  const right = lasting(claimsOf((await tokenWith("none")).token));
  assert.equal(right["sub"], "test.testdotter");
  assert.equal(right[PERSONAL_NUMBER], "198505069883");
  const untouched: FaultName[] = ["alg_none", "alg_hs256", "wrong_signature", "expired", "unknown_kid"];
  for (const fault of untouched) {
    assert.deepEqual(lasting(claimsOf((await tokenWith(fault)).token)), right, fault);
  }
});

test("the forgeries would deceive a careless party", async () => {
  const keys = await party.keys();
  const parts = (token: string) => {
    const [head, body, signature] = token.split(".");
    return { input: `${head}.${body}`, signature: Buffer.from(signature!, "base64url") };
  };
  const symmetric = parts((await tokenWith("alg_hs256")).token);
  const published = createPublicKey({ key: keys.find((k) => k.kid === "signing")!, format: "jwk" });
  const pem = published.export({ type: "spki", format: "pem" });
  assert.deepEqual(createHmac("sha256", pem).update(symmetric.input).digest(), symmetric.signature);

  const { token } = await tokenWith("rs256_when_es256_pinned");
  const rsa = createPublicKey({ key: keys.find((k) => k.kid === headOf(token).kid)!, format: "jwk" });
  const { input, signature } = parts(token);
  assert.ok(verify("sha256", Buffer.from(input), rsa, signature), "rightly signed, by a published key");

  assert.equal(parts((await tokenWith("alg_none")).token).signature.length, 0);
  assert.ok(keys.every((key) => key.kid !== "stranger"));
});

test("the fault can stand in login_hint or state, for clients that make the address themselves", async () => {
  const hinted = party.attempt(listener.redirectUri, { login_hint: "test.testsson~no_acr" });
  assert.equal(claimsOf(await redeem(hinted))["acr"], undefined);
  const state = "abc~level_too_low";
  const stated = { ...party.attempt(listener.redirectUri, { state }), state };
  assert.equal(claimsOf(await redeem(stated))["acr"], `${LOA}/loa2`);
});

test("PKCE and the code's single use hold here too", async () => {
  const attempt = party.attempt(listener.redirectUri);
  const walked = await walk(attempt.url, "test.testsson", { ca: authority.ca });
  const code = new URL(walked.url).searchParams.get("code") ?? "";
  const wrong = await party.redeem({ ...attempt, verifier: "x".repeat(43) }, code);
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, /wrong code_verifier/);
  assert.match((await party.redeem(attempt, code)).text, /unknown code/);
});

test("an unknown fault or persona is refused", async () => {
  const odd = party.attempt(listener.redirectUri, { fault: "no_such_fault" });
  await assert.rejects(walk(odd.url, "test.testsson", { ca: authority.ca }), /no_such_fault/);
  const nobody = party.attempt(listener.redirectUri, { login_hint: "finns.inte" });
  await assert.rejects(walk(nobody.url, "test.testsson", { ca: authority.ca }), /finns\.inte/);
});
