// The elements as a package: packed, installed into somebody's project, imported and compiled there. And the forms of the messages that
// element and frame take from each other, which the package's README lists.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { beginOf, fromFrameOf, isHello, styleOf, toFrameOf } from "../../client-sdk/web/embed/messages.ts";
import { isLegible } from "../../client-sdk/web/pages/legible.ts";
import { run } from "../../demo/process.ts";

const root = new URL("../..", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "enrum-package-"));
const project = join(folder, "project");
const npm = ["npm"];

after(() => rmSync(folder, { recursive: true, force: true }));

async function must(...words: string[]): Promise<string> {
  const ran = await run(words);
  assert.equal(ran.code, 0, `${words.join(" ")}: ${ran.out}${ran.err}`);
  return ran.out;
}

const CONSUMER = `import { EnrumConversation, EnrumJournal, type EnrumState } from "@enrum/embed";
const made: EnrumConversation = document.createElement("enrum-conversation");
const journal: EnrumJournal | null = document.querySelector("enrum-journal");
made.addEventListener("enrum-unread", ({ detail }) => { const count: number = detail.count; void count; });
made.addEventListener("enrum-leave", ({ detail: { url } }) => url.length);
const state: EnrumState = made.state;
if (state.login === "needed" && state.contact !== "offline") { made.leave(); journal?.restyle(); }
export const unread: number = made.unread;
`;

test("the package is packed with what it needs and nothing else, and is installed without a network", async () => {
  const packed = JSON.parse(await must(...npm, "pack", join(root, "build/embed"), "--json", "--pack-destination", folder)) as { filename: string; files: { path: string }[] }[];
  assert.deepEqual(packed[0]?.files.map(({ path }) => path).sort(), ["LICENSE", "README.md", "index.d.ts", "index.js", "package.json"]);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  await must(...npm, "install", join(folder, packed[0]?.filename ?? ""), "--prefix", project, "--offline", "--ignore-scripts", "--no-audit", "--no-fund");
  const { version, dependencies } = JSON.parse(readFileSync(join(project, "node_modules/@enrum/embed/package.json"), "utf8")) as { version: string; dependencies?: object };
  assert.equal(version, (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version);
  assert.equal(dependencies, undefined);
});

test("a program in TypeScript that uses it compiles as strictly as it can, and one that uses it wrongly does not", async () => {
  writeFileSync(join(project, "page.ts"), CONSUMER);
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({
    compilerOptions: { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, target: "es2022", lib: ["es2022", "dom"], module: "nodenext", moduleResolution: "nodenext", types: [], noEmit: true, skipLibCheck: false },
    files: ["page.ts"],
  }));
  const tsc = [process.execPath, join(root, "node_modules/typescript/bin/tsc"), "--project", project];
  await must(...tsc);
  writeFileSync(join(project, "page.ts"), CONSUMER.replace('"needed"', '"perhaps"'));
  assert.notEqual((await run(tsc)).code, 0);
});

test("it is imported where there is no document, and defines nothing there", async () => {
  const words = "const { EnrumConversation } = await import('@enrum/embed'); console.log(typeof EnrumConversation, typeof customElements)";
  writeFileSync(join(project, "server.js"), words);
  assert.equal((await must(process.execPath, join(project, "server.js"))).trim(), "function undefined");
});

const ROOM = "0a".repeat(32);
const SETTINGS = { page: "conversation", room: ROOM, language: "sv", isFitting: false, style: {} };

test("of messages only those of the right form are taken, and nothing of them but what is listed", () => {
  assert.ok(isHello({ enrum: 1, type: "hello" }));
  for (const wrong of [null, undefined, 1, "hello", {}, { enrum: 2, type: "hello" }, { type: "hello" }]) assert.ok(!isHello(wrong));
  const begin = { enrum: 1, type: "begin", settings: SETTINGS };
  assert.deepEqual(beginOf({ ...begin, settings: { ...SETTINGS, more: "x" }, more: "x" }), { ...begin, isReturn: false });
  for (const [given, taken] of [[true, true], [false, false], [1, false], ["yes", false]]) assert.equal(beginOf({ ...begin, isReturn: given })?.isReturn, taken);
  const wrongSettings = [{ page: "staff" }, { room: "../x" }, { room: ROOM.slice(1) }, { room: ROOM.toUpperCase() }, { room: 7 }, { language: "sv-SE" }, { language: "<b>" }, { language: undefined }];
  for (const wrong of wrongSettings) assert.equal(beginOf({ enrum: 1, type: "begin", settings: { ...SETTINGS, ...wrong } }), undefined, JSON.stringify(wrong));
  assert.equal(beginOf({ enrum: 2, type: "begin", settings: SETTINGS }), undefined);
  assert.deepEqual(toFrameOf({ type: "leave", url: "https://x.example/" }), { type: "leave" });
  for (const wrong of [undefined, {}, { type: "settings" }, { type: "begin", settings: SETTINGS }, { type: "content" }]) assert.equal(toFrameOf(wrong), undefined);
  assert.deepEqual(fromFrameOf({ type: "unread", count: 3, text: "x" }), { type: "unread", count: 3 });
  for (const type of ["neutral", "leave"]) {
    assert.deepEqual(fromFrameOf({ type, url: "https://www.smhi.se/", more: "x" }), { type, url: "https://www.smhi.se/" });
    for (const url of ["javascript:alert(1)", "data:text/html,x", undefined]) assert.equal(fromFrameOf({ type, url }), undefined);
  }
  const wrong = [
    { type: "unread", count: -1 }, { type: "unread", count: 0.5 },
    { type: "height", pixels: 1e9 }, { type: "height", pixels: "1px;x" }, { type: "state", login: "yes", contact: "ready" }, { type: "state", login: "in" }, { type: "text", text: "x" },
  ];
  for (const message of wrong) assert.equal(fromFrameOf(message), undefined, JSON.stringify(message));
});

test("of a look only what has the right form is taken, and only what can be read", () => {
  assert.deepEqual(styleOf({ primary: "#1f5a3d", onPrimary: "#ffffff", ground: "#eef2f5", radius: 6, width: 1 }), { primary: "#1f5a3d", onPrimary: "#ffffff", ground: "#eef2f5", radius: 6 });
  for (const wrong of [{ primary: "#1f5a3d" }, { primary: "red", onPrimary: "#ffffff" }, { ground: "url(//x)" }, { ground: "#fff" }, { radius: 33 }, { radius: -1 }, { radius: "1px" }, null, "x"]) {
    assert.deepEqual(styleOf(wrong), {}, JSON.stringify(wrong));
  }
  assert.ok(isLegible("#ffffff", "#767676") && isLegible("#767676", "#ffffff"));
  assert.ok(!isLegible("#ffffff", "#777777") && !isLegible("#000000", "#000000"));
});

test("the README lists every message, attribute, event and custom property", () => {
  const readme = readFileSync(join(root, "client-sdk/web/embed/README.md"), "utf8");
  const sources = ["index.ts", "messages.ts"].map((name) => readFileSync(join(root, "client-sdk/web/embed", name), "utf8")).join("\n");
  const named = [
    ...[...sources.matchAll(/\btype: "(\w+)"/g)], ...[...sources.matchAll(/"(enrum-(?:state|unread|leave))"/g)], ...[...sources.matchAll(/(--enrum-[a-z-]+)/g)],
    ...[.../observedAttributes.*= \[([^\]]+)\]/.exec(sources)![1]!.matchAll(/"(\w+)"/g)],
  ].map((found) => found[1]!);
  assert.ok(new Set(named).size >= 17, `${new Set(named).size}`);
  for (const name of new Set(named)) assert.ok(readme.includes(`\`${name}\``) || readme.includes(`\`${name}`), name);
});
