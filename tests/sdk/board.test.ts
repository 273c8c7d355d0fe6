// board.json: what a client believes first.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { boardPinCheck, boardRead } from "../../client-sdk/web/sdk/board.ts";
import { suiteBase64url } from "../../client-sdk/web/protocol/suite.ts";
import { LIMITS } from "../../client-sdk/web/protocol/tables.ts";
import { errorOf } from "../interop/vectors.ts";
import { BoardMaker, signedLengthen } from "./board_maker.ts";

let maker: BoardMaker;

beforeEach(async () => {
  maker = await BoardMaker.make();
});

const readError = (text: string) => errorOf(() => boardRead(text));

function without(members: object, name: string): object {
  return Object.fromEntries(Object.entries(members).filter(([key]) => key !== name));
}

test("a board is read as it was written", async () => {
  assert.deepEqual(await boardRead(maker.text()), {
    id: maker.id, name: "Testnämnden", hostUrl: "ws://127.0.0.1:9/", hostKey: maker.host.publicKey, telephone: "08-000 00 00",
    colours: { primary: "#123456", onPrimary: "#FFFFFF" }, roots: [maker.root.publicKey], successors: [],
    providers: [{
      id: "test", name: "Test", issuer: "http://127.0.0.1:1", clientId: "c", authorizationEndpoint: "http://127.0.0.1:1/auth",
      scope: "openid", acrValues: "", roles: ["citizen", "staff"],
    }],
    offers: { advice: false, notices: false },
  });
});

test("what may be left out may be left out, and unknown members are ignored", async () => {
  const { version, name, board, root, host } = maker.json();
  const read = await boardRead(JSON.stringify({ version, name, board, root, host, motto: { "enskilt": [1, null, true] } }));
  assert.deepEqual([read.telephone, read.colours, read.providers, read.successors], ["", undefined, [], []]);
  const nulls = await boardRead(maker.text({ telephone: null, colours: null }));
  assert.deepEqual([nulls.telephone, nulls.colours], ["", undefined]);
});

test("what a board offers is known by name; a later version's is ignored, and what is no list is malformed", async () => {
  assert.deepEqual((await maker.board({ offers: ["notices", "tea", 7] })).offers, { advice: false, notices: true });
  assert.deepEqual((await maker.board({ offers: ["advice"] })).offers, { advice: true, notices: false });
  for (const offers of [null, "advice", { advice: true }, 1]) assert.equal(await readError(maker.text({ offers })), "MALFORMED");
});

test("a file cut anywhere is malformed", async () => {
  const text = maker.text();
  for (let length = 0; length < text.length; length++) assert.equal(await readError(text.slice(0, length)), "MALFORMED");
  assert.equal(await readError(`${text}{}`), "MALFORMED");
});

test("what is not an object is malformed", async () => {
  for (const text of ["[]", "1", "null", "\"board\"", `[${maker.text()}]`]) assert.equal(await readError(text), "MALFORMED");
});

test("each needed member must be there, and be of its type", async () => {
  const json = maker.json();
  for (const name of ["version", "name", "board", "root", "host"]) {
    assert.equal(await readError(JSON.stringify(without(json, name))), "MALFORMED", name);
    for (const value of [2, null, true, "x", [], {}]) {
      const isRight = name === "name" && value === "x";
      assert.equal(await readError(maker.text({ [name]: value })), isRight ? "OK" : "MALFORMED", name);
    }
  }
  for (const name of ["url", "key"]) {
    assert.equal(await readError(maker.text({ host: without(json.host as object, name) })), "MALFORMED", name);
    assert.equal(await readError(maker.text({ host: { ...json.host as object, [name]: 7 } })), "MALFORMED", name);
  }
});

test("a member that may be left out must be of its type when it is there", async () => {
  for (const changes of [
    { telephone: 112 }, { telephone: [] }, { providers: {} }, { providers: null }, { providers: [7] }, { successors: [7] },
    { colours: { primary: 7 } }, { successors: ["%%%"] }, { successors: [""] },
  ]) assert.equal(await readError(maker.text(changes)), "MALFORMED", JSON.stringify(changes));
});

test("each needed member of a provider must be there, and be of its type", async () => {
  const [provider] = maker.json().providers as [object];
  for (const name of ["id", "issuer", "client_id", "authorization_endpoint", "roles"]) {
    assert.equal(await readError(maker.text({ providers: [without(provider, name)] })), "MALFORMED", name);
    for (const value of [7, null, {}]) {
      assert.equal(await readError(maker.text({ providers: [{ ...provider, [name]: value }] })), "MALFORMED", name);
    }
  }
  for (const name of ["name", "scope", "acr_values"]) {
    assert.equal(await readError(maker.text({ providers: [without(provider, name)] })), "OK", name);
    assert.equal(await readError(maker.text({ providers: [{ ...provider, [name]: 7 }] })), "MALFORMED", name);
  }
});

test("roles that are not known are passed over, and each known one stands once", async () => {
  const [provider] = maker.json().providers as [object];
  const { providers } = await maker.board({ providers: [{ ...provider, roles: ["guest", "auditor", "staff", 7, "staff", "citizen"] }] });
  assert.deepEqual(providers[0]!.roles, ["citizen", "staff", "guest"]);
});

test("texts are as long as the C side has room for, counted in bytes", async () => {
  const [provider] = maker.json().providers as [object];
  const texts: [number, (text: string) => object][] = [
    [255, (name) => ({ name })], [63, (telephone) => ({ telephone })], [15, (primary) => ({ colours: { primary } })],
    [63, (id) => ({ providers: [{ ...provider, id }] })], [511, (acr) => ({ providers: [{ ...provider, acr_values: acr }] })],
    [255, (issuer) => ({ providers: [{ ...provider, issuer }] })],
  ];
  for (const [bytesMax, changes] of texts) {
    assert.equal(await readError(maker.text(changes("x".repeat(bytesMax)) as Record<string, unknown>)), "OK");
    assert.equal(await readError(maker.text(changes("x".repeat(bytesMax + 1)) as Record<string, unknown>)), "MALFORMED");
    assert.equal(await readError(maker.text(changes("å".repeat((bytesMax + 1) / 2)) as Record<string, unknown>)), "MALFORMED");
  }
  const provide = (count: number) => maker.text({ providers: Array.from({ length: count }, () => provider) });
  assert.deepEqual([await readError(provide(8)), await readError(provide(9))], ["OK", "MALFORMED"]);
});

test("the host is spoken to over TLS, but on this machine", async () => {
  const at = (url: string) => readError(maker.text({ host: { url, key: suiteBase64url(maker.host.publicKey) } }));
  for (const url of ["wss://host.invalid/", "ws://127.0.0.1:7000", "ws://[::1]:7000", "ws://localhost:7000", `wss://${"x".repeat(249)}`]) assert.equal(await at(url), "OK", url);
  for (const url of ["ws://host.invalid/", "https://host.invalid/", "ws://127.0.0.1.host.invalid/", "host", "", `wss://${"x".repeat(250)}`]) assert.equal(await at(url), "MALFORMED", url);
});

test("keys and ids are 32 bytes of base64url without padding", async () => {
  const key = suiteBase64url(maker.host.publicKey);
  for (const wrong of ["", key.slice(1), `${key}A`, `${key}=`, ` ${key}`, key.replace(/.$/, "!")]) {
    assert.equal(await readError(maker.text({ host: { url: "ws://127.0.0.1:9/", key: wrong } })), "MALFORMED", wrong);
    assert.equal(await readError(maker.text({ board: wrong })), "MALFORMED", wrong);
    assert.equal(await readError(maker.text({ root: wrong })), "MALFORMED", wrong);
  }
});

test("a colour that is none is left out", async () => {
  const on_primary = "#ffffff";
  for (const colours of [{ primary: "red;} a{", on_primary }, { primary: "#12345", on_primary }, { on_primary }, {}, [], 7]) {
    assert.equal((await maker.board({ colours })).colours, undefined);
  }
});

// -- Stricter than JSON.parse ---------------------------------------------------------------------------------------

test("a member that stands twice is malformed, at any depth and however it is spelt", async () => {
  const text = maker.text();
  for (const [from, to] of [
    ["\"version\": 1", "\"version\": 1, \"version\": 1"],
    ["\"version\": 1", "\"version\": 1, \"\\u0076ersion\": 1"],
    ["\"url\":", "\"url\": \"ws://127.0.0.1:8/\", \"url\":"],
    ["\"scope\":", "\"scope\": \"\", \"scope\":"],
    ["\"version\": 1", "\"version\": 1, \"x\": [[{\"a\": 1, \"b\": {\"a\": 1}, \"a\": 2}]]"],
    ["\"version\": 1", "\"version\": 1, \"__proto__\": 1, \"__proto__\": 1"],
    ["\"version\": 1", "\"version\": 1, \"a\\\"b\": 1, \"a\\\"b\": 1"],
  ] as const) {
    assert.ok(text.includes(from));
    assert.equal(await readError(text.replace(from, () => to)), "MALFORMED", to);
  }
});

test("the same name in other objects, or as a value, is not twice", async () => {
  const odd = ["version", "a\"b: {", "\\", "{\"a\": 1, \"a\": 1}", "", { a: { a: [{ a: "a" }, { a: "a" }] } }];
  assert.equal(await readError(maker.text({ odd })), "OK");
});

test("zero characters, half characters and numbers without end are malformed, also in what is ignored", async () => {
  const text = maker.text();
  for (const odd of ["\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "1e999", "[-1e999]", "{\"a\\u0000\": 1}"]) {
    assert.equal(await readError(text.replace("{", () => `{"odd": ${odd},`)), "MALFORMED", odd);
  }
  assert.equal(await readError(text.replace("{", "{\"odd\": \"\\ud83d\\ude00 \\u0001\",")), "OK");
});

test("what a member of the prototype is called is no member", async () => {
  const json = without(maker.json(), "name");
  const text = JSON.stringify(json).replace("{", "{\"__proto__\": {\"name\": \"Testnämnden\"},");
  assert.equal(await readError(text), "MALFORMED");
});

// -- Roots ----------------------------------------------------------------------------------------------------------

test("a root that is not the id's is malformed", async () => {
  assert.equal(await readError(maker.text({ root: suiteBase64url(maker.host.publicKey) })), "MALFORMED");
});

test("successors are followed", async () => {
  const pinned = await maker.board();
  const first = maker.root.publicKey;
  await maker.rootChange();
  const second = maker.root.publicKey;
  await maker.rootChange();
  const read = await maker.board();
  assert.deepEqual(read.roots, [first, second, maker.root.publicKey]);
  assert.deepEqual(read.successors.map(suiteBase64url), maker.json().successors);
  boardPinCheck(pinned, read);
});

test("a successor that the old root has not signed is refused", async () => {
  await maker.rootChange({ signer: maker.host });
  assert.equal(await readError(maker.text()), "SIGNATURE_WRONG");
});

test("a successor of another board, or of another root than the one at hand, is refused", async () => {
  const { root } = maker;
  await maker.rootChange({ board: maker.citizen.certificate.hash });
  assert.equal(await readError(maker.text()), "SIGNATURE_WRONG");
  maker = await BoardMaker.make();
  await maker.rootChange();
  await maker.rootChange({ oldKey: root.publicKey });
  assert.equal(await readError(maker.text()), "SIGNATURE_WRONG");
});

test("successors left out, in another order or cut, or a root that is not the last of them, are refused", async () => {
  const first = maker.root.publicKey;
  await maker.rootChange();
  const second = maker.root.publicKey;
  await maker.rootChange();
  const [one, two] = maker.json().successors as [string, string];
  const refusals: [Record<string, unknown>, string][] = [
    [{ successors: [one] }, "MALFORMED"], [{ successors: [two] }, "MALFORMED"], [{ successors: [two, one] }, "MALFORMED"],
    [{ successors: [one, two, two] }, "SIGNATURE_WRONG"], [{ successors: {} }, "MALFORMED"], [{ successors: [one, 7] }, "MALFORMED"],
    [{ root: suiteBase64url(second) }, "MALFORMED"], [{ root: suiteBase64url(first), successors: [one, two] }, "MALFORMED"],
  ];
  for (const [changes, code] of refusals) assert.equal(await readError(maker.text(changes)), code, JSON.stringify(changes));
  for (let length = 0; length < one.length; length++) {
    assert.equal(await readError(maker.text({ successors: [one.slice(0, length), two] })), "MALFORMED");
  }
});

test("a successor is not longer than its limit, also with elements of a later version", async () => {
  await maker.rootChange();
  const [successor] = (await maker.board()).successors;
  const lengthened = (length: number) => maker.text({ successors: [suiteBase64url(signedLengthen(successor!, length))] });
  assert.deepEqual([await readError(lengthened(383)), await readError(lengthened(384))], ["OK", "MALFORMED"]);
});

test("so many successors are followed, and no more", async () => {
  for (let count = 0; count < LIMITS.SUCCESSORS_MAX; count++) await maker.rootChange();
  assert.equal((await maker.board()).roots.length, LIMITS.SUCCESSORS_MAX + 1);
  await maker.rootChange();
  assert.equal(await readError(maker.text()), "MALFORMED");
});

// -- Pinning --------------------------------------------------------------------------------------------------------

test("the pinned board, and the same with other names and another host, are gone on with", async () => {
  const pinned = await maker.board();
  boardPinCheck(pinned, await maker.board());
  const host = { url: "wss://enrum.example/", key: suiteBase64url(maker.keeper.sign.publicKey) };
  boardPinCheck(pinned, await maker.board({ name: "Nämnden", host, providers: [], telephone: "" }));
});

test("a pinned root is not given up for another board", async () => {
  const [pinned, other] = [await maker.board(), await (await BoardMaker.make()).board()];
  assert.equal(await errorOf(() => boardPinCheck(pinned, other)), "ROOT_CHANGED");
});

test("a board that has made the pinned root its own is another board", async () => {
  const pinned = await maker.board();
  const other = await BoardMaker.make();
  await other.rootChange({ next: maker.root });
  const given = await other.board();
  assert.deepEqual(given.roots.at(-1), pinned.roots.at(-1));
  assert.equal(await errorOf(() => boardPinCheck(pinned, given)), "ROOT_CHANGED");
});

test("an older root than the pinned is refused", async () => {
  const old = await maker.board();
  await maker.rootChange();
  assert.equal(await errorOf(async () => boardPinCheck(await maker.board(), old)), "ROOT_CHANGED");
});

test("another successor of the first root than the pinned one is refused", async () => {
  const first = maker.root;
  await maker.rootChange();
  const pinned = await maker.board();
  const [taken] = maker.json().successors as [string];
  maker.root = first;
  await maker.rootChange();
  const successors = (maker.json().successors as string[]).filter((text) => text !== taken);
  assert.equal(await errorOf(async () => boardPinCheck(pinned, await maker.board({ successors }))), "ROOT_CHANGED");
});
